"""What the poolings and average-unpooling share: the fields that say how windows lie on a plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from workbench.kernels.method import Method
from workbench.kernels.params import Pair, Param, Size
from workbench.kernels.pooling import Windows


@dataclass(frozen=True)
class WindowMethod(Method):
    """A method that works window by window."""

    kernel: Annotated[Pair, Param("Window", unit="px", ge=1, le=64, help="Rows x columns of a window.")] = (2, 2)
    stride: Annotated[Size, Param("Stride", unit="px", ge=1, le=64, help="Default: the window.")] = None
    padding: Annotated[
        Pair,
        Param("Padding", unit="px", ge=0, le=63, help="Around the image; it never wins a maximum, and is 0 in a mean."),
    ] = (0, 0)
    padding_end: Annotated[
        Size,
        Param(
            "Padding at the end",
            unit="px",
            ge=0,
            le=63,
            help="After the last row and column. Default: as before the first, then at most half the window.",
            advanced=True,
        ),
    ] = None
    dilation: Annotated[
        Pair, Param("Dilation", unit="px", ge=1, le=64, help="From one tap to the next.", advanced=True)
    ] = (1, 1)
    ceil_mode: Annotated[bool, Param("Ceil mode", help="Keep a last window that only partly fits.", advanced=True)] = (
        False
    )

    @property
    def windows(self) -> Windows:
        """How the windows lie."""
        stride = self.stride or self.kernel
        return Windows(self.kernel, stride, self.padding, self.padding_end, self.dilation, self.ceil_mode)
