"""Area resampling of one axis: every output covers a stretch of the input, and takes its mean.

Source: TensorFlow's and JAX' ``area`` and OpenCV's ``INTER_AREA`` when reducing (shares of pixels);
``torch.nn.functional.adaptive_avg_pool2d`` (whole pixels); ``INTER_AREA`` when enlarging (two taps of its own). When
reducing, OpenCV takes windows of 1/f pixels, the last of which may be cut, and leaves out shares below 1/1000.

Convention
    Output i covers [i/f, (i+1)/f], counted from the left edge of sample 0.
"""

from __future__ import annotations

from enum import Enum
from fractions import Fraction

import numpy as np

from workbench.kernels.coordinates import AxisMap
from workbench.kernels.tables import AxisTable, Floats, Ints, table_from_rows


class AreaRule(Enum):
    """What a pixel counts that an output covers in part."""

    OVERLAP = "overlap"
    ADAPTIVE = "adaptive"
    CV2 = "cv2"
    CV2_REDUCING = "cv2_reducing"


def area_table(axis: AxisMap, rule: AreaRule) -> AxisTable:
    """Weights of one axis, exact but for one division each.

    Parameters
    ----------
    axis : AxisMap
        Its sizes and factor; an area has no other grid.
    rule : AreaRule
        ``OVERLAP`` counts the share that is covered, ``ADAPTIVE`` every pixel that is touched, ``CV2`` blends the
        pixel under the output's left edge with its neighbour; ``CV2_REDUCING`` counts shares as OpenCV does.
    """
    if rule is AreaRule.CV2_REDUCING:
        return _opencv_windows(axis)
    # PyTorch's windows follow from the sizes, whatever the factor typed.
    step = Fraction(axis.n_in, axis.n_out) if rule is AreaRule.ADAPTIVE else 1 / axis.factor
    p, q = step.numerator, step.denominator
    small = p * (axis.n_out + 1) < 1 << 62 and q * (axis.n_in + 1) < 1 << 62
    i = np.arange(axis.n_out, dtype=np.int64 if small else object)
    first = np.minimum((i * p // q).astype(np.intp), axis.n_in - 1)
    if rule is AreaRule.CV2:
        index, weights = _blend(axis)
    else:
        last = np.minimum((-(-(i + 1) * p // q)).astype(np.intp), axis.n_in)
        index = first[:, None] + np.arange(max(1, int((last - first).max())))
        if rule is AreaRule.ADAPTIVE:
            shares = (index < last[:, None]).astype(np.float64)
        else:
            j = index.astype(i.dtype)
            covered = np.minimum(((i + 1) * p)[:, None], (j + 1) * q) - np.maximum((i * p)[:, None], j * q)
            shares = np.where(index < axis.n_in, np.maximum(covered, 0), 0).astype(np.float64)
        weights = shares / shares.sum(axis=1, keepdims=True)
    return table_from_rows(axis.n_in, index, weights, period=axis.period if axis.factor * step == 1 else None)


def _opencv_windows(axis: AxisMap) -> AxisTable:
    """OpenCV's windows, operation by operation in double: what falls below its threshold is not made up for."""
    n, scale = axis.n_in, 1 / float(axis.factor)
    begin = np.arange(axis.n_out) * scale
    end, width = begin + scale, np.minimum(scale, n - begin)
    last = np.minimum(np.floor(end), n - 1)
    first = np.minimum(np.ceil(begin), last)
    index = (first - 1)[:, None] + np.arange(int((last - first).max()) + 2)
    head = np.where(first - begin > _LEAST, first - begin, 0.0)
    rest = np.where(end - last > _LEAST, np.minimum(np.minimum(end - last, 1.0), width), 0.0)
    shares = ((index >= first[:, None]) & (index < last[:, None])).astype(np.float64)
    shares[:, 0] = head
    shares += np.where(index == last[:, None], rest[:, None], 0.0)
    exact = Fraction(scale) == 1 / axis.factor
    return table_from_rows(n, index.astype(np.intp), shares / width[:, None], period=axis.period if exact else None)


_LEAST = 1e-3
"""Shares of a pixel that OpenCV leaves out."""


def _blend(axis: AxisMap) -> tuple[Ints, Floats]:
    """OpenCV's two taps: g = (i+1) − (j+1)·f, what of the output lies beyond pixel j, without its whole part.

    On which side of a whole number a place falls is decided in double, and of g in single precision.
    """
    n, factor, i = axis.n_in, float(axis.factor), np.arange(axis.n_out)
    first = np.minimum(np.floor(i * (1 / factor)).astype(np.intp), n - 1)
    beyond = (i + 1) - (first + 1) * factor
    single = beyond.astype(np.float32)
    rest = np.where(single <= 0, 0.0, np.maximum(beyond - np.floor(single), 0.0))
    rest = np.where(first >= n - 1, 0.0, rest)
    return np.stack([first, np.minimum(first + 1, n - 1)], axis=1), np.stack([1 - rest, rest], axis=1)
