"""The sum of a pixel in its four forms, with exact numbers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from workbench.kernels.arrays import Pixel
from workbench.kernels.method import SourceSpec
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.provenance import Trace, trace
from workbench.kernels.registry import from_text
from workbench.model.lessons import load_lesson
from workbench.model.terms import (
    Factors,
    Form,
    as_fractions,
    as_latex,
    factors_of,
    forms_of,
    fraction_of,
    symbol,
    weight_fraction,
    weight_index,
)

SHAPE = (9, 14)
X = np.random.default_rng(5).random(SHAPE)


def traced(text: str, pixel: tuple[int, int]) -> tuple[LinearOperator, Trace, Factors | None]:
    operator = from_text(text).operator(SourceSpec(SHAPE))
    made = trace(operator, X, Pixel(*pixel))
    return operator, made, factors_of(operator, made.pixel, made.stencil)


def lesson_sum(id: str, pixel: tuple[int, int]) -> tuple[Trace, Factors | None]:
    """The sum of an article's output pixel."""
    comparison = load_lesson(id)
    x = np.asarray(comparison.source.values(), np.float64)
    operator = comparison.slots[0].method.operator(SourceSpec(x.shape))
    made = trace(operator, x, Pixel(*pixel))
    return made, factors_of(operator, made.pixel, made.stencil)


def test_a_bicubic_weight_is_111_128ths_on_each_axis() -> None:
    _, _, factors = traced("bicubic:scale=2,a=-0.5", (7, 13))
    fractions = [Fraction(-9, 128), Fraction(111, 128), Fraction(29, 128), Fraction(-3, 128)]

    assert factors is not None
    assert [fraction_of(weight) for weight in factors.down.tolist()] == fractions


def test_the_weight_of_two_axes_is_the_product_of_their_fractions() -> None:
    _, made, factors = traced("bicubic:scale=2,a=-0.5", (7, 13))
    strongest = max(made.terms, key=lambda term: abs(term.weight))

    assert weight_fraction(strongest, factors) == Fraction(111, 128) ** 2


@pytest.mark.parametrize(
    ("weight", "fraction"),
    [
        (111 / 128, Fraction(111, 128)),
        (1 / 16384, Fraction(1, 16384)),
        (1 / 3, Fraction(1, 3)),
        (1 / 16387, None),
        (0.5 + 2e-12, None),
        (float("nan"), None),
    ],
)
def test_a_fraction_is_claimed_only_where_it_is_the_weight(weight: float, fraction: Fraction | None) -> None:
    assert fraction_of(weight) == fraction


@pytest.mark.parametrize(
    "text",
    [
        "bicubic:scale=2,a=-0.5",
        "bspline:scale=2",
        "transposed_conv:kernel=gaussian,kernel_size=5,stride=2,padding=2",
        "resize_conv:scale=2",
        "lanczos:scale=3",
    ],
)
def test_row_weights_times_column_weights_are_the_weights(text: str) -> None:
    _, made, factors = traced(text, (7, 12))

    assert factors is not None
    for term in made.terms:
        down, across = factors.parts(term.row, term.col)
        assert down * across == pytest.approx(term.weight, rel=1e-13, abs=1e-16)


def test_a_row_that_is_no_product_has_no_factored_form() -> None:
    _, _, factors = traced("transposed_conv:kernel=[[1,4,1],[1,4,3],[3,3,1]],stride=1", (4, 6))

    assert factors is None
    assert Form.FACTORED not in forms_of(factors)


@pytest.mark.parametrize(
    ("indices", "text"), [((3, 1), "x₃₁"), ((28, 40), "x₂₈,₄₀"), ((1, 10), "x₁,₁₀"), ((0, 0), "x₀₀")]
)
def test_symbols_are_told_apart_by_a_comma_where_they_must(indices: tuple[int, int], text: str) -> None:
    assert symbol("x", *indices) == text


def test_the_index_of_a_layers_weight_is_its_tap() -> None:
    operator, made, _ = traced("transposed_conv:kernel=gaussian,stride=2,padding=1", (3, 6))
    taps = {weight_index(operator, made.pixel, made.stencil, term) for term in made.terms}

    # Output 3 with stride 2 and padding 1 meets taps 0 and 2, output 6 meets tap 1.
    assert taps == {(0, 1), (2, 1)}


def test_the_articles_transposed_convolution_as_a_line_of_text() -> None:
    made, factors = lesson_sum("article-deconv", (1, 2))

    assert as_fractions(made, factors) == "y[1,2] = 4·x[1,1] + 3·x[0,0] + 4·x[0,1] + 1·x[1,0] = 30.0"


def test_the_articles_transposed_convolution_for_a_paper() -> None:
    made, factors = lesson_sum("article-deconv", (1, 2))

    assert as_latex(made, factors) == r"y_{1,2} = 4\,x_{1,1} + 3\,x_{0,0} + 4\,x_{0,1} + 1\,x_{1,0} = 30"


def test_fractions_and_signs_in_latex() -> None:
    operator = from_text("bicubic:scale=2,a=-0.5,edge=replicate").operator(SourceSpec((1, 6)))
    made = trace(operator, np.array([[1.0, 2, 3, 4, 5, 6]]), Pixel(0, 5))
    text = as_latex(made, factors_of(operator, made.pixel, made.stencil))

    assert text.startswith(r"y_{0,5} = \frac{111}{128}\,x_{0,2} + \frac{29}{128}\,x_{0,3} - \frac{9}{128}\,x_{0,1}")


def test_a_fraction_line_adds_up_exactly() -> None:
    _, made, factors = traced("bicubic:scale=2,a=-0.5", (7, 13))

    assert sum(weight_fraction(term, factors) for term in made.terms) == 1
