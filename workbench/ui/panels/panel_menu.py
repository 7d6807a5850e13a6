"""When a panel's menu is asked for: on its header at once, on its pixels where a right click did not draw."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QWidget

from workbench.ui.panels.image_panel import ImagePanel


class PanelMenus(QObject):
    """Hears of right clicks and of the menu key.

    On pixels a press of the right button may begin a region: there only what the tools pass on counts, not the
    window system's own request, which some send at the press already.

    Signals
    -------
    requested : (place, position)
        The panel whose place it is, and where on the screen.
    """

    requested = Signal(str, QPoint)

    def watch(self, panel: ImagePanel) -> None:
        """Listen to this panel."""
        for part in (panel.header, panel.view):
            part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ContextMenu or not isinstance(event, QContextMenuEvent):
            return False
        panel = watched.parentWidget() if isinstance(watched, QWidget) else None
        if not isinstance(panel, ImagePanel):
            return False
        if event.reason() != QContextMenuEvent.Reason.Mouse or watched is panel.header:
            self.requested.emit(panel.place or panel.panel, event.globalPos())
        event.accept()
        return True
