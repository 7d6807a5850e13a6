"""Regions: which pixels of a panel lie in one, what a whole phase cell is, and the colours they are drawn in.

Convention
    A pixel lies in a region if its centre does; a centre on the upper or left edge does, one on the lower or right edge
    does not, so that regions side by side share no pixel.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from workbench.kernels.arrays import Shape, Window
from workbench.kernels.placement import Placement, Rect
from workbench.model.document import ORIGINAL, SOURCE, Comparison, Region
from workbench.model.panels import Geometry, slot_of
from workbench.model.results import Results

COLOURS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7", "#999999")
"""Of regions, the same in both themes: Okabe and Ito's, told apart by colour-blind eyes too; grey for their black."""
COLOUR_NAMES = ("orange", "sky blue", "green", "yellow", "blue", "vermilion", "purple", "grey")

LARGEST_CELL = 64
"""Source pixels: beyond it a cell that suits all panels is no help any more, and that of one panel is taken."""

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Cell:
    """The raster that whole phase cells make in the world.

    Parameters
    ----------
    step : (float, float)
        Height and width of a cell in source pixels.
    offset : (float, float)
        World place (y, x) where one begins.
    """

    step: tuple[float, float] = (1.0, 1.0)
    offset: tuple[float, float] = (0.0, 0.0)

    def floor(self, y: float, x: float) -> tuple[float, float]:
        """The corner of the cell that holds a point: its upper left one."""
        return (self._at(math.floor, 0, y), self._at(math.floor, 1, x))

    def nearest(self, y: float, x: float) -> tuple[float, float]:
        """The corner of cells that is nearest to a point."""
        return (self._at(lambda v: math.floor(v + 0.5), 0, y), self._at(lambda v: math.floor(v + 0.5), 1, x))

    def around(self, rect: Rect) -> Rect:
        """The smallest rectangle of whole cells that holds another."""
        top, left = self.floor(rect[0], rect[1])
        bottom, right = self._at(math.ceil, 0, rect[2]), self._at(math.ceil, 1, rect[3])
        return (top, left, max(bottom, top + self.step[0]), max(right, left + self.step[1]))

    def _at(self, rule: Callable[[float], int], axis: int, place: float) -> float:
        index = (place - self.offset[axis]) / self.step[axis]
        near = round(index)
        whole = near if abs(index - near) < _ROUNDING else rule(index)
        return self.offset[axis] + whole * self.step[axis]


def pixels_in(region: Region | Rect, geometry: Geometry) -> Window:
    """The pixels of a panel whose centres lie in a region; may be empty."""
    rect = region.rect if isinstance(region, Region) else region
    step, offset = geometry.placement.step, geometry.placement.offset

    def first(axis: int, place: float) -> int:
        return math.ceil((place - offset[axis]) / step[axis] - 0.5 - _ROUNDING)

    window = Window(first(0, rect[0]), first(1, rect[1]), first(0, rect[2]), first(1, rect[3]))
    return window.intersect(Window.of(geometry.shape))


def period_of(results: Results, name: str) -> Shape | None:
    """P, in output pixels down and across, of a slot's rows; None where they have no period, as of source and original.

    A name with ``"d:"`` in front means the slot.
    """
    ready = results.ready(slot_of(name))
    if ready is None:
        return None
    rows, cols = ready.operator.period
    return None if rows is None or cols is None else (rows[0], cols[0])


def pixel_cell(placement: Placement) -> Cell:
    """The raster of a panel's own pixels."""
    return Cell(placement.step, placement.offset)


def phase_cell(results: Results, comparison: Comparison, panel: str, placement: Placement) -> Cell:
    """The raster of whole phase cells: one that suits every visible slot, else that of one panel.

    Parameters
    ----------
    panel : str
        Where the pointer is; its cells are taken where those of all would be larger than `LARGEST_CELL`.
    placement : Placement
        Of that panel.
    """
    own = period_of(results, panel)
    everyone = [
        _source_period(results, slot.id)
        for slot in comparison.slots
        if not slot.hidden and slot.id not in (SOURCE, ORIGINAL)
    ]
    steps = []
    for axis in (0, 1):
        common = _common(period[axis] for period in everyone if period is not None)
        mine = placement.step[axis] * own[axis] if own is not None else 1.0
        steps.append(float(common) if common <= LARGEST_CELL else mine)
    return Cell((steps[0], steps[1]), placement.offset)


def _source_period(results: Results, slot_id: str) -> Shape | None:
    """Q, source pixels down and across after which a slot's phases begin again."""
    ready = results.ready(slot_id)
    if ready is None:
        return None
    rows, cols = ready.operator.period
    return None if rows is None or cols is None else (rows[1], cols[1])


def _common(periods: Iterable[int]) -> int:
    return math.lcm(1, *periods)
