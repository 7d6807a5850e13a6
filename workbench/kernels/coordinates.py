"""Where the outputs of one axis sample the input: size rules, grids, and c(i) = slope·i + offset in exact fractions.

Source: ONNX ``Resize`` for the names of the grids; Pillow's ``box`` for `Grid.BOX_OFFSET`; PyTorch's float32 arithmetic
for `Arithmetic.TORCH32`.

Convention
    Pixel centres on integers, so that an axis of n samples covers [−½, n − ½]; c(i) is where output i samples.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.tables import Ints

MAX_PHASES = 64
"""Longer periods are of no use to a person: such an axis counts as having none."""

HALF = Fraction(1, 2)
Span = tuple[Fraction, Fraction]
"""Begin and end of a region on one axis."""


class Grid(Enum):
    """Where output samples fall on the input."""

    HALF_PIXEL = "half_pixel"
    ALIGN_CORNERS = "align_corners"
    ASYMMETRIC = "asymmetric"
    HALF_PIXEL_SYMMETRIC = "half_pixel_symmetric"
    PYTORCH_HALF_PIXEL = "pytorch_half_pixel"
    CROP = "crop"
    BOX_OFFSET = "box_offset"


class SizeRule(Enum):
    """How a typed scale becomes a whole number of pixels."""

    FLOOR = "floor"
    ROUND_EVEN = "round_even"
    CEIL = "ceil"
    ROUND_HALF_UP = "round_half_up"


class WidthRule(Enum):
    """Which width w the grids that speak of one use: n·f, which may be fractional, or the m pixels there are."""

    USUAL = "usual"
    AS_IS = "as_is"
    ROUNDED = "rounded"


class Arithmetic(Enum):
    """How coordinates are rounded: not at all, or to float32 as PyTorch does."""

    EXACT = "exact"
    TORCH32 = "torch32"


GRIDS_OF_TORCH = (Grid.HALF_PIXEL, Grid.ALIGN_CORNERS)
REGION_GRIDS = (Grid.CROP, Grid.BOX_OFFSET)


def output_size(n: int, factor: float, rule: SizeRule) -> int:
    """Samples after enlarging n samples by a typed factor, multiplied in double as the libraries do."""
    product = n * factor
    match rule:
        case SizeRule.FLOOR:
            return math.floor(product)
        case SizeRule.CEIL:
            return math.ceil(product)
        case SizeRule.ROUND_EVEN:
            return round(product)
        case SizeRule.ROUND_HALF_UP:
            return math.floor(product + 0.5)


@dataclass(frozen=True, slots=True)
class AxisMap:
    """Which samples of an axis of n the m outputs look at: c(i) = slope·i + offset.

    Parameters
    ----------
    n_in, n_out : int
    factor : Fraction
        Output per input length, as the coordinates use it: ``n_out / n_in``, or the typed factor.
    grid : Grid
    region : (Fraction, Fraction), optional
        What `Grid.CROP` (in units of n − 1) or `Grid.BOX_OFFSET` (in samples) keeps; default: everything.
    width_rule : WidthRule
        ``USUAL``: n·f on the symmetric grid, m on the others. ``AS_IS`` is ONNX' reference in all, its −½ for a
        single output on the PyTorch grid included; ``ROUNDED`` is ONNX Runtime.
    arithmetic : Arithmetic
    antialias : bool
        Whether the axis belongs to an antialiasing kernel: PyTorch rounds at another place then.
    """

    n_in: int
    n_out: int
    factor: Fraction
    grid: Grid
    region: Span | None = None
    width_rule: WidthRule = WidthRule.USUAL
    arithmetic: Arithmetic = Arithmetic.EXACT
    antialias: bool = False

    @property
    def width(self) -> Fraction:
        """The width w of the output that the grid's formula speaks of."""
        as_is = self.width_rule is WidthRule.AS_IS
        usual = self.width_rule is WidthRule.USUAL and self.grid is Grid.HALF_PIXEL_SYMMETRIC
        return self.n_in * self.factor if as_is or usual else Fraction(self.n_out)

    @property
    def span(self) -> Span:
        """Begin and end of the region, in the unit of its grid."""
        return self.region or (Fraction(0), Fraction(1 if self.grid is Grid.CROP else self.n_in))

    @property
    def slope(self) -> Fraction:
        begin, end = self.span
        match self.grid:
            case Grid.BOX_OFFSET:
                return (end - begin) / self.n_out
            case Grid.ALIGN_CORNERS | Grid.CROP:
                share = end - begin if self.grid is Grid.CROP else 1
                single = self.width == 1 or self.n_out == 1
                return Fraction(0) if single else share * (self.n_in - 1) / (self.width - 1)
            case _:
                return 1 / self.factor

    @property
    def offset(self) -> Fraction:
        half_pixel = 1 / (2 * self.factor) - HALF
        begin, end = self.span
        match self.grid:
            case Grid.HALF_PIXEL:
                return half_pixel
            case Grid.PYTORCH_HALF_PIXEL if self.width_rule is WidthRule.AS_IS:
                return half_pixel if self.width > 1 else -HALF
            case Grid.PYTORCH_HALF_PIXEL:
                return Fraction(0) if self.n_out == 1 else half_pixel
            case Grid.HALF_PIXEL_SYMMETRIC:
                return Fraction(self.n_in, 2) * (1 - self.n_out / self.width) + half_pixel
            case Grid.BOX_OFFSET:
                return begin + self.slope / 2 - HALF
            case Grid.CROP:
                return (self.n_in - 1) * ((begin + end) / 2 if self.width == 1 else begin)
            case _:
                return Fraction(0)

    @property
    def reduction(self) -> Fraction:
        """Input samples for each output sample: what an antialiasing kernel is stretched by, where above 1."""
        return self.slope if self.grid is Grid.BOX_OFFSET else 1 / self.factor

    @property
    def period(self) -> tuple[int, int] | None:
        """(P, Q): outputs after which the weights repeat, and inputs they then have moved."""
        slope = self.slope
        pinned = self.grid in (Grid.ALIGN_CORNERS, Grid.CROP)
        if pinned or self.arithmetic is Arithmetic.TORCH32 or slope.denominator > MAX_PHASES:
            return None
        return (slope.denominator, slope.numerator)

    @property
    def place(self) -> tuple[float, float]:
        """Width of an output and left edge of the first, in input samples: the part of the input the output shows."""
        match self.grid:
            case Grid.BOX_OFFSET:
                return float(self.slope), float(self.span[0])
            case Grid.CROP if self.slope > 0:
                return float(self.slope), float(self.offset + HALF - self.slope / 2)
            case Grid.CROP:
                return 1.0, float(self.offset)
            case _:
                return self.n_in / self.n_out, 0.0

    @property
    def sampled(self) -> tuple[float, float]:
        """Distance of two outputs and where the first samples; a single output has the width of its `place`."""
        return float(self.slope) or self.place[0], float(self.offset)

    def coordinate(self, i: int) -> Fraction:
        """Where output i samples the input, exactly."""
        return self.slope * i + self.offset

    def whole_and_rest(self) -> tuple[Ints, npt.NDArray[Any], int]:
        """⌊c(i)⌋ for each output, and numerator and denominator of c(i) − ⌊c(i)⌋, exact whole numbers."""
        if self.arithmetic is Arithmetic.TORCH32:
            return self._torch32()
        slope, offset = self.slope, self.offset
        common = math.lcm(slope.denominator, offset.denominator)
        a, b = int(slope * common), int(offset * common)
        exact_in_64_bits = max(abs(a) * self.n_out + abs(b), common) < 1 << 62
        steps = np.arange(self.n_out, dtype=np.int64 if exact_in_64_bits else object)
        numerator = steps * a + b
        whole = numerator // common
        return whole.astype(np.intp), numerator - whole * common, common

    @property
    def _step32(self) -> np.float32:
        """PyTorch's ratio of lengths."""
        if self.grid is Grid.ALIGN_CORNERS:
            return np.float32(self.n_in - 1) / np.float32(self.n_out - 1) if self.n_out > 1 else np.float32(0)
        typed = self.factor != Fraction(self.n_out, self.n_in)
        return np.float32(float(1 / self.factor)) if typed else np.float32(self.n_in) / np.float32(self.n_out)

    def _torch32(self) -> tuple[Ints, npt.NDArray[np.int64], int]:
        """The same with PyTorch's rounding: the ratio to float32, and the coordinate once more."""
        i, step = np.arange(self.n_out, dtype=np.float64), np.float64(self._step32)
        if self.antialias:
            places = np.float64(np.float32((i + 0.5) * step)) - 0.5
        elif self.grid is Grid.ALIGN_CORNERS:
            places = np.float64(np.float32(i * step))
        else:
            places = np.float64(np.float32((i + 0.5) * step - 0.5))
        whole = np.floor(places)
        return whole.astype(np.intp), np.rint((places - whole) * _TORCH32_STEPS).astype(np.int64), _TORCH32_STEPS

    def window32(self, radius: float) -> tuple[Ints, Ints] | None:
        """First tap and end of each row where PyTorch's rounding decides which taps there are; else None."""
        if self.arithmetic is not Arithmetic.TORCH32 or not self.antialias:
            return None
        step = self._step32
        centre = np.float32((np.arange(self.n_out) + 0.5) * np.float64(step))
        support = np.float32(radius) * max(step, np.float32(1))
        ends = (np.float64(centre - support) + 0.5, np.float64(centre + support) + 0.5)
        return np.trunc(ends[0]).astype(np.intp), np.trunc(ends[1]).astype(np.intp)

    def beyond(self, whole: Ints, rest: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Outputs that a crop has no sample for: c < 0 or c > n − 1."""
        if self.grid is not Grid.CROP:
            return np.zeros(self.n_out, bool)
        last = self.n_in - 1
        return np.asarray((whole < 0) | (whole > last) | ((whole == last) & (rest > 0)), bool)


_TORCH32_STEPS = 1 << 40
"""A float32 coordinate as a whole number of these: finer than float32 by far wherever it is above 1e-5."""
