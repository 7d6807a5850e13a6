"""Tables whose rows repeat after every input sample: whole scales, and convolutions without a stride.

There every phase of a line is a plain sum of shifted lines, with one weight for each, and the phases are woven
into the result afterwards: no value has to find its place one by one.

Convention
    Offsets count values of a line with the channels interleaved, from the sample that a period belongs to.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.tables import AxisTable, StencilTable

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

WOVEN = ((1, 1), *((phases, channels) for channels in (1, 3, 4) for phases in (2, 3, 4, 5)))
"""Phases and channels that are woven by shuffles; a single phase has no need of channels."""


def periods_of(channels: int) -> int:
    """How many periods are woven at once: whole vectors, three or four of each phase."""
    return 8 if channels == 3 else 32 // channels


_MOST = 16
"""Phases of a stencil at most; beyond, there is little to gain."""


class LinePhases:
    """The part of an axis where its rows repeat.

    Attributes
    ----------
    count : int
        Outputs of a period.
    first, last : int
        Periods first … last − 1 repeat; none of a table that does not.
    places : (count · taps,) int64
        Where each phase and tap reads.
    weights : (count · taps,) float32
    spans : (2 · count,) int64
        Where the places and weights of each phase begin and end.
    """

    @staticmethod
    @lru_cache(maxsize=32)
    def of(table: AxisTable, channels: int) -> LinePhases:
        """The plan of this table, made once."""
        return LinePhases(table, channels)

    def __init__(self, table: AxisTable, channels: int) -> None:
        self.count, step = table.period or (1, 0)
        self.first, self.last = 0, 0
        if step == 1 < self.count and (self.count, channels) in WOVEN:
            begin, end = _longest(
                (np.diff(np.stack([table.start[: -self.count], table.start[self.count :]]), axis=0)[0] == 1)
                & (table.weights32[: -self.count] == table.weights32[self.count :]).all(axis=1)
            )
            if end > begin:
                self.first, self.last = -(-begin // self.count), (end + self.count) // self.count
        if self.last <= self.first:
            self.count, self.first, self.last = 1, 0, 0
        rows = slice(self.first * self.count, (self.first + 1) * self.count)
        offsets = table.start[rows] - self.first
        places = (offsets[:, None] + np.arange(table.taps)) * channels
        self.places = np.ascontiguousarray(places, np.int64).reshape(-1)
        self.weights = np.ascontiguousarray(table.weights32[rows]).reshape(-1)
        self.spans = (np.arange(self.count)[:, None] + (0, 1)).reshape(-1) * table.taps


class StencilPhases:
    """A stencil that reads every input sample once in a period.

    Attributes
    ----------
    count : int
        Outputs of a period.
    lines, first_line : (n,) int64 and (P + 1,) int64
        Offsets of the input rows that a phase of the rows reads, one phase after the other.
    term_line, term_place : (m,) int64
        Which of these rows a term reads, and where in it; first the phases of the columns, in these the terms.
    first_term : (P · count + 1,) int64
    weights : (m,) float32
    height : int
        Rows from the first to the last that one output row reads.
    before, after : int
        How many values before and behind its period a term reads.
    """

    @staticmethod
    @lru_cache(maxsize=32)
    def of(table: StencilTable, channels: int) -> StencilPhases | None:
        """The plan of this table, made once; None if it is not of this kind."""
        return StencilPhases(table, channels) if table.step_in[1] == 1 and table.step_out[1] <= _MOST else None

    def __init__(self, table: StencilTable, channels: int) -> None:
        self.rows_out, self.count = table.step_out
        self.rows_in = table.step_in[0]
        lines, line, place, weights = [], [], [], []
        for row in range(self.rows_out):
            phases = [table.phases[row, col] for col in range(self.count)]
            lines.append(np.unique(np.concatenate([dy for dy, _, _ in phases])).astype(np.int64))
            for dy, dx, factors in phases:
                line.append(np.searchsorted(lines[-1], dy))
                place.append(dx * channels)
                weights.append(factors)
        self.lines, self.first_line = _joined(lines)
        self.term_place, self.first_term = _joined(place)
        self.term_line, _ = _joined(line)
        self.weights = np.ascontiguousarray(np.concatenate(weights), np.float32)
        self.height = int(np.ptp(self.lines)) + 1 if len(self.lines) else 1
        self.most = int(np.diff(self.first_line).max())
        self.before = max(0, -int(self.term_place.min(initial=0)))
        self.after = max(0, int(self.term_place.max(initial=0)))


def repeats_of(table: AxisTable, first: int) -> tuple[int, int] | None:
    """How often each sample is repeated, and which one the table counts from; None if it does more than repeat.

    Parameters
    ----------
    first : int
        Index of the table's first output.
    """
    count, step = table.period or (1, 0)
    if table.taps != 1 or step != 1 or not (table.weights == 1).all():
        return None
    reads = np.arange(first, first + table.n_out) // count
    begin = int(reads[0] - table.start[0])
    return (count, begin) if np.array_equal(table.start, reads - begin) else None


@lru_cache(maxsize=32)
def repeating(down: int, across: int) -> StencilTable:
    """The stencil that repeats each sample so often."""
    here, once = np.zeros(1, np.intp), np.ones(1)
    return StencilTable((down, across), (1, 1), dict.fromkeys(np.ndindex(down, across), (here, here, once)))


def _joined(parts: list[npt.NDArray[Any]]) -> tuple[Ints, Ints]:
    """All parts one behind the other, and where each begins."""
    ends = np.cumsum([0, *(len(part) for part in parts)])
    return np.ascontiguousarray(np.concatenate(parts), np.int64), ends.astype(np.int64)


def _longest(flags: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """The longest run of true flags."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.view(np.int8), [0]])))
    if not len(edges):
        return 0, 0
    begins, ends = edges[::2], edges[1::2]
    best = int(np.argmax(ends - begins))
    return int(begins[best]), int(ends[best])
