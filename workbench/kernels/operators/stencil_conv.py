"""Convolution and transposed convolution with any two-dimensional kernel: each the adjoint of the other.

Source: Dumoulin & Visin, A guide to convolution arithmetic for deep learning (2016); cross-correlation, no flip.

Convention
    Convolution ``y[i] = Σ_a w[a] x[i·s + a·d − p]``; transposed ``y[i·s + a·d − p] += w[a] x[i]``. Both planes count
    pixels from 0; padding crops the output of a transposed convolution.
"""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Shape, Window
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines import Engine, GatherEngine
from workbench.kernels.operators.base import Floats, Ints, LinearOperator, Origin, Period, Stencil, TapFlag, Taps
from workbench.kernels.params import Pair
from workbench.kernels.placement import Placement
from workbench.kernels.tables import AxisTable, StencilJob, StencilTable, table_from_matrix

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Kernel = npt.NDArray[np.float64]


class StencilOperator(LinearOperator):
    """What both share: a kernel that repeats with the phase, over an image surrounded by zeros."""

    def __init__(
        self, in_shape: Shape, out_shape: Shape, kernel: Kernel, stride: Pair, padding: Pair, dilation: Pair,
        placement: Placement,
    ) -> None:  # fmt: skip
        super().__init__(in_shape, out_shape, placement)
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.table = self._table()

    @property
    def _middle(self) -> tuple[float, float]:
        """How far the middle of the kernel is from its first tap, padding taken off."""
        (height, width), (dy, dx), (py, px) = self.kernel.shape, self.dilation, self.padding
        return (dy * (height - 1) / 2 - py, dx * (width - 1) / 2 - px)

    @property
    @abstractmethod
    def transposed(self) -> StencilOperator:
        """The transpose as an operator, at least as large."""

    @abstractmethod
    def _table(self) -> StencilTable:
        """The kernel, sorted by phase."""

    def _virtual(self, window: Window) -> Window:
        """Inputs that a window reads, those beyond the image included."""
        bounds = []
        for axis, (first, last) in enumerate(((window.top, window.bottom - 1), (window.left, window.right - 1))):
            p, q = self.table.step_out[axis], self.table.step_in[axis]
            low, high = self.table.reach[axis]
            bounds.append((first // p * q + low, last // p * q + high + 1))
        (top, bottom), (left, right) = bounds
        return Window(top, left, bottom, right)

    def needs(self, window: Window) -> Window:
        inside = self._virtual(window).intersect(Window.of(self.in_shape))
        if not inside.is_empty:
            return inside
        top = min(max(inside.top, 0), self.in_shape[0] - 1)
        left = min(max(inside.left, 0), self.in_shape[1] - 1)
        return Window(top, left, top + 1, left + 1)

    def _fill(self, x: Image, origin: Origin, window: Window, out: Image, cancel: CancelToken, engine: Engine) -> None:
        inside = self.needs(window)
        patch = x[inside.shifted(-origin[0], -origin[1]).slices]
        engine.stencil(StencilJob(self.table, patch, (inside.top, inside.left), (window.top, window.left)), out, cancel)

    def axes(self) -> tuple[AxisTable, AxisTable] | None:
        lines = separated(self.kernel)
        if lines is None:
            return None
        rows, cols = (table_from_matrix(self._line(axis, lines[axis])) for axis in (0, 1))
        return rows, cols

    @abstractmethod
    def _line(self, axis: int, kernel: Kernel) -> csr_array:
        """One axis as a sparse out × in matrix, for the kernel's factor on it."""

    @cached_property
    def _read_only(self) -> dict[tuple[int, int], tuple[Ints, Ints, Floats]]:
        """The phases as anybody may hold them."""
        views = {phase: tuple(array.view() for array in entry) for phase, entry in self.table.phases.items()}
        for array in (array for entry in views.values() for array in entry):
            array.flags.writeable = False
        return views  # type: ignore[return-value]

    @cached_property
    def _limits(self) -> tuple[int, int, int, int, int, int, int, int]:
        """Steps, and for which inputs m·Q all taps lie inside: first and last row, first and last column."""
        (py, px), (qy, qx) = self.table.step_out, self.table.step_in
        (low_y, high_y), (low_x, high_x) = self.table.reach
        height, width = self.in_shape
        return py, px, qy, qx, -low_y, height - 1 - high_y, -low_x, width - 1 - high_x

    def _base(self, i: int, j: int) -> tuple[int, int, tuple[int, int], bool]:
        """The input that output (i, j) counts its taps from, its phase, and whether all taps lie inside."""
        py, px, qy, qx, top, bottom, left, right = self._limits
        y, x = i // py * qy, j // px * qx
        return y, x, (i % py, j % px), top <= y <= bottom and left <= x <= right

    def _inside(self, rows: Ints, cols: Ints) -> npt.NDArray[np.bool_]:
        # As whole numbers without a sign, those below 0 are large.
        height, width = self.in_shape
        return (rows.view(np.uintp) < height) & (cols.view(np.uintp) < width)

    def row(self, i: int, j: int, channel: int = 0) -> Stencil:
        y, x, phase, all_inside = self._base(i, j)
        down, across, weights = self._read_only[phase]
        rows, cols = down + y, across + x
        if all_inside:
            return Stencil(rows, cols, weights, self.in_shape)
        keep = self._inside(rows, cols)
        return Stencil(rows[keep], cols[keep], weights[keep], self.in_shape)

    def taps(self, i: int, j: int, channel: int = 0) -> Taps:
        y, x, phase, all_inside = self._base(i, j)
        down, across, weights = self._read_only[phase]
        rows, cols = down + y, across + x
        if all_inside:
            return Taps(rows, cols, weights, rows, cols, (TapFlag.USED,) * len(weights))
        inside = self._inside(rows, cols)
        return Taps(rows, cols, weights, np.where(inside, rows, -1), np.where(inside, cols, -1), flags_of(inside))


def flags_of(used: npt.NDArray[np.bool_]) -> tuple[TapFlag, ...]:
    """Used, or a zero."""
    return tuple(_FLAGS[used.view(np.uint8)].tolist())


_FLAGS = np.array([TapFlag.ZERO, TapFlag.USED], object)


class Convolution(StencilOperator):
    """A strided convolution of a zero-padded image.

    Parameters
    ----------
    in_shape : (int, int)
    kernel : (kh, kw) float64
    stride, padding, dilation : (int, int)
        Per axis (y, x).
    padding_end : (int, int), optional
        Zeros after the last row and column; by default as before the first.

    Raises
    ------
    ShapeError
        If the kernel is larger than the padded image.
    """

    def __init__(
        self,
        in_shape: Shape,
        kernel: Kernel,
        stride: Pair = (1, 1),
        padding: Pair = (0, 0),
        dilation: Pair = (1, 1),
        padding_end: Pair | None = None,
    ) -> None:
        size = [
            (n + p + q - d * (k - 1) - 1) // s + 1
            for n, k, s, p, q, d in zip(
                in_shape, kernel.shape, stride, padding, padding_end or padding, dilation, strict=True
            )
        ]
        placement = Placement((float(stride[0]), float(stride[1])))
        super().__init__(in_shape, (size[0], size[1]), kernel, stride, padding, dilation, placement)
        # The middle of the kernel, wherever its weights lie: o·s − p + d(k−1)/2.
        self.sampling = Placement.sampling(placement.step, self._middle)

    @property
    def period(self) -> tuple[Period | None, Period | None]:
        return ((1, self.stride[0]), (1, self.stride[1]))

    def _table(self) -> StencilTable:
        a, b = np.nonzero(self.kernel)
        dy, dx = a * self.dilation[0] - self.padding[0], b * self.dilation[1] - self.padding[1]
        return StencilTable((1, 1), self.stride, {(0, 0): (dy, dx, self.kernel[a, b])})

    def _line(self, axis: int, kernel: Kernel) -> csr_array:
        size = (self.out_shape[axis], self.in_shape[axis])
        return line_matrix(size, kernel, self.stride[axis], self.padding[axis], self.dilation[axis])

    @cached_property
    def transposed(self) -> TransposedConvolution:
        """The transpose as an operator, at least as large."""
        natural = [
            (m - 1) * s - 2 * p + d * (k - 1) + 1
            for m, k, s, p, d in zip(
                self.out_shape, self.kernel.shape, self.stride, self.padding, self.dilation, strict=True
            )
        ]
        extra = (self.in_shape[0] - natural[0], self.in_shape[1] - natural[1])
        return TransposedConvolution(self.out_shape, self.kernel, self.stride, self.padding, self.dilation, extra)

    def adjoint(self, y: npt.NDArray[Any]) -> Image:
        values = self._checked(y, self.out_shape).astype(np.float64)
        return self.transposed.apply(values, engine=GatherEngine())

    def column(self, i: int, j: int, channel: int = 0) -> Stencil:
        return self.transposed.row(i, j)


class TransposedConvolution(StencilOperator):
    """The transpose of a strided convolution: each input pixel adds a stamp of the kernel.

    Parameters
    ----------
    in_shape : (int, int)
    kernel : (kh, kw) float64
    stride, padding, dilation, output_padding : (int, int)
        Per axis (y, x); padding crops both sides, output padding un-crops the far side.
    padding_end : (int, int), optional
        What is cropped at the far side; by default as at the near one.

    Raises
    ------
    ShapeError
        If no output pixel is left.
    """

    def __init__(
        self, in_shape: Shape, kernel: Kernel, stride: Pair = (1, 1), padding: Pair = (0, 0), dilation: Pair = (1, 1),
        output_padding: Pair = (0, 0), padding_end: Pair | None = None,
    ) -> None:  # fmt: skip
        self.padding_end = padding_end or padding
        size = [
            (n - 1) * s - p - q + d * (k - 1) + 1 + op
            for n, k, s, p, q, d, op in zip(
                in_shape, kernel.shape, stride, padding, self.padding_end, dilation, output_padding, strict=True
            )
        ]
        placement = Placement((1 / stride[0], 1 / stride[1]))
        super().__init__(in_shape, (size[0], size[1]), kernel, stride, padding, dilation, placement)
        # The middle of a stamp is its input pixel: output o samples at (o + p − d(k−1)/2) / s.
        down, across = self._middle
        self.sampling = Placement.sampling(placement.step, (-down / stride[0], -across / stride[1]))

    @property
    def period(self) -> tuple[Period | None, Period | None]:
        return ((self.stride[0], 1), (self.stride[1], 1))

    def _table(self) -> StencilTable:
        a, b = np.nonzero(self.kernel)
        # Output o takes tap a from input (o + p − a·d) / s where that is whole: with o = m·s + φ, input m + δ.
        (sy, sx), (dy, dx), (py, px) = self.stride, self.dilation, self.padding
        phases = {}
        for phase_y in range(sy):
            for phase_x in range(sx):
                y, x = phase_y + py - a * dy, phase_x + px - b * dx
                # The last taps meet the first inputs: turned around they stand in row-major order.
                meets = np.flatnonzero((y % sy == 0) & (x % sx == 0))[::-1]
                phases[phase_y, phase_x] = (y[meets] // sy, x[meets] // sx, self.kernel[a[meets], b[meets]])
        return StencilTable(self.stride, (1, 1), phases)

    def _line(self, axis: int, kernel: Kernel) -> csr_array:
        size = (self.in_shape[axis], self.out_shape[axis])
        return line_matrix(size, kernel, self.stride[axis], self.padding[axis], self.dilation[axis]).T.tocsr()

    def adjoint(self, y: npt.NDArray[Any]) -> Image:
        values = self._checked(y, self.out_shape).astype(np.float64)
        return self.transposed.apply(values, Window.of(self.in_shape), engine=GatherEngine())

    @cached_property
    def transposed(self) -> Convolution:
        """The transpose as an operator, at least as large."""
        return Convolution(self.out_shape, self.kernel, self.stride, self.padding, self.dilation, self.padding_end)

    def column(self, i: int, j: int, channel: int = 0) -> Stencil:
        return self.transposed.row(i, j)


def line_matrix(size: tuple[int, int], kernel: Kernel, stride: int, padding: int, dilation: int) -> csr_array:
    """A convolution along one axis as a sparse matrix: ``w[a]`` in row i, column ``i·s + a·d − p``."""
    from scipy.sparse import csr_array  # lazy: its import takes longer than a window

    i, a = np.divmod(np.arange(size[0] * len(kernel)), len(kernel))
    column = i * stride + a * dilation - padding
    keep = (column >= 0) & (column < size[1])
    return csr_array((kernel[a[keep]], (i[keep], column[keep])), shape=size)


def separated(kernel: Kernel) -> tuple[Kernel, Kernel] | None:
    """The two lines whose outer product a kernel is, to the last bits; None if it is no such product."""
    peak = np.unravel_index(np.argmax(np.abs(kernel)), kernel.shape)
    if kernel[peak] == 0:
        return None
    rows, cols = kernel[:, peak[1]], kernel[peak[0]] / kernel[peak]
    close = np.abs(np.multiply.outer(rows, cols) - kernel).max() <= 4 * np.finfo(float).eps * abs(kernel[peak])
    return (rows, cols) if close else None
