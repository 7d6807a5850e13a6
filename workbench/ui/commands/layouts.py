"""Where the panels stand, one of them alone, and everything else out of the way."""

from __future__ import annotations

from typing import get_args

from workbench.model.document import Layout
from workbench.ui.commands.group import CommandGroup
from workbench.ui.main_window import MainWindow

LAYOUTS: tuple[Layout, ...] = get_args(Layout)
"""In the order in which Ctrl+L goes through them."""


class LayoutCommands(CommandGroup):
    """Ctrl+L, Return and the layouts by name; the wipe itself is in `wiping`."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        view = self.context.view
        for layout in LAYOUTS:
            if layout != "wipe":
                self.bind(
                    f"layout_{layout}",
                    lambda layout=layout: view.set(layout=layout),
                    self.no_image,
                    checked=lambda layout=layout: self.no_image() is None and view.value.layout == layout,
                )
        self.bind("next_layout", self._next, self.no_image)
        self.bind("panel_alone", window.panel_area.toggle_alone, self.no_image)

    def _next(self) -> None:
        """The next layout that can be had: a wipe needs two pictures."""
        actions, at = self.window.action_set, LAYOUTS.index(self.context.view.value.layout)
        following = (*LAYOUTS[at + 1 :], *LAYOUTS[:at])
        actions[next(f"layout_{one}" for one in following if actions.reason(f"layout_{one}") is None)].trigger()
