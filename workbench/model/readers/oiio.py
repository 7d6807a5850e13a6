"""Most formats, through OpenImageIO, with everything it does behind one's back undone or said.

Convention
    Always opened with ``oiio:UnassociatedAlpha``, or straight alpha would come multiplied; read in the native
    type; channels by their names only; and an error text after the read is a failure even if an array came,
    because a truncated JPEG comes as a full array, grey where data is missing.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.errors import ImageOpenError
from workbench.model.readers.decoded import (
    MAX_PIXELS,
    Decoded,
    Expect,
    admit,
    depth_of,
    nominal_of,
    pages_badge,
    pick_channels,
)
from workbench.model.readers.sniff import PngHeader, png_header
from workbench.model.source import Alpha, Transfer

# The largest pixel we expect is RGBA in float64.
_LIMIT_MB = MAX_PIXELS * 32 // 2**20
_LINEAR = frozenset({"openexr", "hdr"})
_CONVERTED = frozenset({"CMYK", "YCCK", "CIELAB", "ICCLAB", "ITULAB", "LOGLUV", "YCbCr", "color separated"})
_COUNT_LIMIT = 1000  # pages; counting frames of an endless animation is not worth a wait
_CUT = re.compile(r"premature|end of file|\beof\b|truncat|ended early|short read|past the end", re.IGNORECASE)


def library() -> Any:
    """OpenImageIO with our limits set; imported at the first file, not at the start.

    Raises
    ------
    ImportError
        Where there is no wheel for it.
    """
    import OpenImageIO as oiio

    if oiio.get_int_attribute("limits:imagesize_MB") > _LIMIT_MB:
        oiio.attribute("limits:imagesize_MB", _LIMIT_MB)
    return oiio


def reader_name() -> str:
    """Library and version, as an error or a caption names it."""
    return f"OpenImageIO {library().VERSION_STRING}"


def read_oiio(path: Path, kind: str, expect: Expect) -> Decoded:
    """The first picture of a file, as stored, with a badge for each thing the library did to it.

    Parameters
    ----------
    kind : str
        What the first bytes said; "" lets the library try all its formats.

    Raises
    ------
    ImageOpenError
        With the library's own words; "cut short" where it ran out of data.
    """
    png = png_header(path, expect) if kind == "png" else None
    with _honest_name(path, kind) as honest:
        return _read(path, str(honest), kind, png, expect)


def _read(path: Path, name: str, kind: str, png: PngHeader | None, expect: Expect) -> Decoded:
    oiio = library()
    config = oiio.ImageSpec()
    config.attribute("oiio:UnassociatedAlpha", 1)
    image = oiio.ImageInput.open(name, config)
    if image is None:
        raise _failure(path, kind, oiio.geterror())
    try:
        spec = image.spec()
        kind = image.format_name()
        if kind == "null" or spec.deep or spec.depth > 1:
            what = "deep samples" if spec.deep else "a volume" if spec.depth > 1 else "no picture"
            raise ImageOpenError(path, reader_name(), f"must hold a flat picture, not {what}")
        admit(path, spec.width, spec.height, spec.nchannels * spec.format.size(), expect)
        pixels = image.read_image(0, 0, 0, spec.nchannels, oiio.UNKNOWN)
        complaint = image.geterror()
        if pixels is None or complaint:
            raise _failure(path, kind, complaint)
        pages = png.frames if png else _pages(image)
        image.geterror()  # seeking past the last page leaves a text nobody asked for
    finally:
        image.close()
    facts = {item.name: item.value for item in spec.extra_attribs}
    return _described(np.asarray(pixels), spec, facts, kind, png, pages)


def _described(
    pixels: npt.NDArray[Any], spec: Any, facts: dict[str, Any], kind: str, png: PngHeader | None, pages: int
) -> Decoded:
    names = tuple(spec.channelnames)
    badges: list[str] = [*pages_badge(pages, "frame" if kind in ("png", "webp") else "page")]
    indices, roles, said = pick_channels(names)
    if kind == "tiff" and facts.get("tiff:PhotometricInterpretation") in (0, 1) and names[0] == "R":
        # The library makes the names up: a greyscale file has channels, but no colour.
        indices, roles, said = (0,), ("L",), (f"channel 1 of {len(names)}: the file says grey",)
    badges += said
    badges += _conversions(facts, kind, png)
    true_bits = _true_bits(facts, kind, png)
    stored = depth_of(pixels.dtype)
    bits = pixels.dtype.itemsize * 8
    if pixels.dtype.kind in "iu" and 0 < true_bits < bits:
        verb = "expanded" if true_bits < 8 else "scaled"
        badges.append(f"{verb} from {true_bits} to {bits} bits")
        stored = f"{true_bits}-bit"
    if len({str(item) for item in spec.channelformats}) > 1:
        badges.append(f"mixed channel types read as {stored}")
    if kind == "openexr" and _window(spec) != (spec.width, spec.height, 0, 0):
        width, height, left, top = _window(spec)
        badges.append(f"data window at row {top}, column {left} of {width} × {height}")
    profile, icc_badges, icc_srgb = _profile(facts)
    transfer, assumed = _transfer(facts, kind, png, pixels.dtype, icc_srgb, bool(profile))
    if indices != tuple(range(len(names))):
        pixels = np.ascontiguousarray(pixels[:, :, list(indices)])
    return Decoded(
        pixels=pixels,
        roles=roles,
        reader=reader_name(),
        depth=stored,
        nominal=nominal_of(pixels.dtype),
        transfer=transfer,
        alpha=_alpha(facts, kind, "A" in roles),
        badges=(*badges, *icc_badges, *assumed),
        orientation=int(facts.get("Orientation", 1)),
        icc=profile,
    )


def _true_bits(facts: dict[str, Any], kind: str, png: PngHeader | None) -> int:
    """Bits of a stored sample, 0 if the library does not tell; a palette has its own badge."""
    if png:
        return png.depth if png.colour != 3 else 8
    if kind == "bmp":
        return 5 if facts.get("bmp:bitsperpixel") == 16 else 8
    if facts.get("tiff:ColorSpace") == "palette" or kind == "ico":
        return 0
    return int(facts.get("oiio:BitsPerSample", 0))


def _conversions(facts: dict[str, Any], kind: str, png: PngHeader | None) -> list[str]:
    """What the library did to the numbers without being asked."""
    badges: list[str] = []
    palette = (
        (png is not None and png.colour == 3)
        or facts.get("tiff:ColorSpace") == "palette"
        or (kind == "bmp" and facts.get("bmp:bitsperpixel", 24) <= 8)
    )
    if palette:
        badges.append("palette expanded")
    elif png and png.transparent:
        badges.append("transparent colour made alpha")
    colour = facts.get("jpeg:ColorSpace") or facts.get("tiff:ColorSpace")
    if colour in _CONVERTED:
        badges.append(f"{colour} converted to RGB")
    if facts.get("tiff:PhotometricInterpretation") == 0:
        badges.append("inverted: stored with white as 0")
    return badges


def _transfer(
    facts: dict[str, Any],
    kind: str,
    png: PngHeader | None,
    dtype: np.dtype[Any],
    icc_srgb: bool,
    has_profile: bool,
) -> tuple[Transfer, tuple[str, ...]]:
    """How numbers relate to light, and what had to be assumed for that."""
    if kind in _LINEAR or str(facts.get("oiio:ColorSpace", "")).startswith("lin"):
        return "linear", ()
    cicp = facts.get("CICP")
    if cicp is not None and len(cicp) > 1 and cicp[1] not in (1, 2, 6, 8, 13):
        return "unknown", (f"transfer characteristics {cicp[1]} not applied",)
    tagged = icc_srgb or (png is not None and png.tagged_srgb) or facts.get("Exif:ColorSpace") == 1
    if tagged or (cicp is not None and len(cicp) > 1 and cicp[1] == 13):
        return "srgb", ()
    if has_profile:
        return "unknown", ()
    if png and png.gamma is not None and abs(png.gamma - 45455) > 500:
        return "unknown", (f"gamma {100000 / max(png.gamma, 1):.2f} not applied",)
    if kind in ("dpx", "cineon") or dtype.kind == "f" or dtype.itemsize > 2:
        return "unknown", ()
    return "srgb", ("sRGB assumed",)


def _profile(facts: dict[str, Any]) -> tuple[bytes | None, tuple[str, ...], bool]:
    """The colour profile's bytes, a badge unless it is sRGB, and whether it is."""
    raw = facts.get("ICCProfile")
    if raw is None:
        return None, (), False
    profile = np.asarray(raw, dtype=np.uint8).tobytes()
    name = str(facts.get("ICCProfile:profile_description", "")).strip()
    if "srgb" in name.lower():
        return profile, (), True
    return profile, (f"profile {f'“{name}” ' if name else ''}not applied",), False


def _alpha(facts: dict[str, Any], kind: str, present: bool) -> Alpha:
    if not present:
        return "none"
    if kind == "openexr":
        return "associated"
    told = bool(facts.get("oiio:UnassociatedAlpha"))
    return "associated" if kind in ("tiff", "targa") and not told else "straight"


def _window(spec: Any) -> tuple[int, int, int, int]:
    """Width and height of the display window, and where the data sits in it (left, top)."""
    return (spec.full_width, spec.full_height, spec.x - spec.full_x, spec.y - spec.full_y)


def _pages(image: Any) -> int:
    count = 1
    while count < _COUNT_LIMIT and image.seek_subimage(count, 0):
        count += 1
    return count


def _failure(path: Path, kind: str, words: str) -> ImageOpenError:
    """The library's words as one clause, without the path it likes to repeat."""
    first = next((line.strip() for line in words.splitlines() if line.strip()), "it gave no reason")
    first = re.sub(r'\s*\("[^"]*"\)$', "", first).removeprefix("JPEG error: ").rstrip(".")
    if _CUT.search(words):
        return ImageOpenError(path, reader_name(), f"the file is cut short ({first})")
    if not kind:
        with path.open("rb") as file:
            begin = file.read(8).hex(" ")
        return ImageOpenError(path, "", f"is not an image: no known format begins with the bytes {begin}")
    if "could not find a format reader" in words:
        first = f"it begins like {kind.upper()}, but its header is damaged"
    return ImageOpenError(path, reader_name(), first)


@contextmanager
def _honest_name(path: Path, kind: str) -> Iterator[Path]:
    """A name whose suffix does not mislead the library: for it, anything called ``.null`` is empty."""
    if path.suffix.lower() not in (".null", ".nul", ".term"):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        other = Path(folder, f"picture.{kind or 'bin'}")
        try:
            os.symlink(path.resolve(), other)
        except OSError:  # Windows gives links only to administrators
            shutil.copyfile(path, other)
        yield other
