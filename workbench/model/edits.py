"""Named edits: pure functions that make a new `Comparison` from an old one.

Each returns a function to be given to `Session.do`; an edit that names a slot which is gone changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from workbench.kernels.method import Method
from workbench.kernels.placement import Placement, Rect
from workbench.model.document import (
    ORIGINAL,
    SOURCE,
    Bookmark,
    Comparison,
    Line,
    Pin,
    Preparation,
    Region,
    Slot,
    next_id,
)
from workbench.model.prepared import world_placement
from workbench.model.source import Source

Edit = Callable[[Comparison], Comparison]


REGION_COLOURS = 8
"""How many colours regions take in turn."""


def set_source(source: Source | None) -> Edit:
    """Another picture under the same methods; pins, regions, lines and bookmarks stay if it has the same shape."""

    def edit(value: Comparison) -> Comparison:
        new = replace(value, source=source, lesson=None)
        same = source is not None and value.source is not None and source.shape == value.source.shape
        return new if same else replace(new, pins=(), regions=(), lines=(), bookmarks=())

    return edit


def set_preparation(preparation: Preparation) -> Edit:
    """Another preparation; regions, lines and bookmarks go on standing on the same part of the picture."""

    def edit(value: Comparison) -> Comparison:
        new = replace(value, preparation=preparation)
        if value.source is None or not (value.regions or value.lines or value.bookmarks):
            return new
        old_world = world_placement(value.preparation, value.source)
        new_world = world_placement(preparation, value.source)
        if old_world is None or new_world is None or old_world == new_world:
            return new
        return _carried(new, new_world.inverse().then(old_world))

    return edit


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
        return replace(value, pins=(*value.pins, pin)) if _pictured(value, pin) else value

    return edit


def move_pin(index: int, pin: Pin) -> Edit:
    """The pin of this number, counted from 0, at another pixel; onto another pin it does not go."""

    def edit(value: Comparison) -> Comparison:
        if not (0 <= index < len(value.pins)) or pin in value.pins or not _pictured(value, pin):
            return value
        return replace(value, pins=(*value.pins[:index], pin, *value.pins[index + 1 :]))

    return edit


def remove_pin(index: int) -> Edit:
    """Without the pin of this number, counted from 0; those behind it move up."""

    def edit(value: Comparison) -> Comparison:
        if not 0 <= index < len(value.pins):
            return value
        return replace(value, pins=(*value.pins[:index], *value.pins[index + 1 :]))

    return edit


def add_region(rect: Rect, name: str = "", colour: int | None = None) -> Edit:
    """A region at the end of the list, under a name and in a colour that no other has, as far as there are enough."""

    def edit(value: Comparison) -> Comparison:
        if not _holds_area(rect):
            return value
        id = next_id((region.id for region in value.regions), "g")
        region = Region(id, name or f"Region {id[1:]}", _free_colour(value) if colour is None else colour, *rect)
        return replace(value, regions=(*value.regions, region))

    return edit


def move_region(id: str, rect: Rect) -> Edit:
    """The region at another place, perhaps of another size."""
    top, left, bottom, right = rect
    if not _holds_area(rect):
        return lambda value: value
    return _on_region(id, top=top, left=left, bottom=bottom, right=right)


def rename_region(id: str, name: str) -> Edit:
    """An empty name changes nothing."""
    return _on_region(id, name=name.strip()) if name.strip() else lambda value: value


def recolour_region(id: str, colour: int) -> Edit:
    """Another of the colours of regions, by its index."""
    return _on_region(id, colour=colour % REGION_COLOURS)


def remove_region(id: str) -> Edit:
    return lambda value: replace(value, regions=tuple(region for region in value.regions if region.id != id))


def add_line(y0: float, x0: float, y1: float, x1: float, width: float = 0.0) -> Edit:
    """A line at the end of the list; one without length changes nothing."""

    def edit(value: Comparison) -> Comparison:
        if (y0, x0) == (y1, x1):
            return value
        id = next_id((line.id for line in value.lines), "l")
        return replace(value, lines=(*value.lines, Line(id, y0, x0, y1, x1, width)))

    return edit


def move_line(id: str, y0: float, x0: float, y1: float, x1: float) -> Edit:
    """The line between other ends; a place without length changes nothing."""
    return _on_line(id, y0=y0, x0=x0, y1=y1, x1=x1) if (y0, x0) != (y1, x1) else lambda value: value


def set_line_width(id: str, width: float) -> Edit:
    """Values are averaged across so many source pixels."""
    return _on_line(id, width=max(0.0, width))


def remove_line(id: str) -> Edit:
    return lambda value: replace(value, lines=tuple(line for line in value.lines if line.id != id))


def add_bookmark(name: str, y: float, x: float, zoom: float) -> Edit:
    """A camera under a name; a name that is taken gets the new place."""

    def edit(value: Comparison) -> Comparison:
        made = Bookmark(name, y, x, zoom)
        if any(bookmark.name == name for bookmark in value.bookmarks):
            kept = tuple(made if bookmark.name == name else bookmark for bookmark in value.bookmarks)
            return replace(value, bookmarks=kept)
        return replace(value, bookmarks=(*value.bookmarks, made))

    return edit


def remove_bookmark(name: str) -> Edit:
    return lambda value: replace(value, bookmarks=tuple(kept for kept in value.bookmarks if kept.name != name))


def _pictured(value: Comparison, pin: Pin) -> bool:
    """Whether the document has the picture that a pin is a pixel of."""
    return pin.slot in (SOURCE, ORIGINAL) or value.slot(pin.slot) is not None


def _free_colour(value: Comparison) -> int:
    """The first colour that fewest regions have."""
    counts = [sum(region.colour == colour for region in value.regions) for colour in range(REGION_COLOURS)]
    return counts.index(min(counts))


def _holds_area(rect: Rect) -> bool:
    top, left, bottom, right = rect
    return top < bottom and left < right


def _carried(value: Comparison, way: Placement) -> Comparison:
    """What stands in the world, in another world: ``way`` places the old one in the new one's source pixels."""
    (dy, dx), (y, x) = way.step, way.offset
    regions = tuple(
        replace(one, top=y + dy * one.top, left=x + dx * one.left, bottom=y + dy * one.bottom, right=x + dx * one.right)
        for one in value.regions
    )
    lines = tuple(
        replace(
            one, y0=y + dy * one.y0, x0=x + dx * one.x0, y1=y + dy * one.y1, x1=x + dx * one.x1, width=one.width * dx
        )
        for one in value.lines
    )
    bookmarks = tuple(replace(one, y=y + dy * one.y, x=x + dx * one.x, zoom=one.zoom / dx) for one in value.bookmarks)
    return replace(value, regions=regions, lines=lines, bookmarks=bookmarks)


def _on_region(id: str, **changes: Any) -> Edit:
    def edit(value: Comparison) -> Comparison:
        if value.region(id) is None:
            return value
        regions = tuple(replace(region, **changes) if region.id == id else region for region in value.regions)
        return replace(value, regions=regions)

    return edit


def _on_line(id: str, **changes: Any) -> Edit:
    def edit(value: Comparison) -> Comparison:
        if value.line(id) is None:
            return value
        return replace(value, lines=tuple(replace(line, **changes) if line.id == id else line for line in value.lines))

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
