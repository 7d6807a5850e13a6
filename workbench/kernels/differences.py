"""Differences of two pictures, pixel by pixel: where a method departs from its reference, and which way.

Convention
    d = a − r: ``a`` is the picture under test, ``r`` its reference; positive means too bright.
    Equal grids only: nothing here resizes or fills.
"""

from __future__ import annotations

import math
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, as_image
from workbench.kernels.errors import ParameterError, ShapeError

# Quantiles of larger arrays come from every n-th value: sorting 67 million numbers takes most of a second.
_QUANTILE_SAMPLE = 1 << 20


class Difference(Enum):
    """A way to compare two values; ``value`` is its id in files and on the command line.

    Attributes
    ----------
    label : str
        What the choice is called.
    formula : str
        The definition as text, d = a − r.
    signed : bool
        Whether results lie on both sides of 0, so that the range is symmetric and the map diverging.
    sign : str
        What stands before a name for it, in a letter or two.
    """

    label: str
    formula: str
    signed: bool
    sign: str

    SIGNED = ("signed", "Signed", "a − r", True, "Δ")
    ABSOLUTE = ("absolute", "Absolute", "|a − r|", False, "|Δ|")
    SQUARED = ("squared", "Squared", "(a − r)²", False, "Δ²")
    RELATIVE = ("relative", "Relative", "|a − r| / (|r| + ε)", False, "Δ%")
    SMAPE = ("smape", "Symmetric relative", "2 |a − r| / (|a| + |r| + ε)", False, "Δ%")
    LOG_RATIO = ("log_ratio", "Log ratio", "log₂((|a| + ε) / (|r| + ε))", True, "log₂")
    SSIM = ("ssim", "1 − SSIM", "1 − SSIM(a, r), Gaussian window of 11 px, σ 1.5, mirrored at the edges", False, "SSIM")
    FLIP = ("flip", "FLIP", "FLIP(a, r), clipped to 0 … 1: not for what lies beyond", False, "FLIP")
    EXPRESSION = ("expression", "Expression", "a formula of a, r and the source x", True, "f")

    def __new__(cls, ident: str, label: str, formula: str, signed: bool, sign: str) -> Difference:
        member = object.__new__(cls)
        member._value_ = ident
        member.label = label
        member.formula = formula
        member.signed = signed
        member.sign = sign
        return member

    @property
    def sequential(self) -> bool:
        """Whether results start at 0 and only grow: the opposite of ``signed``."""
        return not self.signed

    @property
    def uses_eps(self) -> bool:
        """Whether ε stands in the formula."""
        return self in (Difference.RELATIVE, Difference.SMAPE, Difference.LOG_RATIO)

    @property
    def pointwise(self) -> bool:
        """Whether two values are enough: `difference` computes it. The others look around, or are a person's own."""
        return self not in (Difference.SSIM, Difference.FLIP, Difference.EXPRESSION)


def require_equal_shapes(a: npt.NDArray[Any], r: npt.NDArray[Any]) -> None:
    """Refuse to compare pictures on different grids.

    Raises
    ------
    ShapeError
        If the shapes differ; the sentence names both.
    """
    if a.shape != r.shape:
        raise ShapeError(
            f"comparison: both pictures must have the same shape, not {_said(a.shape)} and {_said(r.shape)}"
        )


def difference(a: npt.ArrayLike, r: npt.ArrayLike, kind: Difference, *, eps: float = 0.01) -> Image:
    """How much, and which way, a picture differs from its reference at each pixel.

    Parameters
    ----------
    a, r : array_like
        Picture and reference, (h, w) or (h, w, c), of equal shape.
    kind : Difference
        The formula; one that is `Difference.pointwise`.
    eps : float
        Keeps the relative kinds finite beside black; as a rule 0.01 × the data range. At least 0.

    Returns
    -------
    ndarray
        Same shape; float32 only if both are float32. Identical values give exactly 0, unfinite ones NaN or ∞.

    Raises
    ------
    ShapeError
        If the shapes differ.
    ParameterError
        If ``eps`` is negative or not finite, or two values are not enough for this kind.
    """
    a, r = as_image(a, "picture"), as_image(r, "reference")
    require_equal_shapes(a, r)
    if not (math.isfinite(eps) and eps >= 0):
        raise ParameterError("eps", f"must be at least 0, not {eps:g}")
    if not kind.pointwise:
        raise ParameterError("difference", f"must follow from two values, not {kind.value}")
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        d = a - r
        if kind is Difference.SIGNED:
            return d
        if kind is Difference.SQUARED:
            return np.asarray(d * d)
        if kind is Difference.LOG_RATIO:
            above, below = np.abs(a) + eps, np.abs(r) + eps
            # Equal sizes are no ratio at all, those of nothing without ε included.
            equal, one = (above == below) & np.isfinite(above), above.dtype.type(1)
            return np.asarray(np.log2(np.where(equal, one, above) / np.where(equal, one, below)))
        size: Image = np.abs(d)
        if kind is Difference.RELATIVE:
            size = _share(size, np.abs(r) + eps)
        elif kind is Difference.SMAPE:
            size = _share(2 * size, np.abs(a) + np.abs(r) + eps)
        return size


def _share(size: Image, whole: Image) -> Image:
    """A difference as a share of a size; without ε, no difference on black is none at all and not 0 ÷ 0."""
    return np.asarray(size / np.where((size == 0) & (whole == 0), size.dtype.type(1), whole))


def mean_of_channels(d: Image) -> Image:
    """One number for each pixel, so that a colour map can show it: the mean over the channels, sign kept.

    Parameters
    ----------
    d : ndarray
        (h, w), returned as it is, or (h, w, c).

    Returns
    -------
    ndarray
        (h, w), same dtype.
    """
    if d.ndim == 2:
        return d
    count = d.shape[2]
    if count == 1:
        return d[:, :, 0]
    # Planes added one by one: several times faster than a mean over an axis of length 3.
    with np.errstate(invalid="ignore", over="ignore"):
        total = d[:, :, 0] + d[:, :, 1]
        for k in range(2, count):
            total += d[:, :, k]
        total /= count
    return total


def symmetric_range(d: npt.ArrayLike, share: float | None = None) -> tuple[float, float]:
    """Range of a signed difference: ±m, so that 0 falls exactly on the middle of a diverging map.

    Parameters
    ----------
    d : array_like
        Differences; unfinite ones do not count.
    share : float, optional
        Share of the values, 0 … 1, that the range has to hold; None for all. Arrays of more than a million
        values are sampled evenly for this.

    Returns
    -------
    (float, float)
        (−m, m); (−0.5, 0.5) if every difference is 0 or none is finite.
    """
    values = np.asarray(d)
    if share is None:
        low, high = _finite_extremes(values)
        peak = max(abs(low), abs(high))
    else:
        if not 0 < share <= 1:
            raise ParameterError("share", f"must lie above 0 and at most at 1, not {share:g}")
        sample = values.ravel()[:: max(1, -(-values.size // _QUANTILE_SAMPLE))]
        sample = np.abs(sample[np.isfinite(sample)])
        peak = float(np.quantile(sample, share, method="higher")) if sample.size else 0.0
    return (-peak, peak) if peak > 0 else (-0.5, 0.5)


def fit_range(values: npt.ArrayLike) -> tuple[float, float]:
    """Range that shows all finite values.

    Returns
    -------
    (float, float)
        Smallest and largest finite value; for constant data a range of width 1 around the constant, and
        (0, 1) if no value is finite.
    """
    array = np.asarray(values)
    low, high = _finite_extremes(array)
    if low < high:
        return (low, high)
    if not array.size or not np.isfinite(array).any():
        return (0.0, 1.0)
    # Beyond 2⁵³ a width of 1 is lost in rounding: widen with the number itself.
    half = max(0.5, abs(low) * 2.0**-20)
    return (low - half, high + half)


def _finite_extremes(values: npt.NDArray[Any]) -> tuple[float, float]:
    """Minimum and maximum of the finite values; (0, 0) if there are none."""
    if values.size == 0:
        return (0.0, 0.0)
    low, high = float(values.min()), float(values.max())
    if math.isfinite(low) and math.isfinite(high):
        return (low, high)
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def _said(shape: tuple[int, ...]) -> str:
    """A shape as people say it: ``"40 × 60 × 3"``."""
    return " × ".join(str(n) for n in shape)
