"""What linear interpolation along one axis and along both have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from workbench.kernels.errors import ParameterError
from workbench.kernels.method import Hint, SourceSpec
from workbench.kernels.params import Param
from workbench.kernels.reconstruction import TRIANGLE
from workbench.kernels.resampling import AxisMap, Edge, Grid, resampling_table
from workbench.kernels.resize import GRID_NAMES, Resize
from workbench.kernels.tables import AxisTable


@dataclass(frozen=True)
class LinearResize(Resize):
    """A resize with the triangle kernel."""

    grid: Annotated[Grid, Param("Grid", help="Where output pixels fall on the input.")] = Grid.HALF_PIXEL
    edge: Annotated[Edge, Param("Edge", help="What stands for samples outside the image.")] = Edge.REPLICATE
    normalise: Annotated[bool, Param("Normalise", help="Divide each row by the sum of its weights.", advanced=True)] = (
        True
    )
    antialias: Annotated[
        bool, Param("Antialias", help="When reducing, stretch the kernel by 1 ÷ scale: k(t) → k(t·scale).")
    ] = False

    def check(self) -> None:
        if self.antialias and self.grid is Grid.ALIGN_CORNERS:
            raise ParameterError("antialias", "must be off with the align_corners grid: the pair is no grid at all")

    def axis_table(self, axis: AxisMap) -> AxisTable:
        return resampling_table(axis, TRIANGLE, edge=self.edge, antialias=self.antialias, normalise=self.normalise)

    def summary(self) -> str:
        words = [self.size_text(), GRID_NAMES[self.grid]]
        if self.edge is not Edge.REPLICATE:
            words.append(self.edge.value)
        return " · ".join(words)

    def hints(self, source: SourceSpec | None) -> Mapping[str, Hint]:
        hints = dict(super().hints(source))
        if source is not None and self.size:
            reduces = any(m < n for m, n in zip(self.size, source.shape, strict=True))
        else:
            reduces = self.size is None and min(self.scale) < 1
        if not reduces and not self.antialias:
            hints["antialias"] = Hint("only matters when reducing", enabled=False)
        return hints
