"""Writing pictures so that the disk holds what was meant, looked at again before it replaces anything.

Neither a return value nor an error text of a writer is a verdict: on a full disk a PNG writer says True three
times and leaves a cut file, and every TIFF leaves an error text though it is right. So each file is opened
again and compared with the numbers before it takes its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import as_image, channels_of
from workbench.kernels.errors import ImageSaveError, ShapeError
from workbench.model.atomic import atomic_write
from workbench.model.readers.oiio import library

# Written instead of the present time, so that the same picture gives the same bytes.
_DATE = "1970:01:01 00:00:00"
_NAMES = {1: ("Y",), 2: ("Y", "A"), 3: ("R", "G", "B"), 4: ("R", "G", "B", "A")}


@dataclass(frozen=True, slots=True)
class SaveReport:
    """What became of a picture when it was saved.

    Parameters
    ----------
    path : Path
        The file.
    depth : str
        How deep a sample is stored: "8-bit", "16-bit float" …
    clipped : int
        Samples that lay outside the range of the integers and were moved to its edge; 0 for floats.
    """

    path: Path
    depth: str
    clipped: int


@dataclass(frozen=True, slots=True)
class _Format:
    writer: str
    dtypes: dict[int, str]
    default: int


_TIFF = _Format("tiff", {8: "uint8", 16: "uint16", 32: "float32"}, 32)
_FORMATS = {
    ".png": _Format("png", {8: "uint8", 16: "uint16"}, 8),
    ".tif": _TIFF,
    ".tiff": _TIFF,
    ".exr": _Format("openexr", {16: "float16", 32: "float32"}, 32),
    ".npy": _Format("npy", {32: "float32", 64: "float64"}, 0),
}


def save_image(
    path: str | Path, values: npt.ArrayLike, *, depth: int | None = None, description: str = ""
) -> SaveReport:
    """Save a picture in the format its suffix names, atomically, and compare what was written.

    Parameters
    ----------
    path : path-like
        ``.png`` (8 or 16 bit), ``.tif`` and ``.tiff`` (8, 16, or 32 = float), ``.exr`` (16 = half, 32 =
        float), ``.npy`` (the very numbers).
    values : array_like
        (h, w) or (h, w, c) with 1 to 4 channels, 0 = black and 1 = white; two and four channels end with
        straight alpha, which EXR, whose alpha is associated by definition, gets multiplied in.
    depth : int, optional
        Bits of a sample; PNG 8, TIFF and EXR 32 if not given, NPY what the array has.
    description : str
        Kept in the file where it has a place for it.

    Returns
    -------
    SaveReport
        How many samples were clipped.

    Raises
    ------
    ImageSaveError
        For an unknown suffix or depth, numbers that are not finite in an integer format, or a disk that
        failed; what stood there before is untouched.
    """
    path = Path(path)
    kind = _FORMATS.get(path.suffix.lower())
    if kind is None:
        known = ", ".join(_FORMATS)
        raise ImageSaveError(path, f"the name must end in one of {known}, not “{path.suffix}”")
    try:
        image = as_image(values)
    except ShapeError as error:
        raise ImageSaveError(path, str(error)) from error
    if not 1 <= channels_of(image) <= 4:
        raise ImageSaveError(path, f"a picture has 1 to 4 channels, not {channels_of(image)}")
    default = kind.default or image.dtype.itemsize * 8
    wanted = default if depth is None else depth
    if wanted not in kind.dtypes:
        choices = " or ".join(str(bits) for bits in kind.dtypes)
        raise ImageSaveError(path, f"depth must be {choices} for {path.suffix}, not {wanted}")
    stored, clipped = _stored(path, image, np.dtype(kind.dtypes[wanted]), kind.writer)
    try:
        with atomic_write(path, check=lambda temporary: _compare(path, temporary, kind.writer, stored)) as temporary:
            _write(path, temporary, kind.writer, stored, description)
    except OSError as error:
        raise ImageSaveError(path, f"could not be written: {error.strerror or error}") from error
    floating = " float" if stored.dtype.kind == "f" else ""
    return SaveReport(path, f"{stored.dtype.itemsize * 8}-bit{floating}", clipped)


def _stored(path: Path, image: npt.NDArray[Any], dtype: np.dtype[Any], writer: str) -> tuple[npt.NDArray[Any], int]:
    """The samples as the file will hold them, and how many had to be clipped."""
    if writer == "openexr" and channels_of(image) in (2, 4):
        image = np.concatenate([image[..., :-1] * image[..., -1:], image[..., -1:]], axis=-1)
    finite = int(np.count_nonzero(np.isfinite(image)))
    if dtype.kind == "f":
        with np.errstate(over="ignore"):
            stored = image.astype(dtype)
        lost = finite - int(np.count_nonzero(np.isfinite(stored)))
        if lost:
            raise ImageSaveError(path, f"{lost} samples are beyond {np.finfo(dtype).max:g}, the most {dtype} holds")
        return stored, 0
    if finite < image.size:
        bad = image.size - finite
        raise ImageSaveError(path, f"integers hold no NaN or infinity, and {bad} samples are one; save floats")
    white = int(np.iinfo(dtype).max)
    rounded = np.floor(image.astype(np.float64, copy=False) * white + 0.5)
    clipped = int(np.count_nonzero((rounded < 0) | (rounded > white)))
    return np.clip(rounded, 0, white, out=rounded).astype(dtype), clipped


def _write(path: Path, temporary: Path, writer: str, stored: npt.NDArray[Any], description: str) -> None:
    if writer == "npy":
        with temporary.open("wb") as file:
            np.save(file, stored, allow_pickle=False)
        return
    try:
        oiio = library()
    except ImportError:
        _write_pillow(path, temporary, writer, stored, description)
        return
    channels = channels_of(stored)
    # By its own name numpy's dtype is one OpenImageIO knows, except for these two.
    base = {"float16": "half", "float32": "float"}.get(stored.dtype.name, stored.dtype.name)
    spec = oiio.ImageSpec(stored.shape[1], stored.shape[0], channels, base)
    spec.channelnames = _NAMES[channels]
    if channels in (2, 4):
        spec.alpha_channel = channels - 1
        if writer != "openexr":
            spec.attribute("oiio:UnassociatedAlpha", 1)  # or the colours would be divided by alpha
    if writer != "png":
        spec.attribute("DateTime", _DATE)
    if description:
        spec.attribute("ImageDescription", description)
    output = oiio.ImageOutput.create(writer)
    if output is None or not output.open(str(temporary), spec):
        words = output.geterror() if output is not None else oiio.geterror()
        raise ImageSaveError(path, f"could not be written: {words.strip() or 'no reason given'}")
    # Three axes and one block, or the library takes two axes for something else and says nothing.
    written = output.write_image(np.ascontiguousarray(stored.reshape(*stored.shape[:2], channels)))
    closed = output.close()
    words = output.geterror()  # taken in any case, or it is printed at exit
    if not (written and closed):
        raise ImageSaveError(path, f"could not be written: {words.strip() or 'no reason given'}")


def _write_pillow(path: Path, temporary: Path, writer: str, stored: npt.NDArray[Any], description: str) -> None:
    """Eight-bit PNG, where there is no OpenImageIO."""
    if writer != "png" or stored.dtype != np.uint8:
        raise ImageSaveError(path, "needs OpenImageIO, which is not there; save 8-bit PNG or NPY")
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    text = PngInfo()
    if description:
        text.add_itxt("Description", description)
    flat = stored[:, :, 0] if stored.ndim == 3 and stored.shape[2] == 1 else stored
    Image.fromarray(flat).save(temporary, "PNG", pnginfo=text)


def _compare(path: Path, temporary: Path, writer: str, stored: npt.NDArray[Any]) -> None:
    """Open what was written and hold it against what was meant, to the bit."""
    if writer == "npy":
        seen: Any = np.load(temporary, allow_pickle=False)
    else:
        try:
            seen = _read_back(temporary)
        except ImportError:
            from PIL import Image

            with Image.open(temporary) as image:
                seen = np.asarray(image)
    same = (
        seen is not None
        and seen.dtype == stored.dtype
        and seen.size == stored.size
        and np.array_equal(seen.reshape(stored.shape), stored, equal_nan=stored.dtype.kind == "f")
    )
    if not same:
        raise ImageSaveError(path, "what was written does not read back as what was meant; is the disk full?")


def _read_back(temporary: Path) -> Any:
    oiio = library()
    config = oiio.ImageSpec()
    config.attribute("oiio:UnassociatedAlpha", 1)
    image = oiio.ImageInput.open(str(temporary), config)
    if image is None:
        oiio.geterror()
        return None
    try:
        pixels = image.read_image(0, 0, 0, image.spec().nchannels, oiio.UNKNOWN)
        return None if image.geterror() else pixels
    finally:
        image.close()
