"""The wipe: entering and leaving it, which way it cuts, and which two pictures it compares."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from workbench.model import wiping
from workbench.model.document import Comparison, Layout
from workbench.model.panels import slot_of
from workbench.model.view_state import ViewValue, Wipe, WipeKind
from workbench.ui.binding import bind
from workbench.ui.commands.group import CommandGroup
from workbench.ui.main_window import MainWindow
from workbench.ui.momentary import Momentary

_KINDS: tuple[WipeKind, ...] = get_args(WipeKind)


class WipeCommands(CommandGroup):
    """W and Shift+W; and whatever keeps the two sides true to the document and the selection."""

    def __init__(self, window: MainWindow, momentary: Momentary) -> None:
        super().__init__(window)
        self._left: Layout = "grid"
        window.panel_area.wipe.canvas.follows_pointer = lambda: momentary.is_held("layout_wipe")
        # The sides' own headers lie below it.
        self.context.tools.ring_changed.connect(window.panel_area.wipe.header.show_ring)
        bind(self, self.context.view.changed, self._view_changed)
        bind(self, self.context.session.changed, self._session_changed)
        bind(self, self.context.results.changed, lambda *_: self._mend())
        self.bind(
            "layout_wipe", self._toggle, self._no_two,
            checked=lambda: self.no_image() is None and self.context.view.value.layout == "wipe",
        )  # fmt: skip
        self.bind("next_wipe", self._next, self._no_two)

    def escape(self) -> bool:
        return self.window.panel_area.wipe.canvas.cancel()

    def _no_two(self) -> str | None:
        if self.no_image():
            return self.no_image()
        two = wiping.default_sides(self.context.session.value, self.context.results, self.context.view.value.selected)
        return None if two is not None else "there is one picture only"

    def _toggle(self) -> None:
        """Into the wipe, or back to the layout before it."""
        view = self.context.view
        if view.value.layout == "wipe":
            view.set(layout=self._left)
        elif self._no_two() is None:
            view.set(layout="wipe", wipe=self._sides_for(view.value))

    def _next(self) -> None:
        """Vertical, horizontal, quadrants; outside of a wipe, into the one that was last."""
        view = self.context.view
        if view.value.layout != "wipe":
            self._toggle()
            return
        wipe = view.value.wipe
        view.set(wipe=replace(wipe, kind=_KINDS[(_KINDS.index(wipe.kind) + 1) % len(_KINDS)]))

    def _sides_for(self, value: ViewValue) -> Wipe:
        """The sides that were chosen, where the selected picture is one of them; else the reference and it."""
        comparison, results, wipe = self.context.session.value, self.context.results, value.wipe
        chosen = wiping.usable(comparison, results, wipe)
        if chosen and value.selected in (slot_of(wipe.a), slot_of(wipe.b)):
            return wipe
        sides = wiping.default_sides(comparison, results, value.selected)
        return wipe if sides is None else replace(wipe, a=sides[0], b=sides[1])

    def _view_changed(self, new: ViewValue, old: ViewValue) -> None:
        if new.layout != "wipe":
            return
        if old.layout != "wipe":
            self._left = old.layout
        elif new.selected != old.selected and new.wipe == old.wipe:
            self._show_selected(new, old)
        self._mend()

    def _show_selected(self, new: ViewValue, old: ViewValue) -> None:
        """Another slot was selected in the list: it takes the side of the one that was selected before."""
        wipe = new.wipe
        known = self.context.session.value.slot(new.selected) is not None
        if not known or new.selected in (slot_of(wipe.a), slot_of(wipe.b)):
            return
        side = "a" if slot_of(wipe.a) == old.selected and slot_of(wipe.b) != old.selected else "b"
        self.context.view.set(wipe=replace(wipe, **{side: new.selected}))

    def _session_changed(self, new: Comparison, old: Comparison) -> None:
        if new.source is not old.source:
            self.context.view.set(wipe=replace(self.context.view.value.wipe, y=None, x=None))
        self._mend()

    def _mend(self) -> None:
        """A side that has gone is replaced, so that the wipe always has two."""
        view = self.context.view
        if view.value.layout == "wipe":
            comparison, results = self.context.session.value, self.context.results
            if comparison.source is not None and not wiping.usable(comparison, results, view.value.wipe):
                sides = wiping.default_sides(comparison, results, view.value.selected)
                if sides is not None:
                    view.set(wipe=replace(view.value.wipe, a=sides[0], b=sides[1]))
