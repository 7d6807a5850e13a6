"""Matrix products that give a value the same bits wherever it stands: what tiles and windows rest on.

A BLAS is free to sum in any order, and some do so by the place of a value in the result: OpenBLAS' single-precision
kernels for AVX2 run backwards through half of the rows. Its double-precision kernels do not, if only whole units of
rows and columns are asked for, and they sum along the inner dimension in order, so that zeros before and after
change nothing. Hence all products here run in float64, and a float32 picture is rounded once, at the end: the
result is the nearest float32 to the exact sum, but for one case in hundreds of millions.
"""

from __future__ import annotations

from functools import cache

import numpy as np

UNIT = 4
"""Rows and columns of every product are multiples of this; a BLAS treats odd rests in another way."""

DEEPEST = 240
"""Longest inner dimension: beyond, a BLAS sums in parts, which begin where the matrix does and not its weights."""


def whole(count: int) -> int:
    """The next multiple of `UNIT`."""
    return -(-count // UNIT) * UNIT


@cache
def are_steady() -> bool:
    """Whether this machine's BLAS keeps the promise, tried once on products of many shapes."""
    rng = np.random.default_rng(1)
    for taps in (2, 7, 18):
        left, right = rng.standard_normal((2, taps))
        found: set[float] = set()
        for depth, rows, cols in ((taps, 4, 4), (taps + 5, 12, 24), (64, 36, 8), (DEEPEST, 100, 16), (40, 8, 1020)):
            for begin in {0, (depth - taps) // 2, depth - taps}:
                a, b = np.ones((rows, depth)), np.zeros((depth, cols))
                a[:, begin : begin + taps] = left
                b[begin : begin + taps] = right[:, None]
                found.update(np.unique(a @ b).tolist())
        if len(found) > 1:
            return False
    return True
