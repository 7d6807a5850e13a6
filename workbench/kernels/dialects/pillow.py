"""Pillow's words for our methods: ``Image.resize`` of a mode F image, and the affine transform that enlarges.

Source: Pillow 13. Sizes are (width, height). All filters but ``NEAREST`` are stretched when shrinking and drop what
lies outside; ``box`` moves the grid, but its taps reach beyond the box.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.kernels.arrays import Shape
from workbench.kernels.dialects.arguments import chosen, image_shape, listed, made, number, sizes
from workbench.kernels.dialects.calls import Arguments, call_for, spelled
from workbench.kernels.errors import ParameterError
from workbench.kernels.method import Method, SourceSpec
from workbench.kernels.resampling import Grid
from workbench.kernels.resize import GridResize

STRETCHED = {"edge": "exclude", "antialias": True}

FILTERS: dict[str, tuple[str, dict[str, Any]]] = {
    "NEAREST": ("nearest", {"tie": "pillow"}),
    "LANCZOS": ("lanczos", {"r": 3} | STRETCHED),
    "BILINEAR": ("bilinear", STRETCHED),
    "BICUBIC": ("bicubic", {"a": -0.5} | STRETCHED),
    "BOX": ("box", {"rim": "pillow"} | STRETCHED),
    "HAMMING": ("hamming", STRETCHED),
}
"""In the order of Pillow's numbers, 0 … 5."""

NAMES: dict[Any, str] = dict(enumerate(FILTERS)) | {name: name for name in FILTERS}


def resize(shape: Shape, size: Any, resample: Any = "BICUBIC", box: Any = None, reducing_gap: Any = None) -> Method:
    """What ``Image.resize`` does to an image of this shape.

    Parameters
    ----------
    shape : (int, int)
        Rows and columns.
    size : (int, int)
        Columns and rows, as Pillow has it.
    resample : str or int
        The name in ``Image.Resampling``, or its number.
    box : (float, float, float, float), optional
        Left, upper, right, lower edge of the region.
    reducing_gap : float, optional
        Whole blocks are averaged first, so that the rest of the reduction is at least this.
    """
    n = image_shape(shape)
    width, height = sizes("size", size)
    name = chosen("resample", resample, NAMES)
    id, fields = FILTERS[name]
    region = {} if box is None else _region(n, name, box)
    gap = 0.0 if reducing_gap is None else number("reducing_gap", reducing_gap)
    if reducing_gap is not None and gap < 1:
        raise ParameterError("reducing_gap", f"must be at least 1, not {reducing_gap!r}")
    short_cut = {"reducing_gap": gap} if gap and name != "NEAREST" else {}
    return made(id, size=(height, width), **fields, **region, **short_cut)


def _region(n: Shape, name: str, box: Any) -> dict[str, Any]:
    edges = [number("box", one) for one in listed("box", box)]
    if len(edges) != 4:
        raise ParameterError("box", f"must have four numbers (left, upper, right, lower), not {len(edges)}")
    left, upper, right, lower = edges
    if left < 0 or upper < 0:
        raise ParameterError("box", f"must not begin outside the image, at {min(left, upper):g}")
    if right > n[1] or lower > n[0]:
        raise ParameterError("box", f"must not exceed the image of {n[0]}×{n[1]}, as {lower:g}×{right:g} does")
    if right <= left or lower <= upper:
        raise ParameterError("box", "must not be empty")
    if (left, upper, right, lower) == (0, 0, n[1], n[0]):
        return {}
    return {"grid": "box_offset", "region": [upper, left, lower, right]}


def transform(shape: Shape, size: Any, resample: Any = "BICUBIC") -> Method:
    """What ``Image.transform`` does with the affine map that enlarges an image to this size.

    Its bicubic is another one than that of ``resize``: a is −1, and the edge is repeated.
    """
    image_shape(shape)
    width, height = sizes("size", size)
    id, fields = chosen("resample", resample, {"BICUBIC": ("bicubic", {"a": -1.0})})
    return made(id, size=(height, width), **fields)


def code(method: Method, source: SourceSpec | None = None) -> str | None:
    """The equivalent Pillow call for an ``x`` of shape (H, W) and dtype float32, or None."""
    plain = call_for(method, source, _attempts, resize, _written)
    if plain is not None or source is None:
        return plain
    height, width = source.shape
    return call_for(method, source, _affine_attempts, transform, lambda words: _affine_written(words, height, width))


def _attempts(method: Method, shape: Shape, wanted: Shape) -> Iterator[Arguments]:
    words: dict[str, Any] = {}
    if isinstance(method, GridResize) and method.grid is Grid.BOX_OFFSET and method.region:
        upper, left, lower, right = method.region
        words["box"] = (left, upper, right, lower)
    if gap := getattr(method, "reducing_gap", 0):
        words["reducing_gap"] = gap
    for name in FILTERS:
        yield {"size": (wanted[1], wanted[0]), "resample": name} | words


def _affine_attempts(method: Method, shape: Shape, wanted: Shape) -> Iterator[Arguments]:
    if all(m >= n for n, m in zip(shape, wanted, strict=True)):
        yield {"size": (wanted[1], wanted[0])}


def _written(arguments: Arguments) -> str:
    further = "".join(
        f",\n  {name}={spelled(arguments[name])}" for name in ("box", "reducing_gap") if name in arguments
    )
    return (
        f"np.asarray(Image.fromarray(x).resize(\n"
        f"  {arguments['size']},\n  Image.Resampling.{arguments['resample']}{further}))"
    )


def _affine_written(arguments: Arguments, height: int, width: int) -> str:
    size = arguments["size"]
    return (
        f"np.asarray(Image.fromarray(x).transform(\n  {size}, Image.Transform.AFFINE,\n"
        f"  ({width} / {size[0]}, 0, 0, 0, {height} / {size[1]}, 0),\n  Image.Resampling.BICUBIC))"
    )
