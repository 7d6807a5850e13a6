"""The checkerboard meter: a grid of some period in any picture, found without a reference.

The trend t is a box of the period, twice (length 2L − 1: symmetric, and blind to the period and to ramps); what remains
is averaged by phase. Index = rms of the phases ÷ |mean of the picture|; z = the same rms against the scatter within the
phases. Blocks of JPEG answer at a period of 8.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import as_image
from workbench.kernels.cancel import CancelToken
from workbench.kernels.phases import phase_views

PERIODS = range(2, 9)
SURE, POSSIBLE, SMALLEST = 5.0, 3.0, 0.002
"""A grid is told from z ≥ 5 and index ≥ .002 on, a possible one from z ≥ 3."""
_NEAR_BEST = 0.99
_LUMINANCE = (0.2126, 0.7152, 0.0722)

_F64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Grid:
    """What the meter reads at one period.

    Parameters
    ----------
    period : int
    index : float
        Strength of the grid relative to the mean of the picture.
    z : float
        How far that is beyond chance.
    """

    period: int
    index: float
    z: float

    @property
    def found(self) -> bool:
        return self.z >= SURE and self.index >= SMALLEST

    @property
    def possible(self) -> bool:
        return self.z >= POSSIBLE


def luminance(image: npt.ArrayLike) -> _F64:
    """One plane: Rec. 709 weights of three colours, the first channel otherwise."""
    values = np.asarray(as_image(image), np.float64)
    if values.ndim == 2:
        return values
    return np.asarray(values[:, :, :3] @ _LUMINANCE if values.shape[2] >= 3 else values[:, :, 0])


def grid_of(picture: npt.ArrayLike, period: int) -> Grid | None:
    """The meter at one period; None where the picture is too small for it, not finite, or of mean 0."""
    from scipy.ndimage import correlate1d  # lazy: its import takes longer than a window

    y = luminance(picture)
    rows, cols = (((side - 2 * period) // period) * period for side in y.shape)
    mean = float(y.mean()) if y.size else 0.0
    if rows < 2 * period or cols < 2 * period or mean == 0 or not np.isfinite(y).all():
        return None
    box = np.full(period, 1.0)
    trend = np.convolve(box, box) / period**2
    smooth = correlate1d(correlate1d(y, trend, axis=0, mode="nearest"), trend, axis=1, mode="nearest")
    rest = (y - smooth)[period : period + rows, period : period + cols]
    cells = rows // period * (cols // period)
    folded, within = np.empty((period, period)), 0.0
    for phase, values in phase_views(rest, (period, period)):
        folded[phase] = values.mean()
        within += float(values.var())
    folded -= folded.mean()
    rms = float(np.sqrt(np.square(folded).mean()))
    scatter = math.sqrt(within / period**2) / math.sqrt(cells)
    z = math.inf if scatter == 0 and rms > 0 else 0.0 if rms == 0 else rms / scatter
    # Where nothing scatters, what rounding leaves is no grid.
    negligible = rms <= 1e-12 * abs(mean)
    return Grid(period, 0.0 if negligible else rms / abs(mean), 0.0 if negligible else z)


def checkerboard_in(picture: npt.ArrayLike, cancel: CancelToken | None = None) -> Grid | None:
    """The grid of a picture: of the periods 2 … 8 the smallest that reads nearly as much as the strongest.

    Only periods that are possible at all take part, if there are such; None for pictures that are too small.
    """
    read = []
    for period in PERIODS:
        if cancel is not None:
            cancel.check()
        found = grid_of(picture, period)
        if found is not None:
            read.append(found)
    if not read:
        return None
    sure = [one for one in read if one.possible] or read
    best = max(one.index for one in sure)
    return next(one for one in sure if one.index >= _NEAR_BEST * best)
