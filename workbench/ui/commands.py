"""What each action does, and when it cannot: the window's actions bound to the session and the view."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMenu

from workbench.kernels.differences import Difference
from workbench.kernels.errors import WorkbenchError
from workbench.kernels.patterns import all_charts
from workbench.model import colormaps, edits, lessons, panels, samples
from workbench.model.display import Range
from workbench.model.document import ORIGINAL, SOURCE
from workbench.model.group_range import fitted_range, shows_differences
from workbench.model.images import save_image
from workbench.model.results import Ready
from workbench.ui.documents import Documents
from workbench.ui.main_window import MainWindow
from workbench.ui.settings import Settings

BOTTOM_DOCKS = ("provenance", "metrics")
_LAYOUTS = ("grid", "row", "pairs", "single")
NO_IMAGE = "there is no image yet"
NO_SLOT = "no method is selected"


class Commands(QObject):
    """Binds every action of the table."""

    def __init__(self, window: MainWindow, documents: Documents, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._context = window.context
        self._documents = documents
        self._settings = settings
        self._before_alone = "grid"
        self._bind_documents()
        self._bind_view()
        self._bind_methods()
        window.fill_menus(self._fill)

    # -- reasons why not

    def _no_image(self) -> str | None:
        return NO_IMAGE if self._context.session.value.source is None else None

    def _no_slot(self) -> str | None:
        return None if self._selected() else NO_SLOT

    def _selected(self) -> str | None:
        id = self._context.view.value.selected
        return id if self._context.session.value.slot(id) else None

    # -- documents

    def _bind_documents(self) -> None:
        bind, documents, session = self._window.action_set.bind, self._documents, self._context.session
        bind("open", documents.ask_open)
        bind("paste", documents.paste, documents.paste_reason)
        bind("reload", documents.reload, lambda: None if documents.reload_path() else "the source is no file")
        bind("new", documents.new)
        bind("save", documents.save)
        bind("save_as", documents.save_as)
        bind("export_figure", self._export, self._no_image)
        bind("save_output", self._save_output, lambda: self._no_image() or self._no_slot())
        bind("quit", self._window.close)
        bind("undo", session.undo, lambda: None if session.undo_label else "nothing to undo")
        bind("redo", session.redo, lambda: None if session.redo_label else "nothing to redo")
        bind("copy_readout", self._window.card.copy, self._no_image)
        bind("copy_view", self._copy_view, self._no_image)
        bind("palette", self._palette)
        bind("about", self._about)

    def _export(self) -> None:
        from workbench.ui.dialogs.export import ExportDialog

        ExportDialog(self._context, self._window).exec()

    def _save_output(self) -> None:
        id = self._selected()
        ready = self._context.results.get(id) if id else None
        if not isinstance(ready, Ready) or ready.whole is None:
            sentence = "Its whole output has not been computed; Analyse ▸ Compute whole output does it."
            self._window.show_error("Nothing to save yet.", sentence)
            return
        title = self._context.session.value.slot(id).title
        proposal = str(Path(self._settings.folder) / f"{title.lower().replace(' ', '-')}.png")
        kinds = "PNG, 8 bit (*.png);;TIFF, 16 bit (*.tif);;NumPy array, exact (*.npy)"
        path, kind = QFileDialog.getSaveFileName(self._window, "Save output image", proposal, kinds)
        if not path:
            return
        try:
            if "16 bit" in kind:
                report = save_image(Path(path), ready.whole, depth=16)
            else:
                report = save_image(Path(path), ready.whole)
        except WorkbenchError as error:
            self._window.show_error(f"Could not save {Path(path).name}.", f"{error}.")
            return
        if report.clipped:
            self._window.banner.show_note(
                f"Saved {Path(path).name}.", f"{report.clipped} values lay outside 0 … 1 and were clipped."
            )

    def _copy_view(self) -> None:
        QGuiApplication.clipboard().setPixmap(self._window.panel_area.grab())

    def _palette(self) -> None:
        from workbench.ui.dialogs.palette import Palette

        Palette(self._window.action_set, self._window).exec()

    def _about(self) -> None:
        from workbench.ui.dialogs.about import show_about

        show_about(self._window)

    # -- view

    def _bind_view(self) -> None:
        bind, area, view = self._window.action_set.bind, self._window.panel_area, self._context.view
        for layout in _LAYOUTS:
            bind(f"layout_{layout}", lambda layout=layout: self._set_layout(layout), self._no_image)
        bind("next_layout", self._next_layout, self._no_image)
        bind("show_images", lambda: view.set(show="images"), self._no_image)
        bind("show_differences", lambda: view.set(show="differences"), self._no_difference)
        bind("toggle_differences", self._toggle_differences, self._no_difference)
        bind("next_difference", self._next_difference, self._no_difference)
        bind("zoom_in", lambda: area.zoom_step(1), self._no_image)
        bind("zoom_out", lambda: area.zoom_step(-1), self._no_image)
        for suffix in ("", "_canvas"):
            bind(f"fit{suffix}", area.fit, self._no_image)
            bind(f"one_to_one{suffix}", area.one_to_one, self._no_image)
        bind("range_fit", self._fit_range, self._no_image)
        bind("range_nominal", self._nominal_range, self._no_image)
        bind("next_map", self._next_map, self._no_image)
        bind("next_channel", self._next_channel, self._no_image)
        bind("panel_alone", self._panel_alone, self._no_image)
        bind("methods_column", lambda: self._window.left.set_folded(not self._window.left.folded))
        self._window.left.fold_changed.connect(self.follow)
        bind("full_screen", self._full_screen)
        for mode in ("system", "dark", "light"):
            bind(f"theme_{mode}", lambda mode=mode: self._set_theme(mode))
        for dock in ("provenance", "metrics", "matrix"):
            bind(f"dock_{dock}", lambda dock=dock: self._toggle_dock(dock), self._no_image)

    def _no_difference(self) -> str | None:
        if self._no_image():
            return NO_IMAGE
        return panels.reference_reason(self._context.session.value, self._context.results) or None

    def _shows_differences(self) -> bool:
        return shows_differences(self._context.view.value)

    def _set_layout(self, layout: str) -> None:
        self._context.view.set(layout=layout)
        self._check()

    def _next_layout(self) -> None:
        at = _LAYOUTS.index(self._context.view.value.layout)
        self._set_layout(_LAYOUTS[(at + 1) % len(_LAYOUTS)])

    def _panel_alone(self) -> None:
        layout = self._context.view.value.layout
        if layout == "single":
            self._set_layout(self._before_alone)
        else:
            self._before_alone = layout
            self._set_layout("single")

    def _toggle_differences(self) -> None:
        show = self._context.view.value.show
        self._context.view.set(show="images" if show == "differences" else "differences")

    def _next_difference(self) -> None:
        kinds = list(Difference)
        at = kinds.index(self._context.view.value.difference)
        self.set_difference(kinds[(at + 1) % len(kinds)])

    def set_difference(self, kind: Difference) -> None:
        """Another kind of difference; signed kinds have ends on both sides of 0, others begin there."""
        high = self._context.view.value.difference_range.hi
        ends = Range(-high if kind.signed else 0.0, high)
        diverging = "cet-d1a" if kind.signed else "viridis"
        self._context.view.set(difference=kind, difference_range=ends, difference_map=diverging)

    def _fit_range(self) -> None:
        """To all data of all panels of the shown group; the scan is ours and exact."""
        context = self._context
        ends = fitted_range(context.session.value, context.view.value, context.results)
        if ends is None:
            return
        if self._shows_differences():
            context.view.set(difference_range=ends)
        else:
            context.view.set(image_range=ends, source_range=None)

    def _nominal_range(self) -> None:
        if self._shows_differences():
            signed = self._context.view.value.difference.signed
            self._context.view.set(difference_range=Range(-0.2 if signed else 0.0, 0.2))
        else:
            self._context.view.set(image_range=Range(0.0, 1.0), source_range=None)

    def _next_map(self) -> None:
        view = self._context.view
        name = "difference_map" if self._shows_differences() else "image_map"
        diverging = name == "difference_map" and view.value.difference.signed
        ids = [one.id for one in colormaps.all_maps() if one.diverging == diverging]
        current = getattr(view.value, name)
        view.set(**{name: ids[(ids.index(current) + 1) % len(ids)] if current in ids else ids[0]})

    def _next_channel(self) -> None:
        prepared = self._context.results.prepared
        if prepared is not None:
            self._context.view.set(channel=(self._context.view.value.channel + 1) % prepared.channels)

    def _toggle_dock(self, dock: str) -> None:
        docks = self._context.view.value.docks
        if dock in docks:
            docks = docks - {dock}
        else:  # one bottom dock at a time
            docks = (docks - set(BOTTOM_DOCKS) if dock in BOTTOM_DOCKS else docks) | {dock}
        self._context.view.set(docks=frozenset(docks))

    def _full_screen(self) -> None:
        if self._window.isFullScreen():
            self._window.showNormal()
        else:
            self._window.showFullScreen()

    def _set_theme(self, mode: str) -> None:
        self._settings.theme = mode
        self._context.theme.set_mode(mode)
        self.check_theme(mode)

    def check_theme(self, mode: str) -> None:
        """Put the mark in the menu at the chosen theme."""
        for one in ("system", "dark", "light"):
            self._window.action_set[f"theme_{one}"].setChecked(one == mode)

    # -- methods

    def _bind_methods(self) -> None:
        bind = self._window.action_set.bind
        bind("add_method", self._window.left.open_add_menu)
        bind("duplicate", self._on_slot("Duplicate", edits.duplicate_slot), self._no_slot)
        bind("rename", self._rename, self._no_slot)
        bind("remove", self._on_slot("Remove", edits.remove_slot), self._no_slot)
        bind("move_up", lambda: self._move(-1), self._no_slot)
        bind("move_down", lambda: self._move(1), self._no_slot)
        bind("hide_slot", self._hide, self._no_slot)
        bind("make_reference", self._on_slot("Make reference", edits.set_reference), self._no_slot)
        bind("reference_original", self._original_is_reference, self._no_original)
        bind("previous_slot", lambda: self._select(-1), self._no_image)
        bind("next_slot", lambda: self._select(1), self._no_image)

    def _on_slot(self, verb: str, edit: Callable[[str], edits.Edit]) -> Callable[[], None]:
        def act() -> None:
            slot = self._context.session.value.slot(self._selected() or "")
            if slot is not None:
                self._context.session.do(f"{verb} {slot.title}", edit(slot.id))

        return act

    def add(self, cls: type) -> None:
        """A slot with this method's defaults, selected at once."""
        session = self._context.session
        id = session.value.free_id()
        session.do(f"Add {cls.info.name}", edits.add_slot(cls(), self._selected()))
        self._context.view.set(selected=id)

    def _rename(self) -> None:
        slot = self._context.session.value.slot(self._selected() or "")
        if slot is None:
            return
        name, given = QInputDialog.getText(self._window, "Rename", "Name, empty for the method's own:", text=slot.title)
        if given:
            own = name.strip() in ("", slot.method.info.name)
            self._context.session.do(f"Rename {slot.title}", edits.rename_slot(slot.id, None if own else name.strip()))

    def _move(self, by: int) -> None:
        id, session = self._selected(), self._context.session
        if id is not None:
            session.do("Move slot", edits.move_slot(id, session.value.number(id) - 1 + by))

    def _hide(self) -> None:
        slot = self._context.session.value.slot(self._selected() or "")
        if slot is not None:
            verb = "Show" if slot.hidden else "Hide"
            self._context.session.do(f"{verb} {slot.title}", edits.set_hidden(slot.id, not slot.hidden))

    def _no_original(self) -> str | None:
        prepared = self._context.results.prepared
        return None if prepared is not None and prepared.original is not None else "the source was not made smaller"

    def _original_is_reference(self) -> None:
        self._context.session.do("Original is the reference", edits.set_reference(ORIGINAL))

    def _select(self, by: int) -> None:
        ids = [SOURCE, *(slot.id for slot in self._context.session.value.slots)]
        current = self._context.view.value.selected
        at = ids.index(current) if current in ids else 0
        self._context.view.set(selected=ids[(at + by) % len(ids)])

    # -- what menus hold at the moment

    def _fill(self, title: str, menu: QMenu) -> None:
        menu.clear()
        match title:
            case "Open recent":
                for path in self._settings.recent():
                    menu.addAction(path.name, lambda path=path: self._documents.open_path(path)).setToolTip(str(path))
            case "Samples":
                for entry in samples.all_samples():
                    action = menu.addAction(entry.name, lambda id=entry.id: self._documents.open_sample(id))
                    action.setToolTip(entry.note)
            case "Charts":
                for chart in all_charts():
                    action = menu.addAction(chart.name, lambda id=chart.id: self._documents.open_chart(id))
                    action.setToolTip(chart.note)
            case "The article":
                for lesson in lessons.all_lessons():
                    menu.addAction(lesson.title, lambda id=lesson.id: self._documents.open_lesson(id))
            case "Kind of difference":
                for kind in Difference:
                    action = menu.addAction(kind.label, lambda kind=kind: self.set_difference(kind))
                    action.setToolTip(kind.formula)
                    action.setCheckable(True)
                    action.setChecked(kind is self._context.view.value.difference)
            case "Compute whole output":
                for slot in self._context.session.value.slots:
                    menu.addAction(slot.title, lambda id=slot.id: self._context.pipeline.request_whole(id))
        if menu.isEmpty():
            menu.addAction("Nothing yet").setEnabled(False)

    def _check(self, *_: object) -> None:
        """Let checkable actions and reasons follow the state."""
        actions, view = self._window.action_set, self._context.view.value
        shown = self._no_image() is None
        for layout in _LAYOUTS:
            actions[f"layout_{layout}"].setChecked(shown and view.layout == layout)
        for show in ("images", "differences"):
            actions[f"show_{show}"].setChecked(shown and view.show == show)
        for dock in ("provenance", "metrics", "matrix"):
            actions[f"dock_{dock}"].setChecked(shown and dock in view.docks)
        slot = self._context.session.value.slot(view.selected)
        actions["hide_slot"].setChecked(slot is not None and slot.hidden)
        actions["methods_column"].setChecked(not self._window.left.folded)
        actions["full_screen"].setChecked(self._window.isFullScreen())
        session = self._context.session
        actions["undo"].setText(f"Undo {session.undo_label or ''}".strip())
        actions["redo"].setText(f"Redo {session.redo_label or ''}".strip())
        actions.refresh()

    follow = _check
