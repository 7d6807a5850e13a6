"""The pixels of a picture by their phase: which sub-pixel position of a period they stand at.

An operator of scale P/Q repeats after P output pixels; two pixels of one phase have the same weights. Where a method
answers every phase alike, the statistics of all phases coincide; a checkerboard sets them apart.

Convention
    Phase (p, q) of pixel (r, c) is (r mod P, c mod Q), P and Q output pixels of one period down and across.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Shape, Window
from workbench.kernels.cancel import CancelToken

Plane = npt.NDArray[np.floating[Any]]
Table = npt.NDArray[np.float64]

_BAND = 1 << 18


@dataclass(frozen=True, slots=True, eq=False)
class PhaseTable:
    """How many finite values each phase has, their mean and their standard deviation, all (P, Q).

    Mean and deviation of a phase without values are NaN. The deviation is that of the population.
    """

    count: npt.NDArray[np.int64]
    mean: Table
    std: Table

    @property
    def spread(self) -> float:
        """Largest minus smallest mean: 0 where every phase is alike."""
        known = self.mean[self.count > 0]
        return float(known.max() - known.min()) if known.size else 0.0


def phase_views(plane: Plane, period: Shape, origin: Shape = (0, 0)) -> Iterator[tuple[tuple[int, int], Plane]]:
    """Every phase with its pixels, as views that copy nothing.

    Parameters
    ----------
    plane : (h, w) array
    period : (int, int)
        P and Q, both at least 1.
    origin : (int, int)
        Row and column that the first pixel of ``plane`` has in its picture.
    """
    for p in range(period[0]):
        for q in range(period[1]):
            yield (p, q), plane[(p - origin[0]) % period[0] :: period[0], (q - origin[1]) % period[1] :: period[1]]


def phase_table(plane: Plane, period: Shape, origin: Shape = (0, 0), cancel: CancelToken | None = None) -> PhaseTable:
    """Count, mean and standard deviation of each phase over the finite values of a picture or of a part of it."""
    count = np.zeros(period, np.int64)
    mean, std = np.full(period, np.nan), np.full(period, np.nan)
    for phase, values in phase_views(plane, period, origin):
        if cancel is not None:
            cancel.check()
        count[phase], mean[phase], std[phase] = moments(values)
    return PhaseTable(count, mean, std)


def moments(plane: Plane) -> tuple[int, float, float]:
    """Number, mean and standard deviation of the finite values; NaN where there are none.

    Two passes in float64, band by band: exact to rounding also where the mean is large against the deviation.
    """
    count, mean = 0, 0.0
    for band in _finite_bands(plane):
        # Weighted by what came before: no sum grows with the picture.
        count += band.size
        if count:
            mean += (float(band.mean()) - mean) * band.size / count if band.size else 0.0
    if not count:
        return 0, float("nan"), float("nan")
    first, second = 0.0, 0.0
    for band in _finite_bands(plane):
        off = band - mean
        first += float(off.sum())
        second += float(np.square(off, out=off).sum())
    # What rounding left of the mean is known after the second pass.
    rest = first / count
    return count, mean + rest, float(np.sqrt(max(second / count - rest * rest, 0.0)))


def whole_cells(window: Window, period: Shape) -> bool:
    """Whether a window holds every phase equally often."""
    return window.height % period[0] == 0 and window.width % period[1] == 0


def _finite_bands(plane: Plane) -> Iterator[Table]:
    rows = max(1, _BAND // max(plane.shape[1], 1))
    for top in range(0, plane.shape[0], rows):
        band = plane[top : top + rows].astype(np.float64)
        finite = np.isfinite(band)
        yield band.ravel() if finite.all() else band[finite]
