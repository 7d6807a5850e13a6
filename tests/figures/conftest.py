"""Small comparisons that a figure is drawn of; never square, never the centre pixel."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.kernels.arrays import Window
from workbench.kernels.registry import from_text
from workbench.model.document import Comparison, Preparation, Slot
from workbench.model.samples import array_source


def comparison_of(values: object, *methods: str, prepare: str | None = None) -> Comparison:
    """A comparison of an array."""
    slots = tuple(Slot(f"s{k}", from_text(text)) for k, text in enumerate(methods, 1))
    return Comparison(array_source(values), Preparation(from_text(prepare) if prepare else None), slots)


def checkerboard(height: int, width: int) -> np.ndarray:
    """0 and 1 in turn."""
    return (np.add.outer(np.arange(height), np.arange(width)) % 2).astype(np.float64)


@pytest.fixture
def colours() -> Comparison:
    """A colour picture made smaller, and three ways to make it large again."""
    values = np.random.default_rng(3).random((24, 36, 3))
    return comparison_of(values, "nearest:scale=2", "bilinear:scale=2", "transposed_conv:stride=3", prepare="down:2")


@pytest.fixture
def region() -> Window:
    return Window(2, 5, 6, 11)
