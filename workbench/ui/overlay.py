"""Paints a panel's `Marks`: opaque weight plates, outlines, ghosts and what fell outside, sharp at every device ratio.

Convention
    Device pixels of a `Frame`. Outlines lie outside the cells they belong to: black next to the cell, white around it.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QRegion

from workbench.kernels.arrays import Pixel
from workbench.model.display import ink_on, weight_rgb
from workbench.ui.beyond import (
    badge_rect,
    hollow_rects,
    outlined,
    paint_arrows,
    paint_badge,
    paint_cropped,
    paint_hollow,
    paint_lattice,
    paint_outside,
    paint_rim,
    rim_step,
)
from workbench.ui.camera import Frame
from workbench.ui.looks import BLACK, WHITE, Look, cell_rect
from workbench.ui.marks import Marks, Plates
from workbench.ui.pixel_text import (
    COORDINATES_FROM,
    COORDINATES_HIGH,
    NUMBERS_FROM,
    Bytes,
    cell_number,
    decimals_for,
    device_font,
    draw_centred,
    paint_coordinate,
)
from workbench.ui.theme import Theme

_HAIRLINE = QColor(0, 0, 0, 148)
_INSET_FROM = 24.0
_HAIRLINES_FROM = 10.0
_BARS_FROM = 8.0
_VALUES_FROM = 64.0
_RULES_FROM = 48.0
_MOST_RUNS = 3000
_MANY = 256
_OUTLINE = 2

Colour = Callable[[int, int], Bytes | None]
"""The colour that a pixel of the image has on screen; None where it is not known."""


def marks_rect(frame: Frame, marks: Marks) -> QRect:
    """The device pixels that marks may touch; empty for none."""
    rect = QRect()
    rows, cols = marks.cells
    if len(rows):
        first = cell_rect(frame, int(rows.min()), int(cols.min()))
        rect = first.united(cell_rect(frame, int(rows.max()), int(cols.max())))
    for tap in (*marks.outside, *marks.cropped):
        rect = rect.united(cell_rect(frame, tap.row, tap.col))
    for pixel in (marks.frame, marks.ghost):
        if pixel is not None:
            rect = rect.united(cell_rect(frame, *pixel))
    for square in hollow_rects(frame, marks.hollow):
        rect = rect.united(square)
    if marks.lattice is not None:
        return QRect(0, 0, math.ceil(frame.size[1]), math.ceil(frame.size[0]))
    if marks.badge and marks.frame is not None:
        rect = rect.united(badge_rect(frame, marks.frame, marks.badge))
    around = max(_OUTLINE, 3 * rim_step(frame) if marks.rim else 0)
    return rect if rect.isNull() else rect.adjusted(-around, -around, around, around)


def logical_rect(frame: Frame, device: QRect) -> QRect:
    """The logical pixels of the viewport that device pixels of a frame touch."""
    ratio, (py, px) = frame.ratio, frame.phase
    left, top = math.floor((device.left() + px) / ratio) - 1, math.floor((device.top() + py) / ratio) - 1
    right, bottom = math.ceil((device.right() + 1 + px) / ratio), math.ceil((device.bottom() + 1 + py) / ratio)
    return QRect(left, top, right - left + 1, bottom - top + 1)


def paint_note(painter: QPainter, words: str, width: int, theme: Theme) -> None:
    """A plate in the upper left corner of a view, logical pixels: which recipe a stale picture belongs to."""
    painter.save()
    painter.resetTransform()
    painter.setFont(theme.font(11))
    plate = QRect(12, 12, min(painter.fontMetrics().horizontalAdvance(words) + 20, width - 24), 24)
    painter.fillRect(plate, theme.color("chrome"))
    painter.setPen(theme.color("text"))
    painter.drawText(plate.adjusted(10, 0, -10, 0), int(Qt.AlignmentFlag.AlignVCenter), words)
    painter.restore()


def paint_marks(painter: QPainter, frame: Frame, marks: Marks, colour: Colour, look: Look) -> None:
    """Paint all marks of a panel; the painter counts device pixels of the frame."""
    if marks.lattice is not None:
        paint_lattice(painter, frame, marks.lattice)
    peak = marks.plates.peak if marks.plates else 1.0
    for tap in marks.outside:
        paint_outside(painter, frame, tap, peak, look)
    for cut in marks.cropped:
        paint_cropped(painter, frame, cut, look)
    rows, cols = marks.cells
    if len(rows):
        support = _support(frame, rows, cols)
        if marks.rim:
            paint_rim(painter, frame, support.boundingRect())
        _outline(painter, support)
    if marks.plates is not None:
        _paint_plates(painter, frame, marks.plates, colour)
    for pixel in marks.zeros:
        _paint_zero(painter, frame, pixel, colour)
    for pixel in marks.lost:
        _strike(painter, cell_rect(frame, *pixel))
    if marks.hollow is not None:
        paint_hollow(painter, frame, marks.hollow)
    paint_arrows(painter, frame, marks.outside)
    if marks.frame is not None:
        rect = cell_rect(frame, *marks.frame)
        if marks.empty and min(rect.width(), rect.height()) >= _BARS_FROM:
            _cross_hatch(painter, rect)
        _outline(painter, QRegion(rect), look.wrong if marks.elsewhere else WHITE)
        if marks.badge:
            paint_badge(painter, frame, marks.frame, marks.badge, look)
    if marks.ghost is not None:
        _dash(painter, cell_rect(frame, *marks.ghost).adjusted(-1, -1, 1, 1))


def _support(frame: Frame, rows: np.ndarray, cols: np.ndarray) -> QRegion:
    """The cells as one region: a run of neighbours is one rectangle; a rectangle full of cells is one as well."""
    top, left, bottom, right = (int(v) for v in (rows.min(), cols.min(), rows.max(), cols.max()))
    whole = cell_rect(frame, top, left).united(cell_rect(frame, bottom, right))
    if len(rows) == (bottom - top + 1) * (right - left + 1) or len(rows) > _MOST_RUNS:
        return QRegion(whole)
    order = np.lexsort((cols, rows))
    rows, cols = rows[order], cols[order]
    starts = np.flatnonzero(np.append(True, (np.diff(rows) != 0) | (np.diff(cols) != 1)))
    ends = np.append(starts[1:], len(rows)) - 1
    region = QRegion()
    for first, last in zip(starts.tolist(), ends.tolist(), strict=True):
        run = cell_rect(frame, int(rows[first]), int(cols[first]))
        region += QRegion(run.united(cell_rect(frame, int(rows[last]), int(cols[last]))))
    return region


def _outline(painter: QPainter, region: QRegion, around: QColor = WHITE) -> None:
    """One device pixel of black around a region, and one of white around that; of a warning, two and in its colour."""
    inner, outer = _grown(region, 1), _grown(region, _OUTLINE + (around != WHITE))
    for rect in outer.subtracted(inner):
        painter.fillRect(rect, around)
    for rect in inner.subtracted(region):
        painter.fillRect(rect, BLACK)


def _grown(region: QRegion, by: int) -> QRegion:
    grown = QRegion()
    for rect in region:
        grown += QRegion(rect.adjusted(-by, -by, by, by))
    return grown


def _paint_plates(painter: QPainter, frame: Frame, plates: Plates, colour: Colour) -> None:
    cell = frame.logical_cell
    plates = _seen(frame, plates)
    rgb = weight_rgb(plates.weights, plates.peak)
    if (len(plates.weights) > 64 and cell < _BARS_FROM) or (len(plates.weights) > _MANY and cell < _INSET_FROM):
        _paint_carpet(painter, frame, plates, rgb)
        if cell >= _BARS_FROM:
            _paint_bars(painter, frame, plates)
        return
    inset = max(round(3 * frame.ratio), round(min(frame.cell) / 8)) if cell >= _INSET_FROM else 0
    places = zip(plates.rows.tolist(), plates.cols.tolist(), rgb.tolist(), strict=True)
    for k, (row, col, one) in enumerate(places):
        rect = cell_rect(frame, row, col)
        if inset:
            under = colour(row, col)
            if under is not None:
                painter.fillRect(rect, QColor(*under[:3].tolist()))
                if cell >= COORDINATES_FROM:
                    paint_coordinate(painter, frame, row, col, under)
            _hairline(painter, rect)
            rect = _inside(frame, rect, inset)
        painter.fillRect(rect, QColor(*one))
        if cell >= _HAIRLINES_FROM:
            _hairline(painter, rect)
        weight = float(plates.weights[k])
        if cell >= NUMBERS_FROM:
            value = None if plates.values is None else float(plates.values[k])
            _write_weight(painter, frame, rect, weight, value, one)
        elif weight < 0 and cell >= _BARS_FROM:
            paint_bar(painter, rect)


def _inside(frame: Frame, rect: QRect, inset: int) -> QRect:
    """The part of a cell that a plate takes: its coordinates above stay free."""
    top = max(inset, round(COORDINATES_HIGH * frame.ratio)) if frame.logical_cell >= COORDINATES_FROM else inset
    return rect.adjusted(inset, top, -inset, -inset)


def _seen(frame: Frame, plates: Plates) -> Plates:
    """The plates that are in view: a dense row has a thousand."""
    if len(plates.weights) <= 64:
        return plates
    window = frame.visible((int(plates.rows.max()) + 1, int(plates.cols.max()) + 1))
    keep = (plates.rows >= window.top) & (plates.rows < window.bottom)
    keep &= (plates.cols >= window.left) & (plates.cols < window.right)
    values = None if plates.values is None else plates.values[keep]
    return Plates(plates.rows[keep], plates.cols[keep], plates.weights[keep], plates.peak, values)


def _paint_bars(painter: QPainter, frame: Frame, plates: Plates) -> None:
    """The signs of many small plates, in one go; hairlines are left out."""
    negative = plates.weights < 0
    places = zip(plates.rows[negative].tolist(), plates.cols[negative].tolist(), strict=True)
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(BLACK)
    painter.drawRects([_bar(cell_rect(frame, row, col)) for row, col in places])
    painter.restore()


def _paint_carpet(painter: QPainter, frame: Frame, plates: Plates, rgb: Bytes) -> None:
    """Many small plates as one picture: pixel by pixel they would cost milliseconds."""
    if not len(plates.rows):
        return
    top, left = int(plates.rows.min()), int(plates.cols.min())
    shape = (int(plates.rows.max()) - top + 1, int(plates.cols.max()) - left + 1)
    tile = np.zeros((*shape, 4), np.uint8)
    tile[plates.rows - top, plates.cols - left, :3] = rgb
    tile[plates.rows - top, plates.cols - left, 3] = 255
    image = QImage(tile.data, shape[1], shape[0], 4 * shape[1], QImage.Format.Format_RGBA8888)
    first = cell_rect(frame, top, left)
    last = cell_rect(frame, top + shape[0] - 1, left + shape[1] - 1)
    painter.drawImage(first.united(last), image)


def _hairline(painter: QPainter, rect: QRect) -> None:
    """A translucent black line of one device pixel inside a cell's edge."""
    x, y, w, h = rect.x(), rect.y(), rect.width(), rect.height()
    painter.fillRect(x, y, w, 1, _HAIRLINE)
    painter.fillRect(x, y + h - 1, w, 1, _HAIRLINE)
    painter.fillRect(x, y + 1, 1, h - 2, _HAIRLINE)
    painter.fillRect(x + w - 1, y + 1, 1, h - 2, _HAIRLINE)


def paint_bar(painter: QPainter, rect: QRect) -> None:
    """The sign of a negative weight where there is no room for a number: a black bar."""
    painter.fillRect(_bar(rect), BLACK)


def _bar(rect: QRect) -> QRect:
    width, height = max(rect.width() // 2, 2), max(rect.height() // 8, 1)
    return QRect(rect.center().x() - (width - 1) // 2, rect.center().y() - height // 2, width, height)


def _write_weight(
    painter: QPainter, frame: Frame, rect: QRect, weight: float, value: float | None, rgb: list[int]
) -> None:
    cell, ratio = frame.logical_cell, frame.ratio
    room = rect.width() / ratio
    decimals = decimals_for(room)
    painter.setPen(QColor(*ink_on(rgb)))
    size = 10 if cell < _VALUES_FROM else 13 if cell < 96 else 16
    painter.setFont(device_font(size, 500 if size > 10 else 600, ratio))
    text = cell_number(weight, decimals)
    if value is None or cell < _VALUES_FROM:
        draw_centred(painter, rect, text)
        return
    line = round((size + 8) * ratio)
    middle = rect.center().y() + round(2 * ratio)
    draw_centred(painter, QRect(rect.x(), middle - line, rect.width(), line), text)
    painter.setFont(device_font(10 if size < 16 else 12, 500, ratio))
    draw_centred(painter, QRect(rect.x(), middle, rect.width(), round(16 * ratio)), f"× {cell_number(value, decimals)}")


def _paint_zero(painter: QPainter, frame: Frame, pixel: Pixel, colour: Colour) -> None:
    """A tap whose weight is exactly 0 here: outlined, no plate."""
    rect = cell_rect(frame, *pixel)
    inset = max(round(3 * frame.ratio), round(min(frame.cell) / 8)) if frame.logical_cell >= _INSET_FROM else 1
    under = colour(*pixel)
    inner = _inside(frame, rect, inset)
    if frame.logical_cell >= _INSET_FROM and under is not None:
        painter.fillRect(inner, QColor(*under[:3].tolist()))
    outlined(painter, inner, WHITE)
    if frame.logical_cell >= _INSET_FROM:
        ink = ink_on(under.tolist()) if under is not None else (255, 255, 255)
        painter.setPen(QColor(*ink))
        painter.setFont(device_font(10, 600, frame.ratio))
        draw_centred(painter, inner, "0")


def _dash(painter: QPainter, rect: QRect) -> None:
    """A dashed outline, white on black: the pixel under the pointer while another is locked."""
    outlined(painter, rect, BLACK)
    painter.setPen(QPen(WHITE, 0, Qt.PenStyle.CustomDashLine))
    pen = painter.pen()
    pen.setDashPattern([3, 3])
    painter.setPen(pen)
    painter.drawRect(rect.adjusted(0, 0, -1, -1))


def _strike(painter: QPainter, rect: QRect) -> None:
    """A pixel that was overwritten: struck through."""
    for shift, ink in ((1, BLACK), (0, WHITE)):
        painter.setPen(QPen(ink, 0))
        painter.drawLine(rect.topLeft() + QPoint(0, shift), rect.bottomRight() + QPoint(0, shift))
    outlined(painter, rect, WHITE)


def _cross_hatch(painter: QPainter, rect: QRect) -> None:
    """A pixel that no source reaches."""
    painter.fillRect(rect, QBrush(WHITE, Qt.BrushStyle.DiagCrossPattern))
