"""What a figure needs to know of a comparison, computed without a window.

Only what the page shows is computed: whole outputs where they are measured, windows of them elsewhere, exact block
means where a page cannot hold every pixel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from workbench.figures.layout import FigureSpec, Layout, RowKind, arrange
from workbench.figures.words import metric_lines
from workbench.kernels.arrays import Image, Shape, Window, plane
from workbench.kernels.cancel import CancelToken
from workbench.kernels.differences import Difference, difference, mean_of_channels
from workbench.kernels.errors import ParameterError
from workbench.kernels.metrics import measure
from workbench.kernels.operators.base import LinearOperator, mean_blocks
from workbench.kernels.placement import IDENTITY, Placement
from workbench.model.document import ORIGINAL, SOURCE, Comparison
from workbench.model.prepared import PreparedSource, prepare
from workbench.model.results import Results

MAX_MEASURED = 1 << 28
"""Samples of an output that are held at once to be measured; beyond, the line says so."""
TOO_LARGE = "too large to measure"


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


def common_support(a: tuple[Shape, Placement], r: tuple[Shape, Placement]) -> tuple[Window, tuple[int, int]] | None:
    """The part of an image that lies pixel on pixel on a reference.

    Returns
    -------
    (Window, (int, int)) or None
        In pixels of ``a``, and what to add to a row and a column to get those of ``r``; None where the grids differ
        by more than whole pixels, or nothing is shared. Nothing is ever resampled.
    """
    (shape, place), (other_shape, other) = a, r
    shift = []
    for step, other_step, at, other_at in zip(place.step, other.step, place.offset, other.offset, strict=True):
        pixels = (at - other_at) / step
        if abs(step - other_step) > 1e-9 * step or abs(pixels - round(pixels)) > 1e-6:
            return None
        shift.append(round(pixels))
    window = Window.of(other_shape).shifted(-shift[0], -shift[1]).intersect(Window.of(shape))
    return None if window.is_empty else (window, (shift[0], shift[1]))


def figure_columns(comparison: Comparison) -> tuple[str, ...]:
    """The usual columns: what everything came from, then the slots that are not hidden."""
    made_smaller = comparison.preparation.method is not None
    slots = tuple(slot.id for slot in comparison.slots if not slot.hidden)
    return (ORIGINAL if made_smaller else SOURCE, *slots)


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
    ParameterError
        If there is no picture, a column names no panel, or a method does not fit the source.
    Cancelled
    """
    images = _Images(comparison, known, cancel or CancelToken())
    placed = {panel: images.placed(panel) for panel in spec.columns}
    reference = images.reference()
    supports: dict[str, tuple[Window, tuple[int, int]]] = {}
    if reference is not None:
        found = {
            panel: common_support(at, images.placed(reference)) for panel, at in placed.items() if panel != reference
        }
        supports = {panel: support for panel, support in found.items() if support and panel != SOURCE}
    columns = tuple(
        Column(
            panel,
            *images.titles(panel),
            placed[panel][0],
            placed[panel][1],
            images.metrics(panel, reference, supports[panel]) if reference and panel in supports else None,
        )
        for panel in spec.columns
    )
    lines = metric_lines(spec, len(columns))
    layout = arrange(spec, placed, {panel: support for panel, (support, _) in supports.items()}, metric_lines=lines)
    pictures: dict[tuple[str, RowKind], Image] = {}
    for cell in layout.cells:
        if cell.row != "difference":
            pictures[cell.panel, cell.row] = images.part(cell.panel, cell.window, cell.reduction)
        elif reference is not None:
            pictures[cell.panel, cell.row] = images.difference(
                cell.panel, reference, supports[cell.panel], cell.window, cell.reduction, spec
            )
    title = images.titles(reference)[0] if reference else ""
    return Gathered(comparison, spec, images.prepared, layout, columns, pictures, reference, title)


class _Images:
    """The panels of a comparison, each computed at most once."""

    def __init__(self, comparison: Comparison, known: Results | None, cancel: CancelToken) -> None:
        if comparison.source is None:
            raise ParameterError("source", "must be a picture, and there is none")
        self.comparison = comparison
        self._cancel = cancel
        self._known = known
        prepared = known.prepared if known else None
        if prepared is None or (
            prepared.source is not comparison.source or prepared.preparation != comparison.preparation
        ):
            prepared, self._known = prepare(comparison.source, comparison.preparation, cancel), None
        self.prepared = prepared
        self._operators: dict[str, LinearOperator] = {}
        self._wholes: dict[str, Image] = {}

    def operator(self, id: str) -> LinearOperator:
        """The operator of a slot."""
        if id not in self._operators:
            slot = self.comparison.slot(id)
            if slot is None:
                raise ParameterError("columns", f"must name panels of this comparison, not {id}")
            ready = self._known.ready(id) if self._known else None
            if ready is not None and ready.slot.method == slot.method and ready.prepared is self.prepared:
                self._operators[id] = ready.operator
                if ready.whole is not None:
                    self._wholes[id] = ready.whole
            else:
                self._operators[id] = slot.method.operator(self.prepared.spec)
        return self._operators[id]

    def reference(self) -> str | None:
        """The panel that everything is compared with, if there is one."""
        wanted = self.comparison.reference
        if wanted == ORIGINAL:
            return ORIGINAL if self.prepared.original is not None else None
        return wanted if self.comparison.slot(wanted) else None

    def placed(self, panel: str) -> tuple[Shape, Placement]:
        """How many pixels, and where they sit in the world."""
        if panel == SOURCE:
            return self.prepared.shape, IDENTITY
        if panel == ORIGINAL:
            original = self._original()
            return (original.shape[0], original.shape[1]), self.prepared.original_placement
        operator = self.operator(panel)
        return operator.out_shape, operator.placement

    def titles(self, panel: str) -> tuple[str, str, str]:
        """Long and short name, and the recipe."""
        if panel in (SOURCE, ORIGINAL):
            name = panel.capitalize()
            return name, name, ""
        slot = self.comparison.slot(panel)
        assert slot is not None  # operator() has refused it before
        return slot.title, slot.short_title, slot.method.to_text()

    def part(self, panel: str, window: Window, reduction: int = 1) -> Image:
        """A window of a panel's image, or of its block means."""
        if panel in (SOURCE, ORIGINAL):
            values = self.prepared.values if panel == SOURCE else self._original()
            return mean_blocks(values, reduction)[window.slices]
        operator = self.operator(panel)
        if panel in self._wholes:
            return mean_blocks(self._wholes[panel], reduction)[window.slices]
        if reduction > 1:
            return operator.block_means(self.prepared.values, reduction, window, cancel=self._cancel)
        return operator.apply(self.prepared.values, window, cancel=self._cancel)

    def metrics(self, panel: str, reference: str, support: tuple[Window, tuple[int, int]]) -> Mapping[str, float | str]:
        """Measures of a slot against the reference, on their common support."""
        window, shift = support
        samples = window.height * window.width * self.prepared.channels
        if samples > MAX_MEASURED:
            return dict.fromkeys(("psnr", "ssim"), TOO_LARGE)
        for id in {panel, reference} - {ORIGINAL, SOURCE} - self._wholes.keys():
            self._wholes[id] = self.operator(id).apply(self.prepared.values, cancel=self._cancel)
        return measure(
            self.part(panel, window), self.part(reference, window.shifted(*shift)), self.data_range, self._cancel
        )

    def difference(
        self,
        panel: str,
        reference: str,
        support: tuple[Window, tuple[int, int]],
        window: Window,
        reduction: int,
        spec: FigureSpec,
    ) -> Image:
        """One number for each pixel of a window, or for each block of pixels."""
        b = reduction
        wanted = Window(window.top * b, window.left * b, window.bottom * b, window.right * b)
        wanted = wanted.intersect(Window.of(self.placed(panel)[0]))
        pixels = wanted.intersect(support[0])
        mine, other = self.part(panel, pixels), self.part(reference, pixels.shifted(*support[1]))
        if spec.channel != "rgb":
            mine, other = plane(mine, spec.channel), plane(other, spec.channel)
        eps = 0.01 * self.data_range
        found = mean_of_channels(difference(mine, other, spec.difference, eps=eps))
        if pixels != wanted:
            # Blocks that are only partly shared have no difference.
            shared, found = found, np.full(wanted.shape, np.nan, found.dtype)
            found[pixels.shifted(-wanted.top, -wanted.left).slices] = shared
        return mean_blocks(found, b)

    @property
    def data_range(self) -> float:
        """Width of the nominal range, as measures and ε want it."""
        source = self.prepared.source
        return 1.0 if source.pixels.dtype.kind in "iub" else source.nominal[1] - source.nominal[0]

    def _original(self) -> Image:
        if self.prepared.original is None:
            raise ParameterError(
                "columns", "must name panels of this comparison; nothing was made smaller, so no original"
            )
        return self.prepared.original


def difference_map(spec: FigureSpec) -> str:
    """The colour map of the differences: the one asked for, or the usual one of their kind."""
    return spec.difference_map or ("cet-d1a" if spec.difference.signed else "viridis")


def difference_note(gathered: Gathered) -> str:
    """What the difference row shows: ``"difference to (a), mean of R G B"``."""
    spec = gathered.spec
    kind = {Difference.SIGNED: "difference"}.get(spec.difference, f"{spec.difference.label.lower()} difference")
    places = {column.panel: k for k, column in enumerate(gathered.columns)}
    where = places.get(gathered.reference or "")
    to = letter(where) if spec.letters and where is not None else gathered.reference_title
    names = gathered.prepared.channel_names
    if len(names) == 1:
        return f"{kind} to {to}"
    shown = "mean of " + " ".join(names) if spec.channel == "rgb" else f"channel {names[spec.channel]}"
    return f"{kind} to {to},\n{shown}"


def letter(index: int) -> str:
    """``(a)`` for the first column."""
    return f"({chr(ord('a') + index % 26)})"
