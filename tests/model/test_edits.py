"""Edits: what each changes, and that one which names what is gone changes nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from workbench.kernels.registry import from_text
from workbench.model.document import ORIGINAL, SOURCE, Comparison, Lesson, Pin, Preparation, Slot
from workbench.model.edits import (
    Edit,
    add_slot,
    duplicate_slot,
    move_slot,
    remove_slot,
    rename_slot,
    set_hidden,
    set_method,
    set_preparation,
    set_reference,
    set_source,
    toggle_pin,
)
from workbench.model.samples import array_source

NEAREST, BILINEAR = from_text("nearest:scale=3"), from_text("bilinear:scale=3")
VALUE = Comparison(
    array_source([[1.0, 2.0, 3.0]]),
    slots=(Slot("s1", NEAREST, "Blocks"), Slot("s2", BILINEAR), Slot("s7", NEAREST)),
    reference="s2",
    pins=(Pin("s1", 2, 1), Pin("s2", 0, 4), Pin(SOURCE, 0, 2)),
    lesson=Lesson("a", "b"),
)


def ids(value: Comparison) -> list[str]:
    return [slot.id for slot in value.slots]


def test_a_new_slot_stands_at_the_end_under_a_free_id() -> None:
    assert ids(add_slot(BILINEAR)(VALUE)) == ["s1", "s2", "s7", "s8"]


def test_a_new_slot_can_stand_behind_another() -> None:
    assert ids(add_slot(BILINEAR, after="s1")(VALUE)) == ["s1", "s8", "s2", "s7"]


def test_a_copy_stands_right_behind_with_its_name() -> None:
    made = duplicate_slot("s1")(VALUE)
    assert ids(made) == ["s1", "s8", "s2", "s7"]
    assert (made.slots[1].method, made.slots[1].name) == (NEAREST, "Blocks")


def test_removing_a_slot_takes_its_pins() -> None:
    assert remove_slot("s1")(VALUE).pins == (Pin("s2", 0, 4), Pin(SOURCE, 0, 2))


def test_removing_the_reference_gives_the_original_back() -> None:
    assert remove_slot("s2")(VALUE).reference == ORIGINAL


def test_removing_another_slot_keeps_the_reference() -> None:
    assert remove_slot("s1")(VALUE).reference == "s2"


@pytest.mark.parametrize(
    ("index", "order"), [(0, ["s7", "s1", "s2"]), (1, ["s1", "s7", "s2"]), (9, ["s1", "s2", "s7"])]
)
def test_a_slot_moves_to_its_place(index: int, order: list[str]) -> None:
    assert ids(move_slot("s7", index)(VALUE)) == order


def test_an_empty_name_gives_the_methods_own_back() -> None:
    assert rename_slot("s1", "")(VALUE).slots[0].title == "Nearest"


def test_a_method_is_replaced_in_its_slot() -> None:
    made = set_method("s2", NEAREST)(VALUE)
    assert made.slots[1] == Slot("s2", NEAREST)


def test_a_slot_can_be_hidden() -> None:
    assert [slot.hidden for slot in set_hidden("s2", True)(VALUE).slots] == [False, True, False]


@pytest.mark.parametrize("id", [ORIGINAL, "s7"])
def test_the_original_or_a_slot_can_be_the_reference(id: str) -> None:
    assert set_reference(id)(VALUE).reference == id


def test_a_preparation_is_replaced() -> None:
    assert set_preparation(Preparation(light="linear"))(VALUE).preparation.light == "linear"


def test_another_picture_takes_pins_and_lesson_with_it() -> None:
    made = set_source(array_source([[4.0, 5.0]]))(VALUE)
    assert (made.pins, made.lesson, made.slots) == ((), None, VALUE.slots)


def test_a_pin_is_set() -> None:
    assert toggle_pin(Pin("s7", 1, 0))(VALUE).pins[-1] == Pin("s7", 1, 0)


def test_a_pin_that_stands_there_is_taken_away() -> None:
    assert toggle_pin(Pin("s2", 0, 4))(VALUE).pins == (Pin("s1", 2, 1), Pin(SOURCE, 0, 2))


@pytest.mark.parametrize(
    "edit",
    [
        duplicate_slot("s3"),
        move_slot("s3", 0),
        set_reference("s3"),
        set_method("s3", NEAREST),
        rename_slot("s3", "a"),
        set_hidden("s3", True),
        toggle_pin(Pin("s3", 0, 0)),
    ],
)
def test_an_edit_of_a_slot_that_is_gone_changes_nothing(edit: Edit) -> None:
    assert edit(VALUE) is VALUE


@pytest.mark.parametrize("make", [lambda: remove_slot("s3"), lambda: set_reference("s2")])
def test_an_edit_without_effect_gives_an_equal_value(make: Callable[[], Edit]) -> None:
    assert make()(VALUE) == VALUE


def test_edits_leave_the_old_value_as_it_was() -> None:
    before = VALUE.slots
    remove_slot("s1")(VALUE)
    assert VALUE.slots is before
