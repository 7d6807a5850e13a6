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
        bind("fit", area.fit, self.no_image)
        bind("one_to_one", area.one_to_one, self.no_image)
        left = window.left
        bind("methods_column", lambda: left.set_folded(not left.folded), checked=lambda: not left.folded)
        left.fold_changed.connect(window.action_set.refresh)
        bind("full_screen", self._full_screen, checked=window.isFullScreen)
        for dock in DOCKS:
            bind(
                f"dock_{dock}",
                lambda dock=dock: self._toggle_dock(dock),
                self.no_image,
                checked=lambda dock=dock: self._shown() and dock in view.value.docks,
            )

    def _shown(self) -> bool:
        return self.no_image() is None

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
