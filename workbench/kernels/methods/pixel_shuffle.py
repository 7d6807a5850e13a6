"""Pixel shuffle: channels, or the answers of r² small kernels, laid out as pixels. Also called depth to space.

Source: Shi et al. (2016). Alone: CRD (torch, ONNX ``CRD``) out[c, h·r+i, w·r+j] = in[c·r² + i·r + j, h, w]; DCR
(TensorFlow, default of ONNX) in[(i·r + j)·C + c, h, w]. After a convolution it is a transposed convolution whose kernel
is woven of the sub-kernels (see `subpixel`).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import partial
from typing import Annotated

import numpy as np

from workbench.kernels.channel_weights import Floats, Nested, WeightsKind
from workbench.kernels.errors import ParameterError
from workbench.kernels.method import Hint, Method, SourceSpec, method
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.channels import ChannelConvolution, Order, PixelShuffle
from workbench.kernels.operators.stencil_conv import TransposedConvolution
from workbench.kernels.params import Pair, Param
from workbench.kernels.subpixel import by_output, crops, icnr, linear, woven
from workbench.kernels.weights import MAX_KERNEL, pair_text


class SubKernels(Enum):
    """The convolution before the shuffle, by name."""

    ICNR = "icnr"
    RANDOM = "random"
    BILINEAR = "bilinear"
    NONE = "none"


@method(
    "pixel_shuffle",
    name="Pixel shuffle",
    short="Shuffle",
    family="Learned layers",
    formula="y[c, h·r + i, w·r + j] = x[c·r² + i·r + j, h, w]",
)
class PixelShuffleMethod(Method):
    """Makes r × r pixels of each pixel's channels, or of r² small kernels at each pixel."""

    factor: Annotated[int, Param("Factor r", unit="×", ge=1, le=16, help="Side of the cell made of each pixel.")] = 2
    kernels: Annotated[
        SubKernels | Nested,
        Param(
            "Sub-kernels",
            help="icnr: all r² alike; random: each its own; none: the source's channels. Or a table (r², rows, "
            "columns), or of a convolution (C_out·r², C_in, rows, columns).",
        ),
        WeightsKind(SubKernels, ("C_out·r²", "C_in", "rows", "columns"), (3, 4)),
    ] = SubKernels.ICNR
    kernel_size: Annotated[
        Pair, Param("Kernel size", unit="px", ge=1, le=15, help="Rows x columns of sub-kernels given by name.")
    ] = (3, 3)
    seed: Annotated[
        int, Param("Seed", ge=0, le=2**31 - 1, help="Positive random weights; a flat image keeps its level on average.")
    ] = 0
    order: Annotated[
        Order,
        Param("Order of channels", help="crd: channel, row, column (torch); dcr: row, column, channel (TensorFlow)."),
    ] = Order.CRD

    def check(self) -> None:
        if isinstance(self.kernels, SubKernels):
            return
        shape, cells = np.array(self.kernels).shape, self.factor**2
        if shape[0] % cells or (len(shape) == 3 and shape[0] != cells):
            rule = f"must hold {cells} = {self.factor}² for each channel out, not {shape[0]}"
            raise ParameterError("kernels", rule)
        if max(shape[-2:]) * self.factor > MAX_KERNEL * 4:
            rule = f"must be at most {MAX_KERNEL * 4 // self.factor} pixels wide at this factor, not {max(shape[-2:])}"
            raise ParameterError("kernels", rule)

    def operator(self, source: SourceSpec) -> LinearOperator:
        r = self.factor
        table = self._table()
        if table is None:
            channels = source.channels or r * r
            if channels % (r * r):
                rule = f"{r} needs channels in multiples of {r * r} and the source has {channels}; or give sub-kernels"
                raise ParameterError("factor", rule)
            return PixelShuffle(source.shape, channels // (r * r), r, self.order)
        kernel = (table.shape[-2], table.shape[-1])
        near, far = crops(kernel, r)
        layer = partial(TransposedConvolution, source.shape, stride=(r, r), padding=near, padding_end=far)
        if table.ndim == 3:
            return layer(woven(table, r))
        if source.channels is not None and source.channels != table.shape[1]:
            rule = f"must be for the {source.channels} channels of the source, not {table.shape[1]}"
            raise ParameterError("kernels", rule)
        return ChannelConvolution(layer, woven(by_output(table, r, self.order), r))

    def _table(self) -> Floats | None:
        """The sub-kernels as numbers, (r², kh, kw) or (C_out·r², C_in, kh, kw); None to shuffle alone."""
        r, noise = self.factor, np.random.default_rng(self.seed)
        match self.kernels:
            case SubKernels.NONE:
                return None
            case SubKernels.BILINEAR:
                return linear(r)
            case SubKernels.ICNR:
                kernel = noise.random(self.kernel_size)
                return icnr(kernel / kernel.sum(), r)
            case SubKernels.RANDOM:
                kernels = noise.random((r * r, *self.kernel_size))
                return np.asarray(kernels / kernels.sum() * r * r)
            case table:
                return np.array(table)

    def summary(self) -> str:
        if not isinstance(self.kernels, SubKernels):
            return f"×{self.factor} · own sub-kernels"
        if self.kernels in (SubKernels.NONE, SubKernels.BILINEAR):
            words = "channels alone" if self.kernels is SubKernels.NONE else "bilinear"
            order = f" · {self.order.value.upper()}" if self.kernels is SubKernels.NONE else ""
            return f"×{self.factor} · {words}{order}"
        name = "ICNR" if self.kernels is SubKernels.ICNR else "random"
        return f"×{self.factor} · k{pair_text(self.kernel_size)} {name}"

    def hints(self, source: SourceSpec | None) -> Mapping[str, Hint]:
        drawn = self.kernels in (SubKernels.ICNR, SubKernels.RANDOM)
        mixed = self.kernels is SubKernels.NONE or (
            not isinstance(self.kernels, SubKernels) and np.ndim(self.kernels) == 4
        )
        return {
            "kernel_size": Hint(visible=drawn),
            "seed": Hint(visible=drawn),
            "order": Hint(visible=mixed),
        }
