"""Statistics by phase: exact against numpy, wherever the part begins, and blind to what is not finite."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.kernels.arrays import Window
from workbench.kernels.phases import moments, phase_table, phase_views, whole_cells


@pytest.mark.parametrize("period", [(2, 2), (3, 5), (1, 4)])
@pytest.mark.parametrize("origin", [(0, 0), (4, 7)])
def test_each_phase_has_the_mean_and_the_deviation_of_its_pixels(period, origin) -> None:
    picture = np.random.default_rng(3).normal(5.0, 2.0, (23, 31))
    rows, cols = np.indices(picture.shape)
    table = phase_table(picture, period, origin)

    for p in range(period[0]):
        for q in range(period[1]):
            chosen = picture[((rows + origin[0]) % period[0] == p) & ((cols + origin[1]) % period[1] == q)]
            assert table.count[p, q] == chosen.size
            assert table.mean[p, q] == pytest.approx(chosen.mean(), rel=1e-14)
            assert table.std[p, q] == pytest.approx(chosen.std(), rel=1e-13)


def test_views_of_phases_hold_every_pixel_once() -> None:
    picture = np.arange(7 * 10).reshape(7, 10).astype(np.float32)
    held = np.concatenate([view.ravel() for _, view in phase_views(picture, (3, 4), (2, 1))])

    assert sorted(held.tolist()) == picture.ravel().tolist()


def test_a_one_two_pattern_is_read_in_four_numbers() -> None:
    table = phase_table(np.tile([[1.0, 2.0], [2.0, 4.0]], (5, 8)), (2, 2))

    assert table.mean.tolist() == [[1.0, 2.0], [2.0, 4.0]]
    assert table.std.tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert table.spread == 3.0


def test_values_that_are_not_finite_are_left_out() -> None:
    picture = np.array([[1.0, np.nan, 3.0], [np.inf, 5.0, -np.inf]])

    assert moments(picture) == (3, 3.0, pytest.approx(np.std([1.0, 3.0, 5.0]), rel=1e-15))


def test_a_phase_without_values_has_no_mean() -> None:
    table = phase_table(np.array([[np.nan, 1.0, np.nan, 2.0]]), (1, 2))

    assert table.count.tolist() == [[0, 2]]
    assert np.isnan(table.mean[0, 0])
    assert table.spread == 0.0


def test_a_small_deviation_on_a_large_mean_is_exact(monkeypatch) -> None:
    monkeypatch.setattr("workbench.kernels.phases._BAND", 64)
    picture = 1e9 + np.tile([0.0, 0.25, 0.5, 0.75], (40, 3))

    assert moments(picture) == (480, 1e9 + 0.375, pytest.approx(np.std([0.0, 0.25, 0.5, 0.75]), rel=1e-12))


def test_float32_is_summed_in_float64() -> None:
    picture = np.random.default_rng(4).random((50, 70), dtype=np.float32)

    assert moments(picture)[1] == pytest.approx(float(picture.astype(np.float64).mean()), rel=1e-15)


@pytest.mark.parametrize(("window", "whole"), [(Window(1, 1, 7, 9), True), (Window(0, 0, 6, 9), False)])
def test_a_window_has_whole_cells_if_it_holds_every_phase_equally_often(window: Window, whole: bool) -> None:
    assert whole_cells(window, (3, 4)) is whole
