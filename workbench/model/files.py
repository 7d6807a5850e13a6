"""Session files: a comparison as JSON that people can read, and that later versions can still open.

::

    {"schema": 1, "application": …, "versions": {…},
     "source": {"file": "cat.png", "size": 240512, "sha256": "…", "name": "cat.png"},
     "preparation": {"method": {"method": "down", "factor": 4, "record": true}, "light": "encoded", "alpha": "ignore"},
     "slots": [{"id": "s1", "method": {"method": "nearest", "scale": 4}, "name": null, "hidden": false}],
     "reference": "original", "pins": [{"slot": "s1", "row": 3, "col": 0}],
     "regions": [{"id": "g1", "name": "eye", "colour": 0, "top": 20, "left": 31, "bottom": 44, "right": 60}],
 "lines": […], "bookmarks": […],
 "lesson": {"title": …, "text": …, "verify": …}, "view": {"layout": "grid", …},
 "look": {"camera": {…}, …}, "look_history": […], "history": {"done": [{"label": "Add Bicubic", "before": {…}}], …}}

Data only: ids and numbers, no class paths, nothing that is run. Pictures stand outside, by relative path, size and
digest; kernels and indices stand inside. Keys that this version does not know are kept and written back.
"""

from __future__ import annotations

import copy
import json
import os
import platform
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from workbench.kernels.errors import SessionFileError, WorkbenchError
from workbench.kernels.method import Method
from workbench.model.atomic import atomic_write
from workbench.model.document import Comparison
from workbench.model.file_reader import SCHEMA, Reader, read_comparison
from workbench.model.session import History, Step
from workbench.model.source import Source
from workbench.model.view_data import view_from_data, view_to_data
from workbench.model.view_state import ViewValue

SUFFIX = ".upsampling.json"
APPLICATION = "Upsampling Comparison Workbench"
MAX_BYTES = 512 * 1024 * 1024
MAX_STEPS = 100
"""So many steps of undo are written; older ones are left out."""


@dataclass(frozen=True, slots=True)
class SavedSession:
    """Everything a session file holds.

    Parameters
    ----------
    comparison : Comparison
    history : History
        Steps to undo and redo, on this picture.
    look : ViewValue, optional
        How it was looked at.
    look_history : object
        What `ViewHistory` wrote.
    """

    comparison: Comparison
    history: History = field(default_factory=History)
    look: ViewValue | None = None
    look_history: Any = None


def save_session(path: str | Path, saved: SavedSession | Comparison) -> None:
    """Write a comparison; the file that stood there before is replaced only when the new one is complete.

    Raises
    ------
    SessionFileError
        If the file cannot be written.
    """
    target = Path(path)
    whole = SavedSession(saved) if isinstance(saved, Comparison) else saved
    data = {**to_data(whole.comparison, target.parent), **_memory(whole)}
    text = json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    try:
        with atomic_write(target) as temporary:
            temporary.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SessionFileError(target, f"could not be written: {error.strerror or error}") from error


def load_session(path: str | Path) -> Comparison:
    """The comparison of a session file, without how it was made and looked at; see `load_saved`."""
    return load_saved(path).comparison


def load_saved(path: str | Path) -> SavedSession:
    """Read a session file and open its picture.

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
    comparison = from_data(data, file)
    look = view_from_data(data["look"]) if isinstance(data.get("look"), dict) else None
    return SavedSession(comparison, _history(data.get("history"), comparison, file), look, data.get("look_history"))


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
        "pins": [asdict(pin) for pin in comparison.pins],
        "regions": [asdict(region) for region in comparison.regions],
        "lines": [asdict(line) for line in comparison.lines],
        "bookmarks": [asdict(bookmark) for bookmark in comparison.bookmarks],
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
        return read_comparison(Reader(path), data)
    except WorkbenchError:
        raise
    except (ValueError, TypeError, OverflowError, ArithmeticError, RecursionError, MemoryError) as error:
        # The last net: numbers that are absurd in a way nobody thought of.
        raise SessionFileError(path, "is damaged: it holds values that cannot be used") from error


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is not JSON")


def _memory(saved: SavedSession) -> dict[str, Any]:
    """How a comparison was made and looked at; nothing where there is nothing to tell."""
    data: dict[str, Any] = {}
    if saved.look is not None:
        data["look"] = view_to_data(saved.look)
    if saved.look_history:
        data["look_history"] = saved.look_history
    if saved.history.done or saved.history.undone:
        source = saved.comparison.source
        data["history"] = {
            name: [_step_data(step) for step in _same_picture(steps, source)]
            for name, steps in (("done", saved.history.done), ("undone", saved.history.undone))
        }
    return data


def _same_picture(steps: tuple[Step, ...], source: Source | None) -> tuple[Step, ...]:
    """The last steps that are about this picture: what was before another one was opened cannot be written."""
    kept: list[Step] = []
    for step in reversed(steps[-MAX_STEPS:]):
        if step.before.source is not source:
            break
        kept.insert(0, step)
    return tuple(kept)


def _step_data(step: Step) -> dict[str, Any]:
    before = to_data(replace(step.before, source=None))
    for name in ("application", "versions", "source"):
        del before[name]
    return {"label": step.label, "merge": step.merge, "before": before}


def _history(data: Any, comparison: Comparison, path: Path) -> History:
    """Steps to undo and redo; a history that cannot be read is left out, since no work is lost with it."""
    if not isinstance(data, dict):
        return History()
    try:
        done, undone = (_steps(data.get(name, []), comparison, path) for name in ("done", "undone"))
    except (WorkbenchError, ValueError, TypeError, OverflowError, ArithmeticError, RecursionError):
        return History()
    return History(done, undone)


def _steps(rows: Any, comparison: Comparison, path: Path) -> tuple[Step, ...]:
    reader, steps = Reader(path), []
    for row in reader.list(rows, "history")[:MAX_STEPS]:
        data = reader.object(row, "history")
        before = replace(read_comparison(reader, data.get("before")), source=comparison.source)
        merge = reader.optional(data.get("merge"), reader.text, "history")
        steps.append(Step(reader.text(data.get("label"), "history"), before, merge))
    return tuple(steps)


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


def _with_unknown(data: dict[str, Any], text: str) -> dict[str, Any]:
    places = {"": data, **{key: value for key, value in data.items() if isinstance(value, dict)}}
    places |= {f"slots/{row['id']}": row for row in data["slots"]}
    for place, rest in (json.loads(text) if text else {}).items():
        if place in places:
            places[place].update(copy.deepcopy(rest))
    return data
