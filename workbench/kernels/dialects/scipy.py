"""SciPy's words for our methods: ``scipy.ndimage.zoom`` of a floating-point ``x``.

Source: SciPy 1.17. Sizes are n·zoom rounded half to even, and coordinates use the ratio of the sizes: corners aligned,
unless ``grid_mode``. With its default mode the last sample is ``cval`` at some sizes (8 → 26), by a rounding error:
those are refused. Modes have names of their own: "reflect" is numpy's "symmetric", "mirror" is numpy's "reflect".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from workbench.kernels.arrays import Shape
from workbench.kernels.dialects.arguments import chosen, factors, flag, image_shape, leaves_a_pixel, number, whole
from workbench.kernels.dialects.calls import Arguments, call_for, extents, spelled, written
from workbench.kernels.dialects.splines import settles, spline
from workbench.kernels.errors import ParameterError
from workbench.kernels.method import Method, SourceSpec

EDGES = {
    "reflect": "symmetric",
    "grid-mirror": "symmetric",
    "constant": "mirror",
    "grid-constant": "zero",
    "nearest": "replicate",
    "mirror": "mirror",
    "grid-wrap": "wrap",
    "wrap": "mirror",
}
"""Each mode's edge rule; those of constant and wrap are where their splines take what lies outside from."""

ONLY_CORNERS = {"constant": "grid-constant", "wrap": "grid-wrap"}
"""Modes that end at the outermost centres, and what to say with ``grid_mode`` instead."""


def zoom(
    shape: Shape,
    zoom: Any,
    order: Any = 3,
    mode: Any = "constant",
    cval: Any = 0.0,
    prefilter: Any = True,
    grid_mode: Any = False,
) -> Method:
    """What ``scipy.ndimage.zoom`` does to an image of this shape.

    Raises
    ------
    ParameterError
        Where SciPy refuses the call, or cuts the picture at its outermost centres.
    """
    n = image_shape(shape)
    scale = factors("zoom", zoom)
    degree = whole("order", order, least=0, most=5)
    edge = chosen("mode", mode, EDGES)
    filtered, half_pixel = flag("prefilter", prefilter), flag("grid_mode", grid_mode)
    for length, f in zip(n, scale, strict=True):
        leaves_a_pixel("zoom", length, round(length * f), f)
    if half_pixel and mode in ONLY_CORNERS:
        raise ParameterError("mode", f"must be {ONLY_CORNERS[mode]} with grid_mode, not {mode}")
    border = number("cval", cval)
    if mode in ONLY_CORNERS:
        for length, f in zip(n, scale, strict=True):
            _ends_inside(mode, length, round(length * f))
    outside: dict[str, Any] = {"outside_value": border} if border and edge == "zero" and degree > 0 else {}
    return spline(
        degree,
        edge,
        prefilter=filtered or degree < 2,
        corners=not half_pixel,
        scale=scale,
        size_rule="round_even",
        **outside,
    )


def _ends_inside(mode: str, n: int, m: int) -> None:
    """Refuse sizes at which SciPy's last place lies beyond the last sample, by a rounding error."""
    last = (n - 1) / (m - 1) * (m - 1) if m > 1 else 0.0
    if last > n - 1:
        raise ParameterError(
            "mode", f"must be nearest for {n} → {m}, not {mode}: SciPy's last sample stands at {last!r}, beyond {n - 1}"
        )


def code(method: Method, source: SourceSpec | None = None) -> str | None:
    """The equivalent ``scipy.ndimage.zoom`` of an ``x`` of shape (H, W), or None."""
    return call_for(method, source, _attempts, zoom, _written)


def _attempts(method: Method, shape: Shape, wanted: Shape) -> Iterator[Arguments]:
    for extent in extents(method, shape, wanted):
        # The ratio itself, as one types it: 9 / 7 rounds to the size that was wanted.
        scale = extent.get("scale") or tuple(m / n for n, m in zip(shape, wanted, strict=True))
        for order in range(6):
            for grid_mode in (False, True):
                if order == 0 and not grid_mode and not all(map(_rounds_exactly, shape, wanted)):
                    continue
                for mode in _modes(order, grid_mode):
                    for prefilter in (True, False) if order > 1 else (True,):
                        if prefilter and not settles(order, EDGES[mode], shape):
                            continue
                        border = getattr(method, "outside_value", 0) if mode == "grid-constant" else 0
                        cval = {"cval": border} if border else {}
                        yield {"zoom": scale} | _named(order, mode, prefilter, grid_mode) | cval


def _modes(order: int, grid_mode: bool) -> tuple[str, ...]:
    """Never the default: with it the last sample is 0 where its place is rounded beyond the image, as in 8 → 26."""
    if order == 0 or (order == 1 and not grid_mode):
        return ("nearest",)
    return ("nearest", "mirror", "reflect", "grid-wrap", "grid-constant")


def _rounds_exactly(n: int, m: int) -> bool:
    """Whether SciPy's doubles fall to the exact side of every tie between aligned corners."""
    i, last = np.arange(m), max(m - 1, 1)
    places = np.floor(i * ((n - 1) / last) + 0.5)
    return bool((np.minimum(places, n - 1) == (2 * i * (n - 1) + last) // (2 * last)).all())


def _named(order: int, mode: str, prefilter: bool, grid_mode: bool) -> dict[str, Any]:
    words: dict[str, Any] = {"order": order, "mode": mode}
    if not prefilter:
        words["prefilter"] = False
    if grid_mode:
        words["grid_mode"] = True
    return words


def _written(arguments: Arguments) -> str:
    shown = dict(arguments)
    scale = shown.pop("zoom")
    return written(f"zoom(x, {spelled(scale[0] if scale[0] == scale[1] else scale)}", shown)
