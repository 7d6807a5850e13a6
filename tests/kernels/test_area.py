"""Area resampling: three rules for what an output pixel covers."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.kernels.area import AreaRule, area_table
from workbench.kernels.coordinates import AxisMap, Grid
from workbench.kernels.dialects import opencv
from workbench.kernels.method import SourceSpec
from workbench.kernels.registry import from_text

sizes = st.integers(1, 14)


def axis(n, m):
    return AxisMap(n, m, Fraction(m, n), Grid.HALF_PIXEL)


def matrix(table):
    return table.matrix.toarray()


@given(n=sizes, m=sizes)
def test_an_overlap_is_an_integral_over_what_an_output_covers(n, m):
    a = matrix(area_table(axis(n, m), AreaRule.OVERLAP))
    edges = np.arange(m + 1) * n / m
    fine = np.maximum(0, np.minimum(edges[1:, None], np.arange(1, n + 1)) - np.maximum(edges[:-1, None], np.arange(n)))

    assert np.allclose(a, fine * m / n, atol=1e-12)


@given(n=sizes, m=sizes)
def test_an_adaptive_window_holds_every_pixel_it_touches(n, m):
    a = matrix(area_table(axis(n, m), AreaRule.ADAPTIVE))

    for i in range(m):
        first, last = i * n // m, -(-(i + 1) * n // m)
        assert a[i] == pytest.approx([1 / (last - first) if first <= j < last else 0 for j in range(n)])


@given(n=sizes, m=sizes)
def test_opencv_s_rule_blends_two_neighbours(n, m):
    a = matrix(area_table(axis(n, m), AreaRule.CV2))

    for i in range(m):
        j = i * n // m
        g = Fraction(i + 1) - (j + 1) * Fraction(m, n)
        g = Fraction(0) if g <= 0 or j >= n - 1 else g - math.floor(g)
        wanted = np.zeros(n)
        wanted[j] += float(1 - g)
        wanted[min(j + 1, n - 1)] += float(g)
        assert a[i] == pytest.approx(wanted)


def test_opencv_s_rule_is_its_own_for_both_axes_as_soon_as_one_grows():
    both, mixed = (from_text(f"area:rule=cv2,size={size}").operator(SourceSpec((9, 7))) for size in ("[3,5]", "[3,8]"))

    assert np.array_equal(both.rows.weights, area_table(axis(9, 3), AreaRule.OVERLAP).weights)
    assert np.array_equal(mixed.rows.weights, area_table(axis(9, 3), AreaRule.CV2).weights)


@pytest.mark.parametrize("factor", [0.37, 0.6, 1.3, 2.6])
def test_areas_of_a_typed_factor_stay_means(factor):
    values = np.full((1, 11), 3.0)
    made = from_text(f"area:scale=[1,{factor}],factor=typed,size_rule=ceil").operator(SourceSpec((1, 11)))

    assert made.apply(values) == pytest.approx(3.0)


def test_opencv_leaves_out_shares_below_a_thousandth_and_does_not_make_up_for_them():
    overlap, theirs = (from_text(f"area:size=2000x3,rule={rule}") for rule in ("overlap", "cv2_reducing"))
    sums = theirs.operator(SourceSpec((2001, 3))).row_sums()[:, 0]

    assert np.allclose(overlap.operator(SourceSpec((2001, 3))).row_sums(), 1, atol=1e-12)
    assert sums[0] == pytest.approx(2000 / 2001, abs=1e-12)
    assert sums[1000] == pytest.approx(1, abs=1e-12)


def test_opencv_s_last_window_is_cut_where_a_typed_factor_leaves_part_of_it():
    method = opencv.resize((5, 7), None, fx=0.5, fy=0.6, interpolation="INTER_AREA")
    operator = method.operator(SourceSpec((5, 7)))

    assert operator.out_shape == (3, 4)
    assert operator.row(1, 3).cols.tolist() == [6, 6, 6]
    assert operator.row(1, 3).total == pytest.approx(1)
