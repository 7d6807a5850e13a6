"""Rows of numbers, compiled: copied, spread across, summed. What the loops of the `numba` engine are made of.

Imports numba; imported only by the modules of loops.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from workbench.kernels.engines.lanes import KEEPS, address, get, load, plus, put, store, store_past
from workbench.kernels.engines.sums import (
    lay,
    lay_four,
    lay_pair,
    moved,
    summed_double,
    summed_four,
    summed_pair,
    summed_wide,
)

JIT = {"nogil": True, "cache": KEEPS, "error_model": "numpy", "boundscheck": False}
LEAF = {**JIT, "forceinline": True}


@njit(**LEAF)
def extent(begins, first, last):
    """Lowest and highest begin of some blocks."""
    low, high = begins[first], begins[first]
    for b in range(first, last):
        low, high = min(low, begins[b]), max(high, begins[b])
    return low, high


@njit(**LEAF)
def filled(line, at, count, value):
    """Set neighbours to one number."""
    for i in range(count):
        put(line, at + i, value)


@njit(**LEAF)
def to_line(out, at):
    """How many values from a place on to the next line of the cache."""
    return (-(np.int64(address(out)) + 4 * at) & 63) // 4


@njit(**LEAF)
def copied(out, at, source, begin, count, past):
    """Copy neighbours; whole lines of the cache past it if so wished, parts of lines never, as they are slow there."""
    i = 0
    if past:
        i = min(count, to_line(out, at))
        for n in range(i):
            put(out, at + n, get(source, begin + n))
        while i + 16 <= count:
            store_past(out, at + i, load(source, begin + i))
            store_past(out, at + i + 8, load(source, begin + i + 8))
            i += 16
    else:
        while i + 8 <= count:
            store(out, at + i, load(source, begin + i))
            i += 8
    for n in range(i, count):
        put(out, at + n, get(source, begin + n))


@njit(**LEAF)
def taken(line, at, x, begin, count):
    """Copy ``x[begin : begin + count]`` to ``line[at:]`` with 0 for what is not finite; whether all of it was."""
    finite = moved(line, at, x, begin, count)
    if not finite:
        cleaned(line, at, count)
    return finite


@njit(**LEAF)
def cleaned(line, at, count):
    """Set to 0 what is not finite."""
    for i in range(at, at + count):
        if not np.isfinite(get(line, i)):
            put(line, i, np.float32(0))


@njit(**LEAF)
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


@njit(**LEAF)
def combined(out, at, line, places, first, weights, base, terms, begin, end):
    """Some numbers of a sum, one by one."""
    for i in range(begin, end):
        total = get(weights, base) * get(line, get(places, first) + i)
        for t in range(1, terms):
            total = plus(total, get(weights, base + t), get(line, get(places, first + t) + i))
        put(out, at + i, total)


@njit(**LEAF)
def down(out, at, pitch, rows, width, ring, places, weights, base, taps, past):
    """One, two or four neighbouring output rows: weighted sums of the same rows of the ring.

    A single row may go past the caches, from where a line of them begins.
    """
    begin = i = min(width, to_line(out, at)) if past else 0
    if rows == 4:
        while i + 16 <= width:
            lay_four(out, at + i, pitch, summed_four(ring, places, 0, weights, base, taps, i), False)
            i += 16
    elif rows == 2:
        while i + 32 <= width:
            lay_pair(out, at + i, pitch, summed_pair(ring, places, 0, weights, base, taps, i), False)
            i += 32
    for row in range(rows):
        place, first, j = at + row * pitch, base + row * taps, i
        while j + 32 <= width:
            lay(out, place + j, 0, summed_wide(ring, places, 0, weights, first, taps, j), past)
            j += 32
        while j + 16 <= width:
            lay(out, place + j, 0, summed_double(ring, places, 0, weights, first, taps, j), past)
            j += 16
        for left, right in ((0, begin), (j, width)):
            combined(out, place, ring, places, 0, weights, first, taps, left, right)
