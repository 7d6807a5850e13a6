"""Lanczos interpolation: the ideal sinc, cut off by the middle lobe of a wider one.

Source: Duchon, Lanczos filtering in one and two dimensions (1979): k(t) = sinc(t)·sinc(t/r) for |t| < r. Radius 3 is
Pillow's, PyTorch's and JAX' Lanczos, radius 4 OpenCV's, radius 5 TensorFlow's other one.
"""

from __future__ import annotations

from typing import Annotated

from workbench.kernels.interpolation import KernelResize
from workbench.kernels.method import method
from workbench.kernels.params import Param
from workbench.kernels.reconstruction import Reconstruction, lanczos
from workbench.kernels.resampling import Edge


@method(
    "lanczos",
    name="Lanczos",
    family="Interpolation",
    formula="y = Σ k(r − c_y)·k(s − c_x)·x[r, s],  k(t) = sinc t · sinc t/r",
)
class Lanczos(KernelResize):
    """Weighs 2r input pixels along each axis with a windowed sinc: the sharpest edges, and the most ringing."""

    edge: Annotated[Edge, Param("Edge", help="What stands for samples outside the image.")] = Edge.EXCLUDE
    r: Annotated[int, Param("Radius r", unit="px", ge=1, le=16, help="Lobes on each side: 3 usually, 4 in OpenCV.")] = 3

    def reconstruction(self) -> Reconstruction:
        return lanczos(self.r)

    def words(self) -> list[str]:
        return [f"Lanczos {self.r}"]
