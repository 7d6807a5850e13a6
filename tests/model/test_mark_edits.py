"""Regions, lines, pins and bookmarks: what their edits change, and what another picture leaves of them."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.kernels.registry import from_text
from workbench.model import edits, start
from workbench.model.document import SOURCE, Bookmark, Comparison, Line, Pin, Preparation, Region, Slot
from workbench.model.samples import array_source

SLOT = Slot("s1", from_text("nearest:scale=2"))
VALUE = Comparison(
    array_source(np.zeros((24, 36)), "picture"),
    Preparation(from_text("down:2")),
    (SLOT,),
    pins=(Pin("s1", 3, 5), Pin(SOURCE, 1, 2), Pin("s1", 7, 0)),
    regions=(Region("g1", "Eye", 0, 2.0, 3.0, 5.0, 9.0), Region("g4", "Ear", 1, 0.0, 0.0, 4.0, 4.0)),
    lines=(Line("l1", 1.5, 2.5, 1.5, 12.5),),
    bookmarks=(Bookmark("Nose", 6.0, 8.0, 12.0),),
)


def test_a_new_region_has_an_id_a_name_and_a_colour_of_its_own() -> None:
    made = edits.add_region((1.0, 2.0, 3.5, 8.0))(VALUE).regions[-1]

    assert made == Region("g5", "Region 5", 2, 1.0, 2.0, 3.5, 8.0)


def test_colours_begin_again_after_the_eighth() -> None:
    value = Comparison()
    for _ in range(9):
        value = edits.add_region((0.0, 0.0, 1.0, 2.0))(value)

    assert [region.colour for region in value.regions] == [0, 1, 2, 3, 4, 5, 6, 7, 0]


def test_the_colour_of_a_region_that_is_gone_is_free_again() -> None:
    value = edits.remove_region("g1")(VALUE)

    assert edits.add_region((0.0, 0.0, 1.0, 2.0))(value).regions[-1].colour == 0


@pytest.mark.parametrize("rect", [(3.0, 1.0, 3.0, 4.0), (1.0, 5.0, 2.0, 4.0)])
def test_a_region_without_area_is_none(rect) -> None:
    assert edits.add_region(rect)(VALUE) is VALUE
    assert edits.move_region("g1", rect)(VALUE) is VALUE


def test_a_region_is_moved_renamed_recoloured_and_removed() -> None:
    value = edits.move_region("g1", (0.5, 1.0, 2.0, 4.0))(VALUE)
    value = edits.rename_region("g1", " Left eye ")(value)
    value = edits.recolour_region("g1", 5)(value)

    assert value.regions[0] == Region("g1", "Left eye", 5, 0.5, 1.0, 2.0, 4.0)
    assert edits.remove_region("g1")(value).regions == VALUE.regions[1:]


def test_a_region_keeps_its_name_where_none_is_given() -> None:
    assert edits.rename_region("g1", "  ")(VALUE) is VALUE


def test_a_line_is_added_moved_widened_and_removed() -> None:
    value = edits.add_line(0.5, 0.5, 4.5, 9.5)(VALUE)
    value = edits.move_line("l2", 1.5, 0.5, 4.5, 9.5)(value)
    value = edits.set_line_width("l2", 3.0)(value)

    assert value.lines[-1] == Line("l2", 1.5, 0.5, 4.5, 9.5, 3.0)
    assert edits.remove_line("l1")(value).lines == value.lines[1:]


def test_a_line_needs_a_length() -> None:
    assert edits.add_line(1.0, 2.0, 1.0, 2.0)(VALUE) is VALUE
    assert edits.move_line("l1", 1.0, 2.0, 1.0, 2.0)(VALUE) is VALUE


def test_a_pin_moves_and_keeps_its_number() -> None:
    assert edits.move_pin(1, Pin(SOURCE, 9, 4))(VALUE).pins == (Pin("s1", 3, 5), Pin(SOURCE, 9, 4), Pin("s1", 7, 0))


def test_a_pin_does_not_move_onto_another() -> None:
    assert edits.move_pin(1, Pin("s1", 3, 5))(VALUE) is VALUE


def test_pins_behind_a_removed_one_move_up() -> None:
    assert edits.remove_pin(0)(VALUE).pins == (Pin(SOURCE, 1, 2), Pin("s1", 7, 0))


@pytest.mark.parametrize(
    "edit",
    [
        edits.move_region("g9", (0.0, 0.0, 1.0, 2.0)),
        edits.rename_region("g9", "a"),
        edits.recolour_region("g9", 1),
        edits.move_line("l9", 0.0, 0.0, 1.0, 2.0),
        edits.set_line_width("l9", 1.0),
        edits.move_pin(3, Pin("s1", 0, 0)),
        edits.move_pin(0, Pin("s9", 0, 0)),
        edits.remove_pin(3),
        edits.remove_pin(-1),
    ],
)
def test_an_edit_of_what_is_gone_changes_nothing(edit: edits.Edit) -> None:
    assert edit(VALUE) is VALUE


def test_a_bookmark_of_the_same_name_takes_the_new_place() -> None:
    value = edits.add_bookmark("Nose", 1.0, 2.0, 3.0)(VALUE)
    value = edits.add_bookmark("Paw", 4.0, 5.0, 6.0)(value)

    assert value.bookmarks == (Bookmark("Nose", 1.0, 2.0, 3.0), Bookmark("Paw", 4.0, 5.0, 6.0))
    assert edits.remove_bookmark("Nose")(value).bookmarks == value.bookmarks[1:]


def marks(value: Comparison) -> tuple[object, ...]:
    return (value.pins, value.regions, value.lines, value.bookmarks)


def test_another_picture_of_the_same_shape_keeps_every_mark() -> None:
    other = array_source(np.ones((24, 36)), "other")

    assert marks(edits.set_source(other)(VALUE)) == marks(VALUE)
    assert marks(start.for_image(other, VALUE)) == marks(VALUE)


def test_a_picture_of_another_shape_keeps_no_mark() -> None:
    assert marks(edits.set_source(array_source(np.ones((36, 24)), "turned"))(VALUE)) == ((), (), (), ())


def test_no_picture_keeps_no_mark() -> None:
    assert marks(edits.set_source(None)(VALUE)) == ((), (), (), ())


@pytest.mark.parametrize("text", ["down:4", "max_pool:4"])
def test_another_preparation_leaves_marks_on_the_same_part_of_the_picture(text: str) -> None:
    value = edits.set_preparation(Preparation(from_text(text)))(VALUE)

    assert value.regions[0].rect == (1.0, 1.5, 2.5, 4.5)
    assert value.lines[0] == Line("l1", 0.75, 1.25, 0.75, 6.25)
    assert value.bookmarks == (Bookmark("Nose", 3.0, 4.0, 24.0),)


def test_light_alone_moves_no_mark() -> None:
    value = edits.set_preparation(Preparation(VALUE.preparation.method, light="linear"))(VALUE)

    assert marks(value) == marks(VALUE)
