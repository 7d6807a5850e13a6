"""The matrix A as something to look at: which rows and columns to draw, read from the operator a row at a time.

Convention
    Pixels of both planes are flattened in row-major order: matrix row ``i·W + j`` is output (i, j), matrix column
    ``i·w + j`` is source (i, j). The whole matrix is never built; rows are asked for as they are drawn.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Pixel, Shape, plane
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.stencil_conv import Convolution, StencilOperator, TransposedConvolution

Ints = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]
Mode = Literal["cells", "dots", "window"]

CELLS = 64
"""Largest number of rows and of columns that are drawn as cells."""
DOTS = 4096
"""Largest number of rows and of columns that are drawn as dots; beyond, only a window of the band is shown."""
_KEPT_ROWS = 8192
_WINDOW_ROWS = 12
_WINDOW_COLUMNS = 24


def mode_of(operator: LinearOperator) -> Mode:
    """How a matrix of this size is drawn: all its cells, all its non-zeros as dots, or a window around the probe."""
    side = max(count(operator.out_shape), count(operator.in_shape))
    return "cells" if side <= CELLS else "dots" if side <= DOTS else "window"


def count(shape: Shape) -> int:
    """Pixels of a plane."""
    return shape[0] * shape[1]


def flat(pixel: Pixel, shape: Shape) -> int:
    """A pixel's place in the flattened plane."""
    return pixel[0] * shape[1] + pixel[1]


def unflat(index: int, shape: Shape) -> Pixel:
    """The pixel at a place of the flattened plane."""
    return Pixel(index // shape[1], index % shape[1])


@dataclass(frozen=True, slots=True, eq=False)
class Excerpt:
    """The rows and columns of a matrix that a drawing shows.

    Parameters
    ----------
    rows, cols : (n,) int
        Flattened indices, rising; where they jump, the drawing shows a break.
    left_out : int
        Columns that reach these rows and are not shown, because they are too many.
    """

    rows: Ints
    cols: Ints
    left_out: int = 0


class MatrixReader:
    """Reads a matrix row by row and remembers what it read.

    Parameters
    ----------
    operator : LinearOperator
    channel : int
        Which channel's matrix, where each has one of its own.
    """

    def __init__(self, operator: LinearOperator, channel: int = 0) -> None:
        self.operator = operator
        self.channel = channel
        self._rows: OrderedDict[int, tuple[Ints, Floats]] = OrderedDict()

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the matrix."""
        return (count(self.operator.out_shape), count(self.operator.in_shape))

    def row(self, index: int) -> tuple[Ints, Floats]:
        """The columns that are not zero in a row, rising, and their weights."""
        known = self._rows.get(index)
        if known is None:
            pixel = unflat(index, self.operator.out_shape)
            stencil = self.operator.row(pixel.row, pixel.col, self.channel)
            known = (stencil.rows * self.operator.in_shape[1] + stencil.cols, stencil.weights)
            self._rows[index] = known
            if len(self._rows) > _KEPT_ROWS:
                self._rows.popitem(last=False)
        return known

    def column(self, index: int) -> tuple[Ints, Floats]:
        """The rows that a column reaches, rising, and their weights."""
        pixel = unflat(index, self.operator.in_shape)
        stencil = self.operator.column(pixel.row, pixel.col, self.channel)
        return (stencil.rows * self.operator.out_shape[1] + stencil.cols, stencil.weights)

    def weight(self, row: int, col: int) -> float:
        """A[row, col]."""
        cols, weights = self.row(row)
        at = int(np.searchsorted(cols, col))
        return float(weights[at]) if at < len(cols) and cols[at] == col else 0.0

    def block(self, rows: Ints, cols: Ints) -> Floats:
        """The weights of some rows and columns, both rising, as a dense (len(rows), len(cols)) table."""
        table = np.zeros((len(rows), len(cols)))
        for k, index in enumerate(rows):
            found, weights = self.row(int(index))
            at = np.searchsorted(cols, found)
            inside = at < len(cols)
            inside[inside] = cols[at[inside]] == found[inside]
            table[k, at[inside]] = weights[inside]
        return table

    def strongest_column(self, row: int, values: Image) -> int | None:
        """The source that gives a row its largest term, |weight × value|; the largest weight decides among equals."""
        cols, weights = self.row(row)
        if not len(cols):
            return None
        x = plane(values, min(self.channel, 0 if values.ndim == 2 else values.shape[2] - 1)).ravel()[cols]
        size = np.abs(np.nan_to_num(weights * x))
        return int(cols[np.lexsort((-np.abs(weights), -size))[0]])

    def excerpt(self, row: int | None, col: int | None) -> Excerpt:
        """The rows and columns to draw around a lit row or column.

        Small matrices are shown whole. Of a huge one: the neighbours of the row in its line of the output, or the
        rows that the column reaches, and every column that has a weight in them.
        """
        n, m = self.shape
        if mode_of(self.operator) != "window":
            return Excerpt(np.arange(n), np.arange(m))
        if row is None and col is not None:
            reached = self.column(col)[0]
            middle = max(0, (len(reached) - CELLS) // 2)
            return self._with_columns(reached[middle : middle + CELLS], col, CELLS)
        row = n // 2 if row is None else row
        width = self.operator.out_shape[1]
        line = row // width * width
        for reach in range(_WINDOW_ROWS, 0, -1):
            first = max(line, min(row - reach // 2, line + width - reach))
            rows = np.arange(first, min(first + reach, line + width))
            shown = self._with_columns(rows, col, _WINDOW_COLUMNS)
            if not shown.left_out:
                return shown
        return self._with_columns(np.array([row]), col, CELLS)

    def _with_columns(self, rows: Ints, col: int | None, limit: int) -> Excerpt:
        """The columns with a weight in some rows; the strongest ones where they are too many."""
        parts = [self.row(int(index)) for index in rows]
        cols = np.concatenate([part[0] for part in parts]) if parts else np.zeros(0, np.intp)
        weights = np.abs(np.concatenate([part[1] for part in parts])) if parts else np.zeros(0)
        known, where = np.unique(cols, return_inverse=True)
        left_out = max(0, len(known) - limit)
        if left_out:
            strength = np.bincount(where, weights)
            known = np.sort(known[np.argsort(-strength, kind="stable")[:limit]])
        if not len(known):
            # Rows without a source: show where it would be looked for.
            pixel = unflat(int(rows[len(rows) // 2]), self.operator.out_shape)
            y, x = self.operator.placement.centre(pixel)
            height, width = self.operator.in_shape
            line, middle = min(max(int(y), 0), height - 1) * width, min(max(int(x), 0), width - 1)
            known = line + np.arange(max(0, middle - 1), min(width, middle + 2))
        if col is not None and col not in known:
            known = np.sort(np.append(known, col))
        return Excerpt(rows, known.astype(np.intp), left_out)


def tap_between(operator: LinearOperator, output: Pixel, source: Pixel) -> Pixel | None:
    """The tap of the kernel through which a source reaches an output; None without a kernel or without a way."""
    if not isinstance(operator, StencilOperator):
        return None
    if isinstance(operator, TransposedConvolution):
        large, small = output, source
    elif isinstance(operator, Convolution):
        large, small = source, output
    else:
        return None
    tap = []
    for axis in (0, 1):
        way = large[axis] + operator.padding[axis] - small[axis] * operator.stride[axis]
        index, rest = divmod(way, operator.dilation[axis])
        if rest or not 0 <= index < operator.kernel.shape[axis]:
            return None
        tap.append(index)
    return Pixel(tap[0], tap[1])


def flattened(values: Image, channel: int) -> Floats:
    """One channel of a picture as the vector that the matrix multiplies."""
    return np.asarray(plane(values, channel).ravel(), np.float64)
