"""Reordering panels by hand: a header that is dragged takes its slot along, a mark shows where it will stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from workbench.model import edits
from workbench.model.panels import slot_of
from workbench.ui.panels.panel_header import PanelHeader

if TYPE_CHECKING:
    from workbench.ui.panels.panel_area import PanelArea

_THICK = 4


class InsertionMark(QWidget):
    """A line in the accent colour, between two panels."""

    def __init__(self, area: PanelArea) -> None:
        super().__init__(area)
        self._theme = area.context.theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._theme.color("accent"))


class HeaderDrag(QObject):
    """Follows the pointer from a press on a header; the edit happens at the release."""

    def __init__(self, area: PanelArea) -> None:
        super().__init__(area)
        self._area = area
        self._pressed: tuple[str, QPoint] | None = None
        self._target: int | None = None
        self.mark = InsertionMark(area)

    def watch(self, header: PanelHeader, panel: str) -> None:
        """Let this header be dragged; that of a picture without a slot stays where it is."""
        header.setProperty("panel", panel)
        header.installEventFilter(self)

    def cancel(self) -> bool:
        """The drag ends as if it had not begun; False if there is none."""
        going = self._target is not None
        self._pressed = self._target = None
        self.mark.hide()
        return going

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QMouseEvent) or not isinstance(watched, QWidget):
            return False
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            slot = slot_of(str(watched.property("panel")))
            known = self._area.context.session.value.slot(slot) is not None
            self._pressed = (slot, event.position().toPoint()) if known else None
        elif kind == QEvent.Type.MouseMove and self._pressed is not None:
            far = (event.position().toPoint() - self._pressed[1]).manhattanLength() >= QApplication.startDragDistance()
            if self._target is not None or far:
                self._point_at(watched.mapTo(self._area, event.position().toPoint()))
        elif kind == QEvent.Type.MouseButtonRelease and self._pressed is not None:
            self._drop()
        return False

    def _point_at(self, at: QPoint) -> None:
        """Show between which panels the slot would stand."""
        area, comparison = self._area, self._area.context.session.value
        rects = [(name, area.panel(name).geometry()) for name in area.names if comparison.slot(slot_of(name))]
        if len(rects) < 2 or area.context.view.value.layout == "wipe":
            return
        name, rect = min(rects, key=lambda one: _away(one[1], at))
        upright = area.context.view.value.layout != "column"
        behind = at.x() > rect.center().x() if upright else at.y() > rect.center().y()
        self._target = comparison.number(slot_of(name)) - 1 + behind
        if upright:
            x = rect.right() + 1 if behind else rect.left()
            self.mark.setGeometry(max(x - _THICK // 2, 0), rect.top(), _THICK, rect.height())
        else:
            y = rect.bottom() + 1 if behind else rect.top()
            self.mark.setGeometry(rect.left(), max(y - _THICK // 2, 0), rect.width(), _THICK)
        if self.mark.geometry().right() >= area.width():
            self.mark.move(area.width() - _THICK, self.mark.y())
        self.mark.show()
        self.mark.raise_()

    def _drop(self) -> None:
        pressed, to = self._pressed, self._target
        self.cancel()
        session = self._area.context.session
        slot = None if pressed is None else session.value.slot(pressed[0])
        if slot is None or to is None:
            return
        at = session.value.number(slot.id) - 1
        if to not in (at, at + 1):
            session.do(f"Move {slot.title}", edits.move_slot(slot.id, to - (to > at)))


def _away(rect: QRect, at: QPoint) -> int:
    """How far a place is from a rectangle."""
    down = max(rect.top() - at.y(), at.y() - rect.bottom(), 0)
    across = max(rect.left() - at.x(), at.x() - rect.right(), 0)
    return down * down + across * across
