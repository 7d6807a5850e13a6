"""Operators in which channels meet: convolutions over all channels of a group, and pixels made of channels.

Source: ``y[o] = Σ_c A_oc x[c]``, a grid of planar operators (groups: its diagonal blocks); Shi et al., Real-Time Single
Image and Video Super-Resolution Using an Efficient Sub-Pixel Convolutional Neural Network (2016) for the shuffle.

Convention
    Images are (h, w, c). The row of (i, j, o) holds input pixels with their channels, the column of (i, j, c) output
    pixels with theirs; both in the order (row, column, channel).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Shape, Window, shape_of
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines import Engine
from workbench.kernels.operators.base import Floats, Ints, LinearOperator, Origin, Period, Stencil, TapFlag, Taps
from workbench.kernels.operators.stencil_conv import Kernel, StencilOperator, flags_of
from workbench.kernels.placement import Placement


@dataclass(frozen=True, slots=True)
class ChannelStencil(Stencil):
    """Weighted pixels of several channels: a row or a column of an operator in which channels meet.

    Parameters
    ----------
    channels : (n,) int
        The channel of each entry.
    count : int
        How many channels there are.
    """

    channels: Ints
    count: int

    @classmethod
    def of(cls, rows: Ints, cols: Ints, channels: Ints, weights: Floats, shape: Shape, count: int) -> ChannelStencil:
        """Add up entries that share a pixel and a channel, drop zeros, sort by row, column and channel."""
        summed = Stencil.collect(rows, cols * count + channels, weights, (shape[0], shape[1] * count))
        places, depths = np.divmod(summed.cols, count)
        return cls(summed.rows, places, summed.weights, shape, depths, count)

    @property
    def flat(self) -> Ints:
        """The entries by their number in the image as it lies in memory."""
        return (self.rows * self.shape[1] + self.cols) * self.count + self.channels

    def values(self, image: npt.NDArray[Any], channel: int = 0) -> Floats:
        """What an image holds at the entries, in float64."""
        deep = image[:, :, None] if image.ndim == 2 else image
        return np.asarray(deep[self.rows, self.cols, self.channels], np.float64)

    def dense(self) -> Floats:
        """The whole image, (h, w, c), with the weights in their places."""
        full = np.zeros((*self.shape, self.count))
        full[self.rows, self.cols, self.channels] = self.weights
        return full


@dataclass(frozen=True, slots=True)
class ChannelTaps(Taps):
    """A row before borders are folded, with the channel of each tap."""

    channels: Ints
    count: int

    def fold(self, shape: Shape) -> ChannelStencil:
        used = np.array([flag is TapFlag.USED for flag in self.flags], bool)
        return ChannelStencil.of(
            self.real_rows[used], self.real_cols[used], self.channels[used], self.weights[used], shape, self.count
        )


_Woven = tuple[Ints, Ints, Ints, Floats]


class ChannelOperator(LinearOperator):
    """What they share: (h, w, c_in) → (H, W, c_out), and stencils that name channels.

    Parameters
    ----------
    in_shape, out_shape : (int, int)
    in_channels, out_channels : int
    placement : Placement
    """

    mixes = True

    def __init__(
        self, in_shape: Shape, out_shape: Shape, in_channels: int, out_channels: int, placement: Placement
    ) -> None:
        super().__init__(in_shape, out_shape, placement, in_channels)
        self._out_channels = out_channels

    @property
    def out_channels(self) -> int:
        return self._out_channels

    def depth(self, x: npt.NDArray[Any]) -> tuple[int, ...]:
        return (self._out_channels,)

    def _stencil(self, image: Image, channel: int) -> Stencil:
        rows, cols, channels = np.nonzero(image)
        weights = image[rows, cols, channels].astype(np.float64)
        return ChannelStencil(rows, cols, weights, shape_of(image), channels, image.shape[2])

    def taps(self, i: int, j: int, channel: int = 0) -> Taps:
        row = self.row(i, j, channel)
        flags = (TapFlag.USED,) * len(row)
        assert isinstance(row, ChannelStencil)
        return ChannelTaps(row.rows, row.cols, row.weights, row.rows, row.cols, flags, row.channels, row.count)


class ChannelConvolution(ChannelOperator):
    """A convolution, or a transposed one, in which each output channel sums over the channels of its group.

    Parameters
    ----------
    layer : callable
        Makes the planar operator of one kernel, all alike but for the weights.
    weights : (c_out, c_in / groups, kh, kw) float64
        Output channel o belongs to group ⌊o·groups / c_out⌋.
    groups : int
    offset : (c_out,) float64, optional
        Bias.
    """

    def __init__(
        self,
        layer: Callable[[Kernel], StencilOperator],
        weights: Floats,
        groups: int = 1,
        offset: Floats | None = None,
    ) -> None:
        kernel = weights.shape[2:]
        # A kernel that numbers its taps: what it answers says which tap stands where.
        self._frame = layer(np.arange(1.0, kernel[0] * kernel[1] + 1).reshape(kernel))
        inputs = weights.shape[1] * groups
        super().__init__(self._frame.in_shape, self._frame.out_shape, inputs, weights.shape[0], self._frame.placement)
        self.sampling = self._frame.sampling
        self.weights = weights
        self.groups = groups
        self.offset = None if offset is None else np.asarray(offset, np.float64).reshape(1, 1, -1)
        self._layer = layer
        self._made: dict[tuple[int, int], StencilOperator] = {}
        self._lines: dict[tuple[bool, tuple[int, int], int], _Woven] = {}

    @property
    def period(self) -> tuple[Period | None, Period | None]:
        return self._frame.period

    def sources(self, channel: int) -> range:
        """The input channels that an output channel sums over."""
        each = self.weights.shape[1]
        group = channel * self.groups // self._out_channels
        return range(group * each, (group + 1) * each)

    def targets(self, channel: int) -> range:
        """The output channels that an input channel reaches."""
        each = self._out_channels // self.groups
        group = channel // self.weights.shape[1]
        return range(group * each, (group + 1) * each)

    def block(self, target: int, source: int) -> StencilOperator:
        """The planar operator from one input channel to one output channel."""
        key = (target, source)
        if key not in self._made:
            self._made[key] = self._layer(self.weights[target, source % self.weights.shape[1]])
        return self._made[key]

    def needs(self, window: Window) -> Window:
        return self._frame.needs(window)

    def _fill(self, x: Image, origin: Origin, window: Window, out: Image, cancel: CancelToken, engine: Engine) -> None:
        deep = x[:, :, None] if x.ndim == 2 else x
        term = np.empty(window.shape, out.dtype)
        for target in range(self._out_channels):
            cancel.check()
            total = out[:, :, target]
            total[...] = 0
            for source in self.sources(target):
                self.block(target, source)._fill(deep[:, :, source], origin, window, term, CancelToken(), engine)
                with np.errstate(invalid="ignore", over="ignore"):  # +inf that meets −inf is NaN, as it should be
                    total += term
            cancel.progress((target + 1) / self._out_channels)

    def adjoint(self, y: npt.NDArray[Any]) -> Image:
        values = self._checked(y, self.out_shape, self._out_channels).astype(np.float64)
        deep = values.reshape(*self.out_shape, self._out_channels)
        made = np.zeros((*self.in_shape, self.channels or 1))
        for target in range(self._out_channels):
            for source in self.sources(target):
                made[:, :, source] += self.block(target, source).adjoint(deep[:, :, target])
        return made

    def row(self, i: int, j: int, channel: int = 0) -> Stencil:
        return self._line(self._frame, i, j, channel, self.channels or 1)

    def column(self, i: int, j: int, channel: int = 0) -> Stencil:
        return self._line(self._frame.transposed, i, j, channel, self._out_channels)

    def _line(self, frame: StencilOperator, i: int, j: int, channel: int, count: int) -> ChannelStencil:
        """A row, or by the transposed frame a column."""
        y, x, phase, all_inside = frame._base(i, j)
        down, across, depths, weights = self._woven(frame, phase, channel)
        rows, cols = down + y, across + x
        if not all_inside:
            keep = frame._inside(rows, cols)
            rows, cols, depths, weights = rows[keep], cols[keep], depths[keep], weights[keep]
        return ChannelStencil(rows, cols, weights, frame.in_shape, depths, count)

    def _woven(self, frame: StencilOperator, phase: tuple[int, int], channel: int) -> _Woven:
        """Offsets, channels and weights of a phase, in order and without zeros; worked out once."""
        key = (frame is self._frame, phase, channel)
        if key not in self._lines:
            if frame is self._frame:
                channels, kernels = self.sources(channel), self.weights[channel]
            else:
                channels = self.targets(channel)
                kernels = self.weights[channels.start : channels.stop, channel % self.weights.shape[1]]
            down, across, numbers = frame.table.phases[phase]
            many = len(channels)
            weights = self._weights(numbers, kernels)
            depths = np.tile(np.arange(channels.start, channels.stop), len(numbers))
            keep = weights != 0
            rows, cols = np.repeat(down, many)[keep], np.repeat(across, many)[keep]
            self._lines[key] = (rows, cols, depths[keep], weights[keep])
            for array in self._lines[key]:
                array.flags.writeable = False
        return self._lines[key]

    def taps(self, i: int, j: int, channel: int = 0) -> Taps:
        y, x, phase, all_inside = self._frame._base(i, j)
        down, across, depths, weights = self._woven(self._frame, phase, channel)
        rows, cols, count = down + y, across + x, self.channels or 1
        if all_inside:
            return ChannelTaps(rows, cols, weights, rows, cols, (TapFlag.USED,) * len(rows), depths, count)
        inside = self._frame._inside(rows, cols)
        real_rows, real_cols = np.where(inside, rows, -1), np.where(inside, cols, -1)
        return ChannelTaps(rows, cols, weights, real_rows, real_cols, flags_of(inside), depths, count)

    def _weights(self, numbers: Floats, kernels: Floats) -> Floats:
        """Weights (channel by channel within each tap) of the taps with these numbers."""
        chosen: Floats = kernels.reshape(len(kernels), -1)[:, numbers.astype(np.intp) - 1]
        return np.ravel(chosen.T)


class Order(Enum):
    """In which order the channels of a pixel hold its r × r sub-pixels."""

    CRD = "crd"  # channel, then row and column: torch.nn.PixelShuffle
    DCR = "dcr"  # row and column, then channel: TensorFlow, the default of ONNX


class PixelShuffle(ChannelOperator):
    """Channels become pixels: r² channels of one pixel fill r × r pixels of one channel. A permutation.

    Parameters
    ----------
    in_shape : (int, int)
    channels : int
        Of the output; the input has r² times as many.
    factor : int
        r.
    order : Order
    """

    def __init__(self, in_shape: Shape, channels: int, factor: int, order: Order = Order.CRD) -> None:
        shape = (in_shape[0] * factor, in_shape[1] * factor)
        placement = Placement((1 / factor, 1 / factor))
        super().__init__(in_shape, shape, channels * factor**2, channels, placement)
        self.factor = factor
        self.order = order

    @property
    def period(self) -> tuple[Period | None, Period | None]:
        return ((self.factor, 1), (self.factor, 1))

    def needs(self, window: Window) -> Window:
        r = self.factor
        return Window(window.top // r, window.left // r, -(-window.bottom // r), -(-window.right // r))

    def _fill(self, x: Image, origin: Origin, window: Window, out: Image, cancel: CancelToken, engine: Engine) -> None:
        needed = self.needs(window)
        deep = x[:, :, None] if x.ndim == 2 else x
        part = deep[needed.shifted(-origin[0], -origin[1]).slices]
        top, left = window.top - needed.top * self.factor, window.left - needed.left * self.factor
        whole = shuffled(part, self.factor, self.order)
        out[...] = whole[top : top + window.height, left : left + window.width]

    def adjoint(self, y: npt.NDArray[Any]) -> Image:
        values = self._checked(y, self.out_shape, self._out_channels).astype(np.float64)
        return unshuffled(values.reshape(*self.out_shape, self._out_channels), self.factor, self.order)

    def row(self, i: int, j: int, channel: int = 0) -> Stencil:
        r = self.factor
        number = i % r * r + j % r
        depth = channel * r * r + number if self.order is Order.CRD else number * self._out_channels + channel
        return _single(i // r, j // r, depth, self.in_shape, self.channels or 1)

    def column(self, i: int, j: int, channel: int = 0) -> Stencil:
        r = self.factor
        if self.order is Order.CRD:
            depth, number = divmod(channel, r * r)
        else:
            number, depth = divmod(channel, self._out_channels)
        return _single(i * r + number // r, j * r + number % r, depth, self.out_shape, self._out_channels)


class PixelUnshuffle(ChannelOperator):
    """Pixels become channels: the inverse of `PixelShuffle`, which is its transpose.

    Parameters
    ----------
    in_shape : (int, int)
        A multiple of ``factor`` on both axes.
    channels : int
        Of the input; the output has r² times as many.
    factor : int
    order : Order
    """

    def __init__(self, in_shape: Shape, channels: int, factor: int, order: Order = Order.CRD) -> None:
        shape = (in_shape[0] // factor, in_shape[1] // factor)
        super().__init__(in_shape, shape, channels, channels * factor**2, Placement((float(factor), float(factor))))
        self._back = PixelShuffle(shape, channels, factor, order)

    @property
    def period(self) -> tuple[Period | None, Period | None]:
        return ((1, self._back.factor), (1, self._back.factor))

    def needs(self, window: Window) -> Window:
        r = self._back.factor
        return Window(window.top * r, window.left * r, window.bottom * r, window.right * r)

    def _fill(self, x: Image, origin: Origin, window: Window, out: Image, cancel: CancelToken, engine: Engine) -> None:
        deep = x[:, :, None] if x.ndim == 2 else x
        part = deep[self.needs(window).shifted(-origin[0], -origin[1]).slices]
        out[...] = unshuffled(part, self._back.factor, self._back.order)

    def adjoint(self, y: npt.NDArray[Any]) -> Image:
        values = self._checked(y, self.out_shape, self._out_channels).astype(np.float64)
        return shuffled(values.reshape(*self.out_shape, self._out_channels), self._back.factor, self._back.order)

    def row(self, i: int, j: int, channel: int = 0) -> Stencil:
        return self._back.column(i, j, channel)

    def column(self, i: int, j: int, channel: int = 0) -> Stencil:
        return self._back.row(i, j, channel)


def shuffled(x: Image, r: int, order: Order) -> Image:
    """(h, w, c·r²) → (h·r, w·r, c): a view where it can be one."""
    h, w, depth = x.shape
    channels = depth // (r * r)
    if order is Order.CRD:
        parts = x.reshape(h, w, channels, r, r).transpose(0, 3, 1, 4, 2)
    else:
        parts = x.reshape(h, w, r, r, channels).transpose(0, 2, 1, 3, 4)
    return parts.reshape(h * r, w * r, channels)


def unshuffled(x: Image, r: int, order: Order) -> Image:
    """(h·r, w·r, c) → (h, w, c·r²), the way back."""
    h, w, channels = x.shape[0] // r, x.shape[1] // r, x.shape[2]
    parts = x.reshape(h, r, w, r, channels)
    parts = parts.transpose(0, 2, 4, 1, 3) if order is Order.CRD else parts.transpose(0, 2, 1, 3, 4)
    return parts.reshape(h, w, channels * r * r)


def _single(row: int, col: int, channel: int, shape: Shape, count: int) -> ChannelStencil:
    one = np.ones(1)
    return ChannelStencil(np.array([row]), np.array([col]), one, shape, np.array([channel]), count)
