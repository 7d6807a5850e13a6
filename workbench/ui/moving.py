"""One panel moved alone: while ``U`` is held, or once it was tapped, drag and wheel move a panel, not the camera.

The offset stays when the key is released; the panel's header says it, and takes it back.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

from workbench.model.view_state import Placing
from workbench.ui.camera import NOTCH
from workbench.ui.context import Context
from workbench.ui.image_view import ImageView
from workbench.ui.tools import ARROWS, Handler

STEP = 0.125
"""Source pixels for an arrow key and for a notch of the wheel: four of them are the half pixel of most errors."""
_PULLING = (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton)


class MovePanel(Handler):
    """Moves the panel under the pointer while it is on.

    Parameters
    ----------
    context : Context
    told : callable
        Called when something else than `toggle` has switched it off.
    """

    def __init__(self, context: Context, told: Callable[[], None] = lambda: None) -> None:
        self._context = context
        self._told = told
        self._on = False
        self._start: tuple[QPointF, Placing] | None = None

    @property
    def on(self) -> bool:
        return self._on

    def toggle(self) -> None:
        """On or off; a drag under way ends where it is."""
        self._on = not self._on
        self._start = None
        if self._on:
            self._context.tools.focus(self)
        else:
            self._context.tools.repaint()

    @property
    def focused(self) -> bool:
        return self._on

    def blur(self) -> None:
        self.escape()

    def escape(self) -> bool:
        was, self._on, self._start = self._on, False, None
        if was:
            self._told()
        return was

    def hover(self, view: ImageView, position: QPointF | None) -> Qt.CursorShape | None:
        return Qt.CursorShape.SizeAllCursor if self._on and position is not None else None

    def press(self, view: ImageView, event: QMouseEvent) -> bool:
        if not self._on or event.button() not in _PULLING:
            return False
        self._start = (event.position(), self._context.view.value.placing)
        return True

    def drag(self, view: ImageView, event: QMouseEvent) -> None:
        if self._start is None:
            return
        place, placing = self._start
        way, frame = event.position() - place, view.frame
        zoom = self._context.view.value.camera.zoom
        self._put(view.panel, placing, round(way.y() * frame.ratio) / zoom, round(way.x() * frame.ratio) / zoom)

    def release(self, view: ImageView, event: QMouseEvent, click: bool) -> None:
        self._start = None

    def cancel(self) -> None:
        if self._start is not None:
            self._context.view.set(placing=self._start[1])
        self._start = None

    def wheel(self, view: ImageView, event: QWheelEvent) -> bool:
        if not self._on:
            return False
        turned = event.angleDelta()
        across, down = turned.x(), turned.y()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not across:
            across, down = down, 0
        self._by(view.panel, -down / NOTCH * STEP, -across / NOTCH * STEP)
        return True

    def key(self, view: ImageView, event: QKeyEvent) -> bool:
        way = ARROWS.get(Qt.Key(event.key()))
        if way is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        step = 1.0 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
        self._by(view.panel, way[0] * step, way[1] * step)
        return True

    def _by(self, panel: str, down: float, across: float) -> None:
        self._put(panel, self._context.view.value.placing, down, across)

    def _put(self, panel: str, placing: Placing, down: float, across: float) -> None:
        y, x = placing.offset(panel)
        self._context.view.set(placing=placing.with_offset(panel, _clean(y + down), _clean(x + across)))


def _clean(offset: float) -> float:
    """Back at 0 means not moved, whatever rounding has left."""
    return 0.0 if abs(offset) < 1e-9 else offset
