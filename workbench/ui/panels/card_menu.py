"""Menus of the provenance card: the method's call in a library's words, and what a library stores in 8 bits."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from workbench.kernels.cancel import CancelToken
from workbench.kernels.dialects.phrasebook import LIBRARIES
from workbench.model.jobs import Done, Outcome
from workbench.model.storing import CHOICES, choice_title, storing_reason
from workbench.model.view_state import Stored
from workbench.ui.context import Context


class CallMenu(QMenu):
    """Each library's call for one slot; calls are found by trying, away from the window, when the menu opens."""

    def __init__(self, context: Context, slot: Callable[[], str | None], parent: QWidget) -> None:
        super().__init__("Copy call as", parent)
        self._context = context
        self._slot = slot
        self.setToolTipsVisible(True)
        self._entries: dict[str, QAction] = {}
        for library in LIBRARIES:
            action = self.addAction(library)
            action.triggered.connect(lambda _=False, library=library: self.copy(library))
            self._entries[library] = action
        self.aboutToShow.connect(self.look)

    def entry(self, library: str) -> QAction:
        return self._entries[library]

    def look(self) -> None:
        """Find out which libraries have the method; entries of the others say that they do not."""
        slot = self._context.session.value.slot(self._slot() or "")
        prepared = self._context.results.prepared
        for library, action in self._entries.items():
            action.setEnabled(False)
            action.setToolTip("There is no method here" if slot is None else f"Looking for a call of {library} …")
        if slot is None:
            return
        spec = prepared.spec if prepared is not None else None

        def work(cancel: CancelToken) -> dict[str, str | None]:
            found: dict[str, str | None] = {}
            for library, code in LIBRARIES.items():
                cancel.check()
                found[library] = code(slot.method, spec)
            return found

        self._context.runner.submit("calls of the card", work, self._land, priority=2)

    def copy(self, library: str) -> None:
        """Put the call into the clipboard, as soon as it is found."""
        slot = self._context.session.value.slot(self._slot() or "")
        if slot is None:
            return
        prepared, code = self._context.results.prepared, LIBRARIES[library]
        spec = prepared.spec if prepared is not None else None
        self._context.runner.submit(
            "call of the card", lambda cancel: code(slot.method, spec), _to_clipboard, priority=2
        )

    def _land(self, outcome: Outcome) -> None:
        if not isinstance(outcome, Done):
            raise outcome.exception
        for library, action in self._entries.items():
            call = outcome.value[library]
            action.setEnabled(call is not None)
            action.setToolTip(call or f"No call of {library} gives these numbers")


class StoringMenu(QMenu):
    """By whose rule the card says what is stored of a picture of bytes."""

    def __init__(self, context: Context, slot: Callable[[], str | None], parent: QWidget) -> None:
        super().__init__("Stored in 8 bits as by", parent)
        self._context = context
        self._slot = slot
        self.setToolTipsVisible(True)
        self._entries: dict[Stored, QAction] = {}
        for choice in CHOICES:
            title = choice_title(choice)
            action = self.addAction(title[:1].upper() + title[1:] if choice in ("own", "none") else title)
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, choice=choice: context.view.set(stored=choice))
            self._entries[choice] = action
        self.aboutToShow.connect(self.look)

    def entry(self, choice: Stored) -> QAction:
        return self._entries[choice]

    def look(self) -> None:
        """Which one is chosen, and which of them take the bytes of the slot at the probe."""
        context = self._context
        slot, prepared = context.session.value.slot(self._slot() or ""), context.results.prepared
        for choice, action in self._entries.items():
            reason = storing_reason(slot, prepared, choice)
            action.setEnabled(reason is None)
            action.setToolTip(reason or "")
            action.setChecked(choice == context.view.value.stored)


def _to_clipboard(outcome: Outcome) -> None:
    if not isinstance(outcome, Done):
        raise outcome.exception
    if outcome.value is not None:
        QGuiApplication.clipboard().setText(outcome.value)
