"""Measures agree with worked numbers and with scikit-image, and say why when there is none."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from workbench.kernels.cancel import CancelToken
from workbench.kernels.errors import Cancelled, ParameterError, ShapeError
from workbench.kernels.metrics import METRICS, ErrorSums, measure, ssim

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "metrics.json").read_text(encoding="utf-8"))


def chirp() -> np.ndarray:
    """x(r, c) = ½ + ½ cos(π (r² + c²) / 512): the picture the published numbers belong to."""
    n = np.arange(256)
    return 0.5 + 0.5 * np.cos(np.pi * (n[:, None] ** 2 + n**2) / 512)


def halved(x: np.ndarray) -> np.ndarray:
    """Mean of each 2 × 2 block."""
    return x.reshape(x.shape[0] // 2, 2, x.shape[1] // 2, 2).mean(axis=(1, 3))


def doubled_rows(x: np.ndarray) -> np.ndarray:
    """Bilinear 2× along the rows, half-pixel centres, border replicated: weights ¼ and ¾ by hand."""
    padded = np.pad(x, ((1, 1), (0, 0)), mode="edge")
    out = np.empty((2 * x.shape[0], x.shape[1]))
    out[0::2] = 0.25 * padded[:-2] + 0.75 * padded[1:-1]
    out[1::2] = 0.75 * padded[1:-1] + 0.25 * padded[2:]
    return out


@pytest.fixture(scope="module")
def of_bilinear() -> dict[str, float | str]:
    return measure(doubled_rows(doubled_rows(halved(chirp())).T).T, chirp())


@pytest.fixture(scope="module")
def of_nearest() -> dict[str, float | str]:
    return measure(halved(chirp()).repeat(2, axis=0).repeat(2, axis=1), chirp())


@pytest.mark.parametrize(
    ("metric", "expected", "digit"),
    [
        ("mse", 0.10201611, 5e-9),
        ("psnr", 9.9133, 5e-5),
        ("max_error", 0.5515, 5e-5),
        ("ssim", 0.215445, 5e-7),
    ],
)
def test_the_bilinear_round_trip_of_the_chirp_gets_its_known_numbers(
    of_bilinear, metric: str, expected: float, digit: float
) -> None:
    assert of_bilinear[metric] == pytest.approx(expected, abs=digit)


@pytest.mark.parametrize(
    ("metric", "expected", "digit"),
    [("mse", 0.093748, 5e-7), ("psnr", 10.2804, 5e-5), ("ssim", 0.333949, 5e-7)],
)
def test_the_nearest_round_trip_of_the_chirp_gets_its_known_numbers(
    of_nearest, metric: str, expected: float, digit: float
) -> None:
    assert of_nearest[metric] == pytest.approx(expected, abs=digit)


@pytest.mark.parametrize("metric", ["ssim", "psnr", "mse"])
@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["name"])
def test_a_measure_equals_that_of_scikit_image(case, metric: str) -> None:
    found = measure(np.array(case["picture"]), np.array(case["reference"]), case["data_range"])

    assert found[metric] == pytest.approx(case[metric], rel=1e-12)


def test_the_simple_measures_of_a_worked_example() -> None:
    a = np.array([[0.5, 0.25, 1.0]])
    r = np.array([[0.25, 0.5, 0.5]])

    found = measure(a, r, data_range=2.0)

    assert (found["bias"], found["mae"], found["mse"], found["max_error"]) == pytest.approx(
        (0.5 / 3, 1.0 / 3, 0.375 / 3, 0.5)
    )
    assert found["psnr"] == pytest.approx(10 * math.log10(4 / 0.125))


def test_the_result_has_the_columns_of_the_table_in_their_order() -> None:
    assert list(measure(np.zeros((2, 3)), np.ones((2, 3)))) == [metric.id for metric in METRICS]


def test_a_picture_compared_with_itself_is_perfect() -> None:
    picture = np.random.default_rng(5).random((19, 30, 3))

    assert measure(picture, picture.copy()) == {
        "psnr": math.inf,
        "ssim": 1.0,
        "mse": 0.0,
        "mae": 0.0,
        "bias": 0.0,
        "max_error": 0.0,
    }


def test_ssim_of_a_picture_with_a_short_side_says_so() -> None:
    assert measure(np.zeros((10, 40)), np.ones((10, 40)))["ssim"] == "side < 11 px"


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_one_unfinite_value_makes_every_measure_say_so(bad: float) -> None:
    picture = np.zeros((12, 15))
    picture[3, 7] = bad

    assert set(measure(picture, np.zeros((12, 15))).values()) == {"not finite"}


def test_values_too_large_to_square_are_no_numbers_and_no_warning() -> None:
    huge = np.full((12, 15), 1e200)

    assert measure(huge, huge)["ssim"] == "not finite"


def test_ssim_does_not_depend_on_the_bands_it_is_computed_in(monkeypatch) -> None:
    rng = np.random.default_rng(8)
    a, r = rng.random((37, 23)), rng.random((37, 23))
    whole = ssim(a, r)
    monkeypatch.setattr("workbench.kernels.metrics._BAND", 400)

    assert ssim(a, r) == pytest.approx(whole, rel=1e-13)


def test_a_float32_picture_is_measured_in_float64() -> None:
    rng = np.random.default_rng(9)
    a, r = rng.random((13, 18), dtype=np.float32), rng.random((13, 18), dtype=np.float32)

    assert measure(a, r) == measure(a.astype(np.float64), r.astype(np.float64))


def test_tiles_in_any_order_add_up_to_the_whole() -> None:
    rng = np.random.default_rng(11)
    a, r = rng.random((30, 44, 3)), rng.random((30, 44, 3))
    sums = ErrorSums()
    for rows, cols in [
        (slice(17, 30), slice(0, 44)),
        (slice(0, 17), slice(20, 44)),
        (slice(0, 17), slice(0, 20)),
    ]:
        sums.add(a[rows, cols], r[rows, cols])
    whole = measure(a, r)

    assert sums.results() == pytest.approx({key: whole[key] for key in sums.results()}, rel=1e-13)


def test_an_unfinite_tile_is_not_forgotten() -> None:
    sums = ErrorSums()
    sums.add(np.array([[np.nan, 1.0]]), np.zeros((1, 2)))
    sums.add(np.ones((2, 3)), np.zeros((2, 3)))

    assert sums.results()["max_error"] == "not finite"


def test_sums_of_nothing_say_that_there_are_no_pixels() -> None:
    assert set(ErrorSums().results().values()) == {"no pixels"}


def test_unequal_shapes_are_refused_and_both_are_named() -> None:
    with pytest.raises(ShapeError, match=r"not 12 × 20 and 20 × 12"):
        measure(np.zeros((12, 20)), np.zeros((20, 12)))


@pytest.mark.parametrize("data_range", [0.0, -1.0, np.nan, np.inf])
def test_a_data_range_that_is_none_is_refused(data_range: float) -> None:
    with pytest.raises(ParameterError, match="data_range: must be a finite number above 0"):
        measure(np.zeros((12, 20)), np.zeros((12, 20)), data_range)


def test_measuring_stops_when_asked() -> None:
    token = CancelToken()
    token.cancel()

    with pytest.raises(Cancelled):
        measure(np.zeros((12, 20)), np.zeros((12, 20)), cancel=token)


def test_ssim_stops_between_two_bands(monkeypatch) -> None:
    monkeypatch.setattr("workbench.kernels.metrics._BAND", 400)
    told: list[float] = []
    token = CancelToken(told.append)
    token_after = CancelToken(lambda done: token_after.cancel() if done > 0.3 else None)
    ssim(np.zeros((37, 23)), np.zeros((37, 23)), cancel=token)

    with pytest.raises(Cancelled):
        ssim(np.zeros((37, 23)), np.zeros((37, 23)), cancel=token_after)

    assert told == sorted(told)
    assert max(told) > 0.5
