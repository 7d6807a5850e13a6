"""One axis of a resize: project → neighbours → weigh → fold the border.

Source: the five independent choices of every resize (size rule, grid, kernel, edge, arithmetic), with the coordinate
rules named as in ONNX Resize. Coordinates are exact: ``c(i) = slope·i + offset`` in fractions, made a float only where
the kernel is evaluated.

Convention
    Pixel centres on integers, so that an axis of n samples covers [−½, n − ½]; c(i) is where output i samples.
"""

from __future__ import annotations

import math
from dataclasses import replace
from enum import Enum
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.coordinates import Arithmetic, AxisMap, Grid, SizeRule, WidthRule, output_size
from workbench.kernels.errors import ParameterError
from workbench.kernels.reconstruction import Reconstruction
from workbench.kernels.tables import AxisTable, Floats, Ints, repeating_table, table_from_rows

__all__ = [
    "TIES_OF_GRID",
    "Arithmetic",
    "AxisMap",
    "Edge",
    "Grid",
    "SizeRule",
    "Tie",
    "WidthRule",
    "check_tie",
    "distances",
    "fold",
    "identity_table",
    "nearest_table",
    "output_size",
    "resampling_table",
]


ONE = Fraction(1)
_EXACT = 1 << 53
"""Below this, floats hold whole numbers."""


class Edge(Enum):
    """What stands for samples outside the input."""

    REPLICATE = "replicate"
    EXCLUDE = "exclude"
    SYMMETRIC = "symmetric"
    MIRROR = "mirror"
    WRAP = "wrap"
    ZERO = "zero"


class Tie(Enum):
    """Which neighbour nearest takes; the named ones fall to the same side as their library, bit for bit."""

    UP = "up"
    DOWN = "down"
    FLOOR = "floor"
    CEIL = "ceil"
    EVEN = "even"
    TORCH_EXACT = "torch_exact"
    SCIPY = "scipy"
    PILLOW = "pillow"
    TORCH_FLOOR = "torch_floor"
    CV2_FLOOR = "cv2_floor"


TIES_OF_GRID = {
    Tie.TORCH_EXACT: (Grid.HALF_PIXEL,),
    Tie.SCIPY: (Grid.HALF_PIXEL,),
    Tie.PILLOW: (Grid.HALF_PIXEL, Grid.BOX_OFFSET),
    Tie.TORCH_FLOOR: (Grid.ASYMMETRIC,),
    Tie.CV2_FLOOR: (Grid.ASYMMETRIC,),
}
"""The grids on which a library's own rule is defined."""


def check_tie(tie: Tie, grid: Grid) -> None:
    """Refuse a library's own rule on another grid than that library's."""
    wanted = TIES_OF_GRID.get(tie)
    if wanted is not None and grid not in wanted:
        names = " and ".join(one.value for one in wanted)
        raise ParameterError("tie", f"{tie.value} is defined on the {names} grid, not on {grid.value}")


def nearest_table(axis: AxisMap, tie: Tie) -> AxisTable:
    """One source for each output: the rounded coordinate, clipped to the axis.

    Raises
    ------
    ParameterError
        If a library's own rule is asked for on another grid than that library's.
    """
    check_tie(tie, axis.grid)
    index = _rounded(axis, tie)
    clipped = np.clip(index, 0, axis.n_in - 1)
    weights = np.ones((axis.n_out, 1))
    if axis.grid is Grid.CROP:
        whole, rest, _ = axis.whole_and_rest()
        weights[axis.beyond(whole, rest)] = 0.0

    def virtual(rows: slice) -> tuple[Ints, Floats, Ints, npt.NDArray[np.bool_]]:
        return index[rows, None], weights[rows], clipped[rows, None], np.ones_like(weights[rows], bool)

    # The rules that imitate a library's arithmetic do not repeat exactly.
    period = axis.period if tie not in TIES_OF_GRID else None
    if period is not None and tie is Tie.EVEN and period[1] % 2:
        period = (2 * period[0], 2 * period[1])  # a tie takes turns: even and odd inputs round to different sides
    return AxisTable(axis.n_in, clipped, weights, period, virtual=virtual)


def _rounded(axis: AxisMap, tie: Tie) -> Ints:
    n, m = axis.n_in, axis.n_out
    i = np.arange(m)
    typed = axis.factor != Fraction(m, n)
    ratio = float(1 / axis.factor)
    match tie:
        case Tie.TORCH_EXACT | Tie.TORCH_FLOOR:
            step = np.float32(float(1 / axis.factor)) if typed else np.float32(n) / np.float32(m)
            shift = np.float32(0.5 if tie is Tie.TORCH_EXACT else 0)
            if tie is Tie.TORCH_FLOOR and m in (n, 2 * n):
                return np.asarray(i // (m // n), np.intp)  # torch copies or doubles then, whatever the factor
            places: npt.NDArray[Any] = np.floor((i.astype(np.float32) + shift) * step)
            return places.astype(np.intp)
        case Tie.SCIPY:
            places = np.floor((i + 0.5) * ratio - 0.5 + 0.5)
            return places.astype(np.intp)
        case Tie.PILLOW:
            begin = float(axis.span[0]) if axis.grid is Grid.BOX_OFFSET else 0.0
            ratio = (float(axis.span[1]) - begin) / m if axis.grid is Grid.BOX_OFFSET else ratio
            places = np.add.accumulate(np.concatenate(([begin + ratio * 0.5], np.full(m - 1, ratio))))
            return places.astype(np.intp)
        case Tie.CV2_FLOOR:
            places = np.floor(i * (1 / float(axis.factor)))
            return places.astype(np.intp)
    whole, rest, common = axis.whole_and_rest()
    twice = 2 * rest
    match tie:
        case Tie.FLOOR:
            up = np.zeros(m, bool)
        case Tie.CEIL:
            up = rest > 0
        case Tie.UP:
            up = twice >= common
        case Tie.DOWN:
            up = twice > common
        case _:
            up = (twice > common) | ((twice == common) & (whole % 2 == 1))
    index: Ints = whole + np.asarray(up, bool)
    return index


def resampling_table(
    axis: AxisMap,
    kernel: Reconstruction,
    *,
    edge: Edge,
    antialias: bool = False,
    normalise: bool = True,
    padding: int = 0,
) -> AxisTable:
    """Weights of a one-dimensional resampling: one short row for each output sample.

    Parameters
    ----------
    axis : AxisMap
        Sizes, factor and grid.
    kernel : Reconstruction
    edge : Edge
        ``EXCLUDE`` drops what lies outside, ``ZERO`` keeps its share of the divisor.
    antialias : bool
        When reducing, stretch the kernel by as many samples as an output stands for.
    normalise : bool
        Divide each row by its sum.
    padding : int
        Samples added on both sides of the line that is read; the coordinates still count from the first real one.

    Returns
    -------
    AxisTable
        Rows sum to 1 if ``normalise``, except where ``Edge.ZERO`` cuts them or a crop has no sample.
    """
    whole, rest, common = axis.whole_and_rest()
    period, kind = _kinds(rest, axis.period)
    offsets, distance = distances(
        rest[:period], common, kernel.radius, max(Fraction(1), axis.reduction) if antialias else ONE
    )
    worked_out = np.asarray(kernel.weight(distance), np.float64)
    reached = np.abs(distance) < kernel.radius
    beyond, window = axis.beyond(whole, rest), axis.window32(kernel.radius)
    n = axis.n_in + 2 * padding

    def unfolded(rows: slice | Ints) -> tuple[Ints, Floats, Ints, npt.NDArray[np.bool_]]:
        weights = worked_out[kind[rows]]
        weights[beyond[rows]] = 0.0
        index = whole[rows, None] + offsets
        if window is not None:
            weights = np.where((index < window[0][rows, None]) | (index >= window[1][rows, None]), 0.0, weights)
        index = index + padding
        folded = fold(index, n, edge)
        if edge is not Edge.ZERO:
            weights = np.where(folded < 0, 0.0, weights)
        total = weights.sum(axis=1)
        if normalise:
            weights = weights / np.where(total == 0, 1.0, total)[:, None]
        return index, weights, folded, reached[kind[rows]] | (weights != 0)

    if edge is Edge.WRAP:
        index, weights, _, _ = unfolded(slice(None))
        used = (weights != 0).any(axis=0)
        first, last = int(np.argmax(used)), len(used) - int(np.argmax(used[::-1]))
        start = index[:, first]
        return AxisTable(n, start, weights[:, first:last], axis.period, wraps=True, virtual=unfolded)

    def real(rows: slice | Ints) -> tuple[Ints, Floats]:
        _, weights, folded, _ = unfolded(rows)
        return folded, np.where(folded < 0, 0.0, weights)

    if period < len(rest) and window is None and axis.period is not None:
        inside = (whole + int(offsets[0]) + padding >= 0) & (whole + int(offsets[-1]) + padding < n) & ~beyond
        repeated = repeating_table(n, real, axis.n_out, inside, axis.period)
        if repeated is not None:
            return replace(repeated, virtual=unfolded)
    return table_from_rows(n, *real(slice(None)), period=axis.period, virtual=unfolded)


def _kinds(rest: npt.NDArray[Any], period: tuple[int, int] | None) -> tuple[int, Ints]:
    """How many of the first outputs stand for all by where they lie between samples, and for each output which does."""
    count = len(rest) if period is None else min(period[0], len(rest))
    kind = np.arange(len(rest)) % max(count, 1)
    if np.array_equal(rest[:count][kind], rest):
        return count, kind
    return len(rest), np.arange(len(rest))


def distances(
    rest: npt.NDArray[Any], common: int, radius: float, stretch: Fraction
) -> tuple[Ints, npt.NDArray[np.float64]]:
    """Neighbours of ⌊c⌋ that a kernel reaches, and how far each lies from c, in units of the stretch.

    Parameters
    ----------
    rest, common : (m,) int, int
        Numerator and denominator of c − ⌊c⌋.

    Returns
    -------
    (k,) int, (m, k) float64
        The distances come from whole numbers and are rounded once: a tap that sits exactly on the kernel's rim does.
    """
    reach = math.ceil(radius * stretch)
    offsets = np.arange(-reach, reach + 2)
    numerator = offsets.astype(rest.dtype)[None, :] * common - rest[:, None]
    up, down = stretch.denominator, common * stretch.numerator
    if rest.dtype != object and down < _EXACT and (reach + 2) * common * up < _EXACT:
        return offsets, numerator * up / down
    return offsets, (numerator / common).astype(np.float64) / float(stretch)


def fold(index: Ints, n: int, edge: Edge) -> Ints:
    """The real sample that each index stands for, −1 where it stands for none."""
    match edge:
        case Edge.REPLICATE:
            return np.clip(index, 0, n - 1)
        case Edge.SYMMETRIC:
            turned = index % (2 * n)
            return np.where(turned < n, turned, 2 * n - 1 - turned)
        case Edge.MIRROR:
            if n == 1:
                return np.zeros_like(index)
            turned = index % (2 * n - 2)
            return np.where(turned < n, turned, 2 * n - 2 - turned)
        case Edge.WRAP:
            return index % n
        case Edge.EXCLUDE | Edge.ZERO:
            return np.where((index < 0) | (index >= n), -1, index)


def identity_table(n: int) -> AxisTable:
    """An axis that stays as it is."""
    return AxisTable(n, np.arange(n), np.ones((n, 1)), (1, 1))
