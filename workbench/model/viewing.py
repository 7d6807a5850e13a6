"""What panels look at: each asks for a window of its picture once, and gets it anew when the picture changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from workbench.kernels.arrays import Window
from workbench.kernels.cancel import CancelToken
from workbench.model.envelope import spread_of
from workbench.model.jobs import Done, Outcome
from workbench.model.rasters import Raster
from workbench.model.results import Part, Results
from workbench.model.tracked import TrackedWork

_AFTER_PARTS = 2
AT_ONCE = 1 << 18
"""Values that may be read on the caller's thread: below a millisecond."""
QUICK = 0.05
"""Seconds below which a part may hold up what it is made along with."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a panel asked for last, and what was made or is being made for it."""

    window: Window
    reduction: int
    raster: Raster | None = None
    clipped: Window | None = None
    seconds: float = float("inf")


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A part, the raster it was read from, and the time that took."""

    raster: Raster
    part: Part
    seconds: float


Look = Callable[[Raster, CancelToken], Seen | None]
"""Makes what a panel shows of a raster; None where nothing of it is seen."""


class Viewing:
    """Keeps the parts that panels show up to date.

    Parameters
    ----------
    results : Results
        Where the parts are written.
    raster_of : callable
        The pixels of a panel as they are now, or None.
    work : TrackedWork
        Where what takes time is started.
    label_of : callable
        What a panel is called in the progress.
    """

    def __init__(
        self,
        results: Results,
        raster_of: Callable[[str], Raster | None],
        work: TrackedWork,
        label_of: Callable[[str], str],
    ) -> None:
        self._results = results
        self._raster_of = raster_of
        self._work = work
        self._label_of = label_of
        self._wanted: dict[str, Wanted] = {}

    def request(self, panel: str, window: Window | None, reduction: int = 1) -> None:
        """Show this window from now on; None forgets the panel."""
        if window is None:
            if self._wanted.pop(panel, None) is not None:
                self._stop(panel)
                self._clear(panel)
            return
        old = self._wanted.get(panel)
        same = old is not None and old.reduction == reduction
        self._wanted[panel] = replace(old, window=window) if old and same else Wanted(window, reduction)
        self.refresh(panel)

    def refresh(self, panel: str) -> None:
        """Make the part anew if what the panel shows has changed."""
        wanted = self._wanted.get(panel)
        if wanted is None:
            return
        raster = self._raster_of(panel)
        window = None if raster is None else raster.clipped(wanted.window, wanted.reduction)
        if raster is None or window is None or window.is_empty:
            self._wanted[panel] = replace(wanted, raster=None, clipped=None)
            self._stop(panel)
            self._clear(panel)
            return
        if window == wanted.clipped and raster.same_pixels(wanted.raster):
            return
        self._wanted[panel] = replace(wanted, raster=raster, clipped=window)
        self._work.stop(_spread_key(panel))
        if self._cheap(raster, window, wanted.reduction):
            self._work.stop(_key(panel))
            part = raster.part(window, wanted.reduction)
            if part.reduction > 1:
                part = replace(part, spread=spread_of(raster, part.reduction, window))
            self._results.put_part(panel, part)
            return
        work = partial(_seen, raster, window, wanted.reduction)
        self._work.submit(_key(panel), self._label_of(panel), work, partial(self._landed, panel))

    def refresh_all(self, chosen: Callable[[str], bool] = lambda panel: True) -> None:
        """Refresh every panel, or those that are chosen."""
        for panel in list(self._wanted):
            if chosen(panel):
                self.refresh(panel)

    def look(self, panel: str) -> Look | None:
        """What makes the part of a panel along with its raster, one way to a thread and back for both.

        None where that may take long: what else is known of the raster would wait for it.
        """
        wanted = self._wanted.get(panel)
        if wanted is None or wanted.reduction > 1 or wanted.seconds > QUICK:
            return None
        return partial(_clipped, wanted.window, wanted.reduction)

    @contextmanager
    def bringing(self, panel: str, seen: Seen | None) -> Iterator[None]:
        """Let a panel show a part that was made by a `look`, if it still wants it; results are written inside.

        Who hears of the results finds that nothing has to be made, and then, that the part is there.
        """
        wanted = self._wanted.get(panel)
        if wanted is None or seen is None or seen.part.reduction != wanted.reduction:
            yield
            return
        if seen.part.window != seen.raster.clipped(wanted.window, wanted.reduction):
            yield
            return
        self._wanted[panel] = replace(wanted, raster=seen.raster, clipped=seen.part.window, seconds=seen.seconds)
        self._stop(panel)
        yield
        now = self._wanted.get(panel)
        if now is not None and now.raster is seen.raster and now.clipped == seen.part.window:
            self._results.put_part(panel, seen.part)

    def forget_work(self) -> None:
        """Work was cancelled: what has not landed is asked for again at the next refresh."""
        for panel, wanted in self._wanted.items():
            self._wanted[panel] = replace(wanted, raster=None, clipped=None)

    def _landed(self, panel: str, outcome: Outcome) -> None:
        if panel not in self._wanted:
            return
        if isinstance(outcome, Done):
            seen: Seen = outcome.value
            self._wanted[panel] = replace(self._wanted[panel], seconds=seen.seconds)
            self._results.put_part(panel, seen.part)
            self._find_spread(panel, seen.part)
        else:
            raise outcome.exception

    def _find_spread(self, panel: str, part: Part) -> None:
        """What the means leave out follows after them: it asks for every pixel, they often do not."""
        wanted = self._wanted[panel]
        if part.reduction == 1 or wanted.raster is None or part.window != wanted.clipped:
            return
        work = partial(spread_of, wanted.raster, part.reduction, part.window)
        landed = partial(self._spread_found, panel, part)
        self._work.submit(_spread_key(panel), f"{self._label_of(panel)}: contrast", work, landed, _AFTER_PARTS)

    def _spread_found(self, panel: str, part: Part, outcome: Outcome) -> None:
        if self._results.part(panel) is not part:
            return
        if isinstance(outcome, Done):
            self._results.put_part(panel, replace(part, spread=outcome.value))
        else:
            raise outcome.exception

    def _stop(self, panel: str) -> None:
        self._work.stop(_key(panel))
        self._work.stop(_spread_key(panel))

    def _clear(self, panel: str) -> None:
        if self._results.part(panel) is not None:
            self._results.put_part(panel, None)

    @staticmethod
    def _cheap(raster: Raster, window: Window, reduction: int) -> bool:
        values = window.height * window.width * raster.channels * reduction**2
        return (raster.is_view and reduction == 1) or (raster.in_memory and values <= AT_ONCE)


def _seen(raster: Raster, window: Window, reduction: int, cancel: CancelToken) -> Seen:
    """The part, on a thread."""
    began = time.perf_counter()
    part = raster.part(window, reduction, cancel)
    return Seen(raster, part, time.perf_counter() - began)


def _clipped(window: Window, reduction: int, raster: Raster, cancel: CancelToken) -> Seen | None:
    """The same, of whatever there is of a window."""
    there = raster.clipped(window, reduction)
    return None if there.is_empty else _seen(raster, there, reduction, cancel)


def _key(panel: str) -> Hashable:
    return ("part", panel)


def _spread_key(panel: str) -> Hashable:
    return ("spread", panel)
