"""Session files: what goes in comes out, unknown things stay, and damage is one of our own errors."""

from __future__ import annotations

import contextlib
import copy
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model.desk import picture
from workbench.kernels.errors import ImageOpenError, SessionFileError, WorkbenchError
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.document import Bookmark, Comparison, Lesson, Line, Pin, Preparation, Region, Slot, View
from workbench.model.files import SUFFIX, SavedSession, from_data, load_saved, load_session, save_session, to_data
from workbench.model.image_saving import save_image
from workbench.model.images import open_image
from workbench.model.samples import CHANGED, array_source, chart_source, load_sample
from workbench.model.session import Session
from workbench.model.view_state import Camera, ViewValue

FULL = Comparison(
    source=array_source([[1.0, 2.5, 3.0], [4.0, 5.0, -6.0]], "numbers"),
    preparation=Preparation(from_text("convolution:kernel=[[1,2],[0,1]],stride=1"), "linear", "premultiply"),
    slots=(
        Slot("s1", from_text("transposed_conv:kernel=[[0.1,4,1]],stride=2x3,output_padding=1"), "Stamps"),
        Slot("s3", from_text("max_unpool:indices=[[1,7]],plane=3x4"), hidden=True),
        Slot("s4", from_text("bilinear:size=5x9,grid=align_corners")),
    ),
    reference="s3",
    pins=(Pin("s1", 2, 1), Pin("source", 0, 2), Pin("original", 3, 1)),
    regions=(Region("g1", "eye", 2, 0.5, 1.0, 2.0, 2.75), Region("g4", "", 0, -1.0, 0.0, 1.0, 1.5)),
    lines=(Line("l1", 0.0, 0.5, 1.5, 2.5, 3.0),),
    bookmarks=(Bookmark("the eye", 1.0, 2.0, 16.0),),
    lesson=Lesson("Title", "One. Two.", "y[1, 2] = 3"),
    view=View("pairs", "differences", ("metrics", "matrix"), 12.5, (1.25, 2.5), "s4"),
)
FILE = Path("folder", "a" + SUFFIX)


def alike(a: Comparison, b: Comparison) -> bool:
    """Equal but for the source object, whose pixels must be equal."""
    assert (a.source is None) == (b.source is None)
    if a.source is not None and b.source is not None:
        assert a.source.name == b.source.name
        np.testing.assert_array_equal(a.source.pixels, b.source.pixels)
    return replace(a, source=None) == replace(b, source=None)


def as_json(comparison: Comparison) -> dict[str, Any]:
    return json.loads(json.dumps(to_data(comparison)))  # type: ignore[no-any-return]


# There and back


@pytest.mark.parametrize("value", [FULL, Comparison(), Comparison(slots=FULL.slots)], ids=["full", "empty", "waiting"])
def test_what_is_saved_comes_back(value: Comparison, tmp_path: Path) -> None:
    save_session(tmp_path / "a.json", value)
    assert alike(load_session(tmp_path / "a.json"), value)


@pytest.mark.parametrize(
    "source", [load_sample("camera"), chart_source("zone_plate", (30, 41))], ids=["sample", "chart"]
)
def test_shipped_pictures_are_saved_by_name(source: Any, tmp_path: Path) -> None:
    save_session(tmp_path / "a.json", Comparison(source))
    assert alike(load_session(tmp_path / "a.json"), Comparison(source))
    assert (tmp_path / "a.json").stat().st_size < 2000


def test_arrays_are_saved_to_the_last_bit(tmp_path: Path) -> None:
    values = picture(3, 5) / 3
    save_session(tmp_path / "a.json", Comparison(array_source(values)))
    np.testing.assert_array_equal(load_session(tmp_path / "a.json").source.pixels, values)  # type: ignore[union-attr]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A session in one folder whose picture lies in another."""
    (tmp_path / "pictures").mkdir()
    (tmp_path / "sessions").mkdir()
    save_image(tmp_path / "pictures" / "cat.png", np.arange(12, dtype=np.uint8).reshape(3, 4))
    file = tmp_path / "sessions" / "a.json"
    save_session(file, Comparison(open_image(tmp_path / "pictures" / "cat.png"), slots=FULL.slots))
    return file


def test_a_picture_is_named_by_its_relative_path(saved: Path) -> None:
    source = json.loads(saved.read_text(encoding="utf-8"))["source"]
    assert source["file"] == "../pictures/cat.png"
    assert set(source) == {"file", "size", "sha256"}


def test_a_session_that_moves_with_its_picture_still_opens(saved: Path, tmp_path: Path) -> None:
    os.rename(tmp_path / "pictures", tmp_path / "sessions" / "pictures")
    os.rename(tmp_path / "sessions", tmp_path / "elsewhere")
    os.makedirs(tmp_path / "deep" / "sessions")
    os.rename(tmp_path / "elsewhere" / "pictures", tmp_path / "deep" / "pictures")
    os.rename(tmp_path / "elsewhere" / "a.json", tmp_path / "deep" / "sessions" / "a.json")
    assert load_session(tmp_path / "deep" / "sessions" / "a.json").source is not None


def test_a_missing_picture_is_named(saved: Path, tmp_path: Path) -> None:
    (tmp_path / "pictures" / "cat.png").unlink()
    with pytest.raises(ImageOpenError, match=r"cat\.png: there is no such file"):
        load_session(saved)


def test_a_changed_picture_opens_with_a_badge(saved: Path, tmp_path: Path) -> None:
    save_image(tmp_path / "pictures" / "cat.png", np.ones((3, 4), np.uint8))
    source = load_session(saved).source
    assert source is not None
    assert CHANGED in source.badges


def test_without_a_folder_only_the_name_of_the_picture_is_written(saved: Path) -> None:
    assert to_data(load_session(saved))["source"]["file"] == "cat.png"


# Later versions


def test_unknown_keys_come_back_where_they_stood(tmp_path: Path) -> None:
    data = as_json(FULL)
    data["captions"] = [{"name": "eye"}]
    data["view"]["surround"] = "black"
    data["preparation"]["colour"] = {"space": "xyz"}
    data["slots"][1]["opacity"] = 0.5
    save_session(tmp_path / "a.json", from_data(data, FILE))
    again = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert again["captions"] == [{"name": "eye"}]
    assert again["view"]["surround"] == "black"
    assert again["preparation"]["colour"] == {"space": "xyz"}
    assert again["slots"][1]["opacity"] == 0.5


def test_unknown_keys_of_a_removed_slot_go_with_it() -> None:
    data = as_json(FULL)
    data["slots"][0]["opacity"] = 0.5
    value = from_data(data, FILE)
    assert "opacity" not in json.dumps(to_data(replace(value, slots=value.slots[1:])))


def test_what_is_left_out_takes_its_default() -> None:
    assert from_data({"schema": 1}, FILE) == Comparison()


def test_a_newer_schema_is_refused_with_both_numbers() -> None:
    with pytest.raises(SessionFileError, match="was written by a newer version: schema 9, this one reads up to 1"):
        from_data({"schema": 9}, FILE)


# Both histories


def _edited() -> Session:
    session = Session(FULL)
    session.do("Remove Stamps", edits.remove_slot("s1"))
    session.do("Hide", edits.set_hidden("s4", True), merge="hide")
    session.undo()
    return session


def test_undo_and_redo_go_on_after_a_file_was_opened(tmp_path: Path) -> None:
    session = _edited()
    save_session(tmp_path / "a.json", SavedSession(session.value, session.history))
    saved = load_saved(tmp_path / "a.json")
    again = Session()
    again.load(saved.comparison, tmp_path / "a.json", saved.history)

    assert (again.undo_label, again.redo_label) == ("Remove Stamps", "Hide")
    again.undo()
    assert alike(again.value, FULL)
    again.redo()
    again.redo()
    assert again.value.slot("s4").hidden  # type: ignore[union-attr]


def test_steps_before_another_picture_was_opened_are_not_written(tmp_path: Path) -> None:
    session = _edited()
    session.do("Open", lambda value: replace(value, source=array_source(picture(4, 6), "other")))
    session.do("Hide", edits.set_hidden("s3", False))
    save_session(tmp_path / "a.json", SavedSession(session.value, session.history))

    assert [step.label for step in load_saved(tmp_path / "a.json").history.done] == ["Hide"]


def test_how_it_was_looked_at_comes_back(tmp_path: Path) -> None:
    look = ViewValue(camera=Camera(1.5, 2.25, 8.0), channel=2, smooth=True)
    save_session(tmp_path / "a.json", SavedSession(FULL, look=look, look_history=[{"camera": 1}]))
    saved = load_saved(tmp_path / "a.json")

    assert (saved.look, saved.look_history) == (look, [{"camera": 1}])


@pytest.mark.parametrize(
    "history", [3, {"done": 1}, {"done": [{"label": 1}]}, {"done": [{"label": "x", "before": {}}]}]
)
def test_a_history_that_makes_no_sense_costs_no_work(tmp_path: Path, history: Any) -> None:
    save_session(tmp_path / "a.json", FULL)
    data = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    (tmp_path / "a.json").write_text(json.dumps({**data, "history": history}), encoding="utf-8")
    saved = load_saved(tmp_path / "a.json")

    assert alike(saved.comparison, FULL)
    assert saved.history.done == ()


# Damage


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (("slots", 0, "id"), "source", "slot 1, id must be a word of its own, not 'source'"),
        (("slots", 1, "id"), "s1", "slot 2, id must be a word of its own, not 's1'"),
        (("slots", 0, "hidden"), 1, "slot 1, hidden must be true or false"),
        (("slots", 0, "method", "stride"), 0, "slot 1: stride: must be at least 1, not 0"),
        (("slots", 0, "method", "method"), "nearst", "did you mean nearest"),
        (("slots",), {}, "slots must be a list"),
        (("reference",), "s2", "reference must be original or a slot's id"),
        (("pins", 0, "row"), -1, "pin 1 must be a whole number from 0"),
        (("pins", 0, "slot"), "s2", "pin 1, slot must be source, original or a slot's id"),
        (("regions", 1, "id"), "g1", "region 2, id must be a word of its own, not 'g1'"),
        (("regions", 0, "bottom"), 0.5, "region 1 must have a height and a width"),
        (("regions", 0, "left"), "x", "region 1, left must be a number"),
        (("lines", 0, "width"), -1, "line 1, width must be 0 or more"),
        (("bookmarks", 0, "zoom"), 0, "bookmark 1, zoom must be above 0"),
        (("view", "layout"), "spiral", "view.layout must be one of grid, row, column, pairs, wipe, single"),
        (("view", "zoom"), 0, "view.zoom must be above 0"),
        (("view", "centre"), [1], "view.centre must be two numbers"),
        (("view", "probe"), [1, 0.5], "view.probe must be two whole numbers"),
        (("preparation", "light"), "dark", "preparation.light must be one of encoded, linear"),
        (("lesson", "text"), 3, "lesson.text must be a text"),
        (("source",), 3, "source must be an object"),
    ],
)
def test_damage_is_named_with_its_place(path: tuple[Any, ...], value: Any, sentence: str) -> None:
    data: Any = as_json(FULL)
    part = data
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    with pytest.raises(SessionFileError) as caught:
        from_data(data, FILE)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"not json",
        b"[1, 2]",
        b'{"schema": NaN}',
        b'{"a": 1}',
        b"[" * 100_000,
        b'{"schema": true}',
    ],
)
def test_a_file_that_is_no_session_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(SessionFileError, match=r"^a\.json: is (no session file|damaged)"):
        load_session(tmp_path / "a.json")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SessionFileError, match="could not be read"):
        load_session(tmp_path / "none.json")


def test_a_folder_that_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(SessionFileError, match="could not be written"):
        save_session(tmp_path / "none" / "a.json", FULL)


def test_a_failed_save_keeps_the_old_file(tmp_path: Path) -> None:
    save_session(tmp_path / "a.json", FULL)
    odd = replace(FULL, view=replace(FULL.view, zoom=float("nan")))
    with pytest.raises(ValueError, match="not JSON compliant"):
        save_session(tmp_path / "a.json", odd)
    assert alike(load_session(tmp_path / "a.json"), FULL)


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 70),
    st.sampled_from([10**400, -(10**30), 1e308, 2**31, 2**63, "", "s1", "nearest", "\0", "🐈", "../..", "ones", "1e9"]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.lists(st.integers(-2, 9), max_size=3),
    st.lists(st.lists(st.integers(-2, 9), max_size=3), max_size=3),
    st.dictionaries(
        st.sampled_from(["method", "file", "sample", "npy", "data", "array", "id"]), st.just("x"), max_size=2
    ),
)


def places(data: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value in nested JSON."""
    if isinstance(data, dict):
        items: list[tuple[Any, Any]] = list(data.items())
    elif isinstance(data, list):
        items = list(enumerate(data))
    else:
        items = []
    return [found for key, value in items for found in ((*at, key), *places(value, (*at, key)))]


TEMPLATE = as_json(FULL)
PLACES = places(TEMPLATE)


@given(st.lists(st.tuples(st.sampled_from(PLACES), st.one_of(ODD, st.just("delete"))), min_size=1, max_size=4))
def test_a_mutated_session_opens_or_is_refused_in_our_words(mutations: list[tuple[tuple[Any, ...], Any]]) -> None:
    data: Any = copy.deepcopy(TEMPLATE)
    for path, value in mutations:
        part = data
        try:
            for key in path[:-1]:
                part = part[key]
            if value == "delete":
                del part[path[-1]]
            else:
                part[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue  # an earlier mutation took it away
    opened = None
    with contextlib.suppress(WorkbenchError):
        opened = from_data(data, FILE)
    assert opened is None or alike(from_data(json.loads(json.dumps(to_data(opened))), FILE), opened)
