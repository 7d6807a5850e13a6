"""Numbers that stand literally in other projects' tests: nobody here has made them."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from workbench.kernels.method import SourceSpec
from workbench.kernels.registry import from_dict

ANCHORS = json.loads((Path(__file__).parents[1] / "golden" / "anchors.json").read_text(encoding="utf-8"))["anchors"]


def numbers(table):
    return np.array([[float(Fraction(one)) for one in row] for row in table])


def in_two_passes(operator, x):
    """Pillow's 8-bit arithmetic: weights in 1/2²², across and then down, rounded and clipped after each."""
    rows, cols = operator.axes()
    for table in (cols, rows):
        scaled = table.matrix.toarray() * (1 << 22)
        weights = np.trunc(scaled + np.copysign(0.5, scaled)).astype(np.int64)
        x = np.clip((x @ weights.T + (1 << 21)) >> 22, 0, 255).T
    return x


@pytest.mark.parametrize("anchor", ANCHORS, ids=lambda anchor: f"{anchor['project']}: {anchor['name']}")
def test_a_number_in_another_project_s_tests_is_ours_too(anchor):
    method, x, wanted = from_dict(anchor["method"]), np.array(anchor["input"]), numbers(anchor["output"])
    if "indices" in anchor:
        made = method.prepare(x).values
    elif "quantiser" in anchor:
        made = in_two_passes(method.operator(SourceSpec(x.shape)), x)
    else:
        made = method.operator(SourceSpec(x.shape)).apply(x)
    top, left, bottom, right = anchor.get("part", (0, 0, *made.shape))

    assert np.abs(made[top:bottom, left:right] - wanted).max() <= anchor["tolerance"]


def test_recorded_indices_are_pytorch_s():
    anchor = next(one for one in ANCHORS if "indices" in one)

    record = from_dict(anchor["method"]).prepare(np.array(anchor["input"])).record

    assert record.indices.tolist() == anchor["indices"]


def test_each_anchor_says_where_it_stands():
    assert all(one[key] for one in ANCHORS for key in ("project", "file", "version", "licence"))
    assert len(ANCHORS) >= 20
