"""Pooling and the way back: padding on each side, dilation, divisors, and planes that indices do not belong to."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.kernels.arrays import Pixel
from workbench.kernels.errors import InvalidIndices, ParameterError
from workbench.kernels.method import SourceSpec
from workbench.kernels.methods.average_pool import AveragePool
from workbench.kernels.methods.average_unpool import AverageUnpool
from workbench.kernels.methods.max_pool import MaxPool
from workbench.kernels.methods.max_unpool import MaxUnpool
from workbench.kernels.pooling import PoolingRecord, Windows, moved_pixels, torch_unpool_size

COUNTED = np.arange(1.0, 17).reshape(4, 4)

WINDOWS = [
    {"kernel": 2},
    {"kernel": (3, 2), "stride": (2, 1)},
    {"kernel": 3, "stride": 2, "padding": 1},
    {"kernel": (2, 3), "stride": (1, 2), "padding": (0, 1), "padding_end": (1, 2)},
    {"kernel": 2, "stride": 3, "dilation": (3, 2)},
    {"kernel": 3, "stride": 2, "padding": 0, "padding_end": 1, "dilation": (1, 2)},
    {"kernel": (2, 3), "stride": 3, "padding": 1, "ceil_mode": True},
]


def pooled(method, x):
    return method.operator(SourceSpec(x.shape)).apply(x)


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({}, [[1.5556, 3.3333], [6.3333, 11]]),
        ({"count_include_pad": False}, [[3.5, 5], [9.5, 11]]),
        ({"ceil_mode": True}, [[1.5556, 3.3333, 2], [6.3333, 11, 6], [4.5, 7.5, 4]]),
        ({"divisor": 4}, [[3.5, 7.5], [14.25, 24.75]]),
    ],
)
def test_a_mean_is_divided_as_its_options_say(options, wanted):
    made = pooled(AveragePool(kernel=3, stride=2, padding=1, **options), COUNTED)

    assert np.abs(made - wanted).max() < 5e-5


@pytest.mark.parametrize("options", WINDOWS, ids=str)
@pytest.mark.parametrize("divided", [{}, {"count_include_pad": False}, {"divisor": 5}], ids=str)
def test_the_adjoint_fill_is_the_transpose_of_average_pooling(options, divided):
    pool = AveragePool(**options, **divided).operator(SourceSpec((8, 11)))
    back = AverageUnpool(fill="adjoint", plane=(8, 11), **options, **divided).operator(SourceSpec(pool.out_shape))

    assert np.abs(back.sparse().toarray() - pool.sparse().toarray().T).max() <= 1e-15


@pytest.mark.parametrize("options", WINDOWS, ids=str)
def test_the_replicate_fill_takes_the_mean_of_the_windows_that_cover_a_pixel(options):
    covers = AveragePool(divisor=1, **options).operator(SourceSpec((8, 11)))
    fill = AverageUnpool(plane=(8, 11), **options).operator(SourceSpec(covers.out_shape))

    met = covers.sparse().toarray().T != 0
    assert np.abs(fill.sparse().toarray() - met / np.maximum(met.sum(axis=1, keepdims=True), 1)).max() <= 1e-15


def test_a_plane_that_the_windows_do_not_pool_to_the_source_is_refused():
    with pytest.raises(ParameterError, match="plane: must be what was pooled to 2×3; these windows pool it to 2×2"):
        AverageUnpool(plane=(5, 5)).operator(SourceSpec((2, 3)))


def test_without_a_plane_average_unpooling_fills_what_the_windows_cover():
    operator = AverageUnpool(kernel=3, stride=2, padding=(1, 0), padding_end=(0, 2)).operator(SourceSpec((4, 5)))

    assert operator.out_shape == (3 * 2 + 3 - 1, 4 * 2 + 3 - 2)


def test_padding_alone_is_at_most_half_the_window():
    with pytest.raises(ParameterError, match="padding: must be at most half the kernel, 1, not 2"):
        MaxPool(kernel=3, padding=2, dilation=2).prepare(COUNTED)


def test_padding_given_for_both_sides_may_be_all_but_one_of_the_window():
    assert pooled(AveragePool(kernel=3, stride=1, padding=2, padding_end=2), COUNTED).shape == (6, 6)
    with pytest.raises(ParameterError, match="padding_end: must be below 3, so that each window reaches the image"):
        pooled(AveragePool(kernel=3, stride=1, padding=2, padding_end=3), COUNTED)


def test_padding_on_one_side_moves_the_windows():
    x = np.array([[3.0, 1, 4, 1, 5]])

    before = MaxPool(kernel=(1, 2), padding=(0, 1), padding_end=(0, 0)).prepare(x)
    after = MaxPool(kernel=(1, 2), padding=(0, 0), padding_end=(0, 1)).prepare(x)

    assert before.values.tolist() == [[3, 4, 5]]
    assert before.record.indices.tolist() == [[0, 2, 4]]
    assert after.values.tolist() == [[3, 4, 5]]
    assert MaxPool(kernel=(1, 2), stride=2).prepare(x).values.tolist() == [[3, 4]]


def test_of_several_nans_the_last_wins():
    prepared = MaxPool().prepare(np.array([[1, np.nan, 0], [np.nan, 5, 0]]))

    assert np.isnan(prepared.values).all()
    assert prepared.record.indices.tolist() == [[3]]


def test_a_window_of_minus_infinity_gives_its_first_pixel():
    prepared = MaxPool(kernel=3, stride=2, padding=1).prepare(np.full((4, 6), -np.inf))

    assert prepared.record.indices.tolist() == [[0, 1, 3], [6, 7, 9]]


def trap():
    """0 … 24 in windows of 2, the last ones half outside."""
    return MaxPool(kernel=2, ceil_mode=True).prepare(np.arange(25.0).reshape(5, 5))


def test_torch_s_default_plane_moves_what_was_recorded_in_another():
    prepared = trap()
    source = SourceSpec((3, 3), prepared.record)
    method = MaxUnpool(reading="torch")
    made = method.operator(source).apply(prepared.values)

    assert made.shape == (6, 6)
    assert np.argwhere(made).tolist() == [[1, 0], [1, 2], [1, 3], [2, 4], [3, 0], [3, 1], [3, 3], [3, 5], [4, 0]]
    assert [one.read for one in method.moved(source)] == [tuple(place) for place in np.argwhere(made)]
    assert method.moved(source)[3].recorded == Pixel(3, 1)


def test_in_its_own_plane_nothing_moves():
    source = SourceSpec((3, 3), trap().record)

    assert MaxUnpool().operator(source).out_shape == (5, 5)
    assert MaxUnpool().moved(source) == ()


def test_moved_pixels_say_from_where_to_where():
    record = PoolingRecord((4, 4), np.array([[5, 7], [13, 15]]))

    moved = moved_pixels(record, (5, 5))

    assert [(one.index, one.recorded, one.read) for one in moved] == [
        (5, (1, 1), (1, 0)),
        (7, (1, 3), (1, 2)),
        (13, (3, 1), (2, 3)),
        (15, (3, 3), (3, 0)),
    ]


def test_an_index_beyond_the_other_plane_is_refused():
    with pytest.raises(InvalidIndices, match="indices: must lie in 0 … 8 of the 3×3 plane, not 13"):
        moved_pixels(PoolingRecord((4, 4), np.array([[5, 7], [13, 15]])), (3, 3))


@pytest.mark.parametrize("size", [3, 4, 5])
def test_torch_takes_sizes_less_than_a_stride_away(size):
    assert torch_unpool_size((2, 2), (2, 2), (2, 2), output_size=(4, size)) == (4, size)


@pytest.mark.parametrize("size", [2, 6])
def test_torch_refuses_sizes_a_stride_away(size):
    with pytest.raises(ParameterError, match=f"output_size: must be between 3 and 5, not {size}"):
        torch_unpool_size((2, 2), (2, 2), (2, 2), output_size=(4, size))


def test_each_channel_may_have_indices_of_its_own():
    method = MaxUnpool(indices=[[[0, 7], [3, 4]]], plane=(2, 4))

    made = method.operator(SourceSpec((1, 2))).apply(np.array([[[1.0, 2], [3, 4]]]))

    assert made[:, :, 0].tolist() == [[1, 0, 0, 3], [0, 0, 0, 0]]
    assert made[:, :, 1].tolist() == [[0, 0, 0, 0], [4, 0, 0, 2]]


def test_a_record_knows_how_it_was_made():
    record = MaxPool(kernel=(3, 2), padding=1, padding_end=(0, 1), dilation=(1, 2)).prepare(COUNTED).record

    assert record.windows == Windows((3, 2), (3, 2), (1, 1), (0, 1), (1, 2), False)
