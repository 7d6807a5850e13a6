"""Pins under the pointer and the arrow keys: numbered crosshairs on every panel, filled on the panel they belong to.

A pin is a pixel of one picture; the other panels show where that place is. It is dragged on its own panel or on any
other: it goes to the pixel of its own picture that lies there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter

from workbench.kernels.arrays import Pixel
from workbench.model import edits
from workbench.model.document import Pin
from workbench.model.panels import geometry, slot_of
from workbench.model.probe import ProbePoint, counted_slot, pixel_in, shift_step, world_of
from workbench.ui.camera import Frame
from workbench.ui.looks import cell_rect
from workbench.ui.mark_painting import BLACK, GRAB, WHITE, device_place, is_seen, paint_plate, plate_size
from workbench.ui.mark_tool import CONTROL, SHIFT, Drag, MarkTool, device_point
from workbench.ui.pixel_text import COORDINATES_FROM, NUMBERS_FROM
from workbench.ui.tools import ARROWS

if TYPE_CHECKING:
    from workbench.ui.image_view import ImageView

_ARM, _GAP, _EDGE = 10, 4, 2
"""Logical pixels from the middle to the end of an arm, and to where it begins; and within the edge of a large pixel."""
_DARK = QColor(28, 28, 28)


@dataclass
class _Drag(Drag):
    """The pin that is dragged, where it was, and whether it was taken by its pixel, not by its number."""

    pin: Pin = field(kw_only=True)
    index: int = 0
    on_pixel: bool = False


class PinTool(MarkTool[_Drag]):
    """The handler of all pins."""

    knob: ClassVar[str] = "pin"
    noun: ClassVar[str] = "pin"

    # ---- what others may ask -----------------------------------------------------------------------------------

    @property
    def selected(self) -> int | None:
        """The number of the selected pin, from 0."""
        index = self._context.view.value.pin
        return index if index is not None and 0 <= index < len(self._pins) else None

    def toggle(self) -> None:
        """Pin the probe, or take its pin away; a new pin is selected."""
        point = self._context.probe.active
        if point is None:
            return
        pin = Pin(point.slot, point.row, point.col)
        there = pin in self._pins
        self._context.session.do("Unpin" if there else "Pin", edits.toggle_pin(pin))
        self._select(None if there else len(self._pins) - 1)

    def go(self, index: int) -> None:
        """Select a pin, move the probe there, and let arrow keys move the pin."""
        self._select(index, "whole")
        self._show(self._pins[index])

    def next(self) -> None:
        """The pin after the selected one; behind the last one the first."""
        if self._pins:
            at = self.selected
            self.go(0 if at is None else (at + 1) % len(self._pins))

    def remove(self, index: int) -> None:
        """Without this pin."""
        self._removed(edits.remove_pin(index))

    # ---- pointer -----------------------------------------------------------------------------------------------

    def press(self, view: ImageView, event: QMouseEvent) -> bool:
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        index = self._hit(view, event.position())
        if index is None:
            self.blur()
            return False
        place = event.position()
        on_pixel = not self._on_plate(view, place, index)
        pin, world = self._pins[index], view.world_at(place)
        self._drag = _Drag(self._next_merge(), world, place, pin=pin, index=index, on_pixel=on_pixel)
        if not on_pixel:
            self.go(index)
        return True

    def drag(self, view: ImageView, event: QMouseEvent) -> None:
        drag = self._drag
        if drag is None or not 0 <= drag.index < len(self._pins):
            return
        pin, context = self._pins[drag.index], self._context
        world = view.world_at(event.position())
        # As in the panel under the pointer: on the panel of the pin itself, exactly the pixel that is there.
        own = slot_of(view.panel) == pin.slot
        pixel = view.pixel_at(event.position()) if own and view.panel == pin.slot else None
        if pixel is None:
            pixel = pixel_in(context.results, context.session.value, pin.slot, world, context.view.value.placing)
        if pixel is not None and event.modifiers() & SHIFT:
            pixel = self._in_phase(drag.pin, pixel)
        if pixel is not None:
            drag.edits += self._move(drag.index, Pin(pin.slot, pixel.row, pixel.col), drag.merge)

    def release(self, view: ImageView, event: QMouseEvent, click: bool) -> None:
        drag, self._drag = self._drag, None
        if click and drag is not None and drag.on_pixel and not drag.edits:
            self._click_pixel(view, event)

    def hover(self, view: ImageView, position: QPointF | None) -> Qt.CursorShape | None:
        if position is None or self._hit(view, position) is None:
            return None
        return Qt.CursorShape.SizeAllCursor

    # ---- keys --------------------------------------------------------------------------------------------------

    def key(self, view: ImageView, event: QKeyEvent) -> bool:
        index = self.selected
        if index is None:
            return False
        if event.key() == Qt.Key.Key_Delete:
            self.remove(index)
            return True
        way = ARROWS.get(Qt.Key(event.key()))
        if way is None or event.modifiers() & CONTROL:
            return False
        pin, context = self._pins[index], self._context
        found = geometry(context.results, context.session.value, pin.slot)
        if found is None:
            return False
        step = (1, 1)
        if event.modifiers() & SHIFT:
            step = self._cell_of(pin)
        row, col = pin.row + way[0] * step[0], pin.col + way[1] * step[1]
        if 0 <= row < found.shape[0] and 0 <= col < found.shape[1]:
            self._move(index, Pin(pin.slot, row, col), f"pin-keys-{index}")
        return True

    # ---- painting ----------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, view: ImageView) -> None:
        accent = self._context.theme.color("accent")
        for index, pin in enumerate(self._pins):
            middle = self._middle(view, pin)
            if middle is None:
                continue
            focused = index == self.selected and self.focused
            own = slot_of(view.panel) == pin.slot
            free = self._free(view, pin, middle)
            _crosshair(painter, middle, view.frame, free)
            fill = WHITE if own else _DARK
            plate = _plate(middle, free, index + 1, view.frame)
            paint_plate(painter, plate, str(index + 1), fill, view.frame.ratio, accent if focused else None)
            if index == self.selected and not focused:
                painter.fillRect(plate.left(), plate.bottom(), plate.width(), round(2 * view.frame.ratio), accent)

    # ---- parts -------------------------------------------------------------------------------------------------

    @property
    def _pins(self) -> tuple[Pin, ...]:
        return self._context.session.value.pins

    def _cell_of(self, pin: Pin) -> tuple[int, int]:
        """Rows and columns of a phase cell of a pin's picture; in the source, of the selected method's."""
        context = self._context
        of = counted_slot(context.results, context.session.value, context.view.value.selected)
        return shift_step(context.results, ProbePoint(pin.slot, pin.row, pin.col), of)

    def _in_phase(self, pin: Pin, pixel: Pixel) -> Pixel | None:
        """The pixel next to this one that is whole phase cells away from a pin; None beside its picture."""
        found = geometry(self._context.results, self._context.session.value, pin.slot)
        rows, cols = self._cell_of(pin)
        row = pin.row + round((pixel.row - pin.row) / rows) * rows
        col = pin.col + round((pixel.col - pin.col) / cols) * cols
        inside = found is not None and 0 <= row < found.shape[0] and 0 <= col < found.shape[1]
        return Pixel(row, col) if inside else None

    def _middle(self, view: ImageView, pin: Pin) -> QPoint | None:
        """The device pixel of a view's frame in the middle of a pin's pixel; None if it is not seen, or not there."""
        context, frame = self._context, view.frame
        if view.geometry_shown is None:
            return None
        placing = context.view.value.placing
        world = world_of(context.results, context.session.value, ProbePoint(pin.slot, pin.row, pin.col), placing)
        if world is None:
            return None
        top, left, bottom, right = view.geometry_shown.placement.extent(view.geometry_shown.shape)
        if not (top <= world[0] <= bottom and left <= world[1] <= right):
            return None  # beside this picture: there is no pixel to mark
        if view.panel == pin.slot:
            y, x = frame.centre_of(Pixel(pin.row, pin.col))
            at = QPoint(round(x - frame.phase[1]), round(y - frame.phase[0]))
        else:
            at = device_place(frame, *world)
        return at if is_seen(frame, QRect(at, at)) else None

    def _free(self, view: ImageView, pin: Pin, middle: QPoint) -> QRect:
        """What stays free around a pin's middle: all of the pixel it lies in, if that is large enough for a number."""
        context, frame = self._context, view.frame
        if frame.logical_cell < NUMBERS_FROM:
            return _around(middle, frame)
        pixel: Pixel | None = Pixel(pin.row, pin.col)
        if view.panel != pin.slot:
            comparison, placing = context.session.value, context.view.value.placing
            world = world_of(context.results, comparison, ProbePoint(pin.slot, pin.row, pin.col), placing)
            pixel = None if world is None else pixel_in(context.results, comparison, view.panel, world, placing)
        edge = round(_EDGE * frame.ratio)
        return _around(middle, frame) if pixel is None else cell_rect(frame, *pixel).adjusted(edge, edge, -edge, -edge)

    def _hit(self, view: ImageView, place: QPointF) -> int | None:
        """The pin whose plate or middle is under the pointer, the selected one first."""
        frame, at = view.frame, device_point(view, place)
        reach = round(GRAB * frame.ratio)
        order = sorted(range(len(self._pins)), key=lambda index: index != self.selected)
        for index in order:
            middle = self._middle(view, self._pins[index])
            if middle is None:
                continue
            near = index == self.selected and (at - middle).manhattanLength() <= reach
            if near or _plate(middle, self._free(view, self._pins[index], middle), index + 1, frame).contains(at):
                return index
        return None

    def _on_plate(self, view: ImageView, place: QPointF, index: int) -> bool:
        """Whether the pointer is on the number of a pin, not on its pixel."""
        pin, frame = self._pins[index], view.frame
        middle, at = self._middle(view, pin), device_point(view, place)
        return middle is not None and _plate(middle, self._free(view, pin, middle), index + 1, frame).contains(at)

    def _move(self, index: int, pin: Pin, merge: str) -> bool:
        """A pin goes to another pixel, and the probe with it; whether it did."""
        before = self._context.session.value
        self._context.session.do("Move pin", edits.move_pin(index, pin), merge=merge)
        self._show(self._pins[index])
        self._context.tools.repaint()
        return self._context.session.value is not before

    def _show(self, pin: Pin) -> None:
        """The probe stands at a pin: its card and its row are shown."""
        found = geometry(self._context.results, self._context.session.value, pin.slot)
        if found is not None and pin.row < found.shape[0] and pin.col < found.shape[1]:
            self._context.probe.moved_to(ProbePoint(pin.slot, pin.row, pin.col))


def _around(middle: QPoint, frame: Frame) -> QRect:
    gap = QPoint(1, 1) * round(_GAP * frame.ratio)
    return QRect(middle - gap, middle + gap)


def _at_corner(middle: QPoint, free: QRect, frame: Frame) -> bool:
    """Whether a place is where four pixels meet, and so beside the number of each."""
    reach = round(_GAP * frame.ratio)
    inner = free.adjusted(reach, reach, -reach, -reach)
    across, down = inner.left() <= middle.x() <= inner.right(), inner.top() <= middle.y() <= inner.bottom()
    return not across and not down


def _crosshair(painter: QPainter, middle: QPoint, frame: Frame, free: QRect) -> None:
    """Four arms that point at a place, around what stays free."""
    length, thick = round((_ARM - _GAP) * frame.ratio), max(round(frame.ratio), 1)
    below = 0
    if _at_corner(middle, free, frame):
        free = _around(middle, frame)
    elif frame.logical_cell >= COORDINATES_FROM:
        below = length  # the coordinates of the next pixel stand there: that arm ends at the edge between them
    elif frame.logical_cell >= NUMBERS_FROM:
        length = round(2 * _EDGE * frame.ratio)  # across the edge, as far as there are no numbers
    for grow, ink in ((1, BLACK), (0, WHITE)):
        wide, high = length + 2 * grow, thick + 2 * grow
        for left in (free.right(), free.left() - length + thick):
            painter.fillRect(left - grow, middle.y() - grow, wide, high, ink)
        for top in (free.bottom() - below, free.top() - length + thick):
            painter.fillRect(middle.x() - grow, top - grow, high, wide, ink)


def _plate(middle: QPoint, free: QRect, number: int, frame: Frame) -> QRect:
    """Where the number of a pin stands: never on those of pixels.

    In the upper right corner of a pixel with coordinates, on that corner of one with a number alone, else beside it.
    """
    width, height = plate_size(str(number), frame.ratio)
    plate = QRect(0, 0, max(width, height), height)
    edge = round(_EDGE * frame.ratio)
    corner = free.topRight() + QPoint(edge, -edge)
    coordinates = frame.logical_cell >= COORDINATES_FROM
    if coordinates and not _at_corner(middle, free, frame):
        plate.moveTopRight(corner)
    elif frame.logical_cell >= NUMBERS_FROM and not coordinates:
        plate.moveCenter(corner)
    else:
        plate.moveBottomLeft(_around(middle, frame).topRight() + QPoint(edge, -edge))
    return plate
