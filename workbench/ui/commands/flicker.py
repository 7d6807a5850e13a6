"""Flicker in place: what is seen where the selected panel stands, and the keys that act while they are held."""

from __future__ import annotations

from workbench.ui.commands.group import CommandGroup
from workbench.ui.main_window import MainWindow
from workbench.ui.momentary import Momentary


class FlickerCommands(CommandGroup):
    """Slots by number, and the momentary keys of the whole canvas."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.momentary = Momentary(window.panel_area, window.action_set)
        self.momentary.digit.connect(self._select)

    def _select(self, number: int) -> None:
        slots = self.context.session.value.slots
        if number <= len(slots):
            self.context.view.set(selected=slots[number - 1].id)
