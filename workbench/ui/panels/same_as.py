"""The same method in the words of a library a person knows, to be copied."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from workbench.kernels.cancel import CancelToken
from workbench.kernels.dialects.phrasebook import LIBRARIES
from workbench.model.jobs import Done, Outcome
from workbench.ui.binding import bind
from workbench.ui.controls import IconButton, Line, Text, TextButton

if TYPE_CHECKING:
    from workbench.ui.context import Context


MOST_LINES = 16


class SameAs(QWidget):
    """The equivalent call of the selected slot in one library, or that this library has none."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._library = "PyTorch"
        self._call = ""
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 12)
        box.setSpacing(0)
        box.addWidget(Line())
        head = QHBoxLayout()
        head.setContentsMargins(12, 3, 10, 3)
        head.setSpacing(2)
        self.title = Text("Same as", 12, 600)
        self.library = TextButton(self._library, "quiet")
        self.library.setAccessibleName("Library of the equivalent call")
        self.library.setToolTip("Another library: PyTorch, ONNX, OpenCV, Pillow, SciPy …")
        self.library.setMenu(self._menu())
        self.copy = IconButton("copy", "Copy the call")
        self.copy.clicked.connect(self._copy)
        head.addWidget(self.title)
        head.addWidget(self.library)
        head.addStretch(1)
        head.addWidget(self.copy)
        box.addLayout(head)
        self.code = Text("", 11, token="text2", mono=True, wrap=False)
        self.code.setContentsMargins(12, 0, 8, 0)
        self.code.setAccessibleName("Equivalent call")
        self.code.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        box.addWidget(self.code)
        self.none = Text("", 11, token="text3", wrap=True)
        self.none.setContentsMargins(12, 0, 8, 0)
        box.addWidget(self.none)
        bind(self, context.session.changed, lambda *_: self.refresh())
        bind(self, context.view.changed, lambda new, old: self.refresh() if new.selected != old.selected else None)
        bind(self, context.results.changed, lambda id: self.refresh() if id == "source" else None)
        self.refresh()

    @property
    def call(self) -> str:
        """The whole call; what stands in the column may be cut."""
        return self._call

    def _fit(self) -> None:
        """Lines that are wider than the column end in dots, the rest of a long call in one line of them."""
        room, metrics = max(self.width() - 20, 60), QFontMetrics(self.code.font())
        lines = self._call.splitlines()
        shown = [metrics.elidedText(line, Qt.TextElideMode.ElideRight, room) for line in lines[:MOST_LINES]]
        self.code.setText("\n".join([*shown, "…"] if len(lines) > MOST_LINES else shown))
        cut = shown != lines
        self.code.setToolTip(f"<pre>{escape(self._call)}</pre>" if cut else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for name in LIBRARIES:
            menu.addAction(name, lambda name=name: self.choose(name))
        return menu

    def choose(self, library: str) -> None:
        """Another library's words."""
        self._library = library
        self.library.setText(library)
        self.refresh()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._call)

    def refresh(self) -> None:
        """Find the call of the selected slot, away from the window: calls are found by trying them."""
        slot = self._context.session.value.slot(self._context.view.value.selected)
        prepared = self._context.results.prepared
        self.setVisible(slot is not None)
        if slot is None:
            self._call = ""
            self._fit()
            return
        spec, code = prepared.spec if prepared else None, LIBRARIES[self._library]

        def work(cancel: CancelToken) -> str | None:
            return code(slot.method, spec)

        self._context.runner.submit("same as", work, self._show, priority=2)

    def _show(self, outcome: Outcome) -> None:
        call = outcome.value if isinstance(outcome, Done) else None
        self._call = call or ""
        self._fit()
        self.code.setVisible(call is not None)
        self.copy.setEnabled(call is not None)
        self.none.setText("" if call else f"No call of {self._library} gives these numbers.")
        self.none.setVisible(call is None)
        if not isinstance(outcome, Done):
            raise outcome.exception
