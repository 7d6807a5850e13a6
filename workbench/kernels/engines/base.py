"""What an engine can do. Tables in, pixels out; it knows no method and no border rule."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image
from workbench.kernels.cancel import CancelToken
from workbench.kernels.tables import AxisTable, StencilJob

Ints = npt.NDArray[np.intp]


class Engine(ABC):
    """Evaluates tables in the dtype of the picture (float32 or float64).

    Convention
        A pixel comes out the same, bit for bit, in whichever window it is computed. A weight of exactly zero hides
        NaN and infinities; any other weight lets them through.
    """

    name: str

    @abstractmethod
    def separable(
        self,
        patch: Image,
        rows: AxisTable,
        cols: AxisTable,
        out: Image,
        cancel: CancelToken,
        origin: tuple[int, int],
    ) -> None:
        """Write ``Y = A_v X A_hᵀ`` into ``out``.

        Parameters
        ----------
        patch : (h, w) or (h, w, c)
            What the tables read: ``rows.n_in`` × ``cols.n_in``.
        rows, cols : AxisTable
            Parts of the operator's tables for this window.
        out : (rows.n_out, cols.n_out) or the same with c
        origin : (int, int)
            Index of the window's first pixel in the whole output: the phase, for engines that work in blocks.
        """

    @abstractmethod
    def stencil(self, job: StencilJob, out: Image, cancel: CancelToken) -> None:
        """Write one window of a stencil operator into ``out``."""

    def scatter(self, x: Image, sources: Ints, out: Image, targets: Ints) -> None:
        """Copy values to their places: ``out[targets] = x[sources]``, on flat planes that may have strides."""
        out[targets] = x[sources]
