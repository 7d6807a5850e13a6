"""The one place where numbers become colours, for the screen and for exported figures alike.

Convention
    Pictures go in as (h, w) or (h, w, c) floats and come out as opaque RGBA bytes of the same height and
    width. Positions are computed in float64 and rounded half up; on diverging maps half away from the middle,
    so that x and −x land on entries equally far from it. What is not finite has a colour of its own, outside
    every map. Gain, offset and gamma of a `Tone` act on positions, never on values.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, as_image
from workbench.kernels.errors import ShapeError
from workbench.kernels.transfer import srgb_to_linear
from workbench.model.colormaps import ColourMap
from workbench.model.scale import NEUTRAL as NEUTRAL
from workbench.model.scale import Range as Range
from workbench.model.scale import Tone as Tone

RGB = tuple[int, int, int]
Channel = int | Literal["rgb"]
Bytes = npt.NDArray[np.uint8]

# Values of one band: few enough for the cache, many enough that Python's share vanishes.
_BAND = 1 << 17


@dataclass(frozen=True, slots=True)
class Mark:
    """A colour that stands for a kind of value rather than for a value; the legend shows it."""

    id: str
    label: str
    rgb: RGB


NAN = Mark("nan", "NaN", (0xFF, 0x3D, 0xD1))
POSITIVE_INFINITE = Mark("positive_infinite", "+∞", (0xFF, 0xE1, 0x4D))
NEGATIVE_INFINITE = Mark("negative_infinite", "−∞", (0x00, 0xC2, 0xC7))
ABOVE = Mark("above", "above", (0xFF, 0xF3, 0xB0))
BELOW = Mark("below", "below", (0x0B, 0x3D, 0x4A))

# Where several hold in one pixel, the first one names it.
MARKS = (NAN, POSITIVE_INFINITE, NEGATIVE_INFINITE, ABOVE, BELOW)


@dataclass(frozen=True, slots=True)
class Marks:
    """Which finite values outside the range are marked; what is not finite always is."""

    above: bool = False
    below: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How many pixels are not shown by their value; each pixel counts once, under the first that holds."""

    nan: int = 0
    positive_infinite: int = 0
    negative_infinite: int = 0
    above: int = 0
    below: int = 0
    total: int = 0

    @property
    def beyond(self) -> int:
        """All of them together."""
        return self.nan + self.positive_infinite + self.negative_infinite + self.above + self.below


def to_display(
    values: npt.ArrayLike,
    range: Range,
    colour_map: ColourMap,
    *,
    channel: Channel = "rgb",
    marks: Marks = Marks(),
    tone: Tone = NEUTRAL,
) -> Bytes:
    """A picture as it is shown: colours for the values, fixed colours for what has none.

    Parameters
    ----------
    values : array_like
        (h, w) or (h, w, c). One or two channels (grey, grey with alpha) go through the map; three or more are
        red, green, blue, each from black at ``range.lo`` to full at ``range.hi``, without the map. Alpha is
        not applied.
    range : Range
        Ends of the scale; values beyond take the colour of the end.
    colour_map : ColourMap
        Table for single channels.
    channel : int or "rgb"
        A single channel, shown through the map, or all.
    marks : Marks
        Whether finite values beyond the ends get colours of their own.
    tone : Tone
        Gain, offset and gamma; the ends are then those of `Tone.ends`.

    Returns
    -------
    ndarray
        (h, w, 4) uint8, C-contiguous, alpha 255; always a new array.

    Raises
    ------
    ShapeError
        If there is no pixel or no such channel.
    """
    shown = _shown(values, channel)
    range = tone.ends(range, shown.ndim == 2 and colour_map.diverging)
    height, width = shown.shape[:2]
    out = np.empty((height, width, 4), np.uint8)
    for rows in _bands(shown):
        band, target = shown[rows], out[rows]
        finite = np.isfinite(band)
        clean = bool(finite.all())
        # Overflow takes the colour of the end, as any value beyond it; NaN is painted over below.
        with np.errstate(over="ignore", invalid="ignore"):
            if band.ndim == 3:
                _paint_colours(band, range, tone.gamma, finite, clean, target)
            else:
                _paint_through(colour_map, band, range, tone.gamma, finite, clean, target)
        if not clean or marks.above or marks.below:
            _paint_marks(band, range, marks, target)
    return out


def count_beyond(values: npt.ArrayLike, range: Range, *, channel: Channel = "rgb") -> Counts:
    """How many pixels of a picture the range cannot show, by kind, for the legend.

    Parameters
    ----------
    values, range, channel
        As in `to_display`.
    """
    shown = _shown(values, channel)
    found = np.zeros(len(MARKS) + 1, np.int64)
    for rows in _bands(shown):
        band = shown[rows]
        # False as well where a value is NaN.
        if not (band.min() >= range.lo and band.max() <= range.hi):
            found += np.bincount(_kinds(band, range).ravel(), minlength=len(MARKS) + 1)
    _, nan, positive, negative, above, below = found.tolist()
    return Counts(nan, positive, negative, above, below, shown.shape[0] * shown.shape[1])


def _shown(values: npt.ArrayLike, channel: Channel) -> Image:
    """The part of a picture that is seen: (h, w) for the map, or (h, w, 3) for direct colour."""
    image = as_image(values)
    if image.ndim == 2:
        return image
    count = image.shape[2]
    if channel == "rgb":
        return image[:, :, :3] if count >= 3 else image[:, :, 0]
    if count == 1:
        return image[:, :, 0]
    if not 0 <= channel < count:
        raise ShapeError(f"channel: must lie in 0 … {count - 1}, not {channel}")
    return image[:, :, channel]


def _bands(image: Image) -> Iterator[slice]:
    step = max(1, _BAND // (image.size // image.shape[0]))
    for top in range(0, image.shape[0], step):
        yield slice(top, top + step)


def _paint_colours(
    band: Image, ends: Range, gamma: float, finite: npt.NDArray[np.bool_], clean: bool, target: Bytes
) -> None:
    """Red, green and blue directly: black at the lower end, full at the upper."""
    code = np.subtract(band, ends.lo, dtype=np.float64)
    code *= 255 / ends.width
    if not clean:
        code[~finite] = 0
    _bend(code, 255, gamma)
    code += 0.5
    np.clip(code, 0, 255, out=code)
    # Plane by plane: many times faster than copying three bytes out of each four.
    for k in (0, 1, 2):
        np.copyto(target[:, :, k], code[:, :, k], casting="unsafe")
    target[:, :, 3] = 255


def _paint_through(
    colour_map: ColourMap,
    band: Image,
    ends: Range,
    gamma: float,
    finite: npt.NDArray[np.bool_],
    clean: bool,
    target: Bytes,
) -> None:
    """One channel through the table of a map."""
    last = len(colour_map.table) - 1
    if colour_map.diverging:
        # From the middle outwards, so that both sides are rounded alike and 0 is exactly the middle entry.
        code = np.subtract(band, ends.middle, dtype=np.float64)
        code *= last / ends.width
        _bend(code, last / 2, gamma)
        np.trunc(code + np.copysign(0.5, code), out=code)
        code += last // 2
    else:
        code = np.subtract(band, ends.lo, dtype=np.float64)
        code *= last / ends.width
        _bend(code, last, gamma)
        code += 0.5
    if not clean:
        code[~finite] = 0
    np.clip(code, 0, last, out=code)
    entries = np.empty((last + 1, 4), np.uint8)
    entries[:, :3] = colour_map.table
    entries[:, 3] = 255
    # Four bytes at once.
    np.take(entries.view(np.uint32)[:, 0], code.astype(np.intp), out=target.view(np.uint32)[:, :, 0], mode="clip")


def _bend(code: npt.NDArray[np.float64], top: float, gamma: float) -> None:
    """Positions, counted to ``top``, by the power 1 / gamma, the same on both sides of 0; in place."""
    if gamma == 1:
        return
    size = np.abs(code)
    np.minimum(size, top, out=size)
    size /= top
    np.power(size, 1 / gamma, out=size)
    size *= top
    np.copysign(size, code, out=code)


def _paint_marks(band: Image, ends: Range, marks: Marks, target: Bytes) -> None:
    kinds = _kinds(band, ends)
    colours = np.array([(*mark.rgb, 255) for mark in MARKS], np.uint8).view(np.uint32)[:, 0]
    pixels = target.view(np.uint32)[:, :, 0]
    for kind, (mark, colour) in enumerate(zip(MARKS, colours), start=1):
        if (mark is not ABOVE or marks.above) and (mark is not BELOW or marks.below):
            np.copyto(pixels, colour, where=kinds == kind)


def _kinds(band: Image, ends: Range) -> Bytes:
    """For each pixel 0 if its value can be shown, else 1 + the index into `MARKS`."""
    low = high = band
    if band.ndim == 3:
        # Both keep NaN. Plane by plane: an axis of length 3 costs ten times as much.
        red, green, blue = np.moveaxis(band, 2, 0)
        low = np.minimum(np.minimum(red, green), blue)
        high = np.maximum(np.maximum(red, green), blue)
    kinds = np.zeros(low.shape, np.uint8)
    # From the last to the first: the first that holds is written last.
    kinds[low < ends.lo] = 5
    kinds[high > ends.hi] = 4
    kinds[low == -np.inf] = 3
    kinds[high == np.inf] = 2
    kinds[np.isnan(high)] = 1
    return kinds


# Purple below zero, orange above: position −1 … 1 → colour.
WEIGHT_STOPS: tuple[tuple[float, RGB], ...] = (
    (-1.0, (0x54, 0x38, 0x9E)),
    (-0.6, (0x88, 0x70, 0xC4)),
    (-0.25, (0xC4, 0xB8, 0xE2)),
    (0.0, (0xF7, 0xF7, 0xF7)),
    (0.25, (0xFD, 0xD6, 0xA4)),
    (0.6, (0xF7, 0xA0, 0x48)),
    (1.0, (0xE6, 0x6B, 0x00)),
)


def weight_position(weights: npt.ArrayLike, peak: float) -> npt.NDArray[np.float64]:
    """Where weights lie on their colour scale, −1 … 1: sign · √(|w| / peak), so that small lobes are seen.

    Parameters
    ----------
    weights : array_like
        Any shape.
    peak : float
        The largest size that is shown together with them; 0 puts all in the middle.
    """
    values = np.asarray(weights, np.float64)
    if not peak > 0:
        return np.zeros(values.shape)
    return np.asarray(np.copysign(np.sqrt(np.minimum(np.abs(values) / peak, 1.0)), values))


def weight_rgb(weights: npt.ArrayLike, peak: float) -> Bytes:
    """Colours of weights: orange adds, purple subtracts, near-white hardly matters.

    Parameters
    ----------
    weights, peak
        As in `weight_position`.

    Returns
    -------
    ndarray
        (…, 3) uint8.
    """
    position = weight_position(weights, peak)
    at = [stop for stop, _ in WEIGHT_STOPS]
    channels = [np.interp(position, at, [rgb[k] for _, rgb in WEIGHT_STOPS]) for k in (0, 1, 2)]
    return np.asarray(np.floor(np.stack(channels, axis=-1) + 0.5), dtype=np.uint8)


_LIGHT: list[float] = srgb_to_linear(np.arange(256) / 255).tolist()


def ink_on(rgb: Sequence[int]) -> RGB:
    """Black or white, whichever is read on this colour with a contrast of at least 4.5 : 1.

    Parameters
    ----------
    rgb : sequence of int
        Three bytes; a fourth is ignored.
    """
    luminance = 0.2126 * _LIGHT[rgb[0]] + 0.7152 * _LIGHT[rgb[1]] + 0.0722 * _LIGHT[rgb[2]]
    return (0, 0, 0) if luminance > 0.18 else (255, 255, 255)


def format_value(value: float, digits: int = 4) -> str:
    """A number for a list: fixed decimals, a true minus, and no minus before a rounded zero."""
    return _typeset(f"{value:.{digits}f}")


def format_cell(value: float) -> str:
    """A number for a narrow cell: decimals as in a list, and at most eight figures where those would tell nothing."""
    size = abs(value)
    if 0 < size < 1e-3 or 1e8 <= size < math.inf:
        return _typeset(f"{value:.3g}")
    whole = len(f"{size:.0f}") if 1e4 <= size < math.inf else 4
    return format_value(value, min(4, 8 - whole))


def format_card(value: float) -> str:
    """A number for the card, six significant digits: the places that a list has no room for."""
    return _typeset(f"{value:.6g}")


def _typeset(text: str) -> str:
    if text in ("inf", "-inf"):
        text = text.replace("inf", "∞")
    elif text == "nan":
        return "NaN"
    elif not text.strip("-0."):
        text = text.lstrip("-")
    return text.replace("-", "−")
