"""The sRGB curve is the piecewise one, exact at its landmarks, and survives values outside 0 … 1."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.kernels.transfer import linear_to_srgb, srgb_to_linear


@pytest.mark.parametrize(
    ("encoded", "light"),
    [(0.0, 0.0), (1.0, 1.0), (0.5, 0.21404114048223255), (0.04, 0.04 / 12.92), (0.735356983052449, 0.5)],
)
def test_landmarks_of_the_curve_are_met_in_both_directions(encoded: float, light: float) -> None:
    assert (float(srgb_to_linear(encoded)), float(linear_to_srgb(light))) == pytest.approx(
        (light, encoded), rel=1e-14, abs=1e-16
    )


def test_every_byte_comes_back_from_linear_light() -> None:
    codes = np.arange(256) / 255

    assert np.abs(linear_to_srgb(srgb_to_linear(codes)) - codes).max() < 1e-15


def test_the_round_trip_is_exact_beyond_the_nominal_range() -> None:
    values = np.linspace(-3.0, 5.0, 8001)

    # The two pieces of the standard miss each other by 3e-8 at the knee; away from it the trip is exact.
    away = np.abs(np.abs(values) - 0.0405) > 0.001
    back = linear_to_srgb(srgb_to_linear(values[away]))

    np.testing.assert_allclose(back, values[away], rtol=4e-15, atol=1e-15)


@pytest.mark.parametrize("curve", [srgb_to_linear, linear_to_srgb])
def test_both_curves_are_odd(curve) -> None:
    values = np.array([[0.001, 0.02, 0.3], [0.9, 1.0, 7.5]])

    assert np.array_equal(curve(-values), -curve(values))


@pytest.mark.parametrize("curve", [srgb_to_linear, linear_to_srgb])
def test_unfinite_values_stay_what_they_are(curve) -> None:
    found = curve(np.array([np.nan, np.inf, -np.inf]))

    np.testing.assert_array_equal(found, [np.nan, np.inf, -np.inf])


@pytest.mark.parametrize("curve", [srgb_to_linear, linear_to_srgb])
def test_a_float32_picture_stays_float32_and_keeps_its_shape(curve) -> None:
    found = curve(np.full((3, 5, 2), 0.25, np.float32))

    assert (found.dtype, found.shape) == (np.float32, (3, 5, 2))


def test_the_curve_is_not_the_plain_power_it_is_mistaken_for() -> None:
    assert abs(float(srgb_to_linear(0.1)) - 0.1**2.2) > 1e-3
