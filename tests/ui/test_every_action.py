"""Every action of the table by real keys: what §3 of the key map promises, in every state, and never while typing."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QInputDialog,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
)

from tests.ui.conftest import _window
from tests.ui.gestures import click
from workbench.model.view_history import KEPT
from workbench.model.view_state import ViewValue
from workbench.ui.action_set import ActionSet
from workbench.ui.actions import ACTIONS, SPECS
from workbench.ui.app import Workbench
from workbench.ui.dialogs.palette import Palette, of_actions

ANYWHERE = {
    "F1": "key_sheet", "Ctrl+Shift+P": "palette",
    "Ctrl+O": "open", "Ctrl+V": "paste", "F5": "reload",
    "Ctrl+N": "new", "Ctrl+S": "save", "Ctrl+Shift+S": "save_as", "Ctrl+E": "export_figure",
    "Ctrl+Z": "undo", "Ctrl+Shift+Z": "redo",
    "Ctrl+C": "copy_readout", "Ctrl+Shift+C": "copy_view",
    "Ctrl+T": "add_method", "Ctrl+D": "duplicate", "F2": "rename",
    "Ctrl+L": "next_layout",
    "Ctrl+1": "one_to_one", "Ctrl+0": "fit", "Ctrl++": "zoom_in", "Ctrl+-": "zoom_out",
    "Ctrl+G": "go_to", "Alt+Left": "view_back", "Alt+Right": "view_forward", "Ctrl+B": "bookmark",
    "F3": "dock_provenance", "F7": "dock_matrix", "F9": "dock_histogram", "F12": "dock_metrics",
    "F6": "next_pane", "Shift+F6": "previous_pane", "F11": "full_screen",
}  # fmt: skip
"""The keys that act everywhere, as the design of the keys has them."""
ON_IMAGES = {
    "?": "key_sheet",
    "PgUp": "previous_slot", "PgDown": "next_slot",
    "R": "see_reference", "Shift+R": "make_reference", "S": "see_source",
    "D": "toggle_differences", "Shift+D": "next_difference",
    "X": "exchange", "Space": "blink", "W": "layout_wipe", "Shift+W": "next_wipe",
    "Z": "loupe", "T": "smooth", "J": "sample_places", "U": "move_alone", "Shift+U": "clear_offset",
    "I": "annotations", "A": "range_fit", "Shift+A": "range_fit_visible", "N": "range_nominal",
    "Shift+N": "tone_reset", "E": "gain_up", "Shift+E": "gain_down", "O": "offset_up", "Shift+O": "offset_down",
    "G": "gamma_up", "Shift+G": "gamma_down", "C": "next_map", "Shift+C": "previous_map",
    "V": "next_channel", "Shift+V": "previous_channel", "B": "next_stripes",
    "M": "region_tool", "L": "profile_tool", "P": "pin", "Shift+P": "next_pin", "Shift+K": "scatter",
    "F": "fit", "Shift+F": "one_to_one", "H": "bare", "Return": "panel_alone",
}  # fmt: skip
"""The keys that act while the images have the focus."""
HELD = {"see_reference", "see_source", "toggle_differences", "layout_wipe", "loupe", "smooth", "move_alone"}
LATER = ("F4", "F8", "Y", "K")
"""Datasheet, spectrum, the difference explained and the sweep: not there yet, so their keys do nothing."""


@pytest.fixture(scope="module")
def fired() -> list[str]:
    """Ids of the actions that keys set off."""
    return []


@pytest.fixture(scope="module")
def recorded(qapp, theme, tmp_path_factory, fired) -> Iterator[Workbench]:
    """A window whose actions, all of them possible, only tell that they were called."""
    from tests.ui import conftest

    made = _window(qapp, theme, conftest.comparison.__wrapped__(), tmp_path_factory.mktemp("recorded"))
    actions = made.window.action_set
    for spec in ACTIONS:
        actions[spec.id].triggered.disconnect()
        actions.bind(spec.id, lambda id=spec.id: fired.append(id), lambda: None)
    actions.refresh()
    yield made
    made.close()
    made.window.hide()
    made.window.deleteLater()


@pytest.fixture
def on_images(qapp, recorded, fired) -> QWidget:
    """The view of a panel, with the focus."""
    recorded.context.view.set(bare=False, docks=frozenset(), selected="s2")
    qapp.processEvents()
    recorded.window.activateWindow()
    recorded.window.focus_images()
    qapp.processEvents()
    fired.clear()
    return recorded.window.panel_area.view("s2")


def press(widget: QWidget, key: str) -> None:
    """A key with its modifiers, as it is written in the table."""
    pressed = QKeySequence(key)[0]
    QTest.keyClick(widget, pressed.key(), pressed.keyboardModifiers())


# ---- the table -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", [ANYWHERE, ON_IMAGES], ids=["anywhere", "images"])
def test_the_table_has_every_key_of_the_design_with_its_meaning(keys):
    given = {key: spec.id for spec in ACTIONS for key in (*spec.keys, *spec.canvas_keys)}

    assert {key: given.get(key) for key in keys} == keys


def test_keys_of_the_images_are_theirs_alone_and_the_others_act_anywhere():
    assert all(SPECS[id].scope == "window" for id in ANYWHERE.values())
    assert all(SPECS[id].scope == "canvas" or key in SPECS[id].canvas_keys for key, id in ON_IMAGES.items())


def test_held_keys_are_those_of_the_design():
    assert {spec.id for spec in ACTIONS if spec.momentary} == HELD


def test_every_key_reaches_its_action_alone_while_all_but_the_images_is_hidden(recorded, on_images, fired):
    recorded.context.view.set(bare=True)
    QApplication.processEvents()
    wrong = {}
    for spec in ACTIONS:
        for key in (*spec.keys, *spec.canvas_keys):
            fired.clear()
            press(on_images, key)
            if fired != [spec.id]:
                wrong[key] = (spec.id, list(fired))

    assert wrong == {}


@pytest.mark.parametrize("key", LATER)
def test_the_keys_of_what_is_not_there_yet_do_nothing(recorded, on_images, fired, key):
    before = (recorded.context.view.value, recorded.context.session.value)
    press(on_images, key)

    assert (fired, (recorded.context.view.value, recorded.context.session.value)) == ([], before)


# ---- typing ----------------------------------------------------------------------------------------------------------


def _typed_into(window: QWidget) -> list[QWidget]:
    """One of each kind of widget that takes letters or steps through entries."""
    kinds = (QLineEdit, QComboBox, QAbstractSpinBox, QAbstractItemView, QPlainTextEdit)
    found: dict[object, QWidget] = {}
    for widget in window.findChildren(QWidget):
        inner = isinstance(widget.parent(), QAbstractSpinBox | QComboBox)
        reached = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.isEnabled()
        if isinstance(widget, kinds) and reached and not inner:
            found.setdefault((type(widget), type(widget.parent())), widget)
    return list(found.values())


@pytest.mark.parametrize("dock", ["provenance", "metrics", "regions"])
def test_no_bare_key_acts_while_something_is_typed_or_chosen(qapp, recorded, on_images, fired, dock):
    context = recorded.context
    before = context.session.value
    context.view.set(docks=frozenset({dock, "matrix"}), show="differences")
    qapp.processEvents()
    widgets = _typed_into(recorded.window)
    stolen = []
    for widget in widgets:
        widget.setFocus()
        assert widget.hasFocus() or widget.isAncestorOf(qapp.focusWidget())
        for key in ON_IMAGES:
            target = qapp.focusWidget()
            if target is None or not (target is widget or widget.isAncestorOf(target)):
                break  # an entry was chosen, and what it opened has the focus now
            press(target, key)
        while popup := qapp.activePopupWidget():
            popup.close()
        stolen += [(type(widget).__name__, widget.accessibleName(), id) for id in fired]
        fired.clear()
    context.view.set(docks=frozenset(), show="images")
    context.session.load(before)

    assert len(widgets) >= 3
    assert stolen == []


def test_copy_and_undo_of_words_belong_to_the_field_they_are_typed_in(qapp, recorded, on_images, fired):
    field = recorded.window.top_bar.findChild(QLineEdit)
    field.setFocus()
    for key in ("Ctrl+C", "Ctrl+V"):
        press(field, key)

    assert fired == []


# ---- the palette -----------------------------------------------------------------------------------------------------


def test_the_palette_runs_every_action_by_its_name(recorded, on_images, fired, qtbot):
    entries = of_actions(recorded.window.action_set)
    palette = Palette(entries, recorded.window)
    qtbot.addWidget(palette)
    wrong = []
    for spec in ACTIONS:
        if spec.id == "palette":
            continue
        fired.clear()
        palette.show()
        palette.activateWindow()
        palette._field.setFocus()
        QApplication.processEvents()
        palette._field.setText(recorded.window.action_set[spec.id].text())
        QTest.keyClick(palette._field, Qt.Key.Key_Return)
        if fired != [spec.id]:
            wrong.append((spec.id, list(fired)))

    assert wrong == []


# ---- every state -----------------------------------------------------------------------------------------------------


@pytest.fixture
def no_dialogs(monkeypatch) -> None:
    """What would wait for an answer is cancelled at once."""
    monkeypatch.setattr(QDialog, "exec", lambda self: 0)
    monkeypatch.setattr(QDialog, "show", lambda self: None)
    monkeypatch.setattr(QMenu, "exec", lambda self, *_: None)
    monkeypatch.setattr(QMenu, "popup", lambda self, *_: None)
    for cls, names in (
        (QFileDialog, ("getOpenFileNames", "getSaveFileName", "getOpenFileName")),
        (QInputDialog, ("getText", "getDouble", "getInt")),
    ):
        for name in names:
            monkeypatch.setattr(cls, name, staticmethod(lambda *_, **__: ("", False)))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", staticmethod(lambda *_, **__: ""))
    monkeypatch.setattr("workbench.ui.dialogs.export.ExportDialog", lambda *_: QDialog())
    monkeypatch.setattr("workbench.ui.dialogs.about.show_about", lambda *_: None)
    QGuiApplication.clipboard().clear()


_APART = {"quit", "new", "full_screen"} | {
    spec.id for spec in ACTIONS if spec.id.startswith(("theme_", "surround_", "text_"))
}
"""Those that end or redress the window; they have tests of their own."""


def _each(workbench: Workbench) -> list[str]:
    """Call every action once, one after the other; those that cannot be done and do not say why."""
    actions, silent = workbench.window.action_set, []
    for spec in ACTIONS:
        if spec.id in _APART:
            continue
        actions.refresh()
        reason, action = actions.reason(spec.id), actions[spec.id]
        says = reason is None or (reason and action.toolTip().startswith(reason[0].upper() + reason[1:]))
        if not says or action.isEnabled() != (reason is None):
            silent.append(spec.id)
        action.trigger()
    return silent


def test_every_action_runs_one_after_the_other_or_says_why_not(workbench, no_dialogs, qapp):
    workbench.context.view.set(selected="s2")
    qapp.processEvents()
    click(workbench.window.panel_area.view("s2"), (3, 5))

    assert _each(workbench) == []


def test_on_an_empty_comparison_everything_about_images_and_methods_says_why_not(empty_workbench, no_dialogs):
    actions = empty_workbench.window.action_set
    free = {spec.id for spec in ACTIONS if actions.reason(spec.id) is None} - _APART
    silent = _each(empty_workbench)

    assert free == {
        "open", "open_folder", "open_pattern", "watch", "save", "save_as", "add_method", "methods_column",
        "palette", "key_sheet", "remap", "about", "next_pane", "previous_pane",
    }  # fmt: skip
    assert silent == []
    assert empty_workbench.context.session.value.source is None


def test_what_would_change_nothing_says_so(marked):
    said = {}
    for id, selected in (("move_up", "s1"), ("move_down", "s3"), ("reference_original", "s1")):
        marked.context.view.set(selected=selected)
        said[id] = marked.window.action_set.reason(id)

    assert said == {
        "move_up": "it is the first method",
        "move_down": "it is the last method",
        "reference_original": "it is the reference already",
    }


def test_dialogs_are_gone_when_they_are_answered(marked, monkeypatch):
    monkeypatch.setattr(QDialog, "exec", lambda self: self.reject() or 0)
    for id in ("palette", "remap", "export_figure"):
        marked.window.action_set[id].trigger()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    assert marked.window.findChildren(QDialog) == []


# ---- two histories ---------------------------------------------------------------------------------------------------

_EDITS = (
    "duplicate", "remove", "move_up", "move_down", "hide_slot", "make_reference", "reference_original", "new_region",
    "next_region", "new_line", "next_line", "pin", "next_pin",
)  # fmt: skip
_LOOKS = (
    "zoom_in", "zoom_out", "zoom_in_free", "zoom_out_free", "fit", "one_to_one", "range_fit", "range_fit_visible",
    "range_nominal", "gain_up",
    "offset_up", "gamma_down", "tone_reset", "own_range", "next_map", "next_channel", "previous_channel",
    "next_difference", "toggle_differences", "sample_places", "smooth", "annotations", "next_stripes", "next_layout",
    "layout_wipe", "next_wipe", "panel_alone", "previous_slot", "next_slot", "see_reference", "exchange", "loupe",
    "scatter", "dock_matrix", "dock_pins", "clear_offset",
)  # fmt: skip
_WALKS = ("undo", "redo", "view_back", "view_forward")


def _look(value: ViewValue) -> dict[str, object]:
    return {name: getattr(value, name) for name in KEPT}


def _held(workbench: Workbench) -> tuple[object, ...]:
    """What undo walks: the comparison, and the steps there are."""
    session = workbench.context.session
    return session.value, len(session.history.done), len(session.history.undone)


def _seen(workbench: Workbench) -> tuple[object, ...]:
    """What back and forward walk: the look, and the steps there are."""
    written = workbench.commands.going.history.to_data()
    return _look(workbench.context.view.value), len(written["past"]), len(written["future"])


@pytest.mark.parametrize("seed", range(2))
def test_undo_and_the_history_of_the_view_never_touch_each_other(marked, seed):
    workbench, pick = marked, random.Random(seed)
    context, actions = workbench.context, workbench.window.action_set
    context.view.set(selected="s2", **_look(ViewValue()) | {"camera": context.view.value.camera})
    workbench.commands.going.history.begin()
    workbench.commands.going.history.settle()
    first_value, first_look = context.session.value, _look(context.view.value)
    broken = []
    for _ in range(50):
        id = pick.choice(pick.choice((_EDITS, _LOOKS, _WALKS)))
        held, seen = _held(workbench), _seen(workbench)
        actions[id].trigger()
        if id not in (*_EDITS, "undo", "redo") and _held(workbench) != held:
            broken.append((id, "changed the comparison"))
        if id in (*_EDITS, "undo", "redo") and _seen(workbench) != seen:
            broken.append((id, "changed the look"))
    _walk(actions, "redo")
    _walk(actions, "view_forward")
    last_value, last_look = context.session.value, _look(context.view.value)
    _walk(actions, "undo")
    undone = context.session.value
    _walk(actions, "redo")
    _walk(actions, "view_back")
    back = _look(context.view.value)
    _walk(actions, "view_forward")

    assert broken == []
    assert (undone, context.session.value) == (first_value, last_value)
    assert (back, _look(context.view.value)) == (first_look, last_look)


def _walk(actions: ActionSet, id: str) -> None:
    """As far as it goes."""
    while actions.reason(id) is None:
        actions[id].trigger()


def test_the_free_zoom_of_the_wheel_can_be_had_without_one(marked):
    view = marked.context.view
    before = view.value.camera.zoom
    marked.window.action_set["zoom_in_free"].trigger()

    assert view.value.camera.zoom == before * 2 ** (1 / 8)
