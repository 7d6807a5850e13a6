"""One panel's pixels: shows its part of the image through the shared camera, and turns gestures into camera and probe.

The view never moves by itself: a gesture sets the camera in the view state, and every view shows what stands there.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from workbench.kernels.arrays import Pixel, Window
from workbench.kernels.placement import IDENTITY
from workbench.model.looks import look_of
from workbench.model.panels import DIFFERENCE, Geometry, geometry, slot_of
from workbench.model.probe import ProbePoint, pixel_in
from workbench.model.results import Part, Pending
from workbench.model.view_state import Camera, ViewValue
from workbench.ui.binding import bind
from workbench.ui.camera import Frame, ViewFilter, frame_of
from workbench.ui.context import Context
from workbench.ui.gesture_view import GestureView
from workbench.ui.gestures import Gestures
from workbench.ui.marks import Marks, marks_for, marks_key
from workbench.ui.overlay import Look, logical_rect, marks_rect, paint_marks, paint_note
from workbench.ui.part_colours import coarser, colours_of, greyed
from workbench.ui.pixel_item import Bytes, PixelItem, device_pixels
from workbench.ui.pixel_text import NUMBERS_FROM, draws_anything, pixel_layer

STALE_AFTER_MS = 300
_MARGIN = 0.5
_MOST_SIDE = 16_384


class ImageView(GestureView):
    """The pixels of one panel.

    Parameters
    ----------
    context : Context
    panel : str
        ``"source"``, ``"original"``, a slot's id, or ``"d:"`` and a slot's id.

    Signals
    -------
    filter_changed : what stands between array and screen has changed; see `view_filter`.
    """

    filter_changed = Signal()

    def __init__(self, context: Context, panel: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.panel = panel
        self._geometry: Geometry | None = None
        self._frame = frame_of(Camera(), (1.0, 1.0), IDENTITY)
        self._asked: tuple[Window, int] | None = None
        self._shown: tuple[Part, Geometry | None] | None = None
        self._marks = Marks()
        self._marked_by: tuple[object, ...] = ()
        self._layer: tuple[object, QPixmap] | None = None
        self._stale = False
        self._recipe = ""
        self._stale_timer = QTimer(self, singleShot=True, interval=STALE_AFTER_MS)
        self._stale_timer.timeout.connect(self._grow_stale)
        self._gestures = Gestures(self)

        self.setMinimumSize(40, 40)
        self.setAccessibleName(f"Pixels of {panel}")
        self._item = PixelItem()
        self._item.show_smooth(context.view.value.smooth)

        bind(self, context.view.changed, self._view_changed)
        bind(self, context.session.changed, self._look_again)
        bind(self, context.results.changed, self._result_changed)
        bind(self, context.results.part_changed, self._part_changed)
        bind(self, context.probe.changed, self._probe_changed)
        context.theme.changed.connect(self._theme_changed)
        context.tools.changed.connect(self.viewport().update)
        self._theme_changed()
        self._look_again()

    # ---- what others may ask -----------------------------------------------------------------------------------

    @property
    def frame(self) -> Frame:
        """Where the image lies in the viewport, as it is drawn."""
        return self._frame

    @property
    def geometry_shown(self) -> Geometry | None:
        """Shape and place of the image; None while there is none."""
        return self._geometry

    @property
    def marks(self) -> Marks:
        """What is drawn over the pixels."""
        return self._marks

    @property
    def rgba(self) -> Bytes | None:
        """The colours on screen, one for each pixel or block of the part that is there."""
        return self._item.rgba

    @property
    def view_filter(self) -> ViewFilter:
        """What the header says about the way from array to screen."""
        return ViewFilter.of(self._frame, self.context.view.value.smooth)

    @property
    def complete(self) -> bool:
        """Whether all pixels that are seen are there; also where there are none to come."""
        if self._geometry is None:
            return True
        blocks, b = self._frame.visible_blocks(self._geometry.shape), self._frame.reduction
        if blocks.is_empty:
            return True
        if self._shown is None or self._shown[1] != self._nominal() or self._shown[0].reduction != b:
            return False
        return self._shown[0].window.contains(blocks)

    @property
    def stale(self) -> bool:
        """Whether what is shown belongs to parameters that were replaced."""
        return self._stale

    @property
    def resting_pointer(self) -> QPointF | None:
        """Where on the screen a pointer rests that was over this view last and leads; None if none does."""
        return self._gestures.resting

    def take_pointer(self, pointer: QPointF) -> None:
        """Let a pointer lead that rests over this view now; one that is elsewhere does not."""
        self._gestures.take(pointer)

    def pixel_at(self, position: QPointF) -> Pixel | None:
        """The image pixel under a place in the viewport (logical pixels); None beside the image."""
        if self._geometry is None:
            return None
        ratio = self._frame.ratio
        pixel = self._frame.pixel(position.y() * ratio, position.x() * ratio)
        shape = self._geometry.shape
        return pixel if 0 <= pixel.row < shape[0] and 0 <= pixel.col < shape[1] else None

    def position_of(self, pixel: Pixel) -> QPointF:
        """The middle of an image pixel in the viewport, logical pixels."""
        y, x = self._frame.centre_of(pixel)
        return QPointF(x / self._frame.ratio, y / self._frame.ratio)

    def world_at(self, position: QPointF) -> tuple[float, float]:
        """The world point (y, x), in source pixels, under a place in the viewport."""
        ratio = self._frame.ratio
        return self._frame.world(position.y() * ratio, position.x() * ratio)

    def place_of(self, y: float, x: float) -> QPointF:
        """Where a world point lies in the viewport, logical pixels."""
        down, across = self._frame.device(y, x)
        return QPointF(across / self._frame.ratio, down / self._frame.ratio)

    def point_at(self, position: QPointF) -> ProbePoint | None:
        """What the probe would show for a place in the viewport; a difference stands for its slot's pixel."""
        pixel = self.pixel_at(position)
        if pixel is None or self._geometry is None:
            return None
        image = slot_of(self.panel)
        if image != self.panel:
            nominal = self._nominal()
            if nominal is None:
                return None
            world = nominal.placement.centre(pixel)
            found = pixel_in(self.context.results, self.context.session.value, image, world)
            if found is None:
                return None
            pixel = found
        return ProbePoint(image, pixel.row, pixel.col, against=image != self.panel)

    # ---- what changes what is shown ----------------------------------------------------------------------------

    def _look_again(self) -> None:
        """The document or a result changed: perhaps another shape, perhaps another place."""
        fresh = self._fresh_geometry()
        if fresh != self._geometry:
            self._geometry = fresh
            self._asked = None
            self._show_camera()
            self._gestures.camera_moved()
        elif fresh is not None:
            self._request()
        self._probe_changed()

    def _fresh_geometry(self) -> Geometry | None:
        context = self.context
        return geometry(context.results, context.session.value, self.panel, context.view.value.placing)

    def _nominal(self) -> Geometry | None:
        """Where the image lies by its pixels: a picture of another shape or scale lies elsewhere."""
        return geometry(self.context.results, self.context.session.value, self.panel)

    def _result_changed(self, name: str) -> None:
        if name in ("source", slot_of(self.panel)) or self.panel.startswith(DIFFERENCE):
            self._look_again()
            self._check_stale()
        else:
            self._probe_changed()

    def _part_changed(self, panel: str) -> None:
        if panel == self.panel:
            fresh = self._fresh_geometry()
            if fresh != self._geometry:
                self._geometry = fresh
                self._show_camera()
            part = self.context.results.part(panel)
            self._shown = (part, self._nominal()) if part is not None and self._geometry is not None else None
            self._check_stale()
            self._show_part()

    def _view_changed(self, new: ViewValue, old: ViewValue) -> None:
        if new.placing != old.placing:
            self._look_again()
        if new.camera != old.camera:
            self._show_camera()
        if (new.camera, new.placing) != (old.camera, old.placing):
            self._gestures.camera_moved()
        if new.annotations != old.annotations:
            self._show_part()
        if new.smooth != old.smooth:
            self._layer = None
            self._item.show_smooth(new.smooth)
            self.viewport().update()
            self.filter_changed.emit()
        if look_of(self.panel, new) != look_of(self.panel, old):
            self._show_part()
        if (new.channel, new.scatter) != (old.channel, old.scatter):
            self._probe_changed()

    def _theme_changed(self) -> None:
        self._show_part()

    def _probe_changed(self) -> None:
        context = self.context
        view = context.view.value
        comparison, results, probe = context.session.value, context.results, context.probe
        asked = marks_key(self.panel, comparison, results, probe, view.channel, view.placing, view.scatter)
        if asked == self._marked_by:
            return
        self._marked_by = asked
        marks = marks_for(self.panel, comparison, results, probe, view.channel, view.placing, view.scatter)
        if marks.same(self._marks):
            return
        before = marks_rect(self._frame, self._marks)
        self._marks = marks
        touched = before.united(marks_rect(self._frame, marks))
        if not touched.isEmpty():
            self.viewport().update(logical_rect(self._frame, touched))

    def _show_camera(self) -> None:
        """Derive what is seen from the camera; emits nothing to anybody else."""
        old = self.view_filter
        placement = self._geometry.placement if self._geometry else IDENTITY
        camera, ratio = self.context.view.value.camera, self.viewport().devicePixelRatioF()
        self._frame = frame_of(camera, self.device_size(), placement, self.phase(), ratio)
        self._item.show_frame(self._frame)
        self._layer = None
        self._request()
        self._show_part_if_coarser()
        self.viewport().update()
        if self.view_filter != old:
            self.filter_changed.emit()

    def _request(self) -> None:
        """Ask for what is seen and a margin around it, unless that has been asked for already."""
        if self._geometry is None or not self.isVisible():
            return
        blocks, b = self._frame.visible_blocks(self._geometry.shape), self._frame.reduction
        if blocks.is_empty:
            return
        if self._asked is not None and self._asked[1] == b and self._asked[0].contains(blocks):
            return
        full = Window(0, 0, *(-(-side // b) for side in self._geometry.shape))
        down = min(int(blocks.height * _MARGIN), (_MOST_SIDE - blocks.height) // 2)
        across = min(int(blocks.width * _MARGIN), (_MOST_SIDE - blocks.width) // 2)
        wider = Window(blocks.top - down, blocks.left - across, blocks.bottom + down, blocks.right + across)
        wider = wider.intersect(full)
        self._asked = (wider, b)
        self.context.pipeline.request(self.panel, wider, b)

    def _show_part_if_coarser(self) -> None:
        """After zooming out, until block means arrive: average what is there rather than drop pixels."""
        if self._shown is not None and self._item.reduction < self._frame.reduction:
            self._show_part()

    def _show_part(self) -> None:
        self._layer = None
        if self._shown is None or self._shown[1] != self._nominal():
            self._item.show_pixels(None, Window(0, 0, 0, 0), 1)
        else:
            part = coarser(self._shown[0], self._frame.reduction)
            rgba = colours_of(self.panel, part, self.context.view.value)
            if self._stale:
                rgba = greyed(rgba, self.context.theme.color("canvas").red())
            self._item.show_pixels(rgba, part.window, part.reduction)
        self._item.show_frame(self._frame)
        self.viewport().update()

    def _check_stale(self) -> None:
        pending = isinstance(self.context.results.get(slot_of(self.panel)), Pending)
        if not pending:
            self._stale_timer.stop()
            if self._stale:
                self._stale = False
                self._show_part()
        elif not self._stale and not self._stale_timer.isActive():
            self._stale_timer.start()

    def _grow_stale(self) -> None:
        self._stale = True
        self._show_part()
        self.filter_changed.emit()

    def show_recipe(self, words: str) -> None:
        """What the plate says while the picture is out of date."""
        if words != self._recipe:
            self._recipe = words
            if self._stale:
                self.viewport().update()

    # ---- painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self.context.theme.color("canvas"))
        self.paint_onto(painter)

    def paint_onto(self, painter: QPainter) -> None:
        """Paint all of it but the surround on a widget that lies exactly over this one."""
        frame = self._frame
        self._item.paint(painter)
        theme = self.context.theme
        with device_pixels(painter, frame):
            layer = self._pixel_layer()
            if layer is not None:
                painter.drawPixmap(0, 0, layer)
            look = Look.of(theme)
            paint_marks(painter, frame, self._marks, self._colour_of, look)
            self.context.tools.paint(painter, self)
        if self._stale and self._recipe:
            paint_note(painter, self._recipe, self.width(), theme)

    def _pixel_layer(self) -> QPixmap | None:
        """Grid and numbers, made once while camera and picture rest."""
        rgba, geometry_, view = self._item.rgba, self._geometry, self.context.view.value
        if rgba is None or geometry_ is None or self._shown is None or not draws_anything(self._frame):
            return None
        if view.annotations == "none" or view.smooth:
            return None
        if self._layer is None:
            part, window = self._shown[0], self._item.window
            seen = self._frame.visible(geometry_.shape).intersect(window)
            if seen.is_empty or self._item.reduction != 1:
                return None
            inside = seen.shifted(-window.top, -window.left).slices
            large = self._frame.logical_cell >= NUMBERS_FROM
            numbers = view.annotations == "automatic" and large and not self._stale
            values = look_of(self.panel, view).seen(part.written(seen)) if numbers else None
            self._layer = (part, pixel_layer(self._frame, seen, values, rgba[inside]))
        return self._layer[1]

    def _colour_of(self, row: int, col: int) -> Bytes | None:
        rgba, window = self._item.rgba, self._item.window
        inside = window.top <= row < window.bottom and window.left <= col < window.right
        return rgba[row - window.top, col - window.left] if rgba is not None and inside else None

    # ---- events ------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place_changed()

    def showEvent(self, event: QEvent) -> None:
        super().showEvent(event)
        self._asked = None
        self._show_camera()
        if self._shown is None:  # another view may have asked for the same pixels already
            self._part_changed(self.panel)

    def hideEvent(self, event: QEvent) -> None:
        super().hideEvent(event)
        self._asked = None

    def moveEvent(self, event: QEvent) -> None:
        super().moveEvent(event)
        self._show_camera()

    def place_changed(self) -> None:
        """It or a parent moved: at fractional ratios device pixels lie elsewhere, under the pointer other pixels."""
        self._show_camera()
        self._gestures.camera_moved()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.ScreenChangeInternal, QEvent.Type.DevicePixelRatioChange):
            self._show_camera()
