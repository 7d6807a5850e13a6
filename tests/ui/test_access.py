"""Without a pointer and without sight of the screen: every control has a name, shows its focus, and answers to keys."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)

from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.document import Pin
from workbench.ui.app import Workbench
from workbench.ui.commands.layouts import LayoutCommands
from workbench.ui.dialogs.goto import GoTo
from workbench.ui.dialogs.key_sheet import KeySheet
from workbench.ui.dialogs.palette import Palette, of_actions
from workbench.ui.dialogs.remap import RemapDialog
from workbench.ui.panels.docks import BOTTOM

_CONTROLS = (
    QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QAbstractItemView, QAbstractSlider, QPlainTextEdit,
    QKeySequenceEdit,
)  # fmt: skip
_PARTS = (QScrollBar, QHeaderView, QMenuBar, QMenu)
_OWNERS = (QAbstractSpinBox, QComboBox, QLineEdit, QKeySequenceEdit, QMenuBar)
NONE, SHIFT, CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)


@pytest.fixture
def full(marked: Workbench) -> Workbench:
    """With one of everything that can be marked."""
    session = marked.context.session
    for edit in (
        edits.add_region((1.0, 1.0, 4.0, 4.0)),
        edits.add_line(1.0, 1.0, 3.0, 5.0),
        edits.toggle_pin(Pin("s2", 3, 4)),
    ):
        session.do("mark", edit)
    return marked


def show(workbench: Workbench, **state: object) -> None:
    """Another state of the window, laid out."""
    workbench.context.view.set(**state)
    QApplication.processEvents()
    workbench.window.grab()


def nameless(root: QWidget) -> list[str]:
    """Controls, and whatever takes the focus, that say nothing of themselves."""
    found = []
    for widget in (root, *root.findChildren(QWidget)):
        owner = widget.parentWidget()
        part = isinstance(widget, _PARTS) or isinstance(owner, _OWNERS)
        # The list of a combo box stands in a frame of its own; what a view paints on belongs to the view.
        part = part or (owner is not None and isinstance(owner.parentWidget(), QComboBox))
        part = part or (isinstance(owner, QAbstractScrollArea) and widget is owner.viewport())
        part = part or type(widget) is QAbstractButton  # the corner of a table, which is hidden
        takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus or isinstance(widget, _CONTROLS)
        if takes and not part and widget is not root:
            interface = QAccessible.queryAccessibleInterface(widget)
            if interface is None or not interface.text(QAccessible.Text.Name).strip():
                found.append(f"{type(widget).__name__} in {type(owner).__name__}")
    return found


def test_every_control_of_the_window_and_its_docks_has_a_name(full):
    for dock in BOTTOM:
        show(full, docks=frozenset({dock, "matrix"}))
    for selected in ("s1", "s2", "s3", "source"):
        show(full, selected=selected)
    show(full, layout="wipe", show="differences", selected="s1")
    show(full, layout="grid", loupe=16)
    full.context.view.set(loupe=None)

    assert nameless(full.window) == []


@pytest.mark.parametrize(
    "make",
    [
        lambda one: KeySheet(one.window.action_set, one.window),
        lambda one: RemapDialog(one.window.action_set, one.window),
        lambda one: GoTo(one.context, one.window),
        lambda one: Palette(of_actions(one.window.action_set), one.window),
    ],
    ids=["keys", "remap", "go to", "palette"],
)
def test_every_control_of_a_dialog_has_a_name(full, make: Callable[[Workbench], QWidget]):
    dialog = make(full)
    dialog.show()
    QApplication.processEvents()
    found = nameless(dialog)
    dialog.close()
    dialog.deleteLater()

    assert found == []


def test_every_control_of_the_export_has_a_name(full):
    from workbench.ui.dialogs.export_choices import ExportChoices

    choices = ExportChoices(full.context)
    choices.show()
    found = nameless(choices)
    choices.close()
    choices.deleteLater()

    assert found == []


# ---- focus -----------------------------------------------------------------------------------------------------------


def _seen(window: QWidget, part: QRect) -> np.ndarray:
    image = window.grab(part).toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return pixels[:, : image.width(), 2::-1].astype(int)


def _accents(workbench: Workbench, part: QRect) -> int:
    """How many pixels of a part of the window have the colour of the focus."""
    colour = workbench.context.theme.color("accent")
    away = np.abs(_seen(workbench.window, part) - (colour.red(), colour.green(), colour.blue()))
    return int((away.max(axis=-1) < 3).sum())


def settle(window: QWidget) -> None:
    """To come to a panel selects it, and the form of its method is laid out in a few rounds."""
    for _ in range(4):
        window.grab(QRect(0, 0, 1, 1))
        QApplication.processEvents()


def _places(window: QWidget) -> dict[int, QRect]:
    return {id(one): one.geometry() for one in window.findChildren(QWidget) if one.isVisible()}


@pytest.mark.parametrize(
    "state",
    [
        {"docks": frozenset({"provenance", "matrix"}), "show": "differences", "selected": "s3"},
        {"docks": frozenset({"histogram"}), "selected": "s1"},
        {"docks": frozenset({"regions"}), "layout": "wipe", "selected": "s1"},
        {"docks": frozenset({"profile"}), "selected": "source"},
    ],
    ids=["provenance", "histogram", "wipe", "source"],
)
def test_tab_goes_all_the_way_round_and_the_focus_is_seen_at_every_stop_without_moving_anything(full, state):
    window = full.window
    show(full, **{"show": "images", "layout": "grid"} | state)
    window.focus_images()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    first, stops, hidden, moved = QApplication.focusWidget(), 0, [], []
    while stops < 120:
        stop = QApplication.focusWidget()
        settle(window)
        name = f"{type(stop).__name__} {stop.accessibleName()}"
        # With the header, for the pixels have no frame of their own.
        part = QRect(stop.mapTo(window, QPoint(0, 0)), stop.size()).adjusted(-4, -34, 4, 4)
        lit = _accents(full, part)
        places = _places(window)
        stop.clearFocus()
        QApplication.processEvents()
        if _accents(full, part) >= lit:
            hidden.append(name)
        if _places(window) != places:
            moved.append(name)
        stop.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(stop, Qt.Key.Key_Tab)
        stops += 1
        if QApplication.focusWidget() is first:
            break

    assert (hidden, moved) == ([], [])
    assert 15 < stops < 120


def test_the_ring_of_the_images_goes_when_the_pointer_takes_over(full):
    view = full.window.panel_area.view("s1")
    header = full.window.panel_area.panel("s1").header
    full.context.view.set(selected="s1")
    plain = header.grab().toImage()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    ringed = header.grab().toImage()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))

    assert ringed != plain
    assert header.grab().toImage() == plain


def test_f6_shows_where_it_has_gone(full):
    layouts = next(one for one in full.commands.groups if isinstance(one, LayoutCommands))
    full.window.left.setFocus()
    header = full.window.panel_area.panel("s2").header
    full.window.focus_images()
    plain = header.grab().toImage()
    for _ in layouts.panes():
        full.window.action_set["next_pane"].trigger()

    assert full.window.panel_area.isAncestorOf(QApplication.focusWidget())
    assert header.grab().toImage() != plain


# ---- keys do what a pointer does -------------------------------------------------------------------------------------


def press(widget: QWidget, code: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(widget, code, modifiers)


def test_a_region_is_made_moved_resized_and_removed_by_keys(marked):
    session, actions = marked.context.session, marked.window.action_set
    actions["new_region"].trigger()
    view = marked.window.panel_area.view("s2")
    rects = [session.value.regions[-1].rect]
    for code, modifiers in ((Qt.Key.Key_Right, NONE), (Qt.Key.Key_Down, CONTROL), (Qt.Key.Key_Left, SHIFT)):
        press(view, code, modifiers)
        rects.append(session.value.regions[-1].rect)
    press(view, Qt.Key.Key_Delete)

    sizes = [(bottom - top, right - left) for top, left, bottom, right in rects]
    assert rects[3][1] < rects[0][1] < rects[1][1]
    assert sizes[0] == sizes[1]
    assert sizes[1][0] < sizes[2][0]
    assert sizes[2] == sizes[3]
    assert session.value.regions == ()


def test_a_pin_and_the_ends_of_a_line_are_moved_by_keys(full):
    session, actions, view = full.context.session, full.window.action_set, full.window.panel_area.view("s2")
    actions["next_pin"].trigger()
    press(view, Qt.Key.Key_Right)
    pin = session.value.pins[0]
    actions["next_line"].trigger()
    before = session.value.lines[0]
    press(view, Qt.Key.Key_End)
    press(view, Qt.Key.Key_Down)
    after = session.value.lines[0]

    assert (pin.row, pin.col) == (3, 5)
    assert (after.y0, after.x0) == (before.y0, before.x0)
    assert after.y1 > before.y1


def test_the_probe_is_locked_and_released_by_keys(marked):
    probe = marked.context.probe
    press(marked.window.panel_area.view("s2"), Qt.Key.Key_Right)
    action = marked.window.action_set["lock_probe"]
    action.trigger()
    locked = probe.locked
    checked = action.isChecked()
    action.trigger()

    assert locked == probe.active
    assert locked is not None
    assert (checked, action.isChecked(), probe.locked) == (True, False, None)


def test_the_loupe_goes_round_its_magnifications_by_keys(marked):
    view, panel = marked.context.view, marked.window.panel_area.view("s2")
    press(panel, Qt.Key.Key_Right)
    marked.window.action_set["loupe"].trigger()
    QApplication.processEvents()
    seen = []
    for _ in range(3):
        press(panel, Qt.Key.Key_Z, SHIFT)
        seen.append(view.value.loupe)
    view.set(loupe=None)

    assert sorted(seen) == [8, 16, 32]


def test_the_largest_excess_is_gone_to_by_a_command(marked):
    context, actions = marked.context, marked.window.action_set
    assert "no stripes" in (actions.reason("go_to_excess") or "")
    context.session.do("lanczos", edits.add_slot(from_text("lanczos:scale=2")))
    id = context.session.value.slots[-1].id
    context.view.set(stripes="footprint", selected=id)
    QApplication.processEvents()
    marked.window.panel_area.view(id).setFocus()
    before = context.view.value.camera
    actions["go_to_excess"].trigger()
    point = context.probe.active
    context.view.set(stripes="off")

    assert context.view.value.camera != before
    assert point is not None
    assert point.slot == id
