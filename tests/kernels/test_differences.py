"""Differences follow their formulas, keep their sign, and never compare what does not fit."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.kernels.differences import (
    Difference,
    difference,
    fit_range,
    mean_of_channels,
    symmetric_range,
)
from workbench.kernels.errors import ParameterError, ShapeError

PICTURE = np.array([[0.75, 0.25, -0.5]])
REFERENCE = np.array([[0.5, 0.5, -0.25]])
POINTWISE = [kind for kind in Difference if kind.pointwise]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Difference.SIGNED, [0.25, -0.25, -0.25]),
        (Difference.ABSOLUTE, [0.25, 0.25, 0.25]),
        (Difference.SQUARED, [0.0625, 0.0625, 0.0625]),
        (Difference.RELATIVE, [0.25 / 0.75, 0.25 / 0.75, 0.25 / 0.5]),
        (Difference.SMAPE, [0.5 / 1.5, 0.5 / 1.0, 0.5 / 1.0]),
        (Difference.LOG_RATIO, [np.log2(1 / 0.75), np.log2(0.5 / 0.75), np.log2(0.75 / 0.5)]),
    ],
)
def test_each_kind_follows_its_formula(kind: Difference, expected: list[float]) -> None:
    found = difference(PICTURE, REFERENCE, kind, eps=0.25)

    np.testing.assert_allclose(found, [expected], rtol=1e-15)


@pytest.mark.parametrize("kind", POINTWISE)
def test_identical_pictures_differ_by_exactly_zero(kind: Difference) -> None:
    picture = np.random.default_rng(3).random((5, 8, 3), dtype=np.float32) - 0.2

    assert not difference(picture, picture.copy(), kind).any()


@pytest.mark.parametrize("kind", POINTWISE)
def test_only_signed_kinds_change_sign_when_the_pictures_change_places(kind: Difference) -> None:
    there = difference(PICTURE, REFERENCE, kind)[0, 1]
    back = difference(REFERENCE, PICTURE, kind)[0, 1]

    assert (there * back < 0) == kind.signed


@pytest.mark.parametrize("kind", Difference)
def test_a_kind_is_either_signed_or_sequential_and_found_by_its_id(kind: Difference) -> None:
    assert kind.signed != kind.sequential
    assert Difference(kind.value) is kind


def test_a_negative_reference_is_measured_by_its_size() -> None:
    assert difference(np.array([[-1.5]]), np.array([[-1.0]]), Difference.RELATIVE, eps=0)[0, 0] == 0.5


def test_unequal_shapes_are_refused_and_both_are_named() -> None:
    with pytest.raises(ShapeError, match=r"not 4 × 6 and 6 × 4 × 3"):
        difference(np.zeros((4, 6)), np.zeros((6, 4, 3)), Difference.SIGNED)


def test_shapes_that_would_broadcast_are_refused_too() -> None:
    with pytest.raises(ShapeError, match=r"not 4 × 6 × 1 and 4 × 6 × 3"):
        difference(np.zeros((4, 6, 1)), np.zeros((4, 6, 3)), Difference.SIGNED)


@pytest.mark.parametrize("eps", [-0.01, np.nan, np.inf])
def test_an_eps_that_is_no_floor_is_refused(eps: float) -> None:
    with pytest.raises(ParameterError, match="eps: must be at least 0"):
        difference(PICTURE, REFERENCE, Difference.SMAPE, eps=eps)


def test_a_kind_that_looks_around_is_refused_where_two_values_are_all_there_is() -> None:
    with pytest.raises(ParameterError, match="must follow from two values, not ssim"):
        difference(PICTURE, REFERENCE, Difference.SSIM)


def test_integers_are_subtracted_without_wrapping() -> None:
    found = difference(np.array([[3, 200]], np.uint8), np.array([[5, 100]], np.uint8), Difference.SIGNED)

    assert found.tolist() == [[-2.0, 100.0]]


@pytest.mark.parametrize("kind", POINTWISE)
def test_unfinite_pixels_pass_through_without_a_warning(kind: Difference) -> None:
    found = difference(np.array([[np.nan, np.inf, 0.5]]), np.array([[0.0, np.inf, 0.25]]), kind)

    assert np.isfinite(found).tolist() == [[False, False, True]]


def test_the_mean_of_channels_keeps_the_sign() -> None:
    d = np.zeros((2, 3, 3), np.float32)
    d[1, 2] = (0.5, -0.25, -1.0)

    found = mean_of_channels(d)

    assert (found.shape, found.dtype, found[1, 2]) == ((2, 3), np.float32, -0.25)


@pytest.mark.parametrize("shape", [(3, 5), (3, 5, 1)])
def test_the_mean_of_one_channel_is_that_channel(shape: tuple[int, ...]) -> None:
    d = np.arange(15.0).reshape(shape)

    assert np.array_equal(mean_of_channels(d), np.arange(15.0).reshape(3, 5))


def test_a_symmetric_range_reaches_the_largest_size_on_both_sides() -> None:
    assert symmetric_range(np.array([[0.1, -0.4], [np.nan, np.inf]])) == (-0.4, 0.4)


def test_a_symmetric_range_of_equal_pictures_has_width_one() -> None:
    assert symmetric_range(np.zeros((3, 4))) == (-0.5, 0.5)


def test_a_symmetric_range_may_leave_out_a_share_of_the_values() -> None:
    d = np.append(np.linspace(-0.1, 0.1, 99), 50.0)

    assert symmetric_range(d, share=0.98) == pytest.approx((-0.1, 0.1))


@pytest.mark.parametrize("share", [0.0, 1.5, np.nan])
def test_a_share_outside_its_limits_is_refused(share: float) -> None:
    with pytest.raises(ParameterError, match="share"):
        symmetric_range(np.ones((2, 3)), share=share)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([[0.25, 2.0], [np.nan, -np.inf]], (0.25, 2.0)),
        ([[0.25, 0.25]], (-0.25, 0.75)),
        ([[np.nan, np.inf]], (0.0, 1.0)),
        ([[np.nan, 0.0]], (-0.5, 0.5)),
        ([[7, 3, 250]], (3.0, 250.0)),
    ],
)
def test_a_fitted_range_holds_all_finite_values(values, expected: tuple[float, float]) -> None:
    assert fit_range(np.array(values)) == expected


def test_a_fitted_range_has_width_even_where_one_is_lost_in_rounding() -> None:
    low, high = fit_range(np.full((2, 3), 1e20))

    assert low < 1e20 < high
