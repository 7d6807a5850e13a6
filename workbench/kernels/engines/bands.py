"""One axis of a separable operator as small dense matrices: what turns a banded table into matrix products.

Neighbouring outputs read overlapping inputs, so a block of them is a dense product of little waste. Where the
weights repeat, many blocks share one matrix, and the blocks of a whole row become a single product.

Convention
    A strip is a fixed part of the whole axis, wherever the window lies. It is always computed whole and in the same
    way: a BLAS may round a value by its place in a product, but equal products come out equal.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from workbench.kernels.tables import AxisTable

Floats = npt.NDArray[np.floating[Any]]

_WIDEST = 512
"""Taps from which a table is no band any more."""


class Run(NamedTuple):
    """Neighbouring blocks with one matrix: block first + n reads from sample ``sample`` + n · ``step``."""

    first: int
    last: int
    sample: int
    step: int
    matrix: Floats


class Strip:
    """Some neighbouring outputs of an axis, in blocks.

    Attributes
    ----------
    first, last : int
        Outputs, in the whole.
    low, high : int
        Samples that they read, in the whole.
    size, count : int
        Outputs in a block, and blocks; the last one may hold fewer.
    samples : (count,) int
        First sample of each block, counted from ``low``.
    """

    def __init__(self, table: AxisTable, first: int, last: int, size: int, channels: int, dtype: np.dtype[Any]) -> None:
        self.first, self.last, self.size = first, last, size
        self.low, self.high = table.reads(first, last)
        self.count = -(-(last - first) // size)
        beyond = self.count * size - (last - first)
        start, weights = table.start[first:last], table.weights[first:last]
        if beyond:
            start, weights = np.pad(start, (0, beyond), "edge"), np.pad(weights, ((0, beyond), (0, 0)))
        start, weights = start.reshape(-1, size), weights.reshape(-1, size, table.taps)
        self.samples = start[:, 0] - self.low
        span = int((start[:, -1] - start[:, 0]).max()) + table.taps
        dense = np.zeros((self.count, span, size))
        block, output = np.arange(self.count)[:, None], np.arange(size)
        for k in range(table.taps):
            dense[block, start - start[:, :1] + k, output] = weights[:, :, k]
        # A block near the end may not read beyond the strip: its matrix loses what would lie there, which is zeros.
        spans = np.minimum(span, self.high - self.low - self.samples)
        known: dict[bytes, Floats] = {}
        self.matrices: list[Floats] = []
        for b in range(self.count):
            matrix = dense[b, : spans[b]]
            key = matrix.tobytes()
            if key not in known:
                known[key] = interleaved(matrix, channels).astype(dtype)
            self.matrices.append(known[key])
        self.runs = self._runs()

    def _runs(self) -> list[Run]:
        """All blocks, those in a row with one matrix taken together."""
        found, at = [], 0
        steps = np.diff(self.samples)
        while at < self.count:
            end, matrix, step = at + 1, self.matrices[at], 0
            if end < self.count and self.matrices[end] is matrix:
                step = int(steps[at])
                while end < self.count and self.matrices[end] is matrix and steps[end - 1] == step:
                    end += 1
            found.append(Run(at, end, int(self.samples[at]), step, matrix))
            at = end
        return found


class Axis:
    """A whole axis, cut into strips that are made when they are needed.

    Parameters
    ----------
    table : AxisTable
        Of the whole axis.
    channels : int
        Interleaved values of one sample.
    length : int
        Outputs of a strip, about.
    few : int
        Outputs of a block, about.
    """

    @staticmethod
    @lru_cache(maxsize=64)
    def of(table: AxisTable, channels: int, length: int, dtype: np.dtype[Any], few: int = 16) -> Axis:
        """The plan of this table, made once."""
        return Axis(table, channels, length, dtype, few)

    def __init__(self, table: AxisTable, channels: int, length: int, dtype: np.dtype[Any], few: int) -> None:
        self.table, self.channels, self.dtype = table, channels, dtype
        self.size = block_size(table, channels, few)
        self.length = self.size * max(1, length // self.size)
        self._strips: dict[int, Strip] = {}

    def strips(self, first: int, last: int) -> list[Strip]:
        """The strips that hold outputs first … last − 1."""
        return [self._strip(n) for n in range(first // self.length, -(-last // self.length))]

    def _strip(self, n: int) -> Strip:
        if n not in self._strips:
            first, last = n * self.length, min((n + 1) * self.length, self.table.n_out)
            self._strips[n] = Strip(self.table, first, last, self.size, self.channels, self.dtype)
        return self._strips[n]


def is_band(table: AxisTable) -> bool:
    """Whether neighbouring outputs of a table read mostly the same samples, and not too many."""
    jumps = np.diff(table.start)
    return table.taps <= _WIDEST and not (jumps > 2 * table.taps).any()


def is_periodic(table: AxisTable, channels: int) -> bool:
    """Whether blocks of whole periods are small enough to share one matrix."""
    if table.period is None:
        return False
    p, q = table.period
    return p * channels <= 64 and q * channels <= 64


def block_size(table: AxisTable, channels: int, few: int) -> int:
    """Outputs in a block: few, so that little is wasted, but whole periods if that makes all blocks equal."""
    if table.period is None or not is_periodic(table, channels):
        return few
    whole = table.period[0]
    return whole * max(1, few // whole)


def interleaved(matrix: Floats, channels: int) -> Floats:
    """The same matrix for samples of several channels side by side."""
    return np.ascontiguousarray(matrix if channels == 1 else np.kron(matrix, np.eye(channels)))
