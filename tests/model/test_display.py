"""Numbers become colours in one place, exactly: ends, halves, signs, and what is no number."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.kernels.errors import ParameterError, ShapeError
from workbench.kernels.transfer import linear_to_srgb, srgb_to_linear
from workbench.model.colormaps import ColourMap, all_maps, load
from workbench.model.display import (
    ABOVE,
    BELOW,
    MARKS,
    NAN,
    NEGATIVE_INFINITE,
    POSITIVE_INFINITE,
    Counts,
    Marks,
    Range,
    count_beyond,
    format_card,
    format_cell,
    format_value,
    ink_on,
    to_display,
    weight_position,
    weight_rgb,
)
from workbench.model.resources import resource

UNIT = Range(0.0, 1.0)
LIGHT = np.array([0.2126, 0.7152, 0.0722])
diverging_maps = pytest.mark.parametrize("each", [m for m in all_maps() if m.diverging], ids=lambda m: m.id)


def shown(values, ends: Range = UNIT, colour_map: str = "gray", **options) -> list:
    """Red, green and blue of a row of values."""
    return to_display(np.array([values]), ends, load(colour_map), **options)[0, :, :3].tolist()


def entry_of(value: float, half: float, each: ColourMap) -> int:
    """Index in the table that a value gets in the range ±half."""
    rgb = to_display(np.array([[value]]), Range(-half, half), each)[0, 0, :3]
    (found,) = np.flatnonzero((each.table == rgb).all(axis=1))
    return int(found)


# --- the maps -----------------------------------------------------------------------------------------------


def test_the_maps_are_those_the_menu_promises() -> None:
    assert [m.id for m in all_maps()] == ["gray", "viridis", "cividis", "cet-d1a", "cet-cbd1", "cet-d4", "cet-cbc1"]


def test_an_unknown_map_is_answered_with_those_there_are() -> None:
    with pytest.raises(ParameterError, match=r"must be one of gray, viridis, .* not jet"):
        load("jet")


@pytest.mark.parametrize("each", all_maps(), ids=lambda m: m.id)
def test_a_table_cannot_be_written_to(each: ColourMap) -> None:
    with pytest.raises(ValueError, match="read-only"):
        each.table[3, 1] = 0


@diverging_maps
def test_a_diverging_map_has_a_middle_and_it_is_neutral_grey(each: ColourMap) -> None:
    red, green, blue = each.table[128]

    assert len(each.table) == 257
    assert red == green == blue


@diverging_maps
def test_both_halves_of_a_diverging_map_are_equally_light(each: ColourMap) -> None:
    lightness = 116 * np.cbrt(srgb_to_linear(each.table / 255) @ LIGHT) - 16

    assert np.abs(lightness - lightness[::-1]).max() < 0.5


@diverging_maps
def test_a_diverging_map_is_the_published_one_up_to_the_documented_changes(each: ColourMap) -> None:
    folders = importlib.util.find_spec("pyqtgraph").submodule_search_locations
    original = np.loadtxt(Path(folders[0]) / "colors" / "maps" / f"{each.id.upper()}.csv", delimiter=",")
    places = np.arange(257) * 255 / 256
    table = np.stack([np.interp(places, np.arange(256), original[:, k]) for k in range(3)], axis=1)
    cast = table[128] - linear_to_srgb(srgb_to_linear(table[128]) @ LIGHT)
    off = np.abs(np.arange(257) - 128)
    table -= cast * np.where(off < 32, 0.5 + 0.5 * np.cos(np.pi * off / 32), 0)[:, None]

    assert np.array_equal(each.table, np.floor(table * 255 + 0.5))


@pytest.mark.parametrize("ident", ["viridis", "cividis"])
def test_a_sequential_map_is_the_published_one(ident: str) -> None:
    original = np.array(matplotlib.colormaps[ident].colors)

    assert np.array_equal(load(ident).table, np.floor(original * 255 + 0.5))


def test_every_table_is_named_in_the_attribution() -> None:
    folder = resource("colormaps")
    text = (folder / "ATTRIBUTION.md").read_text(encoding="utf-8")

    assert [path.name for path in folder.glob("*.csv") if f"`{path.name}`" not in text] == []


# --- values to colours --------------------------------------------------------------------------------------


def test_every_byte_of_a_picture_comes_back_in_float32_and_float64() -> None:
    for dtype in (np.float32, np.float64):
        codes = np.arange(255, dtype=dtype) / dtype(255)
        found = to_display(codes.reshape(5, 51), UNIT, load("gray"))

        assert np.array_equal(found[:, :, 1].ravel(), np.arange(255))


def test_halves_are_rounded_up() -> None:
    assert shown([0.0, 0.5, 1.5, 2.5, 254.5], Range(0.0, 255.0)) == [
        [0, 0, 0],
        [1, 1, 1],
        [2, 2, 2],
        [3, 3, 3],
        [255, 255, 255],
    ]


def test_values_beyond_the_range_take_the_colour_of_its_ends() -> None:
    assert shown([-7.0, 0.0, 1.0, 9e30]) == [[0, 0, 0], [0, 0, 0], [255, 255, 255], [255, 255, 255]]


def test_a_single_channel_goes_through_the_map() -> None:
    table = load("viridis").table

    assert shown([2.0, 3.0, 4.0], Range(2.0, 4.0), "viridis") == table[[0, 128, 255]].tolist()


def test_colour_is_shown_directly_whatever_the_map() -> None:
    values = np.zeros((2, 3, 3))
    values[1, 2] = (1.0, 0.5, 0.2)

    found = to_display(values, UNIT, load("viridis"))

    assert found[1, 2].tolist() == [255, 128, 51, 255]


@pytest.mark.parametrize("channels", [2, 4])
def test_alpha_is_not_applied_and_the_result_is_opaque(channels: int) -> None:
    values = np.full((3, 4, channels), 0.2)
    values[:, :, -1] = np.nan

    assert to_display(values, UNIT, load("gray"))[2, 1].tolist() == [51, 51, 51, 255]


def test_one_channel_can_be_shown_alone() -> None:
    values = np.zeros((2, 3, 3), np.float32)
    values[1, 2, 1] = 1.0

    found = to_display(values, UNIT, load("cividis"), channel=1)

    assert found[1, 2, :3].tolist() == load("cividis").table[-1].tolist()


def test_a_grey_picture_has_the_same_look_whichever_channel_is_asked_for() -> None:
    values = np.linspace(0, 1, 12).reshape(3, 4)

    assert np.array_equal(to_display(values, UNIT, load("gray"), channel=2), to_display(values, UNIT, load("gray")))


@pytest.mark.parametrize("channel", [-1, 3])
def test_a_channel_that_is_not_there_is_refused(channel: int) -> None:
    with pytest.raises(ShapeError, match=rf"channel: must lie in 0 … 2, not {channel}"):
        to_display(np.zeros((2, 4, 3)), UNIT, load("gray"), channel=channel)


@pytest.mark.parametrize("shape", [(0, 4), (4, 0, 3)])
def test_a_picture_without_pixels_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match="at least one pixel"):
        to_display(np.zeros(shape), UNIT, load("gray"))


def test_bands_leave_no_seam(monkeypatch) -> None:
    values = np.random.default_rng(4).random((13, 7, 3))
    values[9, 5, 2] = np.nan
    whole = to_display(values, UNIT, load("gray"))
    monkeypatch.setattr("workbench.model.display._BAND", 50)

    assert np.array_equal(to_display(values, UNIT, load("gray")), whole)


def test_a_cut_out_of_a_larger_picture_is_shown_like_a_copy_of_it() -> None:
    values = np.random.default_rng(6).random((20, 30, 4), dtype=np.float32)[3:17:2, 25:4:-3]

    assert np.array_equal(to_display(values, UNIT, load("gray")), to_display(values.copy(), UNIT, load("gray")))


def test_the_result_is_new_even_where_the_input_is_bytes() -> None:
    values = np.arange(12, dtype=np.uint8).reshape(3, 4)

    found = to_display(values, Range(0, 255), load("gray"))

    assert (found[:, :, 0].tolist(), found.flags.owndata) == (values.tolist(), True)


# --- signed maps --------------------------------------------------------------------------------------------


@diverging_maps
def test_zero_is_exactly_the_neutral_entry(each: ColourMap) -> None:
    found = to_display(np.zeros((3, 5)), Range(-0.37, 0.37), each)

    assert np.unique(found[:, :, :3]).tolist() == [each.table[128, 0]]


@given(st.floats(-2, 2), st.sampled_from([1.0, 0.37, 3e-5, 128.0]))
def test_a_value_and_its_opposite_lie_equally_far_from_the_middle(value: float, half: float) -> None:
    each = load("cet-d1a")

    assert entry_of(value, half, each) + entry_of(-value, half, each) == 256


@pytest.mark.parametrize(("value", "entry"), [(-128.0, 0), (-0.5, 127), (0.49, 128), (0.5, 129), (128.0, 256)])
def test_signed_halves_are_rounded_away_from_the_middle(value: float, entry: int) -> None:
    assert entry_of(value, 128.0, load("cet-d1a")) == entry


# --- what has no place on the map ---------------------------------------------------------------------------


@pytest.mark.parametrize("colour_map", ["gray", "cet-d1a"])
def test_what_is_not_finite_always_has_its_fixed_colour(colour_map: str) -> None:
    found = shown([np.nan, np.inf, -np.inf], colour_map=colour_map)

    assert found == [list(mark.rgb) for mark in (NAN, POSITIVE_INFINITE, NEGATIVE_INFINITE)]


@pytest.mark.parametrize("channel", [0, 1, 2])
def test_a_nan_in_any_channel_paints_the_pixel_and_no_other(channel: int) -> None:
    values = np.full((3, 5, 3), 0.2)
    values[2, 1, channel] = np.nan
    values[2, 1, (channel + 1) % 3] = np.inf

    found = to_display(values, UNIT, load("gray"))

    assert tuple(found[2, 1]) == (*NAN.rgb, 255)
    assert (np.delete(found.reshape(15, 4), 11, axis=0) == (51, 51, 51, 255)).all()


@pytest.mark.parametrize("channel", [0, 1, 2])
def test_an_infinity_in_any_channel_paints_the_pixel(channel: int) -> None:
    values = np.full((3, 5, 3), 0.2)
    values[2, 1, channel] = -np.inf
    values[0, 3, channel] = np.inf

    found = to_display(values, UNIT, load("gray"))

    assert tuple(found[2, 1, :3]) == NEGATIVE_INFINITE.rgb
    assert tuple(found[0, 3, :3]) == POSITIVE_INFINITE.rgb


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        (Marks(), [(0, 0, 0), (255, 255, 255)]),
        (Marks(above=True), [(0, 0, 0), ABOVE.rgb]),
        (Marks(below=True), [BELOW.rgb, (255, 255, 255)]),
        (Marks(above=True, below=True), [BELOW.rgb, ABOVE.rgb]),
    ],
)
def test_values_beyond_the_range_are_marked_on_request(marks: Marks, expected: list) -> None:
    assert [tuple(rgb) for rgb in shown([-0.01, 1.01], marks=marks)] == expected


def test_values_at_the_very_ends_of_the_range_are_not_beyond_it() -> None:
    assert shown([0.0, 1.0], marks=Marks(above=True, below=True)) == [[0, 0, 0], [255, 255, 255]]


def test_each_pixel_counts_once_under_the_first_mark_that_holds() -> None:
    values = np.full((2, 4, 3), 0.5)
    values[0, 0] = (np.nan, np.inf, 2.0)
    values[0, 1] = (np.inf, -np.inf, 0.5)
    values[0, 2] = (-np.inf, 2.0, 0.5)
    values[1, 0] = (2.0, -1.0, 0.5)
    values[1, 3] = (0.5, 0.5, -1.0)

    found = count_beyond(values, UNIT)

    assert found == Counts(nan=1, positive_infinite=1, negative_infinite=1, above=1, below=1, total=8)
    assert found.beyond == 5


def test_counting_looks_only_at_the_channel_that_is_shown() -> None:
    values = np.zeros((3, 4, 3))
    values[1, 2] = (2.0, 0.5, np.nan)

    assert count_beyond(values, UNIT, channel=0) == Counts(above=1, total=12)


def test_what_is_counted_is_what_is_painted() -> None:
    values = np.random.default_rng(12).normal(0.5, 1.0, (17, 23))
    values[4:6, 3:9] = np.nan
    found = to_display(values, UNIT, load("gray"), marks=Marks(above=True, below=True))
    counts = count_beyond(values, UNIT)

    painted = {mark.id: int((found[:, :, :3] == mark.rgb).all(axis=2).sum()) for mark in MARKS}
    assert painted == {mark.id: getattr(counts, mark.id) for mark in MARKS}


def test_no_mark_has_a_colour_of_a_map() -> None:
    entries = {tuple(rgb) for each in all_maps() for rgb in each.table.tolist()}

    assert [mark.label for mark in MARKS if mark.rgb in entries] == []


@pytest.mark.parametrize(
    ("lo", "hi"), [(1.0, 1.0), (1.0, 0.0), (np.nan, 1.0), (0.0, np.inf), (-1.7e308, 1.7e308), (0.0, 5e-324)]
)
def test_a_range_without_width_is_refused(lo: float, hi: float) -> None:
    with pytest.raises(ParameterError, match="range: must"):
        Range(lo, hi)


def test_float32_values_at_the_edge_of_their_type_are_shown_in_order() -> None:
    values = np.array([[-3.4e38, 0.0, 3.4e38]], np.float32)

    assert to_display(values, Range(-3.4e38, 3.4e38), load("gray"))[0, :, 0].tolist() == [0, 128, 255]


# --- weights, ink, numbers ----------------------------------------------------------------------------------


def test_weights_at_the_stops_have_the_colours_of_the_stops() -> None:
    weights = np.array([-1.0, -0.36, -0.0625, 0.0, 0.0625, 0.36, 1.0]) * 0.8

    found = [bytes(rgb).hex() for rgb in weight_rgb(weights, 0.8)]

    assert found == ["54389e", "8870c4", "c4b8e2", "f7f7f7", "fdd6a4", "f7a048", "e66b00"]


def test_a_small_negative_lobe_is_seen() -> None:
    assert weight_position(-0.046, 0.93) == pytest.approx(-0.2224, abs=1e-4)


def test_weights_without_any_size_are_all_neutral() -> None:
    assert weight_rgb(np.zeros((2, 3)), 0.0).tolist() == [[[0xF7] * 3] * 3] * 2


@given(st.tuples(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255)))
def test_ink_is_read_on_every_colour(rgb: tuple[int, int, int]) -> None:
    ground = float(srgb_to_linear(np.array(rgb) / 255) @ LIGHT)
    ink = 1.0 if ink_on(rgb) == (255, 255, 255) else 0.0

    assert (max(ground, ink) + 0.05) / (min(ground, ink) + 0.05) >= 4.5


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "0.5000"),
        (-0.046, "−0.0460"),
        (-0.00004, "0.0000"),
        (-0.0, "0.0000"),
        (-10.0, "−10.0000"),
        (np.inf, "∞"),
        (-np.inf, "−∞"),
        (np.nan, "NaN"),
    ],
)
def test_a_number_in_a_list_has_four_decimals_and_a_true_minus(value: float, text: str) -> None:
    assert format_value(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.28041, "0.2804"),
        (0.0, "0.0000"),
        (-0.0000321, "−3.21e−05"),
        (9999.25, "9999.2500"),
        (-12345.678, "−12345.678"),
        (3e8, "3e+08"),
        (np.nan, "NaN"),
        (-np.inf, "−∞"),
    ],
)
def test_a_number_in_a_cell_tells_something_also_where_four_decimals_would_not(value: float, text: str) -> None:
    assert format_cell(value) == text


def test_a_list_may_ask_for_fewer_decimals() -> None:
    assert format_value(28.506, 2) == "28.51"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.123456789, "0.123457"), (-1.5e-7, "−1.5e−07"), (-0.0, "0"), (3.0, "3"), (-np.inf, "−∞")],
)
def test_a_number_on_the_card_has_six_significant_digits(value: float, text: str) -> None:
    assert format_card(value) == text


def test_the_ends_of_the_cyclic_map_meet() -> None:
    table = load("cet-cbc1").table.astype(int)
    steps = np.abs(np.diff(table, axis=0, append=table[:1])).max(axis=1)

    assert steps[-1] <= steps[:-1].max()
    assert load("cet-cbc1").cyclic
