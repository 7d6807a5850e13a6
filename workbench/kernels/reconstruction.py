"""One-dimensional reconstruction kernels: a name, a weight function, a support, and where it comes from.

Source: Keys (1981) for cubics in a; Mitchell & Netravali (1988) for cubics in (B, C); Duchon (1979) for Lanczos
windows; Unser (1999) for B-splines; Pillow for the Hamming window, TensorFlow for the Gaussian.

Convention
    Distances in input samples; a weight function takes and gives float64 arrays.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Reconstruction:
    """A kernel as data with one function in it.

    Parameters
    ----------
    name : str
    weight : callable
        Weight as a function of the distance in input samples, for arrays.
    radius : float
        Weights are zero from this distance on.
    formula : str
    """

    name: str
    weight: Callable[[Floats], Floats]
    radius: float
    formula: str


def _sinc(t: Floats) -> Floats:
    """sin πt / πt, exactly 0 at whole numbers, where floating sines are not."""
    return np.asarray(np.where(t == np.rint(t), np.where(t == 0, 1.0, 0.0), np.sinc(t)))


def _hamming(t: Floats) -> Floats:
    return np.asarray(np.where(np.abs(t) < 1, _sinc(t) * (0.54 + 0.46 * np.cos(np.pi * t)), 0.0))


BOX = Reconstruction(
    name="box",
    weight=lambda t: np.where((t > -0.5) & (t <= 0.5), 1.0, 0.0),
    radius=0.5,
    formula="k(t) = 1 on (−½, ½]",
)

TRIANGLE = Reconstruction(
    name="triangle",
    weight=lambda t: np.maximum(0.0, 1.0 - np.abs(t)),
    radius=1.0,
    formula="k(t) = max(0, 1 − |t|)",
)

HAMMING = Reconstruction(
    name="Hamming",
    weight=_hamming,
    radius=1.0,
    formula="k(t) = sinc t · (0.54 + 0.46 cos πt), |t| < 1",
)

GAUSSIAN = Reconstruction(
    name="Gaussian",
    weight=lambda t: np.where(np.abs(t) < 1.5, np.exp(-2.0 * t * t), 0.0),
    radius=1.5,
    formula="k(t) = exp(−2t²), |t| < 1.5",
)


@cache
def keys(a: float) -> Reconstruction:
    """Keys' cubic with slope a at t = 1: it passes through the samples; only a = −½ keeps a ramp a ramp."""
    return Reconstruction(
        name=f"cubic a = {a:g}",
        weight=cubic(0.0, -a).weight,
        radius=2.0,
        formula="k(t) = (a+2)|t|³ − (a+3)t² + 1, |t| ≤ 1; a(|t|³ − 5t² + 8|t| − 4), |t| < 2",
    )


@cache
def cubic(b: float, c: float) -> Reconstruction:
    """Mitchell and Netravali's cubic: B blurs, C rings; (0, C) is `keys` with a = −C, (1, 0) the cubic B-spline."""

    def weight(t: Floats) -> Floats:
        d = np.abs(t)
        near = ((2 - 1.5 * b - c) * d - (3 - 2 * b - c)) * d * d + (1 - b / 3)
        # The second piece in factors, so that it is exactly 0 at its knots.
        far = (2 - d) ** 2 * (b / 6 * (2 - d) - c * (d - 1))
        return np.asarray(np.where(d < 1, near, np.where(d < 2, far, 0.0)))

    return Reconstruction(
        name=f"cubic ({b:.3g}, {c:.3g})",
        weight=weight,
        radius=2.0,
        formula="k(t) = ⅙[(12−9B−6C)|t|³ + (−18+12B+6C)t² + 6−2B], |t| < 1; "
        "⅙[(−B−6C)|t|³ + (6B+30C)t² + (−12B−48C)|t| + 8B+24C], |t| < 2",
    )


@cache
def lanczos(r: int) -> Reconstruction:
    """The sinc, windowed by the middle lobe of a sinc r times as wide."""

    def weight(t: Floats) -> Floats:
        return np.asarray(np.where(np.abs(t) < r, _sinc(t) * np.sinc(t / r), 0.0))

    return Reconstruction(
        name=f"Lanczos {r}",
        weight=weight,
        radius=float(r),
        formula=f"k(t) = sinc t · sinc t/{r}, |t| < {r}",
    )


@cache
def bspline(order: int) -> Reconstruction:
    """The B-spline of an order: the box convolved with itself that many times. It does not pass through the samples."""
    half = (order + 1) / 2
    terms = [((-1) ** q * math.comb(order + 1, q) / math.factorial(order), half - q) for q in range(order + 2)]

    def weight(t: Floats) -> Floats:
        # Seen from the far side, where few terms count: |t| near the rim would be a difference of large powers.
        d = -np.abs(t)
        total = sum((factor * np.maximum(d + knot, 0.0) ** order for factor, knot in terms), np.zeros_like(d))
        return np.asarray(np.where(d > -half, total, 0.0))

    return Reconstruction(
        name=f"B-spline {order}",
        weight=weight,
        radius=half,
        formula=f"k(t) = (1/{order}!) Σ (−1)^q C({order + 1}, q) (t + {half:g} − q)₊^{order}",
    )
