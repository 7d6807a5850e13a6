"""The default engine: numpy alone, its work done by small matrix products.

Separable operators become banded products, across first and then down, tile by tile (`bands`); tables of one tap
are copied; stencils become one Toeplitz product for each phase of the output rows (`toeplitz`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import as_strided

from workbench.kernels.arrays import Image, channels_of
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines.bands import Axis, Floats, Run, Strip, is_band, is_periodic
from workbench.kernels.engines.base import Engine
from workbench.kernels.engines.exact import patch_separable
from workbench.kernels.engines.gather import GatherEngine
from workbench.kernels.engines.tiles import PartToken, as_lines, run_tiles, write_back
from workbench.kernels.engines.toeplitz import Toeplitz
from workbench.kernels.tables import AxisTable, StencilJob

INTERLEAVED = 4
"""Channels that are computed together; pictures with more go channel by channel."""

_WIDE, _TALL = (2048, 64), (1024, 128)
"""Values and rows of a tile between the passes: a few long products, or many short ones. A window computes all of
the tiles that it cuts, so they are not as large as whole pictures would like."""

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
        elif not (is_band(rows.within[0]) and is_band(cols.within[0])):
            self._gather.separable(patch, rows, cols, out, cancel, origin)
        elif together < channels:
            for c in range(channels):
                part = PartToken(cancel, c, channels)
                _Banded(patch[:, :, c], rows, cols, out[:, :, c]).run(part)
        else:
            _Banded(patch, rows, cols, out).run(cancel)

    def stencil(self, job: StencilJob, out: Image, cancel: CancelToken) -> None:
        channels = channels_of(out)
        together = channels if channels <= INTERLEAVED else 1
        plan = Toeplitz.of(job.table, together, out.dtype)
        if plan.is_silly:
            self._gather.stencil(job, out, cancel)
        elif together < channels:
            for c in range(channels):
                plane = StencilJob(job.table, job.patch[:, :, c], job.patch_origin, job.origin)
                plan.run(plane, out[:, :, c], PartToken(cancel, c, channels))
        else:
            plan.run(job, out, cancel)


def _picks(table: AxisTable) -> bool:
    """Whether every output is one input times a weight; not 0, which would have to hide NaN, as no copy does."""
    return table.taps == 1 and bool(table.weights.all())


def _pick(patch: Image, rows: AxisTable, cols: AxisTable, out: Image, cancel: CancelToken) -> None:
    """Copy, and scale where weights are not 1: nearest neighbour and its kin, at the speed of memory."""
    target = as_lines(out)
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
    write_back(target, out)


def _factors(table: AxisTable, beside: npt.NDArray[Any]) -> npt.NDArray[Any] | None:
    """Weights of a table of one tap, shaped to multiply an image's axis; None if all are 1."""
    weights = table.weights_as(beside.dtype)[:, 0]
    if (weights == 1).all():
        return None
    return weights.reshape((-1,) + (1,) * (beside.ndim - 2))


class _Banded:
    """Across, then down, in tiles: the pass across makes the few rows that a strip of output rows reads."""

    def __init__(self, patch: Image, rows: AxisTable, cols: AxisTable, out: Image) -> None:
        self.channels = channels_of(patch)
        self.patch, self.rows, self.cols, self.out = patch, rows, cols, out
        self.source, self.target = patch.reshape(patch.shape[0], -1), as_lines(out)
        (whole_rows, self.top, self.patch_top), (whole_cols, self.left, self.patch_left) = rows.within, cols.within
        width, height = _WIDE if is_periodic(whole_cols, self.channels) else _TALL
        # As many output rows as `height` rows of the pass across are enough for.
        tall = max(1, height * whole_rows.n_out // max(whole_rows.n_in, 1))
        self.down = Axis.of(whole_rows, 1, tall, out.dtype)
        self.across = Axis.of(whole_cols, self.channels, width // self.channels, out.dtype)

    def run(self, cancel: CancelToken) -> None:
        height, width = self.out.shape[:2]
        across = self.across.strips(self.left, self.left + width)
        tiles = [(down, each) for down in self.down.strips(self.top, self.top + height) for each in across]
        run_tiles(tiles, lambda: _Bench(self).do, self.out.size, cancel)
        write_back(self.target, self.out)


class _Bench:
    """The scratch memory of one thread, and the work on one tile."""

    def __init__(self, work: _Banded) -> None:
        self.work = work
        self.memory: dict[str, Floats] = {}

    def _scratch(self, name: str, rows: int, cols: int) -> Floats:
        if name not in self.memory or self.memory[name].size < rows * cols:
            self.memory[name] = np.zeros(rows * cols, self.work.out.dtype)
        return self.memory[name][: rows * cols].reshape(rows, cols)

    def do(self, tile: tuple[Strip, Strip]) -> None:
        down, across = tile
        work, c = self.work, self.work.channels
        x = self._filled(down, across)
        exact = is_finite(x)
        if not exact:
            x[~np.isfinite(x)] = 0
        unit = across.size * c
        middle = self._scratch("middle", len(x), across.count * unit)
        with np.errstate(all="ignore"):
            for run in across.runs:
                self._across(x, run, middle[:, run.first * unit : run.last * unit])
            self._down(middle[:, : (across.last - across.first) * c], down, across)
        if not exact:
            rows = (max(down.first - work.top, 0), min(down.last - work.top, work.out.shape[0]))
            cols = (max(across.first - work.left, 0), min(across.last - work.left, work.out.shape[1]))
            patch_separable(work.patch, work.rows, work.cols, work.target.reshape(work.out.shape), rows, cols)

    def _filled(self, down: Strip, across: Strip) -> Floats:
        """What a tile reads, with zeros where the patch has nothing, because the window needs nothing there."""
        work, c = self.work, self.work.channels
        height, width = work.patch.shape[:2]
        shape = (down.high - down.low, across.high - across.low)
        top, left = down.low - work.patch_top, across.low - work.patch_left
        rows, cols = (max(top, 0), min(top + shape[0], height)), (max(left, 0), min(left + shape[1], width))
        x = self._scratch("source", shape[0], shape[1] * c)
        if (rows[1] - rows[0], cols[1] - cols[0]) != shape:
            x[...] = 0
        place = x[rows[0] - top : rows[1] - top, (cols[0] - left) * c : (cols[1] - left) * c]
        np.copyto(place, work.source[slice(*rows), cols[0] * c : cols[1] * c])
        return x

    def _across(self, x: Floats, run: Run, place: Floats) -> None:
        """One product for a run of equal blocks."""
        c, (depth, unit), count = self.work.channels, run.matrix.shape, run.last - run.first
        begin = run.sample * c
        if count == 1:
            np.matmul(x[:, begin : begin + depth], run.matrix, out=place)
            return
        blocks = self._scratch("blocks", len(x) * count, depth)
        # The blocks overlap in x: a strided view names each value where it stands.
        strides = (x.strides[0], run.step * c * x.itemsize, x.itemsize)
        view = as_strided(x[:, begin:], (len(x), count, depth), strides, writeable=False)
        np.copyto(blocks.reshape(view.shape), view)
        if place.flags.c_contiguous:
            np.matmul(blocks, run.matrix, out=place.reshape(-1, unit))
        else:
            cut = as_strided(place, (len(x), count, unit), (place.strides[0], unit * x.itemsize, x.itemsize))
            np.matmul(blocks.reshape(view.shape), run.matrix, out=cut)

    def _down(self, middle: Floats, down: Strip, across: Strip) -> None:
        """One product for each block of output rows, straight to its place if all of it is wanted."""
        work, c = self.work, self.work.channels
        height, width = work.out.shape[0], work.target.shape[1]
        left = (across.first - work.left) * c
        begin, end = max(left, 0), min(left + middle.shape[1], width)
        for b, matrix in enumerate(down.matrices):
            top = down.first + b * down.size - work.top
            rows = min(down.size, down.last - down.first - b * down.size)
            first, last = max(top, 0), min(top + rows, height)
            if first >= last:
                continue
            lines = middle[down.samples[b] : down.samples[b] + len(matrix)]
            place = work.target[first:last, begin:end]
            if place.shape == (down.size, middle.shape[1]):
                np.matmul(matrix.T, lines, out=place)
            else:
                made = np.matmul(matrix.T, lines, out=self._scratch("made", down.size, middle.shape[1]))
                np.copyto(place, made[first - top : last - top, begin - left : end - left])


def is_finite(x: npt.NDArray[Any]) -> bool:
    """Whether a tile holds neither NaN nor infinity: its sum tells it fast, unless that overflows."""
    with np.errstate(all="ignore"):
        return bool(np.isfinite(x.sum())) or bool(np.isfinite(x).all())
