"""The values along a line, of every picture in the comparison, each at its true place.

Nothing is interpolated: a picture's curve has one point for each pixel that the line crosses, with that pixel's own
value, at the distance along the line where the pixel's centre stands (its foot on the line). With a width, all pixels
whose centres lie within half of it are taken, and those that stand within one pixel's length of each other are
averaged; one whose centre stands on the very edge counts half, so that a whole width holds every phase equally often.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Pixel, Shape, Window, channels_of
from workbench.kernels.cancel import CancelToken
from workbench.kernels.ideal import ideal_of
from workbench.kernels.placement import Placement
from workbench.model.document import SOURCE, Comparison, Line
from workbench.model.panels import geometry, raster
from workbench.model.prepared import PreparedSource, world_placement
from workbench.model.rasters import Raster
from workbench.model.regions import period_of
from workbench.model.results import Results
from workbench.model.view_state import Placing, PlacingMode

RULE = "one point for each pixel the line crosses, none between"
WIDE_RULE = "mean of the pixels within the line's width, none between"

MOST_POINTS = 20_000
_CHUNK = 64
_IDEAL_POINTS = 2000
_EDGE = 1e-9
"""Source pixels within which a centre stands on the edge of a band."""

Index = npt.NDArray[np.intp]
Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """The values of one picture along a line.

    Parameters
    ----------
    name : str
        ``"source"`` or a slot's id.
    distance : (n,) array
        Source pixels from the line's beginning, rising.
    values : (n, c) array
    rows, cols : (n,) array
        The pixel each value is of; of a wide line the one nearest to the line.
    period : (int, int), optional
        P of the picture's phases down and across.
    """

    name: str
    distance: Values
    values: Values
    rows: Index
    cols: Index
    period: Shape | None = None

    def phases(self) -> Index:
        """The number of each point's phase, counted row by row in the cell; 0 where there is no period."""
        if self.period is None:
            return np.zeros(len(self.rows), np.intp)
        return np.asarray(self.rows % self.period[0] * self.period[1] + self.cols % self.period[1])

    def nearest(self, distance: float) -> int | None:
        """The point nearest to a place on the line."""
        return int(np.abs(self.distance - distance).argmin()) if len(self.distance) else None

    def pixel(self, point: int) -> Pixel:
        return Pixel(int(self.rows[point]), int(self.cols[point]))


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """All curves along a line.

    Parameters
    ----------
    line : Line
    curves : tuple of Curve
        The source first, then the slots that are ready.
    ideal : (distance, value) arrays, optional
        Of a drawn chart: what a perfect enlargement would show.
    """

    line: Line
    curves: tuple[Curve, ...]
    ideal: tuple[Values, Values] | None = None

    @property
    def length(self) -> float:
        return length_of(self.line)

    def curve(self, name: str) -> Curve | None:
        return next((curve for curve in self.curves if curve.name == name), None)


def length_of(line: Line) -> float:
    """Source pixels from end to end."""
    return math.hypot(line.y1 - line.y0, line.x1 - line.x0)


def axis_of(line: Line) -> int | None:
    """0 for a line straight down, 1 for one straight across, None for any other."""
    if line.x0 == line.x1:
        return 0
    return 1 if line.y0 == line.y1 else None


def curve_along(
    picture: Raster,
    line: Line,
    name: str = "",
    period: Shape | None = None,
    placement: Placement | None = None,
    cancel: CancelToken | None = None,
) -> Curve:
    """The values of one picture along a line; empty where the line misses it.

    Parameters
    ----------
    placement : Placement, optional
        Where the picture lies, if not at its nominal place.
    """
    place = picture.placement if placement is None else placement
    rows, cols, distance = pixels_along(line, place, picture.shape)
    values = _read(picture, rows, cols, cancel)
    if line.width > 0 and len(rows):
        rows, cols, distance, values = _averaged(line, place, rows, cols, distance, values)
    return Curve(name, distance, values, rows, cols, period)


def pixels_along(line: Line, placement: Placement, shape: Shape) -> tuple[Index, Index, Values]:
    """The pixels of a picture that a line, or a band of its width, holds: rows, columns, and their feet on the line."""
    (dy, dx), (oy, ox) = placement.step, placement.offset
    # In pixels of the picture: a pixel (r, c) covers [r, r + 1] × [c, c + 1].
    y0, x0, y1, x1 = (line.y0 - oy) / dy, (line.x0 - ox) / dx, (line.y1 - oy) / dy, (line.x1 - ox) / dx
    rows, cols = _crossed(y0, x0, y1, x1) if line.width <= 0 else _banded(line, placement, shape)
    inside = (rows >= 0) & (cols >= 0) & (rows < shape[0]) & (cols < shape[1])
    rows, cols = rows[inside], cols[inside]
    distance, _ = _feet(line, placement, rows, cols)
    order = np.argsort(distance, kind="stable")
    return rows[order], cols[order], distance[order]


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A picture to be read along a line, as it stands now: reading may happen on another thread."""

    name: str
    picture: Raster
    period: Shape | None
    placement: Placement


def subjects_of(results: Results, comparison: Comparison, mode: PlacingMode) -> tuple[Subject, ...]:
    """The source and every slot that is shown and ready, each where the panels place it."""
    names = (SOURCE, *(slot.id for slot in comparison.slots if not slot.hidden))
    found = []
    for name in names:
        picture, place = raster(results, comparison, name), geometry(results, comparison, name, Placing(mode))
        if picture is not None and place is not None:
            found.append(Subject(name, picture, period_of(results, name), place.placement))
    return tuple(found)


def profile_of(
    subjects: Sequence[Subject], prepared: PreparedSource | None, line: Line, cancel: CancelToken | None = None
) -> Profile:
    """All curves along a line."""
    curves = []
    for done, one in enumerate(subjects):
        curves.append(curve_along(one.picture, line, one.name, one.period, one.placement, cancel))
        if cancel is not None:
            cancel.check()
            cancel.progress((done + 1) / len(subjects))
    return Profile(line, tuple(curves), ideal_along(prepared, line))


def ideal_along(prepared: PreparedSource | None, line: Line) -> tuple[Values, Values] | None:
    """What a drawn chart is along a line, before any sampling; None for pictures that no formula made."""
    if prepared is None or prepared.preparation.light != "encoded":
        return None
    origin = prepared.source.origin
    ideal = ideal_of(str(origin.get("chart")), prepared.source.shape) if "chart" in origin else None
    world = world_placement(prepared.preparation, prepared.source)
    if ideal is None or world is None:
        return None
    share = np.linspace(0.0, 1.0, _IDEAL_POINTS)
    y = world.offset[0] + world.step[0] * (line.y0 + share * (line.y1 - line.y0))
    x = world.offset[1] + world.step[1] * (line.x0 + share * (line.x1 - line.x0))
    height, width = prepared.source.shape
    inside = (y >= 0) & (x >= 0) & (y <= height) & (x <= width)
    return share * length_of(line), np.where(inside, ideal(y, x), np.nan)


def profile_csv(profile: Profile, titles: dict[str, str], channel_names: Sequence[str]) -> str:
    """Every point in full precision: picture, distance, row, column, phase, value of each channel."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["picture", "distance", "row", "column", "phase", *channel_names])
    for curve in profile.curves:
        phases = curve.phases()
        for k in range(len(curve.distance)):
            values = [repr(float(value)) for value in curve.values[k]]
            phase = "" if curve.period is None else str(int(phases[k]))
            place = [repr(float(curve.distance[k])), int(curve.rows[k]), int(curve.cols[k]), phase]
            writer.writerow([titles.get(curve.name, curve.name), *place, *values])
    return out.getvalue()


def _crossed(y0: float, x0: float, y1: float, x1: float) -> tuple[Index, Index]:
    """The unit squares that a line goes through, in its order: between two grid lines it is in one square."""
    cuts = [0.0, 1.0]
    for a, b in ((y0, y1), (x0, x1)):
        if a != b:
            low, high = sorted((a, b))
            grid = np.arange(math.ceil(low), math.floor(high) + 1)[: 4 * MOST_POINTS]
            cuts.extend(((grid - a) / (b - a)).tolist())
    ordered = np.unique(np.clip(cuts, 0.0, 1.0))
    middles = (ordered[:-1] + ordered[1:]) / 2
    # Squares touched at a corner only are no part of the line.
    middles = middles[np.diff(ordered) > 1e-12]
    rows = np.floor(y0 + middles * (y1 - y0)).astype(np.intp)
    cols = np.floor(x0 + middles * (x1 - x0)).astype(np.intp)
    return rows, cols


def _banded(line: Line, placement: Placement, shape: Shape) -> tuple[Index, Index]:
    """The pixels whose centres lie beside the line within half its width, and not beyond its ends."""
    half = line.width / 2
    rect = (
        min(line.y0, line.y1) - half, min(line.x0, line.x1) - half,
        max(line.y0, line.y1) + half, max(line.x0, line.x1) + half,
    )  # fmt: skip
    window = placement.window(rect, shape)
    if window.is_empty:
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    rows, cols = np.mgrid[window.top : window.bottom, window.left : window.right].reshape(2, -1)
    along, away = _feet(line, placement, rows, cols)
    held = (np.abs(away) <= half + _EDGE) & (along >= -_EDGE) & (along <= length_of(line) + _EDGE)
    return rows[held], cols[held]


def _feet(line: Line, placement: Placement, rows: Index, cols: Index) -> tuple[Values, Values]:
    """Of pixel centres: how far along the line their feet are, and how far away they stand."""
    length = length_of(line)
    uy, ux = (line.y1 - line.y0) / length, (line.x1 - line.x0) / length
    y = placement.offset[0] + (rows + 0.5) * placement.step[0] - line.y0
    x = placement.offset[1] + (cols + 0.5) * placement.step[1] - line.x0
    return np.asarray(y * uy + x * ux), np.asarray(y * ux - x * uy)


def _averaged(
    line: Line, placement: Placement, rows: Index, cols: Index, distance: Values, values: Values
) -> tuple[Index, Index, Values, Values]:
    """Means over bins of one pixel's length along the line; a bin is named after its pixel nearest to the line."""
    length = length_of(line)
    uy, ux = abs(line.y1 - line.y0) / length, abs(line.x1 - line.x0) / length
    step = uy * placement.step[0] + ux * placement.step[1]
    # Centres begin half a step after a pixel's edge: bins that end at edges hold each centre in their middle.
    bins = np.floor(distance / step + 1e-9).astype(np.intp)
    _, inverse = np.unique(bins, return_inverse=True)
    _, away = _feet(line, placement, rows, cols)
    shares = np.where(np.abs(away) < line.width / 2 - _EDGE, 1.0, 0.5)
    total = np.bincount(inverse, shares)
    mean_distance = np.bincount(inverse, distance * shares) / total
    means = np.stack([np.bincount(inverse, column * shares) / total for column in values.T], axis=1)
    order = np.lexsort((np.abs(away), inverse))
    leaders = order[np.unique(inverse[order], return_index=True)[1]]
    return rows[leaders], cols[leaders], mean_distance, means


def _read(picture: Raster, rows: Index, cols: Index, cancel: CancelToken | None) -> Values:
    """The values of single pixels, (n, c) float64; of pictures that have to be made, a piece of the line at a time."""
    if picture.is_view:
        whole: Image = picture.read(Window.of(picture.shape))
        return np.asarray(whole[rows, cols], np.float64).reshape(len(rows), channels_of(whole))
    out = np.empty((len(rows), picture.channels))
    for begin in range(0, len(rows), _CHUNK):
        if cancel is not None:
            cancel.check()
        part = slice(begin, begin + _CHUNK)
        top, left = int(rows[part].min()), int(cols[part].min())
        window = Window(top, left, int(rows[part].max()) + 1, int(cols[part].max()) + 1)
        values = picture.read(window, cancel)[rows[part] - top, cols[part] - left]
        out[part] = values.reshape(len(values), picture.channels)
    return out
