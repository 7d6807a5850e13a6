"""Across the rows of a picture: blocks of outputs as products with one small matrix each.

Neighbouring outputs read overlapping samples, so that a block of them is a dense product of little waste. Where the
weights repeat, all blocks share one matrix; those that do not overlap are then the rows of one long product, read
where they stand. Where nothing repeats, each block has a matrix of its own, and begins a fixed step after the last.

Convention
    A strip is a fixed part of the whole axis, and a chunk a fixed number of rows of the picture. They are always
    computed whole and in the same way, wherever the window lies: a BLAS may round a value by its place in a product,
    but equal products come out equal.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import as_strided

from workbench.kernels.engines.bands import block_size, interleaved, is_periodic
from workbench.kernels.engines.multiples import followers
from workbench.kernels.engines.scratch import Scratch
from workbench.kernels.tables import AxisTable

Floats = npt.NDArray[np.floating[Any]]

_STRIP = 768
"""Values of a strip, about: more make better products, and windows compute more that nobody sees."""


class Across(ABC):
    """The plan of a whole axis for pictures of some channels.

    Attributes
    ----------
    length : int
        Outputs of a strip.
    chunk : int
        Rows that are computed together.
    """

    length: int
    chunk: int

    @staticmethod
    @lru_cache(maxsize=32)
    def of(table: AxisTable, channels: int, dtype: np.dtype[Any]) -> Across:
        """The plan of this table, made once."""
        repeats = is_periodic(table, channels) and table.n_out >= 3 * block_size(table, channels)
        return (Repeating if repeats else Various)(table, channels, dtype)

    def __init__(self, table: AxisTable, channels: int, dtype: np.dtype[Any]) -> None:
        self.table, self.channels, self.dtype = table, channels, dtype

    def strips(self, first: int, last: int) -> tuple[int, int]:
        """The strips that hold some outputs."""
        return first // self.length, -(-last // self.length)

    @abstractmethod
    def samples(self, first: int, last: int) -> tuple[int, int]:
        """The samples that strips first … last − 1 are computed from; some need not exist, and count as 0."""

    @abstractmethod
    def compute(self, first: int, last: int, source: Floats, out: Floats, scratch: Scratch) -> None:
        """Write the rows of some strips from their samples; both in whole chunks of rows."""


class Single(NamedTuple):
    """A block with a matrix of its own: the first value it writes in its strip, and the samples it reads."""

    at: int
    low: int
    high: int
    matrix: Floats


class Repeating(Across):
    """An axis whose blocks share one matrix, but for a few near its ends."""

    chunk = 8

    def __init__(self, table: AxisTable, channels: int, dtype: np.dtype[Any]) -> None:
        super().__init__(table, channels, dtype)
        outputs, inputs = table.period or (1, 1)
        self.block = block_size(table, channels)
        self.step = self.block // outputs * inputs
        self.first, self.last, model = followers(table, outputs, inputs)
        output = np.arange(self.block)
        begins = table.start[model + output % outputs] + output // outputs * inputs
        dense = banded(begins - begins.min(), table.weights[model + output % outputs])
        self.base = int(begins.min()) - model // outputs * inputs
        self.depth = len(dense)
        self.model = interleaved(dense, channels).astype(dtype)
        # Every n-th block begins where the block before it has ended, for this n.
        self.apart = -(-self.depth // self.step)
        # Strips of one size, so that the last one is not mostly beyond the end.
        strips = max(1, round(table.n_out * channels / _STRIP))
        count = -(-table.n_out // (strips * self.block))
        # The last blocks of a row would read from the next one, and are not used.
        self.blocks = -(-(count + self.apart - 1) // self.apart) * self.apart
        self.count = self.blocks - self.apart + 1
        self.length = self.count * self.block
        self._singles: dict[int, list[Single]] = {}

    def samples(self, first: int, last: int) -> tuple[int, int]:
        low = self.base + first * self.count * self.step
        high = self.base + ((last - 1) * self.count + self.blocks) * self.step
        for strip in range(first, last):
            for single in self.singles(strip):
                low, high = min(low, single.low), max(high, single.high)
        return low, high

    def singles(self, strip: int) -> list[Single]:
        """The blocks of a strip that do not repeat."""
        if strip not in self._singles:
            self._singles[strip] = self._find(strip * self.length)
        return self._singles[strip]

    def _find(self, begin: int) -> list[Single]:
        found, table = [], self.table
        for first in range(begin, min(begin + self.length, table.n_out), self.block):
            last = min(first + self.block, table.n_out)
            if first < self.first or first + self.block > self.last:
                low, high = table.reads(first, last)
                dense = banded(table.start[first:last] - low, table.weights[first:last], self.block)
                matrix = interleaved(dense, self.channels).astype(self.dtype)
                found.append(Single((first - begin) * self.channels, low, high, matrix))
        return found

    def compute(self, first: int, last: int, source: Floats, out: Floats, scratch: Scratch) -> None:
        c, rows, strips, size = self.channels, len(source), last - first, source.itemsize
        chunks, low = rows // self.chunk, self.samples(first, last)[0]
        step, unit, width, count = self.step * c, self.block * c, self.blocks * self.step * c, self.count
        # Strips side by side share some samples: each gets its own, so that its rows follow each other in memory.
        begin = (self.base + first * count * self.step - low) * c
        view = as_strided(source[:, begin:], (strips, rows, width), (count * step * size, source.strides[0], size))
        plain = scratch("plain", strips * rows * width + self.apart * step)
        np.copyto(plain[: view.size].reshape(view.shape), view)
        many = self.chunk * self.blocks // self.apart
        made = scratch("blocks", strips, rows, self.blocks * unit)
        places = made.reshape(strips * chunks, many, self.apart * unit)
        for n in range(self.apart):
            blocks = plain[n * step : n * step + view.size].reshape(strips * chunks, many, self.apart * step)
            np.matmul(blocks[:, :, : self.depth * c], self.model, out=places[:, :, n * unit : (n + 1) * unit])
        np.copyto(out.reshape(rows, strips, count * unit), made[:, :, : count * unit].swapaxes(0, 1))
        for strip in range(first, last):
            for at, one, other, matrix in self.singles(strip):
                at += (strip - first) * count * unit
                lines = source[:, (one - low) * c : (other - low) * c].reshape(chunks, self.chunk, -1)
                np.matmul(lines, matrix, out=out[:, at : at + unit].reshape(chunks, self.chunk, unit))


class Various(Across):
    """An axis without a pattern: every block has a matrix of its own."""

    chunk = 16

    def __init__(self, table: AxisTable, channels: int, dtype: np.dtype[Any]) -> None:
        super().__init__(table, channels, dtype)
        scale = max(table.n_out - 1, 1) / max(int(table.start[-1]) - int(table.start[0]), 1)
        most = max(4, 64 // channels)
        self.block = min(range(2, most + 1), key=lambda block: self._cost(block, scale))
        self.step, self.count = self._sizes(self.block, scale)
        self.length = self.count * self.block
        self.lows, self.depth = self._places(self.block, self.step, self.count)
        output = np.arange(table.n_out)
        strip, block = output // self.length, output % self.length // self.block
        offset = table.start - self.lows[strip] - block * self.step
        stack = np.zeros((len(self.lows), self.count, self.depth, channels, self.block, channels), dtype)
        for k in range(table.taps):
            for channel in range(channels):
                stack[strip, block, offset + k, channel, output % self.block, channel] = table.weights[:, k]
        self.stack = stack.reshape(len(self.lows), self.count, self.depth * channels, self.block * channels)

    def _sizes(self, block: int, scale: float) -> tuple[int, int]:
        """Samples from one block to the next, and blocks in a strip."""
        strips = max(1, round(self.table.n_out * self.channels / _STRIP))
        return max(1, round(block / scale)), -(-self.table.n_out // (strips * block))

    def _places(self, block: int, step: int, count: int) -> tuple[npt.NDArray[np.intp], int]:
        """The first sample of each strip, and how many samples every block needs from where it begins."""
        table = self.table
        firsts = np.arange(0, table.n_out, block)
        lasts = np.minimum(firsts + block, table.n_out) - 1
        begins = np.arange(len(firsts)) % count * step
        strips = np.arange(0, len(firsts), count)
        lows = np.minimum.reduceat(table.start[firsts] - begins, strips)
        highs = np.maximum.reduceat(table.start[lasts] + table.taps - begins, strips)
        return lows, int((highs - lows).max())

    def _cost(self, block: int, scale: float) -> float:
        """Time for a value, about: what products cost to begin, and what their terms cost."""
        _, depth = self._places(block, *self._sizes(block, scale))
        return 8 / (block * self.channels) + 0.016 * depth * self.channels

    def samples(self, first: int, last: int) -> tuple[int, int]:
        lows = self.lows[first:last]
        return int(lows.min()), int(lows.max()) + (self.count - 1) * self.step + self.depth

    def compute(self, first: int, last: int, source: Floats, out: Floats, scratch: Scratch) -> None:
        c, rows, strips, size = self.channels, len(source), last - first, source.itemsize
        chunks, low = rows // self.chunk, self.samples(first, last)[0]
        unit, width = self.block * c, ((self.count - 1) * self.step + self.depth) * c
        plain = scratch("plain", strips, rows, width)
        for n, begin in enumerate((self.lows[first:last] - low) * c):
            np.copyto(plain[n], source[:, begin : begin + width])
        line, row, shape = width * size, out.strides[0], (chunks, strips, self.count, self.chunk)
        blocks = as_strided(
            plain, (*shape, self.depth * c),
            (self.chunk * line, rows * line, self.step * c * size, line, size),
        )  # fmt: skip
        places = as_strided(
            out, (*shape, unit), (self.chunk * row, self.count * unit * size, unit * size, row, size)
        )  # fmt: skip
        np.matmul(blocks, self.stack[first:last], out=places)


def banded(begins: npt.NDArray[np.intp], weights: npt.NDArray[np.float64], size: int | None = None) -> Floats:
    """A dense matrix, samples × outputs, whose columns hold short rows of weights; beyond them it is 0."""
    taps = weights.shape[1]
    dense = np.zeros((int(begins.max()) + taps, size or len(begins)))
    for k in range(taps):
        dense[begins + k, np.arange(len(begins))] = weights[:, k]
    return dense
