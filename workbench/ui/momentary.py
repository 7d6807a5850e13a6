"""Keys that act while they are held: tapped they latch, held for 250 ms or longer they act while down, and revert.

Also the digits: they belong to a place on the keyboard, the number row or the keypad, whatever the layout writes there.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from workbench.ui.action_set import ActionSet
from workbench.ui.actions import ACTIONS

HELD_FROM = 0.250
"""Seconds from which a key was held, not tapped."""

_KEYS = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
_PRESSES_BUTTONS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MAC_NUMBER_ROW = {18: 1, 19: 2, 20: 3, 21: 4, 23: 5, 22: 6, 26: 7, 28: 8, 25: 9, 29: 10}
_IDS = tuple(spec.id for spec in ACTIONS if spec.momentary)


class Momentary(QObject):
    """Gives the canvas its momentary keys and its digits.

    A momentary action toggles: pressing its key triggers it, and releasing the key after 250 ms triggers it again. One
    that is checkable is left alone at the release if something else has brought it back meanwhile.

    Parameters
    ----------
    canvas : QWidget
        The keys act while it, or something in it, has the focus.
    actions : ActionSet
        Those whose spec says ``momentary`` are ours.
    clock : callable
        Seconds; only differences count.

    Signals
    -------
    changed : (id, held)
        A momentary key went down, or came up.
    digit : (n,)
        A key of the number row or of the keypad was pressed: 1 … 9, and 10 for the key of 0.
    """

    changed = Signal(str, bool)
    digit = Signal(int)

    def __init__(self, canvas: QWidget, actions: ActionSet, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._actions = actions
        self.clock = clock
        self._held: dict[int, tuple[str, float, bool]] = {}
        canvas.installEventFilter(self)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_changed)
        app.applicationStateChanged.connect(self._application_changed)

    def is_held(self, id: str) -> bool:
        """Whether the key of an action is down."""
        return any(held == id for held, _, _ in self._held.values())

    def release_all(self) -> None:
        """What is held ends: the release itself will never be heard of."""
        while self._held:
            id, _, before = self._held.popitem()[1]
            self._revert(id, before)

    # ---- keys --------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.WindowDeactivate:
            self.release_all()
        if kind not in _KEYS or not isinstance(event, QKeyEvent):
            return False
        taken = self._released(event) if kind == QEvent.Type.KeyRelease else self._pressed(event)
        if taken:
            event.accept()
        return taken

    def _pressed(self, event: QKeyEvent) -> bool:
        """A key goes down; its shortcut is overridden first, so that the press itself arrives here."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and event.key() in _PRESSES_BUTTONS and isinstance(QApplication.focusWidget(), QAbstractButton):
            return True  # a button in the canvas keeps its own keys
        digit = digit_of(event)
        id = self._action_of(event)
        if digit is None and id is None:
            return False
        if override or event.isAutoRepeat():
            return True
        if digit is not None:
            self.digit.emit(digit)
        elif id is not None and self._actions[id].isEnabled():
            self._held[event.key()] = (id, self.clock(), self._actions[id].isChecked())
            self._actions[id].trigger()
            self.changed.emit(id, True)
        return True

    def _released(self, event: QKeyEvent) -> bool:
        if event.key() not in self._held:
            return False
        if not event.isAutoRepeat():
            id, since, before = self._held.pop(event.key())
            if self.clock() - since >= HELD_FROM:
                self._revert(id, before)
            else:
                self.changed.emit(id, False)
        return True

    def _revert(self, id: str, before: bool) -> None:
        """As it was before the key went down: on, too, where a tap had latched it."""
        action = self._actions[id]
        if action.isChecked() != before or not action.isCheckable():
            action.trigger()
        self.changed.emit(id, False)

    def _action_of(self, event: QKeyEvent) -> str | None:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        pressed = QKeySequence(modifiers.value | event.key())
        return next((id for id in _IDS if pressed in self._actions[id].shortcuts()), None)

    # ---- what ends a hold without a release --------------------------------------------------------------------

    def _focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        if self._held and (now is None or not (now is self._canvas or self._canvas.isAncestorOf(now))):
            self.release_all()

    def _application_changed(self, state: Qt.ApplicationState) -> None:
        if state != Qt.ApplicationState.ApplicationActive:
            self.release_all()


def digit_of(event: QKeyEvent, system: str = sys.platform) -> int | None:
    """Which digit a key is by its place: 1 … 9, and 10 for the key of 0; None for any other key.

    Parameters
    ----------
    event : QKeyEvent
    system : str
        As ``sys.platform``: it decides how keys are numbered.
    """
    modifiers = event.modifiers()
    if modifiers & ~Qt.KeyboardModifier.KeypadModifier:
        return None
    if not modifiers & Qt.KeyboardModifier.KeypadModifier:
        if system == "darwin":
            by_place = _MAC_NUMBER_ROW.get(event.nativeVirtualKey())
        else:
            place = event.nativeScanCode() - (1 if system == "win32" else 9)
            by_place = place if 1 <= place <= 10 else None
        if by_place is not None:
            return by_place
    by_name = event.key() - Qt.Key.Key_0
    return (by_name or 10) if 0 <= by_name <= 9 else None
