"""What the formula strip says: a sum with its check, two rows beside each other, or what a source pixel does.

A strip shows *cells*: a few words in three lines each, with the weight that colours them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple
from weakref import ref

import numpy as np

from workbench.kernels.arrays import Pixel
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.composed import Composed
from workbench.kernels.provenance import Term, Trace
from workbench.model.chain import Stage
from workbench.model.probe import computed_at, rest_of
from workbench.model.results import Ready
from workbench.model.row_pair import RowPair
from workbench.model.storing import StoredValue
from workbench.model.tail import Step
from workbench.model.terms import Factors, Form, factors_of, mixes, source_text, symbol, weight_fraction, weight_index

MOST_TERMS = 16
_CLOSE = 1e-12


@dataclass(frozen=True, slots=True)
class Chip:
    """A number on a plate in the colour of a weight."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Cell:
    """One source in a strip: plates, what they belong to, and two lines below."""

    chips: tuple[Chip, ...]
    label: str
    second: str
    third: str


@dataclass(frozen=True, slots=True)
class Tile:
    """One thing said in three lines, where there is no sum: what a source pixel does in one slot."""

    badge: str
    title: str
    first: str
    second: str


class ResultWords(NamedTuple):
    """What stands with a sum: above it, after it what a library stores; the verdict below, and the library's rule."""

    above: str
    stored: str
    verdict: str
    badge: str

    def shorter(self) -> tuple[ResultWords, ...]:
        """The same with ever less of what is stored: all, the end without its steps, without its rule, nothing."""
        last = "→" + self.stored.rpartition("→")[2] if self.stored else ""
        return (
            self,
            self._replace(stored=last),
            self._replace(stored=last, badge=""),
            self._replace(stored="", badge=""),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """A sum, ready to be shown.

    Parameters
    ----------
    trace : Trace
    peak : float
        End of the weight scale.
    computed : float
        The same pixel as the operator's own arithmetic gives it, in float64.
    adds_up : bool
        Whether the terms give that value.
    tail : tuple of Step
        What becomes of the value after the linear part: "shown 1 (clip)", "255 in an 8-bit file".
    rest : float
        What the taps that a dense row leaves out add.
    form : Form
    factors : Factors, optional
        The row as a product of two lines, where it is one.
    indices : tuple of Pixel
        Which w each term has, where symbols are shown.
    made, read : str
        Letters of output and input.
    minus : (str, float), optional
        What is taken off at the end: of a difference to a picture that no method made.
    stored : StoredValue, optional
        What a library makes of it in 8 bits.
    """

    trace: Trace
    peak: float
    computed: float
    adds_up: bool
    tail: tuple[Step, ...] = ()
    rest: float = 0.0
    form: Form = Form.DECIMAL
    factors: Factors | None = None
    indices: tuple[Pixel, ...] = field(default=(), repr=False)
    made: str = "y"
    read: str = "x"
    minus: tuple[str, float] | None = None
    stored: StoredValue | None = None

    @property
    def answer(self) -> float:
        """What the pixel holds: the terms, what a dense row leaves out of them, and b."""
        return self.trace.answer + self.rest - (0.0 if self.minus is None else self.minus[1])

    @property
    def shown(self) -> float | None:
        """What the value becomes first, where anything is done to it."""
        return self.tail[0].value if self.tail else None

    @property
    def result(self) -> ResultWords:
        """What is said of the result."""
        above = []
        if self.trace.offset:
            above.append(f"+ b = {strip_number(self.trace.offset)}")
        if self.rest:
            above.append(f"+ rest {strip_number(self.rest)}")
        if self.minus is not None:
            above.append(f"− {self.minus[0]} {strip_number(self.minus[1])}")
        verdict = "".join(("adds up", *(f" → {step.text}" for step in self.tail)))
        if self.stored is None:
            return ResultWords(" ".join(above), "", verdict, "")
        steps = " ".join(f"→ {step.text}" for step in self.stored.steps)
        return ResultWords(" ".join(above), steps, verdict, self.stored.rounding.badge)

    def sum_from(self, k: int) -> float:
        """What the terms from the k-th on add."""
        return sum(term.product for term in self.trace.terms[k:])

    def cell(self, k: int) -> Cell:
        """One term as the strip writes it."""
        term = self.trace.terms[k]
        source = source_text(term, self.read, mixes(self.trace))
        weight, value, product, running = (
            strip_number(v) for v in (term.weight, term.value, term.product, term.running)
        )
        second = f"× {value} = {product}"
        if self.form is Form.SYMBOLS:
            where = (term.row, term.col, term.channel) if mixes(self.trace) else (term.row, term.col)
            chip, source = symbol("w", *self.indices[k]), symbol(f"·{self.read}", *where)
            second = f"{weight} × {value}"
        elif self.form is Form.FRACTION:
            fraction = weight_fraction(term, self.factors)
            chip = f"≈ {weight}" if fraction is None else str(fraction).replace("-", "−")
        else:
            chip = weight
        return Cell((Chip(chip, term.weight),), source, second, f"Σ {running}")


def formula_of(
    ready: Ready, trace: Trace, peak: float, tail: tuple[Step, ...] = (), form: Form = Form.DECIMAL,
    minus: tuple[str, float] | None = None,
) -> Formula:  # fmt: skip
    """The sum of a pixel, held against what the operator computes for it."""
    operator, values = ready.operator, ready.prepared.values
    computed = computed_at(ready, trace.pixel, trace.channel)
    # What a dense row leaves out is declared: at most so much of the largest value.
    slack = operator.truncated * _largest(values) if operator.truncated else 0.0
    alike = _agree(trace, computed, slack) or _unknown(operator, trace, values, computed)
    return _formed(operator, trace, peak, computed, alike, form, tail=tail, rest=rest_of(ready, trace), minus=minus)


def stage_formula(stage: Stage, peak: float, form: Form) -> Formula:
    """The sum of one stage of a chain."""
    slack = stage.operator.truncated
    trace = stage.trace
    alike = _agree(trace, stage.computed - trace.offset, slack)
    return _formed(stage.operator, trace, peak, stage.computed, alike, form, made=stage.made, read=stage.read)


def _formed(
    operator: LinearOperator, trace: Trace, peak: float, computed: float, adds_up: bool, form: Form, *,
    tail: tuple[Step, ...] = (), rest: float = 0.0, made: str = "y", read: str = "x",
    minus: tuple[str, float] | None = None,
) -> Formula:  # fmt: skip
    factors = factors_of(operator, trace.pixel, trace.stencil)
    if form is Form.FACTORED and factors is None:
        form = Form.DECIMAL
    indices: tuple[Pixel, ...] = ()
    if form is Form.SYMBOLS:
        indices = tuple(weight_index(operator, trace.pixel, trace.stencil, t) for t in trace.terms[:MOST_TERMS])
    return Formula(trace, peak, computed, adds_up, tail, rest, form, factors, indices, made, read, minus)


def _agree(trace: Trace, computed: float, slack: float) -> bool:
    """Whether the terms give what was computed: to 1e-12 of the size of what was added."""
    scale = sum(abs(term.product) for term in trace.terms)
    if math.isnan(computed) and math.isnan(trace.value):
        return True
    return computed == trace.value or abs(computed - trace.value) <= _CLOSE * max(scale, abs(computed)) + slack


def _unknown(operator: LinearOperator, trace: Trace, values: np.ndarray, computed: float) -> bool:
    """Whether a chain says "no number" for what is none: of a picture with such pixels it may know less than its row.

    Infinities that a sum keeps meet their opposites between two stages; a dense row leaves terms out.
    """
    if math.isfinite(computed) or not isinstance(operator, Composed):
        return False
    if operator.truncated:
        return not np.isfinite(values).all()
    return math.isnan(computed) and not math.isfinite(trace.value)


_known: tuple[ref[np.ndarray], float] | None = None


def _largest(values: np.ndarray) -> float:
    """The largest magnitude of a picture; of the last one it is known, for each move of the pointer asks."""
    global _known
    if _known is None or _known[0]() is not values:
        ends = np.fmax.reduce(values, axis=None, initial=0.0), np.fmin.reduce(values, axis=None, initial=0.0)
        _known = (ref(values), max(float(ends[0]), -float(ends[1])))
    return _known[1]


def pair_cell(pair: RowPair, k: int) -> Cell:
    """One source pixel of two rows: both weights, their difference, and what it adds to the difference."""
    w1, w2 = float(pair.w1[k]), float(pair.w2[k])
    place = f"{pair.rows[k]},{pair.cols[k]}" + (f",{pair.channels[k]}" if mixes(pair.first) else "")
    apart = f"w₁ − w₂ = {strip_number(w1 - w2)}"
    split = f"× {strip_number(float(pair.x[k]))} = {strip_number(float(pair.split[k]))}"
    return Cell((Chip(strip_number(w1), w1), Chip(strip_number(w2), w2)), f"x[{place}]", apart, split)


def pair_words(pair: RowPair) -> tuple[str, str]:
    """Both values, with what is none of the terms; and both sums of weights."""
    one, two = map(strip_number, pair.values)
    beside = (("b₁ − b₂", pair.offset), ("rest", pair.rest))
    values = " · ".join((f"y₁ {one}", f"y₂ {two}", *(f"{name} {strip_number(size)}" for name, size in beside if size)))
    return values, f"Σw₁ {strip_number(pair.first.row_sum)} · Σw₂ {strip_number(pair.second.row_sum)}"


@lru_cache(maxsize=4096)
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


def spoken(formula: Formula) -> str:
    """The sum in words, for those who listen."""
    terms: tuple[Term, ...] = formula.trace.terms[:MOST_TERMS]
    said = " + ".join(
        f"{strip_number(t.weight)} times {source_text(t, formula.read, mixes(formula.trace))}" for t in terms
    )
    rest = len(formula.trace.terms) - len(terms)
    more = f" and {rest} more" if rest > 0 else ""
    beside = f" {formula.result.above}" if formula.result.above else ""
    verdict = "adds up" if formula.adds_up else "does not add up: report"
    tail = "".join(f", {step.text}" for step in formula.tail)
    if formula.stored is not None and formula.stored.steps:
        tail += f", {formula.stored.rounding.badge}: " + ", ".join(step.text for step in formula.stored.steps)
    return f"{said}{more}{beside} = {strip_number(formula.answer)}{tail}, {verdict}"
