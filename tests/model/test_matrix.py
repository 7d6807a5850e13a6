"""Which rows and columns of A are drawn, read without ever building the matrix."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.kernels.arrays import Pixel
from workbench.kernels.method import SourceSpec
from workbench.kernels.registry import from_text
from workbench.model.matrix import MatrixReader, flat, flattened, mode_of, tap_between, unflat

ARTICLE = "transposed_conv:kernel=article,stride=1"


def operator(text, shape):
    return from_text(text).operator(SourceSpec(shape))


@pytest.mark.parametrize(
    ("text", "shape", "mode"),
    [
        (ARTICLE, (2, 2), "cells"),
        ("bilinear:scale=2", (3, 5), "cells"),
        ("bilinear:scale=2", (6, 10), "dots"),
        ("nearest:scale=4", (40, 56), "window"),
        ("down:4", (40, 112), "window"),
    ],
)
def test_the_larger_side_of_the_matrix_decides_how_it_is_drawn(text, shape, mode):
    assert mode_of(operator(text, shape)) == mode


@pytest.mark.parametrize("text", [ARTICLE, "bilinear:scale=2", "convolution:kernel=article,stride=1"])
def test_a_block_is_the_same_part_of_the_sparse_matrix(text):
    made = operator(text, (4, 5))
    rows, cols = np.array([1, 2, 5]), np.array([0, 3, 4, 7])

    assert np.array_equal(MatrixReader(made).block(rows, cols), made.sparse().toarray()[np.ix_(rows, cols)])


def test_single_weights_and_columns_equal_the_sparse_matrix():
    made = operator("bilinear:scale=2", (3, 4))
    reader, dense = MatrixReader(made), made.sparse().toarray()
    rows, weights = reader.column(6)

    assert reader.weight(28, 6) == dense[28, 6] != 0
    assert reader.weight(0, 11) == 0
    assert np.array_equal(weights, dense[rows, 6])


def test_small_matrices_are_shown_whole():
    shown = MatrixReader(operator(ARTICLE, (2, 2))).excerpt(6, 3)

    assert len(shown.rows) == 16
    assert len(shown.cols) == 4


def test_of_a_huge_matrix_only_the_neighbours_of_the_lit_row_are_read():
    made = operator("bilinear:scale=4", (75, 112))
    row = flat(Pixel(118, 197), made.out_shape)
    reader = MatrixReader(made)
    shown = reader.excerpt(row, None)

    assert row in shown.rows
    assert {unflat(int(k), made.out_shape).row for k in shown.rows} == {118}
    assert set(reader.row(row)[0]) <= set(shown.cols)
    assert len(reader._rows) <= 12


def test_a_column_of_a_huge_matrix_is_shown_with_the_rows_it_reaches():
    made = operator("nearest:scale=4", (75, 112))
    col = flat(Pixel(29, 49), made.in_shape)
    shown = MatrixReader(made).excerpt(None, col)

    assert np.array_equal(shown.rows, MatrixReader(made).column(col)[0])
    assert shown.cols.tolist() == [col]


def test_more_columns_than_have_room_are_counted_and_the_strongest_stay():
    made = operator("transposed_conv:kernel=gaussian,kernel_size=25,sigma=2,stride=1,padding=12", (80, 90))
    row = flat(Pixel(40, 45), made.out_shape)
    shown = MatrixReader(made).excerpt(row, None)

    assert len(shown.rows) == 1
    assert shown.left_out == 25 * 25 - 64
    assert row in shown.cols


def test_a_row_without_a_source_shows_where_it_would_be_looked_for():
    record = from_text("max_pool:kernel=2").prepare(np.zeros((80, 120))).record
    made = from_text("max_unpool").operator(SourceSpec((40, 60), record))
    reader = MatrixReader(made)
    empty = flat(Pixel(21, 31), made.out_shape)

    assert not len(reader.row(empty)[0])
    assert flat(Pixel(10, 15), made.in_shape) in reader.excerpt(empty, None).cols


def test_the_strongest_column_is_that_of_the_largest_product():
    made = operator(ARTICLE, (2, 2))
    reader = MatrixReader(made)

    assert reader.strongest_column(6, np.array([[2.0, 1.0], [4.0, 4.0]])) == 3
    assert reader.strongest_column(6, np.array([[9.0, 1.0], [4.0, 4.0]])) == 0


@pytest.mark.parametrize(
    "text",
    [
        ARTICLE,
        "transposed_conv:kernel=article,stride=2x1,padding=1x0,output_padding=1x0",
        "transposed_conv:kernel=article,stride=1,dilation=2",
        "convolution:kernel=article,stride=2x1,padding=1x2",
        "convolution:kernel=article,stride=1,dilation=1x2",
    ],
)
def test_the_tap_between_two_pixels_holds_the_weight_of_the_matrix(text):
    made = operator(text, (5, 6))
    dense = made.sparse().toarray()
    found = np.zeros_like(dense)
    for row, col in np.ndindex(dense.shape):
        tap = tap_between(made, unflat(row, made.out_shape), unflat(col, made.in_shape))
        found[row, col] = 0 if tap is None else made.kernel[tap]

    assert np.array_equal(found, dense)


def test_operators_without_a_kernel_have_no_taps():
    assert tap_between(operator("bilinear:scale=2", (3, 4)), Pixel(1, 2), Pixel(0, 1)) is None


def test_the_matrix_times_the_flattened_picture_is_the_output():
    made, x = operator("bilinear:scale=2", (3, 4)), np.random.default_rng(2).random((3, 4, 2))
    reader = MatrixReader(made, 1)
    y = reader.block(np.arange(48), np.arange(12)) @ flattened(x, 1)

    assert np.allclose(y.reshape(6, 8), made.apply(x)[..., 1], atol=1e-14)
