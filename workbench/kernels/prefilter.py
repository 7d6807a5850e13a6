"""The exact inverse of sampling a B-spline, as a table: what turns a smoother into an interpolator.

Source: Unser, Splines: a perfect fit for signal and image processing (1999). A line of coefficients c has the samples
C c, with C[i, fold(j)] += β(i − j); its inverse falls off like |z|^|i−j|, z the largest pole (−0.268 for cubics), so
that its rows are short to the last bit of a double. SciPy's and scikit-image's ``nearest``/``edge`` and
``grid-constant``/``constant`` lines are padded by 12 samples first.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from workbench.kernels.reconstruction import bspline
from workbench.kernels.resampling import Edge, fold
from workbench.kernels.tables import AxisTable, Floats, table_from_rows

SPLINE_EDGES = (Edge.MIRROR, Edge.SYMMETRIC, Edge.REPLICATE, Edge.WRAP, Edge.ZERO)
_PADDED = (Edge.REPLICATE, Edge.ZERO)
PADDING = 12
"""Samples that SciPy adds on both sides of a line before it filters: of its edge, or zeros."""

_POLES = {2: 0.171573, 3: 0.267950, 4: 0.361342, 5: 0.430576}
_LAST_BIT = 1e-17


def padding_of(edge: Edge) -> int:
    """Samples by which the line of coefficients is longer on each side."""
    return PADDING if edge in _PADDED else 0


@lru_cache(maxsize=64)
def prefilter_table(n: int, order: int, edge: Edge) -> AxisTable:
    """Samples in, B-spline coefficients out: C⁻¹, after the padding that the edge rule asks for.

    Parameters
    ----------
    n : int
    order : int
        2 … 5.
    edge : Edge
        One of `SPLINE_EDGES`.

    Returns
    -------
    AxisTable
        n rows, or n + 24 for ``REPLICATE`` and ``ZERO``; entries below the last bit of a double are left out.
    """
    padding = padding_of(edge)
    size = n + 2 * padding
    reach = math.ceil(math.log(_LAST_BIT) / math.log(_POLES[order]))
    # Far from both ends all rows are alike: a line of this length has one of them, and all that are not.
    long = 4 * reach + 1
    if edge is Edge.WRAP and size > 2 * reach + 1:  # all rows are alike, and none meets itself around the corner
        line = _inverse(long, order, edge)[2 * reach, reach : 3 * reach + 1]
        weights = np.broadcast_to(line, (n, len(line))).copy()
        return AxisTable(n, np.arange(n) - reach, weights, (1, 1), wraps=True)
    model = min(size, long)
    inverse = _inverse(model, order, Edge.MIRROR if padding else edge)
    row = np.arange(size)
    like = np.where(row < 2 * reach, row, np.maximum(row - (size - model), 2 * reach))
    like = np.minimum(like, model - 1)
    first = np.clip(like - reach, 0, max(0, model - (2 * reach + 1)))
    columns = np.arange(min(2 * reach + 1, model))
    weights = inverse[like[:, None], first[:, None] + columns]
    start = row - like + first
    if not padding:
        return AxisTable(n, start, weights, (1, 1))
    place = start[:, None] + columns - padding
    real = np.clip(place, 0, n - 1)
    if edge is Edge.ZERO:
        weights = np.where(place == real, weights, 0.0)
    return table_from_rows(n, real, weights, period=(1, 1))


def _inverse(n: int, order: int, edge: Edge) -> Floats:
    """C⁻¹ of a line of n samples."""
    reach = order // 2
    offsets = np.arange(-reach, reach + 1)
    weights = bspline(order).weight(offsets.astype(np.float64))
    row = np.arange(n)[:, None]
    samples = np.zeros((n, n))
    columns = fold(row + offsets, n, edge)
    np.add.at(samples, (np.broadcast_to(row, columns.shape), columns), np.broadcast_to(weights, columns.shape))
    return np.asarray(np.linalg.inv(samples))
