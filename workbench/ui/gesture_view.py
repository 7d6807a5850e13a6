"""A view that hands pointer, wheel, trackpad and keys to its `Gestures`, and knows its device pixels.

A plain Qt view: what it shows is painted in device pixels, so that a graphics scene would have nothing to do.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

if TYPE_CHECKING:
    from workbench.ui.gestures import Gestures


class GestureView(QAbstractScrollArea):
    """What a panel's view does with events; what they mean is said by ``_gestures``.

    Signals
    -------
    pressed : a mouse button went down here, or Tab came here, so the panel becomes the selected one.
    ring_changed : the keyboard brought the focus here, which is shown (True), or not any more.
    """

    pressed = Signal()
    ring_changed = Signal(bool)
    _gestures: Gestures

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        # Every pixel of it is painted each time.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def device_size(self) -> tuple[float, float]:
        """Height and width of the viewport in device pixels."""
        size, ratio = self.viewport().size(), self.viewport().devicePixelRatioF()
        return (size.height() * ratio, size.width() * ratio)

    def phase(self) -> tuple[float, float]:
        """How much of a device pixel lies before the first whole one of the viewport, (y, x)."""
        at = self.viewport().mapTo(self.window(), QPointF(0, 0)) * self.viewport().devicePixelRatioF()
        return (_cut_off(at.y()), _cut_off(at.x()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.ring_changed.emit(False)
        self.pressed.emit()
        self._gestures.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._gestures.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._gestures.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._gestures.double_click(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and self._gestures.pinch(event):
            event.accept()
            return True
        return bool(super().viewportEvent(event))

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._gestures.wheel(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._gestures.leave()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._gestures.key(event):
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.pressed.emit()
            self.show_ring()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self.ring_changed.emit(False)

    def show_ring(self) -> None:
        """The keyboard came here: that is to be seen."""
        self.ring_changed.emit(True)


def _cut_off(place: float) -> float:
    """How much of a device pixel lies before the first whole one."""
    rounded = round(place, 6)
    return math.ceil(rounded) - rounded
