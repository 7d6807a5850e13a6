"""Weights between channels: four-dimensional tables, presets that suit any source, and what such layers share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.errors import ParameterError
from workbench.kernels.method import Hint, Method, SourceSpec
from workbench.kernels.params import Kind, Pair, Param
from workbench.kernels.weights import (
    MAX_KERNEL,
    Dilation,
    Padding,
    PaddingEnd,
    Stride,
    pair_text,
    triangle,
)

Numbers = tuple[float, ...]
Nested = tuple[Any, ...]
Floats = npt.NDArray[np.float64]

MAX_CHANNELS = 1024
MAX_WEIGHTS = 1 << 18


class ChannelPreset(Enum):
    """Weights by name."""

    BILINEAR = "bilinear"
    ONES = "ones"
    RANDOM = "random"


def load_weights(path: str | Path, name: str) -> Any:
    """What a ``.npy`` file holds, as nested lists.

    Raises
    ------
    ParameterError
        If the file cannot be read, or holds no table of numbers.
    """
    try:
        array = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ParameterError(name, f"{Path(path).name} cannot be read as a NumPy array: {error}") from error
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "iufb":
        raise ParameterError(name, f"{Path(path).name} must hold one array of numbers")
    return array.tolist()


def as_weights(value: Any, name: str, axes: tuple[str, ...], ndims: tuple[int, ...]) -> Nested:
    """A table of finite numbers with one of these numbers of axes, from nested lists.

    Raises
    ------
    ParameterError
        If it is none, or too large.
    """
    shape_text = f"a table ({', '.join(axes)})"
    try:
        array = np.asarray(value, np.float64)
    except (ValueError, TypeError, OverflowError) as error:
        raise ParameterError(name, f"must be {shape_text} that holds numbers") from error
    if array.ndim not in ndims or array.size == 0:
        raise ParameterError(name, f"must be {shape_text}, not of shape {array.shape}")
    if max(array.shape[-2:]) > MAX_KERNEL or max(array.shape[:-2]) > MAX_CHANNELS or array.size > MAX_WEIGHTS:
        limits = f"{MAX_CHANNELS} channels, {MAX_KERNEL}×{MAX_KERNEL} pixels and {MAX_WEIGHTS} weights"
        raise ParameterError(name, f"must hold at most {limits}, not {array.shape}")
    if not np.isfinite(array).all():
        raise ParameterError(name, "must hold finite numbers only")
    return nested(array)


def nested(array: npt.NDArray[Any]) -> Nested:
    """An array as tuples of tuples, which can be compared and hashed."""

    def frozen(value: Any) -> Any:
        return tuple(frozen(one) for one in value) if isinstance(value, list) else value

    made: Nested = frozen(array.tolist())
    return made


def _plain(value: Any) -> Any:
    """Nested lists, whole numbers without a point."""
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return int(value) if float(value).is_integer() else value


@dataclass(frozen=True, slots=True)
class WeightsKind(Kind):
    """A preset by its name, nested lists of numbers, or the path of a ``.npy`` file."""

    presets: type[Enum]
    axes: tuple[str, ...]
    ndims: tuple[int, ...]

    def coerce(self, value: Any, name: str, param: Param) -> Enum | Nested:
        if isinstance(value, self.presets):
            return value
        if isinstance(value, str):
            if value.endswith(".npy"):
                return as_weights(load_weights(value, name), name, self.axes, self.ndims)
            for preset in self.presets:
                if value.lower() == preset.value:
                    return preset
            choices = ", ".join(str(preset.value) for preset in self.presets)
            raise ParameterError(name, f"must be one of {choices}, a table or a .npy file, not {value!r}")
        return as_weights(value, name, self.axes, self.ndims)

    def to_data(self, value: Any) -> Any:
        return value.value if isinstance(value, Enum) else _plain(value)

    def text(self, value: Any) -> str:
        data = self.to_data(value)
        return data if isinstance(data, str) else json.dumps(data, separators=(",", ":"))


class NumbersKind(Kind):
    """A list of finite numbers; empty for none."""

    def coerce(self, value: Any, name: str, param: Param) -> Numbers:
        if value is None or value in ("", "none"):
            return ()
        if isinstance(value, (list, tuple)) and not value:
            return ()
        try:
            array = np.asarray(value, np.float64)
        except (ValueError, TypeError, OverflowError) as error:
            raise ParameterError(name, f"must be a list of numbers, not {value!r}") from error
        if array.ndim != 1 or not np.isfinite(array).all() or array.size > MAX_CHANNELS:
            raise ParameterError(name, f"must be a list of finite numbers, at most {MAX_CHANNELS}, not {value!r}")
        return tuple(array.tolist())

    def to_data(self, value: Numbers) -> Any:
        return _plain(value)

    def text(self, value: Numbers) -> str:
        return json.dumps(_plain(value), separators=(",", ":")) if value else "none"


@dataclass(frozen=True)
class ChannelMethod(Method):
    """A layer in which the channels of a group meet."""

    weights: Annotated[
        ChannelPreset | Nested,
        Param("Weights", help="By name, or a table (C_in, C_out ÷ groups, rows, columns), also from a .npy file."),
        WeightsKind(ChannelPreset, ("C_in", "C_out ÷ groups", "rows", "columns"), (4,)),
    ] = ChannelPreset.BILINEAR
    kernel_size: Annotated[
        Pair, Param("Kernel size", unit="px", ge=1, le=MAX_KERNEL, help="Rows x columns of weights given by name.")
    ] = (3, 3)
    channels: Annotated[
        int,
        Param("Channels out", ge=0, le=MAX_CHANNELS, help="Of weights given by name; 0: as many as come in."),
    ] = 0
    seed: Annotated[int, Param("Seed", ge=0, le=2**31 - 1, help="Random: standard normal ÷ √inputs.")] = 0
    groups: Annotated[
        int, Param("Groups", ge=1, le=MAX_CHANNELS, help="Channels meet only inside their group; C: each by itself.")
    ] = 1
    bias: Annotated[
        Numbers, Param("Bias", help="One number for each channel out, added after A: y = A x + b."), NumbersKind()
    ] = ()
    stride: Stride = (2, 2)
    padding: Padding = (0, 0)
    padding_end: PaddingEnd = None
    dilation: Dilation = (1, 1)

    inputs_first = True
    """Whether the table's first axis is C_in (as in a transposed convolution) or C_out."""

    def kernels(self, source: SourceSpec) -> Floats:
        """The weights as (C_out, C_in ÷ groups, kh, kw), for the channels of this source.

        Raises
        ------
        ParameterError
            If channels, groups and weights do not fit.
        """
        g = self.groups
        table = self._preset(source) if isinstance(self.weights, ChannelPreset) else np.array(self.weights)
        if table.shape[0] % g:
            raise ParameterError("groups", f"must divide {table.shape[0]} channels, not be {g}")
        sides = (table.shape[0], table.shape[1] * g)
        inputs, outputs = sides if self.inputs_first else sides[::-1]
        if source.channels is not None and inputs != source.channels:
            raise ParameterError("weights", f"must be for the {source.channels} channels of the source, not {inputs}")
        if self.bias and len(self.bias) != outputs:
            raise ParameterError("bias", f"must be one number for each of {outputs} channels out, not {len(self.bias)}")
        if not self.inputs_first:
            return table
        each = (inputs // g, outputs // g)
        kernel = table.shape[2:]
        # (g, in, out, kh, kw) → (g, out, in, kh, kw): each group's block is turned around.
        return table.reshape(g, *each, *kernel).swapaxes(1, 2).reshape(outputs, each[0], *kernel)

    def _preset(self, source: SourceSpec) -> Floats:
        inputs = source.channels or self.groups
        outputs = self.channels or inputs
        if inputs % self.groups or outputs % self.groups:
            raise ParameterError("groups", f"must divide {inputs} channels in and {outputs} out, not be {self.groups}")
        summed = inputs // self.groups
        channels = (inputs, outputs // self.groups) if self.inputs_first else (outputs, summed)
        match self.weights:
            case ChannelPreset.BILINEAR:
                kernel = np.multiply.outer(*(triangle(s) for s in self.stride)) / summed
                return np.broadcast_to(kernel, (*channels, *kernel.shape)).copy()
            case ChannelPreset.ONES:
                return np.ones((*channels, *self.kernel_size))
            case _:
                noise = np.random.default_rng(self.seed).standard_normal((*channels, *self.kernel_size))
                return np.asarray(noise / np.sqrt(summed * self.kernel_size[0] * self.kernel_size[1]))

    @property
    def offset(self) -> Floats | None:
        """The bias as numbers; None if there is none."""
        return np.array(self.bias) if self.bias else None

    def size_text(self) -> str:
        """``"k3 s2"``, and the groups if there are several."""
        if not isinstance(self.weights, ChannelPreset):
            shape = np.array(self.weights).shape
            kernel = (shape[2], shape[3])
        elif self.weights is ChannelPreset.BILINEAR:
            kernel = (2 * self.stride[0] - self.stride[0] % 2, 2 * self.stride[1] - self.stride[1] % 2)
        else:
            kernel = self.kernel_size
        groups = f" g{self.groups}" if self.groups > 1 else ""
        return f"k{pair_text(kernel)} s{pair_text(self.stride)}{groups}"

    def weights_text(self) -> str:
        """``"bilinear"``, ``"own weights"``."""
        return self.weights.value if isinstance(self.weights, ChannelPreset) else "own weights"

    def hints(self, source: SourceSpec | None) -> Mapping[str, Hint]:
        named = isinstance(self.weights, ChannelPreset)
        return {
            "kernel_size": Hint(visible=named and self.weights is not ChannelPreset.BILINEAR),
            "channels": Hint(visible=named),
            "seed": Hint(visible=self.weights is ChannelPreset.RANDOM),
        }
