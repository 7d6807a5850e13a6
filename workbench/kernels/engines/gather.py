"""The reference engine: one tap after the other, in the order of the table. Obvious, and exact with NaN and infinities.

Each output is a plain sum in a fixed order, so that its value depends neither on the window nor on its neighbours.
"""

from __future__ import annotations

import numpy as np

from workbench.kernels.arrays import Image
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines.base import Engine
from workbench.kernels.tables import AxisTable, StencilJob

_BAND = 1 << 20
"""Elements of a band of rows: what is computed between two looks at the cancel token."""


class GatherEngine(Engine):
    """Sums tap by tap with numpy's elementwise arithmetic."""

    name = "gather"

    def separable(
        self,
        patch: Image,
        rows: AxisTable,
        cols: AxisTable,
        out: Image,
        cancel: CancelToken,
        origin: tuple[int, int],
    ) -> None:
        band = max(1, _BAND // max(1, out[0].size))
        for first in range(0, rows.n_out, band):
            cancel.check()
            last = min(first + band, rows.n_out)
            low, high = rows.reads(first, last)
            across = _along(patch[low:high].swapaxes(0, 1), cols).swapaxes(0, 1)
            out[first:last] = _along(across, rows.part(first, last, low, high - low))
            cancel.progress(last / rows.n_out)

    def stencil(self, job: StencilJob, out: Image, cancel: CancelToken) -> None:
        table, job = job.table, job.padded((out.shape[0], out.shape[1]))
        for phase, (dy, dx, weights) in table.phases.items():
            cancel.check()
            starts, reads = [], []
            for axis in (0, 1):
                p, q = table.step_out[axis], table.step_in[axis]
                start = (phase[axis] - job.origin[axis]) % p
                m = (job.origin[axis] + start - phase[axis]) // p
                starts.append(slice(start, None, p))
                reads.append((m * q - job.patch_origin[axis], q))
            target = out[starts[0], starts[1]]
            height, width = target.shape[:2]
            if height == 0 or width == 0:
                continue
            target[...] = 0
            for y, x, weight in zip(dy, dx, weights, strict=True):
                (top, qy), (left, qx) = reads
                block = job.patch[
                    top + y : top + y + (height - 1) * qy + 1 : qy,
                    left + x : left + x + (width - 1) * qx + 1 : qx,
                ]
                with np.errstate(invalid="ignore", over="ignore"):  # +inf that meets −inf is NaN, as it should be
                    target += out.dtype.type(weight) * block


def _along(x: Image, table: AxisTable) -> Image:
    """Apply a table along the first axis."""
    weights = table.weights_as(x.dtype)
    shape = (table.n_out,) + (1,) * (x.ndim - 1)
    finite = bool(np.isfinite(x).all())
    total = np.zeros((table.n_out, *x.shape[1:]), x.dtype)
    for k in range(table.taps):
        weight = weights[:, k].reshape(shape)
        with np.errstate(invalid="ignore", over="ignore"):
            term = weight * x[table.start + k]
        if not finite:
            term = np.where(weight == 0, x.dtype.type(0), term)
        with np.errstate(invalid="ignore", over="ignore"):
            total += term
    return total
