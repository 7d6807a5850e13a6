"""Kernel weights of convolutions: named presets, a table typed in, or a ``.npy`` file; and what such methods share."""

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
from workbench.kernels.params import Kind, Pair, Param, Size

MAX_KERNEL = 64
Table = tuple[tuple[float, ...], ...]


class KernelPreset(Enum):
    """Weights by name."""

    ONES = "ones"
    BILINEAR = "bilinear"
    GAUSSIAN = "gaussian"
    ARTICLE = "article"
    RANDOM = "random"


ARTICLE_KERNEL: Table = ((1.0, 4.0, 1.0), (1.0, 4.0, 3.0), (3.0, 3.0, 1.0))
"""The K of the article's worked example."""


def load_table(path: str | Path) -> Table:
    """A kernel from a ``.npy`` file.

    Raises
    ------
    ParameterError
        If the file cannot be read, or holds no two-dimensional table of finite numbers.
    """
    name = Path(path).name
    try:
        array = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ParameterError("kernel", f"{name} cannot be read as a NumPy array: {error}") from error
    if not isinstance(array, np.ndarray) or array.ndim != 2:
        shape = getattr(array, "shape", None)
        raise ParameterError("kernel", f"{name} must hold a table (rows, columns), not an array of shape {shape}")
    return as_table(array.tolist(), "kernel")


def as_table(value: Any, name: str) -> Table:
    """A table of finite numbers from nested lists.

    Raises
    ------
    ParameterError
        If rows differ in length, the table is empty or too large, or an entry is no finite number.
    """
    try:
        array = np.asarray(value, np.float64)
    except (ValueError, TypeError, OverflowError) as error:
        raise ParameterError(name, "must be a table: rows of equal length that hold numbers") from error
    if array.ndim != 2 or array.size == 0:
        raise ParameterError(name, f"must be a table (rows, columns), not of shape {array.shape}")
    if max(array.shape) > MAX_KERNEL:
        raise ParameterError(name, f"must be at most {MAX_KERNEL}×{MAX_KERNEL}, not {array.shape[0]}×{array.shape[1]}")
    if not np.isfinite(array).all():
        raise ParameterError(name, "must hold finite numbers only")
    return tuple(tuple(row) for row in array.tolist())


@dataclass(frozen=True, slots=True)
class KernelKind(Kind):
    """A preset by its name, a table of numbers, n for n × n ones, or the path of a ``.npy`` file."""

    def coerce(self, value: Any, name: str, param: Param) -> KernelPreset | Table:
        if isinstance(value, KernelPreset):
            return value
        if isinstance(value, str):
            if value.endswith(".npy"):
                return load_table(value)
            for preset in KernelPreset:
                if value.lower() == preset.value:
                    return preset
            choices = ", ".join(preset.value for preset in KernelPreset)
            raise ParameterError(name, f"must be one of {choices}, a table or a .npy file, not {value!r}")
        if isinstance(value, int) and not isinstance(value, bool):
            if not 1 <= value <= MAX_KERNEL:
                raise ParameterError(name, f"must be between 1 and {MAX_KERNEL} pixels wide, not {value}")
            return as_table(np.ones((value, value)).tolist(), name)
        return as_table(value, name)

    def to_data(self, value: KernelPreset | Table) -> Any:
        if isinstance(value, KernelPreset):
            return value.value
        return [[int(one) if one.is_integer() else one for one in row] for row in value]

    def text(self, value: KernelPreset | Table) -> str:
        data = self.to_data(value)
        return data if isinstance(data, str) else json.dumps(data, separators=(",", ":"))


_PRESET_NAMES = {
    KernelPreset.ONES: "ones",
    KernelPreset.BILINEAR: "bilinear",
    KernelPreset.GAUSSIAN: "Gauss",
    KernelPreset.ARTICLE: "the article's K",
    KernelPreset.RANDOM: "random",
}


@dataclass(frozen=True)
class WeightedMethod(Method):
    """A method with a two-dimensional kernel."""

    kernel: Annotated[
        KernelPreset | Table,
        Param("Kernel", help="Weights by name, as a table, or from a .npy file; cross-correlation, no flip."),
        KernelKind(),
    ] = KernelPreset.ONES
    kernel_size: Annotated[
        Pair,
        Param("Kernel size", unit="px", ge=1, le=MAX_KERNEL, help="Rows x columns of a kernel given by name."),
    ] = (3, 3)
    sigma: Annotated[
        float,
        Param(
            "σ",
            unit="px",
            ge=0.05,
            le=16,
            step=0.1,
            help="Gaussian: exp(−t² / 2σ²), weights summing to stride².",
        ),
    ] = 1.0
    seed: Annotated[int, Param("Seed", ge=0, le=2**31 - 1, help="Random: standard normal weights of this seed.")] = 0

    @property
    def step(self) -> Pair:
        """Output pixels for each input pixel: what the kernel's weights should sum to, per axis."""
        return (1, 1)

    def weights(self) -> npt.NDArray[np.float64]:
        """The kernel as numbers, (kh, kw)."""
        match self.kernel:
            case KernelPreset.ONES:
                return np.ones(self.kernel_size)
            case KernelPreset.ARTICLE:
                return np.array(ARTICLE_KERNEL)
            case KernelPreset.RANDOM:
                return np.random.default_rng(self.seed).standard_normal(self.kernel_size)
            case KernelPreset.BILINEAR:
                return np.multiply.outer(*(triangle(s) for s in self.step))
            case KernelPreset.GAUSSIAN:
                lines = [_gaussian(k, self.sigma) * s for k, s in zip(self.kernel_size, self.step, strict=True)]
                return np.multiply.outer(*lines)
            case table:
                return np.array(table)

    @property
    def kernel_shape(self) -> tuple[int, int]:
        """Rows and columns of the weights."""
        if self.kernel in (KernelPreset.ONES, KernelPreset.RANDOM, KernelPreset.GAUSSIAN):
            return self.kernel_size
        height, width = self.weights().shape
        return (height, width)

    def kernel_text(self) -> str:
        """``"Gauss σ 1"``, ``"own kernel"``."""
        if not isinstance(self.kernel, KernelPreset):
            return "own kernel"
        name = _PRESET_NAMES[self.kernel]
        return f"{name} σ {self.sigma:g}" if self.kernel is KernelPreset.GAUSSIAN else name

    def hints(self, source: SourceSpec | None) -> Mapping[str, Hint]:
        sized = self.kernel in (KernelPreset.ONES, KernelPreset.RANDOM, KernelPreset.GAUSSIAN)
        return {
            "kernel_size": Hint(visible=sized),
            "sigma": Hint(visible=self.kernel is KernelPreset.GAUSSIAN),
            "seed": Hint(visible=self.kernel is KernelPreset.RANDOM),
        }


# What convolutions of every kind say of their geometry, in one place.
Stride = Annotated[Pair, Param("Stride", unit="px", ge=1, le=64, help="Pixels from one stamp to the next.")]
Padding = Annotated[
    Pair, Param("Padding", unit="px", ge=0, le=1024, help="Rows and columns added around the larger image.")
]
PaddingEnd = Annotated[
    Size,
    Param(
        "Padding at the end",
        unit="px",
        ge=0,
        le=1024,
        help="After the last row and column. Default: as before the first.",
        advanced=True,
    ),
]
Dilation = Annotated[Pair, Param("Dilation", unit="px", ge=1, le=64, help="Pixels from one tap to the next.")]


@dataclass(frozen=True)
class KernelMethod(WeightedMethod):
    """A convolution, or its transpose."""

    stride: Stride = (2, 2)
    padding: Padding = (0, 0)
    padding_end: PaddingEnd = None
    dilation: Dilation = (1, 1)

    @property
    def step(self) -> Pair:
        return self.stride

    def size_text(self) -> str:
        """``"k3 s2"``, with both numbers where the axes differ."""
        return f"k{pair_text(self.kernel_shape)} s{pair_text(self.stride)}"

    def padding_text(self) -> str:
        """``"1"``, or ``"0/1"`` where the far side has another."""
        near, far = pair_text(self.padding), pair_text(self.padding_end or self.padding)
        return near if near == far else f"{near}/{far}"


def pair_text(pair: tuple[int, int]) -> str:
    """``"3"`` or ``"3×5"``."""
    return str(pair[0]) if pair[0] == pair[1] else f"{pair[0]}×{pair[1]}"


def triangle(stride: int) -> npt.NDArray[np.float64]:
    """Linear interpolation as a stamp: k = 2s − (s mod 2), w[a] = 1 − |a − (k−1)/2| / s."""
    k = 2 * stride - stride % 2
    return np.asarray(1 - np.abs(np.arange(k) - (k - 1) / 2) / stride)


def _gaussian(k: int, sigma: float) -> npt.NDArray[np.float64]:
    line = np.exp(-((np.arange(k) - (k - 1) / 2) ** 2) / (2 * sigma**2))
    return np.asarray(line / line.sum())
