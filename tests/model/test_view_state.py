"""The view: knobs, and the zooms at which every panel's pixels are whole."""

from __future__ import annotations

import pytest

from workbench.model.view_state import (
    MAX_ZOOM,
    MIN_ZOOM,
    Camera,
    ViewState,
    fitting_rung,
    nearest_rung,
    zoom_rungs,
)


def test_a_change_is_told_with_new_and_old() -> None:
    view, told = ViewState(), []
    before = view.value
    view.changed.connect(lambda new, old: told.append((new, old)))
    view.set(layout="row", channel=2)
    assert told == [(view.value, before)]


def test_what_stays_equal_is_not_told() -> None:
    view, told = ViewState(), []
    view.changed.connect(told.append)
    view.set(layout="grid", camera=Camera())
    assert told == []


def test_an_unknown_knob_is_a_mistake() -> None:
    with pytest.raises(TypeError):
        ViewState().set(colour="red")


def whole(size: float) -> bool:
    return min(abs(size - round(size)) / size, abs(1 / size - round(1 / size)) * size) < 1e-9


@pytest.mark.parametrize("steps", [(1.0,), (1.0, 0.25), (1.0, 0.5, 0.25), (1.0, 1 / 8)])
def test_on_a_rung_every_pixel_is_whole(steps: tuple[float, ...]) -> None:
    rungs, common = zoom_rungs(steps)
    assert common
    assert all(whole(rung * step) for rung in rungs for step in steps)


def test_four_times_steps_through_doublings_and_multiples_of_four() -> None:
    rungs, _ = zoom_rungs((1.0, 0.25))
    assert [rung for rung in rungs if 0.5 <= rung <= 16] == [0.5, 1, 2, 4, 8, 12, 16]


def test_two_and_three_times_meet_too_rarely_so_that_the_selected_one_counts() -> None:
    rungs, common = zoom_rungs((1.0, 0.5, 1 / 3), selected=0.5)
    assert not common
    assert [rung for rung in rungs if 1 <= rung <= 8] == [1, 2, 4, 6, 8]


def test_rungs_rise_between_the_limits() -> None:
    rungs, _ = zoom_rungs((1.0, 0.25))
    assert list(rungs) == sorted(set(rungs))
    assert rungs[0] >= MIN_ZOOM
    assert rungs[-1] <= MAX_ZOOM


def test_where_scales_do_not_meet_the_selected_one_counts() -> None:
    rungs, common = zoom_rungs((1.0, 1 / 1.37), selected=1 / 1.37)
    assert not common
    assert all(whole(rung / 1.37) for rung in rungs)


def test_the_nearest_rung_is_nearest_in_octaves() -> None:
    assert nearest_rung((1, 2, 4, 8), 5.7) == 8


def test_the_fitting_rung_is_not_above() -> None:
    assert fitting_rung((1, 2, 4, 8), 7.99) == 4


def test_a_zoom_on_a_rung_fits_itself() -> None:
    assert fitting_rung((1, 2, 4, 8), 4) == 4


def test_below_the_lowest_rung_the_lowest_fits() -> None:
    assert fitting_rung((1, 2, 4, 8), 0.3) == 1
