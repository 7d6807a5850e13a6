"""Single linear interpolation: the triangle kernel along one axis, the other stays as it is.

Source: the one-axis case of bilinear interpolation; ``y = y₀ + (x − x₀)(y₁ − y₀)/(x₁ − x₀)``.
"""

from __future__ import annotations

from enum import Enum
from fractions import Fraction
from typing import Annotated

from workbench.kernels.coordinates import AxisMap, Grid
from workbench.kernels.interpolation import LinearResize
from workbench.kernels.method import SourceSpec, method
from workbench.kernels.params import Param


class Direction(Enum):
    """Along which axis pixels are interpolated."""

    COLUMNS = "columns"
    ROWS = "rows"


@method("linear", name="Linear", family="Interpolation", formula="y = y₀ + (x − x₀)·(y₁ − y₀)/(x₁ − x₀)")
class Linear(LinearResize):
    """Weighs the two input pixels beside where the output pixel samples, along one axis only."""

    direction: Annotated[Direction, Param("Along", help="columns: the image grows wider; rows: it grows taller.")] = (
        Direction.COLUMNS
    )

    def _axes(self, source: SourceSpec, grid: Grid) -> tuple[AxisMap, AxisMap]:
        k = 1 if self.direction is Direction.COLUMNS else 0
        moving, n = self.axis_map(source, grid, k), source.shape[1 - k]
        still = AxisMap(n, n, Fraction(1), Grid.HALF_PIXEL)
        return (still, moving) if k else (moving, still)

    def size_text(self) -> str:
        axis = 1 if self.direction is Direction.COLUMNS else 0
        way = "wide" if axis else "tall"
        return f"→ {self.size[axis]} {way}" if self.size else f"×{self.scale[axis]:g} {way}"
