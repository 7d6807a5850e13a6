"""Work that is under way, told in words: which pieces run, and how far the furthest one is."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from workbench.model.jobs import Land, Outcome, Runner, Work

Tell = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class _Piece:
    number: int
    label: str
    share: float = -1.0


class TrackedWork:
    """Starts and stops work on a runner, and tells what is under way.

    Parameters
    ----------
    runner : Runner
    tell : callable
        Gets a text and a share 0 … 1, −1 where it is unknown; an empty text once nothing runs.
    """

    def __init__(self, runner: Runner, tell: Tell) -> None:
        self._runner = runner
        self._tell = tell
        self._pieces: dict[Hashable, _Piece] = {}
        self._numbers = itertools.count()

    def __contains__(self, key: Hashable) -> bool:
        """Whether something under this key is running or waiting."""
        return key in self._pieces

    def submit(self, key: Hashable, label: str, work: Work, land: Land, priority: int = 0) -> None:
        """Start work, in place of what runs or waits under this key; see `Runner.submit`."""
        piece = _Piece(next(self._numbers), label)

        def landed(outcome: Outcome) -> None:
            # A predecessor may still land; it must not end its successor.
            if self._is_newest(key, piece):
                del self._pieces[key]
                self._say()
            land(outcome)

        def heard(share: float) -> None:
            if self._is_newest(key, piece):
                self._pieces[key] = _Piece(piece.number, label, share)
                self._say()

        self._pieces[key] = piece
        self._say()
        self._runner.submit(key, work, landed, progress=heard, priority=priority)

    def stop(self, key: Hashable) -> None:
        """Stop the work under a key; it does not land."""
        self._runner.cancel(key)
        if self._pieces.pop(key, None) is not None:
            self._say()

    def stop_all(self) -> set[Hashable]:
        """Stop everything, and return under which keys there was something to stop."""
        self._runner.cancel()
        stopped = set(self._pieces)
        self._pieces.clear()
        self._say()
        return stopped

    def close(self) -> None:
        """Stop everything for good, and wait until it has stopped."""
        self._pieces.clear()
        self._runner.close()

    def _is_newest(self, key: Hashable, piece: _Piece) -> bool:
        newest = self._pieces.get(key)
        return newest is not None and newest.number == piece.number

    def _say(self) -> None:
        if not self._pieces:
            self._tell("", -1.0)
            return
        furthest = max(self._pieces.values(), key=lambda piece: piece.share)
        others = len(self._pieces) - 1
        self._tell(furthest.label + (f" and {others} more" if others else ""), furthest.share)
