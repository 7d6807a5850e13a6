"""What an engine can do. Tables in, pixels out; it knows no method and no border rule."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Window
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines.copies import Copies
from workbench.kernels.engines.maxima import pool_by_taps
from workbench.kernels.tables import AxisTable, StencilJob

if TYPE_CHECKING:
    from workbench.kernels.pooling import PoolAxis

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

    def select(self, x: Image, copies: Copies, window: Window, out: Image, cancel: CancelToken) -> bool:
        """Write a window of copied values with zeros among them; False, and nothing done, where there is no short way.

        Parameters
        ----------
        x : (h, w) or (h, w, c)
            The whole picture, contiguous.
        window : Window
            Of the result.
        out : (window.height, window.width) or the same with c
            Contiguous.
        """
        return False

    def pool(self, x: Image, axes: tuple[PoolAxis, PoolAxis], best: Image, where: Ints, cancel: CancelToken) -> None:
        """Write the maximum of each window, and its flat index in the plane; −1 where a window holds no pixel.

        Parameters
        ----------
        x : (h, w) or (h, w, c)
        axes : (PoolAxis, PoolAxis)
            Rows and columns.
        best, where : (m, n) or (m, n, c)
            Of several equals the first in row-major order wins, of several NaN the last.
        """
        pool_by_taps(x, axes, best, where, cancel)
