"""Pictures that need no file of the user's: shipped samples, charts, arrays; and how to get any source again.

An origin is the part of a saved comparison that says where its picture comes from:

=================================================  ====================================================
``{"file": path, "size": n, "sha256": hex}``       a file; relative to the comparison's folder
``{"sample": id}``                                 a picture that ships with the workbench
``{"chart": id, "shape": [h, w]}``                 a drawn test chart
``{"array": nested list, "dtype": …, "name": …}``  a small array; dtype and name may be missing
``{"npy": base64, "name": name}``                  a large array, as the bytes of an NPY file
``{"data": base64, "name": name}``                 a pasted picture, as the bytes of its file
=================================================  ====================================================
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Shape, channels_of
from workbench.kernels.errors import ImageOpenError
from workbench.kernels.patterns import all_charts
from workbench.model.images import MAX_PIXELS, open_image, open_image_bytes
from workbench.model.readers.decoded import ROLES, depth_of, nominal_of
from workbench.model.resources import resource
from workbench.model.source import Source

CHANGED = "file changed since it was saved"
"""Badge of a file whose bytes are not those that were saved with the comparison."""

T = TypeVar("T")

_LISTED = 4096  # samples; above this a list of numbers is no longer something a person reads


@dataclass(frozen=True, slots=True)
class SampleEntry:
    """A shipped picture as a menu shows it."""

    id: str
    name: str
    note: str
    path: Path


_SAMPLES = (
    ("chelsea", "Chelsea the cat", "colour; whiskers and fur: ringing and lost detail"),
    ("camera", "Camera", "grey; a dark coat before a bright sky: halos along strong edges"),
    ("brick", "Brick", "grey; a regular wall: aliasing and checkerboards"),
    ("astronaut", "Astronaut", "colour; skin, cloth and letters: a bit of everything"),
)


def all_samples() -> tuple[SampleEntry, ...]:
    """The shipped pictures, the one shown first at the first start in front."""
    return tuple(SampleEntry(name, title, note, resource("samples", f"{name}.png")) for name, title, note in _SAMPLES)


def load_sample(sample_id: str) -> Source:
    """A shipped picture.

    Raises
    ------
    ImageOpenError
        If there is none of this id; names those there are.
    """
    for entry in all_samples():
        if entry.id == sample_id:
            return dataclasses.replace(open_image(entry.path), name=entry.name, origin={"sample": entry.id})
    known = ", ".join(entry.id for entry in all_samples())
    raise ImageOpenError(sample_id, "", f"there is no such sample; there are {known}")


def chart_source(chart_id: str, shape: Shape) -> Source:
    """A drawn test chart.

    Parameters
    ----------
    chart_id : str
        One of :func:`~workbench.kernels.patterns.all_charts`.
    shape : (int, int)
        Height and width.

    Raises
    ------
    ImageOpenError
        If there is no such chart, or it would have no or too many pixels.
    """
    charts = {chart.id: chart for chart in all_charts()}
    if chart_id not in charts:
        raise ImageOpenError(chart_id, "", f"there is no such chart; there are {', '.join(charts)}")
    height, width = shape
    if height < 1 or width < 1 or height * width > MAX_PIXELS:
        limit = MAX_PIXELS // 1_000_000
        raise ImageOpenError(chart_id, "", f"must have 1 pixel to {limit} Mpx, not {width} × {height} pixels")
    chart = charts[chart_id]
    pixels = np.asarray(chart.make((height, width)))
    return Source(
        name=chart.name,
        pixels=pixels,
        channel_names=ROLES[channels_of(pixels)],
        reader="chart",
        depth=depth_of(pixels.dtype),
        transfer="srgb",
        origin={"chart": chart_id, "shape": [height, width]},
    )


def array_source(values: npt.ArrayLike, name: str = "array") -> Source:
    """Numbers as a picture, without a file: an example of an article, or an array of a notebook.

    Parameters
    ----------
    values : nested list or array
        (h, w) or (h, w, c) with 1 to 4 channels. uint8, uint16 and floats keep their dtype; everything else
        becomes float64, unscaled, with a nominal range wide enough for it.
    name : str
        What to call it.

    Raises
    ------
    ImageOpenError
        If it is no such array.
    """
    try:
        array = np.asarray(values)
        if array.dtype.kind not in "biuf":
            raise TypeError(f"{array.dtype} holds no real numbers")
        kept = array.dtype in (np.uint8, np.uint16) or (array.dtype.kind == "f" and array.itemsize <= 8)
        pixels = np.array(array, dtype=array.dtype.newbyteorder("=") if kept else np.float64)
    except (ValueError, TypeError, OverflowError) as error:
        raise ImageOpenError(name, "", "must be a rectangular array of real numbers") from error
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[:, :, 0]
    if pixels.ndim not in (2, 3) or pixels.size == 0 or channels_of(pixels) not in ROLES:
        raise ImageOpenError(name, "", f"must be (h, w) or (h, w, c) with 1 to 4 channels, not {pixels.shape}")
    low, high = nominal_of(pixels.dtype)
    badges: tuple[str, ...] = ()
    if pixels.dtype.kind == "f":
        finite = pixels[np.isfinite(pixels)]
        if finite.size:
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
        if finite.size < pixels.size:
            badges = (f"{pixels.size - finite.size} not finite",)
    channels = channels_of(pixels)
    return Source(
        name=name,
        pixels=pixels,
        channel_names=ROLES[channels],
        nominal=(low, high),
        badges=badges,
        reader="array",
        depth=depth_of(pixels.dtype),
        alpha="straight" if channels in (2, 4) else "none",
        origin=_array_origin(pixels, name),
    )


def _array_origin(pixels: npt.NDArray[Any], name: str) -> dict[str, Any]:
    if pixels.size > _LISTED:
        buffer = io.BytesIO()
        np.save(buffer, pixels, allow_pickle=False)
        return {"npy": base64.b64encode(buffer.getvalue()).decode("ascii"), "name": name}
    listed = pixels.tolist()
    if not np.isfinite(pixels).all():  # JSON has no NaN; numpy reads the words
        listed = np.where(np.isfinite(pixels), pixels.astype(object), pixels.astype(str)).tolist()
    origin = {"array": listed, "name": name}
    return origin if pixels.dtype == np.float64 else {**origin, "dtype": pixels.dtype.name}


def from_origin(origin: dict[str, Any], folder: Path | None = None) -> Source:
    """The source an origin names, as in a saved comparison.

    Parameters
    ----------
    origin : dict
        See the module's table; anything else in it is ignored.
    folder : Path, optional
        Where relative paths start; the current folder if not given.

    Raises
    ------
    ImageOpenError
        If it names nothing that can be had; a changed file only gets the badge :data:`CHANGED`.
    """
    name = origin.get("name")
    name = name if isinstance(name, str) else "picture"
    match origin:
        case {"file": str(file)}:
            return _from_file(file, folder, origin.get("sha256"))
        case {"sample": str(sample)}:
            return load_sample(sample)
        case {"chart": str(chart), "shape": [int(height), int(width)]}:
            return chart_source(chart, (height, width))
        case {"array": list(rows)}:
            return _guarded(name, lambda: array_source(np.array(rows, dtype=_dtype(origin)), name))
        case {"npy": str(text)}:
            return _guarded(name, lambda: array_source(_unpacked(text), name))
        case {"data": str(text)}:
            return open_image_bytes(_guarded(name, lambda: _bytes(text)), name)
    kinds = "file, sample, chart, array, npy or data"
    raise ImageOpenError(name, "", f"its origin must name a {kinds}, not {sorted(map(str, origin))}")


def _from_file(file: str, folder: Path | None, digest: object) -> Source:
    source = open_image((folder or Path()) / file)
    if isinstance(digest, str) and digest != source.digest:
        return dataclasses.replace(source, badges=(*source.badges, CHANGED))
    return source


def _dtype(origin: dict[str, Any]) -> np.dtype[Any]:
    name = origin.get("dtype", "float64")
    if name not in ("uint8", "uint16", "float16", "float32", "float64"):
        raise ValueError(f"dtype {name}")
    return np.dtype(str(name))


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _unpacked(text: str) -> npt.NDArray[Any]:
    array: npt.NDArray[Any] = np.load(io.BytesIO(_bytes(text)), allow_pickle=False)
    return array


def _guarded(name: str, make: Callable[[], T]) -> T:
    """Whatever damaged numbers do to numpy, said as one sentence."""
    try:
        return make()
    except ImageOpenError:
        raise
    except (ValueError, TypeError, OverflowError, EOFError, OSError, binascii.Error) as error:
        raise ImageOpenError(name, "", "the numbers saved with it are damaged") from error
