"""Operators that copy: every output pixel is one input pixel, or zero. Pooling and unpooling with their record fixed.

Source: Zeiler & Fergus, Visualizing and Understanding Convolutional Networks (2014), switches of max-pooling.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Shape, Window, channels_of, plane
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines import Engine
from workbench.kernels.engines.copies import Copies
from workbench.kernels.operators.base import LinearOperator, Origin, Stencil, TapFlag, Taps
from workbench.kernels.placement import Placement

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Ints = npt.NDArray[np.intp]

_BAND = 1 << 17
"""Values of a band of rows, which stays in a core's cache while it is filled."""


class Selection(LinearOperator):
    """``y[target] = x[source]``, zero elsewhere.

    Parameters
    ----------
    in_shape, out_shape : (int, int)
    targets, sources : (n,) or (n, c) int
        Flat row-major indices into the output and the input plane, in the order in which they are written: of two
        writers the last stays. With two axes each channel copies its own way.
    placement : Placement
    """

    def __init__(self, in_shape: Shape, out_shape: Shape, targets: Ints, sources: Ints, placement: Placement) -> None:
        super().__init__(in_shape, out_shape, placement, None if targets.ndim == 1 else targets.shape[1])
        self._writes = [
            _Writes.of(target, source)
            for target, source in zip(np.atleast_2d(targets.T), np.atleast_2d(sources.T), strict=True)
        ]
        self._copies = Copies(out_shape, [(writes.targets, writes.sources) for writes in self._writes])

    @property
    def collisions(self) -> int:
        """How many values were overwritten by a later one."""
        return sum(len(writes.ranked) - len(writes.targets) for writes in self._writes)

    def _of(self, channel: int) -> _Writes:
        return self._writes[channel if self.channels is not None else 0]

    def _within(self, channel: int, window: Window) -> tuple[Ints, Ints]:
        """The pairs whose target lies in the window; targets in the window's own flat indices."""
        targets, sources = self._of(channel).targets, self._of(channel).sources
        width = self.out_shape[1]
        first, last = np.searchsorted(targets, (window.top * width, window.bottom * width))
        if window.width == width:
            return targets[first:last] - window.top * width, sources[first:last]
        rows, cols = np.divmod(targets[first:last], width)
        keep = (cols >= window.left) & (cols < window.right)
        flat = (rows[keep] - window.top) * window.width + cols[keep] - window.left
        return flat, sources[first:last][keep]

    def needs(self, window: Window) -> Window:
        sources = np.concatenate([self._within(channel, window)[1] for channel in range(len(self._writes))])
        if sources.size == 0:
            return Window(0, 0, 1, 1)
        rows, cols = np.divmod(sources, self.in_shape[1])
        return Window(int(rows.min()), int(cols.min()), int(rows.max()) + 1, int(cols.max()) + 1)

    def _fill(self, x: Image, origin: Origin, window: Window, out: Image, cancel: CancelToken, engine: Engine) -> None:
        target = out if out.flags.c_contiguous else np.empty(out.shape, out.dtype)
        whole = np.ascontiguousarray(x) if x.shape[:2] == self.in_shape else None
        if whole is not None and engine.select(whole, self._copies, window, target, cancel):
            if target is not out:
                out[...] = target
            return
        band = max(1, _BAND // target[0].size)
        for top in range(0, window.height, band):
            cancel.check()
            bottom = min(top + band, window.height)
            target[top:bottom] = 0
            rows = Window(window.top + top, window.left, window.top + bottom, window.right)
            for channel in range(channels_of(x)):
                targets, sources = self._within(channel, rows)
                place = _flat(target[top:bottom], channel)
                if whole is not None:
                    engine.scatter(_flat(whole, channel), sources, place, targets)
                else:
                    down, across = np.divmod(sources, self.in_shape[1])
                    place[targets] = plane(x, channel)[down - origin[0], across - origin[1]]
            cancel.progress(bottom / window.height)
        if target is not out:
            out[...] = target

    def adjoint(self, y: npt.NDArray[Any]) -> Image:
        values = self._checked(y, self.out_shape).astype(np.float64)
        flat = values.reshape(self.out_shape[0] * self.out_shape[1], -1)
        made = np.zeros((self.in_shape[0] * self.in_shape[1], flat.shape[1]))
        for channel in range(flat.shape[1]):
            writes = self._of(channel)
            np.add.at(made[:, channel], writes.sources, flat[writes.targets, channel])
        return made.reshape(self.in_shape + values.shape[2:])

    def row(self, i: int, j: int, channel: int = 0) -> Stencil:
        writes = self._of(channel)
        found = writes.sources[_equal(writes.targets, i * self.out_shape[1] + j)]
        rows, cols = np.divmod(found, self.in_shape[1])
        return Stencil(rows, cols, np.ones(len(found)), self.in_shape)

    def column(self, i: int, j: int, channel: int = 0) -> Stencil:
        writes = self._of(channel)
        found = writes.by_source[_equal(writes.sources, i * self.in_shape[1] + j, writes.by_source)]
        rows, cols = np.divmod(np.sort(writes.targets[found]), self.out_shape[1])
        return Stencil(rows, cols, np.ones(len(rows)), self.out_shape)

    def taps(self, i: int, j: int, channel: int = 0) -> Taps:
        writes = self._of(channel)
        wrote = writes.writers[_equal(writes.ranked, i * self.out_shape[1] + j)]
        rows, cols = np.divmod(wrote, self.in_shape[1])
        flags = (TapFlag.LOST,) * (len(wrote) - 1) + (TapFlag.USED,) * min(len(wrote), 1)
        return Taps(rows, cols, np.ones(len(wrote)), rows, cols, flags)

    def sparse(self, channel: int = 0) -> csr_array:
        from scipy.sparse import csr_array  # lazy: its import takes longer than a window

        writes = self._of(channel)
        size = (self.out_shape[0] * self.out_shape[1], self.in_shape[0] * self.in_shape[1])
        return csr_array((np.ones(len(writes.targets)), (writes.targets, writes.sources)), shape=size)


@dataclass(frozen=True, eq=False)
class _Writes:
    """Who writes where in one channel.

    ``ranked`` and ``writers`` hold every write, sorted by target and, within one target, in the order of writing;
    ``targets`` and ``sources`` only the last write to each; ``by_source`` sorts those by their source.
    """

    ranked: Ints
    writers: Ints
    targets: Ints
    sources: Ints
    by_source: Ints

    @classmethod
    def of(cls, targets: Ints, sources: Ints) -> _Writes:
        order = np.argsort(targets, kind="stable")
        ranked, writers = targets[order], sources[order]
        last = np.append(ranked[1:] != ranked[:-1], True)
        kept = writers[last]
        return cls(ranked, writers, ranked[last], kept, np.argsort(kept, kind="stable"))


def _flat(image: Image, channel: int) -> Image:
    """One channel of a contiguous image as a line, with strides where there are others."""
    return image.reshape(-1, channels_of(image))[:, channel]


def _equal(values: Ints, wanted: int, sorter: Ints | None = None) -> slice:
    """Where a sorted array holds a value."""
    first = int(np.searchsorted(values, wanted, "left", sorter))
    return slice(first, int(np.searchsorted(values, wanted, "right", sorter)))
