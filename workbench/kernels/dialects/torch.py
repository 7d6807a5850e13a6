"""PyTorch's words for our methods: the call that gives the same numbers on ``x`` of shape (1, C, H, W)."""

from __future__ import annotations

import math
from fractions import Fraction

from workbench.kernels.method import Method, SourceSpec
from workbench.kernels.methods.average_unpool import AverageUnpool, Fill
from workbench.kernels.methods.bilinear import Bilinear
from workbench.kernels.methods.max_unpool import MaxUnpool
from workbench.kernels.methods.nearest import Nearest
from workbench.kernels.methods.transposed_conv import TransposedConv
from workbench.kernels.resampling import AxisMap, Edge, Grid, Tie
from workbench.kernels.resize import Resize


def code(method: Method, source: SourceSpec | None = None) -> str | None:
    """The equivalent PyTorch call, or None where PyTorch has none.

    Parameters
    ----------
    method : Method
    source : SourceSpec, optional
        Some calls agree only at some sizes; without it, whole-number scales are assumed to be exact.
    """
    if isinstance(method, Nearest):
        return _interpolate(method, source, _nearest_mode(method))
    if isinstance(method, Bilinear):
        if method.edge is not Edge.REPLICATE or not method.normalise or method.antialias:
            return None
        modes = {Grid.HALF_PIXEL: '"bilinear"', Grid.ALIGN_CORNERS: '"bilinear",\n  align_corners=True'}
        return _interpolate(method, source, modes.get(method.grid))
    if isinstance(method, TransposedConv):
        words = {
            "stride": (method.stride, (1, 1)),
            "padding": (method.padding, (0, 0)),
            "output_padding": (method.output_padding, (0, 0)),
            "dilation": (method.dilation, (1, 1)),
        }
        given = [f"{name}={_pair(value)}" for name, (value, default) in words.items() if value != default]
        once = ",\n  ".join(["F.conv_transpose2d(x, w", *given]) + ")"
        return once if method.repeat == 1 else f"{once}  × {method.repeat}"
    if isinstance(method, AverageUnpool):
        if method.stride not in (None, method.kernel) or method.fill is not Fill.REPLICATE:
            return None
        return f'F.interpolate(x,\n  scale_factor={_pair(method.kernel)},\n  mode="nearest")'
    if isinstance(method, MaxUnpool):
        plane = method.plane or (source.pooling.plane if source and source.pooling else None)
        return None if plane is None else f"F.max_unpool2d(x, indices, k,\n  output_size={plane})"
    return None


def _interpolate(method: Resize, source: SourceSpec | None, mode: str | None) -> str | None:
    if mode is None:
        return None
    if method.size is not None:
        return f"F.interpolate(x,\n  size={method.size},\n  mode={mode})"
    if all(scale == int(scale) for scale in method.scale):
        return _by_factor(method, mode)
    if source is None:
        return None
    axes = method.axis_maps(source, Grid.HALF_PIXEL)
    # Corners are aligned whatever the factor is, and a size that comes out exactly says the same as its factor.
    if mode.endswith("align_corners=True") or all(axis.factor == Fraction(axis.n_out, axis.n_in) for axis in axes):
        return f"F.interpolate(x,\n  size=({axes[0].n_out}, {axes[1].n_out}),\n  mode={mode})"
    floored = all(axis.n_out == math.floor(axis.n_in * scale) for axis, scale in zip(axes, method.scale, strict=True))
    return _by_factor(method, mode) if floored and not any(_ignored(axis, mode) for axis in axes) else None


def _ignored(axis: AxisMap, mode: str) -> bool:
    """Whether torch may pass over the factor: it copies an axis that keeps its size, and doubles one twice as long.

    Which of its kernels do so depends on the size of the picture, so that no one call says the same at all sizes.
    """
    if axis.factor == Fraction(axis.n_out, axis.n_in):
        return False
    return axis.n_out == axis.n_in or (mode == '"nearest"' and axis.n_out == 2 * axis.n_in)


def _by_factor(method: Resize, mode: str) -> str:
    first, second = (repr(int(scale) if scale.is_integer() else scale) for scale in method.scale)
    factor = first if first == second else f"({first}, {second})"
    return f"F.interpolate(x,\n  scale_factor={factor},\n  mode={mode})"


def _nearest_mode(method: Nearest) -> str | None:
    """PyTorch's name of the rule, if it agrees: at whole factors the exact rules never meet a tie."""
    whole = method.size is None and all(scale == int(scale) for scale in method.scale)
    if method.grid is Grid.HALF_PIXEL and (
        method.tie is Tie.TORCH_EXACT or (whole and method.tie in (Tie.UP, Tie.DOWN))
    ):
        return '"nearest-exact"'
    if method.grid is Grid.ASYMMETRIC and (method.tie is Tie.TORCH_FLOOR or (whole and method.tie is Tie.FLOOR)):
        return '"nearest"'
    return None


def _pair(value: tuple[int, int]) -> str:
    return str(value[0]) if value[0] == value[1] else str(value)
