"""Resize-convolution: first enlarge, then convolve; the learned layer that draws no checkerboard.

Source: Odena, Dumoulin & Olah, Deconvolution and checkerboard artifacts (2016): y = w ⋆ resize(x). With nearest by a
whole factor s it is one transposed convolution of kernel ones(s×s) ⊛ flip(w), all of whose phase sums are Σw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import Enum
from typing import Annotated

import numpy as np

from workbench.kernels.coordinates import AxisMap, Grid
from workbench.kernels.errors import ParameterError
from workbench.kernels.method import Hint, SourceSpec, method
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.chained import ResizedConvolution
from workbench.kernels.operators.separable import Separable
from workbench.kernels.operators.stencil_conv import Convolution
from workbench.kernels.params import Param
from workbench.kernels.placement import Placement
from workbench.kernels.reconstruction import TRIANGLE, Reconstruction, keys, lanczos
from workbench.kernels.resampling import Edge, Tie, nearest_table, resampling_table
from workbench.kernels.resize import Resize
from workbench.kernels.tables import AxisTable
from workbench.kernels.weights import KernelKind, KernelPreset, Table, WeightedMethod, pair_text


class Interpolation(Enum):
    """How the image is enlarged before the convolution."""

    NEAREST = "nearest"
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"
    LANCZOS = "lanczos"


class Border(Enum):
    """What the convolution finds beyond the enlarged image."""

    ZERO = "zero"
    REPLICATE = "replicate"


_KERNELS: dict[Interpolation, Reconstruction] = {
    Interpolation.BILINEAR: TRIANGLE,
    Interpolation.BICUBIC: keys(-0.75),
    Interpolation.LANCZOS: lanczos(3),
}


@method(
    "resize_conv",
    name="Resize-convolution",
    short="Resize-cv",
    family="Learned layers",
    formula="y[i] = Σ w[a]·u[i + a − (k−1)/2],  u = x enlarged",
)
class ResizeConv(WeightedMethod, Resize):
    """Enlarges with a fixed rule, then slides a small kernel over the result."""

    kernel: Annotated[
        KernelPreset | Table,
        Param("Kernel", help="Weights by name, as a table, or from a .npy file; an odd number of rows and columns."),
        KernelKind(),
    ] = KernelPreset.GAUSSIAN
    interpolation: Annotated[
        Interpolation, Param("Enlarge by", help="What comes before the convolution, on the half-pixel grid.")
    ] = Interpolation.NEAREST
    border: Annotated[Border, Param("Border", help="What the kernel finds beyond the enlarged image.")] = Border.ZERO

    def check(self) -> None:
        for k in self.kernel_shape:
            if k % 2 == 0:
                own = self.kernel_shape != self.kernel_size
                raise ParameterError("kernel" if own else "kernel_size", f"must be odd on both axes, not {k}")

    def axis_table(self, axis: AxisMap) -> AxisTable:
        if self.interpolation is Interpolation.NEAREST:
            return nearest_table(axis, Tie.UP)
        return resampling_table(axis, _KERNELS[self.interpolation], edge=Edge.REPLICATE)

    def operator(self, source: SourceSpec) -> LinearOperator:
        kernel = self.weights()
        reach = ((kernel.shape[0] - 1) // 2, (kernel.shape[1] - 1) // 2)
        axes = self.axis_maps(source, Grid.HALF_PIXEL)
        rows, cols = (self.axis_table(axis) for axis in axes)
        # The output stands where the enlarged image does, whatever was added around that.
        placement = Placement((rows.n_in / rows.n_out, cols.n_in / cols.n_out))
        if self.border is Border.REPLICATE:
            rows, cols = _widened(rows, reach[0]), _widened(cols, reach[1])
            reach = (0, 0)
        enlarged = Separable(rows, cols, placement)
        made = ResizedConvolution(Convolution(enlarged.out_shape, kernel, padding=reach), enlarged)
        (height, top), (width, left) = (axis.sampled for axis in axes)
        made.sampling = Placement.sampling((height, width), (top, left))
        return made

    def summary(self) -> str:
        return f"{self.size_text()} {self.interpolation.value} · k{pair_text(self.kernel_shape)} {self.kernel_text()}"

    def hints(self, source: SourceSpec | None) -> Mapping[str, Hint]:
        return {**Resize.hints(self, source), **WeightedMethod.hints(self, source)}


def _widened(table: AxisTable, count: int) -> AxisTable:
    """The same axis with its first and last outputs repeated."""
    outputs = np.clip(np.arange(-count, table.n_out + count), 0, table.n_out - 1)
    return replace(table, start=table.start[outputs], weights=table.weights[outputs], virtual=None)
