"""From the part of an image that has been computed to the colours a panel shows of it."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Window
from workbench.kernels.operators.base import mean_blocks
from workbench.model.envelope import VISIBLE, coarser_spread, shown_spread
from workbench.model.looks import look_of
from workbench.model.results import Part
from workbench.model.view_state import ViewValue

Bytes = npt.NDArray[np.uint8]
_STALE_SHARE = 0.35
ENVELOPE = (38, 178, 112)
"""Green: no map, no weight and no part of the interface has it."""
_FAINTEST, _STRONGEST, _FULL = 0.12, 0.45, 0.5


def colours_of(panel: str, part: Part, view: ViewValue) -> Bytes:
    """The part as its panel looks; where means leave out what would be seen, and nobody minds, tinted."""
    look = look_of(panel, view)
    rgba = look.colours(part.values)
    if part.spread is None or view.annotations != "automatic":
        return rgba
    return tinted(rgba, shown_spread(part.spread, look.channel), look.ends.hi - look.ends.lo)


def tinted(rgba: Bytes, spread: npt.NDArray[np.float32], width: float) -> Bytes:
    """The envelope: blocks that hide more than 2 % of the range, the more the stronger."""
    hidden = spread.astype(np.float64) / max(width, float(np.finfo(np.float32).tiny))
    share = _FAINTEST + (_STRONGEST - _FAINTEST) * np.clip((hidden - VISIBLE) / (_FULL - VISIBLE), 0, 1)
    rows, cols = np.nonzero(hidden > VISIBLE)
    weight = share[rows, cols, None]
    out = rgba.copy()
    out[rows, cols, :3] = (rgba[rows, cols, :3] * (1 - weight) + np.array(ENVELOPE) * weight + 0.5).astype(np.uint8)
    return out


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
    spread = None if part.spread is None else part.spread[top * q - part.window.top :, left * q - part.window.left :]
    means = mean_blocks(values, q)
    return Part(window, part.reduction * q, means, part.placement, coarser_spread(values, spread, q))


def greyed(rgba: Bytes, canvas: int) -> Bytes:
    """The look of what is out of date: grey, at 35 % over the surround."""
    grey = rgba[:, :, :3].astype("float32") @ (0.2126, 0.7152, 0.0722)
    out = rgba.copy()
    out[:, :, :3] = (grey * _STALE_SHARE + canvas * (1 - _STALE_SHARE) + 0.5).astype("uint8")[:, :, None]
    return out
