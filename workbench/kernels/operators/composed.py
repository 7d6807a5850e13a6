"""One operator after another: ``A = A₂ A₁``, with windows passed through the chain."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Shape, Window
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines import Engine
from workbench.kernels.errors import ShapeError
from workbench.kernels.operators.base import Floats, LinearOperator, Origin, Period, Stencil
from workbench.kernels.operators.channels import ChannelStencil
from workbench.kernels.tables import AxisTable, table_from_matrix

if TYPE_CHECKING:
    from scipy.sparse import csr_array


class Composed(LinearOperator):
    """First ``inner``, then ``outer``.

    Parameters
    ----------
    outer, inner : LinearOperator
        ``outer`` takes what ``inner`` makes.
    """

    def __init__(self, outer: LinearOperator, inner: LinearOperator) -> None:
        if outer.in_shape != inner.out_shape:
            raise ShapeError(f"chain: a stage makes {inner.out_shape} and the next one takes {outer.in_shape}")
        if None not in (taken := outer.in_channels, made := inner.out_channels) and taken != made:
            raise ShapeError(f"chain: a stage makes {made} channels and the next one takes {taken}")
        placement = inner.placement.then(outer.placement)
        channels = outer.in_channels if inner.in_channels is None else inner.in_channels
        super().__init__(inner.in_shape, outer.out_shape, placement, channels)
        self.sampling = inner.sampling.then(outer.sampling)
        self.outer = outer
        self.inner = inner
        self.mixes = inner.mixes or outer.mixes

    @property
    def out_channels(self) -> int | None:
        return self.inner.out_channels if self.outer.out_channels is None else self.outer.out_channels

    def depth(self, x: npt.NDArray[Any]) -> tuple[int, ...]:
        depth = self.inner.depth(x)
        made = self.outer.out_channels if self.outer.mixes else None
        return depth if made is None else (made,)

    @cached_property
    def offset(self) -> Floats | None:  # type: ignore[override]
        """The inner b goes through the outer A; the outer b is added."""
        b = self.inner.offset
        if b is None:
            return self.outer.offset
        through = self.outer.apply(np.broadcast_to(b, self.inner.out_shape + b.shape[2:])).astype(np.float64)
        own = self.outer.offset
        if own is None:
            return through
        return through + (own[:, :, None] if own.ndim < through.ndim else own)

    @property
    def period(self) -> tuple[Period | None, Period | None]:
        first, second = self.inner.period, self.outer.period
        return (_chained(first[0], second[0]), _chained(first[1], second[1]))

    def needs(self, window: Window) -> Window:
        return self.inner.needs(self.outer.needs(window))

    def _fill(self, x: Image, origin: Origin, window: Window, out: Image, cancel: CancelToken, engine: Engine) -> None:
        between = self.outer.needs(window)
        middle = np.empty(between.shape + self.inner.depth(x), x.dtype)
        self.inner._fill(x, origin, between, middle, cancel, engine)
        self.outer._fill(middle, (between.top, between.left), window, out, cancel, engine)

    def adjoint(self, y: npt.NDArray[Any]) -> Image:
        return self.inner.adjoint(self.outer.adjoint(y))

    def row(self, i: int, j: int, channel: int = 0) -> Stencil:
        outer = self.outer.row(i, j, channel)
        depth = (self.in_channels or 1) if self.mixes else None
        return _weighted(outer, self.inner.row, channel, self.in_shape, depth)

    def column(self, i: int, j: int, channel: int = 0) -> Stencil:
        inner = self.inner.column(i, j, channel)
        depth = (self.out_channels or 1) if self.mixes else None
        return _weighted(inner, self.outer.column, channel, self.out_shape, depth)

    def axes(self) -> tuple[AxisTable, AxisTable] | None:
        inner, outer = self.inner.axes(), self.outer.axes()
        if inner is None or outer is None:
            return None
        rows, cols = (table_from_matrix(outer[axis].matrix @ inner[axis].matrix) for axis in (0, 1))
        return rows, cols

    def _stencil(self, image: Image, channel: int) -> Stencil:
        stage = self.inner if self.inner.mixes else self.outer
        return stage._stencil(image, channel) if self.mixes else super()._stencil(image, channel)

    def sparse(self, channel: int = 0) -> csr_array:
        from scipy.sparse import csr_array  # lazy: its import takes longer than a window

        if self.mixes:
            return super().sparse(channel)
        return csr_array(self.outer.sparse(channel) @ self.inner.sparse(channel))


def _weighted(
    by: Stencil, part: Callable[[int, int, int], Stencil], channel: int, shape: Shape, count: int | None
) -> Stencil:
    """The stencils of all entries of one, each times its weight, added up; ``count`` channels, None if none meet."""
    channels = by.channels if isinstance(by, ChannelStencil) else np.full(len(by), channel)
    parts = [part(int(r), int(c), int(depth)) for r, c, depth in zip(by.rows, by.cols, channels, strict=True)]
    nothing = np.zeros(0, np.intp)
    weights = np.concatenate([np.zeros(0), *(one.weights * by.weights[k] for k, one in enumerate(parts))])
    rows = np.concatenate([nothing, *(one.rows for one in parts)])
    cols = np.concatenate([nothing, *(one.cols for one in parts)])
    if count is None:
        return Stencil.collect(rows, cols, weights, shape)
    depths = [
        one.channels if isinstance(one, ChannelStencil) else np.full(len(one), depth)
        for one, depth in zip(parts, channels, strict=True)
    ]
    return ChannelStencil.of(rows, cols, np.concatenate([nothing, *depths]), weights, shape, count)


def _chained(inner: Period | None, outer: Period | None) -> Period | None:
    """Period of a chain: the inner outputs of its period must be whole numbers of outer inputs."""
    if inner is None or outer is None:
        return None
    common = np.lcm(inner[0], outer[1])
    return (int(common // outer[1] * outer[0]), int(common // inner[0] * inner[1]))
