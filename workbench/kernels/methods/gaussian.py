"""Gaussian interpolation: a bell of standard deviation ½, which blurs even at scale 1.

Source: TensorFlow's ``tf.image.resize(method="gaussian")``: k(t) = exp(−2t²) for |t| < 1.5, divided by its sum. The
kernel jumps by 0.011 at its rim: a row with a tap exactly there is not portable.
"""

from __future__ import annotations

from typing import Annotated

from workbench.kernels.interpolation import KernelResize
from workbench.kernels.method import method
from workbench.kernels.params import Param
from workbench.kernels.reconstruction import GAUSSIAN, Reconstruction
from workbench.kernels.resampling import Edge


@method(
    "gaussian",
    name="Gaussian",
    family="Interpolation",
    formula="y = Σ k(r − c_y)·k(s − c_x)·x[r, s],  k(t) = exp(−2t²), |t| < 1.5",
)
class Gaussian(KernelResize):
    """Weighs the nine input pixels around where the output pixel samples by a bell: smooth, never ringing."""

    edge: Annotated[Edge, Param("Edge", help="What stands for samples outside the image.")] = Edge.EXCLUDE

    def reconstruction(self) -> Reconstruction:
        return GAUSSIAN
