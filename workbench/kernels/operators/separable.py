"""``Y = A_v X A_hᵀ``: every resize, and every pooling whose divisor is a product of the axes.

Source: Y[i, j] = Σ_r Σ_c A_v[i, r] · A_h[j, c] · X[r, c]; the row of (i, j) is the outer product of two short rows.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Window
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines import Engine
from workbench.kernels.operators.base import LinearOperator, Origin, Period, Stencil, Taps
from workbench.kernels.operators.products import product, product_taps
from workbench.kernels.placement import Placement
from workbench.kernels.tables import AxisTable

if TYPE_CHECKING:
    from scipy.sparse import csr_array


class Separable(LinearOperator):
    """A product of two axes.

    Parameters
    ----------
    rows, cols : AxisTable
        The vertical and the horizontal axis.
    placement : Placement, optional
        Default: the output covers the input.
    """

    def __init__(self, rows: AxisTable, cols: AxisTable, placement: Placement | None = None) -> None:
        step = (rows.n_in / max(rows.n_out, 1), cols.n_in / max(cols.n_out, 1))
        super().__init__((rows.n_in, cols.n_in), (rows.n_out, cols.n_out), placement or Placement(step))
        self.rows = rows
        self.cols = cols

    @property
    def period(self) -> tuple[Period | None, Period | None]:
        return (self.rows.period, self.cols.period)

    def _reads(self, window: Window) -> Window:
        """What the window reads; beyond the image where an axis wraps."""
        top, bottom = self.rows.reads(window.top, window.bottom)
        left, right = self.cols.reads(window.left, window.right)
        return Window(top, left, bottom, right)

    def needs(self, window: Window) -> Window:
        reads, full = self._reads(window), Window.of(self.in_shape)
        if full.contains(reads):
            return reads
        rows = (reads.top, reads.bottom) if reads.top >= 0 and reads.bottom <= full.bottom else (0, full.bottom)
        cols = (reads.left, reads.right) if reads.left >= 0 and reads.right <= full.right else (0, full.right)
        return Window(rows[0], cols[0], rows[1], cols[1])

    def _fill(self, x: Image, origin: Origin, window: Window, out: Image, cancel: CancelToken, engine: Engine) -> None:
        reads = self._reads(window)
        if Window.of(self.in_shape).contains(reads):
            patch = x[reads.shifted(-origin[0], -origin[1]).slices]
        else:  # an axis wraps; then the patch holds the whole of it
            down = np.arange(reads.top, reads.bottom) % self.in_shape[0] - origin[0]
            across = np.arange(reads.left, reads.right) % self.in_shape[1] - origin[1]
            patch = x[down[:, None], across]
        rows = self.rows.part(window.top, window.bottom, reads.top, reads.height)
        cols = self.cols.part(window.left, window.right, reads.left, reads.width)
        engine.separable(patch, rows, cols, out, cancel, (window.top, window.left))

    def adjoint(self, y: npt.NDArray[Any]) -> Image:
        values = self._checked(y, self.out_shape).astype(np.float64)
        down = _times(self.rows.matrix.T, values)
        return _times(self.cols.matrix.T, down.swapaxes(0, 1)).swapaxes(0, 1)

    def row(self, i: int, j: int, channel: int = 0) -> Stencil:
        return product(self.rows.row(i), self.cols.row(j), self.in_shape, self._sure)

    def column(self, i: int, j: int, channel: int = 0) -> Stencil:
        return product(self.rows.column(i), self.cols.column(j), self.out_shape, self._sure)

    @cached_property
    def _sure(self) -> bool:
        return self.rows.sturdy and self.cols.sturdy

    def taps(self, i: int, j: int, channel: int = 0) -> Taps:
        return product_taps(self.rows.line_taps(i), self.cols.line_taps(j))

    def row_sums(self) -> Image:
        return np.multiply.outer(self.rows.row_sums, self.cols.row_sums)

    def sparse(self, channel: int = 0) -> csr_array:
        from scipy.sparse import csr_array, kron  # lazy: its import takes longer than a window

        return csr_array(kron(self.rows.matrix, self.cols.matrix, format="csr"))

    def axes(self) -> tuple[AxisTable, AxisTable] | None:
        return self.rows, self.cols


def _times(matrix: Any, x: Image) -> Image:
    """A sparse matrix along the first axis of an array with two or three."""
    flat = matrix @ np.ascontiguousarray(x).reshape(x.shape[0], -1)
    return np.asarray(flat).reshape(matrix.shape[0], *x.shape[1:])
