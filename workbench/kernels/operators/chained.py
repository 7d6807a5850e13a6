"""Chains whose rows and columns need no detour through each stage: layers after one another, a kernel after a resize.

Source: the row of ``A₂ A₁`` is a row of A₂ times A₁. Of layers that repeat, all rows of a phase are one; of a kernel K
on a product of two axes, the row of (i, j) is ``Rᵀ K C``, with the rows i + a of one axis and j + b of the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from workbench.kernels.arrays import Shape
from workbench.kernels.lines import LONG
from workbench.kernels.operators.base import Floats, Ints, Stencil
from workbench.kernels.operators.composed import Composed
from workbench.kernels.operators.products import layout
from workbench.kernels.operators.separable import Separable
from workbench.kernels.operators.stencil_conv import Convolution, StencilOperator
from workbench.kernels.tables import AxisTable


class StencilChain(Composed):
    """Convolutions and transposed convolutions after one another.

    Parameters
    ----------
    outer : StencilOperator
    inner : StencilOperator or StencilChain
    """

    inner: StencilOperator | StencilChain

    def __init__(self, outer: StencilOperator, inner: StencilOperator | StencilChain) -> None:
        super().__init__(outer, inner)
        self._stages: list[StencilOperator] = [*(inner._stages if isinstance(inner, StencilChain) else [inner]), outer]

    @cached_property
    def _back(self) -> _Paths:
        return _Paths(self._stages[::-1], [stage.in_shape for stage in self._stages[::-1]])

    @cached_property
    def _forth(self) -> _Paths:
        return _Paths([stage.transposed for stage in self._stages], [stage.out_shape for stage in self._stages])

    def row(self, i: int, j: int, channel: int = 0) -> Stencil:
        return self._back.stencil(i, j)

    def column(self, i: int, j: int, channel: int = 0) -> Stencil:
        return self._forth.stencil(i, j)


@dataclass(frozen=True, slots=True, eq=False)
class _Phase:
    """All ways from a pixel of one phase through the stages, and what they add up to where none leaves a plane.

    A way is open for periods from ``opens`` to ``closes``, per axis; ``ends`` says at which of the sums it ends.
    """

    rows: Ints
    cols: Ints
    weights: Floats
    ends: Ints
    ways: Floats
    opens: tuple[Ints, Ints]
    closes: tuple[Ints, Ints]
    open_to_all: tuple[int, int, int, int]


class _Paths:
    """From a pixel through stages that each read a plane of their own."""

    def __init__(self, stages: Sequence[StencilOperator], planes: Sequence[Shape]) -> None:
        self._stages = stages
        self._planes = planes
        self._phases: dict[tuple[int, int], _Phase] = {}
        (self._py, down), (self._px, across) = _steps(stages, 0), _steps(stages, 1)
        self._moves = list(zip(down, across, strict=True))

    def stencil(self, i: int, j: int) -> Stencil:
        """What the pixel meets in the last plane."""
        y, x = i // self._py, j // self._px
        phase = self._phases.get((i % self._py, j % self._px)) or self._made(i % self._py, j % self._px)
        qy, qx = self._moves[-1]
        rows, cols = phase.rows + y * qy, phase.cols + x * qx
        top, bottom, left, right = phase.open_to_all
        if top <= y <= bottom and left <= x <= right:
            return Stencil(rows, cols, phase.weights, self._planes[-1])
        passes = (phase.opens[0] <= y) & (phase.closes[0] >= y) & (phase.opens[1] <= x) & (phase.closes[1] >= x)
        weights = np.bincount(phase.ends[passes], phase.ways[passes], len(rows)).astype(np.float64)
        keep = weights != 0
        return Stencil(rows[keep], cols[keep], weights[keep], self._planes[-1])

    def _made(self, i: int, j: int) -> _Phase:
        """The phase of a pixel (i, j) of the first period."""
        places, ways = np.array([[i], [j]]), np.ones(1)
        opens, closes = np.full((2, 1), -math.inf), np.full((2, 1), math.inf)
        for stage, plane, moves in zip(self._stages, self._planes, self._moves, strict=True):
            (py, px), (qy, qx) = stage.table.step_out, stage.table.step_in
            found = [stage.table.phases[y % py, x % px] for y, x in places.T.tolist()]
            found.append((_NOWHERE, _NOWHERE, np.zeros(0)))  # there may be no way on
            begun = np.repeat(np.arange(len(found)), [len(entry[2]) for entry in found])
            bases = (places // [[py], [px]] * [[qy], [qx]])[:, begun]
            places = bases + np.array([np.concatenate([entry[axis] for entry in found]) for axis in (0, 1)])
            ways = ways[begun] * np.concatenate([entry[2] for entry in found])
            # In period m a place lies m·Q further; it has to stay inside the plane.
            step, size = np.array(moves)[:, None], np.array(plane)[:, None]
            opens = np.maximum(opens[:, begun], -(places // step))
            closes = np.minimum(closes[:, begun], (size - 1 - places) // step)
        order = np.lexsort((places[1], places[0]))
        places, ways, opens, closes = places[:, order], ways[order], opens[:, order], closes[:, order]
        new = np.append(True, (np.diff(places, axis=1) != 0).any(axis=0))[: len(ways)]
        ends = np.cumsum(new) - 1
        sums = np.bincount(ends, ways, int(new.sum())).astype(np.float64)
        bounds = (opens.max(axis=1, initial=-math.inf), closes.min(axis=1, initial=math.inf))
        if (sums == 0).any():  # ways that cancel each other are looked at one by one
            bounds = (np.full(2, math.inf), np.full(2, -math.inf))
        limits = (bounds[0][0], bounds[1][0], bounds[0][1], bounds[1][1])
        rows, cols = places[:, new]
        sums.flags.writeable = False
        made = _Phase(rows, cols, sums, ends, ways, (opens[0], opens[1]), (closes[0], closes[1]), limits)
        self._phases[i, j] = made
        return made


_NOWHERE: Ints = np.zeros(0, np.intp)


def _steps(stages: Sequence[StencilOperator], axis: int) -> tuple[int, list[int]]:
    """The period of a chain on one axis, and how far it moves in the plane of each stage."""
    rate, rates, whole = Fraction(1), [], [1]
    for stage in stages:
        p, q = stage.table.step_out[axis], stage.table.step_in[axis]
        whole.append((rate / p).denominator)
        rate = rate * q / p
        rates.append(rate)
    period = math.lcm(*whole)
    return period, [int(period * rate) for rate in rates]


class ResizedConvolution(Composed):
    """A kernel that slides over a resized image, pixel by pixel.

    Parameters
    ----------
    outer : Convolution
        Of stride and dilation 1.
    inner : Separable
    """

    outer: Convolution
    inner: Separable

    @cached_property
    def _row_bands(self) -> tuple[_Bands, _Bands]:
        return self._bands(turned=False)

    @cached_property
    def _column_bands(self) -> tuple[_Bands, _Bands]:
        return self._bands(turned=True)

    def _bands(self, turned: bool) -> tuple[_Bands, _Bands]:
        outer, tables = self.outer, (self.inner.rows, self.inner.cols)
        made = [
            _Bands(tables[axis], outer.kernel.shape[axis], outer.padding[axis], outer.out_shape[axis], turned)
            for axis in (0, 1)
        ]
        return made[0], made[1]

    def row(self, i: int, j: int, channel: int = 0) -> Stencil:
        down, across = self._row_bands
        return self._between(down.at(i), across.at(j), self.in_shape)

    def column(self, i: int, j: int, channel: int = 0) -> Stencil:
        down, across = self._column_bands
        return self._between(down.at(i), across.at(j), self.out_shape)

    def _between(self, down: tuple[int, Floats], across: tuple[int, Floats], shape: Shape) -> Stencil:
        weights = down[1].T.dot(self.outer.kernel).dot(across[1]).reshape(-1)
        first, second = layout(down[1].shape[1], across[1].shape[1])
        if np.count_nonzero(weights) < len(weights):
            keep = np.flatnonzero(weights)
            first, second, weights = first[keep], second[keep], weights[keep]
        return Stencil(first + down[0], second + across[0], weights, shape)


class _Bands:
    """For each output of one axis the rows of the resize under its kernel; or, turned, for each input what it reaches.

    Parameters
    ----------
    table : AxisTable
    kernel, padding, outputs : int
        Taps, zeros before the first, outputs of the convolution.
    turned : bool
    """

    def __init__(self, table: AxisTable, kernel: int, padding: int, outputs: int, turned: bool) -> None:
        self._table = table
        self._kernel = kernel
        self._padding = padding
        self._outputs = outputs
        self._turned = turned
        self._blocks: dict[int, tuple[list[int], Floats]] = {}

    def at(self, k: int) -> tuple[int, Floats]:
        """The first place reached, and one line for each tap of the kernel."""
        starts, lines = self._blocks.get(k >> LONG) or self._made(k >> LONG)
        k &= (1 << LONG) - 1
        return starts[k], lines[k]

    def _made(self, number: int) -> tuple[list[int], Floats]:
        taps, table, first = np.arange(self._kernel)[:, None], self._table, number << LONG
        if self._turned:  # input → the resized samples it reaches → the outputs that see them
            last = min(first + (1 << LONG), table.n_in)
            pointers, (places, weights) = table.column_block(first, last)
            lines = np.broadcast_to(np.repeat(np.arange(last - first), np.diff(pointers)), (len(taps), len(places)))
            places = places + self._padding - taps
            keep = (places >= 0) & (places < self._outputs)
        else:  # output → the resized samples it sees → the inputs they are made of
            last = min(first + (1 << LONG), self._outputs)
            begin, end = max(first - self._padding, 0), min(last - self._padding + self._kernel - 1, table.n_out)
            pointers, (places, weights) = table.row_block(begin, max(begin, end))
            lines = np.repeat(np.arange(begin, max(begin, end)), np.diff(pointers)) + self._padding - taps - first
            places = np.broadcast_to(places, lines.shape)
            keep = (lines >= 0) & (lines < last - first)
        tap, entry = np.nonzero(keep)
        made = _packed(lines[keep], tap, places[keep], weights[entry], (last - first, self._kernel))
        self._blocks[number] = made
        return made


def _packed(lines: Ints, taps: Ints, places: Ints, weights: Floats, size: tuple[int, int]) -> tuple[list[int], Floats]:
    """Entries as one small matrix (tap, place) for each line, and the place where that begins."""
    starts = np.full(size[0], np.iinfo(np.intp).max)
    np.minimum.at(starts, lines, places)
    offset = places - starts[lines]
    packed = np.zeros((*size, int(offset.max(initial=0)) + 1))
    packed[lines, taps, offset] = weights
    starts[starts == np.iinfo(np.intp).max] = 0
    return starts.tolist(), packed
