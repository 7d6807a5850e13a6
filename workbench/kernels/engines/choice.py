"""Which engine works where nobody asks for one: `blas` at once, `numba` when it is there and compiled.

A window calls `speed_up` once it is painted. The first time, a process of its own with low priority compiles the loops
and leaves them in the user's cache folder; from then on they are read from there in half a second, on a thread. What
they compute is compared with the reference before they take over. Commands that are over in a moment stay on `blas`.

The environment variable ``WORKBENCH_ENGINE`` decides otherwise: ``blas`` keeps to it for good, ``numba`` compiles on
the spot what is wanted and missing, in commands as well.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from workbench.kernels.engines.base import Engine
from workbench.kernels.engines.blas import BlasEngine

_LOG = logging.getLogger(__name__)

VARIABLE = "WORKBENCH_ENGINE"


class Choice:
    """The engine in use, and the one that is being made ready.

    Parameters
    ----------
    wish : str
        ``blas``, ``numba``, or nothing for both in turn.
    """

    def __init__(self, wish: str = "") -> None:
        self.engine: Engine = BlasEngine()
        self._wish = wish
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        if wish == "numba":
            self._force()

    def speed_up(self, then: Callable[[], None] | None = None) -> threading.Thread | None:
        """Make the fast engine ready in the background, once, and use it from then on; None if there is nothing to do.

        Parameters
        ----------
        then : callable, optional
            Called on that thread as soon as the fast engine is in use: what `blas` computed differs in the last bits.
        """
        with self._lock:
            wanted = not self._wish and self._thread is None and importlib.util.find_spec("numba") is not None
            if wanted:
                self._thread = threading.Thread(target=self._prepare, args=(then,), name="fast engine", daemon=True)
                self._thread.start()
            return self._thread

    def _force(self) -> None:
        try:
            from workbench.kernels.engines.numba import NumbaEngine

            self.engine = NumbaEngine()
        except Exception as error:
            _LOG.warning("the engine numba cannot be used: %s", error)

    def _prepare(self, then: Callable[[], None] | None) -> None:
        try:
            from workbench.kernels.engines.compiled import LOOPS
            from workbench.kernels.engines.numba import NumbaEngine
            from workbench.kernels.engines.probes import agrees

            if not all(loop.kept() for loop in LOOPS.values()):
                compile_elsewhere()
            for loop in LOOPS.values():
                loop.make()
            engine = NumbaEngine()
            if not agrees(engine):
                _LOG.warning("the engine numba computes other numbers on this machine, so blas stays in use")
                return
            self.engine = engine
            if then is not None:
                then()
        except Exception as error:  # whatever keeps a compiler from working here: nothing depends on it
            _LOG.info("the engine numba: %s", error)


def compile_elsewhere() -> None:
    """Compile all loops into the cache, in a process that gives way to all others.

    It also shows that the machine's own code does not end a process here, which no caller could catch.

    Raises
    ------
    OSError, subprocess.SubprocessError
        If there is no such process, or it does not end well.
    """
    import subprocess  # no start of a window waits for it

    root = str(Path(__file__).parents[3])
    path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.BELOW_NORMAL_PRIORITY_CLASS | subprocess.CREATE_NO_WINDOW
    command = [sys.executable, "-c", "from workbench.kernels.engines.probes import rehearse; rehearse()"]
    environment = {**os.environ, "PYTHONPATH": path, VARIABLE: "blas"}
    subprocess.run(
        command, check=True, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, timeout=600, creationflags=flags,
    )  # fmt: skip


_CHOICE = Choice(os.environ.get(VARIABLE, ""))


def default_engine() -> Engine:
    """The engine that is used where nobody asks for another."""
    return _CHOICE.engine


def speed_up(then: Callable[[], None] | None = None) -> threading.Thread | None:
    """Begin to make the fast engine ready, for a program that will compute much; None where there is nothing to do.

    Parameters
    ----------
    then : callable, optional
        Called on another thread as soon as the fast engine is in use.
    """
    return _CHOICE.speed_up(then)
