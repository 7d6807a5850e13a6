"""How a row of the list looks, in each of its states."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from workbench.ui.fonts import elided, text_width
from workbench.ui.panels.slot_rows import Row
from workbench.ui.theme import Theme

HEIGHT = 40
INSET = 12
NAME_AT = 36
RAIL = 64
"""Below this width only the badge and the warning fit."""


def paint_row(
    painter: QPainter, theme: Theme, rect: QRect, row: Row, *, selected: bool, hovered: bool, focused: bool
) -> None:
    """Paint one row.

    Parameters
    ----------
    painter : QPainter
    theme : Theme
    rect : QRect
        40 high.
    row : Row
    selected, hovered, focused : bool
        Focused only where the keyboard brought the focus: the ring lies inside and moves nothing.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if selected or hovered:
        painter.fillRect(rect, theme.color("sel" if selected else "hover"))
    if selected:
        painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), theme.color("accent"))
    rail = rect.width() < RAIL
    _paint_badge(painter, theme, rect, row)
    if not rail:
        left = _paint_right(painter, theme, rect, row)
        _paint_left(painter, theme, rect, row, selected, left)
    elif row.state == "failed":
        _paint_icon(painter, theme, "warn", "warn", rect.left() + 20, rect.top() + 19, 12)
    if focused:
        painter.setPen(QPen(theme.color("accent"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect.adjusted(1, 1, -1, -1))
    painter.restore()


def _paint_badge(painter: QPainter, theme: Theme, rect: QRect, row: Row) -> None:
    box = QRectF(rect.left() + INSET, rect.top() + 6, 16, 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("sel" if theme.name == "dark" else "press"))
    painter.drawRoundedRect(box, 3, 3)
    painter.setPen(theme.color("text3" if row.state == "hidden" else "text"))
    painter.setFont(theme.font(10, 600))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, row.badge)


def _paint_right(painter: QPainter, theme: Theme, rect: QRect, row: Row) -> tuple[int, int]:
    """Value and difference; the room that is left for the two lines beside them."""
    right = rect.right() + 1 - INSET
    if row.state == "hidden":
        _paint_icon(painter, theme, "eyeoff", "text3", right - 16, rect.top() + 12)
        return right - 24, right - 24
    word = row.state in ("failed", "running", "waits")
    tone = "text3" if row.state == "stale" else "text2" if word else "text"
    first = _line(painter, theme, rect, 4, right, row.value, 11 if word else 12, 400 if word else 500, tone)
    if row.state == "failed":
        first -= 26
        _paint_icon(painter, theme, "warn", "warn", first, rect.top() + 5)
    second = _line(painter, theme, rect, 19, right, row.below, 11, 400, "text2")
    return first - (8 if row.value else 0), second - (8 if row.below else 0)


def _line(
    painter: QPainter, theme: Theme, rect: QRect, top: int, right: int, text: str, size: int, weight: int, tone: str
) -> int:
    """A line of text that ends at ``right``; where it begins."""
    if not text:
        return right
    width = text_width(text, size, weight)
    painter.setFont(theme.font(size, weight))
    painter.setPen(theme.color(tone))
    box = QRect(right - width, rect.top() + top, width + 1, 18)
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
    return right - width


def _paint_left(painter: QPainter, theme: Theme, rect: QRect, row: Row, selected: bool, ends: tuple[int, int]) -> None:
    """Name and parameters, elided where the values begin."""
    dim = row.state == "hidden"
    for font, text, top, end, tone in (
        ((12, 600 if selected else 500), row.name, 4, ends[0], "text3" if dim else "text"),
        ((11, 400), row.detail, 19, ends[1], "text3"),
    ):
        room = QRect(rect.left() + NAME_AT, rect.top() + top, end - rect.left() - NAME_AT, 18)
        painter.setFont(theme.font(*font))
        painter.setPen(theme.color(tone))
        shown = elided(text, room.width(), *font)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


def _paint_icon(painter: QPainter, theme: Theme, name: str, token: str, x: int, y: int, size: int = 16) -> None:
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(x, y, theme.pixmap(name, token, size, ratio))
