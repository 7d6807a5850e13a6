"""The bar above the panels that says what failed; never modal, never over pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from workbench.ui.controls import IconButton, Line, Text, TextButton

if TYPE_CHECKING:
    from workbench.ui.context import Context

KEPT = 20
"""Older messages than this many are forgotten."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is said: in bold, then in words, and in full on request."""

    title: str
    sentence: str = ""
    details: str = ""
    error: bool = True

    @property
    def text(self) -> str:
        """All of it, as it is copied."""
        return "\n".join(part for part in (f"{self.title} {self.sentence}".strip(), self.details) if part)


class Banner(QWidget):
    """40 high while there is something to say, else gone. The newest message shows; closing it shows the one before."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._messages: list[Message] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._sign = QWidget()
        self._sign.setFixedSize(16, 16)
        self.title = Text("", 12, 600)
        self.sentence = Text("", 12, 400, "text", elide=True)
        self.count = Text("", 11, 400, "text3")
        self.details_button = TextButton("Details", "quiet")
        self.copy = TextButton("Copy", "quiet")
        self.close_button = IconButton("close", "Close this message")
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setFont(context.theme.font(11, mono=True))
        self._text.setFixedHeight(132)
        self._text.setAccessibleName("Details")
        self._text.hide()

        bar = QWidget()
        bar.setFixedHeight(39)
        row = QHBoxLayout(bar)
        row.setContentsMargins(13, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(self._sign)
        row.addWidget(self.title)
        row.addWidget(self.sentence, 1)
        for widget in (self.count, self.details_button, self.copy):
            row.addWidget(widget)
        row.addSpacing(3)
        row.addWidget(self.close_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(bar)
        box.addWidget(self._text)
        box.addWidget(Line())

        self.details_button.clicked.connect(lambda: self._text.setVisible(self._text.isHidden()))
        self.copy.clicked.connect(self._copy)
        self.close_button.clicked.connect(self.dismiss)
        context.theme.changed.connect(self.update)
        self._refresh()

    @property
    def message(self) -> Message | None:
        """What it says now."""
        return self._messages[-1] if self._messages else None

    def show_error(self, title: str, sentence: str, details: str = "") -> None:
        """Say what failed, what it means, and what lies behind it.

        Parameters
        ----------
        title : str
            What failed, in bold: ``"Could not open beach-16bit.tif."``
        sentence : str
        details : str
            What a developer wants to see; a button shows it.
        """
        self._add(Message(title, sentence, details))

    def show_note(self, title: str, sentence: str = "", details: str = "") -> None:
        """Say something that is no failure."""
        self._add(Message(title, sentence, details, error=False))

    def dismiss(self) -> None:
        """Take the message away; the one before it shows again."""
        if self._messages:
            self._messages.pop()
        self._refresh()

    def _add(self, message: Message) -> None:
        # The same again is not worth a second line.
        self._messages = [*(old for old in self._messages if old != message), message][-KEPT:]
        self._refresh()

    def _copy(self) -> None:
        if self.message is not None:
            QGuiApplication.clipboard().setText(self.message.text)

    def _refresh(self) -> None:
        message = self.message
        self._text.hide()
        self.setVisible(message is not None)
        if message is None:
            return
        total = len(self._messages)
        self.title.setText(message.title)
        self.sentence.setText(message.sentence)
        self.sentence.setToolTip(message.sentence)
        self.count.setText(f"1 of {total}" if total > 1 else "")
        self.count.setVisible(total > 1)
        self.details_button.setVisible(bool(message.details))
        self._text.setPlainText(message.details)
        self.setAccessibleName(f"{message.title} {message.sentence}".strip())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        message, theme = self.message, self._context.theme
        if message is None:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("errbg" if message.error else "raised"))
        place = self._sign.mapTo(self, self._sign.rect().topLeft())
        name, token = ("warn", "err") if message.error else ("sheet", "text2")
        painter.drawPixmap(place, theme.pixmap(name, token, 16, self.devicePixelRatioF()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.message is not None:
            self.dismiss()
        else:
            super().keyPressEvent(event)
