"""One line that always adds up: ``y = 0.7656·x[29,49] + 0.1094·x[29,48] + …``, term by term, with the running sum."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.kernels.arrays import Window, plane
from workbench.kernels.operators.channels import ChannelStencil
from workbench.kernels.provenance import Term, Trace
from workbench.model.display import ink_on, weight_rgb
from workbench.model.results import Ready
from workbench.ui.theme import Theme

MOST_TERMS = 16
WIDE, NARROW, TIGHT = 168, 144, 122
_SHORT = 5
"""Signs of a number that fits into a tight tile."""
_RESULT = 132
_CHIP_HEIGHT = 19


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """A sum, ready to be shown.

    Parameters
    ----------
    trace : Trace
    peak : float
        End of the weight scale.
    computed : float
        The same pixel as the operator's own arithmetic gives it.
    adds_up : bool
        Whether the terms give that value.
    shown : float, optional
        What the range makes of the value, where it lies beyond.
    rest : float
        What the taps that a dense row leaves out add.
    """

    trace: Trace
    peak: float
    computed: float
    adds_up: bool
    shown: float | None = None
    rest: float = 0.0

    @property
    def answer(self) -> float:
        """What the pixel holds: the terms, what a dense row leaves out of them, and b."""
        return self.trace.answer + self.rest


@dataclass(frozen=True, slots=True)
class Tile:
    """One thing said in three lines, where there is no sum: what a source pixel does in one slot."""

    badge: str
    title: str
    first: str
    second: str


def formula_of(ready: Ready, trace: Trace, peak: float, ends: tuple[float, float]) -> Formula:
    """The sum of a pixel, held against what the operator computes for it."""
    values, (row, col) = ready.prepared.values, trace.pixel
    made = ready.operator.apply(values, Window(row, col, row + 1, col + 1))
    computed = float(plane(made, min(trace.channel, 0 if made.ndim == 2 else made.shape[2] - 1))[0, 0])
    tolerance = 1e-12 if values.dtype == np.float64 else 1e-6
    scale = sum(abs(term.product) for term in trace.terms)
    # What a dense row leaves out is declared: at most so much of the largest value.
    rest = ready.operator.truncated * float(np.nanmax(np.abs(values), initial=0.0)) if ready.operator.truncated else 0.0
    close = abs(computed - trace.value) <= tolerance * max(scale, abs(computed)) + rest
    alike = close or (math.isnan(computed) and math.isnan(trace.value)) or computed == trace.value
    answer = computed + trace.offset if ready.operator.truncated else trace.answer
    inside = ends[0] <= answer <= ends[1] or not math.isfinite(answer)
    left = computed - trace.value if ready.operator.truncated else 0.0
    shown = None if inside else min(max(answer, ends[0]), ends[1])
    return Formula(trace, peak, computed, bool(alike), shown, left)


def strip_number(value: float) -> str:
    """Four decimals; whole numbers as such, large ones with six digits, tiny ones with their exponent."""
    if not math.isfinite(value):
        text = "NaN" if math.isnan(value) else "∞" if value > 0 else "-∞"
    elif value == int(value) and abs(value) < 1e6:
        text = str(int(value))
    elif abs(value) >= 1000:
        text = f"{value:.6g}"
    elif abs(value) < 5e-5:
        digits, exponent = f"{value:.0e}".split("e")
        text = f"{digits}e{int(exponent)}"
    else:
        text = f"{value:.4f}"
    return text.replace("-", "−")


class FormulaStrip(QWidget):
    """Paints a `Formula`, or tiles in its place, or a sentence."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._formula: Formula | None = None
        self._tiles: tuple[Tile, ...] = ()
        self._sentence = ""
        self._compact = False
        self._fonts: dict[tuple[int, int], tuple[QFont, QFontMetrics]] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    @property
    def formula(self) -> Formula | None:
        return self._formula

    @property
    def tiles(self) -> tuple[Tile, ...]:
        return self._tiles

    @property
    def sentence(self) -> str:
        return self._sentence

    def sizeHint(self) -> QSize:
        return QSize(3 * NARROW + _RESULT, 48 if self._compact else 92)

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROW + _RESULT, 48)

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self.update()

    def show_formula(self, formula: Formula | None, tiles: tuple[Tile, ...] = (), sentence: str = "") -> None:
        self._formula, self._tiles, self._sentence = formula, tiles, sentence
        self.setAccessibleName(self._spoken())
        self.update()

    def shown_terms(self) -> tuple[tuple[Term, ...], int, int]:
        """The terms there is room for, how many are left out, and the width of each."""
        if self._formula is None:
            return (), 0, WIDE
        terms = self._formula.trace.terms
        room = self.width() - _RESULT
        numbers = [number for t in terms[:MOST_TERMS] for number in (t.weight, t.value, t.product, t.running)]
        short = all(len(strip_number(number)) <= _SHORT for number in numbers)
        widths = (WIDE, NARROW, TIGHT) if short else (WIDE, NARROW)
        if len(terms) <= MOST_TERMS:
            for width in widths:
                if len(terms) * width <= room:
                    return terms, 0, width
        width = widths[-1]
        count = max(min(room // width - 1, MOST_TERMS), 1)
        return terms[:count], len(terms) - count, width

    def _spoken(self) -> str:
        if self._formula is None:
            return self._sentence or "; ".join(f"{t.badge} {t.title}: {t.first}, {t.second}" for t in self._tiles)
        terms = self._formula.trace.terms[:MOST_TERMS]
        said = " + ".join(f"{strip_number(t.weight)} times x[{t.row},{t.col}]" for t in terms)
        rest = len(self._formula.trace.terms) - len(terms)
        more = f" and {rest} more" if rest > 0 else ""
        verdict = "adds up" if self._formula.adds_up else "does not add up: report"
        return f"{said}{more} = {strip_number(self._formula.trace.value)}, {verdict}"

    def _source(self, term: Term) -> str:
        """``"x[29,49]"``, with the channel where channels meet."""
        mixes = self._formula is not None and isinstance(self._formula.trace.stencil, ChannelStencil)
        return f"x[{term.row},{term.col},{term.channel}]" if mixes else f"x[{term.row},{term.col}]"

    # ---- painting ----------------------------------------------------------------------------------------------

    def _lines(self) -> tuple[int, int, int]:
        """Middle of each of the three lines; where there are two, the last stands beside the second."""
        return (15, 35, 35) if self._compact else (22, 44, 70)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._formula is not None:
            self._paint_formula(painter, self._formula)
        elif self._tiles:
            self._paint_tiles(painter)
        elif self._sentence:
            self._say(painter, 0, self._lines()[1], self._sentence, 12, 400, "text2")

    def _paint_formula(self, painter: QPainter, formula: Formula) -> None:
        terms, left_out, width = self.shown_terms()
        x = 0
        for k, term in enumerate(terms):
            if k:
                self._say(painter, x - 14, self._lines()[0], "+", 12, 400, "text2")
            self._paint_term(painter, x, term, formula.peak)
            x += width
        if left_out:
            self._say(painter, x - 14, self._lines()[0], "+", 12, 400, "text2")
            shown = terms[-1].running if terms else 0.0
            x = self._paint_rest(painter, x, left_out, formula.trace.value - shown, formula.trace.value) + 16
        self._paint_result(painter, x, formula)

    def _paint_term(self, painter: QPainter, x: int, term: Term, peak: float) -> None:
        one, two, three = self._lines()
        rgb = weight_rgb(term.weight, peak).tolist()
        text = strip_number(term.weight)
        font, metrics = self._type(12, 600)
        chip = QRect(x, one - 9, max(metrics.horizontalAdvance(text) + 16, 40 if self._compact else 44), _CHIP_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(*rgb))
        painter.drawRoundedRect(QRectF(chip), 3, 3)
        painter.setPen(QColor(*ink_on(rgb)))
        painter.setFont(font)
        painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), text)
        self._say(painter, chip.right() + 6, one, self._source(term), 12, 400, "text2")
        value, product, running = (strip_number(v) for v in (term.value, term.product, term.running))
        if self._compact:
            end = self._say(painter, x, two, f"× {value}", 12, 500, "text")
            self._say(painter, end + 8, three, f"Σ {running}", 11, 400, "text3")
            return
        self._say(painter, x, two, f"× {value} = {product}", 12, 500, "text")
        self._say(painter, x, three, f"Σ {running}", 11, 400, "text3")

    def _paint_rest(self, painter: QPainter, x: int, count: int, rest: float, total: float) -> int:
        one, two, three = self._lines()
        end = self._say(painter, x, one, f"… and {count} more", 12, 400, "text2")
        other = self._say(painter, x, two, f"Σ = {strip_number(rest)}", 12, 500, "text")
        if not self._compact:
            self._say(painter, x, three, f"Σ {strip_number(total)}", 11, 400, "text3")
        return max(end, other, x + 100)

    def _paint_result(self, painter: QPainter, x: int, formula: Formula) -> None:
        one, two, three = self._lines()
        value = strip_number(formula.answer)
        good = "text" if formula.adds_up else "err"
        if formula.trace.offset:
            self._say(painter, x, one, f"+ b = {strip_number(formula.trace.offset)}", 12, 400, "text2")
        elif formula.rest:
            self._say(painter, x, one, f"+ rest {strip_number(formula.rest)}", 12, 400, "text2")
        end = self._say(painter, x, two, "=", 12, 400, "text2")
        self._say(painter, end + 8, two, value, 12, 600, good)
        verdict = one if self._compact else three
        if not formula.adds_up:
            painter.fillRect(QRect(x, verdict - 9, 160, 18), self._theme.color("errbg"))
            self._say(painter, x + 4, verdict, "does not add up: report", 11, 600, "err")
            return
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(x + 16, verdict - 8, self._theme.pixmap("check", "text2", 16, ratio))
        words = "adds up" if formula.shown is None else f"adds up → shown {strip_number(formula.shown)}"
        self._say(painter, x + 34, verdict, words, 11, 400, "text2")

    def _paint_tiles(self, painter: QPainter) -> None:
        one, two, three = self._lines()
        x = 0
        for k, tile in enumerate(self._tiles):
            if x + NARROW > self.width():
                self._say(painter, x, one, f"… and {len(self._tiles) - k} more", 12, 400, "text2")
                break
            end = self._say(painter, x, one, f"{tile.badge}  ", 12, 600, "text2")
            room = x + WIDE - 12 - end
            title = self._type(12, 500)[1].elidedText(tile.title, Qt.TextElideMode.ElideRight, room)
            self._say(painter, end, one, title, 12, 500, "text")
            end = self._say(painter, x, two, tile.first, 12, 500, "text")
            self._say(painter, end + 8 if self._compact else x, three, tile.second, 11, 400, "text3")
            x += WIDE

    def _type(self, size: int, weight: int) -> tuple[QFont, QFontMetrics]:
        """A font and its measures, kept: a hover asks for some thirty."""
        if (size, weight) not in self._fonts:
            font = self._theme.font(size, weight)
            self._fonts[size, weight] = (font, QFontMetrics(font))
        return self._fonts[size, weight]

    def _say(self, painter: QPainter, x: int, middle: int, text: str, size: int, weight: int, token: str) -> int:
        """A word on a line; gives where it ends."""
        font, metrics = self._type(size, weight)
        painter.setFont(font)
        painter.setPen(self._theme.color(token))
        width = metrics.horizontalAdvance(text)
        painter.drawText(QRect(x, middle - 12, width + 4, 24), int(Qt.AlignmentFlag.AlignVCenter), text)
        return x + width
