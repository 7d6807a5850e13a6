"""Banded products of matrices: across the rows first, then down the columns, tile by tile.

A band is cut into small dense blocks (`bands`). Tiles lie in the same places for every window and are computed whole.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import as_strided

from workbench.kernels.arrays import Image, channels_of
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines.bands import Axis, Floats, Run, Strip, is_periodic
from workbench.kernels.engines.exact import is_finite, patch_separable
from workbench.kernels.engines.scratch import Scratch
from workbench.kernels.engines.tiles import as_lines, run_tiles, write_back
from workbench.kernels.tables import AxisTable

_WIDE, _TALL = (2048, 128), (2048, 256)
"""Values and rows of a tile between the passes: many rows, because to call for a product is dear, the more so where
each block has a matrix of its own. A window computes all of the tiles that it cuts, so they are not wider."""


class Banded:
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
        few = 32 if self.channels == 1 else 16
        self.across = Axis.of(whole_cols, self.channels, width // self.channels, out.dtype, few)

    def run(self, cancel: CancelToken) -> None:
        height, width = self.out.shape[:2]
        across = self.across.strips(self.left, self.left + width)
        tiles = [(down, each) for down in self.down.strips(self.top, self.top + height) for each in across]
        run_tiles(tiles, lambda: _Bench(self).do, self.out.size, cancel)
        write_back(self.target, self.out)


class _Bench:
    """The scratch memory of one thread, and the work on one tile."""

    def __init__(self, work: Banded) -> None:
        self.work = work
        self.scratch = Scratch.here(work.out.dtype)

    def do(self, tile: tuple[Strip, Strip]) -> None:
        down, across = tile
        work, c = self.work, self.work.channels
        x = self._filled(down, across)
        middle = self.scratch("middle", len(x), across.count * across.size * c)
        with np.errstate(all="ignore"):
            self._across(x, across, middle)
            exact = is_finite(middle)  # no number is hidden: each meets a weight somewhere, be it 0
            if not exact:
                self._across(np.where(np.isfinite(x), x, x.dtype.type(0)), across, middle)
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
        known = work.source[slice(*rows), cols[0] * c : cols[1] * c]
        if (rows[1] - rows[0], cols[1] - cols[0]) == shape and _is_plain(known):
            return known
        x = self.scratch("source", shape[0], shape[1] * c)
        x[...] = 0
        np.copyto(x[rows[0] - top : rows[1] - top, (cols[0] - left) * c : (cols[1] - left) * c], known)
        return x

    def _across(self, x: Floats, across: Strip, middle: Floats) -> None:
        unit = across.size * self.work.channels
        for run in across.runs:
            self._product(x, run, middle[:, run.first * unit : run.last * unit])

    def _product(self, x: Floats, run: Run, place: Floats) -> None:
        """One product for a run of equal blocks."""
        c, (depth, unit), count = self.work.channels, run.matrix.shape, run.last - run.first
        begin = run.sample * c
        if count == 1:
            np.matmul(x[:, begin : begin + depth], run.matrix, out=place)
            return
        blocks = self.scratch("blocks", len(x) * count, depth)
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
                made = np.matmul(matrix.T, lines, out=self.scratch("made", down.size, middle.shape[1]))
                np.copyto(place, made[first - top : last - top, begin - left : end - left])


def _is_plain(lines: Floats) -> bool:
    """Whether a BLAS can read them where they are."""
    return lines.strides[1] == lines.itemsize and lines.strides[0] >= lines.shape[1] * lines.itemsize
