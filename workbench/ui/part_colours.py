"""From the part of an image that has been computed to the colours a panel shows of it."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Window
from workbench.kernels.operators.base import mean_blocks
from workbench.model.looks import look_of
from workbench.model.results import Part
from workbench.model.view_state import ViewValue

Bytes = npt.NDArray[np.uint8]
_STALE_SHARE = 0.35


def colours_of(panel: str, part: Part, view: ViewValue) -> Bytes:
    """The part as its panel looks."""
    return look_of(panel, view).colours(part.values)


def coarser(part: Part, reduction: int) -> Part:
    """A part for a smaller view than it was made for: exact means of the blocks that lie wholly in it."""
    if part.reduction >= reduction:
        return part
    q = math.ceil(reduction / part.reduction)
    top, left = -(-part.window.top // q), -(-part.window.left // q)
    window = Window(top, left, max(-(-part.window.bottom // q), top), max(-(-part.window.right // q), left))
    values = part.values[top * q - part.window.top :, left * q - part.window.left :]
    if 0 in values.shape:
        return part
    return Part(window, part.reduction * q, mean_blocks(values, q), part.placement)


def greyed(rgba: Bytes, canvas: int) -> Bytes:
    """The look of what is out of date: grey, at 35 % over the surround."""
    grey = rgba[:, :, :3].astype("float32") @ (0.2126, 0.7152, 0.0722)
    out = rgba.copy()
    out[:, :, :3] = (grey * _STALE_SHARE + canvas * (1 - _STALE_SHARE) + 0.5).astype("uint8")[:, :, None]
    return out
