"""ONNX's words for our methods: the nodes ``Resize`` and ``Upsample`` here, layers in `onnx_layers`, `onnx_code`.

Source: ONNX opset 19 and its reference evaluator, which keeps a fractional width n·f in the grids that speak of one;
ONNX Runtime rounds it. Scales are float32, and sizes ⌊n·f⌋.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from workbench.kernels.arrays import Shape
from workbench.kernels.dialects import onnx_code, onnx_layers
from workbench.kernels.dialects.arguments import (
    chosen,
    factor,
    flag,
    leaves_a_pixel,
    listed,
    made,
    number,
    whole,
)
from workbench.kernels.dialects.calls import Arguments, call_for, spelled
from workbench.kernels.errors import ParameterError
from workbench.kernels.method import Method, SourceSpec
from workbench.kernels.resampling import SizeRule, output_size

MODES = ("nearest", "linear", "cubic")
GRIDS = {
    "half_pixel": "half_pixel",
    "half_pixel_symmetric": "half_pixel_symmetric",
    "pytorch_half_pixel": "pytorch_half_pixel",
    "align_corners": "align_corners",
    "asymmetric": "asymmetric",
    "tf_crop_and_resize": "crop",
}
TIES = {"round_prefer_floor": "down", "round_prefer_ceil": "up", "floor": "floor", "ceil": "ceil"}
POLICIES = {"stretch": "none", "not_larger": "not_larger", "not_smaller": "not_smaller"}

RESIZE_DEFAULTS: dict[str, Any] = {
    "mode": "nearest",
    "coordinate_transformation_mode": "half_pixel",
    "nearest_mode": "round_prefer_floor",
    "cubic_coeff_a": -0.75,
    "exclude_outside": 0,
    "antialias": 0,
    "extrapolation_value": 0.0,
    "keep_aspect_ratio_policy": "stretch",
    "axes": None,
}


def node(op_type: Any, shape: Any, attributes: Mapping[str, Any] | None = None, **inputs: Any) -> Method:
    """What a node of an ONNX graph does to an image of this shape.

    Parameters
    ----------
    op_type : str
        ``"Resize"``, ``"Upsample"``, ``"ConvTranspose"``, ``"MaxPool"`` …
    shape : (…, int, int)
        Shape of the input; the last two axes are rows and columns.
    attributes : dict
        By their ONNX names; those left out take ONNX's defaults.
    **inputs
        The node's other inputs by name: ``scales``, ``sizes``, ``roi``; ``weight``, ``indices`` …

    Raises
    ------
    ParameterError
        Where ONNX refuses the node, or what it does is none of our methods.
    """
    if attributes is not None and not isinstance(attributes, Mapping):
        raise ParameterError("attributes", f"must be a mapping of names to values, not {attributes!r}")
    given = dict(attributes or {})
    if op_type == "Resize":
        return _resize(shape, given, **_only(op_type, inputs, ("roi", "scales", "sizes", "runtime")))
    if op_type == "Upsample":
        return upsample(shape, given, **_only(op_type, inputs, ("scales",)))
    if op_type in onnx_layers.OPERATORS:
        return onnx_layers.node(op_type, shape, given, **inputs)
    known = ", ".join(("Resize", "Upsample", *onnx_layers.OPERATORS))
    raise ParameterError("op_type", f"must be one of {known}, not {op_type!r}")


def resize(shape: Any, roi: Any = None, scales: Any = None, sizes: Any = None, **attributes: Any) -> Method:
    """What a ``Resize`` node does, its attributes given by name."""
    return _resize(shape, attributes, roi, scales, sizes)


def _resize(
    shape: Any,
    attributes: Mapping[str, Any],
    roi: Any = None,
    scales: Any = None,
    sizes: Any = None,
    runtime: bool = False,
) -> Method:
    """What a ``Resize`` node does; ``runtime`` for ONNX Runtime's rounded widths."""
    said = RESIZE_DEFAULTS | _only("Resize", dict(attributes), tuple(RESIZE_DEFAULTS))
    sides = _image(shape)
    rank, axes = _axes(shape, said["axes"], _given(scales) or _given(sizes) or [1, 1])
    grid = chosen("coordinate_transformation_mode", said["coordinate_transformation_mode"], GRIDS)
    policy = chosen("keep_aspect_ratio_policy", said["keep_aspect_ratio_policy"], POLICIES)
    outside = number("extrapolation_value", said["extrapolation_value"])
    id, fields = _kernel(said)
    fields |= {"grid": grid, "width_rule": "rounded" if runtime else "as_is"}
    if grid == "crop":
        fields |= {"region": _region(roi, rank, axes), "outside_value": outside}
    if _given(sizes):
        if _given(scales):
            raise ParameterError("scales", "must be empty when sizes are given")
        wanted = [whole("sizes", one) for one in _per_axis("sizes", sizes, axes)]
        both = _on_image(wanted, rank, axes, list(sides))
        if len(_which(rank, axes)) == 2:
            fields |= {"keep_aspect": policy}
        return made(id, size=(both[0], both[1]), **fields)
    if not _given(scales):
        raise ParameterError("sizes", "must be given, or scales")
    if policy != "none":
        raise ParameterError("keep_aspect_ratio_policy", "must be stretch with scales: it is about sizes")
    typed = [float(np.float32(factor("scales", one))) for one in _per_axis("scales", scales, axes)]
    if axes is None and any(f != 1 for f in typed[:-2]):
        raise ParameterError("scales", f"must be 1 on the axes before rows and columns, not {typed[:-2]}")
    both = _on_image(typed, rank, axes, [1.0, 1.0])
    for n, f in zip(sides, both, strict=True):
        leaves_a_pixel("scales", n, output_size(n, f, SizeRule.FLOOR), f)
    return made(id, scale=(both[0], both[1]), factor="typed", **fields)


def upsample(shape: Any, attributes: Mapping[str, Any], scales: Any = None) -> Method:
    """What an ``Upsample`` node does: ``Resize`` on the asymmetric grid, as it was before it had a choice."""
    said = {"mode": "nearest", "scales": scales} | _only("Upsample", dict(attributes), ("mode", "scales"))
    mode = chosen("mode", said["mode"], {"nearest": "nearest", "linear": "linear", "bilinear": "linear"})
    entries = _given(said["scales"])
    if any(factor("scales", one) < 1 for one in entries):
        raise ParameterError("scales", f"must be at least 1, not {min(entries)}")
    words = {"mode": mode, "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
    return _resize(shape, words, scales=said["scales"])


def _kernel(said: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Method and kernel of a mode."""
    mode = chosen("mode", said["mode"], {name: name for name in MODES})
    tie = chosen("nearest_mode", said["nearest_mode"], TIES)
    exclude, smooth = flag("exclude_outside", said["exclude_outside"]), flag("antialias", said["antialias"])
    if mode == "nearest":
        return "nearest", {"tie": tie}
    fields: dict[str, Any] = {"edge": "exclude" if exclude else "replicate", "antialias": smooth}
    if mode == "linear":
        return "bilinear", fields
    return "bicubic", fields | {"a": float(np.float32(number("cubic_coeff_a", said["cubic_coeff_a"])))}


def _given(values: Any) -> list[Any]:
    """The entries of an optional input; none if it was left out or is empty."""
    return [] if values is None else listed("scales", values)


def _only(op_type: str, given: dict[str, Any], known: tuple[str, ...]) -> dict[str, Any]:
    for name in given:
        if name not in known:
            raise ParameterError(str(name), f"is nothing that {op_type} has, which has: {', '.join(known)}")
    return given


def _image(shape: Any) -> Shape:
    entries = [whole("shape", one) for one in listed("shape", shape)]
    if len(entries) < 2:
        raise ParameterError("shape", f"must have rows and columns, not {len(entries)} axis")
    return entries[-2], entries[-1]


def _axes(shape: Any, axes: Any, entries: list[Any]) -> tuple[int, list[int] | None]:
    """How many axes the tensor has, and which of them are resized (None: all)."""
    rank = len(listed("shape", shape))
    if axes is None:
        return max(rank, len(entries)), None
    named = [whole("axes", one, least=-8, most=7) for one in listed("axes", axes)]
    if rank == 2 and any(axis > 1 for axis in named):
        rank = 4  # an image of a batch with channels
    found = [axis + rank if axis < 0 else axis for axis in named]
    if not found or len(set(found)) != len(found) or any(not 0 <= axis < rank for axis in found):
        raise ParameterError("axes", f"must name different axes of {rank}, not {named}")
    if any(axis < rank - 2 for axis in found):
        raise ParameterError("axes", f"must be rows and columns, {rank - 2} and {rank - 1}, not {named}")
    return rank, found


def _per_axis(name: str, values: Any, axes: list[int] | None) -> list[Any]:
    entries = listed(name, values)
    if axes is None and len(entries) < 2:
        raise ParameterError(name, f"must have an entry for each axis, not {len(entries)}")
    if axes is not None and len(entries) != len(axes):
        raise ParameterError(name, f"must have an entry for each of {len(axes)} axes, not {len(entries)}")
    return entries


def _which(rank: int, axes: list[int] | None) -> list[int]:
    """The axes that are resized, of rows and columns."""
    return [axis for axis in (rank - 2, rank - 1) if axes is None or axis in axes]


def _on_image(values: list[Any], rank: int, axes: list[int] | None, still: list[Any]) -> list[Any]:
    """Rows and columns of values that are listed for all axes, or for some in any order."""
    if axes is None:
        return values[-2:]
    return [values[axes.index(axis)] if axis in axes else still[axis - rank + 2] for axis in (rank - 2, rank - 1)]


def _region(roi: Any, rank: int, axes: list[int] | None) -> list[float]:
    """The region (top, left, bottom, right) of ``[starts…, ends…]``."""
    entries = [number("roi", one) for one in _given(roi)]
    half = len(entries) // 2
    wanted = len(axes) if axes is not None else half
    if not entries or len(entries) % 2 or half != wanted or (axes is None and half < 2):
        raise ParameterError("roi", f"must have a start and an end for each axis, not {len(entries)} numbers")
    starts = _on_image(entries[:half], rank, axes, [0.0, 0.0])
    ends = _on_image(entries[half:], rank, axes, [1.0, 1.0])
    for begin, end in zip(starts, ends, strict=True):
        if not begin < end:
            raise ParameterError("roi", f"must end after it begins, not {begin:g} … {end:g}: no method of ours flips")
    return [*starts, *ends]


def code(method: Method, source: SourceSpec | None = None) -> str | None:
    """The equivalent node, or None where ONNX has none: ``Resize`` for an ``x`` of shape (H, W), layers for a batch.

    The arrays a node speaks of are defined before it.
    """
    layer = onnx_code.runnable(method, source)
    if layer is not None:
        return layer
    return call_for(method, source, _attempts, resize, _written)


def _attempts(method: Method, shape: Shape, wanted: Shape) -> Iterator[Arguments]:
    steep = getattr(method, "a", -0.75)
    extents: list[dict[str, Any]] = [{"sizes": wanted}]
    typed = getattr(method, "scale", None)
    if getattr(method, "factor", None) is not None and getattr(method, "size", None) is None and typed:
        extents.insert(0, {"scales": typed})
    for extent in extents:
        for grid in ("half_pixel", "align_corners", "asymmetric", "half_pixel_symmetric", "pytorch_half_pixel"):
            centred = {} if grid == "half_pixel" else {"coordinate_transformation_mode": grid}
            for rule in TIES:
                named = {} if rule == "round_prefer_floor" else {"nearest_mode": rule}
                yield extent | {"mode": "nearest"} | centred | named
            for mode in ("linear", "cubic"):
                sharp = {"cubic_coeff_a": steep} if mode == "cubic" and steep != -0.75 else {}
                for border in ({}, {"exclude_outside": 1}):
                    for smooth in ({}, {"antialias": 1}):
                        yield extent | {"mode": mode} | sharp | centred | border | smooth


def _written(arguments: Arguments) -> str:
    shown = dict(arguments)
    name = "scales" if "scales" in shown else "sizes"
    extent = shown.pop(name)
    values = ", ".join(spelled(one) for one in extent)
    kind = "float32" if name == "scales" else "int64"
    inputs = '["x", "", "scales"]' if name == "scales" else '["x", "", "", "sizes"]'
    words = "".join(f",\n  {key}={spelled(value)}" for key, value in shown.items())
    return f'{name} = np.array([{values}], np.{kind})\nhelper.make_node("Resize", {inputs}, ["y"]{words})'
