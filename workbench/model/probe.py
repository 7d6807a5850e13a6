"""The one inspected pixel, and what there is to say about it: value, row of A, column of A, place in other panels.

Readouts take the operator's row summed in float64, never what is displayed; so they need no output and no waiting.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary, ref

from psygnal import Signal

from workbench.kernels.arrays import Image, Pixel, Window, plane
from workbench.kernels.operators.base import LinearOperator, Stencil
from workbench.kernels.provenance import Trace, evaluated, footprint, offset_at, trace
from workbench.model.differencing import Support
from workbench.model.document import ORIGINAL, SOURCE, Comparison
from workbench.model.panels import DIFFERENCE, geometry, reference_name, slot_of, support_of
from workbench.model.results import Ready, Results
from workbench.model.row_pair import RowPair, pair_rows
from workbench.model.view_state import NOMINAL, Placing


@dataclass(frozen=True, slots=True)
class ProbePoint:
    """A pixel of the source, of the original, or of a slot's output.

    Parameters
    ----------
    slot : str
        ``"source"``, ``"original"`` or a slot's id.
    row, col : int
    against : bool
        Whether the pixel stands for its difference to the reference: then rows of A − B are shown.
    """

    slot: str
    row: int
    col: int
    against: bool = False

    @property
    def pixel(self) -> Pixel:
        return Pixel(self.row, self.col)


@dataclass(frozen=True, slots=True)
class TapPoint:
    """A tap of a slot's kernel, or of the preparation's (``slot == SOURCE``)."""

    slot: str
    row: int
    col: int


@dataclass(frozen=True, slots=True)
class Beside:
    """A place in a panel that holds no pixel.

    Parameters
    ----------
    panel : str
    missing : str
        In a difference, the one picture that has no pixel there; empty beside both, and in other panels.
    """

    panel: str
    missing: str = ""


class Probe:
    """What the pointer is over, and the pixel that a click holds fast.

    Without a lock the last hovered pixel stays when the pointer leaves: the selection is never empty. With a lock, the
    lock is what the card shows, and hovering draws a ghost beside it. While the pointer is over a kernel's drawing, its
    tap takes their place.
    """

    changed = Signal()

    def __init__(self) -> None:
        self._shown: ProbePoint | None = None
        self._hovered: ProbePoint | None = None
        self._locked: ProbePoint | None = None
        self._tap: TapPoint | None = None
        self._nothing: Beside | None = None
        self._beside: tuple[ProbePoint, ProbePoint] | None = None

    @property
    def tap(self) -> TapPoint | None:
        """The tap under the pointer, while that is over the drawing of a kernel."""
        return self._tap

    @property
    def nothing(self) -> Beside | None:
        """Where the pointer is, while it is in a panel and over none of its pixels."""
        return self._nothing

    @property
    def beside(self) -> tuple[ProbePoint, ProbePoint] | None:
        """Two kept pixels that were chosen to be compared."""
        return self._beside

    @property
    def pair(self) -> tuple[ProbePoint, ProbePoint] | None:
        """Two pixels whose rows are compared: two that were chosen, else a lock and the ghost beside it."""
        if self._beside is not None:
            return self._beside
        if self._locked is not None and self.ghost is not None:
            return (self._locked, self.ghost)
        return None

    @property
    def hovered(self) -> ProbePoint | None:
        """The pixel under the pointer, None while it is over none."""
        return self._hovered

    @property
    def locked(self) -> ProbePoint | None:
        return self._locked

    @property
    def active(self) -> ProbePoint | None:
        """What the card and the panels show."""
        return self._locked or self._shown

    @property
    def ghost(self) -> ProbePoint | None:
        """The hovered pixel beside a lock."""
        return self._hovered if self._locked is not None and self._hovered != self._locked else None

    def hover(self, point: ProbePoint | None, nothing: Beside | None = None) -> None:
        """The pointer is over a pixel, or in a panel over none, or has left the panels."""
        self._set(hovered=point, shown=point or self._shown, locked=self._locked, nothing=nothing)

    def click(self, point: ProbePoint) -> None:
        """Lock a pixel; on the locked one: release it."""
        if point == self._locked:
            self.release()
        else:
            self._set(hovered=self._hovered, shown=point, locked=point)

    def release(self) -> None:
        """No lock any more; what the pointer is over leads again."""
        self._set(hovered=self._hovered, shown=self._hovered or self._shown, locked=None)

    def show(self, point: ProbePoint | None) -> None:
        """Show a pixel without a pointer: at the start, of a lesson, after the panels changed."""
        self._set(hovered=None, shown=point, locked=None)

    def hover_tap(self, tap: TapPoint | None) -> None:
        """The pointer is over a tap of a kernel, or has left the drawing."""
        if tap != self._tap:
            self._tap = tap
            self.changed.emit()

    def compare(self, pair: tuple[ProbePoint, ProbePoint] | None) -> None:
        """Two kept pixels beside each other until None is said; the lock and the ghost stay as they are."""
        if pair != self._beside:
            self._beside = pair
            self.changed.emit()

    def moved_to(self, point: ProbePoint) -> None:
        """An arrow key moved the probe: the lock if there is one."""
        self._set(hovered=None, shown=point, locked=point if self._locked is not None else None)

    def _set(
        self,
        *,
        hovered: ProbePoint | None,
        shown: ProbePoint | None,
        locked: ProbePoint | None,
        nothing: Beside | None = None,
    ) -> None:
        state = (hovered, shown, locked, nothing)
        if state != (self._hovered, self._shown, self._locked, self._nothing):
            self._hovered, self._shown, self._locked, self._nothing = state
            self.changed.emit()


def world_of(
    results: Results, comparison: Comparison, point: ProbePoint, placing: Placing = NOMINAL
) -> tuple[float, float] | None:
    """The middle (y, x) of a probed pixel in the world; None if it does not exist."""
    found = geometry(results, comparison, point.slot, placing)
    if found is None or not _inside(point.pixel, found.shape):
        return None
    return found.placement.centre(point.pixel)


def pixel_in(
    results: Results, comparison: Comparison, panel: str, world: tuple[float, float], placing: Placing = NOMINAL
) -> Pixel | None:
    """The pixel of a panel that holds a world point; None outside its image."""
    found = geometry(results, comparison, panel, placing)
    if found is None:
        return None
    pixel = found.placement.pixel_at(*world)
    return pixel if _inside(pixel, found.shape) else None


def beside_at(
    results: Results, comparison: Comparison, panel: str, world: tuple[float, float], placing: Placing = NOMINAL
) -> Beside:
    """Why a panel has no pixel at a world point: its picture ends, or one of the two that are compared."""
    if not panel.startswith(DIFFERENCE):
        return Beside(panel)
    down, across = placing.offset(panel)
    place = (world[0] - down, world[1] - across)
    sides = (slot_of(panel), comparison.reference)
    without = [side for side in sides if pixel_in(results, comparison, side, place, Placing(placing.mode)) is None]
    return Beside(panel, without[0] if len(without) == 1 else "")


def value_at(results: Results, comparison: Comparison, name: str, pixel: Pixel, channel: int) -> float | None:
    """The value of a pixel in float64; None if it does not exist.

    Parameters
    ----------
    name : str
        ``"source"``, ``"original"`` or a slot's id.
    channel : int
        One the picture does not have stands for its last one.
    """
    found = geometry(results, comparison, name)
    prepared = results.prepared
    if found is None or prepared is None or not _inside(pixel, found.shape):
        return None
    if name in (SOURCE, ORIGINAL):
        values = prepared.values if name == SOURCE else prepared.original
        return None if values is None else float(plane(values, _channel(channel, prepared.channels))[pixel])
    ready = results.ready(name)
    return None if ready is None else _value(ready, pixel, channel)


def difference_at(results: Results, comparison: Comparison, slot_id: str, pixel: Pixel, channel: int) -> float | None:
    """A slot's value minus the reference's at the same pixel; None where they cannot be compared.

    Parameters
    ----------
    pixel : Pixel
        Of the slot's output.
    """
    against = counterpart(results, comparison, ProbePoint(slot_id, pixel[0], pixel[1]))
    if against is None:
        return None
    mine = value_at(results, comparison, slot_id, pixel, channel)
    other = value_at(results, comparison, against.slot, against.pixel, channel)
    return None if mine is None or other is None else mine - other


def row_of(results: Results, point: ProbePoint, channel: int) -> Trace | None:
    """Where a slot's output pixel came from; None for other pictures and pixels that do not exist."""
    ready = results.ready(point.slot)
    if ready is None or not _inside(point.pixel, ready.shape):
        return None
    return trace(ready.operator, ready.prepared.values, point.pixel, _channel(channel, ready.channels))


def pair_of(results: Results, first: ProbePoint, second: ProbePoint, channel: int) -> RowPair | None:
    """The rows of two output pixels beside each other; None where one of them has none."""
    one, two = row_of(results, first, channel), row_of(results, second, channel)
    if one is None or two is None:
        return None
    rests = [
        0.0 if ready is None else rest_of(ready, row)
        for ready, row in ((results.ready(first.slot), one), (results.ready(second.slot), two))
    ]
    return pair_rows(one, two, (rests[0], rests[1]))


def counterpart(results: Results, comparison: Comparison, point: ProbePoint) -> ProbePoint | None:
    """The reference's pixel that a slot's pixel is compared with; None where they cannot be compared."""
    reference = reference_name(comparison, results)
    support = support_of(results, comparison, point.slot)
    if reference is None or not isinstance(support, Support):
        return None
    row, col = point.row - support.a.top, point.col - support.a.left
    if not _inside(Pixel(row, col), support.shape):
        return None
    return ProbePoint(reference, row + support.r.top, col + support.r.left)


def column_of(results: Results, point: ProbePoint, slot_id: str, channel: int) -> Stencil | None:
    """What a source pixel reaches in a slot's output; None for other points."""
    ready = results.ready(slot_id)
    if ready is None or point.slot != SOURCE or not _inside(point.pixel, ready.operator.in_shape):
        return None
    return footprint(ready.operator, point.pixel, _channel(channel, ready.prepared.channels))


def counted_slot(results: Results, comparison: Comparison, selected: str | None) -> str | None:
    """The slot that the source is probed for: the selected one, else the first that is seen and computed."""
    ids = [slot.id for slot in comparison.slots if not slot.hidden and results.ready(slot.id) is not None]
    return selected if selected in ids else next(iter(ids), None)


def shift_step(results: Results, point: ProbePoint, selected: str | None = None) -> tuple[int, int]:
    """Rows and columns of one phase cell: so far a probe moves that keeps its phase.

    P output pixels of a slot, Q of the source, where the method has a period; else the rounded scale.

    Parameters
    ----------
    selected : str, optional
        The slot whose Q counts while the source is probed.
    """
    ready = results.ready((selected or "") if point.slot == SOURCE else point.slot)
    if ready is not None and point.slot == SOURCE:
        cells = zip(ready.operator.placement.step, ready.operator.period, strict=True)
        rows_in, cols_in = (max(1, round(step)) if period is None else period[1] for step, period in cells)
        return (rows_in, cols_in)
    if ready is not None:
        placement, (rows, cols) = ready.operator.placement, ready.operator.period
        scale = tuple(max(1, round(1 / step)) for step in placement.step)
        return (scale[0] if rows is None else rows[0], scale[1] if cols is None else cols[0])
    if point.slot == ORIGINAL and results.prepared is not None:
        step = results.prepared.original_placement.step
        return (max(1, round(1 / step[0])), max(1, round(1 / step[1])))
    return (1, 1)


def _value(ready: Ready, pixel: Pixel, channel: int) -> float:
    """The row of A, summed in float64 in its own order, and b where the map is affine."""
    channel = _channel(channel, ready.channels)
    if ready.operator.truncated:  # the row is not the whole of it
        return computed_at(ready, pixel, channel) + offset_at(ready.operator, pixel, channel)
    stencil = ready.operator.row(pixel[0], pixel[1], channel)
    return stencil.dot(ready.prepared.values, channel) + offset_at(ready.operator, pixel, channel)


_computed: WeakKeyDictionary[LinearOperator, tuple[ref[Image], Pixel, int, float]] = WeakKeyDictionary()


def computed_at(ready: Ready, pixel: Pixel, channel: int) -> float:
    """A pixel of ``A x`` as the operator's own arithmetic gives it in float64; b stands apart.

    The last one is kept: list and card ask for the same pixel, and a dense operator takes milliseconds for it.
    """
    values, known = ready.prepared.values, _computed.get(ready.operator)
    if known is not None and known[0]() is values and known[1:3] == (pixel, channel):
        return known[3]
    made = evaluated(ready.operator, values, Window(pixel[0], pixel[1], pixel[0] + 1, pixel[1] + 1), channel)
    cell = made.reshape(-1)
    value = float(cell[min(channel, len(cell) - 1)])
    _computed[ready.operator] = (ref(values), pixel, channel, value)
    return value


def rest_of(ready: Ready, row: Trace) -> float:
    """What a pixel holds beside the terms of its row and b: of a dense row, what it leaves out."""
    if not ready.operator.truncated:
        return 0.0
    computed = computed_at(ready, row.pixel, row.channel)
    return 0.0 if computed == row.value else computed - row.value


def _channel(channel: int, channels: int) -> int:
    return max(0, min(channel, channels - 1))


def _inside(pixel: Pixel, shape: tuple[int, int]) -> bool:
    return 0 <= pixel[0] < shape[0] and 0 <= pixel[1] < shape[1]
