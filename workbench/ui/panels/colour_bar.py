"""The colour bar beside the panels it belongs to: map, range with handles, and a button that fits it to the data."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.model import colormaps
from workbench.model.channels import LABELS, is_single
from workbench.model.differencing import Comparing, data_range
from workbench.model.display import Range, format_card, to_display
from workbench.model.document import ORIGINAL, SOURCE
from workbench.model.group_range import Extremes, group_panels, groups_on_screen
from workbench.model.looks import Group, Look, group_look, tone_text
from workbench.model.panels import panel_name, reference_name
from workbench.ui.binding import bind
from workbench.ui.context import Context
from workbench.ui.panels.enter_field import EnterField
from workbench.ui.panels.mark_legend import HEIGHT as LEGEND
from workbench.ui.panels.mark_legend import MarkLegend
from workbench.ui.panels.refit_button import RefitButton
from workbench.ui.range_fitting import End, fit_range, move_end, way_back

WIDTH = 68
LEGEND_FROM = 260
"""Height from which there is room for the fixed colours: two bars in the smallest window have it."""
_LEFT, _THICK, _TOP, _BELOW = 11, 18, 58, 40
_STEP = 2**0.25


class ColourBar(QWidget):
    """Right of the panels of one group: its range, its colours, and how much they cannot show.

    Drag an end, turn it with the arrow keys, or double click it (Enter) to type a number. Ends of a signed difference
    move together. Nothing moves the range but a person.
    """

    def __init__(self, context: Context, group: Group, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.group: Group = group
        self._drag: tuple[End, Range] | None = None
        self._end: End = "hi"
        self._extremes = Extremes()
        self.setFixedWidth(WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(f"Colour bar of the {group}")
        self.refit_button = RefitButton(context, self)
        self.refit_button.clicked.connect(self.refit)
        self.legend = MarkLegend(context, group, self)
        self._editor = EnterField(self)
        self._editor.setAccessibleName("End of the range")
        self._editor.hide()
        self._editor.entered.connect(self._typed)
        self._editor.escaped.connect(self._stop_typing)
        for signal in (context.view.changed, context.session.changed, context.results.changed):
            bind(self, signal, self._show)
        bind(self, context.results.part_changed, self._show)
        context.theme.changed.connect(self.update)
        self._show()

    # What it shows

    @property
    def shows_differences(self) -> bool:
        """Whether it belongs to difference panels; else to images."""
        return self.group == "differences"

    @property
    def wanted(self) -> bool:
        """Whether its group is on screen and a bar is needed: for differences, a map of colours, or marks."""
        context = self._context
        comparison, view, results = context.session.value, context.view.value, context.results
        if comparison.source is None or self.group not in groups_on_screen(comparison, view, results):
            return False
        single = results.prepared is not None and is_single(view.channel_view, results.prepared.channels)
        return self.shows_differences or view.fixed_marks or (single and view.image_map != "gray")

    @property
    def look(self) -> Look:
        """Range, tone and map that the panels of the group share."""
        return group_look(self.group, self._context.view.value)

    @property
    def signed(self) -> bool:
        """Whether both ends move together, around 0."""
        return self.shows_differences and Comparing.of(self._context.view.value).signed

    @property
    def range(self) -> Range:
        """The range of the group."""
        return self.look.range

    def set_end(self, end: End, value: float) -> None:
        """Move one end; of a signed difference the other one follows, of an unsigned one the lower stays at 0."""
        move_end(self._context, self.group, end, value)

    def refit(self) -> None:
        """Fit the range to the data of all panels of the group."""
        fit_range(self._context, self.group)

    def _show(self, *_: object) -> None:
        if not self.isVisible():
            return  # read again when it is shown
        view, session, results = self._context.view.value, self._context.session.value, self._context.results
        panels = group_panels(session, view, results, self.group)
        self.refit_button.set_lit(self._extremes.leave(view, panels, results))
        tip = "The range of all images: drag an end, double click to type."
        if self.shows_differences:
            reference = reference_name(session, results)
            name = panel_name(session, reference) if reference else "the reference"
            how = Comparing.of(view)
            channel = "mean of the channels" if how.channel == "rgb" else LABELS[how.channel]
            tip = f"{view.difference.label} difference\nd = {how.formula}, {channel}; r = {name}"
            if view.difference.uses_eps and results.prepared is not None:
                tip += f"; ε = {format_card(how.eps(data_range(results.prepared)))}"
        tone = tone_text(self.look.tone)
        self.setToolTip(f"{tip}\n{tone}" if tone else tip)
        self.refit_button.setToolTip(
            "Data leave the range: fit it to all panels" if self.refit_button.lit else "Fit the range to all panels"
        )
        self.update()

    # Painting

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 300)

    def showEvent(self, event: object) -> None:
        self._show()

    def resizeEvent(self, event: object) -> None:
        self.refit_button.move((WIDTH - self.refit_button.width()) // 2, self.height() - self.refit_button.height() - 6)
        self.legend.setGeometry(2, self.refit_button.y() - LEGEND - 4, WIDTH - 4, LEGEND)
        self.legend.setVisible(self.height() >= LEGEND_FROM)

    def bar_rect(self) -> QRect:
        """Where the colours are."""
        below = _BELOW + (LEGEND + 4 if self.height() >= LEGEND_FROM else 0)
        return QRect(_LEFT, _TOP, _THICK, max(20, self.height() - _TOP - below))

    def _y_of(self, value: float, ends: Range) -> float:
        bar = self.bar_rect()
        return bar.top() + bar.height() * (ends.hi - value) / ends.width

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, look, bar = self._context.theme, self.look, self.bar_rect()
        painter.fillRect(self.rect(), theme.color("chrome"))
        centre = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font(11, 600))
        painter.setPen(theme.color("text"))
        metrics = painter.fontMetrics()
        title = metrics.elidedText(self.title(), Qt.TextElideMode.ElideRight, WIDTH - 4)
        painter.drawText(QRect(0, 7, WIDTH, 16), centre, title)
        painter.setFont(theme.font(11))
        painter.setPen(theme.color("text3"))
        words = painter.fontMetrics().elidedText(tone_text(look.tone), Qt.TextElideMode.ElideRight, WIDTH - 4)
        painter.drawText(QRect(0, 22, WIDTH, 16), centre, words or "shared")

        scale = self._drag[1] if self._drag else self.range
        ramp = np.linspace(scale.hi, scale.lo, bar.height())[:, None]
        colours = colormaps.load(look.map)
        rgba = np.ascontiguousarray(to_display(ramp, look.range, colours, marks=look.marks, tone=look.tone))
        painter.drawImage(bar, QImage(rgba.data, 1, bar.height(), 4, QImage.Format.Format_RGBA8888))
        painter.setPen(theme.color("outline"))
        painter.drawRect(bar.adjusted(0, 0, -1, -1))
        self._paint_ticks(painter, scale)
        for end in ("hi", "lo"):
            self._paint_handle(painter, end, scale)

    def _paint_ticks(self, painter: QPainter, scale: Range) -> None:
        theme, bar = self._context.theme, self.bar_rect()
        painter.setFont(theme.font(11))
        for value in (
            scale.lo,
            scale.lo / 2 + scale.middle / 2,
            scale.middle,
            scale.hi / 2 + scale.middle / 2,
            scale.hi,
        ):
            y = round(self._y_of(value, scale))
            y = min(max(y, bar.top()), bar.bottom())
            painter.setPen(theme.color("outline"))
            painter.drawLine(bar.right() + 1, y, bar.right() + 4, y)
            painter.setPen(theme.color("text2"))
            box = QRect(bar.right() + 7, y - 8, WIDTH - bar.right() - 7, 16)
            painter.drawText(
                box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, tick_text(value, scale, self.signed)
            )

    def _handle(self, end: End, scale: Range) -> QRectF:
        """The rectangle of a handle, outside the bar at its end."""
        bar = self.bar_rect()
        value = self.range.hi if end == "hi" else self.range.lo
        y = min(max(self._y_of(value, scale), bar.top()), bar.bottom() + 1.0)
        middle = bar.left() + bar.width() / 2
        return QRectF(middle - 6, y - 9 if end == "hi" else y + 1, 12, 8)

    def _paint_handle(self, painter: QPainter, end: End, scale: Range) -> None:
        if end == "lo" and self.shows_differences and not self.signed:
            return  # the lower end of an unsigned difference is 0
        theme, box = self._context.theme, self._handle(end, scale)
        flat, tip = (box.top(), box.bottom()) if end == "hi" else (box.bottom(), box.top())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent" if self.hasFocus() and end == self._end else "text2"))
        painter.drawPolygon(
            QPolygonF([QPointF(box.left() + 1, flat), QPointF(box.right() - 1, flat), QPointF(box.center().x(), tip)])
        )
        if self.hasFocus() and end == self._end:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRect(box.adjusted(-3, -2, 3, 2))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def title(self) -> str:
        """Of what the bar is, in a few letters: "Δ Original"."""
        if not self.shows_differences:
            return "Value"
        reference = reference_name(self._context.session.value, self._context.results)
        if reference is None:
            return f"{self._context.view.value.difference.sign} –"
        slot = self._context.session.value.slot(reference)
        number = self._context.session.value.number(reference)
        name = "Original" if reference == ORIGINAL else "Source" if reference == SOURCE else ""
        if slot is not None:
            name = f"{number} {slot.short_title}"
        return f"{self._context.view.value.difference.sign} {name}"

    # Acts

    def _end_at(self, point: QPointF) -> End | None:
        """The handle under a point; half of the bar belongs to each end as well."""
        for end in ("hi", "lo"):
            if self._handle(end, self.range).adjusted(-8, -5, 8, 5).contains(point):
                return end
        bar = self.bar_rect()
        if bar.adjusted(-8, -10, 36, 10).contains(point.toPoint()):
            return "hi" if point.y() < bar.center().y() else "lo"
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        end = self._end_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and end is not None:
            on_handle = self._handle(end, self.range).adjusted(-8, -5, 8, 5).contains(event.position())
            self._end = end
            self._drag = (end, self.range) if on_handle else None
            if on_handle:
                self._context.tools.take_back = partial(self._give_up, way_back(self._context))
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None:
            near = self._end_at(event.position()) is not None
            self.setCursor(Qt.CursorShape.SizeVerCursor if near else Qt.CursorShape.ArrowCursor)
            return
        end, scale = self._drag
        bar = self.bar_rect()
        value = scale.hi - (event.position().y() - bar.top()) / bar.height() * scale.width
        if self.signed:
            # Never across zero: the handle stops one pixel before it.
            least = scale.hi / bar.height()
            value = max(value, least) if end == "hi" else min(value, -least)
        self.set_end(end, scale.rounded(value) or value)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._let_go()
        self.update()

    def _give_up(self, back: Callable[[], None]) -> None:
        self._let_go()
        back()

    def _let_go(self) -> None:
        self._drag, self._context.tools.take_back = None, None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        end = self._end_at(event.position())
        if end is not None:
            self._let_go()
            self.edit(end)

    def edit(self, end: End) -> None:
        """Open a field at one end, with its value."""
        if end == "lo" and self.shows_differences and not self.signed:
            return
        self._end = end
        bar = self.bar_rect()
        value = self.range.hi if end == "hi" else self.range.lo
        self._editor.setFont(self._context.theme.font(11))
        self._editor.setFixedSize(WIDTH - 4, 28)
        self._editor.setText(f"{value:.6g}".replace("-", "−"))
        self._editor.move(2, (bar.top() - 14) if end == "hi" else (bar.bottom() - 14))
        self._editor.show()
        self._editor.setFocus()
        self._editor.selectAll()

    def _typed(self) -> None:
        if self._editor.isHidden():
            return  # hiding it takes its focus, which would enter it once more
        text = self._editor.text().strip().replace("−", "-").replace("±", "").replace(",", ".")
        typed = self._editor.isModified()
        self._stop_typing()
        if not typed:
            return  # what stands in the field is rounded: leaving it must not move the range
        try:
            value = float(text)
        except ValueError:
            return
        if math.isfinite(value):
            self.set_end(self._end, value)

    def _stop_typing(self) -> None:
        self._editor.hide()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_F2:
                self.edit(self._end)
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                self._turn(1 if event.key() == Qt.Key.Key_Up else -1)
            case Qt.Key.Key_PageUp | Qt.Key.Key_PageDown:
                self._end = "hi" if event.key() == Qt.Key.Key_PageUp else "lo"
                self.update()
            case _:
                super().keyPressEvent(event)

    def _turn(self, way: int) -> None:
        """One step of an end: a quarter of an octave for differences, 2 % of the width for images."""
        ends = self.range
        if self.shows_differences:
            self.set_end("hi", float(f"{ends.hi * _STEP**way:.4g}"))
        elif self._end == "hi":
            self.set_end("hi", ends.hi + way * 0.02 * ends.width)
        else:
            self.set_end("lo", ends.lo + way * 0.02 * ends.width)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()


class ColourBars(QWidget):
    """One bar for each group on screen that needs one, below each other as their panels are."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.images, self.differences = ColourBar(context, "images"), ColourBar(context, "differences")
        self.setFixedWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        for bar in self.bars:
            column.addWidget(bar)

    @property
    def bars(self) -> tuple[ColourBar, ColourBar]:
        return self.images, self.differences

    def follow(self) -> None:
        """Show the bars that are wanted; hide altogether where none is."""
        wanted = [bar.wanted for bar in self.bars]
        for bar, one in zip(self.bars, wanted, strict=True):
            bar.setVisible(one)
        self.setVisible(any(wanted))


def tick_text(value: float, scale: Range, signed: bool) -> str:
    """A number beside the bar: "+.20", "0", "−.10"; as many places as its ticks need, at most three figures."""
    if abs(value) <= 1e-12 * scale.width:
        return "0"
    size = max(abs(scale.lo), abs(scale.hi))
    sign = "−" if value < 0 else "+" if signed else ""
    if not 1e-3 <= size < 1e5:
        return sign + f"{abs(value):.1e}".replace("e-0", "e−").replace("e+0", "e")
    most = max(0, 2 - math.floor(math.log10(size)))
    ticks = (scale.hi, scale.middle / 2 + scale.hi / 2)
    needed = next((k for k in range(most) if all(abs(round(t, k) - t) < 1e-3 * size for t in ticks)), most)
    places = max(needed, 2) if 0.1 <= size < 10 else needed
    text = f"{abs(value):.{places}f}"
    return sign + (text[1:] if text.startswith("0.") else text)
