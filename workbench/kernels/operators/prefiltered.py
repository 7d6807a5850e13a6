"""A separable operator behind a prefilter: spline interpolation, whose rows are dense but fall off fast.

Source: A = W C⁻¹ along each axis; the coefficients C⁻¹ x are made in float64, for as much of the picture as a window
needs, and W then reads a few of them. Rows and columns of A are put together from both tables.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Window
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines import Engine
from workbench.kernels.operators.base import Floats, Ints, Origin, Stencil
from workbench.kernels.operators.composed import Composed
from workbench.kernels.operators.separable import Separable
from workbench.kernels.placement import IDENTITY, Placement
from workbench.kernels.tables import AxisTable

SMALL = 64
"""Samples of an axis up to which rows are told whole."""

NEGLIGIBLE = 5e-9
"""What a row of a longer axis leaves out at each end, at most, in sums of |weights|."""


class ChainedAxis:
    """Rows and columns of ``W·P``, one at a time.

    Parameters
    ----------
    weights, prefilter : AxisTable
        W reads the outputs of P.
    """

    def __init__(self, weights: AxisTable, prefilter: AxisTable) -> None:
        self.weights = weights
        self.prefilter = prefilter
        self.exact = prefilter.n_in <= SMALL
        self._inside, self._line, self._before = _repeated(prefilter)

    def row(self, p: int) -> tuple[Ints, Floats]:
        """Inputs and weights of output p, sorted."""
        outer, inner = self.weights, self.prefilter
        start = int(outer.start[p])
        if self._inside[0] <= start and start + outer.taps <= self._inside[1]:
            made = np.convolve(outer.weights[p], self._line)
            found: Ints = np.arange(start - self._before, start - self._before + len(made))
            return (found, made) if made.all() else (found[made != 0], made[made != 0])
        used = np.flatnonzero(outer.weights[p])
        if not len(used):
            return used, np.zeros(0)
        places = outer.start[p] + used
        if inner.wraps:  # all rows are one, which starts where its place says
            starts, rows = places + inner.start[0], np.zeros_like(places)
        else:
            rows = places % inner.n_out if outer.wraps else places
            starts = inner.start[rows]
        low = int(starts.min())
        summed = np.zeros(int(starts.max()) - low + inner.taps)
        for start, row, weight in zip(starts - low, rows, outer.weights[p, used], strict=True):
            summed[start : start + inner.taps] += weight * inner.weights[row]
        begin, end = (0, len(summed)) if self.exact else _trimmed(summed)
        index: Ints = np.arange(low + begin, low + end)
        summed = summed[begin:end]
        if inner.wraps and (low + begin < 0 or low + end > inner.n_in):
            index, where = np.unique(index % inner.n_in, return_inverse=True)
            summed = np.bincount(where, summed, minlength=len(index)).astype(np.float64)
        keep = summed != 0
        return index[keep], summed[keep]

    def column(self, i: int) -> tuple[Ints, Floats]:
        """Outputs that input i reaches and their weights, sorted."""
        outer = self.weights
        first, coefficients = self._coefficients(i)
        if not outer.wraps:
            return self._reached(first, coefficients)
        low, high = int(outer.start[0]), int(outer.start[-1]) + outer.taps
        last = first + len(coefficients)
        shifts = range(-((last - low) // outer.n_in) - 1, (high - first) // outer.n_in + 2)
        padded = np.pad(coefficients, outer.taps)
        total = np.zeros(outer.n_out)
        for shift in shifts:
            begin = first + shift * outer.n_in
            p = self._meeting(begin, len(coefficients))
            total[p] += self._products(p, begin, padded)
        keep = np.flatnonzero(total if self.exact else np.abs(total) > NEGLIGIBLE)
        return keep, total[keep]

    def _meeting(self, begin: int, count: int) -> slice:
        """The outputs that read any of these coefficients."""
        outer = self.weights
        first, last = np.searchsorted(outer.start, (begin - outer.taps + 1, begin + count))
        return slice(int(first), int(last))

    def _products(self, p: slice, begin: int, padded: Floats) -> Floats:
        """What outputs make of a run of coefficients that has zeros on both sides."""
        outer = self.weights
        at = (outer.start[p] + (outer.taps - begin))[:, None] + np.arange(outer.taps)
        return np.asarray(np.einsum("pt,pt->p", outer.weights[p], padded[at]))

    def _reached(self, first: int, coefficients: Floats) -> tuple[Ints, Floats]:
        """Outputs and weights of an axis that does not wrap."""
        taps = self.weights.taps
        padded = np.zeros(len(coefficients) + 2 * taps)
        padded[taps:-taps] = coefficients
        p = self._meeting(first, len(coefficients))
        total = self._products(p, first, padded)
        outputs = np.arange(p.start, p.stop)
        keep = total != 0 if self.exact else np.abs(total) > NEGLIGIBLE
        return (outputs, total) if keep.all() else (outputs[keep], total[keep])

    def _coefficients(self, i: int) -> tuple[int, Floats]:
        """Column i of the prefilter, from its first entry on."""
        inner, middle = self.prefilter, (self.prefilter.n_out - self.prefilter.n_in) // 2 + i
        if len(self._line) and self._inside[0] <= middle - len(self._line) <= self._inside[1] - 2 * len(self._line):
            return middle - len(self._line) // 2, self._line  # rows are alike and symmetric: so are columns
        if inner.wraps:  # the one row is symmetric
            return i + int(inner.start[0]), inner.weights[0]
        first = int(np.searchsorted(inner.start, i - inner.taps + 1, "left"))
        rows = np.arange(first, int(np.searchsorted(inner.start, i, "right")))
        return first, inner.weights[rows, i - inner.start[rows]]

    @cached_property
    def gain(self) -> float:
        """A bound of Σ|w| over any row."""
        return float(np.abs(self.weights.weights).sum(axis=1).max() * np.abs(self.prefilter.weights).sum(axis=1).max())


def _repeated(prefilter: AxisTable) -> tuple[tuple[int, int], Floats, int]:
    """The coefficients whose rows are all alike; that row without its negligible ends; where it starts before them."""
    n, middle = prefilter.n_out, prefilter.n_out // 2
    if prefilter.n_in <= SMALL:
        return (0, 0), np.zeros(0), 0
    line = prefilter.weights[middle]
    same = (prefilter.weights == line).all(axis=1) & (
        prefilter.start - np.arange(n) == prefilter.start[middle] - middle
    )
    first = middle - int(np.argmin(np.append(same[middle::-1], False))) + 1
    last = middle + int(np.argmin(np.append(same[middle:], False)))
    if not line.any() or last - first < 1:
        return (0, 0), np.zeros(0), 0
    begin, end = _trimmed(line)
    begin = min(begin, len(line) - end)
    end = len(line) - begin
    if prefilter.wraps:  # what would have to be taken modulo n is left to the general way
        reach = middle - int(prefilter.start[middle])
        first, last = reach, n - reach
    return (first, last), line[begin:end], middle - int(prefilter.start[middle]) - begin


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
        return _outer(self._lines[0].row(i), self._lines[1].row(j), self.in_shape)

    def column(self, i: int, j: int, channel: int = 0) -> Stencil:
        return _outer(self._lines[0].column(i), self._lines[1].column(j), self.out_shape)

    def row_sums(self) -> Image:
        rows, cols = (line.weights.matrix @ line.prefilter.row_sums for line in self._lines)
        return np.asarray(np.multiply.outer(rows, cols))

    def block_means(
        self, x: npt.NDArray[Any], b: int, window: Window | None = None, *, cancel: CancelToken | None = None
    ) -> Image:
        rows, cols = self._lines
        means = (rows.weights.means(b), cols.weights.means(b))
        return Prefiltered(means, (rows.prefilter, cols.prefilter), IDENTITY).apply(x, window, cancel=cancel)


def _trimmed(weights: Floats) -> tuple[int, int]:
    """The part of a row that holds all but a negligible rest at each end."""
    sums = np.cumsum(np.abs(weights))
    return int(np.searchsorted(sums, NEGLIGIBLE)), int(np.searchsorted(sums, sums[-1] - NEGLIGIBLE)) + 1


def _outer(down: tuple[Ints, Floats], across: tuple[Ints, Floats], shape: tuple[int, int]) -> Stencil:
    rows, cols = np.repeat(down[0], len(across[0])), np.tile(across[0], len(down[0]))
    weights = np.multiply.outer(down[1], across[1]).ravel()
    if not weights.all():  # a product that underflowed
        return Stencil.collect(rows, cols, weights, shape)
    return Stencil(rows, cols, weights, shape)
