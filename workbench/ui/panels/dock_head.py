"""The first line of a bottom dock: its name, what it says about its numbers, and buttons at the right."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.ui.controls import Text

HEAD = 28


class DockHead(QWidget):
    """28 px high.

    Parameters
    ----------
    title : str
    buttons : widgets
        At the right, in this order.
    """

    def __init__(self, title: str, *buttons: QWidget) -> None:
        super().__init__()
        self.setFixedHeight(HEAD)
        self.note = Text("", 11, 400, "text3", elide=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 8, 0)
        row.setSpacing(8)
        self.title = Text(title, 12, 600)
        row.addWidget(self.title)
        row.addWidget(self.note, 1)
        for button in buttons:
            row.addWidget(button)

    def say(self, text: str) -> None:
        """What stands beside the name; all of it as the tooltip."""
        self.note.setText(text)
        self.note.setToolTip(text)
