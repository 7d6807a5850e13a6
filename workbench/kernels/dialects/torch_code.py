"""PyTorch code for layers: what is printed runs as it stands, for an ``x`` of shape (1, C, H, W); weights stand in it.

Source: `torch.nn.functional`, PyTorch 2.13. Where a layer of ours has no word there (padding that differs at the far
side, channels of pixels in TensorFlow's order), it is said with `F.pad`, a slice or a transposition.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.dialects.arguments import made
from workbench.kernels.dialects.calls import same, spelled
from workbench.kernels.dialects.torch_layers import conv_transpose2d
from workbench.kernels.errors import WorkbenchError
from workbench.kernels.method import Method, SourceSpec
from workbench.kernels.methods.average_pool import AveragePool
from workbench.kernels.methods.average_unpool import AverageUnpool, Fill
from workbench.kernels.methods.bilinear_additive import BilinearAdditive
from workbench.kernels.methods.convolution import Convolution
from workbench.kernels.methods.down import Down
from workbench.kernels.methods.grouped_conv import GroupedConv
from workbench.kernels.methods.grouped_transposed_conv import GroupedTransposedConv
from workbench.kernels.methods.max_pool import MaxPool
from workbench.kernels.methods.max_unpool import MaxUnpool, Reading
from workbench.kernels.methods.pixel_shuffle import PixelShuffleMethod, SubKernels
from workbench.kernels.methods.pixel_unshuffle import PixelUnshuffleMethod
from workbench.kernels.methods.resize_conv import Border, Interpolation, ResizeConv
from workbench.kernels.methods.transposed_conv import TransposedConv
from workbench.kernels.methods.zero_insertion import ZeroInsertion
from workbench.kernels.operators.channels import Order
from workbench.kernels.params import Pair
from workbench.kernels.pooling import Windows, torch_unpool_size

NONE: Pair = (0, 0)
ONE: Pair = (1, 1)


def layer_code(method: Method, source: SourceSpec | None, resized: Any) -> str | None:
    """The code of a layer; None where it is none, or PyTorch cannot say it.

    Parameters
    ----------
    resized : callable
        Method and source in, the call of a resize out: for layers with a resize inside.
    """
    source = source or SourceSpec((16, 16))
    try:
        match method:
            case TransposedConv():
                return _transposed(method, source)
            case ZeroInsertion():
                padding = _less(method.stride)
                said = _steps(stride=method.stride, output_padding=padding, groups=_groups(source))
                return _lines(_planar(np.ones((1, 1)), source), _call("F.conv_transpose2d(x, w", said))
            case Convolution():
                said = _steps(stride=method.stride, dilation=method.dilation, groups=_groups(source))
                x, said = _padded("x", method.padding, method.padding_end, said)
                return _lines(_planar(method.weights(), source), _call(f"F.conv2d({x}, w", said))
            case GroupedConv() | GroupedTransposedConv():
                return _grouped(method, source)
            case MaxPool() | AveragePool():
                return _pool(method, source)
            case Down():
                return _call("F.avg_pool2d(x", {"kernel_size": _short(method.factor)})
            case MaxUnpool():
                return _unpool(method, source)
            case AverageUnpool() if method.fill is Fill.ADJOINT:
                return _spread(method, source)
            case PixelShuffleMethod():
                return _shuffle(method, source)
            case PixelUnshuffleMethod():
                return _unshuffle(method.factor, method.order)
            case ResizeConv():
                return _resized_convolution(method, source, resized)
            case BilinearAdditive():
                return _additive(method, source, resized)
    except WorkbenchError:  # this source does not suit it
        return None
    return None


def _transposed(method: TransposedConv, source: SourceSpec) -> str:
    far = method.padding_end or method.padding
    shared: Pair = (min(method.padding[0], far[0]), min(method.padding[1], far[1]))
    said = _steps(stride=method.stride, padding=shared, output_padding=method.output_padding,
                  dilation=method.dilation, groups=_groups(source))  # fmt: skip
    cut = _cut(method.padding, far, shared)
    x = "x"
    for _ in range(method.repeat):
        x = _call(f"F.conv_transpose2d({x}, w", said) + cut
    return _lines(_planar(method.weights(), source), x)


def _grouped(method: GroupedConv | GroupedTransposedConv, source: SourceSpec) -> str:
    kernels, g = method.kernels(source), method.groups
    inputs = "x, w" if method.offset is None else "x, w, b"
    bias = [] if method.offset is None else [f"b = {_tensor(method.offset)}"]
    if isinstance(method, GroupedConv):
        said = _steps(stride=method.stride, dilation=method.dilation, groups=g)
        x, said = _padded("x", method.padding, method.padding_end, said)
        return _lines(f"w = {_tensor(kernels)}", *bias, _call(f"F.conv2d({inputs.replace('x', x, 1)}", said))
    outputs, each, *kernel = kernels.shape
    table = kernels.reshape(g, outputs // g, each, *kernel).swapaxes(1, 2).reshape(g * each, outputs // g, *kernel)
    far = method.padding_end or method.padding
    shared: Pair = (min(method.padding[0], far[0]), min(method.padding[1], far[1]))
    said = _steps(stride=method.stride, padding=shared, output_padding=method.output_padding,
                  dilation=method.dilation, groups=g)  # fmt: skip
    call = _call(f"F.conv_transpose2d({inputs}", said) + _cut(method.padding, far, shared)
    return _lines(f"w = {_tensor(table)}", *bias, call)


def _pool(method: MaxPool | AveragePool, source: SourceSpec) -> str | None:
    how: Windows = method.windows
    far = how.padding_end or how.padding
    halves = all(2 * p <= k for p, k in zip(how.padding, how.kernel, strict=True))
    said: dict[str, Any] = {"kernel_size": _short(how.kernel)}
    said |= _steps(stride=how.stride) if how.stride != ONE else {"stride": 1}
    if how.stride == how.kernel:
        del said["stride"]
    name, x = "F.max_pool2d", "x"
    if isinstance(method, AveragePool):
        name = "F.avg_pool2d"
        if far != how.padding or how.dilation != ONE or not halves:
            return None if how.ceil_mode else _pool_by_sums(method, source)
        if method.divisor:
            said["divisor_override"] = method.divisor
        if not method.count_include_pad:
            said["count_include_pad"] = False
    elif far != how.padding or not halves:
        if how.ceil_mode:
            return None
        x, far = f"{_pad(x, how.padding, far)[:-1]}, value=-torch.inf)", NONE
    if far != NONE:
        said["padding"] = _short(far)
    if how.dilation != ONE:
        said["dilation"] = _short(how.dilation)
    if how.ceil_mode:
        said["ceil_mode"] = True
    return _call(f"{name}({x}", said)


def _pool_by_sums(method: AveragePool, source: SourceSpec) -> str:
    """Windows that `F.avg_pool2d` does not have: their sums, divided by what they count."""
    how: Windows = method.windows
    said = _steps(stride=how.stride, dilation=how.dilation, groups=_groups(source))
    x, said = _padded("x", how.padding, how.padding_end, said)
    sums = _call(f"F.conv2d({x}, w", said)
    ones = _planar(np.ones(how.kernel), source)
    if method.divisor or method.count_include_pad:
        return _lines(ones, f"{sums} / {method.divisor or how.kernel[0] * how.kernel[1]}")
    inside = _call(f"F.conv2d({x.replace('x', 'torch.ones_like(x)', 1)}, w", said)
    return _lines(ones, f"{sums} / {inside}")


def _unpool(method: MaxUnpool, source: SourceSpec) -> str | None:
    """Indices of one's own stand in the code; recorded ones are those of ``return_indices=True``."""
    if method.indices is not None and method.plane is not None:
        table: npt.NDArray[Any] = np.atleast_3d(np.array(method.indices)).transpose(2, 0, 1)[None]
        height, width = method.plane
        given = f"indices = torch.tensor({spelled(_nested(table))})"
        flat = f"torch.zeros(1, x.shape[1], {height} * {width}, dtype=x.dtype)"
        where = "indices.flatten(2).expand(-1, x.shape[1], -1)"
        return _lines(given, f"{flat}.scatter(2, {where}, x.flatten(2)).unflatten(2, ({height}, {width}))")
    how = source.pooling.windows if source.pooling else None
    if source.pooling is None or how is None or (how.dilation != ONE and method.reading is Reading.TORCH):
        return None
    said: dict[str, Any] = {"kernel_size": _short(how.kernel)}
    if how.stride != how.kernel:
        said["stride"] = _short(how.stride)
    if how.padding != NONE:
        said["padding"] = _short(how.padding)
    if method.reading is Reading.RECORD:
        try:
            torch_unpool_size(source.shape, how.kernel, how.stride, how.padding, source.pooling.plane)
        except WorkbenchError:
            return None
        said["output_size"] = source.pooling.plane
    return _call("F.max_unpool2d(x, indices", said)


def _spread(method: AverageUnpool, source: SourceSpec) -> str | None:
    how = method.windows
    share = 1 / (method.divisor or how.kernel[0] * how.kernel[1])
    plane = method.operator(source).out_shape
    natural = [
        (n - 1) * s - 2 * p + d * (k - 1) + 1
        for n, s, p, d, k in zip(source.shape, how.stride, how.padding, how.dilation, how.kernel, strict=True)
    ]
    extra = (plane[0] - natural[0], plane[1] - natural[1])
    words = {"stride": how.stride, "padding": how.padding, "output_padding": extra, "dilation": how.dilation}
    if min(extra) < 0 or not same(
        method, conv_transpose2d(source.shape, np.full(how.kernel, share), **words), source.shape
    ):
        return None
    said = _steps(**words, groups=_groups(source))
    return _lines(_planar(np.full(how.kernel, share), source), _call("F.conv_transpose2d(x, w", said))


def _shuffle(method: PixelShuffleMethod, source: SourceSpec) -> str:
    r, table = method.factor, method._table()
    if table is None:
        method.operator(source)
        return _shuffled("x", r, method.order)
    planar = table.ndim == 3
    groups = _groups(source) if planar else 1
    weights = table[:, None] if planar else table
    before = [(k - 1) // 2 for k in table.shape[-2:]]
    near: Pair = (before[0], before[1])
    far: Pair = (table.shape[-2] - 1 - near[0], table.shape[-1] - 1 - near[1])
    x, said = _padded("x", near, far, _steps(groups=groups))
    repeated = f".repeat({groups}, 1, 1, 1)" if groups > 1 else ""
    order = Order.CRD if planar or isinstance(method.kernels, SubKernels) else method.order
    inner = _call(f"F.conv2d({x}, w", said)
    return _lines(f"w = {_tensor(weights)}{repeated}", _shuffled(inner, r, order))


def _shuffled(x: str, r: int, order: Order) -> str:
    if order is Order.CRD:
        return f"F.pixel_shuffle({x}, {r})"
    return f"F.pixel_shuffle(\n  {x}.unflatten(1, ({r * r}, -1)).transpose(1, 2).flatten(1, 2), {r})"


def _unshuffle(r: int, order: Order) -> str:
    call = f"F.pixel_unshuffle(x, {r})"
    return call if order is Order.CRD else f"{call}.unflatten(1, (-1, {r * r})).transpose(1, 2).flatten(1, 2)"


_EXTENT = ("scale", "size", "size_rule", "factor", "keep_aspect", "copy_equal")
_RESIZES: dict[Interpolation, tuple[str, dict[str, Any]]] = {
    Interpolation.NEAREST: ("nearest", {}),
    Interpolation.BILINEAR: ("bilinear", {}),
    Interpolation.BICUBIC: ("bicubic", {"a": -0.75}),
}


def _resized_convolution(method: ResizeConv, source: SourceSpec, resized: Any) -> str | None:
    if method.interpolation not in _RESIZES:
        return None
    id, fields = _RESIZES[method.interpolation]
    extent = {
        name: getattr(method, name) for name in ("scale", "size", "size_rule", "factor", "keep_aspect", "copy_equal")
    }
    call = resized(made(id, **fields, **extent), source)
    if call is None:
        return None
    kernel = method.weights()
    reach: Pair = ((kernel.shape[0] - 1) // 2, (kernel.shape[1] - 1) // 2)
    u, said = "u", _steps(groups=_groups(source))
    if method.border is Border.REPLICATE and reach != NONE:
        u = f'{_pad(u, reach, reach)[:-1]}, mode="replicate")'
    elif reach != NONE:
        said["padding"] = _short(reach)
    return _lines(_planar(kernel, source), f"u = {call}", _call(f"F.conv2d({u}, w", said))


def _additive(method: BilinearAdditive, source: SourceSpec, resized: Any) -> str | None:
    fields = {name: value for name, value in method.to_dict().items() if name not in ("method", "group")}
    call = resized(made("bilinear", **fields), source)
    return None if call is None else _lines(f"x = x.unflatten(1, (-1, {method.group})).mean(2)", str(call))


# Words


def _planar(table: npt.NDArray[Any], source: SourceSpec) -> str:
    """One kernel for every channel."""
    many = _groups(source)
    return f"w = {_tensor(table)}[None, None]" + (f".repeat({many}, 1, 1, 1)" if many > 1 else "")


def _groups(source: SourceSpec) -> int:
    return source.channels or 1


def _tensor(table: npt.NDArray[Any]) -> str:
    return f"torch.tensor({spelled(_nested(table))}, dtype=x.dtype)"


def _nested(table: npt.NDArray[Any]) -> Any:
    return table.tolist()


def _steps(**pairs: Any) -> dict[str, Any]:
    """What differs from PyTorch's defaults."""
    usual = {"stride": ONE, "dilation": ONE, "padding": NONE, "output_padding": NONE, "groups": 1}
    return {name: _short(value) for name, value in pairs.items() if value != usual[name]}


def _short(value: Any) -> Any:
    return value[0] if isinstance(value, tuple) and value[0] == value[1] else value


def _padded(x: str, near: Pair, far: Pair | None, said: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """An image with zeros around it: as an argument where both sides have as many."""
    if far in (None, near):
        return x, dict(said) | ({} if near == NONE else {"padding": _short(near)})
    assert far is not None
    return _pad(x, near, far), dict(said)


def _pad(x: str, near: Pair, far: Pair) -> str:
    return f"F.pad({x}, ({near[1]}, {far[1]}, {near[0]}, {far[0]}))"


def _cut(near: Pair, far: Pair, shared: Pair) -> str:
    """A slice that takes what is cropped more on one side."""
    if near == far:
        return ""
    parts = [f"{n - s or ''}:{-(f - s) or ''}" for n, f, s in zip(near, far, shared, strict=True)]
    return f"[:, :, {parts[0]}, {parts[1]}]"


def _less(stride: Pair) -> Pair:
    return stride[0] - 1, stride[1] - 1


def _call(opening: str, said: Mapping[str, Any]) -> str:
    return ",\n  ".join([opening, *(f"{name}={spelled(value)}" for name, value in said.items())]) + ")"


def _lines(*parts: str) -> str:
    return "\n".join(parts)
