"""Box: nearest neighbour when enlarging, the mean of what an output pixel covers when reducing.

Source: Pillow's ``Resampling.BOX``: k(t) = 1 on (−½, ½], with ``antialias`` stretched when reducing, over its sum.
A pixel counts wholly or not at all; `area` counts shares of pixels.
"""

from __future__ import annotations

from typing import Annotated

from workbench.kernels.interpolation import KernelResize
from workbench.kernels.method import method
from workbench.kernels.params import Param
from workbench.kernels.reconstruction import BOX, Reconstruction
from workbench.kernels.resampling import Edge


@method(
    "box", name="Box", family="Interpolation", formula="y = mean of x[r, s] with |r − c_y|, |s − c_x| ≤ ½ (÷ scale)"
)
class Box(KernelResize):
    """Averages the input pixels whose centres lie in the output pixel's square; enlarging, that is the nearest one."""

    edge: Annotated[Edge, Param("Edge", help="What stands for samples outside the image.")] = Edge.EXCLUDE

    def reconstruction(self) -> Reconstruction:
        return BOX
