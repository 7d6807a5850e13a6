"""How many pixels of a group the colours cannot show: the numbers beside the fixed colours of its bar."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.kernels.arrays import Window
from workbench.kernels.cancel import CancelToken
from workbench.model.differencing import Comparing
from workbench.model.display import Counts, count_beyond
from workbench.model.document import Comparison
from workbench.model.group_range import group_panels
from workbench.model.looks import Group, Look, look_of
from workbench.model.panels import raster
from workbench.model.rasters import Raster
from workbench.model.results import Part, Results
from workbench.model.view_state import ViewValue

COUNTED_WHOLE = 1 << 21
"""Pixels up to which a whole picture is counted; of larger ones what is in view."""


@dataclass(frozen=True, slots=True, eq=False)
class Census:
    """What has to be counted; `run` counts it.

    Parameters
    ----------
    pictures : tuple of (Raster or Part, Look)
    in_view : bool
        Whether some picture is counted only where it is in view.
    """

    pictures: tuple[tuple[Raster | Part, Look], ...]
    in_view: bool

    def run(self, cancel: CancelToken) -> Counts:
        """All pictures together."""
        total = [0] * 6
        for picture, look in self.pictures:
            cancel.check()
            values = picture.values if isinstance(picture, Part) else picture.read(Window.of(picture.shape), cancel)
            found = count_beyond(look.seen(values), look.ends)
            counts = (found.nan, found.positive_infinite, found.negative_infinite, found.above, found.below)
            total = [a + b for a, b in zip(total, (*counts, found.total), strict=True)]
        return Counts(*total)

    def same(self, other: Census | None) -> bool:
        """Whether both would count the very same pixels in equal looks."""
        if other is None or len(self.pictures) != len(other.pictures):
            return False
        for (mine, look), (theirs, other_look) in zip(self.pictures, other.pictures, strict=True):
            if look != other_look or isinstance(mine, Part) != isinstance(theirs, Part):
                return False
            if mine is not theirs and (isinstance(mine, Part) or not mine.same_pixels(_as_raster(theirs))):
                return False
        return True


def _as_raster(picture: Raster | Part) -> Raster | None:
    return picture if isinstance(picture, Raster) else None


def census_of(comparison: Comparison, view: ViewValue, results: Results, group: Group) -> Census:
    """The panels of a group that are on screen."""
    found: list[tuple[Raster | Part, Look]] = []
    in_view, how = False, Comparing.of(view)
    for panel in group_panels(comparison, view, results, group):
        whole, part = raster(results, comparison, panel, how), results.part(panel)
        if whole is not None and whole.in_memory and whole.shape[0] * whole.shape[1] <= COUNTED_WHOLE:
            found.append((whole, look_of(panel, view)))
        elif part is not None:
            found.append((part, look_of(panel, view)))
            in_view = True
    return Census(tuple(found), in_view)
