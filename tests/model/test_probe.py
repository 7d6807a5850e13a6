"""The probe: who leads, and what is read at a pixel."""

from __future__ import annotations

import numpy as np
import pytest

from tests.model.desk import Desk, comparison, desk, picture
from workbench.kernels.arrays import Pixel
from workbench.model.display import Range
from workbench.model.document import Comparison
from workbench.model.probe import (
    Probe,
    ProbePoint,
    column_of,
    difference_at,
    pixel_in,
    row_of,
    shift_step,
    value_at,
    world_of,
)
from workbench.model.provenance_text import card_text
from workbench.model.results import Results
from workbench.model.status import status_text
from workbench.model.terms import Form

A, B = ProbePoint("s1", 3, 7), ProbePoint("s2", 5, 2)


@pytest.fixture(scope="module")
def made() -> Desk:
    return desk(comparison("nearest:scale=4", "bilinear:scale=4", "max_unpool", values=picture(26, 39)))


def at(point: ProbePoint) -> Probe:
    probe = Probe()
    probe.show(point)
    return probe


# Who leads


def test_the_hovered_pixel_leads() -> None:
    probe = Probe()
    probe.hover(A)
    assert probe.active == A


def test_leaving_the_panels_keeps_the_last_pixel() -> None:
    probe = Probe()
    probe.hover(A)
    probe.hover(None)
    assert (probe.hovered, probe.active) == (None, A)


def test_a_click_locks() -> None:
    probe = Probe()
    probe.click(A)
    probe.hover(B)
    assert (probe.active, probe.ghost) == (A, B)


def test_a_click_on_the_locked_pixel_releases_it() -> None:
    probe = Probe()
    probe.hover(A)
    probe.click(A)
    probe.click(A)
    assert (probe.locked, probe.active) == (None, A)


def test_a_click_elsewhere_moves_the_lock() -> None:
    probe = Probe()
    probe.click(A)
    probe.click(B)
    assert probe.locked == B


def test_without_a_lock_there_is_no_ghost() -> None:
    probe = Probe()
    probe.hover(A)
    assert probe.ghost is None


def test_the_locked_pixel_is_no_ghost_of_itself() -> None:
    probe = Probe()
    probe.click(A)
    probe.hover(A)
    assert probe.ghost is None


def test_after_release_the_pointer_leads() -> None:
    probe = Probe()
    probe.click(A)
    probe.hover(B)
    probe.release()
    assert probe.active == B


def test_arrows_move_the_lock() -> None:
    probe = Probe()
    probe.click(A)
    probe.moved_to(B)
    assert (probe.locked, probe.active) == (B, B)


def test_arrows_without_a_lock_lock_nothing() -> None:
    probe = Probe()
    probe.hover(A)
    probe.moved_to(B)
    assert (probe.locked, probe.active) == (None, B)


def test_a_change_is_told_once() -> None:
    probe, told = Probe(), []
    probe.changed.connect(lambda: told.append(probe.active))
    probe.hover(A)
    probe.hover(A)
    assert told == [A]


# Places


def test_a_pixel_has_its_middle_in_the_world(made: Desk) -> None:
    assert world_of(made.results, made.session.value, ProbePoint("s1", 6, 9)) == (1.625, 2.375)


def test_a_pixel_that_does_not_exist_has_no_place(made: Desk) -> None:
    assert world_of(made.results, made.session.value, ProbePoint("s1", 24, 0)) is None


@pytest.mark.parametrize(
    ("panel", "pixel"), [("source", (1, 2)), ("original", (6, 9)), ("s2", (6, 9)), ("d:s3", (6, 9))]
)
def test_one_world_point_is_a_pixel_of_every_panel(made: Desk, panel: str, pixel: tuple[int, int]) -> None:
    assert pixel_in(made.results, made.session.value, panel, (1.625, 2.375)) == pixel


def test_outside_an_image_there_is_no_pixel(made: Desk) -> None:
    assert pixel_in(made.results, made.session.value, "source", (-0.01, 2)) is None


# Values


def test_the_readout_is_the_row_of_a_in_float64(made: Desk) -> None:
    ready = made.ready("s2")
    value = value_at(made.results, made.session.value, "s2", Pixel(13, 22), 1)
    assert ready.whole is not None
    assert value == pytest.approx(float(ready.whole[13, 22, 1]), abs=1e-15)


def test_the_source_is_read_as_it_is(made: Desk) -> None:
    assert made.results.prepared is not None
    expected = made.results.prepared.values[4, 7, 2]
    assert value_at(made.results, made.session.value, "source", Pixel(4, 7), 2) == expected


def test_the_original_is_read_as_it_is(made: Desk) -> None:
    assert made.results.prepared is not None
    assert made.results.prepared.original is not None
    expected = made.results.prepared.original[20, 33, 0]
    assert value_at(made.results, made.session.value, "original", Pixel(20, 33), 0) == expected


def test_a_channel_that_is_not_there_stands_for_the_last_one() -> None:
    grey = desk(comparison("nearest:scale=4", values=picture(channels=1)))
    values = [value_at(grey.results, grey.session.value, "s1", Pixel(3, 7), channel) for channel in (0, 2)]
    assert values[0] == values[1] is not None


def test_what_does_not_exist_has_no_value(made: Desk) -> None:
    assert value_at(made.results, made.session.value, "s1", Pixel(3, 36), 0) is None


def test_the_difference_is_that_of_the_two_readouts(made: Desk) -> None:
    value = difference_at(made.results, made.session.value, "s2", Pixel(13, 22), 1)
    mine = value_at(made.results, made.session.value, "s2", Pixel(13, 22), 1)
    other = value_at(made.results, made.session.value, "original", Pixel(13, 22), 1)
    assert mine is not None
    assert other is not None
    assert value == mine - other


def test_beyond_the_common_part_there_is_no_difference(made: Desk) -> None:
    assert value_at(made.results, made.session.value, "s3", Pixel(25, 3), 0) is not None
    assert difference_at(made.results, made.session.value, "s3", Pixel(25, 3), 0) is None


# Rows and columns


def test_the_row_adds_up(made: Desk) -> None:
    row = row_of(made.results, ProbePoint("s2", 13, 22), 1)
    assert row is not None
    assert row.value == pytest.approx(sum(term.product for term in row.terms), rel=1e-12)
    assert row.value == pytest.approx(value_at(made.results, made.session.value, "s2", Pixel(13, 22), 1), rel=1e-12)


def test_the_source_has_no_row(made: Desk) -> None:
    assert row_of(made.results, ProbePoint("source", 1, 2), 1) is None


def test_the_column_is_what_an_impulse_becomes(made: Desk) -> None:
    column = column_of(made.results, ProbePoint("source", 2, 5), "s2", 1)
    impulse = np.zeros((6, 9))
    impulse[2, 5] = 1
    assert column is not None
    np.testing.assert_allclose(column.dense(), made.ready("s2").operator.apply(impulse), atol=1e-15)


def test_outputs_have_no_column(made: Desk) -> None:
    assert column_of(made.results, A, "s2", 1) is None


# Words


def test_the_status_counts_the_sources_of_an_output(made: Desk) -> None:
    text = status_text(made.results, made.session.value, at(ProbePoint("s2", 13, 22)), 1)
    assert text == "Row of A: 4 sources of output (13, 22)"


def test_the_status_says_one_source_in_the_singular(made: Desk) -> None:
    text = status_text(made.results, made.session.value, at(ProbePoint("s1", 13, 22)), 1)
    assert text == "Row of A: 1 source of output (13, 22)"


def test_the_status_counts_the_outputs_of_a_source(made: Desk) -> None:
    text = status_text(made.results, made.session.value, at(ProbePoint("source", 2, 5)), 1, "s2")
    outputs = "Column of A: 64 outputs of source (2, 5) in Bilinear"
    assert text == f"{outputs} · this pixel counts 16.00 · area 8 × 8"


def test_the_status_says_that_an_output_has_no_source(made: Desk) -> None:
    row = next(
        ProbePoint("s3", 9, col) for col in range(36) if len(made.ready("s3").operator.row(9, col, 1)) == 0
    )  # fmt: skip
    text = status_text(made.results, made.session.value, at(row), 1)
    assert text == f"Row of A: no source of output (9, {row.col}), always 0"


def test_an_output_without_a_source_holds_the_b_of_an_affine_map() -> None:
    cropped = "bilinear:scale=2,grid=crop,region=[-0.5,-0.5,1.5,1.5],outside_value=0.7"
    made = desk(comparison(cropped, blocks=None, values=picture(8, 11)))
    probe = at(ProbePoint("s1", 0, 2))
    said = card_text(made.session.value, made.results, probe, 1, Range(0, 1), Form.DECIMAL, 0)

    assert status_text(made.results, made.session.value, probe, 1).startswith(
        "Row of A: no source of output (0, 2), always b = 0.7 · "
    )
    assert said.sentence == "No source reaches this pixel: it is always b = 0.7."


def test_the_status_says_that_there_is_no_image() -> None:
    assert status_text(Results(), Comparison(), Probe(), 0).startswith("No image")


# Steps


def test_a_phase_cell_is_the_period(made: Desk) -> None:
    assert shift_step(made.results, ProbePoint("s2", 3, 7)) == (4, 4)


def test_without_a_period_a_phase_cell_is_the_scale(made: Desk) -> None:
    assert shift_step(made.results, ProbePoint("s3", 3, 7)) == (4, 4)


def test_in_the_source_a_step_is_one_pixel(made: Desk) -> None:
    assert shift_step(made.results, ProbePoint("source", 3, 7)) == (1, 1)


@pytest.fixture
def affine() -> Desk:
    """An output whose border is grey: y = A x + b."""
    return desk(comparison("bilinear:scale=2,edge=zero,outside_value=0.5", values=picture(16, 28)))


def test_the_readout_of_an_affine_map_holds_its_b(affine: Desk) -> None:
    whole = affine.results.ready("s1").whole
    value = value_at(affine.results, affine.session.value, "s1", Pixel(0, 3), 0)

    assert value == pytest.approx(float(whole[0, 3] if whole.ndim == 2 else whole[0, 3, 0]), abs=1e-14)


def test_b_stands_apart_from_the_sum(affine: Desk) -> None:
    found = row_of(affine.results, ProbePoint("s1", 0, 3), 0)

    assert found.offset == pytest.approx(0.125)
    assert found.answer == found.value + found.offset
