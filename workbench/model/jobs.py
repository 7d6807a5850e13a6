"""Work that takes time: per key one piece running and one waiting, and what was replaced never reports.

The rule, and why. A new submission replaces the waiting one *in place*; the running one is cancelled only once it has
had `PATIENCE`. Cancelling at each submission looks cleaner and lands nothing at all while a slider is dragged. A result
lands only if its token is still the running one and was not cancelled: answers are never late, never out of order.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from workbench.kernels.cancel import CancelToken
from workbench.kernels.errors import Cancelled

PATIENCE = 0.2
"""Seconds a running job keeps after somebody asked for something newer under its key."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """The work came to its end."""

    value: T


@dataclass(frozen=True, slots=True)
class Error:
    """The work failed: a value like any other, for whoever asked."""

    exception: BaseException


Outcome = Done[Any] | Error
Work = Callable[[CancelToken], Any]
Land = Callable[[Outcome], None]
Progress = Callable[[float], None]
Post = Callable[[Callable[[], None]], None]


class Runner(Protocol):
    """What the pipeline needs of whoever runs its work."""

    @property
    def busy(self) -> int:
        """How many pieces of work are running or waiting."""

    def submit(
        self, key: Hashable, work: Work, land: Land, *, progress: Progress | None = None, priority: int = 0
    ) -> None:
        """Run ``work(token)`` and hand its outcome to ``land``, unless it was replaced or cancelled meanwhile.

        Parameters
        ----------
        key : hashable
            Work under the same key replaces its predecessor.
        work : callable
            Asks its token between tiles; runs on any thread.
        land : callable
            Called on the owner's thread.
        progress : callable, optional
            Hears the share that is done, on the owner's thread; only the newest number is sure to arrive.
        priority : int
            0 for what a person is waiting to see; higher numbers come later and never take the last thread.
        """

    def cancel(self, key: Hashable | None = None) -> None:
        """Stop the work under a key, or all of it; none of it lands."""

    def close(self) -> None:
        """Stop everything and wait until the threads are gone; nothing lands any more."""


class InlineRunner:
    """Runs everything at once, on the calling thread: for the command line and for tests."""

    def __init__(self) -> None:
        self._closed = False

    @property
    def busy(self) -> int:
        return 0

    def submit(
        self, key: Hashable, work: Work, land: Land, *, progress: Progress | None = None, priority: int = 0
    ) -> None:
        if self._closed:
            return
        try:
            outcome: Outcome = Done(work(CancelToken(progress)))
        except Exception as error:
            outcome = Error(error)
        if not self._closed:
            land(outcome)

    def cancel(self, key: Hashable | None = None) -> None:
        """There is never anything left to stop."""

    def close(self) -> None:
        self._closed = True


class JobToken(CancelToken):
    """The generation of one job. Superseded, it stays good until the job has had its `PATIENCE`."""

    def __init__(self, on_progress: Progress | None = None) -> None:
        super().__init__(on_progress)
        self._began: float | None = None
        self._superseded = False

    def begin(self) -> None:
        """The work starts now, on its thread."""
        self._began = time.monotonic()

    def supersede(self) -> None:
        """Something newer waits under the same key."""
        self._superseded = True

    def finish(self) -> None:
        """The work has ended: from here on it cannot run out of patience."""
        if self.cancelled:
            self.cancel()
        self._began = None

    @property
    def cancelled(self) -> bool:
        if super().cancelled:
            return True
        began = self._began
        return self._superseded and began is not None and time.monotonic() - began >= PATIENCE

    def check(self) -> None:
        if self.cancelled:
            raise Cancelled


@dataclass(eq=False, slots=True)
class _Job:
    key: Hashable
    work: Work
    land: Land
    progress: Progress | None
    priority: int
    token: JobToken = field(default_factory=JobToken)
    share: float = 0.0
    told: bool = True


class ThreadRunner:
    """Runs work on a few threads and lands it on the owner's.

    Not safe from several threads: `submit`, `cancel` and `close` belong to the owner's thread, where ``post`` brings
    everything else.

    Parameters
    ----------
    post : callable
        Brings a call to the owner's thread, in order; callable from any thread.
    threads : int, optional
        Default: one for each core, at least 2.
    """

    def __init__(self, post: Post, threads: int | None = None) -> None:
        self._post = post
        self._threads = threads or max(2, os.cpu_count() or 1)
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="job")
        self._running: dict[Hashable, _Job] = {}
        self._waiting: dict[Hashable, _Job] = {}
        self._closed = False

    @property
    def busy(self) -> int:
        return len(self._running) + len(self._waiting)

    def submit(
        self, key: Hashable, work: Work, land: Land, *, progress: Progress | None = None, priority: int = 0
    ) -> None:
        if self._closed:
            return
        self._waiting[key] = _Job(key, work, land, progress, priority)
        running = self._running.get(key)
        if running is not None:
            running.token.supersede()
        self._dispatch()

    def cancel(self, key: Hashable | None = None) -> None:
        for one in [key] if key is not None else [*self._running, *self._waiting]:
            self._waiting.pop(one, None)
            if one in self._running:
                self._running[one].token.cancel()

    def close(self) -> None:
        self._closed = True
        self.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _dispatch(self) -> None:
        """Start what may start: the most urgent first, among equals whoever has waited longest."""
        while len(self._running) < self._threads and not self._closed:
            patient = sum(job.priority > 0 for job in self._running.values())
            ready = [
                job
                for key, job in self._waiting.items()
                if key not in self._running and (job.priority <= 0 or patient < self._threads - 1)
            ]
            if not ready:
                return
            job = min(ready, key=lambda job: job.priority)
            del self._waiting[job.key]
            self._running[job.key] = job
            if job.progress is not None:
                job.token = JobToken(lambda share, job=job: self._hear(job, share))  # type: ignore[misc]
            self._pool.submit(self._run, job)

    def _run(self, job: _Job) -> None:
        """On a thread of the pool."""
        job.token.begin()
        try:
            job.token.check()
            outcome: Outcome = Done(job.work(job.token))
        except BaseException as error:  # whatever it is, the key must become free again
            outcome = Error(error)
        job.token.finish()
        self._post(lambda: self._finish(job, outcome))

    def _finish(self, job: _Job, outcome: Outcome) -> None:
        if self._closed:
            return
        del self._running[job.key]
        try:
            if not job.token.cancelled:
                job.land(outcome)
        finally:
            self._dispatch()

    def _hear(self, job: _Job, share: float) -> None:
        """On a thread of the pool: at most one call is under way to the owner."""
        job.share = share
        if job.told:
            job.told = False
            self._post(lambda: self._tell(job))

    def _tell(self, job: _Job) -> None:
        job.told = True
        current = not self._closed and self._running.get(job.key) is job
        if current and not job.token.cancelled and job.progress is not None:
            job.progress(job.share)
