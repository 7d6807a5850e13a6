"""The fast engine, where numba is installed: compiled loops that write each result once.

A loop is compiled when it is first wanted, some seconds once and some milliseconds with the cache on the disk; for a
window `choice` does so in the background. Pictures in float32 only; others are left to `BlasEngine`.

Every value is computed by the same operations in the same order wherever it stands in a window, so that its bits
depend on nothing but its inputs.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import as_strided

from workbench.kernels.arrays import Image, Window, channels_of
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines.base import Engine, Ints
from workbench.kernels.engines.blas import BlasEngine
from workbench.kernels.engines.compiled import LOOPS
from workbench.kernels.engines.copies import Copies, Packed
from workbench.kernels.engines.exact import patch_separable, patch_stencil
from workbench.kernels.engines.phases import WOVEN, LinePhases, StencilPhases, periods_of, repeating, repeats_of
from workbench.kernels.engines.scratch import Scratch
from workbench.kernels.engines.spreads import LANES, Spread, Stamp
from workbench.kernels.engines.tiles import INLINE, run_tiles
from workbench.kernels.tables import AxisTable, StencilJob

if TYPE_CHECKING:
    from workbench.kernels.pooling import PoolAxis

_FLOAT = np.dtype(np.float32)

_TILE = 1 << 20
"""Values of a tile: half a millisecond or so, in which a cancelled job ends."""

_LEAST = 4
"""Tiles of a picture worth of threads, so that they share it evenly."""

_RING = 1 << 15
"""Values of the ring: what a core's second cache holds beside the tables."""

_LONG = 1024
"""Blocks of a strip at most."""

_PAST = 1 << 22
"""Values from which results are written past the caches, which could not hold them anyway."""

_FEW = 3
"""Rows of a sum up to which that pays: with more it is worth more to read them once for several results."""

_SHARE = 16
"""Which part of a result is worth packing all of it."""

_ROOM = 64
"""Values that loops may read behind the end of their memory."""


class NumbaEngine(Engine):
    """Compiled loops for float32; `BlasEngine` for float64."""

    name = "numba"

    def __init__(self) -> None:
        self._blas = BlasEngine()

    def separable(
        self,
        patch: Image,
        rows: AxisTable,
        cols: AxisTable,
        out: Image,
        cancel: CancelToken,
        origin: tuple[int, int],
    ) -> None:
        if out.dtype != np.float32:
            self._blas.separable(patch, rows, cols, out, cancel, origin)
            return
        channels, taps = channels_of(patch), rows.taps
        if out.size >= _PAST:  # windows stay in the caches, where rows that are alike are written faster at once
            down, across = repeats_of(rows, origin[0]), repeats_of(cols, origin[1])
            if down and across and (across[0], channels) in WOVEN:
                table = repeating(down[0], across[0])
                self.stencil(StencilJob(table, patch, (down[1], across[1]), origin), out, cancel)
                return
        resample = LOOPS["resample"].make()
        whole, first, begin = cols.within
        plan, smooth = Spread.of(whole, channels), LinePhases.of(whole, channels)
        x, pitch = _flat(patch)
        target = out if _is_plain(out) else np.empty(out.shape, np.float32)
        y, pitch_out = _flat(target)
        starts = np.ascontiguousarray(rows.start, np.int64)
        weights = np.ascontiguousarray(rows.weights32).reshape(-1)
        left, right = first * channels, (first + cols.n_out) * channels
        guard = plan.hides or not weights.all()
        strip = max(LANES, min(_LONG, _RING // (LANES * taps)))
        size = LANES * min(strip, -(-right // LANES) - left // LANES)
        width, past = patch.shape[1] * channels, out.size >= _PAST and taps <= _FEW
        reach = 2 * (max(plan.furthest + 1, LANES) + (plan.taps - 1) * channels) + _ROOM

        def worker() -> Callable[[tuple[int, int]], None]:
            scratch = Scratch.here(_FLOAT)
            line, ring = scratch("line", width + reach), scratch("ring", taps * size + _ROOM)
            holds, places = np.empty((2, taps), np.int64)

            def do(tile: tuple[int, int]) -> None:
                finite = resample(
                    x, pitch, width, y, pitch_out, left, right, starts, weights, taps,
                    plan.begins, plan.which, plan.lanes, plan.weights, plan.taps, channels, begin * channels,
                    plan.furthest, guard, smooth.count, smooth.first, smooth.last, smooth.places, smooth.weights,
                    smooth.spans, line, ring, holds, places, strip, *tile,
                    past,
                )  # fmt: skip
                if not finite:
                    patch_separable(patch, rows, cols, target, tile, (0, cols.n_out))

            return do

        run_tiles(_bands(target), worker, out.size, cancel)
        if target is not out:
            out[...] = target

    def stencil(self, job: StencilJob, out: Image, cancel: CancelToken) -> None:
        if out.dtype != np.float32:
            self._blas.stencil(job, out, cancel)
            return
        plan = StencilPhases.of(job.table, channels_of(out))
        target = out if _is_plain(out) else np.empty(out.shape, np.float32)
        worker = _stamping(job, target) if plan is None else _weaving(plan, job, target)
        run_tiles(_bands(target), worker, out.size, cancel)
        if target is not out:
            out[...] = target

    def scatter(self, x: Image, sources: Ints, out: Image, targets: Ints) -> None:
        if out.dtype != np.float32 or x.dtype != np.float32:
            super().scatter(x, sources, out, targets)
            return
        (line, step), (place, apart) = _line(x), _line(out)
        LOOPS["scatter"].make()(line, step, sources, place, apart, targets)

    def select(self, x: Image, copies: Copies, window: Window, out: Image, cancel: CancelToken) -> bool:
        channels = channels_of(x)
        if channels not in copies.packed:
            if window.height * window.width * _SHARE < copies.shape[0] * copies.shape[1]:
                return False  # to pack all of it would take longer
            copies.packed[channels] = _packed(copies, x, channels)
        packed = copies.packed[channels]
        if packed is None or out.dtype != np.float32 or x.dtype != np.float32:
            return False
        loop, past, width = LOOPS["select"].make(), out.size >= _PAST, copies.shape[1]
        row, first = window.width * channels, (window.top * width + window.left) * channels
        given = (x.reshape(-1), packed.begins, packed.codes, out.reshape(-1))

        def do(tile: tuple[int, int]) -> None:
            top, bottom = tile
            if window.width == width:  # rows follow each other, as in the result
                loop(*given, top * row, first + top * row, first + bottom * row, past)
                return
            for p in range(top, bottom):
                begin = first + p * width * channels
                loop(*given, p * row, begin, begin + row, past)

        run_tiles(_bands(out), lambda: do, out.size, cancel)
        return True

    def pool(self, x: Image, axes: tuple[PoolAxis, PoolAxis], best: Image, where: Ints, cancel: CancelToken) -> None:
        if x.dtype != np.float32:
            super().pool(x, axes, best, where, cancel)
            return
        (line, pitch), (rows, cols) = _flat(x), axes
        loop, (values, places) = LOOPS["pool"].make(), (best.reshape(-1), where.reshape(-1))
        shape = (x.shape[0], x.shape[1], channels_of(x))
        steps = (rows.k, cols.k, rows.s, cols.s, rows.p, cols.p, rows.d, cols.d)
        begins = np.arange(cols.count) * cols.s - cols.p
        inner, outer = np.searchsorted(begins, (0, x.shape[1] - cols.d * (cols.k - 1)))
        begins = begins[inner:outer]  # of the windows that lie inside
        begins, channel = np.repeat(begins, shape[2]), np.tile(np.arange(shape[2]), len(begins))
        down, across = np.arange(rows.k)[:, None] * rows.d, np.arange(cols.k) * cols.d
        reads = (begins * shape[2] + channel, begins.astype(np.int32))
        taps = (down * pitch + across * shape[2]).reshape(-1), (down * x.shape[1] + across).reshape(-1).astype(np.int32)

        def do(tile: tuple[int, int]) -> None:
            loop(line, pitch, *shape, values, places, cols.count, *steps, inner, *reads, *taps, *tile)

        run_tiles(_bands(best), lambda: do, best.size, cancel)


def _packed(copies: Copies, x: Image, channels: int) -> Packed | None:
    """Copies in blocks of eight; None where one reads values too far from each other."""
    blocks = -(-copies.shape[0] * copies.shape[1] * channels // LANES)
    if not LANES <= x.size <= np.iinfo(np.int32).max or x.dtype != np.float32:
        return None
    pack, packed = LOOPS["pack"].make(), Packed(np.full(blocks, x.size - LANES, np.int32), np.zeros(blocks, np.int32))
    for begun in (False, True):
        for channel in range(channels):
            targets, sources = copies.planes[channel % len(copies.planes)]
            if not pack(targets, sources, channels, channel, packed.begins, packed.codes, begun):
                return None
    return packed


Worker = Callable[[], Callable[[tuple[int, int]], None]]


def _weaving(plan: StencilPhases, job: StencilJob, out: Image) -> Worker:
    """What does a tile of a stencil that reads every sample once."""
    loop, channels, patch = LOOPS["weave"].make(), channels_of(out), job.patch
    step = channels if plan.count > 1 else 1
    (x, pitch), (y, pitch_out) = _flat(patch), _flat(out)
    left, right = job.origin[1] * channels, (job.origin[1] + out.shape[1]) * channels
    block = periods_of(step) if (plan.count, step) in WOVEN else 0
    unit = plan.count * step
    periods = -(-right // unit) - left // unit
    strip = max(LANES, min(periods, _RING // (step * max(plan.height, plan.count))))
    before = plan.before + step  # a period more, for blocks that begin amid one
    length = strip * step + before + plan.after + _ROOM

    def worker() -> Callable[[tuple[int, int]], None]:
        scratch = Scratch.here(_FLOAT)
        ring = scratch("ring", plan.height * length)
        made = scratch("made", plan.count * ((block or strip) * step + _ROOM))
        holds, places = np.empty(2 * plan.height, np.int64), np.empty(max(1, len(plan.weights)), np.int64)
        spans = np.empty(2 * plan.count, np.int64)

        def do(tile: tuple[int, int]) -> None:
            finite = loop(
                x, pitch, patch.shape[0], patch.shape[1] * channels, job.patch_origin[0], y, pitch_out, left, right,
                job.origin[0], step, plan.rows_out, plan.rows_in, plan.count, plan.lines, plan.first_line,
                plan.term_line, plan.term_place, plan.first_term, plan.weights, plan.height, before,
                plan.after, job.patch_origin[1] * channels, block, ring, made, holds, places, spans, strip, *tile,
                out.size >= _PAST,
            )  # fmt: skip
            if not finite:
                patch_stencil(job, out, tile, (0, out.shape[1]))

        return do

    return worker


def _stamping(job: StencilJob, out: Image) -> Worker:
    """What does a tile of any other stencil."""
    loop, channels, patch = LOOPS["stamp"].make(), channels_of(out), job.patch
    plan = Stamp.of(job.table, channels)
    (x, pitch), (y, pitch_out) = _flat(patch), _flat(out)
    left, right = job.origin[1] * channels, (job.origin[1] + out.shape[1]) * channels
    begins, lanes = plan.places(left // LANES, -(-right // LANES))
    furthest = int(lanes.max())
    strip = max(4 * plan.patterns, min(_LONG, _RING // (LANES * plan.ranks * plan.height)))
    size = LANES * min(strip, -(-right // LANES) - left // LANES)
    length = int(begins.max() - begins.min()) + max(furthest + 1, LANES) + _ROOM

    def worker() -> Callable[[tuple[int, int]], None]:
        scratch = Scratch.here(_FLOAT)
        line, made = scratch("line", length), scratch("made", size)
        ring = scratch("ring", plan.height * plan.ranks * size)
        holds, places = np.empty(plan.height, np.int64), np.zeros(max(1, len(plan.dy)), np.int64)

        def do(tile: tuple[int, int]) -> None:
            finite = loop(
                x, pitch, patch.shape[0], patch.shape[1] * channels, job.patch_origin[0], y, pitch_out, left, right,
                job.origin[0], plan.rows_out, plan.rows_in, plan.dy, plan.rank, plan.weights, plan.phases,
                plan.patterns, begins, lanes, furthest, plan.ranks, job.patch_origin[1] * channels, strip,
                line, ring, made, holds, places, *tile,
            )  # fmt: skip
            if not finite:
                patch_stencil(job, out, tile, (0, out.shape[1]))

        return do

    return worker


def _line(values: Image) -> tuple[Image, int]:
    """All memory from the first to the last of values with a stride, and the stride."""
    step = values.strides[0] // values.itemsize
    return as_strided(values, ((len(values) - 1) * step + 1,), (values.itemsize,)), step


def _bands(out: Image) -> list[tuple[int, int]]:
    """Rows in tiles of even size."""
    height = out.shape[0]
    count = min(height, max(round(out.size / _TILE), _LEAST if out.size >= INLINE else 1))
    edges = [height * n // count for n in range(count + 1)]
    return list(itertools.pairwise(edges))


def _is_plain(image: Image) -> bool:
    """Whether the values of each row follow each other in memory, and rows come in order."""
    inner = image.itemsize
    for size, stride in zip(image.shape[:0:-1], image.strides[:0:-1]):
        if size > 1 and stride != inner:
            return False
        inner *= size
    pitch = image.strides[0]
    return image.shape[0] == 1 or (pitch >= inner and pitch % image.itemsize == 0)


def _flat(image: Image) -> tuple[Image, int]:
    """All memory from the first to the last value as one line, and the distance of two rows in it."""
    if not _is_plain(image) or image.dtype != np.float32:
        image = np.ascontiguousarray(image, np.float32)
    width = math.prod(image.shape[1:])
    pitch = image.strides[0] // image.itemsize if image.shape[0] > 1 else width
    size = pitch * (image.shape[0] - 1) + width
    return as_strided(image, (size,), (image.itemsize,)), pitch
