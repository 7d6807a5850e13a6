"""Pillow's reducing gap: means of blocks before a resize; its numbers are among the probes."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.kernels.arrays import Window
from workbench.kernels.dialects import codes, pillow
from workbench.kernels.engines import GatherEngine
from workbench.kernels.errors import ParameterError
from workbench.kernels.method import SourceSpec
from workbench.kernels.registry import from_text

SHAPE = (60, 97)
STRETCHED = "edge=exclude,antialias=on"


def test_nothing_is_averaged_where_the_gap_leaves_no_whole_block():
    x = np.random.default_rng(0).standard_normal(SHAPE)

    plain, gapped = (pillow.resize(SHAPE, (40, 25), "LANCZOS", reducing_gap=gap).prepare(x) for gap in (None, 2.0))

    assert np.array_equal(plain.values, gapped.values)


def test_with_the_least_gap_and_whole_factors_all_that_is_left_is_the_mean_of_blocks():
    x = np.random.default_rng(0).standard_normal((12, 20))

    made = pillow.resize((12, 20), (5, 3), "BOX", reducing_gap=1.0).prepare(x).values

    assert np.allclose(made, x.reshape(3, 4, 5, 4).mean(axis=(1, 3)), atol=1e-15)


@pytest.mark.parametrize("filter", ["BOX", "BILINEAR", "HAMMING", "BICUBIC", "LANCZOS"])
def test_a_row_behind_a_gap_is_what_every_engine_and_window_computes(filter):
    x = np.random.default_rng(1).standard_normal(SHAPE)
    operator = pillow.resize(SHAPE, (13, 7), filter, box=(2.5, 0, 90, 59.25), reducing_gap=1.5).operator(
        SourceSpec(SHAPE)
    )
    whole, window = operator.apply(x), Window(1, 3, 6, 12)

    assert np.allclose(operator.apply(x, engine=GatherEngine()), whole, atol=1e-12)
    assert np.allclose(operator.apply(x, window), whole[window.slices], atol=1e-12)
    assert operator.row(6, 2).dot(x) == pytest.approx(whole[6, 2], abs=1e-12)
    assert np.allclose(operator.row_sums(), 1, atol=1e-12)


def test_nearest_knows_no_gap():
    assert pillow.resize(SHAPE, (9, 7), "NEAREST", reducing_gap=1.0) == pillow.resize(SHAPE, (9, 7), "NEAREST")


def test_a_gap_and_a_box_are_printed_as_pillow_has_them():
    method = from_text(f"bicubic:size=7x13,a=-0.5,{STRETCHED},grid=box_offset,region=[1,2.5,59,90],reducing_gap=1.5")

    call = codes(method, SourceSpec(SHAPE))["Pillow"]

    assert "box=(2.5, 1, 90, 59)" in call
    assert "reducing_gap=1.5" in call


@pytest.mark.parametrize("words", ["reducing_gap=0.5", "reducing_gap=2,grid=asymmetric", "reducing_gap=2,blur=on"])
def test_a_gap_that_means_nothing_is_refused(words):
    with pytest.raises(ParameterError, match="reducing_gap: must be"):
        from_text(f"bicubic:{words}")
