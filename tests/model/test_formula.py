"""The check under a sum: red where the operator gives another value, and nowhere else, whatever the picture holds."""

from __future__ import annotations

import numpy as np
import pytest

from tests.model.desk import comparison, desk, picture
from workbench.kernels.arrays import Pixel
from workbench.model.formula import formula_of
from workbench.model.probe import ProbePoint, row_of, value_at


@pytest.mark.parametrize("hole", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(
    "method", ["bspline:scale=2", "bspline:scale=1.7,order=5", "bicubic:scale=2", "resize_conv:scale=2"]
)
def test_pixels_that_are_no_numbers_are_no_bug_of_the_sum(method: str, hole: float) -> None:
    values = picture(26, 40, channels=1)
    values[2, 3] = hole
    made = desk(comparison(method, blocks=None, values=values))
    ready = made.ready("s1")
    wrong = []
    for place in ((0, 1), (5, 7), (33, 61), (43, 5)):
        row = row_of(made.results, ProbePoint("s1", *place), 0)

        assert row is not None
        formula = formula_of(ready, row, 1.0)
        value = value_at(made.results, made.session.value, "s1", Pixel(*place), 0)
        if not formula.adds_up or not np.allclose(formula.answer, value, 0, 1e-12, equal_nan=True):
            wrong.append((place, formula.answer, formula.computed, value))

    assert not wrong
