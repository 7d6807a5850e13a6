"""How a row of the list looks, in each of its states."""

from __future__ import annotations

from dataclasses import replace

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
_VALUE, _SMALL = (12, 500), (11, 400)
"""Size and weight of values, and of what stands in the second line."""


def numbers_begin(new: Row, old: Row, width: int) -> int | None:
    """From where a row of this width has to be painted again; None: all of it, as more than its numbers differs.

    A pointer that moves changes the numbers of every row, and names beside them take longer to write.
    """
    known = all(row.state in ("plain", "stale") for row in (new, old)) and width >= RAIL
    if not known or replace(new, value=old.value, below=old.below, state=old.state) != old:
        return None
    right, begins, left = width - INSET, [], []
    for row in (new, old):
        first, second = right - text_width(row.value, *_VALUE), right - text_width(row.below, *_SMALL)
        rooms = first - NAME_AT - _gap(row.value), second - NAME_AT - _gap(row.below)
        names = [elided(row.name, rooms[0], 12, weight) for weight in (500, 600)]
        left.append((*names, elided(row.detail, rooms[1], *_SMALL)))
        begins += [first, second]
    return min(begins) - 1 if left[0] == left[1] else None


def paint_row(
    painter: QPainter, theme: Theme, rect: QRect, row: Row, *, selected: bool, hovered: bool, focused: bool,
    from_x: int = 0,
) -> None:  # fmt: skip
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
    from_x : int
        What lies before it is there already.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if selected or hovered:
        painter.fillRect(rect, theme.color("sel" if selected else "hover"))
    if selected:
        painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), theme.color("accent"))
    rail = rect.width() < RAIL
    if from_x < rect.left() + NAME_AT:
        _paint_badge(painter, theme, rect, row)
    if not rail:
        ends = _paint_right(painter, theme, rect, row)
        _paint_left(painter, theme, rect, row, selected, ends, from_x)
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
    first = _line(painter, theme, rect, 4, right, row.value, *(_SMALL if word else _VALUE), tone)
    if row.state == "failed":
        first -= 26
        _paint_icon(painter, theme, "warn", "warn", first, rect.top() + 5)
    second = _line(painter, theme, rect, 19, right, row.below, *_SMALL, "text2")
    return first - _gap(row.value), second - _gap(row.below)


def _gap(number: str) -> int:
    return 8 if number else 0


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


def _paint_left(
    painter: QPainter, theme: Theme, rect: QRect, row: Row, selected: bool, ends: tuple[int, int], from_x: int
) -> None:
    """Name and parameters, elided where the values begin."""
    dim = row.state == "hidden"
    for font, text, top, end, tone in (
        ((12, 600 if selected else 500), row.name, 4, ends[0], "text3" if dim else "text"),
        (_SMALL, row.detail, 19, ends[1], "text3"),
    ):
        room = QRect(rect.left() + NAME_AT, rect.top() + top, end - rect.left() - NAME_AT, 18)
        shown = elided(text, room.width(), *font)
        if room.left() + text_width(shown, *font) < from_x:
            continue
        painter.setFont(theme.font(*font))
        painter.setPen(theme.color(tone))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


def _paint_icon(painter: QPainter, theme: Theme, name: str, token: str, x: int, y: int, size: int = 16) -> None:
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(x, y, theme.pixmap(name, token, size, ratio))
