"""A close look at the source around the probe: at least 9 × 9 pixels, always the whole support and one around it."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRect, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.kernels.arrays import Pixel, Window
from workbench.kernels.placement import IDENTITY
from workbench.model.document import SOURCE
from workbench.model.looks import look_of
from workbench.model.prepared import PreparedSource
from workbench.model.probe import world_of
from workbench.ui.camera import Frame
from workbench.ui.context import Context
from workbench.ui.marks import Marks, marks_for
from workbench.ui.overlay import Look, cell_rect, paint_marks
from workbench.ui.pixel_item import Bytes, device_pixels

CELLS = 9
MOST_CELLS = 33


class Magnifier(QWidget):
    """The pixels of the source around the probe, with the same plates as in the source's panel."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._marks = Marks()
        self._window = Window(0, 0, CELLS, CELLS)
        self._shown: tuple[PreparedSource | None, bool] = (None, True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Source around the probe")
        self.set_side(72)

    @property
    def window_shown(self) -> Window:
        """Which source pixels are shown; some may lie beyond the source."""
        return self._window

    @property
    def marks(self) -> Marks:
        return self._marks

    def set_side(self, side: int) -> None:
        """Its side in logical pixels."""
        self._side = side
        self.setFixedSize(side, side)

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def show_probe(self) -> None:
        """Follow the probe; called by the card, which is told of every change."""
        context = self._context
        comparison, results, probe = context.session.value, context.results, context.probe
        view = context.view.value
        placing = view.placing
        marks = marks_for(SOURCE, comparison, results, probe, view.channel, placing, view.scatter)
        before = (self._window, self._shown)
        same = marks.same(self._marks)
        self._marks = marks
        self._shown = (results.prepared, probe.active is None)
        world = None if probe.active is None else world_of(results, comparison, probe.active, placing)
        if world is not None:
            down, across = placing.offset(SOURCE)
            self._window = _around(Pixel(math.floor(world[0] - down), math.floor(world[1] - across)), self._marks)
        if not same or before != (self._window, self._shown):
            self.update()

    def _frame(self) -> Frame:
        """Whole device pixels for each source pixel."""
        ratio = self.devicePixelRatioF()
        room, cells = self._side * ratio, self._window.height
        cell = max(1, int(room // cells))
        rest = math.floor((room - cell * cells) / 2)
        origin = (float(rest - self._window.top * cell), float(rest - self._window.left * cell))
        at = self.mapTo(self.window(), QPointF(0, 0)) * ratio
        phase = tuple(math.ceil(round(place, 6)) - round(place, 6) for place in (at.y(), at.x()))
        return Frame((room, room), origin, (float(cell), float(cell)), IDENTITY, (phase[0], phase[1]), ratio)

    def paintEvent(self, event: QPaintEvent) -> None:
        prepared, theme = self._context.results.prepared, self._context.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("chrome"))
        if prepared is None or self._context.probe.active is None:
            return
        seen = self._window.intersect(Window.of(prepared.shape))
        if seen.is_empty:
            return
        view, frame = self._context.view.value, self._frame()
        rgba = look_of(SOURCE, view).colours(prepared.values[seen.slices])
        with device_pixels(painter, frame):
            whole = cell_rect(frame, self._window.top, self._window.left)
            whole = whole.united(cell_rect(frame, self._window.bottom - 1, self._window.right - 1))
            painter.fillRect(whole, theme.color("canvas"))
            painter.setClipRect(whole)
            _draw(painter, frame, seen, rgba)

            def colour(row: int, col: int) -> Bytes | None:
                inside = seen.top <= row < seen.bottom and seen.left <= col < seen.right
                return rgba[row - seen.top, col - seen.left] if inside else None

            paint_marks(painter, frame, self._marks, colour, Look.of(theme))


def _draw(painter: QPainter, frame: Frame, seen: Window, rgba: Bytes) -> None:
    cell = int(frame.cell[0])
    pixels = np.repeat(np.repeat(rgba, cell, axis=0), cell, axis=1)
    height, width = pixels.shape[:2]
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBX8888)
    painter.drawImage(QRect(cell_rect(frame, seen.top, seen.left).topLeft(), image.size()), image)


def _around(centre: Pixel, marks: Marks) -> Window:
    """A square around a source pixel that holds the whole support and one pixel more."""
    rows, cols = marks.cells
    rows = np.append(rows, [tap.row for tap in marks.outside])
    cols = np.append(cols, [tap.col for tap in marks.outside])
    far = max(np.abs(rows - centre.row).max(initial=-1), np.abs(cols - centre.col).max(initial=-1))
    reach = max(CELLS // 2, int(far) + 1)
    reach = min(reach, MOST_CELLS // 2)
    return Window(centre.row - reach, centre.col - reach, centre.row + reach + 1, centre.col + reach + 1)
