"""The sum behind one pixel, written four ways: decimals, exact fractions, symbols, and as a product of two lines.

Convention
    ``y[row, col] = Σ w·x[row, col]``; indices count from 0. A fraction is claimed only where it is the weight to
    1e-12, with denominators of at most 16384 on each axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Pixel
from workbench.kernels.operators.base import LinearOperator, Stencil
from workbench.kernels.operators.channels import ChannelStencil
from workbench.kernels.operators.separable import Separable
from workbench.kernels.provenance import Term, Trace

Ints = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]

LARGEST_DENOMINATOR = 16384
_EXACT = 1e-12
_RANK_ONE = 8 * np.finfo(float).eps
_SUBSCRIPTS = str.maketrans("0123456789-", "₀₁₂₃₄₅₆₇₈₉₋")


class Form(Enum):
    """How the terms of a sum are written."""

    DECIMAL = "decimal"
    FRACTION = "fraction"
    SYMBOLS = "symbols"
    FACTORED = "factored"

    @property
    def title(self) -> str:
        return _TITLES[self]

    @property
    def sign(self) -> str:
        """What a chip says."""
        return _SIGNS[self]


_TITLES = {
    Form.DECIMAL: "decimal",
    Form.FRACTION: "exact fractions",
    Form.SYMBOLS: "symbols",
    Form.FACTORED: "row weights × column weights",
}
_SIGNS = {Form.DECIMAL: "0.1", Form.FRACTION: "p/q", Form.SYMBOLS: "w·x", Form.FACTORED: "u × v"}


@dataclass(frozen=True, slots=True, eq=False)
class Factors:
    """A row of A that is a product: weights of source rows, and weights of source columns.

    Parameters
    ----------
    rows, cols : (n,) and (m,) int
        Indices of the source.
    down, across : (n,) and (m,) float64
        ``w[row, col] = down[row] · across[col]``.
    """

    rows: Ints
    down: Floats
    cols: Ints
    across: Floats

    def parts(self, row: int, col: int) -> tuple[float, float]:
        """The two factors of one weight."""
        return (
            float(self.down[int(np.searchsorted(self.rows, row))]),
            float(self.across[int(np.searchsorted(self.cols, col))]),
        )


def factors_of(operator: LinearOperator, pixel: Pixel, stencil: Stencil) -> Factors | None:
    """The two lines whose product a row of A is; None where it is no such product, or has a single line.

    Structured operators know their lines; of any other row it is found out, since a product of two lines has rank one.
    """
    if isinstance(stencil, ChannelStencil) or len(stencil) < 2:
        return None
    if isinstance(operator, Separable):
        (rows, down), (cols, across) = operator.rows.row(pixel[0]), operator.cols.row(pixel[1])
        return Factors(rows, down, cols, across)
    rows, cols = np.unique(stencil.rows), np.unique(stencil.cols)
    if len(rows) * len(cols) != len(stencil):
        return None
    table = stencil.weights.reshape(len(rows), len(cols))
    total = float(table.sum())
    if abs(total) > 1e-6 * float(np.abs(table).sum()):  # lines that add up to 1 are what a person expects to see
        down, across = table.sum(axis=1), table.sum(axis=0) / total
    else:
        peak = np.unravel_index(np.argmax(np.abs(table)), table.shape)
        down, across = table[:, peak[1]], table[peak[0]] / table[peak]
    apart = float(np.abs(np.multiply.outer(down, across) - table).max())
    return Factors(rows, down, cols, across) if apart <= _RANK_ONE * float(np.abs(table).max()) else None


@lru_cache(maxsize=8192)
def fraction_of(weight: float) -> Fraction | None:
    """``111/128``: the fraction that a weight is, to 1e-12; None where there is none with a small denominator."""
    if not np.isfinite(weight):
        return None
    near = Fraction(weight).limit_denominator(LARGEST_DENOMINATOR)
    return near if abs(float(near) - weight) < _EXACT else None


def weight_fraction(term: Term, factors: Factors | None) -> Fraction | None:
    """The fraction of a term's weight: with two lines, the product of a fraction on each."""
    if factors is not None:
        down, across = (fraction_of(part) for part in factors.parts(term.row, term.col))
        if down is not None and across is not None and abs(float(down * across) - term.weight) < _EXACT:
            return down * across
    return fraction_of(term.weight)


def symbol(name: str, *indices: int) -> str:
    """``x₃₁``; with a comma where an index has more than one digit: ``x₂₈,₄₀``."""
    parts = [str(index).translate(_SUBSCRIPTS) for index in indices]
    return name + (",".join(parts) if any(len(part) > 1 for part in parts) else "".join(parts))


def weight_index(operator: LinearOperator, pixel: Pixel, stencil: Stencil, term: Term) -> Pixel:
    """Which w a term has: the tap of a kernel, else its place in the rectangle of sources."""
    from workbench.model.matrix import tap_between

    tap = tap_between(operator, pixel, Pixel(term.row, term.col))
    if tap is not None:
        return tap
    return Pixel(term.row - int(stencil.rows.min()), term.col - int(stencil.cols.min()))


def source_text(term: Term, letter: str = "x", mixes: bool = False) -> str:
    """``x[29,49]``, with the channel where channels meet."""
    return f"{letter}[{term.row},{term.col},{term.channel}]" if mixes else f"{letter}[{term.row},{term.col}]"


def mixes(trace: Trace) -> bool:
    """Whether the terms of a sum come from several channels."""
    return isinstance(trace.stencil, ChannelStencil)


def as_fractions(trace: Trace, factors: Factors | None, rest: float = 0.0) -> str:
    """The whole sum as a line of text with exact fractions; a weight that is none keeps all its digits.

    Parameters
    ----------
    rest : float
        What the taps that a dense row leaves out add.
    """
    words = []
    for k, term in enumerate(trace.terms):
        fraction = weight_fraction(term, factors)
        size = str(abs(fraction)) if fraction is not None else repr(abs(term.weight))
        size = f"({size})" if "/" in size else size
        sign = _sign(term.weight)
        lead = ("-" if sign == "-" else "") if k == 0 else f" {sign} "
        words.append(f"{lead}{size}·{source_text(term, mixes=mixes(trace))}")
    if trace.offset:
        words.append(f" {_sign(trace.offset)} {abs(trace.offset)!r}")
    if rest:
        words.append(f" {_sign(rest)} {abs(rest)!r}")
    row, col = trace.pixel
    return f"y[{row},{col}] = {''.join(words) or '0'} = {trace.answer + rest!r}"


def as_latex(trace: Trace, factors: Factors | None, rest: float = 0.0) -> str:
    r"""The whole sum for a paper: ``y_{7,4} = \frac{9}{16}\,x_{3,1} + … = 0.412``."""
    words = []
    for k, term in enumerate(trace.terms):
        fraction = weight_fraction(term, factors)
        if fraction is None:
            size = f"{abs(term.weight):.6g}"
        elif fraction.denominator == 1:
            size = str(abs(fraction.numerator))
        else:
            size = rf"\frac{{{abs(fraction.numerator)}}}{{{fraction.denominator}}}"
        sign = _sign(term.weight)
        lead = ("-" if sign == "-" else "") if k == 0 else f" {sign} "
        place = f"{term.row},{term.col}" + (f",{term.channel}" if mixes(trace) else "")
        words.append(rf"{lead}{size}\,x_{{{place}}}")
    if trace.offset:
        words.append(f" {_sign(trace.offset)} {abs(trace.offset):.6g}")
    if rest:
        words.append(f" {_sign(rest)} {abs(rest):.6g}")
    row, col = trace.pixel
    return f"y_{{{row},{col}}} = {''.join(words) or '0'} = {trace.answer + rest:.6g}"


def _sign(size: float) -> str:
    return "-" if size < 0 else "+"


def forms_of(factors: Factors | None) -> Sequence[Form]:
    """The forms that a row has, in the order in which they are cycled."""
    plain = (Form.DECIMAL, Form.FRACTION, Form.SYMBOLS)
    return (*plain, Form.FACTORED) if factors is not None else plain
