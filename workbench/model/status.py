"""What the hover shows, in words: one line for the status bar."""

from __future__ import annotations

from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.stencil_conv import TransposedConvolution
from workbench.kernels.provenance import offset_at
from workbench.model.display import format_card
from workbench.model.document import ORIGINAL, SOURCE, Comparison
from workbench.model.facts import always, area
from workbench.model.notes import notes_at
from workbench.model.panels import DIFFERENCE, panel_name, slot_of
from workbench.model.probe import Beside, Probe, ProbePoint, TapPoint, column_of, counted_slot, counterpart, pair_of
from workbench.model.results import Ready, Results
from workbench.model.stamps import TapUse, stamp_of, tap_use

_MOST_NOTES = 2


def status_text(
    results: Results,
    comparison: Comparison,
    probe: Probe,
    channel: int,
    selected: str | None = None,
    scatter: bool = False,
) -> str:
    """What the hover shows, in words.

    Parameters
    ----------
    selected : str, optional
        The slot whose column is counted while the source is probed; default: the first one that is ready.
    scatter : bool
        Whether transposed convolutions are drawn as stamps.
    """
    if probe.tap is not None:
        return _of_tap(results, comparison, probe.tap)
    if probe.nothing is not None:
        return _of_nothing(comparison, probe.nothing)
    point = probe.active
    if point is None:
        return "" if comparison.source is not None else "No image: zoom, range and export wait for a source"
    where = f"({point.row}, {point.col})"
    if point.slot == ORIGINAL:
        return f"Original {where}: the picture before its preparation"
    if point.slot == SOURCE:
        return _of_source(results, comparison, point, channel, selected)
    ready = results.ready(point.slot)
    if ready is None or not (0 <= point.row < ready.shape[0] and 0 <= point.col < ready.shape[1]):
        return f"{panel_name(comparison, point.slot)} {where}: not computed"
    if point.against:
        return _of_difference(results, comparison, point, channel)
    kept = min(channel, ready.channels - 1)
    count = len(ready.operator.row(point.row, point.col, kept))
    notes = notes_at(ready, point.pixel, kept)
    if count == 0:
        held = always(offset_at(ready.operator, point.pixel, kept))
        return " · ".join((f"Row of A: no source of output {where}, {held}", *notes[:_MOST_NOTES]))
    text = f"Row of A: {_count(count, 'source')} of output {where}"
    if scatter and isinstance(ready.operator, TransposedConvolution):
        text += ", stamp of the strongest one"
    if probe.pair is not None:
        other = probe.pair[1]
        text += f" beside ({other.row}, {other.col}) of {panel_name(comparison, other.slot)}"
    return " · ".join((text, *notes[:_MOST_NOTES]))


def tap_operator(results: Results, tap: TapPoint) -> LinearOperator | None:
    """The operator whose kernel a tap belongs to."""
    if tap.slot == SOURCE:
        return None if results.prepared is None else results.prepared.operator
    ready = results.ready(tap.slot)
    return None if ready is None else ready.operator


def use_of(results: Results, tap: TapPoint) -> TapUse | None:
    """Who uses a hovered tap; None where it belongs to no single kernel."""
    operator = tap_operator(results, tap)
    return None if operator is None else tap_use(operator, (tap.row, tap.col))


def _of_tap(results: Results, comparison: Comparison, tap: TapPoint) -> str:
    use = use_of(results, tap)
    whose = "the preparation" if tap.slot == SOURCE else panel_name(comparison, tap.slot)
    if use is None:
        return f"Tap {tap.row}, {tap.col} of {whose}: in several layers, no single pair of pixels"
    return f"Tap {tap.row}, {tap.col} of {whose} = {format_card(use.weight)}: {use.text()}"


def _of_nothing(comparison: Comparison, nothing: Beside) -> str:
    """Why there is no pixel under the pointer."""
    name = panel_name(comparison, slot_of(nothing.panel))
    if not nothing.panel.startswith(DIFFERENCE):
        return f"Beside {name}: the image ends here, nothing to show"
    if nothing.missing:
        return f"Masked: {panel_name(comparison, nothing.missing)} has no pixel here, so nothing is compared"
    return f"Beside the difference of {name}: both images end here, nothing to show"


def _of_source(results: Results, comparison: Comparison, point: ProbePoint, channel: int, selected: str | None) -> str:
    where = f"({point.row}, {point.col})"
    slot_id = counted_slot(results, comparison, selected)
    column = None if slot_id is None else column_of(results, point, slot_id, channel)
    if column is None or slot_id is None:
        return f"Source {where}"
    slot, ready = comparison.slot(slot_id), results.ready(slot_id)
    title = slot_id if slot is None else slot.title
    assert ready is not None
    parts = [
        f"Column of A: {_count(len(column), 'output')} of source {where} in {title}",
        f"this pixel counts {column.total:.2f}".replace("-", "−"),
        area(column.rows, column.cols),
        cropped_text(ready, point),
    ]
    return " · ".join(part for part in parts if part)


def cropped_text(ready: Ready, point: ProbePoint) -> str:
    """``cropped: 3 of 9 taps``; empty where nothing is cut off, or nothing is stamped."""
    stamp = stamp_of(ready.operator, point.pixel)
    return "" if stamp is None else stamp.text()


def _of_difference(results: Results, comparison: Comparison, point: ProbePoint, channel: int) -> str:
    where = f"({point.row}, {point.col})"
    against = counterpart(results, comparison, point)
    if against is None:
        return f"Difference {where}: not compared here"
    if against.slot == ORIGINAL:
        return f"Row of A: difference {where} to the original, which no method made of the source"
    pair = pair_of(results, point, against, channel)
    count = 0 if pair is None else len(pair.stencil())
    return f"Row of A − B: {_count(count, 'source')} with different weights, of difference {where}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
