"""The one range that all panels of a group share: what would fit their data, and whether data leave it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from workbench.kernels.arrays import Image, Window
from workbench.kernels.differences import fit_range, symmetric_range
from workbench.model.differencing import Comparing
from workbench.model.display import Range
from workbench.model.document import Comparison
from workbench.model.panels import DIFFERENCE, raster, visible_panels
from workbench.model.results import Part, Results
from workbench.model.view_state import ViewValue


def shows_differences(view: ViewValue) -> bool:
    """Whether difference panels are on screen, so that the shared range is theirs."""
    return view.show == "differences" or view.layout == "pairs"


def group_panels(comparison: Comparison, view: ViewValue, results: Results) -> tuple[str, ...]:
    """The panels on screen that share the range: differences where there are any, else images."""
    differences = shows_differences(view)
    panels = visible_panels(comparison, view, results)
    return tuple(panel for panel in panels if panel.startswith(DIFFERENCE) == differences)


def group_values(comparison: Comparison, view: ViewValue, results: Results) -> Iterator[Image]:
    """The values of every panel of the group: the whole where it lies in memory, else what is on screen."""
    for panel in group_panels(comparison, view, results):
        pixels, part = raster(results, comparison, panel, Comparing.of(view)), results.part(panel)
        if pixels is not None and pixels.in_memory:
            yield pixels.read(Window.of(pixels.shape))
        elif part is not None:
            yield part.values


def fitted_range(comparison: Comparison, view: ViewValue, results: Results) -> Range | None:
    """The range that shows every value of the group: ±max |d| of signed differences, from 0 of the other kinds.

    None while there are no values.
    """
    found = list(group_values(comparison, view, results))
    if not found:
        return None
    if not shows_differences(view):
        ends = [fit_range(values) for values in found]
        return Range(min(lo for lo, _ in ends), max(hi for _, hi in ends))
    ends = [symmetric_range(values) for values in found if np.any(values != 0)] or [(-0.5, 0.5)]
    high = max(hi for _, hi in ends)
    return Range(-high, high) if Comparing.of(view).signed else Range(0.0, high)


class Extremes:
    """Remembers the smallest and largest value of each part, so that panning one panel scans one panel."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Part, float, float]] = {}

    def leave(self, ends: Range, panels: tuple[str, ...], results: Results) -> bool:
        """Whether some value on screen lies beyond the range."""
        return any(low < ends.lo or high > ends.hi for low, high in (self._of(panel, results) for panel in panels))

    def _of(self, panel: str, results: Results) -> tuple[float, float]:
        part = results.part(panel)
        if part is None or not part.values.size:
            return (np.inf, -np.inf)
        known = self._known.get(panel)
        if known is None or known[0] is not part:
            # fmin and fmax pass over NaN, which has a colour of its own.
            low = float(np.fmin.reduce(part.values, axis=None))
            high = float(np.fmax.reduce(part.values, axis=None))
            self._known[panel] = known = (part, low, high)
        return known[1:]
