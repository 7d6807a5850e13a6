"""Where to look: view history beside undo, go to pixel, bookmarks; all by their keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from tests.ui.gestures import drag, place
from workbench.kernels.arrays import Pixel
from workbench.kernels.errors import ParameterError
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.document import Bookmark, Preparation
from workbench.model.probe import ProbePoint
from workbench.model.view_state import Camera, Placing
from workbench.ui.app import Workbench
from workbench.ui.dialogs.ask import AskLine
from workbench.ui.dialogs.goto import GoTo, pixel_of

ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def press(workbench: Workbench, code: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    view = workbench.window.panel_area.view("s1")
    view.setFocus()
    QTest.keyClick(view, code, modifiers)


def opened(kind: type[AskLine], workbench: Workbench) -> AskLine:
    """The dialog that a key has opened; without a window system the keys would go on to the images."""
    workbench.window.focusWidget().clearFocus()
    return workbench.window.findChild(kind)


def test_undo_and_view_history_leave_each_other_alone(workbench: Workbench) -> None:
    context = workbench.context
    start = context.view.value.camera
    view = workbench.window.panel_area.view("s1")
    drag(view, place(view, (4, 6)), place(view, (4, 9)) - place(view, (4, 6)))
    moved = context.view.value.camera
    before = context.session.value
    context.session.do("other", edits.set_method("s1", from_text("bilinear:scale=2")))
    edited = context.session.value
    press(workbench, Qt.Key.Key_Left, ALT)

    assert (context.view.value.camera, context.session.value) == (start, edited)

    press(workbench, Qt.Key.Key_Z, CONTROL)
    assert (context.view.value.camera, context.session.value) == (start, before)

    press(workbench, Qt.Key.Key_Right, ALT)
    assert (context.view.value.camera, context.session.value) == (moved, before)
    assert moved != start


def test_the_first_fit_of_a_document_is_no_step(workbench: Workbench) -> None:
    actions = workbench.window.action_set

    assert not actions["view_back"].isEnabled()
    assert actions["view_back"].toolTip().startswith("Nothing was looked at before")


def test_an_unlucky_refit_is_one_key_away(workbench: Workbench) -> None:
    context = workbench.context
    before = context.view.value.image_range
    press(workbench, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
    fitted = context.view.value.image_range
    press(workbench, Qt.Key.Key_Left, ALT)

    assert (context.view.value.image_range, fitted != before) == (before, True)


@pytest.mark.parametrize("text", ["3, 17", "3,17", " 3 17 ", "(3, 17)", "3;17"])
def test_a_pixel_is_typed_as_row_and_column(text: str) -> None:
    assert pixel_of(text, (6, 20)) == Pixel(3, 17)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "pixel: must be row, column, as 12, 40, not “”"),
        ("3", "pixel: must be row, column, as 12, 40, not “3”"),
        ("3.5, 1", "pixel: must be row, column, as 12, 40, not “3.5, 1”"),
        ("6, 1", "row: must be 0 … 5, not 6"),
        ("5, -1", "column: must be 0 … 19, not -1"),
    ],
)
def test_what_is_no_pixel_says_why(text: str, wrong: str) -> None:
    with pytest.raises(ParameterError) as caught:
        pixel_of(text, (6, 20))

    assert str(caught.value) == wrong


def test_control_g_goes_to_a_pixel_of_an_output(workbench: Workbench) -> None:
    context = workbench.context
    context.probe.show(ProbePoint("s2", 1, 2))
    press(workbench, Qt.Key.Key_G, CONTROL)
    dialog = opened(GoTo, workbench)

    assert (dialog.field.text(), dialog.picture.currentData(), dialog.isModal()) == ("1, 2", "s2", False)

    dialog.field.setText("12, 4")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert dialog.problem.text() == "row: must be 0 … 11, not 12"
    assert dialog.isVisible()

    dialog.field.selectAll()
    QTest.keyClicks(dialog.field, "9, 4")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert context.probe.active == ProbePoint("s2", 9, 4)
    assert (context.view.value.camera.y, context.view.value.camera.x) == (4.75, 2.25)
    assert not dialog.isVisible()


def test_go_to_looks_where_a_moved_panel_shows_the_pixel(workbench: Workbench) -> None:
    context = workbench.context
    context.view.set(placing=Placing(offsets=(("source", 1.0, -2.0),)))
    dialog = GoTo(context, workbench.window)
    dialog.ask()
    dialog.picture.setCurrentIndex(dialog.picture.findData("source"))
    dialog.field.setText("2, 7")
    QTest.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)

    assert (context.view.value.camera.y, context.view.value.camera.x) == (3.5, 5.5)


def test_control_b_keeps_a_view_under_a_name_and_the_menu_goes_there(workbench: Workbench) -> None:
    context = workbench.context
    context.view.set(camera=Camera(2.0, 7.0, 16.0))
    press(workbench, Qt.Key.Key_B, CONTROL)
    dialog = opened(AskLine, workbench)
    dialog.field.setText("   ")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)

    assert dialog.problem.text() == "name: must not be empty"

    dialog.field.setText("eye & ear")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert context.session.value.bookmarks == (Bookmark("eye & ear", 2.0, 7.0, 16.0),)

    context.view.set(camera=Camera(0.0, 0.0, 4.0))
    menu = QMenu(workbench.window)
    workbench.commands.going.fill_bookmarks(menu)
    menu.actions()[0].trigger()
    assert context.view.value.camera == Camera(2.0, 7.0, 16.0)

    context.session.undo()
    assert context.session.value.bookmarks == ()


def test_a_bookmark_can_be_forgotten(workbench: Workbench) -> None:
    context = workbench.context
    context.session.do("one", edits.add_bookmark("View 1", 1.0, 2.0, 8.0))
    menu = QMenu(workbench.window)
    workbench.commands.going.fill_bookmarks(menu)
    forget = next(action.menu() for action in menu.actions() if action.menu() is not None)
    forget.actions()[0].trigger()

    assert context.session.value.bookmarks == ()


def test_a_step_back_after_another_preparation_shows_the_same_place(workbench: Workbench) -> None:
    context = workbench.context
    context.view.set(camera=Camera(3.0, 5.0, 8.0))
    context.view.set(image_map="viridis")
    context.session.do("finer", edits.set_preparation(Preparation()))

    assert (context.view.value.camera.y, context.view.value.camera.x) == (6.0, 10.0)

    workbench.commands.going.history.back()
    assert (context.view.value.camera.y, context.view.value.camera.x) == (6.0, 10.0)
    assert context.view.value.image_map == "gray"
