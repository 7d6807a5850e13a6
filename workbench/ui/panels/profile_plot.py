"""The plot of a profile: curves of all slots, the source's samples as stems, the ideal, and a marker that can be led.

Convention
    Distances are source pixels from the line's beginning, values are those of the pictures; `Scales` carries both to
    logical pixels of the plot and back.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.model import colormaps
from workbench.model.display import format_value
from workbench.model.document import SOURCE
from workbench.model.profile import Curve, Profile
from workbench.ui.curves import curve_path
from workbench.ui.theme import Theme

Number = TypeVar("Number", float, np.ndarray)

_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 14, 8, 22
_TICK = 70
_MOST_DOTS = 400


@dataclass(frozen=True, slots=True)
class Scales:
    """Where distances and values lie in the plot."""

    length: float
    low: float
    high: float
    area: QRectF

    def place(self, distance: float, value: float) -> QPointF:
        return QPointF(self.x(distance), self.y(value))

    def x(self, distance: Number) -> Number:
        return self.area.left() + distance / max(self.length, 1e-12) * self.area.width()

    def y(self, value: Number) -> Number:
        return self.area.bottom() - (value - self.low) / (self.high - self.low) * self.area.height()

    def distance(self, x: float) -> float:
        return (x - self.area.left()) / self.area.width() * self.length


class ProfilePlot(QWidget):
    """Paints a `Profile`.

    Signals
    -------
    led : (distance,)
        The pointer or an arrow key leads the marker along the line.
    left : the pointer is gone.
    """

    led = Signal(float)
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._profile: Profile | None = None
        self._colours: dict[str, QColor] = {}
        self._chosen = ""
        self._channel = 0
        self._ends = (0.0, 1.0)
        self._marker: float | None = None
        self._word = ""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumWidth(200)
        self.setAccessibleName("Profile")
        self.setToolTip("Curves of all pictures along the line; point, or lead the marker with the arrow keys")
        theme.changed.connect(self.update)

    def show_profile(
        self, profile: Profile | None, colours: dict[str, QColor], chosen: str, channel: int, word: str = ""
    ) -> None:
        """Other curves; of the chosen one the points are drawn, coloured by phase."""
        self._profile, self._colours, self._chosen, self._channel, self._word = profile, colours, chosen, channel, word
        self.update()

    def show_range(self, low: float, high: float) -> None:
        """Other ends of the values."""
        self._ends = (low, high)
        self.update()

    def show_marker(self, distance: float | None) -> None:
        """Where on the line the probe stands; None where it does not."""
        if distance != self._marker:
            self._marker = distance
            self.update()

    @property
    def marker(self) -> float | None:
        return self._marker

    @property
    def scales(self) -> Scales:
        area = QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)
        low, high = self._ends
        return Scales(self._profile.length if self._profile else 1.0, low, high, area)

    # ---- events ------------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._lead(self.scales.distance(event.position().x()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._lead(self.scales.distance(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        curve = self._profile.curve(self._chosen) if self._profile is not None else None
        if curve is None or not len(curve.distance):
            super().keyPressEvent(event)
            return
        at = curve.nearest(self._marker if self._marker is not None else 0.0) or 0
        match event.key():
            case Qt.Key.Key_Left:
                at -= 1
            case Qt.Key.Key_Right:
                at += 1
            case Qt.Key.Key_Home:
                at = 0
            case Qt.Key.Key_End:
                at = len(curve.distance) - 1
            case _:
                super().keyPressEvent(event)
                return
        self._lead(float(curve.distance[min(max(at, 0), len(curve.distance) - 1)]))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _lead(self, distance: float) -> None:
        if self._profile is not None:
            self.led.emit(min(max(distance, 0.0), self._profile.length))

    # ---- painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, scales = self._theme, self.scales
        painter.fillRect(self.rect(), theme.color("chrome"))
        painter.fillRect(scales.area, theme.color("field"))
        if self._profile is None:
            painter.setPen(theme.color("text3"))
            painter.setFont(theme.font(12))
            painter.drawText(scales.area, int(Qt.AlignmentFlag.AlignCenter), self._word)
        else:
            self._paint_axes(painter, scales)
            painter.save()
            painter.setClipRect(scales.area)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_ideal(painter, scales)
            self._paint_stems(painter, scales)
            for curve in sorted(self._profile.curves, key=lambda one: one.name == self._chosen):
                if curve.name != SOURCE:
                    self._paint_curve(painter, scales, curve)
            self._paint_dots(painter, scales)
            self._paint_marker(painter, scales)
            painter.restore()
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRect(scales.area.adjusted(1, 1, -1, -1))

    def _paint_axes(self, painter: QPainter, scales: Scales) -> None:
        theme, area = self._theme, scales.area
        painter.setFont(theme.font(10))
        for value in ticks(scales.low, scales.high, max(2, int(area.height() // 34))):
            y = round(scales.y(value))
            painter.fillRect(QRectF(area.left(), y, area.width(), 1), theme.color("line"))
            painter.setPen(theme.color("text3"))
            box = QRectF(0, y - 8, area.left() - 6, 16)
            flags = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(box, flags, format_value(value, _decimals(scales.high - scales.low)))
        for distance in ticks(0.0, scales.length, max(2, int(area.width() // _TICK))):
            x = round(scales.x(distance))
            painter.fillRect(QRectF(x, area.bottom() - 3, 1, 4), theme.color("outline"))
            painter.setPen(theme.color("text3"))
            text = f"{distance:g}"
            width = painter.fontMetrics().horizontalAdvance(text)
            painter.drawText(QPointF(min(x - width / 2, area.right() - width), self.height() - 7), text)
        unit = QRectF(0, self.height() - 20, area.left() - 8, 18)
        painter.drawText(unit, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), "source px")

    def _paint_ideal(self, painter: QPainter, scales: Scales) -> None:
        if self._profile is None or self._profile.ideal is None:
            return
        pen = QPen(self._theme.color("text3"), 1.5, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        distance, values = self._profile.ideal
        painter.drawPath(curve_path(scales.x(distance), scales.y(values)))

    def _paint_stems(self, painter: QPainter, scales: Scales) -> None:
        source = self._profile.curve(SOURCE) if self._profile is not None else None
        if source is None:
            return
        colour = self._theme.color("outline")
        painter.setPen(QPen(colour, 1))
        base = scales.y(min(max(0.0, scales.low), scales.high))
        for distance, value in zip(source.distance, self._values(source), strict=True):
            if not math.isfinite(value):
                continue
            at = scales.place(distance, value)
            painter.drawLine(QPointF(at.x(), base), at)
            painter.fillRect(QRectF(at.x() - 2.5, at.y() - 2.5, 5, 5), colour)

    def _paint_curve(self, painter: QPainter, scales: Scales, curve: Curve) -> None:
        chosen = curve.name == self._chosen
        painter.setPen(QPen(self._colours.get(curve.name, self._theme.color("text")), 2.0 if chosen else 1.2))
        painter.drawPath(curve_path(scales.x(curve.distance), scales.y(self._values(curve))))

    def _paint_dots(self, painter: QPainter, scales: Scales) -> None:
        """The points of the chosen curve, each phase in a colour of its own."""
        curve = self._profile.curve(self._chosen) if self._profile is not None else None
        if curve is None or len(curve.distance) > _MOST_DOTS or curve.name == SOURCE:
            return
        colours = phase_colours(curve)
        painter.setPen(QPen(self._theme.color("field"), 1))
        places = zip(curve.distance, self._values(curve), curve.phases().tolist(), strict=True)
        for distance, value, phase in places:
            if math.isfinite(value):
                painter.setBrush(colours[phase])
                painter.drawEllipse(scales.place(distance, value), 3.5, 3.5)

    def _paint_marker(self, painter: QPainter, scales: Scales) -> None:
        if self._marker is None or self._profile is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        x = round(scales.x(self._marker))
        painter.fillRect(QRectF(x, scales.area.top(), 1, scales.area.height()), self._theme.color("text2"))

    def _values(self, curve: Curve) -> np.ndarray:
        return curve.values[:, min(self._channel, curve.values.shape[1] - 1)]


def phase_colours(curve: Curve) -> dict[int, QColor]:
    """A colour for each phase that the line meets, from dark to light."""
    phases = np.unique(curve.phases()).tolist()
    table = colormaps.load("viridis").table
    colours = {}
    for k, phase in enumerate(phases):
        rgb = table[round((k + 0.5) / len(phases) * (len(table) - 1))]
        colours[phase] = QColor(*(int(one) for one in rgb[:3]))
    return colours


def ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers between two ends, at most so many steps."""
    span = high - low
    if not (math.isfinite(span) and span > 0):
        return []
    raw = span / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * (1 - 1e-12))
    first = math.ceil(low / step - 1e-9)
    return [k * step for k in range(first, math.floor(high / step + 1e-9) + 1)]


def _decimals(span: float) -> int:
    return max(0, min(6, 1 - math.floor(math.log10(span)))) if span > 0 else 2
