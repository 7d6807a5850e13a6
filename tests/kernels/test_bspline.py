"""Spline interpolation: the prefilter is an exact inverse, and rows put together from two tables are those of A."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.kernels.errors import ParameterError
from workbench.kernels.method import SourceSpec
from workbench.kernels.methods.bicubic import Bicubic
from workbench.kernels.methods.bspline import BSpline
from workbench.kernels.methods.cubic_bc import CubicBC
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.prefilter import SPLINE_EDGES, prefilter_table
from workbench.kernels.reconstruction import bspline, cubic
from workbench.kernels.resampling import Edge, Grid

every_order = pytest.mark.parametrize("order", [2, 3, 4, 5])
every_edge = pytest.mark.parametrize("edge", SPLINE_EDGES, ids=lambda edge: edge.value)


def noise(shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def made(shape=(9, 7), **fields):
    return BSpline(**fields).operator(SourceSpec(shape))


def explicit(n, m, order, edge):
    """A = W C⁻¹ from its definition, without tables; padded by 12 edge samples, or zeros, where that is the rule."""
    pad = 12 if edge in (Edge.REPLICATE, Edge.ZERO) else 0
    size, kernel = n + 2 * pad, bspline(order).weight
    inner = Edge.MIRROR if pad else edge

    def placed(centres):
        rows = np.zeros((len(centres), size))
        for i, centre in enumerate(centres):
            for j in range(int(np.floor(centre)) - 3, int(np.floor(centre)) + 5):
                period = {Edge.SYMMETRIC: 2 * size, Edge.MIRROR: max(2 * size - 2, 1), Edge.WRAP: size}[inner]
                turned = j % period
                if turned >= size:
                    turned = 2 * size - (1 if inner is Edge.SYMMETRIC else 2) - turned
                rows[i, turned] += kernel(np.array([centre - j]))[0]
        return rows

    c = [(i + 0.5) * n / m - 0.5 + pad for i in range(m)]
    padding = np.zeros((size, n))
    padding[np.arange(size), np.clip(np.arange(size) - pad, 0, n - 1)] = 1
    if edge is Edge.ZERO:
        padding[:pad] = padding[size - pad :] = 0
    return placed(c) @ np.linalg.inv(placed(range(size))) @ padding


@every_order
@every_edge
@pytest.mark.parametrize(("n", "m"), [(1, 3), (2, 5), (5, 8), (7, 4), (23, 31)])
def test_the_matrix_is_the_definition(order, edge, n, m):
    matrix = made((1, n), size=(1, m), order=order, edge=edge).sparse().toarray()

    assert np.abs(matrix - explicit(n, m, order, edge)).max() <= 1e-12


@every_order
@every_edge
def test_a_curve_of_any_order_passes_through_the_samples(order, edge):
    x = noise((40, 33))

    same = made(x.shape, scale=1, order=order, edge=edge).apply(x)
    corners = made(x.shape, size=(79, 65), order=order, edge=edge, grid=Grid.ALIGN_CORNERS).apply(x)

    tolerance = 2e-8 if edge is Edge.REPLICATE else 1e-12  # 12 samples of padding are an approximation
    assert np.abs(same - x).max() <= tolerance
    assert np.abs(corners[::2, ::2] - x).max() <= tolerance


@every_edge
def test_long_lines_have_the_prefilter_of_short_ones_in_their_middle(edge):
    n, order = 300, 5
    x = noise(n)
    modes = {Edge.WRAP: "wrap", Edge.REPLICATE: "edge", Edge.MIRROR: "reflect", Edge.SYMMETRIC: "symmetric"}
    spread = modes.get(edge, "constant")
    coefficients = prefilter_table(n, order, edge).matrix @ x
    pad = (len(coefficients) - n) // 2
    line = np.pad(x, pad, spread) if pad else x
    around = np.pad(coefficients, 2, "reflect" if pad else spread)

    again = np.convolve(around, bspline(order).weight(np.arange(-2.0, 3)), "valid")

    assert np.abs(again - line).max() <= 1e-13


@every_order
@every_edge
@pytest.mark.parametrize("n", [41, 62, 100, 130])
def test_a_prefilter_of_any_length_undoes_the_sampling_of_the_spline(order, edge, n):
    curve = made((1, n), scale=1, order=order, edge=edge)
    x = noise((1, n))

    assert np.allclose(curve.apply(x), x, rtol=0, atol=1e-9 if edge is Edge.REPLICATE else 1e-12)


@every_order
@every_edge
@pytest.mark.parametrize("shape", [(3, 5), (70, 90), (150, 210)])
def test_rows_and_columns_are_put_together_as_applied(order, edge, shape):
    operator = made(shape, scale=(1.5, 2), order=order, edge=edge)
    tolerance = max(1e-12, operator.truncated)
    (height, width), (h, w) = operator.out_shape, operator.in_shape

    for i, j in [(0, 1), (height - 1, width // 3), (height // 2, width - 2), (height // 2 + 1, width // 2 - 1)]:
        wanted = LinearOperator.row(operator, i, j).dense()
        assert np.abs(operator.row(i, j).dense() - wanted).sum() <= tolerance
    for i, j in [(0, 1), (h - 1, w // 3), (h // 2, w - 2), (h // 2 + 1, w // 2 - 1)]:
        wanted = LinearOperator.column(operator, i, j).dense()
        assert np.abs(operator.column(i, j).dense() - wanted).max() <= tolerance


def test_short_axes_are_told_whole_and_long_ones_say_what_they_leave_out():
    assert made((50, 64)).truncated == 0
    assert 0 < made((50, 65)).truncated < 1e-6
    assert len(made((200, 300)).row(201, 303)) < 2500


def test_a_window_of_a_large_picture_reads_only_around_itself():
    from workbench.kernels.arrays import Window

    needed = made((5000, 4000)).needs(Window(4000, 3000, 4100, 3200))

    assert needed.height < 50 + 80
    assert needed.width < 100 + 80


@every_order
def test_without_the_prefilter_it_is_a_smoother(order):
    ramp, spike = np.arange(12.0), np.eye(1, 12, 5)[0]
    operator = made((1, 12), scale=1, order=order, prefilter=False)

    assert operator.apply(ramp[None])[0, 3:9] == pytest.approx(ramp[3:9], abs=1e-13)
    assert operator.apply(spike[None])[0, 5] < 0.8


def test_the_cubic_spline_without_prefilter_is_the_cubic_1_0():
    t = np.linspace(-2.5, 2.5, 101)
    shape = (6, 9)
    smooth = CubicBC(b=1, c=0, edge=Edge.SYMMETRIC).operator(SourceSpec(shape))

    assert np.abs(bspline(3).weight(t) - cubic(1, 0).weight(t)).max() <= 1e-15
    assert np.allclose(made(shape, prefilter=False, edge=Edge.SYMMETRIC).sparse().toarray(), smooth.sparse().toarray())


def test_a_prefilter_needs_something_outside():
    with pytest.raises(ParameterError, match="edge: must be one of mirror, symmetric, replicate, wrap, zero"):
        BSpline(edge=Edge.EXCLUDE)

    assert BSpline(edge=Edge.EXCLUDE, prefilter=False).edge is Edge.EXCLUDE


@every_order
def test_with_another_border_a_flat_picture_of_its_value_stays_flat(order):
    operator = made((9, 70), scale=1.37, order=order, edge="zero", outside_value=0.7)

    assert np.allclose(operator.affine(np.full((9, 70), 0.7)), 0.7, atol=1e-12)
    assert operator.affine(np.zeros((9, 70)))[0, 0] > 0.05


def test_it_is_computed_in_float64_before_it_is_rounded():
    x = noise((31, 45)).astype(np.float32)
    operator = made(x.shape, order=5)

    assert np.abs(operator.apply(x) - operator.apply(x.astype(np.float64))).max() <= 2e-6 * np.abs(x).max()


def test_block_means_need_no_output():
    x = noise((70, 51))
    operator = made(x.shape, scale=3)

    means = operator.block_means(x, 4)

    whole = operator.apply(x)
    assert means[5, 7] == pytest.approx(whole[20:24, 28:32].mean(), abs=1e-12)


def test_it_rings_more_than_keys_cubic():
    step = np.repeat([[0.0, 1.0]], 8, axis=1)

    spline, keys = (method.operator(SourceSpec((1, 16))).apply(step)[0] for method in (BSpline(), Bicubic(a=-0.5)))

    assert spline.max() > keys.max() > 1
