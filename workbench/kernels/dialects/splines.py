"""B-splines by their order, as SciPy and scikit-image count them: 0 is nearest, 1 linear, 2 … 5 need a prefilter."""

from __future__ import annotations

from typing import Any

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
