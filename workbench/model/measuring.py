"""The numbers beside a slot: how long it takes, how far it is from the reference, and whether another slot equals it.

Everything here runs on a worker thread and knows nothing of sessions. Settings of the measures: whole common part,
nothing cropped or clipped, the light of the preparation, channels weigh the same, data range as
:func:`workbench.model.differencing.data_range` says.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from threading import Lock

import numpy as np

from workbench.kernels.analysis import checkerboard, variance_checkerboard
from workbench.kernels.arrays import Image, Window
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines import recycler
from workbench.kernels.engines.tiles import PartToken
from workbench.kernels.method import Method
from workbench.kernels.metrics import METRICS, ErrorSums, measure
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.placement import Placement
from workbench.model.differencing import Support
from workbench.model.document import Slot
from workbench.model.prepared import PreparedSource
from workbench.model.rasters import TILE, OutputRaster, Raster, tiled
from workbench.model.results import Ready
from workbench.model.viewing import Look, Seen

KAPPA = "kappa"
VCI = "vci"
NO_PERIOD = "no period"
NO_REFERENCE = "no reference"
OTHER_GRID = "other grid"
IS_REFERENCE = "reference"
ON_REQUEST = "on request"

REPEATS = 3
QUICK = 0.02
"""Seconds; a single run below this is too noisy to be shown."""
COLD = 0.2
"""Seconds; what tables and threads that are set up for the first time may add. Below, a first run tells nothing."""

Numbers = dict[str, float | str]


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """A whole output, and the seconds it took; None where that was too quick for one run to tell."""

    image: Image
    seconds: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """A result whose operator stands, with its whole output where that is quickly made, or what is seen of it."""

    ready: Ready
    seen: Seen | None = None


def build(slot: Slot, prepared: PreparedSource, eager: int, look: Look | None, cancel: CancelToken) -> Built:
    """The operator of a slot for a source, and its whole output if that holds at most ``eager`` values.

    Parameters
    ----------
    look : callable, optional
        Makes what is seen of a larger output.

    Raises
    ------
    ParameterError
        If the method does not fit the source.
    """
    ready = Ready(slot, prepared, slot.method.operator(prepared.spec))
    if ready.shape[0] * ready.shape[1] * ready.channels > eager:
        return Built(ready, None if look is None else look(OutputRaster(ready), cancel))
    made = make_whole(ready.operator, prepared.values, cancel)
    return Built(replace(ready, whole=made.image, seconds=made.seconds))


def make_whole(operator: LinearOperator, x: Image, cancel: CancelToken) -> Whole:
    """The whole output, read-only."""
    began = time.perf_counter()
    image = operator.affine(x, cancel=cancel)
    seconds = time.perf_counter() - began
    image.flags.writeable = False
    return Whole(image, seconds if seconds >= COLD else None)


def time_whole(operator: LinearOperator, x: Image, cancel: CancelToken) -> float:
    """How long the whole output takes: of quick ones the median of several runs."""
    image: Image | None = None
    times: list[float] = []
    while len(times) < REPEATS and (not times or times[0] < QUICK):
        began = time.perf_counter()
        if image is not None and operator.offset is None:
            operator.apply(x, out=image, cancel=cancel)
        else:
            image = operator.affine(x, cancel=cancel)
        times.append(time.perf_counter() - began)
    return sorted(times)[len(times) // 2]


@lru_cache(maxsize=256)
def kappa(method: Method) -> float | str:
    """The checkerboard measure of a method, or why it has none."""
    found = checkerboard(method)
    return NO_PERIOD if found is None else found


@lru_cache(maxsize=256)
def vci(method: Method) -> float | str:
    """The variance checkerboard of a method, or why it has none."""
    found = variance_checkerboard(method)
    return NO_PERIOD if found is None else found


def without(reason: str, method: Method) -> Numbers:
    """What is known of a slot that is not compared: a reason for every measure, and κ."""
    return {**{metric.id: reason for metric in METRICS}, KAPPA: kappa(method)}


def compare(method: Method, a: Raster, r: Raster, support: Support, data_range: float, cancel: CancelToken) -> Numbers:
    """All measures of a picture in memory, over the part it has in common with its reference."""
    numbers = measure(a.read(support.a, cancel), r.read(support.r, cancel), data_range, cancel)
    return {**numbers, KAPPA: kappa(method)}


@dataclass(frozen=True, slots=True)
class Findings:
    """The measures of an output, and the seconds its making took, where they are known."""

    numbers: Numbers
    seconds: float | None


def find(numbers: Callable[[CancelToken], Numbers], ready: Ready, stopwatch: Lock, cancel: CancelToken) -> Findings:
    """The measures of a result, and how long its output takes where one run did not tell.

    Parameters
    ----------
    numbers : callable
        Makes the measures.
    stopwatch : Lock
        Outputs are timed one at a time: two at once would slow each other down.
    """
    found = numbers(cancel)
    if ready.seconds is not None or ready.whole is None:
        return Findings(found, ready.seconds)
    with stopwatch:
        return Findings(found, time_whole(ready.operator, ready.prepared.values, cancel))


def stream(
    method: Method,
    a: Raster,
    r: Raster | None,
    support: Support | str,
    data_range: float,
    why_no_ssim: str,
    cancel: CancelToken,
) -> Findings:
    """All that can be measured tile by tile, without allocating the output."""
    sums, seconds = ErrorSums(data_range), 0.0
    tiles = list(tiled(Window.of(a.shape), TILE))
    for done, tile in enumerate(tiles):
        part = PartToken(cancel, done, len(tiles))
        began = time.perf_counter()
        values = a.read(tile, part)
        seconds += time.perf_counter() - began
        if isinstance(support, Support) and r is not None:
            common = tile.intersect(support.a)
            if not common.is_empty:
                down, across = support.r.top - support.a.top, support.r.left - support.a.left
                mine = values[common.shifted(-tile.top, -tile.left).slices]
                sums.add(mine, r.read(common.shifted(down, across), part), part)
        cancel.progress((done + 1) / len(tiles))
    found: Numbers = dict(sums.results()) if sums.count else dict.fromkeys((m.id for m in METRICS), OTHER_GRID)
    ordered = {metric.id: found.get(metric.id, why_no_ssim) for metric in METRICS}
    return Findings({**ordered, KAPPA: kappa(method)}, seconds)


@dataclass(frozen=True, slots=True, eq=False)
class Twin:
    """A whole output, as the search for equal ones sees it."""

    id: str
    whole: Image
    placement: Placement


def equal_outputs(outputs: Sequence[Twin], cancel: CancelToken) -> dict[str, str | None]:
    """For each output the id of the first one before it that is exactly equal, or None."""
    found: dict[str, str | None] = {}
    firsts: list[Twin] = []
    for mine in outputs:
        cancel.check()
        twin = next((other for other in firsts if _equal(mine, other)), None)
        found[mine.id] = None if twin is None else twin.id
        if twin is None:
            firsts.append(mine)
    return found


def _equal(a: Twin, b: Twin) -> bool:
    if a.whole.shape != b.whole.shape or a.placement != b.placement:
        return False
    # A few rows settle nearly every case without going through all pixels.
    step = max(1, a.whole.shape[0] // 16)
    a_few = np.array_equal(a.whole[::step], b.whole[::step], equal_nan=True)
    return a_few and np.array_equal(a.whole, b.whole, equal_nan=True)


def whole_bytes(output: OutputRaster) -> int:
    """Memory that the whole output would take."""
    return output.shape[0] * output.shape[1] * output.channels * output.x.dtype.itemsize


def free_bytes() -> int | None:
    """Memory that can be had without swapping; None where the system does not say.

    What waits to be used again is given back first: it would count as taken.
    """
    recycler.clear()
    if sys.platform == "linux":
        try:
            for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) * 1024
        except (OSError, ValueError, IndexError):
            return None
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None


def too_large(needed: int, free: int | None) -> str | None:
    """Why an output is not held as a whole, with the numbers; None if it can be."""
    if free is None or needed <= free // 2:
        return None
    return f"needs {_gigabytes(needed)}, {_gigabytes(free)} free"


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB"
