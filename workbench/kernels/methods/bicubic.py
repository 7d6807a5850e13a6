"""Bicubic interpolation with Keys' kernel: the family in which "bicubic" means at least six operators.

Source: Keys, Cubic convolution interpolation (1981): k(t) = (a+2)|t|³ − (a+3)t² + 1 for |t| ≤ 1,
a(|t|³ − 5t² + 8|t| − 4) for |t| < 2. a = −0.75 is PyTorch and OpenCV, −0.5 Pillow and MATLAB; only −0.5 keeps ramps.
"""

from __future__ import annotations

from typing import Annotated

from workbench.kernels.interpolation import KernelResize
from workbench.kernels.method import method
from workbench.kernels.params import Param
from workbench.kernels.reconstruction import Reconstruction, keys


@method(
    "bicubic",
    name="Bicubic",
    family="Interpolation",
    formula="y = Σ k(r − c_y)·k(s − c_x)·x[r, s],  k: Keys' cubic with slope a at 1",
)
class Bicubic(KernelResize):
    """Weighs the sixteen input pixels around where the output pixel samples, the outer ones negatively."""

    a: Annotated[
        float,
        Param(
            "Sharpness a",
            ge=-1.0,
            le=0.0,
            step=0.05,
            help="Slope of the kernel at distance 1: −0.75 in PyTorch and OpenCV, −0.5 in Pillow and MATLAB.",
        ),
    ] = -0.75

    def reconstruction(self) -> Reconstruction:
        return keys(self.a)

    def words(self) -> list[str]:
        return [f"Keys a = {self.a:g}".replace("-", "−")]
