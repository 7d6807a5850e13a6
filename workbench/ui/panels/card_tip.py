"""The card's tooltip: all it says in words; where a library stores bytes, its rule, and counts over the whole output.

Counts cost a look at every pixel: they are found away from the window, when the tooltip is first asked for.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QToolTip, QWidget

from workbench.model.formula import Formula
from workbench.model.jobs import Done, Outcome
from workbench.model.results import Ready
from workbench.model.storing import Rounding, counted
from workbench.ui.context import Context


class CardTip(QObject):
    """Sets the tooltip of a card, and counts what a library changes."""

    def __init__(self, context: Context, card: QWidget) -> None:
        super().__init__(card)
        self._context = context
        self._card = card
        self._lines: tuple[str, ...] = ()
        self._now: tuple[Ready, Rounding] | None = None
        self._counted: tuple[Ready, Rounding] | None = None
        self._words = ""
        card.installEventFilter(self)

    def show(self, lines: tuple[str, ...], slot: str | None, formula: Formula | None) -> None:
        """What the card says now, in words."""
        stored, ready = None if formula is None else formula.stored, self._context.results.ready(slot or "")
        self._lines = lines if stored is None else (*lines, *stored.rounding.words)
        self._now = None if stored is None or ready is None else (ready, stored.rounding)
        self._set()

    def _set(self) -> None:
        words = self._words if _same(self._now, self._counted) else ""
        self._card.setToolTip("<br>".join(filter(None, (*self._lines, words))))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and self._now is not None and not _same(self._now, self._counted):
            self._count(*self._now)
        return False

    def _count(self, ready: Ready, rounding: Rounding) -> None:
        self._counted, self._words = (ready, rounding), ""

        def land(outcome: Outcome) -> None:
            if not isinstance(outcome, Done):
                raise outcome.exception
            if _same(self._counted, (ready, rounding)):
                self._words = outcome.value
                self._set()
                if QToolTip.isVisible() and self._card.underMouse():
                    QToolTip.showText(QCursor.pos(), self._card.toolTip(), self._card)

        self._context.runner.submit("stored counts", lambda cancel: counted(ready, rounding), land, priority=2)


def _same(one: tuple[Ready, Rounding] | None, other: tuple[Ready, Rounding] | None) -> bool:
    """Whether two are about the same operator, pixels and library."""
    if one is None or other is None:
        return False
    alike = one[0].operator is other[0].operator and one[0].prepared.values is other[0].prepared.values
    return alike and one[1].library == other[1].library
