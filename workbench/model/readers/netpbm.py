"""PBM, PGM, PPM and PFM, read by ourselves because every library changes their numbers.

Others stretch a maxval of 1023 to 16 bit (one truncates, one rounds), or multiply floats by the scale of the
PFM header. Here integers and maxval stay what they are, and the scale is a badge.

Source: netpbm's own format pages (pbm, pgm, ppm, pfm). PFM stores the bottom row first; the sign of its scale
is the byte order.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.errors import ImageOpenError
from workbench.model.readers.decoded import ROLES, Decoded, Expect, admit, native

READER = "netpbm reader"
_HEADER_LIMIT = 65536  # bytes; comments may be long, but not endless
_SPACE = b" \t\n\v\f\r"


def read_netpbm(path: Path, expect: Expect) -> Decoded:
    """The first picture of a netpbm or PFM file, with its own integers and maxval.

    Raises
    ------
    ImageOpenError
        For a header that says nothing sensible, too few or too large samples.
    """
    with path.open("rb") as file:
        head = file.read(_HEADER_LIMIT)
        magic = head[:2].decode("ascii")
        if magic in ("PF", "Pf"):
            fields, start = _header(path, head, 3)
            file.seek(start)
            return _read_pfm(path, file.read, magic, fields, expect)
        count = 2 if magic in ("P1", "P4") else 3
        fields, start = _header(path, head, count)
        width, height = _number(path, fields[0], "width"), _number(path, fields[1], "height")
        maxval = _number(path, fields[2], "maxval") if count == 3 else 1
        if not 1 <= maxval <= 65535:
            raise ImageOpenError(path, READER, f"maxval must be between 1 and 65535, not {maxval}")
        channels = 3 if magic in ("P3", "P6") else 1
        dtype = np.dtype(np.uint8 if maxval < 256 else np.uint16)
        admit(path, width, height, channels * dtype.itemsize, expect)
        file.seek(start)
        body = file.read()
    samples = width * height * channels
    if magic == "P4":
        pixels, left = _packed_bits(path, body, width, height)
    elif magic in ("P5", "P6"):
        pixels, left = _binary(path, body, samples, dtype)
    else:
        pixels, left = _text(path, body, samples, bits=magic == "P1")
    peak = int(pixels.max())
    if peak > maxval:
        raise ImageOpenError(path, READER, f"samples must be at most the maxval {maxval}, not {peak}")
    if count == 2:
        pixels = 1 - pixels  # PBM: 1 is ink
    badges = ["sRGB assumed"] if maxval > 1 else []
    if maxval not in (1, 255, 65535):
        badges.append(f"maxval {maxval}")
    if left:
        badges.append(f"{left} bytes after the picture left out")
    return Decoded(
        pixels=pixels.astype(dtype, copy=False).reshape(height, width, channels),
        roles=ROLES[channels],
        reader=READER,
        depth=f"{max(1, math.ceil(math.log2(maxval + 1)))}-bit",
        nominal=(0.0, float(maxval)),
        transfer="srgb",
        badges=tuple(badges),
    )


def _read_pfm(path: Path, read: Any, magic: str, fields: list[bytes], expect: Expect) -> Decoded:
    width, height = _number(path, fields[0], "width"), _number(path, fields[1], "height")
    try:
        scale = float(fields[2])
    except ValueError:
        scale = math.nan
    if not math.isfinite(scale) or scale == 0:
        raise ImageOpenError(path, READER, f"scale must be a number other than 0, not {_shown(fields[2])}")
    channels = 3 if magic == "PF" else 1
    admit(path, width, height, 4 * channels, expect)
    samples = width * height * channels
    body = read()
    pixels, left = _binary(path, body, samples, np.dtype("<f4" if scale < 0 else ">f4"))
    badges = [] if abs(scale) == 1 else [f"PFM scale {abs(scale):g} not applied"]
    if left:
        badges.append(f"{left} bytes after the picture left out")
    return Decoded(
        pixels=native(pixels.reshape(height, width, channels)[::-1]),
        roles=ROLES[channels],
        reader=READER,
        depth="32-bit float",
        nominal=(0.0, 1.0),
        transfer="linear",
        badges=tuple(badges),
    )


def _header(path: Path, head: bytes, count: int) -> tuple[list[bytes], int]:
    """The fields after the magic, and where the samples begin: after one single white space."""
    fields: list[bytes] = []
    at = 2
    while len(fields) < count:
        while at < len(head) and (head[at] in _SPACE or head[at] == ord("#")):
            if head[at] == ord("#"):
                end = head.find(b"\n", at)
                at = len(head) if end < 0 else end
            else:
                at += 1
        start = at
        while at < len(head) and head[at] not in _SPACE and head[at] != ord("#"):
            at += 1
        if start == at:
            raise ImageOpenError(path, READER, f"the header needs {count} numbers; {len(fields)} are there")
        fields.append(head[start:at])
    return fields, at + 1


def _number(path: Path, field: bytes, name: str) -> int:
    if not field.isdigit() or len(field) > 9:
        raise ImageOpenError(path, READER, f"{name} must be a whole number below 10⁹, not {_shown(field)}")
    return int(field)


def _shown(field: bytes) -> str:
    return f"“{field[:20].decode('latin-1')}”"


def _cut(path: Path, there: int, needed: int, what: str) -> ImageOpenError:
    return ImageOpenError(path, READER, f"the file is cut short: {there} of {needed} {what} are there")


def _binary(path: Path, body: bytes, samples: int, dtype: np.dtype[Any]) -> tuple[npt.NDArray[Any], int]:
    needed = samples * dtype.itemsize
    if len(body) < needed:
        raise _cut(path, len(body), needed, "bytes of pixels")
    stored = dtype.newbyteorder(">") if dtype.kind == "u" else dtype
    return native(np.frombuffer(body, stored, samples)), len(body) - needed


def _packed_bits(path: Path, body: bytes, width: int, height: int) -> tuple[npt.NDArray[Any], int]:
    row = (width + 7) // 8
    if len(body) < row * height:
        raise _cut(path, len(body), row * height, "bytes of pixels")
    packed = np.frombuffer(body, np.uint8, row * height).reshape(height, row)
    return np.unpackbits(packed, axis=1, count=width), len(body) - row * height


def _text(path: Path, body: bytes, samples: int, *, bits: bool) -> tuple[npt.NDArray[Any], int]:
    """Samples written as decimal numbers; PBM's need no space between them."""
    if b"#" in body:
        body = b"\n".join(line.partition(b"#")[0] for line in body.splitlines())
    words = b"".join(body.split()) if bits else body.split()
    if len(words) < samples:
        raise _cut(path, len(words), samples, "samples")
    if isinstance(words, bytes):
        numbers = np.frombuffer(words, np.uint8, samples).astype(np.int64) - ord("0")
    else:
        try:
            numbers = np.array([int(word) for word in words[:samples]], dtype=np.int64)
        except (ValueError, OverflowError):
            bad = next(word for word in words if not word.isdigit() or len(word) > 9)
            raise ImageOpenError(path, READER, f"samples must be whole numbers, not {_shown(bad)}") from None
    if int(numbers.min()) < 0:
        raise ImageOpenError(path, READER, f"samples must be at least 0, not {int(numbers.min())}")
    return numbers, 0
