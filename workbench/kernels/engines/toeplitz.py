"""Stencils as matrix products: a kernel that slides along a row is a Toeplitz matrix.

All output rows of one phase read their inputs at the same offsets. The pieces of those input rows that a block
of outputs needs, side by side, times one matrix give the block: any kernel, stride, padding and dilation.

Convention
    Blocks are anchored at absolute outputs and are always computed whole, so that a pixel's sum has the same terms
    in the same order in every window.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import as_strided

from workbench.kernels.arrays import Image
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines.gather import GatherEngine
from workbench.kernels.engines.tiles import run_tiles
from workbench.kernels.tables import StencilJob, StencilTable

_WIDTH = 4096
_TILE = 1 << 18
"""Values of the copied blocks of one tile: as many as a core's cache holds."""


class RowPhase(NamedTuple):
    """The output rows of one phase: offsets of the input rows they read, and the matrix of a block of columns."""

    offsets: list[int]
    matrix: npt.NDArray[Any]


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
        self.table = table
        self.channels = channels
        self.dtype = dtype
        (self.rows_out, self.cols_out), (self.rows_in, self.cols_in) = table.step_out, table.step_in
        (self.up, self.below), (self.before, self.after) = table.reach
        # At least two outputs: a product of a single column would take another path, and round otherwise.
        least = 2 if self.cols_out * channels == 1 else 1
        self.block = max(least, (16 if channels == 1 else 8) // max(self.cols_out, self.cols_in))
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

    @property
    def phases(self) -> list[RowPhase]:
        """For each phase of the output rows a matrix (input rows · span · channels) × (outputs · channels)."""
        if not hasattr(self, "_phases"):
            self._phases = [self._phase(phase) for phase in range(self.rows_out)]
        return self._phases

    def _phase(self, phase: int) -> RowPhase:
        offsets = self._offsets(phase)
        matrix = np.zeros((len(offsets), self.span, self.block * self.cols_out))
        steps = np.arange(self.block)[:, None]
        for column in range(self.cols_out):
            dy, dx, weights = self.table.phases[phase, column]
            line = np.searchsorted(offsets, dy)
            where = (line, steps * self.cols_in + dx - self.before, steps * self.cols_out + column)
            np.add.at(matrix, where, weights)
        flat = matrix.reshape(-1, matrix.shape[2]).astype(self.dtype)
        if self.channels > 1:
            flat = np.kron(flat, np.eye(self.channels, dtype=self.dtype))
        return RowPhase(offsets, np.ascontiguousarray(flat))

    def run(self, job: StencilJob, out: Image, cancel: CancelToken, gather: GatherEngine) -> None:
        """Write one window; tiles that hold NaN or infinities take theirs from ``gather``."""
        target = out.reshape(out.shape[0], -1)
        tiles = self._tiles(job, out)

        def worker() -> Callable[[Tile], None]:
            bench = _Bench(self, job, target)

            def do(tile: Tile) -> None:
                source = bench.filled(tile)
                exact = bool(np.isfinite(source).all())
                if not exact:
                    np.copyto(source, 0, where=~np.isfinite(source))
                with np.errstate(all="ignore"):
                    for phase, plan in enumerate(self.phases):
                        bench.compute(source, tile, phase, plan)
                if not exact:
                    self._patch_up(job, out, tile, gather)

            return do

        _ = self.phases  # made here, once, and not by every thread
        run_tiles(tiles, worker, out.size, cancel)
        if not np.may_share_memory(target, out):
            out[...] = target.reshape(out.shape)

    def _tiles(self, job: StencilJob, out: Image) -> list[Tile]:
        (top, left), (height, width) = job.origin, out.shape[:2]
        unit = self.block * self.cols_out
        first, last = left // unit, -(-(left + width) // unit)
        across = max(1, _WIDTH // (unit * self.channels))
        depth = max(len(plan.matrix) for plan in self.phases)
        begin, end = top // self.rows_out, -(-(top + height) // self.rows_out)
        down = max(1, _TILE // max(1, depth * min(across, last - first)))
        return [
            Tile(m, min(m + down, end), b, min(b + across, last))
            for m in range(begin, end, down)
            for b in range(first, last, across)
        ]

    def _patch_up(self, job: StencilJob, out: Image, tile: Tile, gather: GatherEngine) -> None:
        """Write NaN and infinities where a weight meets one; all other pixels keep their bits."""
        rows = _within(tile.top * self.rows_out, tile.bottom * self.rows_out, job.origin[0], out.shape[0])
        unit = self.block * self.cols_out
        cols = _within(tile.left * unit, tile.right * unit, job.origin[1], out.shape[1])
        place = out[rows[0] : rows[1], cols[0] : cols[1]]
        exact = np.empty_like(place)
        corner = (job.origin[0] + rows[0], job.origin[1] + cols[0])
        with np.errstate(all="ignore"):
            part = StencilJob(job.table, job.patch, job.patch_origin, corner)
            gather.stencil(part, exact, CancelToken())
        np.copyto(place, exact, where=~np.isfinite(exact))


class _Bench:
    """The scratch memory of one thread, and the work on one tile."""

    def __init__(self, plan: Toeplitz, job: StencilJob, target: Image) -> None:
        self.plan = plan
        self.job = job
        self.target = target
        self.patch = job.patch.reshape(job.patch.shape[0], -1)
        self.width = target.shape[1] // plan.channels
        self.source = np.empty(0, plan.dtype)
        self.blocks = np.empty(0, plan.dtype)

    def filled(self, tile: Tile) -> Image:
        """The inputs of a tile, with zeros where its blocks reach beyond the patch."""
        plan, c = self.plan, self.plan.channels
        top = tile.top * plan.rows_in + plan.up - self.job.patch_origin[0]
        bottom = (tile.bottom - 1) * plan.rows_in + plan.below + 1 - self.job.patch_origin[0]
        left = tile.left * plan.block * plan.cols_in + plan.before - self.job.patch_origin[1]
        steps = (tile.right - tile.left) * plan.block
        right = left + (steps - 1) * plan.cols_in + plan.after - plan.before + 1
        size = (bottom - top, (right - left) * c)
        if self.source.size < size[0] * size[1]:
            self.source = np.empty(size[0] * size[1], plan.dtype)
        source = self.source[: size[0] * size[1]].reshape(size)
        height, width = self.patch.shape[0], self.patch.shape[1] // c
        inner = (max(top, 0), min(bottom, height), max(left, 0), min(right, width))
        if inner != (top, bottom, left, right):
            source[...] = 0
        if inner[0] < inner[1] and inner[2] < inner[3]:
            known = self.patch[inner[0] : inner[1], inner[2] * c : inner[3] * c]
            source[inner[0] - top : inner[1] - top, (inner[2] - left) * c : (inner[3] - left) * c] = known
        return source

    def compute(self, source: Image, tile: Tile, phase: int, rows: RowPhase) -> None:
        """All output rows of one phase in a tile."""
        plan, c, (oy, ox) = self.plan, self.plan.channels, self.job.origin
        first = max(tile.top, -(-(oy - phase) // plan.rows_out))
        last = min(tile.bottom, -(-(oy + self.target.shape[0] - phase) // plan.rows_out))
        if first >= last:
            return
        unit = plan.block * plan.cols_out
        left, right = _within(tile.left * unit, tile.right * unit, ox, self.width)
        start = first * plan.rows_out + phase - oy
        stop = (last - 1) * plan.rows_out + phase - oy + 1
        place = self.target[start : stop : plan.rows_out, left * c : right * c]
        if not rows.offsets:
            place[...] = 0
            return
        height, count, depth = last - first, tile.right - tile.left, len(rows.matrix)
        blocks = self._blocks(max(2, height * count), depth)
        view = blocks[: height * count].reshape(height, count, len(rows.offsets), -1)
        strides = (
            plan.rows_in * source.strides[0],
            plan.block * plan.cols_in * c * source.itemsize,
            source.itemsize,
        )
        for n, offset in enumerate(rows.offsets):
            line = source[(first - tile.top) * plan.rows_in + offset - plan.up :]
            shape = (height, count, plan.span * c)
            np.copyto(view[:, :, n], as_strided(line, shape, strides, writeable=False))
        if right - left == count * unit and count > 1:
            made = place.reshape(height, count, -1)
            np.matmul(blocks[: height * count].reshape(height, count, depth), rows.matrix, out=made)
        else:
            product = np.matmul(blocks, rows.matrix)[: height * count].reshape(height, count * unit * c)
            skip = left + ox - tile.left * unit
            place[...] = product[:, skip * c : (skip + right - left) * c]

    def _blocks(self, count: int, depth: int) -> Image:
        if self.blocks.size < count * depth:
            self.blocks = np.zeros(count * depth, self.plan.dtype)
        return self.blocks[: count * depth].reshape(count, depth)


def _within(first: int, last: int, origin: int, size: int) -> tuple[int, int]:
    """An absolute range of outputs, as indices into a window."""
    return max(0, first - origin), min(size, last - origin)
