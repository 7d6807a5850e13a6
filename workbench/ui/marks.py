"""What the probe makes every panel show: weights, outlines, ghosts, taps that fell outside. No painting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Pixel, Shape, channels_of, plane
from workbench.kernels.operators.base import LinearOperator, Stencil, TapFlag
from workbench.model.document import SOURCE, Comparison
from workbench.model.panels import DIFFERENCE, geometry, slot_of
from workbench.model.peak import peak_weight
from workbench.model.probe import Probe, ProbePoint, pixel_in, world_of
from workbench.model.results import Ready, Results
from workbench.model.view_state import NOMINAL, Placing

Ints = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]

_MOST_OUTSIDE = 600


@dataclass(frozen=True, slots=True, eq=False)
class Plates:
    """Weights that stand on pixels of one image.

    Parameters
    ----------
    rows, cols : (n,) int
    weights : (n,) float64
    peak : float
        The weight that has the full colour: the largest over all phases of the method, so that the same weight keeps
        its colour while the pointer moves.
    values : (n,) float64, optional
        What each weight is multiplied with.
    """

    rows: Ints
    cols: Ints
    weights: Floats
    peak: float
    values: Floats | None = None


@dataclass(frozen=True, slots=True)
class Outside:
    """A tap beyond the source: where it would be read, the pixel that stands for it or None, and by which rule."""

    row: int
    col: int
    weight: float
    real: Pixel | None
    rule: str


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """All that is drawn over one panel's pixels.

    Parameters
    ----------
    plates : Plates, optional
    zeros : tuple of Pixel
        Taps whose weight is exactly 0 here.
    lost : tuple of Pixel
        Pixels that wrote to the same place and were overwritten.
    outside : tuple of Outside
    frame, ghost : Pixel, optional
        The probed pixel, and the one under the pointer while another is locked.
    empty : bool
        Whether the framed pixel has no source at all.
    """

    plates: Plates | None = None
    zeros: tuple[Pixel, ...] = ()
    lost: tuple[Pixel, ...] = ()
    outside: tuple[Outside, ...] = ()
    frame: Pixel | None = None
    ghost: Pixel | None = None
    empty: bool = False

    @property
    def cells(self) -> tuple[Ints, Ints]:
        """Rows and columns of all that belongs to the support."""
        plates = (self.plates.rows, self.plates.cols) if self.plates else (_NONE, _NONE)
        more = [*self.zeros, *self.lost]
        if not more:
            return plates
        return (
            np.append(plates[0], [pixel.row for pixel in more]).astype(np.intp),
            np.append(plates[1], [pixel.col for pixel in more]).astype(np.intp),
        )


_NONE: Ints = np.zeros(0, np.intp)


def channel_in(results: Results, channel: int) -> int:
    """The channel a readout shows, of those that there are."""
    prepared = results.prepared
    return 0 if prepared is None else min(max(channel, 0), prepared.channels - 1)


def marks_for(
    panel: str,
    comparison: Comparison,
    results: Results,
    probe: Probe,
    channel: int,
    placing: Placing = NOMINAL,
) -> Marks:
    """What the probe makes this panel show."""
    point, channel = probe.active, channel_in(results, channel)
    if point is None:
        return Marks()
    dashed = None if probe.ghost is None else _pixel_of(probe.ghost, panel, comparison, results, placing)
    if panel == SOURCE and point.slot != SOURCE:
        ready = results.ready(point.slot)
        if ready is not None:
            return _row_marks(ready, point, channel, dashed)
    if point.slot == SOURCE and panel != SOURCE and not panel.startswith(DIFFERENCE):
        ready = results.ready(panel)
        if ready is not None and _inside(ready.operator.in_shape, point):
            reached = ready.operator.column(point.row, point.col, channel)
            return Marks(_plates(ready.operator, reached, None), ghost=dashed)
    frame = _pixel_of(point, panel, comparison, results, placing)
    return Marks(frame=frame, ghost=dashed, empty=frame is not None and _is_empty(panel, point, results, channel))


def _pixel_of(
    point: ProbePoint, panel: str, comparison: Comparison, results: Results, placing: Placing
) -> Pixel | None:
    """The panel's own pixel at the probe's world point."""
    if panel == point.slot:
        placed = geometry(results, comparison, panel)
        return Pixel(point.row, point.col) if placed and _inside(placed.shape, point) else None
    world = world_of(results, comparison, point, placing)
    return None if world is None else pixel_in(results, comparison, panel, world, placing)


def _inside(shape: Shape, point: ProbePoint) -> bool:
    return 0 <= point.row < shape[0] and 0 <= point.col < shape[1]


def _is_empty(panel: str, point: ProbePoint, results: Results, channel: int) -> bool:
    ready = results.ready(point.slot) if slot_of(panel) == point.slot else None
    if ready is None or not _inside(ready.shape, point):
        return False
    return len(ready.operator.row(point.row, point.col, channel)) == 0


def _plates(operator: LinearOperator, stencil: Stencil, image: Image | None, channel: int = 0) -> Plates:
    values = None
    if image is not None:
        kept = min(channel, channels_of(image) - 1)
        values = plane(image, kept)[stencil.rows, stencil.cols].astype(np.float64)
    return Plates(stencil.rows, stencil.cols, stencil.weights, peak_weight(operator), values)


def _row_marks(ready: Ready, point: ProbePoint, channel: int, ghost: Pixel | None) -> Marks:
    operator = ready.operator
    if not _inside(operator.out_shape, point):
        return Marks(ghost=ghost)
    row = operator.row(point.row, point.col, channel)
    taps = operator.taps(point.row, point.col, channel)
    plates = _plates(operator, row, ready.prepared.values, channel)
    used = np.fromiter((flag is TapFlag.USED for flag in taps.flags), bool, len(taps.flags))
    beyond = (taps.rows < 0) | (taps.cols < 0) | (taps.rows >= row.shape[0]) | (taps.cols >= row.shape[1])
    if used.all() and not beyond.any():
        return Marks(plates, ghost=ghost)
    known = set(zip(row.rows.tolist(), row.cols.tolist(), strict=True))
    zeros: list[Pixel] = []
    lost: list[Pixel] = []
    outside: list[Outside] = []
    rule = _rule_of(ready)
    for k in np.flatnonzero(beyond | ~used).tolist():
        place = Pixel(int(taps.rows[k]), int(taps.cols[k]))
        if beyond[k]:
            if rule is None:  # a layer: what its stamps would add from beyond the source does not exist
                continue
            real = Pixel(int(taps.real_rows[k]), int(taps.real_cols[k])) if taps.real_rows[k] >= 0 else None
            if len(outside) < _MOST_OUTSIDE and taps.weights[k] != 0:
                outside.append(Outside(*place, float(taps.weights[k]), real, rule))
        elif tuple(place) in known:
            continue
        elif taps.flags[k] is TapFlag.ZERO:
            zeros.append(place)
        else:
            lost.append(place)
    return Marks(plates, tuple(zeros), tuple(lost), tuple(outside), ghost=ghost)


def _rule_of(ready: Ready) -> str | None:
    """The name of the method's rule for what lies outside the source; None for layers, which have none."""
    edge = getattr(ready.slot.method, "edge", None)
    return None if edge is None else str(getattr(edge, "value", edge))
