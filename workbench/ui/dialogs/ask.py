"""One line to be typed, checked before it is taken; never modal, so that the images can be looked at meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workbench.ui.controls import Text, TextButton

Take = Callable[[str], str | None]
"""Does what a line says; answers what is wrong with it, or None."""


class AskLine(QDialog):
    """A field with a label, what is wrong under it, and two buttons.

    Parameters
    ----------
    title, label, act : str
        Of the window, of the field, of the button that takes it.
    take : callable
        Gets the line; while it answers with a sentence, the dialog stays and shows it.
    """

    def __init__(self, title: str, label: str, act: str, take: Take, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._take = take
        self.field = QLineEdit()
        self.field.setAccessibleName(label)
        self.problem = Text(size=11, token="err", wrap=True)
        self.problem.setMinimumHeight(32)  # errors take no extra room
        self.form = QFormLayout()
        self.form.setHorizontalSpacing(12)
        self.form.addRow(Text(label, 12, 400, "text2"), self.field)
        self.ok, cancel = TextButton(act, kind="primary"), TextButton("Cancel")
        self.ok.clicked.connect(self._try)
        cancel.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.ok)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addLayout(self.form)
        layout.addWidget(self.problem)
        layout.addLayout(foot)
        cancel.setAutoDefault(False)
        self.ok.setDefault(True)  # only a button that is in the dialog already answers to Return
        self.setMinimumWidth(320)
        self.field.textEdited.connect(lambda: self.problem.setText(""))
        self.field.setFocus()

    def ask(self) -> None:
        """Show it, ready to be typed into."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.field.selectAll()
        self.field.setFocus()

    def _try(self) -> None:
        wrong = self._take(self.field.text())
        if wrong is None:
            self.accept()
            return
        self.problem.setText(wrong)
        self.field.setFocus()
