"""A close look at the source around the probe: at least 9 × 9 pixels, always the whole support and one around it.

In the card it is small; a click on it opens one above the card whose pixels are large enough for numbers.
"""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
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
from workbench.ui.pixel_text import draws_anything, pixel_layer

CELLS = 9
MOST_CELLS = 33
_LARGE_CELLS = (48, 40, 32)
"""Sizes of a pixel in the large one, logical pixels, that have room for a number."""
_SHARE = 0.65
"""Of the window's height that the large one takes if its numbers can then be read."""
_FOOT = 20


class Close(QWidget):
    """The pixels of the source around the probe in a square, with the same plates as in the source's panel.

    Signals
    -------
    clicked : a press and a release of the left button; of the small one also Space or Return.
    """

    clicked = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._marks = Marks()
        self._window = Window(0, 0, CELLS, CELLS)
        self._shown: tuple[PreparedSource | None, bool] = (None, True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._side = 72

    @property
    def window_shown(self) -> Window:
        """Which source pixels are shown; some may lie beyond the source."""
        return self._window

    @property
    def marks(self) -> Marks:
        return self._marks

    def show_probe(self) -> None:
        """Follow the probe."""
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

    def frame(self) -> Frame:
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
        if prepared is not None and self._context.probe.active is not None:
            self._paint_pixels(painter, prepared)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _paint_pixels(self, painter: QPainter, prepared: PreparedSource) -> None:
        theme = self._context.theme
        seen = self._window.intersect(Window.of(prepared.shape))
        if seen.is_empty:
            return
        view, frame = self._context.view.value, self.frame()
        look, values = look_of(SOURCE, view), prepared.values[seen.slices]
        rgba = look.colours(values)
        with device_pixels(painter, frame):
            whole = cell_rect(frame, self._window.top, self._window.left)
            whole = whole.united(cell_rect(frame, self._window.bottom - 1, self._window.right - 1))
            painter.fillRect(whole, theme.color("canvas"))
            painter.setClipRect(whole)
            _draw(painter, frame, seen, rgba)
            if draws_anything(frame):
                painter.drawPixmap(0, 0, pixel_layer(frame, seen, look.seen(values), rgba))

            def colour(row: int, col: int) -> Bytes | None:
                inside = seen.top <= row < seen.bottom and seen.left <= col < seen.right
                return rgba[row - seen.top, col - seen.left] if inside else None

            paint_marks(painter, frame, self._marks, colour, Look.of(theme))

    # ---- events ------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.setAccepted(event.button() == Qt.MouseButton.LeftButton)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


class Magnifier(Close):
    """The small one in the card, which opens the large one."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._large: LargeMagnifier | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Source around the probe")
        self.setToolTip("<b>Source around the probe</b><br>A click enlarges it until its numbers can be read")
        self.clicked.connect(self.enlarge)
        self.set_side(72)

    @property
    def large(self) -> LargeMagnifier | None:
        """The large one, while it is there."""
        return self._large if self._large is not None and not self._large.isHidden() else None

    def enlarge(self) -> None:
        """The large one, until its numbers are read; again: not any more."""
        if self._large is None:
            self._large = LargeMagnifier(self._context, self)
            self._large.clicked.connect(self._large.hide)
        self._large.setVisible(self._large.isHidden())
        self._large.show_probe()

    def set_side(self, side: int) -> None:
        """Its side in logical pixels."""
        self._side = side
        self.setFixedSize(side, side)

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def show_probe(self) -> None:
        """Follow the probe; called by the card, which is told of every change."""
        super().show_probe()
        if self.large is not None:
            self.large.show_probe()

    def show_look(self) -> None:
        """Other colours for the same pixels."""
        for one in (self, self.large):
            if one is not None:
                one.update()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self.large is not None:
            self.large.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clicked.emit()
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


class LargeMagnifier(Close):
    """The large one above the card, until it is clicked."""

    def __init__(self, context: Context, small: Magnifier) -> None:
        super().__init__(context, small.window())
        self._small = small
        self.setAccessibleName("Source around the probe, enlarged")
        self.setToolTip("A click or Esc puts it away")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.hide()
        self.parentWidget().installEventFilter(self)

    def show_probe(self) -> None:
        super().show_probe()
        self.settle()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.settle()
        return False

    def settle(self) -> None:
        """Over the right end of what lies above the card, as large as it needs and the window allows."""
        if self.isHidden():
            return
        small, cells = self._small, self.window_shown.height
        card = small.parentWidget()
        corner = card.mapTo(self.parentWidget(), QPoint(card.width(), 0)) - QPoint(8, 8)
        room = min(corner.y() - _FOOT - 48, corner.x() - 8)
        wanted = min(room, round(self.parentWidget().height() * _SHARE))
        cell = next((one for one in _LARGE_CELLS if one * cells + 2 <= wanted), _LARGE_CELLS[-1])
        side = max(min(cell * cells + 2, room), 72)
        self._side = side
        self.setFixedSize(side, side + _FOOT)
        self.move(corner - QPoint(self.width(), self.height()))
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter, theme, seen = QPainter(self), self._context.theme, self.window_shown
        painter.setFont(theme.font(10, 500))
        painter.setPen(theme.color("text3"))
        words = f"Source, rows {seen.top} … {seen.bottom - 1}, columns {seen.left} … {seen.right - 1}"
        foot = QRect(8, self._side, self.width() - 16, _FOOT)
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignVCenter), words.replace("-", "\N{MINUS SIGN}"))
        painter.setPen(theme.color("outline"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


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
