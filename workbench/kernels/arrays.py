"""Images as arrays: the one place where dtype, layout and range are checked.

Convention
    Arrays are (rows, columns) or (rows, columns, channels), y down, x right; pixel (r, c) covers
    [c, c+1] × [r, r+1] on screen, and its centre is the integer (r, c) in the formulas of the kernels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from workbench.kernels.errors import ShapeError

Image = npt.NDArray[np.floating[Any]]
Shape = tuple[int, int]


class Pixel(NamedTuple):
    """A pixel by its index: row down, column right."""

    row: int
    col: int


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle of whole pixels, half-open: rows top … bottom − 1, columns left … right − 1."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def of(cls, shape: Shape) -> Window:
        """The window that is the whole of an image of this shape."""
        return cls(0, 0, shape[0], shape[1])

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def shape(self) -> Shape:
        return (self.height, self.width)

    @property
    def is_empty(self) -> bool:
        return self.height <= 0 or self.width <= 0

    @property
    def slices(self) -> tuple[slice, slice]:
        """Index of this window in an array of the whole image."""
        return (slice(self.top, self.bottom), slice(self.left, self.right))

    def intersect(self, other: Window) -> Window:
        """What both windows cover; may be empty."""
        return Window(
            max(self.top, other.top),
            max(self.left, other.left),
            min(self.bottom, other.bottom),
            min(self.right, other.right),
        )

    def contains(self, other: Window) -> bool:
        return (
            self.top <= other.top
            and self.left <= other.left
            and self.bottom >= other.bottom
            and self.right >= other.right
        )

    def shifted(self, rows: int, cols: int) -> Window:
        return Window(self.top + rows, self.left + cols, self.bottom + rows, self.right + cols)


def as_image(values: npt.ArrayLike, name: str = "image") -> Image:
    """The array as floating-point image, unscaled; float32 and float64 stay what they are.

    Parameters
    ----------
    values : array_like
        (h, w) or (h, w, c), any real dtype, every side at least 1.
    name : str
        What the error calls it.

    Raises
    ------
    ShapeError
        If it has another number of axes, no pixel, or no real numbers.
    """
    array = np.asarray(values)
    if array.dtype.kind not in "fiub":
        raise ShapeError(f"{name}: must hold real numbers, not {array.dtype}")
    if array.ndim not in (2, 3):
        raise ShapeError(f"{name}: must be (h, w) or (h, w, c), not {array.ndim}-dimensional {array.shape}")
    if array.size == 0:
        raise ShapeError(f"{name}: must hold at least one pixel, not {array.shape}")
    if array.dtype in (np.float32, np.float64):
        return array
    return array.astype(np.float32 if array.dtype == np.float16 else np.float64)


def shape_of(image: npt.NDArray[Any]) -> Shape:
    """Height and width, without the channels."""
    return (int(image.shape[0]), int(image.shape[1]))


def channels_of(image: npt.NDArray[Any]) -> int:
    """Number of channels; 1 for a plain (h, w) array."""
    return 1 if image.ndim == 2 else int(image.shape[2])


def plane(image: npt.NDArray[Any], channel: int = 0) -> npt.NDArray[Any]:
    """One channel as (h, w); a plain array is its own only channel."""
    return image if image.ndim == 2 else image[:, :, channel]
