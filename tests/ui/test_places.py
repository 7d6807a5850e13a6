"""Where panels lie: by nominal pixels, by where their grids sample, or moved alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.gestures import click, drag, hover, key, leave, place, wheel
from workbench.kernels.arrays import Pixel
from workbench.kernels.method import SourceSpec
from workbench.kernels.placement import Placement
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.document import View
from workbench.model.panels import geometry
from workbench.model.view_state import Camera, Placing
from workbench.ui.app import Workbench
from workbench.ui.image_view import ImageView


def sampling(text: str, shape: tuple[int, int] = (6, 10)) -> Placement:
    return from_text(text).operator(SourceSpec(shape)).sampling


def view_of(workbench: Workbench, name: str) -> ImageView:
    view = workbench.window.panel_area.view(name)
    view.setFocus()
    return view


def test_with_aligned_corners_the_first_and_last_pixels_lie_on_those_of_the_source():
    placed = sampling("bilinear:scale=3,grid=align_corners")

    assert placed.centre(Pixel(0, 0)) == pytest.approx((0.5, 0.5))
    assert placed.centre(Pixel(17, 29)) == pytest.approx((5.5, 9.5))
    assert placed.step == pytest.approx((5 / 17, 9 / 29))


def test_a_half_pixel_grid_samples_in_the_middle_of_its_nominal_pixels():
    made = from_text("bicubic:scale=3").operator(SourceSpec((6, 10)))

    assert made.sampling.step == pytest.approx(made.placement.step)
    assert made.sampling.offset == pytest.approx(made.placement.offset)


@pytest.mark.parametrize(("k", "s", "p", "op"), [(3, 2, 1, 1), (4, 2, 1, 0), (2, 3, 0, 1), (5, 3, 1, 0)])
def test_the_middle_of_a_stamp_of_a_transposed_convolution_lies_on_its_input_pixel(k, s, p, op):
    placed = sampling(f"transposed_conv:kernel=ones,kernel_size={k},stride={s},padding={p},output_padding={op}")
    middle = 2 * s - p + (k - 1) / 2

    assert placed.offset[0] + (middle + 0.5) * placed.step[0] == pytest.approx(2.5)
    assert placed.step == pytest.approx((1 / s, 1 / s))


def test_zero_insertion_leaves_every_value_on_its_own_pixel():
    assert sampling("zero_insertion:stride=2").centre(Pixel(4, 8)) == (2.5, 4.5)


def test_j_puts_every_panel_where_its_grid_samples_and_back(workbench):
    context = workbench.context
    corners = from_text("bilinear:scale=2,grid=align_corners")
    context.session.do("corners", edits.set_method("s2", corners))
    view = view_of(workbench, "s2")
    nominal = view.geometry_shown
    QTest.keyClick(view, Qt.Key.Key_J)

    assert view.geometry_shown.placement.centre(Pixel(11, 19)) == pytest.approx((5.5, 9.5))
    assert "by samples" in workbench.window.panel_area.panel("s2").header.text.chips
    assert geometry(context.results, context.session.value, "s2") == nominal

    QTest.keyClick(view, Qt.Key.Key_J)
    assert view.geometry_shown == nominal


def test_under_sample_places_the_pointer_finds_the_pixel_it_is_over(workbench):
    context = workbench.context
    context.session.do("corners", edits.set_method("s2", from_text("bilinear:scale=2,grid=align_corners")))
    context.view.set(placing=Placing("sample"))
    view = view_of(workbench, "s2")
    hover(view, (3, 17))

    assert (context.probe.active.row, context.probe.active.col) == (3, 17)
    row, col = 0.5 + 3 * 5 / 11, 0.5 + 17 * 9 / 19  # where output (3, 17) samples
    assert workbench.window.panel_area.view("s1").marks.frame == (int(row * 2), int(col * 2))


def hold(view: ImageView, code: Qt.Key, kind: QEvent.Type) -> None:
    QApplication.sendEvent(view, QKeyEvent(kind, code, Qt.KeyboardModifier.NoModifier))


def test_held_u_and_a_drag_move_one_panel_alone_and_its_header_says_how_far(workbench):
    context, area = workbench.context, workbench.window.panel_area
    context.view.set(camera=Camera(3.0, 5.0, 8.0))
    view, other = view_of(workbench, "s2"), area.view("s1")
    before = other.place_of(0, 0)
    hold(view, Qt.Key.Key_U, QEvent.Type.KeyPress)
    drag(view, QPointF(60, 40), QPointF(4, -12))

    assert context.view.value.placing.offset("s2") == (-1.5, 0.5)
    assert context.view.value.camera == Camera(3.0, 5.0, 8.0)
    assert other.place_of(0, 0) == before
    assert "Δ −1.50, +0.50 px ✕" in area.panel("s2").header.text.chips

    camera = context.view.value.camera
    workbench.commands.escape()
    drag(view, QPointF(60, 40), QPointF(4, -12))
    assert context.view.value.camera != camera


def test_escape_while_u_is_held_ends_the_move_and_the_release_does_not_begin_it_again(workbench: Workbench) -> None:
    view, actions = view_of(workbench, "s2"), workbench.window.action_set
    workbench.commands.flicker.momentary.clock = iter((0.0, 9.0)).__next__
    hold(view, Qt.Key.Key_U, QEvent.Type.KeyPress)

    assert actions["move_alone"].isChecked()

    workbench.commands.escape()
    hold(view, Qt.Key.Key_U, QEvent.Type.KeyRelease)
    assert not actions["move_alone"].isChecked()


def test_escape_leaves_a_tapped_u_before_it_releases_the_lock(workbench: Workbench) -> None:
    view, probe = view_of(workbench, "s2"), workbench.context.probe
    click(view, (3, 4))
    workbench.window.action_set["move_alone"].trigger()
    workbench.commands.escape()

    assert not workbench.window.action_set["move_alone"].isChecked()
    assert probe.locked is not None


def test_a_release_after_a_long_hold_ends_the_move(workbench: Workbench) -> None:
    view, actions = view_of(workbench, "s2"), workbench.window.action_set
    workbench.commands.flicker.momentary.clock = iter((0.0, 0.25)).__next__
    hold(view, Qt.Key.Key_U, QEvent.Type.KeyPress)
    hold(view, Qt.Key.Key_U, QEvent.Type.KeyRelease)

    assert not actions["move_alone"].isChecked()


def test_the_cross_of_the_chip_and_shift_u_put_a_panel_back(workbench):
    context, area = workbench.context, workbench.window.panel_area
    context.view.set(layout="single", selected="s2", placing=Placing(offsets=(("s2", 0.5, 0.0), ("s1", 0.0, 1.0))))
    header = area.panel("s2").header
    header.grab()
    chip = header.chip_rect("Δ +0.50, 0.00 px ✕")
    QTest.mouseClick(header, Qt.MouseButton.LeftButton, pos=chip.center())

    assert context.view.value.placing.offsets == (("s1", 0.0, 1.0),)

    context.view.set(layout="grid")
    QTest.keyClick(view_of(workbench, "s1"), Qt.Key.Key_U, Qt.KeyboardModifier.ShiftModifier)
    assert context.view.value.placing.offsets == ()


def test_putting_back_is_offered_where_the_selected_panel_was_moved(workbench):
    action = workbench.window.action_set["clear_offset"]
    workbench.context.view.set(placing=Placing(offsets=(("s2", 0.5, 0.0),)))
    offered = []
    for panel in ("s1", "s2", "s3"):
        view_of(workbench, panel)
        QApplication.processEvents()
        offered.append(action.isEnabled())

    assert offered == [False, True, False]
    assert action.toolTip().startswith("This panel was not moved")


def test_a_tapped_u_lets_wheel_and_arrows_move_the_panel_by_eighths(workbench):
    context = workbench.context
    view = view_of(workbench, "s3")
    QTest.keyClick(view, Qt.Key.Key_U)
    wheel(view, place(view, (4, 4)), -240)
    key(view, Qt.Key.Key_Right)
    key(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)

    assert context.view.value.placing.offset("s3") == (0.25, -0.875)


def test_the_pointer_reads_a_moved_panel_where_it_is_and_names_the_same_world_point_elsewhere(workbench):
    context, area = workbench.context, workbench.window.panel_area
    context.view.set(placing=Placing(offsets=(("s2", 1.0, 2.0),)))
    hover(area.view("s2"), (3, 5))

    assert (context.probe.active.slot, context.probe.active.row, context.probe.active.col) == ("s2", 3, 5)
    assert area.view("s1").marks.frame == (5, 9)
    leave(area.view("s2"))


def test_the_next_slot_with_a_removed_ones_id_is_not_moved(workbench):
    context = workbench.context
    context.view.set(placing=Placing(offsets=(("s3", 1.0, 2.0),)))
    context.session.do("remove", edits.remove_slot("s3"))
    context.session.do("duplicate", edits.duplicate_slot("s1"))

    assert context.view.value.placing.offsets == ()


def test_another_document_has_no_panel_that_was_moved_in_the_one_before(workbench, comparison):
    context = workbench.context
    context.view.set(placing=Placing(offsets=(("s2", 1.0, 2.0),)))
    context.session.load(replace(comparison, view=View()))

    assert context.view.value.placing.offsets == ()
