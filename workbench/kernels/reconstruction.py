"""One-dimensional reconstruction kernels: a name, a weight function, a support, and where it comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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


TRIANGLE = Reconstruction(
    name="triangle",
    weight=lambda t: np.maximum(0.0, 1.0 - np.abs(t)),
    radius=1.0,
    formula="k(t) = max(0, 1 − |t|)",
)
