"""Fourier interpolation: the one curve through the samples that holds no frequency they cannot hold.

Source: trigonometric interpolation, ``scipy.signal.resample``: the spectrum is padded with zeros to enlarge, and cut to
reduce. The picture is taken to repeat, so that its left edge rings into its right one.
"""

from __future__ import annotations

import math
from typing import Annotated

from workbench.kernels.coordinates import AxisMap, Grid
from workbench.kernels.method import SourceSpec, method
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.spectral import Spectral, SpectralAxis
from workbench.kernels.params import Param
from workbench.kernels.placement import Placement
from workbench.kernels.resize import GRID_NAMES, GridResize
from workbench.kernels.tables import AxisTable


@method(
    "fourier",
    name="Fourier",
    family="Interpolation",
    formula="y[i] = Σ D(c(i) − j)·x[j],  D(t) = sin πt ÷ (n tan πt/n)",
)
class Fourier(GridResize):
    """Weighs every pixel of the picture by the ideal kernel of a picture that repeats."""

    antialias: Annotated[
        bool, Param("Antialias", help="When reducing, keep only the frequencies that the output can hold.")
    ] = True

    def axis_table(self, axis: AxisMap) -> AxisTable:
        return self._spectral(axis).table(0, axis.n_out)

    def _spectral(self, axis: AxisMap) -> SpectralAxis:
        reduces = self.antialias and axis.reduction > 1
        return SpectralAxis(axis, max(1, math.floor(axis.n_in / axis.reduction)) if reduces else axis.n_in)

    def _operator(self, source: SourceSpec, grid: Grid) -> LinearOperator:
        rows, cols = self.axis_maps(source, grid)
        (height, top), (width, left) = rows.place, cols.place
        return Spectral(self._spectral(rows), self._spectral(cols), Placement((height, width), (top, left)))

    def summary(self) -> str:
        return f"{self.size_text()} · periodic · {GRID_NAMES[self.grid]}"
