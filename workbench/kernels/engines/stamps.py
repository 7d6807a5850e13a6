"""The compiled loops of the `numba` engine for stencils; as in `loops`."""

from __future__ import annotations

import numpy as np
from numba import njit

from workbench.kernels.engines.lanes import get, load, picked, plus, put, store, times, wanted
from workbench.kernels.engines.loops import LINE, READ, SHORTS, WHOLE, WHOLES, YES
from workbench.kernels.engines.rows import JIT, LEAF, copied, extent, filled, taken, to_line
from workbench.kernels.engines.sums import lay, summed_wide
from workbench.kernels.engines.woven import woven

WEAVE = YES(
    READ, WHOLE, WHOLE, WHOLE, WHOLE, LINE, WHOLE, WHOLE, WHOLE, WHOLE, WHOLE, WHOLE, WHOLE, WHOLE, WHOLES, WHOLES,
    WHOLES, WHOLES, WHOLES, LINE, WHOLE, WHOLE, WHOLE, WHOLE, WHOLE, LINE, LINE, WHOLES, WHOLES, WHOLES, WHOLE, WHOLE,
    WHOLE, YES,
)  # fmt: skip


@njit(**JIT)
def weave(
    x, pitch, height_in, width_in, patch_top, out, pitch_out, left, right, origin, step, rows_out, rows_in, count,
    lines, first_line, term_line, term_place, first_term, weights, height, before, after, shift, block,
    ring, made, holds, places, spans, strip, top, bottom, past,
):  # fmt: skip
    """Output rows top … bottom − 1 of a stencil that reads every sample once; whether all that was read is finite.

    Parameters
    ----------
    x : (n,) float32
        ``height_in`` rows of ``width_in`` values from row ``patch_top`` and value ``shift`` on; zeros around them.
    out : (m,) float32
        Values left … right − 1 of the whole line in each row; row 0 is row ``origin`` of the whole.
    step : int
        Channels.
    rows_out, rows_in, count, lines, first_line, term_line, term_place, first_term, weights, height
        The stencil, as `StencilPhases`.
    before, after : int
        How many values before and behind its own a term reads.
    block : int
        Periods that are woven at once; 0 if there is no way to.
    ring, made, holds, places, spans
        Memory to work in: input rows with zeros around them, phases, two times ``height``, one for each term, and two
        for each phase of the columns.
    strip : int
        Periods in a strip.
    past : bool
        Whether to write past the caches.
    """
    unit, finite = count * step, True
    m_begin, m_end = left // unit, (right + unit - 1) // unit
    length, apart = len(ring) // height, len(made) // count
    for m0 in range(m_begin, m_end, strip):
        m1 = min(m0 + strip, m_end)
        # What the strip reads, and what of it there is.
        low, high = m0 * step - before, m1 * step + after
        inside, outside = max(low, shift), min(high, shift + width_in)
        for slot in range(height):
            holds[slot] = np.iinfo(np.int64).min
        begin, end = max(left, m0 * unit), min(right, m1 * unit)
        for p in range(top, bottom):
            turn, phase = (origin + p) // rows_out, (origin + p) % rows_out
            lines_of = first_line[phase]
            for n in range(first_line[phase + 1] - lines_of):
                row = turn * rows_in + lines[lines_of + n]
                slot = row % height
                holds[height + n] = slot * length
                if holds[slot] == row:
                    continue
                holds[slot] = row
                at = slot * length
                if row < patch_top or row >= patch_top + height_in or outside <= inside:
                    filled(ring, at, length, 0)
                    continue
                filled(ring, at, inside - low, 0)
                source = (row - patch_top) * pitch + inside - shift
                finite &= taken(ring, at + inside - low, x, source, outside - inside)
                filled(ring, at + outside - low, high - outside, 0)
            row, first = p * pitch_out - left, phase * count
            # A line that two rows share is read before it is written; by then it should be there.
            wanted(out, row + end)
            beyond, ahead, turned = past, 0, 0
            if past and block:
                # Whole lines of the cache are written at once: from which pixel on?
                ahead = (begin + step - 1) // step
                last = ahead + 16
                while ahead < last and to_line(out, row + ahead * step):
                    ahead += 1
                beyond, turned = ahead < last, ahead % count
                ahead //= count
            # Phases from there on, the first ones again from the period that follows.
            for f in range(count):
                turn = f + turned
                source = first + turn % count
                spans[2 * f], spans[2 * f + 1] = first_term[source], first_term[source + 1]
                for t in range(spans[2 * f], spans[2 * f + 1]):
                    places[t] = holds[height + term_line[t]] + term_place[t] + turn // count * step
            if block == 0:
                for f in range(count):
                    phased(
                        made, f * apart, (m1 - m0) * step, ring, places, spans[2 * f], spans[2 * f + 1], weights, before
                    )
                gathered(out, row, begin, end, made, apart, m0, count, step)
                continue
            row, near = row + turned * step, before - m0 * step
            value, stop = begin - turned * step, end - turned * step
            while value < stop:
                j = value // unit
                whole = value == j * unit and j >= ahead and j + block <= stop // unit
                # Less than a block, or what stands before the first whole line of the cache, goes by way of ``made``.
                target, at, last = (out, row, stop // unit) if whole else (made, -j * unit, j + block)
                k = woven(target, at, beyond and whole, ring, places, weights, spans, near, count, step, j, last)
                if not whole:
                    here = min(stop, (min(ahead, k) if j < ahead else k) * unit) - value
                    copied(out, row + value, made, value - j * unit, here, beyond)
                    value += here
                else:
                    value = k * unit
    return finite


@njit(**LEAF)
def phased(made, at, count, line, places, first, last, weights, origin):
    """Sums of one phase that is not woven, and up to 31 values more; zeros if there is nothing to add."""
    if first == last:
        filled(made, at, count, 0)
        return
    for i in range(0, count, 32):
        lay(made, at + i, 0, summed_wide(line, places, first, weights, first, last - first, origin + i), False)


@njit(**LEAF)
def gathered(out, row, begin, end, made, apart, m0, count, step):
    """Values of a row one by one out of the phases."""
    m, rest = begin // (count * step), begin % (count * step)
    f, c = rest // step, rest % step
    source = f * apart + (m - m0) * step + c
    for value in range(begin, end):
        put(out, row + value, get(made, source))
        source, c = source + 1, c + 1
        if c == step:
            source, c, f = source + apart - step, 0, f + 1
            if f == count:
                source, f = source + step - count * apart, 0


STAMP = YES(
    READ, WHOLE, WHOLE, WHOLE, WHOLE, LINE, WHOLE, WHOLE, WHOLE, WHOLE, WHOLE, WHOLE, WHOLES, WHOLES, LINE, WHOLES,
    WHOLE, WHOLES, SHORTS, WHOLE, WHOLE, WHOLE, WHOLE, LINE, LINE, LINE, WHOLES, WHOLES, WHOLE, WHOLE,
)  # fmt: skip


@njit(**LEAF)
def picks(line, begins, lanes, source, near, first, count, ring, at):
    """Spread a line without weights; blocks are counted from ``source`` in the plan."""
    for b in range(count):
        start, lane = get(begins, source + b) - first, 8 * (source + b)
        if near:
            store(ring, at + 8 * b, picked(line, start, lanes, lane))
        else:
            for n in range(8):
                put(ring, at + 8 * b + n, get(line, start + get(lanes, lane + n)))


@njit(**JIT)
def stamp(
    x, pitch, height_in, width_in, patch_top, out, pitch_out, left, right, origin, rows_out, rows_in, dy, rank, weights,
    phases, patterns, begins, lanes, furthest, ranks, shift, strip, line, ring, made, holds, places, top, bottom,
):  # fmt: skip
    """Output rows top … bottom − 1 of any stencil; returns whether all that was read is finite.

    Parameters
    ----------
    x, height_in, width_in, patch_top, shift, out, left, right, origin
        As for `weave`.
    dy, rank, weights, phases, patterns
        The terms of a `Stamp`, one phase of the rows after the other; phase φ has phases[φ] … phases[φ + 1] − 1.
    begins, lanes, furthest, ranks
        Its places, for the blocks of this window.
    strip : int
        Blocks in a strip.
    line, ring, made, holds, places
        Memory to work in: an input row, rows spread in every way, an output row, and one for each row and term.
    """
    begin_block, end_block = left // 8, (right + 7) // 8
    blocks = end_block - begin_block
    size, rows = len(made), len(holds)
    near, reach, finite = furthest < 8, max(furthest + 1, 8), True
    for first in range(begin_block, end_block, strip):
        last = min(first + strip, end_block)
        count, at_block = last - first, first - begin_block
        low, high = begins[at_block], begins[at_block]
        for j in range(ranks):
            lower, higher = extent(begins, j * blocks + at_block, j * blocks + at_block + count)
            low, high = min(low, lower), max(high, higher)
        inside, outside = max(low, shift), min(shift + width_in, high + reach)
        filled(line, 0, high - low + reach, 0)
        for slot in range(rows):
            holds[slot] = np.iinfo(np.int64).min
        begin, end = max(left, 8 * first), min(right, 8 * last)
        for p in range(top, bottom):
            m, phase = (origin + p) // rows_out, (origin + p) % rows_out
            base = phases[phase]
            terms = phases[phase + 1] - base
            for t in range(terms):
                row = m * rows_in + dy[base + t]
                slot = row % rows
                places[t] = (slot * ranks + rank[base + t]) * size
                if holds[slot] == row:
                    continue
                holds[slot] = row
                if row < patch_top or row >= patch_top + height_in or outside <= inside:
                    filled(ring, slot * ranks * size, ranks * size, 0)
                    continue
                source = (row - patch_top) * pitch + inside - shift
                finite &= taken(line, inside - low, x, source, outside - inside)
                for j in range(ranks):
                    picks(line, begins, lanes, j * blocks + at_block, near, low, count, ring, (slot * ranks + j) * size)
            if terms == 0:
                filled(made, 0, size, 0)
            for b in range(count if terms else 0):
                w = 8 * (base * patterns + (first + b) % patterns)
                total = times(load(weights, w), load(ring, get(places, 0) + 8 * b))
                for t in range(1, terms):
                    total = plus(total, load(weights, w + 8 * t * patterns), load(ring, get(places, t) + 8 * b))
                store(made, 8 * b, total)
            for i in range(begin, end):
                put(out, p * pitch_out + i - left, get(made, i - 8 * first))
    return finite
