"""The compiled loops of the `numba` engine for separable operators: tables in, rows of pixels out.

All work is on lines of float32 with the channels interleaved, and on strips of columns that a core's cache holds.
A strip keeps the last few rows it spread across (the ring); each output row is a weighted sum of those.

Pictures come as one flat array each and the distance of two rows in it, so that a window of a larger picture needs
no copy. Imports numba; nothing is compiled before `numba.Loop` asks for it.
"""

from __future__ import annotations

from numba import njit, types

from workbench.kernels.engines.lanes import wanted
from workbench.kernels.engines.rows import JIT, across_apart, cleaned, down, extent, filled
from workbench.kernels.engines.sums import across, moved
from workbench.kernels.engines.woven import woven

WHOLE, YES = types.int64, types.boolean
READ = types.Array(types.float32, 1, "C", readonly=True)
LINE, WHOLES, SHORTS = types.float32[::1], types.int64[::1], types.int32[::1]

RESAMPLE = YES(
    READ, WHOLE, WHOLE, LINE, WHOLE, WHOLE, WHOLE, WHOLES, LINE, WHOLE, WHOLES, WHOLES, SHORTS, LINE, WHOLE, WHOLE,
    WHOLE, WHOLE, YES, WHOLE, WHOLE, WHOLE, WHOLES, LINE, WHOLES, LINE, LINE, WHOLES, WHOLES, WHOLE, WHOLE, WHOLE,
    YES,
)  # fmt: skip


@njit(**JIT)
def resample(
    x, pitch, width_in, out, pitch_out, left, right, starts, down_weights, taps_y, begins, which, lanes, weights, taps,
    step, shift, furthest, guard, period, first_period, last_period, phase_places, phase_weights, phase_spans,
    line, ring, holds, places, strip, top, bottom, past,
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
    period, first_period, last_period, phase_places, phase_weights, phase_spans
        Where the table of the columns repeats, as `LinePhases`.
    line, ring, holds, places
        Memory to work in: an input row and room around it, rows spread across, and two times ``taps_y``.
    strip : int
        Blocks in a strip.
    past : bool
        Whether to write past the caches: row by row, as several at once are slow there.
    """
    begin_block, end_block = left // 8, (right + 7) // 8
    size = 8 * min(strip, end_block - begin_block)
    near, unit, finite = furthest < 8, period * step, True
    reach = max(furthest + 1, 8) + (taps - 1) * step
    for first in range(begin_block, end_block, strip):
        last = min(first + strip, end_block)
        low, high = extent(begins, first, last)
        # Blocks at the window's edge may read what is not there, for values that nobody sees.
        low, high = low - shift, min(width_in, high - shift + reach)
        inside = max(0, low)
        count, back = high - inside, low + shift
        filled(line, 0, inside - low, 0)
        filled(line, high - low, reach + 32, 0)
        for k in range(taps_y):
            holds[k] = -1
        begin, end = max(left, 8 * first), min(right, 8 * last)
        # Whole periods of this strip, and the blocks around them.
        m0 = max(first_period, (8 * first + unit - 1) // unit)
        m1 = min(last_period, min(8 * last, right) // unit)
        here = (m0 * unit + 7) // 8 if m1 > m0 else last
        p = top
        while p < bottom:
            start = starts[p]
            rows = 1
            if p + 1 < bottom and starts[p + 1] == start and not past:
                rows = 2
                if p + 3 < bottom and starts[p + 3] == start:
                    rows = 4
            for k in range(taps_y):
                row = start + k
                slot = row % taps_y
                places[k] = slot * size + begin - 8 * first
                if holds[slot] == row:
                    continue
                holds[slot] = row
                if not moved(line, inside - low, x, row * pitch + inside, count) and guard:
                    finite = False
                    cleaned(line, inside - low, count)
                at = slot * size
                if not near:
                    across_apart(line, back, begins, which, lanes, weights, taps, step, first, last, ring, at)
                    continue
                m = woven(
                    ring, at - 8 * first, False, line, phase_places, phase_weights, phase_spans, -back, period, step,
                    m0, m1,
                )  # fmt: skip
                for b, until in ((first, here), (max(here, m * unit // 8), last)):
                    across(line, back, begins, which, lanes, weights, taps, step, b, until, ring, at + 8 * (b - first))
            at = p * pitch_out + begin - left
            if past:  # a line of the cache that two rows share is read before it is written
                wanted(out, at)
                wanted(out, at + end - begin)
            down(out, at, pitch_out, rows, end - begin, ring, places, down_weights, taps_y * p, taps_y, past)
            p += rows
    return finite
