"""The lines of profiles under the pointer and the arrow keys: draw, move, turn, remove.

With the tool on, a left drag draws a line; with Shift it lies along an axis. Ends and the line itself can always be
taken hold of. Ends snap to the middles of the pixels of the panel under the pointer, where there is one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, cast

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter

from workbench.model import edits
from workbench.model.document import Line
from workbench.model.profile import length_of
from workbench.model.regions import pixel_cell
from workbench.model.view_state import Tool
from workbench.ui.mark_painting import GRAB, device_place, is_seen, paint_handle, paint_line, paint_plate, plate_size
from workbench.ui.mark_tool import CONTROL, SHIFT, Drag, MarkTool
from workbench.ui.tools import ARROWS

if TYPE_CHECKING:
    from workbench.ui.image_view import ImageView

Part = Literal["start", "end", "line"]

_LINE, _FAINT = QColor(255, 255, 255), QColor(176, 176, 176)


@dataclass
class _Drag(Drag):
    """The line that is dragged, as it was, and which part of it."""

    line: Line | None = None
    part: Part = "end"


class ProfileTool(MarkTool[_Drag]):
    """The handler of all lines."""

    tool: ClassVar[Tool] = "profile"
    knob: ClassVar[str] = "line"
    noun: ClassVar[str] = "line"

    # ---- what others may ask -----------------------------------------------------------------------------------

    @property
    def selected(self) -> Line | None:
        """The line whose profile is shown: the chosen one, else the last."""
        value = self._context.session.value
        chosen = value.line(self._context.view.value.line)
        return chosen or (value.lines[-1] if value.lines else None)

    @property
    def focused_part(self) -> Part | None:
        """Which part arrow keys move."""
        return cast("Part", self._focus) if self.focused else None

    def take_focus(self, id: str, part: Part = "line") -> None:
        """Arrow keys move this line, or one of its ends, from now on."""
        self._select(id, part)

    def add(self, y0: float, x0: float, y1: float, x1: float) -> None:
        """A new line that has the focus."""
        self._context.session.do("Add line", edits.add_line(y0, x0, y1, x1))
        lines = self._context.session.value.lines
        if lines:
            self.take_focus(lines[-1].id)

    def remove(self, id: str) -> None:
        """Without this line."""
        self._removed(edits.remove_line(id))

    # ---- pointer -----------------------------------------------------------------------------------------------

    def press(self, view: ImageView, event: QMouseEvent) -> bool:
        if event.button() != Qt.MouseButton.LeftButton or view.geometry_shown is None:
            return False
        place = event.position()
        hit = self._hit(view, place)
        if hit is None and not self.active:
            self.blur()
            return False
        self._drag = _Drag(self._next_merge(), view.world_at(place), place)
        if hit is not None:
            self._drag.line, self._drag.part = hit
            self.take_focus(hit[0].id, hit[1])
        return True

    def drag(self, view: ImageView, event: QMouseEvent) -> None:
        drag = self._drag
        if drag is None or not drag.goes(event):
            return
        shift = bool(event.modifiers() & SHIFT)
        now = view.world_at(event.position())
        if drag.line is None:
            y0, x0 = self._snapped(view, *drag.start)
            y1, x1 = _upright((y0, x0), self._snapped(view, *now), shift)
            self._do(drag, "Add line", edits.add_line(y0, x0, y1, x1))
            lines = self._context.session.value.lines
            if drag.edits:
                drag.line, drag.part = lines[-1], "end"
                self.take_focus(lines[-1].id, "end")
            return
        self._do(drag, "Move line", edits.move_line(drag.line.id, *self._dragged(view, drag, now, shift)))

    def release(self, view: ImageView, event: QMouseEvent, click: bool) -> None:
        drag, self._drag = self._drag, None
        if drag is not None and not drag.moved and drag.line is None:
            self._click_pixel(view, event)

    def hover(self, view: ImageView, position: QPointF | None) -> Qt.CursorShape | None:
        if position is None or view.geometry_shown is None:
            return None
        hit = self._hit(view, position)
        if hit is not None:
            return Qt.CursorShape.SizeAllCursor if hit[1] == "line" else Qt.CursorShape.PointingHandCursor
        return Qt.CursorShape.CrossCursor if self.active else None

    # ---- keys --------------------------------------------------------------------------------------------------

    def key(self, view: ImageView, event: QKeyEvent) -> bool:
        line, key, part = self.selected, Qt.Key(event.key()), self.focused_part
        if line is None or part is None:
            return False
        if key == Qt.Key.Key_Delete:
            self.remove(line.id)
            return True
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End) and not event.modifiers() & CONTROL:
            wanted: Part = "start" if key == Qt.Key.Key_Home else "end"
            self.take_focus(line.id, "line" if part == wanted else wanted)
            return True
        way = ARROWS.get(key)
        if way is None or event.modifiers() & CONTROL or view.geometry_shown is None:
            return False
        cell = self._cell(view, event)
        down, across = way[0] * cell.step[0], way[1] * cell.step[1]
        first, last = part in ("start", "line"), part in ("end", "line")
        ends = (
            line.y0 + down * first,
            line.x0 + across * first,
            line.y1 + down * last,
            line.x1 + across * last,
        )
        edit = edits.move_line(line.id, *ends)
        self._context.session.do("Move line", edit, merge=f"keys-{line.id}-{part}")
        self._context.tools.repaint()
        return True

    def _deselect(self) -> bool:
        """Some line is always shown in the dock."""
        return False

    # ---- painting ----------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, view: ImageView) -> None:
        lines = self._context.session.value.lines
        if not lines or view.geometry_shown is None:
            return
        chosen, frame = self.selected, view.frame
        for number, line in enumerate(lines, 1):
            start, end = device_place(frame, line.y0, line.x0), device_place(frame, line.y1, line.x1)
            if not is_seen(frame, QRect(start, end).normalized()):
                continue
            if line.width > 0:
                self._paint_band(painter, view, line)
            colour = _LINE if line is chosen else _FAINT
            paint_line(painter, QPointF(start), QPointF(end), colour, frame.ratio)
            self._paint_ends(painter, view, line, start, end, number)

    def _paint_ends(
        self, painter: QPainter, view: ImageView, line: Line, start: QPoint, end: QPoint, number: int
    ) -> None:
        ratio, chosen = view.frame.ratio, line is self.selected
        accent = self._context.theme.color("accent")
        if chosen:
            for part, at in (("start", start), ("end", end)):
                held = self._focus in (part, "line")
                paint_handle(
                    painter, at, ratio, accent if held else None, _LINE if part == "end" else QColor(128, 128, 128)
                )
        name = f"L{number}"
        width, height = plate_size(name, ratio)
        away = round(9 * ratio)
        plate = QRect(start.x() - width // 2, start.y() - away - height, max(width, height), height)
        paint_plate(painter, plate, name, _LINE if chosen else _FAINT, ratio, None)

    def _paint_band(self, painter: QPainter, view: ImageView, line: Line) -> None:
        """The two sides of a line that has a width."""
        length = length_of(line)
        away = line.width / 2
        ny, nx = (line.x1 - line.x0) / length * away, -(line.y1 - line.y0) / length * away
        for sign in (-1, 1):
            a = device_place(view.frame, line.y0 + sign * ny, line.x0 + sign * nx)
            b = device_place(view.frame, line.y1 + sign * ny, line.x1 + sign * nx)
            paint_line(painter, QPointF(a), QPointF(b), _FAINT, view.frame.ratio)

    # ---- parts -------------------------------------------------------------------------------------------------

    def _dragged(
        self, view: ImageView, drag: _Drag, now: tuple[float, float], shift: bool
    ) -> tuple[float, float, float, float]:
        line = drag.line
        assert line is not None
        if drag.part == "start":
            return (*_upright((line.y1, line.x1), self._snapped(view, *now), shift), line.y1, line.x1)
        if drag.part == "end":
            return (line.y0, line.x0, *_upright((line.y0, line.x0), self._snapped(view, *now), shift))
        y, x = self._snapped(view, line.y0 + now[0] - drag.start[0], line.x0 + now[1] - drag.start[1])
        return (y, x, y + line.y1 - line.y0, x + line.x1 - line.x0)

    def _snapped(self, view: ImageView, y: float, x: float) -> tuple[float, float]:
        """The middle of the pixel of this panel that holds a place."""
        assert view.geometry_shown is not None
        step = view.geometry_shown.placement.step
        top, left = pixel_cell(view.geometry_shown.placement).floor(y, x)
        return (top + step[0] / 2, left + step[1] / 2)

    def _hit(self, view: ImageView, place: QPointF) -> tuple[Line, Part] | None:
        """The line under the pointer, the selected one first, and which part of it."""
        uppermost, chosen = self._context.session.value.lines[::-1], self.selected
        for line in sorted(uppermost, key=lambda one: one is not chosen):
            start, end = view.place_of(line.y0, line.x0), view.place_of(line.y1, line.x1)
            if line is chosen or self.active:
                ends: tuple[tuple[Part, QPointF], ...] = (("end", end), ("start", start))
                for part, at in ends:
                    if math.hypot(place.x() - at.x(), place.y() - at.y()) <= GRAB + 2:
                        return line, part
            if _distance(place, start, end) <= GRAB / 2 + 1:
                return line, "line"
        return None


def _upright(fixed: tuple[float, float], moving: tuple[float, float], wanted: bool) -> tuple[float, float]:
    """A place, or where it meets the axis through a fixed one that is nearer."""
    if not wanted:
        return moving
    down, across = abs(moving[0] - fixed[0]), abs(moving[1] - fixed[1])
    return (fixed[0], moving[1]) if across >= down else (moving[0], fixed[1])


def _distance(place: QPointF, start: QPointF, end: QPointF) -> float:
    """From a place to a line between two others."""
    way, off = end - start, place - start
    length = way.x() ** 2 + way.y() ** 2
    share = 0.0 if length == 0 else min(max((way.x() * off.x() + way.y() * off.y()) / length, 0.0), 1.0)
    foot = start + way * share
    return math.hypot(place.x() - foot.x(), place.y() - foot.y())
