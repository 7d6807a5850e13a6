"""Pixel unshuffle: r × r pixels become channels of one pixel. Also called space to depth.

Source: ``torch.nn.PixelUnshuffle`` (CRD), ONNX SpaceToDepth (DCR by default): the inverse of the pixel shuffle, which
is a permutation, and so its transpose.
"""

from __future__ import annotations

from typing import Annotated

from workbench.kernels.errors import ParameterError
from workbench.kernels.method import Method, SourceSpec, method
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.channels import Order, PixelUnshuffle
from workbench.kernels.params import Param


@method(
    "pixel_unshuffle",
    name="Pixel unshuffle",
    short="Unshuffle",
    family="Forward operations",
    formula="y[c·r² + i·r + j, h, w] = x[c, h·r + i, w·r + j]",
    role="forward",
)
class PixelUnshuffleMethod(Method):
    """Moves the pixels of each r × r cell into channels; a pixel shuffle brings them back."""

    factor: Annotated[int, Param("Factor r", unit="×", ge=1, le=16, help="Side of a cell.")] = 2
    order: Annotated[
        Order,
        Param("Order of channels", help="crd: channel, row, column (torch); dcr: row, column, channel (TensorFlow)."),
    ] = Order.CRD

    def operator(self, source: SourceSpec) -> LinearOperator:
        for n in source.shape:
            if n % self.factor:
                raise ParameterError("factor", f"must divide both sides of {source.shape}, not be {self.factor}")
        return PixelUnshuffle(source.shape, source.channels or 1, self.factor, self.order)

    def summary(self) -> str:
        return f"÷{self.factor} · {self.order.value.upper()}"
