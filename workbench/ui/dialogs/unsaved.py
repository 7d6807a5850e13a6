"""The question before unsaved work is lost."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


class Answer(Enum):
    """What a person wants done with work that is not saved."""

    SAVE = "save"
    DISCARD = "discard"
    CANCEL = "cancel"


def unsaved_box(parent: QWidget | None, name: str) -> QMessageBox:
    """The question as a dialog that has not been shown: Save, Discard, Cancel; closing it cancels.

    Parameters
    ----------
    parent : QWidget or None
    name : str
        What would be lost: a file's name, or "this comparison".
    """
    buttons = QMessageBox.StandardButton
    box = QMessageBox(parent)
    box.setWindowModality(Qt.WindowModality.WindowModal)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setWindowTitle("Unsaved changes")
    box.setText(f"Save the changes to {name}?")
    box.setInformativeText("Without saving they are lost.")
    box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
    box.setDefaultButton(buttons.Save)
    box.setEscapeButton(buttons.Cancel)
    box.button(buttons.Discard).setText("Discard")
    return box


def ask_unsaved(parent: QWidget | None, name: str) -> Answer:
    """Ask, and wait for the answer.

    Parameters
    ----------
    parent, name
        As in `unsaved_box`.
    """
    chosen = QMessageBox.StandardButton(unsaved_box(parent, name).exec())
    answers = {QMessageBox.StandardButton.Save: Answer.SAVE, QMessageBox.StandardButton.Discard: Answer.DISCARD}
    return answers.get(chosen, Answer.CANCEL)
