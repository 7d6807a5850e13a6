"""Libraries' words: their refusals, the names of presets, and calls printed for a method."""

from __future__ import annotations

import ast
import importlib
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.kernels.dialects import (
    codes,
    jax,
    matlab,
    onnx,
    opencv,
    pillow,
    scipy,
    skimage,
    tensorflow,
    torch,
)
from workbench.kernels.dialects.calls import same
from workbench.kernels.errors import ParameterError, ShapeError
from workbench.kernels.method import Method, SourceSpec
from workbench.kernels.presets import all_presets
from workbench.kernels.registry import by_id, from_dict, from_text

GOLDEN = Path(__file__).parents[1] / "golden"
SHAPE = (5, 8)

REFUSALS = [
    ("size: must be given", lambda: torch.interpolate(SHAPE)),
    ("scale_factor: must be None", lambda: torch.interpolate(SHAPE, size=3, scale_factor=2)),
    ("size: must have two entries.*not 3", lambda: torch.interpolate(SHAPE, size=(1, 2, 3))),
    ("mode: must be one of nearest.*'linear'", lambda: torch.interpolate(SHAPE, 3, mode="linear")),
    ("align_corners: .*nearest", lambda: torch.interpolate(SHAPE, 3, align_corners=True)),
    ("antialias: must be off with area", lambda: torch.interpolate(SHAPE, 3, mode="area", antialias=True)),
    ("antialias: must be True with lanczos", lambda: torch.interpolate(SHAPE, 3, mode="lanczos")),
    (
        "antialias: must be off with align_corners",
        lambda: torch.interpolate(SHAPE, 3, mode="bicubic", align_corners=True, antialias=True),
    ),
    (
        "recompute_scale_factor: .*when size is given",
        lambda: torch.interpolate(SHAPE, 3, mode="bicubic", recompute_scale_factor=True),
    ),
    ("scale_factor: must leave at least one pixel of 5", lambda: torch.interpolate(SHAPE, scale_factor=0.1)),
    ("scale_factor: must be above 0, not -2", lambda: torch.interpolate(SHAPE, scale_factor=-2)),
    ("output_padding: must be below 1", lambda: torch.conv_transpose2d(SHAPE, [[1, 2]], output_padding=1)),
    ("padding: must be between 0.*not -1", lambda: torch.conv_transpose2d(SHAPE, [[1, 2]], padding=-1)),
    ("padding: must be at most half the kernel, 1, not 2", lambda: torch.max_pool2d(SHAPE, 3, dilation=2, padding=2)),
    ("output_size: must be between", lambda: torch.max_unpool2d((2, 2), 2, output_size=(6, 4))),
    ("indices: must lie in 0 … 7", lambda: torch.max_unpool2d((1, 2), 2, output_size=None, indices=[[1, 16]])),
    ("fy: must be above 0, not 0", lambda: opencv.resize(SHAPE, None, fx=2)),
    ("dsize: must be between 1", lambda: opencv.resize(SHAPE, (0, 3))),
    ("interpolation: must be one of", lambda: opencv.resize(SHAPE, (3, 3), interpolation=99)),
    ("size: must be between 1", lambda: pillow.resize(SHAPE, (0, 3))),
    ("box: must not begin outside", lambda: pillow.resize(SHAPE, (3, 3), box=(-1, 0, 3, 3))),
    ("box: must not exceed the image of 5×8", lambda: pillow.resize(SHAPE, (3, 3), box=(0, 0, 3, 6))),
    ("box: must not be empty", lambda: pillow.resize(SHAPE, (3, 3), box=(2, 0, 2, 3))),
    ("reducing_gap: must be at least 1, not 0.5", lambda: pillow.resize(SHAPE, (3, 3), reducing_gap=0.5)),
    ("order: must be between 0 and 5, not 6", lambda: skimage.resize(SHAPE, (3, 3), order=6)),
    ("mode: must be one of reflect.*'nearest'", lambda: skimage.resize(SHAPE, (9, 9), mode="nearest")),
    ("anti_aliasing: must be True or False", lambda: skimage.resize(SHAPE, (3, 9), anti_aliasing="no")),
    (
        "size: must leave two columns with antialias",
        lambda: torch.interpolate(SHAPE, (3, 1), mode="bicubic", antialias=True),
    ),
    (
        "scale_factor: must leave two columns",
        lambda: torch.interpolate(SHAPE, scale_factor=(0.5, 0.2), mode="bicubic", antialias=True),
    ),
    ("mode: must be nearest for 8 → 26, not constant.*7.000000000000001", lambda: scipy.zoom((3, 8), (1, 3.25))),
    ("mode: must be nearest for 8 → 26, not wrap", lambda: scipy.zoom((3, 8), (1, 3.25), mode="wrap")),
    (
        "size: must leave at least one pixel of 2",
        lambda: tensorflow.resize((40, 2), (3, 3), preserve_aspect_ratio=True),
    ),
    ("order: must be between 0 and 5, not 7", lambda: scipy.zoom(SHAPE, 2, order=7)),
    ("mode: must be grid-constant with grid_mode", lambda: scipy.zoom(SHAPE, 2, order=1, grid_mode=True)),
    ("zoom: must be one number or two.*not 3", lambda: scipy.zoom(SHAPE, (1, 2, 3))),
    ("method: must be one of bilinear", lambda: tensorflow.resize(SHAPE, (3, 3), method="cubic")),
    (
        "align_corners: must be False with half_pixel_centers",
        lambda: tensorflow.resize_bilinear(SHAPE, (3, 3), align_corners=True, half_pixel_centers=True),
    ),
    ("method: must be one of nearest", lambda: jax.resize(SHAPE, (3, 3), "sinc")),
    ("scale: must be given, or an output size", lambda: matlab.imresize(SHAPE)),
    ("sizes: must be given, or scales", lambda: onnx.node("Resize", SHAPE)),
    ("scales: must be empty when sizes", lambda: onnx.node("Resize", SHAPE, scales=[2, 2], sizes=[3, 3])),
    ("scales: must be at least 1", lambda: onnx.node("Upsample", SHAPE, scales=[0.5, 2])),
    (
        "roi: must have a start and an end",
        lambda: onnx.resize(SHAPE, sizes=[3, 3], coordinate_transformation_mode=CROP),
    ),
    ("axes: must name different axes", lambda: onnx.resize(SHAPE, sizes=[3, 3], axes=[1, 1])),
    ("keep_aspect_ratio_policy: must be stretch", lambda: onnx.resize(SHAPE, scales=[2, 2], **{POLICY: "not_larger"})),
    ("colour: is nothing that Resize has", lambda: onnx.node("Resize", SHAPE, {"colour": 1}, sizes=[3, 3])),
    ("op_type: must be one of Resize.*'Gemm'", lambda: onnx.node("Gemm", SHAPE)),
]
CROP = "tf_crop_and_resize"
POLICY = "keep_aspect_ratio_policy"


@pytest.mark.parametrize(("sentence", "call"), REFUSALS, ids=[sentence for sentence, _ in REFUSALS])
def test_what_a_library_refuses_is_refused_by_name_rule_and_value(sentence, call):
    with pytest.raises(ParameterError, match=sentence):
        call()


def numbers():
    return st.one_of(
        st.integers(-3, 20), st.floats(-2, 5), st.sampled_from([float("nan"), float("inf"), 10**400, True, "2", None])
    )


def anything():
    lists = st.lists(numbers(), max_size=5)
    words = st.sampled_from(["nearest", "bilinear", "bicubic", "cubic", "linear", "area", "lanczos", "reflect", ""])
    return st.one_of(numbers(), lists, lists.map(tuple), words, st.booleans(), st.just({}))


FUNCTIONS = {
    "torch.interpolate": ["size", "scale_factor", "mode", "align_corners", "recompute_scale_factor", "antialias"],
    "torch.conv_transpose2d": ["weight", "bias", "stride", "padding", "output_padding", "groups", "dilation"],
    "torch.conv2d": ["weight", "bias", "stride", "padding", "dilation", "groups"],
    "torch.max_pool2d": ["kernel_size", "stride", "padding", "dilation", "ceil_mode"],
    "torch.avg_pool2d": ["kernel_size", "stride", "padding", "ceil_mode", "divisor_override"],
    "torch.max_unpool2d": ["kernel_size", "stride", "padding", "output_size", "indices"],
    "torch.pixel_shuffle": ["upscale_factor"],
    "opencv.resize": ["dsize", "fx", "fy", "interpolation"],
    "pillow.resize": ["size", "resample", "box", "reducing_gap"],
    "skimage.resize": ["output_shape", "order", "mode", "cval", "clip", "anti_aliasing"],
    "skimage.rescale": ["scale", "order", "mode", "anti_aliasing"],
    "scipy.zoom": ["zoom", "order", "mode", "cval", "prefilter", "grid_mode"],
    "tensorflow.resize": ["size", "method", "preserve_aspect_ratio", "antialias"],
    "tensorflow.resize_bicubic": ["size", "align_corners", "half_pixel_centers"],
    "jax.resize": ["new_shape", "method", "antialias"],
    "matlab.imresize": ["scale", "output_size", "method", "antialiasing"],
    "onnx.resize": ["sizes", "scales", "roi", "mode", "axes", "cubic_coeff_a", "antialias", "exclude_outside", POLICY],
}
NEEDED = {"weight", "kernel_size", "upscale_factor", "size", "output_shape", "scale", "zoom", "new_shape", "method"}


@pytest.mark.parametrize("name", list(FUNCTIONS))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_arguments_make_a_method_or_are_refused(name, data):
    library, _, function = name.partition(".")
    shape = data.draw(st.tuples(st.integers(1, 9), st.integers(1, 9)))
    arguments = {
        word: data.draw(anything(), label=word)
        for word in FUNCTIONS[name]
        if word in NEEDED or data.draw(st.booleans(), label=f"{word} is given")
    }
    try:
        made = getattr(importlib.import_module(f"workbench.kernels.dialects.{library}"), function)(shape, **arguments)
        made.operator(SourceSpec(shape))
    except (ParameterError, ShapeError):
        made = None

    assert made is None or isinstance(made, Method)


CALLS = {
    "torch": lambda shape, words: torch.interpolate(shape, scale_factor=1.5, **words),
    "opencv": lambda shape, words: opencv.resize(shape, None, fx=1.5, fy=1.5, **words),
    "pillow": lambda shape, words: pillow.resize(shape, (12, 7), **words),
    "tensorflow": lambda shape, words: tensorflow.resize(shape, (7, 12), **words),
    "jax": lambda shape, words: jax.resize(shape, (7, 12), **words),
    "matlab": lambda shape, words: matlab.imresize(shape, 1.5, **words),
    "onnx": lambda shape, words: onnx.resize(shape, scales=[1.5, 1.5], **words),
}
SAID = {
    "torch.nearest": {"mode": "nearest"},
    "torch.nearest_exact": {"mode": "nearest-exact"},
    "torch.bilinear": {"mode": "bilinear"},
    "torch.bilinear_corners": {"mode": "bilinear", "align_corners": True},
    "torch.bilinear_antialias": {"mode": "bilinear", "antialias": True},
    "torch.bicubic": {"mode": "bicubic"},
    "torch.bicubic_antialias": {"mode": "bicubic", "antialias": True},
    "torch.lanczos": {"mode": "lanczos", "antialias": True},
    "torch.area": {"mode": "area"},
    "opencv.inter_nearest": {"interpolation": "INTER_NEAREST"},
    "opencv.inter_cubic": {"interpolation": "INTER_CUBIC"},
    "opencv.inter_lanczos4": {"interpolation": "INTER_LANCZOS4"},
    "opencv.inter_nearest_exact": {"interpolation": "INTER_NEAREST_EXACT"},
    "pillow.nearest": {"resample": "NEAREST"},
    "pillow.hamming": {"resample": "HAMMING"},
    "pillow.lanczos": {"resample": "LANCZOS"},
    "tensorflow.mitchellcubic": {"method": "mitchellcubic"},
    "tensorflow.gaussian": {"method": "gaussian"},
    "jax.cubic_pytorch": {"method": "cubic-pytorch", "antialias": False},
    "jax.lanczos5": {"method": "lanczos5"},
    "matlab.bicubic": {"method": "bicubic"},
    "onnx.nearest": {},
    "onnx.cubic": {"mode": "cubic"},
}


@pytest.mark.parametrize("id", list(SAID))
def test_a_preset_is_what_the_library_means_by_its_name(id):
    size = "size=7x12" if id.split(".")[0] in ("pillow", "tensorflow", "jax") else "scale=1.5"
    preset = from_text(f"{id}:{size}")
    called = CALLS[id.split(".")[0]](SHAPE, SAID[id])

    assert same(preset, called, SHAPE)


@pytest.mark.parametrize("preset", all_presets(), ids=lambda preset: preset.id)
def test_a_preset_is_read_by_its_name_on_the_command_line_and_in_files(preset):
    assert from_text(preset.id) == preset.method()
    assert from_text(preset.text) == preset.method()
    assert from_dict({"method": preset.id, "scale": 3}) == preset.method(scale=3)


def test_a_preset_s_own_fields_can_still_be_given():
    made = from_text("pillow.lanczos:4,r=5")

    assert made == from_text("lanczos:4,r=5,antialias=on,edge=exclude")
    assert by_id("pillow.lanczos") is type(made)


def test_a_misspelt_preset_is_answered_with_the_nearest():
    with pytest.raises(ParameterError, match=r"did you mean torch\.bicubic"):
        from_text("torch.bicubik")


@pytest.mark.parametrize("library", ["torch", "opencv", "pillow", "skimage", "scipy", "tensorflow", "jax", "onnx"])
def test_the_call_printed_for_a_library_s_own_operator_is_that_library_s(library):
    module = importlib.import_module(f"workbench.kernels.dialects.{library}")
    file = json.loads((GOLDEN / "probes" / f"{library}.json").read_text(encoding="utf-8"))
    silent = []
    for row in file["rows"]:
        for shape, arguments, _ in row["probes"][-3:]:
            method = getattr(module, row["function"])(tuple(shape), **arguments)
            if module.code(method, SourceSpec(tuple(shape))) is None:
                silent.append((row["function"], arguments))

    assert len(silent) <= {"torch": 1, "pillow": 15, "opencv": 1, "scipy": 2, "tensorflow": 6, "jax": 2}.get(
        library, 0
    ), silent


@pytest.mark.parametrize(
    ("text", "library", "wanted"),
    [
        ("bilinear:2", "PyTorch", 'F.interpolate(x,\n  scale_factor=2,\n  mode="bilinear")'),
        ("bicubic:2", "OpenCV", "cv2.resize(x, None,\n  fx=2, fy=2,\n  interpolation=cv2.INTER_CUBIC)"),
        (
            "lanczos:2",
            "Pillow",
            "np.asarray(Image.fromarray(x).resize(\n  (16, 10),\n  Image.Resampling.LANCZOS))",
        ),
        ("bspline:2,edge=mirror", "SciPy", 'zoom(x, 2,\n  order=3,\n  mode="mirror",\n  grid_mode=True)'),
        ("bicubic:2,a=-0.5,edge=symmetric", "MATLAB", 'imresize(x, 2, "bicubic")'),
        ("linear:3", "JAX", 'jax.image.resize(x, (5, 24), "linear")'),
    ],
)
def test_a_method_is_said_in_a_library_s_words(text, library, wanted):
    assert codes(from_text(text), SourceSpec(SHAPE))[library] == wanted


def test_a_rule_that_no_library_has_is_not_said_in_its_words():
    said = codes(from_text("nearest:size=4x6,grid=asymmetric,tie=up"), SourceSpec((3, 4)))

    assert said.keys() <= {"ONNX"}


def test_words_for_methods_do_not_depend_on_the_shape_where_none_is_given():
    assert 'scale_factor=3,\n  mode="bicubic"' in codes(from_text("bicubic:3"))["PyTorch"]
    assert "Pillow" not in codes(from_text("lanczos:3"))


def test_layers_are_read_in_torch_s_words():
    made = torch.conv_transpose2d((3, 4), np.arange(9).reshape(3, 3), stride=2, padding=1, output_padding=1)

    assert made.operator(SourceSpec((1, 1))).apply(np.ones((1, 1))).tolist() == [[4, 5], [7, 8]]


LAYERS = [
    ("transposed_conv:kernel=[[1,2,3],[4,5,6]],stride=2x3,padding=1,output_padding=1x0", 1),
    ("convolution:kernel=[[1,2],[3,-4]],stride=2,padding=1,dilation=2x1", 1),
    ("grouped_conv:weights=[[[[1,2]]],[[[3,4]]]],groups=2,stride=1x2,bias=[1,-1]", 2),
    ("grouped_transposed_conv:weights=[[[[1,2]]],[[[3,4]]]],groups=2,stride=2,padding=0x1,bias=[1,-1]", 2),
    ("max_pool:kernel=3x2,stride=2,padding=1,dilation=1x2", 1),
    ("average_pool:kernel=3,stride=2,padding=1,ceil_mode=on,count_include_pad=off", 1),
    ("pixel_shuffle:factor=2,kernels=none", 8),
    ("pixel_unshuffle:factor=2", 2),
]


class _Torch:
    """Stands for torch and its functions: what is printed, read by our dialect."""

    def __init__(self, shape):
        self.shape = shape

    def tensor(self, values, dtype=None):
        return np.array(values, float)

    def __getattr__(self, name):
        def read(x, *arguments, **words):
            bias = dict(zip(("weight", "bias"), arguments)) if "conv" in name else {}
            rest = () if bias else arguments
            return getattr(torch, name)(self.shape, *rest, **bias, **words)

        return read


def _statements(code):
    return [ast.unparse(statement) for statement in ast.parse(code).body]


@pytest.mark.parametrize(("text", "channels"), LAYERS)
def test_a_layer_that_is_printed_for_torch_is_read_back_as_the_same_operator(text, channels):
    method, shape = from_text(text), (6, 8)
    *before, last = _statements(codes(method, SourceSpec(shape, channels=channels))["PyTorch"])
    names = {"F": _Torch(shape), "torch": _Torch(shape), "x": type("X", (), {"dtype": None})()}
    for line in before:
        exec(line, names)

    again = eval(last, names)

    image = np.random.default_rng(0).standard_normal((*shape, channels))
    assert np.array_equal(again.prepare(image).values, method.prepare(image).values)


def test_windows_that_torch_has_no_mean_of_are_printed_as_sums_over_what_they_count():
    spread = codes(from_text("average_pool:kernel=3,dilation=2,padding=1,count_include_pad=off"), SourceSpec((9, 12)))
    counted = codes(from_text("average_pool:kernel=3x2,padding=1,padding_end=0x1"), SourceSpec((9, 12)))

    assert "F.conv2d(torch.ones_like(x), w" in spread["PyTorch"]
    assert counted["PyTorch"].endswith(" / 6")


def test_only_libraries_that_have_a_call_are_named():
    assert set(codes(from_text("bicubic:2"), SourceSpec((5, 8)))) == {"PyTorch", "ONNX", "OpenCV", "JAX"}
    assert set(codes(from_text("grouped_conv"), SourceSpec((5, 8), channels=3))) == {"PyTorch", "ONNX"}


def test_a_border_of_another_value_is_the_affine_part():
    read = skimage.resize((4, 6), (9, 11), order=3, mode="constant", cval=0.7, anti_aliasing=False)
    same = scipy.zoom((4, 6), (9 / 4, 11 / 6), order=3, mode="grid-constant", cval=0.7, grid_mode=True)
    x = np.random.default_rng(0).standard_normal((4, 6))

    one, two = (method.operator(SourceSpec((4, 6))) for method in (read, same))

    assert np.allclose(one.affine(x), two.affine(x), atol=1e-12)
    assert np.allclose(one.affine(np.full((4, 6), 0.7)), 0.7, atol=1e-12)


def test_scipy_s_constant_border_is_never_met_between_aligned_corners():
    assert scipy.zoom((4, 6), 2, cval=0.7) == scipy.zoom((4, 6), 2)


def test_pillow_s_box_takes_the_pixels_on_its_rim_that_sums_of_doubles_leave_in_it():
    exact, theirs = (from_text(f"box:size=3x10,antialias=on,rim={rim}") for rim in ("exact", "pillow"))
    rows = [[len(m.operator(SourceSpec((3, 17))).row(1, j)) for j in range(10)] for m in (exact, theirs)]

    assert rows[0] == [2, 1, 2, 2, 2, 1, 2, 2, 1, 2]
    assert rows[1] == [2, 1, 2, 2, 1, 1, 2, 2, 1, 2]
    assert "Pillow" in codes(theirs, SourceSpec((3, 17)))
    assert "Pillow" not in codes(exact, SourceSpec((3, 17)))


def test_opencv_copies_a_picture_that_keeps_its_size():
    x = np.random.default_rng(0).standard_normal((7, 5))

    for flag in opencv.FLAGS:
        assert np.array_equal(opencv.resize((7, 5), None, 1.05, 0.96, flag).prepare(x).values, x)


def test_pillow_s_nearest_takes_from_a_box_what_stands_in_it():
    method = pillow.resize((5, 8), (3, 2), "NEAREST", box=(2, 1, 8, 5))
    x = np.arange(40.0).reshape(5, 8)

    assert method.operator(SourceSpec((5, 8))).apply(x).tolist() == [[19, 21, 23], [35, 37, 39]]


def test_tensorflow_s_gaussian_counts_the_taps_on_its_rim_that_single_precision_leaves_in_it():
    exact, theirs = (from_text(f"gaussian:size=2x4,antialias=on,rim={rim}") for rim in ("exact", "tensorflow"))
    spec = SourceSpec((4, 7))
    taps = [len(method.operator(spec).row(1, 3)) for method in (exact, theirs)]

    assert taps == [12, 16]
    assert np.allclose(theirs.operator(spec).row_sums(), 1, atol=1e-12)
    assert tensorflow.code(exact, spec) is None
    assert "gaussian" in tensorflow.code(theirs, spec)


def test_where_no_tap_is_on_the_rim_both_gaussians_are_one():
    exact, theirs = (from_text(f"gaussian:scale=0.5,antialias=on,rim={rim}") for rim in ("exact", "tensorflow"))

    assert tensorflow.code(exact, SourceSpec((4, 6))) == tensorflow.code(theirs, SourceSpec((4, 6))) is not None
