"""The stages of a chain at one pixel: each adds up by itself, and the last gives the product's value."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.kernels.arrays import Pixel, Window
from workbench.kernels.method import SourceSpec
from workbench.kernels.provenance import evaluated, trace
from workbench.kernels.registry import from_text
from workbench.model.chain import Stage, stage_operators, stages_at

SHAPE = (11, 17)
X = np.random.default_rng(6).random(SHAPE).astype(np.float32)
AT = Pixel(9, 20)

CHAINS = {
    "resize_conv:scale=2,kernel=gaussian": ("convolution", "resize"),
    "bspline:scale=2": ("spline weights", "prefilter"),
    "transposed_conv:kernel=gaussian,stride=2,padding=1,repeat=2": ("transposed convolution",) * 2,
}


def stages(text: str) -> tuple[Stage, ...]:
    return stages_at(from_text(text).operator(SourceSpec(SHAPE)), X, AT, 0)


@pytest.mark.parametrize("text", CHAINS)
def test_stages_are_named_from_the_last_to_the_first(text: str) -> None:
    assert tuple(stage.title for stage in stages(text)) == CHAINS[text]
    assert [stage.number for stage in stages(text)] == [2, 1]


@pytest.mark.parametrize("text", CHAINS)
def test_the_terms_of_each_stage_give_what_it_computes(text: str) -> None:
    for stage in stages(text):
        assert sum(term.product for term in stage.trace.terms) == pytest.approx(stage.computed, rel=1e-12)


@pytest.mark.parametrize("text", CHAINS)
def test_the_last_stage_gives_the_value_of_the_product(text: str) -> None:
    operator = from_text(text).operator(SourceSpec(SHAPE))
    whole = operator.apply(X.astype(np.float64))

    assert stages(text)[0].trace.value == pytest.approx(whole[AT], rel=1e-12)


@pytest.mark.parametrize("text", CHAINS)
def test_an_earlier_stage_stands_at_the_strongest_source_of_the_later_one(text: str) -> None:
    last, first = stages(text)
    strongest = last.trace.terms[0]

    assert first.trace.pixel == (strongest.row, strongest.col)
    assert first.trace.value == pytest.approx(strongest.value, rel=1e-12)
    assert (last.made, last.read, first.made, first.read) == ("y", "u", "u", "x")


def test_a_single_operator_has_no_stages() -> None:
    operator = from_text("bicubic:scale=2").operator(SourceSpec(SHAPE))

    assert stage_operators(operator) == (operator,)
    assert stages_at(operator, X, AT, 0) == ()


@pytest.mark.parametrize("text", [*CHAINS, "bicubic:scale=2,a=-0.5", "nearest:scale=3", "fourier:scale=2"])
def test_a_pixel_is_evaluated_in_double_as_the_whole_is(text: str) -> None:
    operator = from_text(text).operator(SourceSpec(SHAPE))
    window = Window(9, 20, 11, 23)
    exact = operator.apply(X.astype(np.float64), window)

    np.testing.assert_allclose(evaluated(operator, X, window), exact, rtol=1e-13, atol=1e-15)
    assert trace(operator, X, AT).value == pytest.approx(exact[0, 0], rel=1e-12)
