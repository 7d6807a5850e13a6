"""Charts hold what their notes promise, at every size."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.kernels.errors import ParameterError, ShapeError
from workbench.kernels.patterns import Chart, all_charts, chart

every_chart = pytest.mark.parametrize("each", all_charts(), ids=lambda each: each.id)


def test_the_charts_are_those_the_menu_promises() -> None:
    assert [each.id for each in all_charts()] == [
        "impulse",
        "step",
        "ramp",
        "zone_plate",
        "slanted_edge",
        "star",
        "checkerboard",
        "noise",
        "text",
    ]


@every_chart
@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (5, 1), (3, 2), (17, 41), (70, 33)])
def test_a_chart_fills_any_shape_with_values_from_0_to_1(each: Chart, shape: tuple[int, int]) -> None:
    plane = each.make(shape)

    assert (plane.shape, plane.dtype) == (shape, np.float64)
    assert plane.min() >= 0
    assert plane.max() <= 1


@every_chart
def test_a_chart_is_the_same_each_time_and_not_flat(each: Chart) -> None:
    first = each.make(each.default_shape)

    assert np.array_equal(first, each.make(each.default_shape))
    assert np.ptp(first) > 0.9


@every_chart
@pytest.mark.parametrize("shape", [(0, 4), (4, -1)])
def test_a_chart_without_pixels_is_refused(each: Chart, shape: tuple[int, int]) -> None:
    with pytest.raises(ShapeError, match="both sides must be at least 1"):
        each.make(shape)


@every_chart
def test_a_chart_is_found_by_its_id(each: Chart) -> None:
    assert chart(each.id) is each


def test_an_unknown_chart_is_answered_with_those_there_are() -> None:
    with pytest.raises(ParameterError, match=r"must be one of impulse, step.* not plaid"):
        chart("plaid")


def test_the_impulse_is_one_pixel() -> None:
    plane = chart("impulse").make((6, 9))

    assert (plane.sum(), plane[3, 4]) == (1.0, 1.0)


def test_the_ramp_rises_evenly_along_the_rows() -> None:
    plane = chart("ramp").make((3, 9))

    np.testing.assert_allclose(plane[2], np.arange(9) / 8, rtol=1e-15)


@pytest.mark.parametrize(("axis", "shape"), [(0, (60, 44)), (1, (44, 60))])
def test_the_zone_plate_ends_just_below_half_a_cycle_per_pixel(axis: int, shape: tuple[int, int]) -> None:
    plane = chart("zone_plate").make(shape)
    # Samples of ½ + ½ cos φ along the longer axis: at the border φ grows by nearly π a pixel.
    n = np.arange(60) - 29.5
    line = np.take(plane, 22, axis=1 - axis)

    np.testing.assert_allclose(line, 0.5 + 0.5 * np.cos(np.pi * (n**2 + 0.5**2) / 60), atol=1e-12)
    assert np.pi * (n[-1] ** 2 - n[-2] ** 2) / 60 < np.pi


def test_the_slanted_edge_holds_exact_shares_of_white() -> None:
    shape = (24, 31)
    plane = chart("slanted_edge").make(shape)
    fine = (np.arange(400) + 0.5) / 400 - 0.5
    slope = np.tan(np.radians(5.0))
    row, col = 20, 14
    y, x = row - 11.5 + fine[:, None], col - 15 + fine[None, :]

    assert plane[row, col] == pytest.approx((x + slope * y > 0).mean(), abs=2e-3)
    assert 0.05 < plane[row, col] < 0.95


def test_the_slanted_edge_leans_five_degrees() -> None:
    plane = chart("slanted_edge").make((96, 128))
    position = 128 - plane.sum(axis=1)

    assert np.degrees(np.arctan(position[9] - position[10])) == pytest.approx(5.0, abs=1e-9)


def test_the_star_is_grey_where_its_spokes_would_alias() -> None:
    plane = chart("star").make((160, 201))
    rows, cols = np.mgrid[:160, :201]
    reach = np.hypot(rows - 79.5, cols - 100)

    assert (plane[reach < 36 / np.pi] == 0.5).all()
    assert np.ptp(plane[reach > 36 / np.pi]) > 0.99


def test_the_checkerboard_alternates_every_eight_pixels() -> None:
    plane = chart("checkerboard").make((40, 64))

    assert (plane[7, 7], plane[7, 8], plane[8, 7], plane[8, 15]) == (0.0, 1.0, 1.0, 0.0)


def test_noise_is_even_from_0_to_1() -> None:
    plane = chart("noise").make((200, 300))

    assert (plane.mean(), plane.var()) == pytest.approx((0.5, 1 / 12), abs=2e-3)


def test_the_first_letter_of_the_text_is_the_s_of_the_font() -> None:
    ink = 1 - chart("text").make((40, 90))

    drawn = ["".join("#" if dot else "." for dot in row) for row in ink[2:9, 2:7]]
    assert drawn == [".####", "#....", "#....", ".###.", "....#", "....#", "####."]


def test_text_has_no_grey() -> None:
    assert set(np.unique(chart("text").make((96, 160)))) == {0.0, 1.0}
