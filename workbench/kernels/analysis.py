"""Artefacts read from the operator itself: no picture is needed.

Source: checkerboard index CI = std of the row sums over the phases ÷ |their mean|, fraction κ = CI² / (1 + CI²): the
share of the response to a flat image that is grid (0: flat stays flat).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from workbench.kernels.errors import WorkbenchError
from workbench.kernels.method import Method, SourceSpec

_BENCH_PERIODS = 3
_NEGLIGIBLE = 1e-6
"""Sums of float32 weights that differ by this much are no ripple."""


def phase_sums(method: Method) -> npt.NDArray[np.float64] | None:
    """Row sums of one period in the interior, by phase (y, x); None if the method has no period.

    Measured on a bench shape large enough to have an interior, not on anybody's picture.
    """
    for side in (16, 64, 256):
        try:
            operator = method.operator(SourceSpec((side, side)))
        except WorkbenchError:
            return None
        rows, cols = operator.period
        if rows is None or cols is None:
            return None
        first = [m // 2 // p[0] * p[0] for m, p in zip(operator.out_shape, (rows, cols), strict=True)]
        fits = all(_BENCH_PERIODS * p[0] <= m for m, p in zip(operator.out_shape, (rows, cols), strict=True))
        middle = operator.row(first[0], first[1])
        away = bool(len(middle)) and min(middle.rows.min(), middle.cols.min()) > 0
        if fits and away and max(middle.rows.max(), middle.cols.max()) < side - 1:
            return np.array(
                [[operator.row(first[0] + p, first[1] + q).total for q in range(cols[0])] for p in range(rows[0])]
            )
    return None


def checkerboard(method: Method) -> float | None:
    """κ, the share of the flat response that is grid, 0 … 1; None if the method has no period."""
    sums = phase_sums(method)
    if sums is None or sums.mean() == 0:
        return None
    index = float(sums.std() / abs(sums.mean()))
    return 0.0 if index < _NEGLIGIBLE else index**2 / (1 + index**2)
