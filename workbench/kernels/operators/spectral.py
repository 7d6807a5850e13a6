"""Band-limited interpolation of a picture that repeats: the one method whose rows are dense and fall off slowly.

Source: trigonometric interpolation. Output i takes Σ_j D(c(i) − j)·x[j] with the Dirichlet kernel of N frequencies on n
samples, D(t) = sin(πNt/n) / (n·sin(πt/n)), for even N with tan in place of sin: half of the highest frequency to each
side. Equal to padding or cutting the spectrum (``scipy.signal.resample`` when enlarging) on any grid.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Window
from workbench.kernels.cancel import CancelToken
from workbench.kernels.coordinates import AxisMap
from workbench.kernels.engines import Engine
from workbench.kernels.lines import LONG, Block, Line, Lines, block, sorted_block
from workbench.kernels.operators.base import Floats, Ints, LinearOperator, Origin, Period, Stencil
from workbench.kernels.operators.products import product
from workbench.kernels.operators.separable import Separable
from workbench.kernels.placement import Placement
from workbench.kernels.tables import AxisTable

if TYPE_CHECKING:
    from scipy.sparse import csr_array

SMALL = 64
"""Samples of an axis up to which rows and columns are told whole."""

NEAR = 16
"""Neighbours on each side that are told of a longer axis."""

_BLOCK = 64
"""Outputs of one product; blocks are anchored, so that a window has the bits of the whole."""


class SpectralAxis:
    """The weights of one axis, in closed form.

    Parameters
    ----------
    axis : AxisMap
    band : int
        Frequencies N that are kept, at most n.
    """

    def __init__(self, axis: AxisMap, band: int) -> None:
        self.axis = axis
        self.band = band
        self.n_in, self.n_out = axis.n_in, axis.n_out
        self.whole, rest, common = axis.whole_and_rest()
        self.rest: Floats = (rest / common).astype(np.float64)
        self.beyond = axis.beyond(self.whole, rest)
        self.exact = self.n_in <= SMALL

    def weights(self, outputs: Ints, inputs: Ints) -> Floats:
        """D(c(i) − j) for outputs i and inputs j, broadcast against each other."""
        n, band = self.n_in, self.band
        steps, rest = (self.whole[outputs] - inputs) % n, self.rest[outputs]
        # Whole turns are taken off before a sine sees them: sin πN(k + r)/n, k a whole number.
        turns = np.pi * ((band * steps % (2 * n)) / n)
        wave = np.sin(turns) * np.cos(np.pi * band * rest / n) + np.cos(turns) * np.sin(np.pi * band * rest / n)
        if band == n:
            wave = np.where(steps % 2, -1.0, 1.0) * np.sin(np.pi * rest)
        angle = np.pi * (steps + rest) / n
        slow = np.sin(angle) if band % 2 else np.tan(angle)
        here = (steps == 0) & (rest == 0)
        values = np.where(here, band / n, wave / (n * np.where(here, 1.0, slow)))
        return np.asarray(np.where(self.beyond[outputs], 0.0, values))

    def lines(self, first: int, last: int) -> Floats:
        """Rows first … last − 1, dense."""
        return self.weights(np.arange(first, last)[:, None], np.arange(self.n_in))

    def table(self, first: int, last: int) -> AxisTable:
        """The same for an engine."""
        return AxisTable(self.n_in, np.zeros(last - first, np.intp), self.lines(first, last))

    def row(self, p: int) -> Line:
        """The inputs of output p and their weights: all, or the nearest."""
        return self._rows[p]

    def column(self, j: int) -> Line:
        """The outputs of input j and their weights: all that tell of it in their rows."""
        return self._columns[j]

    @cached_property
    def _rows(self) -> Lines:
        return Lines(self.n_out, self._row_block, LONG)

    @cached_property
    def _columns(self) -> Lines:
        return Lines(self.n_in, self._column_block, LONG)

    def _told(self, outputs: Ints) -> tuple[Ints, Floats]:
        """Inputs and weights that the rows of these outputs tell, one row each; inputs in order."""
        inputs = np.broadcast_to(np.arange(self.n_in), (len(outputs), self.n_in))
        if not self.exact:
            inputs = np.sort((self.whole[outputs, None] + np.arange(1 - NEAR, NEAR + 1)) % self.n_in, axis=1)
        return inputs, self.weights(outputs[:, None], inputs)

    def _row_block(self, first: int, last: int) -> Block:
        inputs, weights = self._told(np.arange(first, last))
        used = weights != 0
        return block(used.sum(axis=1), inputs[used], weights[used])

    def _column_block(self, first: int, last: int) -> Block:
        outputs = np.arange(self.n_out)
        if not self.exact:
            shifts = range((int(self.whole[0]) - last) // self.n_in, (int(self.whole[-1]) - first) // self.n_in + 2)
            near = [np.searchsorted(self.whole, np.array((first - NEAR, last + NEAR)) + k * self.n_in) for k in shifts]
            outputs = np.unique(np.concatenate([np.arange(begin, end) for begin, end in near]))
        inputs, weights = self._told(outputs)
        used = (weights != 0) & (inputs >= first) & (inputs < last)
        outputs = np.repeat(outputs, used.sum(axis=1))
        return sorted_block(inputs[used] - first, last - first, outputs, weights[used])

    @cached_property
    def sums(self) -> tuple[float, float]:
        """Σ|w| of the row in the middle, and how much of it `row` tells."""
        middle = self.n_out // 2
        return float(np.abs(self.lines(middle, middle + 1)).sum()), float(np.abs(self.row(middle)[1]).sum())


class Spectral(LinearOperator):
    """A product of two spectral axes.

    Parameters
    ----------
    rows, cols : SpectralAxis
    placement : Placement

    Attributes
    ----------
    truncated : float
        Σ|w| over all that `row` leaves out, for the pixel in the middle; 0 where rows are told whole.
    """

    def __init__(self, rows: SpectralAxis, cols: SpectralAxis, placement: Placement) -> None:
        super().__init__((rows.n_in, cols.n_in), (rows.n_out, cols.n_out), placement)
        self.rows = rows
        self.cols = cols

    @cached_property
    def truncated(self) -> float:
        if self.rows.exact and self.cols.exact:
            return 0.0
        (whole_y, told_y), (whole_x, told_x) = self.rows.sums, self.cols.sums
        return whole_y * whole_x - told_y * told_x

    @property
    def period(self) -> tuple[Period | None, Period | None]:
        return (self.rows.axis.period, self.cols.axis.period)

    def needs(self, window: Window) -> Window:
        return Window.of(self.in_shape)

    def _fill(self, x: Image, origin: Origin, window: Window, out: Image, cancel: CancelToken, engine: Engine) -> None:
        if not np.isfinite(x).all():  # tap by tap: a product would spread what is not a number
            rows, cols = self.rows.table(window.top, window.bottom), self.cols.table(window.left, window.right)
            engine.separable(x, rows, cols, out, cancel, (window.top, window.left))
            return
        planes = [(x, out)] if x.ndim == 2 else [(x[:, :, c], out[:, :, c]) for c in range(x.shape[2])]
        down = [(block, self.rows.lines(*block)) for block in _blocks(window.top, window.bottom, self.rows.n_out)]
        across = [(block, self.cols.lines(*block).T) for block in _blocks(window.left, window.right, self.cols.n_out)]
        for done, (plane, target) in enumerate(planes):
            values = np.ascontiguousarray(plane, np.float64)
            for (left, right), matrix in across:
                cancel.check()
                between = values @ matrix
                for (top, bottom), lines in down:
                    tile = Window(top, left, bottom, right).intersect(window)
                    made = (lines @ between)[tile.shifted(-top, -left).slices]
                    target[tile.shifted(-window.top, -window.left).slices] = made
            cancel.progress((done + 1) / len(planes))

    def adjoint(self, y: npt.NDArray[Any]) -> Image:
        values = self._checked(y, self.out_shape).astype(np.float64)
        down = _back(self.rows, values)
        return _back(self.cols, down.swapaxes(0, 1)).swapaxes(0, 1)

    def row(self, i: int, j: int, channel: int = 0) -> Stencil:
        return product(self.rows.row(i), self.cols.row(j), self.in_shape, sure=True)

    def column(self, i: int, j: int, channel: int = 0) -> Stencil:
        return product(self.rows.column(i), self.cols.column(j), self.out_shape, sure=True)

    def row_sums(self) -> Image:
        return np.asarray(np.multiply.outer(1.0 - self.rows.beyond, 1.0 - self.cols.beyond))

    def sparse(self, channel: int = 0) -> csr_array:
        from scipy.sparse import csr_array, kron  # lazy: its import takes longer than a window

        rows, cols = (csr_array(axis.lines(0, axis.n_out)) for axis in (self.rows, self.cols))
        return csr_array(kron(rows, cols, format="csr"))

    def block_means(
        self, x: npt.NDArray[Any], b: int, window: Window | None = None, *, cancel: CancelToken | None = None
    ) -> Image:
        rows, cols = (axis.table(0, axis.n_out).means(b) for axis in (self.rows, self.cols))
        return Separable(rows, cols).apply(x, window, cancel=cancel)


def _blocks(first: int, last: int, end: int) -> list[tuple[int, int]]:
    """The anchored blocks that a range of outputs touches."""
    starts = range(first // _BLOCK * _BLOCK, last, _BLOCK)
    return [(start, min(start + _BLOCK, end)) for start in starts]


def _back(axis: SpectralAxis, y: Image) -> Image:
    """The transpose of an axis along the first axis of an array."""
    flat = np.ascontiguousarray(y).reshape(y.shape[0], -1)
    total = np.zeros((axis.n_in, flat.shape[1]))
    for first, last in _blocks(0, axis.n_out, axis.n_out):
        total += axis.lines(first, last).T @ flat[first:last]
    return total.reshape(axis.n_in, *y.shape[1:])
