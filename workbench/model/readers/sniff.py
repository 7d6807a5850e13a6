"""What a file is, by its first bytes: a name can lie, and many do.

Also the two headers we look into ourselves: PNG, whose true depth OpenImageIO does not tell, and AVIF, whose
depth Pillow drops.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from workbench.kernels.errors import ImageOpenError
from workbench.model.readers.decoded import Expect, admit

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x93NUMPY", "npy"),
    (b"PK\x03\x04", "npz"),
    (b"PK\x05\x06", "npz"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"\0\0\x01\0", "ico"),
    (b"v/1\x01", "openexr"),
    (b"#?RADIANCE", "hdr"),
    (b"#?RGBE", "hdr"),
    (b"\xff\x0a", "jpegxl"),
    (b"\0\0\0\x0cJXL ", "jpegxl"),
    (b"\0\0\0\x0cjP  ", "jpeg2000"),
    (b"\xff\x4f\xff\x51", "jpeg2000"),
    (b"SDPX", "dpx"),
    (b"XPDS", "dpx"),
    (b"%PDF", "PDF"),
    (b"<svg", "SVG"),
    (b"<?xml", "XML or SVG"),
    (b"\x1aE\xdf\xa3", "Matroska video"),
)

REFUSED = frozenset({"PDF", "SVG", "XML or SVG", "Matroska video", "HEIC", "video", "PAM"})
"""Kinds that are known and have no reader here."""

_PNG_CHANNELS = {0: 2, 2: 4, 3: 4, 4: 2, 6: 4}  # tRNS counted in: it may come later


def kind_of(head: bytes) -> str:
    """A short name of the file's format, or "" if its first bytes say nothing (TGA has no magic).

    Parameters
    ----------
    head : bytes
        At least the first 64 bytes, if there are as many.
    """
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:1] == b"P" and head[1:2] in b"123456Ff" and head[2:3] in b" \t\n\v\f\r#":
        return "netpbm" if len(head) > 2 else ""
    if head.startswith(b"P7\n"):
        return "PAM"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        size = min(int.from_bytes(head[:4], "big"), len(head))
        brands = {head[8:12], *(head[at : at + 4] for at in range(16, size - 3, 4))}
        if brands & {b"avif", b"avis"}:
            return "avif"
        still = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"}
        return "HEIC" if brands & still else "video"
    return ""


@dataclass(frozen=True, slots=True)
class PngHeader:
    """What the chunks of a PNG say beside its pixels.

    Parameters
    ----------
    depth, colour : int
        Bits of a stored sample and colour type (0 grey, 2 RGB, 3 palette, 4 grey + alpha, 6 RGBA).
    frames : int
        1, or the number of frames of an animation.
    gamma : int or None
        The gAMA chunk, 45455 for 1/2.2.
    """

    depth: int
    colour: int
    frames: int = 1
    transparent: bool = False
    tagged_srgb: bool = False
    gamma: int | None = None


def png_header(path: Path, expect: Expect) -> PngHeader:
    """Admit a PNG by its size, then walk over its chunks without reading its pixels.

    Raises
    ------
    ImageOpenError
        If the picture is too large, or the file ends inside a chunk or before the last one.
    """
    found: dict[bytes, bytes] = {}
    with path.open("rb") as file:
        length = file.seek(0, 2)
        file.seek(8)
        first = file.read(25)
        if len(first) < 25 or first[:8] != b"\0\0\0\rIHDR":
            raise ImageOpenError(path, "", "a PNG must begin with a complete IHDR chunk")
        width, height, depth, colour = struct.unpack(">IIBB", first[8:18])
        admit(path, width, height, _PNG_CHANNELS.get(colour, 4) * (2 if depth == 16 else 1), expect)
        at = 33
        while b"IEND" not in found:
            file.seek(at)
            head = file.read(8)
            if len(head) < 8:
                raise ImageOpenError(path, "", "the file is cut short: its last chunk, IEND, is missing")
            size, kind = struct.unpack(">I4s", head)
            at += 12 + size
            if at > length:
                name = kind.decode("ascii") if kind.isalpha() else kind.hex(" ")
                raise ImageOpenError(
                    path, "", f"the file is cut short: chunk {name} ends at byte {at}, the file at {length}"
                )
            if kind in (b"acTL", b"tRNS", b"gAMA", b"sRGB", b"IEND"):
                found.setdefault(kind, file.read(min(size, 8)))
    gamma = found.get(b"gAMA")
    return PngHeader(
        depth=depth,
        colour=colour,
        frames=max(1, int.from_bytes(found.get(b"acTL", b"")[:4], "big")),
        transparent=b"tRNS" in found,
        tagged_srgb=b"sRGB" in found,
        gamma=int.from_bytes(gamma[:4], "big") if gamma else None,
    )


def avif_depth(path: Path) -> int:
    """Bits of a sample of an AVIF, from its ``pixi`` or ``av1C`` box; 0 if neither is there.

    Pillow decodes ten bits to eight and says nothing, so this is asked first.
    """
    with path.open("rb") as file:
        head = file.read(1 << 20)
    depths = [0]
    _walk_boxes(head, 0, len(head), depths)
    return max(depths)


def _walk_boxes(data: bytes, at: int, end: int, depths: list[int]) -> None:
    while at + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, at)
        body = at + 8
        if size == 1 and at + 16 <= end:
            size, body = int.from_bytes(data[at + 8 : at + 16], "big"), at + 16
        stop = end if size == 0 else min(at + size, end)
        if stop < body:
            return
        if kind == b"meta":
            _walk_boxes(data, body + 4, stop, depths)
        elif kind in (b"iprp", b"ipco"):
            _walk_boxes(data, body, stop, depths)
        elif kind == b"pixi":
            depths.extend(data[body + 5 : stop][: data[body + 4]] if stop > body + 4 else b"")
        elif kind == b"av1C" and stop >= body + 3:
            high, twelve = data[body + 2] >> 6 & 1, data[body + 2] >> 5 & 1
            depths.append(8 + 2 * high + 2 * (high & twelve))
        at = stop
