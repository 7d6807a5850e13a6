"""The view state in a file: everything that is kept comes back, and nonsense costs only the knob it stands in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.kernels.differences import Difference
from workbench.model.display import Range
from workbench.model.view_data import view_from_data, view_to_data
from workbench.model.view_state import Camera, Placing, Tone, ViewValue, Wipe

VIEW = ViewValue(
    camera=Camera(3.25, 7.5, 6.0),
    layout="wipe",
    show="differences",
    selected="s2",
    difference=Difference.RELATIVE,
    image_range=Range(-0.5, 2.0),
    own_ranges=(("s1", Range(0.1, 0.2)), ("source", Range(0.0, 0.25))),
    difference_tone=Tone(1.5, 0.02, 2.2),
    docks=frozenset({"metrics", "matrix"}),
    placing=Placing("sample", (("s2", 0.5, -0.25),)),
    wipe=Wipe("s1", "original", "quadrants", 4.0, 9.5),
    epsilon=0.5,
    pin=3,
)


def test_what_is_kept_comes_back_through_json():
    assert view_from_data(json.loads(json.dumps(view_to_data(VIEW)))) == VIEW


def test_what_is_only_there_for_the_moment_is_not_written():
    data = view_to_data(ViewValue(blink=2.0, loupe=16, tool="region", bare=True, instead=(("s1", "source"),)))

    assert view_from_data(data) == ViewValue()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("layout", "spiral"),
        ("camera", {"y": 1, "x": 2, "zoom": 0}),
        ("camera", {"y": 1e400, "x": 2, "zoom": 1}),
        ("image_range", {"lo": 1, "hi": 0}),
        ("docks", "metrics"),
        ("own_ranges", [["s1"]]),
        ("difference", 3),
        ("smooth", 1),
        ("pin", True),
    ],
)
def test_a_knob_that_makes_no_sense_keeps_its_default(name: str, value: Any):
    data = {**view_to_data(VIEW), name: value}

    assert getattr(view_from_data(data), name) == getattr(ViewValue(), name)
    assert view_from_data(data).selected == "s2"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(view_to_data(ViewValue()))), _JSON, max_size=4) | _JSON)
def test_anything_in_the_file_gives_a_view(data: Any):
    assert isinstance(view_from_data(data), ViewValue)
