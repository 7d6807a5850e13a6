"""Edges and charts as functions: the widths and overshoots of methods that the literature's numbers name."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.kernels.edges import edge_of, edge_of_method
from workbench.kernels.ideal import ideal_of
from workbench.kernels.patterns import all_charts, chart
from workbench.kernels.registry import from_text


@pytest.mark.parametrize(
    ("text", "rise", "over"),
    [
        ("nearest:scale=2", 0.800, 0.0),
        ("bilinear:scale=2", 2.200, 0.0),
        ("bicubic:scale=2,a=-0.5", 1.754, 7.03),
        ("bicubic:scale=2,a=-0.75", 1.762, 10.55),
        ("cubic_bc:scale=2", 2.068, 2.34),
        ("lanczos:scale=2", 1.704, 10.32),
        ("bspline:scale=2", 1.740, 9.71),
        ("nearest:scale=4", 0.800, 0.0),
        ("bilinear:scale=4", 3.400, 0.0),
        ("bicubic:scale=4,a=-0.5", 2.878, 7.32),
        ("lanczos:scale=4", 2.937, 11.75),
    ],
)
@pytest.mark.parametrize("axis", [0, 1])
def test_a_method_has_its_known_width_and_overshoot(text: str, rise: float, over: float, axis: int) -> None:
    edge = edge_of_method(from_text(text), axis)

    assert edge.rise == pytest.approx(rise, abs=5e-4)
    assert 100 * edge.over == pytest.approx(over, abs=5e-3)


@pytest.mark.parametrize(
    "text",
    [
        "transposed_conv:kernel=ones,kernel_size=3,stride=2,padding=1,output_padding=1",
        "bilinear:size=97x101",
        "zero_insertion:stride=2",
    ],
)
def test_a_width_is_not_printed_where_it_means_nothing(text: str) -> None:
    assert edge_of_method(from_text(text), 1) is None


def test_a_falling_edge_is_read_like_a_rising_one() -> None:
    places = np.arange(6.0)
    values = np.array([1.0, 1.05, 0.75, 0.25, -0.02, 0.0])
    edge = edge_of(places, values, 1.0, 0.0)

    assert (edge.over, edge.under) == pytest.approx((0.02, 0.05))
    assert edge.rise == pytest.approx(edge_of(places, 1 - values, 0.0, 1.0).rise)


@pytest.mark.parametrize(
    "values", [[0.0, 0.2, 0.4, 0.6], [1.0, 1.0, 1.0, 1.0], [0.0, np.nan, 1.0, 1.0], [0.95, 0.95, 1.0, 1.0]]
)
def test_what_does_not_go_from_one_level_to_the_other_is_no_edge(values) -> None:
    assert edge_of(np.arange(4.0), np.array(values), 0.0, 1.0) is None


@pytest.mark.parametrize("id", ["step", "ramp", "zone_plate", "star", "checkerboard"])
@pytest.mark.parametrize("shape", [(24, 32), (41, 27)])
def test_the_function_behind_a_chart_meets_every_sample(id: str, shape) -> None:
    rows, cols = np.indices(shape)

    assert np.allclose(ideal_of(id, shape)(rows + 0.5, cols + 0.5), chart(id).make(shape), rtol=0, atol=1e-12)


def test_a_pixel_of_the_slanted_edge_is_the_mean_of_the_function_over_it() -> None:
    shape, fine = (24, 32), 64
    y, x = (np.indices((shape[0] * fine, shape[1] * fine)) + 0.5) / fine
    means = ideal_of("slanted_edge", shape)(y, x).reshape(shape[0], fine, shape[1], fine).mean(axis=(1, 3))

    assert np.abs(means - chart("slanted_edge").make(shape)).max() < 2 / fine


def test_charts_without_a_formula_have_no_function() -> None:
    known = {one.id for one in all_charts() if ideal_of(one.id, (24, 32)) is not None}

    assert {one.id for one in all_charts()} - known == {"impulse", "noise", "text"}
