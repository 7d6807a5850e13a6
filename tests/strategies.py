"""Draws valid instances of any registered method from its typed fields alone, with a source that suits it.

A method needs nothing here: its fields say what they may hold. Only a new *kind* of field needs a line in `_DRAW`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypeVar

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from workbench.kernels.arrays import Pixel, Shape, Window
from workbench.kernels.channel_weights import NumbersKind, WeightsKind
from workbench.kernels.errors import ParameterError, ShapeError
from workbench.kernels.method import Method, SourceSpec
from workbench.kernels.methods.max_pool import MaxPool
from workbench.kernels.methods.max_unpool import IndexKind
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.params import BoolKind, EnumKind, FieldSpec, FloatKind, IntKind, Kind, PairKind, Param, SizeKind
from workbench.kernels.regions import RegionKind
from workbench.kernels.weights import KernelKind, KernelPreset

Made = TypeVar("Made")

LARGEST = 3000
"""Output pixels of a drawn case, so that its whole matrix can be looked at."""


@dataclass(frozen=True)
class Case:
    """A method, a source that suits it, and the operator they make."""

    method: Method
    source: SourceSpec
    operator: LinearOperator
    seed: int

    def image(self, channels: int | None = None, dtype: Any = np.float64) -> np.ndarray:
        """Random pixels for the operator; negative ones too."""
        count = channels if self.operator.in_channels is None else self.operator.in_channels
        return self._noise(self.operator.in_shape, count).astype(dtype)

    def output(self, channels: int | None = None) -> np.ndarray:
        """Random pixels in the shape of the output."""
        count = channels if self.operator.out_channels is None else self.operator.out_channels
        return self._noise(self.operator.out_shape, count)

    def _noise(self, shape: Shape, count: int | None) -> np.ndarray:
        return np.random.default_rng(self.seed).standard_normal(shape if count is None else (*shape, count))


def shapes(largest: int = 9) -> st.SearchStrategy[Shape]:
    """Shapes that are not square: what confuses rows with columns cannot pass. One pixel high or wide as well."""
    sides = st.integers(1, largest)
    return st.tuples(sides, sides).filter(lambda shape: shape[0] != shape[1])


@cache
def windows(shape: Shape) -> st.SearchStrategy[Window]:
    """Any window of an image, single pixels and the whole among them."""

    def between(first: Pixel, second: Pixel) -> Window:
        rows, cols = sorted((first[0], second[0])), sorted((first[1], second[1]))
        return Window(rows[0], cols[0], rows[1] + 1, cols[1] + 1)

    return st.builds(between, pixels(shape), pixels(shape))


@cache
def pixels(shape: Shape) -> st.SearchStrategy[Pixel]:
    return st.builds(Pixel, st.integers(0, shape[0] - 1), st.integers(0, shape[1] - 1))


def _ints(param: Param) -> st.SearchStrategy[Any]:
    """The low end of the range, where small images have room for it."""
    low = int(param.ge) if param.ge is not None else 0
    high = min(low + 4, int(param.le)) if param.le is not None else low + 4
    return st.integers(low, high)


def _floats(param: Param) -> st.SearchStrategy[Any]:
    low = 0.0 if param.ge is None else param.ge
    high = 4.0 if param.le is None else param.le
    plain = [value for value in (-1.0, -0.5, 0.0, 0.5, 0.75, 1.0, 1.37, 1.5, 2.0, 2.5, 3.0) if low <= value <= high]
    # Scales of nearly 0 would leave no pixel; a range that lies below has none.
    between = st.floats(max(low, 0.3) if high > 0.3 else low, min(high, 3.5))
    return st.sampled_from(plain) | between.map(lambda value: round(value, 3))  # products must not underflow


def _pairs(element: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return element | st.tuples(element, element)


def _tables(element: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return shapes(4).flatmap(
        lambda shape: st.lists(
            st.lists(element, min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
        )
    )


def _regions() -> st.SearchStrategy[Any]:
    """Mostly parts of a crop, whose unit is the image; some in pixels, too."""
    sides = st.sampled_from([-0.25, 0.0, 0.2, 0.5, 0.8, 1.0, 1.25, 2.0, 3.5])
    return st.tuples(sides, sides, sides, sides).map(
        lambda r: (min(r[0], r[2]), min(r[1], r[3]), max(r[0], r[2]) + 0.25, max(r[1], r[3]) + 0.25)
    )


def _grids(ndim: int) -> st.SearchStrategy[Any]:
    """Tables with three or four axes: one or two channels, or the four sub-pixels of a cell, and a small kernel."""
    front = st.tuples(*[st.sampled_from([1, 2, 4])] + [st.integers(1, 2)] * (ndim - 3))
    return st.tuples(front, shapes(3)).flatmap(
        lambda parts: st.lists(_WEIGHTS, min_size=(size := int(np.prod(parts[0] + parts[1]))), max_size=size).map(
            lambda values: np.reshape(values, parts[0] + parts[1]).tolist()
        )
    )


_WEIGHTS = st.sampled_from([-1.0, 0.0, 0.25, 1.0, 2.0]) | st.floats(-4, 4, width=32)

_DRAW: dict[type[Kind], Callable[[Any, Param], st.SearchStrategy[Any]]] = {
    BoolKind: lambda kind, param: st.booleans(),
    IntKind: lambda kind, param: _ints(param),
    FloatKind: lambda kind, param: _floats(param),
    EnumKind: lambda kind, param: st.sampled_from(list(kind.enum)),
    PairKind: lambda kind, param: _pairs(_DRAW[type(kind.element)](kind.element, param)),
    SizeKind: lambda kind, param: st.none() | st.tuples(st.integers(1, 14), st.integers(1, 14)),
    RegionKind: lambda kind, param: st.none() | _regions(),
    KernelKind: lambda kind, param: st.sampled_from(list(KernelPreset)) | _tables(_WEIGHTS),
    NumbersKind: lambda kind, param: st.lists(_WEIGHTS, max_size=4),
    WeightsKind: lambda kind, param: st.sampled_from(list(kind.presets)) | st.sampled_from(kind.ndims).flatmap(_grids),
    IndexKind: lambda kind, param: st.none() | _tables(st.integers(0, 14)),
}


# Strategies are made once: to make one takes longer than to draw from it.
@cache
def values_of(field: FieldSpec) -> st.SearchStrategy[Any]:
    """Values that a field may hold by itself."""
    draw = next(_DRAW[cls] for cls in type(field.kind).__mro__ if cls in _DRAW)
    return draw(field.kind, field.param)


@cache
def fields_of(cls: type[Method]) -> st.SearchStrategy[dict[str, Any]]:
    """Values of all fields, not yet looked at together."""
    return st.fixed_dictionaries({field.name: values_of(field) for field in cls.fields()})


@cache
def methods(cls: type[Method]) -> st.SearchStrategy[Method]:
    """Instances whose fields go together."""
    return fields_of(cls).map(lambda values: _settled(cls, values, lambda method: method))


@cache
def cases(cls: type[Method]) -> st.SearchStrategy[Case]:
    """Methods of this class, each on a source that suits it."""
    # What makes images smaller needs larger ones.
    planes = shapes() if cls.info.role == "upsample" else shapes() | shapes(17)
    recorded = any(isinstance(field.kind, IndexKind) for field in cls.fields())
    pools = methods(MaxPool) if recorded else st.none()
    depths = st.sampled_from([None, 2])
    mixing = any(isinstance(field.kind, (WeightsKind, NumbersKind)) for field in cls.fields())
    counts = st.sampled_from([None, 1, 2, 4]) if mixing else st.none()
    return st.builds(_case, st.just(cls), fields_of(cls), planes, depths, counts, pools, st.integers(0, 9))


def _case(
    cls: type[Method],
    values: dict[str, Any],
    plane: Shape,
    channels: int | None,
    meeting: int | None,
    pool: MaxPool | None,
    seed: int,
) -> Case:
    noise = np.random.default_rng(seed).standard_normal(plane if channels is None else (*plane, channels))

    def make(method: Method) -> Case:
        source = replace(_source(method, noise, pool), channels=meeting)
        return Case(method, source, method.operator(source), seed)

    case = _settled(cls, values, make)
    assume((case.operator.in_channels or 1) <= 8 and (case.operator.out_channels or 1) <= 8)
    assume(case.operator.out_shape[0] * case.operator.out_shape[1] <= LARGEST)
    return case


def _source(method: Method, noise: np.ndarray, pool: MaxPool | None) -> SourceSpec:
    """What the method works on: the noise, or with a record what a max-pooling made of it."""
    shape = (noise.shape[0], noise.shape[1])
    if isinstance(method, MaxPool):
        return SourceSpec(shape, method.prepare(noise).record)
    if pool is None:
        return SourceSpec(shape)
    indices = getattr(method, "indices", None)
    if indices is not None:
        return SourceSpec((len(indices), len(indices[0])))
    try:
        record = pool.prepare(noise).record
    except ParameterError:  # its windows do not fit into this plane
        record = MaxPool(kernel=1).prepare(noise).record
    return SourceSpec(record.shape, record)


def _settled(cls: type[Method], values: dict[str, Any], make: Callable[[Method], Made]) -> Made:
    """What comes of these fields; one that is refused beside the others falls back to its default."""
    defaults = {field.name: field.default for field in cls.fields()}
    for _ in range(len(values) + 1):
        try:
            return make(cls.from_fields(values))
        except ParameterError as error:
            assume(error.field in values and values[error.field] != defaults[error.field])
            values = {**values, error.field: defaults[error.field]}
        except ShapeError:
            break
    assume(False)
    raise AssertionError


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-10, 600)
    | st.just(10**30)
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(["2x3", "none", "1.5", "[[1]]", "half_pixel", "ones", "nan", "-1", b"2", {}, 1 + 2j, object()]),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner),
    max_leaves=6,
)
"""What somebody, or a damaged file, may put into a field."""
