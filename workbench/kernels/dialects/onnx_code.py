"""ONNX nodes for layers and pools, to be copied: read back by `onnx_layers`, with the arrays they speak of.

Convention
    ``x`` is (1, C, H, W). A node speaks of ``w`` (of a bias ``b``, of recorded ``indices``); `runnable` defines them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.dialects.calls import spelled
from workbench.kernels.errors import WorkbenchError
from workbench.kernels.method import Method, SourceSpec
from workbench.kernels.pooling import PoolingRecord, Windows


def runnable(method: Method, source: SourceSpec | None = None) -> str | None:
    """The node, after lines that define the arrays it takes; None where it is none of ONNX's layers."""
    node = code(method, source)
    if node is None or not hasattr(method, "weights"):
        return node
    source = source or SourceSpec((16, 16))
    try:
        weights, bias, groups = _arrays(method, source)
    except WorkbenchError:  # this source does not suit it
        return None
    if groups > 1 and "group=" not in node:
        node = node.replace('["y"]', f'["y"],\n  group={groups}', 1)
    lines = [f"w = {_array(weights)}"] + ([] if bias is None else [f"b = {_array(bias)}"])
    return "\n".join([*lines, node])


def _arrays(method: Any, source: SourceSpec) -> tuple[npt.NDArray[Any], npt.NDArray[Any] | None, int]:
    """Weights as ONNX has them, the bias, and the groups."""
    if not hasattr(method, "kernels"):
        count = source.channels or 1
        return np.broadcast_to(method.weights(), (count, 1, *method.weights().shape)), None, count
    kernels, g = method.kernels(source), method.groups
    if method.inputs_first:
        outputs, each, *kernel = kernels.shape
        kernels = kernels.reshape(g, outputs // g, each, *kernel).swapaxes(1, 2)
        kernels = kernels.reshape(g * each, outputs // g, *kernel)
    return kernels, method.offset, g


def _array(table: npt.NDArray[Any]) -> str:
    return f"np.array({spelled(table.tolist())}, np.float32)"


def code(method: Method, source: SourceSpec | None = None) -> str | None:
    """The equivalent node for an ``x`` of shape (1, C, H, W), or None where it is none of them.

    It speaks of ``w`` (C_in, C_out ÷ group, kH, kW), of a bias ``b``, and of recorded ``indices``.
    """
    fields = method.to_dict()
    match fields["method"]:
        case "transposed_conv" if fields["repeat"] == 1:
            return _spoken("ConvTranspose", ["x", "w"], _layer_words(method))
        case "grouped_transposed_conv":
            inputs = ["x", "w", "b"] if fields["bias"] else ["x", "w"]
            return _spoken("ConvTranspose", inputs, {"group": fields["groups"]} | _layer_words(method))
        case "convolution":
            return _spoken("Conv", ["x", "w"], _slide_words(method))
        case "grouped_conv":
            inputs = ["x", "w", "b"] if fields["bias"] else ["x", "w"]
            return _spoken("Conv", inputs, {"group": fields["groups"]} | _slide_words(method))
        case "max_pool":
            return _spoken("MaxPool", ["x"], _pool_words(method))
        case "average_pool" if not fields["divisor"]:
            counted = {"count_include_pad": int(fields["count_include_pad"])}
            return _spoken("AveragePool", ["x"], _pool_words(method) | counted)
        case "max_unpool" if fields["indices"] is None and source and source.pooling:
            return _unpool_code(source.pooling)
        case "pixel_shuffle" if fields["kernels"] == "none":
            words = {"blocksize": fields["factor"], "mode": fields["order"].upper()}
            return _spoken("DepthToSpace", ["x"], words)
        case "pixel_unshuffle":
            words = {"blocksize": fields["factor"], "mode": fields["order"].upper()}
            return _spoken("SpaceToDepth", ["x"], words)
    return None


_SILENT = {"strides": (1, 1), "dilations": (1, 1), "pads": (0, 0, 0, 0), "output_padding": (0, 0), "group": 1}
_SILENT |= {"ceil_mode": 0, "count_include_pad": 0, "mode": "DCR"}
"""Attributes that go without saying."""


def _spoken(op_type: str, inputs: list[str], words: Mapping[str, Any]) -> str:
    said = [f"{name}={spelled(value)}" for name, value in words.items() if _SILENT.get(name) != value]
    given = ", ".join(f'"{name}"' for name in inputs)
    return ",\n  ".join([f'helper.make_node("{op_type}", [{given}], ["y"]', *said]) + ")"


def _slide_words(method: Any) -> dict[str, Any]:
    pads = (*method.padding, *(method.padding_end or method.padding))
    return {"strides": method.stride, "dilations": method.dilation, "pads": pads}


def _layer_words(method: Any) -> dict[str, Any]:
    return _slide_words(method) | {"output_padding": method.output_padding}


def _pool_words(method: Any) -> dict[str, Any]:
    how: Windows = method.windows
    pads = (*how.padding, *(how.padding_end or how.padding))
    words = {"kernel_shape": how.kernel, "strides": how.stride, "dilations": how.dilation, "pads": pads}
    return words | {"ceil_mode": int(how.ceil_mode)}


def _unpool_code(record: PoolingRecord) -> str | None:
    """A node without ``output_shape``, on which ONNX's reference and its runtime disagree."""
    how = record.windows
    if how is None:
        return None
    near, far = how.padding, how.padding_end or how.padding
    sizes = zip(record.shape, how.stride, how.kernel, near, far, strict=True)
    if tuple((n - 1) * s + k - p - q for n, s, k, p, q in sizes) != record.plane:
        return None
    words = {"kernel_shape": how.kernel, "strides": how.stride, "pads": (*near, *far)}
    return _spoken("MaxUnpool", ["x", "indices"], words)
