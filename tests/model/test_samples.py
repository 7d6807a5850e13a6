"""Pictures without a file of the user's, and every origin leading back to the same numbers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model.image_files import noise, png_bytes
from workbench.kernels.errors import ImageOpenError, ShapeError
from workbench.kernels.patterns import all_charts
from workbench.model.images import open_image, open_image_bytes
from workbench.model.resources import resource
from workbench.model.samples import (
    CHANGED,
    all_samples,
    array_source,
    chart_source,
    from_origin,
    load_sample,
)
from workbench.model.source import SMALL, Source


def again(source: Source, folder: Path | None = None) -> Source:
    """Through the text of a saved comparison, in strict JSON."""
    return from_origin(json.loads(json.dumps(source.origin, allow_nan=False)), folder)


@pytest.mark.parametrize(
    ("sample", "shape", "channels"),
    [
        ("chelsea", (300, 451), 3),
        ("camera", (512, 512), 1),
        ("brick", (512, 512), 1),
        ("astronaut", (512, 512), 3),
    ],
)
def test_each_sample_opens(sample: str, shape: tuple[int, int], channels: int) -> None:
    source = load_sample(sample)

    assert (source.shape, source.channels, source.pixels.dtype) == (shape, channels, np.uint8)


def test_the_menu_lists_exactly_the_shipped_files() -> None:
    listed = {entry.path.name for entry in all_samples()}

    assert listed == {file.name for file in resource("samples").glob("*.png")}


def test_each_shipped_file_has_its_terms_stated() -> None:
    stated = resource("samples", "ATTRIBUTION.md").read_text("utf-8")

    assert all(f"`{entry.path.name}`" in stated for entry in all_samples())


def test_an_unknown_sample_is_told_which_there_are() -> None:
    with pytest.raises(ImageOpenError, match="no such sample; there are chelsea, camera"):
        load_sample("lena")


@pytest.mark.parametrize("chart", [chart.id for chart in all_charts()])
def test_each_chart_is_drawn_in_the_asked_size(chart: str) -> None:
    assert chart_source(chart, (48, 61)).shape == (48, 61)


@pytest.mark.parametrize("shape", [(0, 5), (5, -1), (100_000, 100_000)])
def test_a_chart_of_no_or_too_many_pixels_is_refused(shape: tuple[int, int]) -> None:
    with pytest.raises(ImageOpenError, match=r"must have 1 pixel to 256 Mpx, not "):
        chart_source(all_charts()[0].id, shape)


# Arrays


def test_a_list_of_numbers_is_not_scaled() -> None:
    source = array_source([[1, 2, 3], [4, 5, 6]], "example")

    assert (source.nominal, source.reader) == ((0, 6), "array")
    np.testing.assert_array_equal(source.values(), [[1, 2, 3], [4, 5, 6]])


def test_an_array_of_bytes_stays_one() -> None:
    source = array_source(np.array([[0, 255, 51]], np.uint8))

    assert source.pixels.dtype == np.uint8
    np.testing.assert_array_equal(source.values(), [[0, 1, 0.2]])


def test_an_array_is_copied_so_that_its_owner_may_go_on_writing() -> None:
    mine = noise(3, 4, dtype="float64")
    source = array_source(mine)
    mine[1, 2] = 7

    assert source.pixels[1, 2] != 7


@pytest.mark.parametrize("bad", [[1, 2], [[1], [2, 3]], [["x"]], [[]], np.zeros((2, 3, 5)), [[1j]], None])
def test_what_is_no_picture_is_refused(bad: object) -> None:
    with pytest.raises(ImageOpenError, match=r"^mine: must be "):
        array_source(bad, "mine")  # type: ignore[arg-type]


# Origins


@pytest.mark.parametrize(
    "make",
    [
        lambda: load_sample("brick"),
        lambda: chart_source(all_charts()[0].id, (20, 31)),
        lambda: array_source([[1, 2.5, -3]], "small"),
        lambda: array_source(noise(4, 5, 3, dtype="uint16"), "integers"),
        lambda: array_source(noise(70, 81, dtype="float32"), "large"),
        lambda: array_source(np.array([[0.5, np.nan, np.inf]]), "odd"),
        lambda: open_image_bytes(png_bytes(noise(4, 5), 16, 0), "pasted"),
    ],
    ids=["sample", "chart", "list", "integers", "large", "not finite", "pasted"],
)
def test_an_origin_leads_back_to_the_same_numbers(make: object) -> None:
    first = make()  # type: ignore[operator]
    second = again(first)

    assert (second.name, second.nominal, second.badges) == (first.name, first.nominal, first.badges)
    assert second.pixels.dtype == first.pixels.dtype
    np.testing.assert_array_equal(second.pixels, first.pixels)


def test_a_relative_path_starts_at_the_folder_of_the_comparison(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png_bytes(noise(3, 5), 8, 0))
    source = from_origin({"file": "a.png"}, tmp_path)

    np.testing.assert_array_equal(source.pixels, noise(3, 5))


def test_an_unchanged_file_gets_no_badge(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png_bytes(noise(3, 5), 8, 0))

    assert CHANGED not in again(open_image(tmp_path / "a.png")).badges


def test_a_changed_file_opens_with_a_badge(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png_bytes(noise(3, 5), 8, 0))
    before = open_image(tmp_path / "a.png")
    (tmp_path / "a.png").write_bytes(png_bytes(noise(3, 5, seed=4), 8, 0))

    assert CHANGED in again(before).badges


def test_a_file_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ImageOpenError, match=r"^gone\.png: there is no such file"):
        from_origin({"file": "gone.png"}, tmp_path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=6,
)
KEYS = st.sampled_from(["file", "sample", "chart", "shape", "array", "dtype", "npy", "data", "name", "?"])


@given(st.dictionaries(KEYS, JSON, max_size=4))
def test_any_origin_is_a_source_or_one_kind_of_error(origin: dict[str, object]) -> None:
    try:
        source = from_origin(origin, Path("there is no such folder"))
    except ImageOpenError:
        return

    assert source.reader


# Source


def test_the_pixels_of_a_source_cannot_be_written() -> None:
    source = load_sample("brick")

    with pytest.raises(ValueError, match="read-only"):
        source.pixels[3, 4] = 0


def test_the_values_of_a_source_cannot_be_written() -> None:
    values = array_source([[0.5, 1.0]]).values()

    with pytest.raises(ValueError, match="read-only"):
        values[0, 1] = 0


@pytest.mark.parametrize(
    ("dtype", "samples", "expected"),
    [
        ("uint8", SMALL, "float64"),
        ("uint8", SMALL + 1, "float32"),
        ("float32", SMALL, "float64"),
        ("float64", SMALL + 1, "float64"),
        ("float16", SMALL + 1, "float32"),
    ],
)
def test_small_pictures_are_computed_in_double_precision(dtype: str, samples: int, expected: str) -> None:
    assert Source("a", np.zeros((1, samples), dtype)).values().dtype == expected


def test_sources_are_equal_only_to_themselves() -> None:
    pixels = noise(2, 3)

    assert Source("a", pixels) != Source("a", pixels)


def test_a_source_needs_a_name_for_each_channel() -> None:
    with pytest.raises(ShapeError, match="one name for each of its 3 channels, not 1"):
        Source("a", noise(2, 3, 3))
