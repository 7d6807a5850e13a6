"""NaN and infinities in the results of engines that compute without them.

A fast engine reads what is not finite as 0 and says where it did so; here the reference engine finds which results
may not be finite, and those alone are replaced: all others keep their bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines.gather import GatherEngine
from workbench.kernels.tables import AxisTable, StencilJob

_GATHER = GatherEngine()

Span = tuple[int, int]


def patch_separable(patch: Image, rows: AxisTable, cols: AxisTable, out: Image, down: Span, across: Span) -> None:
    """Write NaN and infinities into a tile of a window, where a weight other than zero meets one."""
    (top, bottom), (left, right) = rows.reads(*down), cols.reads(*across)
    place = out[slice(*down), slice(*across)]
    exact = np.empty_like(place)
    _GATHER.separable(
        patch[top:bottom, left:right],
        rows.part(*down, top, bottom - top),
        cols.part(*across, left, right - left),
        exact,
        CancelToken(),
        (0, 0),
    )
    np.copyto(place, exact, where=~np.isfinite(exact))


def patch_stencil(job: StencilJob, out: Image, down: Span, across: Span) -> None:
    """The same for a stencil."""
    place = out[slice(*down), slice(*across)]
    exact = np.empty_like(place)
    origin = (job.origin[0] + down[0], job.origin[1] + across[0])
    with np.errstate(all="ignore"):
        _GATHER.stencil(StencilJob(job.table, job.patch, job.patch_origin, origin), exact, CancelToken())
    np.copyto(place, exact, where=~np.isfinite(exact))


def is_finite(x: npt.NDArray[Any]) -> bool:
    """Whether a contiguous block holds neither NaN nor infinity: the sum of its squares tells it fast, as long as that
    does not overflow."""
    line = x.reshape(-1)
    with np.errstate(all="ignore"):
        return bool(np.isfinite(np.dot(line, line))) or bool(np.isfinite(line).all())
