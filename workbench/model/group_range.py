"""The one range that all panels of a group share: what would fit their data, and whether data leave it.

Everything is counted on finite values, and on all of them: nothing is sampled.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from workbench.kernels.arrays import Image, Window
from workbench.kernels.cancel import CancelToken
from workbench.kernels.differences import fit_range, symmetric_range
from workbench.kernels.engines.tiles import PartToken
from workbench.model.channels import picked
from workbench.model.differencing import Comparing
from workbench.model.display import Range
from workbench.model.document import Comparison
from workbench.model.looks import Group, group_of, is_unlocked, look_of
from workbench.model.panels import raster, reference_name, visible_panels
from workbench.model.rasters import TILE, Raster, tiled
from workbench.model.results import Part, Results
from workbench.model.view_state import ChannelView, ViewValue


def groups_on_screen(comparison: Comparison, view: ViewValue, results: Results) -> tuple[Group, ...]:
    """The groups that have panels on screen, images first."""
    found = {group_of(panel) for panel in visible_panels(comparison, view, results)}
    order: tuple[Group, ...] = ("images", "differences")
    return tuple(group for group in order if group in found)


def group_panels(comparison: Comparison, view: ViewValue, results: Results, group: Group) -> tuple[str, ...]:
    """The panels on screen that share the range of a group."""
    panels = visible_panels(comparison, view, results)
    return tuple(panel for panel in panels if group_of(panel) == group and not is_unlocked(panel, view))


def all_panels(comparison: Comparison, view: ViewValue, results: Results, group: Group) -> tuple[str, ...]:
    """Every panel that shares the range of a group, on screen or one layout away.

    Hidden slots and the original take part where they are seen: at a side of a wipe, alone, or in place of another.
    """
    away = visible_panels(comparison, replace(view, layout="grid", show=group), results)
    blinks = None if view.blink is None else reference_name(comparison, results)  # in turns: seen at every other beat
    guests = (blinks, *(guest for _, guest in view.instead))
    found = dict.fromkeys((*away, *visible_panels(comparison, view, results), *guests))
    return tuple(one for one in found if one and group_of(one) == group and not is_unlocked(one, view))


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """What has to be looked at to fit a range: rasters, and the channel of them that is shown."""

    rasters: tuple[Raster, ...]
    channel: ChannelView
    group: Group
    signed: bool

    def run(self, cancel: CancelToken) -> Range | None:
        """The range that shows every value; None if there is none that is finite."""
        return range_of_ends(*self.ends(cancel), self.group, self.signed)

    def ends(self, cancel: CancelToken) -> tuple[float, float]:
        """The smallest and the largest finite value, tile by tile; (∞, −∞) if there is none."""
        low, high = math.inf, -math.inf
        for done, one in enumerate(self.rasters):
            tiles = list(tiled(Window.of(one.shape), TILE))
            token = PartToken(cancel, done, len(self.rasters))
            for k, tile in enumerate(tiles):
                cancel.check()
                ends = finite_ends(self._seen(one.read(tile, PartToken(token, k, len(tiles)))))
                low, high = min(low, ends[0]), max(high, ends[1])
        return low, high

    def _seen(self, values: Image) -> Image:
        return values if self.group == "differences" else picked(values, self.channel)


def scan_of(comparison: Comparison, view: ViewValue, results: Results, panels: Iterable[str], group: Group) -> Scan:
    """The scan of some panels of one group."""
    how = Comparing.of(view)
    found = [raster(results, comparison, panel, how) for panel in panels]
    return Scan(tuple(one for one in found if one is not None), view.channel_view, group, how.signed)


def finite_ends(values: Image) -> tuple[float, float]:
    """The smallest and the largest finite value; (∞, −∞) if there is none."""
    if not values.size:
        return (math.inf, -math.inf)
    low, high = float(values.min()), float(values.max())
    if math.isfinite(low) and math.isfinite(high):
        return (low, high)
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (math.inf, -math.inf)


def range_of_ends(low: float, high: float, group: Group, signed: bool) -> Range | None:
    """The range that shows all values between two: ±max |d| of signed differences, from 0 of the other kinds."""
    if low > high:
        return None
    if group == "images":
        return Range(*fit_range((low, high)))
    half = symmetric_range((low, high))[1]
    return Range(-half, half) if signed else Range(0.0, half)


def fitted_range(comparison: Comparison, view: ViewValue, results: Results, group: Group = "images") -> Range | None:
    """The range that shows every value of a group, at once; None while there are no values."""
    return scan_of(comparison, view, results, all_panels(comparison, view, results, group), group).run(CancelToken())


def range_of_values(values: Sequence[Image], group: Group, signed: bool) -> Range | None:
    """The range that shows all of these values."""
    ends = [finite_ends(one) for one in values]
    low, high = min((lo for lo, _ in ends), default=math.inf), max((hi for _, hi in ends), default=-math.inf)
    return range_of_ends(low, high, group, signed)


class Extremes:
    """Remembers the smallest and largest value of each part, so that panning one panel scans one panel."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ChannelView], tuple[Part, float, float]] = {}

    def leave(self, view: ViewValue, panels: tuple[str, ...], results: Results) -> bool:
        """Whether some value on screen lies beyond the ends of its panel's colours."""
        for panel in panels:
            look = look_of(panel, view)
            low, high = self._of(panel, look.channel, results, view)
            if low < look.ends.lo or high > look.ends.hi:
                return True
        return False

    def _of(self, panel: str, channel: ChannelView, results: Results, view: ViewValue) -> tuple[float, float]:
        part = results.part(panel)
        if part is None or not part.values.size:
            return (np.inf, -np.inf)
        known = self._known.get((panel, channel))
        if known is None or known[0] is not part:
            seen = look_of(panel, view).seen(part.values)
            # fmin and fmax pass over NaN, which has a colour of its own.
            low = float(np.fmin.reduce(seen, axis=None))
            high = float(np.fmax.reduce(seen, axis=None))
            self._known[panel, channel] = known = (part, low, high)
        return known[1:]
