"""FLIP, a measure of the difference two people would see when they alternate two pictures; an optional package has it.

Source: Andersson et al., "FLIP: A Difference Evaluator for Alternating Images", HPG 2020; the package flip-evaluator.
"""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, as_image
from workbench.kernels.differences import require_equal_shapes
from workbench.kernels.errors import ParameterError

PACKAGE = "flip_evaluator"
REACH = 24
"""Pixels around a pixel that its number follows from, at the package's usual viewing distance; its filters reach 19."""


def missing() -> str | None:
    """Why FLIP cannot be computed here, or None if it can."""
    if importlib.util.find_spec(PACKAGE) is None:
        return "FLIP needs the package flip-evaluator, which is not installed."
    return None


def flip_map(a: npt.ArrayLike, r: npt.ArrayLike, *, encoded: bool = True) -> Image:
    """FLIP at every pixel, 0 … 1; values beyond 0 … 1 count as the nearer end.

    Parameters
    ----------
    a, r : array_like
        Picture and reference, (h, w) or (h, w, c), of equal shape; grey is taken as three equal colours.
    encoded : bool
        Whether the values are sRGB, else linear light.

    Returns
    -------
    ndarray
        (h, w), float32.

    Raises
    ------
    ParameterError
        If the package is not installed.
    """
    why = missing()
    if why is not None:
        raise ParameterError("difference", why)
    a, r = as_image(a, "picture"), as_image(r, "reference")
    require_equal_shapes(a, r)
    package: Any = importlib.import_module(PACKAGE)
    found = package.evaluate(_colours(r), _colours(a), "LDR", inputsRGB=encoded, applyMagma=False)[0]
    made = np.asarray(found, np.float32).reshape(*a.shape[:2], -1)[:, :, 0]
    return np.asarray(made)


def _colours(image: Image) -> npt.NDArray[np.float32]:
    """Three channels in 0 … 1, as the package takes them."""
    planes = image[:, :, None] if image.ndim == 2 else image
    planes = planes[:, :, :3] if planes.shape[2] >= 3 else np.repeat(planes[:, :, :1], 3, axis=2)
    return np.ascontiguousarray(np.clip(np.nan_to_num(planes, nan=0.0), 0, 1), np.float32)
