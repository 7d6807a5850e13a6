"""PyTorch's words for layers: convolution and its transpose, pooling and unpooling, pixel shuffle.

Source: `torch.nn.functional`, PyTorch 2.13. Weights are tables: (kH, kW) for one plane to one plane, (C_in, C_out ÷
groups, kH, kW) for a transposed convolution, (C_out, C_in ÷ groups, kH, kW) for a convolution.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.kernels.arrays import Shape
from workbench.kernels.dialects.arguments import flag, image_shape, listed, made, number, whole
from workbench.kernels.errors import ParameterError
from workbench.kernels.method import Method
from workbench.kernels.methods.max_unpool import Reading
from workbench.kernels.params import Pair
from workbench.kernels.pooling import torch_padding, torch_unpool_size

MAX_STEP = 1024


def conv_transpose2d(
    shape: Shape,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: Any = 1,
    dilation: Any = 1,
) -> Method:
    """What ``F.conv_transpose2d`` does to an image of this shape."""
    image_shape(shape)
    extra = {"output_padding": _pair("output_padding", output_padding, least=0)}
    return _layer("transposed_conv", weight, bias, groups, _steps(stride, padding, dilation) | extra)


def conv2d(
    shape: Shape, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: Any = 1
) -> Method:
    """What ``F.conv2d`` does to an image of this shape."""
    image_shape(shape)
    return _layer("convolution", weight, bias, groups, _steps(stride, padding, dilation))


def max_pool2d(
    shape: Shape, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: Any = False
) -> Method:
    """What ``F.max_pool2d`` does to an image of this shape."""
    image_shape(shape)
    steps = {"dilation": _pair("dilation", dilation), "ceil_mode": flag("ceil_mode", ceil_mode)}
    return made("max_pool", **_windows(kernel_size, stride, padding), **steps)


def avg_pool2d(
    shape: Shape,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: Any = False,
    count_include_pad: Any = True,
    divisor_override: Any = None,
) -> Method:
    """What ``F.avg_pool2d`` does to an image of this shape."""
    image_shape(shape)
    divisor = 0 if divisor_override is None else whole("divisor_override", divisor_override)
    counts = {"count_include_pad": flag("count_include_pad", count_include_pad), "divisor": divisor}
    return made(
        "average_pool", **_windows(kernel_size, stride, padding), ceil_mode=flag("ceil_mode", ceil_mode), **counts
    )


def max_unpool2d(
    shape: Shape,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    output_size: Any = None,
    indices: Any = None,
) -> Method:
    """What ``F.max_unpool2d`` does to an image of this shape.

    Parameters
    ----------
    indices : (h, w) table, optional
        Without it, those that the source's pooling recorded.

    Raises
    ------
    ParameterError
        If ``output_size`` is a stride or more away from the usual size; if an index lies outside the plane.
    """
    n = image_shape(shape)
    windows = _windows(kernel_size, stride, padding)
    asked = None if output_size is None else _pair("output_size", listed("output_size", output_size)[-2:])
    steps = windows["stride"] or windows["kernel"]
    plane = torch_unpool_size(n, windows["kernel"], steps, windows["padding"], asked)
    if indices is not None:
        return made("max_unpool", indices=np.asarray(indices).tolist(), plane=plane)
    return made("max_unpool", reading=Reading.TORCH if asked is None else Reading.RECORD)


def pixel_shuffle(shape: Shape, upscale_factor: Any) -> Method:
    """What ``F.pixel_shuffle`` does: r² channels become r × r pixels."""
    image_shape(shape)
    return made("pixel_shuffle", factor=whole("upscale_factor", upscale_factor), kernels="none", order="crd")


def pixel_unshuffle(shape: Shape, downscale_factor: Any) -> Method:
    """What ``F.pixel_unshuffle`` does: r × r pixels become r² channels."""
    image_shape(shape)
    return made("pixel_unshuffle", factor=whole("downscale_factor", downscale_factor), order="crd")


def _layer(id: str, weight: Any, bias: Any, groups: Any, steps: dict[str, Any]) -> Method:
    """A layer of one plane if that is all there is, of channels otherwise."""
    try:
        table = np.asarray(weight, np.float64)
    except (ValueError, TypeError, OverflowError) as error:
        raise ParameterError("weight", "must be a table of numbers, rows of equal length") from error
    if table.ndim not in (2, 4):
        raise ParameterError("weight", f"must have two axes or four, not {table.ndim}")
    parts = whole("groups", groups)
    added = () if bias is None else tuple(number("bias", one) for one in listed("bias", bias))
    if parts == 1 and not any(added) and table.shape[:-2] in ((), (1, 1)):
        return made(id, kernel=table.reshape(table.shape[-2:]).tolist(), **steps)
    whole_table = table if table.ndim == 4 else table[None, None]
    names = {"transposed_conv": "grouped_transposed_conv", "convolution": "grouped_conv"}
    return made(names[id], weights=whole_table.tolist(), groups=parts, bias=list(added), **steps)


def _steps(stride: Any, padding: Any, dilation: Any) -> dict[str, Any]:
    return {
        "stride": _pair("stride", stride),
        "padding": _pair("padding", padding, least=0),
        "dilation": _pair("dilation", dilation),
    }


def _windows(kernel: Any, stride: Any, padding: Any) -> dict[str, Any]:
    """Windows as PyTorch allows them: padded by half of them at most."""
    size, border = _pair("kernel_size", kernel), _pair("padding", padding, least=0)
    torch_padding(size, border)
    return {"kernel": size, "stride": None if stride is None else _pair("stride", stride), "padding": border}


def _pair(name: str, value: Any, least: int = 1) -> Pair:
    """One whole number for both axes, or one for each."""
    entries = listed(name, value) if isinstance(value, (list, tuple, np.ndarray)) else [value, value]
    if len(entries) != 2:
        raise ParameterError(name, f"must be one number or two (rows, columns), not {len(entries)}")
    first, second = (whole(name, one, least=least, most=MAX_STEP) for one in entries)
    return first, second
