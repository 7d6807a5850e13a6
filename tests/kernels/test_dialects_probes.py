"""The libraries' own matrices, frozen: what each dialect makes of a call is what the library answered to it.

A library that resizes the identity along one axis answers with its matrix, so that phase, edge and kernel show apart.
"""

from __future__ import annotations

import importlib
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.oracles.probes import NEAREST, SIDES, Row, picture
from workbench.kernels.method import SourceSpec
from workbench.kernels.resampling import AxisMap, nearest_table

GOLDEN = Path(__file__).parents[1] / "golden" / "probes"
LIBRARIES = sorted(path.stem for path in GOLDEN.glob("*.json"))


def rows():
    for library in LIBRARIES:
        file = json.loads((GOLDEN / f"{library}.json").read_text(encoding="utf-8"))
        values = np.load(GOLDEN / f"{library}.npz")
        for number, row in enumerate(file["rows"]):
            words = {k: v for k, v in row["probes"][-1][1].items() if isinstance(v, (str, bool, int))}
            name = f"{library}.{row['function']} {words}"
            yield pytest.param(library, row, values[f"row{number}"], id=f"{number} {name}")


@pytest.mark.parametrize(("library", "row", "values"), list(rows()))
def test_a_call_of_a_library_is_the_operator_that_the_library_applied(library, row, values):
    function = getattr(importlib.import_module(f"workbench.kernels.dialects.{library}"), row["function"])
    begin, off = 0, 0.0
    for shape, arguments, out_shape in row["probes"]:
        wanted = values[begin : begin + np.prod(out_shape)].reshape(out_shape)
        begin += wanted.size
        made = function(tuple(shape), **arguments).operator(SourceSpec(tuple(shape))).affine(picture(tuple(shape)))
        assert made.shape == wanted.shape, arguments
        off = max(off, float(np.abs(made - wanted).max()))

    assert begin == values.size
    assert off <= row["tolerance"]


def samples(name):
    """Which sample each output takes by our rule, for all pairs of sizes one after another; and their axes."""
    dialect, function, arguments, extent = NEAREST[name]
    read = getattr(importlib.import_module(f"workbench.kernels.dialects.{dialect}"), function)
    method = read((4, 2), **Row(dialect, function, arguments, "", 0, extent).sized((4, 2), (6, 2)))
    axes = [AxisMap(n, m, Fraction(m, n), method.grid) for n in SIDES for m in SIDES]
    return np.concatenate([nearest_table(axis, method.tie).start for axis in axes]), axes


@pytest.mark.parametrize("name", [name for name in NEAREST if name != "scipy_corners"])
def test_nearest_takes_the_library_s_samples_at_all_sizes_up_to_64(name):
    taken, _ = samples(name)

    assert np.array_equal(taken, np.load(GOLDEN / f"nearest_{name}.npz")["index"])


def test_scipy_s_nearest_between_aligned_corners_departs_from_exact_rounding_at_ties_only():
    taken, axes = samples("scipy_corners")
    outputs = [(axis, i) for axis in axes for i in range(axis.n_out)]
    departs = np.flatnonzero(taken != np.load(GOLDEN / "nearest_scipy_corners.npz")["index"])

    assert 0 < len(departs) < 100
    assert all(outputs[k][0].coordinate(outputs[k][1]).denominator == 2 for k in departs)


@pytest.mark.parametrize("library", LIBRARIES)
def test_each_file_of_probes_says_which_library_answered(library):
    about = json.loads((GOLDEN / f"{library}.json").read_text(encoding="utf-8"))

    assert about["library"]
    assert about["version"][0].isdigit()
    assert about["licence"]


PROMISED = {
    "nearest-floor": {"torch", "opencv", "tensorflow", "onnx"},
    "nearest-exact": {"torch", "skimage", "scipy", "tensorflow", "jax", "pillow", "onnx"},
    "nearest-pillow": {"pillow", "opencv"},
    "nearest-onnx": {"onnx"},
    "nearest-corners": {"scipy", "tensorflow", "onnx"},
    "nearest-article": {"onnx"},
    "bilinear": {"torch", "opencv", "skimage", "scipy", "tensorflow", "onnx"},
    "bilinear-antialias": {"pillow", "torch", "tensorflow", "jax", "onnx"},
    "bilinear-corners": {"torch", "scipy", "tensorflow", "onnx"},
    "bilinear-tf1": {"tensorflow", "onnx"},
    "bilinear-mirror": {"skimage"},
    "bilinear-zero": {"skimage", "scipy"},
    "hamming": {"pillow"},
    "bicubic-torch": {"torch", "opencv", "jax", "onnx"},
    "bicubic-corners": {"torch", "onnx"},
    "bicubic-pillow": {"pillow", "torch", "tensorflow", "jax", "onnx"},
    "bicubic-tf1": {"tensorflow"},
    "bicubic-pil-affine": {"pillow"},
    "mitchell": {"tensorflow"},
    "gaussian": {"tensorflow"},
    "bspline-zoom": {"scipy"},
    "bspline-mirror": {"skimage", "scipy"},
    "bspline-replicate": {"skimage", "scipy"},
    "bspline-symmetric": {"skimage", "scipy"},
    "bspline-smooth": {"scipy"},
    "lanczos3": {"pillow", "torch", "jax", "tensorflow"},
    "lanczos5": {"jax", "tensorflow"},
    "lanczos4-cv2": {"opencv"},
    "area-adaptive": {"torch"},
    "area-overlap": {"tensorflow", "jax", "opencv"},
}
"""Each row of presets, and the libraries that have it; only MATLAB's could not be asked."""


@pytest.mark.parametrize("preset", list(PROMISED))
def test_each_library_of_a_preset_was_asked(preset):
    asked = {
        library
        for library in LIBRARIES
        for row in json.loads((GOLDEN / f"{library}.json").read_text(encoding="utf-8"))["rows"]
        if row["preset"] == preset
    }

    assert asked >= PROMISED[preset]
