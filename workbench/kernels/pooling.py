"""Max-pooling that remembers where each maximum stood.

Source: torch.nn.functional.max_pool2d with ``return_indices=True``; m = ⌊(n + 2p − d(k−1) − 1)/s⌋ + 1.

Convention
    An index is ``y·W + x`` in the unpadded plane, restarting for every channel. Ties go to the first in row-major
    order; a NaN wins, and of several the last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Shape, as_image, shape_of
from workbench.kernels.cancel import CancelToken
from workbench.kernels.errors import InvalidIndices, ParameterError, ShapeError
from workbench.kernels.params import Pair
from workbench.kernels.tables import AxisTable, table_from_rows


@dataclass(frozen=True, slots=True, eq=False)
class PoolingRecord:
    """Where a max-pooling took its values from.

    Parameters
    ----------
    plane : (int, int)
        The plane that was pooled, without padding.
    indices : (h, w) or (h, w, c) int
        Flat index of each maximum in that plane.
    stride : (int, int), optional
        How far apart the windows were, per axis; None for indices that were typed in.

    Raises
    ------
    InvalidIndices
        If an index is negative or not inside the plane.
    """

    plane: Shape
    indices: npt.NDArray[np.intp]
    stride: Pair | None = None

    def __post_init__(self) -> None:
        size = self.plane[0] * self.plane[1]
        wrong = (self.indices < 0) | (self.indices >= size)
        if wrong.any():
            first = int(self.indices[wrong][0])
            rule = f"must lie in 0 … {size - 1} of the {self.plane[0]}×{self.plane[1]} plane, not {first}"
            raise InvalidIndices("indices", rule)

    @property
    def shape(self) -> Shape:
        """Shape of what was pooled: one maximum for each window."""
        return shape_of(self.indices)


def pooled_size(n: int, k: int, s: int, p: int, d: int, ceil_mode: bool) -> int:
    """How many windows a pooling makes along one axis; below 1 if none fits."""
    span = n + 2 * p - d * (k - 1) - 1
    m = (-(-span // s) if ceil_mode else span // s) + 1
    return m - 1 if ceil_mode and (m - 1) * s >= n + p else m


def checked_pool(shape: Shape, kernel: Pair, stride: Pair, padding: Pair, dilation: Pair, ceil_mode: bool) -> Shape:
    """Shape of a pooled image.

    Raises
    ------
    ParameterError
        If the padding is more than half the kernel, or no window fits.
    """
    for k, p in zip(kernel, padding, strict=True):
        if 2 * p > k:
            raise ParameterError("padding", f"must be at most half the kernel, {k // 2}, not {p}")
    size = [
        pooled_size(n, k, s, p, d, ceil_mode)
        for n, k, s, p, d in zip(shape, kernel, stride, padding, dilation, strict=True)
    ]
    if min(size) < 1:
        reach = "×".join(str(d * (k - 1) + 1) for k, d in zip(kernel, dilation, strict=True))
        raise ParameterError("kernel", f"a window of {reach} must fit into the image of {shape[0]}×{shape[1]}")
    return (size[0], size[1])


def max_pool(
    x: npt.NDArray[Any],
    kernel: Pair,
    stride: Pair,
    padding: Pair = (0, 0),
    dilation: Pair = (1, 1),
    ceil_mode: bool = False,
    cancel: CancelToken | None = None,
) -> tuple[Image, PoolingRecord]:
    """The maximum of each window, and where it stood.

    Parameters
    ----------
    x : (h, w) or (h, w, c)
    kernel, stride, padding, dilation : (int, int)
        Per axis (y, x); padding never wins.

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
    shape = checked_pool(plane, kernel, stride, padding, dilation, ceil_mode)
    if min(shape) < 1:
        raise ShapeError(f"max-pooling of {plane[0]}×{plane[1]} leaves no pixel")
    best = np.full(shape + image.shape[2:], -np.inf, image.dtype)
    where = np.full(best.shape, -1, np.intp)
    for a in range(kernel[0]):
        for b in range(kernel[1]):
            if cancel is not None:
                cancel.check()
            y = np.arange(shape[0]) * stride[0] + a * dilation[0] - padding[0]
            x_ = np.arange(shape[1]) * stride[1] + b * dilation[1] - padding[1]
            ys, xs = np.flatnonzero((y >= 0) & (y < plane[0])), np.flatnonzero((x_ >= 0) & (x_ < plane[1]))
            if ys.size == 0 or xs.size == 0:
                continue
            # Valid positions form one run on each axis, so that plain slices reach them.
            block = (slice(ys[0], ys[-1] + 1), slice(xs[0], xs[-1] + 1))
            source = (
                slice(y[ys[0]], y[ys[-1]] + 1, stride[0]),
                slice(x_[xs[0]], x_[xs[-1]] + 1, stride[1]),
            )
            values = image[source]
            index = (y[ys][:, None] * plane[1] + x_[xs]).reshape((ys.size, xs.size) + (1,) * (image.ndim - 2))
            held = best[block]
            better = (values > held) | np.isnan(values) | (where[block] < 0)
            np.copyto(held, values, where=better)
            np.copyto(where[block], index, where=better)
    if (where < 0).any():
        reach = "×".join(str(d * (k - 1) + 1) for k, d in zip(kernel, dilation, strict=True))
        rule = f"must let each window of {reach} hold a pixel of the {plane[0]}×{plane[1]} image, and one holds none"
        raise ParameterError("dilation", rule)
    record = PoolingRecord(plane, where, stride)
    return best, record


def average_table(
    n: int,
    k: int,
    s: int,
    p: int = 0,
    *,
    ceil_mode: bool = False,
    include_padding: bool = True,
    divisor: int | None = None,
) -> AxisTable:
    """One axis of average-pooling: the mean of each window.

    Parameters
    ----------
    n, k, s, p : int
        Samples, kernel, stride, padding.
    include_padding : bool
        Whether padded samples count in the divisor: the window is clipped to the padded image, else to the image.
    divisor : int, optional
        Divide by this number instead.
    """
    m = pooled_size(n, k, s, p, 1, ceil_mode)
    first = np.arange(m) * s - p
    index = first[:, None] + np.arange(k)
    inside = (index >= 0) & (index < n)
    padded = np.minimum(first + k, n + p) - first
    counts = padded if include_padding else inside.sum(axis=1)
    share = 1.0 / (np.full(m, divisor) if divisor is not None else np.maximum(counts, 1))
    weights = np.where(inside, share[:, None], 0.0)
    return table_from_rows(n, np.clip(index, 0, n - 1), weights, period=(1, s))


def spread_table(n: int, k: int, s: int, *, mean: bool) -> AxisTable:
    """One axis of average-unpooling: every output under windows of k, s apart.

    Parameters
    ----------
    n, k, s : int
        Windows, kernel, stride; (n−1)s + k outputs.
    mean : bool
        True: the mean of the windows that cover it. False: their sum, each divided by k, the transpose of pooling.
    """
    m = (n - 1) * s + k
    outputs = np.arange(m)
    reach = -(-k // s)
    index = outputs[:, None] // s - np.arange(reach)[::-1]
    covers = (index >= 0) & (index < n) & (outputs[:, None] < index * s + k)
    counts = np.maximum(covers.sum(axis=1), 1)
    weights = np.where(covers, 1.0 / (counts[:, None] if mean else k), 0.0)
    return table_from_rows(n, np.clip(index, 0, n - 1), weights, period=(s, 1))
