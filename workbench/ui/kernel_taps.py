"""Which taps of a transposed convolution's kernel made one output pixel."""

from __future__ import annotations

from workbench.kernels.arrays import Shape
from workbench.kernels.methods.transposed_conv import TransposedConv


def lit_taps(method: TransposedConv, shape: Shape, pixel: tuple[int, int]) -> frozenset[tuple[int, int]]:
    """The taps whose stamp reaches an output pixel, from ``i·s + a·d − p = o``; none where the layer is repeated.

    Parameters
    ----------
    method : TransposedConv
    shape : (int, int)
        Height and width of the input.
    pixel : (int, int)
        Row and column of the output.
    """
    if method.repeat != 1:
        return frozenset()
    axes = []
    for n, k, s, p, d, o in zip(
        shape, method.kernel_shape, method.stride, method.padding, method.dilation, pixel, strict=True
    ):
        places = [(o + p - a * d, a) for a in range(k)]
        axes.append([a for place, a in places if place % s == 0 and 0 <= place // s < n])
    return frozenset((row, col) for row in axes[0] for col in axes[1])
