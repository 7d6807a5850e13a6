"""Files made byte by byte or by a library, for the tests of the readers."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import OpenImageIO as oiio

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_ADAM7 = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bytes(
    pixels: np.ndarray, depth: int, colour: int, *extra: tuple[bytes, bytes], interlaced: bool = False
) -> bytes:
    """A PNG of (h, w, c) samples of ``depth`` bits; extra chunks stand before the pixels."""
    pixels = pixels.reshape(*pixels.shape[:2], _CHANNELS[colour])
    height, width = pixels.shape[:2]
    passes = [pixels[r::dr, c::dc] for r, c, dr, dc in _ADAM7] if interlaced else [pixels]
    raw = b"".join(b"\0" + _packed(row, depth) for part in passes if part.size for row in part)
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            *(chunk(*item) for item in extra),
            chunk(b"IDAT", zlib.compress(raw)),
            chunk(b"IEND", b""),
        ]
    )


def _packed(row: np.ndarray, depth: int) -> bytes:
    if depth == 16:
        return row.astype(">u2").tobytes()
    if depth == 8:
        return row.astype(np.uint8).tobytes()
    bits = np.unpackbits(row.astype(np.uint8).reshape(-1, 1), axis=1)[:, -depth:]
    return np.packbits(bits.reshape(-1)).tobytes()


def exif(orientation: int) -> bytes:
    return b"MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1" + struct.pack(">HH", orientation, 0) + b"\0\0\0\0"


def tiff_bytes(pixels: np.ndarray, *, photometric: int, sample_format: int = 1) -> bytes:
    """A little-endian TIFF of one uncompressed strip, for what no writer at hand writes."""
    height, width = pixels.shape[:2]
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    body = pixels.tobytes()
    tags = [
        (256, 4, width),
        (257, 4, height),
        (258, 3, pixels.dtype.itemsize * 8),
        (259, 3, 1),
        (262, 3, photometric),
        (273, 4, 8),
        (277, 3, channels),
        (278, 4, height),
        (279, 4, len(body)),
        (339, 3, sample_format),
    ]
    start = 8 + len(body) + len(body) % 2
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    padded = body + b"\0" * (len(body) % 2)
    return struct.pack("<2sHI", b"II", 42, start) + padded + struct.pack("<H", len(tags)) + entries + b"\0" * 4


def write_oiio(path: Path, pixels: np.ndarray, dtype: str, **options: Any) -> Path:
    """A file by OpenImageIO. ``names``, ``alpha``, ``formats``, ``window`` set the spec; the rest are attributes."""
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    spec = oiio.ImageSpec(pixels.shape[1], pixels.shape[0], channels, dtype)
    if "names" in options:
        spec.channelnames = options.pop("names")
    spec.alpha_channel = options.pop("alpha", -1)
    if "formats" in options:
        spec.channelformats = options.pop("formats")
    if "window" in options:
        spec.x, spec.y, spec.full_width, spec.full_height = options.pop("window")
    for name, value in options.items():
        spec.attribute(name.replace("__", ":"), value)
    output = oiio.ImageOutput.create(str(path))
    assert output.open(str(path), spec)
    assert output.write_image(np.ascontiguousarray(pixels.reshape(*pixels.shape[:2], channels)))
    assert output.close()
    output.geterror()
    return path


def noise(*shape: int, dtype: str = "uint8", seed: int = 3) -> np.ndarray:
    """Reproducible samples over the whole range of the dtype (floats: 0 … 1)."""
    generator = np.random.default_rng(seed)
    if np.dtype(dtype).kind == "f":
        return generator.random(shape).astype(dtype)
    native = np.dtype(dtype).newbyteorder("=")
    return generator.integers(0, np.iinfo(native).max, shape, dtype=native, endpoint=True).astype(dtype)
