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

from workbench.kernels.arrays import Image, Window, channels_of
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines.bands import WIDEST, Bands, Run, block_size, without_gaps
from workbench.kernels.engines.base import Engine
from workbench.kernels.engines.gather import GatherEngine
from workbench.kernels.engines.tiles import PartToken, run_tiles
from workbench.kernels.engines.toeplitz import Toeplitz
from workbench.kernels.tables import AxisTable, StencilJob

INTERLEAVED = 4
"""Channels that are computed together; pictures with more go channel by channel."""

_WIDTH = 4096
"""Values in a row of a tile: long enough for a product, short enough for the cache."""

_TILE_BYTES = 3 << 18
"""Memory of the rows between the pass across and the pass down: half of a core's cache."""

_PICKED = 1 << 18
"""Values of a tile that is only copied."""


class BlasEngine(Engine):
    """Banded matrix products where they pay, `GatherEngine` where they would be silly."""

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
        if _picks(rows) and _picks(cols):
            _pick(patch, rows, cols, out, cancel)
        elif max(rows.taps, cols.taps * min(channels, INTERLEAVED)) > WIDEST:
            self._gather.separable(patch, rows, cols, out, cancel, origin)
        elif channels > INTERLEAVED:
            for c in range(channels):
                part = PartToken(cancel, c, channels)
                _banded(patch[:, :, c], rows, cols, out[:, :, c], part, origin, self._gather)
        else:
            _banded(patch, rows, cols, out, cancel, origin, self._gather)

    def stencil(self, job: StencilJob, out: Image, cancel: CancelToken) -> None:
        channels = channels_of(out)
        plan = Toeplitz.of(job.table, channels if channels <= INTERLEAVED else 1, out.dtype)
        if plan.is_silly:
            self._gather.stencil(job, out, cancel)
        elif channels > INTERLEAVED:
            for c in range(channels):
                plane = StencilJob(job.table, job.patch[:, :, c], job.patch_origin, job.origin)
                plan.run(plane, out[:, :, c], PartToken(cancel, c, channels), self._gather)
        else:
            plan.run(job, out, cancel, self._gather)


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


def _banded(
    patch: Image, rows: AxisTable, cols: AxisTable, out: Image, cancel: CancelToken, origin: tuple[int, int],
    gather: GatherEngine,
) -> None:  # fmt: skip
    """Across, then down, in tiles: the pass across makes the few rows that a block of output rows reads."""
    channels = channels_of(patch)
    rows, used = without_gaps(rows)
    patch = patch if used is None else patch[used]
    cols, used = without_gaps(cols)
    patch = patch if used is None else patch[:, used]
    source, target = patch.reshape(patch.shape[0], -1), out.reshape(out.shape[0], -1)
    wide = block_size(cols, 16 if channels == 1 else 8, channels)
    across = Bands(cols, origin[1], wide, channels, out.dtype)
    down = Bands(rows, origin[0], block_size(rows, 16), 1, out.dtype)
    plan = _Tiling(down, across, across.size * channels, out.dtype.itemsize)

    def worker() -> Callable[[_Tile], None]:
        between = np.empty((plan.tallest, plan.widest), out.dtype)
        blocks = np.empty(plan.longest, out.dtype)
        cut = np.empty((down.size, plan.widest), out.dtype)

        def do(tile: _Tile) -> None:
            (top, bottom), (left, right) = tile.reads
            x = source[top:bottom, left * channels : right * channels]
            exact = is_finite(x)
            if not exact:
                x = np.where(np.isfinite(x), x, x.dtype.type(0))
            if x.shape[0] == 1:  # a product with a single row would take another path, and round otherwise
                x = np.repeat(x, 2, axis=0)
            middle = between[: x.shape[0], : tile.width]
            with np.errstate(all="ignore"):
                _across(x, tile, channels, middle, blocks)
                _down(middle, tile, down, across, channels, target, cut)
            if not exact:
                window = Window(*tile.outputs)
                _patch_up(patch, rows, cols, out[window.slices], window, gather)

        return do

    run_tiles(plan.tiles, worker, out.size, cancel)
    _write_back(target, out)


class _Tile:
    """Some blocks of rows times some blocks of columns."""

    __slots__ = ("cols", "outputs", "reads", "rows", "runs", "width")

    def __init__(
        self,
        down: Bands,
        across: Bands,
        rows: tuple[int, int],
        cols: tuple[int, int],
        runs: list[Run],
        unit: int,
    ) -> None:
        self.rows, self.cols, self.runs = rows, cols, runs
        self.reads = (down.reads(*rows), across.reads(*cols))
        (top, bottom), (left, right) = down.outputs(*rows), across.outputs(*cols)
        self.outputs = (top, left, bottom, right)
        self.width = (cols[1] - cols[0]) * unit


class _Tiling:
    """All tiles of a window, and the scratch memory that the largest needs."""

    def __init__(self, down: Bands, across: Bands, unit: int, itemsize: int) -> None:
        n_cols = max(1, _WIDTH // unit)
        low, high = down.reads(0, down.count)
        rows_each = max(1.0, (high - low) / down.count)
        n_rows = max(1, int(_TILE_BYTES / (itemsize * rows_each * unit * min(n_cols, across.count))))
        strips = [
            (cols, across.runs(*cols)) for cols in itertools.pairwise([*range(0, across.count, n_cols), across.count])
        ]
        bands = list(itertools.pairwise([*range(0, down.count, n_rows), down.count]))
        self.tiles = [_Tile(down, across, rows, cols, runs, unit) for rows in bands for cols, runs in strips]
        self.tallest = max(2, *(tile.reads[0][1] - tile.reads[0][0] for tile in self.tiles))
        self.widest = max(tile.width for tile in self.tiles)
        longest = max((run.last - run.first) * run.matrix.shape[0] for _, runs in strips for run in runs)
        self.longest = self.tallest * longest


def _across(x: Image, tile: _Tile, channels: int, out: Image, scratch: Image) -> None:
    """The pass across: each run of equal blocks is one product."""
    height, itemsize = x.shape[0], x.itemsize
    base, first = tile.reads[1][0], tile.cols[0]
    for run in tile.runs:
        depth, unit = run.matrix.shape
        begin = (run.sample - base) * channels
        place = out[:, (run.first - first) * unit : (run.last - first) * unit]
        count = run.last - run.first
        if count == 1:
            np.matmul(x[:, begin : begin + depth], run.matrix, out=place)
            continue
        blocks = scratch[: height * count * depth].reshape(height, count, depth)
        # The blocks overlap in x: a strided view names each value where it stands.
        strides = (x.strides[0], run.step * channels * itemsize, itemsize)
        np.copyto(blocks, as_strided(x[:, begin:], blocks.shape, strides, writeable=False))
        if place.shape[1] == out.shape[1] and out.flags.c_contiguous:
            np.matmul(blocks.reshape(-1, depth), run.matrix, out=out.reshape(-1, unit))
        else:
            np.matmul(blocks, run.matrix, out=place.reshape(height, count, unit))


def _down(middle: Image, tile: _Tile, down: Bands, across: Bands, channels: int, target: Image, cut: Image) -> None:
    """The pass down: one product for each block of rows, written in place where the window cuts nothing."""
    _, left, _, right = tile.outputs
    begin = left + across.lead - tile.cols[0] * across.size
    kept = slice(begin * channels, (begin + right - left) * channels)
    whole_cols = across.is_whole(*tile.cols)
    base = tile.reads[0][0]
    for b in range(*tile.rows):
        (top, bottom), matrix = down.outputs(b, b + 1), down.matrices[down.which[b]].T
        sample = int(down.samples[b]) - base
        lines = middle[sample : sample + matrix.shape[1]]
        place = target[top:bottom, left * channels : right * channels]
        if whole_cols and down.is_whole(b, b + 1):
            np.matmul(matrix, lines, out=place)
        else:
            made = np.matmul(matrix, lines, out=cut[:, : tile.width])
            skip = top + down.lead - b * down.size
            place[...] = made[skip : skip + bottom - top, kept]


def _patch_up(patch: Image, rows: AxisTable, cols: AxisTable, out: Image, window: Window, gather: GatherEngine) -> None:
    """Write NaN and infinities where a weight other than zero meets one; all other pixels keep their bits."""
    top, bottom = rows.reads(window.top, window.bottom)
    left, right = cols.reads(window.left, window.right)
    exact = np.empty_like(out)
    gather.separable(
        patch[top:bottom, left:right],
        rows.part(window.top, window.bottom, top, bottom - top),
        cols.part(window.left, window.right, left, right - left),
        exact,
        CancelToken(),
        (0, 0),
    )
    np.copyto(out, exact, where=~np.isfinite(exact))


def is_finite(x: Image) -> bool:
    """Whether a tile holds neither NaN nor infinity: its sum tells it fast, unless that overflows."""
    with np.errstate(all="ignore"):
        return bool(np.isfinite(x.sum())) or bool(np.isfinite(x).all())


def _write_back(flat: Image, out: Image) -> None:
    """Copy the result if ``out`` has strides that forbade to write into it through a flat view."""
    if not np.may_share_memory(flat, out):
        out[...] = flat.reshape(out.shape)
