"""How marks that people set look on pixels: outlines, lines, handles and name plates, in device pixels of a frame.

Every line is one device pixel of its colour inside black, so that it is seen on any picture; focus is a thicker ring
in the interface's accent.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QIcon, QPainter, QPen, QPixmap

from workbench.kernels.placement import Rect
from workbench.model.display import ink_on
from workbench.ui.camera import Frame
from workbench.ui.pixel_text import device_font

WHITE, BLACK = QColor(255, 255, 255), QColor(0, 0, 0)
HANDLE = 9
"""Logical pixels across a handle."""
PLATE = 17
"""Logical pixels that a name plate is high."""
GRAB = 6.0
"""Logical pixels around a line within which the pointer takes hold of it."""


def device_place(frame: Frame, y: float, x: float) -> QPoint:
    """The device pixel of a frame at which a world point lies."""
    down, across = frame.device(y, x)
    return QPoint(round(across - frame.phase[1]), round(down - frame.phase[0]))


def device_rect(frame: Frame, rect: Rect) -> QRect:
    """The device pixels that a world rectangle covers; at least one."""
    first, last = device_place(frame, rect[0], rect[1]), device_place(frame, rect[2], rect[3])
    return QRect(first.x(), first.y(), max(last.x() - first.x(), 1), max(last.y() - first.y(), 1))


def is_seen(frame: Frame, rect: QRect) -> bool:
    """Whether a rectangle, with the marks around it, reaches into the viewport."""
    room = round(2 * PLATE * frame.ratio)
    return rect.adjusted(-room, -room, room, room).intersects(QRect(0, 0, round(frame.size[1]), round(frame.size[0])))


def paint_outline(painter: QPainter, rect: QRect, colour: QColor, strong: bool = False) -> None:
    """A frame around device pixels: black next to them, then the colour, two pixels of it where it is selected."""
    _frame(painter, rect.adjusted(-1, -1, 1, 1), BLACK)
    _frame(painter, rect.adjusted(-2, -2, 2, 2), colour)
    if strong:
        _frame(painter, rect.adjusted(-3, -3, 3, 3), colour)
    _frame(painter, rect.adjusted(-3 - strong, -3 - strong, 3 + strong, 3 + strong), BLACK)


def paint_line(painter: QPainter, start: QPointF, end: QPointF, colour: QColor, ratio: float) -> None:
    """A line over black."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for width, ink in ((round(ratio) + 2, BLACK), (round(ratio), colour)):
        painter.setPen(QPen(ink, width))
        painter.drawLine(start, end)
    painter.restore()


def paint_handle(painter: QPainter, at: QPoint, ratio: float, accent: QColor | None, fill: QColor = WHITE) -> None:
    """A square that can be taken hold of; with an accent it has the focus."""
    half = round(HANDLE * ratio) // 2
    box = QRect(at.x() - half, at.y() - half, 2 * half + 1, 2 * half + 1)
    if accent is not None:
        ring = max(round(2 * ratio), 2)
        painter.fillRect(box.adjusted(-ring - 1, -ring - 1, ring + 1, ring + 1), BLACK)
        painter.fillRect(box.adjusted(-ring, -ring, ring, ring), accent)
    painter.fillRect(box, BLACK)
    painter.fillRect(box.adjusted(1, 1, -1, -1), fill)


def plate_size(text: str, ratio: float) -> tuple[int, int]:
    """Width and height of a name plate in device pixels."""
    metrics = QFontMetricsF(device_font(11, 600, ratio))
    return (round(metrics.horizontalAdvance(text) + 10 * ratio), round(PLATE * ratio))


def paint_plate(painter: QPainter, rect: QRect, text: str, fill: QColor, ratio: float, accent: QColor | None) -> None:
    """A name on a ground of its own, readable on any picture."""
    if accent is not None:
        ring = max(round(2 * ratio), 2)
        painter.fillRect(rect.adjusted(-ring, -ring, ring, ring), accent)
    painter.fillRect(rect, BLACK)
    painter.fillRect(rect.adjusted(1, 1, -1, -1), fill)
    painter.setPen(QColor(*ink_on((fill.red(), fill.green(), fill.blue()))))
    painter.setFont(device_font(11, 600, ratio))
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), text)


def swatch(colour: str) -> QIcon:
    """A square of a colour, for menus and tables."""
    picture = QPixmap(12, 12)
    picture.fill(QColor(colour))
    return QIcon(picture)


def _frame(painter: QPainter, rect: QRect, colour: QColor) -> None:
    """A frame of one device pixel inside a rectangle."""
    x, y, w, h = rect.x(), rect.y(), rect.width(), rect.height()
    painter.fillRect(x, y, w, 1, colour)
    painter.fillRect(x, y + h - 1, w, 1, colour)
    painter.fillRect(x, y + 1, 1, h - 2, colour)
    painter.fillRect(x + w - 1, y + 1, 1, h - 2, colour)
