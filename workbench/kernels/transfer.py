"""The sRGB curve and its inverse: from the numbers in a file to linear light, and back.

Convention
    Both directions are the piecewise curve of IEC 61966-2-1, 1 ↔ 1 and 0 ↔ 0, never a plain power. They are
    odd, f(−v) = −f(v), because resampled values leave 0 … 1 on both sides and must survive the round trip;
    above 1 the power goes on. A float array keeps its dtype; other numbers are computed in float64.

Source
    IEC 61966-2-1:1999, 5.2: V = 12.92 L for L ≤ 0.0031308, else V = 1.055 L^(1/2.4) − 0.055.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

_LINEAR_KNEE = 0.0031308
_ENCODED_KNEE = 0.04045
_SLOPE = 12.92
_OFFSET = 0.055
_POWER = 2.4

FloatArray = npt.NDArray[np.floating[Any]]


def srgb_to_linear(encoded: npt.ArrayLike) -> FloatArray:
    """Light of an sRGB value: what has to be averaged if light is meant.

    Parameters
    ----------
    encoded : array_like
        sRGB values, nominally 0 … 1; any shape.

    Returns
    -------
    ndarray
        Linear light, same shape; NaN stays NaN, infinities keep their sign.
    """
    values = _floating(encoded)
    size = np.abs(values)
    with np.errstate(over="ignore"):
        curve = ((size + _OFFSET) / (1 + _OFFSET)) ** _POWER
    return np.asarray(np.copysign(np.where(size <= _ENCODED_KNEE, size / _SLOPE, curve), values))


def linear_to_srgb(light: npt.ArrayLike) -> FloatArray:
    """sRGB value of an amount of light: what a file or a screen wants.

    Parameters
    ----------
    light : array_like
        Linear light, nominally 0 … 1; any shape.

    Returns
    -------
    ndarray
        sRGB values, same shape; NaN stays NaN, infinities keep their sign.
    """
    values = _floating(light)
    size = np.abs(values)
    curve = (1 + _OFFSET) * size ** (1 / _POWER) - _OFFSET
    with np.errstate(over="ignore"):
        line = size * _SLOPE
    return np.asarray(np.copysign(np.where(size <= _LINEAR_KNEE, line, curve), values))


def _floating(values: npt.ArrayLike) -> FloatArray:
    array = np.asarray(values)
    return array if array.dtype.kind == "f" else array.astype(np.float64)
