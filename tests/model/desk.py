"""A session with everything behind it, as the window and the command line put it together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from workbench.kernels.registry import from_text
from workbench.model.document import Comparison, Preparation, Slot
from workbench.model.jobs import InlineRunner, Land, Runner, Work
from workbench.model.pipeline import Pipeline
from workbench.model.results import Ready, Results
from workbench.model.samples import array_source
from workbench.model.session import Session
from workbench.model.view_state import ViewState


@dataclass
class Desk:
    """The parts, started."""

    session: Session
    view: ViewState
    results: Results
    pipeline: Pipeline

    def ready(self, slot_id: str) -> Ready:
        """The slot's result, which must be there."""
        result = self.results.get(slot_id)
        assert isinstance(result, Ready), result
        return result


def desk(comparison: Comparison, runner: Runner | None = None) -> Desk:
    """Everything a comparison needs, computing at once unless told otherwise."""
    session, view, results = Session(comparison), ViewState(), Results()
    pipeline = Pipeline(session, view, results, runner or InlineRunner())
    pipeline.start()
    return Desk(session, view, results, pipeline)


def picture(height: int = 24, width: int = 36, channels: int = 3, seed: int = 3) -> np.ndarray:
    """A non-square picture of float64 in 0 … 1."""
    shape = (height, width) if channels == 1 else (height, width, channels)
    return np.random.default_rng(seed).random(shape)


def comparison(*methods: str, blocks: int | None = 4, values: np.ndarray | None = None, **more: object) -> Comparison:
    """A comparison of methods, by default of a picture averaged 4×4."""
    preparation = Preparation() if blocks is None else Preparation(from_text(f"down:factor={blocks}"))
    slots = tuple(Slot(f"s{k}", from_text(text)) for k, text in enumerate(methods, 1))
    source = array_source(picture() if values is None else values)
    return Comparison(source, preparation, slots, **more)  # type: ignore[arg-type]


class HeldRunner:
    """Keeps work until the test lets it run: one running and one waiting per key, newest wins."""

    def __init__(self) -> None:
        self.held: dict[object, tuple[Work, Land, Callable[[float], None] | None]] = {}
        self._inline = InlineRunner()
        self.closed = False

    @property
    def busy(self) -> int:
        return len(self.held)

    def submit(self, key, work, land, *, progress=None, priority=0) -> None:  # type: ignore[no-untyped-def]
        self.held.pop(key, None)
        self.held[key] = (work, land, progress)

    def cancel(self, key: object = None) -> None:
        for one in list(self.held) if key is None else [key]:
            self.held.pop(one, None)

    def close(self) -> None:
        self.held.clear()
        self.closed = True

    def run(self, key: object) -> None:
        """Let one piece of work run and land."""
        work, land, progress = self.held.pop(key)
        self._inline.submit(key, work, land, progress=progress)

    def run_all(self) -> None:
        """Let everything run, what it starts included."""
        while self.held:
            self.run(next(iter(self.held)))
