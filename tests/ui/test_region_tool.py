"""Regions by real drags and keys: drawn anywhere, snapped, moved, resized, removed, seen on every panel."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent
from PySide6.QtTest import QTest

from tests.ui.gestures import key
from tests.ui.hands import NONE, RIGHT, SHIFT, click_world, drag_world, move_to, press_at, send
from workbench.model import edits
from workbench.model.regions import COLOURS
from workbench.ui.mark_painting import device_rect

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def area(marked):
    return marked.window.panel_area


def rects(marked):
    return [region.rect for region in marked.context.session.value.regions]


def test_a_right_drag_draws_a_region_of_whole_pixels_of_the_panel_under_it(marked, area):
    drag_world(area.view("s2"), (1.2, 2.3), (3.1, 6.8), RIGHT)

    assert rects(marked) == [(1.0, 2.0, 3.5, 7.0)]
    assert marked.context.view.value.region == "g1"


def test_a_right_drag_is_one_step_of_the_history(marked, area):
    drag_world(area.view("s2"), (1.2, 2.3), (3.1, 6.8), RIGHT)
    marked.context.session.undo()

    assert rects(marked) == []
    assert marked.context.session.undo_label is None


def test_shift_draws_whole_phase_cells(marked, area):
    drag_world(area.view("s2"), (1.2, 2.3), (3.1, 6.8), RIGHT, SHIFT)

    assert rects(marked) == [(1.0, 2.0, 4.0, 7.0)]


def test_a_left_drag_pans_until_the_tool_is_on(marked, area):
    drag_world(area.view("s1"), (1.0, 2.0), (3.0, 5.0))
    assert rects(marked) == []

    QTest.keyClick(area.view("s1"), Qt.Key.Key_M)
    drag_world(area.view("s1"), (1.1, 2.1), (2.9, 4.9))
    assert rects(marked) == [(1.0, 2.0, 3.0, 5.0)]


def test_escape_leaves_the_tool_and_then_the_region_and_deletes_nothing(marked, area):
    QTest.keyClick(area.view("s1"), Qt.Key.Key_M)
    drag_world(area.view("s1"), (1.1, 2.1), (2.9, 4.9))
    tools = marked.commands
    assert tools.escape()
    assert marked.context.view.value.tool == "none"
    assert tools.escape()
    assert tools.escape()

    assert marked.context.view.value.region is None
    assert rects(marked) == [(1.0, 2.0, 3.0, 5.0)]


def test_escape_in_a_drag_takes_it_back(marked, area):
    view = area.view("s2")
    press_at(view, view.place_of(1.2, 2.3), RIGHT)
    move_to(view, view.place_of(3.1, 6.8), RIGHT)
    assert len(rects(marked)) == 1

    marked.commands.escape()
    assert rects(marked) == []


def with_region(marked, rect=(1.0, 2.0, 4.0, 7.0)):
    marked.context.session.do("Add", edits.add_region(rect))


def test_an_edge_is_dragged_without_any_tool(marked, area):
    with_region(marked)
    drag_world(area.view("s1"), (2.5, 7.0), (2.5, 8.6))

    assert rects(marked) == [(1.0, 2.0, 4.0, 8.5)]


def test_a_corner_moves_two_sides(marked, area):
    with_region(marked)
    drag_world(area.view("source"), (4.0, 2.0), (5.2, 1.1))

    assert rects(marked) == [(1.0, 1.0, 5.0, 7.0)]


def test_a_side_stops_one_pixel_before_the_other(marked, area):
    with_region(marked)
    drag_world(area.view("s1"), (1.0, 4.5), (5.9, 4.5))

    assert rects(marked) == [(3.5, 2.0, 4.0, 7.0)]


def test_the_inside_moves_a_region_that_has_the_focus_and_pans_otherwise(marked, area):
    with_region(marked)
    camera = marked.context.view.value.camera
    drag_world(area.view("s1"), (2.5, 4.5), (3.0, 5.0))
    assert rects(marked) == [(1.0, 2.0, 4.0, 7.0)]
    assert marked.context.view.value.camera != camera

    marked.context.view.set(camera=camera)
    marked.window.action_set["next_region"].trigger()
    drag_world(area.view("s1"), (2.5, 4.5), (3.5, 6.1))
    assert rects(marked) == [(2.0, 3.5, 5.0, 8.5)]


def test_a_click_inside_a_region_means_the_pixel(marked, area):
    with_region(marked)
    marked.window.action_set["next_region"].trigger()
    click_world(area.view("s1"), (2.6, 4.6))

    locked = marked.context.probe.locked
    assert (locked.slot, locked.row, locked.col) == ("s1", 5, 9)


@pytest.mark.parametrize(
    ("code", "modifiers", "rect"),
    [
        (Qt.Key.Key_Down, NONE, (1.5, 2.0, 4.5, 7.0)),
        (Qt.Key.Key_Left, SHIFT, (1.0, 1.0, 4.0, 6.0)),
        (Qt.Key.Key_Right, CONTROL, (1.0, 2.0, 4.0, 7.5)),
        (Qt.Key.Key_Up, CONTROL, (1.0, 2.0, 3.5, 7.0)),
    ],
)
def test_arrows_move_the_focused_region_and_with_ctrl_resize_it(marked, area, code, modifiers, rect):
    with_region(marked)
    marked.window.action_set["next_region"].trigger()
    key(area.view("s2"), code, modifiers)

    assert rects(marked) == [rect]


def test_delete_removes_the_focused_region_only(marked, area):
    with_region(marked)
    with_region(marked, (0.0, 0.0, 1.0, 1.0))
    marked.window.action_set["next_region"].trigger()
    key(area.view("s2"), Qt.Key.Key_Delete)

    assert rects(marked) == [(0.0, 0.0, 1.0, 1.0)]


def test_a_region_can_be_made_without_a_pointer(marked, area):
    marked.window.action_set["new_region"].trigger()
    top, left, bottom, right = rects(marked)[0]

    assert all(side == int(side) for side in (top, left, bottom, right))
    assert bottom > top
    assert right > left


def test_every_panel_draws_the_outline_of_the_region(marked, area):
    with_region(marked)
    for name in area.names:
        view = area.view(name)
        rect = device_rect(view.frame, (1.0, 2.0, 4.0, 7.0))
        shown = view.grab().toImage()

        assert shown.pixelColor(rect.center().x(), rect.bottom() + 2) == QColor(COLOURS[0])
        assert shown.pixelColor(rect.center().x(), rect.bottom() + 1) == QColor("#000000")


class Asked(QObject):
    def __init__(self):
        super().__init__()
        self.reasons = []

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.ContextMenu:
            self.reasons.append(event.reason())
            return True
        return False


def test_a_right_click_beside_regions_asks_for_the_panels_menu(marked, area):
    view, asked = area.view("s1"), Asked()
    view.installEventFilter(asked)
    click_world(view, (2.5, 4.5), RIGHT)

    assert asked.reasons == [QContextMenuEvent.Reason.Other]
    assert rects(marked) == []


def test_the_menu_of_a_region_recolours_snaps_and_removes(marked, area):
    with_region(marked, (1.5, 2.0, 4.0, 7.5))
    marking = next(group for group in marked.commands.groups if hasattr(group, "regions"))
    region = marked.context.session.value.regions[0]
    menu = marking.regions.menu(region, area.view("s2"))
    actions = {action.text(): action for action in menu.actions()}
    next(action for action in actions["Colour"].menu().actions() if action.text() == "Yellow").trigger()
    actions["Snap to whole phase cells"].trigger()
    changed = marked.context.session.value.regions[0]
    assert (changed.colour, changed.rect) == (3, (1.0, 2.0, 4.0, 8.0))

    actions["Remove"].trigger()
    assert rects(marked) == []
    menu.deleteLater()


def test_a_region_gets_the_name_that_is_typed(marked, area):
    with_region(marked)
    marking = next(group for group in marked.commands.groups if hasattr(group, "regions"))
    asking = marking.regions.rename("g1", marked.window)
    QTest.keyClicks(asking.field, "Whiskers")
    QTest.mouseClick(asking.ok, Qt.MouseButton.LeftButton)

    assert marked.context.session.value.regions[0].name == "Whiskers"


def test_the_cursor_says_what_a_press_would_take_hold_of(marked, area):
    with_region(marked)
    view = area.view("s1")
    send_hover(view, view.place_of(2.5, 7.0))
    edge = view.viewport().cursor().shape()
    send_hover(view, view.place_of(2.5, 4.5))

    assert edge == Qt.CursorShape.SizeHorCursor
    assert view.viewport().cursor().shape() != edge


def send_hover(view, at: QPointF) -> None:
    send(view, QEvent.Type.MouseMove, at)
