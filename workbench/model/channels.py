"""Which channel of a picture is looked at: all as colours, one alone, or how bright they are together.

Convention
    Luminance is 0.2126 R + 0.7152 G + 0.0722 B of the numbers as they are (Rec. 709): of encoded values it is luma.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workbench.kernels.arrays import Image, channels_of
from workbench.model.view_state import ChannelView

LUMINANCE = (0.2126, 0.7152, 0.0722)
LABELS: dict[ChannelView, str] = {
    "rgb": "RGB", "r": "R", "g": "G", "b": "B", "luminance": "luminance", "alpha": "alpha",
}  # fmt: skip
_PLANES: dict[ChannelView, int] = {"r": 0, "g": 1, "b": 2}


def available(names: Sequence[str]) -> tuple[ChannelView, ...]:
    """The channel views that a picture with these channels has, in the order of the key.

    Parameters
    ----------
    names : sequence of str
        What its channels are called; opacity is called "A".
    """
    found: tuple[ChannelView, ...] = ("rgb",)
    if len(names) >= 3:
        found += ("r", "g", "b", "luminance")
    return (*found, "alpha") if _alpha(names) is not None else found


def _alpha(names: Sequence[str]) -> int | None:
    last = len(names) - 1
    return last if last in (1, 3) and names[last] == "A" else None


def channel_of(view: ChannelView, channels: int) -> int | None:
    """The one channel that a view shows; None where it shows several, or this picture has no such channel."""
    if view == "alpha":
        return channels - 1 if channels in (2, 4) else None
    index = _PLANES.get(view)
    return index if index is not None and channels >= 3 else None


def picked(image: Image, view: ChannelView) -> Image:
    """What a channel view leaves of a picture: (h, w) of one channel or of luminance, else the picture itself.

    A picture without the channel stays as it is.
    """
    channels = channels_of(image)
    plane = channel_of(view, channels)
    if plane is not None:
        return image[:, :, plane]
    if view != "luminance" or channels < 3:
        return image
    with np.errstate(invalid="ignore", over="ignore"):
        total = image[:, :, 0] * image.dtype.type(LUMINANCE[0])
        for k in (1, 2):
            total += image[:, :, k] * image.dtype.type(LUMINANCE[k])
    return total


def is_single(view: ChannelView, channels: int) -> bool:
    """Whether a picture with so many channels is shown through a colour map."""
    return channels < 3 or takes_part(view, channels)


def takes_part(view: ChannelView, channels: int) -> bool:
    """Whether a channel view leaves something of such a picture out."""
    return channel_of(view, channels) is not None or (view == "luminance" and channels >= 3)
