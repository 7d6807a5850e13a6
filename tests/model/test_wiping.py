"""Which two pictures a wipe compares, and where its divider may lie."""

from __future__ import annotations

import pytest

from workbench.model.wiping import in_cells, snapped, stepped

SOURCE, DOUBLE, TRIPLE = (0.0, 1.0), (0.0, 0.5), (0.0, 1 / 3)


@pytest.mark.parametrize(
    ("place", "combs", "edge"),
    [
        (3.26, [SOURCE, DOUBLE], 3.0),  # an edge of both
        (3.26, [DOUBLE, DOUBLE], 3.5),
        (3.26, [DOUBLE, TRIPLE], 3.0),  # halves and thirds meet at whole source pixels only
        (3.6, [DOUBLE, TRIPLE], 4.0),
        (3.26, [DOUBLE, (0.25, 0.5)], 3.5),  # never meet: those of the first
        (-2.4, [SOURCE], -2.0),
        (7.7, [], 7.7),
    ],
)
def test_the_divider_lies_between_pixels_of_both_where_that_is_possible(place, combs, edge):
    assert snapped(place, combs) == pytest.approx(edge)


@pytest.mark.parametrize(
    ("place", "direction", "combs", "edge"),
    [
        (3.0, 1, [DOUBLE], 3.5),
        (3.0, -1, [DOUBLE], 2.5),
        (3.2, 1, [DOUBLE], 3.5),
        (3.2, -1, [DOUBLE], 3.0),
        (3.0, 1, [DOUBLE, TRIPLE], 4.0),
        (3.0, -1, [SOURCE, DOUBLE], 2.0),
    ],
)
def test_a_step_goes_to_the_next_edge(place, direction, combs, edge):
    assert stepped(place, direction, combs) == pytest.approx(edge)


def test_phase_cells_are_counted_from_the_first_pixel():
    assert in_cells(5.3, 2.0, (0.5, 0.5)) == 4.5
    assert in_cells(5.3, 0.0, (0.5, 0.5)) == 5.3
