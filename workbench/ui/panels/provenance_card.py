"""The card under the panels: the probed pixel's value, its channels, and the sum that made it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from workbench.kernels.provenance import Trace
from workbench.model.chain import Stage
from workbench.model.display import format_card
from workbench.model.document import SOURCE
from workbench.model.formula import Formula
from workbench.model.looks import look_of
from workbench.model.probe import ProbePoint, rest_of
from workbench.model.provenance_text import CardText, card_text
from workbench.model.terms import Factors, Form, as_fractions, as_latex, factors_of, forms_of
from workbench.model.view_state import ViewValue
from workbench.ui.binding import bind
from workbench.ui.context import Context
from workbench.ui.fonts import elided, text_width
from workbench.ui.magnifier import Magnifier
from workbench.ui.marks import channel_in, said_key
from workbench.ui.measures import CARD, LOW_BELOW, LOW_CARD
from workbench.ui.pacing import Pace
from workbench.ui.panels.card_menu import CardMenu
from workbench.ui.panels.card_parts import NOTES_WIDTH, ChannelChip, Chip, NotesColumn
from workbench.ui.panels.card_tip import CardTip
from workbench.ui.panels.formula_strip import FormulaStrip
from workbench.ui.panels.readout import readout_tsv
from workbench.ui.tab_order import put_behind, stops

NOTES_FROM = 1000
"""Widths of the card from which notes have a column of their own; below they stand in the tooltip."""
_LEFT = 232


class ProvenanceCard(QWidget):
    """92 px, or 48 in low windows: place and value, switches, the formula strip, facts, the magnifier.

    ``Space`` cycles the form of the sum, ``Return`` opens the stages of a chain.
    """

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._point: ProbePoint | None = None
        self._said = CardText()
        self._beside: tuple[object, ...] = ()
        self._known: tuple[object, ...] = ()
        self._form = Form.DECIMAL
        self._level = 0
        self._chips: list[ChannelChip] = []
        self._low: bool | None = None
        theme = context.theme
        self.form_chip = Chip(theme, self._form.sign, "Form of the sum", self)
        self.form_chip.clicked.connect(self.next_form)
        self.stage_chip = Chip(theme, "▸ 2", "Stages of the chain", self)
        self.stage_chip.setCheckable(True)
        self.stage_chip.clicked.connect(self.next_stage)
        self.more = Chip(theme, "⋯", "Copy the sum or the call", self)
        self.more.setToolTip("Copy the sum, or the call that does the same")
        self.menu = CardMenu(self, self._slot)
        self._tip = CardTip(context, self)
        self.more.clicked.connect(self._open_menu)
        self._strip = FormulaStrip(theme, self)
        self._strip.clicked.connect(self.next_form)
        self._aside = NotesColumn(theme, self)
        self._magnifier = Magnifier(context, self)
        switches = QGridLayout()
        switches.setSpacing(3)
        switches.addWidget(self.form_chip, 0, 0, 1, 2)
        switches.addWidget(self.stage_chip, 1, 0)
        switches.addWidget(self.more, 1, 1)
        for chip, width in ((self.form_chip, 47), (self.stage_chip, 24), (self.more, 20)):
            chip.setFixedSize(width, 19)
            keep = chip.sizePolicy()
            keep.setRetainSizeWhenHidden(True)
            chip.setSizePolicy(keep)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(12)
        self._row.addLayout(switches)
        self._row.setAlignment(switches, Qt.AlignmentFlag.AlignVCenter)
        self._row.addWidget(self._strip, 1)
        self._row.addWidget(self._aside)
        self._row.addWidget(self._magnifier, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # nothing beneath is painted first
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._pace = Pace(self, self._follow)
        self.set_low(False)
        for changed in (context.probe.changed, context.results.changed, context.session.changed):
            bind(self, changed, self._pace.soon)
        bind(self, context.view.changed, self._view_changed)
        theme.changed.connect(self.update)

    # ---- what it says ------------------------------------------------------------------------------------------

    @property
    def _text(self) -> CardText:
        """What it says of the pixel that is probed now: it is painted a little later while the pointer moves fast."""
        self._pace.settle()
        return self._said

    @property
    def strip(self) -> FormulaStrip:
        """The sum, written out."""
        self._pace.settle()
        return self._strip

    @property
    def aside(self) -> NotesColumn:
        """The notes beside it."""
        self._pace.settle()
        return self._aside

    @property
    def magnifier(self) -> Magnifier:
        """The source around the footprint."""
        self._pace.settle()
        return self._magnifier

    @property
    def title(self) -> str:
        """``2  Bilinear at 118, 197``."""
        return self._text.title

    @property
    def value(self) -> float | None:
        """The probed value, float64; None if there is none."""
        return self._text.value

    @property
    def sums(self) -> str:
        """``row sum 1  ·  Σ|w| 1  ·  phase 2, 1``."""
        return self._text.sums

    @property
    def formula(self) -> Formula | None:
        """The sum that is shown; None for pixels that no method made."""
        return self._text.formula

    @property
    def form(self) -> Form:
        """How the sum is written."""
        return self._form

    @property
    def stage(self) -> Stage | None:
        """The stage of a chain that is shown; None for the whole product."""
        return self._text.stage

    @property
    def facts(self) -> tuple[str, ...]:
        """Reach, negative mass and shift of the row's centre."""
        return self._text.facts

    @property
    def notes(self) -> tuple[str, ...]:
        """What is particular about the pixel."""
        return self._text.notes

    def readout(self) -> str:
        """Everything the card knows as a table, tabs between cells, every number in full."""
        self._pace.settle()
        return readout_tsv(self.context, self._point)

    # ---- acts --------------------------------------------------------------------------------------------------

    def copy(self) -> None:
        """Put the readout into the clipboard."""
        QGuiApplication.clipboard().setText(self.readout())

    def copy_latex(self) -> None:
        """Put the whole sum into the clipboard, for a paper."""
        self._copy_sum(as_latex)

    def copy_fractions(self) -> None:
        """Put the whole sum into the clipboard, with exact fractions."""
        self._copy_sum(as_fractions)

    def next_form(self) -> None:
        """Decimal, exact fractions, symbols, and where the row is a product, row weights × column weights."""
        self._cycle(1)

    def next_stage(self) -> None:
        """The whole product, then each stage of the chain from the last to the first."""
        self._level = (self._level + 1) % (self._text.stages + 1)
        self._follow()

    def sum_reason(self) -> str | None:
        """Why there is no sum to copy or to write otherwise."""
        return None if self.formula is not None else "no sum is shown: point at an output pixel"

    def stage_reason(self) -> str | None:
        """Why there are no stages."""
        return None if self._text.stages else "the method at the probe is no chain of stages"

    def _cycle(self, by: int) -> None:
        formula = self.formula
        forms = forms_of(None if formula is None else formula.factors)
        at = forms.index(self._form) if self._form in forms else 0
        self._form = forms[(at + by) % len(forms)]
        self._follow()

    def _copy_sum(self, written: Callable[[Trace, Factors | None, float], str]) -> None:
        trace, ready = self._text.trace, self.context.results.ready(self._slot() or "")
        if trace is not None and ready is not None:
            factors = factors_of(ready.operator, trace.pixel, trace.stencil)
            QGuiApplication.clipboard().setText(written(trace, factors, rest_of(ready, trace)))

    def _slot(self) -> str | None:
        self._pace.settle()
        return self._point.slot if self._point is not None else None

    def _open_menu(self) -> None:
        self.menu.popup(self.more.mapToGlobal(self.more.rect().topLeft()))

    def set_form(self, form: Form) -> None:
        """Write the sum this way."""
        self._form = form
        self._follow()

    # ---- following ---------------------------------------------------------------------------------------------

    def _view_changed(self, new: ViewValue, old: ViewValue) -> None:
        asked = [(view.channel, view.image_range, view.placing, view.scatter, view.stored) for view in (new, old)]
        if asked[0] != asked[1]:
            self._follow()
        elif look_of(SOURCE, new) != look_of(SOURCE, old):
            self._magnifier.show_look()

    def _follow(self) -> None:
        context = self.context
        view = context.view.value
        asked = (view.channel, view.image_range, view.placing, view.scatter, view.stored, self._form, self._low)
        known = (said_key(context.session.value, context.results, context.probe), asked, self._level)
        if known == self._known:
            return
        self._known = known
        self._point = context.probe.active
        channel = channel_in(context.results, view.channel)
        comparison, ends = context.session.value, view.image_range
        said = card_text(
            comparison, context.results, context.probe, channel, ends, self._form, self._level, view.stored
        )
        self._magnifier.show_probe()
        names = context.results.prepared.channel_names if context.results.prepared is not None else ()
        beside = (self._point is None, channel, names, self._low)
        if beside == self._beside and not said.rows and said == self._said:
            return
        self._said, self._beside = said, beside
        if said.pair is not None:
            self._strip.show_pair(said.pair, said.peak)
        else:
            self._strip.show_formula(said.formula, said.tiles, said.sentence)
        self._aside.show_notes(said.notes)
        self._make_room()
        self._tip.show((said.sums, *said.facts, *said.notes), self._slot(), said.formula)
        self._show_chips()
        self._show_switches()
        self._place_chips()
        self.setAccessibleName(f"{said.title}: {self._value_text()}")
        self.update(0, 0, _LEFT + 12, self.height())  # what stands beside it sees to itself

    def _show_switches(self) -> None:
        formula, stage = self._said.formula, self._said.stage
        form = self._form if formula is None else formula.form
        self.form_chip.setText(form.sign)
        self.form_chip.setToolTip(f"<b>Form: {form.title}</b> &nbsp; Space<br>Decimal, fractions, symbols, factored")
        for chip in (self.form_chip, self.more):
            chip.setVisible(formula is not None)
        count = self._said.stages
        self.stage_chip.setVisible(count > 0 and formula is not None)
        self.stage_chip.setChecked(stage is not None)
        self.stage_chip.setText(f"▸{count}" if stage is None else f"▾{stage.number}")
        self.stage_chip.setToolTip("<b>Stages</b> &nbsp; Return<br>The row of the product, then each stage's own row")

    def _value_text(self) -> str:
        return "" if self._said.value is None else format_card(self._said.value)

    def _show_chips(self) -> None:
        prepared, view = self.context.results.prepared, self.context.view.value
        names = prepared.channel_names if prepared is not None else ()
        if [chip.text() for chip in self._chips] != list(names):
            for chip in self._chips:
                chip.hide()
                chip.deleteLater()
            before = [one for one in stops(self) if one not in self._chips]
            self._chips = [ChannelChip(self, k, name) for k, name in enumerate(names)]
            put_behind(before, *self._chips)
        for chip in self._chips:
            chip.setChecked(chip.channel == channel_in(self.context.results, view.channel))

    # ---- looks -------------------------------------------------------------------------------------------------

    def set_low(self, low: bool) -> None:
        """48 px instead of 92: for windows lower than 900."""
        if low == self._low:
            return
        self._low = low
        self.setFixedHeight(LOW_CARD if low else CARD)
        self._row.setContentsMargins(_LEFT + 24, 0, 8 if low else 12, 0)
        self._strip.set_compact(low)
        self._magnifier.set_side(45 if low else 72)
        self._follow()

    def _make_room(self) -> None:
        """Notes stand beside the sum unless a sum that would be whole lost terms by it; the status bar has them too."""
        taken = NOTES_WIDTH + self._row.spacing()
        full = self._strip.width() + (taken if self._aside.isVisibleTo(self) else 0)
        whole = self._strip.is_whole(full) and not self._strip.is_whole(full - taken)
        self._aside.setVisible(bool(self._said.notes) and self.width() >= NOTES_FROM and not whole)

    def _place_chips(self) -> None:
        metrics_x = _LEFT - 12
        if self._low:
            x = metrics_x + 10 - 22 * len(self._chips)
            for chip in self._chips:
                chip.setGeometry(x, 7, 18, 16)
                chip.setVisible(self._point is not None)
                x += 22
            return
        x = 12 + text_width(self._value_text(), 22, 600) + 16
        for chip in self._chips:
            chip.setGeometry(x, 23, 22, 18)
            chip.setVisible(self._point is not None)
            x += 26

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self.context.theme
        painter.fillRect(self.rect(), theme.color("chrome"))
        edge, rim = _LEFT + 12, 8 if self._low else 14
        painter.fillRect(edge, rim, 1, self.height() - 2 * rim, theme.color("line"))
        if event.rect().left() > edge:  # under the sum alone
            return
        title_room = edge - 24 - (22 * len(self._chips) + 10 if self._low else 0)
        self._say(
            painter, QRect(12, 4 if self._low else 3, title_room, 18), self._short_title(title_room), 11, 600, "text2"
        )
        value, size = self._value_text(), 15 if self._low else 22
        width = text_width(value, size, 600)
        self._say(
            painter, QRect(12, 24 if self._low else 20, width + 4, 22 if self._low else 24), value, size, 600, "text"
        )
        if self._low:
            place = QRect(12 + width + 8, 25, edge - 26 - width, 22)
            self._say(painter, place, self._fitting(self._said.sums, place.width()), 11, 400, "text3")
            return
        lines = (self._said.sums, *self._said.facts)
        step = 15 if len(lines) > 2 else 19
        for k, line in enumerate(lines[:3]):
            place = QRect(12, 44 + step * k if len(lines) > 2 else 47 + step * k, edge - 22, step)
            self._say(painter, place, self._fitting(line, place.width()), 11, 400, "text3")

    def _short_title(self, room: int) -> str:
        """The title with its place whole: where there is little room the name is cut."""
        name, at, place = self._said.title.rpartition(" at ")
        left = room - text_width(at + place, 11, 600)
        return elided(name, left, 11, 600) + at + place if at else self._said.title

    def _fitting(self, words: str, room: int) -> str:
        """The longest way to say it that fits."""
        tight = words.replace("  ·  ", " · ")
        small = tight.replace("row sum", "Σw").replace(" … ", "…")
        for shorter in (words, tight, small, small.rsplit(" · ", 1)[0]):
            if text_width(shorter, 11) <= room:
                return shorter
        return small

    def _say(self, painter: QPainter, rect: QRect, text: str, size: int, weight: int, token: str) -> None:
        painter.setFont(self.context.theme.font(size, weight))
        painter.setPen(self.context.theme.color(token))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter), elided(text, rect.width() + 1, size, weight))

    # ---- events ------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.window().installEventFilter(self)
        self.set_low(self.window().height() < LOW_BELOW and self.window() is not self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.window() and watched is not self:
            self.set_low(self.window().height() < LOW_BELOW)
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() == Qt.Key.Key_Space:
            self._cycle(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._text.stages:
            self.next_stage()
        else:
            event.ignore()
