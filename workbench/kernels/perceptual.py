"""MS-SSIM and GMSD: similarity at several scales, and of gradients; both with the settings their papers give.

Settings, because published codes differ in the second digit: MS-SSIM with weights 0.0448, 0.2856, 0.3001, 0.2363,
0.1333, a *valid* 11-tap Gaussian of σ 1.5, 2 × 2 means between scales (odd sizes lose their last row or column), and
negative means of contrast and structure set to 0. GMSD after a 2 × 2 mean, Prewitt gradients ÷ 3 with zeros beyond the
border, c = 170/255² of the squared data range, and the deviation of the population. Channels are measured apart and
averaged. Both begin with means over neighbours or soon come to them: GMSD does not see a checkerboard of two pixels.

Source
    Z. Wang, E. Simoncelli, A. Bovik, "Multiscale structural similarity for image quality assessment", Asilomar 2003.
    W. Xue et al., "Gradient magnitude similarity deviation", IEEE TIP 23(2), 2014.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, as_image, channels_of, plane, shape_of
from workbench.kernels.cancel import CancelToken
from workbench.kernels.differences import require_equal_shapes
from workbench.kernels.errors import ParameterError
from workbench.kernels.metrics import SSIM_TAPS, structure_maps

MS_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
MS_SIDE = SSIM_TAPS * 2 ** (len(MS_WEIGHTS) - 1)
"""Pixels: the coarsest scale still holds a window."""
MS_TOO_SMALL = f"side < {MS_SIDE} px"
GMSD_SIDE = 4
GMSD_TOO_SMALL = f"side < {GMSD_SIDE} px"
_GMSD_C = 170 / 255**2

_BAND = 1 << 16

_F64 = npt.NDArray[np.float64]


def ms_ssim(a: npt.ArrayLike, r: npt.ArrayLike, data_range: float = 1.0, cancel: CancelToken | None = None) -> float:
    """Multi-scale structural similarity: 1 for equal pictures.

    Parameters
    ----------
    a, r : array_like
        Picture and reference, (h, w) or (h, w, c), of equal shape, both sides at least `MS_SIDE`; NaN if not finite.
    data_range : float
        Width of the nominal range.

    Raises
    ------
    ShapeError
        If the shapes differ.
    ParameterError
        If a side is too short.
    """
    a, r = _checked(a, r)
    if min(shape_of(a)) < MS_SIDE:
        raise ParameterError("ms_ssim", f"needs a side of at least {MS_SIDE} px, not {min(shape_of(a))}")
    channels, total = channels_of(a), 0.0
    for channel in range(channels):
        x, y = (np.asarray(plane(image, channel), np.float64) for image in (a, r))
        product = 1.0
        for scale, weight in enumerate(MS_WEIGHTS):
            similarity, structure = _scale_means(x, y, data_range, cancel)
            last = scale == len(MS_WEIGHTS) - 1
            product *= max(similarity if last else structure, 0.0) ** weight
            if not last:
                x, y = halved(x), halved(y)
            if cancel is not None:
                cancel.progress((channel + (scale + 1) / len(MS_WEIGHTS)) / channels)
        total += product
    return total / channels


def gmsd(a: npt.ArrayLike, r: npt.ArrayLike, data_range: float = 1.0, cancel: CancelToken | None = None) -> float:
    """Gradient magnitude similarity deviation: 0 for equal pictures, larger for worse ones.

    Parameters
    ----------
    a, r : array_like
        As for `ms_ssim`, both sides at least `GMSD_SIDE`.

    Raises
    ------
    ShapeError
        If the shapes differ.
    ParameterError
        If a side is too short.
    """
    a, r = _checked(a, r)
    if min(shape_of(a)) < GMSD_SIDE:
        raise ParameterError("gmsd", f"needs a side of at least {GMSD_SIDE} px, not {min(shape_of(a))}")
    channels, c, total = channels_of(a), _GMSD_C * data_range**2, 0.0
    for channel in range(channels):
        if cancel is not None:
            cancel.check()
        first, second = (_gradient(halved(np.asarray(plane(image, channel), np.float64))) for image in (a, r))
        with np.errstate(invalid="ignore", over="ignore"):
            similarity = (2 * first * second + c) / (first**2 + second**2 + c)
            total += float(similarity.std())
    return total / channels


def halved(x: _F64) -> _F64:
    """Means of 2 × 2 pixels; an odd last row or column is left out."""
    even = x[: x.shape[0] // 2 * 2, : x.shape[1] // 2 * 2]
    return np.asarray((even[0::2, 0::2] + even[1::2, 0::2] + even[0::2, 1::2] + even[1::2, 1::2]) / 4)


def _checked(a: npt.ArrayLike, r: npt.ArrayLike) -> tuple[Image, Image]:
    a, r = as_image(a, "picture"), as_image(r, "reference")
    require_equal_shapes(a, r)
    return a, r


def _scale_means(x: _F64, y: _F64, data_range: float, cancel: CancelToken | None) -> tuple[float, float]:
    """Means of the two maps of one scale, in bands of rows so that memory stays bounded."""
    inner = x.shape[0] - SSIM_TAPS + 1
    rows = max(1, _BAND // (4 * x.shape[1]))
    similarity: list[float] = []
    structure: list[float] = []
    for top in range(0, inner, rows):
        if cancel is not None:
            cancel.check()
        band = slice(top, min(top + rows, inner) + SSIM_TAPS - 1)
        with np.errstate(invalid="ignore", over="ignore"):
            whole, part = structure_maps(x[band], y[band], data_range)
            similarity.append(float(whole.sum()))
            structure.append(float(part.sum()))
    count = inner * (x.shape[1] - SSIM_TAPS + 1)
    if not all(math.isfinite(one) for one in (*similarity, *structure)):
        return math.nan, math.nan
    return math.fsum(similarity) / count, math.fsum(structure) / count


def _gradient(x: _F64) -> _F64:
    """Length of the Prewitt gradient ÷ 3, zeros beyond the border."""
    padded = np.pad(x, 1)
    across = padded[:-2] + padded[1:-1] + padded[2:]
    down = padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]
    gx, gy = (across[:, :-2] - across[:, 2:]) / 3, (down[:-2] - down[2:]) / 3
    return np.asarray(np.hypot(gx, gy))
