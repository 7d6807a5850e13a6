"""A separable operator behind a prefilter: spline interpolation, whose rows are dense but fall off fast.

Source: A = W C⁻¹ along each axis; the coefficients C⁻¹ x are made in float64, for as much of the picture as a window
needs, and W then reads a few of them. Rows and columns of A are put together from both tables.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Window
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines import Engine
from workbench.kernels.lines import LONG, Block, Lines, block
from workbench.kernels.operators.base import Floats, Ints, Origin, Stencil
from workbench.kernels.operators.composed import Composed
from workbench.kernels.operators.products import product
from workbench.kernels.operators.separable import Separable
from workbench.kernels.placement import IDENTITY, Placement
from workbench.kernels.tables import AxisTable

if TYPE_CHECKING:
    from scipy.sparse import csr_array

SMALL = 64
"""Samples of an axis up to which rows are told whole."""

NEGLIGIBLE = 5e-9
"""What a row of a longer axis leaves out at each end, at most, in sums of |weights|."""


ROUNDING = 2.0**-53
"""Weights below are what rounding leaves of an exact 0: rows sum to 1, so that no sum ever feels them."""


class ChainedAxis:
    """Rows and columns of ``W·P``, some hundred at a time.

    Parameters
    ----------
    weights, prefilter : AxisTable
        W reads the outputs of P.

    Convention
        On a line that wraps, places count on beyond its ends; they are folded when all else is done.
    """

    def __init__(self, weights: AxisTable, prefilter: AxisTable) -> None:
        self.weights = weights
        self.prefilter = prefilter
        self.exact = prefilter.n_in <= SMALL
        self.rows = Lines(weights.n_out, self._row_block, LONG)
        self.columns = Lines(prefilter.n_in, self._column_block, LONG)

    def _row_block(self, first: int, last: int) -> Block:
        from scipy.sparse import csr_array  # lazy: its import takes longer than a window

        outer, inner = self.weights, self.prefilter
        places, where = np.unique(outer.start[first:last, None] + np.arange(outer.taps), return_inverse=True)
        rows = places % inner.n_out if outer.wraps else places
        start = inner.start[rows] + (places - rows if inner.wraps else 0)
        low = int(start.min())
        index = (start - low)[:, None] + np.arange(inner.taps)
        steps = np.arange(max(last - first, len(places)) + 1)
        reading = csr_array((outer.weights[first:last].ravel(), where.ravel(), steps[: last - first + 1] * outer.taps))
        filtered = csr_array((inner.weights[rows].ravel(), index.ravel(), steps[: len(places) + 1] * inner.taps))
        reading.resize(last - first, len(places))
        made = reading @ filtered
        made.sort_indices()
        if not self.exact and (inner.wraps or not outer.wraps):
            made.data[_negligible(made)] = 0
        made.data[np.abs(made.data) < ROUNDING] = 0
        made.eliminate_zeros()
        index = made.indices + low
        if inner.wraps and ((index < 0).any() or (index >= inner.n_in).any()):
            made = csr_array((made.data, index % inner.n_in, made.indptr), shape=(last - first, inner.n_in))
            made.sum_duplicates()
            made.eliminate_zeros()
            index = made.indices
        return block(np.diff(made.indptr), index.astype(np.intp), made.data)

    def _column_block(self, first: int, last: int) -> Block:
        spread, low = self._coefficients(first, last)
        made = spread @ self._readers(low, low + spread.shape[1])
        made.sort_indices()
        made.data[np.abs(made.data) <= (ROUNDING if self.exact else NEGLIGIBLE)] = 0
        made.eliminate_zeros()
        return block(np.diff(made.indptr), made.indices.astype(np.intp), made.data)

    def _coefficients(self, first: int, last: int) -> tuple[csr_array, int]:
        """Some columns of the prefilter, as rows; and the coefficient that theirs are counted from."""
        from scipy.sparse import csr_array  # lazy: its import takes longer than a window

        inner = self.prefilter
        if inner.wraps:  # its one row is symmetric: columns are rows
            low, weights = int(inner.start[0]) + first, inner.weights[first:last]
            index = np.arange(last - first)[:, None] + np.arange(inner.taps)
            return csr_array((weights.ravel(), index.ravel(), np.arange(last - first + 1) * inner.taps)), low
        begin, end = np.searchsorted(inner.start, (first - inner.taps + 1, last))
        index = inner.start[begin:end, None] + np.arange(inner.taps) - first
        used = (index >= 0) & (index < last - first)
        rows = np.repeat(np.arange(end - begin), used.sum(axis=1))
        weights = inner.weights[begin:end][used]
        return csr_array((weights, (index[used], rows)), shape=(last - first, end - begin)), int(begin)

    def _readers(self, low: int, high: int) -> csr_array:
        """Outputs that read some coefficients, with their weights: a row for each coefficient."""
        from scipy.sparse import csr_array  # lazy: its import takes longer than a window

        outer = self.weights
        shifts = range(1)
        if outer.wraps:
            begin, end = int(outer.start[0]), int(outer.start[-1]) + outer.taps
            shifts = range((begin - high) // outer.n_in, (end - low) // outer.n_in + 2)
        parts = [self._reads(low + shift * outer.n_in, high + shift * outer.n_in) for shift in shifts]
        weights, places, outputs = (np.concatenate(part) for part in zip(*parts, strict=True))
        return csr_array((weights, (places, outputs)), shape=(high - low, outer.n_out))

    def _reads(self, low: int, high: int) -> tuple[Floats, Ints, Ints]:
        """Who reads coefficients low … high − 1: weights, places from ``low`` on, outputs."""
        outer = self.weights
        begin, end = np.searchsorted(outer.start, (low - outer.taps + 1, high))
        places = outer.start[begin:end, None] + np.arange(outer.taps) - low
        used = (places >= 0) & (places < high - low)
        return outer.weights[begin:end][used], places[used], np.repeat(np.arange(begin, end), used.sum(axis=1))

    @cached_property
    def gain(self) -> float:
        """A bound of Σ|w| over any row."""
        return float(np.abs(self.weights.weights).sum(axis=1).max() * np.abs(self.prefilter.weights).sum(axis=1).max())


def _negligible(matrix: csr_array) -> npt.NDArray[np.bool_]:
    """The entries at the ends of each row that add up to next to nothing."""
    sizes = np.abs(matrix.data)
    until = np.cumsum(sizes)
    ends = np.append(0.0, until)[matrix.indptr]
    counts = np.diff(matrix.indptr)
    before, after = np.repeat(ends[:-1], counts), np.repeat(ends[1:], counts)
    return np.asarray((until - before < NEGLIGIBLE) | (after - (until - sizes) <= NEGLIGIBLE))


class Prefiltered(Composed):
    """W after P along both axes.

    Parameters
    ----------
    weights : (AxisTable, AxisTable)
        Rows and columns: from coefficients to outputs.
    prefilters : (AxisTable, AxisTable)
        From samples to coefficients.
    placement : Placement
        Of the outputs, in samples.

    Attributes
    ----------
    truncated : float
        A bound of Σ|w| over all that `row` leaves out; 0 where rows are told whole.
    """

    outer: Separable
    inner: Separable

    def __init__(
        self, weights: tuple[AxisTable, AxisTable], prefilters: tuple[AxisTable, AxisTable], placement: Placement
    ) -> None:
        super().__init__(Separable(*weights, placement), Separable(*prefilters, IDENTITY))
        self._lines = tuple(ChainedAxis(w, p) for w, p in zip(weights, prefilters, strict=True))

    @cached_property
    def truncated(self) -> float:
        rows, cols = self._lines
        return 2 * NEGLIGIBLE * ((not rows.exact) * cols.gain + (not cols.exact) * rows.gain)

    def _fill(self, x: Image, origin: Origin, window: Window, out: Image, cancel: CancelToken, engine: Engine) -> None:
        between = self.outer.needs(window)
        needed = self.inner.needs(between)
        middle = np.empty(between.shape + x.shape[2:], x.dtype)
        planes = [(x, middle)] if x.ndim == 2 else [(x[:, :, c], middle[:, :, c]) for c in range(x.shape[2])]
        for plane, target in planes:  # one by one: long rows of many channels would be too long for a product
            patch = plane[needed.shifted(-origin[0], -origin[1]).slices].astype(np.float64)
            made = np.empty(between.shape)
            self.inner._fill(patch, (needed.top, needed.left), between, made, cancel, engine)
            target[...] = made
        self.outer._fill(middle, (between.top, between.left), window, out, cancel, engine)

    def row(self, i: int, j: int, channel: int = 0) -> Stencil:
        return product(self._lines[0].rows[i], self._lines[1].rows[j], self.in_shape, sure=True)

    def column(self, i: int, j: int, channel: int = 0) -> Stencil:
        return product(self._lines[0].columns[i], self._lines[1].columns[j], self.out_shape, sure=True)

    def row_sums(self) -> Image:
        rows, cols = (line.weights.matrix @ line.prefilter.row_sums for line in self._lines)
        return np.asarray(np.multiply.outer(rows, cols))

    def block_means(
        self, x: npt.NDArray[Any], b: int, window: Window | None = None, *, cancel: CancelToken | None = None
    ) -> Image:
        rows, cols = self._lines
        means = (rows.weights.means(b), cols.weights.means(b))
        return Prefiltered(means, (rows.prefilter, cols.prefilter), IDENTITY).apply(x, window, cancel=cancel)
