"""Regions under the pointer and the arrow keys: draw, move, resize, name, colour, remove.

A right drag draws a new region anywhere; with the tool on, a left drag does. Edges, corners and the name's plate can
always be taken hold of, the inside while the tool is on or the region has the focus: else a drag there pans. Places
snap to the pixels of the panel under the pointer, with Shift to whole phase cells.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction, QColor, QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from workbench.kernels.placement import Rect
from workbench.model import edits
from workbench.model.document import Region
from workbench.model.regions import COLOUR_NAMES, COLOURS, Cell
from workbench.model.view_state import Tool
from workbench.ui.dialogs.ask import AskLine
from workbench.ui.mark_painting import (
    GRAB,
    device_rect,
    is_seen,
    paint_handle,
    paint_outline,
    paint_plate,
    swatch,
)
from workbench.ui.mark_tool import CONTROL, Drag, MarkTool, device_point
from workbench.ui.region_grips import WHOLE, Sides, cursor_for, handles, plate, sides_at
from workbench.ui.tools import ARROWS

if TYPE_CHECKING:
    from workbench.ui.image_view import ImageView

_RIGHT = Qt.MouseButton.RightButton


@dataclass
class _Drag(Drag):
    """The region that is dragged, as it was, and which sides go along."""

    right: bool = False
    region: str | None = None
    rect: Rect = (0.0, 0.0, 0.0, 0.0)
    sides: Sides = WHOLE
    inside: bool = False


class RegionTool(MarkTool[_Drag]):
    """The handler of all regions."""

    tool: ClassVar[Tool] = "region"
    knob: ClassVar[str] = "region"
    noun: ClassVar[str] = "region"

    # ---- what others may ask -----------------------------------------------------------------------------------

    @property
    def selected(self) -> Region | None:
        return self._context.session.value.region(self._context.view.value.region)

    def take_focus(self, id: str) -> None:
        """Arrow keys move this region from now on."""
        self._select(id, "whole")

    def add(self, rect: Rect) -> None:
        """A new region that has the focus."""
        self._context.session.do("Add region", edits.add_region(rect))
        self._focus_last()

    def remove(self, id: str) -> None:
        """Without this region; what is left of the selection has no focus."""
        self._removed(edits.remove_region(id), deselect=self._context.view.value.region == id)

    # ---- pointer -----------------------------------------------------------------------------------------------

    def press(self, view: ImageView, event: QMouseEvent) -> bool:
        if view.geometry_shown is None:
            return False
        place = event.position()
        if event.button() == _RIGHT:
            self._drag = self._begun(view, place, right=True)
            return True
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        hit = self._hit(view, place)
        if hit is not None:
            region, sides, inside = hit
            drag = self._begun(view, place)
            drag.region, drag.rect, drag.sides, drag.inside = region.id, region.rect, sides, inside
            self._drag = drag
            self.take_focus(region.id)
            return True
        if self.active:
            self._drag = self._begun(view, place)
            self.blur()
            return True
        self.blur()
        return False

    def drag(self, view: ImageView, event: QMouseEvent) -> None:
        drag = self._drag
        if drag is None or not drag.goes(event):
            return
        cell = self._cell(view, event)
        now = view.world_at(event.position())
        if drag.region is None or not any(drag.sides):
            self._draw(drag, _between(drag.start, now, cell))
        else:
            self._do(drag, "Move region", edits.move_region(drag.region, _moved(drag, now, cell)))

    def release(self, view: ImageView, event: QMouseEvent, click: bool) -> None:
        drag, self._drag = self._drag, None
        if drag is None or drag.moved:
            return
        if drag.right:
            self._menu_at(view, event)
        elif drag.inside or drag.region is None:
            self._click_pixel(view, event)

    def hover(self, view: ImageView, position: QPointF | None) -> Qt.CursorShape | None:
        if position is None or view.geometry_shown is None:
            return None
        hit = self._hit(view, position)
        if hit is None:
            return Qt.CursorShape.CrossCursor if self.active else None
        return cursor_for(hit[1])

    # ---- keys --------------------------------------------------------------------------------------------------

    def key(self, view: ImageView, event: QKeyEvent) -> bool:
        region = self.selected
        if region is None:
            return False
        if event.key() == Qt.Key.Key_Delete:
            self.remove(region.id)
            return True
        way = ARROWS.get(Qt.Key(event.key()))
        if way is None or view.geometry_shown is None:
            return False
        cell = self._cell(view, event)
        down, across = way[0] * cell.step[0], way[1] * cell.step[1]
        top, left, bottom, right = region.rect
        if event.modifiers() & CONTROL:
            rect = (top, left, bottom + down, right + across)
        else:
            rect = (top + down, left + across, bottom + down, right + across)
        self._context.session.do("Move region", edits.move_region(region.id, rect), merge=f"keys-{region.id}")
        self._context.tools.repaint()
        return True

    # ---- painting ----------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, view: ImageView) -> None:
        regions = self._context.session.value.regions
        if not regions or view.geometry_shown is None:
            return
        chosen, frame = self.selected, view.frame
        accent = self._context.theme.color("accent")
        for region in sorted(regions, key=lambda one: one is chosen):
            colour, rect = QColor(COLOURS[region.colour % len(COLOURS)]), device_rect(frame, region.rect)
            if not is_seen(frame, rect):
                continue
            focused = region is chosen and self.focused
            paint_outline(painter, rect, colour, strong=region is chosen)
            if region is chosen:
                for at in handles(rect):
                    paint_handle(painter, at, frame.ratio, accent if focused else None)
            paint_plate(
                painter,
                plate(rect, region.name, frame.ratio),
                region.name,
                colour,
                frame.ratio,
                accent if focused else None,
            )

    # ---- parts -------------------------------------------------------------------------------------------------

    def _begun(self, view: ImageView, place: QPointF, right: bool = False) -> _Drag:
        return _Drag(self._next_merge(), view.world_at(place), place, right=right)

    def _draw(self, drag: _Drag, rect: Rect) -> None:
        """The rectangle of a new region, which is added with the first move."""
        if drag.region is None:
            self._do(drag, "Add region", edits.add_region(rect))
            self._focus_last()
            drag.region, drag.sides = self._context.view.value.region, (False, False, False, False)
        else:
            self._do(drag, "Add region", edits.move_region(drag.region, rect))

    def _focus_last(self) -> None:
        regions = self._context.session.value.regions
        if regions:
            self.take_focus(regions[-1].id)

    def _hit(self, view: ImageView, place: QPointF) -> tuple[Region, Sides, bool] | None:
        """The region under the pointer, which sides a drag moves there, and whether that is its inside."""
        chosen, frame = self.selected, view.frame
        at, reach = device_point(view, place), GRAB * frame.ratio
        inner: tuple[Region, Sides, bool] | None = None
        uppermost = self._context.session.value.regions[::-1]
        for region in sorted(uppermost, key=lambda one: one is not chosen):
            rect = device_rect(frame, region.rect)
            if not is_seen(frame, rect):
                continue
            if plate(rect, region.name, frame.ratio).contains(at):
                return region, WHOLE, False
            sides = sides_at(rect, at, reach)
            if any(sides):
                return region, sides, False
            movable = self.active or (self.focused and region is chosen)
            if inner is None and movable and rect.contains(at):
                inner = (region, WHOLE, True)
        return inner

    # ---- menu --------------------------------------------------------------------------------------------------

    def _menu_at(self, view: ImageView, event: QMouseEvent) -> None:
        """A right click: the menu of the region it meets, else that of the panel."""
        hit = self._hit(view, event.position())
        where = event.globalPosition().toPoint()
        if hit is None:
            asked = QContextMenuEvent(QContextMenuEvent.Reason.Other, event.position().toPoint(), where)
            QApplication.sendEvent(view, asked)
            return
        self.take_focus(hit[0].id)
        self.menu(hit[0], view).popup(where)

    def menu(self, region: Region, view: ImageView) -> QMenu:
        """What can be done with a region."""
        menu = QMenu(region.name, view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Rename…", lambda: self.rename(region.id, view.window()))
        colours = menu.addMenu("Colour")
        for index, (name, colour) in enumerate(zip(COLOUR_NAMES, COLOURS, strict=True)):
            action = colours.addAction(swatch(colour), name.capitalize())
            action.setCheckable(True)
            action.setChecked(index == region.colour)
            action.triggered.connect(lambda _=False, index=index: self._edit(edits.recolour_region, region.id, index))
        snap = QAction("Snap to whole phase cells", menu)
        cell = self._cell(view, None)
        snap.triggered.connect(lambda: self._edit(edits.move_region, region.id, cell.around(region.rect)))
        menu.addAction(snap)
        menu.addSeparator()
        menu.addAction("Remove", lambda: self.remove(region.id))
        return menu

    def rename(self, id: str, parent: QWidget) -> AskLine | None:
        """Ask for another name of a region."""
        region = self._context.session.value.region(id)
        if region is None:
            return None

        def take(text: str) -> str | None:
            if not text.strip():
                return "A region needs a name."
            self._edit(edits.rename_region, id, text)
            return None

        asking = AskLine("Rename region", "Name", "Rename", take, parent)
        asking.field.setText(region.name)
        asking.field.selectAll()
        asking.ask()
        return asking

    def _edit(self, make: Callable[..., edits.Edit], *values: object) -> None:
        labels = {edits.rename_region: "Rename region", edits.recolour_region: "Colour of region"}
        self._context.session.do(labels.get(make, "Move region"), make(*values))
        self._context.tools.repaint()


def _between(start: tuple[float, float], end: tuple[float, float], cell: Cell) -> Rect:
    """All cells from one place to another, both included."""
    top, bottom = sorted((start[0], end[0]))
    left, right = sorted((start[1], end[1]))
    return cell.around((top, left, bottom, right))


def _moved(drag: _Drag, now: tuple[float, float], cell: Cell) -> Rect:
    """The rectangle with the sides that move along; its size stays where all of them do, and at least one cell."""
    top, left, bottom, right = drag.rect
    down, across = now[0] - drag.start[0], now[1] - drag.start[1]
    if drag.sides == WHOLE:
        y, x = cell.nearest(top + down, left + across)
        return (y, x, y + bottom - top, x + right - left)
    if drag.sides[0]:
        top = min(cell.nearest(top + down, left)[0], bottom - cell.step[0])
    if drag.sides[1]:
        left = min(cell.nearest(top, left + across)[1], right - cell.step[1])
    if drag.sides[2]:
        bottom = max(cell.nearest(bottom + down, left)[0], top + cell.step[0])
    if drag.sides[3]:
        right = max(cell.nearest(top, right + across)[1], left + cell.step[1])
    return (top, left, bottom, right)
