"""Where a region can be taken hold of: its sides, corners and the plate with its name, in device pixels of a view."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt

from workbench.ui.mark_painting import plate_size

Sides = tuple[bool, bool, bool, bool]
"""Which of top, left, bottom and right move along; all of them for the whole region."""
WHOLE: Sides = (True, True, True, True)


def sides_at(rect: QRect, at: QPoint, reach: float) -> Sides:
    """Which sides of a rectangle the pointer is at; small ones keep an inside."""
    near_y, near_x = min(reach, rect.height() / 4 + 1), min(reach, rect.width() / 4 + 1)
    within_y = rect.top() - reach <= at.y() <= rect.bottom() + 1 + reach
    within_x = rect.left() - reach <= at.x() <= rect.right() + 1 + reach
    if not (within_y and within_x):
        return (False, False, False, False)
    return (
        at.y() < rect.top() + near_y,
        at.x() < rect.left() + near_x,
        at.y() > rect.bottom() + 1 - near_y,
        at.x() > rect.right() + 1 - near_x,
    )


def cursor_for(sides: Sides) -> Qt.CursorShape:
    if sides == WHOLE:
        return Qt.CursorShape.SizeAllCursor
    top, left, bottom, right = sides
    if (top and left) or (bottom and right):
        return Qt.CursorShape.SizeFDiagCursor
    if (top and right) or (bottom and left):
        return Qt.CursorShape.SizeBDiagCursor
    return Qt.CursorShape.SizeVerCursor if top or bottom else Qt.CursorShape.SizeHorCursor


def handles(rect: QRect) -> tuple[QPoint, ...]:
    """The corners, just outside the pixels."""
    left, right, top, bottom = rect.left() - 2, rect.right() + 2, rect.top() - 2, rect.bottom() + 2
    return tuple(QPoint(x, y) for y in (top, bottom) for x in (left, right))


def plate(rect: QRect, name: str, ratio: float) -> QRect:
    """Where the name stands: above the upper left corner, below it where the view begins."""
    width, height = plate_size(name, ratio)
    gap = round(7 * ratio)
    top = rect.top() - height - gap
    if top < 0:
        top = min(rect.top() + gap, rect.bottom() + gap) if rect.top() >= 0 else gap
    return QRect(max(rect.left() - 2, 0), top, width, height)
