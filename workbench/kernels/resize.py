"""What every resize has in common: how large the output is, and the factor its coordinates use."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Annotated

from workbench.kernels.errors import ParameterError
from workbench.kernels.method import Hint, Method, SourceSpec
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.separable import Separable
from workbench.kernels.params import FloatPair, Param, Size
from workbench.kernels.resampling import AxisMap, Grid, SizeRule, output_size
from workbench.kernels.tables import AxisTable

MAX_SIDE = 1 << 20


class Factor(Enum):
    """The factor that coordinates use when a scale is typed."""

    FROM_SIZE = "from_size"
    TYPED = "typed"


@dataclass(frozen=True)
class Resize(Method):
    """A separable resize: each axis has a size and a table of its own."""

    scale: Annotated[
        FloatPair,
        Param(
            "Scale",
            unit="×",
            ge=1 / 64,
            le=64,
            step=1,
            help="Output per input length; rows x columns may differ.",
        ),
    ] = (2.0, 2.0)
    size: Annotated[
        Size,
        Param(
            "Size",
            unit="px",
            ge=1,
            le=MAX_SIDE,
            help="Output rows x columns; overrides the scale.",
            advanced=True,
        ),
    ] = None
    size_rule: Annotated[
        SizeRule, Param("Size rule", help="How n·scale becomes a whole number of pixels.", advanced=True)
    ] = SizeRule.FLOOR
    factor: Annotated[
        Factor,
        Param(
            "Coordinates",
            help="The factor used by the coordinates: output size ÷ input size, or the scale as typed.",
            advanced=True,
        ),
    ] = Factor.FROM_SIZE

    @abstractmethod
    def axis_table(self, axis: AxisMap) -> AxisTable:
        """The table of one axis."""

    def axis_maps(self, source: SourceSpec, grid: Grid) -> tuple[AxisMap, AxisMap]:
        """Sizes, factor and grid of both axes (rows, columns).

        Raises
        ------
        ParameterError
            If the scale leaves no pixel.
        """
        return self.axis_map(source, grid, 0), self.axis_map(source, grid, 1)

    def axis_map(self, source: SourceSpec, grid: Grid, k: int) -> AxisMap:
        """The same of one axis: 0 for the rows, 1 for the columns."""
        n = source.shape[k]
        m = self.size[k] if self.size else output_size(n, self.scale[k], self.size_rule)
        if m < 1:
            raise ParameterError("scale", f"must leave at least one pixel of {n}, not {n} × {self.scale[k]:g} = {m}")
        typed = self.factor is Factor.TYPED and self.size is None
        return AxisMap(n, m, Fraction(self.scale[k]) if typed else Fraction(m, n), grid)

    def _operator(self, source: SourceSpec, grid: Grid) -> LinearOperator:
        rows, cols = self.axis_maps(source, grid)
        return Separable(self.axis_table(rows), self.axis_table(cols))

    def size_text(self) -> str:
        """``"×4"``, ``"×2 × 1.5"`` or ``"→ 64×48"``."""
        if self.size:
            return f"→ {self.size[0]}×{self.size[1]}"
        first, second = self.scale
        return f"×{first:g}" if first == second else f"×{first:g} × {second:g}"

    def hints(self, source: SourceSpec | None) -> Mapping[str, Hint]:
        if self.size:
            given = Hint("the size is given", enabled=False)
            return {"scale": given, "size_rule": given, "factor": given}
        if source is None:
            return {}
        try:
            rows, cols = self.axis_maps(source, Grid.HALF_PIXEL)
        except ParameterError:
            return {}
        exact = all(self.scale[k] * n == m for k, (n, m) in enumerate(zip(source.shape, (rows.n_out, cols.n_out))))
        if exact:
            return {name: Hint("only matters for fractional sizes", enabled=False) for name in ("size_rule", "factor")}
        return {"scale": Hint(f"{source.shape[0]}×{source.shape[1]} → {rows.n_out}×{cols.n_out}")}


GRID_NAMES = {
    Grid.HALF_PIXEL: "half-pixel",
    Grid.ALIGN_CORNERS: "align corners",
    Grid.ASYMMETRIC: "asymmetric",
    Grid.HALF_PIXEL_SYMMETRIC: "half-pixel sym.",
    Grid.PYTORCH_HALF_PIXEL: "PyTorch half-px",
}
"""Short enough for a form."""
