"""The prepared source: reductions, the part that can be measured against, light and alpha."""

from __future__ import annotations

import numpy as np
import pytest

from tests.model.desk import picture
from workbench.kernels.errors import ParameterError
from workbench.kernels.placement import IDENTITY, Placement
from workbench.kernels.registry import from_text
from workbench.kernels.transfer import srgb_to_linear
from workbench.model.document import Preparation
from workbench.model.prepared import PreparedSource, prepare
from workbench.model.samples import array_source
from workbench.model.source import Source


def made(values: np.ndarray, method: str | None = None, **more: str) -> PreparedSource:
    preparation = Preparation(None if method is None else from_text(method), **more)  # type: ignore[arg-type]
    return prepare(array_source(values), preparation)


def rgba(alpha: str = "straight", transfer: str = "srgb") -> Source:
    return Source("rgba", picture(3, 5, 4), ("R", "G", "B", "A"), alpha=alpha, transfer=transfer)  # type: ignore[arg-type]


def test_without_a_method_the_picture_is_the_source() -> None:
    values = picture()
    np.testing.assert_array_equal(made(values).values, values)


def test_without_a_method_there_is_no_original() -> None:
    assert (made(picture()).original, made(picture()).original_placement) == (None, IDENTITY)


def test_whole_numbers_are_scaled_to_one() -> None:
    assert made(np.full((2, 3), 255, np.uint8)).values.max() == 1


def test_block_means_are_the_means_of_blocks() -> None:
    values = picture(8, 12, 1)
    expected = values.reshape(2, 4, 3, 4).mean(axis=(1, 3))
    np.testing.assert_allclose(made(values, "down:factor=4").values, expected, atol=1e-15)


def test_the_original_is_the_part_that_blocks_cover() -> None:
    values = picture(10, 15)
    found = made(values, "down:factor=4").original
    assert found is not None
    np.testing.assert_array_equal(found, values[:8, :12])


def test_the_original_lies_over_the_source() -> None:
    assert made(picture(), "down:factor=4x2").original_placement == Placement((0.25, 0.5))


def test_cropping_is_noted() -> None:
    assert "cropped to 12 × 8" in made(picture(10, 15), "down:factor=4").notes


def test_a_convolution_leaves_the_whole_picture_to_compare_with() -> None:
    values = picture(7, 9, 1)
    found = made(values, "convolution:kernel=article,stride=1")
    assert found.shape == (5, 7)
    np.testing.assert_array_equal(found.original, values)


def test_max_pooling_records_where_its_values_stood() -> None:
    found = made(picture(6, 8), "max_pool")
    assert found.record is not None
    assert found.spec.pooling is found.record


def test_block_means_may_record_maxima_too() -> None:
    assert made(picture(8, 12), "down:factor=4,record=on").record is not None
    assert made(picture(8, 12), "down:factor=4,record=off").record is None


def test_a_preparation_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ParameterError):
        made(picture(3, 9), "down:factor=4")


def test_linear_light_goes_through_the_curve() -> None:
    values = picture(4, 5)
    np.testing.assert_allclose(made(values, light="linear").values, srgb_to_linear(values), atol=1e-15)


def test_a_linear_picture_is_linear_already() -> None:
    source = rgba(transfer="linear")
    found = prepare(source, Preparation(light="linear"))
    np.testing.assert_array_equal(found.values, source.pixels[..., :3])


def test_alpha_is_ignored_unless_asked_for() -> None:
    found = prepare(rgba(), Preparation())
    assert (found.channel_names, found.notes) == (("R", "G", "B"), ("alpha ignored",))
    np.testing.assert_array_equal(found.values, rgba().pixels[..., :3])


def test_alpha_may_be_multiplied_into_the_colours() -> None:
    found = prepare(rgba(), Preparation(alpha="premultiply"))
    np.testing.assert_allclose(found.values, rgba().pixels[..., :3] * rgba().pixels[..., 3:], atol=1e-15)


def test_associated_colours_are_not_multiplied_twice() -> None:
    found = prepare(rgba("associated"), Preparation(alpha="premultiply"))
    np.testing.assert_array_equal(found.values, rgba().pixels[..., :3])
    assert found.notes == ("premultiplied",)


def test_in_linear_light_colours_are_multiplied_after_the_curve() -> None:
    found = prepare(rgba(), Preparation(light="linear", alpha="premultiply"))
    expected = srgb_to_linear(rgba().pixels[..., :3]) * rgba().pixels[..., 3:]
    np.testing.assert_allclose(found.values, expected, atol=1e-15)


def test_alpha_may_be_a_channel_and_stays_off_the_curve() -> None:
    found = prepare(rgba(), Preparation(light="linear", alpha="channel"))
    assert found.channel_names == ("R", "G", "B", "A")
    assert found.notes == ("linear light", "alpha as a channel")
    np.testing.assert_array_equal(found.values[..., 3], rgba().pixels[..., 3])
    np.testing.assert_allclose(found.values[..., :3], srgb_to_linear(rgba().pixels[..., :3]), atol=1e-15)


def test_grey_with_alpha_becomes_plain_grey() -> None:
    source = Source("la", picture(3, 5, 2), ("L", "A"), alpha="straight")
    assert prepare(source, Preparation()).values.shape == (3, 5)


def test_the_values_cannot_be_written_into() -> None:
    assert not made(picture(8, 12), "down:factor=4").values.flags.writeable


def test_linear_light_leaves_black_and_white_where_the_numbers_have_them() -> None:
    pixels = np.array([[0.0, 127.5, 255.0]])
    source = Source("numbers", pixels, nominal=(0.0, 255.0))

    values = prepare(source, Preparation(light="linear")).values

    assert np.allclose(values, [[0, 255 * float(srgb_to_linear(0.5)), 255]], rtol=1e-12, atol=0)
