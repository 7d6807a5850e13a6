"""JAX's words for our methods: ``jax.image.resize``.

Source: JAX 0.10. ``antialias`` is on by default; samples outside are dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.kernels.arrays import Shape
from workbench.kernels.dialects.arguments import chosen, flag, image_shape, made, sizes
from workbench.kernels.dialects.calls import Arguments, call_for, may_tie, spelled
from workbench.kernels.method import Method, SourceSpec

EXCLUDE = {"edge": "exclude"}

METHODS: dict[str, tuple[str, dict[str, Any]]] = {
    "nearest": ("nearest", {}),
    "linear": ("bilinear", EXCLUDE),
    "cubic": ("bicubic", {"a": -0.5} | EXCLUDE),
    "cubic-pytorch": ("bicubic", {"a": -0.75}),
    "lanczos3": ("lanczos", {"r": 3} | EXCLUDE),
    "lanczos5": ("lanczos", {"r": 5} | EXCLUDE),
    "area": ("area", {"rule": "overlap"}),
}

UNSTRETCHED = ("nearest", "area")
"""What knows no ``antialias``."""

OTHER_NAMES = {
    "bilinear": "linear",
    "trilinear": "linear",
    "triangle": "linear",
    "bicubic": "cubic",
    "tricubic": "cubic",
    "bicubic-pytorch": "cubic-pytorch",
}


def resize(shape: Shape, new_shape: Any, method: Any, antialias: Any = True) -> Method:
    """What ``jax.image.resize`` does to an image of this shape."""
    image_shape(shape)
    wanted = sizes("shape", new_shape)
    names = {name: name for name in METHODS} | OTHER_NAMES
    name = chosen("method", method, names)
    smooth = flag("antialias", antialias)
    if smooth and name == "cubic-pytorch":  # PyTorch's kernel is another one with antialias, when enlarging too
        name = "cubic"
    id, fields = METHODS[name]
    if smooth and name not in UNSTRETCHED:
        fields = fields | {"antialias": True}
    return made(id, size=wanted, **fields)


def code(method: Method, source: SourceSpec | None = None) -> str | None:
    """The equivalent ``jax.image.resize`` of an ``x`` of shape (H, W), or None."""
    return call_for(method, source, _attempts, resize, _written)


def _attempts(method: Method, shape: Shape, wanted: Shape) -> Iterator[Arguments]:
    for name in METHODS:
        if name == "nearest" and may_tie(shape, wanted):
            continue
        yield {"new_shape": wanted, "method": name}
        if name not in UNSTRETCHED:
            yield {"new_shape": wanted, "method": name, "antialias": False}


def _written(arguments: Arguments) -> str:
    smooth = "" if arguments.get("antialias", True) else ",\n  antialias=False"
    return f"jax.image.resize(x, {arguments['new_shape']}, {spelled(arguments['method'])}{smooth})"
