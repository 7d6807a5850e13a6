"""The end of a method's weight scale: one for all pixels, so that the same weight always has the same colour."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Pixel
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.separable import Separable

_MOST_ROWS = 1024
_TINY = 256
_peaks: WeakKeyDictionary[LinearOperator, float] = WeakKeyDictionary()


def peak_weight(operator: LinearOperator) -> float:
    """The largest |w| over the phase rows of an operator, remembered; of a tiny one, over all its rows.

    Convention
        Rows of the interior: at a border, where weights are folded, a weight may be larger and takes the same colour.
        1 for an operator that is zero there.
    """
    if operator not in _peaks:
        _peaks[operator] = _measured(operator) or 1.0
    return _peaks[operator]


def _measured(operator: LinearOperator) -> float:
    tiny = operator.out_shape[0] * operator.out_shape[1] <= _TINY
    if isinstance(operator, Separable):
        # The largest of an outer product is the product of the largest.
        return _largest(operator.rows.weights, tiny) * _largest(operator.cols.weights, tiny)
    lines = [_asked(size, period, tiny) for size, period in zip(operator.out_shape, operator.period, strict=True)]
    places = [Pixel(i, j) for i in lines[0] for j in lines[1]]
    return max((float(np.abs(operator.row(*place).weights).max(initial=0.0)) for place in places), default=0.0)


def _largest(weights: npt.NDArray[np.float64], tiny: bool) -> float:
    """Of the interior rows of one axis."""
    margin = 0 if tiny else min(weights.shape[1] * 2, len(weights) // 4)
    return float(np.abs(weights[margin : len(weights) - margin]).max(initial=0.0))


def _asked(size: int, period: tuple[int, int] | None, tiny: bool) -> list[int]:
    """The rows of one axis to look at: a period in the middle, or a spread where there is none or it is long."""
    if tiny:
        return list(range(size))
    count = min(period[0], size) if period else size
    first = (size - count) // 2
    most = int(_MOST_ROWS**0.5)
    return sorted({first + round(k) for k in np.linspace(0, count - 1, min(count, most)).tolist()})
