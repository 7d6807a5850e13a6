"""Takes the JSON of a session file apart: every value is checked, and what is wrong is said with its place."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, get_args

from workbench.kernels import registry
from workbench.kernels.errors import ImageOpenError, ParameterError, SessionFileError
from workbench.kernels.method import Method
from workbench.model.document import (
    ORIGINAL,
    SOURCE,
    AlphaRule,
    Bookmark,
    Comparison,
    Layout,
    Lesson,
    Light,
    Line,
    Pin,
    Preparation,
    Region,
    Show,
    Slot,
    View,
)
from workbench.model.samples import from_origin
from workbench.model.source import Source

SCHEMA = 1
MAX_SLOTS = 256
MAX_ROWS = 1024
_SIDES = ("top", "left", "bottom", "right")

WRITTEN: dict[str, tuple[str, ...]] = {
    "": (
        "schema",
        "application",
        "versions",
        "source",
        "preparation",
        "slots",
        "reference",
        "pins",
        "regions",
        "lines",
        "bookmarks",
        "lesson",
        "view",
        "look",
        "look_history",
        "history",
    ),
    "preparation": ("method", "light", "alpha"),
    "slots": ("id", "method", "name", "hidden"),
    "lesson": ("title", "text", "verify"),
    "view": ("layout", "show", "docks", "zoom", "centre", "selected", "probe"),
}


T = TypeVar("T")


class Reader:
    """Takes JSON apart; whatever has the wrong type is said with its place."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fail(self, place: str, rule: str) -> SessionFileError:
        return SessionFileError(self.path, f"is damaged: {place} {rule}")

    def object(self, value: Any, place: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.fail(place, "must be an object")
        return value

    def list(self, value: Any, place: str) -> list[Any]:
        if not isinstance(value, list):
            raise self.fail(place, "must be a list")
        return value

    def text(self, value: Any, place: str) -> str:
        if not isinstance(value, str):
            raise self.fail(place, "must be a text")
        return value

    def index(self, value: Any, place: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
            raise self.fail(place, "must be a whole number from 0")
        return value

    def number(self, value: Any, place: str) -> float:
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value):
            raise self.fail(place, "must be a number")
        return float(value)

    def flag(self, value: Any, place: str) -> bool:
        if not isinstance(value, bool):
            raise self.fail(place, "must be true or false")
        return value

    def choice(self, value: Any, choices: Any, place: str) -> Any:
        allowed = get_args(choices)
        if value not in allowed:
            raise self.fail(place, f"must be one of {', '.join(allowed)}")
        return value

    def method(self, value: Any, place: str) -> Method:
        try:
            return registry.from_dict(self.object(value, place))
        except ParameterError as error:
            raise SessionFileError(self.path, f"holds a method that cannot be used, {place}: {error}") from error

    def optional(self, value: Any, read: Callable[[Any, str], T], place: str) -> T | None:
        return None if value is None else read(value, place)


def read_comparison(reader: Reader, data: Any) -> Comparison:
    data = reader.object(data, "the file")
    schema = data.get("schema")
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
        raise SessionFileError(reader.path, "is no session file: it names no schema")
    if schema > SCHEMA:
        raise SessionFileError(
            reader.path, f"was written by a newer version: schema {schema}, this one reads up to {SCHEMA}"
        )
    slots = _slots(reader, data.get("slots", []))
    ids = {slot.id for slot in slots}
    reference = reader.text(data.get("reference", ORIGINAL), "reference")
    if reference != ORIGINAL and reference not in ids:
        raise reader.fail("reference", f"must be {ORIGINAL} or a slot's id")
    source = reader.optional(data.get("source"), reader.object, "source")
    return Comparison(
        source=None if source is None else _source(reader, source),
        preparation=_preparation(reader, data.get("preparation", {})),
        slots=slots,
        reference=reference,
        pins=_pins(reader, data.get("pins", []), ids),
        regions=_regions(reader, data.get("regions", [])),
        lines=_lines(reader, data.get("lines", [])),
        bookmarks=_bookmarks(reader, data.get("bookmarks", [])),
        lesson=_lesson(reader, data.get("lesson")),
        view=_view(reader, data.get("view", {}), ids),
        unknown=unknown_of(data),
    )


def _source(reader: Reader, origin: dict[str, Any]) -> Source:
    if "file" in origin:
        # Written with "/" on every system.
        origin = {**origin, "file": str(Path(reader.text(origin["file"], "source.file")))}
        if "\0" in origin["file"]:
            raise reader.fail("source.file", "must be a path")
    try:
        return from_origin(origin, reader.path.parent)
    except ImageOpenError:
        raise
    except (ValueError, TypeError, OverflowError) as error:
        raise reader.fail("source", "must say where the picture comes from") from error


def _preparation(reader: Reader, value: Any) -> Preparation:
    data = reader.object(value, "preparation")
    return Preparation(
        reader.optional(data.get("method"), reader.method, "preparation"),
        reader.choice(data.get("light", "encoded"), Light, "preparation.light"),
        reader.choice(data.get("alpha", "ignore"), AlphaRule, "preparation.alpha"),
    )


def _slots(reader: Reader, value: Any) -> tuple[Slot, ...]:
    rows = reader.list(value, "slots")
    if len(rows) > MAX_SLOTS:
        raise reader.fail("slots", f"must be at most {MAX_SLOTS}")
    slots: list[Slot] = []
    for number, row in enumerate(rows, 1):
        place = f"slot {number}"
        data = reader.object(row, place)
        id = reader.text(data.get("id"), f"{place}, id")
        if not id.isidentifier() or id in (SOURCE, ORIGINAL) or any(slot.id == id for slot in slots):
            raise reader.fail(f"{place}, id", f"must be a word of its own, not {id!r}")
        name = reader.optional(data.get("name"), reader.text, f"{place}, name")
        hidden = reader.flag(data.get("hidden", False), f"{place}, hidden")
        slots.append(Slot(id, reader.method(data.get("method"), place), name or None, hidden))
    return tuple(slots)


def _pins(reader: Reader, value: Any, ids: set[str]) -> tuple[Pin, ...]:
    pins = []
    for number, row in enumerate(reader.list(value, "pins"), 1):
        place = f"pin {number}"
        data = reader.object(row, place)
        slot = reader.text(data.get("slot"), f"{place}, slot")
        if slot not in (SOURCE, ORIGINAL) and slot not in ids:
            raise reader.fail(f"{place}, slot", f"must be {SOURCE}, {ORIGINAL} or a slot's id")
        pins.append(Pin(slot, reader.index(data.get("row"), place), reader.index(data.get("col"), place)))
    return tuple(pins)


def _regions(reader: Reader, value: Any) -> tuple[Region, ...]:
    regions: list[Region] = []
    for number, row in enumerate(_rows(reader, value, "regions"), 1):
        place = f"region {number}"
        data = reader.object(row, place)
        id = _own_id(reader, data, place, [region.id for region in regions])
        top, left, bottom, right = (reader.number(data.get(side), f"{place}, {side}") for side in _SIDES)
        if top >= bottom or left >= right:
            raise reader.fail(place, "must have a height and a width")
        name, colour = reader.text(data.get("name", ""), place), reader.index(data.get("colour", 0), place)
        regions.append(Region(id, name, colour, top, left, bottom, right))
    return tuple(regions)


def _lines(reader: Reader, value: Any) -> tuple[Line, ...]:
    lines: list[Line] = []
    for number, row in enumerate(_rows(reader, value, "lines"), 1):
        place = f"line {number}"
        data = reader.object(row, place)
        id = _own_id(reader, data, place, [line.id for line in lines])
        y0, x0, y1, x1 = (reader.number(data.get(end), f"{place}, {end}") for end in ("y0", "x0", "y1", "x1"))
        width = reader.number(data.get("width", 0), f"{place}, width")
        if width < 0:
            raise reader.fail(f"{place}, width", "must be 0 or more")
        lines.append(Line(id, y0, x0, y1, x1, width))
    return tuple(lines)


def _bookmarks(reader: Reader, value: Any) -> tuple[Bookmark, ...]:
    found = []
    for number, row in enumerate(_rows(reader, value, "bookmarks"), 1):
        place = f"bookmark {number}"
        data = reader.object(row, place)
        y, x, zoom = (reader.number(data.get(key), f"{place}, {key}") for key in ("y", "x", "zoom"))
        if zoom <= 0:
            raise reader.fail(f"{place}, zoom", "must be above 0")
        found.append(Bookmark(reader.text(data.get("name"), place), y, x, zoom))
    return tuple(found)


def _rows(reader: Reader, value: Any, place: str) -> list[Any]:
    rows = reader.list(value, place)
    if len(rows) > MAX_ROWS:
        raise reader.fail(place, f"must be at most {MAX_ROWS}")
    return rows


def _own_id(reader: Reader, data: dict[str, Any], place: str, taken: list[str]) -> str:
    id = reader.text(data.get("id"), f"{place}, id")
    if not id.isidentifier() or id in taken:
        raise reader.fail(f"{place}, id", f"must be a word of its own, not {id!r}")
    return id


def _lesson(reader: Reader, value: Any) -> Lesson | None:
    if value is None:
        return None
    data = reader.object(value, "lesson")
    title, text, verify = (
        reader.text(data.get(key, ""), f"lesson.{key}") for key in ("title", "text", "verify")
    )  # fmt: skip
    return Lesson(title, text, verify)


def _view(reader: Reader, value: Any, ids: set[str]) -> View:
    data = reader.object(value, "view")
    docks = [reader.text(dock, "view.docks") for dock in reader.list(data.get("docks", ["provenance"]), "view.docks")]
    zoom = reader.optional(data.get("zoom"), reader.number, "view.zoom")
    if zoom is not None and zoom <= 0:
        raise reader.fail("view.zoom", "must be above 0")
    centre = reader.optional(data.get("centre"), reader.list, "view.centre")
    if centre is not None and len(centre) != 2:
        raise reader.fail("view.centre", "must be two numbers")
    probe = reader.optional(data.get("probe"), reader.list, "view.probe")
    if probe is not None and (len(probe) != 2 or not all(type(one) is int for one in probe)):
        raise reader.fail("view.probe", "must be two whole numbers")
    selected = reader.optional(data.get("selected"), reader.text, "view.selected")
    return View(
        layout=reader.choice(data.get("layout", "grid"), Layout, "view.layout"),
        show=reader.choice(data.get("show", "images"), Show, "view.show"),
        docks=tuple(docks),
        zoom=zoom,
        centre=None if centre is None else (reader.number(centre[0], "view.centre"), reader.number(centre[1], "view")),
        selected=selected if selected == SOURCE or selected in ids else None,
        probe=None if probe is None else (probe[0], probe[1]),
    )


def unknown_of(data: dict[str, Any]) -> str:
    """Everything the file says that this version does not read, as JSON; slots by their id."""
    unknown: dict[str, Any] = {}
    for place, known in WRITTEN.items():
        part = data if place == "" else data.get(place)
        rows = part if isinstance(part, list) else [part]
        for row in rows:
            if isinstance(row, dict) and (rest := {key: row[key] for key in row if key not in known}):
                unknown[f"slots/{row['id']}" if place == "slots" else place] = rest
    return json.dumps(unknown, sort_keys=True) if unknown else ""
