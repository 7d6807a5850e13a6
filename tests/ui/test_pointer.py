"""Wheel, trackpad, buttons and keys on the pixels, as real events."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.gestures import click, double_click, drag, hover, key, place, send_mouse, wheel
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.probe import ProbePoint
from workbench.model.view_state import Camera, Placing
from workbench.ui.context import Context
from workbench.ui.image_view import ImageView
from workbench.ui.panels.panel_area import PanelArea

NONE = Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def area(qtbot: QtBot, context: Context) -> PanelArea:
    """All panels, without the rest of the window."""
    made = PanelArea(context)
    qtbot.addWidget(made)
    made.resize(1000, 560)
    made.show()
    return made


def view_of(area: PanelArea, name: str, zoom: float = 8.0) -> ImageView:
    area.context.view.set(camera=Camera(3.0, 5.0, zoom))
    view = area.view(name)
    view.setFocus()
    return view


def zoom_of(area: PanelArea) -> float:
    return area.context.view.value.camera.zoom


def test_eight_notches_are_exactly_two_times_in_any_pieces(area: PanelArea) -> None:
    view = view_of(area, "s1")
    for _ in range(64):
        wheel(view, QPointF(80, 40), 15)

    assert zoom_of(area) == 16.0

    for _ in range(8):
        wheel(view, QPointF(80, 40), -120)
    assert zoom_of(area) == 8.0


@pytest.mark.parametrize("first", [3, 4, 7])
def test_eight_notches_are_exactly_two_times_over_whichever_panels(area: PanelArea, first: int) -> None:
    view_of(area, "s1", 2.0)
    for notch in range(8):
        wheel(area.view("s1" if notch < first else "s2"), QPointF(40, 40))

    assert zoom_of(area) == 4.0


def test_the_wheel_starts_anew_where_keys_have_zoomed_meanwhile(area: PanelArea) -> None:
    view = view_of(area, "s1", 4.0)
    for _ in range(2):
        wheel(view, QPointF(40, 40))
    area.zoom_step(1)
    area.zoom_to(4.0)
    for _ in range(8):
        wheel(view, QPointF(40, 40))

    assert zoom_of(area) == 8.0


def test_with_shift_a_notch_is_an_eighth_of_one(area: PanelArea) -> None:
    view = view_of(area, "s1")
    for _ in range(64):
        wheel(view, QPointF(80, 40), 120, SHIFT, sideways=True)

    assert zoom_of(area) == 16.0


def test_with_control_the_zoom_is_free_of_rungs(area: PanelArea) -> None:
    view = view_of(area, "s1")
    wheel(view, QPointF(80, 40), 120, CONTROL)

    assert zoom_of(area) == pytest.approx(8.0 * 2 ** (1 / 8))


def test_the_world_point_under_the_pointer_stays_there(area: PanelArea) -> None:
    view = view_of(area, "s1")
    at = QPointF(70, 33)
    before = view.world_at(at)
    wheel(view, at, 960)

    assert view.world_at(at) == pytest.approx(before, abs=0.5 / 8 + 1e-9)


def trackpad() -> QPointingDevice:
    return QPointingDevice(
        "pad", 7, QInputDevice.DeviceType.TouchPad, QPointingDevice.PointerType.Finger,
        QInputDevice.Capability.Scroll, 5, 1,
    )  # fmt: skip


def scroll(view: ImageView, pad: QPointingDevice, pixels: QPoint, turned: QPoint) -> None:
    at = QPointF(60, 40)
    event = QWheelEvent(
        at, view.viewport().mapToGlobal(at), pixels, turned, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.ScrollUpdate, False, Qt.MouseEventSource.MouseEventNotSynthesized, pad,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)


def test_two_fingers_on_a_trackpad_pan(area: PanelArea) -> None:
    view, pad = view_of(area, "s1"), trackpad()
    scroll(view, pad, QPoint(16, -8), QPoint(0, 0))

    assert area.context.view.value.camera == Camera(4.0, 3.0, 8.0)


def test_small_turns_of_a_trackpad_that_knows_no_pixels_add_up(area: PanelArea) -> None:
    view, pad = view_of(area, "s1"), trackpad()
    for _ in range(24):
        scroll(view, pad, QPoint(), QPoint(0, 1))

    assert area.context.view.value.camera == Camera(2.0, 5.0, 8.0)


def test_a_pinch_zooms_freely_about_the_fingers(area: PanelArea) -> None:
    view, pad = view_of(area, "s1"), trackpad()
    at = QPointF(90, 25)
    before = view.world_at(at)
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture, pad, 2, at, at, view.viewport().mapToGlobal(at), 0.3, QPointF(), 1
    )
    QApplication.sendEvent(view.viewport(), event)

    assert zoom_of(area) == pytest.approx(10.4)
    assert view.world_at(at) == pytest.approx(before, abs=0.5 / 8 + 1e-9)


def test_a_middle_drag_pans_as_a_left_one_and_locks_nothing(area: PanelArea) -> None:
    view = view_of(area, "s1")
    drag(view, QPointF(60, 50), QPointF(-16, 24), Qt.MouseButton.MiddleButton)

    assert area.context.view.value.camera == Camera(0.0, 7.0, 8.0)
    assert area.context.probe.locked is None


def test_the_second_of_two_quick_middle_drags_pans_too(area: PanelArea) -> None:
    view, middle, at = view_of(area, "s1"), Qt.MouseButton.MiddleButton, QPointF(60, 40)
    send_mouse(view, QEvent.Type.MouseButtonDblClick, at, middle, middle)
    send_mouse(view, QEvent.Type.MouseMove, at + QPointF(16, 24), held=middle)
    send_mouse(view, QEvent.Type.MouseButtonRelease, at + QPointF(16, 24), middle)

    assert area.context.view.value.camera == Camera(0.0, 3.0, 8.0)


def test_a_double_click_shows_a_pixel_at_32_times_and_the_next_one_in_any_panel_goes_back(area: PanelArea) -> None:
    view = view_of(area, "s1")
    double_click(view, (5, 9))

    assert zoom_of(area) == 32.0

    other = area.view("s2")
    double_click(other, (5, 9))
    assert area.context.view.value.camera == Camera(3.0, 5.0, 8.0)


@pytest.mark.parametrize(
    ("code", "modifiers", "camera"),
    [
        (Qt.Key.Key_Right, CONTROL, Camera(3.0, 6.0, 8.0)),
        (Qt.Key.Key_Up, CONTROL, Camera(2.0, 5.0, 8.0)),
    ],
)
def test_control_and_arrows_pan_by_one_input_pixel(area: PanelArea, code, modifiers, camera) -> None:
    key(view_of(area, "s1"), code, modifiers)

    assert area.context.view.value.camera == camera


def test_control_shift_and_arrows_pan_by_half_a_view(area: PanelArea) -> None:
    view = view_of(area, "s1")
    key(view, Qt.Key.Key_Down, CONTROL | SHIFT)

    assert area.context.view.value.camera.y == 3.0 + view.frame.size[0] / 16


def test_in_the_source_shift_and_an_arrow_step_by_the_selected_methods_q(area: PanelArea) -> None:
    context = area.context
    context.session.do("2/3", edits.set_method("s2", from_text("bilinear:scale=1.5")))
    context.view.set(selected="s2")
    context.probe.show(ProbePoint("source", 1, 2))
    view = area.view("source")
    view.setFocus()
    key(view, Qt.Key.Key_Right, SHIFT)
    key(view, Qt.Key.Key_Down, SHIFT)

    assert context.probe.active == ProbePoint("source", 3, 4)


def test_in_a_source_that_a_click_selected_it_is_the_q_of_the_first_method(area: PanelArea) -> None:
    context = area.context
    context.session.do("change", edits.set_method("s1", from_text("bilinear:scale=1.5")))  # 3 outputs for 2
    click(area.view("source"), (1, 3))
    key(area.view("source"), Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)

    assert context.view.value.selected == "source"
    assert context.probe.locked == ProbePoint("source", 1, 5)


def test_the_hover_is_computed_again_when_keys_move_the_camera_under_it(area: PanelArea) -> None:
    view = view_of(area, "s1")
    hover(view, (4, 6))
    key(view, Qt.Key.Key_Right, CONTROL)

    assert area.context.probe.active == ProbePoint("s1", 4, 8)


def test_the_hover_is_computed_again_when_panels_grow_and_move_under_it(area: PanelArea) -> None:
    view = area.view("s2")
    hover(view, (3, 4))
    on_screen = view.viewport().mapToGlobal(place(view, (3, 4)))
    area.resize(area.width() + 40, area.height() - 30)

    now = view.pixel_at(view.viewport().mapFromGlobal(on_screen))
    assert now != (3, 4)
    assert area.context.probe.hovered == ProbePoint("s2", *now)


def test_an_eighth_of_an_octave_moves_the_target_and_nothing_drifts(area: PanelArea) -> None:
    view = view_of(area, "s1")
    for delta in (120, -120) * 20:
        wheel(view, QPointF(50, 40), delta)

    camera = area.context.view.value.camera
    assert camera.zoom == 8.0
    assert math.hypot(camera.y - 3.0, camera.x - 5.0) < 1e-9


def test_after_57_resizes_and_zooms_all_panels_show_one_camera(area: PanelArea) -> None:
    context, rng = area.context, np.random.default_rng(57)
    corners = from_text("bilinear:scale=2,grid=align_corners")
    context.session.do("corners", edits.set_method("s2", corners))
    context.view.set(placing=Placing("sample", (("s3", 0.375, -1.25),)))
    for _ in range(57):
        area.resize(int(rng.integers(500, 1400)), int(rng.integers(300, 900)))
        view = area.view(str(rng.choice(area.names)))
        at = QPointF(*rng.uniform(0, 60, 2))
        wheel(view, at, int(rng.integers(-700, 700)), [NONE, CONTROL, SHIFT][rng.integers(3)])
        drag(view, at, QPointF(*rng.uniform(-30, 30, 2)))
        camera = context.view.value.camera
        for name in area.names:
            frame = area.view(name).frame
            zooms = [cell / step for cell, step in zip(frame.cell, frame.placement.step, strict=True)]

            assert zooms == pytest.approx([camera.zoom] * 2, rel=1e-9)

            middle = frame.device(camera.y, camera.x)
            off = [place - side / 2 for place, side in zip(middle, frame.size, strict=True)]
            assert max(map(abs, off)) <= 0.5 + 1e-6  # edges lie on whole device pixels


def test_events_of_other_kinds_of_gesture_are_left_alone(area: PanelArea) -> None:
    view, pad = view_of(area, "s1"), trackpad()
    at = QPointF(90, 25)
    event = QNativeGestureEvent(
        Qt.NativeGestureType.RotateNativeGesture, pad, 2, at, at, view.viewport().mapToGlobal(at), 0.3, QPointF(), 1
    )
    QApplication.sendEvent(view.viewport(), event)

    assert event.type() == QEvent.Type.NativeGesture
    assert zoom_of(area) == 8.0
    assert view.point_at(place(view, (4, 6))) == ProbePoint("s1", 4, 6)
