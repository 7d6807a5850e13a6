"""Two rows of A side by side, source pixel by source pixel: what a lock and a ghost, or a difference, is made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from workbench.kernels.operators.base import Stencil
from workbench.kernels.operators.channels import ChannelStencil
from workbench.kernels.provenance import Trace

Ints = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RowPair:
    """Every source pixel that either row reads, with both weights.

    Parameters
    ----------
    first, second : Trace
    rows, cols, channels : (n,) int
        The sources, by falling |w₁ − w₂|·|x|.
    w1, w2 : (n,) float64
        0 where a row does not read the pixel.
    x : (n,) float64
        What the source holds.
    rests : (float, float)
        What each pixel holds beside its terms and b: what a dense row leaves out.
    """

    first: Trace
    second: Trace
    rows: Ints
    cols: Ints
    channels: Ints
    w1: Floats
    w2: Floats
    x: Floats
    rests: tuple[float, float] = (0.0, 0.0)

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def apart(self) -> Floats:
        """w₁ − w₂."""
        return self.w1 - self.w2

    @cached_property
    def split(self) -> Floats:
        """What each source pixel adds to the difference: (w₁ − w₂)·x."""
        with np.errstate(invalid="ignore", over="ignore"):
            return np.asarray(self.apart * self.x)

    @property
    def values(self) -> tuple[float, float]:
        """What the two pixels hold."""
        return self.first.answer + self.rests[0], self.second.answer + self.rests[1]

    @property
    def difference(self) -> float:
        """The first pixel minus the second."""
        return self.values[0] - self.values[1]

    @property
    def offset(self) -> float:
        """What b₁ − b₂ adds to it."""
        return self.first.offset - self.second.offset

    @property
    def rest(self) -> float:
        """What both rows leave out adds to it."""
        return self.rests[0] - self.rests[1]

    def stencil(self) -> Stencil:
        """The row of A − B, without zeros, to be drawn on the source."""
        return Stencil.collect(self.rows, self.cols, self.apart, self.first.stencil.shape)


def pair_rows(first: Trace, second: Trace, rests: tuple[float, float] = (0.0, 0.0)) -> RowPair:
    """Bring two rows on one source together."""
    count = 1 + max(_channels(one).max(initial=0) for one in (first, second))
    width = first.stencil.shape[1]
    keys, weights, values = [], [], []
    for one in (first, second):
        terms = one.terms
        flat = np.array([t.row * width + t.col for t in terms], np.intp) * count + _channels(one)
        keys.append(flat)
        weights.append(np.array([t.weight for t in terms]))
        values.append(np.array([t.value for t in terms]))
    known, where = np.unique(np.concatenate(keys), return_inverse=True)
    split = len(keys[0])
    w1, w2, x = (np.zeros(len(known)) for _ in range(3))
    x[where] = np.concatenate(values)
    w1[where[:split]], w2[where[split:]] = weights
    with np.errstate(invalid="ignore", over="ignore"):
        size = np.nan_to_num(np.abs((w1 - w2) * x), nan=np.inf)
    order = np.lexsort((-np.maximum(np.abs(w1), np.abs(w2)), -size))
    flat, channels = np.divmod(known[order], count)
    return RowPair(first, second, flat // width, flat % width, channels, w1[order], w2[order], x[order], rests)


def _channels(trace: Trace) -> Ints:
    """The source channel of each term; one and the same where channels do not meet counts as none."""
    if isinstance(trace.stencil, ChannelStencil):
        return np.array([term.channel for term in trace.terms], np.intp)
    return np.full(len(trace.terms), trace.channel, np.intp)
