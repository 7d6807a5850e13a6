"""What the docks at the bottom have in common: a head with a copy button, the shown channel, following the model."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.ui.binding import bind
from workbench.ui.context import Context
from workbench.ui.controls import TextButton
from workbench.ui.marks import channel_in
from workbench.ui.panels.dock_head import HEAD, DockHead
from workbench.ui.panels.number_table import ROW, NumberTable


class BottomPanel(QWidget):
    """A head, and a row of widgets under it; it looks at the model only while it is seen.

    A subclass fills ``body``, calls `follow` at the end of its constructor, and overrides `show_all` and `text`.

    Parameters
    ----------
    title : str
    copied : str
        What the copy button copies, for its tooltip.
    tools : widgets
        In the head, before the copy button.
    """

    def __init__(self, context: Context, title: str, copied: str, *tools: QWidget, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._context = context
        self.setAccessibleName(title)
        self.copy_button = TextButton("Copy", "quiet", "copy")
        self.copy_button.setToolTip(copied)
        self.copy_button.clicked.connect(self.copy)
        self.head = DockHead(title, *tools, self.copy_button)
        self.body = QHBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addLayout(self.body, 1)

    def follow(self) -> None:
        """Show what the model holds, now and after each change of it."""
        for signal in (self._context.session.changed, self._context.view.changed, self._context.results.changed):
            bind(self, signal, self._show)
        self._show()

    def show_all(self) -> None:
        """Show what the model holds."""

    def text(self) -> str:
        """All numbers in full, to paste elsewhere; empty for none."""
        return ""

    def copy(self) -> None:
        """All numbers in full go to the clipboard."""
        text = self.text()
        if text:
            QGuiApplication.clipboard().setText(text)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    def _show(self, *_: object) -> None:
        if self.isVisible():
            self.show_all()

    def _channel(self) -> int:
        return channel_in(self._context.results, self._context.view.value.channel)

    def _hold_rows(self, table: NumberTable, count: int) -> None:
        """As high as so many rows of a table and its scroll bar need."""
        bar = table.horizontalScrollBar()
        self.setFixedHeight(HEAD + ROW + ROW * count + (bar.sizeHint().height() if bar.maximum() > 0 else 0))
