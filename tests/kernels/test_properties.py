"""Theorems about the methods: what must hold between them, and what makes each different from the others."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.strategies import shapes
from workbench.kernels.method import SourceSpec
from workbench.kernels.methods.average_pool import AveragePool
from workbench.kernels.methods.average_unpool import AverageUnpool, Fill
from workbench.kernels.methods.bilinear import Bilinear
from workbench.kernels.methods.convolution import Convolution
from workbench.kernels.methods.down import Down
from workbench.kernels.methods.linear import Direction, Linear
from workbench.kernels.methods.max_pool import MaxPool
from workbench.kernels.methods.max_unpool import MaxUnpool
from workbench.kernels.methods.nearest import Nearest
from workbench.kernels.methods.transposed_conv import TransposedConv
from workbench.kernels.resampling import Edge, Grid, Tie
from workbench.kernels.resize import Factor

SYMMETRIC_GRIDS = [Grid.HALF_PIXEL, Grid.ALIGN_CORNERS]


def matrix(method, shape):
    return method.operator(SourceSpec(shape)).sparse().toarray()


def line(method, values):
    """The method along one row of pixels."""
    return method.operator(SourceSpec((1, len(values)))).apply(np.array([values], float))[0]


def noise(shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def size(n):
    return st.tuples(st.integers(1, n), st.integers(1, n))


# Resizes


@given(shape=shapes(), to=size(14), grid=st.sampled_from(Grid), edge=st.sampled_from(Edge), shrink=st.booleans())
def test_every_row_of_a_resize_sums_to_one_but_where_zeros_cut_it(shape, to, grid, edge, shrink):
    antialias = shrink and grid is not Grid.ALIGN_CORNERS
    sums = Bilinear(size=to, grid=grid, edge=edge, antialias=antialias).operator(SourceSpec(shape)).row_sums()

    if edge is Edge.ZERO:
        assert (sums <= 1 + 1e-12).all()
    else:
        # Excluding all taps leaves a row of zeros: only where an output samples a whole pixel outside.
        assert np.allclose(sums[sums != 0], 1, rtol=1e-12)
        assert (edge is Edge.EXCLUDE) or (sums != 0).all()


@given(shape=shapes(), to=size(14), grid=st.sampled_from(SYMMETRIC_GRIDS), edge=st.sampled_from(Edge))
def test_turning_the_picture_upside_down_turns_the_result(shape, to, grid, edge):
    if grid is Grid.ALIGN_CORNERS:  # a single output has but one corner to sit on
        to = tuple(max(2, m) for m in to)
    operator = Bilinear(size=to, grid=grid, edge=edge).operator(SourceSpec(shape))
    x = noise(shape)

    assert np.allclose(operator.apply(x[::-1, ::-1]), operator.apply(x)[::-1, ::-1], atol=1e-13)


def test_the_asymmetric_grid_breaks_that_symmetry_by_half():
    a = matrix(Linear(size=(1, 8), grid=Grid.ASYMMETRIC), (1, 4))

    assert np.abs(a[::-1, ::-1] - a).max() == 0.5


@given(shape=shapes(6), factor=st.integers(1, 8))
def test_interpolation_reproduces_the_samples_where_the_grids_meet(shape, factor):
    x = noise(shape)
    corners = Bilinear(size=[(n - 1) * factor + 1 for n in shape], grid=Grid.ALIGN_CORNERS)
    asymmetric = Bilinear(scale=factor, grid=Grid.ASYMMETRIC)

    for method in (corners, asymmetric):
        made = method.operator(SourceSpec(shape)).apply(x)
        assert np.allclose(made[::factor, ::factor], x, atol=1e-12)


@given(n=st.integers(3, 12), m=st.integers(1, 30), grid=st.sampled_from(Grid))
def test_a_ramp_stays_a_ramp_inside(n, m, grid):
    method = Linear(size=(1, m), grid=grid)
    axis = method.axis_maps(SourceSpec((1, n)), grid)[1]
    ideal = np.array([float(axis.coordinate(i)) for i in range(m)])

    made = line(method, np.arange(n))

    inside = (ideal >= 0) & (ideal <= n - 1)
    assert np.allclose(made[inside], ideal[inside], atol=1e-12)


@pytest.mark.parametrize(("grid", "tie"), [(Grid.HALF_PIXEL, Tie.UP), (Grid.ASYMMETRIC, Tie.FLOOR)])
@given(shape=shapes(7), factor=st.tuples(st.integers(1, 5), st.integers(1, 5)))
def test_nearest_by_a_whole_factor_repeats_every_pixel(grid, tie, shape, factor):
    x = noise(shape)

    made = Nearest(scale=factor, grid=grid, tie=tie).operator(SourceSpec(shape)).apply(x)

    assert np.array_equal(made, np.kron(x, np.ones(factor)))


@given(n=st.integers(4, 30), m=st.integers(8, 60), grid=st.sampled_from([Grid.HALF_PIXEL, Grid.ASYMMETRIC]))
def test_rows_inside_repeat_with_the_period_of_the_ratio(n, m, grid):
    p, q = m // math.gcd(n, m), n // math.gcd(n, m)
    a = matrix(Linear(size=(1, m), grid=grid), (1, n))
    inside = [i for i in range(m - p) if a[i, 0] == 0 == a[i, -1] and a[i + p, 0] == 0 == a[i + p, -1]]

    assert all(np.allclose(np.roll(a[i], q), a[i + p], atol=1e-14) for i in inside)


@pytest.mark.parametrize(
    ("edge", "to_8", "to_5"),
    [
        (Edge.REPLICATE, [0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3], [0, 0.7, 1.5, 2.3, 3]),
        (Edge.MIRROR, [0.25, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 2.75], [0.1, 0.7, 1.5, 2.3, 2.9]),
        (Edge.ZERO, [0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 2.25], [0, 0.7, 1.5, 2.3, 2.7]),
    ],
)
def test_the_edge_rule_shows_in_the_first_and_last_samples(edge, to_8, to_5):
    assert np.allclose(line(Linear(size=(1, 8), edge=edge), range(4)), to_8, atol=1e-12)
    assert np.allclose(line(Linear(size=(1, 5), edge=edge), range(4)), to_5, atol=1e-12)


@pytest.mark.parametrize(
    ("grid", "to_8", "to_5"),
    [
        (Grid.ALIGN_CORNERS, [3 * i / 7 for i in range(8)], [0, 0.75, 1.5, 2.25, 3]),
        (Grid.ASYMMETRIC, [0, 0.5, 1, 1.5, 2, 2.5, 3, 3], [0, 0.8, 1.6, 2.4, 3]),
    ],
)
def test_the_grid_shows_in_every_sample(grid, to_8, to_5):
    assert np.allclose(line(Linear(size=(1, 8), grid=grid), range(4)), to_8, atol=1e-12)
    assert np.allclose(line(Linear(size=(1, 5), grid=grid), range(4)), to_5, atol=1e-12)


def test_the_factor_of_the_coordinates_is_the_typed_one_or_that_of_the_size():
    typed = line(Linear(scale=1.5, factor=Factor.TYPED), range(5))
    recomputed = line(Linear(scale=1.5, factor=Factor.FROM_SIZE), range(5))
    symmetric = line(Linear(scale=1.5, factor=Factor.TYPED, grid=Grid.HALF_PIXEL_SYMMETRIC), range(5))

    assert np.allclose(typed, [0, 1 / 2, 7 / 6, 11 / 6, 5 / 2, 19 / 6, 23 / 6], atol=1e-12)
    assert np.allclose(recomputed, [0, 4 / 7, 9 / 7, 2, 19 / 7, 24 / 7, 4], atol=1e-12)
    assert np.allclose(symmetric, [0, 2 / 3, 4 / 3, 2, 8 / 3, 10 / 3, 4], atol=1e-12)


@pytest.mark.parametrize(
    ("n", "scale", "floor", "even", "ceil"),
    [
        (5, 1.5, 7, 8, 8),
        (3, 1.5, 4, 4, 5),
        (3, 1.3, 3, 4, 4),
        (32, 1.8, 57, 58, 58),
        (5, 2.5, 12, 12, 13),
        (100, 0.29, 28, 29, 29),
    ],
)
def test_three_rules_make_three_sizes_of_one_scale(n, scale, floor, even, ceil):
    sizes = [
        Nearest(scale=scale, size_rule=rule).operator(SourceSpec((n, 2 * n))).out_shape[0]
        for rule in ("floor", "round_even", "ceil")
    ]

    assert sizes == [floor, even, ceil]


def test_one_sample_comes_from_the_middle_or_from_the_corner():
    assert line(Linear(size=(1, 1)), range(4)) == [1.5]
    assert line(Linear(size=(1, 1), grid=Grid.ALIGN_CORNERS), range(4)) == [0]
    assert line(Linear(size=(1, 1), grid=Grid.PYTORCH_HALF_PIXEL), range(4)) == [0]


# Convolution and its transpose

steps = st.tuples(st.integers(1, 3), st.integers(1, 3))


@st.composite
def layers(draw):
    """A transposed convolution, and the shape it is applied to."""
    stride, dilation = draw(steps), draw(steps)
    kernel = noise(draw(steps), draw(st.integers(0, 9)))
    padding = tuple(draw(st.integers(0, d * (k - 1))) for d, k in zip(dilation, kernel.shape))
    extra = tuple(draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation))
    shape = tuple(draw(st.integers(1, 5)) + -(-p * 2 // s) for p, s in zip(padding, stride))
    layer = TransposedConv(
        kernel=kernel.tolist(), stride=stride, padding=padding, dilation=dilation, output_padding=extra
    )
    return layer, shape


@given(layer_and_shape=layers())
def test_a_transposed_convolution_is_the_transpose_of_the_convolution(layer_and_shape):
    layer, shape = layer_and_shape
    transposed = layer.operator(SourceSpec(shape))
    forward = Convolution(kernel=layer.kernel, stride=layer.stride, padding=layer.padding, dilation=layer.dilation)

    c = forward.operator(SourceSpec(transposed.out_shape))

    if c.out_shape == shape:
        assert np.array_equal(transposed.sparse().toarray(), c.sparse().toarray().T)
    else:  # output padding beyond the stride: the convolution then makes one more row
        assert max(layer.output_padding[k] - layer.stride[k] for k in (0, 1)) >= 0


@given(layer_and_shape=layers())
def test_a_transposed_convolution_is_a_convolution_of_spread_out_pixels(layer_and_shape):
    layer, shape = layer_and_shape
    x, w = noise(shape), np.array(layer.kernel)
    s, d, p, extra = layer.stride, layer.dilation, layer.padding, layer.output_padding
    spread = np.zeros([(n - 1) * step + 1 for n, step in zip(shape, s)])
    spread[:: s[0], :: s[1]] = x
    before = [d[k] * (w.shape[k] - 1) - p[k] for k in (0, 1)]
    after = [before[k] + extra[k] for k in (0, 1)]
    padded = np.pad(spread, [(before[k], after[k]) for k in (0, 1)])

    flipped = Convolution(kernel=w[::-1, ::-1].tolist(), stride=1, dilation=d)
    made = flipped.operator(SourceSpec(padded.shape)).apply(padded)

    assert np.allclose(made, layer.operator(SourceSpec(shape)).apply(x), atol=1e-12)


@given(layer_and_shape=layers())
def test_a_transposed_convolution_folds_a_stamp_for_every_pixel(layer_and_shape):
    layer, shape = layer_and_shape
    x, w = noise(shape), np.array(layer.kernel)
    operator = layer.operator(SourceSpec(shape))
    big = np.zeros([n + 2 * p for n, p in zip(operator.out_shape, layer.padding)])
    for i, j in np.ndindex(*shape):
        for a, b in np.ndindex(*w.shape):
            big[i * layer.stride[0] + a * layer.dilation[0], j * layer.stride[1] + b * layer.dilation[1]] += (
                x[i, j] * w[a, b]
            )

    (top, left), (height, width) = layer.padding, operator.out_shape

    assert np.allclose(operator.apply(x), big[top : top + height, left : left + width], atol=1e-12)


@given(shape=shapes(5), s=st.integers(1, 4), k=st.sampled_from([1, 3, 5]), seed=st.integers(0, 9))
def test_nearest_and_then_a_convolution_is_one_transposed_convolution(shape, s, k, seed):
    x, w = noise(shape), noise((k, k), seed)
    large = Nearest(scale=s).operator(SourceSpec(shape))
    smooth = Convolution(kernel=w.tolist(), stride=1, padding=(k - 1) // 2).operator(SourceSpec(large.out_shape))
    stamp = np.zeros((s + k - 1, s + k - 1))
    for a, b in np.ndindex(s, s):
        stamp[a : a + k, b : b + k] += w[::-1, ::-1]

    one = TransposedConv(kernel=stamp.tolist(), stride=s, padding=(k - 1) // 2).operator(SourceSpec(shape))

    assert one.out_shape == smooth.out_shape
    assert np.allclose(one.apply(x), smooth.apply(large.apply(x)), atol=1e-12)


@pytest.mark.parametrize("s", [1, 2, 3, 4, 5])
def test_linear_interpolation_is_a_transposed_convolution_with_zeros_outside(s):
    layer = TransposedConv(kernel="bilinear", stride=s, padding=(2 * s - s % 2 - s) // 2)

    assert np.allclose(matrix(layer, (4, 3)), matrix(Bilinear(scale=s, edge=Edge.ZERO), (4, 3)), atol=1e-14)


def test_the_last_sample_of_that_layer_has_lost_a_quarter():
    layer = TransposedConv(kernel=[[0.25, 0.75, 0.75, 0.25]], stride=(1, 2), padding=(0, 1))

    assert np.allclose(line(layer, range(4)), [0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 2.25], atol=1e-14)


@pytest.mark.parametrize(
    ("k", "s", "sums"),
    [
        (2, 2, [1, 1]), (3, 2, [2, 1]), (4, 2, [2, 2]), (5, 2, [3, 2]), (3, 3, [1, 1, 1]), (4, 3, [2, 1, 1]),
        (5, 3, [2, 2, 1]), (6, 3, [2, 2, 2]), (4, 4, [1, 1, 1, 1]), (5, 4, [2, 1, 1, 1]),
    ],
)  # fmt: skip
def test_phase_sums_of_a_kernel_of_ones_tell_whether_it_draws_a_checkerboard(k, s, sums):
    layer = TransposedConv(kernel=np.ones((1, k)).tolist(), stride=(1, s))

    made = line(layer, np.ones(8))

    assert made[4 * s : 5 * s].tolist() == sums


def test_output_padding_adds_a_row_that_is_real_where_a_tap_reaches_it():
    reached = TransposedConv(kernel=[[0, 1, 2], [3, 4, 5], [6, 7, 8]], stride=2, padding=1, output_padding=1)
    beyond = TransposedConv(kernel=np.ones((2, 2)).tolist(), stride=3, output_padding=1)

    assert reached.operator(SourceSpec((1, 1))).apply(np.ones((1, 1))).tolist() == [[4, 5], [7, 8]]
    assert beyond.operator(SourceSpec((1, 2))).apply(np.ones((1, 2))).tolist() == [[1, 1, 0, 1, 1, 0]] * 2 + [[0] * 6]


def test_padding_may_crop_more_than_the_kernel_is_wide():
    layer = TransposedConv(kernel=[[1.0, 2, 3]], stride=(1, 2), padding=(0, 3))

    assert line(layer, [1, 1, 1, 1]).tolist() == [2, 4, 2]


# Pooling


@settings(max_examples=60)
@given(shape=size(4), window=steps, seed=st.integers(0, 99))
def test_pooling_undoes_max_unpooling_of_values_not_below_zero(shape, window, seed):
    plane = tuple(n * k for n, k in zip(shape, window))
    pool = MaxPool(kernel=window)
    record = pool.prepare(noise(plane, seed)).record
    x = np.abs(noise(shape, seed + 1))

    spread = MaxUnpool().operator(SourceSpec(shape, record)).apply(x)

    assert np.array_equal(pool.prepare(spread).values, x)


@given(shape=size(4), window=steps)
def test_replicating_is_the_pseudo_inverse_of_average_pooling(shape, window):
    plane = tuple(n * k for n, k in zip(shape, window))
    pool = matrix(AveragePool(kernel=window), plane)
    replicate = matrix(AverageUnpool(kernel=window, fill=Fill.REPLICATE), shape)

    assert np.allclose(pool @ replicate, np.eye(len(pool)), atol=1e-14)
    assert np.allclose(np.linalg.pinv(pool), replicate, atol=1e-12)
    assert np.array_equal(replicate, matrix(Nearest(scale=window), shape))


@given(shape=size(4), window=steps, stride=steps)
def test_the_adjoint_filling_is_the_transpose_of_average_pooling(shape, window, stride):
    unpool = AverageUnpool(kernel=window, stride=stride, fill=Fill.ADJOINT).operator(SourceSpec(shape))
    pool = AveragePool(kernel=window, stride=stride).operator(SourceSpec(unpool.out_shape))

    assert np.allclose(unpool.sparse().toarray(), pool.sparse().toarray().T, atol=1e-15)


@given(shape=size(4), window=steps, stride=steps)
def test_overlapping_replicas_are_averaged_and_what_no_window_covers_is_zero(shape, window, stride):
    unpool = AverageUnpool(kernel=window, stride=stride).operator(SourceSpec(shape))
    covered = np.zeros(unpool.out_shape, bool)
    for i, j in np.ndindex(*shape):
        covered[i * stride[0] : i * stride[0] + window[0], j * stride[1] : j * stride[1] + window[1]] = True

    assert np.allclose(unpool.row_sums(), covered, atol=1e-14)


@given(shape=shapes(13), factor=st.tuples(st.integers(1, 3), st.integers(1, 3)))
def test_block_means_crop_the_remainder(shape, factor):
    rows, cols = (n // f for n, f in zip(shape, factor))
    assume(min(rows, cols) > 0)
    x = noise(shape)
    blocks = x[: rows * factor[0], : cols * factor[1]].reshape(rows, factor[0], cols, factor[1])

    assert np.allclose(Down(factor=factor).prepare(x).values, blocks.mean(axis=(1, 3)), atol=1e-13)


def test_linear_is_bilinear_with_the_other_axis_left_alone():
    x = noise((5, 3))

    across = Linear(scale=3, direction=Direction.COLUMNS).operator(SourceSpec((5, 3))).apply(x)
    both = Linear(scale=3, direction=Direction.ROWS).operator(SourceSpec((5, 9))).apply(across)

    assert across.shape == (5, 9)
    assert np.allclose(both, Bilinear(scale=3).operator(SourceSpec((5, 3))).apply(x), atol=1e-14)
