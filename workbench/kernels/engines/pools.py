"""The compiled loops of the `numba` engine that copy and compare; as in `loops`."""

from __future__ import annotations

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from workbench.kernels.engines.lanes import (
    FLOATS,
    INT,
    INTS,
    LANES,
    LANES_TYPE,
    address,
    base_of,
    get,
    lane_of,
    permuted,
    place_of,
    put,
    spread,
    store,
    store_past,
)
from workbench.kernels.engines.loops import LINE, READ, SHORTS, WHOLE, WHOLES
from workbench.kernels.engines.rows import JIT, LEAF

INDICES = types.Array(types.int64, 1, "C", readonly=True)
SCATTER = types.void(READ, WHOLE, INDICES, LINE, WHOLE, INDICES)


@njit(**JIT)
def scatter(x, step, sources, out, apart, targets):
    """``out[targets · apart] = x[sources · step]``."""
    for i in range(len(targets)):
        put(out, get(targets, i) * apart, get(x, get(sources, i) * step))


PACK = types.boolean(INDICES, INDICES, WHOLE, WHOLE, SHORTS, SHORTS, types.boolean)


@njit(**JIT)
def pack(targets, sources, channels, channel, begins, codes, begun):
    """Find the begins of blocks, or with ``begun`` the codes, from one channel's copies; whether that was possible.

    ``begins`` hold, to begin with, the last place where eight values may be read.
    """
    for i in range(len(targets)):
        value, read = get(targets, i) * channels + channel, get(sources, i) * channels + channel
        block, lane = value >> 3, value & 7
        if not begun:
            put(begins, block, np.int32(min(get(begins, block), read)))
            continue
        apart = read - get(begins, block)
        if apart > 7:
            return False
        put(codes, block, np.int32(get(codes, block) | apart << 3 * lane | 1 << 24 + lane))
    return True


@intrinsic
def unpacked(typing, x, begins, codes, block):
    """The eight values of a block, zeros among them."""

    def build(context, builder, signature, arguments):
        x, begins, codes = (base_of(context, builder, signature.args[n], arguments[n]) for n in range(3))
        begin, code = (builder.load(builder.gep(line, [arguments[3]])) for line in (begins, codes))
        code = spread(builder, code)
        lanes = builder.lshr(code, ir.Constant(INTS, [3 * n for n in range(LANES)]))
        lanes = builder.and_(lanes, ir.Constant(INTS, [7] * LANES))
        values = permuted(builder, x, builder.sext(begin, arguments[3].type), lanes)
        bits = builder.and_(code, ir.Constant(INTS, [1 << 24 + n for n in range(LANES)]))
        there = builder.icmp_unsigned("!=", bits, ir.Constant(INTS, [0] * LANES))
        return builder.select(there, values, ir.Constant(FLOATS, [0.0] * LANES))

    return LANES_TYPE(x, begins, codes, types.intp), build


SELECT = types.void(READ, SHORTS, SHORTS, LINE, WHOLE, WHOLE, WHOLE, types.boolean)


@njit(**JIT)
def select(x, begins, codes, out, at, begin, end, past):
    """Write values begin … end − 1 of the whole result to ``out[at:]``, past the caches where memory allows it."""
    past = past and (np.int64(address(out)) + 4 * (at - begin)) & 15 == 0
    block = begin >> 3
    while 8 * block < end:
        values = unpacked(x, begins, codes, block)
        place = at + 8 * block - begin
        if 8 * block >= begin and 8 * block + 8 <= end:
            if past:
                store_past(out, place, values)
            else:
                store(out, place, values)
        else:
            for lane in range(8):
                if begin <= 8 * block + lane < end:
                    put(out, place + lane, lane_of(values, lane))
        block += 1


@intrinsic
def champions(typing, x, begin, reads, places, first, taps, tap_reads, tap_places, best, where, target, origin):
    """Eight maxima at once, and where each of them stood.

    Window n reads ``x[begin + reads[first + n] + tap_reads[t]]``, which has the flat index
    ``origin + places[first + n] + tap_places[t]``.
    """

    def build(context, builder, signature, arguments):
        bases = {
            n: base_of(context, builder, signature.args[n], arguments[n])
            for n, kind in enumerate(signature.args)
            if isinstance(kind, types.Array)
        }
        begin, first, taps, target, origin = (arguments[n] for n in (1, 4, 5, 10, 11))
        kind, wide = taps.type, ir.VectorType(ir.IntType(64), LANES)
        lanes = [ir.Constant(INT, n) for n in range(LANES)]
        starts = [
            builder.add(begin, builder.load(builder.gep(bases[2], [builder.add(first, kind(n))]))) for n in range(LANES)
        ]
        near = builder.load(place_of(builder, bases[3], first, INTS), align=4)

        def values(tap):
            offset, found = builder.load(builder.gep(bases[6], [tap])), ir.Constant(FLOATS, ir.Undefined)
            for lane, start in zip(lanes, starts, strict=True):
                value = builder.load(builder.gep(bases[0], [builder.add(start, offset)]))
                found = builder.insert_element(found, value, lane)
            return found

        held = cgutils.alloca_once_value(builder, values(kind(0)))
        stood = cgutils.alloca_once_value(builder, near)
        with cgutils.for_range_slice(builder, kind(1), taps, kind(1)) as (tap, _):
            found, before = values(tap), builder.load(held)
            above = builder.fcmp_ordered(">", found, before)
            better = builder.or_(above, builder.fcmp_unordered("uno", found, found))
            offset = builder.load(builder.gep(bases[7], [tap]))
            offsets = ir.Constant(INTS, ir.Undefined)
            for lane in lanes:
                offsets = builder.insert_element(offsets, offset, lane)
            builder.store(builder.select(better, found, before), held)
            builder.store(builder.select(better, builder.add(near, offsets), builder.load(stood)), stood)
        builder.store(builder.load(held), place_of(builder, bases[8], target), align=4)
        origins = ir.Constant(wide, ir.Undefined)
        for lane in lanes:
            origins = builder.insert_element(origins, origin, lane)
        indices = builder.add(builder.sext(builder.load(stood), wide), origins)
        builder.store(indices, place_of(builder, bases[9], target, wide), align=8)
        return context.get_dummy_value()

    whole = types.intp
    kinds = (x, whole, reads, places, whole, whole, tap_reads, tap_places, best, where, whole, whole)
    return types.void(*kinds), build


@njit(**LEAF)
def champion(x, pitch, channels, width, row, left, c, a0, a1, b0, b1, dy, dx, best, where, target):
    """One maximum, of taps a0 … a1 − 1 and b0 … b1 − 1 of its window; −1 if there are none."""
    held, place = np.float32(-np.inf), -1
    for a in range(a0, a1):
        for b in range(b0, b1):
            y, x_ = row + a * dy, left + b * dx
            value = get(x, y * pitch + x_ * channels + c)
            if value > held or value != value or place < 0:
                held, place = value, y * width + x_
    put(best, target, held)
    put(where, target, place)


POOL = types.void(
    READ, WHOLE, WHOLE, WHOLE, WHOLE, LINE, WHOLES, WHOLE, WHOLE, WHOLE, WHOLE, WHOLE, WHOLE, WHOLE, WHOLE, WHOLE,
    WHOLE, WHOLES, SHORTS, WHOLES, SHORTS, WHOLE, WHOLE,
)  # fmt: skip


@njit(**JIT)
def pool(
    x, pitch, height, width, channels, best, where, count, ky, kx, sy, sx, py, px, dy, dx,
    inner, reads, places, tap_reads, tap_places, top, bottom,
):  # fmt: skip
    """Rows top … bottom − 1 of the maxima of windows, and their flat indices in the plane; −1 for an empty window.

    Parameters
    ----------
    x : (n,) float32
        ``height`` rows of ``width`` · ``channels`` values, ``pitch`` apart.
    best, where : (rows · count · channels,) float32 and int64
        Of several equals the first wins, of several NaN the last.
    count : int
        Windows in a row.
    ky, kx, sy, sx, py, px, dy, dx
        Kernel, stride, padding and dilation per axis.
    inner : int
        Windows of a row up to the first that begins at or behind the image's edge and still meets it with every tap.
    reads, places, tap_reads, tap_places
        For `champions`: each value of a row from there on, while its window lies inside, and each tap.
    """
    for i in range(top, bottom):
        row = i * sy - py
        a0 = (dy - 1 - row) // dy if row < 0 else 0
        a1 = min(ky, (height - 1 - row) // dy + 1)
        done = 0
        if a0 == 0 and a1 == ky:
            target = (i * count + inner) * channels
            while done + 8 <= len(reads):
                champions(
                    x, row * pitch, reads, places, done, ky * kx, tap_reads, tap_places, best, where, target + done,
                    row * width,
                )  # fmt: skip
                done += 8
        for j in range(count):
            if inner * channels <= j * channels and (j + 1) * channels <= inner * channels + done:
                continue
            left = j * sx - px
            b0 = (dx - 1 - left) // dx if left < 0 else 0
            b1 = min(kx, (width - 1 - left) // dx + 1)
            for c in range(channels):
                target = (i * count + j) * channels + c
                champion(x, pitch, channels, width, row, left, c, a0, a1, b0, b1, dy, dx, best, where, target)
