"""Pins in a figure: a numbered crosshair on every picture that shows the place, and the place itself stays free."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from workbench.figures.gather import Gathered, gather, usual_spec
from workbench.figures.layout import Box
from workbench.figures.pins import pin_places
from workbench.figures.render import preview
from workbench.kernels.registry import from_text
from workbench.model.document import Comparison, Pin, Preparation, Slot
from workbench.model.samples import array_source

GREY = 0.5


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    source = array_source(np.full((30, 44), GREY), "flat")
    slots = (Slot("s1", from_text("nearest:scale=2")), Slot("s2", from_text("bilinear:scale=4"), hidden=True))
    return Comparison(source, Preparation(), slots, pins=(Pin("s1", 20, 51), Pin("source", 24, 9), Pin("s2", 1, 1)))


def gathered(comparison: Comparison, **changes: object) -> Gathered:
    return gather(comparison, replace(usual_spec(comparison), **changes))  # type: ignore[arg-type]


def test_a_pin_lies_at_its_world_place_on_every_picture(comparison: Comparison) -> None:
    made = gathered(comparison)
    places = {(found.cell.left, found.number): found for found in pin_places(made)}
    source, output = (cell.box for cell in made.layout.cells)

    def share(box: Box, number: int) -> tuple[float, float]:
        found = places[box.left, number]
        return ((found.x - box.left) / box.width, (found.y - box.top) / box.height)

    assert share(source, 1) == pytest.approx((51.5 / 88, 20.5 / 60), abs=0.01)
    assert share(output, 1) == pytest.approx((51.5 / 88, 20.5 / 60), abs=0.01)
    assert share(output, 2) == pytest.approx((9.5 / 44, 24.5 / 30), abs=0.01)


def test_a_pin_of_a_method_that_is_no_column_is_left_out(comparison: Comparison) -> None:
    assert {found.number for found in pin_places(gathered(comparison))} == {1, 2}


def test_the_pinned_pixel_itself_stays_free_and_the_crosshair_is_black_and_white(comparison: Comparison) -> None:
    made = gathered(comparison)
    page = preview(made)
    found = next(pin_places(made))
    around = page[found.y - 30 : found.y + 30, found.x - 30 : found.x + 30, 0]

    assert page[found.y, found.x, 0] == 128
    assert set(np.unique(around)) == {0, 128, 255}


def test_without_pins_a_flat_picture_is_flat(comparison: Comparison) -> None:
    made = gathered(comparison, pins=False)
    box = made.layout.cells[0].box

    assert np.unique(preview(made)[box.top : box.bottom, box.left : box.right, 0]).tolist() == [128]
