"""The key map as data: the sheet, the documentation, and keys that a person chooses."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from workbench.ui.actions import ACTIONS
from workbench.ui.dialogs.key_sheet import KeySheet
from workbench.ui.dialogs.palette import Palette, of_actions
from workbench.ui.dialogs.remap import RemapDialog
from workbench.ui.keymap import key_problem, markdown, topics


def test_the_page_of_keys_is_the_table():
    page = Path(__file__).parents[2] / "docs" / "keys.md"

    assert page.read_text(encoding="utf-8") == markdown(), "run: make keys"


def test_every_key_stands_on_the_sheet_once():
    shown = [key for _, lines in topics() for line in lines if line.id for key in line.keys]

    assert sorted(shown) == sorted(key for spec in ACTIONS for key in (*spec.keys, *spec.canvas_keys))


@pytest.fixture
def sheet(workbench, qtbot):
    made = KeySheet(workbench.window.action_set, workbench.window)
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_sheet_is_narrowed_by_a_key_or_a_name(sheet):
    QTest.keyClicks(sheet._field, "ctrl+e")
    by_key = {line.id for line in sheet.lines}
    sheet._field.clear()
    QTest.keyClicks(sheet._field, "export fig")

    assert "export_figure" in by_key
    assert [line.id for line in sheet.lines] == ["export_figure"]


def test_f1_opens_the_sheet_and_a_question_mark_on_the_images_closes_it_again(workbench, qtbot):
    window = workbench.window
    window.activateWindow()
    window.focus_images()
    QTest.keyClick(window, Qt.Key.Key_F1)
    first = [one for one in window.findChildren(KeySheet) if one.isVisible()]
    QTest.keyClick(window.panel_area.view("s1"), Qt.Key.Key_Question)
    second = [one for one in window.findChildren(KeySheet) if one.isVisible()]

    assert (len(first), len(second)) == (1, 0)


@pytest.mark.parametrize(
    ("id", "key", "words"),
    [
        ("save", "Ctrl+E", "belongs to Export figure…"),
        ("save", "K", "needs Ctrl"),
        ("next_map", "Left", "is kept"),
        ("next_map", "Num+4", "is kept"),
        ("save", "Ctrl+Left", "is kept"),
        ("save", "Ctrl+Shift+Down", "is kept"),
        ("save", "Ctrl+Home", "is kept"),
        ("save", "Alt+V", "opens a menu"),
        ("next_map", "Ctrl+K, Ctrl+L", "One key at a time"),
        ("next_map", "Shift+F", "belongs to 1:1"),
    ],
)
def test_a_key_that_cannot_be_given_says_why(id, key, words):
    assert words in key_problem(id, key)


@pytest.mark.parametrize(("id", "key"), [("save", "Ctrl+,"), ("next_map", ","), ("save", "Alt+Home"), ("save", "F10")])
def test_a_key_that_means_nothing_else_can_be_given(id, key):
    assert key_problem(id, key) is None


def test_a_chosen_key_acts_at_once_is_remembered_and_shown_everywhere(workbench, qtbot, monkeypatch):
    actions = workbench.window.action_set
    dialog = RemapDialog(actions, workbench.window)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.select("range_nominal")
    dialog.field.setKeySequence(QKeySequence("Q"))
    QTest.mouseClick(dialog.give, Qt.MouseButton.LeftButton)

    assert dialog.chosen == {"range_nominal": ("Q",)}

    monkeypatch.setattr(RemapDialog, "exec", lambda self: True)
    monkeypatch.setattr(RemapDialog, "chosen", property(lambda self: {"range_nominal": ("Q",)}))
    actions["remap"].trigger()

    assert actions["range_nominal"].shortcut() == QKeySequence("Q")
    assert workbench.settings.keys == {"range_nominal": ("Q",)}
    assert next(entry.aside for entry in of_actions(actions) if entry.title == actions["range_nominal"].text()) == "Q"
    assert "Q" in actions["range_nominal"].toolTip()


def test_a_key_that_is_taken_cannot_be_given_and_nothing_changes(workbench, qtbot):
    dialog = RemapDialog(workbench.window.action_set, workbench.window)
    qtbot.addWidget(dialog)
    dialog.select("save")
    dialog.field.setKeySequence(QKeySequence("Ctrl+O"))

    assert not dialog.give.isEnabled()
    assert "belongs to Open…" in dialog.problem.text()
    assert dialog.chosen == {}


def test_the_palette_adds_a_method_and_opens_a_sample_by_name(workbench, qtbot):
    entries = workbench.commands.finding.entries()
    palette = Palette(entries, workbench.window)
    qtbot.addWidget(palette)
    palette.show()
    QTest.keyClicks(palette._field, "add lanczos")
    QTest.keyClick(palette._field, Qt.Key.Key_Return)

    assert workbench.context.session.value.slots[-1].method.info.id == "lanczos"
    assert {"Sample", "Chart", "Lesson"} <= {entry.aside for entry in entries}
