"""What libraries store for 8-bit pictures, bit for bit, from frozen answers; and what the rules refuse."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from workbench.kernels.arrays import Window
from workbench.kernels.errors import ParameterError
from workbench.kernels.method import SourceSpec
from workbench.kernels.quantisers import Quantiser, quantised
from workbench.kernels.registry import from_dict

FILE = json.loads((Path(__file__).parents[1] / "golden" / "quantisers.json").read_text(encoding="utf-8"))
ALMOST = ("cv2.INTER_LINEAR)", "cv2.INTER_LANCZOS4)", "Transform.AFFINE", "cv2.INTER_AREA)")
"""Float32 coordinates and sums of these libraries fall to the other side of a step in a few pixels."""
ROUNDING = [case for case in FILE["cases"] if case["quantiser"] != "clip_to_input"]
EXACT = [case for case in ROUNDING if not any(words in case["call"] for words in ALMOST)]
NEARLY = [case for case in ROUNDING if case not in EXACT]


def named(case):
    return f"{case['call']} {len(case['output'])}x{len(case['output'][0])}"


def stored(case, window=None):
    x = np.array(case["input"], np.uint8)
    operator = from_dict(case["method"]).operator(SourceSpec(x.shape))
    return quantised(operator, x, Quantiser(case["quantiser"]), window)


@pytest.mark.parametrize("case", EXACT, ids=named)
def test_a_rounding_rule_gives_the_library_s_bits(case):
    assert stored(case).values.tolist() == case["output"]


@pytest.mark.parametrize("case", NEARLY, ids=named)
def test_where_bits_are_not_promised_a_few_pixels_differ_by_one(case):
    off = np.abs(stored(case).values - case["output"])

    assert off.max() <= 1
    assert np.count_nonzero(off) <= 0.06 * off.size


def test_enlarging_by_area_has_the_bits_of_opencv_all_the_same():
    cases = [case for case in NEARLY if case["method"].get("rule") == "cv2"]

    assert len(cases) == 4
    assert all(stored(case).values.tolist() == case["output"] for case in cases)


@pytest.mark.parametrize("case", [case for case in FILE["cases"] if case["quantiser"] == "clip_to_input"], ids=named)
def test_clipping_to_the_input_gives_the_library_s_numbers(case):
    assert np.abs(stored(case).values - case["output"]).max() <= 1e-12 * 255


@pytest.mark.parametrize("case", FILE["cases"][::5], ids=named)
def test_a_window_is_stored_like_that_window_of_the_whole(case):
    height, width = len(case["output"]), len(case["output"][0])
    window = Window(height // 3, 1, height - 1, width // 2 + 1)

    assert np.array_equal(stored(case, window).values, stored(case).values[window.slices])


def test_channels_are_rounded_each_by_itself():
    x = np.random.default_rng(0).integers(0, 256, (7, 5, 3)).astype(np.uint8)
    operator = from_dict({"method": "bicubic", "size": [11, 13]}).operator(SourceSpec((7, 5)))

    for rule in (Quantiser.ROUND_ONCE, Quantiser.TWO_PASS_22, Quantiser.TWO_PASS_16):
        together = quantised(operator, x, rule).values
        assert np.array_equal(together[:, :, 2], quantised(operator, x[:, :, 2], rule).values)


def test_the_float_sum_stands_beside_what_is_stored():
    x = np.array([[0, 0, 255, 255]], np.uint8)
    operator = from_dict({"method": "bicubic", "size": [1, 8]}).operator(SourceSpec((1, 4)))

    found = quantised(operator, x, Quantiser.ROUND_ONCE)

    assert np.array_equal(found.linear, operator.apply(x.astype(float)))
    assert found.clipped == 4
    assert np.array_equal(found.difference, found.values - found.linear)


def test_two_passes_of_rounding_are_not_one():
    x = np.random.default_rng(0).integers(0, 256, (32, 32)).astype(np.uint8)
    operator = from_dict({"method": "bicubic", "a": -0.75, "size": [61, 47]}).operator(SourceSpec((32, 32)))

    once, twice = (quantised(operator, x, rule).values for rule in (Quantiser.ROUND_ONCE, Quantiser.TWO_PASS_16))

    assert 5 <= np.abs(once - twice).max() <= 30


def test_without_a_rule_nothing_happens():
    x = np.random.default_rng(0).standard_normal((4, 7))
    operator = from_dict({"method": "bilinear"}).operator(SourceSpec((4, 7)))

    found = quantised(operator, x, Quantiser.NONE)

    assert np.array_equal(found.values, operator.apply(x))
    assert (found.clipped, Quantiser.NONE.label) == (0, "")


@pytest.mark.parametrize(
    ("rule", "method", "x", "problem"),
    [
        ("round_once", "bilinear", [[0.5, 1]], "needs pixels that are whole numbers 0 … 255, not 0.5"),
        ("two_pass_22", "bilinear", [[256, 1]], "needs pixels that are whole numbers 0 … 255, not 256"),
        ("two_pass_16", "bilinear", [[np.nan, 1]], "needs pixels that are whole numbers 0 … 255, not nan"),
        ("weights_256", "bicubic", [[0, 1]], "weights_256 needs rows of two weights that sum to 1"),
        ("two_pass_22", "max_unpool", [[0, 1]], "two_pass_22 needs a vertical and a horizontal pass"),
    ],
)
def test_a_rule_that_does_not_suit_is_refused(rule, method, x, problem):
    data = {"method": method} | ({"indices": [[0, 3]], "plane": [2, 3]} if method == "max_unpool" else {})
    operator = from_dict(data).operator(SourceSpec((1, 2)))

    with pytest.raises(ParameterError, match=f"quantiser: {problem}"):
        quantised(operator, np.array(x, float), Quantiser(rule))


def test_every_rule_but_none_has_words_for_its_badge():
    assert all(rule.label for rule in Quantiser if rule is not Quantiser.NONE)


def test_each_library_and_rule_is_in_the_frozen_file():
    assert set(FILE["libraries"]) == {"Pillow", "torch", "opencv-python-headless", "scikit-image", "scipy"}
    assert {case["quantiser"] for case in FILE["cases"]} == {one.value for one in Quantiser} - {"none"}
