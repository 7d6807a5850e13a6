"""Reads the arguments of a library's call; what they may not hold is refused in the library's own words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np

from workbench.kernels.arrays import Shape
from workbench.kernels.errors import ParameterError
from workbench.kernels.method import Method
from workbench.kernels.registry import plain

T = TypeVar("T")

MAX_SIDE = 1 << 20


def made(id: str, **fields: Any) -> Method:
    """The method with this id and these fields, the others at their defaults."""
    cls = plain(id)
    if cls is None:
        raise ParameterError("method", f"no method is called {id!r}")
    return cls.from_fields(fields)


def chosen(name: str, value: Any, table: Mapping[Any, T]) -> T:
    """What a table has under this value."""
    try:
        return table[value]
    except (KeyError, TypeError):
        choices = ", ".join(str(key) for key in table)
        raise ParameterError(name, f"must be one of {choices}, not {value!r}") from None


def flag(name: str, value: Any) -> bool:
    """Yes or no, also as 0 or 1."""
    if isinstance(value, (bool, np.bool_, int)) and value in (0, 1):
        return bool(value)
    raise ParameterError(name, f"must be True or False, not {value!r}")


def number(name: str, value: Any) -> float:
    """A finite number."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e300:
        return float(value)
    raise ParameterError(name, f"must be a finite number, not {value!r}")


def whole(name: str, value: Any, *, least: int = 1, most: int = MAX_SIDE) -> int:
    """A whole number of a range."""
    found = number(name, value)
    if not found.is_integer():
        raise ParameterError(name, f"must be a whole number, not {value!r}")
    if not least <= found <= most:
        raise ParameterError(name, f"must be between {least} and {most}, not {int(found)}")
    return int(found)


def factor(name: str, value: Any) -> float:
    """A scale: a number above 0."""
    found = number(name, value)
    if found <= 0:
        raise ParameterError(name, f"must be above 0, not {value!r}")
    return found


def listed(name: str, value: Any) -> list[Any]:
    """The entries of a sequence or a one-dimensional array."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if not isinstance(value, (list, tuple)):
        raise ParameterError(name, f"must be a sequence of numbers, not {value!r}")
    return list(value)


def sizes(name: str, value: Any, *, one_for_both: bool = False) -> Shape:
    """Rows and columns of an output."""
    entries = (
        [value, value] if one_for_both and not isinstance(value, (list, tuple, np.ndarray)) else listed(name, value)
    )
    if len(entries) != 2:
        raise ParameterError(name, f"must have two entries, one for each axis of the image, not {len(entries)}")
    first, second = (whole(name, one) for one in entries)
    return first, second


def factors(name: str, value: Any) -> tuple[float, float]:
    """One scale for both axes, or one for each (rows, columns)."""
    entries = listed(name, value) if isinstance(value, (list, tuple, np.ndarray)) else [value, value]
    if len(entries) != 2:
        raise ParameterError(name, f"must be one number or two, one for each axis of the image, not {len(entries)}")
    first, second = (factor(name, one) for one in entries)
    return first, second


def image_shape(value: Any) -> Shape:
    """Rows and columns of the input."""
    return sizes("shape", value)


def leaves_a_pixel(name: str, n: int, m: float, scale: float) -> None:
    """Refuse a scale that leaves nothing of an axis."""
    if not math.isfinite(m) or m < 1:
        raise ParameterError(name, f"must leave at least one pixel of {n}, not {n} × {scale:g}")
