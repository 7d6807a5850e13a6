"""What the numbers in a region are: per channel, and per phase of the method that made them.

Everything is exact: each value is read once, nothing is sampled, and what is not finite is counted apart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Shape, Window, plane
from workbench.kernels.cancel import CancelToken
from workbench.kernels.phases import PhaseTable, moments, phase_table, whole_cells
from workbench.model.rasters import Raster

PERCENTILES = (1.0, 5.0, 25.0, 50.0, 75.0, 95.0, 99.0)
MOST_PHASES = 64
"""Rows or columns of a period: of a longer one no table can be read."""
LARGEST_READ = 16_000_000
"""Values of a region that are computed for it where the output is not in memory."""
NO_PIXELS = "no pixel has its centre in the region"


@dataclass(frozen=True, slots=True, eq=False)
class ChannelStatistics:
    """The numbers of one channel.

    Parameters
    ----------
    count, unfinite : int
        Finite values, and the others: NaN and infinities.
    low, high, mean, std : float
        Of the finite values; the deviation is that of the population. NaN where there are none.
    percentiles : tuple of float
        At `PERCENTILES`, linear between values.
    outside : float
        Share of the finite values beyond the nominal range, 0 … 1.
    phases : PhaseTable, optional
        None where the method has no period, or a very long one.
    """

    count: int
    unfinite: int
    low: float
    high: float
    mean: float
    std: float
    percentiles: tuple[float, ...]
    outside: float
    phases: PhaseTable | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """The numbers of one picture in one window.

    Parameters
    ----------
    window : Window
    channels : tuple of ChannelStatistics
    period : (int, int), optional
        P of the phases, output pixels down and across.
    whole_cells : bool
        Whether every phase stands in the window equally often; else their overall mean favours some.
    """

    window: Window
    channels: tuple[ChannelStatistics, ...]
    period: Shape | None
    whole_cells: bool


def statistics_of(
    raster: Raster,
    window: Window,
    nominal: tuple[float, float] = (0.0, 1.0),
    period: Shape | None = None,
    cancel: CancelToken | None = None,
) -> Statistics | str:
    """The statistics of a window of a picture, or a sentence that says why there are none.

    Parameters
    ----------
    nominal : (float, float)
        Black and white; what lies beyond counts as outside.
    period : (int, int), optional
        Of the method that made the picture.
    """
    window = window.intersect(Window.of(raster.shape))
    if window.is_empty:
        return NO_PIXELS
    values = window.height * window.width * raster.channels
    if values > LARGEST_READ and not raster.in_memory:
        return f"{values / 1e6:.0f} million values; compute the whole output first, or choose a smaller region"
    pixels = raster.read(window, cancel)
    if period is not None and max(period) > MOST_PHASES:
        period = None
    channels = []
    for channel in range(raster.channels):
        if cancel is not None:
            cancel.check()
            cancel.progress(channel / raster.channels)
        channels.append(_of_channel(plane(pixels, channel), window, nominal, period, cancel))
    return Statistics(window, tuple(channels), period, period is None or whole_cells(window, period))


def _of_channel(
    values: npt.NDArray[np.floating[Any]],
    window: Window,
    nominal: tuple[float, float],
    period: Shape | None,
    cancel: CancelToken | None,
) -> ChannelStatistics:
    finite = np.isfinite(values)
    kept = values.ravel() if finite.all() else values[finite]
    unfinite = int(values.size - kept.size)
    if not kept.size:
        nothing = math.nan
        return ChannelStatistics(
            0, unfinite, nothing, nothing, nothing, nothing, (nothing,) * len(PERCENTILES), nothing
        )
    count, mean, std = moments(kept[None])
    outside = int(np.count_nonzero(kept < nominal[0]) + np.count_nonzero(kept > nominal[1]))
    percentiles = np.percentile(kept.astype(np.float64, copy=False), PERCENTILES)
    table = None if period is None else phase_table(values, period, (window.top, window.left), cancel)
    return ChannelStatistics(
        count,
        unfinite,
        float(kept.min()),
        float(kept.max()),
        mean,
        std,
        tuple(percentiles.tolist()),
        outside / count,
        table,
    )
