"""What a teaching session says, in a slim strip: title, text, and the one number to verify."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from workbench.ui.binding import bind
from workbench.ui.context import Context
from workbench.ui.controls import IconButton, Text


class LessonNote(QWidget):
    """The lesson of the open document; hidden without one, or until the next lesson once it was closed."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._closed: object = None
        self.setAccessibleName("Lesson")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.title = Text("", 12, 600)
        self.text = Text("", 12, 400, "text2", wrap=True)
        self.check = Text("", 12, 500)
        self.check.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.check)
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(3)
        words.addLayout(head)
        words.addWidget(self.text)
        self.close_button = IconButton("close", "Close the lesson's note")
        self.close_button.clicked.connect(self._close)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 9)
        layout.addLayout(words, 1)
        layout.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        bind(self, context.session.changed, self._show)
        context.theme.changed.connect(self.update)
        self._show()

    def _show(self, *_: object) -> None:
        lesson = self._context.session.value.lesson
        if lesson is not None:
            self.title.setText(lesson.title)
            self.text.setText(lesson.text)
            self.text.setVisible(bool(lesson.text))
            self.check.setText(f"Verify: {lesson.verify}")
            self.check.setVisible(bool(lesson.verify))
        self.setVisible(lesson is not None and lesson is not self._closed)

    def _close(self) -> None:
        self._closed = self._context.session.value.lesson
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._context.theme.color("chrome"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._context.theme.color("line"))
