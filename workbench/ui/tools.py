"""What may stand on the pixels besides the picture: regions, pins, lines, dividers, lenses. Each is a `Handler`.

A handler paints over every view, may claim a press before the view pans or locks, moves what has the focus by arrow
keys, and takes one step back at ``Esc``. Views and gestures know the `Toolbox` only.

Convention
    Positions of events are logical pixels of a view's viewport; ``view.world_at`` and ``view.place_of`` go to the world
    and back. Painters count device pixels of ``view.frame``, so that lines are sharp at every ratio.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QWheelEvent

from workbench.model.view_state import Camera

if TYPE_CHECKING:
    from workbench.ui.image_view import ImageView


GO = "→"
"""The end of a header's chip that a click follows to a place."""

ARROWS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
"""Where the arrow keys lead: rows down, columns to the right."""


class Handler:
    """One kind of thing on the pixels; every method may be left as it is.

    ``press`` answers whether the handler claims the drag: then it alone gets ``drag`` and ``release``. ``click`` tells
    ``release`` whether the pointer stayed within the travel of a click.
    """

    def paint(self, painter: QPainter, view: ImageView) -> None:
        """Paint over a view; the painter counts device pixels of ``view.frame`` (its ``phase`` is taken off)."""

    def press(self, view: ImageView, event: QMouseEvent) -> bool:
        return False

    def drag(self, view: ImageView, event: QMouseEvent) -> None: ...

    def release(self, view: ImageView, event: QMouseEvent, click: bool) -> None: ...

    def cancel(self) -> None:
        """The drag ends as if it had not begun."""

    def hover(self, view: ImageView, position: QPointF | None) -> Qt.CursorShape | None:
        """The pointer moves without a claim, or has left (None); the cursor for what would be claimed here."""
        return None

    def wheel(self, view: ImageView, event: QWheelEvent) -> bool:
        return False

    def key(self, view: ImageView, event: QKeyEvent) -> bool:
        """A key while something of this handler has the focus; True if it meant something."""
        return False

    @property
    def focused(self) -> bool:
        """Whether arrows and Delete mean something of this handler now; at most one handler says so."""
        return False

    def blur(self) -> None:
        """Something else takes the focus."""

    def escape(self) -> bool:
        """One step back; True if there was one."""
        return False

    def chips(self, panel: str) -> tuple[str, ...]:
        """What a panel's header says of it; one that ends in `GO` is a button."""
        return ()

    def chip_clicked(self, panel: str, chip: str) -> bool:
        """A chip that is a button was clicked; True if it is one of this handler's."""
        return False


class Toolbox(QObject):
    """All handlers of a window, asked in turn: the last one added stands uppermost and is asked first."""

    changed = Signal()
    said = Signal()
    noted = Signal(str, str)
    """Something that is no failure, for the bar above the panels: in bold, then in words."""
    chips_changed = Signal()
    ring_changed = Signal(bool)
    """The keyboard brought the focus to the pixels of some panel, or it has gone."""

    def __init__(self) -> None:
        super().__init__()
        self._handlers: list[Handler] = []
        self.words = ""
        self._dragging: Handler | None = None
        self.close_look: tuple[Camera, Camera] | None = None
        """The camera before the last double click and the one after it: the next one, on any panel, goes back."""
        self.wheel_target: tuple[float, float] | None = None
        """The unsnapped zoom that the wheel has come to, over whichever panel, and the rung that is shown for it."""
        self.take_back: Callable[[], None] | None = None
        """Ends the drag of what is no handler's, a pan or an end of a range, as if it had not begun."""

    def add(self, handler: Handler) -> None:
        self._handlers.append(handler)
        self.changed.emit()

    def repaint(self) -> None:
        """Something on the pixels looks different: every view paints again."""
        self.changed.emit()

    def say(self, words: str) -> None:
        """What has the focus tells the status bar how it moves; an empty text gives the bar back to the pointer."""
        if words != self.words:
            self.words = words
            self.said.emit()

    @property
    def dragging(self) -> bool:
        return self._dragging is not None

    def focus(self, handler: Handler | None) -> None:
        """This handler's thing has the focus; every other gives it up."""
        for other in self._handlers:
            if other is not handler and other.focused:
                other.blur()
        self.changed.emit()

    def chips(self, panel: str) -> tuple[str, ...]:
        """What handlers have to say in a panel's header."""
        return tuple(chip for handler in self._handlers for chip in handler.chips(panel))

    def chip_clicked(self, panel: str, chip: str) -> bool:
        return any(handler.chip_clicked(panel, chip) for handler in self._handlers)

    # ---- what views pass on ------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, view: ImageView) -> None:
        for handler in self._handlers:
            painter.save()
            handler.paint(painter, view)
            painter.restore()

    def press(self, view: ImageView, event: QMouseEvent) -> bool:
        for handler in reversed(self._handlers):
            if handler.press(view, event):
                self._dragging = handler
                return True
        return False

    def drag(self, view: ImageView, event: QMouseEvent) -> bool:
        if self._dragging is None:
            return False
        self._dragging.drag(view, event)
        return True

    def release(self, view: ImageView, event: QMouseEvent, click: bool) -> bool:
        handler, self._dragging = self._dragging, None
        if handler is None:
            return False
        handler.release(view, event, click)
        return True

    def hover(self, view: ImageView, position: QPointF | None) -> Qt.CursorShape | None:
        found = None
        for handler in reversed(self._handlers):
            cursor = handler.hover(view, position)
            found = found or cursor
        return found

    def wheel(self, view: ImageView, event: QWheelEvent) -> bool:
        return any(handler.wheel(view, event) for handler in reversed(self._handlers))

    def key(self, view: ImageView, event: QKeyEvent) -> bool:
        return any(handler.focused and handler.key(view, event) for handler in reversed(self._handlers))

    def cancel(self) -> bool:
        """End a drag as if it had not begun; False if there is none."""
        if self.take_back is not None:
            self.take_back()
            return True
        handler, self._dragging = self._dragging, None
        if handler is None:
            return False
        handler.cancel()
        return True

    def escape(self) -> bool:
        """One step back, of the uppermost handler that has one."""
        return any(handler.escape() for handler in reversed(self._handlers))
