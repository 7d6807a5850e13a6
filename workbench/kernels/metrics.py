"""Whole-picture measures: how far a result is from its reference, in the numbers that papers quote.

Settings, because they decide the third digit: data range as given (1 by default), nothing cropped, nothing
clipped, no change of light; channels weigh the same. SSIM uses the Gaussian window of the original paper and
averages over the pixels whose window lies inside (5 px cropped); scikit-image calls this
``gaussian_weights=True, sigma=1.5, use_sample_covariance=False``. Everything is summed in float64, in bands
of rows, so memory stays bounded.

Source
    Z. Wang et al., "Image quality assessment: from error visibility to structural similarity",
    IEEE TIP 13(4), 2004, eq. 13; K₁ = 0.01, K₂ = 0.03, 11 × 11 Gaussian, σ = 1.5.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, as_image, channels_of, plane, shape_of
from workbench.kernels.cancel import CancelToken
from workbench.kernels.differences import require_equal_shapes
from workbench.kernels.errors import ParameterError

SSIM_TAPS = 11
SSIM_SIGMA = 1.5
SSIM_K1 = 0.01
SSIM_K2 = 0.03

NOT_FINITE = "not finite"
TOO_SMALL = f"side < {SSIM_TAPS} px"

# Values of one band: small enough for the cache, large enough that Python's share vanishes.
_BAND = 1 << 16

_F64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Metric:
    """What a column of the table of measures means to a person.

    Parameters
    ----------
    id : str
        Key in the result of `measure`.
    label, unit, formula : str
        Head, unit ("" for none) and definition, e = a − r.
    better : {"high", "low", "zero"}
        Which value is the best one.
    """

    id: str
    label: str
    unit: str
    better: Literal["high", "low", "zero"]
    formula: str


METRICS: tuple[Metric, ...] = (
    Metric("psnr", "PSNR", "dB", "high", "10 log₁₀(R² / MSE), R = data range"),
    Metric(
        "ssim",
        "SSIM",
        "",
        "high",
        "mean of (2 μₐμᵣ + C₁)(2 σₐᵣ + C₂) / ((μₐ² + μᵣ² + C₁)(σₐ² + σᵣ² + C₂)); "
        "Gaussian σ 1.5, 11 taps, K 0.01 and 0.03, 5 px cropped, channels averaged",
    ),
    Metric("mse", "MSE", "", "low", "mean of e²"),
    Metric("mae", "MAE", "", "low", "mean of |e|"),
    Metric("bias", "Bias", "", "zero", "mean of e"),
    Metric("max_error", "Max |e|", "", "low", "largest |e|"),
)


class ErrorSums:
    """Error measures of a picture too large to hold: feed it tile by tile, then ask.

    Tiles may come in any order and shape; together they must cover each pixel once.

    Parameters
    ----------
    data_range : float
        R of the PSNR; above 0.
    """

    def __init__(self, data_range: float = 1.0) -> None:
        self._range = _checked_range(data_range)
        self._count = 0
        self._sums: tuple[list[float], list[float], list[float]] = ([], [], [])
        self._peak = 0.0

    def add(self, a: npt.ArrayLike, r: npt.ArrayLike, cancel: CancelToken | None = None) -> None:
        """Count one tile and its reference, (h, w) or (h, w, c) of equal shape.

        Raises
        ------
        ShapeError
            If the shapes differ.
        Cancelled
            If ``cancel`` says so between two bands; the sums are then of no use.
        """
        a, r = as_image(a, "picture"), as_image(r, "reference")
        require_equal_shapes(a, r)
        height, width = shape_of(a)
        rows = max(1, _BAND // (width * channels_of(a)))
        for top in range(0, height, rows):
            if cancel is not None:
                cancel.check()
            with np.errstate(invalid="ignore", over="ignore"):
                e = np.subtract(a[top : top + rows], r[top : top + rows], dtype=np.float64)
                self._count += e.size
                self._sums[0].append(float(e.sum()))
                size = np.abs(e, out=e)
                self._sums[1].append(float(size.sum()))
                # maximum keeps NaN, so one unfinite value is never forgotten.
                self._peak = float(np.maximum(self._peak, size.max()))
                self._sums[2].append(float(np.square(size, out=size).sum()))

    @property
    def count(self) -> int:
        """Values counted so far, channels included."""
        return self._count

    def results(self) -> dict[str, float | str]:
        """psnr, mse, mae, bias and max_error of all tiles so far; a string says why one is missing."""
        if self._count == 0:
            return dict.fromkeys(("psnr", "mse", "mae", "bias", "max_error"), "no pixels")
        if not all(math.isfinite(s) for sums in self._sums for s in sums):
            return dict.fromkeys(("psnr", "mse", "mae", "bias", "max_error"), NOT_FINITE)
        bias, mae, mse = (math.fsum(sums) / self._count for sums in self._sums)
        return {
            "psnr": psnr_of(mse, self._range),
            "mse": mse,
            "mae": mae,
            "bias": bias,
            "max_error": self._peak,
        }


def psnr_of(mse: float, data_range: float = 1.0) -> float:
    """Peak signal-to-noise ratio in dB of a mean squared error; inf for none at all."""
    if mse == 0:
        return math.inf
    return 20 * math.log10(data_range) - 10 * math.log10(mse)


def measure(
    a: npt.ArrayLike, r: npt.ArrayLike, data_range: float = 1.0, cancel: CancelToken | None = None
) -> dict[str, float | str]:
    """All of `METRICS` for a picture and its reference.

    Parameters
    ----------
    a, r : array_like
        Picture and reference, (h, w) or (h, w, c), of equal shape.
    data_range : float
        Width of the nominal range, above 0.
    cancel : CancelToken, optional
        Asked between bands of rows, and told how far it is.

    Returns
    -------
    dict
        Metric id → number, or a few words that say why there is none: ``"side < 11 px"``, ``"not finite"``.

    Raises
    ------
    ShapeError
        If the shapes differ.
    ParameterError
        If ``data_range`` is not a finite number above 0.
    """
    a, r = as_image(a, "picture"), as_image(r, "reference")
    sums = ErrorSums(data_range)
    sums.add(a, r, cancel)
    found = sums.results()
    if found["mse"] == NOT_FINITE:
        found["ssim"] = NOT_FINITE
    elif min(shape_of(a)) < SSIM_TAPS:
        found["ssim"] = TOO_SMALL
    else:
        value = ssim(a, r, data_range, cancel)
        found["ssim"] = value if math.isfinite(value) else NOT_FINITE
    return {metric.id: found[metric.id] for metric in METRICS}


def ssim(a: npt.ArrayLike, r: npt.ArrayLike, data_range: float = 1.0, cancel: CancelToken | None = None) -> float:
    """Mean structural similarity: 1 for equal pictures, near 0 where no structure is shared.

    Parameters
    ----------
    a, r : array_like
        Picture and reference, (h, w) or (h, w, c), of equal shape, both sides at least 11; NaN if not finite.
    data_range : float
        Width of the nominal range, above 0.
    cancel : CancelToken, optional
        Asked between bands of rows, and told how far it is.

    Raises
    ------
    ShapeError
        If the shapes differ.
    ParameterError
        If a side is below 11 or ``data_range`` is not a finite number above 0.
    """
    a, r = as_image(a, "picture"), as_image(r, "reference")
    require_equal_shapes(a, r)
    data_range = _checked_range(data_range)
    height, width = shape_of(a)
    if min(height, width) < SSIM_TAPS:
        raise ParameterError("ssim", f"needs a side of at least {SSIM_TAPS} px, not {min(height, width)}")
    inner = height - SSIM_TAPS + 1
    # Four quantities are filtered at once.
    rows = max(1, _BAND // (4 * width))
    channels = channels_of(a)
    totals: list[float] = []
    for channel in range(channels):
        x, y = plane(a, channel), plane(r, channel)
        for top in range(0, inner, rows):
            if cancel is not None:
                cancel.check()
                cancel.progress((channel + top / inner) / channels)
            band = slice(top, min(top + rows, inner) + SSIM_TAPS - 1)
            # Squares of huge values overflow: the result is then not finite, which is an answer.
            with np.errstate(invalid="ignore", over="ignore"):
                totals.append(float(ssim_map(x[band], y[band], data_range).sum()))
    if not all(math.isfinite(total) for total in totals):
        return math.nan
    return math.fsum(totals) / (channels * inner * (width - SSIM_TAPS + 1))


def ssim_map(x: Image, y: Image, data_range: float) -> _F64:
    """SSIM of every place whose whole window lies inside; 10 rows and columns smaller than ``x``."""
    return structure_maps(x, y, data_range)[0]


def structure_maps(x: Image, y: Image, data_range: float) -> tuple[_F64, _F64]:
    """SSIM, and its part without the means (contrast and structure), of every place whose window lies inside."""
    moments = np.empty((4, *x.shape))
    moments[0] = x
    moments[1] = y
    np.multiply(moments[0], moments[1], out=moments[2])
    np.add(moments[0] ** 2, moments[1] ** 2, out=moments[3])
    mean_x, mean_y, cross, squares = _filtered(_filtered(moments, axis=1), axis=2)
    c1, c2 = (SSIM_K1 * data_range) ** 2, (SSIM_K2 * data_range) ** 2
    product = mean_x * mean_y
    power = mean_x**2 + mean_y**2
    # Twice the covariance and the sum of the variances, in an order that is exactly equal for equal pictures.
    covariance = 2 * (cross - product)
    variance = squares - power
    numerator, denominator = covariance + c2, variance + c2
    similarity = (2 * product + c1) * numerator / ((power + c1) * denominator)
    return np.asarray(similarity), np.asarray(numerator / denominator)


def _gaussian() -> _F64:
    """The 11 weights of the window, sum 1."""
    reach = SSIM_TAPS // 2
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / SSIM_SIGMA) ** 2)
    return np.asarray(weights / weights.sum())


_WEIGHTS = _gaussian()


def _filtered(values: _F64, axis: int) -> _F64:
    """Gaussian mean along one axis, only where the window fits: that axis gets 10 shorter."""
    length = values.shape[axis] - SSIM_TAPS + 1

    def shifted(offset: int) -> npt.NDArray[Any]:
        index = [slice(None)] * values.ndim
        index[axis] = slice(offset, offset + length)
        return values[tuple(index)]

    middle = SSIM_TAPS // 2
    total = shifted(middle) * _WEIGHTS[middle]
    pair = np.empty_like(total)
    # The window is symmetric: add the two ends first and save half of the products.
    for k in range(middle):
        np.add(shifted(k), shifted(SSIM_TAPS - 1 - k), out=pair)
        pair *= _WEIGHTS[k]
        total += pair
    return np.asarray(total)


def _checked_range(data_range: float) -> float:
    if not (math.isfinite(data_range) and data_range > 0):
        raise ParameterError("data_range", f"must be a finite number above 0, not {data_range:g}")
    return float(data_range)
