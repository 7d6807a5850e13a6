"""Qt's whole share in background work: one object that carries a call to the GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal


class Bridge(QObject):
    """Owned by the application for its whole life; `post` may be called from any thread."""

    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._posted.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def post(self, call: Callable[[], None]) -> None:
        """Call ``call`` on the GUI thread, soon, in the order of posting."""
        self._posted.emit(call)

    def _run(self, call: Callable[[], None]) -> None:
        call()
