"""Transposed convolution over channels: each output channel adds stamps of all input channels of its group.

Source: ``y[o][i·s + a·d − p] += w[c, o][a]·x[c][i]``, weights (C_in, C_out ÷ g, kH, kW) as in
``torch.nn.functional.conv_transpose2d`` and ONNX ConvTranspose; input channel c feeds group ⌊c·g / C_in⌋.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated

from workbench.kernels.channel_weights import ChannelMethod
from workbench.kernels.errors import ParameterError
from workbench.kernels.method import SourceSpec, method
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.channels import ChannelConvolution
from workbench.kernels.operators.stencil_conv import TransposedConvolution
from workbench.kernels.params import Pair, Param


@method(
    "grouped_transposed_conv",
    name="Transposed conv over channels",
    short="T-conv ch.",
    family="Learned layers",
    formula="y[o][i·s + a·d − p] += w[c, o][a]·x[c][i]",
)
class GroupedTransposedConv(ChannelMethod):
    """Adds stamps of all channels of a group, stride pixels apart: a decoder's layer with its own weights."""

    output_padding: Annotated[
        Pair,
        Param("Output padding", unit="px", ge=0, le=63, help="Rows and columns un-cropped at the far side; not zeros."),
    ] = (0, 0)

    def check(self) -> None:
        for op, s, d in zip(self.output_padding, self.stride, self.dilation, strict=True):
            if op >= max(s, d):
                rule = f"must be below {max(s, d)}, the larger of stride and dilation, not {op}"
                raise ParameterError("output_padding", rule)

    def operator(self, source: SourceSpec) -> LinearOperator:
        kernels, end = self.kernels(source), self.padding_end or self.padding
        for n, k, s, p, q, d, op in zip(
            source.shape, kernels.shape[2:], self.stride, self.padding, end, self.dilation, self.output_padding,
            strict=True,
        ):  # fmt: skip
            size = (n - 1) * s - p - q + d * (k - 1) + 1 + op
            if size < 1:
                rule = f"must leave an output pixel; {p} and {q} leave {size} of {size + p + q}"
                raise ParameterError("padding", rule)
        layer = partial(
            TransposedConvolution,
            source.shape,
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            output_padding=self.output_padding,
            padding_end=end,
        )
        return ChannelConvolution(layer, kernels, self.groups, self.offset)

    def summary(self) -> str:
        return f"{self.size_text()} · {self.weights_text()}"
