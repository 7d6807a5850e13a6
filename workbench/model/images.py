"""Reading and writing pictures: the door between files and the numbers the workbench compares.

Whatever a file does wrong ends here as one :class:`~workbench.kernels.errors.ImageOpenError` with one
sentence; what a reader changed or assumed ends as a badge of the :class:`~workbench.model.source.Source`.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import stat
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from workbench.kernels.errors import ImageOpenError
from workbench.model.decoder import decode_apart, in_words
from workbench.model.readers.decoded import MAX_PIXELS, Decoded
from workbench.model.readers.dispatch import NEAR, decode, sniff
from workbench.model.readers.upright import upright
from workbench.model.source import Source

__all__ = [
    "MAX_PIXELS",
    "ImageOpenError",
    "describe_limits",
    "open_image",
    "open_image_bytes",
]


def describe_limits() -> str:
    """What can be opened, in one sentence for a dialog."""
    return (
        "PNG, JPEG, TIFF, WebP, BMP, TGA, EXR, HDR, JPEG XL, JPEG 2000, DPX, AVIF, GIF, ICO, PNM, PFM, "
        f"NPY and NPZ, up to {MAX_PIXELS // 1_000_000} Mpx"
    )


def open_image(path: str | Path, *, orient: bool = True) -> Source:
    """Open any supported file by its content, whatever it is called.

    Parameters
    ----------
    path : path-like
        The file.
    orient : bool
        Turn the picture upright if its metadata ask for it; off keeps the sampling grid as stored.

    Returns
    -------
    Source
        Numbers as stored, with a badge for everything that was assumed or converted.

    Raises
    ------
    ImageOpenError
        For anything that is wrong, in one sentence.
    """
    path = Path(path)
    try:
        size = _checked_size(path)
        kind = sniff(path)
        decoded = decode(path, kind, _no_bound) if kind in NEAR else decode_apart(path, kind)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        origin = {"file": str(path.resolve()), "size": size, "sha256": digest}
        return _source(path.name, decoded, orient, path=path, digest=digest, origin=origin)
    except ImageOpenError:
        raise
    except Exception as error:  # the one boundary: readers raise anything
        raise ImageOpenError(path, "", f"could not be read: {in_words(error)}") from error


def open_image_bytes(data: bytes, name: str) -> Source:
    """Open a picture that is no file: pasted, or out of an archive.

    Parameters
    ----------
    data : bytes
        What the file would hold.
    name : str
        What to call it.

    Returns
    -------
    Source
        Its origin carries the bytes, so that a saved comparison is complete without a file.

    Raises
    ------
    ImageOpenError
        As :func:`open_image`, under this name.
    """
    with tempfile.TemporaryDirectory(prefix="picture-") as folder:
        file = Path(folder, "picture")
        file.write_bytes(data)
        try:
            source = open_image(file)
        except ImageOpenError as error:
            raise ImageOpenError(name, error.reader, error.reason) from error
    origin = {"data": base64.b64encode(data).decode("ascii"), "name": name}
    return dataclasses.replace(source, name=name, path=None, origin=origin)


def _no_bound(_predicted: int) -> None:
    """In our own process memory is bounded by the pixel limit alone."""


def _checked_size(path: Path) -> int:
    """Bytes of a regular file that may be read."""
    try:
        facts = path.stat()
        if stat.S_ISDIR(facts.st_mode):
            raise ImageOpenError(path, "", "is a folder, not an image file")
        if not stat.S_ISREG(facts.st_mode):
            raise ImageOpenError(path, "", "is a device or pipe, not an image file")
        path.open("rb").close()
    except (FileNotFoundError, NotADirectoryError):
        raise ImageOpenError(path, "", "there is no such file") from None
    except PermissionError:
        raise ImageOpenError(path, "", "may not be read: permission denied") from None
    return facts.st_size


def _source(name: str, decoded: Decoded, orient: bool, **where: Any) -> Source:
    pixels, badges = decoded.pixels, list(decoded.badges)
    if 2 <= decoded.orientation <= 8:
        if orient:
            pixels = upright(pixels, decoded.orientation)
            badges.append(f"turned upright (orientation {decoded.orientation})")
        else:
            badges.append(f"orientation {decoded.orientation} not applied")
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[:, :, 0]
    if pixels.dtype.kind == "f" and (bad := pixels.size - int(np.count_nonzero(np.isfinite(pixels)))):
        badges.append(f"{bad} not finite")
    return Source(
        name=name,
        pixels=pixels,
        channel_names=decoded.roles,
        nominal=decoded.nominal,
        badges=tuple(badges),
        reader=decoded.reader,
        depth=decoded.depth,
        transfer=decoded.transfer,
        alpha=decoded.alpha,
        icc=decoded.icc,
        **where,
    )
