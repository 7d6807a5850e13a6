"""Where one has looked: back and forward over camera, ranges, maps and the rest of the look, apart from undo.

An unlucky refit or jump is one key away, and never mixes with edits. Moves that follow each other closely are one step;
what is only seen for the moment, and which panels are open, belong to neither history.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from psygnal import Signal

from workbench.model.view_data import view_from_data, view_to_data
from workbench.model.view_state import MAX_ZOOM, MIN_ZOOM, Camera, Placing, ViewState, ViewValue

KEPT = (
    "camera",
    "placing",
    "image_range",
    "difference_range",
    "own_ranges",
    "image_tone",
    "difference_tone",
    "image_map",
    "difference_map",
    "difference",
    "expression",
    "epsilon",
    "channel",
    "channel_view",
)
"""The knobs that back and forward turn."""
MERGE_WITHIN = 0.5
"""Seconds between two moves of the same knobs that are one step."""
MAX_STEPS = 200
MAX_WRITTEN = 50

Look = dict[str, Any]


class ViewHistory:
    """Remembers each look that was left.

    Parameters
    ----------
    view : ViewState
    clock : callable
        Seconds; only differences count.
    """

    changed = Signal()
    """Whether there is a way back or forward has changed."""

    def __init__(self, view: ViewState, clock: Callable[[], float] = time.monotonic) -> None:
        self._view = view
        self._clock = clock
        self._past: list[Look] = []
        self._future: list[Look] = []
        self._moved: tuple[frozenset[str], float] | None = None
        self._recording = True
        view.changed.connect(self._on_change)

    @property
    def can_back(self) -> bool:
        return bool(self._past)

    @property
    def can_forward(self) -> bool:
        return bool(self._future)

    def back(self) -> None:
        """To the look before; nothing if there is none."""
        self._walk(self._past, self._future)

    def forward(self) -> None:
        self._walk(self._future, self._past)

    def begin(self) -> None:
        """Another document: nothing was looked at yet, and nothing is remembered until it has settled."""
        self._recording = False
        self._put([], [])

    def settle(self) -> None:
        """The document is on screen as it first wants to be seen: what changes from now on was somebody's act."""
        self._recording = True
        self._moved = None

    @contextmanager
    def carried(self, down: float, across: float) -> Iterator[None]:
        """The world's unit changes, and the camera with it: remembered looks go on showing the same places.

        Parameters
        ----------
        down, across : float
            New source pixels for each old one.
        """
        recording, self._recording = self._recording, False
        try:
            yield
        finally:
            self._recording = recording
        self._past = [_carried(look, down, across) for look in self._past]
        self._future = [_carried(look, down, across) for look in self._future]
        self._moved = None

    def forget(self, belongs: Callable[[str], bool]) -> None:
        """Ranges and offsets of some panels are nobody's any more, now and in every remembered look; this is no step.

        Parameters
        ----------
        belongs : callable
            Whether a panel, by its name, is one of them.
        """
        recording, self._recording = self._recording, False
        try:
            self._view.set(**_without(_look_of(self._view.value), belongs))
        finally:
            self._recording = recording
        self._past = [_without(look, belongs) for look in self._past]
        self._future = [_without(look, belongs) for look in self._future]

    def to_data(self) -> dict[str, Any]:
        """The last steps as JSON, for a session file."""
        return {
            "past": [_written(look) for look in self._past[-MAX_WRITTEN:]],
            "future": [_written(look) for look in self._future[-MAX_WRITTEN:]],
        }

    def load(self, data: object) -> None:
        """The steps of a session file; what makes no sense is left out, since no work is lost with it."""
        known = data if isinstance(data, Mapping) else {}
        past, future = (_read(known.get(name)) for name in ("past", "future"))
        self._put(past, future)

    def _put(self, past: list[Look], future: list[Look]) -> None:
        before = (self.can_back, self.can_forward)
        self._past, self._future, self._moved = past, future, None
        self._say(before)

    def _walk(self, source: list[Look], target: list[Look]) -> None:
        if not source:
            return
        before = (self.can_back, self.can_forward)
        target.append(_look_of(self._view.value))
        look, recording = source.pop(), self._recording
        self._recording = False
        try:
            self._view.set(**look)
        finally:
            self._recording = recording
        self._moved = None
        self._say(before)

    def _on_change(self, new: ViewValue, old: ViewValue) -> None:
        knobs = frozenset(name for name in KEPT if getattr(new, name) != getattr(old, name))
        if not knobs or not self._recording:
            return
        before, now = (self.can_back, self.can_forward), self._clock()
        goes_on = self._moved is not None and self._moved[0] == knobs and now - self._moved[1] <= MERGE_WITHIN
        self._moved = (knobs, now)
        if not goes_on:
            self._past.append(_look_of(old))
            del self._past[:-MAX_STEPS]
        elif self._past[-1] == _look_of(new):
            self._past.pop()  # there and back at once: no step, or going back would change nothing
            self._moved = None
        self._future.clear()
        self._say(before)

    def _say(self, before: tuple[bool, bool]) -> None:
        if before != (self.can_back, self.can_forward):
            self.changed.emit()


def _look_of(view: ViewValue) -> Look:
    return {name: getattr(view, name) for name in KEPT}


def _carried(look: Look, down: float, across: float) -> Look:
    camera: Camera = look["camera"]
    placing: Placing = look["placing"]
    zoom = min(max(camera.zoom / across, MIN_ZOOM), MAX_ZOOM)
    offsets = tuple((panel, y * down, x * across) for panel, y, x in placing.offsets)
    return {
        **look,
        "camera": Camera(camera.y * down, camera.x * across, zoom),
        "placing": replace(placing, offsets=offsets),
    }


def _without(look: Look, belongs: Callable[[str], bool]) -> Look:
    placing: Placing = look["placing"]
    return {
        **look,
        "own_ranges": tuple(one for one in look["own_ranges"] if not belongs(one[0])),
        "placing": replace(placing, offsets=tuple(one for one in placing.offsets if not belongs(one[0]))),
    }


def _written(look: Look) -> dict[str, Any]:
    """Without what stands at its default: a step is short."""
    usual = view_to_data(ViewValue())
    data = view_to_data(ViewValue(**look))
    return {name: data[name] for name in KEPT if data[name] != usual[name]}


def _read(data: object) -> list[Look]:
    rows = data[-MAX_WRITTEN:] if isinstance(data, list) else []
    return [_look_of(view_from_data(row)) for row in rows if isinstance(row, Mapping)]
