"""The card as a table to paste elsewhere: raw units, every number in full."""

from __future__ import annotations

from workbench.model.document import ORIGINAL, SOURCE
from workbench.model.panels import geometry, panel_name
from workbench.model.probe import ProbePoint, difference_at, pixel_in, row_of, value_at, world_of
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
    row = row_of(results, point, channel_in(results, context.view.value.channel))
    if row is not None:
        lines += [(), ("weight", "source row", "source column", "value", "product", "running sum")]
        lines += [
            (repr(t.weight), str(t.row), str(t.col), repr(t.value), repr(t.product), repr(t.running)) for t in row.terms
        ]
    return "\n".join("\t".join(line) for line in lines) + "\n"
