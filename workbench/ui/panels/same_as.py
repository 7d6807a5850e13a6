"""The same method in the words of a library a person knows, to be copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.kernels.dialects import torch
from workbench.ui.binding import bind
from workbench.ui.controls import IconButton, Line, Text

if TYPE_CHECKING:
    from workbench.ui.context import Context


class SameAs(QWidget):
    """The equivalent PyTorch call of the selected slot; nothing where PyTorch has none."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 12)
        box.setSpacing(0)
        box.addWidget(Line())
        head = QHBoxLayout()
        head.setContentsMargins(12, 3, 10, 3)
        self.title = Text("Same as", 12, 600)
        self.title.setToolTip("The same numbers from PyTorch, for x of shape (1, C, H, W)")
        self.copy = IconButton("copy", "Copy the call")
        self.copy.clicked.connect(self._copy)
        head.addWidget(self.title, 1)
        head.addWidget(self.copy)
        box.addLayout(head)
        self.code = Text("", 11, token="text2", mono=True, wrap=False)
        self.code.setContentsMargins(12, 0, 8, 0)
        self.code.setAccessibleName("Equivalent PyTorch call")
        box.addWidget(self.code)
        bind(self, context.session.changed, lambda *_: self.refresh())
        bind(self, context.view.changed, lambda new, old: self.refresh() if new.selected != old.selected else None)
        bind(self, context.results.changed, lambda id: self.refresh() if id == "source" else None)
        self.refresh()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.code.text())

    def refresh(self) -> None:
        """Show the call of the selected slot."""
        slot = self._context.session.value.slot(self._context.view.value.selected)
        prepared = self._context.results.prepared
        call = None if slot is None else torch.code(slot.method, prepared.spec if prepared else None)
        self.code.setText(call or "")
        self.setVisible(call is not None)
