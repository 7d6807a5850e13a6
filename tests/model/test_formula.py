"""The check under a sum: red where the operator gives another value, and nowhere else, whatever the picture holds."""

from __future__ import annotations

import numpy as np
import pytest

from tests.model.desk import comparison, desk, picture
from workbench.kernels.arrays import Pixel
from workbench.model.formula import formula_of, spoken, strip_number
from workbench.model.probe import ProbePoint, rest_of, row_of, value_at
from workbench.model.terms import as_fractions, as_latex


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


@pytest.mark.parametrize(("gain", "sign"), [(1.0, "+"), (-1.0, "-")])
def test_a_copied_sum_of_a_dense_row_is_the_value_of_the_pixel(gain: float, sign: str) -> None:
    made = desk(comparison("fourier:scale=2", blocks=None, values=gain * picture(90, 120, channels=1)))
    point = ProbePoint("s1", 91, 102)
    row = row_of(made.results, point, 0)

    assert row is not None
    rest = rest_of(made.ready("s1"), row)
    value = value_at(made.results, made.session.value, "s1", point.pixel, 0)
    whole = row.answer + rest
    assert whole == pytest.approx(value, rel=1e-12)
    assert as_fractions(row, None, rest).endswith(f" {sign} {abs(rest)!r} = {whole!r}")
    assert as_latex(row, None, rest).endswith(f" {sign} {abs(rest):.6g} = {whole:.6g}")


def test_the_terms_that_have_no_room_add_a_number_beside_an_infinite_one() -> None:
    values = picture(6, 9, channels=1)
    values[2, 3] = np.inf
    made = desk(comparison("bilinear:scale=2", blocks=None, values=values))
    row = row_of(made.results, ProbePoint("s1", 5, 7), 0)

    assert row is not None
    formula = formula_of(made.ready("s1"), row, 1.0)
    assert formula.sum_from(1) == pytest.approx(sum(term.product for term in row.terms[1:]))
    assert np.isfinite(formula.sum_from(1))


def test_those_who_listen_hear_what_stands_beside_the_terms() -> None:
    made = desk(comparison("fourier:scale=2", blocks=None, values=picture(90, 120, channels=1)))
    row = row_of(made.results, ProbePoint("s1", 91, 102), 0)

    assert row is not None
    formula = formula_of(made.ready("s1"), row, 1.0)
    assert f" more {formula.result.above} = {strip_number(formula.answer)}" in spoken(formula)
