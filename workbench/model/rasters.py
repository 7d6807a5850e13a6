"""Pictures that can be read window by window, whether they lie in memory or only an operator knows how to make them.

Everything that is shown, compared or measured is read through a `Raster`, so that size is no problem: a view asks for
the pixels it shows, a measure goes through tiles, and nothing allocates a whole output that was not asked for.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator

import numpy as np

from workbench.kernels.arrays import Image, Shape, Window, channels_of, shape_of
from workbench.kernels.cancel import CancelToken
from workbench.kernels.operators.base import LinearOperator, mean_blocks
from workbench.kernels.placement import Placement
from workbench.model.chain import exact_affine
from workbench.model.results import Part, Ready

TILE = 1024
"""Side of the tiles in which large pictures are gone through: 12 MB of float32 colour."""

MOST_READ = 1 << 16
"""Inputs that may be read again for exact numbers: a few milliseconds."""


class Raster(ABC):
    """Pixels in the world that can be read window by window.

    Parameters
    ----------
    shape : (int, int)
    placement : Placement
    channels : int
    """

    def __init__(self, shape: Shape, placement: Placement, channels: int) -> None:
        self.shape = shape
        self.placement = placement
        self.channels = channels

    @property
    @abstractmethod
    def inputs(self) -> tuple[object, ...]:
        """What the pixels follow from: two rasters with the very same inputs hold the same pixels."""

    @property
    def settings(self) -> object:
        """What else they follow from, a value: equal settings make equal pixels."""
        return None

    @property
    def is_view(self) -> bool:
        """Whether reading costs nothing: the pixels lie in memory."""
        return False

    @property
    def in_memory(self) -> bool:
        """Whether reading costs no more than going through the pixels once."""
        return self.is_view

    @abstractmethod
    def read(self, window: Window, cancel: CancelToken | None = None) -> Image:
        """The pixels of a window that lies inside."""

    def exact(self, window: Window) -> Image:
        """A few pixels in float64, as readouts say them."""
        return self.read(window).astype(np.float64)

    def means(self, b: int, window: Window, cancel: CancelToken | None = None) -> Image:
        """Exact means of b × b pixels, tile by tile; the window counts blocks."""
        cancel = cancel or CancelToken()
        tiles = list(tiled(window, max(1, TILE // b)))
        out: Image | None = None
        for done, tile in enumerate(tiles):
            cancel.check()
            pixels = Window(tile.top * b, tile.left * b, tile.bottom * b, tile.right * b)
            made = mean_blocks(self.read(pixels.intersect(Window.of(self.shape)), cancel), b)
            if out is None:
                out = np.empty(window.shape + made.shape[2:], made.dtype)
            out[tile.shifted(-window.top, -window.left).slices] = made
            cancel.progress((done + 1) / len(tiles))
        assert out is not None
        return out

    def clipped(self, window: Window, reduction: int) -> Window:
        """The part of a wanted window that there is, in pixels or in blocks."""
        blocks = (-(-self.shape[0] // reduction), -(-self.shape[1] // reduction))
        return window.intersect(Window.of(blocks))

    def part(self, window: Window, reduction: int = 1, cancel: CancelToken | None = None) -> Part:
        """What a panel shows of it; the window lies inside."""
        values = self.read(window, cancel) if reduction == 1 else self.means(reduction, window, cancel)
        exact = self.exact if reduction == 1 and values.dtype != np.float64 else None
        return Part(window, reduction, values, self.placement, exact=exact)

    def same_pixels(self, other: Raster | None) -> bool:
        """Whether both follow from the very same inputs and equal settings."""
        return (
            other is not None
            and self.settings == other.settings
            and len(self.inputs) == len(other.inputs)
            and all(a is b for a, b in zip(self.inputs, other.inputs, strict=True))
        )


def tiled(window: Window, side: int) -> Iterator[Window]:
    """Cut a window into squares of this side, those at the far edges smaller."""
    for top in range(window.top, window.bottom, side):
        for left in range(window.left, window.right, side):
            yield Window(top, left, min(top + side, window.bottom), min(left + side, window.right))


class ArrayRaster(Raster):
    """A picture that lies in memory; what is read are views of it."""

    def __init__(self, values: Image, placement: Placement) -> None:
        super().__init__(shape_of(values), placement, channels_of(values))
        self.values = values

    @property
    def inputs(self) -> tuple[object, ...]:
        return (self.values,)

    @property
    def is_view(self) -> bool:
        return True

    def read(self, window: Window, cancel: CancelToken | None = None) -> Image:
        return self.values[window.slices]


class OutputRaster(Raster):
    """The output of a slot: its whole where that was computed, else made window by window."""

    def __init__(self, ready: Ready) -> None:
        super().__init__(ready.operator.out_shape, ready.operator.placement, ready.channels)
        self.operator: LinearOperator = ready.operator
        self.x = ready.prepared.values
        self.whole = ready.whole

    @property
    def inputs(self) -> tuple[object, ...]:
        return (self.operator, self.x)

    @property
    def is_view(self) -> bool:
        return self.whole is not None

    def read(self, window: Window, cancel: CancelToken | None = None) -> Image:
        if self.whole is not None:
            return self.whole[window.slices]
        return self.operator.affine(self.x, window, cancel=cancel)

    def exact(self, window: Window) -> Image:
        needed = self.operator.needs(window)
        if needed.height * needed.width > MOST_READ:  # an operator that reads everywhere takes too long for a paint
            return super().exact(window)
        return exact_affine(self.operator, self.x, window)

    def means(self, b: int, window: Window, cancel: CancelToken | None = None) -> Image:
        if self.whole is not None or self.operator.offset is not None:
            return super().means(b, window, cancel)
        return self.operator.block_means(self.x, b, window, cancel=cancel)
