"""Nearest neighbour: every output pixel copies one input pixel.

Source: index = rounded c(i), clipped to the axis; rules of PyTorch, OpenCV, Pillow, SciPy and ONNX.
"""

from __future__ import annotations

from typing import Annotated

from workbench.kernels.errors import ParameterError
from workbench.kernels.method import SourceSpec, method
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.params import Param
from workbench.kernels.resampling import TIES_OF_GRID, AxisMap, Grid, Tie, nearest_table
from workbench.kernels.resize import GRID_NAMES, Resize
from workbench.kernels.tables import AxisTable


@method("nearest", name="Nearest", family="Interpolation", formula="y[i] = x[round c(i)]")
class Nearest(Resize):
    """Copies the input pixel nearest to where the output pixel samples."""

    grid: Annotated[Grid, Param("Grid", help="Where output pixels fall on the input.")] = Grid.HALF_PIXEL
    tie: Annotated[
        Tie, Param("Tie rule", help="Which neighbour is taken; matters at c = k + ½, and for floor and ceil.")
    ] = Tie.UP

    def check(self) -> None:
        wanted = TIES_OF_GRID.get(self.tie)
        if wanted is not None and self.grid is not wanted:
            raise ParameterError(
                "tie", f"{self.tie.value} is defined on the {wanted.value} grid, not on {self.grid.value}"
            )

    def axis_table(self, axis: AxisMap) -> AxisTable:
        return nearest_table(axis, self.tie)

    def operator(self, source: SourceSpec) -> LinearOperator:
        return self._operator(source, self.grid)

    def summary(self) -> str:
        words = [self.size_text(), GRID_NAMES[self.grid]]
        if self.tie is not Tie.UP:
            words.append(self.tie.value.replace("_", " "))
        return " · ".join(words)
