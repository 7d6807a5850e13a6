"""The default engine: numpy alone.

Where every output is a sum of a few shifted lines or pictures, these sums are made, block by block (`separated`,
`shifted`). Other separable operators become banded products of matrices, across first and then down (`banded`), and
other stencils one Toeplitz product for each phase of the output rows (`toeplitz`); tables of one tap are copied.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, channels_of
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines.banded import Banded
from workbench.kernels.engines.bands import is_band
from workbench.kernels.engines.base import Engine
from workbench.kernels.engines.gather import GatherEngine
from workbench.kernels.engines.separated import Separated
from workbench.kernels.engines.shifted import Shifted, is_shifted
from workbench.kernels.engines.tiles import PartToken, as_lines, run_tiles, write_back
from workbench.kernels.engines.toeplitz import Toeplitz
from workbench.kernels.tables import AxisTable, StencilJob

INTERLEAVED = 4
"""Channels that are computed together; pictures with more go channel by channel."""


_PICKED = 1 << 18
"""Values of a tile that is only copied."""


class BlasEngine(Engine):
    """Sums of shifted blocks and matrix products where they pay, `GatherEngine` where both would be silly."""

    name = "blas"

    def __init__(self) -> None:
        self._gather = GatherEngine()

    def separable(
        self,
        patch: Image,
        rows: AxisTable,
        cols: AxisTable,
        out: Image,
        cancel: CancelToken,
        origin: tuple[int, int],
    ) -> None:
        channels = channels_of(patch)
        together = channels if channels <= INTERLEAVED else 1
        if together < channels:
            for c in range(channels):
                part = PartToken(cancel, c, channels)
                self.separable(patch[:, :, c], rows, cols, out[:, :, c], part, origin)
        elif Separated.suits(rows, cols, channels):
            Separated(patch, rows, cols, out).run(cancel)
        elif _picks(rows) and _picks(cols):
            _pick(patch, rows, cols, out, cancel)
        elif is_band(rows.within[0]) and is_band(cols.within[0]):
            Banded(patch, rows, cols, out).run(cancel)
        else:
            self._gather.separable(patch, rows, cols, out, cancel, origin)

    def stencil(self, job: StencilJob, out: Image, cancel: CancelToken) -> None:
        channels = channels_of(out)
        together = channels if channels <= INTERLEAVED else 1
        if together < channels:
            for c in range(channels):
                plane = StencilJob(job.table, job.patch[:, :, c], job.patch_origin, job.origin)
                self.stencil(plane, out[:, :, c], PartToken(cancel, c, channels))
        elif is_shifted(job.table):
            Shifted(job, out).run(cancel)
        elif (plan := Toeplitz.of(job.table, together, out.dtype)).is_silly:
            self._gather.stencil(job, out, cancel)
        else:
            plan.run(job, out, cancel)


def _picks(table: AxisTable) -> bool:
    """Whether every output is one input times a weight; not 0, which would have to hide NaN, as no copy does."""
    return table.taps == 1 and bool(table.weights.all())


def _pick(patch: Image, rows: AxisTable, cols: AxisTable, out: Image, cancel: CancelToken) -> None:
    """Copy, and scale where weights are not 1: nearest neighbour and its kin, at the speed of memory."""
    target = as_lines(out)
    width, c = target.shape[1], channels_of(out)
    places = (cols.start[:, None] * c + np.arange(c)).reshape(-1)
    across = _factors(cols, patch)
    down = _factors(rows, patch[:, 0])
    height = max(1, _PICKED // width)
    tiles = [(top, min(top + height, rows.n_out)) for top in range(0, rows.n_out, height)]

    def worker() -> Callable[[tuple[int, int]], None]:
        scratch = np.empty((height, *out.shape[1:]), out.dtype)

        def do(tile: tuple[int, int]) -> None:
            top, bottom = tile
            used, where = np.unique(rows.start[top:bottom], return_inverse=True)
            line = scratch[: len(used)]
            source = patch[used].reshape(len(used), -1)
            np.take(source, places, axis=1, out=line.reshape(len(used), width), mode="clip")
            with np.errstate(all="ignore"):
                if across is not None:
                    line *= across
                np.take(line.reshape(len(used), width), where, axis=0, out=target[top:bottom], mode="clip")
                if down is not None:
                    target[top:bottom] *= down[top:bottom].reshape(-1, 1)

        return do

    run_tiles(tiles, worker, target.size, cancel)
    write_back(target, out)


def _factors(table: AxisTable, beside: npt.NDArray[Any]) -> npt.NDArray[Any] | None:
    """Weights of a table of one tap, shaped to multiply an image's axis; None if all are 1."""
    weights = table.weights_as(beside.dtype)[:, 0]
    if (weights == 1).all():
        return None
    return weights.reshape((-1,) + (1,) * (beside.ndim - 2))
