"""The pixels of a wipe: what each of two views would paint, on its own side of a divider that lies between pixels.

The views go on living underneath, covered; every event goes to the view whose side it happens on.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QMenu, QWidget

from workbench.model import wiping
from workbench.model.panels import geometry, panel_badge, slot_of
from workbench.model.probe import ProbePoint, shift_step
from workbench.model.view_state import Wipe
from workbench.ui.binding import bind
from workbench.ui.camera import Frame, frame_of
from workbench.ui.image_view import ImageView
from workbench.ui.panels.image_panel import ImagePanel
from workbench.ui.pixel_item import device_pixels
from workbench.ui.wipe_parts import PLATE, Handle, Plate, Side, side_menu

if TYPE_CHECKING:
    from workbench.ui.panels.panel_area import PanelArea

GRAB = 5
"""Logical pixels on each side of the divider where a press takes hold of it."""
_OFF = 8
_TOP = 10
_WHITE, _DARK = QColor(255, 255, 255), QColor(20, 20, 20)


class WipeCanvas(QWidget):
    """The pixels of both sides, the divider, its handle and the names."""

    def __init__(self, area: PanelArea, parent: QWidget) -> None:
        super().__init__(parent)
        self._area = area
        self.context = context = area.context
        self.follows_pointer: Callable[[], bool] = lambda: False
        self._dragging: tuple[bool, bool] | None = None
        self._began: Wipe | None = None
        self._target: ImageView | None = None
        self._over: ImageView | None = None
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.handle = Handle(context.theme, self)
        self.handle.stepped.connect(self._step)
        self.handle.dragged.connect(lambda at, far: self._move_to(QPointF(at), far))
        self.handle.key_passed.connect(self._pass_key)
        self.handle.focus_changed.connect(self._say)
        self.plates = tuple(Plate(context.theme, "", self) for _ in range(4))
        for k, plate in enumerate(self.plates):
            plate.clicked.connect(lambda _on=False, k=k: self._choose(k))
        bind(self, context.probe.changed, lambda: self.update())
        context.tools.changed.connect(self.update)
        context.theme.changed.connect(self.update)

    # ---- which two ---------------------------------------------------------------------------------------------

    def panels(self) -> tuple[ImagePanel, ImagePanel]:
        """What is seen left and right, or above and below; of quadrants, at the upper left and right."""
        first, second = self._area.names[0], self._area.names[-1]
        return self._seen(first), self._seen(second)

    def _seen(self, place: str) -> ImagePanel:
        """The picture at a side; a guest only once its pixels are there."""
        wanted = self._area.seen_in(place)
        return wanted if wanted.view.complete else self._area.panel(place)

    @property
    def frame(self) -> Frame:
        """Where the first side's image lies for the camera as it is now, whether its view has heard of it or not."""
        known = self.panels()[0].view.frame
        return frame_of(self.context.view.value.camera, known.size, known.placement, known.phase, known.ratio)

    def _regions(self) -> tuple[QRegion, QRegion]:
        """The device pixels of each side, as the views' frames count them."""
        kind, (y, x) = self.context.view.value.wipe.kind, self.edge()
        frame = self.frame
        height, width = math.ceil(frame.size[0]) + 1, math.ceil(frame.size[1]) + 1
        whole = QRegion(-1, -1, width + 1, height + 1)
        left, above = QRegion(-1, -1, x + 1, height + 1), QRegion(-1, -1, width + 1, y + 1)
        if kind == "vertical":
            first = left
        elif kind == "horizontal":
            first = above
        else:
            first = left.intersected(above).united(whole.subtracted(left).subtracted(above))
        return first, whole.subtracted(first)

    def edge(self) -> tuple[int, int]:
        """The first row and column of device pixels behind the divider, as the views' frames count them."""
        frame, wipe = self.frame, self.context.view.value.wipe
        (sy, sx), (oy, ox) = frame.placement.step, frame.placement.offset
        camera = self.context.view.value.camera
        y, x = camera.y if wipe.y is None else wipe.y, camera.x if wipe.x is None else wipe.x
        return frame.edge((y - oy) / sy, (x - ox) / sx)

    def _line(self) -> tuple[float, float]:
        """The divider in logical pixels, (y, x)."""
        frame, (y, x) = self.frame, self.edge()
        return (y + frame.phase[0]) / frame.ratio, (x + frame.phase[1]) / frame.ratio

    def side_at(self, at: QPointF) -> ImagePanel:
        """The panel on whose side a place is."""
        frame = self.frame
        y, x = (math.floor(v * frame.ratio - frame.phase[k]) for k, v in enumerate((at.y(), at.x())))
        return self.panels()[0 if self._regions()[0].contains(QPoint(x, y)) else 1]

    # ---- painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self.context.theme
        painter.fillRect(self.rect(), theme.color("canvas"))
        for panel, region in zip(self.panels(), self._regions(), strict=True):
            frame = panel.view.frame
            with device_pixels(painter, frame):
                painter.setClipRegion(region, Qt.ClipOperation.IntersectClip)
                if panel.view.isHidden():
                    self._paint_reason(painter, panel, region.boundingRect())
                else:
                    panel.view.paint_onto(painter)
        frame = self.frame
        with device_pixels(painter, frame):
            self._paint_divider(painter, *self.edge(), math.ceil(frame.size[0]), math.ceil(frame.size[1]))

    def _paint_divider(self, painter: QPainter, y: int, x: int, height: int, width: int) -> None:
        kind = self.context.view.value.wipe.kind
        for colour, off, thick in ((_DARK, 1, 3), (_WHITE, 0, 1)):
            if kind != "horizontal":
                painter.fillRect(QRect(x - off, -1, thick, height + 2), colour)
            if kind != "vertical":
                painter.fillRect(QRect(-1, y - off, width + 2, thick), colour)

    def _paint_reason(self, painter: QPainter, panel: ImagePanel, where: QRect) -> None:
        """Why there are no pixels on this side."""
        theme, ratio = self.context.theme, panel.view.frame.ratio
        painter.scale(ratio, ratio)
        box = QRect(round(where.x() / ratio), 0, round(where.width() / ratio), self.height()).intersected(self.rect())
        box = box.adjusted(24, 0, -24, 0)
        painter.setPen(theme.color("text2"))
        painter.setFont(theme.font(12))
        flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        painter.drawText(box, flags, f"{panel.reason.title}\n{panel.reason.words}")

    def refresh(self) -> None:
        """Names, handle, and everything under them."""
        comparison, selected = self.context.session.value, self.context.view.value.selected
        wipe = self.context.view.value.wipe
        for plate, (panel, words, place) in zip(self.plates, self._sides(), strict=True):
            plate.show_side(words)
            badge = panel_badge(comparison, panel.panel)
            text = panel.header.text
            plate.show_name(badge, text.name if panel.place is None else text.short, selected == slot_of(place))
        self.handle.show_axes(wipe.kind != "vertical", wipe.kind != "horizontal")
        self._place_parts()
        self._say()
        self.update()

    def _say(self) -> None:
        """Where the divider lies, in pixels of the second side, while it has the focus."""
        if not (self.handle.hasFocus() and self.isVisible()):
            self.context.tools.say("")
            return
        wipe, found = self.context.view.value.wipe, self.panels()[1].view.geometry_shown
        words = []
        for axis, (name, place) in enumerate((("rows", wipe.y), ("columns", wipe.x))):
            if found is not None and place is not None and self._axes()[axis]:
                edge = round((place - found.placement.offset[axis]) / found.placement.step[axis])
                words.append(f"{name} {edge - 1} and {edge}")
        where = f"Divider between {', '.join(words)} · " if words else ""
        self.context.tools.say(f"{where}arrows move it by one pixel, Shift+arrows by one phase cell")

    def _sides(self) -> tuple[tuple[ImagePanel, str, str], ...]:
        """For each plate its panel, where it stands, and the name of the place."""
        a, b = self.panels()
        first, second = self._area.names[0], self._area.names[-1]
        if self.context.view.value.wipe.kind == "horizontal":
            words = ("Above", "Below", "", "")
        elif self.context.view.value.wipe.kind == "vertical":
            words = ("Left", "Right", "", "")
        else:
            words = ("Upper left", "Upper right", "Lower left", "Lower right")
        sides = ((a, first), (b, second), (b, second), (a, first))
        return tuple((panel, word, place) for (panel, place), word in zip(sides, words, strict=True))

    def _place_parts(self) -> None:
        """Plates 8 px off the divider, where there is room on their own side; else on the other one."""
        kind, (y, x) = self.context.view.value.wipe.kind, self._line()
        for plate in self.plates[2:]:
            plate.setVisible(kind == "quadrants")
        if kind == "horizontal":
            above, below = self.plates[:2]
            fits = y - _OFF - PLATE >= _TOP, y + _OFF + PLATE <= self.height() - _TOP
            top = y - _OFF - PLATE if fits[0] else y + _OFF
            bottom = y + _OFF if fits[1] else y - _OFF - PLATE
            if not fits[0]:
                bottom = top + PLATE + 4
            elif not fits[1]:
                top = bottom - PLATE - 4
            above.move(_TOP, self._within(top))
            below.move(_TOP, self._within(bottom))
        else:
            self._place_row(self.plates[0], self.plates[1], x, _TOP)
            if kind == "quadrants":
                self._place_row(self.plates[2], self.plates[3], x, self.height() - _TOP - PLATE)
        across = self.width() / 2 if kind == "horizontal" else x
        middle = QPointF(across, self.height() / 2 if kind == "vertical" else y)
        half = QPointF(self.handle.width() / 2, self.handle.height() / 2)
        self.handle.move((middle - half).toPoint())

    def _place_row(self, left: Plate, right: Plate, x: float, top: int) -> None:
        row = PLATE + 4 if top == _TOP else -PLATE - 4
        at, other = x - _OFF - left.width(), x + _OFF
        if at < 4:  # no room at the left: below the other one
            left.move(round(max(other, 4)), top + row)
            right.move(round(max(other, 4)), top)
        elif other + right.width() > self.width() - 4:
            edge = min(x - _OFF, self.width() - 4)
            left.move(round(edge - left.width()), top)
            right.move(round(edge - right.width()), top + row)
        else:
            left.move(round(at), top)
            right.move(round(other), top)

    def _within(self, top: float) -> int:
        return round(min(max(top, 4.0), self.height() - PLATE - 4.0))

    # ---- the divider -------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """The first time there is something to cut: in the middle of the view."""
        view = self.context.view
        if view.value.wipe.x is None or view.value.wipe.y is None:
            self._put(view.value.camera.y, view.value.camera.x, (True, True))

    def _combs(self, axis: int) -> list[wiping.Comb]:
        found = [panel.view.geometry_shown for panel in self.panels()]
        return [(one.placement.offset[axis], one.placement.step[axis]) for one in found if one is not None]

    def _cell(self, axis: int) -> tuple[float, wiping.Comb]:
        """One phase cell in the world, and the comb it is counted on: of a side that has more than one phase."""
        context, best = self.context, (0.0, (0.0, 1.0))
        for panel in self.panels():
            name = slot_of(panel.panel)
            found = geometry(context.results, context.session.value, name, context.view.value.placing)
            if found is not None:
                step = found.placement.step[axis]
                size = shift_step(context.results, ProbePoint(name, 0, 0))[axis] * step
                if size > best[0]:
                    best = (size, (found.placement.offset[axis], step))
        return best

    def _put(self, y: float | None, x: float | None, axes: tuple[bool, bool], far: bool = False) -> None:
        """The divider at a world place, snapped."""
        changes: dict[str, float] = {}
        for axis, (name, wanted) in enumerate((("y", y), ("x", x))):
            if wanted is not None and axes[axis]:
                if far:
                    wanted = wiping.in_cells(wanted, *self._cell(axis))
                changes[name] = wiping.snapped(wanted, self._combs(axis))
        if changes:
            self.context.view.set(wipe=replace(self.context.view.value.wipe, **changes))

    def _axes(self) -> tuple[bool, bool]:
        kind = self.context.view.value.wipe.kind
        return (kind != "vertical", kind != "horizontal")

    def _move_to(self, at: QPointF, far: bool, axes: tuple[bool, bool] | None = None) -> None:
        frame = self.frame
        y, x = frame.world(at.y() * frame.ratio, at.x() * frame.ratio)
        self._put(y, x, axes or self._axes(), far)

    def _step(self, down: int, across: int, far: bool) -> None:
        wipe, axis = self.context.view.value.wipe, 0 if down else 1
        place = (wipe.y, wipe.x)[axis]
        if place is None:
            return
        cell = self._cell(axis)[0]
        if far and cell > 0:
            wanted = place + (down + across) * cell
        else:
            wanted = wiping.stepped(place, down + across, self._combs(axis))
        self._put(wanted, wanted, (axis == 0, axis == 1))

    def _near(self, at: QPointF) -> tuple[bool, bool] | None:
        """Which lines a press here would take hold of."""
        (y, x), (down, across) = self._line(), self._axes()
        near = (down and abs(at.y() - y) <= GRAB, across and abs(at.x() - x) <= GRAB)
        return near if any(near) else None

    def cancel(self) -> bool:
        """A drag ends as if it had not begun; False if there is none."""
        if self._dragging is None or self._began is None:
            return False
        self._dragging = None
        self.context.view.set(wipe=self._began)
        return True

    # ---- pointer and keys --------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        near = self._near(event.position()) if event.button() == Qt.MouseButton.LeftButton else None
        if near is not None:
            self._dragging, self._began = near, self.context.view.value.wipe
            self.handle.setFocus(Qt.FocusReason.MouseFocusReason)
            return
        self._target = self.side_at(event.position()).view
        self._target.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self._dragging is not None:
            self._move_to(event.position(), far, self._dragging)
            return
        if self.follows_pointer() and not event.buttons():
            self._move_to(event.position(), far)
        view = self._target or self.side_at(event.position()).view
        if self._over is not None and self._over is not view:
            self._over.leaveEvent(QEvent(QEvent.Type.Leave))
        self._over = view
        view.mouseMoveEvent(event)
        near = None if event.buttons() else self._near(event.position())
        if near is None:
            self.setCursor(view.viewport().cursor())
        else:
            split = Qt.CursorShape.SplitVCursor if near[0] else Qt.CursorShape.SplitHCursor
            self.setCursor(Qt.CursorShape.SizeAllCursor if all(near) else split)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragging is not None:
            self._dragging = None
        elif self._target is not None:
            self._target.mouseReleaseEvent(event)
        if not event.buttons():
            self._target = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._near(event.position()) is None:
            self.side_at(event.position()).view.mouseDoubleClickEvent(event)
        else:
            self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.side_at(event.position()).view.wheelEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        if self._over is not None:
            self._over.leaveEvent(event)
            self._over = None

    def _pass_key(self, event: QKeyEvent) -> None:
        """A key that means nothing to the handle means what it means on the pixels."""
        panels = self.panels()
        chosen = next((one for one in panels if slot_of(one.panel) == self.context.view.value.selected), panels[1])
        chosen.view.keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.context.tools.say("")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.isVisible():
            self._place_parts()

    def _choose(self, plate: int) -> None:
        at = self.plates[plate].mapToGlobal(QPoint(0, PLATE + 2))
        self.menu_of("a" if plate in (0, 3) else "b").popup(at)

    def menu_of(self, side: Side) -> QMenu:
        """Everything that can stand at a side."""
        return side_menu(self.context, side, self)
