"""How the document is looked at: zoom, docks, images or differences."""

from __future__ import annotations

from workbench.ui.commands.group import CommandGroup
from workbench.ui.main_window import MainWindow
from workbench.ui.panels.docks import BOTTOM, DOCKS


class ViewCommands(CommandGroup):
    """Everything in the view state that is not a tool on the pixels."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        bind, area, view = self.bind, window.panel_area, self.context.view
        for show, why in (("images", self.no_image), ("differences", self.no_difference)):
            bind(
                f"show_{show}",
                lambda show=show: view.set(show=show),
                why,
                checked=lambda show=show: self._shown() and view.value.show == show,
            )
        bind("zoom_in", lambda: area.zoom_step(1), self.no_image)
        bind("zoom_out", lambda: area.zoom_step(-1), self.no_image)
        bind("zoom_in_free", lambda: self._zoom_freely(1), self.no_image)
        bind("zoom_out_free", lambda: self._zoom_freely(-1), self.no_image)
        bind("fit", area.fit, self.no_image)
        bind("one_to_one", area.one_to_one, self.no_image)
        left = window.left
        bind("methods_column", self._toggle_column, checked=lambda: not left.folded)
        left.fold_changed.connect(window.action_set.refresh)
        bind("full_screen", self._full_screen, checked=window.isFullScreen)
        for dock in DOCKS:
            bind(
                f"dock_{dock}",
                lambda dock=dock: self._toggle_dock(dock),
                self.no_image,
                checked=lambda dock=dock: self._shown() and self._is_open(dock),
            )

    def _shown(self) -> bool:
        return self.no_image() is None

    def _is_open(self, dock: str) -> bool:
        view = self.context.view.value
        return dock in view.docks and not view.bare

    def _toggle_dock(self, dock: str) -> None:
        docks = self.context.view.value.docks
        if self._is_open(dock):
            docks = docks - {dock}
        else:  # one bottom dock at a time
            docks = (docks - set(BOTTOM) if dock in BOTTOM else docks) | {dock}
        self.context.view.set(docks=frozenset(docks), bare=False)

    def _zoom_freely(self, direction: int) -> None:
        """What the wheel does with Ctrl: no rung takes hold."""
        self.window.panel_area.zoom_to(self.context.view.value.camera.zoom * 2 ** (direction / 8))

    def _toggle_column(self) -> None:
        left, bare = self.window.left, self.context.view.value.bare
        self.uncover()
        left.set_folded(not (bare or left.folded))

    def _full_screen(self) -> None:
        if self.window.isFullScreen():
            self.window.showNormal()
        else:
            self.window.showFullScreen()
