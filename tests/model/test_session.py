"""The session: one value, one signal, and the way back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from workbench.kernels.registry import from_text
from workbench.model import session as session_module
from workbench.model.document import Comparison
from workbench.model.edits import add_slot, rename_slot
from workbench.model.session import Session


@pytest.fixture
def session() -> Session:
    made = Session()
    made.do("Add nearest", add_slot(from_text("nearest")))
    return made


def title(session: Session) -> str:
    return session.value.slots[0].title


def test_an_edit_changes_the_value(session: Session) -> None:
    assert title(session) == "Nearest"


def test_a_change_is_told_with_new_and_old() -> None:
    session, told = Session(), []
    before = session.value
    session.changed.connect(lambda new, old: told.append((new, old)))
    session.do("Add", add_slot(from_text("nearest")))
    assert told == [(session.value, before)]


def test_an_edit_that_changes_nothing_is_no_step(session: Session) -> None:
    session.do("Nothing", lambda value: replace(value))
    assert session.undo_label == "Add nearest"


def test_undo_brings_the_old_value_back(session: Session) -> None:
    session.undo()
    assert session.value == Comparison()


def test_redo_brings_the_new_value_back(session: Session) -> None:
    after = session.value
    session.undo()
    session.redo()
    assert session.value is after


def test_undo_at_the_beginning_does_nothing() -> None:
    session, told = Session(), []
    session.changed.connect(told.append)
    session.undo()
    assert told == []


def test_labels_say_what_comes_next(session: Session) -> None:
    session.undo()
    assert (session.undo_label, session.redo_label) == (None, "Add nearest")


def test_a_new_edit_ends_the_way_forth(session: Session) -> None:
    session.undo()
    session.do("Add bilinear", add_slot(from_text("bilinear")))
    assert session.redo_label is None


def test_turns_of_one_spin_box_are_one_step(session: Session) -> None:
    for name in "abc":
        session.do("Rename", rename_slot("s1", name), merge="name-s1")
    session.undo()
    assert title(session) == "Nearest"


def test_turns_of_two_spin_boxes_are_two_steps(session: Session) -> None:
    session.do("Rename", rename_slot("s1", "a"), merge="one")
    session.do("Rename", rename_slot("s1", "b"), merge="two")
    session.undo()
    assert title(session) == "a"


def test_what_was_undone_does_not_merge_with_what_follows(session: Session) -> None:
    session.do("Rename", rename_slot("s1", "a"), merge="name")
    session.do("Rename", rename_slot("s1", "b"), merge="other")
    session.undo()
    session.do("Rename", rename_slot("s1", "c"), merge="name")
    session.undo()
    assert title(session) == "a"


def test_the_saved_value_is_never_merged_away(session: Session, tmp_path: Path) -> None:
    session.do("Rename", rename_slot("s1", "a"), merge="name")
    session.mark_saved(tmp_path / "a.upsampling.json")
    session.do("Rename", rename_slot("s1", "b"), merge="name")
    session.undo()
    assert (title(session), session.dirty) == ("a", False)


def test_an_edit_makes_it_dirty(session: Session) -> None:
    assert session.dirty


def test_saving_makes_it_clean(session: Session, tmp_path: Path) -> None:
    session.mark_saved(tmp_path / "a.upsampling.json")
    assert (session.dirty, session.path) == (False, tmp_path / "a.upsampling.json")


def test_going_back_to_the_saved_value_makes_it_clean() -> None:
    session = Session()
    session.do("Add", add_slot(from_text("nearest")))
    session.undo()
    assert not session.dirty


def test_loading_begins_a_new_history(session: Session, tmp_path: Path) -> None:
    session.load(Comparison(), tmp_path / "b.upsampling.json")
    assert (session.undo_label, session.dirty, session.path) == (None, False, tmp_path / "b.upsampling.json")


def test_the_history_is_bounded(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "MAX_STEPS", 3)
    for name in "abcdef":
        session.do("Rename", rename_slot("s1", name))
    for _ in range(10):
        session.undo()
    assert title(session) == "c"
