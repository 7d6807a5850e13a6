"""What every group of commands starts with: the window, its context, and the common reasons why not."""

from __future__ import annotations

from PySide6.QtCore import QObject

from workbench.model import panels
from workbench.ui.main_window import MainWindow

NO_IMAGE = "there is no image yet"
NO_SLOT = "no method is selected"


class CommandGroup(QObject):
    """Binds some actions of the table; lives as long as the window.

    A group that puts something on the pixels adds a `Handler` to ``context.tools``; one that takes a step back at
    ``Esc`` without a handler overrides `escape`.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window = window
        self.context = window.context
        self.bind = window.action_set.bind

    def escape(self) -> bool:
        """One step back, between cancelling work and leaving tools; True if there was one."""
        return False

    def no_image(self) -> str | None:
        return NO_IMAGE if self.context.session.value.source is None else None

    def no_slot(self) -> str | None:
        return None if self.selected() else NO_SLOT

    def no_difference(self) -> str | None:
        if self.no_image():
            return NO_IMAGE
        return panels.reference_reason(self.context.session.value, self.context.results) or None

    def uncover(self) -> None:
        """What is asked for stands beside the images: everything there is seen again, if they were alone."""
        if self.context.view.value.bare:
            self.context.view.set(bare=False)

    def selected(self) -> str | None:
        """The selected slot's id; None while the source is selected."""
        id = self.context.view.value.selected
        return id if self.context.session.value.slot(id) else None
