"""Pillow, for what nothing else reads, and only where it changes no number: eight bits, straight alpha."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.kernels.errors import ImageOpenError
from workbench.model.readers.decoded import ROLES, Decoded, Expect, admit, pages_badge
from workbench.model.readers.sniff import avif_depth, png_header

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

_READY = frozenset({"L", "LA", "RGB", "RGBA"})
_ORIENTATION = 0x0112


def reader_name() -> str:
    """Library and version, as an error or a caption names it."""
    import PIL

    return f"Pillow {PIL.__version__}"


def read_pillow(path: Path, kind: str, expect: Expect) -> Decoded:
    """The first picture of an 8-bit file.

    Raises
    ------
    ImageOpenError
        If the file is deeper, or stores something that Pillow would change without a word.
    """
    from PIL import Image, UnidentifiedImageError

    if kind == "avif" and (bits := avif_depth(path)) != 8:
        said = f"{bits} bits per sample" if bits else "a depth the file does not tell"
        raise ImageOpenError(path, reader_name(), f"AVIF must have 8 bits per sample, not {said}")
    if kind == "png" and png_header(path, expect).depth > 8:
        raise ImageOpenError(path, reader_name(), "PNG must have at most 8 bits per sample, not 16")
    try:
        opened = Image.open(path)
    except UnidentifiedImageError as error:
        raise ImageOpenError(path, reader_name(), "it knows no such format") from error
    with opened as image:
        frames = int(getattr(image, "n_frames", 1))
        if kind == "tiff":
            _check_tiff(path, image)
        if kind == "bmp" and _bmp_bits(path) == 32:
            raise ImageOpenError(path, reader_name(), "would lose the alpha of a 32-bit BMP")
        admit(path, image.width, image.height, 4, expect)
        sizes = image.info.get("sizes", ()) if kind == "ico" else ()
        ready, badges = _eight_bit(path, image)
        pixels = np.array(ready)
        orientation = int(image.getexif().get(_ORIENTATION, 1))
        icc = image.info.get("icc_profile")
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    if len(sizes) > 1:
        badges.append(f"largest of {len(sizes)} sizes")
    srgb = _is_srgb(icc)
    if icc and not srgb:
        badges.append("profile not applied")
    elif not icc:
        badges.append("sRGB assumed")
    return Decoded(
        pixels=pixels,
        roles=ROLES[channels],
        reader=reader_name(),
        depth="8-bit",
        nominal=(0.0, 255.0),
        transfer="srgb" if srgb or not icc else "unknown",
        alpha="straight" if channels in (2, 4) else "none",
        badges=(*pages_badge(frames, "page" if kind == "tiff" else "frame"), *badges),
        orientation=orientation,
        icc=icc,
    )


def _eight_bit(path: Path, image: PillowImage) -> tuple[PillowImage, list[str]]:
    if image.mode in ("L", "RGB") and "transparency" in image.info:
        return image.convert(f"{image.mode}A"), ["transparent colour made alpha"]
    if image.mode in _READY:
        return image, []
    if image.mode == "P":
        return image.convert("RGBA" if "transparency" in image.info else "RGB"), ["palette expanded"]
    if image.mode == "1":
        return image.convert("L"), ["expanded from 1 to 8 bits"]
    if image.mode == "CMYK":
        return image.convert("RGB"), ["CMYK converted to RGB"]
    raise ImageOpenError(path, reader_name(), f"must hold 8-bit grey or colour, not mode {image.mode}")


def _check_tiff(path: Path, image: PillowImage) -> None:
    """Eight bits throughout, unsigned, and no alpha that Pillow would divide by."""
    tags: Any = getattr(image, "tag_v2", {})
    depths = tags.get(258, (1,))
    if max(depths) > 8:
        raise ImageOpenError(path, reader_name(), f"TIFF must have 8 bits per sample, not {max(depths)}")
    if set(tags.get(339, (1,))) != {1}:
        raise ImageOpenError(path, reader_name(), "TIFF must hold unsigned integers")
    if 1 in tags.get(338, ()):
        raise ImageOpenError(path, reader_name(), "would divide the colours by their associated alpha")


def _bmp_bits(path: Path) -> int:
    with path.open("rb") as file:
        return int.from_bytes(file.read(30)[28:30], "little")


def _is_srgb(icc: bytes | None) -> bool:
    if not icc:
        return False
    from PIL import ImageCms

    try:
        return "srgb" in ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(icc))).lower()
    except (OSError, ImageCms.PyCMSError):
        return False
