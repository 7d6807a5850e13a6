"""Grid, values and coordinates drawn on magnified pixels: a colour is a guess, a number settles it.

Convention
    Everything here is painted in device pixels of a `Frame`; thresholds are in logical pixels.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPixmap

from workbench.kernels.arrays import Window, channels_of
from workbench.model.display import ink_on
from workbench.ui.camera import Frame
from workbench.ui.fonts import make_font
from workbench.ui.glyphs import Figures, figures_of

NUMBERS_FROM = 32.0
COLOUR_NUMBERS_FROM = 48.0
COORDINATES_FROM = 72.0
COORDINATES_HIGH = 16.0
"""What they take of a pixel from above."""
_GRID_ABOVE = 10.0
_GRID_FULL = 32.0
_FADE = 16.0
_FAINTEST = 0.35
_DARK, _LIGHT = 120, 90
MAX_CELLS = 20_000
CHANNEL_COLOURS = (QColor(230, 50, 50), QColor(40, 190, 60), QColor(70, 100, 255))
"""Red, green and blue: the numbers of three channels, from above."""
_INKS = (QColor(0, 0, 0), QColor(255, 255, 255))

Values = npt.NDArray[np.floating[Any]]
Bytes = npt.NDArray[np.uint8]


def device_font(size: float, weight: int, ratio: float) -> QFont:
    """A font for painting in device pixels: ``size`` logical pixels high, whatever the ratio."""
    font = make_font(size, weight)
    font.setPixelSize(max(1, round(font.pixelSize() * ratio)))
    return font


def decimals_for(room: float) -> int:
    """How many decimals a number may have in a cell of this width, logical pixels."""
    return 2 if room < 28 else 3 if room < 56 else 4


def cell_number(value: float, decimals: int) -> str:
    """A value as it stands in a cell: whole numbers as such, others with fixed decimals, short ones without the 0.

    A true minus; where four decimals fit, the 0 before the point stays.
    """
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("−∞" if value < 0 else "∞")
    if value == int(value) and abs(value) < 1e6:
        text = str(int(value))
    elif abs(value) >= 1e4:
        text = f"{value:.{max(decimals - 1, 1)}g}"
    else:
        whole = len(str(int(abs(value)))) - 1
        text = f"{value:.{max(decimals - whole, 0)}f}"
        if decimals < 4:
            text = text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text
        if not text.strip("-.0"):
            text = text.lstrip("-")
    return text.replace("-", "−")


def grid_strength(cell: float) -> float:
    """How strongly the grid shows at this cell size (logical pixels), 0 … 1: it fades in as cells grow."""
    return min(max((cell - _GRID_ABOVE) / (_GRID_FULL - _GRID_ABOVE), 0.0), 1.0)


def number_strength(cell: float, begin: float) -> float:
    """How strongly numbers show that begin at one cell size: faintly there, fully 16 px later; 0 below."""
    return 0.0 if cell < begin else min(_FAINTEST + (1 - _FAINTEST) * (cell - begin) / _FADE, 1.0)


def draws_anything(frame: Frame) -> bool:
    """Whether pixels are large enough for a grid or numbers."""
    return frame.reduction == 1 and grid_strength(frame.logical_cell) > 0


def pixel_layer(frame: Frame, window: Window, values: Values | None, rgba: Bytes) -> QPixmap:
    """Grid and numbers of all visible pixels as one picture, kept by the view while the camera rests.

    Parameters
    ----------
    frame : Frame
    window : Window
        The pixels to write on; ``values`` and ``rgba`` hold exactly these.
    values : (h, w) or (h, w, c), optional
        None draws neither numbers nor coordinates.
    rgba : (h, w, 4) uint8
        The colours beneath, which decide the ink.
    """
    height, width = (max(math.ceil(side), 1) for side in frame.size)
    lines = np.zeros((height, width), np.uint32)
    _draw_grid(lines, frame, window)
    layer = QPixmap.fromImage(
        QImage(lines.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()
    )
    painter = QPainter(layer)
    if window.height * window.width <= MAX_CELLS and values is not None:
        _paint_values(painter, frame, window, values, rgba)
        painter.setOpacity(number_strength(frame.logical_cell, COORDINATES_FROM))
        if frame.logical_cell >= COORDINATES_FROM:
            _paint_coordinates(painter, frame, window, rgba)
    painter.end()
    return layer


def _draw_grid(lines: npt.NDArray[np.uint32], frame: Frame, window: Window) -> None:
    """Lines of one device pixel before each edge, and light ones behind those on edges of source pixels."""
    strength = grid_strength(frame.logical_cell)
    dark, bright = round(_DARK * strength) << 24, round(_LIGHT * strength) * 0x01010101
    (top, left), (bottom, right) = frame.edge(window.top, window.left), frame.edge(window.bottom, window.right)
    rows, cols = slice(max(top, 0), max(bottom, 0)), slice(max(left, 0), max(right, 0))
    steps = zip(frame.placement.step, frame.placement.offset, strict=True)
    (down_step, down_from), (across_step, across_from) = steps
    for light in (False, True):
        for row in range(window.top, window.bottom + 1):
            y = frame.edge(row, 0)[0] - (not light)
            if 0 <= y < lines.shape[0] and (not light or _on_world_line(down_from + row * down_step)):
                lines[y, cols] = bright if light else dark
        for col in range(window.left, window.right + 1):
            x = frame.edge(0, col)[1] - (not light)
            if 0 <= x < lines.shape[1] and (not light or _on_world_line(across_from + col * across_step)):
                lines[rows, x] = bright if light else dark


def _on_world_line(place: float) -> bool:
    """Whether an edge lies on the edge of a source pixel: those are drawn light beside dark."""
    return abs(place - round(place)) < 1e-9


def _paint_values(painter: QPainter, frame: Frame, window: Window, values: Values, rgba: Bytes) -> None:
    cell, channels = frame.logical_cell, min(channels_of(values), 3)
    channels = 1 if channels == 2 else channels
    strength = number_strength(cell, NUMBERS_FROM if channels == 1 else COLOUR_NUMBERS_FROM)
    if not strength:
        return
    painter.setOpacity(strength)
    size = value_size(cell, channels)
    figures = figures_of(device_font(size, 500, frame.ratio))
    metrics = figures.metrics
    line, rise = metrics.height() * 0.95, (metrics.ascent() - metrics.descent()) / 2
    decimals = decimals_for(cell - 4)
    planes = values[:, :, None] if values.ndim == 2 else values[:, :, :channels]
    shown = planes.astype(np.float64)
    white = _white_ink(rgba)
    # A bar in the colour of the channel before each of three numbers: inks of their own would lack contrast.
    bar = max(2, round(2 * frame.ratio)) if channels == 3 else 0
    tops, lefts = _edges(frame, window)
    for k in range(channels):
        numbers = shown[:, :, k].ravel().tolist()
        texts = [cell_number(value, decimals) for value in numbers]
        room = frame.cell[1] - 3 * bar - 2 * frame.ratio
        for n in np.flatnonzero(figures.widths(texts) > room).tolist():
            texts[n] = _narrower(figures, numbers[n], room)
        base = np.repeat(tops + frame.cell[0] / 2 + rise + (k - (channels - 1) / 2) * line, window.width)
        left = np.tile(lefts + frame.cell[1] / 2 + 1.5 * bar, window.height) - figures.widths(texts) / 2
        for ink in (False, True):
            chosen = np.flatnonzero(white.ravel() == ink)
            figures.draw(painter, _INKS[ink], left[chosen], base[chosen], [texts[n] for n in chosen.tolist()])
        if bar:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(CHANNEL_COLOURS[k])
            corners = zip(np.rint(left - 2.5 * bar).tolist(), np.rint(base).tolist(), strict=True)
            height = round(2 * rise)
            painter.drawRects([QRect(int(x), int(y) - height, bar, height) for x, y in corners])


def _narrower(figures: Figures, value: float, room: float) -> str:
    """A number too wide for its cell in fewer digits, or three dots: never over its neighbours."""
    parts = [f"{value:.{places}e}".split("e") for places in (1, 0)]
    texts = [f"{digits}e{int(power)}".replace("-", "−") for digits, power in parts]
    return next((text for text, width in zip(texts, figures.widths(texts), strict=True) if width <= room), "…")


def _edges(frame: Frame, window: Window) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Device places of the upper edges of the rows, and of the left edges of the columns."""
    tops = [frame.edge(row, 0)[0] for row in range(window.top, window.bottom)]
    return np.array(tops, float), np.array([frame.edge(0, col)[1] for col in range(window.left, window.right)], float)


def value_size(cell: float, channels: int) -> float:
    """Size of the number on a pixel, logical pixels."""
    if channels > 1:
        return 10 if cell < 72 else 12
    return 10 if cell < 56 else 12 if cell < 96 else 14


def _white_ink(rgba: Bytes) -> npt.NDArray[np.bool_]:
    """Where the ink on these colours is white."""
    packed = np.ascontiguousarray(rgba[:, :, :4]).view(np.uint32)[:, :, 0]
    colours, where = np.unique(packed, return_inverse=True)
    inks = np.array([ink_on(rgb) == (255, 255, 255) for rgb in colours.view(np.uint8).reshape(-1, 4).tolist()])
    return np.asarray(inks[where].reshape(packed.shape))


def _paint_coordinates(painter: QPainter, frame: Frame, window: Window, rgba: Bytes) -> None:
    white = _white_ink(rgba).ravel()
    tops, lefts = _edges(frame, window)
    names = [f"{row}, {col}" for row in range(window.top, window.bottom) for col in range(window.left, window.right)]
    ys, xs = np.repeat(tops, window.width), np.tile(lefts, window.height)
    for ink in (False, True):
        chosen = np.flatnonzero(white == ink)
        _write_coordinates(painter, frame, xs[chosen], ys[chosen], [names[n] for n in chosen.tolist()], _INKS[ink])


def paint_coordinate(painter: QPainter, frame: Frame, row: int, col: int, colour: Bytes) -> None:
    """``26, 38`` in the upper left corner of a pixel."""
    y, x = frame.edge(row, col)
    ink = QColor(*ink_on(colour.tolist()))
    _write_coordinates(painter, frame, np.array([x]), np.array([y]), [f"{row}, {col}".replace("-", "−")], ink)


def _write_coordinates(painter: QPainter, frame: Frame, xs: Values, ys: Values, names: list[str], ink: QColor) -> None:
    figures = figures_of(device_font(10, 600, frame.ratio))
    figures.draw(painter, ink, xs + 6 * frame.ratio, ys + 3 * frame.ratio + figures.metrics.ascent(), names)


def draw_centred(painter: QPainter, rect: QRect, text: str) -> None:
    """A line of text in the middle of a rectangle."""
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), text)
