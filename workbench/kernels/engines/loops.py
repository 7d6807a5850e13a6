"""The compiled loops of the `numba` engine: tables, spread to lanes, in; rows of pixels out.

All work is on lines of float32 with the channels interleaved, and on strips of columns that a core's cache holds.
A strip keeps the last few rows it spread across (the ring); each output row is a weighted sum of those.

Pictures come as one flat array each and the distance of two rows in it, so that a window of a larger picture needs
no copy. Imports numba, and compiles or reads from the disk while it is imported; imported only by `numba`.
"""

from __future__ import annotations

import numpy as np
from numba import njit, types

from workbench.kernels.engines.lanes import address, get, load, picked, plus, put, splat, store, stream, times

_JIT = {"nogil": True, "cache": True, "error_model": "numpy", "boundscheck": False}
_LEAF = {**_JIT, "forceinline": True}

_WHOLE, _YES = types.int64, types.boolean
_READ = types.Array(types.float32, 1, "C", readonly=True)
_LINE, _WHOLES, _SHORTS = types.float32[::1], types.int64[::1], types.int32[::1]


@njit(**_LEAF)
def extent(begins, first, last):
    """Lowest and highest begin of some blocks."""
    low, high = begins[first], begins[first]
    for b in range(first, last):
        low, high = min(low, begins[b]), max(high, begins[b])
    return low, high


@njit(**_LEAF)
def copied(line, at, x, begin, count):
    """Copy ``x[begin : begin + count]`` to ``line[at:]``, and say whether all of it is finite."""
    odd = False
    for i in range(count):
        value = get(x, begin + i)
        put(line, at + i, value)
        odd |= not abs(value) < np.inf
    return not odd


@njit(**_LEAF)
def cleaned(line, at, count):
    """Set what is not finite to 0."""
    for i in range(at, at + count):
        if not np.isfinite(line[i]):
            line[i] = 0


@njit(**_LEAF)
def across(line, shift, begins, which, lanes, weights, taps, step, first, last, ring, at):
    """Spread a line: a block is Σ_k weights[k] · line[begin + lanes + k · step]."""
    for b in range(first, last):
        start, kind = get(begins, b) - shift, get(which, b)
        lane, w = 8 * kind, 8 * taps * kind
        total = times(load(weights, w), picked(line, start, lanes, lane))
        for k in range(1, taps):
            total = plus(total, load(weights, w + 8 * k), picked(line, start + k * step, lanes, lane))
        store(ring, at + 8 * (b - first), total)


@njit(**_LEAF)
def across_apart(line, shift, begins, which, lanes, weights, taps, step, first, last, ring, at):
    """The same where neighbours read far from each other."""
    for b in range(first, last):
        begin, kind = get(begins, b) - shift, get(which, b)
        for n in range(8):
            start, w = begin + get(lanes, 8 * kind + n), 8 * taps * kind + n
            total = get(weights, w) * get(line, start)
            for k in range(1, taps):
                total = plus(total, get(weights, w + 8 * k), get(line, start + k * step))
            put(ring, at + 8 * (b - first) + n, total)


@njit(**_LEAF)
def combined(ring, places, weights, base, taps, i):
    """One number of an output row."""
    total = get(weights, base) * get(ring, get(places, 0) + i)
    for k in range(1, taps):
        total = plus(total, get(weights, base + k), get(ring, get(places, k) + i))
    return total


@njit(**_LEAF)
def written(out, at, values, past):
    """Store eight values, past the caches where the place allows it."""
    if past:
        stream(out, at, values)
    else:
        store(out, at, values)


@njit(**_LEAF)
def down(out, at, width, ring, places, weights, base, taps, past):
    """One output row: the weighted sum of rows of the ring."""
    i = 0
    if past:  # single numbers up to a multiple of 32 bytes
        head = min(width, (-(np.int64(address(out)) + 4 * at) % 32) // 4)
        while i < head:
            put(out, at + i, combined(ring, places, weights, base, taps, i))
            i += 1
    while i + 32 <= width:
        weight, r = splat(get(weights, base)), get(places, 0) + i
        a, b = times(weight, load(ring, r)), times(weight, load(ring, r + 8))
        c, d = times(weight, load(ring, r + 16)), times(weight, load(ring, r + 24))
        for k in range(1, taps):
            weight, r = splat(get(weights, base + k)), get(places, k) + i
            a, b = plus(a, weight, load(ring, r)), plus(b, weight, load(ring, r + 8))
            c, d = plus(c, weight, load(ring, r + 16)), plus(d, weight, load(ring, r + 24))
        written(out, at + i, a, past)
        written(out, at + i + 8, b, past)
        written(out, at + i + 16, c, past)
        written(out, at + i + 24, d, past)
        i += 32
    while i < width:
        put(out, at + i, combined(ring, places, weights, base, taps, i))
        i += 1


@njit(
    _YES(
        _READ, _WHOLE, _WHOLE, _LINE, _WHOLE, _WHOLE, _WHOLE, _WHOLES, _LINE, _WHOLE, _WHOLES, _WHOLES, _SHORTS, _LINE,
        _WHOLE, _WHOLE, _WHOLE, _WHOLE, _YES, _WHOLE, _WHOLE, _WHOLE, _YES,
    ),
    **_JIT,
)  # fmt: skip
def resample(
    x, pitch, width_in, out, pitch_out, left, right, starts, down_weights, taps_y, begins, which, lanes, weights,
    taps, step, shift, furthest, guard, strip, top, bottom, past,
):  # fmt: skip
    """Output rows top … bottom − 1 of ``A_v X A_hᵀ``; returns whether all that was read is finite.

    Parameters
    ----------
    x : (n,) float32
        Rows of ``width_in`` values, ``pitch`` apart; value 0 of a row is value ``shift`` of the whole line.
    out : (m,) float32
        Values left … right − 1 of the whole line in each row.
    starts, down_weights, taps_y
        The table of the rows.
    begins, which, lanes, weights, taps, step, furthest
        The table of the columns as a `Spread`, all of its blocks; a tap is ``step`` values from the next.
    guard : bool
        Whether what is not finite is read as 0.
    strip : int
        Blocks in a strip.
    past : bool
        Whether to write past the caches.
    """
    begin_block, end_block = left // 8, (right + 7) // 8
    size = 8 * min(strip, end_block - begin_block)
    near = furthest < 8
    reach = max(furthest + 1, 8) + (taps - 1) * step
    line = np.zeros(width_in + 2 * reach, np.float32)
    ring = np.zeros(taps_y * size, np.float32)
    holds, places = np.empty(taps_y, np.int64), np.empty(taps_y, np.int64)
    finite = True
    for first in range(begin_block, end_block, strip):
        last = min(first + strip, end_block)
        low, high = extent(begins, first, last)
        # Blocks at the window's edge may read what is not there, for values that nobody sees.
        low, high = low - shift, min(width_in, high - shift + reach)
        inside = max(0, low)
        holds[:] = -1
        begin, end = max(left, 8 * first), min(right, 8 * last)
        for p in range(top, bottom):
            for k in range(taps_y):
                row = starts[p] + k
                slot = row % taps_y
                places[k] = slot * size + begin - 8 * first
                if holds[slot] != row:
                    holds[slot] = row
                    good = copied(line, inside - low, x, row * pitch + inside, high - inside)
                    if guard and not good:
                        finite = False
                        cleaned(line, inside - low, high - inside)
                    at, back = slot * size, low + shift
                    # Numbers the compiler knows make loops without loops inside.
                    if not near:
                        across_apart(line, back, begins, which, lanes, weights, taps, step, first, last, ring, at)
                    elif taps == 1:
                        across(line, back, begins, which, lanes, weights, 1, step, first, last, ring, at)
                    elif taps == 2:
                        across(line, back, begins, which, lanes, weights, 2, step, first, last, ring, at)
                    elif taps == 4:
                        across(line, back, begins, which, lanes, weights, 4, step, first, last, ring, at)
                    elif taps == 8:
                        across(line, back, begins, which, lanes, weights, 8, step, first, last, ring, at)
                    else:
                        across(line, back, begins, which, lanes, weights, taps, step, first, last, ring, at)
            at = p * pitch_out + begin - left
            if taps_y == 1:
                down(out, at, end - begin, ring, places, down_weights, p, 1, past)
            elif taps_y == 2:
                down(out, at, end - begin, ring, places, down_weights, 2 * p, 2, past)
            elif taps_y == 4:
                down(out, at, end - begin, ring, places, down_weights, 4 * p, 4, past)
            elif taps_y == 8:
                down(out, at, end - begin, ring, places, down_weights, 8 * p, 8, past)
            else:
                down(out, at, end - begin, ring, places, down_weights, taps_y * p, taps_y, past)
    return finite


@njit(**_LEAF)
def picks(line, begins, lanes, source, near, first, count, ring, at):
    """Spread a line without weights; blocks are counted from ``source`` in the plan."""
    for b in range(count):
        start, lane = get(begins, source + b) - first, 8 * (source + b)
        if near:
            store(ring, at + 8 * b, picked(line, start, lanes, lane))
        else:
            for n in range(8):
                put(ring, at + 8 * b + n, get(line, start + get(lanes, lane + n)))


@njit(**_LEAF)
def stamped(made, count, first, ring, places, weights, base, terms, patterns):
    """Σ_t weights[t] · ring[places[t]] for ``count`` blocks, with weights that repeat after ``patterns`` blocks."""
    apart, start, b = 8 * patterns, 8 * base * patterns, 0
    while b + 4 <= count:
        w0, w1 = start + 8 * ((first + b) % patterns), start + 8 * ((first + b + 1) % patterns)
        w2, w3 = start + 8 * ((first + b + 2) % patterns), start + 8 * ((first + b + 3) % patterns)
        o = get(places, 0) + 8 * b
        a0, a1 = times(load(weights, w0), load(ring, o)), times(load(weights, w1), load(ring, o + 8))
        a2, a3 = times(load(weights, w2), load(ring, o + 16)), times(load(weights, w3), load(ring, o + 24))
        for t in range(1, terms):
            o, w = get(places, t) + 8 * b, t * apart
            a0 = plus(a0, load(weights, w0 + w), load(ring, o))
            a1 = plus(a1, load(weights, w1 + w), load(ring, o + 8))
            a2 = plus(a2, load(weights, w2 + w), load(ring, o + 16))
            a3 = plus(a3, load(weights, w3 + w), load(ring, o + 24))
        store(made, 8 * b, a0)
        store(made, 8 * b + 8, a1)
        store(made, 8 * b + 16, a2)
        store(made, 8 * b + 24, a3)
        b += 4
    while b < count:
        w = start + 8 * ((first + b) % patterns)
        total = times(load(weights, w), load(ring, get(places, 0) + 8 * b))
        for t in range(1, terms):
            total = plus(total, load(weights, w + t * apart), load(ring, get(places, t) + 8 * b))
        store(made, 8 * b, total)
        b += 1


@njit(
    _YES(
        _READ, _WHOLE, _WHOLE, _WHOLE, _WHOLE, _LINE, _WHOLE, _WHOLE, _WHOLE, _WHOLE, _WHOLE, _WHOLE, _WHOLES, _WHOLES,
        _LINE, _WHOLES, _WHOLE, _WHOLES, _SHORTS, _WHOLE, _WHOLE, _WHOLE, _WHOLE, _WHOLE, _WHOLE, _YES,
    ),
    **_JIT,
)  # fmt: skip
def stamp(
    x, pitch, height_in, width_in, patch_top, out, pitch_out, left, right, origin, rows_out, rows_in, dy, rank, weights,
    phases, patterns, begins, lanes, furthest, ranks, shift, strip, top, bottom, past,
):  # fmt: skip
    """Output rows top … bottom − 1 of a stencil; returns whether all that was read is finite.

    Parameters
    ----------
    x : (n,) float32
        ``height_in`` rows of ``width_in`` values from row ``patch_top`` and value ``shift`` on; zeros around them.
    out : (m,) float32
        Values left … right − 1 of the whole line in each row; row 0 is row ``origin`` of the whole.
    dy, rank, weights, phases, patterns
        The terms of a `Stamp`, one phase of the rows after the other; phase φ has phases[φ] … phases[φ + 1] − 1.
    begins, lanes, furthest, ranks
        Its places, for the blocks of this window.
    """
    begin_block, end_block = left // 8, (right + 7) // 8
    blocks = end_block - begin_block
    size = 8 * min(strip, blocks)
    near, reach, rows = furthest < 8, max(furthest + 1, 8), 1
    most = 1
    if len(dy):
        rows = dy.max() - dy.min() + 1
    for f in range(rows_out):
        most = max(most, phases[f + 1] - phases[f])
    ring, made = np.zeros(rows * ranks * size, np.float32), np.zeros(size, np.float32)
    holds, places = np.empty(rows, np.int64), np.zeros(most, np.int64)
    skip, one = np.zeros(1, np.int64), np.ones(1, np.float32)
    finite, nowhere = True, np.iinfo(np.int64).min
    for first in range(begin_block, end_block, strip):
        last = min(first + strip, end_block)
        count, at_block = last - first, first - begin_block
        low, high = begins[at_block], begins[at_block]
        for j in range(ranks):
            lower, higher = extent(begins, j * blocks + at_block, j * blocks + at_block + count)
            low, high = min(low, lower), max(high, higher)
        line = np.zeros(high - low + reach, np.float32)
        inside, outside = max(low, shift), min(shift + width_in, high + reach)
        holds[:] = nowhere
        begin, end = max(left, 8 * first), min(right, 8 * last)
        skip[0] = begin - 8 * first
        for p in range(top, bottom):
            m, phase = (origin + p) // rows_out, (origin + p) % rows_out
            terms = phases[phase + 1] - phases[phase]
            for t in range(terms):
                row = m * rows_in + dy[phases[phase] + t]
                slot = row % rows
                places[t] = (slot * ranks + rank[phases[phase] + t]) * size
                if holds[slot] == row:
                    continue
                holds[slot] = row
                if row < patch_top or row >= patch_top + height_in or outside <= inside:
                    ring[slot * ranks * size : (slot + 1) * ranks * size] = 0
                    continue
                source = (row - patch_top) * pitch + inside - shift
                if not copied(line, inside - low, x, source, outside - inside):
                    finite = False
                    cleaned(line, inside - low, outside - inside)
                for j in range(ranks):
                    picks(line, begins, lanes, j * blocks + at_block, near, low, count, ring, (slot * ranks + j) * size)
            if terms == 0:
                made[:] = 0
            elif patterns == 1 and terms == 4:
                stamped(made, count, first, ring, places, weights, phases[phase], 4, 1)
            elif patterns == 1:
                stamped(made, count, first, ring, places, weights, phases[phase], terms, 1)
            elif patterns == 3:
                stamped(made, count, first, ring, places, weights, phases[phase], terms, 3)
            else:
                stamped(made, count, first, ring, places, weights, phases[phase], terms, patterns)
            down(out, p * pitch_out + begin - left, end - begin, made, skip, one, 0, 1, past)
    return finite


_INDICES = types.Array(types.int64, 1, "C", readonly=True)


@njit(types.void(_READ, _WHOLE, _INDICES, _LINE, _WHOLE, _INDICES), **_JIT)
def scatter(x, step, sources, out, apart, targets):
    """``out[targets · apart] = x[sources · step]``."""
    for i in range(len(targets)):
        put(out, get(targets, i) * apart, get(x, get(sources, i) * step))
