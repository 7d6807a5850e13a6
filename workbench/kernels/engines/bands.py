"""One axis of a separable operator as small dense matrices: what turns a banded table into matrix products.

Neighbouring outputs read overlapping inputs, so a block of them is a dense product of little waste. Where the
weights repeat, many blocks share one matrix, and the blocks of a whole row become a single product.

Convention
    Blocks are anchored at absolute outputs (multiples of their size), and a block that the window cuts is
    computed whole, its missing outputs as zeros.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from workbench.kernels.engines.products import DEEPEST, UNIT
from workbench.kernels.tables import AxisTable

Floats = npt.NDArray[np.float64]


class Run(NamedTuple):
    """Neighbouring blocks with one matrix: block first + n reads from sample ``sample`` + n · ``step``."""

    first: int
    last: int
    sample: int
    step: int
    matrix: Floats


class Bands:
    """A window of one axis, cut into blocks.

    Parameters
    ----------
    table : AxisTable
        The part of the operator's table for this window; must not be `too_wide`.
    origin : int
        Index of its first output in the whole.
    channels : int
        Interleaved values of one sample.
    """

    def __init__(self, table: AxisTable, origin: int, channels: int = 1) -> None:
        self.n_out = table.n_out
        size, least = _block_size(table, channels), _least(channels)
        while size > least and _spans(table, origin, size).max() * channels > DEEPEST:
            size = max(least, size // 2 // least * least)
        self.size = size
        self.lead = origin % size
        self.count = -(-(self.lead + table.n_out) // size)
        self.spans = _spans(table, origin, size)
        starts = _padded_starts(table, origin, size)
        self.samples = starts[:, 0]
        self.which = np.zeros(self.count, np.intp)
        self.matrices: list[Floats] = []
        self._make_matrices(table, starts, channels)

    def _make_matrices(self, table: AxisTable, starts: npt.NDArray[np.intp], channels: int) -> None:
        """One matrix (inputs × outputs, channels interleaved) for all blocks that are equal."""
        padded = np.zeros((self.count * self.size, table.taps))
        padded[self.lead : self.lead + table.n_out] = table.weights
        weights = padded.reshape(self.count, self.size, table.taps)
        dense = np.zeros((self.count, int(self.spans.max()), self.size))
        block, output = np.arange(self.count)[:, None], np.arange(self.size)
        offset = starts - starts[:, :1]
        for k in range(table.taps):
            dense[block, offset + k, output] = weights[:, :, k]
        known: dict[bytes, int] = {}
        for b in range(self.count):
            matrix = dense[b, : self.spans[b]]
            key = matrix.tobytes()
            if key not in known:
                known[key] = len(self.matrices)
                self.matrices.append(interleaved(matrix, channels))
            self.which[b] = known[key]

    def outputs(self, first: int, last: int) -> tuple[int, int]:
        """Outputs of the window that blocks first … last − 1 hold."""
        return max(0, first * self.size - self.lead), min(self.n_out, last * self.size - self.lead)

    def reads(self, first: int, last: int) -> tuple[int, int]:
        """Samples that blocks first … last − 1 read."""
        return int(self.samples[first]), int(self.samples[last - 1] + self.spans[last - 1])

    def runs(self, first: int, last: int) -> list[Run]:
        """Blocks first … last − 1, those in a row with one matrix taken together."""
        found, at = [], first
        steps = np.diff(self.samples[first:last])
        same = np.diff(self.which[first:last]) == 0
        while at < last:
            end, step = at + 1, 0
            if end < last and same[at - first]:
                step = int(steps[at - first])
                while end < last and same[end - 1 - first] and steps[end - 1 - first] == step:
                    end += 1
            found.append(Run(at, end, int(self.samples[at]), step, self.matrices[self.which[at]]))
            at = end
        return found


def too_wide(table: AxisTable, channels: int = 1) -> bool:
    """Whether even the smallest block of a table would make a product too deep."""
    return table.taps * _least(channels) * channels > DEEPEST


def without_gaps(table: AxisTable) -> tuple[AxisTable, npt.NDArray[np.intp] | None]:
    """A table that skips samples, as a table of those it reads, and which they are; None if it skips none."""
    if not (np.diff(table.start) > table.taps).any():
        return table, None
    read = (table.start[:, None] + np.arange(table.taps)).ravel()
    start = np.arange(table.n_out) * table.taps
    return AxisTable(len(read), start, table.weights, (1, table.taps)), read


def interleaved(matrix: Floats, channels: int) -> Floats:
    """The same matrix for samples of several channels side by side."""
    return np.ascontiguousarray(matrix if channels == 1 else np.kron(matrix, np.eye(channels)), np.float64)


def _least(channels: int) -> int:
    """The fewest outputs whose values fill whole units."""
    return UNIT // math.gcd(UNIT, channels)


def _block_size(table: AxisTable, channels: int) -> int:
    """Outputs in a block: few, so that little is wasted, but whole periods if that makes all blocks equal."""
    few = 16 if channels == 1 else 8
    if table.period is None:
        return few * 2
    p, q = table.period
    whole = math.lcm(p, _least(channels))
    if whole * channels > 256 or whole // p * q * channels > 64:
        return few * 2
    return whole * max(1, few // whole)


def _padded_starts(table: AxisTable, origin: int, size: int) -> npt.NDArray[np.intp]:
    """The start of every output, block by block; outputs beyond the window start like their neighbour."""
    lead = origin % size
    tail = -(lead + table.n_out) % size
    return np.pad(table.start, (lead, tail), "edge").reshape(-1, size)


def _spans(table: AxisTable, origin: int, size: int) -> npt.NDArray[np.intp]:
    """Samples that each block reads."""
    starts = _padded_starts(table, origin, size)
    return starts[:, -1] - starts[:, 0] + table.taps
