"""Operators in which channels meet: groups, bias, and pixels made of channels, against sums written out."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.kernels.arrays import Pixel
from workbench.kernels.errors import ParameterError, ShapeError
from workbench.kernels.method import SourceSpec
from workbench.kernels.methods.grouped_conv import GroupedConv
from workbench.kernels.methods.grouped_transposed_conv import GroupedTransposedConv
from workbench.kernels.methods.nearest import Nearest
from workbench.kernels.methods.pixel_shuffle import PixelShuffleMethod
from workbench.kernels.methods.pixel_unshuffle import PixelUnshuffleMethod
from workbench.kernels.operators.channels import ChannelStencil, Order, PixelShuffle
from workbench.kernels.operators.composed import Composed
from workbench.kernels.operators.stencil_conv import Convolution, TransposedConvolution
from workbench.kernels.provenance import trace
from workbench.kernels.registry import from_dict
from workbench.kernels.subpixel import icnr


def noise(*shape, seed=0):
    return np.random.default_rng([seed, *shape]).standard_normal(shape)


LAYERS = [
    (4, 6, 1, {"stride": 2}),
    (4, 6, 2, {"stride": (2, 3), "padding": (1, 0), "output_padding": (0, 2)}),
    (3, 3, 3, {"stride": 1, "dilation": 2, "padding": 1, "padding_end": (0, 2)}),
    (1, 5, 1, {"stride": 3, "padding": 1}),
]


@pytest.mark.parametrize(("inputs", "outputs", "groups", "options"), LAYERS, ids=str)
def test_each_channel_out_sums_the_stamps_of_its_group(inputs, outputs, groups, options):
    weights = noise(inputs, outputs // groups, 3, 2)
    method = GroupedTransposedConv(weights=weights.tolist(), groups=groups, **options)
    x = noise(4, 5, inputs)

    made = method.operator(SourceSpec((4, 5), channels=inputs)).apply(x)

    wanted = np.zeros_like(made)
    pairs = {name: getattr(method, name) for name in ("stride", "padding", "dilation", "output_padding", "padding_end")}
    for c in range(inputs):
        for o in range(outputs // groups):
            stamp = TransposedConvolution((4, 5), weights[c, o], **pairs).apply(x[:, :, c])
            wanted[:, :, c * groups // inputs * (outputs // groups) + o] += stamp
    assert made.shape[2] == outputs
    assert np.abs(made - wanted).max() <= 1e-13


@pytest.mark.parametrize(("inputs", "outputs", "groups"), [(4, 6, 1), (4, 6, 2), (3, 6, 3)])
def test_each_channel_out_sums_the_windows_of_its_group(inputs, outputs, groups):
    weights = noise(outputs, inputs // groups, 3, 2)
    method = GroupedConv(weights=weights.tolist(), groups=groups, stride=(2, 1), padding=1)
    x = noise(6, 5, inputs)

    made = method.operator(SourceSpec((6, 5), channels=inputs)).apply(x)

    wanted = np.zeros_like(made)
    for o in range(outputs):
        for c in range(inputs // groups):
            plane = x[:, :, o * groups // outputs * (inputs // groups) + c]
            wanted[:, :, o] += Convolution((6, 5), weights[o, c], (2, 1), (1, 1)).apply(plane)
    assert np.abs(made - wanted).max() <= 1e-13


def test_the_convolution_of_the_same_numbers_is_the_transpose():
    weights = noise(4, 3, 3, 2).tolist()
    back = GroupedTransposedConv(weights=weights, groups=2, stride=2, padding=1).operator(SourceSpec((4, 5)))
    there = GroupedConv(weights=weights, groups=2, stride=2, padding=1).operator(SourceSpec(back.out_shape))

    x, y = noise(*there.out_shape, 4), noise(*back.out_shape, 6)

    assert there.out_shape == (4, 5)
    assert abs(np.vdot(back.apply(x), y) - np.vdot(x, there.apply(y))) <= 1e-12


def test_a_row_names_the_channel_of_each_source():
    operator = GroupedTransposedConv(weights=noise(4, 3, 3, 3).tolist(), groups=2).operator(SourceSpec((3, 5)))

    row = operator.row(4, 2, 4)

    assert isinstance(row, ChannelStencil)
    assert sorted(set(row.channels.tolist())) == [2, 3]
    assert abs(row.dot(noise(3, 5, 4)) - operator.apply(noise(3, 5, 4))[4, 2, 4]) <= 1e-13


def test_a_trace_says_which_channel_each_term_came_from():
    operator = GroupedTransposedConv(weights=noise(2, 3, 3, 3).tolist()).operator(SourceSpec((3, 5)))
    x = noise(3, 5, 2)

    found = trace(operator, x, Pixel(2, 5), channel=1)

    assert {term.channel for term in found.terms} == {0, 1}
    assert all(term.value == x[term.row, term.col, term.channel] for term in found.terms)
    assert abs(found.value - operator.apply(x)[2, 5, 1]) <= 1e-14


def test_a_bias_stands_apart_from_the_matrix():
    method = GroupedTransposedConv(weights=noise(2, 3, 2, 2).tolist(), bias=[1, -2, 0.5])
    plain = GroupedTransposedConv(weights=method.weights)
    x = noise(3, 5, 2)
    operator, linear = (one.operator(SourceSpec((3, 5))) for one in (method, plain))

    assert np.array_equal(operator.apply(x), linear.apply(x))
    assert np.allclose(operator.affine(x) - linear.apply(x), [1, -2, 0.5], atol=1e-14)


def test_a_window_of_an_affine_answer_is_that_window():
    from workbench.kernels.arrays import Window

    operator = Nearest(scale=2).operator(SourceSpec((3, 5)))
    operator.offset = noise(6, 10)
    x, window = noise(3, 5, 2), Window(1, 3, 4, 9)

    assert np.array_equal(operator.affine(x, window), operator.affine(x)[window.slices])
    assert np.array_equal(operator.affine(x)[:, :, 1], operator.affine(x[:, :, 1]))


def test_a_bias_goes_through_the_layers_that_follow():
    inner = GroupedTransposedConv(weights=noise(2, 3, 2, 2).tolist(), bias=[1, -2, 0.5]).operator(SourceSpec((3, 5)))
    outer = GroupedConv(weights=noise(2, 3, 3, 3).tolist(), bias=[3, 4]).operator(SourceSpec(inner.out_shape))
    chain, x = Composed(outer, inner), noise(3, 5, 2)

    assert np.abs(chain.affine(x) - outer.affine(inner.affine(x))).max() <= 1e-13


def chains():
    shuffle = PixelShuffle((3, 5), 2, 2)
    mixing = GroupedTransposedConv(weights=noise(2, 3, 3, 3).tolist()).operator(SourceSpec((6, 10)))
    repeat = Nearest(scale=2).operator(SourceSpec((6, 10)))
    conv = Convolution((6, 10), noise(3, 3), (2, 1), (1, 1))
    return [Composed(mixing, shuffle), Composed(repeat, shuffle), Composed(conv, shuffle), Composed(shuffle, _into())]


def _into():
    return GroupedConv(weights=noise(8, 2, 3, 3).tolist(), stride=1, padding=1).operator(SourceSpec((3, 5)))


@pytest.mark.parametrize("number", range(4))
def test_a_chain_with_meeting_channels_has_the_rows_and_columns_of_its_product(number):
    chain = chains()[number]
    i, j, out = chain.out_shape[0] - 2, 3, chain.out_channels - 1
    base = type(chain).__mro__[1]

    assert np.abs(chain.row(i, j, out).dense() - base.row(chain, i, j, out).dense()).max() <= 1e-13
    assert np.abs(chain.column(2, 3, 1).dense() - base.column(chain, 2, 3, 1).dense()).max() <= 1e-13
    assert chain.apply(noise(3, 5, chain.in_channels)).shape == (*chain.out_shape, chain.out_channels)


def test_a_chain_of_unequal_channels_is_refused():
    with pytest.raises(ShapeError, match="chain: a stage makes 2 channels and the next one takes 3"):
        Composed(PixelShuffle((6, 10), 3, 1), PixelShuffle((3, 5), 2, 2))


@pytest.mark.parametrize(
    ("order", "wanted"),
    [("crd", [[[0, 1], [2, 3]], [[4, 5], [6, 7]]]), ("dcr", [[[0, 2], [4, 6]], [[1, 3], [5, 7]]])],
)
def test_channels_become_pixels_in_the_order_that_is_asked_for(order, wanted):
    method = PixelShuffleMethod(kernels="none", order=order)

    made = method.operator(SourceSpec((1, 1), channels=8)).apply(np.arange(8.0).reshape(1, 1, 8))

    assert made.transpose(2, 0, 1).tolist() == wanted


@pytest.mark.parametrize("order", ["crd", "dcr"])
def test_unshuffling_brings_every_value_back(order):
    x = noise(3, 5, 18)
    there = PixelShuffleMethod(factor=3, kernels="none", order=order).operator(SourceSpec((3, 5), channels=18))
    back = PixelUnshuffleMethod(factor=3, order=order).operator(SourceSpec((9, 15), channels=2))

    assert np.array_equal(back.apply(there.apply(x)), x)
    assert np.array_equal(there.adjoint(there.apply(x)), x)


@pytest.mark.parametrize("order", list(Order))
def test_a_shuffle_is_a_transposed_convolution_with_one_hot_weights(order):
    weights = np.zeros((8, 2, 2, 2))
    for c, i, j in np.ndindex(2, 2, 2):
        weights[c * 4 + i * 2 + j if order is Order.CRD else (i * 2 + j) * 2 + c, c, i, j] = 1
    x = noise(3, 5, 8)

    shuffled = PixelShuffle((3, 5), 2, 2, order).apply(x)

    assert np.array_equal(shuffled, GroupedTransposedConv(weights=weights).operator(SourceSpec((3, 5))).apply(x))


@pytest.mark.parametrize("order", ["crd", "dcr"])
def test_sub_kernels_are_a_convolution_and_then_a_shuffle(order):
    weights = noise(8, 3, 3, 4)
    x = noise(4, 5, 3)
    conv = GroupedConv(weights=weights.tolist(), stride=1, padding=1, padding_end=(1, 2))

    made = PixelShuffleMethod(kernels=weights.tolist(), order=order).operator(SourceSpec((4, 5), channels=3)).apply(x)

    between = conv.operator(SourceSpec((4, 5), channels=3)).apply(x)
    wanted = PixelShuffle((4, 5), 2, 2, Order(order)).apply(between)
    assert np.abs(made - wanted).max() <= 1e-13


def test_planar_sub_kernels_treat_each_channel_alike():
    kernels = noise(9, 3, 3)
    x = noise(4, 5, 2)

    made = PixelShuffleMethod(factor=3, kernels=kernels.tolist()).operator(SourceSpec((4, 5), channels=2)).apply(x)

    for c in range(2):
        for n in range(9):
            answer = Convolution((4, 5), kernels[n], (1, 1), (1, 1)).apply(x[:, :, c])
            assert np.abs(made[n // 3 :: 3, n % 3 :: 3, c] - answer).max() <= 1e-13


@pytest.mark.parametrize("order", list(Order))
def test_icnr_begins_as_nearest_neighbour_after_the_small_convolution(order):
    small = noise(2, 3, 3, 3)
    x = noise(4, 5, 3)
    method = PixelShuffleMethod(kernels=icnr(small, 2, order).tolist(), order=order)

    conv = GroupedConv(weights=small.tolist(), stride=1, padding=1).operator(SourceSpec((4, 5), channels=3))
    wanted = np.kron(conv.apply(x), np.ones((2, 2, 1)))
    assert np.abs(method.operator(SourceSpec((4, 5), channels=3)).apply(x) - wanted).max() <= 1e-13


def test_icnr_draws_no_grid_and_random_kernels_do():
    sums = [PixelShuffleMethod(kernels=name).operator(SourceSpec((6, 7))).row_sums() for name in ("icnr", "random")]
    cells = [one[4:6, 4:6] for one in sums]

    assert np.abs(cells[0] - 1).max() <= 1e-14
    assert np.ptp(cells[1]) > 0.05
    assert abs(cells[1].mean() - 1) <= 1e-14


def test_bilinear_sub_kernels_are_bilinear_interpolation_before_zeros():
    made = PixelShuffleMethod(factor=3, kernels="bilinear").operator(SourceSpec((4, 5)))
    wanted = from_dict({"method": "bilinear", "scale": 3, "edge": "zero"}).operator(SourceSpec((4, 5)))

    assert np.abs((made.sparse() - wanted.sparse()).toarray()).max() <= 1e-15


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"method": "grouped_transposed_conv", "groups": 2}, "groups: must divide 3 channels in and 3 out, not be 2"),
        ({"method": "grouped_conv", "weights": [[[[1]]]] * 3, "groups": 2}, "groups: must divide 3 channels, not be 2"),
        ({"method": "grouped_conv", "weights": [[[[1]]]] * 2}, "weights: must be for the 3 channels of the source"),
        ({"method": "grouped_conv", "bias": [1, 2]}, "bias: must be one number for each of 3 channels out, not 2"),
        ({"method": "pixel_shuffle", "kernels": "none"}, "factor: 2 needs channels in multiples of 4 and the source"),
        ({"method": "pixel_shuffle", "kernels": [[[1]]] * 3}, "kernels: must hold 4 = 2² for each channel out, not 3"),
        ({"method": "pixel_unshuffle", "factor": 3}, "factor: must divide both sides of"),
        ({"method": "grouped_transposed_conv", "weights": [[1]]}, "weights: must be a table \\(C_in, C_out ÷ groups"),
        ({"method": "grouped_transposed_conv", "padding": 9}, "padding: must leave an output pixel; 9 and 9 leave"),
    ],
)
def test_what_does_not_fit_together_is_refused_with_its_name(data, problem):
    with pytest.raises(ParameterError, match=problem):
        from_dict(data).operator(SourceSpec((4, 5), channels=3))


def test_weights_come_from_a_file(tmp_path):
    weights = noise(2, 3, 3, 3)
    np.save(tmp_path / "layer.npy", weights)

    method = GroupedTransposedConv(weights=str(tmp_path / "layer.npy"))

    assert np.array_equal(np.array(method.weights), weights)
    assert from_dict(method.to_dict()) == method


def test_a_file_that_is_no_array_is_refused_by_its_name(tmp_path):
    (tmp_path / "layer.npy").write_text("weights", encoding="utf-8")

    with pytest.raises(ParameterError, match=r"weights: layer.npy cannot be read as a NumPy array"):
        GroupedConv(weights=str(tmp_path / "layer.npy"))
