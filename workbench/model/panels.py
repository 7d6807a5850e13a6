"""Which panels there are, what each shows, and where it lies in the world that all of them share.

A panel is named ``"source"``, ``"original"``, a slot's id, or ``"d:"`` and a slot's id for its difference to the
reference.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from workbench.kernels.arrays import Image, Shape
from workbench.kernels.placement import IDENTITY, Placement, Rect
from workbench.model.difference_raster import DifferenceRaster
from workbench.model.differencing import SIGNED, Comparing, Grid, Support, common_support
from workbench.model.document import DIFFERENCE as DIFFERENCE
from workbench.model.document import ORIGINAL, SOURCE, Comparison
from workbench.model.rasters import ArrayRaster, OutputRaster, Raster
from workbench.model.results import Failed, Results
from workbench.model.view_state import NOMINAL, Placing, PlacingMode, ViewValue


@dataclass(frozen=True, slots=True)
class Geometry:
    """Shape and place of what a panel shows."""

    shape: Shape
    placement: Placement
    channels: int


def difference_panel(slot_id: str) -> str:
    """The panel of a slot's difference to the reference."""
    return DIFFERENCE + slot_id


def slot_of(panel: str) -> str:
    """The slot a panel belongs to; the name itself where it belongs to none."""
    return panel.removeprefix(DIFFERENCE)


def panel_name(comparison: Comparison, name: str) -> str:
    """What a person calls a picture: "Source", "Original", or the slot's number and title."""
    if name == SOURCE:
        return "Source"
    if name == ORIGINAL:
        return "Original"
    slot = comparison.slot(name)
    return name if slot is None else f"{comparison.number(name)} {slot.title}"


def panel_badge(comparison: Comparison, panel: str) -> str:
    """The sign of a panel: S, R, Δ and the slot's number, or the number alone."""
    if panel in (SOURCE, ORIGINAL):
        return "S" if panel == SOURCE else "R"
    number = str(comparison.number(slot_of(panel)))
    return f"Δ{number}" if panel.startswith(DIFFERENCE) else number


def panel_exists(comparison: Comparison, results: Results, panel: str) -> bool:
    """Whether there is such a picture in the document, computed or not."""
    if panel == ORIGINAL:
        return results.prepared is not None and results.prepared.original is not None
    return panel == SOURCE or comparison.slot(slot_of(panel)) is not None


def geometry(results: Results, comparison: Comparison, panel: str, placing: Placing = NOMINAL) -> Geometry | None:
    """Where a panel's image lies in the world; of a difference, where both have pixels. None if there is none yet.

    Parameters
    ----------
    placing : Placing
        How the person wants panels to lie; what is measured or exported goes by nominal places.
    """
    found = _plain_geometry(results, slot_of(panel), placing.mode)
    if panel.startswith(DIFFERENCE):
        support = support_of(results, comparison, slot_of(panel))
        if found is None or not isinstance(support, Support):
            return None
        found = Geometry(support.shape, support.placement(found.placement), 1)
    down, across = placing.offset(panel)
    if found is None or not (down or across):
        return found
    return replace(found, placement=found.placement.moved(down, across))


def _plain_geometry(results: Results, name: str, mode: PlacingMode = "nominal") -> Geometry | None:
    prepared, sample = results.prepared, mode == "sample"
    if name == SOURCE:
        return None if prepared is None else Geometry(prepared.shape, IDENTITY, prepared.channels)
    if name == ORIGINAL:
        if prepared is None or prepared.original is None:
            return None
        height, width = prepared.original.shape[:2]
        place = prepared.original_sampling if sample else prepared.original_placement
        return Geometry((height, width), place, prepared.channels)
    ready = results.ready(name)
    if ready is None:
        return None
    return Geometry(ready.shape, ready.operator.sampling if sample else ready.operator.placement, ready.channels)


def raster(results: Results, comparison: Comparison, panel: str, how: Comparing = SIGNED) -> Raster | None:
    """The pixels of a panel, to be read window by window; None if there are none yet."""
    if not panel.startswith(DIFFERENCE):
        return _plain_raster(results, panel)
    name = slot_of(panel)
    support = support_of(results, comparison, name)
    reference = reference_name(comparison, results)
    if not isinstance(support, Support) or reference is None or results.prepared is None:
        return None
    a, r = _plain_raster(results, name), _plain_raster(results, reference)
    if a is None or r is None or how.problem:
        return None
    return DifferenceRaster(a, r, support, how, results.prepared)


def _plain_raster(results: Results, name: str) -> Raster | None:
    prepared = results.prepared
    if name in (SOURCE, ORIGINAL):
        values: Image | None = None
        if prepared is not None:
            values = prepared.values if name == SOURCE else prepared.original
        if prepared is None or values is None:
            return None
        return ArrayRaster(values, IDENTITY if name == SOURCE else prepared.original_placement)
    ready = results.ready(name)
    return None if ready is None else OutputRaster(ready)


def reference_name(comparison: Comparison, results: Results) -> str | None:
    """What everything is compared with now: ``"original"``, a slot's id, or None."""
    name = comparison.reference
    if name == ORIGINAL:
        prepared = results.prepared
        return ORIGINAL if prepared is not None and prepared.original is not None else None
    return name if results.ready(name) is not None else None


def reference_reason(comparison: Comparison, results: Results) -> str:
    """Why there is no reference; an empty text where there is one."""
    if reference_name(comparison, results) is not None:
        return ""
    if comparison.source is None:
        return "There is no image yet."
    if results.prepared is None:
        return "The source is not ready." if results.source_error is None else str(results.source_error)
    if comparison.reference == ORIGINAL:
        return "The picture was not made smaller, so there is no original; choose a slot as the reference."
    title = panel_name(comparison, comparison.reference)
    failed = isinstance(results.get(comparison.reference), Failed)
    return f"The reference, {title}, {'failed' if failed else 'is not ready'}."


def support_of(results: Results, comparison: Comparison, slot_id: str) -> Support | str:
    """Where a slot can be compared with the reference, or a sentence that says why not."""
    reference = reference_name(comparison, results)
    if reference is None:
        return reference_reason(comparison, results)
    mine, other = _plain_geometry(results, slot_id), _plain_geometry(results, reference)
    if mine is None or other is None:
        failed = isinstance(results.get(slot_id), Failed)
        return f"{panel_name(comparison, slot_id)} {'failed' if failed else 'is not ready'}."
    return common_support(
        Grid(panel_name(comparison, slot_id), mine.shape, mine.placement, mine.channels),
        Grid(panel_name(comparison, reference), other.shape, other.placement, other.channels),
    )


def difference_reason(results: Results, comparison: Comparison, panel: str, how: Comparing = SIGNED) -> str:
    """Why a difference panel shows nothing; an empty text where it can show something."""
    support = support_of(results, comparison, slot_of(panel))
    return support if isinstance(support, str) else how.problem


def visible_panels(comparison: Comparison, view: ViewValue, results: Results) -> tuple[str, ...]:
    """The panels in the order of the layout; of ``pairs``, first the upper row, then the lower one.

    A difference that cannot be shown keeps its panel, which says why.
    """
    if comparison.source is None:
        return ()
    slots = tuple(slot.id for slot in comparison.slots if not slot.hidden)
    reference = reference_name(comparison, results)
    if view.layout == "pairs":
        return (*slots, *map(difference_panel, slots)) if slots else (SOURCE,)
    if view.layout == "wipe":
        sides = (view.wipe.a, view.wipe.b)
        usable = sides[0] != sides[1] and all(panel_exists(comparison, results, side) for side in sides)
        return sides if usable else (SOURCE,)
    if view.layout == "single":
        chosen = view.selected
        if chosen != ORIGINAL and comparison.slot(chosen) is None:
            return (SOURCE,)
        compared = view.show == "differences" and chosen not in (ORIGINAL, reference)
        return (difference_panel(chosen) if compared else chosen,)
    if view.show == "differences":
        return tuple(difference_panel(id) for id in slots if id != reference) or (SOURCE,)
    return (SOURCE, *slots)


def world_extent(results: Results, comparison: Comparison, panels: tuple[str, ...], placing: Placing = NOMINAL) -> Rect:
    """The smallest world rectangle that holds the images of all these panels: top, left, bottom, right."""
    found = [geometry(results, comparison, panel, placing) for panel in panels]
    rects = [one.placement.extent(one.shape) for one in found if one is not None]
    if not rects:
        source = _plain_geometry(results, SOURCE)
        return (0.0, 0.0, 1.0, 1.0) if source is None else source.placement.extent(source.shape)
    tops, lefts, bottoms, rights = zip(*rects, strict=True)
    return (min(tops), min(lefts), max(bottoms), max(rights))
