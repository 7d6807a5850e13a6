"""Hamming-windowed sinc of radius 1: as cheap as bilinear, and sharper; no ramp stays a ramp.

Source: Pillow's ``Resampling.HAMMING``: k(t) = sinc(t)·(0.54 + 0.46 cos πt) for |t| < 1, divided by its sum.
"""

from __future__ import annotations

from typing import Annotated

from workbench.kernels.interpolation import KernelResize
from workbench.kernels.method import method
from workbench.kernels.params import Param
from workbench.kernels.reconstruction import HAMMING, Reconstruction
from workbench.kernels.resampling import Edge


@method(
    "hamming",
    name="Hamming",
    family="Interpolation",
    formula="y = Σ k(r − c_y)·k(s − c_x)·x[r, s],  k(t) = sinc t · (0.54 + 0.46 cos πt)",
)
class Hamming(KernelResize):
    """Weighs the four input pixels around where the output pixel samples, the nearest of them strongly."""

    edge: Annotated[Edge, Param("Edge", help="What stands for samples outside the image.")] = Edge.EXCLUDE

    def reconstruction(self) -> Reconstruction:
        return HAMMING
