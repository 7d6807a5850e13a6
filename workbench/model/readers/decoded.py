"""What a reader hands back, and the limits every reader keeps before it touches a pixel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.errors import ImageOpenError
from workbench.model.source import Alpha, Transfer

MAX_PIXELS = 256_000_000
"""Pixels of the largest picture that is read; a larger one is refused from its header."""

Expect = Callable[[int], None]
"""Told how many bytes the pixels will take, after the header and before the pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """One picture out of a file, before orientation and name.

    Parameters
    ----------
    pixels : array
        (h, w, c) or (h, w) in the stored dtype and the machine's byte order.
    roles : tuple of str
        Channel names as in :class:`~workbench.model.source.Source`.
    orientation : int
        1 … 8 as in Exif; 1 = as stored.
    """

    pixels: npt.NDArray[Any]
    roles: tuple[str, ...]
    reader: str
    depth: str
    nominal: tuple[float, float]
    transfer: Transfer = "unknown"
    alpha: Alpha = "none"
    badges: tuple[str, ...] = ()
    orientation: int = 1
    icc: bytes | None = None


def admit(path: Path, width: int, height: int, sample_bytes: int, expect: Expect) -> None:
    """Refuse a picture without pixels or with too many, and say how much memory the rest will take.

    Parameters
    ----------
    sample_bytes : int
        Bytes of one pixel, all channels.

    Raises
    ------
    ImageOpenError
        With the size and the limit.
    """
    if width < 1 or height < 1:
        raise ImageOpenError(path, "", f"must hold at least one pixel, not {width} × {height}")
    if width * height > MAX_PIXELS:
        raise ImageOpenError(
            path,
            "",
            f"{width} × {height} pixels are {width * height / 1e6:.0f} Mpx; "
            f"at most {MAX_PIXELS // 1_000_000} Mpx are read",
        )
    expect(width * height * sample_bytes)


def nominal_of(dtype: np.dtype[Any]) -> tuple[float, float]:
    """Black and white of a stored dtype: its range from 0, or 0 … 1 for floats."""
    if dtype.kind in "iu":
        return (0.0, float(np.iinfo(dtype).max))
    return (0.0, 1.0)


def depth_of(dtype: np.dtype[Any]) -> str:
    """How deep a sample of this dtype is, in words: "8-bit", "32-bit float"."""
    if dtype == np.bool_:
        return "1-bit"
    return f"{dtype.itemsize * 8}-bit" + (" float" if dtype.kind == "f" else "")


def native(pixels: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The same numbers in the machine's byte order, in one block."""
    return np.ascontiguousarray(pixels.astype(pixels.dtype.newbyteorder("="), copy=False))


def pages_badge(count: int, word: str = "page") -> tuple[str, ...]:
    """Says that a file holds more than the picture shown."""
    return (f"{word} 1 of {count}",) if count > 1 else ()


ROLES = {1: ("L",), 2: ("L", "A"), 3: ("R", "G", "B"), 4: ("R", "G", "B", "A")}
"""Channel names by their number, for formats that know no names."""


def pick_channels(names: tuple[str, ...]) -> tuple[tuple[int, ...], tuple[str, ...], tuple[str, ...]]:
    """Which channels of a file make a picture: colour if there is colour, else the first as grey.

    Only names decide; a fourth channel is not alpha because it is the fourth.

    Parameters
    ----------
    names : tuple of str
        As in the file, possibly with a layer in front ("left.R").

    Returns
    -------
    indices, roles, badges
        The channels to keep, in order; what they are; what was left out.
    """
    place = {name.upper(): index for index, name in reversed(list(enumerate(names)))}
    layers = dict.fromkeys(name.rpartition(".")[0].upper() for name in names)
    for layer in sorted(layers, key=len):
        dot = f"{layer}." if layer else ""
        for colour in (("R", "G", "B"), ("Y",), ("L",)):
            if all(dot + letter in place for letter in colour):
                roles = ("L",) if len(colour) == 1 else colour
                keys = [dot + letter for letter in colour]
                if dot + "A" in place:
                    roles, keys = (*roles, "A"), [*keys, dot + "A"]
                return _picked(names, tuple(place[key] for key in keys), roles)
    return _picked(names, (0,), ("L",))


def _picked(
    names: tuple[str, ...], indices: tuple[int, ...], roles: tuple[str, ...]
) -> tuple[tuple[int, ...], tuple[str, ...], tuple[str, ...]]:
    badges: list[str] = []
    first = names[indices[0]]
    if first.upper() not in ("R", "Y", "L"):
        badges.append(f"channel “{first}” as grey" if roles[0] == "L" else f"layer “{first.rpartition('.')[0]}”")
    left = [name for index, name in enumerate(names) if index not in indices]
    if left:
        more = f" and {len(left) - 4} more" if len(left) > 4 else ""
        badges.append(f"channels left out: {', '.join(left[:4])}{more}")
    return indices, roles, tuple(badges)
