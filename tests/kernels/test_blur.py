"""The Gaussian that scikit-image puts before a reduction is part of the operator; its numbers are among the probes."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.kernels.arrays import Window
from workbench.kernels.dialects import codes, skimage
from workbench.kernels.engines import GatherEngine
from workbench.kernels.method import SourceSpec
from workbench.kernels.registry import from_text

EDGES = ("replicate", "symmetric", "mirror", "wrap", "zero")
BLURRED = [f"{method}:scale=0.35x1.5,blur=on,edge={edge}" for method in ("bilinear", "bspline") for edge in EDGES]
BLURRED += [f"nearest:scale=0.35x1.5,blur=on,blur_edge={edge}" for edge in EDGES]
BLURRED += ["bilinear:scale=0.35,blur=on,edge=exclude", "linear:scale=0.3,blur=on", "lanczos:scale=0.2,blur=on"]


@pytest.mark.parametrize("text", BLURRED)
def test_a_blurred_row_is_what_every_engine_and_window_computes(text):
    shape = (31, 300)
    x = np.random.default_rng(5).standard_normal(shape)
    operator = from_text(text).operator(SourceSpec(shape))
    whole = operator.apply(x)
    window = Window(2, 5, 5, operator.out_shape[1] - 3)

    assert np.allclose(operator.apply(x, engine=GatherEngine()), whole, atol=1e-12)
    assert np.allclose(operator.apply(x, window), whole[window.slices], atol=1e-12)
    for i, j in ((0, 1), (4, 17), (operator.out_shape[0] - 1, operator.out_shape[1] - 1)):
        assert operator.row(i, j).dot(x) == pytest.approx(whole[i, j], abs=1e-6)
        assert operator.taps(i, j).fold(shape).dot(x) == pytest.approx(whole[i, j], abs=1e-6)


@pytest.mark.parametrize("text", [text for text in BLURRED if "zero" not in text])
def test_a_blur_keeps_a_flat_picture_flat(text):
    made = from_text(text).prepare(np.full((31, 90), 0.75)).values

    assert np.allclose(made, 0.75, atol=1e-12)


def test_a_blur_changes_no_axis_that_grows():
    x = np.random.default_rng(0).standard_normal((9, 14))

    plain, blurred = (from_text(f"bspline:scale=1.5x2,blur={word}").prepare(x).values for word in ("off", "on"))

    assert np.array_equal(plain, blurred)


def test_what_lies_outside_a_blurred_picture_is_the_affine_part():
    method = skimage.resize((12, 31), (4, 9), order=0, mode="constant", cval=0.75)

    assert np.allclose(method.prepare(np.full((12, 31), 0.75)).values, 0.75, atol=1e-12)
    assert method.prepare(np.zeros((12, 31))).values[0, 0] > 0.1


def test_scikit_image_blurs_numbers_with_a_fraction_by_itself_when_it_shrinks_them():
    for order in (0, 1, 3):
        assert skimage.resize((12, 31), (4, 40), order=order) == skimage.resize(
            (12, 31), (4, 40), order=order, anti_aliasing=True
        )
        assert skimage.resize((12, 31), (13, 40), order=order, anti_aliasing=True) == skimage.resize(
            (12, 31), (13, 40), order=order, anti_aliasing=False
        )


@pytest.mark.parametrize("text", ["nearest:size=4x11,tie=scipy,blur=on", "bilinear:scale=0.5,edge=wrap,blur=on"])
def test_the_call_that_is_printed_for_a_blur_blurs(text):
    assert "anti_aliasing=True" in codes(from_text(text), SourceSpec((12, 31)))["scikit-image"]


def test_a_long_axis_that_wraps_is_blurred_like_a_short_one():
    from scipy.ndimage import gaussian_filter1d

    x = np.random.default_rng(3).standard_normal((700, 2))
    taken = from_text("nearest:size=140x2,blur=on,blur_edge=wrap").prepare(x).values

    assert np.allclose(taken, gaussian_filter1d(x, 2.0, axis=0, mode="wrap")[2::5], atol=1e-12)


def test_no_call_is_printed_where_scipy_only_approximates_a_symmetric_spline():
    short, long = SourceSpec((7, 40)), SourceSpec((20, 40))
    method = from_text("bspline:scale=2,order=3,edge=symmetric")

    assert not {"SciPy", "scikit-image"} & set(codes(method, short))
    assert {"SciPy", "scikit-image"} <= set(codes(method, long))
