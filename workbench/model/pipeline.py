"""Turns what the document says into results, and is the only one that starts work.

::

    session.changed ─┬─ source or preparation differ ─→ prepare ─→ every slot
                     ├─ a slot's method differs ──────→ build ─→ whole ─→ measures
                     └─ reference or order differ ────→ measures, equal slots
    panels request windows ───────────────────────────→ parts

What a person waits to see comes first: operators and visible windows, then whole outputs, then numbers.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from psygnal import Signal

from workbench.kernels.arrays import Window
from workbench.kernels.cancel import CancelToken
from workbench.kernels.errors import WorkbenchError
from workbench.kernels.method import Method
from workbench.kernels.operators.base import LinearOperator
from workbench.model import measuring
from workbench.model.differencing import Comparing, Support, data_range
from workbench.model.document import Comparison, Slot
from workbench.model.failures import as_reason, as_result, raise_bug
from workbench.model.jobs import Error, Outcome, Runner
from workbench.model.panels import DIFFERENCE, panel_name, raster, reference_name, slot_of, support_of
from workbench.model.prepared import PreparedSource, prepare
from workbench.model.rasters import OutputRaster, Raster
from workbench.model.results import Failed, Pending, Ready, Results
from workbench.model.session import Session
from workbench.model.tracked import TrackedWork
from workbench.model.view_state import ViewState, ViewValue
from workbench.model.viewing import Viewing

WHOLE_LIMIT = 16_000_000
"""Values (pixels × channels) of an output that is computed as a whole without being asked for."""
EAGER_LIMIT = 1 << 20
"""Values of an output that is there at once: some milliseconds."""

_PREPARE = ("prepare",)
_WHOLE, _NUMBERS = 1, 2
"""Priorities; 0 is what a person waits to see."""


class Pipeline:
    """Keeps `Results` true to the session.

    Parameters
    ----------
    session : Session
    view : ViewState
        Its kind of difference decides what difference panels show.
    results : Results
        Written here and nowhere else.
    runner : Runner
        `InlineRunner` computes before `start` and each edit return; a `ThreadRunner` in the background.

    ``progress(text, fraction)`` says what is running: 0 … 1, −1 where the share is unknown; an empty text means idle.
    ``work`` is where panels start what they count themselves, so that it shows its progress and ends with the rest.
    """

    progress = Signal(str, float)

    def __init__(self, session: Session, view: ViewState, results: Results, runner: Runner) -> None:
        self._session = session
        self._view = view
        self._results = results
        self.work = TrackedWork(runner, self.progress.emit)
        self._viewing = Viewing(results, self._raster, self.work, self._label)
        self._seen: Comparison | None = None
        self._stopwatch = threading.Lock()
        # Before all others: threads compute while they show that something is computed.
        session.changed.connect(self._on_changed)

    def start(self) -> None:
        """Follow the session from now on; what it holds is computed first."""
        self._view.changed.connect(self._on_view)
        self._prepare(self._session.value)

    def close(self) -> None:
        """Stop everything; nothing is written any more."""
        self._session.changed.disconnect(self._on_changed, missing_ok=True)
        self._view.changed.disconnect(self._on_view, missing_ok=True)
        self.work.close()

    def request(self, panel: str, window: Window | None, reduction: int = 1) -> None:
        """Show a window of a panel's image from now on.

        Parameters
        ----------
        panel : str
            As in :mod:`workbench.model.panels`.
        window : Window or None
            In pixels of that image, or in blocks where ``reduction`` > 1; what lies outside is left out. None forgets.
        reduction : int
            Side of the blocks whose means are shown.
        """
        self._viewing.request(panel, window, reduction)

    def request_whole(self, slot_id: str) -> None:
        """Compute the whole output of a slot that is too large to be computed unasked.

        Where even half of the free memory would not hold it, its measures are computed tile by tile instead, and those
        that need the whole say why they are missing.
        """
        ready = self._results.get(slot_id)
        if isinstance(ready, Ready) and ready.whole is None and ("whole", slot_id) not in self.work:
            why = measuring.too_large(measuring.whole_bytes(OutputRaster(ready)), measuring.free_bytes())
            if why is None:
                self._compute_whole(ready)
            else:
                self._stream(ready, why)

    def cancel(self) -> None:
        """Stop everything that runs. Slots without a result say that they were cancelled; `recompute` begins again."""
        stopped = self.work.stop_all()
        self._viewing.forget_work()
        cancelled = WorkbenchError("The computation was cancelled.")
        if _PREPARE in stopped:
            self._results.set_prepared(None, cancelled)
        for slot in self._session.value.slots:
            result = self._results.get(slot.id)
            if ("slot", slot.id) in stopped:
                self._results.put(slot.id, Failed(slot, cancelled))
            elif isinstance(result, Ready) and result.metrics is None:
                reasons = measuring.without(measuring.ON_REQUEST, slot.method)
                self._results.put(slot.id, replace(result, metrics=reasons))

    def recompute(self) -> None:
        """Compute everything again, as after opening."""
        self._prepare(self._session.value)

    # What differs

    def _on_changed(self) -> None:
        # Not the signal's arguments: a subscriber may edit again before this one has heard of the first edit.
        new, old = self._session.value, self._seen
        if old is None:
            return  # not started yet
        self._seen = new
        for gone in {slot.id for slot in old.slots} - {slot.id for slot in new.slots}:
            self._stop_slot(gone)
            self._results.drop(gone)
        if new.source is not old.source or new.preparation != old.preparation:
            self._prepare(new)
            return
        for slot in new.slots:
            before = old.slot(slot.id)
            if before is None or before.method != slot.method:
                self._build(slot)
            elif before is not slot:
                self._relabel(slot)
        if new.reference != old.reference:
            self._compare_all()
        if [slot.id for slot in new.slots] != [slot.id for slot in old.slots]:
            self._find_equal()
        self._viewing.refresh_all()

    def _on_view(self, new: ViewValue, old: ViewValue) -> None:
        if Comparing.of(new) != Comparing.of(old):
            self._viewing.refresh_all(lambda panel: panel.startswith(DIFFERENCE))

    # Source

    def _prepare(self, comparison: Comparison) -> None:
        self._seen = comparison
        source, preparation = comparison.source, comparison.preparation
        before = self._results.prepared
        if before is None or before.source is not source:
            # Steps on the way to the same picture's next preparation may still land; those of another must not.
            for slot in comparison.slots:
                self._stop_slot(slot.id)
            self.work.stop(_PREPARE)
        for slot in comparison.slots:
            self._results.put(slot.id, Pending(slot, self._fresh_enough(slot.id)))
        if source is None:
            self._results.set_prepared(None)
            self._viewing.refresh_all()
            return
        work = partial(prepare, source, preparation)
        self.work.submit(_PREPARE, f"Preparing {source.name}", work, self._prepared)

    def _prepared(self, outcome: Outcome) -> None:
        if isinstance(outcome, Error):
            if self._preparing:
                return  # the step of a drag; the newest value is under way
            self._results.set_prepared(None, as_result(outcome.exception))
            for slot in self._session.value.slots:
                self._results.put(slot.id, Pending(slot))
            self._viewing.refresh_all()
            raise_bug(outcome.exception)
            return
        self._results.set_prepared(outcome.value)
        for slot in self._session.value.slots:
            self._start(slot, outcome.value)
        self._viewing.refresh_all()

    # Slots

    def _build(self, slot: Slot) -> None:
        self.work.stop(("whole", slot.id))
        self.work.stop(("numbers", slot.id))
        self._results.put(slot.id, Pending(slot, self._fresh_enough(slot.id)))
        if self._results.prepared is not None and not self._preparing:
            self._start(slot, self._results.prepared)

    def _start(self, slot: Slot, prepared: PreparedSource) -> None:
        look = self._viewing.look(slot.id)
        work = partial(measuring.build, slot, prepared, EAGER_LIMIT, look)
        self.work.submit(("slot", slot.id), slot.title, work, partial(self._built, slot.id, slot.method, prepared))

    def _built(self, slot_id: str, method: Method, prepared: PreparedSource, outcome: Outcome) -> None:
        slot = self._session.value.slot(slot_id)
        if slot is None or prepared is not self._results.prepared:
            return
        newest = slot.method == method and not self._preparing
        if isinstance(outcome, Error):
            if not newest:
                return
            self._results.put(slot_id, Failed(slot, as_result(outcome.exception)))
            self._output_changed(slot_id)
            raise_bug(outcome.exception)
            return
        built: measuring.Built = outcome.value
        ready = replace(built.ready, slot=replace(slot, method=method))
        with self._viewing.bringing(slot_id, built.seen):
            # While a slider is dragged: how far it has come, beside the value that is being computed.
            self._results.put(slot_id, ready if newest else Pending(slot, ready))
        if not newest:
            self._refresh_slot(slot_id)
            return
        if ready.whole is None and _values(OutputRaster(ready)) <= WHOLE_LIMIT:
            self._compute_whole(ready)
        self._output_changed(slot_id)

    def _compute_whole(self, ready: Ready) -> None:
        work = partial(measuring.make_whole, ready.operator, ready.prepared.values)
        land = partial(self._whole_made, ready.slot.id, ready.operator)
        self.work.submit(("whole", ready.slot.id), f"{ready.slot.title}: whole image", work, land, _WHOLE)

    def _whole_made(self, slot_id: str, operator: LinearOperator, outcome: Outcome) -> None:
        ready = self._current(slot_id, operator)
        if ready is None:
            return
        if isinstance(outcome, Error):
            reasons = measuring.without(as_reason(outcome.exception), ready.slot.method)
            self._results.put(slot_id, replace(ready, metrics=reasons))
            raise_bug(outcome.exception)
            return
        made: measuring.Whole = outcome.value
        self._results.put(slot_id, replace(ready, whole=made.image, seconds=made.seconds, metrics=None))
        self._output_changed(slot_id)

    def _stream(self, ready: Ready, why: str) -> None:
        comparison, results, slot = self._session.value, self._results, ready.slot
        reference = reference_name(comparison, results)
        support = support_of(results, comparison, slot.id) if reference != slot.id else measuring.IS_REFERENCE
        other = None if reference in (None, slot.id) else self._raster(reference or "")
        work = partial(
            measuring.stream, slot.method, OutputRaster(ready), other, support, data_range(ready.prepared), why
        )
        land = partial(self._streamed, slot.id, ready.operator)
        self.work.submit(("whole", slot.id), f"{slot.title}: measures", work, land, _WHOLE)

    def _streamed(self, slot_id: str, operator: LinearOperator, outcome: Outcome) -> None:
        ready = self._current(slot_id, operator)
        if ready is None:
            return
        if isinstance(outcome, Error):
            raise outcome.exception
        self._put_findings(ready, outcome.value)

    def _relabel(self, slot: Slot) -> None:
        """The same method under another name: nothing is computed."""
        result = self._results.get(slot.id)
        if result is not None:
            self._results.put(slot.id, replace(result, slot=slot))

    # Numbers

    def _output_changed(self, slot_id: str) -> None:
        """What follows from a slot's output: parts; its measures, or all where it is the reference; equal slots."""
        self._refresh_slot(slot_id)
        if self._session.value.reference == slot_id:
            self._compare_all()
        else:
            self._compare(slot_id)
        self._find_equal()

    def _refresh_slot(self, slot_id: str) -> None:
        self._viewing.refresh_all(lambda panel: slot_of(panel) == slot_id or panel.startswith(DIFFERENCE))

    def _compare_all(self) -> None:
        for slot in self._session.value.slots:
            result = self._results.get(slot.id)
            if isinstance(result, Ready):
                if result.metrics is not None:
                    self._results.put(slot.id, replace(result, metrics=None))
                self._compare(slot.id)

    def _compare(self, slot_id: str) -> None:
        comparison, results = self._session.value, self._results
        ready = results.get(slot_id)
        if not isinstance(ready, Ready):
            return
        method = ready.slot.method
        numbers: Callable[[CancelToken], measuring.Numbers]
        reference = reference_name(comparison, results)
        support = support_of(results, comparison, slot_id)
        a, r = OutputRaster(ready), None if reference is None else self._raster(reference)
        if slot_id == reference:
            numbers = partial(_without, measuring.IS_REFERENCE, method)
        elif isinstance(results.get(comparison.reference), Pending):
            return  # it is being computed, and will call again
        elif r is None:
            numbers = partial(_without, measuring.NO_REFERENCE, method)
        elif not isinstance(support, Support):
            numbers = partial(_without, measuring.OTHER_GRID, method)
        elif a.in_memory and r.in_memory:
            numbers = partial(measuring.compare, method, a, r, support, data_range(ready.prepared))
        elif _values(a) <= WHOLE_LIMIT and (r.in_memory or _values(r) <= WHOLE_LIMIT):
            return  # the whole is on its way, and will call again
        else:
            numbers = partial(_without, measuring.ON_REQUEST, method)
        work = partial(measuring.find, numbers, ready, self._stopwatch)
        land = partial(self._compared, slot_id, ready.operator)
        self.work.submit(("numbers", slot_id), f"{ready.slot.title}: measures", work, land, _NUMBERS)

    def _compared(self, slot_id: str, operator: LinearOperator, outcome: Outcome) -> None:
        ready = self._current(slot_id, operator)
        if ready is None:
            return
        if isinstance(outcome, Error):
            reasons = measuring.without(as_reason(outcome.exception), ready.slot.method)
            self._results.put(slot_id, replace(ready, metrics=reasons))
            raise_bug(outcome.exception)
            return
        self._put_findings(ready, outcome.value)

    def _put_findings(self, ready: Ready, found: measuring.Findings) -> None:
        self._results.put(ready.slot.id, replace(ready, metrics=found.numbers, seconds=found.seconds))

    def _find_equal(self) -> None:
        found = [(slot, self._results.get(slot.id)) for slot in self._session.value.slots]
        outputs = [
            measuring.Twin(slot.id, result.whole, result.operator.placement)
            for slot, result in found
            if isinstance(result, Ready) and result.whole is not None
        ]
        if outputs:
            work = partial(measuring.equal_outputs, outputs)
            self.work.submit(("equal",), "Looking for equal outputs", work, self._equal_found, _NUMBERS)

    def _equal_found(self, outcome: Outcome) -> None:
        if isinstance(outcome, Error):
            raise outcome.exception
        for slot_id, twin in outcome.value.items():
            result = self._results.get(slot_id)
            if isinstance(result, Ready) and result.same_as != twin:
                self._results.put(slot_id, replace(result, same_as=twin))

    # What everything above asks for

    @property
    def _preparing(self) -> bool:
        """Whether a newer source than that of the results is under way."""
        return _PREPARE in self.work

    def _current(self, slot_id: str, operator: LinearOperator) -> Ready | None:
        """The slot's result if it still stands on this operator."""
        result = self._results.get(slot_id)
        return result if isinstance(result, Ready) and result.operator is operator else None

    def _fresh_enough(self, slot_id: str) -> Ready | None:
        """What a slot goes on to show while it is computed anew: only what came from the same picture."""
        ready = self._results.ready(slot_id)
        return ready if ready is not None and ready.prepared.source is self._session.value.source else None

    def _raster(self, panel: str) -> Raster | None:
        return raster(self._results, self._session.value, panel, Comparing.of(self._view.value))

    def _label(self, panel: str) -> str:
        name = panel_name(self._session.value, slot_of(panel))
        return f"{name}: difference" if panel.startswith(DIFFERENCE) else f"{name}: visible part"

    def _stop_slot(self, slot_id: str) -> None:
        for kind in ("slot", "whole", "numbers"):
            self.work.stop((kind, slot_id))


def _values(picture: Raster) -> int:
    """Pixels × channels."""
    return picture.shape[0] * picture.shape[1] * picture.channels


def _without(reason: str, method: Method, cancel: CancelToken) -> measuring.Numbers:
    return measuring.without(reason, method)
