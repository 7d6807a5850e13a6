"""Separable pictures in tiles that stay in the cache: across the rows first, then down the columns.

Down is the dearer way, because it makes all of the output, and across makes only the few rows that it reads.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from workbench.kernels.arrays import Image, channels_of
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines.across import Across, Floats
from workbench.kernels.engines.bands import Axis, Strip
from workbench.kernels.engines.exact import is_finite, patch_separable
from workbench.kernels.engines.multiples import Multiples
from workbench.kernels.engines.scratch import Scratch
from workbench.kernels.engines.tiles import as_lines, run_tiles, write_back
from workbench.kernels.tables import AxisTable

_ROWS = 48
"""Rows of a tile between the passes, about."""

_WIDTH, _VALUES = 16384, 1 << 21
"""Values in a row of a tile, and of what a tile without products keeps between the passes: numpy does little work a
call, and pages of memory cost the less the longer the lines that are written."""


class Tile(NamedTuple):
    """Rows and columns of a window."""

    top: int
    bottom: int
    left: int
    right: int


def separate(patch: Image, rows: AxisTable, cols: AxisTable, out: Image, cancel: CancelToken) -> None:
    """Write one window of a picture whose channels belong together; both axes are bands."""
    _Products(patch, rows, cols, out).run(cancel)


def shift(patch: Image, rows: AxisTable, cols: AxisTable, out: Image, cancel: CancelToken) -> bool:
    """Write one window if both axes spread by whole numbers, and say whether they do."""
    down, across = Multiples.of(rows.within[0]), Multiples.of(cols.within[0])
    if down is None or across is None or not (down.suits(1) and across.suits(channels_of(out))):
        return False
    _Shifts(patch, rows, cols, out, down, across).run(cancel)
    return True


class _Work(ABC):
    """One window, and what is known of it."""

    def __init__(self, patch: Image, rows: AxisTable, cols: AxisTable, out: Image) -> None:
        self.channels = channels_of(patch)
        self.patch, self.rows, self.cols, self.out = patch, rows, cols, out
        self.source, self.target = patch.reshape(patch.shape[0], -1), as_lines(out)
        (self.all_rows, self.top, self.patch_top), (self.all_cols, self.left, self.patch_left) = (
            rows.within, cols.within,
        )  # fmt: skip
        self.height, self.width = out.shape[:2]

    @abstractmethod
    def tiles(self) -> list[Tile]:
        """What there is to do."""

    @abstractmethod
    def do(self, tile: Tile, scratch: Scratch) -> None:
        """Write one tile."""

    def run(self, cancel: CancelToken) -> None:
        def worker() -> Callable[[Tile], None]:
            scratch = Scratch.here(self.out.dtype)

            def do(tile: Tile) -> None:
                with np.errstate(all="ignore"):
                    self.do(tile, scratch)

            return do

        run_tiles(self.tiles(), worker, self.out.size, cancel)
        write_back(self.target, self.out)

    def place(self, tile: Tile) -> Floats:
        return self.target[tile.top : tile.bottom, tile.left * self.channels : tile.right * self.channels]


class _Shifts(_Work):
    """Shifted lines on both axes: numbers that are none spread by themselves as they should."""

    def __init__(
        self, patch: Image, rows: AxisTable, cols: AxisTable, out: Image, down: Multiples, across: Multiples
    ) -> None:
        super().__init__(patch, rows, cols, out)
        self.down, self.across = down, across

    def tiles(self) -> list[Tile]:
        parts = -(-self.width * self.channels // _WIDTH)
        wide = -(-self.width // parts)
        # Every weight makes a copy of the rows between the passes, and every thread wants tiles.
        tall = _VALUES // max(self.down.weights, 4) // (wide * self.channels)
        tall = max(1, min(tall, -(-self.height // (4 * self.down.every)))) * self.down.every
        return [
            Tile(top, min(top + tall, self.height), left, min(left + wide, self.width))
            for top in range(0, self.height, tall)
            for left in range(0, self.width, wide)
        ]

    def do(self, tile: Tile, scratch: Scratch) -> None:
        c = self.channels
        (low, high), (begin, end) = self.rows.reads(tile.top, tile.bottom), self.cols.reads(tile.left, tile.right)
        x = self.source[low:high, begin * c : end * c]
        middle = scratch("middle", high - low, (tile.right - tile.left) * c)
        lines, goal = (x, middle) if c == 1 else (x.reshape(len(x), -1, c), middle.reshape(len(x), -1, c))
        self.across.spread(lines, self.patch_left + begin, self.left + tile.left, goal, 1, scratch)
        self.down.spread(middle, self.patch_top + low, self.top + tile.top, self.place(tile), 0, scratch)


class _Products(_Work):
    """Products across; down either products or shifted lines."""

    def __init__(self, patch: Image, rows: AxisTable, cols: AxisTable, out: Image) -> None:
        super().__init__(patch, rows, cols, out)
        self.across = Across.of(self.all_cols, self.channels, out.dtype)
        self.lines = Multiples.of(self.all_rows)
        if self.lines is not None and not self.lines.suits(1):
            self.lines = None
        tall = max(1, _ROWS * self.all_rows.n_out // max(self.all_rows.n_in, 1))
        self.axis = Axis.of(self.all_rows, 1, tall, out.dtype)

    def tiles(self) -> list[Tile]:
        """Groups of strips, and bands of rows that hold some strips of theirs."""
        wide = self.across.length * max(1, _WIDTH // (self.across.length * self.channels))
        tall = self.axis.length * max(1, self.height // (8 * self.axis.length))
        return [
            Tile(
                max(top - self.top, 0), min(top + tall - self.top, self.height),
                max(left - self.left, 0), min(left + wide - self.left, self.width),
            )
            for top in range(self.top // tall * tall, self.top + self.height, tall)
            for left in range(self.left // wide * wide, self.left + self.width, wide)
        ]  # fmt: skip

    def do(self, tile: Tile, scratch: Scratch) -> None:
        strips = self.across.strips(self.left + tile.left, self.left + tile.right)
        downs = self.axis.strips(self.top + tile.top, self.top + tile.bottom)
        band = _Band(self, *strips, max(down.high - down.low for down in downs), scratch)
        for down in downs:
            top, bottom = max(down.first - self.top, tile.top), min(down.last - self.top, tile.bottom)
            self._do(tile._replace(top=top, bottom=bottom), down, band, scratch)

    def _do(self, tile: Tile, down: Strip, band: _Band, scratch: Scratch) -> None:
        first, last = self.top + tile.top, self.top + tile.bottom
        low, high = down.needs(first, last) if self.lines is None else self.all_rows.reads(first, last)
        middle, exact = band.rows(low, high)
        skip = (self.left + tile.left - band.first * self.across.length) * self.channels
        place = self.place(tile)
        if self.lines is not None:
            self.lines.spread(middle[:, skip : skip + place.shape[1]], low, first, place, 0, scratch)
        else:
            unit = self.across.length * self.channels
            for begin, end, direct in self._parts(skip, place.shape[1], unit):
                at, to = max(begin, skip), min(end, skip + place.shape[1])
                part = place[:, at - skip : to - skip]
                self._down(middle[:, begin:end], low, down, first, part, at - begin, unit if direct else 0, scratch)
        if not exact:
            span = (tile.top, tile.bottom), (tile.left, tile.right)
            patch_separable(self.patch, self.rows, self.cols, self.target.reshape(self.out.shape), *span)

    @staticmethod
    def _parts(skip: int, width: int, unit: int) -> list[tuple[int, int, bool]]:
        """Ranges of whole strips: a cut one, those that are wanted whole, and another cut one."""
        begin, end = -(-skip // unit) * unit, (skip + width) // unit * unit
        if begin >= end:
            return [(at, at + unit, False) for at in range(0, skip + width, unit)]
        parts = [(begin - unit, begin, False)] if begin > skip else []
        parts.append((begin, end, True))
        return [*parts, (end, end + unit, False)] if end < skip + width else parts

    def _down(
        self, middle: Floats, low: int, down: Strip, top: int, place: Floats, skip: int, unit: int, scratch: Scratch
    ) -> None:
        """Products for blocks of output rows and strips, straight to their places if all of them is wanted."""
        stride, item = middle.strides
        for run in down.runs:
            depth, size = run.matrix.shape
            full = range(0)
            if unit:
                full = range(
                    max(run.first, -((down.first - top) // size)),
                    min(run.last, (top + len(place) - down.first) // size),
                )
            if len(full):
                at = down.low + run.sample + (full.start - run.first) * run.step - low
                strips = middle.shape[1] // unit
                lines = as_strided(
                    middle[at:], (len(full), strips, depth, unit),
                    (run.step * stride, unit * item, stride, item), writeable=False,
                )  # fmt: skip
                goal = as_strided(
                    place[down.first + full.start * size - top :], (len(full), strips, size, unit),
                    (size * place.strides[0], unit * item, place.strides[0], item),
                )  # fmt: skip
                np.matmul(run.matrix.T, lines, out=goal)
            for block in range(run.first, run.last):
                begin = down.first + block * size - top
                a, b = max(begin, 0), min(begin + size, len(place))
                if block in full or a >= b:
                    continue
                at = down.low + run.sample + (block - run.first) * run.step - low
                wide = unit or middle.shape[1]
                for left in range(0, middle.shape[1], wide):
                    lines = middle[at : at + depth, left : left + wide]
                    made = np.matmul(run.matrix.T, lines, out=scratch("made", size, wide))
                    right = min(left + wide, skip + place.shape[1]) if unit else skip + place.shape[1]
                    goal = place[a:b, max(left - skip, 0) : right - skip]
                    np.copyto(goal, made[a - begin : b - begin, (0 if unit else skip) :][:, : goal.shape[1]])


class _Band:
    """Some strips of the pass across, row after row: each row is made once, for as long as it is needed."""

    def __init__(self, work: _Products, first: int, last: int, height: int, scratch: Scratch) -> None:
        self.work, self.first, self.last, self.scratch = work, first, last, scratch
        self.samples = work.across.samples(first, last)
        self.low = self.high = 0
        self.exact = True
        width = (last - first) * work.across.length * work.channels
        self.memory = scratch("middle", height + 2 * work.across.chunk, width)

    def rows(self, low: int, high: int) -> tuple[Floats, bool]:
        """Rows low … high − 1, and whether all that they were made of is finite."""
        chunk = self.work.across.chunk
        first, last = low // chunk * chunk, -(-high // chunk) * chunk
        kept = max(self.high - first, 0) if self.low <= first else 0
        known = self.memory[first - self.low : self.high - self.low] if kept else self.memory[:0]
        self.memory[:kept] = known
        self.exact = self.exact or not kept
        if first + kept < last:
            x = self._filled(first + kept, last - first - kept)
            if not is_finite(x):
                self.exact = False
                x[~np.isfinite(x)] = 0
            self.work.across.compute(self.first, self.last, x, self.memory[kept : last - first], self.scratch)
        self.low, self.high = first, max(last, first + kept)
        return self.memory[low - first : high - first], self.exact

    def _filled(self, first: int, count: int) -> Floats:
        """What some rows are made of, with zeros where the patch has nothing, because nothing needs it there."""
        work, c = self.work, self.work.channels
        (height, width), (begin, end) = work.patch.shape[:2], self.samples
        top, left, wide = first - work.patch_top, begin - work.patch_left, end - begin
        x = self.scratch("source", count, wide * c)
        rows, cols = (max(-top, 0), min(count, height - top)), (max(-left, 0), min(wide, width - left))
        if (rows, cols) != ((0, count), (0, wide)):
            x[...] = 0
        if rows[0] < rows[1] and cols[0] < cols[1]:
            known = work.source[top + rows[0] : top + rows[1], (left + cols[0]) * c : (left + cols[1]) * c]
            np.copyto(x[rows[0] : rows[1], cols[0] * c : cols[1] * c], known)
        return x
