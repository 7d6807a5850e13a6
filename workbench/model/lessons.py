"""Sessions that teach one thing each: the article's worked examples, with the number a student verifies."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from workbench.kernels.errors import SessionFileError
from workbench.model.document import Comparison, Lesson
from workbench.model.files import load_session
from workbench.model.resources import resource

ORDER = (
    "article-conv",
    "article-deconv",
    "article-not-inverse",
    "article-max-unpool",
    "article-avg-unpool",
    "article-nearest",
    "article-linear",
)
"""Those that come first in the menu, as the article tells them; others follow by name."""

_VERIFY = re.compile(r"y\[(\d+), (\d+)\] = (-?\d+(?:\.\d+|/\d+)?)")


@dataclass(frozen=True, slots=True)
class LessonEntry:
    """A lesson as a menu shows it."""

    id: str
    title: str
    path: Path


@dataclass(frozen=True, slots=True)
class Verified:
    """The number a student verifies: output pixel (row, col) of the pinned slot, and its exact value."""

    row: int
    col: int
    value: Fraction


def all_lessons() -> tuple[LessonEntry, ...]:
    """Every shipped lesson, the article's in its own order first."""
    paths = {path.stem: path for path in resource("lessons").glob("*.json")}
    ordered = [id for id in ORDER if id in paths] + sorted(set(paths) - set(ORDER))
    return tuple(LessonEntry(id, _title(paths[id]), paths[id]) for id in ordered)


def load_lesson(id: str) -> Comparison:
    """A lesson, ready to be opened.

    Raises
    ------
    SessionFileError
        If there is no such lesson.
    """
    for entry in all_lessons():
        if entry.id == id:
            return load_session(entry.path)
    known = ", ".join(entry.id for entry in all_lessons())
    raise SessionFileError(id, f"there is no such lesson; there are {known}")


def verified(lesson: Lesson) -> Verified | None:
    """What ``lesson.verify`` says, "y[1, 2] = 58/9", as numbers; None if it says nothing of the kind."""
    match = _VERIFY.match(lesson.verify)
    return None if match is None else Verified(int(match[1]), int(match[2]), Fraction(match[3]))


def _title(path: Path) -> str:
    # The title alone: listing lessons must not open their pictures.
    try:
        title = json.loads(path.read_text(encoding="utf-8"))["lesson"]["title"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SessionFileError(path, "is damaged: it has no title") from error
    return str(title)
