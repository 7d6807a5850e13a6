"""How running work is asked to stop, and says how far it is."""

from __future__ import annotations

import threading
from collections.abc import Callable

from workbench.kernels.errors import Cancelled


class CancelToken:
    """One per piece of work, asked between tiles; safe from any thread.

    Parameters
    ----------
    on_progress : callable, optional
        Called with the share of the work that is done, 0 … 1, on the working thread.
    """

    def __init__(self, on_progress: Callable[[float], None] | None = None) -> None:
        self._stop = threading.Event()
        self._on_progress = on_progress

    def cancel(self) -> None:
        """Ask the work to stop at its next tile."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        return self._stop.is_set()

    def check(self) -> None:
        """Raise `Cancelled` if somebody asked to stop."""
        if self._stop.is_set():
            raise Cancelled

    def progress(self, done: float) -> None:
        """Say that the share ``done`` of the work, 0 … 1, is finished."""
        if self._on_progress is not None:
            self._on_progress(done)
