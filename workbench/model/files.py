"""Session files: a comparison as JSON that people can read, and that later versions can still open.

::

    {"schema": 1, "application": …, "versions": {…},
     "source": {"file": "cat.png", "size": 240512, "sha256": "…", "name": "cat.png"},
     "preparation": {"method": {"method": "down", "factor": 4, "record": true}, "light": "encoded", "alpha": "ignore"},
     "slots": [{"id": "s1", "method": {"method": "nearest", "scale": 4}, "name": null, "hidden": false}],
     "reference": "original", "pins": [{"slot": "s1", "row": 3, "col": 0}],
     "lesson": {"title": …, "text": …, "verify": …}, "view": {"layout": "grid", …}}

Data only: ids and numbers, no class paths, nothing that is run. Pictures stand outside, by relative path, size and
digest; kernels and indices stand inside. Keys that this version does not know are kept and written back.
"""

from __future__ import annotations

import copy
import json
import math
import os
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, get_args

import numpy as np

from workbench.kernels import registry
from workbench.kernels.errors import ImageOpenError, ParameterError, SessionFileError, WorkbenchError
from workbench.kernels.method import Method
from workbench.model.atomic import atomic_write
from workbench.model.document import (
    ORIGINAL,
    SOURCE,
    AlphaRule,
    Comparison,
    Layout,
    Lesson,
    Light,
    Pin,
    Preparation,
    Show,
    Slot,
    View,
)
from workbench.model.samples import from_origin
from workbench.model.source import Source

SCHEMA = 1
SUFFIX = ".upsampling.json"
APPLICATION = "Upsampling Comparison Workbench"
MAX_BYTES = 512 * 1024 * 1024
MAX_SLOTS = 256

_WRITTEN: dict[str, tuple[str, ...]] = {
    "": ("schema", "application", "versions", "source", "preparation", "slots", "reference", "pins", "lesson", "view"),
    "preparation": ("method", "light", "alpha"),
    "slots": ("id", "method", "name", "hidden"),
    "lesson": ("title", "text", "verify"),
    "view": ("layout", "show", "docks", "zoom", "centre", "selected", "probe"),
}

T = TypeVar("T")


def save_session(path: str | Path, comparison: Comparison) -> None:
    """Write a comparison; the file that stood there before is replaced only when the new one is complete.

    Raises
    ------
    SessionFileError
        If the file cannot be written.
    """
    target = Path(path)
    text = json.dumps(to_data(comparison, target.parent), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    try:
        with atomic_write(target) as temporary:
            temporary.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SessionFileError(target, f"could not be written: {error.strerror or error}") from error


def load_session(path: str | Path) -> Comparison:
    """Read a comparison and open its picture.

    Raises
    ------
    SessionFileError
        If the file is no session, is damaged, or was written by a newer version.
    ImageOpenError
        If its picture is missing or cannot be read; a picture that only changed gets a badge.
    """
    file = Path(path)
    try:
        if file.stat().st_size > MAX_BYTES:
            raise SessionFileError(file, f"is larger than {MAX_BYTES >> 20} MB, which no session is")
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SessionFileError(file, "is no session file: it is not text") from error
    except OSError as error:
        raise SessionFileError(file, f"could not be read: {error.strerror or error}") from error
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise SessionFileError(file, "is no session file: it is not valid JSON") from error
    return from_data(data, file)


def to_data(comparison: Comparison, folder: Path | None = None) -> dict[str, Any]:
    """A comparison as JSON.

    Parameters
    ----------
    folder : Path, optional
        Where the path of the picture starts; without one only the picture's file name is written.
    """
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "application": APPLICATION,
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "source": None if comparison.source is None else _origin(comparison.source, folder),
        "preparation": {
            "method": _method_data(comparison.preparation.method),
            "light": comparison.preparation.light,
            "alpha": comparison.preparation.alpha,
        },
        "slots": [
            {"id": slot.id, "method": _method_data(slot.method), "name": slot.name, "hidden": slot.hidden}
            for slot in comparison.slots
        ],
        "reference": comparison.reference,
        "pins": [{"slot": pin.slot, "row": pin.row, "col": pin.col} for pin in comparison.pins],
    }
    if comparison.lesson is not None:
        lesson = comparison.lesson
        data["lesson"] = {"title": lesson.title, "text": lesson.text, "verify": lesson.verify}
    view = comparison.view
    data["view"] = {
        "layout": view.layout,
        "show": view.show,
        "docks": list(view.docks),
        "zoom": view.zoom,
        "centre": None if view.centre is None else list(view.centre),
        "selected": view.selected,
        "probe": None if view.probe is None else list(view.probe),
    }
    return _with_unknown(data, comparison.unknown)


def from_data(data: Any, path: Path) -> Comparison:
    """The comparison that :func:`to_data` made; pictures are looked for beside ``path``.

    Raises
    ------
    SessionFileError, ImageOpenError
        As :func:`load_session`.
    """
    try:
        return _comparison(_Reader(path), data)
    except WorkbenchError:
        raise
    except (ValueError, TypeError, OverflowError, ArithmeticError, RecursionError, MemoryError) as error:
        # The last net: numbers that are absurd in a way nobody thought of.
        raise SessionFileError(path, "is damaged: it holds values that cannot be used") from error


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is not JSON")


class _Reader:
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


def _comparison(reader: _Reader, data: Any) -> Comparison:
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
        lesson=_lesson(reader, data.get("lesson")),
        view=_view(reader, data.get("view", {}), ids),
        unknown=_unknown_of(data),
    )


def _source(reader: _Reader, origin: dict[str, Any]) -> Source:
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


def _preparation(reader: _Reader, value: Any) -> Preparation:
    data = reader.object(value, "preparation")
    return Preparation(
        reader.optional(data.get("method"), reader.method, "preparation"),
        reader.choice(data.get("light", "encoded"), Light, "preparation.light"),
        reader.choice(data.get("alpha", "ignore"), AlphaRule, "preparation.alpha"),
    )


def _slots(reader: _Reader, value: Any) -> tuple[Slot, ...]:
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


def _pins(reader: _Reader, value: Any, ids: set[str]) -> tuple[Pin, ...]:
    pins = []
    for number, row in enumerate(reader.list(value, "pins"), 1):
        place = f"pin {number}"
        data = reader.object(row, place)
        slot = reader.text(data.get("slot"), f"{place}, slot")
        if slot != SOURCE and slot not in ids:
            raise reader.fail(f"{place}, slot", f"must be {SOURCE} or a slot's id")
        pins.append(Pin(slot, reader.index(data.get("row"), place), reader.index(data.get("col"), place)))
    return tuple(pins)


def _lesson(reader: _Reader, value: Any) -> Lesson | None:
    if value is None:
        return None
    data = reader.object(value, "lesson")
    title, text, verify = (
        reader.text(data.get(key, ""), f"lesson.{key}") for key in ("title", "text", "verify")
    )  # fmt: skip
    return Lesson(title, text, verify)


def _view(reader: _Reader, value: Any, ids: set[str]) -> View:
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


def _method_data(method: Method | None) -> dict[str, Any] | None:
    return None if method is None else method.to_dict()


def _origin(source: Source, folder: Path | None) -> dict[str, Any]:
    origin = dict(source.origin)
    if "file" in origin:
        file = Path(origin["file"])
        try:
            origin["file"] = Path(file.name if folder is None else os.path.relpath(file, folder.resolve())).as_posix()
        except ValueError:  # on another drive there is no relative path
            origin["file"] = file.as_posix()
    return origin


def _unknown_of(data: dict[str, Any]) -> str:
    """Everything the file says that this version does not read, as JSON; slots by their id."""
    unknown: dict[str, Any] = {}
    for place, known in _WRITTEN.items():
        part = data if place == "" else data.get(place)
        rows = part if isinstance(part, list) else [part]
        for row in rows:
            if isinstance(row, dict) and (rest := {key: row[key] for key in row if key not in known}):
                unknown[f"slots/{row['id']}" if place == "slots" else place] = rest
    return json.dumps(unknown, sort_keys=True) if unknown else ""


def _with_unknown(data: dict[str, Any], text: str) -> dict[str, Any]:
    places = {"": data, **{key: value for key, value in data.items() if isinstance(value, dict)}}
    places |= {f"slots/{row['id']}": row for row in data["slots"]}
    for place, rest in (json.loads(text) if text else {}).items():
        if place in places:
            places[place].update(copy.deepcopy(rest))
    return data
