"""The smallest and largest source behind every output pixel: what a value may be without ringing.

Source: the support of row (i, j) of A, the inputs with a weight other than zero. Of products of two axes it is a set of
rows times a set of columns, and the extremes follow axis by axis; of kernels that repeat, one pattern for each phase.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Window, channels_of, plane
from workbench.kernels.cancel import CancelToken
from workbench.kernels.operators.base import LinearOperator, TapFlag
from workbench.kernels.operators.prefiltered import Prefiltered
from workbench.kernels.operators.spectral import Spectral

Ints = npt.NDArray[np.intp]
Ends = tuple[Image, Image]
_ASK = 256
"""Pixels between two looks at the cancel token."""


def source_extremes(operator: LinearOperator, x: Image, window: Window, cancel: CancelToken | None = None) -> Ends:
    """Minimum and maximum over the sources of each output pixel of a window.

    Parameters
    ----------
    operator : LinearOperator
    x : (h, w) or (h, w, c)
        Its input.
    window : Window
        Output pixels, inside the output.

    Returns
    -------
    (low, high)
        Arrays of the window's shape, with the channels of the output; NaN where a pixel has no source at all.
    """
    cancel = cancel or CancelToken()
    lines = None if operator.mixes or operator.channels is not None else _product_lines(operator, window)
    if lines is not None:
        return _of_product(x, *lines, cancel)
    depth = operator.depth(x)
    low, high = np.full(window.shape + depth, np.nan, x.dtype), np.full(window.shape + depth, np.nan, x.dtype)
    done = _of_patterns(operator, x, window, low, high, cancel) if not operator.mixes else np.zeros(window.shape, bool)
    _one_by_one(operator, x, window, ~done, low, high, cancel)
    return low, high


# ---- products of two axes ------------------------------------------------------------------------------------------


def _product_lines(operator: LinearOperator, window: Window) -> tuple[list[Ints], list[Ints]] | None:
    """For each row and each column of the window its sources along that axis; None if the operator is no product."""
    axes = operator.axes()
    if axes is not None:
        rows, cols = axes
        return (
            [rows.row(i)[0] for i in range(window.top, window.bottom)],
            [cols.row(j)[0] for j in range(window.left, window.right)],
        )
    if isinstance(operator, Prefiltered | Spectral):
        down = [np.unique(operator.row(i, window.left).rows) for i in range(window.top, window.bottom)]
        across = [np.unique(operator.row(window.top, j).cols) for j in range(window.left, window.right)]
        return down, across
    return None


def _of_product(x: Image, rows: Sequence[Ints], cols: Sequence[Ints], cancel: CancelToken) -> Ends:
    found = []
    first = min((int(line[0]) for line in cols if len(line)), default=0)
    last = max((int(line[-1]) + 1 for line in cols if len(line)), default=1)
    part = x[:, first:last]
    for reduce in (np.min, np.max):
        down = np.full((len(rows), *part.shape[1:]), np.nan, x.dtype)
        _reduced(part, rows, 0, reduce, down, cancel)
        # Columns become the first axis, so that what is reduced lies together.
        turned = np.ascontiguousarray(down.swapaxes(0, 1))
        across = np.full((len(cols), *turned.shape[1:]), np.nan, x.dtype)
        _reduced(turned, cols, first, reduce, across, cancel)
        found.append(np.ascontiguousarray(across.swapaxes(0, 1)))
    return found[0], found[1]


def _reduced(values: Image, lines: Sequence[Ints], begin: int, reduce: object, out: Image, cancel: CancelToken) -> None:
    """For each line its reduction over the first axis; lines with the sources of their predecessor cost nothing."""
    assert callable(reduce)
    before: Ints | None = None
    for k, line in enumerate(lines):
        if k % _ASK == 0:
            cancel.check()
        if not len(line):
            continue
        if before is not None and np.array_equal(line, before):
            out[k] = out[k - 1]
            continue
        before = line
        first, last = int(line[0]) - begin, int(line[-1]) + 1 - begin
        together = last - first == len(line)
        out[k] = reduce(values[first:last] if together else values[line - begin], axis=0)


# ---- kernels that repeat -------------------------------------------------------------------------------------------


def _of_patterns(
    operator: LinearOperator, x: Image, window: Window, low: Image, high: Image, cancel: CancelToken
) -> npt.NDArray[np.bool_]:
    """Fill in all pixels whose row is that of one in the middle, moved along; returns which those are."""
    done = np.zeros(window.shape, bool)
    down, across = operator.period
    if down is None or across is None:
        return done
    for p in range(down[0]):
        for q in range(across[0]):
            cancel.check()
            for channel in range(operator.channels or 1):
                _of_pattern(operator, x, window, (p, q), channel, low, high, done)
    return done


def _of_pattern(
    operator: LinearOperator,
    x: Image,
    window: Window,
    phase: tuple[int, int],
    channel: int,
    low: Image,
    high: Image,
    done: npt.NDArray[np.bool_],
) -> None:
    """One phase: its sources in the middle of the image, seen from every pixel of the window with this phase."""
    periods = [period or (1, 1) for period in operator.period]
    middle = [phase[k] + (operator.out_shape[k] // 2 // periods[k][0]) * periods[k][0] for k in (0, 1)]
    middle = [m if m < operator.out_shape[k] else m - periods[k][0] for k, m in enumerate(middle)]
    if min(middle) < 0:
        return
    taps = operator.taps(middle[0], middle[1], channel)
    inside = (taps.rows == taps.real_rows) & (taps.cols == taps.real_cols)
    if not all(ok or flag is TapFlag.ZERO for ok, flag in zip(inside, taps.flags, strict=True)):
        return  # even in the middle a border is met: too small for a pattern
    used = inside & (taps.weights != 0) & np.array([flag is TapFlag.USED for flag in taps.flags], bool)
    # Taps of no weight count for where the pattern is whole: near a border they may be folded onto others.
    reach = (taps.rows, taps.cols)
    starts, counts, moves = [], [], []
    for k, (begin, end) in enumerate(((window.top, window.bottom), (window.left, window.right))):
        step, shift = periods[k]
        fewest, most = -(-(begin - middle[k]) // step), (end - 1 - middle[k]) // step
        if reach[k].size:  # from the middle by m periods all taps stay inside 0 … n − 1
            fewest = max(fewest, -(int(reach[k].min()) // shift))
            most = min(most, (operator.in_shape[k] - 1 - int(reach[k].max())) // shift)
        starts.append(middle[k] + fewest * step - begin)
        counts.append(most - fewest + 1)
        moves.append(fewest * shift)
    if min(counts) <= 0:
        return
    target = tuple(slice(starts[k], starts[k] + (counts[k] - 1) * periods[k][0] + 1, periods[k][0]) for k in (0, 1))
    done[target] = True
    if not used.any():
        return
    seen = x if operator.channels is None else plane(x, channel)
    ends: list[Image | None] = [None, None]
    for row, col in zip(taps.rows[used], taps.cols[used], strict=True):
        top, left = int(row) + moves[0], int(col) + moves[1]
        values = seen[
            top : top + (counts[0] - 1) * periods[0][1] + 1 : periods[0][1],
            left : left + (counts[1] - 1) * periods[1][1] + 1 : periods[1][1],
        ]
        ends = [values if end is None else pick(end, values) for end, pick in zip(ends, (np.minimum, np.maximum))]
    for out, made in zip((low, high), ends, strict=True):
        wanted = out[target] if operator.channels is None or out.ndim == 2 else out[target][:, :, channel]
        wanted[...] = made


# ---- anything else -------------------------------------------------------------------------------------------------


def _one_by_one(
    operator: LinearOperator,
    x: Image,
    window: Window,
    wanted: npt.NDArray[np.bool_],
    low: Image,
    high: Image,
    cancel: CancelToken,
) -> None:
    """Ask for the row of every pixel that is still missing."""
    alike = operator.channels is None and not operator.mixes
    places = np.argwhere(wanted)
    for k, (i, j) in enumerate(places):
        if k % _ASK == 0:
            cancel.check()
            cancel.progress(k / len(places))
        for channel in range(1 if alike else channels_of(low)):
            row = operator.row(window.top + int(i), window.left + int(j), channel)
            if not len(row):
                continue
            if alike:
                values = x[row.rows, row.cols]
                low[i, j], high[i, j] = values.min(axis=0), values.max(axis=0)
            else:
                own = row.values(x, channel)
                place = (i, j) if low.ndim == 2 else (i, j, channel)
                low[place], high[place] = own.min(), own.max()
