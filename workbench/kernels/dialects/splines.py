"""B-splines by their order, as SciPy and scikit-image count them: 0 is nearest, 1 linear, 2 … 5 need a prefilter."""

from __future__ import annotations

from typing import Any

from workbench.kernels.arrays import Shape
from workbench.kernels.dialects.arguments import made
from workbench.kernels.method import Method


def spline(order: int, edge: str, *, prefilter: bool = True, corners: bool = False, **fields: Any) -> Method:
    """The method of an order: on half pixels, or with the corners aligned.

    Parameters
    ----------
    order : int
        0 … 5.
    edge : str
        Our name of the edge rule; nearest has none.
    """
    grid = {"grid": "align_corners"} if corners else {}
    if order == 0:
        return made("nearest", tie="up" if corners else "scipy", **grid, **fields)
    if order == 1:
        return made("bilinear", edge=edge, **grid, **fields)
    if order == 3 and not prefilter:
        return made("cubic_bc", b=1, c=0, edge=edge, **grid, **fields)
    return made("bspline", order=order, edge=edge, prefilter=prefilter, **grid, **fields)


SETTLED = {2: 8, 3: 8, 4: 16, 5: 16}
"""Samples of an axis from which SciPy's prefilter is ours with symmetric edges; on shorter ones it approximates."""


def settles(order: int, edge: str, shape: Shape) -> bool:
    """Whether SciPy finds the spline that passes through the samples, which on short symmetric axes it does not."""
    return edge != "symmetric" or order < 2 or min(shape) >= SETTLED[order]
