"""Keys that act while they are held, and the digits of the keyboard's number row."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from tests.ui.gestures import NONE
from workbench.ui.app import Workbench
from workbench.ui.commands.flicker import FlickerCommands
from workbench.ui.image_view import ImageView
from workbench.ui.momentary import Momentary, digit_of

D, PRESS, RELEASE = Qt.Key.Key_D, QEvent.Type.KeyPress, QEvent.Type.KeyRelease


@pytest.fixture
def workbench(kept_workbench: Workbench) -> Workbench:
    """One window for all tests here."""
    return kept_workbench


@pytest.fixture
def keys(workbench: Workbench) -> Momentary:
    """The window's momentary keys, with a clock that stands still; the selected panel has the focus."""
    found = next(group.momentary for group in workbench.commands.groups if isinstance(group, FlickerCommands))
    found.release_all()
    found.clock = lambda: 0.0
    workbench.window.activateWindow()
    workbench.window.focus_images()
    return found


def focus(workbench: Workbench) -> ImageView:
    found = QApplication.focusWidget()
    assert isinstance(found, ImageView)
    return found


def shown(workbench: Workbench) -> str:
    return workbench.context.view.value.show


def test_a_tap_latches(workbench, keys):
    QTest.keyClick(focus(workbench), D)
    once = shown(workbench)
    QTest.keyClick(focus(workbench), D)

    assert (once, shown(workbench)) == ("differences", "images")


def test_a_held_key_acts_while_it_is_down_and_reverts(workbench, keys):
    QTest.keyPress(focus(workbench), D)
    down = shown(workbench), keys.is_held("toggle_differences")
    keys.clock = lambda: 0.25
    QTest.keyRelease(focus(workbench), D)

    assert down == ("differences", True)
    assert (shown(workbench), keys.is_held("toggle_differences")) == ("images", False)


def test_what_a_tap_had_latched_is_latched_again_after_a_hold(workbench, keys):
    QTest.keyClick(focus(workbench), D)
    QTest.keyPress(focus(workbench), D)
    down = shown(workbench)
    keys.clock = lambda: 0.25
    QTest.keyRelease(focus(workbench), D)

    assert (down, shown(workbench)) == ("images", "differences")


def test_auto_repeat_means_nothing(workbench, keys):
    QTest.keyPress(focus(workbench), D)
    for _ in range(3):
        for kind in (RELEASE, QEvent.Type.ShortcutOverride, PRESS):
            QApplication.sendEvent(focus(workbench), QKeyEvent(kind, D, NONE, "d", True))

    assert shown(workbench) == "differences"
    assert keys.is_held("toggle_differences")


@pytest.mark.parametrize("loss", ["focus", "window", "application"])
def test_what_is_held_ends_when_its_release_will_not_be_heard(workbench, keys, loss):
    QTest.keyPress(focus(workbench), D)
    if loss == "focus":
        workbench.window.left.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        workbench.window.left.setFocus()
    elif loss == "window":
        QApplication.sendEvent(workbench.window, QEvent(QEvent.Type.WindowDeactivate))
    else:
        QApplication.instance().applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)

    assert shown(workbench) == "images"
    assert not keys.is_held("toggle_differences")


def test_what_was_switched_off_meanwhile_does_not_come_back_at_the_release(workbench, keys):
    QTest.keyPress(focus(workbench), D)
    workbench.context.view.set(show="images")
    keys.clock = lambda: 1.0
    QTest.keyRelease(focus(workbench), D)

    assert shown(workbench) == "images"


def test_the_hold_goes_on_while_the_focus_moves_between_panels(workbench, keys):
    QTest.keyPress(focus(workbench), D)
    workbench.window.panel_area.view(workbench.window.panel_area.names[-1]).setFocus()

    assert keys.is_held("toggle_differences")


def test_a_letter_typed_into_a_field_is_no_command(workbench, keys):
    field = workbench.window.top_bar.findChild(type(workbench.window.top_bar._zoom)).lineEdit()
    field.setFocus()
    QTest.keyClick(field, D)

    assert shown(workbench) == "images"


def test_a_key_whose_action_is_disabled_does_nothing(empty_workbench):
    area = empty_workbench.window.panel_area
    QTest.keyClick(area, D)

    assert empty_workbench.context.view.value.show == "images"


def test_a_button_among_the_panels_keeps_its_space_bar(workbench, keys):
    button = QPushButton("Remove", workbench.window.panel_area)
    pressed: list[str] = []
    button.clicked.connect(lambda: pressed.append("once"))
    button.show()
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)

    assert pressed == ["once"]
    button.deleteLater()


def test_digits_select_slots(workbench, keys):
    QTest.keyClick(focus(workbench), Qt.Key.Key_3)
    third = workbench.context.view.value.selected
    QTest.keyClick(focus(workbench), Qt.Key.Key_9)

    assert (third, workbench.context.view.value.selected) == ("s3", "s3")


@pytest.mark.parametrize(
    ("system", "scan", "virtual", "key", "modifiers", "digit"),
    [
        ("linux", 10, 0, Qt.Key.Key_Ampersand, NONE, 1),  # the first key of a French number row
        ("linux", 19, 0, Qt.Key.Key_Agrave, NONE, 10),
        ("win32", 4, 0, Qt.Key.Key_QuoteDbl, NONE, 3),
        ("darwin", 0, 22, Qt.Key.Key_section, NONE, 6),
        ("linux", 87, 0, Qt.Key.Key_1, Qt.KeyboardModifier.KeypadModifier, 1),
        ("linux", 0, 0, Qt.Key.Key_7, NONE, 7),
        ("linux", 10, 0, Qt.Key.Key_1, Qt.KeyboardModifier.ShiftModifier, None),
        ("linux", 38, 0, Qt.Key.Key_A, NONE, None),
    ],
)
def test_digits_are_known_by_their_place(system, scan, virtual, key, modifiers, digit):
    assert digit_of(QKeyEvent(PRESS, key, modifiers, scan, virtual, 0), system) == digit
