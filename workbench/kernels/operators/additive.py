"""One planar operator after channels were averaged in groups.

Source: Wojna et al., The Devil is in the Decoder (2019): bilinear additive upsampling averages every four consecutive
channels of an enlarged image; since both steps are linear and one is along the channels, averaging comes first.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Window
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines import Engine
from workbench.kernels.operators.base import Ints, LinearOperator, Origin, Period, Stencil, Taps
from workbench.kernels.operators.channels import ChannelOperator, ChannelStencil, ChannelTaps
from workbench.kernels.operators.products import layout


class GroupMean(ChannelOperator):
    """Each output channel is the planar operator of the mean of a group of neighbouring input channels.

    Parameters
    ----------
    planar : LinearOperator
        The same for all channels.
    channels : int
        Of the output.
    group : int
        Input channels for each of them.
    """

    def __init__(self, planar: LinearOperator, channels: int, group: int) -> None:
        super().__init__(planar.in_shape, planar.out_shape, channels * group, channels, planar.placement)
        self.sampling = planar.sampling
        self.planar = planar
        self.group = group

    @property
    def period(self) -> tuple[Period | None, Period | None]:
        return self.planar.period

    def needs(self, window: Window) -> Window:
        return self.planar.needs(window)

    def _fill(self, x: Image, origin: Origin, window: Window, out: Image, cancel: CancelToken, engine: Engine) -> None:
        needed = self.needs(window)
        deep = x[:, :, None] if x.ndim == 2 else x
        part = deep[needed.shifted(-origin[0], -origin[1]).slices]
        made = np.empty(window.shape, out.dtype)
        for channel in range(self._out_channels):
            first = channel * self.group
            mean = deep_mean(part[:, :, first : first + self.group])
            self.planar._fill(mean, (needed.top, needed.left), window, made, cancel, engine)
            out[:, :, channel] = made

    def adjoint(self, y: npt.NDArray[Any]) -> Image:
        values = self._checked(y, self.out_shape, self._out_channels).astype(np.float64)
        back = self.planar.adjoint(values.reshape(*self.out_shape, self._out_channels))
        return np.asarray(np.repeat(back / self.group, self.group, axis=2))

    def row(self, i: int, j: int, channel: int = 0) -> Stencil:
        plane = self.planar.row(i, j)
        group, count = self.group, self._out_channels * self.group
        cells, members = layout(len(plane), group)
        rows, cols, weights = plane.rows[cells], plane.cols[cells], (plane.weights / group)[cells]
        return ChannelStencil(rows, cols, weights, plane.shape, members + channel * group, count)

    def taps(self, i: int, j: int, channel: int = 0) -> Taps:
        plane, group = self.planar.taps(i, j), self.group
        cells, members = layout(len(plane.rows), group)
        rows, cols, weights = plane.rows[cells], plane.cols[cells], (plane.weights / group)[cells]
        real_rows, real_cols = (rows, cols) if plane.rows is plane.real_rows else _real(plane, cells)
        flags = tuple([flag for flag in plane.flags for _ in range(group)])
        channels, count = members + channel * group, self._out_channels * group
        return ChannelTaps(rows, cols, weights, real_rows, real_cols, flags, channels, count)

    def column(self, i: int, j: int, channel: int = 0) -> Stencil:
        plane = self.planar.column(i, j)
        channels = np.full(len(plane), channel // self.group)
        weights = plane.weights / self.group
        return ChannelStencil(plane.rows, plane.cols, weights, plane.shape, channels, self._out_channels)


def _real(taps: Taps, cells: Ints) -> tuple[Ints, Ints]:
    return taps.real_rows[cells], taps.real_cols[cells]


def deep_mean(x: Image) -> Image:
    """The mean over the channels, summed in their order in whatever layout the image has."""
    total = x[:, :, 0].copy()
    with np.errstate(invalid="ignore", over="ignore"):  # +inf that meets −inf is NaN, as it should be
        for k in range(1, x.shape[2]):
            total += x[:, :, k]
    total /= x.shape[2]
    return total
