"""Rows and columns of an operator as short lists of weighted pixels: folded on real pixels, or tap by tap.

A pointer asks for one with every pixel it crosses, so that making one is written for speed: a frozen dataclass would
spend more time on its fields than numpy on the weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Shape, plane

Ints = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, init=False)
class Stencil:
    """A few weighted pixels of one plane: a row or a column of A.

    Parameters
    ----------
    rows, cols : (n,) int
        The pixels, each at most once, in row-major order.
    weights : (n,) float64
        Their weights, none of them zero.
    shape : (int, int)
        The plane the pixels lie in.
    """

    rows: Ints
    cols: Ints
    weights: Floats
    shape: Shape

    def __init__(self, rows: Ints, cols: Ints, weights: Floats, shape: Shape) -> None:
        _put_rows(self, rows)
        _put_cols(self, cols)
        _put_weights(self, weights)
        _put_shape(self, shape)

    @classmethod
    def collect(cls, rows: npt.ArrayLike, cols: npt.ArrayLike, weights: npt.ArrayLike, shape: Shape) -> Stencil:
        """Add up entries that share a pixel, drop zeros, sort in row-major order."""
        flat: Ints = np.asarray(rows, np.intp) * shape[1] + np.asarray(cols, np.intp)
        values: Floats = np.asarray(weights, np.float64)
        if flat.size > 1 and not (np.diff(flat) > 0).all():
            flat, where = np.unique(flat, return_inverse=True)
            values = np.bincount(where, values, minlength=flat.size).astype(np.float64)
        keep = values != 0
        flat, values = flat[keep], values[keep]
        return cls(flat // shape[1], flat % shape[1], values, shape)

    def __len__(self) -> int:
        return len(self.weights)

    @property
    def total(self) -> float:
        """Sum of the weights."""
        return float(self.weights.sum())

    @property
    def flat(self) -> Ints:
        """The pixels by their number in the plane, row by row."""
        return self.rows * self.shape[1] + self.cols

    def values(self, image: npt.NDArray[Any], channel: int = 0) -> Floats:
        """What an image of this plane holds at the pixels, in float64."""
        return plane(image, channel)[self.rows, self.cols].astype(np.float64)

    def dot(self, image: Image, channel: int = 0) -> float:
        """The weighted sum over an image of this plane, in float64."""
        values = self.values(image, channel)
        with np.errstate(invalid="ignore", over="ignore"):  # +inf that meets −inf is NaN, as it should be
            return float(np.dot(self.weights, values)) if values.size else 0.0

    def dense(self) -> Floats:
        """The whole plane with the weights in their places."""
        full = np.zeros(self.shape)
        full[self.rows, self.cols] = self.weights
        return full


_put_rows, _put_cols, _put_weights, _put_shape = (
    vars(Stencil)[name].__set__ for name in ("rows", "cols", "weights", "shape")
)


class TapFlag(Enum):
    """What became of one tap of a kernel."""

    USED = "used"
    ZERO = "zero"  # its weight is exactly 0 here, or it meets a zero outside the image
    CROPPED = "cropped"  # it would come from beyond what the operator keeps
    LOST = "lost"  # it was dropped or overwritten, others took its share


@dataclass(frozen=True, slots=True, init=False)
class Taps:
    """A row of A before borders are folded: every tap at its virtual place.

    Parameters
    ----------
    rows, cols : (n,) int
        Virtual places; they may lie outside the input.
    weights : (n,) float64
    real_rows, real_cols : (n,) int
        The input pixel a tap stands for, −1 where it stands for none.
    flags : tuple of TapFlag
    """

    rows: Ints
    cols: Ints
    weights: Floats
    real_rows: Ints
    real_cols: Ints
    flags: tuple[TapFlag, ...]

    def __init__(
        self, rows: Ints, cols: Ints, weights: Floats, real_rows: Ints, real_cols: Ints, flags: tuple[TapFlag, ...]
    ) -> None:
        _put_tap_rows(self, rows)
        _put_tap_cols(self, cols)
        _put_tap_weights(self, weights)
        _put_real_rows(self, real_rows)
        _put_real_cols(self, real_cols)
        _put_flags(self, flags)

    def fold(self, shape: Shape) -> Stencil:
        """The row of A that these taps make: used taps added up on their real pixels."""
        used = np.array([flag is TapFlag.USED for flag in self.flags], bool)
        return Stencil.collect(self.real_rows[used], self.real_cols[used], self.weights[used], shape)

    @classmethod
    def of(cls, stencil: Stencil) -> Taps:
        """Taps of a row that has nothing outside: each stands for itself."""
        flags = (TapFlag.USED,) * len(stencil)
        return cls(stencil.rows, stencil.cols, stencil.weights, stencil.rows, stencil.cols, flags)


_put_tap_rows, _put_tap_cols, _put_tap_weights, _put_real_rows, _put_real_cols, _put_flags = (
    vars(Taps)[name].__set__ for name in ("rows", "cols", "weights", "real_rows", "real_cols", "flags")
)
