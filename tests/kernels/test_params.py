"""Fields of methods: read from any spelling, checked, written back."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.kernels.errors import InvalidIndices, MissingRecord, ParameterError
from workbench.kernels.method import SourceSpec
from workbench.kernels.methods.bilinear import Bilinear
from workbench.kernels.methods.transposed_conv import TransposedConv
from workbench.kernels.registry import all_methods, by_id, from_dict, from_text


@pytest.mark.parametrize("cls", all_methods(), ids=lambda cls: cls.info.id)
def test_every_field_tells_a_person_what_it_is(cls):
    for field in cls.fields():
        assert field.param.label
        assert field.param.help or field.name in {"kernel", "seed"}, field.name
    assert cls.info.doc.endswith(".")
    assert cls.info.formula
    assert len(cls.info.short) <= 13


def test_one_number_stands_for_both_axes_and_comes_back_as_one():
    method = from_dict({"method": "transposed_conv", "stride": 3, "padding": [1, 2]})

    assert method.stride == (3, 3)
    assert method.padding == (1, 2)
    assert method.to_dict()["stride"] == 3
    assert method.to_dict()["padding"] == [1, 2]


def test_the_command_line_form_takes_tables_pairs_and_words():
    method = from_text("transposed_conv:kernel=[[1,4,1],[1,4,3],[3,3,1]],stride=2x3,padding=1")

    assert method.stride == (2, 3)
    assert method.kernel == ((1, 4, 1), (1, 4, 3), (3, 3, 1))
    assert from_text(method.to_text()) == method


def test_the_first_field_may_stand_without_its_name():
    assert from_text("down:4") == from_text("down:factor=4")


def test_a_number_as_kernel_means_ones_of_that_size():
    assert from_text("transposed_conv:kernel=4,stride=2").weights().tolist() == np.ones((4, 4)).tolist()


def test_a_kernel_comes_from_a_npy_file(tmp_path):
    np.save(tmp_path / "k.npy", np.arange(6).reshape(2, 3))

    assert from_text(f"convolution:kernel={tmp_path / 'k.npy'}").weights().tolist() == [[0, 1, 2], [3, 4, 5]]


def test_a_kernel_file_of_the_wrong_shape_is_named_with_its_shape(tmp_path):
    np.save(tmp_path / "line.npy", np.ones(3))

    with pytest.raises(ParameterError, match=r"kernel: line\.npy must hold a table .* not an array of shape \(3,\)"):
        from_text(f"transposed_conv:kernel={tmp_path / 'line.npy'}")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("transposed_conv:stride=0", "stride: must be at least 1, not 0"),
        ("transposed_conv:output_padding=2", "output_padding: must be below 2"),
        ("nearest:scale=65", "scale: must be at most 64, not 65"),
        ("nearest:grid=centre", "grid: must be one of half_pixel, align_corners"),
        ("nearest:scale=1x2x3", "scale: must be one number or two"),
        ("bilinear:antialias=on,grid=align_corners", "antialias: must be off with the align_corners grid"),
        ("nearest:tie=torch_floor", "tie: torch_floor is defined on the asymmetric grid"),
        ("transposed_conv:kernel=[[1,2],[3]]", "kernel: must be a table"),
        ("transposed_conv:kernel=[[1,NaN]]", "kernel: must hold finite numbers only"),
        ("max_unpool:indices=[[0,9]],plane=3x3", "indices: must lie in 0 … 8 of the 3×3 plane, not 9"),
        ("max_unpool:indices=[[0,1]]", "plane: must be given with indices"),
        ("bilinear:colour=red", "colour: is no field of bilinear"),
        ("bilinear:scale", "scale: must be a finite number, not 'scale'"),
        ("bilnear", "method: no method is called 'bilnear'; did you mean bilinear?"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_field_the_rule_and_the_value(text, sentence):
    with pytest.raises(ParameterError) as caught:
        from_text(text)

    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    ("text", "shape", "error", "sentence"),
    [
        ("transposed_conv:padding=9", (2, 3), ParameterError, "padding: must leave an output pixel"),
        ("max_unpool", (2, 3), MissingRecord, "indices: must come from a max-pooling"),
        ("max_unpool:indices=[[0,1]],plane=2x3", (2, 3), ParameterError, "indices: must be one for each pixel"),
        ("bilinear:scale=0.1", (4, 30), ParameterError, "scale: must leave at least one pixel of 4"),
        ("convolution:kernel_size=5", (4, 9), ParameterError, "kernel: must fit into the padded image"),
        ("average_pool:kernel=3,padding=2", (9, 7), ParameterError, "padding: must be at most half the kernel"),
        ("max_pool", (4, 6), MissingRecord, "method: max_pool is linear only with its record fixed"),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_source_is_refused_when_the_operator_is_built(text, shape, error, sentence):
    with pytest.raises(error) as caught:
        from_text(text).operator(SourceSpec(shape))

    assert str(caught.value).startswith(sentence)


def test_an_index_outside_its_plane_has_an_error_of_its_own():
    with pytest.raises(InvalidIndices):
        from_text("max_unpool:indices=[[-1]],plane=3x3")


def test_hints_say_why_a_field_does_not_act():
    assert not Bilinear().hints(SourceSpec((5, 7)))["antialias"].enabled
    assert Bilinear(scale=0.5).hints(SourceSpec((5, 7))).get("antialias") is None
    assert "stride 1" in TransposedConv(stride=1).hints(None)["output_padding"].text
    assert not TransposedConv().hints(None)["sigma"].visible


def test_an_unknown_id_is_refused_in_data_too():
    with pytest.raises(ParameterError):
        from_dict({"method": 7})
    assert by_id("nearest").info.name == "Nearest"
