"""Which engine works where nobody asks for one: `blas` at once, `numba` when it is there and compiled.

Nothing here imports numba before somebody wants it, and then only on a thread of its own: to import and compile it
takes from half a second to half a minute, in which the window must live and pictures must appear.
"""

from __future__ import annotations

import importlib.util
import logging
import threading

import numpy as np

from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines.base import Engine
from workbench.kernels.engines.blas import BlasEngine
from workbench.kernels.engines.gather import GatherEngine
from workbench.kernels.tables import AxisTable

_LOG = logging.getLogger(__name__)


class Choice:
    """The engine in use, and the one that is being made ready."""

    def __init__(self) -> None:
        self.engine: Engine = BlasEngine()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def speed_up(self) -> threading.Thread | None:
        """Make the fast engine ready in the background, once, and use it from then on; None without numba."""
        with self._lock:
            if self._thread is None and importlib.util.find_spec("numba") is not None:
                self._thread = threading.Thread(target=self._prepare, name="fast engine", daemon=True)
                self._thread.start()
            return self._thread

    def _prepare(self) -> None:
        try:
            from workbench.kernels.engines.numba import NumbaEngine

            engine = NumbaEngine()
            if agrees(engine):
                self.engine = engine
            else:
                _LOG.warning("the engine numba computes other numbers on this machine, so blas stays in use")
        except Exception as error:  # whatever keeps a compiler from working here: nothing depends on it
            _LOG.info("the engine numba cannot be used: %s", error)


def agrees(engine: Engine) -> bool:
    """Whether an engine computes a small picture as the reference does."""
    rng = np.random.default_rng(5)
    rows = AxisTable(5, np.array([0, 0, 1, 1, 2, 2, 2]), rng.standard_normal((7, 3)))
    cols = AxisTable(9, np.arange(41) // 6, rng.standard_normal((41, 3)))
    x = rng.random((5, 9, 3)).astype(np.float32)
    made = np.empty((2, 7, 41, 3), np.float32)
    for each, out in zip((engine, GatherEngine()), made):
        each.separable(x, rows, cols, out, CancelToken(), (0, 0))
    return bool(np.allclose(made[0], made[1], rtol=0, atol=1e-5))


_CHOICE = Choice()


def default_engine() -> Engine:
    """The engine that is used where nobody asks for another."""
    return _CHOICE.engine


def speed_up() -> threading.Thread | None:
    """Begin to make the fast engine ready, for a program that will compute much; None where numba is missing."""
    return _CHOICE.speed_up()
