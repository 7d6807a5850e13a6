"""A transposed convolution drawn twice: the stamps that sources leave, and the kernel over a stuffed source.

Source: Dumoulin & Visin (2016). Scatter: source i adds x·w[a] at output i·s + a·d − p. Gather: the source with s − 1
zeros between its samples, read by the flipped kernel. Both give the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Pixel
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.composed import Composed
from workbench.kernels.operators.stencil_conv import Convolution, StencilOperator, TransposedConvolution

Ints = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Stamp:
    """Where one source pixel writes.

    Parameters
    ----------
    rows, cols : (n,) int
        Output places of all taps, those beyond the output included.
    weights : (n,) float64
    inside : (n,) bool
        Whether the output has that place.
    """

    rows: Ints
    cols: Ints
    weights: Floats
    inside: npt.NDArray[np.bool_]

    @property
    def cropped(self) -> int:
        return int(np.count_nonzero(~self.inside))

    def text(self) -> str:
        """``cropped: 3 of 9 taps``; empty where nothing is."""
        return f"cropped: {self.cropped} of {len(self.weights)} taps" if self.cropped else ""


@dataclass(frozen=True, slots=True, eq=False)
class Hollow:
    """The taps of a gather that land on the zeros between the samples of a stuffed source.

    Parameters
    ----------
    ys, xs : (n,) float
        Their places in source pixels, centres on integers; fractional between samples.
    weights : (n,) float64
    """

    ys: Floats
    xs: Floats
    weights: Floats


def stamp_of(operator: LinearOperator, source: Pixel) -> Stamp | None:
    """Where a source pixel's stamp falls; None for operators that do not stamp."""
    if not isinstance(operator, TransposedConvolution):
        return None
    a, b = np.indices(operator.kernel.shape)
    rows, cols = (
        (source[k] * operator.stride[k] + tap * operator.dilation[k] - operator.padding[k]).ravel()
        for k, tap in enumerate((a, b))
    )
    inside = (rows >= 0) & (rows < operator.out_shape[0]) & (cols >= 0) & (cols < operator.out_shape[1])
    return Stamp(rows, cols, operator.kernel.ravel().astype(np.float64), inside)


def hollow_taps(operator: LinearOperator, output: Pixel) -> Hollow | None:
    """The taps of an output pixel that land on stuffed zeros; None for operators that do not stamp."""
    if not isinstance(operator, TransposedConvolution):
        return None
    a, b = np.indices(operator.kernel.shape)
    ways = [(output[k] + operator.padding[k] - tap * operator.dilation[k]).ravel() for k, tap in enumerate((a, b))]
    whole, within = np.ones(len(ways[0]), bool), np.ones(len(ways[0]), bool)
    for k, way in enumerate(ways):
        whole &= way % operator.stride[k] == 0
        within &= (way >= 0) & (way <= (operator.in_shape[k] - 1) * operator.stride[k])
    hollow = within & ~whole
    ys, xs = (way[hollow] / operator.stride[k] for k, way in enumerate(ways))
    return Hollow(ys, xs, operator.kernel.ravel()[hollow].astype(np.float64))


@dataclass(frozen=True, slots=True)
class TapUse:
    """All pairs of source and output that use one tap of a kernel.

    Parameters
    ----------
    weight : float
    sources, outputs : (range, range)
        Rows and columns, stepped where only every s-th pixel takes part.
    cropped : int
        Pairs that are cut off: their output, or their source, does not exist.
    """

    weight: float
    sources: tuple[range, range]
    outputs: tuple[range, range]
    cropped: int

    @property
    def count(self) -> int:
        """How many pairs use the tap."""
        return len(self.outputs[0]) * len(self.outputs[1])

    def text(self) -> str:
        """``used 9 times, 3 cropped``."""
        times = "once" if self.count == 1 else f"{self.count} times"
        return f"used {times}, {self.cropped} cropped"


def tap_use(operator: LinearOperator, tap: tuple[int, int]) -> TapUse | None:
    """Who uses a tap of the kernel; None where there is no single kernel.

    Of an enlargement with a convolution behind it, the pairs are those of the convolution, told by their outputs; the
    sources are all that the enlarged pixels come from.
    """
    if isinstance(operator, Composed) and isinstance(operator.outer, Convolution):
        use = tap_use(operator.outer, tap)
        if use is None or isinstance(operator.inner, StencilOperator):
            return None
        height, width = operator.in_shape
        return TapUse(use.weight, (range(height), range(width)), use.outputs, use.cropped)
    if not isinstance(operator, StencilOperator):
        return None
    if tap[0] >= operator.kernel.shape[0] or tap[1] >= operator.kernel.shape[1]:
        return None
    # The small plane is strided over the large one: small·s + a·d − p = large, whichever of them is the output.
    scatters = isinstance(operator, TransposedConvolution)
    small, large = (operator.in_shape, operator.out_shape) if scatters else (operator.out_shape, operator.in_shape)
    counted, stamped = [], []
    for k in (0, 1):
        shift = tap[k] * operator.dilation[k] - operator.padding[k]
        s = operator.stride[k]
        first = max(0, -(shift // s))
        last = min(small[k] - 1, (large[k] - 1 - shift) // s)
        counted.append(range(first, last + 1))
        stamped.append(range(first * s + shift, last * s + shift + 1, s) if last >= first else range(0))
    near, far = (counted[0], counted[1]), (stamped[0], stamped[1])
    cropped = small[0] * small[1] - len(near[0]) * len(near[1])
    weight = float(operator.kernel[tap])
    return TapUse(weight, near, far, cropped) if scatters else TapUse(weight, far, near, cropped)
