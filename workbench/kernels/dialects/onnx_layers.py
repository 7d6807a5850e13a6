"""ONNX's words for layers and pools: Conv, ConvTranspose, MaxPool, AveragePool, MaxUnpool, DepthToSpace, SpaceToDepth.

Source: the ONNX operator specification, opset 22 (28 for SpaceToDepth). Where its reference evaluator raises or leaves
the plane, ONNX Runtime is followed: an ``output_shape`` below the natural one crops its larger half at the start.

Convention
    ONNX tensors are (n, c, h, w), images here (h, w, c). ``pads`` are ``[top, left, bottom, right]``. An ONNX index
    counts over the whole tensor, ``(n·C + c)·H·W + y·W + x``, or ``… + x·H + y`` with ``storage_order`` 1; ours within
    one plane, row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Shape
from workbench.kernels.dialects.arguments import chosen, flag, listed, made, whole
from workbench.kernels.errors import ParameterError
from workbench.kernels.method import Method
from workbench.kernels.params import Pair

Ints = npt.NDArray[np.int64]

PADS = ("NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID")
ORDERS = {"DCR": "dcr", "CRD": "crd"}


def node(op_type: str, shape: Any, attributes: Mapping[str, Any] | None = None, **inputs: Any) -> Method:
    """What a layer or pool of an ONNX graph does to an image of this shape.

    Parameters
    ----------
    op_type : str
        One of `OPERATORS`.
    shape : (…, int, int)
        Shape of the input; the last two axes are rows and columns.
    attributes : dict
        By their ONNX names; those left out take ONNX's defaults.
    **inputs
        ``weight`` and ``bias`` of a Conv (C_out, C_in ÷ group, kH, kW) or a ConvTranspose (C_in, C_out ÷ group, kH,
        kW); ``indices`` (…, h, w) of one image and ``output_shape`` of a MaxUnpool.

    Raises
    ------
    ParameterError
        Where ONNX refuses the node.
    """
    read, attribute_names, input_names = _READ[op_type]
    given = dict(attributes or {})
    for found, names in ((given, attribute_names), (inputs, input_names)):
        for name in found:
            if name not in names:
                raise ParameterError(
                    str(name), f"is nothing that {op_type} has, which has: {', '.join(names) or 'none'}"
                )
    entries = [whole("shape", one) for one in listed("shape", shape)]
    if len(entries) < 2:
        raise ParameterError("shape", f"must have rows and columns, not {len(entries)} axis")
    return read((entries[-2], entries[-1]), given, **inputs)


def convolution(shape: Shape, attributes: Mapping[str, Any], weight: Any = None, bias: Any = None) -> Method:
    """What a ``Conv`` node does; one plane to one plane without bias is our plain convolution."""
    weights = _weights(weight)
    kernel = _pair(attributes, "kernel_shape", weights.shape[-2:])
    if kernel != weights.shape[-2:]:
        raise ParameterError("kernel_shape", f"must be that of the weights, {weights.shape[-2:]}, not {kernel}")
    stride, dilation = _pair(attributes, "strides", (1, 1)), _pair(attributes, "dilations", (1, 1))
    near, far = _padding(shape, attributes, kernel, stride, dilation)
    end = None if near == far else far
    fields = {"stride": stride, "dilation": dilation, "padding": near, "padding_end": end}
    groups = whole("group", attributes.get("group", 1))
    numbers = None if bias is None else listed("bias", bias)
    if weights.ndim == 2 or (weights.shape[:2] == (1, 1) and not numbers and groups == 1):
        return made("convolution", kernel=weights.reshape(kernel).tolist(), **fields)
    return made("grouped_conv", weights=weights.tolist(), groups=groups, bias=numbers, **fields)


def conv_transpose(shape: Shape, attributes: Mapping[str, Any], weight: Any = None, bias: Any = None) -> Method:
    """What a ``ConvTranspose`` node does; one plane to one plane without bias is our plain transposed convolution."""
    weights = _weights(weight)
    kernel = _pair(attributes, "kernel_shape", weights.shape[-2:])
    if kernel != weights.shape[-2:]:
        raise ParameterError("kernel_shape", f"must be that of the weights, {weights.shape[-2:]}, not {kernel}")
    stride, dilation = _pair(attributes, "strides", (1, 1)), _pair(attributes, "dilations", (1, 1))
    extra = _pair(attributes, "output_padding", (0, 0), least=0)
    auto, (near, far) = _pads(attributes)
    target = attributes.get("output_shape")
    if target is not None:
        rows, cols = (whole("output_shape", one) for one in listed("output_shape", target)[-2:])
        target = (rows, cols)
    elif auto in ("SAME_UPPER", "SAME_LOWER"):
        target = (shape[0] * stride[0], shape[1] * stride[1])
    if target is not None:
        natural = [
            (n - 1) * s + d * (k - 1) + 1 + op
            for n, s, d, k, op in zip(shape, stride, dilation, kernel, extra, strict=True)
        ]
        totals = [max(0, m - wanted) for m, wanted in zip(natural, target, strict=True)]
        near, far = _halves(totals, smaller_first=auto == "SAME_UPPER")
        for wanted, m, op, s, d in zip(target, natural, extra, stride, dilation, strict=True):
            if wanted - m + op >= max(s, d) and wanted > m:
                rule = f"must be below {m - op + max(s, d)}, which the stamps and a step reach, not {wanted}"
                raise ParameterError("output_shape", rule)
        extra = _two(op + max(0, wanted - m) for op, m, wanted in zip(extra, natural, target, strict=True))
    fields = {
        "stride": stride,
        "dilation": dilation,
        "padding": near,
        "padding_end": None if near == far else far,
        "output_padding": extra,
    }
    groups = whole("group", attributes.get("group", 1))
    numbers = None if bias is None else listed("bias", bias)
    if weights.ndim == 2 or (weights.shape[:2] == (1, 1) and not numbers and groups == 1):
        return made("transposed_conv", kernel=weights.reshape(kernel).tolist(), **fields)
    return made("grouped_transposed_conv", weights=weights.tolist(), groups=groups, bias=numbers, **fields)


def max_pool(shape: Shape, attributes: Mapping[str, Any]) -> Method:
    """What a ``MaxPool`` node does; for its second output see `indices_to_onnx`."""
    whole("storage_order", attributes.get("storage_order", 0), least=0, most=1)
    return made("max_pool", **_windows(shape, attributes))


def average_pool(shape: Shape, attributes: Mapping[str, Any]) -> Method:
    """What an ``AveragePool`` node does: padding does not count in the divisor unless it is told to."""
    counted = flag("count_include_pad", attributes.get("count_include_pad", 0))
    return made("average_pool", count_include_pad=counted, **_windows(shape, attributes))


def max_unpool(shape: Shape, attributes: Mapping[str, Any], indices: Any = None, output_shape: Any = None) -> Method:
    """What a ``MaxUnpool`` node does.

    The indices count in the plane that kernel, strides and pads give; a larger ``output_shape`` continues that plane to
    the right and below, as in the reference.
    """
    kernel, stride = _pair(attributes, "kernel_shape"), _pair(attributes, "strides", (1, 1))
    _, (near, far) = _pads(attributes)
    inferred = _two((n - 1) * s + k - p - q for n, s, k, p, q in zip(shape, stride, kernel, near, far, strict=True))
    if min(inferred) < 1:
        raise ParameterError("pads", f"must leave a pixel of the plane, which would be {inferred[0]}×{inferred[1]}")
    if indices is None:
        raise ParameterError("indices", "must be given: the second input of the node")
    found = indices_from_onnx(indices, inferred)
    plane = inferred
    if output_shape is not None:
        rows, cols = (whole("output_shape", one) for one in listed("output_shape", output_shape)[-2:])
        y, x = np.divmod(found, inferred[1])
        if (y >= rows).any() or (x >= cols).any():
            rule = f"must hold every index of the {inferred[0]}×{inferred[1]} plane, not {rows}×{cols}"
            raise ParameterError("output_shape", rule)
        found, plane = y * cols + x, (rows, cols)
    return made("max_unpool", indices=found.tolist(), plane=plane)


def depth_to_space(shape: Shape, attributes: Mapping[str, Any]) -> Method:
    """What a ``DepthToSpace`` node does; its default is the order of TensorFlow, not of PyTorch."""
    factor = whole("blocksize", attributes.get("blocksize"))
    order = chosen("mode", attributes.get("mode", "DCR"), ORDERS)
    return made("pixel_shuffle", factor=factor, kernels="none", order=order)


def space_to_depth(shape: Shape, attributes: Mapping[str, Any]) -> Method:
    """What a ``SpaceToDepth`` node does."""
    factor = whole("blocksize", attributes.get("blocksize"))
    order = chosen("mode", attributes.get("mode", "DCR"), ORDERS)
    return made("pixel_unshuffle", factor=factor, order=order)


def indices_from_onnx(indices: Any, plane: Shape, storage_order: int = 0) -> Ints:
    """Indices of one image, (h, w) or (…, c, h, w) as ONNX counts them, as ours: (h, w), or (h, w, c) in their planes.

    Parameters
    ----------
    indices : array
    plane : (int, int)
        The plane they count in.
    storage_order : int
        1 if they run down the columns.

    Raises
    ------
    ParameterError
        If they are no whole numbers, or of several images.
    """
    array = np.asarray(indices)
    if (
        array.dtype.kind not in "iu"
        or array.ndim < 2
        or (array.ndim > 3 and array.shape[:-3] != (1,) * (array.ndim - 3))
    ):
        rule = f"must be whole numbers (channels, rows, columns) of one image, not {array.dtype} {array.shape}"
        raise ParameterError("indices", rule)
    # Negative ones stay as they are: the record refuses them.
    flat = np.where(array < 0, array, array % (plane[0] * plane[1])).astype(np.int64)
    if storage_order:
        flat = np.where(flat < 0, flat, flat % plane[0] * plane[1] + flat // plane[0])
    if flat.ndim == 2:
        return flat
    channels, rows, cols = flat.shape[-3:]
    deep = flat.reshape(channels, rows, cols).transpose(1, 2, 0)
    return deep.reshape(rows, cols) if channels == 1 else deep


def indices_to_onnx(
    indices: npt.NDArray[np.integer[Any]], plane: Shape, storage_order: int = 0, image: int = 0
) -> Ints:
    """Recorded indices, (h, w) or (h, w, c), as ONNX counts them: (c, h, w).

    Parameters
    ----------
    indices : int array
    plane : (int, int)
        The plane that was pooled.
    storage_order : int
        1 to run down the columns.
    image : int
        Number of the image in its batch.
    """
    deep: Ints = np.atleast_3d(indices).transpose(2, 0, 1).astype(np.int64)
    if storage_order:
        deep = deep % plane[1] * plane[0] + deep // plane[1]
    channels = len(deep)
    planes = (image * channels + np.arange(channels)) * plane[0] * plane[1]
    return deep + planes[:, None, None]


def _windows(shape: Shape, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """How a pool lays its windows, in our fields."""
    kernel = _pair(attributes, "kernel_shape")
    stride, dilation = _pair(attributes, "strides", (1, 1)), _pair(attributes, "dilations", (1, 1))
    near, far = _padding(shape, attributes, kernel, stride, dilation)
    same = attributes.get("auto_pad", "NOTSET") in ("SAME_UPPER", "SAME_LOWER")
    ceil = flag("ceil_mode", attributes.get("ceil_mode", 0)) and not same
    return {
        "kernel": kernel,
        "stride": stride,
        "padding": near,
        "padding_end": far if max(*near, *far) else None,
        "dilation": dilation,
        "ceil_mode": ceil,
    }


def _padding(
    shape: Shape, attributes: Mapping[str, Any], kernel: Pair, stride: Pair, dilation: Pair
) -> tuple[Pair, Pair]:
    """Zeros before and after of windows that slide: as given, or as many as ``SAME`` asks for."""
    auto, (near, far) = _pads(attributes)
    if auto not in ("SAME_UPPER", "SAME_LOWER"):
        return near, far
    totals = [
        max(0, (-(-n // s) - 1) * s + d * (k - 1) + 1 - n)
        for n, s, d, k in zip(shape, stride, dilation, kernel, strict=True)
    ]
    return _halves(totals, smaller_first=auto == "SAME_UPPER")


def _halves(totals: list[int], *, smaller_first: bool) -> tuple[Pair, Pair]:
    """Padding before and after, of sums that need not be even."""
    small, large = _two(total // 2 for total in totals), _two(total - total // 2 for total in totals)
    return (small, large) if smaller_first else (large, small)


def _two(values: Any) -> Pair:
    first, second = values
    return first, second


def _pair(attributes: Mapping[str, Any], name: str, default: tuple[int, ...] | None = None, *, least: int = 1) -> Pair:
    """An attribute with one number for each axis of the image."""
    value = attributes.get(name, default)
    if value is None:
        raise ParameterError(name, "must be given: rows and columns")
    entries = listed(name, value)
    if len(entries) != 2:
        raise ParameterError(name, f"must have two entries, rows and columns, not {len(entries)}")
    return _two(whole(name, one, least=least) for one in entries)


def _pads(attributes: Mapping[str, Any]) -> tuple[str, tuple[Pair, Pair]]:
    """``auto_pad``, and the pads that are given beside it: before and after."""
    auto = chosen("auto_pad", attributes.get("auto_pad", "NOTSET"), {name: name for name in PADS})
    entries = [whole("pads", one, least=0) for one in listed("pads", attributes.get("pads", [0, 0, 0, 0]))]
    if len(entries) != 4:
        raise ParameterError("pads", f"must have four entries, top, left, bottom and right, not {len(entries)}")
    if auto != "NOTSET" and any(entries):
        raise ParameterError("pads", f"must be left out with auto_pad {auto}")
    return auto, ((entries[0], entries[1]), (entries[2], entries[3]))


def _weights(weight: Any) -> npt.NDArray[np.float64]:
    if weight is None:
        raise ParameterError("weight", "must be given: the second input of the node")
    try:
        array = np.asarray(weight, np.float64)
    except (ValueError, TypeError, OverflowError) as error:
        raise ParameterError("weight", "must be a table (C_in, C_out ÷ group, rows, columns) of numbers") from error
    if array.ndim not in (2, 4):
        rule = f"must be a table (C_in, C_out ÷ group, rows, columns), not of shape {array.shape}"
        raise ParameterError("weight", rule)
    return array


_SLIDING = ("auto_pad", "dilations", "kernel_shape", "pads", "strides")
_POOL = (*_SLIDING, "ceil_mode")
_LAYER = ("auto_pad", "dilations", "group", "kernel_shape", "output_padding", "output_shape", "pads", "strides")
_READ: dict[str, tuple[Callable[..., Method], tuple[str, ...], tuple[str, ...]]] = {
    "Conv": (convolution, (*_SLIDING, "group"), ("weight", "bias")),
    "ConvTranspose": (conv_transpose, _LAYER, ("weight", "bias")),
    "MaxPool": (max_pool, (*_POOL, "storage_order"), ()),
    "AveragePool": (average_pool, (*_POOL, "count_include_pad"), ()),
    "MaxUnpool": (max_unpool, ("kernel_shape", "pads", "strides"), ("indices", "output_shape")),
    "DepthToSpace": (depth_to_space, ("blocksize", "mode"), ()),
    "SpaceToDepth": (space_to_depth, ("blocksize", "mode"), ()),
}
OPERATORS = tuple(_READ)
