"""Resizes with a reconstruction kernel: what every method has in common that weighs the inputs around a point."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import numpy.typing as npt

from workbench.kernels.coordinates import GRIDS_OF_TORCH, Arithmetic, AxisMap, Grid
from workbench.kernels.errors import ParameterError
from workbench.kernels.method import Hint, SourceSpec
from workbench.kernels.params import Param
from workbench.kernels.reconstruction import TRIANGLE, Reconstruction
from workbench.kernels.reducing import block_lengths, reduced_table
from workbench.kernels.resampling import Edge, resampling_table
from workbench.kernels.resize import GRID_NAMES, GridResize
from workbench.kernels.tables import AxisTable


@dataclass(frozen=True)
class KernelResize(GridResize):
    """A resize whose weights are those of a kernel: project → neighbours → weigh → fold the border."""

    edge: Annotated[Edge, Param("Edge", help="What stands for samples outside the image.")] = Edge.REPLICATE
    normalise: Annotated[bool, Param("Normalise", help="Divide each row by the sum of its weights.", advanced=True)] = (
        True
    )
    antialias: Annotated[
        bool, Param("Antialias", help="When reducing, stretch the kernel by 1 ÷ scale: k(t) → k(t·scale).")
    ] = False
    arithmetic: Annotated[
        Arithmetic,
        Param(
            "Arithmetic",
            help="Coordinates exact, or rounded to float32 as PyTorch does: up to 0.0005 px off.",
            advanced=True,
        ),
    ] = Arithmetic.EXACT
    reducing_gap: Annotated[
        float,
        Param(
            "Reducing gap",
            ge=0,
            le=64,
            help="Pillow's short cut: means of whole blocks first; the kernel reduces by at least this. 0: no.",
            advanced=True,
        ),
    ] = 0.0

    @abstractmethod
    def reconstruction(self) -> Reconstruction:
        """The kernel."""

    def check(self) -> None:
        if self.antialias and self.grid is Grid.ALIGN_CORNERS:
            raise ParameterError("antialias", "must be off with the align_corners grid: the pair is no grid at all")
        if self.arithmetic is Arithmetic.TORCH32 and self.grid not in GRIDS_OF_TORCH:
            names = " and ".join(grid.value for grid in GRIDS_OF_TORCH)
            raise ParameterError("arithmetic", f"torch32 is defined on {names}, not on {self.grid.value}")
        if 0 < self.reducing_gap < 1:
            raise ParameterError("reducing_gap", f"must be 0 for none, or at least 1, not {self.reducing_gap:g}")
        if self.reducing_gap and (self.blur or self.grid not in (Grid.HALF_PIXEL, Grid.BOX_OFFSET)):
            raise ParameterError("reducing_gap", "must be 0 with a blur, and on grids but half_pixel and box_offset")

    def axis_map(self, source: SourceSpec, grid: Grid, k: int) -> AxisMap:
        return replace(super().axis_map(source, grid, k), arithmetic=self.arithmetic, antialias=self.antialias)

    def axis_table(self, axis: AxisMap) -> AxisTable:
        return self._table(axis, self.edge)

    def _table(self, axis: AxisMap, edge: Edge) -> AxisTable:
        return resampling_table(
            axis, self.reconstruction(), edge=edge, antialias=self.antialias, normalise=self.normalise
        )

    def _tables(self, rows: AxisMap, cols: AxisMap) -> tuple[AxisTable, AxisTable]:
        lengths = block_lengths(rows, cols, self.reducing_gap) if self.reducing_gap else None
        if lengths is None:
            return super()._tables(rows, cols)
        radius = self.reconstruction().radius
        down, across = (
            reduced_table(axis, k, radius, self.axis_table) for axis, k in zip((rows, cols), lengths, strict=True)
        )
        return down, across

    def axis_totals(self, axis: AxisMap) -> npt.NDArray[np.float64]:
        if self.normalise:
            return super().axis_totals(axis)
        whole, rest, _ = axis.whole_and_rest()
        return np.where(axis.beyond(whole, rest), 1.0, self._table(axis, Edge.REPLICATE).row_sums)

    def summary(self) -> str:
        words = [self.size_text(), *self.words(), *([GRID_NAMES[self.grid]] if self._tells_grid else [])]
        if self.edge is not type(self).edge:
            words.append(self.edge.value)
        if self.antialias and not type(self).antialias:
            words.append("antialias")
        if self.blur:
            words.append("blur first")
        if self.reducing_gap:
            words.append(f"gap {self.reducing_gap:g}")
        return " · ".join(words)

    def words(self) -> list[str]:
        """What a summary says of the kernel's own parameters."""
        return []

    @property
    def _tells_grid(self) -> bool:
        """Whether the summary names the grid: always where nothing else is to be said."""
        return self.grid is not type(self).grid or not self.words()

    def hints(self, source: SourceSpec | None) -> Mapping[str, Hint]:
        hints = dict(super().hints(source))
        if self.edge is Edge.ZERO:
            hints.pop("outside_value", None)
        if self.grid not in GRIDS_OF_TORCH:
            hints["arithmetic"] = Hint("exact on this grid", enabled=False)
        if not self.antialias and not self._reduces(source):
            hints["antialias"] = Hint("only matters when reducing", enabled=False)
        if not self.reducing_gap and not self._reduces(source):
            hints["reducing_gap"] = Hint("only matters when reducing", enabled=False)
        return hints


@dataclass(frozen=True)
class LinearResize(KernelResize):
    """A resize with the triangle kernel."""

    def reconstruction(self) -> Reconstruction:
        return TRIANGLE
