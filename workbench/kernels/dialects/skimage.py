"""scikit-image's words for our methods: ``skimage.transform.resize`` and ``rescale`` of a floating-point ``x``.

Source: scikit-image 0.26. Orders are those of B-splines; modes have numpy's names, which are not SciPy's. ``clip``,
on by default, limits the output to the range of the input: a stage after the operator, not part of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.kernels.arrays import Shape
from workbench.kernels.dialects.arguments import (
    chosen,
    factors,
    flag,
    image_shape,
    leaves_a_pixel,
    number,
    sizes,
    whole,
)
from workbench.kernels.dialects.calls import Arguments, call_for, extents, spelled, written
from workbench.kernels.dialects.splines import settles, spline
from workbench.kernels.method import Method, SourceSpec

EDGES = {"reflect": "mirror", "constant": "zero", "edge": "replicate", "symmetric": "symmetric", "wrap": "wrap"}
"""Each mode's edge rule."""


def resize(
    shape: Shape,
    output_shape: Any,
    order: Any = None,
    mode: Any = "reflect",
    cval: Any = 0,
    clip: Any = True,
    anti_aliasing: Any = None,
) -> Method:
    """What ``skimage.transform.resize`` does to an image of this shape, before it clips.

    Raises
    ------
    ParameterError
        Where scikit-image refuses the call.
    """
    n, m = image_shape(shape), sizes("output_shape", output_shape)
    return _made(n, m, {"size": m}, order, mode, cval, clip, anti_aliasing)


def rescale(
    shape: Shape,
    scale: Any,
    order: Any = None,
    mode: Any = "reflect",
    cval: Any = 0,
    clip: Any = True,
    anti_aliasing: Any = None,
) -> Method:
    """What ``skimage.transform.rescale`` does: sizes n·scale rounded half to even, at least 1."""
    n = image_shape(shape)
    scales = factors("scale", scale)
    for length, f in zip(n, scales, strict=True):
        leaves_a_pixel("scale", length, max(1.0, length * f), f)
    m = (max(1, round(n[0] * scales[0])), max(1, round(n[1] * scales[1])))
    rounded = all(b == round(a * f) for a, b, f in zip(n, m, scales, strict=True))
    extent = {"scale": scales, "size_rule": "round_even"} if rounded else {"size": m}
    return _made(n, m, extent, order, mode, cval, clip, anti_aliasing)


def _made(
    n: Shape, m: Shape, extent: dict[str, Any], order: Any, mode: Any, cval: Any, clip: Any, anti_aliasing: Any
) -> Method:
    flag("clip", clip)
    degree = 1 if order is None else whole("order", order, least=0, most=5)
    edge = chosen("mode", mode, EDGES)
    border = number("cval", cval)
    shrinks = any(b < a for a, b in zip(n, m, strict=True))
    asked = anti_aliasing is None or flag("anti_aliasing", anti_aliasing)
    blurs = shrinks and asked
    fields: dict[str, Any] = {"blur": True} if blurs else {}
    if blurs and degree == 0:
        fields["blur_edge"] = edge
    if border and edge == "zero" and (degree > 0 or blurs):
        fields["outside_value"] = border
    return spline(degree, edge, **(extent | fields))


def code(method: Method, source: SourceSpec | None = None) -> str | None:
    """The equivalent ``skimage.transform`` call for an ``x`` of shape (H, W), or None."""
    return call_for(method, source, _attempts, _read, _written)


def _read(shape: Shape, **arguments: Any) -> Method:
    return (rescale if "scale" in arguments else resize)(shape, **arguments)


def _attempts(method: Method, shape: Shape, wanted: Shape) -> Iterator[Arguments]:
    blurs = bool(getattr(method, "blur", False)) and any(m < n for n, m in zip(shape, wanted, strict=True))
    for extent in extents(method, shape, wanted):
        words = {"scale": extent["scale"]} if "scale" in extent else {"output_shape": wanted}
        for order in range(6):
            for mode, edge in EDGES.items():
                if not (order or blurs or mode == "reflect") or not settles(order, edge, shape):
                    continue
                named: dict[str, Any] = {} if mode == "reflect" else {"mode": mode}
                if mode == "constant" and (border := getattr(method, "outside_value", 0)):
                    named["cval"] = border
                yield words | {"order": order} | named | {"clip": False, "anti_aliasing": blurs}


def _written(arguments: Arguments) -> str:
    shown = dict(arguments)
    if "scale" in shown:
        return written(f"rescale(x, {spelled(shown.pop('scale'))}", shown)
    return written(f"resize(x, {spelled(shown.pop('output_shape'))}", shown)
