"""MATLAB's words for our methods: ``imresize``.

Source: the formula of its public ports (fatheral/matlab_imresize, XPixelGroup/BasicSR), read and not run. Sizes are
⌈n·scale⌉, coordinates use the scale as typed, kernels are stretched when shrinking, the edge is symmetric.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from workbench.kernels.arrays import Shape
from workbench.kernels.dialects.arguments import chosen, factors, flag, image_shape, leaves_a_pixel, made, sizes
from workbench.kernels.dialects.calls import Arguments, call_for, extents, spelled
from workbench.kernels.errors import ParameterError
from workbench.kernels.method import Method, SourceSpec

SYMMETRIC = {"edge": "symmetric"}

METHODS: dict[str, tuple[str, dict[str, Any]]] = {
    "nearest": ("nearest", {}),
    "box": ("box", SYMMETRIC),
    "bilinear": ("bilinear", SYMMETRIC),
    "triangle": ("bilinear", SYMMETRIC),
    "bicubic": ("bicubic", {"a": -0.5} | SYMMETRIC),
    "cubic": ("bicubic", {"a": -0.5} | SYMMETRIC),
    "lanczos2": ("lanczos", {"r": 2} | SYMMETRIC),
    "lanczos3": ("lanczos", {"r": 3} | SYMMETRIC),
}


def imresize(
    shape: Shape, scale: Any = None, output_size: Any = None, method: Any = "bicubic", antialiasing: Any = None
) -> Method:
    """What ``imresize`` does to an image of this shape.

    Parameters
    ----------
    shape : (int, int)
        Rows and columns.
    scale : float or (float, float), optional
        The second argument, where it is a scale.
    output_size : (int, int), optional
        The second argument, where it is a size (rows, columns).
    method : str
        The name of the kernel.
    antialiasing : bool, optional
        On by default, but for nearest.
    """
    n = image_shape(shape)
    id, fields = chosen("method", method, METHODS)
    smooth = True if antialiasing is None else flag("antialiasing", antialiasing)
    if smooth and id != "nearest":
        fields = fields | {"antialias": True}
    if output_size is not None:
        if scale is not None:
            raise ParameterError("scale", "must not be given with an output size")
        return made(id, size=sizes("output_size", output_size), **fields)
    if scale is None:
        raise ParameterError("scale", "must be given, or an output size")
    typed = factors("scale", scale)
    for length, f in zip(n, typed, strict=True):
        leaves_a_pixel("scale", length, math.ceil(length * f), f)
    return made(id, scale=typed, size_rule="ceil", factor="typed", **fields)


def code(method: Method, source: SourceSpec | None = None) -> str | None:
    """The equivalent ``imresize`` of an ``x`` of (H, W), or None."""
    return call_for(method, source, _attempts, imresize, _written)


def _attempts(method: Method, shape: Shape, wanted: Shape) -> Iterator[Arguments]:
    for extent in extents(method, shape, wanted):
        scale = extent.get("scale")
        if scale is not None and scale[0] != scale[1]:  # there a pair is a size
            continue
        words = {"output_size": wanted} if scale is None else {"scale": scale}
        for name in ("bicubic", "bilinear", "nearest", "box", "lanczos2", "lanczos3"):
            yield words | {"method": name}
            if name != "nearest":
                yield words | {"method": name, "antialiasing": False}


def _written(arguments: Arguments) -> str:
    if "scale" in arguments:
        extent = spelled(arguments["scale"][0])
    else:
        extent = "[{} {}]".format(*arguments["output_size"])
    smooth = "" if arguments.get("antialiasing", True) else ', "Antialiasing", false'
    return f'imresize(x, {extent}, "{arguments["method"]}"{smooth})'
