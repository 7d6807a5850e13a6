"""Times that can be trusted on a machine that does other things as well.

Everything runs on one core with one thread, in CPU time; competitors take turns, so that what disturbs one disturbs
all; results are written into memory that is already there.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from statistics import median

ROUNDS = 9

Call = Callable[[], object]


def one_thread() -> None:
    """Pin this process to one core, before any library starts threads."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def interleaved(calls: Mapping[str, Call], rounds: int = ROUNDS) -> dict[str, float]:
    """Median CPU seconds of each call, taken in turns after one that does not count."""
    for call in calls.values():
        call()
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            begin = time.process_time()
            call()
            taken[name].append(time.process_time() - begin)
    return {name: median(times) for name, times in taken.items()}


def repeated(call: Call, times: int) -> float:
    """Median CPU seconds of one of many short calls."""

    def batch() -> None:
        for _ in range(times):
            call()

    return interleaved({"": batch})[""] / times
