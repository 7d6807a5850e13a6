"""Gain, offset and gamma act on positions in the range, alike on both sides of a diverging map."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.kernels.errors import ParameterError
from workbench.model.channels import available, is_single, picked
from workbench.model.colormaps import load
from workbench.model.display import NEUTRAL, Marks, Range, Tone, to_display
from workbench.model.looks import look_chips, look_of, range_text, tone_text
from workbench.model.view_state import ViewValue

UNIT = Range(0.0, 1.0)


def entry(value: float, ends: Range, map_id: str, tone: Tone) -> int:
    """The entry of a map that a value is shown by."""
    shown = to_display(np.array([[value]]), ends, load(map_id), tone=tone)[0, 0, :3]
    return int(np.flatnonzero((load(map_id).table == shown).all(axis=1))[0])


@given(
    st.floats(-1.25, 1.25, width=32),
    st.floats(0.25, 8),
    st.floats(0.2, 4),
    st.sampled_from(["cet-d1a", "cet-cbd1", "cet-d4"]),
)
def test_opposite_differences_lie_on_opposite_entries(x: float, gain: float, gamma: float, map_id: str) -> None:
    table, ends, tone = load(map_id).table.astype(int), Range(-0.7, 0.7), Tone(gain, 0.0, gamma)
    plus, minus = (to_display(np.array([[v]]), ends, load(map_id), tone=tone)[0, 0, :3] for v in (x, -x))
    index = [k for k in range(257) if (table[k] == plus).all()]

    assert any((table[256 - k] == minus).all() for k in index)


@pytest.mark.parametrize("tone", [NEUTRAL, Tone(4.0, 0.0, 2.5), Tone(0.3, 0.0, 0.4)])
def test_zero_is_the_middle_entry_whatever_the_tone(tone: Tone) -> None:
    assert entry(0.0, Range(-0.37, 0.37), "cet-d1a", tone) == 128


def test_gain_narrows_about_the_lower_end_and_on_diverging_maps_about_the_middle() -> None:
    tone = Tone(gain=2.0)

    assert tone.ends(Range(1.0, 3.0), diverging=False) == Range(1.0, 2.0)
    assert tone.ends(Range(1.0, 3.0), diverging=True) == Range(1.5, 2.5)


def test_offset_is_added_to_every_value_in_widths_of_the_range() -> None:
    tone = Tone(offset=0.25)
    shown = to_display(np.array([[0.5, 0.7, 0.75]]), UNIT, load("gray"), tone=tone)[0, :, 0]

    assert shown.tolist() == [191, 242, 255]
    assert tone.ends(Range(-1.0, 1.0), diverging=True) == Range(-1.5, 0.5)


@pytest.mark.parametrize("channels", [(), (3,)], ids=["map", "colours"])
def test_gamma_is_the_power_one_over_gamma_of_the_position(channels: tuple[int, ...]) -> None:
    values = np.linspace(-0.5, 1.5, 77).reshape(7, 11)
    tone, stacked = Tone(gamma=2.2), np.broadcast_to(values.reshape(7, 11, *(1 for _ in channels)), (7, 11, *channels))
    expected = np.floor(255 * np.clip(values, 0, 1) ** (1 / 2.2) + 0.5)

    np.testing.assert_array_equal(to_display(stacked, UNIT, load("gray"), tone=tone)[:, :, 1], expected)


def test_what_is_not_finite_keeps_its_colour_under_any_tone() -> None:
    values = np.array([[np.nan, np.inf, -np.inf, 0.5]])
    plain, toned = (to_display(values, UNIT, load("viridis"), tone=tone) for tone in (NEUTRAL, Tone(3.0, 0.1, 0.5)))

    np.testing.assert_array_equal(plain[0, :3], toned[0, :3])


def test_marks_begin_where_the_colours_end() -> None:
    marks = Marks(above=True, below=True)
    shown = to_display(np.array([[0.49, 0.51]]), UNIT, load("gray"), marks=marks, tone=Tone(gain=2.0))[0, :, :3]

    assert shown.tolist() == [[250, 250, 250], [0xFF, 0xF3, 0xB0]]


@pytest.mark.parametrize("tone", [{"gain": 0.0}, {"gain": np.nan}, {"gamma": 0.0}, {"gamma": -1.0}, {"offset": np.inf}])
def test_a_tone_that_is_none_is_refused(tone: dict[str, float]) -> None:
    with pytest.raises(ParameterError, match="must lie between"):
        Tone(**tone)


def test_a_range_that_a_gain_would_lose_stays() -> None:
    ends = Range(-8e307, 8e307)

    assert Tone(gain=2.0**-20).ends(ends, diverging=True) == ends


def test_a_panels_own_range_is_all_that_differs_from_its_groups_look() -> None:
    view = ViewValue(own_ranges=(("s2", Range(0.2, 0.4)),), image_tone=Tone(2.0), channel_view="g")

    assert look_of("s1", view).range == Range(0.0, 1.0)
    assert look_of("s2", view).range == Range(0.2, 0.4)
    assert look_of("s2", view).tone == look_of("s1", view).tone
    assert look_of("d:s2", view).channel == "rgb"


def test_headers_name_an_own_range_and_a_single_channel() -> None:
    view = ViewValue(own_ranges=(("s2", Range(0.2, 0.4)),), channel_view="luminance")

    assert look_chips("s2", view, 3) == ("⛓ own range 0.2 … 0.4 ✕", "luminance")
    assert look_chips("s2", view, 1) == ("⛓ own range 0.2 … 0.4 ✕",)
    assert look_chips("d:s2", view, 1) == ()


def test_a_tone_is_told_in_words_where_it_is_not_neutral() -> None:
    view = ViewValue(difference_tone=Tone(2**0.25, -0.02, 1.2))

    assert tone_text(NEUTRAL) == ""
    assert range_text(view, "images") == "0 … 1"
    assert range_text(view, "differences") == "±0.20 · gain 1.19 · offset −2 % · γ 1.2"


def test_channel_views_are_those_the_picture_has() -> None:
    assert available(("L",)) == ("rgb",)
    assert available(("L", "A")) == ("rgb", "alpha")
    assert available(("R", "G", "B")) == ("rgb", "r", "g", "b", "luminance")
    assert available(("R", "G", "B", "A")) == ("rgb", "r", "g", "b", "luminance", "alpha")


def test_luminance_weighs_the_channels_and_a_missing_channel_changes_nothing() -> None:
    picture = np.random.default_rng(3).random((4, 7, 3))
    grey = picture[:, :, 0]

    np.testing.assert_allclose(picked(picture, "luminance"), picture @ [0.2126, 0.7152, 0.0722])
    np.testing.assert_array_equal(picked(picture, "b"), picture[:, :, 2])
    assert picked(grey, "r") is grey
    assert picked(picture, "alpha") is picture
    assert [is_single(view, 3) for view in ("rgb", "g", "luminance", "alpha")] == [False, True, True, False]
