"""One operator after another: ``A = A₂ A₁``, with windows passed through the chain."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from workbench.kernels.arrays import Image, Window
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines import Engine
from workbench.kernels.errors import ShapeError
from workbench.kernels.operators.base import LinearOperator, Origin, Period, Stencil
from workbench.kernels.tables import AxisTable, table_from_matrix


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
        placement = inner.placement.then(outer.placement)
        channels = inner.channels if outer.channels is None else outer.channels
        super().__init__(inner.in_shape, outer.out_shape, placement, channels)
        self.outer = outer
        self.inner = inner

    @property
    def period(self) -> tuple[Period | None, Period | None]:
        first, second = self.inner.period, self.outer.period
        return (_chained(first[0], second[0]), _chained(first[1], second[1]))

    def needs(self, window: Window) -> Window:
        return self.inner.needs(self.outer.needs(window))

    def _fill(self, x: Image, origin: Origin, window: Window, out: Image, cancel: CancelToken, engine: Engine) -> None:
        between = self.outer.needs(window)
        middle = np.empty(between.shape + x.shape[2:], x.dtype)
        self.inner._fill(x, origin, between, middle, cancel, engine)
        self.outer._fill(middle, (between.top, between.left), window, out, cancel, engine)

    def adjoint(self, y: npt.NDArray[Any]) -> Image:
        return self.inner.adjoint(self.outer.adjoint(y))

    def row(self, i: int, j: int, channel: int = 0) -> Stencil:
        outer = self.outer.row(i, j, channel)
        parts = [self.inner.row(int(r), int(c), channel) for r, c in zip(outer.rows, outer.cols, strict=True)]
        return _weighted(parts, outer, self.in_shape)

    def column(self, i: int, j: int, channel: int = 0) -> Stencil:
        inner = self.inner.column(i, j, channel)
        parts = [self.outer.column(int(r), int(c), channel) for r, c in zip(inner.rows, inner.cols, strict=True)]
        return _weighted(parts, inner, self.out_shape)

    def axes(self) -> tuple[AxisTable, AxisTable] | None:
        inner, outer = self.inner.axes(), self.outer.axes()
        if inner is None or outer is None:
            return None
        rows, cols = (table_from_matrix(outer[axis].matrix @ inner[axis].matrix) for axis in (0, 1))
        return rows, cols

    def sparse(self, channel: int = 0) -> csr_array:
        return csr_array(self.outer.sparse(channel) @ self.inner.sparse(channel))


def _weighted(parts: list[Stencil], by: Stencil, shape: tuple[int, int]) -> Stencil:
    if not parts:
        empty = np.zeros(0, np.intp)
        return Stencil(empty, empty, np.zeros(0), shape)
    weights = [part.weights * weight for part, weight in zip(parts, by.weights, strict=True)]
    rows, cols = (np.concatenate([getattr(part, name) for part in parts]) for name in ("rows", "cols"))
    return Stencil.collect(rows, cols, np.concatenate(weights), shape)


def _chained(inner: Period | None, outer: Period | None) -> Period | None:
    """Period of a chain: the inner outputs of its period must be whole numbers of outer inputs."""
    if inner is None or outer is None:
        return None
    common = np.lcm(inner[0], outer[1])
    return (int(common // outer[1] * outer[0]), int(common // inner[0] * inner[1]))
