"""The spread of blocks: exact, of each channel, with what is missing left out; of what is shown."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.kernels.arrays import Window
from workbench.kernels.placement import IDENTITY
from workbench.model.channels import picked
from workbench.model.envelope import block_spread, coarser_spread, shown_spread, spread_of
from workbench.model.rasters import ArrayRaster


@pytest.mark.parametrize("b", [2, 3, 7, 40])
def test_the_spread_of_a_block_is_its_largest_minus_its_smallest_value_in_each_channel(b: int) -> None:
    image = np.random.default_rng(b).normal(size=(23, 17, 3)).astype(np.float32)
    found = block_spread(image, b)

    for row in range(-(-23 // b)):
        for col in range(-(-17 // b)):
            part = image[row * b : (row + 1) * b, col * b : (col + 1) * b]

            assert found[row, col].tolist() == np.ptp(part, axis=(0, 1)).tolist()


@pytest.mark.parametrize(
    ("view", "channels", "far"),
    [
        ("rgb", 4, 0.5),
        ("rgb", 3, 0.5),
        ("rgb", 2, 0.25),
        ("r", 4, 0.25),
        ("g", 3, 0.5),
        ("b", 3, 0.0),
        ("alpha", 4, 1.0),
    ],
)
def test_what_a_channel_view_does_not_show_is_not_hidden_by_it(view, channels: int, far: float) -> None:
    spread = np.array([[[0.25, 0.5, 0.0, 1.0]]], np.float32)[:, :, :channels]

    assert shown_spread(spread, view).tolist() == [[far]]


def test_the_spread_of_luminance_is_never_said_to_be_smaller() -> None:
    image = np.random.default_rng(3).random((12, 18, 3), dtype=np.float32)
    exact = block_spread(picked(image, "luminance"), 3)

    assert (shown_spread(block_spread(image, 3), "luminance") >= exact - 1e-6).all()


def test_missing_values_are_left_out_and_a_lone_infinity_shows() -> None:
    image = np.array([[0.25, np.nan, np.inf, 1.0], [np.nan, 0.75, 1.0, 1.0], [np.nan, np.nan, -np.inf, -np.inf]])

    assert block_spread(image, 2).tolist() == [[0.5, np.inf], [0.0, 0.0]]


def test_a_window_of_blocks_read_tile_by_tile_is_that_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.model.envelope.TILE", 12)
    image = np.random.default_rng(1).random((61, 50), dtype=np.float32)
    window = Window(2, 1, 16, 13)

    assert np.array_equal(spread_of(ArrayRaster(image, IDENTITY), 4, window), block_spread(image, 4)[window.slices])


def test_until_the_exact_spread_is_known_it_is_at_least_that_of_the_means_and_of_the_parts() -> None:
    image = np.random.default_rng(2).random((24, 36), dtype=np.float32)
    means = image.reshape(12, 2, 18, 2).mean(axis=(1, 3))
    guess, exact = coarser_spread(means, block_spread(image, 2), 3), block_spread(image, 6)

    assert (guess <= exact + 1e-6).all()
    assert (guess >= block_spread(image, 2).reshape(4, 3, 6, 3).max(axis=(1, 3))).all()
