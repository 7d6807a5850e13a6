"""Rows, columns and taps of a product of two axes, from one line of each.

Source: the row of (i, j) of ``A_v X A_hᵀ`` is the outer product of row i of A_v and row j of A_h. Written for speed: a
pointer asks for one with every pixel it crosses.
"""

from __future__ import annotations

import numpy as np

from workbench.kernels.lines import Line
from workbench.kernels.operators.base import Floats, Ints, Stencil, TapFlag, Taps
from workbench.kernels.tables import LineTaps

_LONG = 600
"""Entries from which copying is faster than looking up."""

_KEPT = 8192
"""Entries up to which the layout of a product is remembered."""

_FLAGS = np.array([TapFlag.ZERO, TapFlag.USED, TapFlag.LOST, TapFlag.ZERO], object)
"""By 2·(outside) + (weight is not 0). Outside, a tap without weight was dropped; one that kept it meets a zero."""


def product(down: Line, across: Line, shape: tuple[int, int], sure: bool = False) -> Stencil:
    """The stencil of a line of each axis; ``sure`` if no product of two weights can underflow."""
    size = len(down[0]), len(across[0])
    weights: Floats = down[1][:, None].dot(across[1][None]).reshape(-1)
    if len(weights) < _LONG:
        first, second = _layouts.get(size) or layout(*size)
        rows, cols = down[0][first], across[0][second]
    else:
        rows, table = down[0].repeat(size[1]), np.empty(size, np.intp)
        table[:] = across[0]
        cols = table.reshape(-1)
    if sure or np.count_nonzero(weights) == len(weights):
        return Stencil(rows, cols, weights, shape)
    return Stencil.collect(rows, cols, weights, shape)


def product_taps(down: LineTaps, across: LineTaps) -> Taps:
    """The taps of a line of each axis."""
    first, second = layout(len(down.weights), len(across.weights))
    weights = outer(down.weights, across.weights)
    rows, cols = down.virtual[first], across.virtual[second]
    if down.plain and across.plain:
        return Taps(rows, cols, weights, rows, cols, (TapFlag.USED,) * len(weights))
    real_rows, real_cols = down.real[first], across.real[second]
    outside = (real_rows < 0) | (real_cols < 0)
    used = weights != 0
    if np.count_nonzero(outside):
        real_rows[outside] = -1
        real_cols[outside] = -1
    elif np.count_nonzero(used) == len(used):
        return Taps(rows, cols, weights, real_rows, real_cols, (TapFlag.USED,) * len(weights))
    return Taps(rows, cols, weights, real_rows, real_cols, tuple(_FLAGS[2 * outside + used].tolist()))


def outer(down: Floats, across: Floats) -> Floats:
    """All products of two lines, row by row: matrices of one column and one row are multiplied fastest."""
    made: Floats = down[:, None].dot(across[None]).reshape(-1)
    return made


def layout(rows: int, cols: int) -> tuple[Ints, Ints]:
    """The place on either line of each entry of a product."""
    found = _layouts.get((rows, cols))
    if found is None:
        found = np.repeat(np.arange(rows), cols), np.tile(np.arange(cols), rows)
        if rows * cols <= _KEPT:
            if len(_layouts) >= _MANY:
                _layouts.clear()
            _layouts[rows, cols] = found
    return found


_layouts: dict[tuple[int, int], tuple[Ints, Ints]] = {}
_MANY = 512
