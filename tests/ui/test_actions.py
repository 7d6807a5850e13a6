"""The table of actions: unique, bound, told why not, reachable from the palette."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from workbench.ui.actions import ACTIONS, MENUS
from workbench.ui.dialogs.palette import _REASON, NOTHING, Palette, matches, of_actions


def test_ids_and_titles_are_unique():
    assert len({spec.id for spec in ACTIONS}) == len(ACTIONS)
    assert len({spec.title for spec in ACTIONS}) == len(ACTIONS)


def test_no_key_has_two_meanings():
    keys = [QKeySequence(key).toString() for spec in ACTIONS for key in (*spec.keys, *spec.canvas_keys)]

    assert sorted(keys) == sorted(set(keys))


def test_keys_that_act_anywhere_never_take_a_letter_from_a_text_field():
    for spec in ACTIONS:
        for key in spec.keys:
            last = key.rsplit("+", 1)[-1]
            bare = not key.startswith(("Ctrl", "Alt", "Esc")) and not (last[:1] == "F" and last[1:].isdigit())

            assert spec.scope == "canvas" or not bare, spec.id


def test_every_menu_entry_is_an_action():
    known = {spec.id for spec in ACTIONS}
    named = [item for _title, items in MENUS for item in items if isinstance(item, str)]

    assert set(named) <= known


def test_every_action_does_something(workbench):
    assert workbench.window.action_set.unbound() == []


def test_a_disabled_action_says_why_first(empty_workbench):
    actions = empty_workbench.window.action_set
    actions.refresh()

    assert not actions["export_figure"].isEnabled()
    assert actions["export_figure"].toolTip().startswith("There is no image yet")
    assert actions["open"].isEnabled()


def test_letters_in_order_find_a_command():
    assert matches("exfi", "Export figure…")
    assert not matches("figex", "Export figure…")


def test_the_palette_runs_what_was_typed(workbench, qtbot):
    palette = Palette(of_actions(workbench.window.action_set), workbench.window)
    qtbot.addWidget(palette)
    palette.show()
    QTest.keyClicks(palette._field, "metrics")
    QTest.keyClick(palette._field, Qt.Key.Key_Return)

    assert workbench.context.view.value.docks == {"metrics"}


def test_the_palette_says_why_something_cannot_be_done_and_when_nothing_fits(workbench, qtbot):
    palette = Palette(of_actions(workbench.window.action_set), workbench.window)
    qtbot.addWidget(palette)
    palette.show()
    QTest.keyClicks(palette._field, "redo")
    first = palette._list.item(0)
    assert (first.text(), first.data(_REASON)) == ("Redo", "nothing to redo")

    QTest.keyClicks(palette._field, "qqq")
    assert [palette._list.item(k).text() for k in range(palette._list.count())] == [NOTHING]
    QTest.keyClick(palette._field, Qt.Key.Key_Return)
    assert palette.isVisible()
