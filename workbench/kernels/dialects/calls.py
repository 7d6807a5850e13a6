"""From a method back to a library's call: the first of the library's calls that is the same operator on this input.

A dialect turns calls into methods; here calls are tried until one gives the method that is asked for. What is printed
can therefore not disagree with what is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from workbench.kernels.arrays import Shape
from workbench.kernels.errors import WorkbenchError
from workbench.kernels.method import Method, SourceSpec
from workbench.kernels.resampling import AxisMap, Grid
from workbench.kernels.resize import GridResize, Resize
from workbench.kernels.tables import AxisTable, Floats

CLOSE = 1e-9
"""Typed factors and ratios of sizes differ in their last digits; neighbouring rules differ by far more."""

Arguments = Mapping[str, Any]


def call_for(
    method: Method,
    source: SourceSpec | None,
    attempts: Callable[[Method, Shape, Shape], Iterable[Arguments]],
    read: Callable[..., Method],
    write: Callable[[Arguments], str],
) -> str | None:
    """The words of the call that does what the method does on this input, None if the library has none.

    Parameters
    ----------
    method : Method
    source : SourceSpec or None
        None: only a call that agrees on inputs of different sizes.
    attempts : callable
        Method, shape of the input and of the output in; arguments of calls out, those a person would write first.
    read : callable
        The dialect: shape and arguments in, method out.
    write : callable
        Arguments in, the call as text out.
    """
    if source is None:
        found = {call_for(method, SourceSpec(shape), attempts, read, write) for shape in _ANY_SHAPE}
        return found.pop() if len(found) == 1 else None
    wanted = out_size(method, source.shape)
    if wanted is None:
        return None
    return _first_same(method, source.shape, attempts(method, source.shape, wanted), read, write)


_ANY_SHAPE = ((7, 12), (16, 9), (23, 11))


def _first_same(
    method: Method,
    shape: Shape,
    attempts: Iterable[Arguments],
    read: Callable[..., Method],
    write: Callable[[Arguments], str],
) -> str | None:
    readable = []
    for arguments in attempts:
        try:
            readable.append((arguments, read(shape, **arguments)))
        except WorkbenchError:
            continue
    readable.sort(key=lambda pair: -_likeness(method, pair[1]))
    for arguments, candidate in readable:
        if same(method, candidate, shape):
            return write(arguments)
    return None


def _likeness(method: Method, candidate: Method) -> int:
    """How many fields agree: where several calls do the same, the one that says it most alike is shown."""
    mine, theirs = method.to_dict(), candidate.to_dict()
    return sum(theirs.get(name) == mine[name] for name in mine.keys() - _INDIFFERENT)


_INDIFFERENT = {"scale", "size", "size_rule", "factor", "antialias", "edge", "normalise", "tie", "copy_equal"}
"""Fields that often do not matter: there the first attempt is preferred, which says least."""


def extents(method: Method, shape: Shape, wanted: Shape) -> Iterator[dict[str, Any]]:
    """How large, as one would type it: the method's own scale, a scale that is whole on both axes, the size."""
    typed = None if getattr(method, "size", None) else getattr(method, "scale", None)
    if isinstance(typed, tuple):
        yield {"scale": typed}
    whole = tuple(float(m // n) for n, m in zip(shape, wanted, strict=True) if m % n == 0)
    if len(whole) == 2 and whole != typed and getattr(method, "size", None) is None:
        yield {"scale": whole}
    yield {"size": wanted}


@lru_cache(maxsize=512)
def same(first: Method, second: Method, shape: Shape) -> bool:
    """Whether two methods are one operator on inputs of this shape."""
    if first == second:
        return True
    told = _told_by_points(first, second, shape)
    if told is not None:
        return told
    dense = [bool(getattr(method, "prefilter", False)) for method in (first, second)]
    if dense[0] != dense[1] and min(shape) > 1 and out_size(first, shape) != shape:
        return False  # a row of a spline has no end
    k = 0 if shape[0] <= shape[1] else 1  # most pairs differ on either axis: the shorter one is looked at first
    mine, theirs = _line(first, shape, k), _line(second, shape, k)
    if mine is None or theirs is None or mine.shape != theirs.shape or np.abs(mine - theirs).max() > CLOSE:
        return False
    one, two = _response(first, shape), _response(second, shape)
    if one is None or two is None:
        return False
    return all(a.shape == b.shape and np.abs(a - b).max() <= CLOSE for a, b in zip(one, two, strict=True))


def _told_by_points(first: Method, second: Method, shape: Shape) -> bool | None:
    """Whether two methods agree, where their fields and the points they sample tell it; None where they do not.

    What has to be computed otherwise is little for short kernels, and much for splines, whose rows are long.
    """
    if not (isinstance(first, GridResize) and isinstance(second, GridResize)):
        return None
    ids = {first.info.id, second.info.id}
    if ids & _POINTS_TELL_NOTHING or Grid.CROP in (first.grid, second.grid):
        return None
    source = SourceSpec(shape)
    try:
        pairs = [(first.axis_map(source, first.grid, k), second.axis_map(source, second.grid, k)) for k in (0, 1)]
    except WorkbenchError:
        return None
    if any(a.n_out != b.n_out or (a.n_in > 1 and _moves(a, b) > CLOSE) for a, b in pairs):
        return False
    mine, theirs = (
        {name: value for name, value in method.to_dict().items() if name not in _EXTENT} for method in (first, second)
    )
    if mine == theirs:
        return True
    if _begins_with_a_step(first) or _begins_with_a_step(second):
        return None
    long_rows = [method for method in (first, second) if getattr(method, "prefilter", False)]
    if long_rows and min(shape) > 1:
        return False
    return False if _begin_differently(first, second, pairs) else None


def _begins_with_a_step(method: Method) -> bool:
    """Whether something comes before the resize: then `axis_table` is not all there is."""
    return bool(getattr(method, "blur", False) or getattr(method, "reducing_gap", 0))


def _begin_differently(first: GridResize, second: GridResize, pairs: list[tuple[AxisMap, AxisMap]]) -> bool:
    """Whether the first samples of a long axis already tell two methods on the same points apart."""
    for a, b in pairs:
        if a.n_in <= 2 * _SHORT or a.region is not None:
            continue
        m = max(1, int(_SHORT * a.factor))
        one, two = (replace(axis, n_in=_SHORT, n_out=m) for axis in (a, b))
        if _moves(one, two) > CLOSE:
            continue
        if np.abs(_answer(first.axis_table(one)) - _answer(second.axis_table(two))).max() > CLOSE:
            return True
    return False


_SHORT = 64

_POINTS_TELL_NOTHING = {"nearest", "box", "area", "linear"}
"""Flat kernels do not notice small shifts, and linear leaves an axis as it is."""

_EXTENT = {"scale", "size", "size_rule", "factor", "copy_equal", "keep_aspect", "width_rule", "region", "grid"}
"""Fields that say no more than where the points are."""


def _moves(first: AxisMap, second: AxisMap) -> float:
    """How far apart two axes sample, at most."""
    start = first.offset - second.offset
    return float(max(abs(start), abs(start + (first.slope - second.slope) * (first.n_out - 1))))


@lru_cache(maxsize=128)
def _response(method: Method, shape: Shape) -> tuple[Floats, ...] | None:
    """What both axes make of noise, and the affine part: no two rules of resampling agree on it by chance."""
    try:
        operator = method.operator(SourceSpec(shape))
    except WorkbenchError:
        return None
    axes = operator.axes()
    if axes is None:
        return None
    offset = operator.offset
    return (*(_answer(table) for table in axes), np.zeros(1) if offset is None else np.asarray(offset, np.float64))


@lru_cache(maxsize=1024)
def _line(method: Method, shape: Shape, k: int) -> Floats | None:
    """What one axis makes of noise, without the other if it has a table of its own."""
    chained = getattr(method, "prefilter", False) or _begins_with_a_step(method)
    if method.info.id not in _TABLES or not isinstance(method, Resize) or chained:
        whole = _response(method, shape)
        return None if whole is None else whole[k]
    try:
        grid = getattr(method, "grid", Grid.HALF_PIXEL)
        return _answer(method.axis_table(method._axes(SourceSpec(shape), grid)[k]))
    except WorkbenchError:
        return None


_TABLES = {"nearest", "linear", "bilinear", "bicubic", "cubic_bc", "lanczos", "hamming", "gaussian", "box"}
"""Methods whose axes are what `axis_table` says."""


def _answer(table: AxisTable) -> Floats:
    """What one axis makes of noise."""
    noise = np.random.default_rng(0).standard_normal(table.n_in)
    places = table.start[:, None] + np.arange(table.taps)
    return np.asarray(np.einsum("pt,pt->p", table.weights, noise[places % table.n_in]))


def may_tie(shape: Shape, wanted: Shape) -> bool:
    """Whether an output lies just between two inputs on half pixels: there float32 falls to either side.

    Source: a tie exists if and only if 2 divides the input's length more often than the output's.
    """
    return any(n & -n > m & -m for n, m in zip(shape, wanted, strict=True))


def written(opening: str, arguments: Arguments, closing: str = ")") -> str:
    """A call as text, one argument a line: ``F.interpolate(x,\\n  size=(8, 12),\\n  mode="bilinear")``."""
    words = [f"{name}={spelled(value)}" for name, value in arguments.items()]
    return ",\n  ".join([opening, *words]) + closing


def spelled(value: Any) -> str:
    """A value as one types it; a string that names a constant of the library stands without quotes."""
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple):
        return "(" + ", ".join(spelled(one) for one in value) + ")"
    if isinstance(value, list):
        return "[" + ", ".join(spelled(one) for one in value) + "]"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return repr(int(value))
    return repr(value)


def out_size(method: Method, shape: Shape) -> Shape | None:
    """Rows and columns of what the method makes of this input, None if it refuses it."""
    try:
        return method.operator(SourceSpec(shape)).out_shape
    except WorkbenchError:
        return None
