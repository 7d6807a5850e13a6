"""Stencils as matrix products: a kernel that slides along a row is a Toeplitz matrix.

All output rows of one phase read their inputs at the same offsets. The pieces of those input rows that a block
of outputs needs, side by side, times one matrix give the block: any kernel, stride, padding and dilation.

Convention
    Blocks are anchored at absolute outputs and are always computed whole, so that a pixel's sum has the same terms
    in the same order in every window.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from workbench.kernels.arrays import Image
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines.bands import Floats, interleaved
from workbench.kernels.engines.exact import patch_stencil
from workbench.kernels.engines.tiles import as_lines, run_tiles, write_back
from workbench.kernels.tables import StencilJob, StencilTable

_WIDTH = 2048
"""Values in a row of a tile."""

_TILE = 1 << 18
"""Values of the copied blocks of one tile: as many as a core's cache holds."""


class RowPhase(NamedTuple):
    """The output rows of one phase: offsets of the input rows they read, and the matrix of a block of columns."""

    offsets: list[int]
    matrix: Floats


class Tile(NamedTuple):
    """Steps of rows and blocks of columns, both counted from the origin of the whole output."""

    top: int
    bottom: int
    left: int
    right: int


class Toeplitz:
    """The matrices of a stencil table for pictures of some channels.

    Attributes
    ----------
    block : int
        Steps of columns in a block; a step is P outputs and Q inputs.
    """

    @staticmethod
    @lru_cache(maxsize=64)
    def of(table: StencilTable, channels: int, dtype: np.dtype[Any]) -> Toeplitz:
        """The plan for this table, made once."""
        return Toeplitz(table, channels, dtype)

    def __init__(self, table: StencilTable, channels: int, dtype: np.dtype[Any]) -> None:
        self.table, self.channels, self.dtype = table, channels, dtype
        (self.rows_out, self.cols_out), (self.rows_in, self.cols_in) = table.step_out, table.step_in
        (self.up, self.below), (self.before, self.after) = table.reach
        self.block = max(1, (32 if channels == 1 else 8) // max(self.cols_out, self.cols_in))
        self.span = (self.block - 1) * self.cols_in + self.after - self.before + 1

    @property
    def is_silly(self) -> bool:
        """Whether the matrices are so empty that tap by tap is faster: wide dilation or strides, few taps."""
        depth = self.channels * self.span * max(len(self._offsets(phase)) for phase in range(self.rows_out))
        taps = max(len(entry[2]) for entry in self.table.phases.values())
        return depth > 256 and depth > 32 * taps

    def _offsets(self, phase: int) -> list[int]:
        found = [self.table.phases[phase, column][0] for column in range(self.cols_out)]
        return [int(offset) for offset in np.unique(np.concatenate(found))]

    @cached_property
    def phases(self) -> list[RowPhase]:
        """For each phase of the output rows a matrix (input rows · span · channels) × (outputs · channels)."""
        return [self._phase(phase) for phase in range(self.rows_out)]

    def _phase(self, phase: int) -> RowPhase:
        offsets = self._offsets(phase)
        matrix = np.zeros((len(offsets), self.span, self.block * self.cols_out))
        steps = np.arange(self.block)[:, None]
        for column in range(self.cols_out):
            dy, dx, weights = self.table.phases[phase, column]
            line = np.searchsorted(offsets, dy)
            where = (line, steps * self.cols_in + dx - self.before, steps * self.cols_out + column)
            np.add.at(matrix, where, weights)
        return RowPhase(offsets, interleaved(matrix.reshape(-1, matrix.shape[2]), self.channels).astype(self.dtype))

    def run(self, job: StencilJob, out: Image, cancel: CancelToken) -> None:
        """Write one window."""
        target = as_lines(out)
        tiles = self._tiles(job, out)  # makes the matrices, here and once instead of on every thread
        run_tiles(tiles, lambda: _Bench(self, job, out, target).do, out.size, cancel)
        write_back(target, out)

    def _tiles(self, job: StencilJob, out: Image) -> list[Tile]:
        """Tiles that hold the window, always of one size: equal products come out equal, wherever the window lies."""
        (top, left), (height, width) = job.origin, out.shape[:2]
        unit = self.block * self.cols_out
        across = max(1, _WIDTH // (unit * self.channels))
        size = max(max(plan.matrix.shape) for plan in self.phases)
        down = max(1, _TILE // (size * across))
        first, last = left // unit, -(-(left + width) // unit)
        begin, end = top // self.rows_out, -(-(top + height) // self.rows_out)
        return [
            Tile(m, m + down, b, b + across)
            for m in range(begin // down * down, end, down)
            for b in range(first // across * across, last, across)
        ]


class _Bench:
    """The scratch memory of one thread, and the work on one tile."""

    def __init__(self, plan: Toeplitz, job: StencilJob, out: Image, target: Image) -> None:
        self.plan, self.job, self.out, self.target = plan, job, out, target
        self.patch = job.patch.reshape(job.patch.shape[0], -1)
        self.memory: dict[str, Floats] = {}

    def _scratch(self, name: str, rows: int, cols: int) -> Floats:
        if name not in self.memory or self.memory[name].size < rows * cols:
            self.memory[name] = np.zeros(rows * cols, self.plan.dtype)
        return self.memory[name][: rows * cols].reshape(rows, cols)

    def do(self, tile: Tile) -> None:
        source = self._filled(tile)
        exact = bool(np.isfinite(source).all())
        if not exact:
            source[~np.isfinite(source)] = 0
        with np.errstate(all="ignore"):
            for phase, rows in enumerate(self.plan.phases):
                self._compute(source, tile, phase, rows)
        if not exact:
            self._patch_up(tile)

    def _filled(self, tile: Tile) -> Floats:
        """The inputs of a tile, with zeros where its blocks reach beyond the patch."""
        plan, c = self.plan, self.plan.channels
        top = tile.top * plan.rows_in + plan.up - self.job.patch_origin[0]
        bottom = (tile.bottom - 1) * plan.rows_in + plan.below + 1 - self.job.patch_origin[0]
        left = tile.left * plan.block * plan.cols_in + plan.before - self.job.patch_origin[1]
        steps = (tile.right - tile.left) * plan.block
        right = left + (steps - 1) * plan.cols_in + plan.after - plan.before + 1
        source = self._scratch("source", bottom - top, (right - left) * c)
        height, width = self.patch.shape[0], self.patch.shape[1] // c
        inner = (max(top, 0), min(bottom, height), max(left, 0), min(right, width))
        if inner != (top, bottom, left, right):
            source[...] = 0
        if inner[0] < inner[1] and inner[2] < inner[3]:
            known = self.patch[inner[0] : inner[1], inner[2] * c : inner[3] * c]
            source[inner[0] - top : inner[1] - top, (inner[2] - left) * c : (inner[3] - left) * c] = known
        return source

    def _compute(self, source: Floats, tile: Tile, phase: int, rows: RowPhase) -> None:
        """All output rows of one phase in a tile: one product."""
        plan, c, (oy, ox) = self.plan, self.plan.channels, self.job.origin
        first = max(tile.top, -(-(oy - phase) // plan.rows_out))
        last = min(tile.bottom, -(-(oy + self.out.shape[0] - phase) // plan.rows_out))
        if first >= last:
            return
        unit = plan.block * plan.cols_out
        left, right = _within(tile.left * unit, tile.right * unit, ox, self.out.shape[1])
        start = first * plan.rows_out + phase - oy
        stop = (last - 1) * plan.rows_out + phase - oy + 1
        place = self.target[start : stop : plan.rows_out, left * c : right * c]
        if not rows.offsets:
            place[...] = 0
            return
        height, count = tile.bottom - tile.top, tile.right - tile.left
        blocks = self._scratch("blocks", height * count, len(rows.matrix))
        view = blocks.reshape(height, count, len(rows.offsets), plan.span * c)
        size = source.itemsize
        strides = (plan.rows_in * source.strides[0], plan.block * plan.cols_in * c * size, size)
        for n, offset in enumerate(rows.offsets):
            # The blocks overlap in the line: a strided view names each value where it stands.
            line = source[offset - plan.up :]
            np.copyto(view[:, :, n], as_strided(line, (height, count, plan.span * c), strides, writeable=False))
        if place.shape == (height, count * unit * c):
            step = place.itemsize
            cut = as_strided(place, (height, count, unit * c), (place.strides[0], unit * c * step, step))
            np.matmul(blocks.reshape(height, count, -1), rows.matrix, out=cut)
            return
        made = self._scratch("made", height, count * unit * c)
        np.matmul(blocks.reshape(height, count, -1), rows.matrix, out=made.reshape(height, count, -1))
        skip = (left + ox - tile.left * unit) * c
        np.copyto(place, made[first - tile.top : last - tile.top, skip : skip + place.shape[1]])

    def _patch_up(self, tile: Tile) -> None:
        """Write NaN and infinities where a weight meets one; all other pixels keep their bits."""
        plan, (oy, ox) = self.plan, self.job.origin
        top, bottom = _within(tile.top * plan.rows_out, tile.bottom * plan.rows_out, oy, self.out.shape[0])
        unit = plan.block * plan.cols_out
        left, right = _within(tile.left * unit, tile.right * unit, ox, self.out.shape[1])
        patch_stencil(self.job, self.target.reshape(self.out.shape), (top, bottom), (left, right))


def _within(first: int, last: int, origin: int, size: int) -> tuple[int, int]:
    """An absolute range of outputs, as indices into a window."""
    return max(0, first - origin), min(size, last - origin)
