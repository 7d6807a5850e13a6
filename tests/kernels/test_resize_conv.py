"""Enlarge, then convolve; and the layer that averages channels: composed methods against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import shapes
from workbench.kernels.analysis import checkerboard
from workbench.kernels.errors import ParameterError
from workbench.kernels.method import SourceSpec
from workbench.kernels.methods.bilinear import Bilinear
from workbench.kernels.methods.bilinear_additive import BilinearAdditive
from workbench.kernels.methods.nearest import Nearest
from workbench.kernels.methods.resize_conv import Border, Interpolation, ResizeConv
from workbench.kernels.methods.transposed_conv import TransposedConv
from workbench.kernels.registry import from_text


def noise(shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


@pytest.mark.parametrize("border", Border)
@pytest.mark.parametrize("interpolation", Interpolation)
def test_it_is_a_convolution_of_the_enlarged_image(interpolation, border):
    x, w = noise((4, 5)), noise((3, 5), 1)
    method = ResizeConv(scale=(2, 1.5), kernel=w.tolist(), interpolation=interpolation, border=border)
    words = {"lanczos": "lanczos:edge=replicate,scale=2x1.5"}
    enlarged = from_text(words.get(interpolation.value, f"{interpolation.value}:scale=2x1.5"))
    large = enlarged.operator(SourceSpec(x.shape)).apply(x)
    padded = np.pad(large, ((1, 1), (2, 2)), "edge" if border is Border.REPLICATE else "constant")
    wanted = np.lib.stride_tricks.sliding_window_view(padded, w.shape)

    made = method.operator(SourceSpec(x.shape)).apply(x)

    assert np.allclose(made, np.einsum("ijab,ab->ij", wanted, w), atol=1e-12)


@given(shape=shapes(5), s=st.integers(1, 4), k=st.sampled_from([1, 3, 5]), seed=st.integers(0, 9))
def test_after_nearest_it_is_one_transposed_convolution(shape, s, k, seed):
    w = noise((k, k), seed)
    stamp = np.zeros((s + k - 1, s + k - 1))
    for a, b in np.ndindex(s, s):
        stamp[a : a + k, b : b + k] += w[::-1, ::-1]

    made = ResizeConv(scale=s, kernel=w.tolist()).operator(SourceSpec(shape))
    one = TransposedConv(kernel=stamp.tolist(), stride=s, padding=(k - 1) // 2).operator(SourceSpec(shape))

    assert np.allclose(made.apply(noise(shape)), one.apply(noise(shape)), atol=1e-12)


def test_it_draws_no_checkerboard_whatever_the_kernel():
    learned = noise((3, 3), 5)

    assert checkerboard(ResizeConv(scale=2, kernel=learned.tolist())) == pytest.approx(0, abs=1e-12)
    assert checkerboard(TransposedConv(kernel=learned.tolist(), stride=2, padding=1, output_padding=1)) > 0.05


def test_replicated_borders_keep_a_flat_image_flat_and_zeros_darken_it():
    source = SourceSpec((3, 4))
    flat, dark = (ResizeConv(border=border).operator(source).row_sums() for border in (Border.REPLICATE, Border.ZERO))

    assert flat == pytest.approx(1)
    assert dark[0, 0] < dark[0, 3] < dark[2, 3] == pytest.approx(1)


def test_it_covers_its_input():
    operator = ResizeConv(scale=3, border=Border.REPLICATE, kernel_size=5).operator(SourceSpec((4, 7)))

    assert operator.placement.extent(operator.out_shape) == pytest.approx((0, 0, 4, 7))


@pytest.mark.parametrize(
    ("fields", "field"), [({"kernel_size": (3, 2)}, "kernel_size"), ({"kernel": [[1, 1]]}, "kernel")]
)
def test_an_even_kernel_has_no_middle(fields, field):
    with pytest.raises(ParameterError, match=f"{field}: must be odd on both axes, not 2"):
        ResizeConv(**fields)


def test_its_summary_names_both_steps():
    assert ResizeConv(scale=4).summary() == "×4 nearest · k3 Gauss σ 1"
    assert Nearest(scale=4).summary() == "×4 · half-pixel"


def test_additive_upsampling_averages_channels_of_the_enlarged_image():
    x = noise((4, 5, 8))
    operator = BilinearAdditive(scale=2).operator(SourceSpec((4, 5), channels=8))
    large = Bilinear(scale=2).operator(SourceSpec((4, 5))).apply(x)

    made = operator.apply(x)

    assert made.shape == (8, 10, 2)
    assert np.allclose(made, large.reshape(8, 10, 2, 4).mean(axis=3), atol=1e-13)


def test_additive_upsampling_needs_whole_groups():
    with pytest.raises(ParameterError, match="group: must divide the 3 channels of the source, not 4"):
        BilinearAdditive().operator(SourceSpec((4, 5), channels=3))
