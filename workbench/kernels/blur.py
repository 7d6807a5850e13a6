"""The blur that comes before a reduction: its rows and those of what follows are one table.

Source: ``skimage.transform.resize(anti_aliasing=True)`` of scikit-image 0.26, which calls
``scipy.ndimage.gaussian_filter``: on each axis that shrinks, a Gaussian of standard deviation (n/m − 1)/2, cut after
⌊4σ + ½⌋ samples and divided by its sum.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from workbench.kernels.coordinates import AxisMap, Grid
from workbench.kernels.reconstruction import Reconstruction
from workbench.kernels.resampling import Edge, resampling_table
from workbench.kernels.tables import AxisTable, table_from_matrix

CUT = 4
"""Standard deviations after which the Gaussian ends."""

_SMALL = 256
"""Samples of an axis whose tables may be as wide as it."""


def blur_table(n: int, reduction: Fraction, edge: Edge) -> AxisTable | None:
    """The Gaussian for an axis of which each output stands for so many samples; None where it would change nothing."""
    sigma = max(0.0, (float(reduction) - 1) / 2)
    reach = int(CUT * sigma + 0.5)
    if reach == 0:
        return None
    bell = Reconstruction(
        name=f"Gaussian σ = {sigma:.3g}",
        weight=lambda t: np.where(np.abs(t) <= reach, np.exp(-0.5 * (t / sigma) ** 2), 0.0),
        radius=reach + 0.5,
        formula=f"k(t) = exp(−t² ÷ 2σ²), |t| ≤ {reach}",
    )
    return resampling_table(AxisMap(n, n, Fraction(1), Grid.HALF_PIXEL), bell, edge=edge)


def after_blur(table: AxisTable, reduction: Fraction, edge: Edge) -> AxisTable:
    """What a table makes of the blurred axis, in one."""
    blur = blur_table(table.n_in, reduction, edge)
    if blur is None:
        return table
    if blur.wraps and (table.wraps or table.n_in > _SMALL):
        # Every row of the blur is alike: the weights slide along it, and are folded when all else is done.
        line, reach = blur.weights[0], -int(blur.start[0])
        weights = np.zeros((table.n_out, table.taps + len(line) - 1))
        for k, weight in enumerate(line):
            weights[:, k : k + table.taps] += weight * table.weights
        return AxisTable(table.n_in, table.start - reach, weights, table.period, wraps=True)
    return replace(table_from_matrix(table.matrix @ blur.matrix), period=table.period)
