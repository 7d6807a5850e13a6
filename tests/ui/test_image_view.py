"""One view: gestures set the camera exactly, the view shows exactly what the camera says."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.gestures import drag, hover, key, place, wheel
from workbench.kernels.arrays import Pixel, Window
from workbench.kernels.placement import Placement
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.display import weight_rgb
from workbench.model.peak import peak_weight
from workbench.model.probe import ProbePoint
from workbench.model.results import Part, Pending
from workbench.model.view_state import Camera
from workbench.ui.camera import ViewFilter, frame_of, zoomed
from workbench.ui.context import Context
from workbench.ui.image_view import ImageView
from workbench.ui.overlay import cell_rect
from workbench.ui.part_colours import coarser
from workbench.ui.pixel_text import cell_number

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def view(qtbot: QtBot, context: Context) -> ImageView:
    """The source at 16 device pixels for each pixel."""
    context.view.set(camera=Camera(3.0, 5.0, 16.0), selected="s1")
    made = ImageView(context, "source")
    qtbot.addWidget(made)
    made.resize(303, 201)
    made.show()
    return made


def test_a_drag_pans_by_exactly_its_way(view: ImageView, context: Context) -> None:
    before = view.frame.origin
    drag(view, QPointF(100, 80), QPointF(37, -23))

    assert context.view.value.camera == Camera(3.0 + 23 / 16, 5.0 - 37 / 16, 16.0)
    assert view.frame.origin == (before[0] - 23, before[1] + 37)


def test_the_middle_button_pans_too(view: ImageView, context: Context) -> None:
    drag(view, QPointF(100, 80), QPointF(32, 16), Qt.MouseButton.MiddleButton)

    assert context.view.value.camera == Camera(2.0, 3.0, 16.0)


def test_the_right_button_moves_nothing(view: ImageView, context: Context) -> None:
    drag(view, QPointF(100, 80), QPointF(32, 16), Qt.MouseButton.RightButton)

    assert context.view.value.camera == Camera(3.0, 5.0, 16.0)


def test_eight_notches_double_the_zoom_and_eight_back_restore_it(view: ImageView, context: Context) -> None:
    at = QPointF(211, 57)
    zooms = []
    for delta in (120, -120):
        for _ in range(8):
            wheel(view, at, delta)
        zooms.append(context.view.value.camera.zoom)
    camera = context.view.value.camera

    assert zooms == [32.0, 16.0]
    assert (camera.y, camera.x) == pytest.approx((3.0, 5.0), abs=1e-12)


def test_fractions_of_a_notch_accumulate(view: ImageView, context: Context) -> None:
    for _ in range(64):
        wheel(view, QPointF(150, 100), 15)

    assert context.view.value.camera.zoom == 32.0


def test_shift_makes_a_notch_an_eighth(view: ImageView, context: Context) -> None:
    for _ in range(64):
        wheel(view, QPointF(150, 100), 120, SHIFT)

    assert context.view.value.camera.zoom == 32.0


def test_a_wheel_that_reports_sideways_zooms_all_the_same(view: ImageView, context: Context) -> None:
    for _ in range(8):
        wheel(view, QPointF(150, 100), 120, SHIFT, sideways=True)
    for _ in range(7):
        wheel(view, QPointF(150, 100), 120, sideways=True)

    assert context.view.value.camera.zoom == 32.0


def test_two_fingers_on_a_trackpad_pan(view: ImageView, context: Context) -> None:
    pad = QPointingDevice(
        "pad", 7, QInputDevice.DeviceType.TouchPad, QPointingDevice.PointerType.Finger,
        QInputDevice.Capability.PixelScroll, 2, 0,
    )  # fmt: skip
    at = QPointF(150, 100)
    way, turned = QPoint(32, -16), QPoint(60, -30)
    phase, source = Qt.ScrollPhase.ScrollUpdate, Qt.MouseEventSource.MouseEventNotSynthesized
    event = QWheelEvent(at, at, way, turned, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, phase, False,
                        source, pad)  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)

    assert context.view.value.camera == Camera(4.0, 3.0, 16.0)


def test_with_control_the_zoom_does_not_snap(view: ImageView, context: Context) -> None:
    wheel(view, QPointF(150, 100), 120, CONTROL)

    assert context.view.value.camera.zoom == pytest.approx(16 * 2 ** (1 / 8))
    assert view.view_filter.unequal


def test_the_wheel_keeps_the_pixel_under_the_pointer(view: ImageView) -> None:
    at = place(view, (4, 7))
    for _ in range(16):
        wheel(view, at)

        assert view.pixel_at(at) == (4, 7)


@pytest.mark.parametrize(
    ("code", "modifiers", "camera"),
    [
        (Qt.Key.Key_Right, CONTROL, (3.0, 6.0)),
        (Qt.Key.Key_Up, CONTROL, (2.0, 5.0)),
        (Qt.Key.Key_Left, CONTROL | SHIFT, (3.0, 5.0 - 303 / 32)),
        (Qt.Key.Key_Down, CONTROL | SHIFT, (3.0 + 201 / 32, 5.0)),
    ],
)
def test_control_and_arrows_pan(
    view: ImageView, context: Context, code: Qt.Key, modifiers: Qt.KeyboardModifier, camera: tuple[float, float]
) -> None:
    key(view, code, modifiers)

    assert (context.view.value.camera.y, context.view.value.camera.x) == pytest.approx(camera)


def test_keys_that_mean_nothing_here_are_left_to_others(view: ImageView) -> None:
    assert not any(key(view, code) for code in (Qt.Key.Key_Plus, Qt.Key.Key_Backspace, Qt.Key.Key_W, Qt.Key.Key_Space))


def test_showing_a_camera_emits_nothing(view: ImageView, context: Context) -> None:
    heard: list[Camera] = []
    context.view.set(camera=Camera(2.0, 4.0, 24.0))
    context.view.changed.connect(lambda new, old: heard.append(new.camera))
    view.resize(411, 263)

    assert not heard


def test_around_the_picture_lies_the_canvas_of_the_theme(view: ImageView, context: Context) -> None:
    for mode in ("light", "dark"):
        context.theme.set_mode(mode)
        view.resize(701, 201)

        assert view.grab().toImage().pixelColor(3, 100) == context.theme.color("canvas")


def test_no_move_of_the_pointer_is_dropped(view: ImageView, context: Context) -> None:
    for k in range(40):
        hover(view, (k % 5, (3 * k) % 9))

        assert context.probe.hovered == ProbePoint("source", k % 5, (3 * k) % 9)


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("phase", [(0.0, 0.0), (0.25, 0.5)])
def test_a_frame_puts_cell_edges_on_whole_device_pixels(ratio: float, phase: tuple[float, float]) -> None:
    rng = np.random.default_rng(3)
    for _ in range(50):
        y, x = rng.uniform(-4, 40, 2)
        size = tuple(rng.integers(50, 900, 2) * ratio)
        frame = frame_of(Camera(y, x, 12.0), size, Placement((0.25, 0.25), (0.125, 0.0)), phase, ratio)
        edges = np.array([frame.edge(k, k) for k in range(40)])

        assert (np.diff(edges, axis=0) == 3).all()
        assert all(origin == round(origin) for origin in frame.origin)


def test_pixel_and_world_agree_in_a_frame() -> None:
    placement = Placement((0.25, 0.5), (1.0, -2.0))
    frame = frame_of(Camera(3.2, 1.7, 24.0), (311.0, 507.0), placement, (0.25, 0.75), 1.25)
    for pixel in (Pixel(0, 0), Pixel(13, 5), Pixel(-2, 9)):
        at = frame.centre_of(pixel)

        assert frame.pixel(*at) == pixel
        assert frame.world(*at) == pytest.approx(placement.centre(pixel), abs=1e-12)


def test_zooming_keeps_the_world_point_it_is_anchored_at() -> None:
    camera = Camera(3.0, 5.0, 16.0)
    there = zoomed(camera, 48.0, (30.0, -70.0))
    back = zoomed(there, 16.0, (30.0, -70.0))

    assert there.y + 30 / 48 == pytest.approx(3.0 + 30 / 16)
    assert (back.y, back.x) == pytest.approx((3.0, 5.0), abs=1e-14)


@pytest.mark.parametrize(
    ("zoom", "words"),
    [
        (48.0, ViewFilter("12× nearest", "12×")),
        (4.0, ViewFilter("1× nearest", "1×")),
        (2.0, ViewFilter("mean of 2×2", "mean of 2×2", lossy=True)),
        (4 / 3, ViewFilter("mean of 3×3", "mean of 3×3", lossy=True)),
        (6.0, ViewFilter("1.50× nearest", "1.50×", unequal=True)),
        (3.0, ViewFilter("mean of 2×2", "mean of 2×2", unequal=True, lossy=True)),
    ],
)
def test_the_view_filter_says_what_stands_between_array_and_screen(zoom: float, words: ViewFilter) -> None:
    assert ViewFilter.of(frame_of(Camera(0.0, 0.0, zoom), (100.0, 100.0), Placement((0.25, 0.25)))) == words


def test_only_what_is_seen_and_a_margin_is_asked_for(qtbot: QtBot, context: Context) -> None:
    context.session.do("large", edits.set_method("s1", from_text("nearest:scale=64")))
    context.view.set(camera=Camera(3.0, 5.0, 64.0))
    view = ImageView(context, "s1")
    qtbot.addWidget(view)
    view.resize(200, 100)
    view.show()
    part = context.results.part("s1")

    assert part.window == Window(192 - 100, 320 - 200, 192 + 100, 320 + 200)


def test_a_part_made_for_a_closer_look_is_averaged_rather_than_thinned() -> None:
    values = np.arange(30.0).reshape(5, 6)
    shown = coarser(Part(Window(3, 2, 8, 8), 1, values), 2)

    assert shown.window == Window(2, 1, 4, 4)
    assert shown.reduction == 2
    assert shown.values[0, 0] == values[1:3, 0:2].mean()
    assert shown.values[1, 2] == values[3:5, 4:6].mean()


def test_what_is_out_of_date_turns_grey_and_comes_back(qtbot: QtBot, context: Context, view: ImageView) -> None:
    slot_view = ImageView(context, "s1")
    qtbot.addWidget(slot_view)
    slot_view.resize(303, 201)
    slot_view.show()
    fresh = slot_view.rgba.copy()
    ready = context.results.ready("s1")
    context.results.put("s1", Pending(ready.slot, ready))
    qtbot.waitUntil(lambda: slot_view.stale, timeout=2000)
    stale = slot_view.rgba
    context.results.put("s1", ready)

    assert (stale[:, :, 0] == stale[:, :, 1]).all()
    assert (stale[:, :, 1] == stale[:, :, 2]).all()
    assert np.array_equal(slot_view.rgba, fresh)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.4573, 4, "0.4573"),
        (0.4573, 3, ".457"),
        (-0.0461, 2, "−.05"),
        (-0.0001, 2, ".00"),
        (30.0, 2, "30"),
        (-3.0, 4, "−3"),
        (1.0702, 3, "1.070"),
        (123.456, 4, "123.46"),
        (math.nan, 3, "NaN"),
        (-math.inf, 3, "−∞"),
    ],
)
def test_numbers_on_pixels_are_short_and_true(value: float, decimals: int, text: str) -> None:
    assert cell_number(value, decimals) == text


def test_outlines_lie_around_the_pixel_and_leave_it_as_it_is(view: ImageView, context: Context) -> None:
    context.view.set(camera=Camera(3.0, 5.0, 10.0))
    context.probe.show(ProbePoint("source", 2, 4))
    image = view.grab().toImage()
    rect = cell_rect(view.frame, 2, 4)
    inside = image.pixelColor(rect.left(), rect.top()).getRgb()[:3]

    assert inside == tuple(view.rgba[2, 4, :3].tolist())
    assert image.pixelColor(rect.left() - 1, rect.center().y()).getRgb()[:3] == (0, 0, 0)
    assert image.pixelColor(rect.left() - 2, rect.center().y()).getRgb()[:3] == (255, 255, 255)


def test_a_weight_has_the_same_colour_whatever_lies_beneath(view: ImageView, context: Context) -> None:
    context.view.set(camera=Camera(3.0, 5.0, 16.0))
    operator = context.results.ready("s2").operator
    wrong = []
    for row, col in ((3, 7), (6, 12), (9, 5)):
        context.probe.show(ProbePoint("s2", row, col))
        image = view.grab().toImage()
        stencil = operator.row(row, col)
        for r, c, w in zip(stencil.rows.tolist(), stencil.cols.tolist(), stencil.weights, strict=True):
            middle = cell_rect(view.frame, r, c).center()
            expected = tuple(weight_rgb(w, peak_weight(operator)).tolist())
            if image.pixelColor(middle).getRgb()[:3] != expected:
                wrong.append((row, col, r, c))

    assert not wrong
