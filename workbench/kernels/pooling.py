"""Pooling along windows, max-pooling that remembers where each maximum stood, and the way back.

Source: torch.nn.functional.max_pool2d with ``return_indices=True``, avg_pool2d; ONNX MaxPool, AveragePool. Windows
m = ⌊(n + p₀ + p₁ − d(k−1) − 1)/s⌋ + 1; with ``ceil_mode`` ⌈·⌉, less one that would begin beyond the image.

Convention
    An index is ``y·W + x`` in the unpadded plane, restarting for every channel. Ties go to the first in row-major
    order; a NaN wins, and of several the last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Pixel, Shape, as_image, shape_of
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines import Engine, default_engine
from workbench.kernels.errors import InvalidIndices, ParameterError
from workbench.kernels.params import Pair
from workbench.kernels.placement import Placement
from workbench.kernels.tables import AxisTable, table_from_rows

Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class PoolingRecord:
    """Where a max-pooling took its values from.

    Parameters
    ----------
    plane : (int, int)
        The plane that was pooled, without padding.
    indices : (h, w) or (h, w, c) int
        Flat index of each maximum in that plane.
    windows : Windows, optional
        How it was pooled; None for indices that were typed in.

    Raises
    ------
    InvalidIndices
        If an index is negative or not inside the plane.
    """

    plane: Shape
    indices: npt.NDArray[np.intp]
    windows: Windows | None = None

    def __post_init__(self) -> None:
        size = self.plane[0] * self.plane[1]
        if self.indices.size and (self.indices.min() < 0 or self.indices.max() >= size):
            first = int(self.indices[(self.indices < 0) | (self.indices >= size)][0])
            rule = f"must lie in 0 … {size - 1} of the {self.plane[0]}×{self.plane[1]} plane, not {first}"
            raise InvalidIndices("indices", rule)

    @property
    def shape(self) -> Shape:
        """Shape of what was pooled: one maximum for each window."""
        return shape_of(self.indices)


@dataclass(frozen=True, slots=True)
class Windows:
    """How a pooling lays its windows, per axis (y, x).

    Parameters
    ----------
    kernel, stride, dilation : (int, int)
    padding : (int, int)
        Before the first row and column.
    padding_end : (int, int), optional
        After the last; by default as before the first.
    ceil_mode : bool
        Whether a last window that only partly fits is kept.
    """

    kernel: Pair
    stride: Pair
    padding: Pair = (0, 0)
    padding_end: Pair | None = None
    dilation: Pair = (1, 1)
    ceil_mode: bool = False

    @property
    def extent(self) -> Shape:
        """Rows and columns from a window's first tap to its last."""
        height, width = (d * (k - 1) + 1 for k, d in zip(self.kernel, self.dilation, strict=True))
        return (height, width)

    @property
    def sampling(self) -> Placement:
        """Where the windows lie: the middle of a pooled pixel in the middle of its window."""
        middles = [(reach - 1) / 2 - pad for reach, pad in zip(self.extent, self.padding, strict=True)]
        return Placement.sampling((float(self.stride[0]), float(self.stride[1])), (middles[0], middles[1]))

    def axes(self, plane: Shape) -> tuple[PoolAxis, PoolAxis]:
        """Both axes over a plane of this shape.

        Raises
        ------
        ParameterError
            If the padding is more than half the kernel (or, given for both sides, holds whole windows), or no
            window fits.
        """
        if self.padding_end is None:
            torch_padding(self.kernel, self.padding)
        for name, pads in (("padding", self.padding), ("padding_end", self.padding_end or self.padding)):
            for pad, reach in zip(pads, self.extent, strict=True):
                if pad >= reach:
                    rule = f"must be below {reach}, so that each window reaches the image, not {pad}"
                    raise ParameterError(name, rule)
        after = self.padding_end or self.padding
        rows, cols = (
            PoolAxis(n, k, s, p, q, d, self.ceil_mode)
            for n, k, s, p, q, d in zip(
                plane, self.kernel, self.stride, self.padding, after, self.dilation, strict=True
            )
        )
        if min(rows.count, cols.count) < 1:
            reach_text = "×".join(str(reach) for reach in self.extent)
            raise ParameterError("kernel", f"a window of {reach_text} must fit into the image of {plane[0]}×{plane[1]}")
        return rows, cols


@dataclass(frozen=True, slots=True)
class PoolAxis:
    """The windows of a pooling along one axis.

    Parameters
    ----------
    n : int
        Samples pooled.
    k, s, p, q, d : int
        Window, stride, padding before and after, dilation.
    ceil_mode : bool
    """

    n: int
    k: int
    s: int
    p: int = 0
    q: int = 0
    d: int = 1
    ceil_mode: bool = False

    @property
    def count(self) -> int:
        """How many windows there are; below 1 if none fits."""
        span = self.n + self.p + self.q - self.d * (self.k - 1) - 1
        m = (-(-span // self.s) if self.ceil_mode else span // self.s) + 1
        return m - 1 if self.ceil_mode and (m - 1) * self.s >= self.n + self.p else m

    def taps(self) -> Ints:
        """The samples under each window, (count, k); those outside [0, n) are padding."""
        return np.asarray((np.arange(self.count) * self.s - self.p)[:, None] + np.arange(self.k) * self.d)

    def divisors(self, include_padding: bool, divisor: int | None) -> npt.NDArray[np.float64]:
        """What each window's sum is divided by: a given number, or its taps in the padded image, or in the image."""
        if divisor is not None:
            return np.full(self.count, float(divisor))
        taps = self.taps()
        counted = taps < self.n + self.q if include_padding else (taps >= 0) & (taps < self.n)
        return np.asarray(np.maximum(counted.sum(axis=1), 1), np.float64)


def torch_padding(kernel: Pair, padding: Pair) -> None:
    """PyTorch's own limit: at most half the kernel, whatever the dilation.

    Raises
    ------
    ParameterError
        If the padding is more.
    """
    for k, p in zip(kernel, padding, strict=True):
        if 2 * p > k:
            raise ParameterError("padding", f"must be at most half the kernel, {k // 2}, not {p}")


def max_pool(
    x: npt.NDArray[Any], windows: Windows, cancel: CancelToken | None = None, *, engine: Engine | None = None
) -> tuple[Image, PoolingRecord]:
    """The maximum of each window, and where it stood.

    Parameters
    ----------
    x : (h, w) or (h, w, c)
    windows : Windows
        Padding never wins.

    Returns
    -------
    values : (m, n) or (m, n, c)
    record : PoolingRecord

    Raises
    ------
    ParameterError
        If the padding is too large, no window fits, or the taps of one all fall beside the image.
    """
    image = as_image(x)
    plane = shape_of(image)
    rows, cols = windows.axes(plane)
    best = np.empty((rows.count, cols.count, *image.shape[2:]), image.dtype)
    where = np.empty(best.shape, np.intp)
    (engine or default_engine()).pool(image, (rows, cols), best, where, cancel or CancelToken())
    if where.min() < 0:
        reach = "×".join(str(one) for one in windows.extent)
        rule = f"must let each window of {reach} hold a pixel of the {plane[0]}×{plane[1]} image, and one holds none"
        raise ParameterError("dilation", rule)
    return best, PoolingRecord(plane, where, windows)


def average_table(axis: PoolAxis, *, include_padding: bool = True, divisor: int | None = None) -> AxisTable:
    """One axis of average-pooling: the mean of each window.

    Parameters
    ----------
    axis : PoolAxis
    include_padding : bool
        Whether padded samples count in the divisor: the window is clipped to the padded image, else to the image.
    divisor : int, optional
        Divide by this number instead.
    """
    taps = axis.taps()
    inside = (taps >= 0) & (taps < axis.n)
    weights = np.where(inside, 1.0 / axis.divisors(include_padding, divisor)[:, None], 0.0)
    return table_from_rows(axis.n, np.clip(taps, 0, axis.n - 1), weights, period=(1, axis.s))


def spread_table(axis: PoolAxis, *, mean: bool, include_padding: bool = True, divisor: int | None = None) -> AxisTable:
    """One axis of average-unpooling: every sample of the plane, from the windows that cover it.

    Parameters
    ----------
    axis : PoolAxis
        The pooling that is gone back: ``axis.n`` outputs, ``axis.count`` inputs.
    mean : bool
        True: the mean of the windows that cover a sample. False: their sum, each divided as when it was pooled; the
        transpose of `average_table`.
    include_padding, divisor
        What a window was divided by.
    """
    place = np.arange(axis.n) + axis.p
    reach = axis.d * (axis.k - 1) // axis.s + 1
    index = place[:, None] // axis.s - np.arange(reach)[::-1]
    offset = place[:, None] - index * axis.s
    covers = (index >= 0) & (index < axis.count) & (offset <= axis.d * (axis.k - 1)) & (offset % axis.d == 0)
    clipped = np.clip(index, 0, axis.count - 1)
    if mean:
        share = 1.0 / np.maximum(covers.sum(axis=1), 1)[:, None]
    else:
        share = 1.0 / axis.divisors(include_padding, divisor)[clipped]
    return table_from_rows(axis.count, clipped, np.where(covers, share, 0.0), period=(axis.s, 1))


def torch_unpool_size(
    shape: Shape, kernel: Pair, stride: Pair, padding: Pair = (0, 0), output_size: Shape | None = None
) -> Shape:
    """The plane in which PyTorch's max_unpool2d reads indices: (n−1)s − 2p + k, or a size near that.

    Parameters
    ----------
    shape : (int, int)
        What was pooled.
    output_size : (int, int), optional
        The plane asked for.

    Raises
    ------
    ParameterError
        If it does not lie strictly between the usual size less a stride and that and a stride.
    """
    usual = tuple((n - 1) * s - 2 * p + k for n, k, s, p in zip(shape, kernel, stride, padding, strict=True))
    for size, middle, s in zip(output_size or usual, usual, stride, strict=True):
        if not max(middle - s, 0) < size < middle + s:
            rule = f"must be between {max(middle - s, 0) + 1} and {middle + s - 1}, not {size}"
            raise ParameterError("output_size", rule)
    return output_size or (usual[0], usual[1])


@dataclass(frozen=True, slots=True)
class Moved:
    """A value that an unpooling in another plane writes elsewhere."""

    index: int
    recorded: Pixel
    read: Pixel
    channel: int


def moved_pixels(record: PoolingRecord, plane: Shape) -> tuple[Moved, ...]:
    """Which maxima change their place when their indices are read in another plane, in the order of the windows.

    Raises
    ------
    InvalidIndices
        If an index is not inside that plane.
    """
    PoolingRecord(plane, record.indices)
    index = record.indices.reshape(record.shape[0] * record.shape[1], -1)
    was, now = np.divmod(index, record.plane[1]), np.divmod(index, plane[1])
    return tuple(
        Moved(
            int(index[i, c]),
            Pixel(int(was[0][i, c]), int(was[1][i, c])),
            Pixel(int(now[0][i, c]), int(now[1][i, c])),
            int(c),
        )
        for i, c in np.argwhere((was[0] != now[0]) | (was[1] != now[1]))
    )
