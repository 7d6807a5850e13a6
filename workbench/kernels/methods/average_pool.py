"""Average-pooling: the mean of each window.

Source: ``torch.nn.functional.avg_pool2d``; the divisor is the window clipped to the padded image, or to the image
(``count_include_pad`` off, the ONNX default), or given.
"""

from __future__ import annotations

from typing import Annotated

from workbench.kernels.method import SourceSpec, method
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.separable import Separable
from workbench.kernels.params import Param
from workbench.kernels.placement import Placement
from workbench.kernels.pooling import average_table
from workbench.kernels.weights import pair_text
from workbench.kernels.window_method import WindowMethod


@method(
    "average_pool",
    name="Average-pool",
    short="Avg-pool",
    family="Forward operations",
    formula="y[i] = mean of x over window i",
    role="forward",
)
class AveragePool(WindowMethod):
    """Replaces each window by its mean."""

    count_include_pad: Annotated[
        bool, Param("Count padding", help="Padded zeros count in the divisor.", advanced=True)
    ] = True
    divisor: Annotated[int, Param("Divisor", ge=0, le=4096, help="0: the size of the window.", advanced=True)] = 0

    def operator(self, source: SourceSpec) -> LinearOperator:
        axes = self.windows.axes(source.shape)
        # A given divisor belongs to the whole window: one axis carries it, the other only sums.
        divisors = (1, self.divisor) if self.divisor else (None, None)
        rows, cols = (
            average_table(axis, include_padding=self.count_include_pad, divisor=divisor)
            for axis, divisor in zip(axes, divisors, strict=True)
        )
        stride = self.windows.stride
        made = Separable(rows, cols, Placement((float(stride[0]), float(stride[1]))))
        made.sampling = self.windows.sampling
        return made

    def summary(self) -> str:
        return f"{pair_text(self.kernel)} px windows, {pair_text(self.stride or self.kernel)} apart"
