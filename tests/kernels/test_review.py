"""Corners that a hostile reading found: each was wrong once, and each is one sentence."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from workbench.kernels.analysis import checkerboard
from workbench.kernels.arrays import Pixel
from workbench.kernels.dialects import torch
from workbench.kernels.differences import Difference, difference
from workbench.kernels.engines import BlasEngine, GatherEngine
from workbench.kernels.errors import ParameterError
from workbench.kernels.method import SourceSpec
from workbench.kernels.methods.max_pool import MaxPool
from workbench.kernels.operators.base import TapFlag, mean_blocks
from workbench.kernels.provenance import trace
from workbench.kernels.reconstruction import TRIANGLE
from workbench.kernels.registry import all_methods, from_text
from workbench.kernels.resampling import AxisMap, Edge, Grid, Tie, nearest_table, resampling_table

pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.parametrize(("n", "factor"), [(1, "1/64"), (2, "3/10"), (3, "1/64"), (5, "3/10")])
@pytest.mark.parametrize("antialias", [False, True])
def test_a_short_axis_that_wraps_is_gone_around_as_often_as_its_outputs_reach(n, factor, antialias):
    axis = AxisMap(n, 2, Fraction(factor), Grid.HALF_PIXEL)
    table = resampling_table(axis, TRIANGLE, edge=Edge.WRAP, antialias=antialias)
    columns = np.zeros((2, n))

    for i in range(n):
        outputs, weights = table.column(i)
        columns[outputs, i] = weights

    assert np.abs(columns - table.matrix.toarray()).max() <= 1e-15


@pytest.mark.parametrize(("n", "m"), [(7, 14), (5, 30), (9, 18), (6, 9)])
def test_rounding_ties_to_even_repeats_only_after_an_even_number_of_inputs(n, m):
    table = nearest_table(AxisMap(n, m, Fraction(m, n), Grid.ASYMMETRIC), Tie.EVEN)
    assert table.period is not None
    outputs, inputs = table.period
    places = np.array([table.line_taps(p).virtual[0] for p in range(m)])
    inside = places[outputs:] < n

    assert np.array_equal(places[outputs:][inside], places[:-outputs][inside] + inputs)


@pytest.mark.parametrize(("scale", "wanted"), [(1.3, [0, 1, 2]), (2.1, [0, 0, 1, 1, 2, 2])])
def test_torch_s_nearest_copies_or_doubles_an_axis_whatever_the_typed_factor(scale, wanted):
    method = from_text(f"nearest:scale={scale},factor=typed,grid=asymmetric,tie=torch_floor")

    made = method.operator(SourceSpec((3, 5))).apply(np.arange(3.0)[:, None] + np.zeros(5))

    assert made[:, 1].tolist() == wanted


def test_a_scale_is_written_into_torch_s_call_with_all_its_digits():
    method = from_text("bilinear:scale=1.3333333333333333,factor=typed")

    call = torch.code(method, SourceSpec((50, 70)))

    assert call is not None
    assert "scale_factor=1.3333333333333333," in call


@pytest.mark.parametrize("rule", ["ceil", "round_even", "round_half_up"])
def test_torch_has_no_call_for_a_typed_factor_with_another_size_than_its_own(rule):
    method = from_text(f"bilinear:scale=1.5,factor=typed,size_rule={rule}")

    assert torch.code(method, SourceSpec((5, 8))) is None


@pytest.mark.parametrize(
    "text", ["bilinear:scale=1.3,factor=typed", "nearest:scale=2.1,factor=typed,grid=asymmetric,tie=torch_floor"]
)
def test_torch_has_no_call_where_it_may_pass_over_the_typed_factor(text):
    assert torch.code(from_text(text), SourceSpec((3, 40))) is None


@pytest.mark.parametrize("text", ["average_unpool:{}", "nearest:{},grid=asymmetric,tie=floor"])
def test_torch_repeats_pixels_by_the_mode_that_does_so_at_this_factor(text):
    modes = ["nearest-exact" in str(torch.code(from_text(text.format(factor)))) for factor in (4, 40, 41, 55)]

    assert modes == [False, False, True, True]


def test_torch_s_call_with_aligned_corners_names_the_size_whatever_the_factor():
    method = from_text("bilinear:scale=1.5,factor=typed,size_rule=ceil,grid=align_corners")

    call = torch.code(method, SourceSpec((5, 8)))

    assert call is not None
    assert "size=(8, 12)" in call


def test_a_dilated_window_that_holds_no_pixel_is_refused_by_its_name():
    with pytest.raises(ParameterError, match="each window of 3×3 hold a pixel of the 5×1 image"):
        MaxPool(kernel=2, stride=(4, 1), padding=1, dilation=2).prepare(np.ones((5, 1)))


@pytest.mark.parametrize("value", [10**400, -(10**400), [10**400, 1], [[10**400]], [[float("inf")]]])
@pytest.mark.parametrize("cls", all_methods(), ids=lambda cls: cls.info.id)
def test_a_number_too_large_for_a_float_is_refused_like_any_other(cls, value):
    for field in cls.fields():
        with pytest.raises(ParameterError):
            cls.from_fields({field.name: value})


def test_an_index_beyond_every_plane_is_refused():
    with pytest.raises(ParameterError, match="indices"):
        from_text("max_unpool:indices=[[1e30]],plane=2x2")


def infinities():
    return np.array([[np.inf, -np.inf, 1, 2], [1, 2, np.nan, 1]])


def test_opposite_infinities_trace_to_not_a_number_without_a_warning():
    operator = from_text("bilinear:2").operator(SourceSpec((2, 4)))

    assert np.isnan(trace(operator, infinities(), Pixel(0, 2)).value)
    assert np.isnan(operator.row(0, 2).dot(infinities()))


def test_means_of_blocks_with_opposite_infinities_are_not_a_number_without_a_warning():
    assert np.isnan(mean_blocks(infinities(), 2)[0, 0])


@pytest.mark.parametrize("engine", [GatherEngine(), BlasEngine()], ids=lambda engine: engine.name)
@pytest.mark.parametrize("corner", [1e308, np.nan])
def test_a_sum_that_overflows_is_infinite_without_a_warning(engine, corner):
    x = np.full((3, 4), 1e308)
    x[0, 0] = corner

    made = from_text("average_pool:divisor=1").operator(SourceSpec((3, 4))).apply(x, engine=engine)

    assert made[0, 1] == np.inf


def test_overflowing_terms_trace_to_infinity_without_a_warning():
    operator = from_text("average_pool:divisor=1").operator(SourceSpec((3, 4)))

    assert trace(operator, np.full((3, 4), 1e308), Pixel(0, 1)).value == np.inf


@pytest.mark.parametrize("text", ["transposed_conv:kernel=[[1]],padding=1", "transposed_conv:kernel=[[0,1],[0,0]]"])
def test_the_checkerboard_of_a_single_tap_is_the_same_wherever_its_phase_begins(text):
    assert checkerboard(from_text(text)) == checkerboard(from_text("transposed_conv:kernel=[[1]]")) == 0.75


def test_weights_that_cancel_but_for_rounding_have_no_centroid():
    operator = from_text("transposed_conv:kernel=[[0.1,0.2,-0.3]],stride=1").operator(SourceSpec((5, 7)))

    assert trace(operator, np.ones((5, 7)), Pixel(2, 4)).centroid is None


@pytest.mark.parametrize("kind", [Difference.RELATIVE, Difference.SMAPE])
def test_black_beside_black_does_not_differ_even_without_epsilon(kind):
    assert difference([[0.0, 1.0]], [[0.0, 1.0]], kind, eps=0).tolist() == [[0, 0]]


def test_a_linear_resize_asks_nothing_of_the_axis_it_leaves_alone():
    assert from_text("linear:scale=0.1").operator(SourceSpec((5, 100))).out_shape == (5, 10)


@pytest.mark.parametrize(("edge", "flag"), [("zero", TapFlag.ZERO), ("exclude", TapFlag.LOST)])
def test_a_tap_outside_meets_a_zero_or_is_dropped_as_the_edge_says(edge, flag):
    taps = from_text(f"bilinear:edge={edge}").operator(SourceSpec((3, 5))).taps(0, 0)

    assert taps.flags == (flag, flag, flag, TapFlag.USED)
