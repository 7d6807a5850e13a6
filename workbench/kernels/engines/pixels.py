"""Pixels of three numbers, moved as four: to read and write 16 bytes at once is what numpy does fastest.

A pixel written with four numbers spills the last of them over the first number of its neighbour. Whoever writes all
pixels from left to right writes that again; who writes every second one must know what stands there.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import as_strided

from workbench.kernels.engines.scratch import Scratch

Pixels = npt.NDArray[np.floating[Any]]

_WHOLE = np.dtype(np.complex128)
"""What moves 16 bytes at once."""


def lanes(channels: int, dtype: np.dtype[Any]) -> int:
    """Numbers that a pixel is best moved as: itself, or four for three."""
    return 4 if channels == 3 and 4 * dtype.itemsize == _WHOLE.itemsize else channels


def whole(pixels: Pixels) -> npt.NDArray[Any]:
    """Pixels of 16 bytes, each as one number that means nothing."""
    found: npt.NDArray[Any] = pixels.view(_WHOLE)[..., 0]
    return found


def widened(lines: Pixels, name: str, scratch: Scratch) -> Pixels:
    """A copy of rows of pixels, with a fourth number that has no meaning.

    Parameters
    ----------
    lines : (b, n, 3)
    """
    made = scratch(name, *lines.shape[:2], 4)
    if lines.strides[1:] != (3 * lines.itemsize, lines.itemsize):
        made[:, :, 3] = 0
        made[:, :, :3] = lines
        return made
    np.copyto(whole(made[:, :-1]), whole(_overlapping(lines[:, :-1], 1)))
    made[:, -1, :3], made[:, -1, 3] = lines[:, -1], 0
    return made


def write_pixels(pixels: Pixels, goal: Pixels, every: int = 1, *, closes: bool = False) -> None:
    """Write widened pixels to ``goal[:, ::every]``.

    Parameters
    ----------
    pixels : (b, m, 4)
        Their last numbers are lost.
    goal : (b, n, 3)
        With (m − 1) · ``every`` < n; begins with the first of these pixels.
    closes : bool
        Whether the neighbours to the right have been written before and must stay.
    """
    count = pixels.shape[1]
    last = (count - 1) * every
    count -= last + 1 == goal.shape[1]  # the very last has no room to spill over
    if count:
        reach = 1 + (count - 1) * every
        if closes:
            np.copyto(pixels[:, :count, 3], goal[:, 1 : 1 + reach : every, 0])
        np.copyto(whole(_overlapping(goal[:, :reach:every], every)), whole(pixels[:, :count]))
    if count < pixels.shape[1]:
        goal[:, last] = pixels[:, -1, :3]


def _overlapping(pixels: Pixels, every: int) -> Pixels:
    """Pixels with the first number of their neighbour."""
    strides = (pixels.strides[0], 3 * every * pixels.itemsize, pixels.itemsize)
    return as_strided(pixels, (*pixels.shape[:2], 4), strides)
