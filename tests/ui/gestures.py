"""What a hand does, as real events sent to a view's viewport, at positions computed from pixels.

`QTest.mouseMove` carries no buttons, so a drag made of it does not pan; a drop has to go to the widget that takes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import PySide6
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from workbench.kernels.arrays import Pixel
from workbench.ui.image_view import ImageView

NONE = Qt.KeyboardModifier.NoModifier
LEFT, NO_BUTTON = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton


def place(view: ImageView, pixel: tuple[int, int]) -> QPointF:
    """The middle of an image pixel in the viewport."""
    return view.position_of(Pixel(*pixel))


def send_mouse(
    view: ImageView,
    kind: QEvent.Type,
    at: QPointF,
    button: Qt.MouseButton = NO_BUTTON,
    held: Qt.MouseButton = NO_BUTTON,
) -> QMouseEvent:
    """One mouse event, to the viewport as the window system would send it."""
    port = view.viewport()
    event = QMouseEvent(kind, at, port.mapToGlobal(at), button, held, NONE)
    QApplication.sendEvent(port, event)
    return event


def hover_at(view: ImageView, at: QPointF) -> None:
    """Move the pointer, no button held."""
    send_mouse(view, QEvent.Type.MouseMove, at)


def hover(view: ImageView, pixel: tuple[int, int]) -> None:
    """Point at a pixel."""
    hover_at(view, place(view, pixel))


def leave(view: ImageView) -> None:
    """Take the pointer away: Qt tells the viewport and the view around it."""
    for left in (view.viewport(), view):
        QApplication.sendEvent(left, QEvent(QEvent.Type.Leave))


def flick(view: ImageView, pixels: Iterable[tuple[int, int]]) -> None:
    """Moves that follow each other at once, faster than any frame."""
    for pixel in pixels:
        hover(view, pixel)


def click(view: ImageView, pixel: tuple[int, int], button: Qt.MouseButton = LEFT, travel: float = 0.0) -> None:
    """Press and release; the hand may tremble by a few pixels."""
    at = place(view, pixel)
    end = at + QPointF(travel, 0)
    send_mouse(view, QEvent.Type.MouseButtonPress, at, button, button)
    if travel:
        send_mouse(view, QEvent.Type.MouseMove, end, NO_BUTTON, button)
    send_mouse(view, QEvent.Type.MouseButtonRelease, end, button)


def double_click(view: ImageView, pixel: tuple[int, int]) -> None:
    """As Qt delivers it: a click, then the double click, then its release."""
    click(view, pixel)
    at = place(view, pixel)
    send_mouse(view, QEvent.Type.MouseButtonDblClick, at, LEFT, LEFT)
    send_mouse(view, QEvent.Type.MouseButtonRelease, at, LEFT)


def drag(view: ImageView, start: QPointF, way: QPointF, button: Qt.MouseButton = LEFT, steps: int = 5) -> None:
    """Press, move in a few steps, release."""
    send_mouse(view, QEvent.Type.MouseButtonPress, start, button, button)
    for step in range(1, steps + 1):
        send_mouse(view, QEvent.Type.MouseMove, start + way * (step / steps), NO_BUTTON, button)
    send_mouse(view, QEvent.Type.MouseButtonRelease, start + way, button)


def wheel(
    view: ImageView, at: QPointF, delta: int = 120, modifiers: Qt.KeyboardModifier = NONE, sideways: bool = False
) -> QWheelEvent:
    """Turn the wheel: 120 is a notch."""
    port = view.viewport()
    turned = QPoint(delta, 0) if sideways else QPoint(0, delta)
    event = QWheelEvent(
        at, port.mapToGlobal(at), QPoint(), turned, NO_BUTTON, modifiers, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(port, event)
    return event


def key(view: QWidget, code: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> bool:
    """Press a key; whether it was taken."""
    event = QKeyEvent(QEvent.Type.KeyPress, code, modifiers)
    event.setAccepted(True)
    QApplication.sendEvent(view, event)
    return event.isAccepted()


def drop(target: QWidget, paths: Iterable[Path]) -> bool:
    """Drop files on a widget, or on the nearest parent that takes drops; whether they were accepted."""
    taker: QWidget | None = target
    while taker is not None and not taker.acceptDrops():
        taker = taker.parentWidget()
    if taker is None:
        return False
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    middle = QPointF(taker.rect().center())
    # QDragEnterEvent takes only QPoint before 6.12, and warns about it from there on.
    at = middle if PySide6.__version_info__ >= (6, 12) else middle.toPoint()
    copy = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(at, copy, data, LEFT, NONE)
    QApplication.sendEvent(taker, enter)
    if not enter.isAccepted():
        return False
    event = QDropEvent(middle, copy, data, LEFT, NONE)
    QApplication.sendEvent(taker, event)
    return event.isAccepted()
