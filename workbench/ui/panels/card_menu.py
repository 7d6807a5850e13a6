"""The menu of the provenance card: forms of the sum, copies, the method's call, and what a library stores in 8 bits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from workbench.kernels.cancel import CancelToken
from workbench.kernels.dialects.phrasebook import LIBRARIES
from workbench.model.jobs import Done, Outcome
from workbench.model.storing import CHOICES, choice_title, storing_reason
from workbench.model.terms import Form, forms_of
from workbench.model.view_state import Stored
from workbench.ui.context import Context

if TYPE_CHECKING:
    from workbench.ui.panels.provenance_card import ProvenanceCard


class CardMenu(QMenu):
    """How the sum is written, copies of it, and the menus of libraries.

    It is filled once and looks again when it opens: clearing a menu that holds others takes their entries along.
    """

    def __init__(self, card: ProvenanceCard, slot: Callable[[], str | None]) -> None:
        super().__init__(card)
        self._card = card
        self.setToolTipsVisible(True)
        self._forms: dict[Form, QAction] = {}
        for form in Form:
            action = self.addAction(form.title[:1].upper() + form.title[1:])
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, form=form: card.set_form(form))
            self._forms[form] = action
        self.addSeparator()
        self.addAction("Copy table\tCtrl+C", card.copy)
        self._sums = (
            self.addAction("Copy as LaTeX", card.copy_latex),
            self.addAction("Copy as fractions", card.copy_fractions),
        )
        self.calls = CallMenu(card.context, slot, self)
        self.storing = StoringMenu(card.context, slot, self)
        self.addMenu(self.calls)
        self.addMenu(self.storing)
        self.aboutToShow.connect(self._look)

    def _look(self) -> None:
        formula = self._card.formula
        possible = forms_of(formula.factors) if formula is not None else ()
        for form, action in self._forms.items():
            action.setChecked(form is self._card.form)
            action.setEnabled(form in possible)
            why = "This row is no product of two lines" if formula is not None else "No sum is shown"
            action.setToolTip("" if form in possible else why)
        for action in self._sums:
            action.setEnabled(formula is not None)


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
