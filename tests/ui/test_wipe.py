"""The wipe: two panels in one place, cut between pixels, each alive on its own side."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.gestures import LEFT, NO_BUTTON, NONE
from workbench.model import edits
from workbench.model.view_state import Camera, Wipe
from workbench.ui.app import Workbench
from workbench.ui.commands.flicker import FlickerCommands
from workbench.ui.momentary import Momentary
from workbench.ui.wipe_canvas import WipeCanvas

W, X = Qt.Key.Key_W, Qt.Key.Key_X
SHIFT, PRESS = Qt.KeyboardModifier.ShiftModifier, QEvent.Type.MouseButtonPress


@pytest.fixture
def workbench(kept_workbench: Workbench) -> Workbench:
    """One window for all tests here."""
    return kept_workbench


@pytest.fixture
def keys(workbench: Workbench) -> Momentary:
    found = next(group.momentary for group in workbench.commands.groups if isinstance(group, FlickerCommands))
    found.clock = lambda: 0.0
    workbench.window.activateWindow()
    return found


@pytest.fixture
def canvas(workbench: Workbench, keys: Momentary) -> WipeCanvas:
    """The source's ×2 by nearest (left) and the transposed convolution (right), 16 device pixels each source pixel."""
    workbench.context.view.set(selected="s3", wipe=Wipe("s1", "s3"), camera=Camera(5.0, 5.0, 16.0), docks=frozenset())
    workbench.window.focus_images()
    QTest.keyClick(QApplication.focusWidget(), W)
    QApplication.processEvents()
    workbench.context.probe.show(None)
    made = workbench.window.panel_area.wipe.canvas
    for part in (made.handle, *made.plates[:2]):
        part.show()
    return made


def pixels(widget: QWidget) -> np.ndarray:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4)[:, :, :3].copy()


def bare(canvas: WipeCanvas) -> np.ndarray:
    """What is painted, without handle and names."""
    for part in (canvas.handle, *canvas.plates):
        part.hide()
    return pixels(canvas)


def send(canvas: WipeCanvas, kind: QEvent.Type, at: QPointF, button=NO_BUTTON, held=NO_BUTTON, modifiers=NONE) -> None:
    QApplication.sendEvent(canvas, QMouseEvent(kind, at, canvas.mapToGlobal(at), button, held, modifiers))


def drag(canvas: WipeCanvas, start: QPointF, end: QPointF, modifiers=NONE, press=PRESS) -> None:
    send(canvas, press, start, LEFT, LEFT, modifiers)
    send(canvas, QEvent.Type.MouseMove, (start + end) / 2, NO_BUTTON, LEFT, modifiers)
    send(canvas, QEvent.Type.MouseMove, end, NO_BUTTON, LEFT, modifiers)
    send(canvas, QEvent.Type.MouseButtonRelease, end, LEFT, NO_BUTTON, modifiers)


def wipe_of(canvas: WipeCanvas) -> Wipe:
    return canvas.context.view.value.wipe


def test_w_compares_the_reference_with_the_selected_picture(workbench, keys):
    workbench.context.view.set(selected="s2")
    workbench.window.focus_images()
    QTest.keyClick(QApplication.focusWidget(), W)

    assert workbench.context.view.value.layout == "wipe"
    assert workbench.window.panel_area.names == ("original", "s2")
    assert workbench.window.panel_area.wipe.header.text.badge == "R|2"
    assert workbench.window.panel_area.wipe.header.text.parameters == "wipe · X exchanges the sides"


def test_each_side_shows_its_own_panels_pixels_exactly(canvas):
    seen = bare(canvas)
    a, b = (pixels(panel.view) for panel in canvas.panels())
    x = canvas.edge()[1]

    assert not np.array_equal(a, b)
    assert np.array_equal(seen[:, : x - 1], a[:, : x - 1])
    assert np.array_equal(seen[:, x + 2 :], b[:, x + 2 :])
    assert (seen[:, x] == 255).all()


def test_a_horizontal_wipe_and_quadrants_are_as_exact(canvas, workbench):
    a, b = (pixels(panel.view) for panel in canvas.panels())
    workbench.window.action_set["next_wipe"].trigger()
    horizontal, (y, x) = bare(canvas), canvas.edge()
    workbench.window.action_set["next_wipe"].trigger()
    quadrants = bare(canvas)

    assert wipe_of(canvas).kind == "quadrants"
    assert np.array_equal(horizontal[: y - 1], a[: y - 1])
    assert np.array_equal(horizontal[y + 2 :], b[y + 2 :])
    assert np.array_equal(quadrants[: y - 1, : x - 1], a[: y - 1, : x - 1])
    assert np.array_equal(quadrants[y + 2 :, x + 2 :], a[y + 2 :, x + 2 :])
    assert np.array_equal(quadrants[: y - 1, x + 2 :], b[: y - 1, x + 2 :])
    assert np.array_equal(quadrants[y + 2 :, : x - 1], b[y + 2 :, : x - 1])


def test_the_divider_keeps_its_place_in_the_world_while_zooming_and_panning(canvas, workbench):
    before = wipe_of(canvas)
    for camera in (Camera(5.0, 9.0, 32.0), Camera(4.0, 7.5, 32.0), Camera(5.0, 9.0, 2.0)):
        workbench.context.view.set(camera=camera)
        QApplication.processEvents()
        frame = canvas.panels()[0].view.frame
        edge = canvas.edge()

        assert wipe_of(canvas) == before
        assert edge[1] == round(frame.device(0.0, before.x)[1])
        assert abs(canvas.handle.geometry().center().x() - edge[1]) <= 1


def test_it_lies_between_pixels_of_both_sides(canvas):
    frame = canvas.panels()[0].view.frame
    start = QPointF(canvas.edge()[1], 60.0)
    drag(canvas, start, start + QPointF(37.0, 5.0))  # 37 device pixels are 2.3125 source pixels
    wipe = wipe_of(canvas)

    assert wipe.x == 7.5
    assert (canvas.edge()[1] - frame.origin[1]) % frame.cell[1] == 0


@pytest.mark.parametrize("press", [PRESS, QEvent.Type.MouseButtonDblClick])
def test_dragged_with_shift_it_goes_by_phase_cells(canvas, press):
    start = QPointF(canvas.edge()[1], 60.0)
    drag(canvas, start, start + QPointF(37.0, 5.0), SHIFT, press)

    assert wipe_of(canvas).x == 7.0


def test_arrows_move_it_by_a_pixel_and_with_shift_by_a_phase_cell(canvas):
    canvas.handle.setFocus()
    QTest.keyClick(canvas.handle, Qt.Key.Key_Right)
    one = wipe_of(canvas).x
    QTest.keyClick(canvas.handle, Qt.Key.Key_Left, SHIFT)
    cell = wipe_of(canvas).x
    QTest.keyClick(canvas.handle, Qt.Key.Key_Up)

    assert (one, cell) == (5.5, 4.5)
    assert wipe_of(canvas).y == 5.0


def test_the_handle_shows_that_it_has_the_focus(canvas, theme):
    accent = theme.color("accent").getRgb()[2::-1]
    canvas.handle.clearFocus()
    without = (pixels(canvas.handle)[12:24] == accent).all(axis=2).any()
    canvas.handle.setFocus(Qt.FocusReason.TabFocusReason)
    ring = (pixels(canvas.handle)[12:24] == accent).all(axis=2).any()

    assert (without, ring) == (False, True)
    assert (canvas.handle.width(), canvas.handle.height()) == (21, 36)
    assert canvas.handle.accessibleName() == "Divider"


def test_the_status_bar_says_where_the_divider_lies_while_it_has_the_focus(canvas, workbench):
    canvas.handle.setFocus()
    said = workbench.window.status.text
    workbench.window.focus_images()

    assert said == ("Divider between columns 9 and 10 · arrows move it by one pixel, Shift+arrows by one phase cell")
    assert not workbench.window.status.text.startswith("Divider")


def test_esc_ends_a_drag_as_if_it_had_not_begun(canvas, workbench):
    start = QPointF(canvas.edge()[1], 60.0)
    send(canvas, QEvent.Type.MouseButtonPress, start, LEFT, LEFT)
    send(canvas, QEvent.Type.MouseMove, start + QPointF(80, 0), NO_BUTTON, LEFT)
    workbench.commands.escape()

    assert wipe_of(canvas).x == 5.0


def test_held_the_divider_follows_the_pointer_and_the_layout_comes_back(workbench, keys):
    workbench.context.view.set(selected="s3", camera=Camera(5.0, 9.0, 16.0), layout="row", docks=frozenset())
    workbench.window.focus_images()
    QTest.keyPress(QApplication.focusWidget(), W)
    canvas = workbench.window.panel_area.wipe.canvas
    send(canvas, QEvent.Type.MouseMove, QPointF(canvas.edge()[1] - 40, 50))
    followed = wipe_of(canvas).x
    keys.clock = lambda: 1.0
    QTest.keyRelease(QApplication.focusWidget(), W)

    assert followed == 6.5
    assert workbench.context.view.value.layout == "row"
    assert not canvas.isVisible()


def test_the_pointer_probes_the_side_it_is_on(canvas, workbench):
    x = canvas.edge()[1]
    probe = workbench.context.probe
    send(canvas, QEvent.Type.MouseMove, QPointF(x - 60, 310))
    left = probe.hovered
    send(canvas, QEvent.Type.MouseMove, QPointF(x + 60, 310))
    right = probe.hovered
    send(canvas, QEvent.Type.Leave, QPointF())

    assert (left.slot, right.slot) == ("s1", "s3")
    assert left.pixel == canvas.panels()[0].view.pixel_at(QPointF(x - 60, 310))
    assert right.pixel == canvas.panels()[1].view.pixel_at(QPointF(x + 60, 310))


def test_marks_stand_on_both_sides(canvas, workbench):
    plain = bare(canvas)
    x = canvas.edge()[1]
    send(canvas, QEvent.Type.MouseMove, QPointF(x - 60, 310))
    marked = bare(canvas)

    assert (plain[:, : x - 1] != marked[:, : x - 1]).any()
    assert not (plain[:, x + 2 :] != marked[:, x + 2 :]).any()


def test_a_drag_beside_the_divider_pans_and_a_click_selects_its_side(canvas, workbench):
    x = canvas.edge()[1]
    drag(canvas, QPointF(x - 90, 310), QPointF(x - 58, 310))
    panned = workbench.context.view.value.camera.x
    send(canvas, QEvent.Type.MouseButtonPress, QPointF(x - 20, 310), LEFT, LEFT)
    send(canvas, QEvent.Type.MouseButtonRelease, QPointF(x - 20, 310), LEFT)

    assert panned == 3.0
    assert workbench.context.view.value.selected == "s1"
    assert workbench.context.probe.locked.slot == "s1"


def test_x_exchanges_the_sides(canvas, workbench):
    workbench.window.focus_images()
    QTest.keyClick(QApplication.focusWidget(), X)

    assert (wipe_of(canvas).a, wipe_of(canvas).b) == ("s3", "s1")
    assert canvas.plates[0].text() == "Transposed conv"


def test_names_stand_at_the_divider_and_flip_at_the_windows_edge(canvas, workbench):
    left, right, x = *canvas.plates[:2], canvas.edge()[1]
    beside = x - left.geometry().right() - 1, right.x() - x
    workbench.context.view.set(wipe=replace(wipe_of(canvas), x=workbench_left(canvas)))
    QApplication.processEvents()
    flipped = left.geometry(), right.geometry(), canvas.edge()[1]

    assert beside == (8, 8)
    assert flipped[0].x() == flipped[1].x() == flipped[2] + 8
    assert flipped[0].top() > flipped[1].bottom()
    assert left.accessibleName() == "Left of the wipe: 1 Nearest"


def workbench_left(canvas: WipeCanvas) -> float:
    """A divider near the left edge of the view."""
    return np.ceil(canvas.panels()[0].view.frame.world_rect[1] + 1)


def test_a_picture_is_chosen_at_its_name_differences_too(canvas, workbench):
    menu = canvas.menu_of("a")
    words = [action.text() for action in menu.actions()]
    next(action for action in menu.actions() if action.text().startswith("Δ 2 − R")).trigger()
    menu.deleteLater()

    assert words[:2] == ["S Source", "R Original"]
    assert wipe_of(canvas).a == "d:s2"
    assert workbench.window.panel_area.names == ("d:s2", "s3")
    assert np.array_equal(bare(canvas)[100, 100], pixels(canvas.panels()[0].view)[100, 100])


def test_another_selection_takes_the_side_of_the_one_before(canvas, workbench):
    workbench.window.focus_images()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_2)

    assert (wipe_of(canvas).a, wipe_of(canvas).b) == ("s1", "s2")


def test_a_side_whose_slot_is_removed_is_replaced(canvas, workbench):
    workbench.context.session.do("remove", edits.remove_slot("s3"))

    assert workbench.window.panel_area.names == ("original", "s2")


def test_r_in_a_wipe_shows_the_reference_on_the_selected_side(canvas, workbench):
    workbench.window.focus_images()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_R)
    QApplication.processEvents()

    assert [panel.panel for panel in canvas.panels()] == ["s1", "original"]
    assert canvas.plates[1].text() == "Original in place of 3"


def test_undo_knows_nothing_of_the_divider(canvas, workbench):
    canvas.handle.setFocus()
    QTest.keyClick(canvas.handle, Qt.Key.Key_Right)

    assert workbench.context.session.undo_label is None


def test_the_plates_can_be_reached_and_pressed_by_keys(canvas):
    canvas.plates[1].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(canvas.plates[1], Qt.Key.Key_Space)
    popup = QApplication.activePopupWidget()
    texts = [] if popup is None else [action.text() for action in popup.actions()]
    if popup is not None:
        popup.close()

    assert "1 Nearest" in texts


def test_the_layouts_go_round(canvas, workbench):
    seen = []
    for _ in range(6):
        workbench.window.action_set["next_layout"].trigger()
        seen.append(workbench.context.view.value.layout)

    assert seen == ["single", "grid", "row", "column", "pairs", "wipe"]
    assert canvas.isVisible()
    assert QPoint(0, 0) == workbench.window.panel_area.wipe.pos()


RATIO = "1.5"
PROGRAM = """
import json, sys
import numpy as np
from PySide6.QtCore import QSettings
from PySide6.QtGui import QImage
from workbench.kernels.registry import from_text
from workbench.model.document import Comparison, Preparation, Slot
from workbench.model.jobs import InlineRunner
from workbench.model.samples import array_source
from workbench.model.view_state import Camera, Wipe
from workbench.ui.app import Workbench, application
from workbench.ui.settings import Settings
from workbench.ui.theme import Theme

def pixels(widget):
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4)[:, :, :3].copy()

app, theme = application(), Theme("dark")
theme.apply(app)
noise = np.random.default_rng(7).integers(0, 255, (12, 20, 3), dtype=np.uint8)
slots = (Slot("s1", from_text("nearest:scale=2")), Slot("s2", from_text("bicubic:scale=2")))
comparison = Comparison(array_source(noise, "noise"), Preparation(from_text("down:2")), slots)
settings = Settings(QSettings(sys.argv[1], QSettings.Format.IniFormat))
made = Workbench(comparison, theme, settings, lambda post: InlineRunner())
window, context = made.window, made.context
window.resize(1280, 800)
window.show()
app.processEvents()
context.probe.show(None)
bad = []
for zoom, x, kind in ((6.0, 3.0, "vertical"), (24.0, 4.5, "vertical"), (24.0, 4.5, "horizontal")):
    context.view.set(layout="wipe", wipe=Wipe("s1", "s2", kind, 2.5, x), camera=Camera(3.1, 4.7, zoom))
    app.processEvents()
    canvas = window.panel_area.wipe.canvas
    for part in (canvas.handle, *canvas.plates):
        part.hide()
    turned = (lambda shown: shown) if kind == "vertical" else (lambda shown: shown.transpose(1, 0, 2))
    seen, a, b = (turned(pixels(one)) for one in (canvas, *(panel.view for panel in canvas.panels())))
    line = np.flatnonzero((seen == 255).all(axis=(0, 2)))
    if len(line) != 1:
        bad.append([zoom, kind, "line", line.tolist()])
        continue
    k = int(line[0])
    if not (np.array_equal(seen[:, : k - 1], a[:, : k - 1]) and np.array_equal(seen[:, k + 2 :], b[:, k + 2 :])):
        bad.append([zoom, kind, "pixels"])
print(json.dumps({"ratio": window.devicePixelRatioF(), "bad": bad}))
made.close()
"""


def test_at_a_fractional_ratio_each_side_is_as_exact(tmp_path):
    env = {**os.environ, "QT_SCALE_FACTOR": RATIO, "QT_QPA_PLATFORM": "offscreen"}
    settings = str(tmp_path / "settings.ini")
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, settings], env=env, capture_output=True, text=True, timeout=120
    )

    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout.splitlines()[-1]) == {"ratio": 1.5, "bad": []}
