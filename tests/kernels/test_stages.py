"""Stages around the linear map: libraries' 8-bit answers out of declared steps, and what each step makes of a value."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from workbench.kernels.arrays import Pixel, Window
from workbench.kernels.errors import ParameterError
from workbench.kernels.method import SourceSpec
from workbench.kernels.presets import PRESETS
from workbench.kernels.registry import from_dict
from workbench.kernels.stages import (
    PREMULTIPLIED,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    TRUNCATE,
    Side,
    clipped,
    light,
    stages_of,
    stored,
    stored_as,
    tail,
    tail_at,
)
from workbench.kernels.transfer import linear_to_srgb, srgb_to_linear

FILE = json.loads((Path(__file__).parents[1] / "golden" / "quantisers.json").read_text(encoding="utf-8"))
LIBRARIES = {
    "Image.": "Pillow",
    "F.interpolate": "PyTorch",
    "cv2.": "OpenCV",
    "scipy.": "SciPy",
    "skimage.": "scikit-image",
}
CASES = FILE["cases"]
EXACT = "opencv.inter_linear_exact"
"""Its operator is that of INTER_LINEAR: the preset says what is stored."""


def named(case):
    return f"{case['call']} {len(case['output'])}x{len(case['output'][0])}"


def noise(shape, peak=255):
    return np.random.default_rng(3).integers(0, 256, shape) * (peak / 255)


def enlarged(shape, **fields):
    return from_dict({"method": "bicubic", "scale": [2.5, 1.5], **fields}).operator(SourceSpec(shape))


@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_stages_of_a_library_make_what_it_stores(case):
    method, x = from_dict(case["method"]), np.array(case["input"], float)
    library = next(name for words, name in LIBRARIES.items() if words in case["call"])
    stages = stages_of(EXACT if case["quantiser"] == "weights_256" else library, method)

    off = np.abs(stored(method.operator(SourceSpec(x.shape)), x, stages).values - case["output"])

    promised = all(stage.exactness in ("exact", "bit for bit") for stage in stages)
    assert off.max() <= (1e-9 if promised else 1)
    assert np.count_nonzero(off > 1e-9) <= 0.06 * off.size


@pytest.mark.parametrize("case", FILE["alpha"], ids=named)
def test_pillow_multiplies_by_alpha_and_divides_by_it_in_8_bits(case):
    x = np.array(case["input"], float)
    height, width = len(case["output"]), len(case["output"][0])
    operator = PRESETS[case["preset"]].method(size=[height, width]).operator(SourceSpec(x.shape[:2]))

    made = stored(operator, x, stages_of(case["preset"], alpha=True)).values

    assert made.tolist() == case["output"]


@pytest.mark.parametrize(
    "preset", ["pillow.bicubic", "torch.bicubic", "opencv.inter_cubic", "opencv.inter_linear", EXACT]
)
def test_values_of_another_unit_are_stored_alike(preset):
    operator = PRESETS[preset].method().operator(SourceSpec((7, 12)))
    x = noise((7, 12, 3))

    whole = stored(operator, x, stages_of(preset)).values
    unit = stored(operator, (x / 255).astype(np.float32), stages_of(preset, peak=1.0)).values

    assert np.allclose(unit * 255, whole, atol=1e-9)


@pytest.mark.parametrize("preset", ["pillow.lanczos", "torch.bilinear", "opencv.inter_cubic", "skimage.bicubic"])
def test_the_steps_at_a_pixel_end_in_what_is_stored_there(preset):
    operator = PRESETS[preset].method(scale=(1.5, 2.5)).operator(SourceSpec((9, 14)))
    x, stages = noise((9, 14, 3)), stages_of(preset, limits=(0, 255))
    found = stored(operator, x, stages)

    for pixel in (Pixel(0, 0), Pixel(3, 20), Pixel(12, 34)):
        steps = tail_at(operator, x, pixel, stages, channel=2)
        assert steps[0] == ("sum", pytest.approx(found.linear[*pixel, 2], abs=1e-9))
        assert steps[-1][1] == pytest.approx(found.values[*pixel, 2], abs=1e-9)
        assert [title for title, _ in steps[1:]] == [stage.title for stage in stages]


def test_a_sum_beyond_white_is_clipped_scaled_and_rounded():
    assert tail(1.07, (clipped(0, 1), *stored_as(8))) == (
        ("clip", 1),
        ("× 255", 255),
        ("round half up", 255),
        ("clip", 255),
    )
    assert tail(-3.2, stored_as(8, peak=255)) == (("round half up", -3), ("clip", 0))


@pytest.mark.parametrize(
    ("stage", "answers"), [(ROUND_HALF_UP, [3, 3, -2]), (ROUND_HALF_EVEN, [2, 3, -2]), (TRUNCATE, [2, 2, -2])]
)
def test_three_ways_to_a_whole_number(stage, answers):
    assert [tail(value, [stage])[0][1] for value in (2.5, 2.75, -2.5)] == answers


def test_light_is_averaged_between_two_curves():
    operator = from_dict({"method": "bilinear"}).operator(SourceSpec((3, 5)))
    x, (before, after) = noise((3, 5), 1.0), light()

    made = stored(operator, x, (before, after)).values

    assert np.allclose(made, linear_to_srgb(operator.apply(srgb_to_linear(x))), atol=1e-14)
    assert (before.side, after.side) == (Side.BEFORE, Side.AFTER)


def test_red_fades_into_nothing_without_blue_if_it_is_multiplied_by_alpha_first():
    x = np.array([[[1.0, 0, 0, 1], [0, 0, 1, 0]]])
    operator = from_dict({"method": "bilinear", "size": [1, 4]}).operator(SourceSpec((1, 2)))

    made = stored(operator, x, PREMULTIPLIED).values[0]
    steps = tail_at(operator, x, Pixel(0, 2), PREMULTIPLIED)

    assert np.allclose(made, [[1, 0, 0, 1], [1, 0, 0, 0.75], [1, 0, 0, 0.25], [0, 0, 0, 0]])
    assert steps == (("sum", 0.25), ("÷ alpha", 1.0))


def test_a_window_is_what_that_window_of_the_whole_is():
    operator, x = enlarged((8, 11)), noise((8, 11, 3))
    window = Window(4, 1, 13, 9)

    for stages in (stages_of("pillow.bicubic"), stored_as(8, 255), (light(255)[0], light(255)[1])):
        assert np.allclose(
            stored(operator, x, stages, window).values, stored(operator, x, stages).values[window.slices]
        )


def test_a_rounding_in_two_passes_is_not_made_of_a_sum():
    with pytest.raises(ParameterError, match="stages: two passes, 22 bits needs the operator and its pixels"):
        tail(3.0, stages_of("pillow.bicubic"))


@pytest.mark.parametrize(
    ("library", "problem"),
    [
        ("torch.area", "PyTorch refuses pixels of 8 bits in what area is there"),
        ("matlab.bicubic", "what MATLAB does to pixels of 8 bits in bicubic is not known here"),
        ("nobody.knows", "must be the id of a preset"),
    ],
)
def test_what_is_refused_or_not_known_says_so(library, problem):
    with pytest.raises(ParameterError, match=f"library: {problem}"):
        stages_of(library)


def test_every_stage_of_every_preset_has_words():
    for id, preset in PRESETS.items():
        if preset.library in ("ONNX", "MATLAB") or id == "torch.area":
            continue
        stages = stages_of(id, alpha=True)
        assert all(stage.title and stage.words.endswith(".") and stage.exactness for stage in stages)
