"""One axis of a separable operator as small dense matrices: what turns a banded table into matrix products.

Neighbouring outputs read overlapping inputs, so a block of them is a dense product of little waste. Where the
weights repeat, many blocks share one matrix, and the blocks of a whole row become a single product.

Convention
    Blocks are anchored at absolute outputs (multiples of their size), and a block that the window cuts is
    computed whole, its missing outputs as zeros. A product sums along its inner dimension in order, and exact
    zeros change no sum; so a pixel gets the same bits in every window.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from workbench.kernels.tables import AxisTable

DEEPEST = 128
"""Longest inner dimension of a product. BLAS splits longer ones (in its smallest configuration from here on) into
partial sums, whose rounding would then depend on where a block begins."""

WIDEST = DEEPEST // 2
"""Values a row of a table may read, so that a block can hold two of them. Beyond, a band is mostly zeros anyway."""


class Run(NamedTuple):
    """Neighbouring blocks with one matrix: block first + n reads from sample ``sample`` + n · ``step``."""

    first: int
    last: int
    sample: int
    step: int
    matrix: npt.NDArray[Any]


class Bands:
    """A window of one axis, cut into blocks.

    Parameters
    ----------
    table : AxisTable
        The part of the operator's table for this window.
    origin : int
        Index of its first output in the whole.
    size : int
        Outputs in a block; halved while a block reads more than `DEEPEST` values.
    channels : int
        Interleaved values of one sample.
    dtype : dtype
    """

    def __init__(self, table: AxisTable, origin: int, size: int, channels: int, dtype: np.dtype[Any]) -> None:
        self.n_out = table.n_out
        while size > 2 and self._spans(table, origin, size).max() * channels > DEEPEST:
            size = max(2, size // 2)
        self.size = size
        self.lead = origin % size
        self.count = -(-(self.lead + table.n_out) // size)
        self.spans = self._spans(table, origin, size)
        padded = _padded_starts(table, origin, size)
        self.samples = padded[:, 0]
        self._matrices(table, padded, channels, dtype)

    @staticmethod
    def _spans(table: AxisTable, origin: int, size: int) -> npt.NDArray[np.intp]:
        starts = _padded_starts(table, origin, size)
        return starts[:, -1] - starts[:, 0] + table.taps

    def _matrices(self, table: AxisTable, padded: npt.NDArray[np.intp], channels: int, dtype: np.dtype[Any]) -> None:
        """One matrix (inputs × outputs, channels interleaved) for all blocks that are equal."""
        weights = np.zeros((self.count * self.size, table.taps), dtype)
        weights[self.lead : self.lead + table.n_out] = table.weights_as(dtype)
        weights = weights.reshape(self.count, self.size, table.taps)
        dense = np.zeros((self.count, int(self.spans.max()), self.size), dtype)
        block, output = np.arange(self.count)[:, None], np.arange(self.size)
        offset = padded - padded[:, :1]
        for k in range(table.taps):
            dense[block, offset + k, output] = weights[:, :, k]
        known: dict[bytes, int] = {}
        self.which = np.zeros(self.count, np.intp)
        self.matrices: list[npt.NDArray[Any]] = []
        for b in range(self.count):
            matrix = dense[b, : self.spans[b]]
            key = matrix.tobytes()
            if key not in known:
                known[key] = len(self.matrices)
                self.matrices.append(_interleaved(matrix, channels))
            self.which[b] = known[key]

    def outputs(self, first: int, last: int) -> tuple[int, int]:
        """Outputs of the window that blocks first … last − 1 hold."""
        return max(0, first * self.size - self.lead), min(self.n_out, last * self.size - self.lead)

    def reads(self, first: int, last: int) -> tuple[int, int]:
        """Samples that blocks first … last − 1 read."""
        return int(self.samples[first]), int(self.samples[last - 1] + self.spans[last - 1])

    def is_whole(self, first: int, last: int) -> bool:
        """Whether the window cuts none of blocks first … last − 1."""
        return first * self.size >= self.lead and last * self.size <= self.lead + self.n_out

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


def without_gaps(table: AxisTable) -> tuple[AxisTable, npt.NDArray[np.intp] | None]:
    """A table that skips samples, as a table of those it reads, and which they are; None if it skips none."""
    if not (np.diff(table.start) > table.taps).any():
        return table, None
    read = (table.start[:, None] + np.arange(table.taps)).ravel()
    start = np.arange(table.n_out) * table.taps
    return AxisTable(len(read), start, table.weights, (1, table.taps)), read


def block_size(table: AxisTable, outputs: int, channels: int = 1) -> int:
    """Outputs in a block: about as many as proposed, and whole periods if that makes all blocks equal."""
    if table.period is None:
        return outputs
    p, q = table.period
    if p * channels > 256 or q * channels > 32:
        return outputs
    return p * max(1, outputs // p)


def _padded_starts(table: AxisTable, origin: int, size: int) -> npt.NDArray[np.intp]:
    """The start of every output, block by block; outputs beyond the window start like their neighbour."""
    lead = origin % size
    tail = -(lead + table.n_out) % size
    return np.pad(table.start, (lead, tail), "edge").reshape(-1, size)


def _interleaved(matrix: npt.NDArray[Any], channels: int) -> npt.NDArray[Any]:
    """The same matrix for samples of several channels side by side."""
    if channels == 1:
        return np.ascontiguousarray(matrix)
    return np.kron(matrix, np.eye(channels, dtype=matrix.dtype))
