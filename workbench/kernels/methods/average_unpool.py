"""Average-unpooling: every value fills the window it came from.

Source: the pseudo-inverse of average-pooling (``replicate``: every pixel of the window takes the value), or its
transpose (``adjoint``: the value divided by the size of the window, as in a gradient). Where windows overlap,
``replicate`` takes the mean of those that cover a pixel, ``adjoint`` their sum; under no window there are zeros.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Annotated

from workbench.kernels.arrays import Shape
from workbench.kernels.errors import ParameterError
from workbench.kernels.method import Hint, SourceSpec, method
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.separable import Separable
from workbench.kernels.params import Param, Size
from workbench.kernels.placement import Placement
from workbench.kernels.pooling import spread_table
from workbench.kernels.weights import pair_text
from workbench.kernels.window_method import WindowMethod


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
class AverageUnpool(WindowMethod):
    """Fills each window with the value that was its mean."""

    fill: Annotated[
        Fill, Param("Fill", help="replicate: the value itself; adjoint: the value ÷ size of the window.")
    ] = Fill.REPLICATE
    plane: Annotated[
        Size,
        Param(
            "Plane",
            unit="px",
            ge=1,
            le=1 << 20,
            help="Rows x columns that were pooled. Default: as many as the windows cover.",
            advanced=True,
        ),
    ] = None
    count_include_pad: Annotated[
        bool, Param("Count padding", help="adjoint: padded zeros counted in the divisor.", advanced=True)
    ] = True
    divisor: Annotated[
        int, Param("Divisor", ge=0, le=4096, help="adjoint: divide by this; 0: the size of the window.", advanced=True)
    ] = 0

    def operator(self, source: SourceSpec) -> LinearOperator:
        windows = self.windows
        axes = windows.axes(self.plane or self._natural(source.shape))
        if (axes[0].count, axes[1].count) != source.shape:
            pooled, given = f"{axes[0].count}×{axes[1].count}", f"{source.shape[0]}×{source.shape[1]}"
            name = "plane" if self.plane else "padding"
            raise ParameterError(name, f"must be what was pooled to {given}; these windows pool it to {pooled}")
        divisors = (1, self.divisor) if self.divisor else (None, None)
        mean, padded = self.fill is Fill.REPLICATE, self.count_include_pad
        rows, cols = (
            spread_table(axis, mean=mean, include_padding=padded, divisor=divisor)
            for axis, divisor in zip(axes, divisors, strict=True)
        )
        made = Separable(rows, cols, Placement((1 / windows.stride[0], 1 / windows.stride[1])))
        made.sampling = windows.sampling.inverse()
        return made

    def _natural(self, shape: Shape) -> Shape:
        """The smallest plane that so many windows cover."""
        windows = self.windows
        sizes = [
            (n - 1) * s + reach - p - q
            for n, s, reach, p, q in zip(
                shape,
                windows.stride,
                windows.extent,
                windows.padding,
                windows.padding_end or windows.padding,
                strict=True,
            )
        ]
        if min(sizes) < 1:
            raise ParameterError("padding", f"must leave a pixel of the plane, which would be {sizes[0]}×{sizes[1]}")
        return (sizes[0], sizes[1])

    def hints(self, source: SourceSpec | None) -> Mapping[str, Hint]:
        divided = self.fill is Fill.ADJOINT
        return {"count_include_pad": Hint(visible=divided), "divisor": Hint(visible=divided)}

    def summary(self) -> str:
        kernel = self.kernel
        stride = "" if self.stride in (None, kernel) else f" s{pair_text(self.stride)}"
        return f"{kernel[0]}×{kernel[1]}{stride} · {self.fill.value}"
