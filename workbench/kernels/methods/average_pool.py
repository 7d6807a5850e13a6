"""Average-pooling: the mean of each window.

Source: ``torch.nn.functional.avg_pool2d``; the divisor is the window clipped to the padded image, or to the image
(``count_include_pad`` off, the ONNX default), or given.
"""

from __future__ import annotations

from typing import Annotated

from workbench.kernels.method import Method, SourceSpec, method
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.separable import Separable
from workbench.kernels.params import Pair, Param, Size
from workbench.kernels.placement import Placement
from workbench.kernels.pooling import average_table, checked_pool
from workbench.kernels.weights import pair_text


@method(
    "average_pool",
    name="Average-pool",
    short="Avg-pool",
    family="Forward operations",
    formula="y[i] = mean of x over window i",
    role="forward",
)
class AveragePool(Method):
    """Replaces each window by its mean."""

    kernel: Annotated[Pair, Param("Window", unit="px", ge=1, le=64, help="Rows x columns of a window.")] = (
        2,
        2,
    )
    stride: Annotated[Size, Param("Stride", unit="px", ge=1, le=64, help="Default: the window.")] = None
    padding: Annotated[Pair, Param("Padding", unit="px", ge=0, le=32, help="Zeros around the image.")] = (
        0,
        0,
    )
    ceil_mode: Annotated[bool, Param("Ceil mode", help="Keep a last window that only partly fits.", advanced=True)] = (
        False
    )
    count_include_pad: Annotated[
        bool, Param("Count padding", help="Padded zeros count in the divisor.", advanced=True)
    ] = True
    divisor: Annotated[int, Param("Divisor", ge=0, le=4096, help="0: the size of the window.", advanced=True)] = 0

    def operator(self, source: SourceSpec) -> LinearOperator:
        stride = self.stride or self.kernel
        checked_pool(source.shape, self.kernel, stride, self.padding, (1, 1), self.ceil_mode)
        # A given divisor belongs to the whole window: one axis carries it, the other only sums.
        divisors = (1, self.divisor) if self.divisor else (None, None)
        rows, cols = (
            average_table(n, k, s, p, ceil_mode=self.ceil_mode, include_padding=self.count_include_pad, divisor=divisor)
            for n, k, s, p, divisor in zip(source.shape, self.kernel, stride, self.padding, divisors, strict=True)
        )
        return Separable(rows, cols, Placement((float(stride[0]), float(stride[1]))))

    def summary(self) -> str:
        return f"{pair_text(self.kernel)} px windows, {pair_text(self.stride or self.kernel)} apart"
