"""The default engine: numpy alone, its work done by small matrix products.

Separable operators become banded products, across first and then down, tile by tile (`bands`); tables of one tap
are copied; stencils become one Toeplitz product for each phase of the output rows (`toeplitz`).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import as_strided

from workbench.kernels.arrays import Image, channels_of
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines.bands import Bands, Floats, Run, too_wide, without_gaps
from workbench.kernels.engines.base import Engine
from workbench.kernels.engines.exact import patch_separable
from workbench.kernels.engines.gather import GatherEngine
from workbench.kernels.engines.products import UNIT, are_steady, whole
from workbench.kernels.engines.tiles import PartToken, run_tiles
from workbench.kernels.engines.toeplitz import Toeplitz
from workbench.kernels.tables import AxisTable, StencilJob

INTERLEAVED = 4
"""Channels that are computed together; pictures with more go channel by channel."""

_WIDTH = 4096
"""Values in a row of a tile: long enough for a product, short enough for the cache."""

_TILE_BYTES = 1 << 19
"""Memory of the rows between the pass across and the pass down: half of a core's cache."""

_PICKED = 1 << 18
"""Values of a tile that is only copied."""


class BlasEngine(Engine):
    """Matrix products where they pay, `GatherEngine` where they would be silly."""

    name = "blas"

    def __init__(self) -> None:
        self._gather = GatherEngine()

    def separable(
        self,
        patch: Image,
        rows: AxisTable,
        cols: AxisTable,
        out: Image,
        cancel: CancelToken,
        origin: tuple[int, int],
    ) -> None:
        channels = channels_of(patch)
        together = channels if channels <= INTERLEAVED else 1
        if _picks(rows) and _picks(cols):
            _pick(patch, rows, cols, out, cancel)
        elif too_wide(rows) or too_wide(cols, together) or not _keeps_bits(out):
            self._gather.separable(patch, rows, cols, out, cancel, origin)
        elif together < channels:
            for c in range(channels):
                part = PartToken(cancel, c, channels)
                _Banded(patch[:, :, c], rows, cols, out[:, :, c], origin).run(part)
        else:
            _Banded(patch, rows, cols, out, origin).run(cancel)

    def stencil(self, job: StencilJob, out: Image, cancel: CancelToken) -> None:
        channels = channels_of(out)
        together = channels if channels <= INTERLEAVED else 1
        plan = Toeplitz.of(job.table, together)
        if plan.is_silly or not _keeps_bits(out):
            self._gather.stencil(job, out, cancel)
        elif together < channels:
            for c in range(channels):
                plane = StencilJob(job.table, job.patch[:, :, c], job.patch_origin, job.origin)
                plan.run(plane, out[:, :, c], PartToken(cancel, c, channels))
        else:
            plan.run(job, out, cancel)


def _keeps_bits(out: Image) -> bool:
    """Whether products give a pixel the same bits in every window; rounding to float32 sees to it by itself."""
    return out.dtype == np.float32 or are_steady()


def _picks(table: AxisTable) -> bool:
    """Whether every output is one input times a weight; not 0, which would have to hide NaN, as no copy does."""
    return table.taps == 1 and bool(table.weights.all())


def _pick(patch: Image, rows: AxisTable, cols: AxisTable, out: Image, cancel: CancelToken) -> None:
    """Copy, and scale where weights are not 1: nearest neighbour and its kin, at the speed of memory."""
    target = out.reshape(rows.n_out, -1)
    width = target.shape[1]
    across = _factors(cols, patch)
    down = _factors(rows, patch[:, 0])
    height = max(1, _PICKED // width)
    tiles = [(top, min(top + height, rows.n_out)) for top in range(0, rows.n_out, height)]

    def worker() -> Callable[[tuple[int, int]], None]:
        scratch = np.empty((height, *out.shape[1:]), out.dtype)

        def do(tile: tuple[int, int]) -> None:
            top, bottom = tile
            used, where = np.unique(rows.start[top:bottom], return_inverse=True)
            line = scratch[: len(used)]
            np.take(patch[used], cols.start, axis=1, out=line, mode="clip")
            with np.errstate(all="ignore"):
                if across is not None:
                    line *= across
                np.take(line.reshape(len(used), width), where, axis=0, out=target[top:bottom], mode="clip")
                if down is not None:
                    target[top:bottom] *= down[top:bottom].reshape(-1, 1)

        return do

    run_tiles(tiles, worker, target.size, cancel)
    _write_back(target, out)


def _factors(table: AxisTable, beside: npt.NDArray[Any]) -> npt.NDArray[Any] | None:
    """Weights of a table of one tap, shaped to multiply an image's axis; None if all are 1."""
    weights = table.weights_as(beside.dtype)[:, 0]
    if (weights == 1).all():
        return None
    return weights.reshape((-1,) + (1,) * (beside.ndim - 2))


class _Tile:
    """Some blocks of rows times some blocks of columns, and the outputs and inputs that belong to them."""

    __slots__ = ("cols", "cols_in", "cols_out", "rows", "rows_in", "rows_out", "runs")

    def __init__(
        self, down: Bands, across: Bands, rows: tuple[int, int], cols: tuple[int, int], runs: list[Run]
    ) -> None:
        self.rows, self.cols, self.runs = rows, cols, runs
        self.rows_in, self.cols_in = down.reads(*rows), across.reads(*cols)
        self.rows_out, self.cols_out = down.outputs(*rows), across.outputs(*cols)


class _Banded:
    """Across, then down, in tiles: the pass across makes the few rows that a block of output rows reads."""

    def __init__(
        self,
        patch: Image,
        rows: AxisTable,
        cols: AxisTable,
        out: Image,
        origin: tuple[int, int],
    ) -> None:
        self.channels = channels_of(patch)
        rows, used = without_gaps(rows)
        patch = patch if used is None else patch[used]
        cols, used = without_gaps(cols)
        patch = patch if used is None else patch[:, used]
        self.patch, self.rows, self.cols, self.out = patch, rows, cols, out
        self.source, self.target = patch.reshape(patch.shape[0], -1), out.reshape(out.shape[0], -1)
        self.down = Bands(rows, origin[0])
        self.across = Bands(cols, origin[1], self.channels)
        self.unit = self.across.size * self.channels

    def run(self, cancel: CancelToken) -> None:
        run_tiles(self._tiles(), lambda: _Bench(self).do, self.out.size, cancel)
        _write_back(self.target, self.out)

    def _tiles(self) -> list[_Tile]:
        down, across = self.down, self.across
        wide = max(1, _WIDTH // self.unit)
        low, high = down.reads(0, down.count)
        bytes_each = 8 * self.unit * min(wide, across.count) * max(1.0, (high - low) / down.count)
        tall = max(1, int(_TILE_BYTES / bytes_each))
        bands = list(itertools.pairwise([*range(0, down.count, tall), down.count]))
        strips = list(itertools.pairwise([*range(0, across.count, wide), across.count]))
        runs = [across.runs(*strip) for strip in strips]
        return [_Tile(down, across, band, *strip) for band in bands for strip in zip(strips, runs)]


class _Bench:
    """The scratch memory of one thread, and the work on one tile."""

    def __init__(self, work: _Banded) -> None:
        self.work = work
        self.memory: dict[str, Floats] = {}

    def _scratch(self, name: str, rows: int, cols: int) -> Floats:
        if name not in self.memory or self.memory[name].size < rows * cols:
            self.memory[name] = np.zeros(rows * cols)
        return self.memory[name][: rows * cols].reshape(rows, cols)

    def do(self, tile: _Tile) -> None:
        work, c = self.work, self.work.channels
        (top, bottom), (left, right) = tile.rows_in, tile.cols_in
        x = self._scratch("source", whole(bottom - top), (right - left) * c)
        np.copyto(x[: bottom - top], work.source[top:bottom, left * c : right * c])
        exact = is_finite(x)
        if not exact:
            x[~np.isfinite(x)] = 0
        # A run may write up to three blocks too many, which the next run, or nobody, then overwrites.
        middle = self._scratch("middle", len(x), (tile.cols[1] - tile.cols[0] + UNIT - 1) * work.unit)
        with np.errstate(all="ignore"):
            for run in tile.runs:
                begin, at = (run.sample - left) * c, (run.first - tile.cols[0]) * work.unit
                self._across(x, begin, run, middle, at)
            self._down(middle, tile)
        if not exact:
            patch_separable(work.patch, work.rows, work.cols, work.out, tile.rows_out, tile.cols_out)

    def _across(self, x: Floats, begin: int, run: Run, middle: Floats, at: int) -> None:
        """One product for a run of equal blocks, from column ``begin`` of x to column ``at`` of middle."""
        depth, unit = run.matrix.shape
        count = run.last - run.first
        if count == 1:
            np.matmul(x[:, begin : begin + depth], run.matrix, out=middle[:, at : at + unit])
            return
        padded = whole(count)
        blocks = self._scratch("blocks", len(x) * padded, depth).reshape(len(x), padded, depth)
        # The blocks overlap in x: a strided view names each value where it stands.
        strides = (x.strides[0], run.step * self.work.channels * x.itemsize, x.itemsize)
        view = as_strided(x[:, begin:], (len(x), count, depth), strides, writeable=False)
        np.copyto(blocks[:, :count], view)
        place = middle[:, at : at + padded * unit].reshape(len(x), padded, unit)
        np.matmul(blocks, run.matrix, out=place)

    def _down(self, middle: Floats, tile: _Tile) -> None:
        """One product for each block of output rows."""
        work, c = self.work, self.work.channels
        down, across = work.down, work.across
        left, right = tile.cols_out
        skip = (left + across.lead - tile.cols[0] * across.size) * c
        width = (tile.cols[1] - tile.cols[0]) * work.unit
        made = self._scratch("made", down.size, width)
        for b in range(*tile.rows):
            (top, bottom), matrix = down.outputs(b, b + 1), down.matrices[down.which[b]].T
            sample = int(down.samples[b]) - tile.rows_in[0]
            np.matmul(matrix, middle[sample : sample + matrix.shape[1], :width], out=made)
            cut = top + down.lead - b * down.size
            place = work.target[top:bottom, left * c : right * c]
            np.copyto(place, made[cut : cut + bottom - top, skip : skip + place.shape[1]], casting="same_kind")


def is_finite(x: npt.NDArray[Any]) -> bool:
    """Whether a tile holds neither NaN nor infinity: its sum tells it fast, unless that overflows."""
    with np.errstate(all="ignore"):
        return bool(np.isfinite(x.sum())) or bool(np.isfinite(x).all())


def _write_back(flat: Image, out: Image) -> None:
    """Copy the result if ``out`` has strides that forbade to write into it through a flat view."""
    if not np.may_share_memory(flat, out):
        out[...] = flat.reshape(out.shape)
