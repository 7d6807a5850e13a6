"""A rectangle of the input as a field of a method: four numbers, or nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from workbench.kernels.errors import ParameterError
from workbench.kernels.params import FloatKind, Kind, Param

Region = tuple[float, float, float, float] | None
"""(top, left, bottom, right), as pixel indices count: down first."""


@dataclass(frozen=True, slots=True)
class RegionKind(Kind):
    """A rectangle (top, left, bottom, right) that ends after it begins, or nothing."""

    def coerce(self, value: Any, name: str, param: Param) -> Region:
        if isinstance(value, str):
            value = value.strip("[]() \n").replace(",", " ").split()
            value = None if value in ([], ["none"]) else [FloatKind().parse(word) for word in value]
        if value is None:
            return None
        if isinstance(value, (list, tuple)) and len(value) == 1:
            value = value[0]
        if not isinstance(value, (list, tuple)) or len(value) != 4:
            raise ParameterError(name, f"must be four numbers (top, left, bottom, right) or none, not {value!r}")
        element = FloatKind()
        top, left, bottom, right = (element.coerce(one, name, param) for one in value)
        for begin, end in ((top, bottom), (left, right)):
            if not begin < end:
                raise ParameterError(name, f"must end after it begins, not {begin:g} … {end:g}")
        return (top, left, bottom, right)

    def to_data(self, value: Region) -> Any:
        return None if value is None else [FloatKind().to_data(one) for one in value]

    def text(self, value: Region) -> str:
        return "none" if value is None else json.dumps(self.to_data(value), separators=(",", ":"))
