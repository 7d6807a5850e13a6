"""What an upsampling operator is: ``y = A x`` with A fixed, and everything that can be asked of A.

Structured operators override what they can do faster; the defaults follow from `apply` and `adjoint` alone, and the
contract test demands that fast equals default.

Convention
    Row of output (i, j): which inputs made it. Column of input (i, j): what it reaches. Indices are (row, column).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Shape, Window, as_image, channels_of, plane, shape_of
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines import Engine, default_engine, recycler
from workbench.kernels.errors import ShapeError
from workbench.kernels.operators.stencils import Floats, Ints, Stencil, TapFlag, Taps
from workbench.kernels.placement import IDENTITY, Placement
from workbench.kernels.tables import AxisTable

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["Floats", "Ints", "LinearOperator", "Origin", "Period", "Stencil", "TapFlag", "Taps", "mean_blocks"]

Origin = tuple[int, int]
"""Index (row, column) of a patch's first pixel in the whole image."""
Period = tuple[int, int]
"""(P, Q): the weights repeat after P output and Q input pixels."""


class LinearOperator(ABC):
    """``y = A x`` with A fixed. Immutable; safe to use from any thread.

    Parameters
    ----------
    in_shape, out_shape : (int, int)
    placement : Placement
        Where output pixels sit, in input pixels.
    channels : int, optional
        Number of channels if each has an A of its own, None if all share one.

    Raises
    ------
    ShapeError
        If the output would hold no pixel.
    """

    mixes: bool = False
    """Whether channels meet: rows and columns then say the channel of each entry (`channels.ChannelStencil`)."""

    offset: Floats | None = None
    """The b of an affine ``y = A x + b``, apart from A: broadcasts to (H, W), or with a third axis to (H, W, c)."""

    def __init__(
        self, in_shape: Shape, out_shape: Shape, placement: Placement = IDENTITY, channels: int | None = None
    ) -> None:
        if min(out_shape) < 1:
            raise ShapeError(f"output: must hold at least one pixel, not {out_shape[0]}×{out_shape[1]}")
        self.in_shape = in_shape
        self.out_shape = out_shape
        self.placement = placement
        self.sampling = placement  # those whose grid samples elsewhere than in the middle of its squares say where
        self.channels = channels

    @property
    def truncated(self) -> float:
        """Σ|w| at most that `row` leaves out of a dense row; 0 where rows are whole."""
        return 0.0

    @property
    def in_channels(self) -> int | None:
        """How many channels the input must have; None if any number will do."""
        return self.channels

    @property
    def out_channels(self) -> int | None:
        """How many channels the output has; None if as many as the input."""
        return self.channels

    def depth(self, x: npt.NDArray[Any]) -> tuple[int, ...]:
        """What follows rows and columns in the shape of the output made of ``x``: nothing, or its channels."""
        return x.shape[2:]

    @property
    def period(self) -> tuple[Period | None, Period | None]:
        """Per axis (y, x) the period of the rows, None where there is none."""
        return (None, None)

    def apply(
        self,
        x: npt.NDArray[Any],
        window: Window | None = None,
        *,
        out: Image | None = None,
        cancel: CancelToken | None = None,
        engine: Engine | None = None,
    ) -> Image:
        """``A x``, or only that window of it.

        Parameters
        ----------
        x : (h, w) or (h, w, c)
            Computed in its own dtype; whole numbers in float64.
        window : Window, optional
            Output pixels wanted; only the inputs they need are read.
        out : Image, optional
            Where to write; must have the window's shape and the result's dtype.
        cancel : CancelToken, optional
            Asked between tiles.

        Raises
        ------
        ShapeError
            If ``x``, ``window`` or ``out`` do not fit.
        """
        x = self._checked(x, self.in_shape)
        full = Window.of(self.out_shape)
        window = full if window is None else window
        if window.is_empty or not full.contains(window):
            raise ShapeError(f"window: must lie inside the output {self.out_shape}, not {window}")
        wanted = window.shape + self.depth(x)
        if out is None:
            out = recycler.empty(wanted, x.dtype)
        elif out.shape != wanted or out.dtype != x.dtype:
            raise ShapeError(f"out: must be {wanted} {x.dtype}, not {out.shape} {out.dtype}")
        self._fill(x, (0, 0), window, out, cancel or CancelToken(), engine or default_engine())
        return out

    def affine(
        self,
        x: npt.NDArray[Any],
        window: Window | None = None,
        *,
        cancel: CancelToken | None = None,
        engine: Engine | None = None,
        origin: Origin | None = None,
    ) -> Image:
        """``A x + b``, or only that window of it: what a layer with a bias, or a border of another value, answers.

        With an ``origin``, ``x`` is a patch of the input that begins there and holds at least ``needs(window)``.
        """
        if origin is None:
            y = self.apply(x, window, cancel=cancel, engine=engine)
        else:
            window = window or Window.of(self.out_shape)
            y = recycler.empty(window.shape + self.depth(x), x.dtype)
            self._fill(x, origin, window, y, cancel or CancelToken(), engine or default_engine())
        if self.offset is not None:
            b = np.asarray(self.offset)
            b = b[:, :, None] if b.ndim == 2 and y.ndim == 3 else b
            b = np.broadcast_to(b, self.out_shape + (y.shape[2:] if b.ndim == 3 else ()))
            b = b if window is None else b[window.slices]
            y += b.reshape(y.shape) if y.ndim == 2 else b
        return y

    @abstractmethod
    def _fill(self, x: Image, origin: Origin, window: Window, out: Image, cancel: CancelToken, engine: Engine) -> None:
        """Write ``A x`` over ``window`` into ``out``; all arguments are checked.

        ``x`` may be a patch of the input that begins at ``origin`` and holds at least ``needs(window)``.
        """

    @abstractmethod
    def needs(self, window: Window) -> Window:
        """The smallest rectangle of input pixels that a window of the output reads; at least one pixel."""

    @abstractmethod
    def adjoint(self, y: npt.NDArray[Any]) -> Image:
        """``Aᵀ y`` in float64, for (H, W) or (H, W, c)."""

    def row(self, i: int, j: int, channel: int = 0) -> Stencil:
        """Who made output pixel (i, j), with which weights."""
        return self._stencil(self.adjoint(_impulse(self.out_shape, self.out_channels, i, j, channel)), channel)

    def column(self, i: int, j: int, channel: int = 0) -> Stencil:
        """What input pixel (i, j) reaches, with which weights."""
        return self._stencil(self.apply(_impulse(self.in_shape, self.in_channels, i, j, channel)), channel)

    def taps(self, i: int, j: int, channel: int = 0) -> Taps:
        """The row of (i, j) before borders are folded; without a border rule, the row itself."""
        return Taps.of(self.row(i, j, channel))

    def row_sums(self) -> Image:
        """``A·1``: what a flat image of ones becomes."""
        return self.apply(np.ones(self.in_shape if self.in_channels is None else (*self.in_shape, self.in_channels)))

    def sparse(self, channel: int = 0) -> csr_array:
        """The matrix itself, (H·W) × (h·w), both planes flattened in row-major order.

        Where channels meet it has h·w·c columns, the input flattened as it lies in memory.
        """
        from scipy.sparse import csr_array  # lazy: its import takes longer than a window

        pointers, columns, weights = [0], [], []
        for i in range(self.out_shape[0]):
            for j in range(self.out_shape[1]):
                stencil = self.row(i, j, channel)
                columns.append(stencil.flat)
                weights.append(stencil.weights)
                pointers.append(pointers[-1] + len(stencil))
        depth = self.in_channels or 1 if self.mixes else 1
        size = (self.out_shape[0] * self.out_shape[1], self.in_shape[0] * self.in_shape[1] * depth)
        return csr_array((np.concatenate(weights), np.concatenate(columns), pointers), shape=size)

    def axes(self) -> tuple[AxisTable, AxisTable] | None:
        """The operator as a product of two axes (rows, columns), where it is one."""
        return None

    def block_means(
        self, x: npt.NDArray[Any], b: int, window: Window | None = None, *, cancel: CancelToken | None = None
    ) -> Image:
        """The output reduced by the exact mean of b × b pixels, tile by tile: no whole output is allocated.

        Parameters
        ----------
        b : int
            Side of a block; the last blocks of a row or column average what there is.
        window : Window, optional
            Which blocks, in units of the reduced image ⌈H/b⌉ × ⌈W/b⌉.
        """
        axes = self.axes()
        if axes is not None:
            # The mean of b × b outputs is separable too: its tables are means of ours, and no output is ever made.
            from workbench.kernels.operators.separable import Separable

            return Separable(axes[0].means(b), axes[1].means(b)).apply(x, window, cancel=cancel)
        x = self._checked(x, self.in_shape)
        (height, width), cancel = self.out_shape, cancel or CancelToken()
        window = window or Window(0, 0, -(-height // b), -(-width // b))
        out = np.empty(window.shape + self.depth(x), x.dtype)
        rows = max(1, min(window.height, _TILE // b))
        cols = max(1, min(window.width, _TILE // b))
        tiles = [
            Window(top, left, min(top + rows, window.bottom), min(left + cols, window.right))
            for top in range(window.top, window.bottom, rows)
            for left in range(window.left, window.right, cols)
        ]
        for done, tile in enumerate(tiles):
            cancel.check()
            pixels = Window(tile.top * b, tile.left * b, min(tile.bottom * b, height), min(tile.right * b, width))
            place = tile.shifted(-window.top, -window.left)
            out[place.slices] = mean_blocks(self.apply(x, pixels), b)
            cancel.progress((done + 1) / len(tiles))
        return out

    def _checked(self, x: npt.NDArray[Any], shape: Shape, channels: int | None = None) -> Image:
        image = as_image(x)
        if shape_of(image) != shape:
            raise ShapeError(f"image: must be {shape[0]}×{shape[1]}, not {image.shape[0]}×{image.shape[1]}")
        wanted = self.channels if channels is None else channels
        if wanted is not None and channels_of(image) != wanted:
            raise ShapeError(f"image: must have {wanted} channels, not {channels_of(image)}")
        return image

    def _stencil(self, image: Image, channel: int) -> Stencil:
        """What an answer to an impulse holds, as a stencil."""
        values = plane(image, channel if self.channels is not None else 0)
        rows, cols = np.nonzero(values)
        return Stencil(rows, cols, values[rows, cols].astype(np.float64), shape_of(values))


def _impulse(shape: Shape, channels: int | None, i: int, j: int, channel: int) -> Image:
    impulse = np.zeros(shape if channels is None else (*shape, channels))
    impulse[(i, j) if channels is None else (i, j, channel)] = 1
    return impulse


_TILE = 2048


def mean_blocks(y: Image, b: int) -> Image:
    """Exact means of b × b pixels; blocks at the far edges average what there is.

    Sums run in float64, so that a flat image stays exactly flat.
    """
    if b == 1:
        return y
    rows = np.arange(0, y.shape[0], b)
    cols = np.arange(0, y.shape[1], b)
    with np.errstate(invalid="ignore", over="ignore"):  # +inf that meets −inf is NaN, as it should be
        sums = np.add.reduceat(np.add.reduceat(y, rows, axis=0, dtype=np.float64), cols, axis=1)
    heights = np.diff(np.append(rows, y.shape[0]))
    widths = np.diff(np.append(cols, y.shape[1]))
    counts = np.multiply.outer(heights, widths).astype(np.float64)
    return (sums / (counts if y.ndim == 2 else counts[:, :, None])).astype(y.dtype)
