"""The 84 two-dimensional node cases of ONNX, frozen: every one through our dialect, method and operator."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workbench.kernels.dialects import onnx
from workbench.kernels.dialects.onnx_code import code
from workbench.kernels.dialects.onnx_layers import indices_from_onnx, indices_to_onnx
from workbench.kernels.engines import BlasEngine, GatherEngine
from workbench.kernels.errors import ParameterError
from workbench.kernels.method import SourceSpec
from workbench.kernels.methods.max_pool import MaxPool
from workbench.kernels.registry import from_text

GOLDEN = Path(__file__).parents[1] / "golden"
FILE = json.loads((GOLDEN / "onnx_node_cases.json").read_text(encoding="utf-8"))
PRINTED = {"averagepool_2d_ceil_last_window_starts_on_pad": 1e-4}
"""Expectations that were typed with four decimals, of inputs with more."""
WORDS = {"W": "weight", "B": "bias", "I": "indices"}
"""Inputs of a node that have another name in ours."""


def tensors(case: dict[str, Any], side: str) -> dict[str, np.ndarray]:
    if "file" in case:
        with np.load(GOLDEN / case["file"]) as file:
            start = f"{case['name']}/{side[:-1]}/"
            return {name.removeprefix(start): file[name] for name in file.files if name.startswith(start)}
    return {name: np.array(one["values"], one["dtype"]).reshape(one["shape"]) for name, one in case[side].items()}


def answers(case: dict[str, Any], engine: Any) -> dict[str, np.ndarray]:
    """What our methods make of the node, in ONNX's layout."""
    inputs = list(tensors(case, "inputs").items())
    batch = inputs[0][1]
    others = {WORDS.get(name, name): array for name, array in inputs[1:]}
    made = [_image(case, image, number, others, engine) for number, image in enumerate(batch)]
    return {name: np.stack([one[name] for one in made]) for name in made[0]}


def _image(
    case: dict[str, Any], image: np.ndarray, number: int, others: dict[str, np.ndarray], engine: Any
) -> dict[str, np.ndarray]:
    x = np.ascontiguousarray(image.transpose(1, 2, 0)).astype(np.float64)
    if "indices" in others:
        others = others | {"indices": others["indices"][number]}
    method = onnx.node(case["op_type"], x.shape[:2], case["attributes"], **others)
    if isinstance(method, MaxPool):
        prepared = method.prepare(x)
        order = case["attributes"].get("storage_order", 0)
        indices = indices_to_onnx(prepared.record.indices, x.shape[:2], order, number)
        return {"Y": prepared.values.transpose(2, 0, 1), "Indices": indices}
    operator = method.operator(SourceSpec(x.shape[:2], channels=x.shape[2]))
    y = operator.apply(x, engine=engine)
    if operator.offset is not None:
        y = operator.affine(x)
    return {"Y": y.transpose(2, 0, 1)}


@pytest.mark.parametrize("case", FILE["cases"], ids=lambda case: case["name"])
@pytest.mark.parametrize("engine", [GatherEngine(), BlasEngine()], ids=lambda engine: engine.name)
def test_a_node_of_onnx_is_answered_alike(case, engine):
    wanted = tensors(case, "outputs")

    made = answers(case, engine)

    values = next(iter(wanted.values()))
    relative = 0 if values.dtype.kind in "iu" or case["name"] in PRINTED else 1e-6
    absolute = PRINTED.get(case["name"], relative / 10)
    assert made["Y"].shape == values.shape
    assert np.allclose(made["Y"], values.astype(np.float64), rtol=relative, atol=absolute)
    assert "Indices" not in wanted or np.array_equal(made["Indices"], wanted["Indices"])


def test_all_84_cases_are_there():
    from collections import Counter

    assert FILE["version"] == "1.23.2"
    assert Counter(case["op_type"] for case in FILE["cases"]) == {
        "Resize": 39,
        "Upsample": 1,
        "ConvTranspose": 9,
        "MaxPool": 14,
        "AveragePool": 13,
        "MaxUnpool": 2,
        "DepthToSpace": 2,
        "SpaceToDepth": 4,
    }


def layer(attributes, weight, x):
    method = onnx.node("ConvTranspose", np.shape(x), attributes, weight=weight)
    return method.operator(SourceSpec(np.shape(x))).apply(np.asarray(x, float))


@pytest.mark.parametrize(
    ("attributes", "weight", "wanted"),
    [
        ({"auto_pad": "SAME_UPPER", "strides": [1, 2]}, [[1, 2, 3]], [0, 0, 1, 2, 3, 0]),
        ({"auto_pad": "SAME_LOWER", "strides": [1, 2]}, [[1, 2, 3]], [0, 1, 2, 3, 0, 0]),
        ({"strides": [1, 2]}, [[1, 2, 3]], [0, 0, 1, 2, 3, 0, 0]),
        ({"strides": [1, 2], "output_shape": [1, 6]}, [[1, 2, 3]], [0, 1, 2, 3, 0, 0]),
        ({"auto_pad": "SAME_UPPER", "strides": [1, 3]}, [[1, 2]], [0, 0, 0, 1, 2, 0, 0, 0, 0]),
        ({"pads": [0, 2, 0, 0], "strides": [1, 2]}, [[1, 2, 3]], [1, 2, 3, 0, 0]),
    ],
    ids=str,
)
def test_an_impulse_lands_where_the_padding_rule_puts_it(attributes, weight, wanted):
    assert layer(attributes, weight, [[0, 1, 0]]).tolist() == [wanted]


def test_groups_with_more_channels_out_than_in_follow_torch():
    weight = np.random.default_rng(0).standard_normal((4, 3, 3, 2))
    x = np.random.default_rng(1).standard_normal((3, 5, 4))
    method = onnx.node("ConvTranspose", (3, 5), {"group": 2}, weight=weight, bias=[0, 1, 2, 3, 4, 5])

    made = method.operator(SourceSpec((3, 5), channels=4)).affine(x)

    second = onnx.node("ConvTranspose", (3, 5), {}, weight=weight[2:]).operator(SourceSpec((3, 5))).apply(x[:, :, 2:])
    assert np.abs(made[:, :, 3:] - second - [3, 4, 5]).max() <= 1e-13


class Helper:
    """Stands for ``onnx.helper``: gives back what a node was made of."""

    @staticmethod
    def make_node(op_type, inputs, outputs, **attributes):
        return op_type, inputs, attributes


@pytest.mark.parametrize(
    "text",
    [
        "transposed_conv:kernel=[[1,2,3]],stride=2,padding=0x1,padding_end=0x0,output_padding=1",
        "grouped_transposed_conv:weights=[[[[1]],[[2]]],[[[3]],[[4]]]],groups=2,bias=[1,2,3,4]",
        "max_pool:kernel=3x2,padding=1,padding_end=0x1,ceil_mode=on",
        "average_pool:kernel=2,stride=1,dilation=2,count_include_pad=off",
        "average_pool:kernel=3,stride=2,padding=1",
        "pixel_shuffle:factor=3,kernels=none,order=dcr",
        "pixel_unshuffle:factor=3,order=crd",
    ],
)
def test_a_node_that_is_printed_is_read_back_as_the_same_operator(text):
    method, shape = from_text(text), (6, 9)
    op_type, inputs, attributes = eval(code(method), {"helper": Helper})
    given = {}
    if "w" in inputs:
        given["weight"] = method.weights() if callable(method.weights) else method.weights
    if "b" in inputs:
        given["bias"] = method.bias

    again = onnx.node(op_type, shape, attributes, **given)

    if isinstance(method, MaxPool):
        x = np.random.default_rng(0).standard_normal(shape)
        assert np.array_equal(again.prepare(x).record.indices, method.prepare(x).record.indices)
    else:
        one, two = (m.operator(SourceSpec(shape, channels=None)) for m in (method, again))
        assert one.out_shape == two.out_shape
        assert all(abs(one.sparse(c) - two.sparse(c)).max() == 0 for c in range(min(one.out_channels or 1, 2)))
        assert np.array_equal(one.offset, two.offset) if one.offset is not None else two.offset is None


def test_unpooling_is_printed_where_onnx_reads_the_indices_in_the_same_plane():
    whole, cut = (MaxPool().prepare(np.random.default_rng(0).standard_normal((side, 6))).record for side in (4, 5))

    text = code(from_text("max_unpool"), SourceSpec(whole.shape, whole))

    assert text == 'helper.make_node("MaxUnpool", ["x", "indices"], ["y"],\n  kernel_shape=(2, 2),\n  strides=(2, 2))'
    assert code(from_text("max_unpool"), SourceSpec(cut.shape, cut)) is None


@pytest.mark.parametrize("storage_order", [0, 1])
def test_indices_go_to_onnx_and_come_back(storage_order):
    plane, x = (4, 6), np.random.default_rng(0).standard_normal((4, 6, 3))
    indices = MaxPool().prepare(x).record.indices

    theirs = indices_to_onnx(indices, plane, storage_order, image=2)

    y, x_ = divmod(int(indices[1, 2, 1]), 6)
    assert theirs[1, 1, 2] == (2 * 3 + 1) * 24 + (x_ * 4 + y if storage_order else y * 6 + x_)
    assert np.array_equal(indices_from_onnx(theirs, plane, storage_order), indices)


@pytest.mark.parametrize(
    ("op_type", "attributes", "inputs", "problem"),
    [
        ("ConvTranspose", {}, {}, "weight: must be given"),
        ("ConvTranspose", {"kernel_shape": [2, 2]}, {"weight": np.ones((1, 1, 3, 3))}, "kernel_shape: must be that of"),
        ("ConvTranspose", {"pads": [0, -1, 0, 0]}, {"weight": [[1]]}, "pads: must be between 0"),
        (
            "ConvTranspose",
            {"pads": [1, 1, 1, 1], "auto_pad": "SAME_UPPER"},
            {"weight": [[1]]},
            "pads: must be left out",
        ),
        ("ConvTranspose", {"output_shape": [90, 9]}, {"weight": [[1]]}, "output_shape: must be below 4, which"),
        ("MaxPool", {}, {}, "kernel_shape: must be given"),
        ("MaxPool", {"kernel_shape": [2, 2], "count_include_pad": 1}, {}, "count_include_pad: is nothing that MaxPool"),
        ("AveragePool", {"kernel_shape": [2]}, {}, "kernel_shape: must have two entries"),
        ("AveragePool", {"kernel_shape": [2, 2], "auto_pad": "same"}, {}, "auto_pad: must be one of NOTSET"),
        ("MaxUnpool", {"kernel_shape": [2, 2]}, {}, "indices: must be given"),
        ("MaxUnpool", {"kernel_shape": [1, 1]}, {"indices": [[0.5]]}, "indices: must be whole numbers"),
        ("DepthToSpace", {"blocksize": 2, "mode": "RGB"}, {}, "mode: must be one of DCR, CRD, not 'RGB'"),
        ("DepthToSpace", {}, {}, "blocksize: must be a finite number, not None"),
        ("SpaceToDepth", {"blocksize": 2}, {"scales": [1]}, "scales: is nothing that SpaceToDepth has"),
    ],
    ids=str,
)
def test_what_onnx_refuses_is_refused_by_the_attribute_s_name(op_type, attributes, inputs, problem):
    with pytest.raises(ParameterError, match=problem):
        onnx.node(op_type, (3, 5), attributes, **inputs).operator(SourceSpec((3, 5)))
