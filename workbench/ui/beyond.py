"""Marks of what is not there: samples outside, cropped taps, stuffed zeros, what a dense row leaves out; and badges.

Convention
    Device pixels of a `Frame`, as in `overlay`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QImage, QPainter, QPen, QPolygonF, QRegion

from workbench.kernels.arrays import Pixel, Window
from workbench.model.display import ink_on, weight_rgb
from workbench.model.stamps import Hollow
from workbench.ui.camera import Frame
from workbench.ui.looks import BLACK, WHITE, Look, cell_rect
from workbench.ui.marks import Cropped, Lattice, Outside
from workbench.ui.pixel_text import cell_number, decimals_for, device_font, draw_centred

RULES_FROM = 48.0
_SENTENCES_FROM = 96.0
_HOLLOW_FROM = 16.0
_ARROWS_FROM = 16.0
_MOST_ARROWS = 96
_MOST_CELLS = 3000
_RIM = (150, 90, 40)
_BADGE_HEIGHT = 18


def outlined(painter: QPainter, rect: QRect, colour: QColor) -> None:
    """A frame of one device pixel inside a rectangle."""
    for edge in QRegion(rect).subtracted(QRegion(rect.adjusted(1, 1, -1, -1))):
        painter.fillRect(edge, colour)


def paint_outside(painter: QPainter, frame: Frame, tap: Outside, peak: float, look: Look) -> None:
    """A tap beyond the frame of the source: hatched, with its weight and the rule where there is room."""
    rect = cell_rect(frame, tap.row, tap.col)
    painter.fillRect(rect, look.canvas)
    painter.fillRect(rect, QBrush(look.hatch, Qt.BrushStyle.BDiagPattern))
    outlined(painter, rect, look.hatch)
    if frame.logical_cell < RULES_FROM:
        return
    ratio = frame.ratio
    plate = QRect(0, 0, round(rect.width() * 0.75), round(16 * ratio))
    plate.moveCenter(rect.center() - QPoint(0, round(8 * ratio)))
    dropped = tap.real is None and tap.weight == 0
    if not dropped:
        rgb = weight_rgb(tap.weight, peak).tolist()
        painter.fillRect(plate, QColor(*rgb))
        painter.setPen(QColor(*ink_on(rgb)))
        painter.setFont(device_font(10, 600, ratio))
        draw_centred(painter, plate, cell_number(tap.weight, decimals_for(plate.width() / ratio)))
    words = tap.text if frame.logical_cell >= _SENTENCES_FROM else "dropped" if dropped else tap.rule
    painter.setFont(device_font(10, 400, ratio))
    room = QRect(rect.left() + 1, plate.bottom() + 1, rect.width() - 2, round(32 * ratio))
    for k, line in enumerate(_wrapped(words, room.width(), painter)):
        place = QRect(room.left(), room.top() + k * round(14 * ratio), room.width(), round(14 * ratio))
        painter.fillRect(place, look.canvas)
        painter.setPen(look.hatch)
        draw_centred(painter, place, line)


def _wrapped(words: str, room: int, painter: QPainter) -> list[str]:
    """At most two lines."""
    metrics = painter.fontMetrics()
    if metrics.horizontalAdvance(words) <= room:
        return [words]
    parts = words.split(" ")
    cut = max(1, next((k for k in range(len(parts), 0, -1) if _fits(metrics, parts[:k], room)), 1))
    return [" ".join(parts[:cut]), metrics.elidedText(" ".join(parts[cut:]), Qt.TextElideMode.ElideRight, room)]


def _fits(metrics: QFontMetrics, parts: Sequence[str], room: int) -> bool:
    return bool(metrics.horizontalAdvance(" ".join(parts)) <= room)


def paint_arrows(painter: QPainter, frame: Frame, outside: Sequence[Outside]) -> None:
    """From each tap outside to the pixel that stands for it."""
    folded = [tap for tap in outside if tap.real is not None]
    if frame.logical_cell < _ARROWS_FROM or len(folded) > _MOST_ARROWS:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    size = 5.0 * frame.ratio
    for tap in folded:
        assert tap.real is not None
        places = ((tap.row, tap.col), tap.real)
        start, end = (QPointF(cell_rect(frame, *place).center()) + QPointF(0.5, 0.5) for place in places)
        inside = cell_rect(frame, *tap.real)
        way = end - start
        length = math.hypot(way.x(), way.y())
        if length == 0:
            continue
        along = way / length
        # Numbers stand in the middle of cells, coordinates in their upper left: the arrow runs at the right, or below.
        side = 1.0 if along.x() >= along.y() else -1.0
        aside = QPointF(-along.y(), along.x()) * (side * round(min(frame.cell) * 0.4))
        begin = start + aside + along * (min(frame.cell) * 0.3)
        tip = end + aside - along * (min(inside.width(), inside.height()) * 0.3)
        across = QPointF(-along.y(), along.x()) * (size * 0.6)
        head = QPolygonF([tip, tip - along * size + across, tip - along * size - across])
        for ink, width in ((BLACK, 3.0), (WHITE, 1.0)):
            painter.setPen(QPen(ink, width * frame.ratio))
            painter.drawLine(begin, tip)
            painter.setBrush(ink)
            painter.setPen(QPen(ink, (width - 1) * frame.ratio) if width > 1 else Qt.PenStyle.NoPen)
            painter.drawPolygon(head)
    painter.restore()


def paint_cropped(painter: QPainter, frame: Frame, cut: Cropped, look: Look) -> None:
    """A part of a stamp beyond the output: grey, its weight where there is room."""
    rect = cell_rect(frame, cut.row, cut.col)
    grey = QColor(look.hatch)
    grey.setAlpha(70)
    painter.fillRect(rect, look.canvas)
    painter.fillRect(rect, grey)
    outlined(painter, rect, look.hatch)
    if frame.logical_cell >= 32:
        painter.setPen(look.hatch)
        painter.setFont(device_font(10, 500, frame.ratio))
        draw_centred(painter, rect, cell_number(cut.weight, decimals_for(frame.logical_cell)))


def hollow_rects(frame: Frame, hollow: Hollow | None) -> list[QRect]:
    """The squares of taps on stuffed zeros, their black edge included; none where pixels are small."""
    if hollow is None or frame.logical_cell < _HOLLOW_FROM:
        return []
    half, first = max(3, round(min(frame.cell) / 12)) + 1, cell_rect(frame, 0, 0)
    rects = []
    for y, x in zip(hollow.ys.tolist(), hollow.xs.tolist(), strict=True):
        across, down = first.left() + (x + 0.5) * frame.cell[1], first.top() + (y + 0.5) * frame.cell[0]
        rects.append(QRect(round(across) - half, round(down) - half, 2 * half + 1, 2 * half + 1))
    return rects


def paint_hollow(painter: QPainter, frame: Frame, hollow: Hollow) -> None:
    """Taps on stuffed zeros: small empty squares between the samples."""
    for rect in hollow_rects(frame, hollow):
        outlined(painter, rect, BLACK)
        outlined(painter, rect.adjusted(1, 1, -1, -1), WHITE)


def rim_step(frame: Frame) -> int:
    """Width of one ring of a faded rim."""
    return min(max(3, round(min(frame.cell) * 0.6)), 16)


def paint_rim(painter: QPainter, frame: Frame, support: QRect) -> None:
    """A row that goes on beyond its support with next to no weight: three fading rings of its colour."""
    step, inner = rim_step(frame), QRegion(support)
    for k, strength in enumerate(_RIM, 1):
        outer = QRegion(support.adjusted(-k * step, -k * step, k * step, k * step))
        shade = QColor(*weight_rgb(0.0, 1.0).tolist())
        shade.setAlpha(strength)
        for rect in outer.subtracted(inner):
            painter.fillRect(rect, shade)
        inner = outer


def paint_lattice(painter: QPainter, frame: Frame, lattice: Lattice) -> None:
    """All pixels that use one tap, in its colour; only what is seen is painted."""
    seen = frame.visible((lattice.rows.stop, lattice.cols.stop))
    rows, cols = _within(lattice.rows, seen.top, seen.bottom), _within(lattice.cols, seen.left, seen.right)
    if not len(rows) or not len(cols):
        return
    rgb = weight_rgb(lattice.weight, lattice.peak).tolist()
    if len(rows) * len(cols) > _MOST_CELLS:
        _paint_many(painter, frame, rows, cols, rgb)
        return
    cell = frame.logical_cell
    inset = max(round(3 * frame.ratio), round(min(frame.cell) / 8)) if cell >= 24 else 0
    for row in rows:
        for col in cols:
            rect = cell_rect(frame, row, col).adjusted(inset, inset, -inset, -inset)
            painter.fillRect(rect, QColor(*rgb))
            if cell >= 10:
                outlined(painter, rect, BLACK)
            if cell >= 32:
                painter.setPen(QColor(*ink_on(rgb)))
                painter.setFont(device_font(10, 600, frame.ratio))
                draw_centred(painter, rect, cell_number(lattice.weight, decimals_for(rect.width() / frame.ratio)))


def _within(line: range, first: int, last: int) -> range:
    """The part of a stepped range that lies in a window."""
    begin = max(0, -((line.start - first) // line.step)) if line.step else 0
    return range(line.start + begin * line.step, min(line.stop, last), line.step)


def _paint_many(painter: QPainter, frame: Frame, rows: range, cols: range, rgb: list[int]) -> None:
    """Small pixels as one picture, at most as fine as the screen."""
    window = Window(rows[0], cols[0], rows[-1] + 1, cols[-1] + 1)
    thin = max(1, math.ceil(1 / min(frame.cell)))
    height, width = -(-window.height // thin), -(-window.width // thin)
    tile = np.zeros((height, width, 4), np.uint8)
    down = np.unique((np.asarray(rows) - window.top) // thin)
    across = np.unique((np.asarray(cols) - window.left) // thin)
    tile[np.ix_(down, across)] = (*rgb, 255)
    image = QImage(tile.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
    first = cell_rect(frame, window.top, window.left)
    painter.drawImage(first.united(cell_rect(frame, window.bottom - 1, window.right - 1)), image)


def badge_rect(frame: Frame, pixel: Pixel, words: str) -> QRect:
    """The plate beside a framed pixel: at its right, inside the view where it would stick out."""
    ratio = frame.ratio
    metrics = QFontMetrics(device_font(10, 500, ratio))
    cell = cell_rect(frame, *pixel)
    width, height = metrics.horizontalAdvance(words) + round(12 * ratio), round(_BADGE_HEIGHT * ratio)
    left = cell.right() + round(6 * ratio)
    if left + width > frame.size[1]:
        left = max(cell.left() - round(6 * ratio) - width, 0)
    top = min(max(cell.center().y() - height // 2, 0), math.floor(frame.size[0]) - height)
    return QRect(left, top, width, height)


def paint_badge(painter: QPainter, frame: Frame, pixel: Pixel, words: str, look: Look) -> None:
    """What is particular about the framed pixel, in words beside it."""
    rect = badge_rect(frame, pixel, words)
    painter.fillRect(rect, look.canvas)
    outlined(painter, rect, look.hatch)
    painter.setPen(look.hatch)
    painter.setFont(device_font(10, 500, frame.ratio))
    draw_centred(painter, rect, words)
