"""Axes that spread samples by a whole number: every phase of the outputs is a sum of one or two shifted lines.

Such sums need no products of matrices: plain multiplications and additions of whole blocks in the cache do them, at
the speed of memory. Each output is the same few operations in the same order wherever it stands, so that its bits
depend neither on the window nor on tiles; and weights of zero are left out, so that they hide NaN by themselves.

Convention
    Output m·P + φ reads the samples m + shift, one for each term (shift, weight) of phase φ.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.engines.pixels import write_pixels
from workbench.kernels.engines.scratch import Scratch
from workbench.kernels.tables import AxisTable

Block = npt.NDArray[np.floating[Any]]

_TERMS = 2
"""Terms of a phase beyond which products of matrices are faster."""

_PHASES = 48
"""Phases times channels beyond which single calls have too little to do."""


class Multiples:
    """What the phases of a whole axis read, and which outputs, near its ends, do otherwise.

    Attributes
    ----------
    every : int
        P.
    terms : list of list of (int, float)
        For each phase what it reads; no weight is zero.
    first, last : int
        The outputs first … last − 1 follow the rule.
    """

    @staticmethod
    @lru_cache(maxsize=64)
    def of(table: AxisTable) -> Multiples | None:
        """The phases of a whole table, looked for once; None if it is no such axis."""
        if table.period is None or table.period[1] != 1 or table.period[0] > table.n_out:
            return None
        every = table.period[0]
        model = _model(table, every)
        # Asked first: to find which rows follow the model takes longer than a small window does.
        if np.count_nonzero(table.weights[model : model + every], axis=1).max() > _TERMS:
            return None
        found = Multiples(table)
        return found if table.n_out - (found.last - found.first) <= 4 * table.taps * every else None

    def __init__(self, table: AxisTable) -> None:
        self.table = table
        self.every, _ = table.period or (1, 1)
        self.first, self.last, model = followers(table, self.every, 1)
        self._others: dict[int, list[tuple[int, float]]] = {}
        self.terms = []
        for phase in range(self.every):
            weights = table.weights[model + phase]
            begin = int(table.start[model + phase]) - model // self.every
            self.terms.append([(begin + k, float(weights[k])) for k in map(int, np.flatnonzero(weights))])

    @property
    def weights(self) -> int:
        """How many different weights there are, each of which makes a copy of what is read."""
        return len({weight for terms in self.terms for _, weight in terms})

    def suits(self, channels: int) -> bool:
        """Whether calls for single phases and channels have enough to do."""
        return self.every * channels <= _PHASES

    def spread(self, x: Block, low: int, first: int, out: Block, axis: int, scratch: Scratch) -> None:
        """Write some outputs.

        Parameters
        ----------
        x : (n, c), or (b, n) or (b, n, c)
            Samples from ``low`` on, along ``axis``; finite or not. Pixels of three may be widened (`pixels`).
        first : int
            The first output, in the whole.
        out : (m, c), or (b, m) or (b, m, c)
        axis : int
            0 or 1.
        """
        last = first + out.shape[axis]
        begin = min(max(first, self.first), last)
        end = max(min(last, self.last), begin)
        scaled: dict[float, Block] = {1.0: x}
        # Pixels that spill over are written before those they spill over; the first phase knows what it spills over.
        for phase in (*range(1, self.every), 0):
            m0, m1 = (-(-(edge - phase) // self.every) for edge in (begin, end))
            if m0 < m1:
                at = m0 * self.every + phase - first
                parts = [
                    self._part(x, axis, shift, weight, m0 - low, m1 - low, scaled, scratch)
                    for shift, weight in self.terms[phase]
                ]
                if parts and out.ndim == 3 and x.shape[2] > out.shape[2]:
                    closes = phase == 0 and self.every > 1
                    write_pixels(summed(parts, scratch), out[:, at:], self.every, closes=closes)
                else:
                    place = _cut(out, axis, at, at + (m1 - m0 - 1) * self.every + 1, self.every)
                    write_sum(parts, place, scratch)
        for output in (*range(first, begin), *range(end, last)):
            place = _cut(out, axis, output - first, output - first + 1)
            terms = self._alone(output)
            seen = x if out.ndim == 2 else x[:, :, : out.shape[2]]
            parts = [self._part(seen, axis, shift, weight, -low, 1 - low, None, scratch) for shift, weight in terms]
            write_sum(parts, place, scratch)

    def _part(
        self, x: Block, axis: int, shift: int, weight: float, m0: int, m1: int,
        scaled: dict[float, Block] | None, scratch: Scratch,
    ) -> Block:  # fmt: skip
        """A term of some neighbouring periods: samples times a weight, which all phases share that need it."""
        if scaled is None:
            part = _cut(x, axis, m0 + shift, m1 + shift)
            return part if weight == 1 else part * x.dtype.type(weight)
        if weight not in scaled:
            scaled[weight] = scratch.like(f"scaled {len(scaled)}", x)
            np.multiply(x, x.dtype.type(weight), out=scaled[weight])
        return _cut(scaled[weight], axis, m0 + shift, m1 + shift)

    def _alone(self, output: int) -> list[tuple[int, float]]:
        """The terms of an output that follows no rule."""
        if output not in self._others:
            weights, begin = self.table.weights[output], int(self.table.start[output])
            self._others[output] = [(begin + k, float(weights[k])) for k in map(int, np.flatnonzero(weights))]
        return self._others[output]


def followers(table: AxisTable, outputs: int, inputs: int) -> tuple[int, int, int]:
    """The range of outputs that repeat after some outputs, shifted by some inputs, and the period they all repeat."""
    output = np.arange(table.n_out)
    middle = _model(table, outputs)
    step, phase = np.divmod(output, outputs)
    model = np.minimum(middle + phase, table.n_out - 1)
    same = table.start - table.start[model] == (step - middle // outputs) * inputs
    same &= (table.weights == table.weights[model]).all(axis=1)
    others = np.flatnonzero(~same)
    return int(others[others < middle].max(initial=-1)) + 1, int(others[others > middle].min(initial=len(same))), middle


def _model(table: AxisTable, outputs: int) -> int:
    """The first output of the period in the middle, which others are compared with."""
    middle = table.n_out // 2 // outputs * outputs
    return middle if middle + outputs <= table.n_out else 0


def write_sum(parts: list[Block], place: Block, scratch: Scratch) -> None:
    """Add up blocks of one shape, in their order, into places that may lie apart."""
    if not parts:
        place[...] = 0
    elif place.ndim == 3:  # short runs of values are slow: one channel after the other is not
        total = summed(parts, scratch)
        for c in range(place.shape[2]):
            np.copyto(place[:, :, c], total[:, :, c])
    elif len(parts) == 1:
        np.copyto(place, parts[0])
    else:
        summed(parts, scratch, place)


def summed(parts: list[Block], scratch: Scratch, target: Block | None = None) -> Block:
    """The sum of blocks of one shape, in their order; a single one is its own sum."""
    total = parts[0]
    if len(parts) > 1 and target is None:
        target = scratch.like("total", total)
    for part in parts[1:]:
        total = np.add(total, part, out=target)
    return total


def _cut(x: Block, axis: int, first: int, last: int, step: int = 1) -> Block:
    return x[first:last:step] if axis == 0 else x[:, first:last:step]
