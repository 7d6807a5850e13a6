"""Everything particular about one probed pixel, in words: folded borders, zeros, collisions, ties, what is left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from weakref import WeakKeyDictionary

import numpy as np

from workbench.kernels.arrays import Pixel, channels_of, plane
from workbench.kernels.coordinates import AxisMap, Grid
from workbench.kernels.methods.max_unpool import MaxUnpool
from workbench.kernels.methods.nearest import Nearest
from workbench.kernels.operators.base import LinearOperator, TapFlag, Taps
from workbench.kernels.operators.stencil_conv import StencilOperator
from workbench.kernels.pooling import Moved
from workbench.kernels.resampling import Tie, nearest_table
from workbench.model.display import format_card
from workbench.model.facts import short
from workbench.model.results import Ready

_LIBRARIES = {"Pillow": Tie.PILLOW, "PyTorch": Tie.TORCH_EXACT, "SciPy": Tie.SCIPY}
_last: list[tuple[Ready, Pixel, int, tuple[str, ...]]] = []
_moved: WeakKeyDictionary[LinearOperator, tuple[Moved, ...]] = WeakKeyDictionary()


def notes_at(ready: Ready, pixel: Pixel, channel: int) -> tuple[str, ...]:
    """What is particular about an output pixel, the most surprising first; kept, since card and status bar both ask."""
    if _last and _last[0][0] is ready and _last[0][1:3] == (pixel, channel):
        return _last[0][3]
    made = _notes(ready, pixel, channel)
    _last[:] = [(ready, pixel, channel, made)]
    return made


def _notes(ready: Ready, pixel: Pixel, channel: int) -> tuple[str, ...]:
    taps = ready.operator.taps(pixel[0], pixel[1], channel)
    return (
        *_unpooling(ready, pixel, channel, taps),
        *tie_notes(ready, pixel),
        *_borders(ready, taps),
        *_affine_and_dense(ready, pixel, channel),
    )


def rule_of(ready: Ready) -> str | None:
    """The name of the method's rule for what lies outside the source; None for layers, which have none."""
    edge = getattr(ready.slot.method, "edge", None)
    return None if edge is None else str(getattr(edge, "value", edge))


def outside_text(place: Pixel, real: Pixel | None, rule: str) -> str:
    """``x[−1,3] is x[0,3] (edge)``, ``mirror of x[1,3]``, ``= 0 (zero)``: what stands for a sample outside."""
    if real is None:
        return "dropped, others renormalised" if rule == "exclude" else "= 0 (zero)"
    if rule in ("mirror", "symmetric"):
        return f"mirror of {_x(real)}"
    return f"{_x(place)} is {_x(real)} ({'edge' if rule == 'replicate' else rule})"


def moved_values(ready: Ready) -> tuple[Moved, ...]:
    """The values that an unpooling in another plane writes elsewhere."""
    method = ready.slot.method
    if not isinstance(method, MaxUnpool):
        return ()
    if ready.operator not in _moved:
        _moved[ready.operator] = method.moved(ready.prepared.spec)
    return _moved[ready.operator]


def is_moved(ready: Ready, pixel: Pixel, channel: int) -> bool:
    """Whether what stands at an output pixel was recorded elsewhere."""
    return any(one.read == pixel and one.channel in (0, channel) for one in moved_values(ready))


def badge_at(ready: Ready, pixel: Pixel, channel: int) -> str:
    """What is said beside the pixel itself: a tie, a collision, an index that was read in another plane."""
    method = ready.slot.method
    if isinstance(method, Nearest):
        return next(tie_notes(ready, pixel), "")
    if isinstance(method, MaxUnpool):
        taps = ready.operator.taps(pixel[0], pixel[1], channel)
        lost = sum(flag is TapFlag.LOST for flag in taps.flags)
        if lost or is_moved(ready, pixel, channel):
            return next(_unpooling(ready, pixel, channel, taps), "")
    return ""


def tie_notes(ready: Ready, pixel: Pixel) -> Iterator[str]:
    """``c = 2.5 exactly: Pillow takes 2, PyTorch 3``, where a nearest sample lies just between two."""
    method = ready.slot.method
    if not isinstance(method, Nearest):
        return
    for axis, index, name in zip(
        method.axis_maps(ready.prepared.spec, method.grid), pixel, ("row", "column"), strict=True
    ):
        if axis.n_in < 2 or axis.coordinate(index).denominator != 2:
            continue
        yield f"{name} c = {format_card(float(axis.coordinate(index)))} exactly: {_takes(axis, method.tie, index)}"


def _takes(axis: AxisMap, own: Tie, index: int) -> str:
    """``Pillow takes 2, PyTorch and SciPy 3``."""
    groups: dict[int, list[str]] = defaultdict(list)
    for library, picks in _takers(axis, own).items():
        groups[int(picks[index])].append(library)
    words = []
    for k, (sample, names) in enumerate(groups.items()):
        who = " and ".join(", ".join(names).rsplit(", ", 1))
        verb = "" if k else "take " if len(names) > 1 else "takes "
        words.append(f"{who} {verb}{sample}")
    return ", ".join(words)


@lru_cache(maxsize=32)
def _takers(axis: AxisMap, own: Tie) -> dict[str, np.ndarray]:
    """Which sample each library takes, for every output of an axis; on grids of no library, which this rule takes."""
    rules = _LIBRARIES if axis.grid is Grid.HALF_PIXEL else {"this rule": own}
    return {name: nearest_table(axis, rule).start for name, rule in rules.items()}


def _unpooling(ready: Ready, pixel: Pixel, channel: int, taps: Taps) -> Iterator[str]:
    method, prepared = ready.slot.method, ready.prepared
    if not isinstance(method, MaxUnpool):
        return
    values = plane(prepared.values, min(channel, channels_of(prepared.values) - 1))
    for k, flag in enumerate(taps.flags):
        row, col = int(taps.rows[k]), int(taps.cols[k])
        if flag is TapFlag.LOST:
            yield f"window ({row},{col}) also wrote here: {short(float(values[row, col]))}, lost"
        else:
            yield from _argmax_tie(ready, Pixel(row, col), channel)
    moved = moved_values(ready)
    if moved:
        record = prepared.record
        was = record.plane if record is not None else ready.shape
        now = ready.shape
        yield f"pooled on {was[0]}×{was[1]}, unpooled on {now[0]}×{now[1]}: {len(moved)} values moved"


def _argmax_tie(ready: Ready, window: Pixel, channel: int) -> Iterator[str]:
    """Several pixels of a pooling window that hold its maximum: the first in row-major order was recorded."""
    prepared = ready.prepared
    record = prepared.record
    if record is None or record.windows is None or getattr(ready.slot.method, "indices", None) is not None:
        return
    how = record.windows
    picture = plane(prepared.picture, min(channel, channels_of(prepared.picture) - 1))
    lines = []
    for k in (0, 1):
        line = window[k] * how.stride[k] - how.padding[k] + how.dilation[k] * np.arange(how.kernel[k])
        lines.append(line[(line >= 0) & (line < picture.shape[k])])
    seen = picture[np.ix_(*lines)]
    count = int(np.count_nonzero(seen == seen.max())) if seen.size else 0
    if count > 1:
        yield f"{count} pixels of window ({window.row},{window.col}) hold its maximum: the first was recorded"


def _borders(ready: Ready, taps: Taps) -> Iterator[str]:
    used = np.array([flag is TapFlag.USED for flag in taps.flags], bool)
    if used.all() and np.array_equal(taps.rows, taps.real_rows) and np.array_equal(taps.cols, taps.real_cols):
        return
    rule, (height, width) = rule_of(ready), ready.operator.in_shape
    beyond = (taps.rows < 0) | (taps.cols < 0) | (taps.rows >= height) | (taps.cols >= width)
    if isinstance(ready.operator, StencilOperator):
        count = int(np.count_nonzero(beyond))
        if count:
            yield f"{_taps(count)} {'meets' if count == 1 else 'meet'} nothing beyond the source"
        return
    folded: dict[Pixel, float] = defaultdict(float)
    own: dict[Pixel, float] = defaultdict(float)
    for k in np.flatnonzero(used).tolist():
        real = Pixel(int(taps.real_rows[k]), int(taps.real_cols[k]))
        (folded if beyond[k] else own)[real] += float(taps.weights[k])
    for k, real in enumerate(sorted(folded, key=lambda one: -abs(folded[one]))):
        if k == 2:
            yield f"{len(folded) - 2} more folded"
            break
        yield f"{_x(real)}: {short(own[real])} + {short(folded[real])} folded"
    if not folded and rule is not None and (beyond & ((taps.weights != 0) | (rule == "exclude"))).any():
        first = int(np.flatnonzero(beyond)[0])
        place = Pixel(int(taps.rows[first]), int(taps.cols[first]))
        count = int(np.count_nonzero(beyond))
        what = f"{count} outside dropped, others renormalised" if rule == "exclude" else ""
        yield what or f"{_taps(count)} outside: {outside_text(place, None, rule)}"
    zero = ~used & ~beyond & (taps.weights == 0)
    if zero.any():
        count = int(np.count_nonzero(zero))
        yield "tap is 0 at this phase" if count == 1 else f"{count} taps are 0 at this phase"


def _affine_and_dense(ready: Ready, pixel: Pixel, channel: int) -> Iterator[str]:
    operator = ready.operator
    if operator.truncated:
        row = operator.row(pixel[0], pixel[1], channel)
        reach = max(int(np.ptp(row.rows)), int(np.ptp(row.cols))) // 2 if len(row) else 0
        left = operator.truncated
        size = short(left) if left >= 1e-3 else f"{left:.0e}".replace("e-0", "e−")
        yield f"{reach} taps a side shown, Σ|rest| ≤ {size}"
    if operator.offset is not None:
        yield "+ b: the map is affine, A and b apart"


def _taps(count: int) -> str:
    return "1 tap" if count == 1 else f"{count} taps"


def _x(pixel: Pixel) -> str:
    return f"x[{pixel.row},{pixel.col}]".replace("-", "−")
