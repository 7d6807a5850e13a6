"""Named edits: pure functions that make a new `Comparison` from an old one.

Each returns a function to be given to `Session.do`; an edit that names a slot which is gone changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from workbench.kernels.method import Method
from workbench.model.document import ORIGINAL, SOURCE, Comparison, Pin, Preparation, Slot
from workbench.model.source import Source

Edit = Callable[[Comparison], Comparison]


def set_source(source: Source | None) -> Edit:
    """Another picture under the same methods; pins stay only where they were on the same picture."""
    return lambda value: replace(value, source=source, pins=(), lesson=None)


def set_preparation(preparation: Preparation) -> Edit:
    return lambda value: replace(value, preparation=preparation)


def set_method(id: str, method: Method) -> Edit:
    return _on_slot(id, method=method)


def rename_slot(id: str, name: str | None) -> Edit:
    """An empty name gives the method's own name back."""
    return _on_slot(id, name=name or None)


def set_hidden(id: str, hidden: bool) -> Edit:
    return _on_slot(id, hidden=hidden)


def add_slot(method: Method, after: str | None = None, name: str | None = None) -> Edit:
    """A new slot behind another, or at the end; a name only where it is not the method's own."""

    def edit(value: Comparison) -> Comparison:
        return _inserted(value, Slot(value.free_id(), method, name), after)

    return edit


def duplicate_slot(id: str) -> Edit:
    """A copy right behind the slot."""

    def edit(value: Comparison) -> Comparison:
        slot = value.slot(id)
        return value if slot is None else _inserted(value, replace(slot, id=value.free_id()), id)

    return edit


def remove_slot(id: str) -> Edit:
    """Without the slot, its pins, and its role as the reference."""

    def edit(value: Comparison) -> Comparison:
        return replace(
            value,
            slots=tuple(slot for slot in value.slots if slot.id != id),
            pins=tuple(pin for pin in value.pins if pin.slot != id),
            reference=ORIGINAL if value.reference == id else value.reference,
        )

    return edit


def move_slot(id: str, index: int) -> Edit:
    """The slot at another place in the list, counted from 0."""

    def edit(value: Comparison) -> Comparison:
        slot = value.slot(id)
        if slot is None:
            return value
        rest = [other for other in value.slots if other.id != id]
        rest.insert(max(0, min(index, len(rest))), slot)
        return replace(value, slots=tuple(rest))

    return edit


def set_reference(id: str) -> Edit:
    """``ORIGINAL`` or a slot's id."""

    def edit(value: Comparison) -> Comparison:
        return replace(value, reference=id) if id == ORIGINAL or value.slot(id) else value

    return edit


def toggle_pin(pin: Pin) -> Edit:
    """Set a pin, or take it away where it stands already."""

    def edit(value: Comparison) -> Comparison:
        if pin in value.pins:
            return replace(value, pins=tuple(other for other in value.pins if other != pin))
        if pin.slot != SOURCE and value.slot(pin.slot) is None:
            return value
        return replace(value, pins=(*value.pins, pin))

    return edit


def _on_slot(id: str, **changes: Any) -> Edit:
    def edit(value: Comparison) -> Comparison:
        if value.slot(id) is None:
            return value
        slots = tuple(replace(slot, **changes) if slot.id == id else slot for slot in value.slots)
        return replace(value, slots=slots)

    return edit


def _inserted(value: Comparison, slot: Slot, after: str | None) -> Comparison:
    at = value.number(after) if after else 0
    at = at or len(value.slots)
    return replace(value, slots=(*value.slots[:at], slot, *value.slots[at:]))
