"""What is looked at first when a document has been opened, or when what was looked at has gone."""

from __future__ import annotations

from workbench.model.document import ORIGINAL, SOURCE
from workbench.model.panels import geometry, slot_of
from workbench.model.probe import ProbePoint, pixel_in
from workbench.model.results import Pending
from workbench.ui.context import Context


def sizes_known(context: Context, panels: tuple[str, ...]) -> bool:
    """Whether the size of all these panels is known, or never will be; not that of what was open before."""
    prepared = context.results.prepared
    if prepared is None or prepared.source is not context.session.value.source or not panels:
        return False
    for name in panels:
        result = context.results.get(slot_of(name))
        waits = result is None or (isinstance(result, Pending) and result.previous is None)
        if slot_of(name) not in (SOURCE, ORIGINAL) and waits:
            return False
    return True


def probe_something(context: Context, panels: tuple[str, ...]) -> None:
    """The selection is never empty: what the document asks for, else the output pixel at the middle of the view."""
    results, comparison, view = context.results, context.session.value, context.view.value
    if _exists(context, context.probe.active):
        return
    point = None
    if comparison.pins:
        pin = comparison.pins[0]
        point = ProbePoint(pin.slot, pin.row, pin.col)
    elif comparison.view.probe is not None:
        point = ProbePoint(view.selected, *comparison.view.probe)
    names = (view.selected, *(slot_of(panel) for panel in panels), SOURCE)
    for name in sorted(names, key=lambda name: name in (SOURCE, ORIGINAL)):
        if _exists(context, point):
            break
        pixel = pixel_in(results, comparison, name, (view.camera.y, view.camera.x), view.placing)
        point = None if pixel is None else ProbePoint(name, pixel.row, pixel.col)
    if point is not None and _exists(context, point):
        context.probe.show(point)


def _exists(context: Context, point: ProbePoint | None) -> bool:
    if point is None:
        return False
    found = geometry(context.results, context.session.value, point.slot)
    return found is not None and 0 <= point.row < found.shape[0] and 0 <= point.col < found.shape[1]
