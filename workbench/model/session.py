"""The document that is open, and the way back: undo, redo, one signal."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from psygnal import Signal

from workbench.model.document import Comparison
from workbench.model.edits import Edit

MAX_STEPS = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the history: what was done, and what was there before."""

    label: str
    before: Comparison
    merge: str | None = None


@dataclass(frozen=True, slots=True)
class History:
    """Steps back, the last one last, and steps forth."""

    done: tuple[Step, ...] = ()
    undone: tuple[Step, ...] = ()


class Session:
    """Holds the current `Comparison`; every change goes through `do`.

    ``changed(new, old)`` carries whole immutable values; a subscriber asks which parts are not the same object.
    """

    changed = Signal(Comparison, Comparison)
    saved_changed = Signal()

    def __init__(self, comparison: Comparison | None = None) -> None:
        self._value = comparison or Comparison()
        self._saved = self._value
        self._path: Path | None = None
        self._done: list[Step] = []
        self._undone: list[Step] = []

    @property
    def value(self) -> Comparison:
        return self._value

    @property
    def path(self) -> Path | None:
        """The file it was opened from or saved to."""
        return self._path

    @property
    def dirty(self) -> bool:
        """Whether closing would lose work."""
        return self._value is not self._saved

    @property
    def undo_label(self) -> str | None:
        """What undo would take back, or None."""
        return self._done[-1].label if self._done else None

    @property
    def redo_label(self) -> str | None:
        return self._undone[-1].label if self._undone else None

    @property
    def history(self) -> History:
        """All steps there are."""
        return History(tuple(self._done), tuple(self._undone))

    def do(self, label: str, edit: Edit, *, merge: str | None = None) -> None:
        """Apply an edit as one step of the history.

        Parameters
        ----------
        label : str
            As in "Undo ‹label›".
        edit : callable
            Comparison → Comparison; returning the same object is no step.
        merge : str, optional
            Steps that follow each other with the same key become one: the turns of one spin box.
        """
        old = self._value
        new = edit(old)
        if new is old or new == old:
            return
        last = self._done[-1] if self._done else None
        if not (merge and last and last.merge == merge and not self._undone and old is not self._saved):
            self._done.append(Step(label, old, merge))
            del self._done[:-MAX_STEPS]
        self._undone.clear()
        self._set(new)

    def undo(self) -> None:
        """Take the last step back; nothing if there is none."""
        self._walk(self._done, self._undone)

    def redo(self) -> None:
        self._walk(self._undone, self._done)

    def load(self, comparison: Comparison, path: Path | None = None, history: History | None = None) -> None:
        """Another document, with the history it brings along."""
        self._done = list(history.done) if history else []
        self._undone = list(history.undone) if history else []
        self._saved = comparison
        self._path = path
        self._set(comparison)
        self.saved_changed.emit()

    def mark_saved(self, path: Path) -> None:
        """The current value stands in this file now."""
        self._saved = self._value
        self._path = path
        self.saved_changed.emit()

    def _walk(self, back: list[Step], forth: list[Step]) -> None:
        if back:
            step = back.pop()
            forth.append(Step(step.label, self._value))
            self._set(step.before)

    def _set(self, new: Comparison) -> None:
        old, self._value = self._value, new
        self.changed.emit(new, old)
