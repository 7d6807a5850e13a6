"""Drags with modifiers from world place to world place, for what stands on the pixels."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from workbench.ui.image_view import ImageView

NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT, RIGHT, NO_BUTTON = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.NoButton


def send(
    view: ImageView,
    kind: QEvent.Type,
    at: QPointF,
    button: Qt.MouseButton = NO_BUTTON,
    held: Qt.MouseButton = NO_BUTTON,
    modifiers: Qt.KeyboardModifier = NONE,
) -> None:
    """One mouse event at a place of the viewport."""
    port = view.viewport()
    QApplication.sendEvent(port, QMouseEvent(kind, at, port.mapToGlobal(at), button, held, modifiers))


def press_at(view: ImageView, at: QPointF, button: Qt.MouseButton = LEFT) -> None:
    """Press a button and hold it."""
    send(view, QEvent.Type.MouseButtonPress, at, button, button)


def move_to(view: ImageView, at: QPointF, button: Qt.MouseButton = LEFT, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Move with a button held."""
    send(view, QEvent.Type.MouseMove, at, NO_BUTTON, button, modifiers)


def release_at(view: ImageView, at: QPointF, button: Qt.MouseButton = LEFT) -> None:
    """Let the button go."""
    send(view, QEvent.Type.MouseButtonRelease, at, button)


def drag_world(
    view: ImageView,
    start: tuple[float, float],
    end: tuple[float, float],
    button: Qt.MouseButton = LEFT,
    modifiers: Qt.KeyboardModifier = NONE,
) -> None:
    """Drag from one world place (y, x) to another, in steps."""
    a, b = view.place_of(*start), view.place_of(*end)
    press_at(view, a, button)
    for step in range(1, 6):
        move_to(view, a + (b - a) * (step / 5), button, modifiers)
    release_at(view, b, button)


def click_world(view: ImageView, place: tuple[float, float], button: Qt.MouseButton = LEFT) -> None:
    """Press and release at a world place."""
    press_at(view, view.place_of(*place), button)
    release_at(view, view.place_of(*place), button)
