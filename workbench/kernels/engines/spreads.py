"""Tables spread to lanes: for every eight neighbouring values of a line, where they read and with which weights.

A line holds the channels interleaved. Eight values that stand side by side in the result read from places close
together, at any scale above one, so that one load and one permutation fetch them all. Where weights repeat, blocks
share one pattern, and the patterns of a periodic table stay in the innermost cache.

Convention
    Block b holds values 8·b … 8·b + 7 of the whole line, whatever the window; values beyond its end have weight 0.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.tables import AxisTable, StencilTable

LANES = 8

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


class Spread:
    """One axis of a separable operator, for pictures of some channels.

    Attributes
    ----------
    begins, which : (blocks,) int64
        First value that a block reads, and its pattern.
    lanes : (patterns · 8,) int32
        Where each value of a block reads, from its beginning on.
    weights : (patterns · taps · 8,) float32
        Weights of a pattern, tap by tap.
    furthest : int
        The largest of the lanes; below 8, one load and one permutation fetch a block.
    hides : bool
        Whether there are weights of 0, which hide NaN and infinities.
    """

    @staticmethod
    @lru_cache(maxsize=32)
    def of(table: AxisTable, channels: int) -> Spread:
        """The plan of this table, made once."""
        return Spread(table, channels)

    def __init__(self, table: AxisTable, channels: int) -> None:
        self.channels, self.taps = channels, table.taps
        places = (table.start[:, None] * channels + np.arange(channels)).reshape(-1)
        self.begins, lanes = blocks_of(places)
        self.furthest = int(lanes.max())
        padded = np.zeros((len(self.begins) * LANES, table.taps), np.float32)
        padded[: len(places)] = np.repeat(table.weights32, channels, axis=0)
        weights = padded.reshape(-1, LANES, table.taps).swapaxes(1, 2)
        self.hides = not table.weights32.all()
        kinds = np.concatenate([lanes, weights.reshape(len(lanes), -1).view(np.int32)], axis=1)
        first, self.which = distinct(kinds)
        self.lanes = np.ascontiguousarray(lanes[first]).reshape(-1)
        self.weights = np.ascontiguousarray(weights[first]).reshape(-1)


class Stamp:
    """A stencil that repeats, for pictures of some channels.

    Every input row that is needed is spread ``ranks`` times: rank j brings to each value the j-th of the columns its
    phase reads. An output row is then a sum over some (row, rank), with weights that repeat along the line.

    Attributes
    ----------
    ranks : int
    columns : (ranks, P) int
        Offsets of the columns that a phase of the columns reads; phases that read fewer repeat one.
    dy, rank : (terms,) int
        Offset of the row, and rank, of each term; one phase of the rows after the other.
    phases : (P + 1,) int
        Where the terms of each phase of the rows begin.
    weights : (terms · patterns · 8,) float32
    patterns : int
        Blocks after which the weights repeat.
    height : int
        Rows from the first to the last that one output row reads.
    """

    @staticmethod
    @lru_cache(maxsize=32)
    def of(table: StencilTable, channels: int) -> Stamp:
        """The plan of this table, made once."""
        return Stamp(table, channels)

    def __init__(self, table: StencilTable, channels: int) -> None:
        self.table, self.channels = table, channels
        (self.rows_out, self.cols_out), (self.rows_in, self.cols_in) = table.step_out, table.step_in
        self.patterns = math.lcm(self.cols_out * channels, LANES) // LANES
        reads = [
            np.unique(np.concatenate([table.phases[row, col][1] for row in range(self.rows_out)]))
            for col in range(self.cols_out)
        ]
        self.ranks = max(1, *(len(columns) for columns in reads))
        self.columns = np.zeros((self.ranks, self.cols_out), np.int64)
        for col, columns in enumerate(reads):
            if len(columns):
                self.columns[:, col] = np.resize(columns, self.ranks)
                self.columns[len(columns) :, col] = columns[-1]
        terms = [self._terms(row, reads) for row in range(self.rows_out)]
        self.phases = np.cumsum([0, *(len(dy) for dy, _, _ in terms)]).astype(np.int64)
        self.dy, self.rank, self.weights = (np.concatenate(parts) for parts in zip(*terms))
        self.height = int(np.ptp(self.dy)) + 1 if len(self.dy) else 1

    def _terms(self, row: int, reads: list[Any]) -> tuple[Ints, Ints, Floats]:
        lines = np.unique(np.concatenate([self.table.phases[row, col][0] for col in range(self.cols_out)]))
        full = np.zeros((len(lines), self.ranks, self.cols_out))
        for col in range(self.cols_out):
            dy, dx, weights = self.table.phases[row, col]
            np.add.at(full[:, :, col], (np.searchsorted(lines, dy), np.searchsorted(reads[col], dx)), weights)
        dy, rank = np.nonzero(full.any(axis=2))
        repeats = self.patterns * LANES // (self.cols_out * self.channels)
        weights = np.tile(np.repeat(full[dy, rank], self.channels, axis=1), (1, repeats))
        return lines[dy].astype(np.int64), rank.astype(np.int64), weights.astype(np.float32).reshape(-1)

    def places(self, first: int, last: int) -> tuple[Ints, npt.NDArray[np.int32]]:
        """Begins (ranks · blocks,) and lanes (ranks · blocks · 8,) of blocks first … last − 1."""
        value = np.arange(first * LANES, last * LANES)
        output, channel = np.divmod(value, self.channels)
        step, phase = np.divmod(output, self.cols_out)
        column = step * self.cols_in + self.columns[:, phase]
        begins, lanes = blocks_of((column * self.channels + channel).reshape(-1))
        return begins, np.ascontiguousarray(lanes).reshape(-1)


def blocks_of(places: Ints) -> tuple[Ints, npt.NDArray[np.int32]]:
    """Places in blocks of eight: the lowest of each, and how far beyond it every one lies."""
    blocks = np.pad(places, (0, -len(places) % LANES), "edge").reshape(-1, LANES)
    begins = blocks.min(axis=1)
    return begins.astype(np.int64), (blocks - begins[:, None]).astype(np.int32)


def distinct(rows: npt.NDArray[np.int32]) -> tuple[Ints, Ints]:
    """Where each distinct row first stands, and which of them every row is."""
    factors = np.random.default_rng(1).integers(1, 1 << 62, rows.shape[1], np.int64)
    _, first, which = np.unique(rows.astype(np.int64) @ factors, return_index=True, return_inverse=True)
    if (rows[first[which]] != rows).any():  # two rows with one sum, once in a world's age
        everything = np.arange(len(rows))
        return everything, everything
    return first.astype(np.int64), which.astype(np.int64)
