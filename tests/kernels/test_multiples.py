"""Axes that spread by whole numbers: which tables are found to be such, and what their phases read."""

from __future__ import annotations

import threading
from fractions import Fraction

import numpy as np
import pytest

from workbench.kernels.engines.multiples import Multiples
from workbench.kernels.engines.pixels import widened, write_pixels
from workbench.kernels.engines.scratch import Scratch
from workbench.kernels.engines.shifted import is_shifted
from workbench.kernels.operators.stencil_conv import Convolution, TransposedConvolution
from workbench.kernels.reconstruction import TRIANGLE
from workbench.kernels.resampling import AxisMap, Edge, Grid, Tie, nearest_table, resampling_table


def linear(n, m, grid=Grid.HALF_PIXEL):
    return resampling_table(AxisMap(n, m, Fraction(m, n), grid), TRIANGLE, edge=Edge.REPLICATE)


@pytest.mark.parametrize("scale", [2, 3, 4, 7])
def test_a_linear_axis_of_a_whole_scale_repeats_but_for_about_half_a_period_at_its_ends(scale):
    found = Multiples.of(linear(23, 23 * scale))

    assert found is not None
    assert found.every == scale
    assert found.first == scale // 2
    assert 23 * scale - found.last in (scale // 2, scale // 2 + 1)


def test_a_phase_on_a_sample_reads_that_sample_alone():
    found = Multiples.of(linear(23, 69))

    assert found is not None
    assert found.terms[1] == [(0, 1.0)]


def test_a_copied_axis_has_one_term_for_each_phase():
    found = Multiples.of(nearest_table(AxisMap(11, 44, Fraction(4), Grid.HALF_PIXEL), Tie.UP))

    assert found is not None
    assert found.terms == [[(0, 1.0)]] * 4


@pytest.mark.parametrize("table", [linear(20, 50), linear(100, 137), linear(20, 40, Grid.ALIGN_CORNERS), linear(9, 5)])
def test_an_axis_of_another_scale_or_grid_is_no_multiple(table):
    assert Multiples.of(table) is None


@pytest.mark.parametrize("axis", [0, 1])
def test_a_part_of_an_axis_is_what_the_whole_has_there(axis):
    table = linear(40, 120)
    found, x = Multiples.of(table), np.random.default_rng(4).random((40, 6) if axis == 0 else (6, 40))
    scratch, shape = Scratch(x.dtype), lambda n: (n, 6) if axis == 0 else (6, n)
    assert found is not None
    whole, part = np.empty(shape(120)), np.empty(shape(31))

    found.spread(x, 0, 0, whole, axis, scratch)
    found.spread(np.take(x, range(12, 30), axis), 12, 44, part, axis, scratch)

    assert np.array_equal(part, np.take(whole, range(44, 75), axis))
    assert np.allclose(whole, np.tensordot(table.matrix.toarray(), x, (1, 0)) if axis == 0 else x @ table.matrix.T)


def test_small_transposed_convolutions_are_sums_of_shifted_pictures_and_strided_convolutions_are_not():
    kernel = np.ones((4, 4))

    assert is_shifted(TransposedConvolution((9, 8), kernel, (2, 2), (1, 1)).table)
    assert not is_shifted(TransposedConvolution((9, 8), kernel, (1, 1)).table)
    assert not is_shifted(Convolution((9, 8), kernel, (2, 2)).table)


def test_every_thread_keeps_memory_of_its_own():
    mine, others = Scratch.here(np.dtype(np.float32)), []

    thread = threading.Thread(target=lambda: others.append(Scratch.here(np.dtype(np.float32))))
    thread.start()
    thread.join()

    assert Scratch.here(np.dtype(np.float32)) is mine
    assert others[0] is not mine


@pytest.mark.parametrize("every", [1, 2, 3])
def test_pixels_of_three_that_are_moved_as_four_harm_no_neighbour(every):
    pixels = np.random.default_rng(9).random((2, 5, 3)).astype(np.float32)
    room = np.random.default_rng(8).random((2, 4 * every + 2, 3)).astype(np.float32)
    wanted, goal = room.copy(), room[:, : 4 * every + 1]
    wanted[:, : 4 * every + 1 : every] = pixels

    write_pixels(widened(pixels, "wide", Scratch(pixels.dtype)), goal, every, closes=every > 1)

    assert np.array_equal(room, wanted)


def test_pixels_of_a_mirrored_picture_are_widened_as_well():
    pixels = np.random.default_rng(9).random((2, 5, 3)).astype(np.float32)[:, ::-1]

    assert np.array_equal(widened(pixels, "wide", Scratch(pixels.dtype))[:, :, :3], pixels)
