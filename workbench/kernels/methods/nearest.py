"""Nearest neighbour: every output pixel copies one input pixel.

Source: index = rounded c(i), clipped to the axis; rules of PyTorch, OpenCV, Pillow, SciPy and ONNX.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from workbench.kernels.method import Hint, SourceSpec, method
from workbench.kernels.params import Param
from workbench.kernels.resampling import AxisMap, Edge, Tie, check_tie, nearest_table
from workbench.kernels.resize import GRID_NAMES, GridResize
from workbench.kernels.tables import AxisTable


@method("nearest", name="Nearest", family="Interpolation", formula="y[i] = x[round c(i)]")
class Nearest(GridResize):
    """Copies the input pixel nearest to where the output pixel samples."""

    tie: Annotated[
        Tie, Param("Tie rule", help="Which neighbour is taken; matters at c = k + ½, and for floor and ceil.")
    ] = Tie.UP

    blur_edge: Annotated[
        Edge, Param("Edge of the blur", help="What stands for samples outside when a blur comes first.", advanced=True)
    ] = Edge.MIRROR

    def check(self) -> None:
        check_tie(self.tie, self.grid)

    def axis_table(self, axis: AxisMap) -> AxisTable:
        return nearest_table(axis, self.tie)

    @property
    def _outside_blur(self) -> Edge:
        return self.blur_edge

    def summary(self) -> str:
        words = [self.size_text(), GRID_NAMES[self.grid]]
        if self.tie is not Tie.UP:
            words.append(self.tie.value.replace("_", " "))
        if self.blur:
            words.append("blur first")
        return " · ".join(words)

    def hints(self, source: SourceSpec | None) -> Mapping[str, Hint]:
        hints = dict(super().hints(source))
        if not self.blur:
            hints["blur_edge"] = Hint("only matters with a blur", enabled=False)
        elif self.blur_edge is Edge.ZERO:
            hints.pop("outside_value", None)
        return hints
