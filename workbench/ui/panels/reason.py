"""What stands in a panel that has no pixels: sign, title, two lines, and the act that helps."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workbench.ui.context import Context
from workbench.ui.controls import Text, TextButton

_TEXT_WIDTH = 260


class Reason(QWidget):
    """What stands in a panel that has no pixels: sign, title, two lines, and the act that helps."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = context.theme
        self._sign = QLabel(self, alignment=Qt.AlignmentFlag.AlignCenter)
        self._title = Text(size=12, weight=600, wrap=True)
        self._words = Text(size=12, token="text2", wrap=True)
        self.record = TextButton("Record indices…")
        self.remove = TextButton("Remove")
        for label in (self._title, self._words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.record)
        buttons.addWidget(self.remove)
        buttons.addStretch()
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self._sign)
        column.addSpacing(4)
        column.addWidget(self._title)
        column.addWidget(self._words)
        column.addSpacing(8)
        column.addLayout(buttons)
        centre = QHBoxLayout()
        centre.addStretch()
        centre.addLayout(column)
        centre.addStretch()
        outer = QVBoxLayout(self)
        outer.addStretch()
        outer.addLayout(centre)
        outer.addStretch()
        self.setAutoFillBackground(True)
        self._theme.changed.connect(self._dress)
        self._dress()

    @property
    def title(self) -> str:
        return self._title.text()

    @property
    def words(self) -> str:
        return self._words.text()

    def show_reason(
        self, title: str, words: str, *, sign: bool = True, record: bool = False, remove: bool = False
    ) -> None:
        self._title.setText(title)
        self._words.setText(words)
        self._sign.setVisible(sign)
        self.record.setVisible(record)
        self.remove.setVisible(remove)
        self.setAccessibleName(f"{title}: {words}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for label in (self._title, self._words):
            label.setFixedWidth(min(_TEXT_WIDTH, max(self.width() - 24, 80)))

    def _dress(self) -> None:
        palette = self.palette()
        palette.setColor(self.backgroundRole(), self._theme.color("canvas"))
        self.setPalette(palette)
        self._sign.setPixmap(self._theme.pixmap("warn", "warn", 20, self.devicePixelRatioF()))
