"""Bilinear interpolation: the triangle kernel along both axes.

Source: k(t) = max(0, 1 − |t|); the row of an output pixel is the outer product of two rows of two weights.
"""

from __future__ import annotations

from workbench.kernels.interpolation import LinearResize
from workbench.kernels.method import method


@method(
    "bilinear",
    name="Bilinear",
    family="Interpolation",
    formula="y = Σ k(r − c_y)·k(s − c_x)·x[r, s],  k(t) = max(0, 1 − |t|)",
)
class Bilinear(LinearResize):
    """Weighs the four input pixels around where the output pixel samples."""
