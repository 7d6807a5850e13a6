"""Following what changes without running after every change: at once when at rest, at most some times a second else.

While a parameter is dragged, pixels come first; lists, switches and tables beside them follow at a pace that the eye
cannot tell from at once, and always once more at the end.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

GAP_MS = 100
READ_MS = 40
"""Numbers that change more often are not read."""


class Pace(QObject):
    """Calls something when asked to, in the next turn of the event loop, or later if it was called just before.

    Parameters
    ----------
    owner : QObject
    call : callable
    gap : int
        Milliseconds from one call to the next.
    """

    def __init__(self, owner: QObject, call: Callable[[], object], gap: int = GAP_MS) -> None:
        super().__init__(owner)
        self._call = call
        self._gap = gap
        self._last = -1.0e9
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.now)

    def ask(self) -> None:
        """Something has changed: call soon."""
        if not self._timer.isActive():
            since = (time.monotonic() - self._last) * 1e3
            self._timer.start(max(0, round(self._gap - since)))

    def soon(self) -> None:
        """The pointer has moved: call at once, or a little later if it was called just before."""
        wait = READ_MS - (time.monotonic() - self._last) * 1e3
        if wait <= 0:
            self.now()
        elif not self._timer.isActive() or self._timer.remainingTime() > wait:
            self._timer.start(round(wait))

    def settle(self) -> None:
        """Call at once if it was asked for: whoever reads what follows reads it as it is."""
        if self._timer.isActive():
            self.now()

    def now(self) -> None:
        """Call at once."""
        self._timer.stop()
        self._last = time.monotonic()
        self._call()
