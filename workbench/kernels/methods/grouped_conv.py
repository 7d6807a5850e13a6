"""Convolution over channels: each output channel sums over all input channels of its group.

Source: ``y[o][i] = Σ_c Σ_a w[o, c][a]·x[c][i·s + a·d − p]``, weights (C_out, C_in ÷ g, kH, kW) as in
``torch.nn.functional.conv2d`` and ONNX Conv.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated

from workbench.kernels.channel_weights import ChannelMethod, ChannelPreset, Nested, WeightsKind
from workbench.kernels.errors import ParameterError
from workbench.kernels.method import SourceSpec, method
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.channels import ChannelConvolution
from workbench.kernels.operators.stencil_conv import Convolution
from workbench.kernels.params import Param


@method(
    "grouped_conv",
    name="Convolution over channels",
    short="Conv ch.",
    family="Forward operations",
    formula="y[o][i] = Σ w[o, c][a]·x[c][i·s + a·d − p]",
    role="forward",
)
class GroupedConv(ChannelMethod):
    """Sums the pixels of all channels of a group under a sliding kernel."""

    weights: Annotated[
        ChannelPreset | Nested,
        Param("Weights", help="By name, or a table (C_out, C_in ÷ groups, rows, columns), also from a .npy file."),
        WeightsKind(ChannelPreset, ("C_out", "C_in ÷ groups", "rows", "columns"), (4,)),
    ] = ChannelPreset.BILINEAR

    inputs_first = False

    def operator(self, source: SourceSpec) -> LinearOperator:
        kernels, end = self.kernels(source), self.padding_end or self.padding
        for n, k, p, q, d in zip(source.shape, kernels.shape[2:], self.padding, end, self.dilation, strict=True):
            if n + p + q < d * (k - 1) + 1:
                rule = f"must fit into the padded image: {d * (k - 1) + 1} pixels wide, not into {n + p + q}"
                raise ParameterError("weights", rule)
        layer = partial(
            Convolution,
            source.shape,
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            padding_end=end,
        )
        return ChannelConvolution(layer, kernels, self.groups, self.offset)

    def summary(self) -> str:
        return f"{self.size_text()} · {self.weights_text()}"
