"""Pictures spread by whole numbers on both axes: shifted lines across first, and then down, in large tiles.

Numbers that are none spread by themselves as they should.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from workbench.kernels.arrays import Image, channels_of
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines.multiples import Multiples
from workbench.kernels.engines.pixels import lanes, widened
from workbench.kernels.engines.scratch import Scratch
from workbench.kernels.engines.tiles import as_lines, run_tiles, write_back
from workbench.kernels.tables import AxisTable

_WIDTH, _VALUES, _LINES = 32768, 3 << 19, 1 << 19
"""Values in a row of a tile, of all that a tile keeps between the passes, and of its rows there. Much: a call of
numpy costs as much as thousands of values, and a page of memory the less, the longer the lines are that are written."""

_SHARES = 4
"""Tiles at least, one below the other, for several threads to take."""


class Tile(NamedTuple):
    """Rows and columns of a window."""

    top: int
    bottom: int
    left: int
    right: int


class Separated:
    """One window of such a picture."""

    @staticmethod
    def suits(rows: AxisTable, cols: AxisTable, channels: int) -> bool:
        """Whether both axes spread by whole numbers, and each phase reads a sample or two."""
        down, across = Multiples.of(rows.within[0]), Multiples.of(cols.within[0])
        return down is not None and across is not None and down.suits(1) and across.suits(channels)

    def __init__(self, patch: Image, rows: AxisTable, cols: AxisTable, out: Image) -> None:
        (all_rows, self.top, self.patch_top), (all_cols, self.left, self.patch_left) = rows.within, cols.within
        down, across = Multiples.of(all_rows), Multiples.of(all_cols)
        assert down is not None
        assert across is not None

        self.down, self.across = down, across
        self.rows, self.cols, self.out, self.channels = rows, cols, out, channels_of(out)
        self.source, self.target = patch.reshape(patch.shape[0], -1), as_lines(out)
        # Three quarters of the arithmetic is then of use; that pays where there is little of it, or more to write.
        is_cheap = across.weights == 1 or across.every > 2
        self.widens = is_cheap and lanes(self.channels, out.dtype) > self.channels

    def run(self, cancel: CancelToken) -> None:
        """Write it."""
        run_tiles(self._tiles(), self._worker, self.out.size, cancel)
        write_back(self.target, self.out)

    def _tiles(self) -> list[Tile]:
        height, width = self.out.shape[:2]
        wide = -(-width // -(-width * self.channels // _WIDTH))
        # Every weight makes a copy of the rows between the passes; plain copies need no large tiles.
        most = _VALUES // (self.down.weights + 1) if self.down.weights > 1 else _LINES
        periods = most // (wide * self.channels)
        tall = max(1, min(periods, -(-height // (_SHARES * self.down.every)))) * self.down.every
        return [
            Tile(top, min(top + tall, height), left, min(left + wide, width))
            for top in range(0, height, tall)
            for left in range(0, width, wide)
        ]

    def _worker(self) -> Callable[[Tile], None]:
        scratch = Scratch.here(self.out.dtype)

        def do(tile: Tile) -> None:
            with np.errstate(all="ignore"):
                self._compute(tile, scratch)

        return do

    def _compute(self, tile: Tile, scratch: Scratch) -> None:
        c = self.channels
        (low, high), (begin, end) = self.rows.reads(tile.top, tile.bottom), self.cols.reads(tile.left, tile.right)
        x = self.source[low:high, begin * c : end * c]
        middle = scratch("middle", high - low, (tile.right - tile.left) * c)
        lines, goal = (x, middle) if c == 1 else (x.reshape(len(x), -1, c), middle.reshape(len(x), -1, c))
        if self.widens:
            lines = widened(lines, "wide", scratch)
        self.across.spread(lines, self.patch_left + begin, self.left + tile.left, goal, 1, scratch)
        place = self.target[tile.top : tile.bottom, tile.left * c : tile.right * c]
        self.down.spread(middle, self.patch_top + low, self.top + tile.top, place, 0, scratch)
