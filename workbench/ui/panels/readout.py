"""The card as a table to paste elsewhere: raw units, every number in full."""

from __future__ import annotations

from workbench.kernels.provenance import Trace
from workbench.model.document import ORIGINAL, SOURCE
from workbench.model.facts import facts_of
from workbench.model.notes import moved_values, notes_at
from workbench.model.panels import geometry, panel_name
from workbench.model.probe import ProbePoint, difference_at, pair_of, pixel_in, row_of, value_at, world_of
from workbench.model.results import Ready
from workbench.model.row_pair import RowPair
from workbench.model.storing import chosen_library, rounding_of, stored_at
from workbench.ui.context import Context
from workbench.ui.marks import channel_in


def readout_tsv(context: Context, point: ProbePoint | None) -> str:
    """Values of all pictures at a probed pixel, then the terms of its sum; empty without a pixel.

    Parameters
    ----------
    point : ProbePoint, optional
        The difference of each slot to the reference stands beside its value.
    """
    results, comparison = context.results, context.session.value
    prepared = results.prepared
    placing = context.view.value.placing
    world = None if point is None else world_of(results, comparison, point, placing)
    if point is None or prepared is None or world is None:
        return ""
    lines: list[tuple[str, ...]] = [("picture", "row", "column", "channel", "value", "difference")]
    names = [SOURCE, ORIGINAL, *(slot.id for slot in comparison.slots if not slot.hidden)]
    for name in names:
        if geometry(results, comparison, name) is None:
            continue
        pixel = point.pixel if name == point.slot else pixel_in(results, comparison, name, world, placing)
        if pixel is None:
            continue
        for k, channel in enumerate(prepared.channel_names):
            value = value_at(results, comparison, name, pixel, k)
            apart = difference_at(results, comparison, name, pixel, k) if comparison.slot(name) else None
            lines.append(
                (
                    panel_name(comparison, name),
                    str(pixel.row),
                    str(pixel.col),
                    channel,
                    "" if value is None else repr(value),
                    "" if apart is None else repr(apart),
                )
            )
    channel = channel_in(results, context.view.value.channel)
    ready, row = results.ready(point.slot), row_of(results, point, channel)
    if ready is not None and row is not None:
        lines += _terms(row)
        lines += _facts(ready, row)
        lines += _moved(ready)
        lines += _stored(context, ready, row)
    pair = context.probe.pair
    rows = None if pair is None else pair_of(results, pair[0], pair[1], channel)
    if rows is not None:
        lines += _pair(rows)
    return "\n".join("\t".join(line) for line in lines) + "\n"


Line = tuple[str, ...]


def _terms(row: Trace) -> list[Line]:
    head: list[Line] = [(), ("weight", "source row", "source column", "value", "product", "running sum", "channel")]
    return head + [
        (repr(t.weight), str(t.row), str(t.col), repr(t.value), repr(t.product), repr(t.running), str(t.channel))
        for t in row.terms
    ]


def _facts(ready: Ready, row: Trace) -> list[Line]:
    """Sums, reach and shift of the row, then what is particular about the pixel."""
    facts = facts_of(ready, row)
    lines: list[Line] = [
        (),
        ("row sum", repr(facts.row_sum)),
        ("sum of |weights|", repr(facts.abs_sum)),
        ("negative mass", repr(facts.negative)),
        ("reach", repr(facts.reach[0]), repr(facts.reach[1])),
        ("b", repr(row.offset)),
    ]
    if facts.shift_in is not None and facts.shift_out is not None:
        lines.append(("shift, input pixels", *map(repr, facts.shift_in)))
        lines.append(("shift, output pixels", *map(repr, facts.shift_out)))
    return lines + [("note", note) for note in notes_at(ready, row.pixel, row.channel)]


def _moved(ready: Ready) -> list[Line]:
    """Values that an unpooling in another plane writes elsewhere, one a line."""
    moved = moved_values(ready)
    if not moved:
        return []
    head: list[Line] = [(), ("index", "recorded row", "recorded column", "read row", "read column", "channel")]
    return head + [tuple(map(str, (one.index, *one.recorded, *one.read, one.channel))) for one in moved]


def _stored(context: Context, ready: Ready, row: Trace) -> list[Line]:
    """What the chosen library keeps of the sum in 8 bits."""
    slot = context.session.value.slot(ready.slot.id) or ready.slot
    library = chosen_library(slot, context.view.value.stored)
    if library is None:
        return []
    stored = stored_at(ready, row.pixel, row.channel, rounding_of(slot, ready.prepared, library))
    if stored.value is None:
        return [("stored", stored.rounding.reason)]
    return [("stored", repr(stored.value), stored.rounding.badge, *(step.text for step in stored.steps))]


def _pair(rows: RowPair) -> list[Line]:
    """Two rows, source pixel by source pixel."""
    head: list[Line] = [(), ("source row", "source column", "channel", "w1", "w2", "w1 - w2", "value", "split")]
    columns = (rows.rows, rows.cols, rows.channels, rows.w1, rows.w2, rows.apart, rows.x, rows.split)
    return head + [tuple(map(repr, one)) for one in zip(*(column.tolist() for column in columns), strict=True)]
