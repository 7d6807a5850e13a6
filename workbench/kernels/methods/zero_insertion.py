"""Zero insertion: every input pixel keeps its place, zeros between.

Source: the first half of every strided transposed convolution; y[i·s] = x[i].
"""

from __future__ import annotations

from typing import Annotated

import numpy as np

from workbench.kernels.method import Method, SourceSpec, method
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.stencil_conv import TransposedConvolution
from workbench.kernels.params import Pair, Param
from workbench.kernels.weights import pair_text


@method(
    "zero_insertion",
    name="Zero insertion",
    short="Zeros",
    family="Learned layers",
    formula="y[i·s] = x[i], 0 elsewhere",
)
class ZeroInsertion(Method):
    """Puts stride − 1 zeros between neighbouring pixels."""

    stride: Annotated[Pair, Param("Stride", unit="px", ge=1, le=64, help="Pixels from one value to the next.")] = (2, 2)

    def operator(self, source: SourceSpec) -> LinearOperator:
        padding = (self.stride[0] - 1, self.stride[1] - 1)
        return TransposedConvolution(source.shape, np.ones((1, 1)), self.stride, output_padding=padding)

    def summary(self) -> str:
        return f"s{pair_text(self.stride)}"
