"""Max-pooling tap by tap, in bands of rows that a core's cache holds: whole lines are compared at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image
from workbench.kernels.cancel import CancelToken

if TYPE_CHECKING:
    from workbench.kernels.pooling import PoolAxis

Ints = npt.NDArray[np.intp]

_BAND = 1 << 15
"""Results of a band."""


def pool_by_taps(x: Image, axes: tuple[PoolAxis, PoolAxis], best: Image, where: Ints, cancel: CancelToken) -> None:
    """Write maxima and their places, as `Engine.pool` says."""
    rows, cols = axes
    planes = x if x.ndim == 3 else x[..., None]
    results: tuple[Image, Ints] = best.reshape(*best.shape[:2], -1), where.reshape(*where.shape[:2], -1)
    band = max(1, _BAND // cols.count)
    for top in range(0, rows.count, band):
        cancel.check()
        part = slice(top, min(top + band, rows.count))
        # Channel by channel: loops over three neighbours are mostly beginning and ending.
        for channel in range(planes.shape[2]):
            _pool_band(planes[..., channel], axes, part, results[0][part, :, channel], results[1][part, :, channel])


def _pool_band(x: Image, axes: tuple[PoolAxis, PoolAxis], part: slice, best: Image, where: Ints) -> None:
    """Some rows of one channel: first which tap wins, then where that is."""
    rows, cols = axes
    down = np.arange(part.start, part.stop) * rows.s - rows.p
    across = np.arange(cols.count) * cols.s - cols.p
    held = np.full(best.shape, -np.inf, x.dtype)
    winner = np.zeros(best.shape, np.min_scalar_type(rows.k * cols.k))  # counts from 1; 0 is none
    covered = False
    for tap in range(rows.k * cols.k):
        a, b = divmod(tap, cols.k)
        rows_to, rows_from = _met(down + a * rows.d, x.shape[0], rows.s)
        cols_to, cols_from = _met(across + b * cols.d, x.shape[1], cols.s)
        values, before, won = x[rows_from, cols_from], held[rows_to, cols_to], winner[rows_to, cols_to]
        number = winner.dtype.type(tap + 1)
        if tap == 0 and values.shape == held.shape:
            held[...], winner[...], covered = values, number, True
            continue
        better = values > before
        better |= np.isnan(values)
        if not covered:
            better |= won == 0
        # The last to win is the winner. Sums and choices without branches: which one wins nobody can foresee.
        before[...] = np.where(better, values, before)
        np.maximum(won, better * number, out=won)
    best[...] = held
    offsets = np.add.outer(np.arange(rows.k) * rows.d * x.shape[1], np.arange(cols.k) * cols.d).reshape(-1)
    np.add(np.append(0, offsets)[winner], down[:, None] * x.shape[1] + across, out=where)
    if not covered:
        where[winner == 0] = -1


def _met(places: Ints, size: int, stride: int) -> tuple[slice, slice]:
    """Which of some places, a stride apart, lie in a line of this size: their numbers, and the places themselves."""
    first, last = np.searchsorted(places, (0, size))
    if first == last:
        return slice(0, 0), slice(0, 0)
    return slice(first, last), slice(int(places[first]), int(places[last - 1]) + 1, stride)
