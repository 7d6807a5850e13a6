"""MS-SSIM, GMSD and the checkerboard meter: published numbers, an independent computation, and what they cannot see."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.kernels.test_metrics import chirp, doubled_rows, halved
from workbench.kernels.cancel import CancelToken
from workbench.kernels.checkerboard import checkerboard_in, grid_of
from workbench.kernels.errors import Cancelled, ParameterError
from workbench.kernels.method import SourceSpec
from workbench.kernels.perceptual import MS_SIDE, gmsd, ms_ssim
from workbench.kernels.registry import from_text

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "perceptual.json").read_text(encoding="utf-8"))


def pair(height: int, width: int, channels: int, data_range: float, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """The pictures that the oracle measured."""
    rng = np.random.default_rng(height)
    y, x = np.mgrid[:height, :width]
    planes = [0.5 + 0.3 * np.sin(x / (5 + 3 * k)) * np.cos(y / (9 - 2 * k)) for k in range(channels)]
    picture = np.stack(planes, axis=2)
    copy = picture + noise * rng.standard_normal(picture.shape)
    return picture.squeeze() * data_range, copy.squeeze() * data_range


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda one: "x".join(map(str, one["case"][:3])))
def test_both_equal_a_computation_with_another_librarys_convolutions(case) -> None:
    reference, copy = pair(*case["case"])
    data_range = case["case"][3]

    assert ms_ssim(copy, reference, data_range) == pytest.approx(case["ms_ssim"], rel=1e-11)
    assert gmsd(copy, reference, data_range) == pytest.approx(case["gmsd"], rel=1e-9)


def test_the_round_trips_of_the_chirp_get_their_known_numbers() -> None:
    bilinear = doubled_rows(doubled_rows(halved(chirp())).T).T
    nearest = halved(chirp()).repeat(2, axis=0).repeat(2, axis=1)

    assert ms_ssim(bilinear, chirp()) == pytest.approx(0.849008, abs=5e-7)
    assert ms_ssim(nearest, chirp()) == pytest.approx(0.952100, abs=6e-7)
    assert gmsd(bilinear, chirp()) == pytest.approx(0.101701, abs=5e-7)
    assert gmsd(nearest, chirp()) == pytest.approx(0.0, abs=5e-7)


def test_a_checkerboard_of_two_pixels_is_not_seen_by_gmsd() -> None:
    n = np.arange(256)
    picture = 0.5 + 0.4 * np.cos(np.pi * (n[:, None] ** 2 + n**2) / 2048)
    board = picture + np.where(np.indices(picture.shape).sum(0) % 2, 0.1, -0.1)

    assert gmsd(board, picture) == pytest.approx(0.0, abs=1e-12)
    assert ms_ssim(board, picture) == pytest.approx(0.9923, abs=5e-5)


def test_equal_pictures_are_perfect() -> None:
    picture = np.random.default_rng(1).random((180, 191, 3))

    assert (ms_ssim(picture, picture.copy()), gmsd(picture, picture.copy())) == (1.0, 0.0)


def test_a_picture_that_does_not_hold_five_scales_is_refused() -> None:
    assert MS_SIDE == 176
    with pytest.raises(ParameterError, match="at least 176 px, not 175"):
        ms_ssim(np.zeros((175, 300)), np.zeros((175, 300)))


def test_both_stop_when_asked() -> None:
    token = CancelToken()
    token.cancel()

    for measure in (ms_ssim, gmsd):
        with pytest.raises(Cancelled):
            measure(np.zeros((180, 200)), np.zeros((180, 200)), cancel=token)


def texture(height: int = 120, width: int = 150) -> np.ndarray:
    """Smooth random shapes about a half."""
    rng = np.random.default_rng(4)
    rows, cols = np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width)[None]
    spectrum = np.fft.fft2(rng.normal(size=(height, width))) / (np.hypot(rows, cols) + 0.02) ** 1.5
    made = np.fft.ifft2(spectrum).real
    return 0.5 + 0.08 * (made - made.mean()) / made.std()


@pytest.mark.parametrize(
    ("text", "period", "index"),
    [
        ("transposed_conv:kernel=ones,kernel_size=3,stride=2,padding=1,output_padding=1", 2, 0.4843),
        ("transposed_conv:kernel=ones,kernel_size=5,stride=2,padding=2,output_padding=1", 2, 0.2857),
        ("transposed_conv:kernel=ones,kernel_size=4,stride=3", 3, 0.5154),
    ],
)
def test_the_meter_reads_a_layers_grid_in_its_picture(text: str, period: int, index: float) -> None:
    x = texture()
    grid = checkerboard_in(from_text(text).operator(SourceSpec(x.shape)).apply(x))

    assert (grid.period, grid.found) == (period, True)
    assert grid.index == pytest.approx(index, rel=0.01)


@pytest.mark.parametrize("text", ["bilinear:scale=2", "nearest:scale=2", "bicubic:scale=2,a=-0.5"])
def test_the_meter_finds_no_grid_where_there_is_none(text: str) -> None:
    x = texture()

    assert checkerboard_in(from_text(text).operator(SourceSpec(x.shape)).apply(x)).z < 3


def test_a_ramp_is_no_grid_and_a_tiny_picture_has_no_reading() -> None:
    ramp = np.tile(np.linspace(0.1, 0.9, 61), (47, 1))

    assert not checkerboard_in(ramp).possible
    assert grid_of(np.ones((7, 40)), 2) is None


def test_an_injected_grid_is_read_as_strong_as_it_is() -> None:
    picture = texture()
    board = picture + 0.05 * picture.mean() * np.where(np.indices(picture.shape).sum(0) % 2, 1, -1)

    assert checkerboard_in(board).index == pytest.approx(0.05, rel=0.02)
