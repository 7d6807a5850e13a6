"""Promises of the viewer that no single part keeps: focus stays, and words are true at every moment."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from workbench.ui.app import Workbench


class Shown(QObject):
    """Notes which widgets were shown as windows of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.names.append(watched.accessibleName() or type(watched).__name__)
        return False


def test_new_panels_never_flash_as_windows_and_leave_the_keys_where_they_were(workbench: Workbench) -> None:
    shown = Shown()
    QApplication.instance().installEventFilter(shown)

    workbench.window.action_set["show_differences"].trigger()
    QApplication.processEvents()
    QApplication.instance().removeEventFilter(shown)

    assert shown.names == []
