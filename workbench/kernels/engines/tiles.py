"""Work cut into tiles: several threads pull them from one counter, and each tile looks whether to go on.

numpy releases the interpreter lock in its products and copies, so plain threads keep all cores busy.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

import numpy as np

from workbench.kernels.arrays import Image
from workbench.kernels.cancel import CancelToken

T = TypeVar("T")

INLINE = 1 << 19
"""Below this many elements waking another thread costs more than it saves."""


@cache
def _helpers() -> ThreadPoolExecutor:
    """The threads that help whoever computes; he takes part himself, so one core needs none of them."""
    return ThreadPoolExecutor(max(1, _cores() - 1), thread_name_prefix="tiles")


@cache
def _cores() -> int:
    # The cores this process may use, which in a container are fewer than the machine has.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_tiles(
    tiles: Sequence[T], worker: Callable[[], Callable[[T], None]], elements: int, cancel: CancelToken
) -> None:
    """Do every tile once, on as many threads as it is worth.

    Parameters
    ----------
    tiles : sequence
        What to do; each takes some ten milliseconds at most, the time a cancelled job may still run.
    worker : callable
        Called once on each thread: makes the scratch memory, and returns what does one tile.
    elements : int
        Size of the whole result; little ones are done on the calling thread alone.
    cancel : CancelToken
        Asked before each tile; hears the progress from the calling thread.

    Raises
    ------
    Cancelled
        If the token asks to stop. No thread works on afterwards.
    """
    counter = itertools.count()
    stopped = False

    def pull(report: bool) -> None:
        nonlocal stopped
        do = worker()
        try:
            for index in counter:
                if index >= len(tiles) or stopped:
                    return
                cancel.check()
                do(tiles[index])
                if report:
                    cancel.progress((index + 1) / len(tiles))
        except BaseException:
            stopped = True
            raise

    helpers = 0 if elements < INLINE else min(_cores(), len(tiles)) - 1
    futures = [_helpers().submit(pull, False) for _ in range(helpers)]
    try:
        pull(True)
    finally:
        # A helper that never got a thread has nothing left to do; the others finish the tile they hold.
        waiting = [future for future in futures if not future.cancel()]
        failures = [future.exception() for future in waiting]
    for failure in failures:
        if failure is not None:
            raise failure
    cancel.progress(1.0)


class PartToken(CancelToken):
    """The token of one part of a longer job: stops with it, and reports a share of its progress."""

    def __init__(self, whole: CancelToken, part: int, parts: int) -> None:
        super().__init__(lambda done: whole.progress((part + done) / parts))
        self._whole = whole

    @property
    def cancelled(self) -> bool:
        return self._whole.cancelled

    def check(self) -> None:
        self._whole.check()


def as_lines(out: Image) -> Image:
    """The rows of an image as lines of values to write into: its own memory if its values follow each other there.

    A product may be rounded in another way where they do not. `write_back` then copies the result.
    """
    lines = out.reshape(out.shape[0], -1)
    plain = lines.strides[1] == out.itemsize and lines.strides[0] >= lines.shape[1] * out.itemsize
    return lines if plain and np.may_share_memory(lines, out) else np.empty(lines.shape, out.dtype)


def write_back(lines: Image, out: Image) -> None:
    """Copy the result if `as_lines` gave other memory."""
    if not np.may_share_memory(lines, out):
        out[...] = lines.reshape(out.shape)
