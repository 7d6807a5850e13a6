"""TensorFlow's words for our methods: ``tf.image.resize``, and the three functions of its first version.

Source: TensorFlow 2.21. ``antialias`` is off by default; nearest falls as PyTorch's ``nearest-exact`` does. The
first version's functions take their corners, or the upper left corner, as fixed, unless ``half_pixel_centers``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.kernels.arrays import Shape
from workbench.kernels.dialects.arguments import chosen, flag, image_shape, leaves_a_pixel, made, sizes
from workbench.kernels.dialects.calls import Arguments, call_for, spelled
from workbench.kernels.errors import ParameterError
from workbench.kernels.method import Method, SourceSpec

EXCLUDE = {"edge": "exclude"}
THIRD = 1 / 3

METHODS: dict[str, tuple[str, dict[str, Any]]] = {
    "bilinear": ("bilinear", EXCLUDE),
    "nearest": ("nearest", {"tie": "torch_exact"}),
    "bicubic": ("bicubic", {"a": -0.5} | EXCLUDE),
    "area": ("area", {"rule": "overlap"}),
    "lanczos3": ("lanczos", {"r": 3} | EXCLUDE),
    "lanczos5": ("lanczos", {"r": 5} | EXCLUDE),
    "gaussian": ("gaussian", {"rim": "tensorflow"} | EXCLUDE),
    "mitchellcubic": ("cubic_bc", {"b": THIRD, "c": THIRD} | EXCLUDE),
}
"""Each method of the second version."""

UNSTRETCHED = ("nearest", "area")
"""What knows no ``antialias``; TensorFlow passes over it."""

FIRST: dict[str, tuple[str, dict[str, Any]]] = {
    "resize_nearest_neighbor": ("nearest", {"grid": "asymmetric", "tie": "torch_floor"}),
    "resize_bilinear": ("bilinear", {"grid": "asymmetric"}),
    "resize_bicubic": ("bicubic", {"a": -0.75, "grid": "asymmetric"}),
}
CORNERS: dict[str, dict[str, Any]] = {
    "resize_nearest_neighbor": {"grid": "align_corners", "tie": "up"},
    "resize_bilinear": {"grid": "align_corners"},
    "resize_bicubic": {"grid": "align_corners"},
}
HALF_PIXEL: dict[str, dict[str, Any]] = {
    "resize_nearest_neighbor": {"grid": "half_pixel", "tie": "torch_exact"},
    "resize_bilinear": {"grid": "half_pixel"},
    "resize_bicubic": {"grid": "half_pixel", "a": -0.5} | EXCLUDE,
}


def resize(
    shape: Shape, size: Any, method: Any = "bilinear", preserve_aspect_ratio: Any = False, antialias: Any = False
) -> Method:
    """What ``tf.image.resize`` does to an image of this shape."""
    n, wanted = image_shape(shape), sizes("size", size)
    id, fields = chosen("method", method, METHODS)
    smooth = flag("antialias", antialias)
    if flag("preserve_aspect_ratio", preserve_aspect_ratio):
        scale = min(m / length for length, m in zip(n, wanted, strict=True))
        for length in n:
            leaves_a_pixel("size", length, round(scale * length), scale)
        wanted = (round(scale * n[0]), round(scale * n[1]))
    if method not in UNSTRETCHED and smooth:
        fields = fields | {"antialias": True}
    if method == "bilinear" and not smooth:
        fields = {}
    return made(id, size=wanted, **fields)


def resize_nearest_neighbor(
    shape: Shape, size: Any, align_corners: Any = False, half_pixel_centers: Any = False
) -> Method:
    """What ``tf.compat.v1.image.resize_nearest_neighbor`` does to an image of this shape."""
    return first("resize_nearest_neighbor", shape, size, align_corners, half_pixel_centers)


def resize_bilinear(shape: Shape, size: Any, align_corners: Any = False, half_pixel_centers: Any = False) -> Method:
    """What ``tf.compat.v1.image.resize_bilinear`` does to an image of this shape."""
    return first("resize_bilinear", shape, size, align_corners, half_pixel_centers)


def resize_bicubic(shape: Shape, size: Any, align_corners: Any = False, half_pixel_centers: Any = False) -> Method:
    """What ``tf.compat.v1.image.resize_bicubic`` does, but for its weights, which are from a table of 1024."""
    return first("resize_bicubic", shape, size, align_corners, half_pixel_centers)


def first(function: str, shape: Shape, size: Any, align_corners: Any, half_pixel_centers: Any) -> Method:
    """What a function of the first version does, by its name."""
    image_shape(shape)
    wanted = sizes("size", size)
    id, fields = chosen("function", function, FIRST)
    corners, centred = flag("align_corners", align_corners), flag("half_pixel_centers", half_pixel_centers)
    if corners and centred:
        raise ParameterError("align_corners", "must be False with half_pixel_centers")
    if corners:
        fields = fields | CORNERS[function]
    if centred:
        fields = fields | HALF_PIXEL[function]
    return made(id, size=wanted, **fields)


def code(method: Method, source: SourceSpec | None = None) -> str | None:
    """The equivalent TensorFlow call for an ``x`` of shape (H, W), or None."""
    return call_for(method, source, _attempts, _read, _written)


def _read(shape: Shape, function: str = "", **arguments: Any) -> Method:
    if not function:
        return resize(shape, **arguments)
    return first(
        function,
        shape,
        arguments["size"],
        arguments.get("align_corners", False),
        arguments.get("half_pixel_centers", False),
    )


def _attempts(method: Method, shape: Shape, wanted: Shape) -> Iterator[Arguments]:
    for name in METHODS:
        yield {"size": wanted, "method": name}
        if name not in UNSTRETCHED:
            yield {"size": wanted, "method": name, "antialias": True}
    for function in FIRST:
        yield {"function": function, "size": wanted}
        yield {"function": function, "size": wanted, "align_corners": True}


def _written(arguments: Arguments) -> str:
    shown = dict(arguments)
    function, size = shown.pop("function", ""), shown.pop("size")
    words = "".join(f",\n  {name}={spelled(value)}" for name, value in shown.items())
    if function:
        return f"tf.compat.v1.image.{function}(\n  x[None, ..., None], {size}{words})[0, ..., 0]"
    return f"tf.image.resize(x[..., None], {size}{words})[..., 0]"
