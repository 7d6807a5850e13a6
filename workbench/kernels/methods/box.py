"""Box: nearest neighbour when enlarging, the mean of what an output pixel covers when reducing.

Source: Pillow's ``Resampling.BOX``: k(t) = 1 on (−½, ½], with ``antialias`` stretched when reducing, over its sum.
A pixel counts wholly or not at all; `area` counts shares of pixels. Pixels whose centres lie just on the rim are those
that Pillow's doubles put there, if it is to be Pillow's: 107 of the 2,304 pairs of sizes 1 … 48 have such a pixel on
the other side.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import numpy as np

from workbench.kernels.coordinates import AxisMap, Grid
from workbench.kernels.errors import ParameterError
from workbench.kernels.interpolation import KernelResize
from workbench.kernels.method import method
from workbench.kernels.params import Param
from workbench.kernels.reconstruction import BOX, Reconstruction
from workbench.kernels.resampling import Edge
from workbench.kernels.tables import AxisTable, table_from_rows


class Rim(Enum):
    """On which side a pixel is whose centre lies just on the rim of the box."""

    EXACT = "exact"
    PILLOW = "pillow"


_GRIDS = (Grid.HALF_PIXEL, Grid.BOX_OFFSET)


@method(
    "box", name="Box", family="Interpolation", formula="y = mean of x[r, s] with |r − c_y|, |s − c_x| ≤ ½ (÷ scale)"
)
class Box(KernelResize):
    """Averages the input pixels whose centres lie in the output pixel's square; enlarging, that is the nearest one."""

    edge: Annotated[Edge, Param("Edge", help="What stands for samples outside the image.")] = Edge.EXCLUDE

    rim: Annotated[
        Rim, Param("Rim", help="A pixel just on the rim counts on the left; or where Pillow's sums put it.")
    ] = Rim.EXACT

    def check(self) -> None:
        super().check()
        if self.rim is Rim.PILLOW and not (self.antialias and self.edge is Edge.EXCLUDE and self.grid in _GRIDS):
            raise ParameterError("rim", "pillow is defined with antialias and edge exclude, on half pixels and boxes")

    def axis_table(self, axis: AxisMap) -> AxisTable:
        exact = super().axis_table(axis)
        if self.rim is Rim.EXACT:
            return exact
        theirs = _pillow_table(axis)
        alike = np.array_equal(theirs.start, exact.start) and theirs.weights.shape == exact.weights.shape
        return exact if alike and np.allclose(theirs.weights, exact.weights, rtol=0, atol=1e-12) else theirs

    def reconstruction(self) -> Reconstruction:
        return BOX


def _pillow_table(axis: AxisMap) -> AxisTable:
    """The rows as Pillow reckons them, operation by operation in double."""
    n, begin = axis.n_in, float(axis.span[0]) if axis.grid is Grid.BOX_OFFSET else 0.0
    end = float(axis.span[1]) if axis.grid is Grid.BOX_OFFSET else float(n)
    scale = (end - begin) / axis.n_out
    stretch = max(scale, 1.0)
    centre = begin + (np.arange(axis.n_out) + 0.5) * scale
    first = np.maximum(np.trunc(centre - 0.5 * stretch + 0.5), 0).astype(np.intp)
    last = np.minimum(np.trunc(centre + 0.5 * stretch + 0.5), n).astype(np.intp)
    index = first[:, None] + np.arange(max(1, int((last - first).max())))
    distance = (index - centre[:, None] + 0.5) * (1.0 / stretch)
    used = (index < last[:, None]) & (distance > -0.5) & (distance <= 0.5)
    return table_from_rows(n, np.minimum(index, n - 1), used / np.maximum(used.sum(axis=1), 1)[:, None])
