"""Average-unpooling: every value fills the window it came from.

Source: the pseudo-inverse of average-pooling (``replicate``: every pixel of the window takes the value), or its
transpose (``adjoint``: the value divided by the size of the window, as in a gradient).
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from workbench.kernels.method import Method, SourceSpec, method
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.separable import Separable
from workbench.kernels.params import Pair, Param, Size
from workbench.kernels.placement import Placement
from workbench.kernels.pooling import spread_table
from workbench.kernels.weights import pair_text


class Fill(Enum):
    """What a window takes of its value."""

    REPLICATE = "replicate"
    ADJOINT = "adjoint"


@method(
    "average_unpool",
    name="Average-unpool",
    short="Avg-unpool",
    family="Unpooling",
    formula="y[o] = x[window of o]",
)
class AverageUnpool(Method):
    """Fills each window with the value that was its mean."""

    kernel: Annotated[Pair, Param("Window", unit="px", ge=1, le=64, help="Rows x columns of a window.")] = (
        2,
        2,
    )
    stride: Annotated[
        Size,
        Param(
            "Stride",
            unit="px",
            ge=1,
            le=64,
            help="Default: the window. Where windows overlap: their mean, or sum.",
        ),
    ] = None
    fill: Annotated[
        Fill, Param("Fill", help="replicate: the value itself; adjoint: the value ÷ size of the window.")
    ] = Fill.REPLICATE

    def operator(self, source: SourceSpec) -> LinearOperator:
        stride = self.stride or self.kernel
        rows, cols = (
            spread_table(n, k, s, mean=self.fill is Fill.REPLICATE)
            for n, k, s in zip(source.shape, self.kernel, stride, strict=True)
        )
        return Separable(rows, cols, Placement((1 / stride[0], 1 / stride[1])))

    def summary(self) -> str:
        kernel = self.kernel
        stride = "" if self.stride in (None, kernel) else f" s{pair_text(self.stride)}"
        return f"{kernel[0]}×{kernel[1]}{stride} · {self.fill.value}"
