"""What a figure needs to know of a comparison, computed without a window.

Only what the page shows is computed: whole outputs where they are measured, windows of them elsewhere, exact block
means where a page cannot hold every pixel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from workbench.figures.layout import FigureSpec, Layout, RowKind, arrange
from workbench.figures.words import metric_lines
from workbench.kernels.arrays import Image, Shape, Window
from workbench.kernels.cancel import CancelToken
from workbench.kernels.differences import Difference
from workbench.kernels.errors import ParameterError, WorkbenchError
from workbench.kernels.method import SourceSpec
from workbench.kernels.placement import Placement
from workbench.model.channels import LABELS, takes_part
from workbench.model.differencing import Comparing, data_range, nominal_difference
from workbench.model.display import Range
from workbench.model.document import ORIGINAL, SOURCE, Comparison
from workbench.model.measuring import OTHER_GRID, compare, stream, without
from workbench.model.panels import Geometry, difference_panel, geometry, raster, reference_name, support_of
from workbench.model.prepared import PreparedSource, prepare
from workbench.model.results import Ready, Results
from workbench.model.source import Source

MAX_MEASURED = 1 << 27
"""Samples of an output that is held whole to be measured; beyond, only what can be summed tile by tile."""
TOO_LARGE = "too large"


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One panel of a figure, with everything that is said about it.

    Parameters
    ----------
    panel : str
    title, short_title : str
        As over the column; the short one where there is little room.
    recipe : str
        The method as on the command line; empty for the source and the original.
    shape : (int, int)
    placement : Placement
    metrics : mapping, optional
        Number or reason by metric id; None where there is no reference, or this is it.
    """

    panel: str
    title: str
    short_title: str
    recipe: str
    shape: Shape
    placement: Placement
    metrics: Mapping[str, float | str] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """Everything that is drawn, as numbers.

    Parameters
    ----------
    comparison : Comparison
    spec : FigureSpec
    prepared : PreparedSource
    layout : Layout
    columns : tuple of Column
    pictures : mapping
        (panel, row) → the values of that cell; of a difference (h, w).
    reference : str or None
        What is compared with: ``"original"``, a slot's id, or None.
    reference_title : str
    """

    comparison: Comparison
    spec: FigureSpec
    prepared: PreparedSource
    layout: Layout
    columns: tuple[Column, ...]
    pictures: Mapping[tuple[str, RowKind], Image]
    reference: str | None
    reference_title: str


def figure_columns(comparison: Comparison) -> tuple[str, ...]:
    """The usual columns: what everything came from, then the slots that are not hidden."""
    made_smaller = comparison.preparation.method is not None
    slots = tuple(slot.id for slot in comparison.slots if not slot.hidden)
    return (ORIGINAL if made_smaller else SOURCE, *slots)


def usual_spec(comparison: Comparison, kind: Difference = Difference.SIGNED) -> FigureSpec:
    """A good figure of a comparison to start from.

    Columns are what everything came from and the slots; where there is a reference, a row of differences; where the
    comparison says what it looks at, insets of that place. Ranges follow from the picture's nominal range.
    """
    low, high = (0.0, 1.0) if comparison.source is None else _nominal(comparison.source)
    width = high - low
    ends = nominal_difference(Comparing(kind), width)
    compared = comparison.preparation.method is not None or comparison.reference != ORIGINAL
    region = _looked_at(comparison)
    rows: dict[RowKind, bool] = {"image": True, "inset": region is not None, "difference": compared}
    return FigureSpec(
        figure_columns(comparison),
        tuple(row for row, wanted in rows.items() if wanted),
        region=region,
        difference=kind,
        difference_range=Range(*ends),
        image_range=Range(low, high),
    )


def _nominal(source: Source) -> tuple[float, float]:
    """Black and white in the numbers methods compute with, before anything is prepared."""
    low, high = source.nominal
    return (low / high, 1.0) if source.pixels.dtype.kind in "iub" else (low, high)


def _looked_at(comparison: Comparison) -> Window | None:
    """A fifth of the prepared source around what the comparison looks at."""
    if comparison.view.centre is None or comparison.source is None:
        return None
    shape = comparison.source.shape
    if comparison.preparation.method is not None:
        try:
            shape = comparison.preparation.method.operator(
                SourceSpec(shape, channels=comparison.source.channels)
            ).out_shape
        except WorkbenchError:
            return None
    if min(shape) < 20:
        return None
    height, width = (round(n * 0.18) for n in shape)
    y, x = comparison.view.centre
    top = min(max(0, round(y - height / 2)), shape[0] - height)
    left = min(max(0, round(x - width / 2)), shape[1] - width)
    return Window(top, left, top + height, left + width)


def gather(
    comparison: Comparison, spec: FigureSpec, *, known: Results | None = None, cancel: CancelToken | None = None
) -> Gathered:
    """Compute what a figure shows.

    Parameters
    ----------
    comparison : Comparison
    spec : FigureSpec
    known : Results, optional
        What a window has computed already; used where it belongs to the same values.
    cancel : CancelToken, optional

    Raises
    ------
    WorkbenchError
        If there is no picture, a column names no panel, or a method does not fit the source.
    Cancelled
    """
    cancel = cancel or CancelToken()
    results = computed(comparison, (*spec.columns, comparison.reference), known=known, cancel=cancel)
    prepared = results.prepared
    assert prepared is not None
    region = spec.region
    if region is not None and not Window.of(prepared.shape).contains(region):
        height, width = prepared.shape
        rule = f"must lie inside the source of {height}×{width} pixels"
        raise ParameterError(
            "region", f"{rule}, not rows {region.top} … {region.bottom - 1}, columns {region.left} … {region.right - 1}"
        )
    places = {panel: _geometry(results, comparison, panel) for panel in spec.columns}
    reference = reference_name(comparison, results)
    compared = tuple(panel for panel in spec.columns if panel not in (SOURCE, ORIGINAL, reference))
    columns = tuple(
        Column(
            panel,
            *_titles(comparison, panel),
            places[panel].shape,
            places[panel].placement,
            measures(results, comparison, panel, cancel) if panel in compared and spec.metrics_line else None,
        )
        for panel in spec.columns
    )
    differences = {
        panel: (found.shape, found.placement)
        for panel in compared
        if (found := geometry(results, comparison, difference_panel(panel)))
    }
    if "difference" in spec.rows and not differences:
        reasons = [support_of(results, comparison, panel) for panel in compared]
        reason = next((text for text in reasons if isinstance(text, str)), "no column is compared with another.")
        raise ParameterError("difference", f"cannot be shown: {reason[:1].lower()}{reason[1:].rstrip('.')}")
    if "difference" in spec.rows and spec.comparing.problem:
        problem = spec.comparing.problem
        raise ParameterError("difference", f"cannot be shown: {problem[:1].lower()}{problem[1:].rstrip('.')}")
    layout = arrange(
        spec,
        {panel: (found.shape, found.placement) for panel, found in places.items()},
        differences,
        metric_lines=metric_lines(spec, len(columns)) if any(column.metrics for column in columns) else 0,
    )
    pictures: dict[tuple[str, RowKind], Image] = {}
    for cell in layout.cells:
        name = difference_panel(cell.panel) if cell.row == "difference" else cell.panel
        pixels = raster(results, comparison, name, spec.comparing)
        assert pixels is not None
        pictures[cell.panel, cell.row] = pixels.part(cell.window, cell.reduction, cancel).values
    title = _titles(comparison, reference)[0] if reference else ""
    return Gathered(comparison, spec, prepared, layout, columns, pictures, reference, title)


def computed(
    comparison: Comparison,
    panels: Iterable[str] = (),
    *,
    known: Results | None = None,
    cancel: CancelToken | None = None,
) -> Results:
    """The prepared source and the operators of some panels, as a window holds them.

    Raises
    ------
    WorkbenchError
        If there is no picture, or a method does not fit the source.
    """
    if comparison.source is None:
        raise ParameterError("source", "must be a picture, and there is none")
    prepared = known.prepared if known else None
    if prepared is None or prepared.source is not comparison.source or prepared.preparation != comparison.preparation:
        prepared, known = prepare(comparison.source, comparison.preparation, cancel), None
    results = Results()
    results.set_prepared(prepared)
    for slot in comparison.slots:
        if slot.id in panels:
            ready = known.ready(slot.id) if known else None
            if ready is None or ready.slot.method != slot.method or ready.prepared is not prepared:
                ready = Ready(slot, prepared, slot.method.operator(prepared.spec))
            results.put(slot.id, ready)
    return results


def measures(
    results: Results, comparison: Comparison, slot_id: str, cancel: CancelToken | None = None
) -> Mapping[str, float | str] | None:
    """PSNR, SSIM and the others of a slot against the reference; None where there is no reference.

    The whole output is kept in ``results``, so that it is computed once.
    """
    reference, prepared = reference_name(comparison, results), results.prepared
    ready = results.ready(slot_id)
    if reference in (None, slot_id) or prepared is None or ready is None:
        return None
    cancel = cancel or CancelToken()
    method = ready.slot.method
    support = support_of(results, comparison, slot_id)
    if isinstance(support, str):
        return without(OTHER_GRID, method)
    small = all(_samples(results, id) <= MAX_MEASURED for id in (slot_id, reference))
    for id in (slot_id, reference):
        held = results.ready(id)
        if held is not None and held.whole is None and small:
            results.put(id, replace(held, whole=held.operator.affine(prepared.values, cancel=cancel)))
    mine, other = raster(results, comparison, slot_id), raster(results, comparison, reference)
    assert mine is not None
    assert other is not None
    if small:
        return compare(method, mine, other, support, data_range(prepared), cancel)
    return stream(method, mine, other, support, data_range(prepared), TOO_LARGE, cancel).numbers


def _samples(results: Results, id: str) -> int:
    ready = results.ready(id)
    return 0 if ready is None else ready.shape[0] * ready.shape[1] * ready.channels


def _geometry(results: Results, comparison: Comparison, panel: str) -> Geometry:
    found = geometry(results, comparison, panel)
    if found is None:
        rule = "nothing was made smaller" if panel == ORIGINAL else "there is no such panel"
        raise ParameterError("columns", f"must name panels of this comparison, not {panel}: {rule}")
    return found


def _titles(comparison: Comparison, panel: str) -> tuple[str, str, str]:
    """Long and short name, and the recipe."""
    slot = comparison.slot(panel)
    if slot is None:
        return panel.capitalize(), panel.capitalize(), ""
    return slot.title, slot.short_title, slot.method.to_text()


def difference_map(spec: FigureSpec) -> str:
    """The colour map of the differences: the one asked for, or the usual one of their kind."""
    return spec.difference_map or ("cet-d1a" if spec.comparing.signed else "viridis")


def difference_note(gathered: Gathered) -> str:
    """What the difference row shows: ``"difference to (a), mean of R G B"``."""
    spec = gathered.spec
    kind = {Difference.SIGNED: "difference"}.get(spec.difference, f"{spec.difference.label.lower()} difference")
    places = {column.panel: k for k, column in enumerate(gathered.columns)}
    where = places.get(gathered.reference or "")
    to = letter(where) if spec.letters and where is not None else gathered.reference_title
    names = gathered.prepared.channel_names
    if takes_part(spec.comparing.channel, len(names)):
        return f"{kind} to {to},\n{LABELS[spec.comparing.channel]}"
    if len(names) == 1:
        return f"{kind} to {to}"
    return f"{kind} to {to},\nmean of {' '.join(names)}"


def letter(index: int) -> str:
    """``(a)`` for the first column."""
    return f"({chr(ord('a') + index % 26)})"
