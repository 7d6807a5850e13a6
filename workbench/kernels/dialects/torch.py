"""PyTorch's words for our methods: `torch.nn.functional` on ``x`` of shape (1, C, H, W).

Source: PyTorch 2.13. Sizes are ⌊n·f⌋; a typed factor is the one that coordinates use, unless
``recompute_scale_factor``. ``antialias`` changes more than its name says: bicubic's a is −0.5 with it and −0.75
without, and samples outside are dropped with it and repeated without.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from workbench.kernels.arrays import Shape
from workbench.kernels.dialects.arguments import (
    chosen,
    factors,
    flag,
    image_shape,
    leaves_a_pixel,
    made,
    sizes,
)
from workbench.kernels.dialects.calls import Arguments, call_for, extents, written
from workbench.kernels.dialects.torch_code import layer_code
from workbench.kernels.dialects.torch_layers import (
    avg_pool2d,
    conv2d,
    conv_transpose2d,
    max_pool2d,
    max_unpool2d,
    pixel_shuffle,
    pixel_unshuffle,
)
from workbench.kernels.errors import ParameterError
from workbench.kernels.method import Method, SourceSpec
from workbench.kernels.methods.nearest import Nearest
from workbench.kernels.resampling import Grid, SizeRule, output_size
from workbench.kernels.resize import Factor

__all__ = [
    "avg_pool2d",
    "code",
    "conv2d",
    "conv_transpose2d",
    "interpolate",
    "max_pool2d",
    "max_unpool2d",
    "pixel_shuffle",
    "pixel_unshuffle",
]

CORNERS = {"grid": "align_corners"}
EXCLUDE = {"edge": "exclude", "antialias": True}

MODES: dict[str, tuple[str, dict[str, Any]]] = {
    "nearest": ("nearest", {"grid": "asymmetric", "tie": "torch_floor"}),
    "nearest-exact": ("nearest", {"tie": "torch_exact"}),
    "bilinear": ("bilinear", {}),
    "bicubic": ("bicubic", {"a": -0.75}),
    "area": ("area", {"rule": "adaptive"}),
    "lanczos": ("lanczos", {"r": 3}),
}
"""Each mode's method, and the fields in which it differs from that method's own defaults."""

SMOOTHED: dict[str, tuple[str, dict[str, Any]]] = {
    "bilinear": ("bilinear", EXCLUDE),
    "bicubic": ("bicubic", {"a": -0.5} | EXCLUDE),
    "lanczos": ("lanczos", {"r": 3} | EXCLUDE),
}
"""The same with ``antialias=True``."""

WITH_CORNERS = ("bilinear", "bicubic")


def interpolate(
    shape: Shape,
    size: Any = None,
    scale_factor: Any = None,
    mode: Any = "nearest",
    align_corners: Any = None,
    recompute_scale_factor: Any = None,
    antialias: Any = False,
) -> Method:
    """What ``F.interpolate`` does to an image of this shape.

    Raises
    ------
    ParameterError
        Where torch refuses the call; and for ``antialias`` with ``align_corners``, which torch accepts although it is
        neither grid.
    """
    n = image_shape(shape)
    id, fields = chosen("mode", mode, MODES)
    corners = align_corners is not None and flag("align_corners", align_corners)
    smooth = flag("antialias", antialias)
    recompute = recompute_scale_factor is not None and flag("recompute_scale_factor", recompute_scale_factor)
    if align_corners is not None and mode not in WITH_CORNERS:
        raise ParameterError("align_corners", f"can only be set with {' or '.join(WITH_CORNERS)}, not with {mode}")
    if smooth and mode not in SMOOTHED:
        raise ParameterError("antialias", f"must be off with {mode}: torch has it for {', '.join(SMOOTHED)}")
    if mode == "lanczos" and not smooth:
        raise ParameterError("antialias", "must be True with lanczos")
    if smooth and corners:
        raise ParameterError("antialias", "must be off with align_corners: the pair is no grid at all")
    if smooth:
        id, fields = SMOOTHED[mode]
    fields = fields | (CORNERS if corners else {})
    if size is not None:
        if scale_factor is not None:
            raise ParameterError("scale_factor", "must be None when size is given")
        if recompute:
            raise ParameterError("recompute_scale_factor", "is not meaningful when size is given")
        wanted = sizes("size", size, one_for_both=True)
        _no_single_column("size", n, wanted, smooth)
        return made(id, size=wanted, **fields)
    if scale_factor is None:
        raise ParameterError("size", "must be given, or scale_factor")
    scale = factors("scale_factor", scale_factor)
    m = [output_size(length, f, SizeRule.FLOOR) for length, f in zip(n, scale, strict=True)]
    for length, rounded, f in zip(n, m, scale, strict=True):
        leaves_a_pixel("scale_factor", length, rounded, f)
    _no_single_column("scale_factor", n, (m[0], m[1]), smooth)
    if mode == "area" or recompute:
        return made(id, size=(m[0], m[1]), **fields)
    if mode == "bilinear" or smooth:  # an axis that keeps its size is copied, whatever the factor
        fields = fields | {"copy_equal": True}
    return made(id, scale=scale, factor=Factor.TYPED, **fields)


def _no_single_column(name: str, n: Shape, m: Shape, antialias: bool) -> None:
    """Refuse what PyTorch's kernels for antialiasing get wrong: they take an image of one column for another layout."""
    if antialias and m[1] == 1 < m[0] != n[0] > 1:
        raise ParameterError(name, "must leave two columns with antialias: down a single one PyTorch repeats a row")


def code(method: Method, source: SourceSpec | None = None) -> str | None:
    """The equivalent PyTorch call, or None where PyTorch has none; the weights of a layer stand in lines before it.

    Parameters
    ----------
    method : Method
    source : SourceSpec, optional
        Some calls agree only at some sizes; without it, calls that agree at every size.
    """
    layer = layer_code(method, source, _resize_code)
    return layer if layer is not None else _resize_code(method, source)


def _resize_code(method: Method, source: SourceSpec | None) -> str | None:
    return call_for(method, source, _attempts, interpolate, _written)


def _written(arguments: Arguments) -> str:
    shown = dict(arguments)
    scale = shown.get("scale_factor")
    if isinstance(scale, tuple) and scale[0] == scale[1]:
        shown["scale_factor"] = scale[0]
    return written("F.interpolate(x", shown)


def _attempts(method: Method, shape: Shape, wanted: Shape) -> Iterator[Arguments]:
    if isinstance(method, Nearest) and method.grid is Grid.ASYMMETRIC:
        typed = method.size is None and method.factor is Factor.TYPED
        if typed and _passed_over(shape, wanted, method.scale):
            return
    for extent in extents(method, shape, wanted):
        scale = extent.get("scale")
        for mode in MODES:
            if mode == "nearest" and scale is not None and _passed_over(shape, wanted, scale):
                continue
            words: dict[str, Any] = {"size": wanted} if scale is None else {"scale_factor": scale}
            words["mode"] = mode
            if mode != "lanczos":
                yield words
            if mode in WITH_CORNERS:
                yield words | {"align_corners": True}
            if mode in SMOOTHED:
                yield words | {"antialias": True}


def _passed_over(shape: Shape, wanted: Shape, scale: tuple[float, float]) -> bool:
    """Whether torch's nearest may pass over the factor: it copies an axis that keeps its size, and doubles others.

    Which of its kernels do so depends on the size of the picture, so that no one call says the same at all sizes.
    """
    return any(Fraction(f) != Fraction(m, n) and m in (n, 2 * n) for n, m, f in zip(shape, wanted, scale, strict=True))
