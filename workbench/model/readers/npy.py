"""NPY and NPZ: arrays as numpy stores them, never anything pickled.

A file says nothing about which axis is colour, so one rule decides and a badge says so: the last axis if it
has one to four entries, else the first.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.errors import ImageOpenError
from workbench.model.readers.decoded import ROLES, Decoded, Expect, admit, depth_of, native, nominal_of

READER = f"numpy {np.__version__}"


def read_npy(path: Path, expect: Expect) -> Decoded:
    """The array of an NPY file as a picture."""
    with path.open("rb") as file:
        return _read(path, file, expect, ())


def read_npz(path: Path, expect: Expect) -> Decoded:
    """The first array of an NPZ archive that is a picture; a badge names it if there are more arrays.

    Raises
    ------
    ImageOpenError
        If no member is an array that can be a picture; says why the first is none.
    """
    with zipfile.ZipFile(path) as archive:
        members = [name for name in archive.namelist() if name.endswith(".npy")]
        if not members:
            raise ImageOpenError(path, "", "is a ZIP archive without arrays (.npy)")
        refusal: ImageOpenError | None = None
        for index, name in enumerate(members):
            badge = f"array “{name[:-4]}”, {index + 1} of {len(members)}"
            try:
                with archive.open(name) as member:
                    return _read(path, member, expect, (badge,) if len(members) > 1 else ())
            except ImageOpenError as error:
                refusal = refusal or error
        assert refusal is not None
        raise refusal


def _read(path: Path, file: IO[bytes], expect: Expect, badges: tuple[str, ...]) -> Decoded:
    shape, fortran, dtype = _header(path, file)
    layout = _layout(path, shape)
    height, width, channels = (shape[axis] if axis >= 0 else 1 for axis in layout)
    admit(path, width, height, channels * dtype.itemsize, expect)
    count = height * width * channels
    body = file.read(count * dtype.itemsize)
    if len(body) < count * dtype.itemsize:
        needed = count * dtype.itemsize
        raise ImageOpenError(path, READER, f"the file is cut short: {len(body)} of {needed} bytes of pixels are there")
    pixels = np.frombuffer(body, dtype).reshape(shape, order="F" if fortran else "C")
    if len(shape) == 3 and layout[2] == 0:
        pixels = np.moveaxis(pixels, 0, 2)
        badges = (*badges, f"first axis of {shape} taken as channels")
    depth = depth_of(dtype)
    pixels, nominal, said = _settle(native(pixels))
    return Decoded(pixels, ROLES[channels], READER, depth, nominal, "unknown", badges=(*badges, *said),
                   alpha="straight" if channels in (2, 4) else "none")  # fmt: skip


def _header(path: Path, file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    version = np.lib.format.read_magic(file)
    read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}.get(version)
    if read is None:  # version 3 exists only for field names outside Latin-1
        raise ImageOpenError(path, READER, f"must be NPY version 1 or 2, not {version[0]}.{version[1]}")
    shape, fortran, dtype = read(file)
    if dtype.hasobject or dtype.kind not in "biuf":
        raise ImageOpenError(path, READER, f"must hold real numbers, not {dtype}")
    return shape, fortran, dtype


def _layout(path: Path, shape: tuple[int, ...]) -> tuple[int, int, int]:
    """The axes of height, width and channels; −1 where there is no such axis."""
    if len(shape) == 2:
        return (0, 1, -1)
    if len(shape) == 3 and 1 <= shape[2] <= 4:
        return (0, 1, 2)
    if len(shape) == 3 and 1 <= shape[0] <= 4:
        return (1, 2, 0)
    raise ImageOpenError(path, READER, f"must be (h, w) or (h, w, c) with 1 to 4 channels, not {shape}")


def _settle(pixels: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], tuple[float, float], tuple[str, ...]]:
    """Dtypes no image file has, and what white is in integers that are much wider than their numbers."""
    dtype = pixels.dtype
    if dtype.kind == "b":
        return pixels.astype(np.uint8), (0.0, 1.0), ()
    if dtype.kind == "f" and dtype.itemsize > 8:
        return pixels.astype(np.float64), (0.0, 1.0), (f"{dtype} rounded to float64",)
    if dtype.kind in "iu" and dtype.itemsize > 2:
        peak = max(abs(int(pixels.min())), int(pixels.max()))
        for white in (255, 65535):
            if peak <= white:
                return pixels, (0.0, float(white)), (f"0 … {white} taken as the range of {dtype}",)
    return pixels, nominal_of(dtype), ()
