"""Where output pixels sit in input coordinates: the ONE class that owns every coordinate map.

Convention
    The world unit is the source pixel: source pixel (r, c) covers [r, r+1] × [c, c+1], y down, x right. Nominal
    placement: output pixel n covers [offset + n·step, offset + (n+1)·step], what whoever uses the array assumes; a
    half-pixel error is then seen as a shift of content. Sample placement: the middle of an output pixel lies where its
    grid samples the input; contents agree, and frames move or stretch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from workbench.kernels.arrays import Pixel, Shape, Window

Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Placement:
    """An axis-parallel map from pixel indices to world coordinates.

    Parameters
    ----------
    step : (float, float)
        Height and width of one pixel in source pixels; 1/4 after ×4.
    offset : (float, float)
        World place (y, x) of the upper left corner of pixel (0, 0).
    """

    step: tuple[float, float] = (1.0, 1.0)
    offset: tuple[float, float] = (0.0, 0.0)

    @classmethod
    def sampling(cls, step: tuple[float, float], first: tuple[float, float]) -> Placement:
        """Of pixels whose middles lie where they sample: at ``first + n·step``, input pixel centres on integers."""
        return cls(step, (first[0] + (1 - step[0]) / 2, first[1] + (1 - step[1]) / 2))

    def moved(self, down: float, across: float) -> Placement:
        """The same, so many source pixels further."""
        return Placement(self.step, (self.offset[0] + down, self.offset[1] + across))

    def rect(self, pixel: Pixel) -> Rect:
        """The square of a pixel: top, left, bottom, right in the world."""
        (dy, dx), (y, x) = self.step, self.offset
        r, c = pixel
        return (y + r * dy, x + c * dx, y + (r + 1) * dy, x + (c + 1) * dx)

    def centre(self, pixel: Pixel) -> tuple[float, float]:
        """The middle of a pixel's square, (y, x)."""
        (dy, dx), (y, x) = self.step, self.offset
        return (y + (pixel[0] + 0.5) * dy, x + (pixel[1] + 0.5) * dx)

    def pixel_at(self, y: float, x: float) -> Pixel:
        """The pixel whose square holds a world point; it may lie outside the image."""
        return Pixel(math.floor((y - self.offset[0]) / self.step[0]), math.floor((x - self.offset[1]) / self.step[1]))

    def extent(self, shape: Shape) -> Rect:
        """The rectangle that a whole image of this shape covers."""
        (dy, dx), (y, x) = self.step, self.offset
        return (y, x, y + shape[0] * dy, x + shape[1] * dx)

    def window(self, rect: Rect, shape: Shape) -> Window:
        """The pixels of an image of this shape that a world rectangle touches; may be empty."""
        top, left = self.pixel_at(rect[0], rect[1])
        bottom = math.ceil((rect[2] - self.offset[0]) / self.step[0])
        right = math.ceil((rect[3] - self.offset[1]) / self.step[1])
        return Window(top, left, bottom, right).intersect(Window.of(shape))

    def then(self, inner: Placement) -> Placement:
        """The placement of an image made from one placed like this: ``inner`` is its place in that one's pixels."""
        return Placement(
            (self.step[0] * inner.step[0], self.step[1] * inner.step[1]),
            (
                self.offset[0] + inner.offset[0] * self.step[0],
                self.offset[1] + inner.offset[1] * self.step[1],
            ),
        )

    def inverse(self) -> Placement:
        """The place of the input in pixels of the output."""
        return Placement(
            (1 / self.step[0], 1 / self.step[1]),
            (-self.offset[0] / self.step[0], -self.offset[1] / self.step[1]),
        )


IDENTITY = Placement()
