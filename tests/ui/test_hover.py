"""Pointing at pixels: every index is found, what is drawn is the operator's row or column, the last input wins."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from tests.ui.gestures import click, double_click, drag, flick, hover, hover_at, key, leave, place
from workbench.kernels.arrays import plane
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.probe import ProbePoint
from workbench.model.view_state import Camera
from workbench.ui.context import Context
from workbench.ui.marks import Marks
from workbench.ui.panels.panel_area import PanelArea
from workbench.ui.panels.provenance_card import ProvenanceCard

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def area(qtbot: QtBot, context: Context) -> PanelArea:
    """All panels on screen, everything seen."""
    made = PanelArea(context)
    qtbot.addWidget(made)
    made.resize(902, 503)
    made.show()
    made.fit()
    context.probe.show(None)
    return made


def as_dict(marks: Marks) -> dict[tuple[int, int], float]:
    plates = marks.plates

    assert plates is not None
    return dict(zip(zip(plates.rows.tolist(), plates.cols.tolist(), strict=True), plates.weights, strict=True))


def test_hovering_every_pixel_of_every_panel_returns_its_index(area: PanelArea, context: Context) -> None:
    wrong = []
    for name in area.names:
        view = area.view(name)
        height, width = view.geometry_shown.shape
        for row in range(height):
            for col in range(width):
                hover(view, (row, col))
                if context.probe.hovered != ProbePoint(name, row, col):
                    wrong.append((name, row, col))

    assert not wrong


def test_hovering_every_output_pixel_shows_exactly_the_operators_row(area: PanelArea, context: Context) -> None:
    source = area.view("source")
    for name in area.names[1:]:
        operator = context.results.ready(name).operator
        for row in range(operator.out_shape[0]):
            for col in range(operator.out_shape[1]):
                hover(area.view(name), (row, col))
                shown = np.zeros(operator.in_shape)
                for (r, c), weight in as_dict(source.marks).items():
                    shown[r, c] = weight

                assert np.array_equal(shown, operator.row(row, col).dense())


def test_hovering_every_output_pixel_gives_the_card_the_operators_value_and_sums(
    area: PanelArea, context: Context, qtbot: QtBot
) -> None:
    card = ProvenanceCard(context)
    qtbot.addWidget(card)
    context.view.set(channel=2)
    values = context.results.prepared.values
    for name in area.names[1:]:
        operator = context.results.ready(name).operator
        output = operator.apply(values.astype(np.float64))
        for row in range(operator.out_shape[0]):
            for col in range(operator.out_shape[1]):
                hover(area.view(name), (row, col))
                stencil = operator.row(row, col, 2)

                assert card.value == pytest.approx(output[row, col, 2], rel=1e-12)
                assert card.formula.trace.row_sum == stencil.total
                assert card.formula.trace.value == pytest.approx(stencil.dot(values, 2), rel=1e-12)


def test_hovering_the_source_paints_the_operators_column_on_every_output(area: PanelArea, context: Context) -> None:
    source = area.view("source")
    height, width = source.geometry_shown.shape
    for row in range(height):
        for col in range(width):
            hover(source, (row, col))
            for name in area.names[1:]:
                operator = context.results.ready(name).operator
                painted = np.zeros(operator.out_shape)
                for (r, c), weight in as_dict(area.view(name).marks).items():
                    painted[r, c] = weight

                assert np.array_equal(painted, operator.column(row, col).dense())


def test_the_plates_carry_the_values_that_the_weights_are_multiplied_with(area: PanelArea, context: Context) -> None:
    context.view.set(channel=1)
    hover(area.view("s2"), (7, 12))
    plates = area.view("source").marks.plates
    values = plane(context.results.prepared.values, 1)

    assert np.array_equal(plates.values, values[plates.rows, plates.cols].astype(np.float64))


def test_after_a_flick_the_last_pixel_wins(area: PanelArea, context: Context) -> None:
    for _ in range(40):
        flick(area.view("s1"), [(2, 3), (3, 5), (9, 17)])

        assert context.probe.hovered == ProbePoint("s1", 9, 17)
        hover(area.view("s1"), (0, 0))


def test_leaving_the_panels_keeps_the_probe_and_removes_the_hover(area: PanelArea, context: Context) -> None:
    hover(area.view("s1"), (4, 9))
    leave(area.view("s1"))

    assert context.probe.hovered is None
    assert context.probe.active == ProbePoint("s1", 4, 9)


def test_the_world_point_is_framed_in_every_other_panel(area: PanelArea) -> None:
    hover(area.view("s1"), (7, 15))

    assert area.view("s1").marks.frame == (7, 15)
    assert area.view("s2").marks.frame == (7, 15)
    # The centre of (7, 15) is (3.75, 7.75) in source pixels; s3 is 11 × 19 with the same step.
    assert area.view("s3").marks.frame == (7, 15)


def test_beside_the_image_nothing_is_hovered(area: PanelArea, context: Context) -> None:
    view = area.view("s1")
    hover(view, (4, 9))
    hover_at(view, place(view, (4, -1)))

    assert context.probe.hovered is None


def test_a_click_locks_and_a_click_on_the_lock_releases(area: PanelArea, context: Context) -> None:
    click(area.view("s1"), (4, 9))
    locked = context.probe.locked
    click(area.view("s1"), (4, 9))

    assert locked == ProbePoint("s1", 4, 9)
    assert context.probe.locked is None


@pytest.mark.parametrize(("travel", "locks"), [(4.0, True), (5.0, False)])
def test_a_press_that_travels_more_than_four_pixels_is_no_click(
    area: PanelArea, context: Context, travel: float, locks: bool
) -> None:
    click(area.view("s1"), (4, 9), travel=travel)

    assert (context.probe.locked is not None) == locks


def test_hovering_beside_a_lock_draws_a_ghost(area: PanelArea) -> None:
    click(area.view("s1"), (4, 9))
    hover(area.view("s1"), (6, 11))

    assert area.view("s1").marks.frame == (4, 9)
    assert area.view("s1").marks.ghost == (6, 11)
    assert area.view("s2").marks.ghost == (6, 11)


@pytest.mark.parametrize(
    ("code", "modifiers", "pixel"),
    [
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, (4, 10)),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, (3, 9)),
        (Qt.Key.Key_Right, SHIFT, (4, 11)),
        (Qt.Key.Key_Down, SHIFT, (6, 9)),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, (4, 0)),
        (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier, (4, 19)),
        (Qt.Key.Key_Home, CONTROL, (0, 0)),
        (Qt.Key.Key_End, CONTROL, (11, 19)),
    ],
)
def test_keys_step_the_probe(
    area: PanelArea, context: Context, code: Qt.Key, modifiers: Qt.KeyboardModifier, pixel: tuple[int, int]
) -> None:
    context.probe.show(ProbePoint("s1", 4, 9))
    key(area.view("s2"), code, modifiers)

    assert context.probe.active == ProbePoint("s1", *pixel)


def test_a_phase_step_that_would_leave_the_image_does_not_change_the_phase(area: PanelArea, context: Context) -> None:
    context.probe.show(ProbePoint("s1", 11, 9))
    key(area.view("s1"), Qt.Key.Key_Down, SHIFT)

    assert context.probe.active == ProbePoint("s1", 11, 9)


def test_a_resting_pointer_does_not_pull_the_probe_back_after_an_arrow(area: PanelArea, context: Context) -> None:
    view = area.view("s1")
    hover(view, (4, 9))
    key(view, Qt.Key.Key_Right)
    hover_at(view, place(view, (4, 9)) + QPointF(1, 1))

    assert context.probe.active == ProbePoint("s1", 4, 10)


def test_a_pointer_that_leads_hovers_again_when_the_camera_moves(area: PanelArea, context: Context) -> None:
    hover(area.view("s1"), (4, 9))
    camera = context.view.value.camera
    context.view.set(camera=Camera(camera.y, camera.x + 1, camera.zoom))

    assert context.probe.hovered == ProbePoint("s1", 4, 11)


def test_the_camera_follows_only_where_the_probe_would_leave_the_view(area: PanelArea, context: Context) -> None:
    context.view.set(camera=Camera(3.0, 5.0, 128.0))
    context.probe.show(ProbePoint("s1", 6, 10))
    key(area.view("s1"), Qt.Key.Key_Left)
    stayed = context.view.value.camera
    key(area.view("s1"), Qt.Key.Key_Home)
    seen = area.view("s1").frame.world_rect

    assert stayed == Camera(3.0, 5.0, 128.0)
    assert seen[1] <= 1e-9 <= seen[3]


def test_a_double_click_zooms_to_32_at_the_pixel_and_back(area: PanelArea, context: Context) -> None:
    before = context.view.value.camera
    view = area.view("s1")
    at = place(view, (4, 9))
    double_click(view, (4, 9))
    near = context.view.value.camera
    under = view.pixel_at(at)
    double_click(view, (4, 9))

    assert near.zoom == 32.0
    assert under == (4, 9)
    assert context.view.value.camera == before


def test_dragging_does_not_lock(area: PanelArea, context: Context) -> None:
    drag(area.view("s1"), place(area.view("s1"), (4, 9)), QPointF(40, 25))

    assert context.probe.locked is None


def test_taps_outside_the_source_are_named_by_their_rule(area: PanelArea, context: Context) -> None:
    context.session.do("edge", edits.set_method("s2", from_text("bilinear:scale=2,edge=replicate")))
    context.probe.show(ProbePoint("s2", 0, 7))
    outside = area.view("source").marks.outside

    assert {tap.row for tap in outside} == {-1}
    assert {tap.rule for tap in outside} == {"replicate"}
    assert {tap.real.row for tap in outside} == {0}


def test_a_layer_has_nothing_outside(area: PanelArea, context: Context) -> None:
    context.probe.show(ProbePoint("s3", 0, 0))

    assert area.view("source").marks.outside == ()


def test_a_pixel_that_no_source_reaches_is_marked_empty(area: PanelArea, context: Context) -> None:
    context.session.do("unpool", edits.set_method("s2", from_text("max_unpool")))
    operator = context.results.ready("s2").operator
    rows = {(row, col): len(operator.row(row, col, 1)) for row in range(12) for col in range(20)}
    empty = next(pixel for pixel, count in rows.items() if count == 0)
    filled = next(pixel for pixel, count in rows.items() if count == 1)
    hover(area.view("s2"), empty)
    marked = area.view("s2").marks.empty
    hover(area.view("s2"), filled)

    assert marked
    assert not area.view("s2").marks.empty
