"""Nearest neighbour: every output pixel copies one input pixel.

Source: index = rounded c(i), clipped to the axis; rules of PyTorch, OpenCV, Pillow, SciPy and ONNX.
"""

from __future__ import annotations

from typing import Annotated

from workbench.kernels.method import method
from workbench.kernels.params import Param
from workbench.kernels.resampling import AxisMap, Tie, check_tie, nearest_table
from workbench.kernels.resize import GRID_NAMES, GridResize
from workbench.kernels.tables import AxisTable


@method("nearest", name="Nearest", family="Interpolation", formula="y[i] = x[round c(i)]")
class Nearest(GridResize):
    """Copies the input pixel nearest to where the output pixel samples."""

    tie: Annotated[
        Tie, Param("Tie rule", help="Which neighbour is taken; matters at c = k + ½, and for floor and ceil.")
    ] = Tie.UP

    def check(self) -> None:
        check_tie(self.tie, self.grid)

    def axis_table(self, axis: AxisMap) -> AxisTable:
        return nearest_table(axis, self.tie)

    def summary(self) -> str:
        words = [self.size_text(), GRID_NAMES[self.grid]]
        if self.tie is not Tie.UP:
            words.append(self.tie.value.replace("_", " "))
        return " · ".join(words)
