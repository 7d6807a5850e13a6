"""Transposed convolution: every input pixel adds a stamp of the kernel to the output.

Source: ``y[i·s + a·d − p] += w[a]·x[i]``, no flip: the transpose Cᵀ of the convolution C with the same numbers, not its
inverse. Size (n−1)s − 2p + d(k−1) + 1 + output padding. Equal to ``torch.nn.functional.conv_transpose2d``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from workbench.kernels.errors import ParameterError
from workbench.kernels.method import Hint, SourceSpec, method
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.chained import StencilChain
from workbench.kernels.operators.stencil_conv import TransposedConvolution
from workbench.kernels.params import Pair, Param
from workbench.kernels.weights import KernelMethod


@method(
    "transposed_conv",
    name="Transposed conv",
    short="T-conv",
    family="Learned layers",
    formula="y[i·s + a·d − p] += w[a]·x[i]",
)
class TransposedConv(KernelMethod):
    """Adds a stamp of the kernel for every input pixel, stride pixels apart: the transpose of a convolution."""

    output_padding: Annotated[
        Pair,
        Param(
            "Output padding",
            unit="px",
            ge=0,
            le=63,
            help="Rows and columns un-cropped at the far side; not zeros.",
        ),
    ] = (0, 0)
    repeat: Annotated[int, Param("Repeat", unit="×", ge=1, le=4, help="The same layer several times over.")] = 1

    def check(self) -> None:
        for op, s, d in zip(self.output_padding, self.stride, self.dilation, strict=True):
            if op >= max(s, d):
                raise ParameterError(
                    "output_padding",
                    f"must be below {max(s, d)}, the larger of stride and dilation, not {op}",
                )

    def operator(self, source: SourceSpec) -> LinearOperator:
        made: TransposedConvolution | StencilChain = self._layer(source.shape)
        for _ in range(self.repeat - 1):
            made = StencilChain(self._layer(made.out_shape), made)
        return made

    def _layer(self, shape: tuple[int, int]) -> TransposedConvolution:
        kernel = self.weights()
        end = self.padding_end or self.padding
        for n, k, s, p, q, d, op in zip(
            shape, kernel.shape, self.stride, self.padding, end, self.dilation, self.output_padding, strict=True
        ):
            size = (n - 1) * s - p - q + d * (k - 1) + 1 + op
            if size < 1:
                crop = f"{p} on each side" if p == q else f"{p} and {q}"
                raise ParameterError("padding", f"must leave an output pixel; {crop} leaves {size} of {size + p + q}")
        return TransposedConvolution(shape, kernel, self.stride, self.padding, self.dilation, self.output_padding, end)

    def summary(self) -> str:
        times = {1: f" p{self.padding_text()}", 2: " twice"}.get(self.repeat, f" {self.repeat} times")
        return f"{self.size_text()}{times} · {self.kernel_text()}"

    def hints(self, source: SourceSpec | None) -> Mapping[str, Hint]:
        hints = dict(super().hints(source))
        if self.stride == (1, 1) == self.dilation:
            hints["output_padding"] = Hint("fixed at 0 for stride 1", enabled=False)
        return hints
