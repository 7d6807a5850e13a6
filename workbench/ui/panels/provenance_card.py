"""The card under the panels: the probed pixel's value, its channels, and the sum that made it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from workbench.kernels.provenance import Trace
from workbench.model.display import format_card
from workbench.model.document import ORIGINAL, SOURCE
from workbench.model.panels import panel_name
from workbench.model.peak import peak_weight
from workbench.model.probe import ProbePoint, column_of, row_of, value_at
from workbench.model.view_state import ViewValue
from workbench.ui.binding import bind
from workbench.ui.context import Context
from workbench.ui.magnifier import Magnifier
from workbench.ui.marks import channel_in
from workbench.ui.panels.formula_strip import Formula, FormulaStrip, Tile, formula_of
from workbench.ui.panels.readout import readout_tsv

HEIGHT, LOW_HEIGHT = 92, 48
LOW_WINDOW = 900
_LEFT = 232


class ProvenanceCard(QWidget):
    """92 px, or 48 in low windows: place and value, the formula strip, the magnifier."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._point: ProbePoint | None = None
        self._value: float | None = None
        self._trace: Trace | None = None
        self._title = self._sums = ""
        self._chips: list[ChannelChip] = []
        self._low: bool | None = None
        self.strip = FormulaStrip(context.theme, self)
        self.magnifier = Magnifier(context, self)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(12)
        self._row.addWidget(self.strip, 1)
        self._row.addWidget(self.magnifier, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_low(False)
        bind(self, context.probe.changed, self._follow)
        bind(self, context.results.changed, self._follow_result)
        bind(self, context.session.changed, self._follow)
        bind(self, context.view.changed, self._view_changed)
        context.theme.changed.connect(self.update)

    # ---- what it says ------------------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """``2  Bilinear at 118, 197``."""
        return self._title

    @property
    def value(self) -> float | None:
        """The probed value, float64; None if there is none."""
        return self._value

    @property
    def sums(self) -> str:
        """``row sum 1  ·  Σ|w| 1  ·  phase 2, 1``."""
        return self._sums

    @property
    def formula(self) -> Formula | None:
        """The sum that is shown; None for pixels that no method made."""
        return self.strip.formula

    def readout(self) -> str:
        """Everything the card knows as a table, tabs between cells, every number in full."""
        return readout_tsv(self.context, self._point)

    def copy(self) -> None:
        """Put the readout into the clipboard."""
        QGuiApplication.clipboard().setText(self.readout())

    # ---- following ---------------------------------------------------------------------------------------------

    def _follow_result(self, name: str) -> None:
        if self._point is None or name in (SOURCE, self._point.slot) or self._point.slot == SOURCE:
            self._follow()

    def _view_changed(self, new: ViewValue, old: ViewValue) -> None:
        if new.channel != old.channel or (new.image_range, new.image_map) != (old.image_range, old.image_map):
            self._follow()

    def _follow(self) -> None:
        context = self.context
        results, comparison = context.results, context.session.value
        self._point = context.probe.active
        self._trace, self._value, self._title, self._sums = None, None, "", ""
        self._show_chips()
        if self._point is None or results.prepared is None:
            self.strip.show_formula(None, sentence="Point at a pixel: the card shows where it came from.")
        else:
            point, channel = self._point, channel_in(results, context.view.value.channel)
            name = panel_name(comparison, point.slot)
            number = comparison.number(point.slot)
            # A wider space after the number, as in the header.
            name = name.replace(" ", "\u2002", 1) if number else name
            self._title = f"{name} at {point.row}, {point.col}"
            self._value = value_at(results, comparison, point.slot, point.pixel, channel)
            if point.slot in (SOURCE, ORIGINAL):
                self._show_source(point, channel)
            else:
                self._show_row(point, channel)
        self._place_chips()
        self.magnifier.show_probe()
        self.setAccessibleName(f"{self._title}: {self._value_text()}")
        self.update()

    def _show_row(self, point: ProbePoint, channel: int) -> None:
        results, ends = self.context.results, self.context.view.value.image_range
        ready, trace = results.ready(point.slot), row_of(results, point, channel)
        if ready is None or trace is None:
            self.strip.show_formula(None, sentence="Not computed: there is no such pixel yet.")
            return
        self._trace = trace
        if trace.phase is None:
            phase = "no period"
        else:
            periods = [period[0] for period in ready.operator.period if period is not None]
            phase = "one phase" if periods == [1, 1] else f"phase {trace.phase[0]}, {trace.phase[1]}"
        total, size = format_card(trace.row_sum), f"Σ|w| {format_card(trace.abs_sum)}"
        if self._low:
            self._sums = f"Σw {total}  ·  {size}"
        else:
            self._sums = f"row sum {total}  ·  {size}  ·  {phase}"
        if not trace.terms:
            self.strip.show_formula(None, sentence="No source reaches this pixel: it is always 0.")
            return
        self.strip.show_formula(formula_of(ready, trace, peak_weight(ready.operator), (ends.lo, ends.hi)))

    def _show_source(self, point: ProbePoint, channel: int) -> None:
        comparison, results = self.context.session.value, self.context.results
        if point.slot == ORIGINAL:
            self.strip.show_formula(None, sentence="The picture before its preparation: measured against, never used.")
            return
        tiles = []
        for slot in comparison.slots:
            column = None if slot.hidden else column_of(results, point, slot.id, channel)
            if column is not None:
                count = len(column)
                covered = f"covers {count} pixel" if count == 1 else f"covers {count} pixels"
                tiles.append(
                    Tile(str(comparison.number(slot.id)), slot.title, f"counts {format_card(column.total)}", covered)
                )
        self._sums = "column sum and footprint, per method" if not self._low else "columns of A"
        self.strip.show_formula(None, tuple(tiles), "" if tiles else "No method has been computed.")

    def _value_text(self) -> str:
        return "" if self._value is None else format_card(self._value)

    def _show_chips(self) -> None:
        prepared, view = self.context.results.prepared, self.context.view.value
        names = prepared.channel_names if prepared is not None else ()
        if [chip.text() for chip in self._chips] != list(names):
            for chip in self._chips:
                chip.hide()
                chip.deleteLater()
            self._chips = [ChannelChip(self, k, name) for k, name in enumerate(names)]
        for chip in self._chips:
            chip.setChecked(chip.channel == channel_in(self.context.results, view.channel))

    # ---- looks -------------------------------------------------------------------------------------------------

    def set_low(self, low: bool) -> None:
        """48 px instead of 92: for windows lower than 900."""
        if low == self._low:
            return
        self._low = low
        self.setFixedHeight(LOW_HEIGHT if low else HEIGHT)
        self._row.setContentsMargins(_LEFT + 28, 0, 8 if low else 12, 0)
        self.strip.set_compact(low)
        self.magnifier.set_side(45 if low else 72)
        self._follow()

    def _place_chips(self) -> None:
        metrics_x = _LEFT - 12
        if self._low:
            x = metrics_x + 10 - 22 * len(self._chips)
            for chip in self._chips:
                chip.setGeometry(x, 7, 18, 16)
                chip.setVisible(self._point is not None)
                x += 22
            return
        x = 12 + QFontMetrics(self.context.theme.font(22, 600)).horizontalAdvance(self._value_text()) + 16
        for chip in self._chips:
            chip.setGeometry(x, 34, 22, 18)
            chip.setVisible(self._point is not None)
            x += 26

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self.context.theme
        painter.fillRect(self.rect(), theme.color("chrome"))
        middle = Qt.AlignmentFlag.AlignVCenter
        edge, rim = _LEFT + 12, 8 if self._low else 14
        painter.fillRect(edge, rim, 1, self.height() - 2 * rim, theme.color("line"))
        title_room = edge - 24 - (22 * len(self._chips) if self._low else 0)
        painter.setFont(theme.font(11, 600))
        painter.setPen(theme.color("text2"))
        title = painter.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideRight, title_room)
        painter.drawText(QRect(12, 4 if self._low else 7, title_room + 4, 22), int(middle), title)
        painter.setFont(theme.font(15 if self._low else 22, 600))
        painter.setPen(theme.color("text"))
        value = self._value_text()
        width = painter.fontMetrics().horizontalAdvance(value)
        painter.drawText(QRect(12, 24 if self._low else 28, width + 4, 22 if self._low else 30), int(middle), value)
        painter.setFont(theme.font(11))
        painter.setPen(theme.color("text3"))
        place = QRect(12 + width + 8, 25, edge, 22) if self._low else QRect(12, 59, edge - 16, 22)
        room, metrics = edge - place.left() - 6, painter.fontMetrics()
        tight = self._sums.replace("  ·  ", " · ")
        shorter = (self._sums, tight, tight.replace("row sum", "Σw"))
        fitting = next((words for words in shorter if metrics.horizontalAdvance(words) <= room), shorter[-1])
        sums = metrics.elidedText(fitting, Qt.TextElideMode.ElideRight, room)
        painter.drawText(place, int(middle), sums)

    # ---- events ------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.window().installEventFilter(self)
        self.set_low(self.window().height() < LOW_WINDOW and self.window() is not self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.window() and watched is not self:
            self.set_low(self.window().height() < LOW_WINDOW)
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            event.ignore()


class ChannelChip(QAbstractButton):
    """R, G or B on a small frame: which channel the card and the readouts show."""

    def __init__(self, card: ProvenanceCard, channel: int, name: str) -> None:
        super().__init__(card)
        self._card = card
        self.channel = channel
        self.setText(name)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"Channel {name}")
        self.setToolTip(f"Channel {name} in the card and in the readouts (V)")
        self.clicked.connect(lambda: card.context.view.set(channel=channel))

    def sizeHint(self) -> QSize:
        return QSize(22, 18)

    def nextCheckState(self) -> None:
        """Checked is what the view state says, not what was clicked."""
        self.setChecked(self._card.context.view.value.channel == self.channel)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = self._card.context.theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        border = "accent" if self.hasFocus() else "outline" if self.isChecked() else "line"
        painter.setPen(theme.color(border))
        ground = "sel" if self.isChecked() else "hover" if self.underMouse() else "chrome"
        painter.setBrush(theme.color(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setPen(theme.color("text" if self.isChecked() else "text3"))
        painter.setFont(theme.font(10, 600))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())
