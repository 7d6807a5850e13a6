"""An edge in numbers: how wide it is, and how far it shoots over; measured on a line, and for a method as such.

Source: the 10–90 width of a step, linear between samples, and the largest excess over the two levels; for a method the
step stands half-way between two input pixels, far from every border, and is divided by the method's gain.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import plane
from workbench.kernels.errors import WorkbenchError
from workbench.kernels.method import Method, SourceSpec

Values = npt.NDArray[np.float64]

_BENCHES = (64, 192)
"""Input pixels along the step; the second for rows that reach far."""
_ACROSS = 16
_UNEVEN = 0.1
"""Ripple of the flat parts, relative to the step, from which no width can be read."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A step in numbers.

    Parameters
    ----------
    rise : float
        From 10 to 90 % of the step, in the unit of the places.
    over, under : float
        Excess beyond the level after and before the step, as shares of the step; 0 where there is none.
    """

    rise: float
    over: float
    under: float


def edge_of(places: Values, values: Values, before: float, after: float) -> Edge | None:
    """The edge in a row of samples between two levels; None if it does not go from one to the other.

    Parameters
    ----------
    places, values : (n,) arrays
        Where the samples stand, rising, and what they are.
    before, after : float
        The levels at the two sides.
    """
    step = after - before
    if len(values) < 2 or step == 0 or not np.isfinite(values).all():
        return None
    share = (values - before) / step
    above = np.flatnonzero(share >= 0.9)
    if not above.size:
        return None
    high = int(above[0])
    below = np.flatnonzero(share[:high] <= 0.1)
    if not below.size:
        return None
    low = int(below[-1])
    ten, ninety = _crossing(places, share, low, 0.1), _crossing(places, share, high - 1, 0.9)
    return Edge(ninety - ten, max(float(share.max()) - 1.0, 0.0), max(0.0 - float(share.min()), 0.0))


@lru_cache(maxsize=256)
def edge_of_method(method: Method, axis: int) -> Edge | None:
    """What a method does to a step along an axis (0 down, 1 across), in output pixels; None where that says nothing.

    It says nothing where the method has no period, where flat parts do not stay flat, and for methods that need more
    than a picture.
    """
    for side in _BENCHES:
        shape = (side, _ACROSS) if axis == 0 else (_ACROSS, side)
        try:
            operator = method.operator(SourceSpec(shape))
        except WorkbenchError:
            return None
        period = operator.period[axis]
        if period is None:
            return None
        made = plane(operator.apply(np.where(np.indices(shape)[axis] < side // 2, 0.0, 1.0)))
        line = made.take(made.shape[1 - axis] // 2, axis=1 - axis)
        # The borders of the bench are no part of the method: a quarter at each end is left out.
        inner = line[len(line) // 4 : len(line) - len(line) // 4]
        cell = max(period[0], 1)
        if len(inner) < 4 * cell:
            return None
        first, last = inner[:cell], inner[-cell:]
        gain = float(last.mean() - first.mean())
        if gain == 0:
            return None
        ripple = max(float(np.ptp(first)), float(np.ptp(last))) / abs(gain)
        settled = abs(float(inner[cell : 2 * cell].mean()) - float(first.mean())) < 1e-6
        if settled or side == _BENCHES[-1]:
            if ripple > _UNEVEN:
                return None
            return edge_of(np.arange(len(inner), dtype=np.float64), inner, float(first.mean()), float(last.mean()))
    return None


def _crossing(places: Values, share: Values, index: int, level: float) -> float:
    """Where the straight line between a sample and the next one meets a level."""
    a, b = float(share[index]), float(share[index + 1])
    way = (level - a) / (b - a)
    return float(places[index] + way * (places[index + 1] - places[index]))
