"""Measures of an operator without a picture: the grid on flat areas, and the grid on grain."""

from __future__ import annotations

import math

import pytest

from workbench.kernels.analysis import variance_checkerboard
from workbench.kernels.registry import from_text

THIRDS = [25 / 81, 5 / 9, 25 / 81, 5 / 9, 1.0, 5 / 9, 25 / 81, 5 / 9, 25 / 81]
TENT = "transposed_conv:kernel=[[0.25,0.5,0.25],[0.5,1,0.5],[0.25,0.5,0.25]],stride=2,padding=1"


def ripple(gains):
    mean = sum(gains) / len(gains)
    return math.sqrt(sum((gain - mean) ** 2 for gain in gains) / len(gains)) / mean


@pytest.mark.parametrize(
    ("text", "vci"),
    [
        ("nearest:scale=2", 0.0),
        ("bilinear:scale=2", 0.0),
        ("bicubic:scale=2", 0.0),
        ("bilinear:scale=3", ripple(THIRDS)),
        (TENT, math.sqrt((1 + 1 / 9) ** 2 - 1)),
        ("zero_insertion:stride=2", math.sqrt(3)),
    ],
)
def test_the_noise_gain_of_the_phases_tells_the_grid_on_grain(text, vci):
    assert variance_checkerboard(from_text(text)) == pytest.approx(vci, rel=1e-12, abs=1e-12)


def test_a_method_without_a_period_has_none():
    assert variance_checkerboard(from_text("bilinear:scale=2,grid=align_corners")) is None
