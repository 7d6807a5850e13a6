"""Layouts and comfort: alone and back, bare, panes by keys, panels reordered by their headers, their menu."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.gestures import LEFT, NO_BUTTON, NONE, place, send_mouse
from workbench.ui.app import Workbench
from workbench.ui.commands.layouts import LayoutCommands
from workbench.ui.image_view import ImageView
from workbench.ui.panels.panel_area import PanelArea

SHIFT = Qt.KeyboardModifier.ShiftModifier
RIGHT = Qt.MouseButton.RightButton


@pytest.fixture
def workbench(kept_workbench: Workbench) -> Workbench:
    """One window for all tests here."""
    return kept_workbench


@pytest.fixture
def area(workbench: Workbench) -> PanelArea:
    workbench.window.activateWindow()
    workbench.context.view.set(selected="s2", layout="row")
    workbench.window.focus_images()
    return workbench.window.panel_area


def layouts(workbench: Workbench) -> LayoutCommands:
    return next(group for group in workbench.commands.groups if isinstance(group, LayoutCommands))


def press(code: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(QApplication.focusWidget(), code, modifiers)


def move_header(area: PanelArea, name: str, to: QPoint, *, drop: bool = True) -> None:
    """Drag a header to a place of the area."""
    header = area.panel(name).header
    start = QPointF(40, 12)

    def send(kind: QEvent.Type, at: QPointF, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
        QApplication.sendEvent(header, QMouseEvent(kind, at, header.mapToGlobal(at), button, held, NONE))

    end = QPointF(header.mapFrom(area, to))
    send(QEvent.Type.MouseButtonPress, start, LEFT, LEFT)
    send(QEvent.Type.MouseMove, (start + end) / 2, NO_BUTTON, LEFT)
    send(QEvent.Type.MouseMove, end, NO_BUTTON, LEFT)
    if drop:
        send(QEvent.Type.MouseButtonRelease, end, LEFT, NO_BUTTON)


def test_ctrl_l_goes_round_the_layouts(workbench, area):
    seen = []
    for _ in range(6):
        QTest.keyClick(workbench.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        seen.append(workbench.context.view.value.layout)

    assert seen == ["column", "pairs", "wipe", "single", "grid", "row"]


def test_return_shows_the_selected_panel_alone_and_again_all_as_before(workbench, area):
    press(Qt.Key.Key_Return)
    alone = area.names
    press(Qt.Key.Key_Return)

    assert alone == ("s2",)
    assert workbench.context.view.value.layout == "row"


def test_h_leaves_only_the_images_and_h_or_esc_bring_the_rest_back(workbench, area, qapp):
    window = workbench.window
    parts = (window.top_bar, window.left, window.status, window.card)
    press(Qt.Key.Key_H)
    qapp.processEvents()
    bare = [part.isVisible() for part in parts], area.size() == window.size()
    press(Qt.Key.Key_Escape)
    back = [part.isVisible() for part in parts]
    press(Qt.Key.Key_H)
    press(Qt.Key.Key_H)

    assert bare == ([False] * 4, True)
    assert back == [True] * 4
    assert all(part.isVisible() for part in parts)
    assert workbench.context.view.value.selected == "s2"


def test_keys_that_act_anywhere_act_while_everything_is_hidden(workbench, area, qapp):
    press(Qt.Key.Key_H)
    qapp.processEvents()
    QTest.keyClick(workbench.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)

    assert workbench.context.view.value.layout == "column"


@pytest.mark.parametrize(
    ("id", "part"),
    [
        ("dock_provenance", lambda window: window.card),
        ("dock_matrix", lambda window: window.matrix),
        ("magnifier", lambda window: window.card),
        ("methods_column", lambda window: window.left),
        ("difference_formula", lambda window: QApplication.focusWidget()),
    ],
)
def test_what_is_asked_for_while_everything_is_hidden_is_seen(workbench, area, qapp, id, part):
    press(Qt.Key.Key_H)
    workbench.window.action_set[id].trigger()
    qapp.processEvents()

    assert part(workbench.window).isVisible()
    assert not workbench.window.left.folded


def test_the_colour_bar_stays_away_while_only_images_are_shown(workbench, area, qapp):
    workbench.context.view.set(show="differences")
    shown = workbench.window.colour_bars.isVisible()
    workbench.context.view.set(bare=True)
    workbench.context.view.set(difference_range=workbench.context.view.value.image_range)

    assert shown
    assert not workbench.window.colour_bars.isVisible()


def test_f6_goes_through_the_panes_and_shift_f6_back(workbench, area):
    window = workbench.window
    workbench.context.view.set(docks=frozenset({"provenance", "matrix"}))
    panes = layouts(workbench).panes()
    seen = []
    for modifiers in (*[NONE] * len(panes), SHIFT):
        QTest.keyClick(window, Qt.Key.Key_F6, modifiers)
        focus = QApplication.focusWidget()
        seen.append(next(pane for pane in panes if pane is focus or pane.isAncestorOf(focus)))

    assert area in panes
    assert window.left in panes
    assert window.top_bar in panes
    at = panes.index(area)
    assert seen == [*panes[at + 1 :], *panes[: at + 1], panes[at - 1]]


def test_a_header_that_is_dragged_takes_its_slot_along(workbench, area):
    rect = area.panel("s1").geometry()
    move_header(area, "s3", QPoint(rect.left() + 10, 60))

    assert [slot.id for slot in workbench.context.session.value.slots] == ["s3", "s1", "s2"]
    assert area.names == ("source", "s3", "s1", "s2")
    assert workbench.context.session.undo_label == "Move Transposed conv"
    assert not area.reorder.mark.isVisible()


def test_a_mark_shows_between_which_panels_it_will_stand(workbench, area):
    rect = area.panel("s2").geometry()
    move_header(area, "s1", QPoint(rect.right() - 10, 60), drop=False)
    mark = area.reorder.mark
    shown = mark.isVisible(), mark.geometry().center().x()
    workbench.commands.escape()

    assert shown[0]
    assert abs(shown[1] - rect.right()) <= 2
    assert not mark.isVisible()
    assert [slot.id for slot in workbench.context.session.value.slots] == ["s1", "s2", "s3"]


def test_in_a_column_the_mark_lies_across(workbench, area):
    workbench.context.view.set(layout="column")
    rect = area.panel("s1").geometry()
    move_header(area, "s3", QPoint(50, rect.top() + 3), drop=False)

    assert area.reorder.mark.width() == rect.width()
    area.reorder.cancel()


def test_the_source_stays_where_it_is(workbench, area):
    move_header(area, "source", QPoint(area.width() - 10, 60))

    assert area.names == ("source", "s1", "s2", "s3")
    assert workbench.context.session.undo_label is None


def test_a_right_click_on_pixels_opens_the_panels_menu_with_it_selected(workbench, area):
    view: ImageView = area.view("s3")
    at = place(view, (3, 4))
    send_mouse(view, QEvent.Type.MouseButtonPress, at, RIGHT, RIGHT)
    before = QApplication.activePopupWidget()
    send_mouse(view, QEvent.Type.MouseButtonRelease, at, RIGHT)
    menu = QApplication.activePopupWidget()
    words = [action.text() for action in menu.actions()]
    menu.close()

    assert before is None
    assert words[0] == "3 Transposed conv"
    assert workbench.context.view.value.selected == "s3"


@pytest.mark.parametrize("part", ["header", "keyboard"])
def test_header_and_menu_key_open_it_too(workbench, area, part):
    panel = area.panel("s1")
    target: QWidget = panel.header if part == "header" else panel.view
    reason = QContextMenuEvent.Reason.Mouse if part == "header" else QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(target, QContextMenuEvent(reason, QPoint(20, 10), target.mapToGlobal(QPoint(20, 10))))
    menu = QApplication.activePopupWidget()
    words = [action.text() for action in menu.actions() if action.text()]
    menu.close()

    assert words[0] == "1 Nearest"
    assert {"Make reference", "Hide panel", "Panel alone", "Copy view as picture", "Remove"} <= set(words)
    assert workbench.context.view.value.selected == "s1"


def test_the_menu_acts_on_its_panel_and_says_why_where_it_cannot(workbench, area):
    commands = layouts(workbench)
    menu = commands.menu_of("s1")
    next(action for action in menu.actions() if action.text() == "Make reference").trigger()
    menu.deleteLater()
    other = commands.menu_of("source")
    remove = next(action for action in other.actions() if action.text() == "Remove")
    other.deleteLater()

    assert workbench.context.session.value.reference == "s1"
    assert not remove.isEnabled()
    assert remove.toolTip().startswith("No method is selected")
