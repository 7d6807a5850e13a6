"""The view state as JSON, and back: what a session file keeps of how a comparison was looked at.

What is only there for the moment (flicker, blinking, tools, the lens) is left out. Reading is forgiving: a knob that is
missing or makes no sense keeps its default, since no work is lost with it.
"""

from __future__ import annotations

import math
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from workbench.kernels.errors import ParameterError
from workbench.model.view_state import MAX_ZOOM, MIN_ZOOM, ViewValue

MOMENTARY = frozenset({"instead", "blink", "tool", "loupe", "bare"})


class _Unusable(Exception):
    """A value that does not fit its knob."""


def view_to_data(view: ViewValue) -> dict[str, Any]:
    """Every knob that is kept, by its name."""
    return {one.name: _written(getattr(view, one.name)) for one in fields(view) if one.name not in MOMENTARY}


def view_from_data(data: Any, base: ViewValue | None = None) -> ViewValue:
    """The view that was written.

    Parameters
    ----------
    data : object
        What stood in the file; anything at all.
    base : ViewValue, optional
        Gives the knobs that cannot be read.
    """
    view = base or ViewValue()
    if not isinstance(data, Mapping):
        return view
    hints = get_type_hints(ViewValue)
    found: dict[str, Any] = {}
    for name, value in data.items():
        if name in hints and name not in MOMENTARY:
            try:
                found[name] = _read(value, hints[name])
            except (_Unusable, ParameterError, TypeError, ValueError, OverflowError):
                continue
    camera = found.get("camera")
    if camera is not None and not MIN_ZOOM <= camera.zoom <= MAX_ZOOM:
        del found["camera"]
    return replace(view, **found)


def _written(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _written(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_written(one) for one in value]
    return value


def _read(value: Any, kind: Any) -> Any:
    """A JSON value as the type a knob has."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        if value is None and type(None) in inner:
            return None
        return _read(value, next(one for one in inner if one is not type(None)))
    if origin is Literal:
        return _checked(value, value in inner)
    if origin is tuple:
        rows = _checked(value, isinstance(value, list))
        if inner[-1] is Ellipsis:
            return tuple(_read(one, inner[0]) for one in rows)
        _checked(rows, len(rows) == len(inner))
        return tuple(_read(one, each) for one, each in zip(rows, inner, strict=True))
    if origin is frozenset:
        return frozenset(_read(one, inner[0]) for one in _checked(value, isinstance(value, list)))
    if is_dataclass(kind) and isinstance(kind, type):
        known = _checked(value, isinstance(value, Mapping))
        hints = get_type_hints(kind)
        return kind(**{name: _read(one, hints[name]) for name, one in known.items() if name in hints})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if kind is float:
        number = _checked(value, isinstance(value, (int, float)) and not isinstance(value, bool))
        return float(_checked(number, math.isfinite(number)))
    return _checked(value, type(value) is kind)


def _checked(value: Any, fits: bool) -> Any:
    if not fits:
        raise _Unusable
    return value
