"""The measures that cost more than a glance, and all measures of a part of the picture: computed when a table asks.

What is measured with which settings is said in the columns' heads; a missing number is a word that says why.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from workbench.kernels import flip
from workbench.kernels.arrays import Image, Shape, Window, channels_of, plane, shape_of
from workbench.kernels.cancel import CancelToken
from workbench.kernels.checkerboard import checkerboard_in
from workbench.kernels.method import Method
from workbench.kernels.metrics import METRICS, NOT_FINITE, measure
from workbench.kernels.perceptual import GMSD_SIDE, GMSD_TOO_SMALL, MS_SIDE, MS_TOO_SMALL, gmsd, ms_ssim
from workbench.kernels.phases import phase_table
from workbench.kernels.placement import Rect
from workbench.model.differencing import Support, data_range
from workbench.model.document import Comparison
from workbench.model.measuring import (
    IS_REFERENCE,
    KAPPA,
    NO_PERIOD,
    NO_REFERENCE,
    ON_REQUEST,
    OTHER_GRID,
    VCI,
    Numbers,
    kappa,
    vci,
)
from workbench.model.panels import geometry, raster, reference_name, support_of
from workbench.model.rasters import Raster
from workbench.model.regions import period_of, pixels_in
from workbench.model.results import Results

MS_SSIM, GMSD, FLIP, PHASE_BIAS, GRID, PERIOD = "ms_ssim", "gmsd", "flip", "phase_bias", "grid", "grid_period"
NO_GRID, MAYBE_GRID = "none", "possible"
NO_PIXELS = "no pixels"
TOO_SMALL = "too small"
LARGEST_READ = 16_000_000
"""Values that are read for the measures where the output is not in memory."""
_MOST_PHASES = 64
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """One slot to be measured, as it stands now: measuring may happen on another thread.

    Parameters
    ----------
    key : tuple
        What the numbers follow from; equal keys have equal numbers.
    a, r : Raster, optional
        Picture and reference; ``r`` is None where there is nothing to compare with, ``why`` says so.
    windows : (Window, Window)
        The part, in pixels of each.
    whole : bool
        Whether the pipeline has measured the rest already, so that only what is missing is wanted.
    """

    key: tuple[object, ...]
    name: str
    method: Method
    a: Raster
    r: Raster | None
    windows: tuple[Window, Window]
    why: str
    period: Shape | None
    data_range: float
    whole: bool
    encoded: bool


def task_of(results: Results, comparison: Comparison, name: str, rect: Rect | None) -> Task | None:
    """What is to be measured of a slot, in a part of the world or as a whole; None while it is not ready."""
    ready, picture, place = results.ready(name), raster(results, comparison, name), geometry(results, comparison, name)
    if ready is None or picture is None or place is None or results.prepared is None:
        return None
    reference, support = reference_name(comparison, results), support_of(results, comparison, name)
    window = Window.of(place.shape) if rect is None else pixels_in(rect, place)
    other, why, r_window = None, "", window
    if reference is None:
        why = NO_REFERENCE
    elif reference == name:
        why = IS_REFERENCE
    elif not isinstance(support, Support):
        why = OTHER_GRID
    else:
        other = raster(results, comparison, reference)
        window = window.intersect(support.a)
        r_window = window.shifted(support.r.top - support.a.top, support.r.left - support.a.left)
    slot = comparison.slot(reference or "")
    key = (
        results.prepared.preparation,
        ready.slot.method,
        reference if slot is None else slot.method,
        why,
        rect,
        picture.is_view,
        other is not None and other.is_view,
    )
    encoded = results.prepared.preparation.light == "encoded"
    period = period_of(results, name)
    return Task(
        key,
        name,
        ready.slot.method,
        picture,
        other,
        (window, r_window),
        why,
        period,
        data_range(results.prepared),
        rect is None,
        encoded,
    )


def measured(task: Task, cancel: CancelToken | None = None) -> Numbers:
    """The numbers of a task, by the ids of columns; of the whole picture only those that the pipeline leaves out."""
    window, r_window = task.windows
    if window.is_empty:
        return dict.fromkeys(_wanted(task), NO_PIXELS)
    size = window.height * window.width * task.a.channels
    if size > LARGEST_READ and not (task.a.in_memory and (task.r is None or task.r.in_memory)):
        return {**dict.fromkeys(_wanted(task), ON_REQUEST), **_operator(task)}
    a = task.a.read(window, cancel)
    numbers = _grid(a, cancel)
    if task.r is None:
        return {**dict.fromkeys(_wanted(task), task.why), **numbers, **_operator(task)}
    r = task.r.read(r_window, cancel)
    if not task.whole:
        numbers.update(measure(a, r, task.data_range, cancel))
    numbers[MS_SSIM] = _large_enough(a, MS_SIDE, MS_TOO_SMALL) or _finite(ms_ssim(a, r, task.data_range, cancel))
    numbers[GMSD] = _large_enough(a, GMSD_SIDE, GMSD_TOO_SMALL) or _finite(gmsd(a, r, task.data_range, cancel))
    numbers[PHASE_BIAS] = _phase_bias(a, r, task.period, window, cancel)
    if flip.missing() is None:
        numbers[FLIP] = _finite(float(np.mean(flip.flip_map(a, r, encoded=task.encoded), dtype=np.float64)))
    return {**numbers, **_operator(task)}


def _operator(task: Task) -> Numbers:
    """Of the method itself, the same in every part of the picture."""
    more: Numbers = {VCI: vci(task.method)}
    return more if task.whole else {KAPPA: kappa(task.method), **more}


def _wanted(task: Task) -> tuple[str, ...]:
    more = (MS_SSIM, GMSD, PHASE_BIAS, GRID, *((FLIP,) if flip.missing() is None else ()))
    return more if task.whole else (*(metric.id for metric in METRICS), *more)


def _large_enough(a: Image, side: int, word: str) -> str:
    """A word where a picture is too small; empty where it is not."""
    return word if min(shape_of(a)) < side else ""


def _finite(value: float) -> float | str:
    return value if math.isfinite(value) else NOT_FINITE


def _grid(a: Image, cancel: CancelToken | None) -> Numbers:
    """What the checkerboard meter reads, or a word, and the period where there is, or may be, a grid."""
    found = checkerboard_in(a, cancel)
    if found is None:
        return {GRID: TOO_SMALL if np.isfinite(a).all() else NOT_FINITE}
    if found.found:
        return {GRID: found.index, PERIOD: float(found.period)}
    # Below that, what sums of float32 weights leave is taken for a grid.
    if found.possible and found.index >= _ROUNDING:
        return {GRID: MAYBE_GRID, PERIOD: float(found.period)}
    return {GRID: NO_GRID}


def _phase_bias(a: Image, r: Image, period: Shape | None, window: Window, cancel: CancelToken | None) -> float | str:
    """Largest minus smallest bias of all phases, channels averaged: 0 where every phase errs alike."""
    if period is None or max(period) > _MOST_PHASES:
        return NO_PERIOD
    means = np.zeros(period)
    for channel in range(channels_of(a)):
        error = np.asarray(plane(a, channel), np.float64) - plane(r, channel)
        means += phase_table(error, period, (window.top, window.left), cancel).mean
    means /= channels_of(a)
    known = means[np.isfinite(means)]
    return float(known.max() - known.min()) if known.size else NOT_FINITE
