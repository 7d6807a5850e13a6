"""How often each value occurs: of several pictures one curve each, or of pictures by phase one curve for each phase.

The phases of an operator without a checkerboard take their values from the same places of the source equally often, so
their curves coincide; where they do not, the method treats neighbouring pixels differently.

Convention
    256 bins of equal width, the first and the last centred on the ends, so that the levels of an 8-bit picture in the
    range 0 … 1 each have a bin of their own. Counts are of values: a pixel of three channels counts three times.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Shape, Window
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines.tiles import PartToken
from workbench.model.channels import picked
from workbench.model.difference_raster import DifferenceRaster
from workbench.model.differencing import Comparing
from workbench.model.display import Range
from workbench.model.document import Comparison
from workbench.model.group_range import finite_ends
from workbench.model.looks import group_of
from workbench.model.panels import Geometry, panel_name, raster
from workbench.model.rasters import TILE, Raster, tiled
from workbench.model.regions import period_of, pixels_in
from workbench.model.results import Results
from workbench.model.view_state import ChannelView, ViewValue

BINS = 256
MOST_PHASES = 64
"""More curves tell nothing any more: all values then make one."""

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A picture whose values are counted.

    Parameters
    ----------
    panel, name : str
        Its panel, and what a person calls it.
    raster : Raster
    window : Window
        The part that counts.
    period : (int, int)
        Rows and columns after which phases begin again; (1, 1) for one curve.
    first : (int, int)
        Phase of the raster's pixel (0, 0).
    channel : {"rgb", "r", "g", "b", "luminance", "alpha"}
    """

    panel: str
    name: str
    raster: Raster
    window: Window
    period: Shape
    first: tuple[int, int]
    channel: ChannelView

    def same(self, other: Subject) -> bool:
        """Whether both count the very same values."""
        return (self.panel, self.name, self.window, self.period, self.channel) == (
            other.panel, other.name, other.window, other.period, other.channel,
        ) and self.raster.same_pixels(other.raster)  # fmt: skip

    def values(self, tile: Window, cancel: CancelToken) -> Image:
        """What counts of a tile; differences have been taken of the channel already."""
        read = self.raster.read(tile, cancel)
        return read if group_of(self.panel) == "differences" else picked(read, self.channel)


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """The counts of one picture, or of one phase of it.

    Parameters
    ----------
    panel, name : str
    phase : (int, int), optional
    counts : (256,) int64
    total : int
        Finite values; those beyond the bins are not among the counts.
    """

    panel: str
    name: str
    phase: tuple[int, int] | None
    counts: Counts
    total: int


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """Curves over common bins.

    Parameters
    ----------
    ends : Range
        Centres of the first and the last bin.
    curves : tuple of Curve
    odd : int
        Values that are NaN or infinite.
    """

    ends: Range
    curves: tuple[Curve, ...]
    odd: int

    @property
    def edges(self) -> npt.NDArray[np.float64]:
        """The 257 edges of the bins."""
        return bin_edges(self.ends)

    @property
    def centres(self) -> npt.NDArray[np.float64]:
        edges = self.edges
        return (edges[1:] + edges[:-1]) / 2

    def csv(self) -> str:
        """One row for each bin: its centre at full precision, and the count of every curve."""
        out = io.StringIO()
        names = [one.name if one.phase is None else f"{one.name} phase {one.phase[0]} {one.phase[1]}"
                 for one in self.curves]  # fmt: skip
        out.write(",".join(["value", *(f'"{name}"' for name in names)]) + "\n")
        for k, centre in enumerate(self.centres.tolist()):
            out.write(",".join([repr(centre), *(str(one.counts[k]) for one in self.curves)]) + "\n")
        return out.getvalue()


def bin_edges(ends: Range) -> npt.NDArray[np.float64]:
    """Edges of 256 bins whose outer ones are centred on the ends."""
    half = ends.width / (BINS - 1) / 2
    return np.linspace(ends.lo - half, ends.hi + half, BINS + 1)


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """What has to be counted; `run` counts it.

    Parameters
    ----------
    subjects : tuple of Subject
    least : Range
        What the bins reach over at least, whatever the values.
    """

    subjects: tuple[Subject, ...]
    least: Range

    def same(self, other: Survey | None) -> bool:
        """Whether both would count the same."""
        return (
            other is not None
            and self.least == other.least
            and len(self.subjects) == len(other.subjects)
            and all(a.same(b) for a, b in zip(self.subjects, other.subjects, strict=True))
        )

    def run(self, cancel: CancelToken) -> Histogram:
        """Twice through the values, tile by tile: once for the ends, once for the counts."""
        low, high, odd = self.least.lo, self.least.hi, 0
        curves: list[Curve] = []
        for done, one in enumerate(self.subjects):
            for tile in tiled(one.window, TILE):
                cancel.check()
                lowest, highest = finite_ends(one.values(tile, PartToken(cancel, done, 2 * len(self.subjects))))
                low, high = min(low, lowest), max(high, highest)
        ends = Range(low, high)
        for done, one in enumerate(self.subjects):
            found, strange = _counted(one, ends, PartToken(cancel, done + len(self.subjects), 2 * len(self.subjects)))
            curves += found
            odd += strange
        return Histogram(ends, tuple(curves), odd)


def _counted(subject: Subject, ends: Range, cancel: CancelToken) -> tuple[list[Curve], int]:
    edges, (down, across) = bin_edges(ends), subject.period
    counts = np.zeros((down, across, BINS), np.int64)
    totals, odd = np.zeros((down, across), np.int64), 0
    tiles = list(tiled(subject.window, TILE))
    for done, tile in enumerate(tiles):
        cancel.check()
        values = subject.values(tile, PartToken(cancel, done, len(tiles)))
        for p in range(down):
            for q in range(across):
                top, left = (p - tile.top - subject.first[0]) % down, (q - tile.left - subject.first[1]) % across
                phase = values[top::down, left::across].ravel()
                finite = phase[np.isfinite(phase)]
                counts[p, q] += np.histogram(finite, bins=BINS, range=(edges[0], edges[-1]))[0]
                totals[p, q] += finite.size
                odd += phase.size - finite.size
        cancel.progress((done + 1) / len(tiles))
    single = (down, across) == (1, 1)
    return [
        Curve(subject.panel, subject.name, None if single else (p, q), counts[p, q], int(totals[p, q]))
        for p in range(down)
        for q in range(across)
    ], odd


def survey_of(
    comparison: Comparison, view: ViewValue, results: Results, panels: tuple[str, ...], *, phases: bool, least: Range
) -> Survey:
    """What to count of some panels: in the selected region if there is one, by phase or all together."""
    region = next((one for one in comparison.regions if one.id == view.region), None)
    subjects = []
    for panel in panels:
        pixels = raster(results, comparison, panel, Comparing.of(view))
        if pixels is None:
            continue
        window = Window.of(pixels.shape)
        if region is not None:
            window = pixels_in(region, Geometry(pixels.shape, pixels.placement, pixels.channels))
        if window.is_empty:
            continue
        period = (phases and period_of(results, panel)) or (1, 1)
        period = period if period[0] * period[1] <= MOST_PHASES else (1, 1)
        first = (pixels.support.a.top, pixels.support.a.left) if isinstance(pixels, DifferenceRaster) else (0, 0)
        name = panel_name(comparison, panel.removeprefix("d:"))
        name = f"Δ {name}" if group_of(panel) == "differences" else name
        subjects.append(Subject(panel, name, pixels, window, period, first, view.channel_view))
    return Survey(tuple(subjects), least)
