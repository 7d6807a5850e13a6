"""B-spline interpolation: the smoothest curve of its degree through the samples.

Source: Unser (1999); ``scipy.ndimage.zoom`` and ``skimage.transform.resize`` of order 2 … 5. y = W C⁻¹ x: a prefilter
finds the coefficients of the spline that passes through the samples, then p + 1 of them are weighed. Without the
prefilter the spline passes near them: a smoother.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from workbench.kernels.coordinates import AxisMap, Grid
from workbench.kernels.errors import ParameterError
from workbench.kernels.method import Hint, SourceSpec, method
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.prefiltered import Prefiltered
from workbench.kernels.params import Param
from workbench.kernels.placement import Placement
from workbench.kernels.prefilter import SPLINE_EDGES, padding_of, prefilter_table
from workbench.kernels.reconstruction import bspline
from workbench.kernels.resampling import Edge, resampling_table
from workbench.kernels.resize import GRID_NAMES, GridResize
from workbench.kernels.tables import AxisTable


@method(
    "bspline",
    name="B-spline",
    family="Interpolation",
    formula="y = Σ β(c − j)·(C⁻¹ x)[j],  C[i, j] = β(i − j)",
)
class BSpline(GridResize):
    """Draws a spline through the samples: every output depends on all inputs, less and less with the distance."""

    edge: Annotated[
        Edge,
        Param("Edge", help="What stands for samples outside; mirror is exact, replicate and zero as SciPy pads it."),
    ] = Edge.MIRROR
    order: Annotated[int, Param("Order", ge=2, le=5, help="Degree of the pieces: 3 is the cubic spline.")] = 3
    prefilter: Annotated[
        bool, Param("Prefilter", help="On: the curve passes through the samples. Off: it smooths them.")
    ] = True

    def check(self) -> None:
        if self.prefilter and self.edge not in SPLINE_EDGES:
            names = ", ".join(edge.value for edge in SPLINE_EDGES)
            raise ParameterError("edge", f"must be one of {names} with the prefilter, not {self.edge.value}")

    def axis_table(self, axis: AxisMap) -> AxisTable:
        if not self.prefilter:
            return resampling_table(axis, bspline(self.order), edge=self.edge)
        padding = padding_of(self.edge)
        return resampling_table(axis, bspline(self.order), edge=self.edge, normalise=False, padding=padding)

    def _operator(self, source: SourceSpec, grid: Grid) -> LinearOperator:
        if not self.prefilter:
            return super()._operator(source, grid)
        rows, cols = self.axis_maps(source, grid)
        (height, top), (width, left) = rows.place, cols.place
        first = self.axis_table(rows)
        tables = first, first if cols == rows else self.axis_table(cols)
        prefilters = self._prefilter(rows), self._prefilter(cols)
        return Prefiltered(tables, prefilters, Placement((height, width), (top, left)))

    def _prefilter(self, axis: AxisMap) -> AxisTable:
        """Samples in, coefficients out; of the blurred samples where a blur comes first."""
        table = prefilter_table(axis.n_in, self.order, self.edge)
        return self._blurred(table, axis) if self.blur else table

    def summary(self) -> str:
        words = [self.size_text(), f"order {self.order}", self.edge.value]
        if self.grid is not Grid.HALF_PIXEL:
            words.insert(2, GRID_NAMES[self.grid])
        if not self.prefilter:
            words.append("no prefilter")
        if self.blur:
            words.append("blur first")
        return " · ".join(words)

    def hints(self, source: SourceSpec | None) -> Mapping[str, Hint]:
        hints = dict(super().hints(source))
        if self.edge is Edge.ZERO:
            hints.pop("outside_value", None)
        return hints
