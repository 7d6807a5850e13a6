"""The plot of a histogram: curves over values, the range as two handles under them, the probed values as lines."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.model.display import Range, format_card
from workbench.model.histogram import Curve, Histogram
from workbench.ui.curves import curve_path
from workbench.ui.fonts import text_width
from workbench.ui.range_fitting import End
from workbench.ui.theme import Theme

_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 14, 8, 30
_HANDLE = 12
_COLOURS = ("#56B4E9", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#0072B2")
"""Okabe and Ito's that are seen on dark and on light ground."""


def curve_colour(k: int, count: int) -> QColor:
    """The colour of one of several curves; of more than six, colours between."""
    if count <= len(_COLOURS):
        return QColor(_COLOURS[k])
    at = k * (len(_COLOURS) - 1) / (count - 1)
    low = min(int(at), len(_COLOURS) - 2)
    a, b, share = QColor(_COLOURS[low]), QColor(_COLOURS[low + 1]), at - low
    pairs = ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    return QColor(*(round(x + (y - x) * share) for x, y in pairs))


class HistogramPlot(QWidget):
    """Paints a `Histogram`; the handles of the range are dragged, or moved by the arrow keys.

    Signals
    -------
    end_moved : (end, value)
    held : (bool,)
        The pointer takes hold of an end, or lets it go.
    pointed : (value or None,)
        The pointer is over a value.
    """

    end_moved = Signal(str, float)
    held = Signal(bool)
    pointed = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._histogram: Histogram | None = None
        self._range = self._clip = Range(0.0, 1.0)
        self._values: tuple[float, ...] = ()
        self._log = False
        self._end: End = "hi"
        self._drag: End | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Histogram")
        self.setToolTip("Drag an end of the range; arrow keys move it, Page Up and Page Down choose it")
        theme.changed.connect(self.update)

    def show_histogram(self, histogram: Histogram | None, ends: Range, log: bool, clip: Range | None = None) -> None:
        """Other counts, another range, or another scale.

        Parameters
        ----------
        clip : Range, optional
            Where the colours end, if gain or offset moves them away from the range; beyond them lies shadow.
        """
        self._histogram, self._range, self._log, self._clip = histogram, ends, log, clip or ends
        self.update()

    def show_values(self, values: tuple[float, ...]) -> None:
        """The probed value of each picture."""
        if values != self._values:
            self._values = values
            self.update()

    # ---- where things lie --------------------------------------------------------------------------------------

    @property
    def area(self) -> QRectF:
        """Where the curves are."""
        return QRectF(_LEFT, _TOP, max(self.width() - _LEFT - _RIGHT, 1), max(self.height() - _TOP - _BOTTOM, 1))

    def _scale(self) -> tuple[float, float]:
        """The values at the left and the right side."""
        if self._histogram is None:
            return self._range.lo, self._range.hi
        edges = self._histogram.edges
        return float(edges[0]), float(edges[-1])

    def x_of(self, value: float) -> float:
        """Where a value lies; beyond the sides, at them."""
        lo, hi = self._scale()
        share = min(max((value - lo) / (hi - lo), 0.0), 1.0)
        return self.area.left() + share * self.area.width()

    def value_at(self, x: float) -> float:
        lo, hi = self._scale()
        return lo + (x - self.area.left()) / self.area.width() * (hi - lo)

    def height_of(self, curve: Curve) -> np.ndarray:
        """Heights 0 … 1 of the bins of a curve: shares of its values, beside the largest of all curves."""
        assert self._histogram is not None
        most = max((one.counts.max() / max(one.total, 1) for one in self._histogram.curves), default=0.0)
        share = curve.counts / max(curve.total, 1)
        if not most > 0:
            return share
        if not self._log:
            return share / most
        # One value more or less of the largest curve is the unit, so that single values stand above nothing.
        unit = max(one.total for one in self._histogram.curves)
        heights: np.ndarray = np.log1p(share * unit) / np.log1p(most * unit)
        return heights

    def _rounded(self, value: float) -> float:
        """A value in as many places as this plot tells apart."""
        return Range(*self._scale()).rounded(value)

    # ---- painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme, area = QPainter(self), self._theme, self.area
        painter.fillRect(self.rect(), theme.color("chrome"))
        painter.fillRect(area, theme.color("field"))
        if self._histogram is None or not self._histogram.curves:
            painter.setPen(theme.color("text3"))
            painter.setFont(theme.font(12))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "Nothing to count yet")
            return
        self._paint_curves(painter)
        self._paint_beyond(painter)
        self._paint_values(painter)
        painter.setPen(theme.color("line"))
        painter.drawRect(area)
        self._paint_axis(painter)
        for end in ("lo", "hi"):
            self._paint_handle(painter, end)

    def _paint_curves(self, painter: QPainter) -> None:
        assert self._histogram is not None
        area, curves, edges = self.area, self._histogram.curves, self._histogram.edges
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        xs = np.repeat([self.x_of(edge) for edge in edges], 2)[1:-1]
        for k, curve in enumerate(curves):
            ys = area.bottom() - np.repeat(self.height_of(curve), 2) * (area.height() - 4)
            painter.setPen(QPen(curve_colour(k, len(curves)), 1.2))
            painter.drawPath(curve_path(xs, ys))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_beyond(self, painter: QPainter) -> None:
        """What the colours do not tell apart lies in shadow."""
        area, shade = self.area, QColor(self._theme.color("canvas"))
        shade.setAlpha(150)
        lo, hi = self.x_of(self._clip.lo), self.x_of(self._clip.hi)
        painter.fillRect(QRectF(area.left(), area.top(), lo - area.left(), area.height()), shade)
        painter.fillRect(QRectF(hi, area.top(), area.right() - hi, area.height()), shade)

    def _paint_values(self, painter: QPainter) -> None:
        area = self.area
        painter.setPen(QPen(self._theme.color("text"), 1, Qt.PenStyle.DashLine))
        for value in self._values:
            x = round(self.x_of(value))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    def _paint_axis(self, painter: QPainter) -> None:
        assert self._histogram is not None
        theme, area = self._theme, self.area
        painter.setFont(theme.font(10))
        painter.setPen(theme.color("text3"))
        lo, hi = self._histogram.ends.lo, self._histogram.ends.hi
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            value = lo + share * (hi - lo)
            text = format_card(self._rounded(value))
            wide = text_width(text, 10)
            left = min(round(self.x_of(value) - wide / 2), self.width() - 2 - wide)
            box = QRect(left, round(area.bottom()) + 12, wide + 2, 14)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), text)
        most = max((one.counts.max() / max(one.total, 1) for one in self._histogram.curves), default=0.0)
        label = QRect(2, round(area.top()) - 2, _LEFT - 8, 14)
        painter.drawText(label, int(Qt.AlignmentFlag.AlignRight), f"{100 * most:.2g} %")
        label.moveTop(round(area.bottom()) - 12)
        painter.drawText(label, int(Qt.AlignmentFlag.AlignRight), "log" if self._log else "0")

    def handle(self, end: End) -> QRectF:
        """The triangle of an end, under the plot."""
        x = self.x_of(self._range.lo if end == "lo" else self._range.hi)
        return QRectF(x - _HANDLE / 2, self.area.bottom() + 1, _HANDLE, 9)

    def _paint_handle(self, painter: QPainter, end: End) -> None:
        theme, box = self._theme, self.handle(end)
        focused = self.hasFocus() and end == self._end
        painter.setPen(theme.color("text2"))
        x = round(box.center().x())
        painter.drawLine(QPointF(x, self.area.top()), QPointF(x, self.area.bottom()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent" if focused else "text2"))
        painter.drawPolygon(QPolygonF([QPointF(box.center().x(), box.top()), box.bottomRight(), box.bottomLeft()]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if focused:
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRect(box.adjusted(-3, -1, 3, 3))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    # ---- acts --------------------------------------------------------------------------------------------------

    def _end_at(self, point: QPointF) -> End | None:
        near: list[tuple[float, End]] = [
            (abs(self.handle(end).center().x() - point.x()), end)
            for end in ("lo", "hi")
            if abs(self.handle(end).center().x() - point.x()) <= 7
        ]
        return min(near)[1] if near else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        end = self._end_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and end is not None:
            self._drag = self._end = end
            self.held.emit(True)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None:
            near = self._end_at(event.position()) is not None
            self.setCursor(Qt.CursorShape.SizeHorCursor if near else Qt.CursorShape.ArrowCursor)
            inside = self.area.contains(event.position())
            self.pointed.emit(self.value_at(event.position().x()) if inside else None)
            return
        self.end_moved.emit(self._drag, self._rounded(self.value_at(event.position().x())))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.let_go()

    def let_go(self) -> None:
        """The end is dragged no more."""
        if self._drag is not None:
            self._drag = None
            self.held.emit(False)

    def leaveEvent(self, event: object) -> None:
        self.pointed.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        lo, hi = self._scale()
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                way = 1 if event.key() == Qt.Key.Key_Right else -1
                value = self._range.lo if self._end == "lo" else self._range.hi
                self.end_moved.emit(self._end, self._rounded(value + way * 0.01 * (hi - lo)))
            case Qt.Key.Key_PageUp | Qt.Key.Key_PageDown:
                self._end = "hi" if event.key() == Qt.Key.Key_PageUp else "lo"
                self.update()
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
