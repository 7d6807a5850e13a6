"""What every resize has in common: how large the output is, the factor its coordinates use, and its grid.

Source: ONNX ``Resize`` for the policies and for extrapolation; PyTorch for axes that are copied.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from typing import Annotated

import numpy as np
import numpy.typing as npt

from workbench.kernels.blur import after_blur
from workbench.kernels.coordinates import REGION_GRIDS, AxisMap, Grid, SizeRule, WidthRule, output_size
from workbench.kernels.errors import ParameterError
from workbench.kernels.method import Hint, Method, SourceSpec
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.separable import Separable
from workbench.kernels.params import FloatPair, Param, Size
from workbench.kernels.placement import Placement
from workbench.kernels.regions import Region, RegionKind
from workbench.kernels.resampling import Edge
from workbench.kernels.tables import AxisTable

MAX_SIDE = 1 << 20


class Factor(Enum):
    """The factor that coordinates use when a scale is typed."""

    FROM_SIZE = "from_size"
    TYPED = "typed"


class KeepAspect(Enum):
    """What becomes of a given size whose proportions are not the input's."""

    NONE = "none"
    NOT_LARGER = "not_larger"
    NOT_SMALLER = "not_smaller"


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
    keep_aspect: Annotated[
        KeepAspect,
        Param(
            "Keep aspect",
            help="One factor for both axes: the size given is at most, or at least, reached; then ⌊n·f + ½⌋.",
            advanced=True,
        ),
    ] = KeepAspect.NONE
    copy_equal: Annotated[
        bool,
        Param(
            "Copy equal axes",
            help="An axis that keeps its size is copied, whatever the factor typed: PyTorch's habit.",
            advanced=True,
        ),
    ] = False

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
        if self.size and self.keep_aspect is not KeepAspect.NONE:
            factor = self._common_factor(source)
            m = (2 * factor * n + 1) // 2
            if m < 1:
                raise ParameterError("size", f"must leave at least one pixel of {n}, not ⌊{n} × {factor} + ½⌋ = {m}")
            return AxisMap(n, m, factor, grid)
        m = self.size[k] if self.size else output_size(n, self.scale[k], self.size_rule)
        if m < 1:
            raise ParameterError("scale", f"must leave at least one pixel of {n}, not {n} × {self.scale[k]:g} = {m}")
        typed = self.factor is Factor.TYPED and self.size is None and not (self.copy_equal and m == n)
        return AxisMap(n, m, Fraction(self.scale[k]) if typed else Fraction(m, n), grid)

    def _common_factor(self, source: SourceSpec) -> Fraction:
        """The one factor of both axes that keeps the proportions."""
        ratios = [Fraction(m, n) for m, n in zip(self.size or source.shape, source.shape, strict=True)]
        return min(ratios) if self.keep_aspect is KeepAspect.NOT_LARGER else max(ratios)

    def _axes(self, source: SourceSpec, grid: Grid) -> tuple[AxisMap, AxisMap]:
        """The axes as the operator has them."""
        return self.axis_maps(source, grid)

    def _operator(self, source: SourceSpec, grid: Grid) -> LinearOperator:
        rows, cols = self._axes(source, grid)
        (height, top), (width, left) = rows.place, cols.place
        return Separable(*self._tables(rows, cols), Placement((height, width), (top, left)))

    def _tables(self, rows: AxisMap, cols: AxisMap) -> tuple[AxisTable, AxisTable]:
        """One table for both axes where they are alike: on a square picture half the work of a dragged parameter."""
        first = self.axis_table(rows)
        return first, first if cols == rows else self.axis_table(cols)

    def size_text(self) -> str:
        """``"×4"``, ``"×2 × 1.5"`` or ``"→ 64×48"``."""
        if self.size:
            return f"→ {self.size[0]}×{self.size[1]}"
        first, second = self.scale
        return f"×{first:g}" if first == second else f"×{first:g} × {second:g}"

    def hints(self, source: SourceSpec | None) -> Mapping[str, Hint]:
        if self.size:
            given = Hint("the size is given", enabled=False)
            return {"scale": given, "size_rule": given, "factor": given, "copy_equal": given}
        return {"keep_aspect": Hint("only matters if a size is given", enabled=False), **self._scale_hints(source)}

    def _scale_hints(self, source: SourceSpec | None) -> dict[str, Hint]:
        """What becomes of the scale on this source."""
        if source is None:
            return {}
        try:
            rows, cols = self.axis_maps(source, Grid.HALF_PIXEL)
        except ParameterError:
            return {}
        exact = all(self.scale[k] * n == m for k, (n, m) in enumerate(zip(source.shape, (rows.n_out, cols.n_out))))
        if exact:
            fractional = ("size_rule", "factor", "copy_equal")
            return {name: Hint("only matters for fractional sizes", enabled=False) for name in fractional}
        return {"scale": Hint(f"{source.shape[0]}×{source.shape[1]} → {rows.n_out}×{cols.n_out}")}


@dataclass(frozen=True)
class GridResize(Resize):
    """A resize that samples points of a grid, which may begin and end anywhere."""

    grid: Annotated[Grid, Param("Grid", help="Where output pixels fall on the input.")] = Grid.HALF_PIXEL
    region: Annotated[
        Region,
        Param(
            "Region",
            help="top left bottom right: of a crop in units of n − 1, of a box in input pixels. Empty: everything.",
            advanced=True,
        ),
        RegionKind(),
    ] = None
    width_rule: Annotated[
        WidthRule,
        Param(
            "Width rule",
            help="The width w in the grid's formula: n·f as it is, or the m pixels there are. Usual: as PyTorch, ONNX.",
            advanced=True,
        ),
    ] = WidthRule.USUAL
    outside_value: Annotated[
        float,
        Param(
            "Outside value",
            ge=-1e6,
            le=1e6,
            help="What a crop shows beyond the image, and what the edge rule zero takes instead of 0: y = A x + b.",
            advanced=True,
        ),
    ] = 0.0

    blur: Annotated[
        bool,
        Param(
            "Blur first",
            help="When reducing, a Gaussian of (1 ÷ scale − 1) ÷ 2 px comes first: scikit-image's anti_aliasing.",
            advanced=True,
        ),
    ] = False

    def axis_map(self, source: SourceSpec, grid: Grid, k: int) -> AxisMap:
        axis = replace(super().axis_map(source, grid, k), width_rule=self.width_rule)
        if self.region is None or grid not in REGION_GRIDS:
            return axis
        begin, end = self.region[k], self.region[k + 2]
        if grid is Grid.BOX_OFFSET and not (begin >= 0 and end <= axis.n_in):
            raise ParameterError("region", f"must lie inside the image, 0 … {axis.n_in}, not {begin:g} … {end:g}")
        return replace(axis, region=(Fraction(begin), Fraction(end)))

    def operator(self, source: SourceSpec) -> LinearOperator:
        made = self._operator(source, self.grid)
        (height, top), (width, left) = (axis.sampled for axis in self._axes(source, self.grid))
        made.sampling = Placement.sampling((height, width), (top, left))
        if self.outside_value:
            made.offset = self._offset(source, made)
        return made

    def _tables(self, rows: AxisMap, cols: AxisMap) -> tuple[AxisTable, AxisTable]:
        first, second = super()._tables(rows, cols)
        if not self.blur:
            return first, second
        made = self._blurred(first, rows)
        return made, made if second is first else self._blurred(second, cols)

    def _blurred(self, table: AxisTable, axis: AxisMap) -> AxisTable:
        """The table behind the blur of its axis."""
        return after_blur(table, 1 / axis.factor, self._outside_blur)

    @property
    def _outside_blur(self) -> Edge:
        """What the blur finds outside: what the method does."""
        edge: Edge = getattr(self, "edge", Edge.MIRROR)
        return edge

    def axis_totals(self, axis: AxisMap) -> npt.NDArray[np.float64]:
        """What the weights of each row would sum to if nothing lay outside."""
        return np.ones(axis.n_out)

    def _offset(self, source: SourceSpec, made: LinearOperator) -> npt.NDArray[np.float64] | None:
        """The affine part: the weight that lies outside, times the value there; None if there is none."""
        rows, cols = (self.axis_totals(axis) for axis in self._axes(source, self.grid))
        missing = np.multiply.outer(rows, cols) - made.row_sums()
        return np.asarray(self.outside_value * missing) if np.abs(missing).max() > _ROUNDING else None

    def hints(self, source: SourceSpec | None) -> Mapping[str, Hint]:
        hints = dict(super().hints(source))
        if self.grid not in REGION_GRIDS:
            hints["region"] = Hint("only matters on the grids crop and box offset", enabled=False)
        if self.grid not in _GRIDS_WITH_WIDTH:
            hints["width_rule"] = Hint("only matters on grids that speak of a width", enabled=False)
        if self.grid is not Grid.CROP:
            hints["outside_value"] = Hint("only matters for a crop and for the edge rule zero", enabled=False)
        if not self.blur and not self._reduces(source):
            hints["blur"] = Hint("only matters when reducing", enabled=False)
        return hints

    def _reduces(self, source: SourceSpec | None) -> bool:
        """Whether an axis becomes shorter."""
        if source is not None and self.size:
            return any(m < n for m, n in zip(self.size, source.shape, strict=True))
        return self.size is None and min(self.scale) < 1


_ROUNDING = 1e-12
_GRIDS_WITH_WIDTH = (Grid.ALIGN_CORNERS, Grid.HALF_PIXEL_SYMMETRIC, Grid.PYTORCH_HALF_PIXEL, Grid.CROP)

GRID_NAMES = {
    Grid.HALF_PIXEL: "half-pixel",
    Grid.ALIGN_CORNERS: "align corners",
    Grid.ASYMMETRIC: "asymmetric",
    Grid.HALF_PIXEL_SYMMETRIC: "half-pixel sym.",
    Grid.PYTORCH_HALF_PIXEL: "PyTorch half-px",
    Grid.CROP: "crop",
    Grid.BOX_OFFSET: "box",
}
"""Short enough for a form."""
