"""The lesson's note, the question before work is lost, and what the program says of itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

import workbench
from workbench.model.document import Lesson
from workbench.ui.dialogs import unsaved
from workbench.ui.dialogs.about import AboutDialog
from workbench.ui.dialogs.unsaved import Answer, ask_unsaved, unsaved_box
from workbench.ui.panels.lesson import LessonNote

LESSON = Lesson("Deconvolution as a matrix", "Every source pixel stamps the kernel.", "y[1, 2] = 30")


@pytest.fixture
def note(qtbot, context):
    made = LessonNote(context)
    qtbot.addWidget(made)
    return made


def teach(context, lesson):
    context.session.load(replace(context.session.value, lesson=lesson))


def test_without_a_lesson_there_is_no_note(note):
    assert note.isHidden()


def test_a_lesson_shows_its_title_text_and_what_to_verify(note, context):
    teach(context, LESSON)

    assert not note.isHidden()
    assert (note.title.text(), note.text.text()) == (LESSON.title, LESSON.text)
    assert note.check.text() == "Verify: y[1, 2] = 30"


def test_a_lesson_without_a_number_to_verify_shows_none(note, context):
    teach(context, replace(LESSON, verify=""))

    assert note.check.isHidden()


def test_a_closed_note_stays_closed_until_the_next_lesson(note, context):
    teach(context, LESSON)
    QTest.mouseClick(note.close_button, Qt.MouseButton.LeftButton)
    closed = note.isHidden()
    teach(context, replace(LESSON, title="Another"))

    assert closed
    assert not note.isHidden()


def test_the_question_names_the_file_and_cancels_on_escape(qtbot, theme):
    box = unsaved_box(None, "cat.upsampling.json")
    qtbot.addWidget(box)
    buttons = QMessageBox.StandardButton

    assert "cat.upsampling.json" in box.text()
    assert box.escapeButton() is box.button(buttons.Cancel)
    assert box.defaultButton() is box.button(buttons.Save)


@pytest.mark.parametrize(
    ("button", "answer"),
    [
        (QMessageBox.StandardButton.Save, Answer.SAVE),
        (QMessageBox.StandardButton.Discard, Answer.DISCARD),
        (QMessageBox.StandardButton.Cancel, Answer.CANCEL),
    ],
)
def test_each_button_of_the_question_has_its_answer(qtbot, theme, monkeypatch, button, answer):
    box = unsaved_box(None, "this comparison")
    qtbot.addWidget(box)
    monkeypatch.setattr(unsaved, "unsaved_box", lambda *_: box)
    monkeypatch.setattr(
        box, "exec", lambda: (box.show(), QTest.mouseClick(box.button(button), Qt.LeftButton), box.result())[-1]
    )

    assert ask_unsaved(None, "this comparison") is answer


def test_about_names_the_version_that_runs(qtbot, theme):
    dialog = AboutDialog()
    qtbot.addWidget(dialog)

    assert f"Workbench {workbench.__version__}" in dialog.versions.text()
