"""The difference of two pictures, read window by window where both have pixels: one channel."""

from __future__ import annotations

import numpy as np

from workbench.kernels import expression
from workbench.kernels.arrays import Image, Window, channels_of, plane
from workbench.kernels.cancel import CancelToken
from workbench.kernels.differences import Difference, difference, mean_of_channels
from workbench.kernels.flip import REACH, flip_map
from workbench.kernels.metrics import SSIM_TAPS, ssim_map
from workbench.model.channels import picked
from workbench.model.differencing import Comparing, Support, data_range
from workbench.model.prepared import PreparedSource
from workbench.model.rasters import Raster


class DifferenceRaster(Raster):
    """A slot against its reference where both have pixels: one channel, the mean of the channels' differences.

    Parameters
    ----------
    a, r : Raster
        The picture and its reference.
    support : Support
    how : Comparing
    prepared : PreparedSource
        Says the data range and the light, and holds the x of expressions.
    """

    def __init__(self, a: Raster, r: Raster, support: Support, how: Comparing, prepared: PreparedSource) -> None:
        super().__init__(support.shape, support.placement(a.placement), 1)
        self.a, self.r, self.support, self.how = a, r, support, how
        self._prepared = prepared
        self._width = data_range(prepared)

    @property
    def inputs(self) -> tuple[object, ...]:
        return (*self.a.inputs, *self.r.inputs, self._prepared)

    @property
    def settings(self) -> object:
        return self.how

    @property
    def in_memory(self) -> bool:
        return self.a.in_memory and self.r.in_memory

    def read(self, window: Window, cancel: CancelToken | None = None) -> Image:
        reach = {Difference.SSIM: SSIM_TAPS // 2, Difference.FLIP: REACH}.get(self.how.kind, 0)
        if not reach:
            a, r = self._both(window, cancel)
            return self._computed(a, r, window)
        wider = Window(window.top - reach, window.left - reach, window.bottom + reach, window.right + reach)
        wider = wider.intersect(Window.of(self.shape))
        inside = window.shifted(-wider.top, -wider.left).slices
        a, r = self._both(wider, cancel)
        if self.how.kind is Difference.SSIM:
            return self._dissimilarity(a, r, window, wider)
        encoded = self._prepared.preparation.light == "encoded"
        return np.asarray(flip_map(a, r, encoded=encoded)[inside])

    def exact(self, window: Window) -> Image:
        if self.how.kind in (Difference.SSIM, Difference.FLIP):
            return super().exact(window)
        at_a, at_r = self._windows(window)
        a, r = self.a.exact(at_a), self.r.exact(at_r)
        return self._computed(picked(a, self.how.channel), picked(r, self.how.channel), window)

    def _both(self, window: Window, cancel: CancelToken | None) -> tuple[Image, Image]:
        """The compared channels of both pictures in a window of the common part."""
        at_a, at_r = self._windows(window)
        a, r = self.a.read(at_a, cancel), self.r.read(at_r, cancel)
        return picked(a, self.how.channel), picked(r, self.how.channel)

    def _windows(self, window: Window) -> tuple[Window, Window]:
        """A window of the common part in pixels of the picture, and of its reference."""
        a, r = self.support.a, self.support.r
        return window.shifted(a.top, a.left), window.shifted(r.top, r.left)

    def _computed(self, a: Image, r: Image, window: Window) -> Image:
        if self.how.kind is not Difference.EXPRESSION:
            return mean_of_channels(difference(a, r, self.how.kind, eps=self.how.eps(self._width)))
        formula = expression.parse(self.how.expression)
        values = {"a": a, "r": r}
        if "x" in formula.names:
            values["x"] = self._source(window, a)
        return mean_of_channels(formula.evaluate(values))

    def _source(self, window: Window, like: Image) -> Image:
        """The source pixel in whose square the middle of each pixel lies; NaN beside the source.

        Of a source with other channels than the pictures, the mean of its channels.
        """
        x = picked(self._prepared.values, self.how.channel)
        if channels_of(x) != channels_of(like):
            x = np.repeat(mean_of_channels(x)[:, :, None], channels_of(like), axis=2) if like.ndim == 3 else x
            x = mean_of_channels(x) if like.ndim == 2 else x
        index, valid = [], []
        for axis, (first, last) in enumerate(((window.top, window.bottom), (window.left, window.right))):
            centres = self.placement.offset[axis] + (np.arange(first, last) + 0.5) * self.placement.step[axis]
            at = np.floor(centres + 1e-9).astype(np.intp)
            valid.append((at >= 0) & (at < x.shape[axis]))
            index.append(np.clip(at, 0, x.shape[axis] - 1))
        found: Image = x[index[0][:, None], index[1]].reshape(like.shape).astype(like.dtype)
        found[~(valid[0][:, None] & valid[1])] = np.nan
        return found

    def _dissimilarity(self, a: Image, r: Image, window: Window, wider: Window) -> Image:
        """1 − SSIM; beyond the edges of the common part both pictures are mirrored, as scikit-image's full map is."""
        reach = SSIM_TAPS // 2
        pad = (
            (reach - (window.top - wider.top), reach - (wider.bottom - window.bottom)),
            (reach - (window.left - wider.left), reach - (wider.right - window.right)),
        )
        total = np.zeros(window.shape)
        count = channels_of(a)
        for channel in range(count):
            one, other = (np.pad(plane(image, channel), pad, mode="symmetric") for image in (a, r))
            with np.errstate(invalid="ignore", over="ignore"):
                total += 1 - ssim_map(one, other, self._width)
        return np.asarray(total / count, a.dtype)
