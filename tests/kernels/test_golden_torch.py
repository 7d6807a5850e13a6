"""Our methods against the frozen answers of torch and scikit-image: conventions, not structure.

A half pixel that is missing everywhere passes every test of structure, and fails here.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from workbench.kernels.engines import BlasEngine, GatherEngine
from workbench.kernels.method import SourceSpec
from workbench.kernels.registry import from_dict

GOLDEN = Path(__file__).parents[1] / "golden"
FILES = {name: json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8")) for name in ("torch", "scikit_image")}
CASES = [case for file in FILES.values() for case in file["cases"]]
every_case = pytest.mark.parametrize("case", CASES, ids=[case["call"] for case in CASES])


def frozen(case, name):
    return np.array(case[name], np.float64)


@every_case
@pytest.mark.parametrize("engine", [GatherEngine(), BlasEngine()], ids=lambda engine: engine.name)
def test_a_call_of_the_library_is_answered_alike(case, engine):
    method, x, wanted = from_dict(case["method"]), frozen(case, "input"), frozen(case, "output")
    if case["method"]["method"] == "max_pool":
        operator = method.prepare(x).operator
    else:
        operator = method.operator(SourceSpec(x.shape))

    made = operator.apply(x, engine=engine)

    assert made.shape == wanted.shape
    assert np.abs(made - wanted).max() <= 1e-12 * max(1.0, np.abs(wanted).max())


@pytest.mark.parametrize(
    "case", [case for case in CASES if "max_pool2d" in case["call"]], ids=lambda case: case["call"]
)
def test_max_pooling_records_the_library_s_indices(case):
    prepared = from_dict(case["method"]).prepare(frozen(case, "input"))

    assert prepared.values.tolist() == case["output"]
    assert prepared.record.indices.tolist() == case["indices"]


@pytest.mark.parametrize("file", FILES.values(), ids=FILES.keys())
def test_each_file_says_which_library_answered(file):
    assert file["library"]
    assert file["version"][0].isdigit()
    assert file["licence"]


@pytest.mark.parametrize(
    ("word", "least"),
    [
        ("'nearest'", 5),
        ("'nearest-exact'", 10),
        ("'bilinear'", 20),
        ("conv_transpose2d", 12),
        ("conv2d", 5),
        ("max_pool2d", 6),
        ("avg_pool2d", 7),
        ("max_unpool2d", 5),
    ],
)
def test_no_kind_of_call_has_been_lost_from_the_frozen_file(word, least):
    assert sum(word in case["call"] for case in FILES["torch"]["cases"]) >= least
