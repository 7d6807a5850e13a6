"""What regions, pins and lines have in common on the pixels: a drag that is one step, a focus, the way back at Esc."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent

from workbench.model import edits
from workbench.model.regions import Cell, phase_cell, pixel_cell
from workbench.model.view_state import Tool
from workbench.ui.context import Context
from workbench.ui.tools import Handler

if TYPE_CHECKING:
    from workbench.ui.image_view import ImageView

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
_TRAVEL = 4.0
"""Logical pixels beyond which a press is no click."""


@dataclass
class Drag:
    """A drag of a mark: its steps are one in the history.

    Parameters
    ----------
    merge : str
        What its steps share.
    start : (float, float)
        World point of the press.
    press : QPointF
        The same in the view.
    edits : int
        How many of its steps changed anything.
    moved : bool
        Whether it went farther than a click does.
    """

    merge: str
    start: tuple[float, float]
    press: QPointF
    edits: int = 0
    moved: bool = False

    def goes(self, event: QMouseEvent) -> bool:
        """Whether it is a drag by now."""
        way = event.position() - self.press
        self.moved = self.moved or max(abs(way.x()), abs(way.y())) > _TRAVEL
        return self.moved


D = TypeVar("D", bound=Drag)


class MarkTool(Handler, Generic[D]):
    """A handler of marks of one kind, one of which may be selected, and have the focus as a whole or in a part.

    Attributes
    ----------
    tool : str
        With which the left button draws them; ``"none"`` if no tool does.
    knob : str
        The knob of the view that says which one is selected.
    noun : str
        What they are called in the history.
    """

    tool: ClassVar[Tool] = "none"
    knob: ClassVar[str]
    noun: ClassVar[str]

    def __init__(self, context: Context) -> None:
        self._context = context
        self._drag: D | None = None
        self._focus: str | None = None
        self._count = 0

    @property
    def active(self) -> bool:
        """Whether the left button draws them."""
        return self.tool != "none" and self._context.view.value.tool == self.tool

    @property
    def selected(self) -> object | None:
        """The one that keys mean; None if there is none."""
        return None

    # ---- focus -------------------------------------------------------------------------------------------------

    @property
    def focused(self) -> bool:
        return self._focus is not None and self.selected is not None

    def _select(self, which: str | int | None, focus: str | None = None) -> None:
        """Another one is selected; with a focus, arrow keys move it, or that part of it, from now on."""
        self._focus = focus
        self._context.view.set(**{self.knob: which})
        if focus is not None:
            self._context.tools.focus(self)
        self._context.tools.repaint()

    def blur(self) -> None:
        if self._focus is not None:
            self._focus = None
            self._context.tools.repaint()

    def escape(self) -> bool:
        if self.active:
            self._context.view.set(tool="none")
            return True
        if self.focused:
            self.blur()
            return True
        return self._deselect()

    def _deselect(self) -> bool:
        """The last step back, after the lock; False if there is none."""
        if self.selected is None or self._context.probe.locked is not None:
            return False
        self._context.view.set(**{self.knob: None})
        return True

    # ---- drags and edits ---------------------------------------------------------------------------------------

    def _next_merge(self) -> str:
        self._count += 1
        return f"{self.knob}-{self._count}"

    def _do(self, drag: Drag, label: str, edit: edits.Edit) -> None:
        """A step of a drag."""
        before = self._context.session.value
        self._context.session.do(label, edit, merge=drag.merge)
        drag.edits += self._context.session.value is not before
        self._context.tools.repaint()

    def cancel(self) -> None:
        drag, self._drag = self._drag, None
        if drag is not None and drag.edits:
            self._context.session.undo()
        self._context.tools.repaint()

    def _removed(self, edit: edits.Edit, deselect: bool = True) -> None:
        """One of them goes."""
        self._context.session.do(f"Remove {self.noun}", edit)
        if deselect:
            self._select(None)
        self._context.tools.repaint()

    def _click_pixel(self, view: ImageView, event: QMouseEvent) -> None:
        """A click on a pixel means the pixel, whatever stands on it."""
        point = view.point_at(event.position())
        if point is not None:
            self._context.probe.click(point)

    # ---- places ------------------------------------------------------------------------------------------------

    def _cell(self, view: ImageView, event: QMouseEvent | QKeyEvent | None) -> Cell:
        """What places snap to: a pixel of the panel, with Shift (or without an event) a whole phase cell."""
        assert view.geometry_shown is not None
        placement = view.geometry_shown.placement
        if event is None or event.modifiers() & SHIFT:
            return phase_cell(self._context.results, self._context.session.value, view.panel, placement)
        return pixel_cell(placement)


def device_point(view: ImageView, place: QPointF) -> QPoint:
    """The device pixel of a view's frame under a place of its viewport."""
    frame = view.frame
    return QPointF(place.x() * frame.ratio - frame.phase[1], place.y() * frame.ratio - frame.phase[0]).toPoint()
