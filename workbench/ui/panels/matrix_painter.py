"""Paints a matrix: weights as opaque plates, zeros as dots, the lit row and column in full colour, the rest at 42 %."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPen

from workbench.model.display import ink_on, weight_rgb
from workbench.model.matrix import Floats
from workbench.ui.panels.matrix_layout import EDGE, VECTOR, Arrangement, Axis, Drawing, value_text, weight_text
from workbench.ui.theme import Theme

UNLIT = 0.42
"""Share of a weight's colour where neither its row nor its column is lit; the rest is the ground."""
_NUMBERS_FROM = 16
"""Height of a cell from which numbers are written, where they fit."""
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_CENTRE = Qt.AlignmentFlag.AlignCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | _MIDDLE

Bytes = npt.NDArray[np.uint8]


def paint_matrix(painter: QPainter, theme: Theme, drawing: Drawing, at: Arrangement) -> None:
    """Paint what is in view."""
    down, across = at.visible
    weights = drawing.block(down, across)
    plates, grounds = _colours(theme, drawing, weights, down, across)
    painter.save()
    painter.setClipRect(at.field.adjusted(-1, -1, 1, 1))
    if drawing.mode == "dots":
        _paint_dots(painter, at, weights, plates, grounds)
    else:
        _paint_cells(painter, theme, at, weights, plates, grounds)
    _paint_outlines(painter, theme, drawing, at)
    painter.restore()
    _paint_side(painter, theme, drawing, at, down)
    _paint_head(painter, theme, drawing, at, across)


def _colours(theme: Theme, drawing: Drawing, weights: Floats, down: slice, across: slice) -> tuple[Bytes, Bytes]:
    """Plates and grounds of a block: full where lit, mixed with the ground elsewhere."""
    lit = np.zeros(weights.shape, bool)
    for axis, part, select in ((drawing.down, down, np.s_[:, None]), (drawing.across, across, np.s_[None, :])):
        if axis.lit is not None:
            lit |= (np.arange(part.start, part.stop) == axis.lit)[select]
    grounds = np.empty((*weights.shape, 3), np.uint8)
    for token, where in (("field", ~lit), ("sel", lit)):
        ground = theme.color(token)
        grounds[where] = (ground.red(), ground.green(), ground.blue())
    plates = weight_rgb(weights, drawing.peak)
    if drawing.down.lit is not None or drawing.across.lit is not None:
        mixed = np.round(UNLIT * plates + (1 - UNLIT) * grounds.astype(np.float64)).astype(np.uint8)
        plates = np.where(lit[..., None], plates, mixed)
    return plates, grounds


def _paint_cells(
    painter: QPainter, theme: Theme, at: Arrangement, weights: Floats, plates: Bytes, grounds: Bytes
) -> None:
    width, height = at.cell
    inset = 4 if min(width, height) >= 24 else 2
    font = theme.font(12 if height >= 28 and width >= 40 else 10, 500)
    metrics, line, dot = QFontMetrics(font), QPen(theme.color("line")), theme.color("text3")
    painter.setFont(font)
    down, across = at.visible
    for i, j in np.ndindex(*weights.shape):
        cell = at.cell_rect(down.start + i, across.start + j)
        painter.fillRect(cell, QColor(*grounds[i, j].tolist()))
        painter.setPen(line)
        painter.drawRect(cell)
        weight = float(weights[i, j])
        if weight == 0:
            painter.fillRect(QRect(cell.center().x(), cell.center().y(), 2, 2), dot)
            continue
        rgb = plates[i, j].tolist()
        plate = cell.adjusted(inset, inset, 1 - inset, 1 - inset)
        painter.fillRect(plate, QColor(*rgb))
        text = weight_text(weight, plate.width() - 2, metrics) if height >= _NUMBERS_FROM else ""
        if text:
            painter.setPen(QColor(*ink_on(rgb)))
            painter.drawText(plate, _CENTRE, text)
        elif weight < 0:
            # Sign is never colour alone.
            painter.fillRect(QRect(plate.left() + 2, plate.center().y(), plate.width() - 4, 2), QColor(0, 0, 0))


def _paint_dots(painter: QPainter, at: Arrangement, weights: Floats, plates: Bytes, grounds: Bytes) -> None:
    size = at.cell[0]
    picture = np.repeat(np.repeat(grounds, size, axis=0), size, axis=1)
    filled = np.where((weights != 0)[..., None], plates, grounds)
    # One free pixel between dots where there is room for it.
    inner = size - 1 if size > 3 else size
    for y, x in np.ndindex(inner, inner):
        picture[y::size, x::size] = filled
    picture = np.ascontiguousarray(picture)
    height, width = picture.shape[:2]
    down, across = at.visible
    image = QImage(picture.data, width, height, width * 3, QImage.Format.Format_RGB888)
    painter.drawImage(at.cell_rect(down.start, across.start).topLeft(), image)


def _paint_outlines(painter: QPainter, theme: Theme, drawing: Drawing, at: Arrangement) -> None:
    """One pixel round the lit row and column, two round their crossing."""
    painter.setPen(QPen(theme.color("text")))
    down, across = drawing.down.lit, drawing.across.lit
    last_down, last_across = len(at.ys) - 1, len(at.xs) - 1
    if down is not None:
        painter.drawRect(at.cell_rect(down, 0).united(at.cell_rect(down, last_across)))
    if across is not None:
        painter.drawRect(at.cell_rect(0, across).united(at.cell_rect(last_down, across)))
    if down is not None and across is not None:
        painter.drawRect(at.cell_rect(down, across).adjusted(1, 1, -1, -1))


def _labelled(axis: Axis, part: slice, size: int, room: int) -> list[int]:
    """Positions that have room for their coordinates: all of them, or some and the lit one."""
    step = max(1, -(-room // size))
    chosen = list(range(-(-part.start // step) * step, part.stop, step))
    if axis.lit is not None and step > 1 and part.start <= axis.lit < part.stop:
        chosen = [k for k in chosen if abs(k - axis.lit) >= step] + [axis.lit]
    return chosen


def _paint_side(painter: QPainter, theme: Theme, drawing: Drawing, at: Arrangement, down: slice) -> None:
    """Coordinates at the left, and the output vector at the right."""
    axis, field = drawing.down, at.field
    painter.setClipRect(QRect(0, field.top() - 4, at.width, field.height() + 8))
    for k in _labelled(axis, down, at.cell[1], 14):
        middle = at.cell_rect(k, 0).center().y() - 9
        _ink(painter, theme, k == axis.lit, "text3")
        painter.drawText(QRect(0, middle, at.left - 10, 19), _RIGHT, axis.label(k))
        if at.vectors and axis.values is not None:
            _ink(painter, theme, k == axis.lit, "text2")
            painter.drawText(QRect(field.right(), middle, at.right - EDGE, 19), _RIGHT, value_text(axis.values[k]))
    painter.setClipping(False)


def _paint_head(painter: QPainter, theme: Theme, drawing: Drawing, at: Arrangement, across: slice) -> None:
    """Coordinates along the top, the input vector under them, and the names of both sides."""
    field, axis = at.field, drawing.across
    _ink(painter, theme, False, "text2")
    painter.drawText(QRect(0, 4, at.left - 10, 20), _RIGHT, drawing.down.caption)
    painter.drawText(QRect(field.left(), 4, max(60, field.width()), 20), _CENTRE, axis.caption)
    if at.vectors:
        _ink(painter, theme, False, "text3")
        painter.drawText(QRect(0, at.top - 22, at.left - 10, 20), _RIGHT, axis.letter)
        painter.drawText(QRect(field.right(), at.top - 22, at.right - EDGE, 20), _RIGHT, drawing.down.letter)
    labels = at.top - (VECTOR if at.vectors else 0)
    room = 14 if at.upright else axis.widest(QFontMetrics(theme.font(11))) + 6
    painter.setClipRect(QRect(field.left() - 16, 0, field.width() + 32, at.top))
    for k in _labelled(axis, across, at.cell[0], room):
        cell = at.cell_rect(0, k)
        _ink(painter, theme, k == axis.lit, "text3")
        if at.upright:
            painter.save()
            painter.translate(cell.center().x() + 1, labels - 4)
            painter.rotate(-90)
            painter.drawText(QRect(0, -9, 200, 18), Qt.AlignmentFlag.AlignLeft | _MIDDLE, axis.label(k))
            painter.restore()
        else:
            painter.drawText(QRect(cell.center().x() - 60, labels - 20, 121, 18), _CENTRE, axis.label(k))
        if at.vectors and axis.values is not None:
            _ink(painter, theme, k == axis.lit, "text2")
            painter.drawText(QRect(cell.left(), at.top - 22, cell.width(), 20), _CENTRE, value_text(axis.values[k]))
    painter.setClipping(False)


def _ink(painter: QPainter, theme: Theme, lit: bool, token: str) -> None:
    painter.setPen(theme.color("text" if lit else token))
    painter.setFont(theme.font(11, 600 if lit else 400))
