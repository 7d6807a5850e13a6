"""What the probe makes every panel show: weights, outlines, ghosts, taps that fell outside. No painting."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Pixel, Shape, channels_of, plane
from workbench.kernels.operators.base import LinearOperator, Stencil, TapFlag
from workbench.kernels.operators.stencil_conv import TransposedConvolution
from workbench.model.document import ORIGINAL, SOURCE, Comparison
from workbench.model.notes import badge_at, is_moved, outside_text, rule_of
from workbench.model.panels import DIFFERENCE, geometry, slot_of
from workbench.model.peak import peak_weight
from workbench.model.probe import Probe, ProbePoint, TapPoint, counterpart, pair_of, pixel_in, world_of
from workbench.model.results import Ready, Results
from workbench.model.stamps import Hollow, hollow_taps, stamp_of
from workbench.model.status import tap_operator, use_of
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

    @property
    def arrays(self) -> tuple[npt.NDArray[Any] | None, ...]:
        return self.rows, self.cols, self.weights, self.values


@dataclass(frozen=True, slots=True)
class Outside:
    """A tap beyond the source: where it would be read, the pixel that stands for it or None, and by which rule."""

    row: int
    col: int
    weight: float
    real: Pixel | None
    rule: str

    @property
    def text(self) -> str:
        """``x[−1,3] is x[0,3] (edge)``."""
        return outside_text(Pixel(self.row, self.col), self.real, self.rule)


@dataclass(frozen=True, slots=True)
class Lattice:
    """Every pixel of some rows and columns: who uses one tap of a kernel, in the tap's colour."""

    rows: range
    cols: range
    weight: float
    peak: float


@dataclass(frozen=True, slots=True)
class Cropped:
    """A tap of a stamp that falls beyond the output, and is cut off."""

    row: int
    col: int
    weight: float


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
    cropped : tuple of Cropped
    hollow : Hollow, optional
        Taps that land on the zeros of a stuffed source.
    lattice : Lattice, optional
    elsewhere : bool
        Whether what stands in the framed pixel was recorded elsewhere: the frame is red.
    rim : bool
        Whether a dense row goes on beyond what is drawn, with next to no weight.
    badge : str
        What is said beside the frame.
    """

    plates: Plates | None = None
    zeros: tuple[Pixel, ...] = ()
    lost: tuple[Pixel, ...] = ()
    outside: tuple[Outside, ...] = ()
    frame: Pixel | None = None
    ghost: Pixel | None = None
    empty: bool = False
    cropped: tuple[Cropped, ...] = ()
    hollow: Hollow | None = None
    lattice: Lattice | None = None
    elsewhere: bool = False
    rim: bool = False
    badge: str = ""

    def same(self, other: Marks) -> bool:
        """Whether both look alike, so that nothing has to be painted again."""
        if self is other:
            return True
        mine, its = self.plates, other.plates
        if mine is None or its is None:
            plates = mine is its
        else:
            plates = mine.peak == its.peak and all(map(_equal, mine.arrays, its.arrays))
        return plates and all(
            getattr(self, one.name) == getattr(other, one.name) for one in fields(self) if one.name != "plates"
        )

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


def _equal(a: npt.NDArray[Any] | None, b: npt.NDArray[Any] | None) -> bool:
    return a is b or (a is not None and b is not None and np.array_equal(a, b, equal_nan=True))


def channel_in(results: Results, channel: int) -> int:
    """The channel a readout shows, of those that there are."""
    prepared = results.prepared
    return 0 if prepared is None else min(max(channel, 0), prepared.channels - 1)


def marks_key(
    panel: str,
    comparison: Comparison,
    results: Results,
    probe: Probe,
    channel: int,
    placing: Placing = NOMINAL,
    scatter: bool = False,
) -> tuple[object, ...]:
    """Everything that `marks_for` follows from: while it is equal, marks need not be found again.

    Most results that change have nothing to do with the probe, and most changes of a result leave its operator alone.
    """
    points = (probe.active, probe.ghost)
    names = (slot_of(panel), comparison.reference, *(point.slot for point in points if point is not None))
    standing = [results.ready(name) for name in names]
    operators = tuple(None if ready is None else (ready.operator, ready.prepared) for ready in standing)
    return (*points, probe.tap, channel, placing, scatter, names, operators, results.prepared)


def said_key(comparison: Comparison, results: Results, probe: Probe) -> tuple[object, ...]:
    """Everything in document, results and probe that a text about the probed pixel follows from.

    Its own settings come on top. While a parameter is dragged this changes once for each result, not once for each
    thing that is said about it.
    """
    names = tuple((slot.id, slot.title, slot.hidden) for slot in comparison.slots)
    standing = [results.ready(slot.id) for slot in comparison.slots]
    outputs = tuple(None if one is None else (one.operator, one.prepared, one.whole is None) for one in standing)
    points = (probe.active, probe.ghost, probe.pair, probe.tap)
    return (*points, comparison.reference, names, outputs, results.prepared)


def marks_for(
    panel: str,
    comparison: Comparison,
    results: Results,
    probe: Probe,
    channel: int,
    placing: Placing = NOMINAL,
    scatter: bool = False,
) -> Marks:
    """What the probe makes this panel show.

    Parameters
    ----------
    scatter : bool
        Whether transposed convolutions are drawn as stamps.
    """
    if probe.tap is not None:
        return _tap_marks(panel, results, probe.tap)
    point, channel = probe.active, channel_in(results, channel)
    if point is None:
        return Marks()
    dashed = None if probe.ghost is None else _pixel_of(probe.ghost, panel, comparison, results, placing)
    ready = results.ready(point.slot)
    if panel == SOURCE and ready is not None:
        if point.against:
            return _difference_marks(ready, point, comparison, results, channel, dashed)
        return _row_marks(ready, point, channel, dashed, scatter)
    if point.slot == SOURCE and panel != SOURCE and not panel.startswith(DIFFERENCE):
        ready = results.ready(panel)
        if ready is not None and _inside(ready.operator.in_shape, point):
            return _column_marks(ready, point.pixel, channel, ghost=dashed)
    frame = _pixel_of(point, panel, comparison, results, placing)
    if frame is None or ready is None or slot_of(panel) != point.slot or not _inside(ready.shape, point):
        return Marks(frame=frame, ghost=dashed)
    framed = Marks(
        frame=frame,
        ghost=dashed,
        empty=len(ready.operator.row(point.row, point.col, channel)) == 0,
        elsewhere=is_moved(ready, point.pixel, channel),
        badge=badge_at(ready, point.pixel, channel),
    )
    strongest = _strongest(ready, point, channel) if scatter and panel == point.slot else None
    if strongest is not None:
        stamped = _column_marks(ready, strongest, channel, ghost=dashed)
        return replace(framed, plates=stamped.plates, cropped=stamped.cropped)
    return framed


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


def _plates(operator: LinearOperator, stencil: Stencil, image: Image | None, channel: int = 0) -> Plates:
    values = None
    if image is not None:
        kept = min(channel, channels_of(image) - 1)
        values = plane(image, kept)[stencil.rows, stencil.cols].astype(np.float64)
    return Plates(stencil.rows, stencil.cols, stencil.weights, peak_weight(operator), values)


def _row_marks(ready: Ready, point: ProbePoint, channel: int, ghost: Pixel | None, scatter: bool) -> Marks:
    operator = ready.operator
    if not _inside(operator.out_shape, point):
        return Marks(ghost=ghost)
    row = operator.row(point.row, point.col, channel)
    taps = operator.taps(point.row, point.col, channel)
    marks = Marks(_plates(operator, row, ready.prepared.values, channel), ghost=ghost, rim=operator.truncated > 0)
    if isinstance(operator, TransposedConvolution):
        if scatter:
            return replace(marks, frame=_strongest(ready, point, channel))
        return replace(marks, hollow=hollow_taps(operator, point.pixel))
    used = np.fromiter((flag is TapFlag.USED for flag in taps.flags), bool, len(taps.flags))
    beyond = (taps.rows < 0) | (taps.cols < 0) | (taps.rows >= row.shape[0]) | (taps.cols >= row.shape[1])
    if used.all() and not beyond.any():
        return marks
    known = set(zip(row.rows.tolist(), row.cols.tolist(), strict=True))
    zeros: list[Pixel] = []
    lost: list[Pixel] = []
    outside: list[Outside] = []
    rule = rule_of(ready)
    for k in np.flatnonzero(beyond | ~used).tolist():
        place = Pixel(int(taps.rows[k]), int(taps.cols[k]))
        if beyond[k]:
            if rule is None:  # a layer: what its stamps would add from beyond the source does not exist
                continue
            real = Pixel(int(taps.real_rows[k]), int(taps.real_cols[k])) if taps.real_rows[k] >= 0 else None
            if len(outside) < _MOST_OUTSIDE and (taps.weights[k] != 0 or rule == "exclude"):
                outside.append(Outside(*place, float(taps.weights[k]), real, rule))
        elif tuple(place) in known:
            continue
        elif taps.flags[k] is TapFlag.ZERO:
            zeros.append(place)
        else:
            lost.append(place)
    return replace(marks, zeros=tuple(zeros), lost=tuple(lost), outside=tuple(outside))


def _column_marks(ready: Ready, source: Pixel, channel: int, ghost: Pixel | None) -> Marks:
    """What a source pixel reaches, and what of its stamp is cut off."""
    reached = ready.operator.column(source.row, source.col, channel)
    stamp = stamp_of(ready.operator, source)
    cropped: tuple[Cropped, ...] = ()
    if stamp is not None and stamp.cropped:
        away = ~stamp.inside
        columns = (stamp.rows[away].tolist(), stamp.cols[away].tolist(), stamp.weights[away].tolist())
        cropped = tuple(Cropped(*one) for one in zip(*columns, strict=True))
    return Marks(_plates(ready.operator, reached, None), ghost=ghost, cropped=cropped)


def _difference_marks(
    ready: Ready, point: ProbePoint, comparison: Comparison, results: Results, channel: int, ghost: Pixel | None
) -> Marks:
    """The row of A − B on the source; to a picture that no method made, the row of A."""
    against = counterpart(results, comparison, point)
    pair = None if against is None else pair_of(results, point, against, channel)
    other = None if against is None else results.ready(against.slot)
    if pair is None or other is None:
        return _row_marks(ready, point, channel, ghost, False)
    peak = max(peak_weight(ready.operator), peak_weight(other.operator))
    row = pair.stencil()
    return Marks(replace(_plates(ready.operator, row, ready.prepared.values, channel), peak=peak), ghost=ghost)


def _tap_marks(panel: str, results: Results, tap: TapPoint) -> Marks:
    """All pairs of source and output that use a tap, in the tap's colour."""
    use, operator = use_of(results, tap), tap_operator(results, tap)
    if use is None or operator is None or panel not in (tap.slot, SOURCE if tap.slot != SOURCE else ORIGINAL):
        return Marks()
    rows, cols = use.outputs if panel == tap.slot else use.sources
    return Marks(lattice=Lattice(rows, cols, use.weight, peak_weight(operator)) if len(rows) and len(cols) else None)


def _strongest(ready: Ready, point: ProbePoint, channel: int) -> Pixel | None:
    """The source that adds most to a pixel of a transposed convolution, whose stamp is drawn; None elsewhere."""
    if not isinstance(ready.operator, TransposedConvolution) or not _inside(ready.shape, point):
        return None
    row = ready.operator.row(point.row, point.col, channel)
    if len(row) == 0:
        return None
    size = np.abs(np.nan_to_num(row.weights * row.values(ready.prepared.values, channel)))
    at = int(np.lexsort((-np.abs(row.weights), -size))[0])
    return Pixel(int(row.rows[at]), int(row.cols[at]))
