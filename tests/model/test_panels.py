"""Panels: which there are, where their images lie, what is compared with what, and the reason where nothing is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.model.desk import Desk, HeldRunner, comparison, desk, picture
from workbench.kernels.arrays import Window
from workbench.kernels.placement import IDENTITY, Placement
from workbench.model.differencing import Grid, Support, common_support, data_range, nominal_range
from workbench.model.document import Comparison, Preparation
from workbench.model.edits import set_hidden
from workbench.model.panels import (
    Geometry,
    difference_reason,
    geometry,
    panel_name,
    raster,
    reference_name,
    reference_reason,
    visible_panels,
    world_extent,
)
from workbench.model.prepared import prepare
from workbench.model.results import Results
from workbench.model.samples import array_source
from workbench.model.view_state import ViewValue

QUARTER = Placement((0.25, 0.25))
METHODS = ("nearest:scale=4", "bilinear:scale=4", "nearest:scale=3")


@pytest.fixture(scope="module")
def made() -> Desk:
    return desk(comparison(*METHODS, values=picture(26, 39)))


def shown(made: Desk, **knobs: object) -> tuple[str, ...]:
    return visible_panels(made.session.value, replace(ViewValue(), **knobs), made.results)  # type: ignore[arg-type]


# Where images lie


def test_the_source_is_the_world(made: Desk) -> None:
    assert geometry(made.results, made.session.value, "source") == Geometry((6, 9), IDENTITY, 3)


def test_the_original_lies_over_the_source(made: Desk) -> None:
    found = geometry(made.results, made.session.value, "original")
    assert found == Geometry((24, 36), QUARTER, 3)


def test_an_output_lies_over_the_source(made: Desk) -> None:
    found = geometry(made.results, made.session.value, "s1")
    assert found == Geometry((24, 36), QUARTER, 3)


def test_a_difference_lies_where_both_are() -> None:
    made = desk(comparison("max_unpool", values=picture(26, 39)))
    whole, common = (geometry(made.results, made.session.value, panel) for panel in ("s1", "d:s1"))
    assert whole is not None
    assert whole.shape == (26, 39)
    assert common == Geometry((24, 36), QUARTER, 1)


def test_what_is_not_there_lies_nowhere(made: Desk) -> None:
    assert geometry(made.results, made.session.value, "s9") is None


def test_the_world_extent_holds_every_panel() -> None:
    made = desk(comparison("max_unpool", "nearest:scale=4", values=picture(27, 39)))
    assert world_extent(made.results, made.session.value, ("source", "s1")) == (0, 0, 6.75, 9.75)


def test_without_panels_the_world_is_the_source(made: Desk) -> None:
    assert world_extent(made.results, made.session.value, ()) == (0, 0, 6, 9)


# Which panels


def test_images_are_the_source_and_the_slots(made: Desk) -> None:
    assert shown(made) == ("source", "s1", "s2", "s3")


def test_differences_leave_the_source_out(made: Desk) -> None:
    assert shown(made, show="differences") == ("d:s1", "d:s2", "d:s3")


def test_the_reference_has_no_difference_of_its_own() -> None:
    made = desk(comparison(*METHODS, reference="s2"))
    assert shown(made, show="differences") == ("d:s1", "d:s3")


def test_pairs_are_slots_above_their_differences(made: Desk) -> None:
    assert shown(made, layout="pairs") == ("s1", "s2", "s3", "d:s1", "d:s2", "d:s3")


def test_single_shows_the_selected_one(made: Desk) -> None:
    assert shown(made, layout="single", selected="s2") == ("s2",)


def test_single_shows_the_difference_of_the_selected_one(made: Desk) -> None:
    assert shown(made, layout="single", show="differences", selected="s2") == ("d:s2",)


def test_single_falls_back_to_the_source(made: Desk) -> None:
    assert shown(made, layout="single", selected="s9") == ("source",)


def test_hidden_slots_have_no_panel() -> None:
    made = desk(comparison(*METHODS))
    made.session.do("Hide", set_hidden("s2", True))
    assert shown(made) == ("source", "s1", "s3")


def test_without_a_picture_there_are_no_panels() -> None:
    assert shown(desk(Comparison())) == ()


# Reference


def test_the_original_is_the_reference(made: Desk) -> None:
    assert reference_name(made.session.value, made.results) == "original"


def test_a_reason_stands_where_there_is_no_original() -> None:
    made = desk(comparison("nearest", blocks=None))
    assert reference_name(made.session.value, made.results) is None
    assert reference_reason(made.session.value, made.results) == (
        "The picture was not made smaller, so there is no original; choose a slot as the reference."
    )


def test_a_failed_reference_is_named() -> None:
    made = desk(comparison("nearest", "max_unpool", blocks=None, reference="s2"))
    assert reference_reason(made.session.value, made.results) == "The reference, 2 Max-unpool, failed."


def test_a_reference_that_is_being_computed_is_named() -> None:
    runner = HeldRunner()
    made = desk(comparison("nearest", blocks=None, reference="s1"), runner)
    runner.run(("prepare",))
    assert reference_reason(made.session.value, made.results) == "The reference, 1 Nearest, is not ready."


def test_no_picture_is_a_reason() -> None:
    assert reference_reason(Comparison(), Results()) == "There is no image yet."


def test_there_is_no_reason_where_there_is_a_reference(made: Desk) -> None:
    assert reference_reason(made.session.value, made.results) == ""


def test_a_panel_of_another_grid_says_why_it_shows_nothing(made: Desk) -> None:
    assert difference_reason(made.results, made.session.value, "d:s3") == (
        "3 Nearest has pixels of 1/3, Original of 1/4 source pixels: not the same grid."
    )


def test_a_panel_of_another_grid_has_no_pixels(made: Desk) -> None:
    assert raster(made.results, made.session.value, "d:s3") is None


def test_slots_are_called_by_number_and_title(made: Desk) -> None:
    assert [panel_name(made.session.value, name) for name in ("source", "original", "s2")] == [
        "Source",
        "Original",
        "2 Bilinear",
    ]


# Common support


def grid(shape: tuple[int, int], step: float = 0.5, offset: tuple[float, float] = (0, 0), channels: int = 1) -> Grid:
    return Grid("A", shape, Placement((step, step), offset), channels)


def test_a_shift_by_whole_pixels_leaves_the_common_part() -> None:
    found = common_support(grid((6, 9), offset=(1.0, -0.5)), grid((7, 8)))
    assert found == Support(Window(0, 1, 5, 9), Window(2, 0, 7, 8))


def test_the_common_part_lies_where_the_picture_has_it() -> None:
    a = grid((6, 9), offset=(1.0, -0.5))
    found = common_support(a, grid((7, 8)))
    assert isinstance(found, Support)
    assert found.placement(a.placement).offset == (1.0, 0.0)


def test_a_shift_by_part_of_a_pixel_cannot_be_compared() -> None:
    found = common_support(grid((6, 9), offset=(0.25, 0)), grid((6, 9)))
    assert found == "A lies +0.5 rows off the grid of A: not a whole number of pixels."


def test_pictures_apart_have_nothing_in_common() -> None:
    assert common_support(grid((2, 3), offset=(40.0, 0)), grid((2, 3))) == "A and A cover no pixel in common."


def test_other_channels_cannot_be_compared() -> None:
    assert common_support(grid((2, 3), channels=3), grid((2, 3))) == "A has 3 channels, A has 1 channel."


def test_steps_that_differ_by_rounding_alone_are_equal() -> None:
    found = common_support(grid((300, 200), step=1 / 3), grid((300, 200), step=1 - 2 / 3))
    assert isinstance(found, Support)


# Ranges


def test_whole_numbers_have_a_range_of_one() -> None:
    source = array_source(np.zeros((3, 4), np.uint16))
    prepared = prepare(source, Preparation())
    assert (nominal_range(prepared), data_range(prepared)) == ((0.0, 1.0), 1.0)


def test_other_numbers_say_their_range_themselves() -> None:
    prepared = prepare(array_source([[-2.0, 6.0]]), Preparation())
    assert (nominal_range(prepared), data_range(prepared)) == ((-2.0, 6.0), 8.0)
