"""The first moments of a window: images first, all that stands around them right after."""

from __future__ import annotations

import atexit
import gc
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from workbench.ui.binding import bind

if TYPE_CHECKING:
    from workbench.ui.app import Workbench

AT_MOST_MS = 1000
"""Later than this the rest is made even if some image still waits for its pixels."""


class Furnishing(QObject):
    """Makes the rest of a window a part at a turn of the event loop, once its images are painted.

    Parameters
    ----------
    workbench : Workbench
        Made with ``at_once=False``, and shown.
    """

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._workbench = workbench
        # Painting goes before timers, so nothing is made before what is there has been seen.
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._step)
        self._late = QTimer(self, singleShot=True, interval=AT_MOST_MS)
        self._late.timeout.connect(self._turn.start)
        self._late.start()
        bind(self, workbench.context.results.part_changed, self._look)
        self._look()

    def _look(self, *_: object) -> None:
        context = self._workbench.context
        shown = (context.results.part(name) for name in self._workbench.window.panel_area.names)
        if context.session.value.source is None or all(part is not None for part in shown):
            self._late.stop()
            self._turn.start()

    def _step(self) -> None:
        if self._workbench.step():
            return
        # An application that starts has not collected yet. What is there by now stays: it is not looked through again.
        gc.freeze()
        gc.enable()
        atexit.register(gc.unfreeze)  # libraries report as leaked what the end of the process does not find
        self.deleteLater()
