"""How the document is looked at: layout, zoom, ranges, docks, theme."""

from __future__ import annotations

from workbench.kernels.differences import Difference
from workbench.model import colormaps
from workbench.model.display import Range
from workbench.model.group_range import fitted_range, shows_differences
from workbench.ui.commands.group import CommandGroup
from workbench.ui.main_window import MainWindow
from workbench.ui.panels.docks import BOTTOM, DOCKS
from workbench.ui.settings import Settings

_LAYOUTS = ("grid", "row", "column", "pairs", "single")


class ViewCommands(CommandGroup):
    """Everything in the view state that is not a tool on the pixels."""

    def __init__(self, window: MainWindow, settings: Settings) -> None:
        super().__init__(window)
        self._settings = settings
        self._before_alone = "grid"
        bind, area, view = self.bind, window.panel_area, self.context.view
        for layout in _LAYOUTS:
            bind(
                f"layout_{layout}",
                lambda layout=layout: view.set(layout=layout),
                self.no_image,
                checked=lambda layout=layout: self._shown() and view.value.layout == layout,
            )
        bind("next_layout", self._next_layout, self.no_image)
        for show, why in (("images", self.no_image), ("differences", self.no_difference)):
            bind(
                f"show_{show}",
                lambda show=show: view.set(show=show),
                why,
                checked=lambda show=show: self._shown() and view.value.show == show,
            )
        bind("toggle_differences", self._toggle_differences, self.no_difference)
        bind("next_difference", self._next_difference, self.no_difference)
        bind("zoom_in", lambda: area.zoom_step(1), self.no_image)
        bind("zoom_out", lambda: area.zoom_step(-1), self.no_image)
        bind("fit", area.fit, self.no_image)
        bind("one_to_one", area.one_to_one, self.no_image)
        bind("range_fit", self._fit_range, self.no_image)
        bind("range_nominal", self._nominal_range, self.no_image)
        bind("next_map", self._next_map, self.no_image)
        bind("next_channel", self._next_channel, self.no_image)
        bind("panel_alone", self._panel_alone, self.no_image)
        left = window.left
        bind("methods_column", lambda: left.set_folded(not left.folded), checked=lambda: not left.folded)
        left.fold_changed.connect(window.action_set.refresh)
        bind("full_screen", self._full_screen, checked=window.isFullScreen)
        for mode in ("system", "dark", "light"):
            bind(
                f"theme_{mode}",
                lambda mode=mode: self._set_theme(mode),
                checked=lambda mode=mode: self._settings.theme == mode,
            )
        for dock in DOCKS:
            bind(
                f"dock_{dock}",
                lambda dock=dock: self._toggle_dock(dock),
                self.no_image,
                checked=lambda dock=dock: self._shown() and dock in view.value.docks,
            )

    def _shown(self) -> bool:
        return self.no_image() is None

    def _shows_differences(self) -> bool:
        return shows_differences(self.context.view.value)

    def _next_layout(self) -> None:
        at = _LAYOUTS.index(self.context.view.value.layout)
        self.context.view.set(layout=_LAYOUTS[(at + 1) % len(_LAYOUTS)])

    def _panel_alone(self) -> None:
        layout = self.context.view.value.layout
        if layout == "single":
            self.context.view.set(layout=self._before_alone)
        else:
            self._before_alone = layout
            self.context.view.set(layout="single")

    def _toggle_differences(self) -> None:
        show = self.context.view.value.show
        self.context.view.set(show="images" if show == "differences" else "differences")

    def _next_difference(self) -> None:
        kinds = list(Difference)
        at = kinds.index(self.context.view.value.difference)
        self.set_difference(kinds[(at + 1) % len(kinds)])

    def set_difference(self, kind: Difference) -> None:
        """Another kind of difference; signed kinds have ends on both sides of 0, others begin there."""
        high = self.context.view.value.difference_range.hi
        ends = Range(-high if kind.signed else 0.0, high)
        diverging = "cet-d1a" if kind.signed else "viridis"
        self.context.view.set(difference=kind, difference_range=ends, difference_map=diverging)

    def _fit_range(self) -> None:
        """To all data of all panels of the shown group; the scan is ours and exact."""
        context = self.context
        ends = fitted_range(context.session.value, context.view.value, context.results)
        if ends is None:
            return
        if self._shows_differences():
            context.view.set(difference_range=ends)
        else:
            context.view.set(image_range=ends, own_ranges=())

    def _nominal_range(self) -> None:
        if self._shows_differences():
            signed = self.context.view.value.difference.signed
            self.context.view.set(difference_range=Range(-0.2 if signed else 0.0, 0.2))
        else:
            self.context.view.set(image_range=Range(0.0, 1.0), own_ranges=())

    def _next_map(self) -> None:
        view = self.context.view
        name = "difference_map" if self._shows_differences() else "image_map"
        diverging = name == "difference_map" and view.value.difference.signed
        ids = [one.id for one in colormaps.all_maps() if one.diverging == diverging]
        current = getattr(view.value, name)
        view.set(**{name: ids[(ids.index(current) + 1) % len(ids)] if current in ids else ids[0]})

    def _next_channel(self) -> None:
        prepared = self.context.results.prepared
        if prepared is not None:
            self.context.view.set(channel=(self.context.view.value.channel + 1) % prepared.channels)

    def _toggle_dock(self, dock: str) -> None:
        docks = self.context.view.value.docks
        if dock in docks:
            docks = docks - {dock}
        else:  # one bottom dock at a time
            docks = (docks - set(BOTTOM) if dock in BOTTOM else docks) | {dock}
        self.context.view.set(docks=frozenset(docks))

    def _full_screen(self) -> None:
        if self.window.isFullScreen():
            self.window.showNormal()
        else:
            self.window.showFullScreen()

    def _set_theme(self, mode: str) -> None:
        self._settings.theme = mode
        self.context.theme.set_mode(mode)
        self.window.action_set.refresh()
