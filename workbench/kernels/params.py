"""What a field of a method means to a person, and how it is read, checked and written.

A method declares its fields once, ``stride: Annotated[Pair, Param("Stride", ge=1)] = (1, 1)``; the form, the command
line, session files, captions and the contract tests all read `fields_of`. A kind knows one type of field: how any
spelling of it becomes a value (`Kind.coerce`), and how the value goes into JSON (`Kind.to_data`) and into words
(`Kind.text`).
"""

from __future__ import annotations

import json
import sys
from abc import ABC, abstractmethod
from dataclasses import MISSING, dataclass, fields
from enum import Enum
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from workbench.kernels.errors import ParameterError


@dataclass(frozen=True, slots=True)
class Param:
    """What a field means to a person.

    Parameters
    ----------
    label : str
        Its name in a form.
    unit : str
        Shown behind the number: ``"×"``, ``"px"``.
    ge, le : float, optional
        Smallest and largest value allowed, both included.
    step : float, optional
        What one click of a spin box adds; 1 for whole numbers.
    help : str
        One sentence, with the formula where there is one.
    advanced : bool
        Whether a form may keep it folded away until it differs from its default.
    """

    label: str
    unit: str = ""
    ge: float | None = None
    le: float | None = None
    step: float | None = None
    help: str = ""
    advanced: bool = False


class Kind(ABC):
    """One type of field."""

    @abstractmethod
    def coerce(self, value: Any, name: str, param: Param) -> Any:
        """The value in its canonical form; `ParameterError` if it has none."""

    def to_data(self, value: Any) -> Any:
        """The value as JSON."""
        return value

    def parse(self, text: str) -> Any:
        """A raw value from a word of the command line, still to be coerced."""
        try:
            return json.loads(text)
        except ValueError:
            return text

    def text(self, value: Any) -> str:
        """The value as one word of the command line."""
        return _number_text(value) if isinstance(value, (int, float)) else str(value)


def _number_text(value: float) -> str:
    return repr(int(value)) if float(value).is_integer() else repr(float(value))


def _is_number(value: Any) -> bool:
    """Whether a value is a number that a float can hold."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) <= sys.float_info.max


def _within(value: float, name: str, param: Param, shown: Any = None) -> None:
    shown = _number_text(value) if shown is None else shown
    if param.ge is not None and value < param.ge:
        raise ParameterError(name, f"must be at least {_number_text(param.ge)}, not {shown}")
    if param.le is not None and value > param.le:
        raise ParameterError(name, f"must be at most {_number_text(param.le)}, not {shown}")


class BoolKind(Kind):
    """Yes or no."""

    def coerce(self, value: Any, name: str, param: Param) -> bool:
        if isinstance(value, bool):
            return value
        if value in (0, 1):
            return bool(value)
        words = {"on": True, "true": True, "yes": True, "off": False, "false": False, "no": False}
        if isinstance(value, str) and value.lower() in words:
            return words[value.lower()]
        raise ParameterError(name, f"must be on or off, not {value!r}")

    def text(self, value: Any) -> str:
        return "on" if value else "off"


class IntKind(Kind):
    """A whole number."""

    def coerce(self, value: Any, name: str, param: Param) -> int:
        if not _is_number(value) or value != int(value):
            raise ParameterError(name, f"must be a whole number, not {value!r}")
        _within(value, name, param)
        return int(value)


class FloatKind(Kind):
    """A finite number; whole numbers stay exact."""

    def coerce(self, value: Any, name: str, param: Param) -> float:
        if not _is_number(value):
            raise ParameterError(name, f"must be a finite number, not {value!r}")
        _within(value, name, param)
        return float(value)

    def to_data(self, value: float) -> Any:
        return int(value) if value.is_integer() else value


@dataclass(frozen=True, slots=True)
class EnumKind(Kind):
    """One of a few named choices; as data its lower-case id."""

    enum: type[Enum]

    def coerce(self, value: Any, name: str, param: Param) -> Enum:
        if isinstance(value, self.enum):
            return value
        for member in self.enum:
            if value == member.value or (isinstance(value, str) and value.lower() == member.value):
                return member
        choices = ", ".join(member.value for member in self.enum)
        raise ParameterError(name, f"must be one of {choices}, not {value!r}")

    def to_data(self, value: Enum) -> Any:
        return value.value

    def text(self, value: Enum) -> str:
        return str(value.value)


@dataclass(frozen=True, slots=True)
class PairKind(Kind):
    """One number for each axis, (rows, columns); as data one number where both agree."""

    element: Kind

    def coerce(self, value: Any, name: str, param: Param) -> tuple[Any, Any]:
        if isinstance(value, str):
            value = [self.element.parse(part) for part in value.lower().split("x")]
        if isinstance(value, (list, tuple)):
            if len(value) == 1:
                value = value[0]
            elif len(value) != 2:
                raise ParameterError(name, f"must be one number or two (rows, columns), not {len(value)}")
            else:
                first, second = (self.element.coerce(one, name, param) for one in value)
                return (first, second)
        both = self.element.coerce(value, name, param)
        return (both, both)

    def to_data(self, value: tuple[Any, Any]) -> Any:
        data = [self.element.to_data(one) for one in value]
        return data[0] if data[0] == data[1] else data

    def text(self, value: tuple[Any, Any]) -> str:
        first, second = (self.element.text(one) for one in value)
        return first if first == second else f"{first}x{second}"


class SizeKind(Kind):
    """A shape in pixels (rows, columns), or nothing."""

    _pair = PairKind(IntKind())

    def coerce(self, value: Any, name: str, param: Param) -> tuple[int, int] | None:
        if value is None or value == "" or value == "none":
            return None
        return self._pair.coerce(value, name, param)

    def to_data(self, value: tuple[int, int] | None) -> Any:
        return None if value is None else list(value)

    def text(self, value: tuple[int, int] | None) -> str:
        return "none" if value is None else f"{value[0]}x{value[1]}"


Pair = tuple[int, int]
FloatPair = tuple[float, float]
Size = tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a method, as the form, the files and the command line see it."""

    name: str
    kind: Kind
    default: Any
    param: Param

    def coerce(self, value: Any) -> Any:
        return self.kind.coerce(value, self.name, self.param)


def _kind_of(annotation: Any, name: str) -> Kind:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return EnumKind(annotation)
    known: dict[Any, Kind] = {
        bool: BoolKind(),
        int: IntKind(),
        float: FloatKind(),
        Pair: PairKind(IntKind()),
        FloatPair: PairKind(FloatKind()),
        Size: SizeKind(),
    }
    if annotation in known:
        return known[annotation]
    raise TypeError(f"field {name} has the unknown type {annotation!r}: give a Kind in its Annotated[…]")


@cache
def fields_of(cls: type) -> tuple[FieldSpec, ...]:
    """The fields of a method in the order of its declaration.

    Parameters
    ----------
    cls : type
        A dataclass whose fields are ``Annotated[type, Param(…)]``, or ``Annotated[type, Param(…), Kind]`` for a type
        that has a kind of its own.
    """
    hints = get_type_hints(cls, include_extras=True)
    specs = []
    for field in fields(cls):
        annotation = hints[field.name]
        if get_origin(annotation) is not Annotated:
            raise TypeError(f"{cls.__name__}.{field.name} needs Annotated[type, Param(…)]")
        base, *extras = get_args(annotation)
        param = next(extra for extra in extras if isinstance(extra, Param))
        kind = next((extra for extra in extras if isinstance(extra, Kind)), None) or _kind_of(base, field.name)
        if field.default is MISSING:
            raise TypeError(f"{cls.__name__}.{field.name} needs a default: a method is complete from the start")
        specs.append(FieldSpec(field.name, kind, kind.coerce(field.default, field.name, param), param))
    return tuple(specs)
