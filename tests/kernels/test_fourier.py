"""Band-limited interpolation: the spectrum of the output is that of the input, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.kernels.arrays import Window
from workbench.kernels.method import SourceSpec
from workbench.kernels.methods.fourier import Fourier
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.resampling import Grid


def made(shape, **fields):
    return Fourier(**fields).operator(SourceSpec(shape))


def noise(shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


@pytest.mark.parametrize(("n", "m"), [(5, 8), (6, 9), (7, 21), (8, 11), (1, 3), (2, 5), (12, 100)])
def test_it_pads_the_spectrum(n, m):
    from scipy.signal import resample

    x = noise(n)

    y = made((1, n), size=(1, m), grid=Grid.ASYMMETRIC).apply(x[None])[0]

    assert np.abs(y - resample(x, m)).max() <= 1e-13


@pytest.mark.parametrize(("n", "m"), [(9, 5), (11, 7), (30, 13)])
def test_it_cuts_the_spectrum_when_reducing(n, m):
    spectrum = np.fft.rfft(noise(n))

    y = made((1, n), size=(1, m), grid=Grid.ASYMMETRIC).apply(np.fft.irfft(spectrum, n)[None])[0]

    assert np.abs(np.fft.rfft(y) / m - spectrum[: m // 2 + 1] / n).max() <= 1e-14


@pytest.mark.parametrize("n", [7, 8, 90])
@pytest.mark.parametrize("grid", [Grid.HALF_PIXEL, Grid.ASYMMETRIC, Grid.ALIGN_CORNERS])
def test_a_wave_that_fits_stays_that_wave_on_any_grid(n, grid):
    method = Fourier(size=(1, 2 * n + 3), grid=grid)
    axis = method.axis_maps(SourceSpec((1, n)), grid)[1]
    places = np.array([float(axis.coordinate(i)) for i in range(2 * n + 3)])

    y = method.operator(SourceSpec((1, n))).apply(np.cos(2 * np.pi * 3 * np.arange(n) / n + 0.4)[None])[0]

    assert np.abs(y - np.cos(2 * np.pi * 3 * places / n + 0.4)).max() <= 1e-12


def test_samples_are_kept_exactly():
    x = noise((9, 14))

    assert np.array_equal(made(x.shape, scale=1).apply(x), x)
    assert np.array_equal(made(x.shape, scale=3, grid=Grid.ASYMMETRIC).apply(x)[::3, ::3], x)


@pytest.mark.parametrize("n", [41, 130])
def test_rows_are_those_of_the_transpose_or_say_what_they_leave_out(n):
    operator = made((n, 70), scale=(1.5, 2))
    i, j = operator.out_shape[0] // 2, operator.out_shape[1] // 2

    missed = np.abs(operator.row(i, j).dense() - LinearOperator.row(operator, i, j).dense()).sum()

    assert missed == pytest.approx(operator.truncated, rel=1e-9)
    assert 0 < operator.truncated < 8


def test_columns_tell_the_outputs_nearby():
    operator = made((70, 90), scale=2)
    whole = LinearOperator.column(operator, 1, 88).dense()

    column = operator.column(1, 88)

    assert np.abs(column.weights - whole[column.rows, column.cols]).max() <= 1e-14
    assert np.abs(whole).argmax() in column.rows * 180 + column.cols
    assert len(column) == 64**2


def test_short_axes_are_told_whole():
    assert made((64, 50)).truncated == 0


def test_a_window_of_a_long_axis_has_the_bits_of_the_whole():
    x = noise((100, 130, 2)).astype(np.float32)
    operator, window = made((100, 130), scale=1.37), Window(61, 70, 130, 171)

    assert np.array_equal(operator.apply(x, window), operator.apply(x)[window.slices])


def test_the_left_edge_rings_into_the_right_one():
    y = made((1, 16), scale=(1, 2)).apply(np.eye(1, 16))[0]

    assert abs(y[-1]) > abs(y[-5]) > 0
