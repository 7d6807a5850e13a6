"""Small stencils, phase by phase: the outputs of one phase are a sum of a few shifted pictures.

Such sums need no products of matrices: plain multiplications and additions of whole blocks in the cache do them. Each
output is the same few operations in the same order wherever it stands, so that its bits depend neither on the
window nor on tiles, and numbers that are none spread by themselves as they should.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from workbench.kernels.arrays import Image, channels_of
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines.multiples import Block
from workbench.kernels.engines.scratch import Scratch
from workbench.kernels.engines.tiles import as_lines, run_tiles, write_back
from workbench.kernels.tables import StencilJob, StencilTable

_TERMS = 8
"""Terms of a phase from which products of matrices are faster."""

_PHASES = 16
"""Phases beyond which single calls have too little to do."""

_VALUES, _WIDTH = 1 << 17, 8192
"""Input values of a tile, and those in one of its rows."""


class Tile(NamedTuple):
    """Steps of rows and of columns: each is one input pixel, and one output pixel of every phase."""

    top: int
    bottom: int
    left: int
    right: int


def is_shifted(table: StencilTable) -> bool:
    """Whether every phase reads a few neighbours of one input pixel."""
    terms = max(len(weights) for _, _, weights in table.phases.values())
    return table.step_in == (1, 1) and terms <= _TERMS and len(table.phases) <= _PHASES


class Shifted:
    """One window of such a stencil."""

    def __init__(self, job: StencilJob, out: Image) -> None:
        self.job, self.out, self.target = job, out, as_lines(out)
        self.channels = channels_of(out)
        self.patch = job.patch.reshape(job.patch.shape[0], -1)

    def run(self, cancel: CancelToken) -> None:
        """Write it."""
        run_tiles(self._tiles(), self._worker, self.target.size, cancel)
        write_back(self.target, self.out)

    def _tiles(self) -> list[Tile]:
        (top, left), (height, width), (down, across) = self.job.origin, self.out.shape[:2], self.job.table.step_out
        first, last, begin, end = top // down, -(-(top + height) // down), left // across, -(-(left + width) // across)
        wide = -(-(end - begin) // -(-(end - begin) * self.channels // _WIDTH))
        tall = max(1, _VALUES // (wide * self.channels))
        return [
            Tile(m, min(m + tall, last), n, min(n + wide, end))
            for m in range(first, last, tall)
            for n in range(begin, end, wide)
        ]

    def _worker(self) -> Callable[[Tile], None]:
        scratch = Scratch.here(self.out.dtype)

        def do(tile: Tile) -> None:
            source = self._filled(tile, scratch)
            with np.errstate(all="ignore"):
                for phase in self.job.table.phases:
                    self._compute(source, tile, phase, scratch)

        return do

    def _filled(self, tile: Tile, scratch: Scratch) -> Block:
        """The inputs of a tile, with zeros where it reaches beyond the patch."""
        c, (up, below), (before, after) = self.channels, *self.job.table.reach
        height, width = tile.bottom - tile.top + below - up, tile.right - tile.left + after - before
        y, x = tile.top + up - self.job.patch_origin[0], tile.left + before - self.job.patch_origin[1]
        rows = max(-y, 0), min(height, len(self.patch) - y)
        cols = max(-x, 0), min(width, self.patch.shape[1] // c - x)
        source = scratch("source", height, width * c)
        if (rows, cols) != ((0, height), (0, width)):
            source[...] = 0
        if rows[0] < rows[1] and cols[0] < cols[1]:
            known = self.patch[y + rows[0] : y + rows[1], (x + cols[0]) * c : (x + cols[1]) * c]
            np.copyto(source[rows[0] : rows[1], cols[0] * c : cols[1] * c], known)
        return source

    def _compute(self, source: Block, tile: Tile, phase: tuple[int, int], scratch: Scratch) -> None:
        """All outputs of one phase in a tile."""
        table, c = self.job.table, self.channels
        (up, _), (before, _) = table.reach
        (m0, m1), y = self._steps(tile.top, tile.bottom, phase[0], 0)
        (n0, n1), x = self._steps(tile.left, tile.right, phase[1], 1)
        if m0 >= m1 or n0 >= n1:
            return
        lines = self.target[y : y + (m1 - m0 - 1) * table.step_out[0] + 1 : table.step_out[0]]
        # The tile as one long line, with what stands between its rows: shifts are then shifts along it.
        line, flat = source.shape[1], source.reshape(-1)
        total = scratch("total", m1 - m0, line)
        size = (m1 - m0 - 1) * line + (n1 - n0) * c
        sums = total.reshape(-1)[:size]
        dy, dx, weights = table.phases[phase]
        for n, (row, col, weight) in enumerate(zip(dy.tolist(), dx.tolist(), weights.tolist())):
            start = (m0 - tile.top + row - up) * line + (n0 - tile.left + col - before) * c
            into = scratch("term", size) if n else sums
            np.multiply(flat[start : start + size], flat.dtype.type(weight), out=into)
            if n:
                np.add(sums, into, out=sums)
        if not len(weights):
            sums[...] = 0
        for channel in range(c):  # short runs of values are slow: one channel after the other is not
            begin, step = x * c + channel, table.step_out[1] * c
            place = lines[:, begin : begin + (n1 - n0 - 1) * step + 1 : step]
            np.copyto(place, total[:, channel : channel + (n1 - n0 - 1) * c + 1 : c])

    def _steps(self, first: int, last: int, phase: int, axis: int) -> tuple[tuple[int, int], int]:
        """The steps of a tile whose output of a phase lies in the window, and where the first of these lies there."""
        every, origin, size = self.job.table.step_out[axis], self.job.origin[axis], self.out.shape[axis]
        first = max(first, -(-(origin - phase) // every))
        return (first, min(last, -(-(origin + size - phase) // every))), first * every + phase - origin
