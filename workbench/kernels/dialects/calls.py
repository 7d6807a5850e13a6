"""From a method back to a library's call: the first of the library's calls that is the same operator on this input.

A dialect turns calls into methods; here calls are tried until one gives the method that is asked for. What is printed
can therefore not disagree with what is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from workbench.kernels.arrays import Shape
from workbench.kernels.errors import WorkbenchError
from workbench.kernels.method import Method, SourceSpec
from workbench.kernels.operators.separable import Separable
from workbench.kernels.tables import AxisTable

CLOSE = 1e-9
"""Typed factors and ratios of sizes differ in their last digits; neighbouring rules differ by far more."""

Arguments = Mapping[str, Any]


def first_same(
    method: Method,
    shape: Shape,
    attempts: Iterable[Arguments],
    read: Callable[..., Method],
    write: Callable[[Arguments], str],
) -> str | None:
    """The words of the first attempt that does what the method does on an input of this shape.

    Parameters
    ----------
    method : Method
    shape : (int, int)
    attempts : iterable of dict
        Arguments of the library's call, the ones a person would write first.
    read : callable
        The dialect: shape and arguments in, method out.
    write : callable
        Arguments in, the call as text out.
    """
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
    return sum(theirs.get(name) == mine[name] for name in mine.keys() - _EXTENT)


_EXTENT = {"scale", "size", "size_rule", "factor"}
"""Fields whose order of preference is that of the attempts."""


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
    try:
        one, two = (method.operator(SourceSpec(shape)) for method in (first, second))
    except WorkbenchError:
        return False
    if one.out_shape != two.out_shape:
        return False
    mine, theirs = one.axes(), two.axes()
    if mine is None or theirs is None:
        return False
    return all(_agree(a, b) for a, b in zip(mine, theirs, strict=True))


def _agree(first: AxisTable, second: AxisTable) -> bool:
    """Whether two axes do the same to noise: no two rules of resampling agree on it by chance."""
    noise = np.random.default_rng(0).standard_normal((first.n_in, 1))
    still = AxisTable(1, np.zeros(1, np.intp), np.ones((1, 1)))
    one, two = (Separable(table, still).apply(noise) for table in (first, second))
    return bool(np.abs(one - two).max() <= CLOSE)


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
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return repr(int(value))
    return repr(value)


def out_size(method: Method, shape: Shape) -> Shape | None:
    """Rows and columns of what the method makes of this input, None if it refuses it."""
    try:
        return method.operator(SourceSpec(shape)).out_shape
    except WorkbenchError:
        return None
