"""Finds methods by their id, and reads them from data or from a word of the command line.

The names of presets stand wherever ids do: ``torch.bicubic`` is the method that PyTorch means by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from workbench.kernels.errors import ParameterError
from workbench.kernels.method import Method, Role, known_methods


def all_methods(role: Role | None = None) -> tuple[type[Method], ...]:
    """Every method in the order of the menus, or those of one role."""
    from workbench.kernels.methods import every

    order = {module.__name__: k for k, module in enumerate(vars(every).values()) if isinstance(module, ModuleType)}
    methods = sorted(known_methods(), key=lambda cls: order.get(cls.__module__, len(order)))
    return tuple(cls for cls in methods if role is None or cls.info.role == role)


def plain(id: str) -> type[Method] | None:
    """The method with this id, presets aside; None if there is none."""
    imported = next((cls for cls in known_methods() if cls.info.id == id), None)
    return imported or next((cls for cls in all_methods() if cls.info.id == id), None)


def by_id(id: str) -> type[Method]:
    """The method with this id, or the one that a preset of this name is made of.

    Raises
    ------
    ParameterError
        If there is none; the sentence proposes the nearest.
    """
    return _found(id)[0]


def _found(id: str) -> tuple[type[Method], dict[str, Any]]:
    """A method and the fields that its name sets already."""
    found = plain(id)
    if found is not None:
        return found, {}
    from workbench.kernels.presets import PRESETS  # all dialects: only where one of their names may be meant

    known = {cls.info.id: cls for cls in all_methods()}
    if id in PRESETS and PRESETS[id].base in known:
        return known[PRESETS[id].base], dict(PRESETS[id].fields)
    import difflib

    near = difflib.get_close_matches(id, [*known, *PRESETS], n=1)
    proposal = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}"
    raise ParameterError("method", f"no method is called {id!r}{proposal}")


def from_dict(data: Mapping[str, Any]) -> Method:
    """The method that `Method.to_dict` wrote; fields left out take their defaults, or those of a preset."""
    if not isinstance(data, Mapping) or not isinstance(data.get("method"), str):
        raise ParameterError("method", f"must be an object with a method's id, not {data!r}")
    cls, fields = _found(data["method"])
    return cls.from_fields(fields | {name: value for name, value in data.items() if name != "method"})


def from_text(text: str) -> Method:
    """The method from its command-line form, ``transposed_conv:kernel=bilinear,stride=2`` or ``torch.bicubic:4``.

    The first field may stand without its name: ``down:4``.
    """
    id, _, rest = text.strip().partition(":")
    cls, preset = _found(id.strip())
    kinds = {field.name: field.kind for field in cls.fields()}
    values: dict[str, Any] = preset
    for position, word in enumerate(_split(rest)):
        name, equals, value = (part.strip() for part in word.partition("="))
        if not equals:
            if position > 0 or not kinds:
                raise ParameterError(name, "must be written name=value")
            name, value = next(iter(kinds)), name
        values[name] = kinds[name].parse(value) if name in kinds else value
    return cls.from_fields(values)


def _split(text: str) -> list[str]:
    """Split at commas that stand outside brackets."""
    words, depth, start = [], 0, 0
    for at, sign in enumerate(text):
        depth += (sign in "[(") - (sign in "])")
        if sign == "," and depth == 0:
            words.append(text[start:at])
            start = at + 1
    words.append(text[start:])
    return [word for word in words if word.strip()]
