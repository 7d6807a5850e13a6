"""The loupe: every picture around the probed pixel, side by side in one lens, nearest and much enlarged.

It stands beside the pointer and follows the probe, so arrow keys move it and a lock freezes it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFontMetrics, QImage, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QMenu, QWidget

from workbench.kernels.placement import Rect
from workbench.model.differencing import Comparing
from workbench.model.document import ORIGINAL
from workbench.model.panels import Geometry, geometry, panel_badge, raster, reference_name, slot_of, visible_panels
from workbench.model.probe import world_of
from workbench.model.view_state import Camera, ViewValue, nearest_rung
from workbench.ui.binding import bind
from workbench.ui.camera import Frame, frame_of, rungs_for, steps_of
from workbench.ui.looks import cell_rect
from workbench.ui.mark_painting import paint_outline
from workbench.ui.marks import marks_for
from workbench.ui.panels.panel_header import paint_badge
from workbench.ui.part_colours import Bytes, colours_of
from workbench.ui.tools import Handler

if TYPE_CHECKING:
    from workbench.ui.image_view import ImageView
    from workbench.ui.panels.panel_area import PanelArea

TIMES = (8, 16, 32)
"""Device pixels for each source pixel, about: so that pixels of all pictures stay whole."""
CELL, SMALLEST = 152, 88
_NAME, _FOOT, _BORDER, _GAP, _AWAY = 22, 20, 1, 1, 28
_WHITE = QColor(255, 255, 255)


@dataclass(frozen=True, slots=True)
class Cell:
    """One picture in the lens."""

    panel: str
    rect: QRect


class Lens(QWidget):
    """The lens itself.

    Signals
    -------
    to_figure : Rect
        What it shows of the world is wanted as the inset of a figure.
    """

    to_figure = Signal(object)

    def __init__(self, area: PanelArea) -> None:
        super().__init__(area)
        self._area = area
        self.context = context = area.context
        self.shows_weights = False
        self._view: ImageView | None = None
        self._cells: tuple[Cell, ...] = ()
        self.handler = LoupeHandler(self)
        context.tools.add(self.handler)
        area.overlays.append(self)
        self.setAccessibleName("Loupe")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.hide()
        bind(self, context.view.changed, self._view_changed)
        bind(self, context.probe.changed, self.refresh)
        for signal in (context.session.changed, context.results.changed):
            bind(self, signal, lambda *_: self.refresh())
        context.theme.changed.connect(self.update)

    # ---- what it shows -----------------------------------------------------------------------------------------

    def cells(self) -> tuple[Cell, ...]:
        """The pictures, and where they stand in the lens."""
        return self._cells

    def pictures(self) -> tuple[str, ...]:
        """All that a grid would show; the original too, where it is the reference."""
        context, view = self.context, self.context.view.value
        shown = visible_panels(context.session.value, replace(view, layout="grid"), context.results)
        wanted = (*shown[:1], ORIGINAL, *shown[1:]) if view.show == "images" else shown
        reference = reference_name(context.session.value, context.results)
        known = (name for name in wanted if name != ORIGINAL or reference == ORIGINAL)
        return tuple(name for name in known if self._geometry(name) is not None)

    def zoom(self) -> float:
        """Device pixels for each source pixel: the rung nearest to what was chosen, at which no pixel is averaged."""
        found = [self._geometry(name) for name in self.pictures()]
        placements = [one.placement for one in found if one is not None]
        steps = steps_of(placements)
        wanted = float(self.context.view.value.loupe or TIMES[0])
        if not steps:
            return wanted
        rungs = [rung for rung in rungs_for(steps, steps[0])[0] if rung * steps[0] >= 1 - 1e-9]
        return nearest_rung(rungs, wanted)

    def centre(self) -> tuple[float, float] | None:
        """The world point in the middle: of the probed pixel."""
        context = self.context
        point = context.probe.active
        if point is None:
            return None
        return world_of(context.results, context.session.value, point, context.view.value.placing)

    def world_rect(self) -> Rect | None:
        """What every cell shows of the world."""
        centre = self.centre()
        if centre is None or not self._cells:
            return None
        half = self._cells[0].rect.width() * self.devicePixelRatioF() / self.zoom() / 2
        return (centre[0] - half, centre[1] - half, centre[0] + half, centre[1] + half)

    def frame_in(self, cell: Cell) -> Frame | None:
        """Where a cell's picture lies in it."""
        found, centre, ratio = self._geometry(cell.panel), self.centre(), self.devicePixelRatioF()
        if found is None or centre is None:
            return None
        at = self.mapTo(self.window(), QPointF(cell.rect.topLeft()))
        phase = (_cut_off(at.y() * ratio), _cut_off(at.x() * ratio))
        size = (cell.rect.height() * ratio, cell.rect.width() * ratio)
        return frame_of(Camera(*centre, self.zoom()), size, found.placement, phase, ratio)

    def _geometry(self, name: str) -> Geometry | None:
        context = self.context
        return geometry(context.results, context.session.value, name, context.view.value.placing)

    # ---- where it stands ---------------------------------------------------------------------------------------

    def pointer_over(self, view: ImageView) -> None:
        """The pointer is over this view; a frozen lens stays where it is."""
        if self.context.probe.locked is None or self._view is None:
            self._view = view

    def refresh(self) -> None:
        """Shown, placed and painted as the view state and the probe say."""
        centre = None if self.context.view.value.loupe is None else self.centre()
        pictures = () if centre is None else self.pictures()
        if centre is None or not pictures:
            self.hide()
            return
        self._arrange(pictures)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, self.context.probe.locked is None)
        self.move(self._beside(centre))
        self.show()
        self.raise_()
        self.update()

    def _arrange(self, pictures: tuple[str, ...]) -> None:
        """In as few rows as fit, with cells as large as fit."""
        width, height = self._area.width() - 16, self._area.height() - 16
        for side in range(CELL, SMALLEST - 1, -8):
            cols = max(1, min(len(pictures), (width - _BORDER) // (side + _GAP)))
            rows = -(-len(pictures) // cols)
            if rows * (side + _NAME + _GAP) + _FOOT <= height / 2:
                break
        cols = -(-len(pictures) // rows)
        self._cells = tuple(
            Cell(
                name, QRect(_BORDER + k % cols * (side + _GAP), _BORDER + k // cols * (side + _NAME + _GAP), side, side)
            )
            for k, name in enumerate(pictures)
        )
        size = QSize(cols * (side + _GAP) - _GAP + 2 * _BORDER, rows * (side + _NAME + _GAP) + _FOOT + _BORDER)
        self.resize(size)

    def _beside(self, centre: tuple[float, float]) -> QPoint:
        """Under the probed pixel where there is room, else above; never over it."""
        area = self._area
        view = self._view if self._view is not None and self._view.isVisible() else area.chosen_view()
        at = QPoint(area.width() // 2, area.height() // 2)
        if view is not None:
            at = view.viewport().mapTo(area, view.place_of(*centre).toPoint())
        below, above = at.y() + _AWAY, at.y() - _AWAY - self.height()
        top = below if below + self.height() <= area.height() or above < 0 else above
        left = min(max(at.x() - self.width() // 2, 0), max(area.width() - self.width(), 0))
        return QPoint(left, min(max(top, 0), max(area.height() - self.height(), 0)))

    def _view_changed(self, new: ViewValue, old: ViewValue) -> None:
        if new.loupe is not None or old.loupe is not None:
            self.refresh()

    # ---- painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self.context.theme
        painter.fillRect(self.rect(), theme.color("chrome"))
        for cell in self._cells:
            painter.fillRect(cell.rect, theme.color("canvas"))
            self._paint_pixels(painter, cell)
            self._paint_name(painter, cell)
        painter.setPen(theme.color("text3"))
        painter.setFont(theme.font(10, 500))
        frozen = self.context.probe.locked is not None
        words = f"{self.zoom():g}× nearest · wheel changes it" + (" · frozen by the lock" if frozen else "")
        foot = QRect(8, self.height() - _FOOT - 1, self.width() - 16, _FOOT)
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignVCenter), QFontMetrics(painter.font()).elidedText(
            words, Qt.TextElideMode.ElideRight, foot.width()))  # fmt: skip
        painter.setPen(theme.color("outline"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _paint_name(self, painter: QPainter, cell: Cell) -> None:
        context, theme = self.context, self.context.theme
        comparison = context.session.value
        top = cell.rect.bottom() + 1
        paint_badge(painter, theme, QRect(cell.rect.x() + 4, top + 3, 16, 16), panel_badge(comparison, cell.panel))
        slot = comparison.slot(slot_of(cell.panel))
        name = slot.title if slot else "Original" if cell.panel == ORIGINAL else "Source"
        painter.setPen(theme.color("text"))
        painter.setFont(theme.font(11, 500))
        rect = QRect(cell.rect.x() + 26, top, cell.rect.width() - 30, _NAME)
        metrics = QFontMetrics(painter.font())
        if slot and metrics.horizontalAdvance(name) > rect.width():
            name = slot.short_title
        text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter), text)

    def _paint_pixels(self, painter: QPainter, cell: Cell) -> None:
        frame = self.frame_in(cell)
        if frame is None:
            return
        rgba = self.colours(cell, frame)
        ratio = frame.ratio
        painter.save()
        painter.setClipRect(cell.rect)
        painter.resetTransform()
        painter.scale(1 / ratio, 1 / ratio)
        painter.translate(cell.rect.x() * ratio + frame.phase[1], cell.rect.y() * ratio + frame.phase[0])
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform, False)
        if rgba is not None:
            top, left, pixels = rgba
            height, width = pixels.shape[:2]
            painter.drawImage(QPoint(left, top), QImage(pixels.data, width, height, 4 * width,
                                                        QImage.Format.Format_RGBA8888))  # fmt: skip
        self._paint_marks(painter, cell, frame)
        painter.restore()

    def colours(self, cell: Cell, frame: Frame) -> tuple[int, int, Bytes] | None:
        """The device pixels of a cell that show something: their place, and the colour of the pixel each lies in."""
        context, view = self.context, self.context.view.value
        found = raster(context.results, context.session.value, cell.panel, Comparing.of(view))
        if found is None:
            return None
        seen = frame.visible(found.shape)
        if seen.is_empty:
            return None
        rgba = colours_of(cell.panel, found.part(seen), view)
        (top, left), (bottom, right) = frame.edge(seen.top, seen.left), frame.edge(seen.bottom, seen.right)
        top, left = max(top, -1), max(left, -1)
        bottom, right = min(bottom, math.ceil(frame.size[0])), min(right, math.ceil(frame.size[1]))
        rows = _indices(top, bottom, frame.origin[0], frame.cell[0], seen.top, seen.height)
        cols = _indices(left, right, frame.origin[1], frame.cell[1], seen.left, seen.width)
        return top, left, np.ascontiguousarray(rgba[rows][:, cols])

    def _paint_marks(self, painter: QPainter, cell: Cell, frame: Frame) -> None:
        """The probed pixel's frame; with the weights' outline on request."""
        context, view = self.context, self.context.view.value
        marks = marks_for(cell.panel, context.session.value, context.results, context.probe, view.channel, view.placing)
        if marks.frame is not None:
            paint_outline(painter, cell_rect(frame, *marks.frame), _WHITE)
        rows, cols = marks.cells
        if self.shows_weights and len(rows):
            first = cell_rect(frame, int(rows.min()), int(cols.min()))
            paint_outline(painter, first.united(cell_rect(frame, int(rows.max()), int(cols.max()))), _WHITE)

    # ---- what can be done with it ------------------------------------------------------------------------------

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu().popup(event.globalPos())

    def menu(self) -> QMenu:
        """Magnification, the outline of the weights, and the way into a figure."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for times in TIMES:
            action = menu.addAction(f"{times}×", lambda times=times: self.context.view.set(loupe=times))
            action.setCheckable(True)
            action.setChecked(self.context.view.value.loupe == times)
        menu.addSeparator()
        weights = menu.addAction("Outline of the weights", self.toggle_weights)
        weights.setCheckable(True)
        weights.setChecked(self.shows_weights)
        menu.addAction("Send to figure…", self.send_to_figure)
        return menu

    def toggle_weights(self) -> None:
        """With the outline of the support, or without."""
        self.shows_weights = not self.shows_weights
        self.update()

    def send_to_figure(self) -> None:
        """What it shows becomes the inset of a figure."""
        rect = self.world_rect()
        if rect is not None:
            self.to_figure.emit(rect)

    def turn(self, closer: bool) -> None:
        """The next magnification."""
        at = TIMES.index(self.context.view.value.loupe or TIMES[0])
        self.context.view.set(loupe=TIMES[min(max(at + (1 if closer else -1), 0), len(TIMES) - 1)])

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.handler.turned(event)


class LoupeHandler(Handler):
    """What the lens hears of the pointer while it is over the pixels."""

    def __init__(self, lens: Lens) -> None:
        self._lens = lens
        self._turned = 0

    def hover(self, view: ImageView, position: QPointF | None) -> Qt.CursorShape | None:
        if position is not None:
            self._lens.pointer_over(view)
        return None

    def wheel(self, view: ImageView, event: QWheelEvent) -> bool:
        if self._lens.context.view.value.loupe is None or event.modifiers():
            return False
        self.turned(event)
        return True

    def turned(self, event: QWheelEvent) -> None:
        """High-resolution wheels send fractions of a notch; each whole one is a step."""
        self._turned += event.angleDelta().y()
        while abs(self._turned) >= 120:
            self._lens.turn(self._turned > 0)
            self._turned -= math.copysign(120, self._turned)
        event.accept()


def first_times(zoom: float) -> int:
    """The least magnification that is at least twice what the panels show."""
    return next((times for times in TIMES if times >= 2 * zoom), TIMES[-1])


def _indices(first: int, end: int, origin: float, cell: float, start: int, count: int) -> np.ndarray:
    """For each device pixel the index of the image pixel it lies in, counted from ``start``."""
    found = np.floor((np.arange(first, end) + 0.5 - origin) / cell + 1e-9).astype(np.intp) - start
    kept: np.ndarray = np.clip(found, 0, count - 1)
    return kept


def _cut_off(place: float) -> float:
    """How much of a device pixel lies before the first whole one."""
    rounded = round(place, 6)
    return math.ceil(rounded) - rounded
