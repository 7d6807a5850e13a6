"""Charts as functions of a continuous place: what a perfect enlargement of them would show.

Convention
    World coordinates of the drawn chart: pixel m covers [m, m + 1], so its centre is at m + ½. Where a chart is drawn
    from samples of a function, the function meets every sample; where its pixels are shares of an area (the slanted
    edge), the function is the edge itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Shape
from workbench.kernels.patterns import EDGE_ANGLE, checker_side, star_cycles

Values = npt.NDArray[np.float64]
Ideal = Callable[[Values, Values], Values]
"""(y, x) → value; NaN where the chart says nothing."""


def ideal_of(chart: str, shape: Shape) -> Ideal | None:
    """The function behind a chart of this shape; None for those that have none: noise, text, a single pixel."""
    height, width = shape
    middle_y, middle_x = height / 2, width / 2

    def step(y: Values, x: Values) -> Values:
        return np.where(x > width // 2, 1.0, 0.0)

    def ramp(y: Values, x: Values) -> Values:
        place = (x - 0.5) / max(width - 1, 1)
        return np.where((place >= 0) & (place <= 1), place, np.nan)

    def zone_plate(y: Values, x: Values) -> Values:
        squares = (y - middle_y) ** 2 + (x - middle_x) ** 2
        return np.asarray(0.5 + 0.5 * np.cos(np.pi * squares / max(height, width)))

    def slanted_edge(y: Values, x: Values) -> Values:
        edge = middle_x - math.tan(math.radians(EDGE_ANGLE)) * (y - middle_y)
        return np.where(x > edge, 1.0, 0.0)

    def star(y: Values, x: Values) -> Values:
        rows, cols, cycles = y - middle_y, x - middle_x, star_cycles(height, width)
        spokes = 0.5 + 0.5 * np.cos(cycles * np.arctan2(rows, cols))
        return np.where(np.hypot(rows, cols) * np.pi > cycles, spokes, 0.5)

    def checkerboard(y: Values, x: Values) -> Values:
        side = checker_side(height, width)
        return np.asarray((np.floor(y / side) + np.floor(x / side)) % 2)

    known: dict[str, Ideal] = {
        "step": step,
        "ramp": ramp,
        "zone_plate": zone_plate,
        "slanted_edge": slanted_edge,
        "star": star,
        "checkerboard": checkerboard,
    }
    return known.get(chart)
