"""The picture everything starts from: its numbers as stored, and what is known about them.

Nothing is converted on the way in without saying so: each conversion is a badge, a short text the window
shows beside the name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Shape, channels_of, shape_of
from workbench.kernels.errors import ShapeError

Transfer = Literal["srgb", "linear", "unknown"]
Alpha = Literal["none", "straight", "associated"]

# Up to this many samples double precision costs nothing a person would notice (8 MB).
SMALL = 2**20


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """An opened picture; two sources are equal only if they are the same object.

    Parameters
    ----------
    name : str
        What a person calls it; for a file, its name without folder.
    pixels : array
        (h, w) or (h, w, c) in the stored dtype, integers unscaled; made read-only.
    channel_names : tuple of str
        ("L",), ("L", "A"), ("R", "G", "B") or ("R", "G", "B", "A").
    nominal : (float, float)
        Black and white of the stored numbers: (0, 255), (0, 65535), (0, 1) …
    badges : tuple of str
        What was assumed or converted, one short text each.
    path, digest
        The file and the sha256 of its bytes, if it came from one.
    reader, depth : str
        Who read it, with version; how deep the file stores a sample ("8-bit", "32-bit float").
    transfer, alpha : str
        How numbers relate to light, and how colour relates to opacity.
    origin : dict
        How to get it again; see :mod:`workbench.model.samples`.
    icc : bytes or None
        The embedded colour profile, kept and not applied.

    Raises
    ------
    ShapeError
        If the array is no image, or has another number of channels than names.
    """

    name: str
    pixels: npt.NDArray[Any]
    channel_names: tuple[str, ...] = ("L",)
    nominal: tuple[float, float] = (0.0, 1.0)
    badges: tuple[str, ...] = ()
    path: Path | None = None
    digest: str | None = None
    reader: str = ""
    depth: str = ""
    transfer: Transfer = "unknown"
    alpha: Alpha = "none"
    origin: dict[str, Any] = field(default_factory=dict)
    icc: bytes | None = None

    def __post_init__(self) -> None:
        if self.pixels.ndim not in (2, 3) or self.pixels.size == 0:
            raise ShapeError(f"{self.name}: must be (h, w) or (h, w, c) with pixels, not {self.pixels.shape}")
        if channels_of(self.pixels) != len(self.channel_names):
            raise ShapeError(
                f"{self.name}: needs one name for each of its {channels_of(self.pixels)} channels, "
                f"not {len(self.channel_names)}"
            )
        locked = self.pixels.view()
        locked.flags.writeable = False
        object.__setattr__(self, "pixels", locked)

    @property
    def shape(self) -> Shape:
        """Height and width."""
        return shape_of(self.pixels)

    @property
    def channels(self) -> int:
        return channels_of(self.pixels)

    def values(self) -> Image:
        """The picture as the methods compute with it: integers scaled so that nominal white is 1.

        Returns
        -------
        Image
            float64 for stored float64 and for small pictures, float32 for the rest; floats unscaled.
            Read-only.
        """
        exact = self.pixels.dtype == np.float64 or self.pixels.size <= SMALL
        dtype = np.dtype(np.float64 if exact else np.float32)
        values: Image = self.pixels.astype(dtype, copy=False)
        if self.pixels.dtype.kind in "iub":
            values = values / dtype.type(self.nominal[1])
        values.flags.writeable = False
        return values
