"""Turning a picture the way it was meant to be looked at: the eight orientations of Exif."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


def upright(pixels: npt.NDArray[Any], orientation: int) -> npt.NDArray[Any]:
    """The picture turned and mirrored so that its top is up.

    Parameters
    ----------
    pixels : array
        (h, w) or (h, w, c) as stored.
    orientation : int
        Exif tag 0x0112: where the first stored row and column belong. 1 and unknown numbers change nothing.

    Convention
        6 means that the first stored row is the right-hand side: turn clockwise.
    """
    match orientation:
        case 2:
            turned = pixels[:, ::-1]
        case 3:
            turned = pixels[::-1, ::-1]
        case 4:
            turned = pixels[::-1]
        case 5:
            turned = pixels.swapaxes(0, 1)
        case 6:
            turned = np.rot90(pixels, -1)
        case 7:
            turned = pixels[::-1, ::-1].swapaxes(0, 1)
        case 8:
            turned = np.rot90(pixels, 1)
        case _:
            return pixels
    return np.ascontiguousarray(turned)
