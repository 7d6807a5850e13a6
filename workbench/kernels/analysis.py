"""Artefacts read from the operator itself: no picture is needed.

Source: checkerboard index CI = std of the row sums over the phases ÷ |their mean|, fraction κ = CI² / (1 + CI²): the
share of the response to a flat image that is grid (0: flat stays flat). Variance index VCI = the same ratio of the sums
of squares: white noise of deviation σ leaves a phase with σ √Σw², so grain gets a grid where they differ.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from workbench.kernels.errors import WorkbenchError
from workbench.kernels.method import Method, SourceSpec
from workbench.kernels.operators.base import Stencil

_BENCH_PERIODS = 3
_NEGLIGIBLE = 1e-6
"""Sums of float32 weights that differ by this much are no ripple."""


def phase_sums(method: Method) -> npt.NDArray[np.float64] | None:
    """Row sums of one period in the interior, by phase (y, x); None if the method has no period.

    Measured on a bench shape large enough to have an interior, not on anybody's picture.
    """
    cell = _phase_rows(method)
    return None if cell is None else np.array([[row.total for row in line] for line in cell])


def _phase_rows(method: Method) -> list[list[Stencil]] | None:
    """The rows of one period in the interior; None if the method has no period."""
    for side in (16, 64, 256):
        try:
            operator = method.operator(SourceSpec((side, side)))
        except WorkbenchError:
            return None
        rows, cols = operator.period
        if rows is None or cols is None:
            return None
        if any(_BENCH_PERIODS * p[0] > m for m, p in zip(operator.out_shape, (rows, cols), strict=True)):
            continue
        top, left = (m // 2 // p[0] * p[0] for m, p in zip(operator.out_shape, (rows, cols), strict=True))
        cell = [[operator.row(top + p, left + q) for q in range(cols[0])] for p in range(rows[0])]
        if _inside(cell, side):
            return cell
    return None


def _inside(cell: list[list[Stencil]], side: int) -> bool:
    """Whether the rows of one period stay clear of the border; one that has no source at all may stand among them."""
    filled = [row for line in cell for row in line if len(row)]
    return bool(filled) and all(
        min(row.rows.min(), row.cols.min()) > 0 and max(row.rows.max(), row.cols.max()) < side - 1 for row in filled
    )


def checkerboard(method: Method) -> float | None:
    """κ, the share of the flat response that is grid, 0 … 1; None if the method has no period."""
    sums = phase_sums(method)
    if sums is None or sums.mean() == 0:
        return None
    index = _ripple(sums)
    return index**2 / (1 + index**2)


def variance_checkerboard(method: Method) -> float | None:
    """VCI, how much the noise gain differs between the phases: 0 where grain stays even; None without a period."""
    cell = _phase_rows(method)
    if cell is None:
        return None
    gains = np.array([[np.square(row.weights).sum() for row in line] for line in cell])
    return _ripple(gains) if gains.mean() > 0 else None


def _ripple(phases: npt.NDArray[np.float64]) -> float:
    """Standard deviation over the phases ÷ |their mean|; 0 where only rounding is left."""
    index = float(phases.std() / abs(phases.mean()))
    return 0.0 if index < _NEGLIGIBLE else index
