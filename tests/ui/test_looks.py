"""The window's own looks: surround, size of text, and the list of what was done."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu

from workbench.model import edits


def test_the_surround_changes_around_the_images_only_and_is_remembered(workbench):
    theme, window = workbench.context.theme, workbench.window
    chrome = theme.color("chrome")
    window.action_set["surround_white"].trigger()
    around = window.panel_area.view("source").grab().toImage().pixelColor(2, 2).name()
    kept = workbench.settings.surround
    window.action_set["surround_theme"].trigger()

    assert (around, kept) == ("#ffffff", "white")
    assert theme.color("chrome") == chrome
    assert theme.color("canvas").name() == "#1a1a1a"


def test_text_grows_step_by_step_and_says_when_it_is_largest(workbench):
    theme, actions = workbench.context.theme, workbench.window.action_set
    sizes = []
    for _ in range(2):
        actions["text_larger"].trigger()
        sizes.append(theme.font(12).pixelSize())
    reason = actions.reason("text_larger")
    for _ in range(2):
        actions["text_smaller"].trigger()

    assert sizes == [13, 15]
    assert reason == "the text is as large as it gets"
    assert theme.font(12).pixelSize() == 12


def test_the_history_lists_what_was_done_and_goes_back_several_steps(workbench):
    session = workbench.context.session
    before = session.value
    for id in ("s1", "s2", "s3"):
        session.do(f"Hide {id}", edits.set_hidden(id, True))
    menu = QMenu()
    workbench.commands._fill("History", menu)
    labels = [action.text() for action in menu.actions()]
    menu.actions()[2].trigger()

    assert labels == ["Hide s3", "Hide s2", "Hide s1"]
    assert session.value is before

    workbench.commands._fill("History", menu)
    menu.actions()[0].trigger()
    assert session.undo_label == "Hide s1"
    menu.deleteLater()
