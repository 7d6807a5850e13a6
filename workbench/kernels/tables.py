"""Operators as short tables, the truth that every engine evaluates: tables in, pixels out.

`AxisTable` holds one axis of a separable operator; `StencilTable` a two-dimensional kernel that repeats with the phase.

Convention
    Row p of an `AxisTable` reads ``x[start[p] : start[p] + taps]``. Border rules are folded into the weights, so that
    all reads lie in [0, n_in); only a wrapping table reads beyond, at indices modulo n_in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image
from workbench.kernels.lines import Block, Line, Lines, block, sorted_block

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Ints = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]


class LineTaps(NamedTuple):
    """The taps of one output sample before the border is folded: virtual index, weight, real index or −1.

    ``plain`` says that all have a weight and stand for themselves.
    """

    virtual: Ints
    weights: Floats
    real: Ints
    plain: bool = False


Unfolded = Callable[[slice], tuple[Ints, Floats, Ints, npt.NDArray[np.bool_]]]
"""Rows wanted in; out, for each and all its neighbours: virtual index, weight, real index or −1, whether it is told."""


@dataclass(frozen=True, eq=False)
class AxisTable:
    """One axis of a separable operator: where each output sample starts to read, and its weights.

    Parameters
    ----------
    n_in : int
        Input samples.
    start : (n_out,) int
        First sample read; never falls from one row to the next.
    weights : (n_out, taps) float64
    period : (int, int), optional
        (P, Q) if interior rows repeat after P outputs, shifted by Q inputs.
    wraps : bool
        Whether samples outside are read modulo ``n_in``.
    virtual : callable, optional
        The taps of some rows before their border was folded.
    whole : (AxisTable, int, int), optional
        See `within`: what engines know about the whole table serves all its parts.
    """

    n_in: int
    start: Ints
    weights: Floats
    period: tuple[int, int] | None = None
    wraps: bool = False
    virtual: Unfolded | None = field(default=None, repr=False)
    whole: tuple[AxisTable, int, int] | None = field(default=None, repr=False)

    @property
    def within(self) -> tuple[AxisTable, int, int]:
        """The table this one is a part of, its first output there, and the sample its own samples are counted from."""
        return self.whole or (self, 0, 0)

    @property
    def n_out(self) -> int:
        return len(self.start)

    @property
    def taps(self) -> int:
        return int(self.weights.shape[1])

    @cached_property
    def weights32(self) -> npt.NDArray[np.float32]:
        return self.weights.astype(np.float32)

    def weights_as(self, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
        """The weights in the dtype of the arithmetic."""
        return self.weights32 if dtype == np.float32 else self.weights

    def row(self, p: int) -> Line:
        """Inputs and weights of output p: sorted, each input once, no zero weight."""
        return self._rows[p]

    def column(self, i: int) -> Line:
        """Outputs that input i reaches, sorted, and with which weights."""
        return self._columns[i]

    def line_taps(self, p: int) -> LineTaps:
        """The taps of output p at their virtual places, each with the real sample it stands for or −1."""
        if self.virtual is None:
            index, weights = self._rows[p]
            return LineTaps(index, weights, index, True)
        virtual, weights, real, plain = self._taps.all(p)
        return LineTaps(virtual, weights, real, np.count_nonzero(plain) == len(plain))

    @cached_property
    def sturdy(self) -> bool:
        """Whether a weight times one of another such table is never too small for a double."""
        sizes = np.abs(self.weights)
        return bool(((sizes == 0) | (sizes > 1e-150)).all())

    @cached_property
    def _rows(self) -> Lines:
        return Lines(self.n_out, self.row_block)

    @cached_property
    def _columns(self) -> Lines:
        return Lines(self.n_in, self.column_block)

    @cached_property
    def _taps(self) -> Lines:
        return Lines(self.n_out, self._tap_block)

    def row_block(self, first: int, last: int) -> Block:
        """Rows first … last − 1, without zeros."""
        index = self.start[first:last, None] + np.arange(self.taps)
        if self.wraps and (index[:, 0].min() < 0 or index[:, -1].max() >= self.n_in):
            return _of_matrix(self.matrix, first, last)
        used = self.weights[first:last] != 0
        return block(used.sum(axis=1), index[used], self.weights[first:last][used])

    def column_block(self, first: int, last: int) -> Block:
        """Columns first … last − 1, without zeros."""
        if self.wraps:
            return _of_matrix(self._turned, first, last)
        begin, end = np.searchsorted(self.start, (first - self.taps + 1, last))
        index = self.start[begin:end, None] + np.arange(self.taps)
        weights = self.weights[begin:end]
        used = (weights != 0) & (index >= first) & (index < last)
        outputs = np.repeat(np.arange(begin, end), used.sum(axis=1))
        return sorted_block(index[used] - first, last - first, outputs, weights[used])

    def _tap_block(self, first: int, last: int) -> Block:
        """Taps of rows first … last − 1, and whether each has a weight and stands for itself."""
        assert self.virtual is not None
        virtual, weights, real, told = self.virtual(slice(first, last))
        plain = (weights != 0) & (virtual == real) & (real >= 0)
        return block(told.sum(axis=1), virtual[told], weights[told], real[told], plain[told])

    @cached_property
    def _turned(self) -> csr_array:
        """The transpose of an axis that wraps."""
        from scipy.sparse import csr_array  # lazy: its import takes longer than a window

        return csr_array(self.matrix.T)

    def reads(self, first: int, last: int) -> tuple[int, int]:
        """The half-open range of samples that outputs first … last − 1 read."""
        return int(self.start[first]), int(self.start[last - 1]) + self.taps

    def part(self, first: int, last: int, origin: int, n_in: int) -> AxisTable:
        """Rows first … last − 1, reading a patch of ``n_in`` samples that begins at ``origin``."""
        whole, before, shift = self.within
        part = AxisTable(
            n_in,
            self.start[first:last] - origin,
            self.weights[first:last],
            self.period,
            whole=(whole, before + first, shift + origin),
        )
        part.__dict__["weights32"] = self.weights32[first:last]
        return part

    @cached_property
    def row_sums(self) -> Floats:
        return np.asarray(self.weights.sum(axis=1))

    @cached_property
    def matrix(self) -> csr_array:
        """The axis as a sparse n_out × n_in matrix."""
        from scipy.sparse import csr_array  # lazy: its import takes longer than a window

        rows = np.repeat(np.arange(self.n_out), self.taps)
        cols = (self.start[:, None] + np.arange(self.taps)).ravel()
        if self.wraps:
            cols = cols % self.n_in
        made = csr_array((self.weights.ravel(), (rows, cols)), shape=(self.n_out, self.n_in))
        made.sum_duplicates()
        made.eliminate_zeros()
        return made

    def means(self, b: int) -> AxisTable:
        """The table of exact means over b neighbouring outputs; the last one averages what there is."""
        firsts = np.arange(0, self.n_out, b)
        lasts = np.minimum(firsts + b, self.n_out)
        start = self.start[firsts]
        taps = int((self.start[lasts - 1] - start).max()) + self.taps
        if not self.wraps:
            taps = min(taps, self.n_in)
            start = np.minimum(start, self.n_in - taps)
        weights = np.zeros((len(firsts), taps))
        block = np.arange(self.n_out) // b
        for k in range(self.taps):
            np.add.at(weights, (block, self.start + k - start[block]), self.weights[:, k])
        return AxisTable(self.n_in, start, weights / (lasts - firsts)[:, None], wraps=self.wraps)


def table_from_rows(
    n_in: int,
    index: Ints,
    weights: Floats,
    *,
    period: tuple[int, int] | None = None,
    virtual: Unfolded | None = None,
) -> AxisTable:
    """A table from real indices in any order: entries on one sample are added up.

    Parameters
    ----------
    n_in : int
    index : (n_out, k) int
        Input samples, all in [0, n_in); where the weight is 0 the index may be anything.
    weights : (n_out, k) float64
    """
    n_out, k = index.shape
    # Lines of all first entries, of all second ones, …: to go along the short axis takes several times as long.
    index, weights = np.ascontiguousarray(index.T), np.ascontiguousarray(weights.T)
    used = weights != 0
    low = np.where(used, index, n_in).min(axis=0)
    high = np.where(used, index, -1).max(axis=0)
    empty = high < 0
    if empty.all():
        return AxisTable(n_in, np.zeros(n_out, np.intp), np.zeros((n_out, 1)), period, virtual=virtual)
    taps = min(int((high - low)[~empty].max()) + 1, n_in)
    # Rows that read nothing take the start of their predecessor, so that starts never fall.
    low = np.where(empty, 0, low)
    start = np.maximum.accumulate(np.minimum(low, n_in - taps))
    offset = np.where(used, index - start, 0)
    if (offset < 0).any() or (offset >= taps).any():  # rows out of order: one common width holds them all
        start = np.minimum.accumulate(np.minimum(np.where(empty, n_in - taps, low), n_in - taps)[::-1])[::-1]
        taps = int((np.where(used, index, 0) - start)[used].max()) + 1
        start = np.minimum(start, n_in - taps)
        offset = np.where(used, index - start, 0)
    folded = np.zeros(n_out * taps)
    first = np.arange(n_out) * taps
    for column in range(k):  # one entry of each row at a time, so that none is lost
        folded[first + offset[column]] += np.where(used[column], weights[column], 0.0)
    folded = folded.reshape(n_out, taps)
    return AxisTable(n_in, start.astype(np.intp), folded, period, virtual=virtual)


def repeating_table(
    n_in: int,
    rows_at: Callable[[Ints], tuple[Ints, Floats]],
    n_out: int,
    inside: npt.NDArray[np.bool_],
    period: tuple[int, int],
) -> AxisTable | None:
    """The table of rows that repeat away from the borders: only a few of them are worked out.

    Parameters
    ----------
    n_in : int
    rows_at : callable
        Output samples in; out, the arguments of `table_from_rows` for them.
    n_out : int
    inside : (n_out,) bool
        Rows that no border touches.
    period : (int, int)

    Returns
    -------
    AxisTable or None
        None where there is next to nothing to repeat, or where rows do not repeat after all.
    """
    repeat, shift = period
    within = np.flatnonzero(inside)
    if not len(within) or len(within) != within[-1] - within[0] + 1:
        return None
    # A period on either side of the one that is repeated: where a row starts depends on its neighbours.
    top, bottom = int(within[0]) + 3 * repeat, int(within[-1]) + 1 - repeat
    if bottom <= top:
        return None
    chosen = np.concatenate((np.arange(top), np.arange(bottom, n_out)))
    few = table_from_rows(n_in, *rows_at(chosen))
    last = top - repeat
    times = -(-(bottom - last) // repeat)
    middle = few.start[last - repeat : last] + shift * np.arange(1, times + 1)[:, None]
    start = np.concatenate((few.start[:last], middle.ravel()[: bottom - last], few.start[top:]))
    if (np.diff(start) < 0).any() or start[-1] + few.taps > n_in:
        return None
    weights = np.empty((n_out, few.taps))
    weights[:last], weights[bottom:] = few.weights[:last], few.weights[top:]
    whole = (bottom - last) // repeat * repeat
    weights[last : last + whole].reshape(-1, repeat, few.taps)[:] = few.weights[last - repeat : last]
    weights[last + whole : bottom] = few.weights[last - repeat : last][: bottom - last - whole]
    return AxisTable(n_in, start, weights, period)


def table_from_matrix(matrix: csr_array) -> AxisTable:
    """The table of an axis that is known as a sparse n_out × n_in matrix with short rows."""
    from scipy.sparse import csr_array  # lazy: its import takes longer than a window

    made = csr_array(matrix)
    made.sum_duplicates()
    n_out, n_in = made.shape
    counts = np.diff(made.indptr)
    width = max(int(counts.max()), 1)
    index = np.zeros((n_out, width), np.intp)
    weights = np.zeros((n_out, width))
    rows = np.repeat(np.arange(n_out), counts)
    place = np.arange(len(made.indices)) - np.repeat(made.indptr[:-1], counts)
    index[rows, place], weights[rows, place] = made.indices, made.data
    return table_from_rows(n_in, index, weights)


def _of_matrix(matrix: csr_array, first: int, last: int) -> Block:
    """Some rows of a sparse matrix whose entries are sorted."""
    begin, end = matrix.indptr[first], matrix.indptr[last]
    counts = np.diff(matrix.indptr[first : last + 1])
    return block(counts, matrix.indices[begin:end].astype(np.intp), matrix.data[begin:end].copy())


@dataclass(frozen=True, eq=False)
class StencilTable:
    """A two-dimensional kernel that repeats: output m·P + φ reads inputs m·Q + δ, for each phase φ.

    Parameters
    ----------
    step_out, step_in : (int, int)
        P and Q per axis (y, x).
    phases : dict
        (φy, φx) → (δy, δx, weights), arrays of equal length, no zero weight; all phases are present.
    """

    step_out: tuple[int, int]
    step_in: tuple[int, int]
    phases: dict[tuple[int, int], tuple[Ints, Ints, Floats]]

    @cached_property
    def reach(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Smallest and largest δ per axis (y, x) over all phases."""
        filled = [entry for entry in self.phases.values() if len(entry[2])]
        if not filled:
            return (0, 0), (0, 0)
        dy = np.concatenate([entry[0] for entry in filled])
        dx = np.concatenate([entry[1] for entry in filled])
        return (int(dy.min()), int(dy.max())), (int(dx.min()), int(dx.max()))


@dataclass(frozen=True, slots=True)
class StencilJob:
    """One window of a stencil operator, for an engine.

    Parameters
    ----------
    table : StencilTable
    patch : Image
        Input pixels from ``patch_origin`` on, with zeros around them.
    patch_origin : (int, int)
        Index of the patch's first pixel in the input.
    origin : (int, int)
        Index of the first output pixel wanted.
    """

    table: StencilTable
    patch: Image
    patch_origin: tuple[int, int]
    origin: tuple[int, int]

    def padded(self, shape: tuple[int, int]) -> StencilJob:
        """The same job for an output of this shape, with a patch that holds all it reads, zeros included."""
        low, high = [], []
        for axis in (0, 1):
            p, q = self.table.step_out[axis], self.table.step_in[axis]
            near, far = self.table.reach[axis]
            low.append(self.origin[axis] // p * q + near)
            high.append((self.origin[axis] + shape[axis] - 1) // p * q + far + 1)
        height, width = self.patch.shape[:2]
        (top, left), (first, begin) = self.patch_origin, low
        if top <= first and left <= begin and top + height >= high[0] and left + width >= high[1]:
            return self
        patch = np.zeros((high[0] - first, high[1] - begin, *self.patch.shape[2:]), self.patch.dtype)
        rows = slice(max(top, first) - first, max(min(top + height, high[0]) - first, 0))
        cols = slice(max(left, begin) - begin, max(min(left + width, high[1]) - begin, 0))
        inside = patch[rows, cols]
        from_row, from_col = max(first - top, 0), max(begin - left, 0)
        inside[...] = self.patch[from_row : from_row + inside.shape[0], from_col : from_col + inside.shape[1]]
        return StencilJob(self.table, patch, (first, begin), self.origin)
