"""What pointer, wheel and keys do on a panel's pixels: they move the probe, or they set the shared camera.

Our own rules, not pyqtgraph's: a click travels at most 4 px, whatever its time; no move is dropped; the last actual
input wins, so that a resting pointer does not pull the probe back after an arrow key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QInputDevice, QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent

from workbench.kernels.arrays import Pixel, Shape
from workbench.model.document import SOURCE
from workbench.model.panels import geometry, visible_panels
from workbench.model.probe import Beside, ProbePoint, beside_at, counted_slot, shift_step
from workbench.model.view_state import MAX_ZOOM, MIN_ZOOM, Camera, nearest_rung
from workbench.ui.camera import NOTCH, panned, rungs_for, steps_of, wheel_target, zoomed
from workbench.ui.context import Context
from workbench.ui.tools import ARROWS

if TYPE_CHECKING:
    from workbench.ui.image_view import ImageView

CLICK_TRAVEL = 4.0
DOUBLE_CLICK_ZOOM = 32.0
PIXELS_PER_NOTCH = 40
"""How far a trackpad scrolls that reports notches only, logical pixels."""
_PULLING = (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton)


def rungs_of(context: Context) -> tuple[tuple[float, ...], bool]:
    """The zooms at which pixels of all visible panels are whole, and whether there are such; see `zoom_rungs`."""
    comparison, view, results = context.session.value, context.view.value, context.results
    panels = visible_panels(comparison, view, results)
    found = {panel: geometry(results, comparison, panel, view.placing) for panel in panels}
    placements = [one.placement for one in found.values() if one is not None]
    chosen = geometry(results, comparison, view.selected, view.placing)
    chosen = chosen or next((one for one in found.values() if one), None)
    selected = chosen.placement.step[1] if chosen is not None else None
    return rungs_for(steps_of(placements), selected)


def _close(a: QPointF, b: QPointF) -> bool:
    """Whether the way from one place to the other is no more than a click travels."""
    return max(abs(a.x() - b.x()), abs(a.y() - b.y())) <= CLICK_TRAVEL


class Gestures:
    """The pointer and the keys of one view."""

    def __init__(self, view: ImageView) -> None:
        self._view = view
        self._context = view.context
        self._pressed: tuple[QPointF, Camera, Qt.MouseButton] | None = None
        self._pulling = False
        self._pointer: QPointF | None = None  # on the screen: it rests there while panels move and grow
        self._led: ProbePoint | Beside | None = None
        self._rest = QPointF()
        self._claimed: QPointF | None = None
        self._still = True

    # ---- pointer -----------------------------------------------------------------------------------------------

    def press(self, event: QMouseEvent) -> None:
        self._view.setFocus(Qt.FocusReason.MouseFocusReason)
        if self._context.tools.press(self._view, event):
            self._claimed = event.position()
            return
        if event.button() not in _PULLING:
            event.ignore()
            return
        self._hover(event.position())
        self._pressed = (event.position(), self._context.view.value.camera, event.button())
        self._pulling = False

    def move(self, event: QMouseEvent) -> None:
        place = event.position()
        if self._claimed is not None:
            self._keep(place)
            self._still = self._still and _close(self._claimed, place)
            self._context.tools.drag(self._view, event)
            return
        if self._pressed is None or not event.buttons() & self._pressed[2]:
            self._let_go()
            self._hover(place)
            self._point_at(place)
            return
        start, camera, _ = self._pressed
        way = place - start
        self._keep(place)
        if not self._pulling and _close(start, place):
            return
        self._pulling = True
        self._context.tools.take_back = self._take_back
        ratio = self._view.frame.ratio
        self._context.view.set(camera=panned(camera, round(way.y() * ratio), round(way.x() * ratio)))

    def release(self, event: QMouseEvent) -> None:
        if self._claimed is not None:
            click = self._still and _close(self._claimed, event.position())
            self._claimed, self._still = None, True
            self._context.tools.release(self._view, event, click)
            self._hover(event.position())
            return
        if self._pressed is None or event.button() != self._pressed[2]:
            event.ignore()
            return
        clicked = not self._pulling and event.button() == Qt.MouseButton.LeftButton
        self._let_go()
        if clicked:
            point = self._view.point_at(event.position())
            if point is not None:
                self._context.probe.click(point)
        else:
            self._hover(event.position())

    def _let_go(self) -> None:
        self._pressed, self._pulling = None, False
        self._context.tools.take_back = None

    def _take_back(self) -> None:
        """The pan ends as if it had not begun."""
        pressed = self._pressed
        self._let_go()
        if pressed is not None:
            self._context.view.set(camera=pressed[1])

    def double_click(self, event: QMouseEvent) -> None:
        """To 32× at the pixel; again: back to where it was. Of other buttons it is a second press."""
        if event.button() != Qt.MouseButton.LeftButton:
            self.press(event)
            return
        self._pressed = None
        camera = self._context.view.value.camera
        tools, looked = self._context.tools, self._context.tools.close_look
        if looked is not None and camera.zoom == looked[1].zoom:
            tools.close_look = None
            self._context.view.set(camera=looked[0])
            return
        rungs, _ = rungs_of(self._context)
        near = zoomed(camera, nearest_rung(rungs, DOUBLE_CLICK_ZOOM), self._away(event.position()))
        tools.close_look = (camera, near)
        self._context.view.set(camera=near)

    def leave(self) -> None:
        if self._pulling or self._claimed is not None:
            return
        self._pointer = None
        self._context.tools.hover(self._view, None)
        if self._led is not None:
            self._led = None
            self._context.probe.hover(None)

    def wheel(self, event: QWheelEvent) -> None:
        if self._context.tools.wheel(self._view, event):
            event.accept()
            return
        modifiers = event.modifiers()
        free = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        if event.device() is not None and event.device().type() == QInputDevice.DeviceType.TouchPad and not free:
            self._scroll(event)
            event.accept()
            return
        turned = event.angleDelta().y() or event.angleDelta().x()  # Alt and Shift swap the axes on some systems
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            turned /= 8
        event.accept()
        if turned:
            self._zoom(turned, event.position(), free)

    def _scroll(self, event: QWheelEvent) -> None:
        """Two fingers pan by whole device pixels; what is left over waits for the next event."""
        way = QPointF(event.pixelDelta())
        if way.isNull():  # some systems report only turns, 120 to a notch
            way = QPointF(event.angleDelta()) / NOTCH * PIXELS_PER_NOTCH
        if event.phase() == Qt.ScrollPhase.ScrollBegin:
            self._rest = QPointF()
        way = way * self._view.frame.ratio + self._rest
        whole = QPointF(round(way.x()), round(way.y()))
        self._rest = way - whole
        if not whole.isNull():
            self._context.view.set(camera=panned(self._context.view.value.camera, whole.y(), whole.x()))

    def pinch(self, event: QNativeGestureEvent) -> bool:
        """Two fingers apart or together: free zoom about their middle. False for other gestures."""
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        camera = self._context.view.value.camera
        zoom = min(max(camera.zoom * max(1 + event.value(), 0.1), MIN_ZOOM), MAX_ZOOM)
        if zoom != camera.zoom:
            self._context.view.set(camera=zoomed(camera, zoom, self._away(event.position())))
        return True

    def camera_moved(self) -> None:
        """Camera or view moved under a resting pointer: if the pointer leads, it is over another pixel now."""
        tools = self._context.tools
        if tools.wheel_target is not None and tools.wheel_target[1] != self._context.view.value.camera.zoom:
            tools.wheel_target = None
        if (pointer := self.resting) is not None:
            self.take(pointer)

    @property
    def resting(self) -> QPointF | None:
        """Where on the screen the pointer rests, if it is the one that leads."""
        probe = self._context.probe
        leads = not self._pulling and (probe.hovered or probe.nothing) == self._led
        return self._pointer if leads else None

    def take(self, pointer: QPointF) -> None:
        """What the view shows has come under a pointer that rests: it leads here now."""
        port = self._view.viewport()
        place = port.mapFromGlobal(pointer)
        if port.rect().contains(place.toPoint()):
            self._hover(place, anew=True)

    def _keep(self, place: QPointF) -> None:
        self._pointer = self._view.viewport().mapToGlobal(place)

    def _hover(self, place: QPointF, anew: bool = False) -> None:
        self._keep(place)
        point = self._view.point_at(place)
        led = point or self._beside(place)
        if anew or led != self._led:
            self._led = led
            self._context.probe.hover(point, None if isinstance(led, ProbePoint) else led)

    def _beside(self, place: QPointF) -> Beside | None:
        """Why there is no pixel under the pointer; None where the panel shows no picture at all."""
        context, view = self._context, self._view
        if view.geometry_shown is None:
            return None
        world, placing = view.world_at(place), context.view.value.placing
        return beside_at(context.results, context.session.value, view.panel, world, placing)

    def _point_at(self, place: QPointF) -> None:
        """Let the cursor say what a press would take hold of."""
        cursor = self._context.tools.hover(self._view, place)
        if cursor is None:
            self._view.viewport().unsetCursor()
        else:
            self._view.viewport().setCursor(cursor)

    def _away(self, place: QPointF) -> tuple[float, float]:
        """How far a place is from the middle of the viewport, device pixels (y, x)."""
        frame = self._view.frame
        return (place.y() * frame.ratio - frame.size[0] / 2, place.x() * frame.ratio - frame.size[1] / 2)

    def _zoom(self, turned: float, place: QPointF, free: bool) -> None:
        """Move the unsnapped target, and show the rung that is nearest to it."""
        camera, tools = self._context.view.value.camera, self._context.tools
        target = camera.zoom if tools.wheel_target is None else tools.wheel_target[0]
        target = min(max(wheel_target(target, turned), MIN_ZOOM), MAX_ZOOM)
        zoom = target if free else nearest_rung(rungs_of(self._context)[0], target)
        tools.wheel_target = (target, zoom)
        if zoom != camera.zoom:
            self._context.view.set(camera=zoomed(camera, zoom, self._away(place)))

    # ---- keys --------------------------------------------------------------------------------------------------

    def key(self, event: QKeyEvent) -> bool:
        """Do what a key means on the images; False for a key that is not ours."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        if modifiers & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier):
            return False
        if self._context.tools.key(self._view, event):
            return True
        key = Qt.Key(event.key())
        if key in ARROWS:
            down, across = ARROWS[key]
            return self._pan(down, across, shift) if control else self._step(down, across, shift)
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End) and not shift:
            return self._to_end(key == Qt.Key.Key_End, control)
        return False

    def _pan(self, down: int, across: int, far: bool) -> bool:
        """The camera by one source pixel, or by half a view."""
        camera, frame = self._context.view.value.camera, self._view.frame
        by = (frame.size[0] / 2, frame.size[1] / 2) if far else (camera.zoom, camera.zoom)
        self._context.view.set(camera=panned(camera, -down * by[0], -across * by[1]))
        return True

    def _step(self, down: int, across: int, far: bool) -> bool:
        found = self._probed()
        if found is None:
            return False
        point, shape = found
        context = self._context
        of = counted_slot(context.results, context.session.value, context.view.value.selected)
        rows, cols = shift_step(context.results, point, of) if far else (1, 1)
        row, col = point.row + down * rows, point.col + across * cols
        if far and not (0 <= row < shape[0] and 0 <= col < shape[1]):
            return True  # to clamp would change the phase
        self._go(point, Pixel(row, col), shape)
        return True

    def _to_end(self, last: bool, of_image: bool) -> bool:
        found = self._probed()
        if found is None:
            return False
        point, shape = found
        row = (shape[0] - 1 if last else 0) if of_image else point.row
        self._go(point, Pixel(row, shape[1] - 1 if last else 0), shape)
        return True

    def _probed(self) -> tuple[ProbePoint, Shape] | None:
        """The probe and the shape of its image; without a probe, the pixel in the middle of this view."""
        results, comparison = self._context.results, self._context.session.value
        point = self._context.probe.active
        found = None if point is None else geometry(results, comparison, point.slot)
        if point is not None and found is not None:
            return point, found.shape
        size = self._view.viewport().size()
        point = self._view.point_at(QPointF(size.width() / 2, size.height() / 2)) or ProbePoint(SOURCE, 0, 0)
        found = geometry(results, comparison, point.slot)
        return None if found is None else (point, found.shape)

    def _go(self, point: ProbePoint, pixel: Pixel, shape: Shape) -> None:
        row, col = min(max(pixel.row, 0), shape[0] - 1), min(max(pixel.col, 0), shape[1] - 1)
        self._context.probe.moved_to(ProbePoint(point.slot, row, col, point.against))
        self._follow(ProbePoint(point.slot, row, col, point.against))

    def _follow(self, point: ProbePoint) -> None:
        """The camera follows only where the probe would leave the view."""
        context = self._context
        found = geometry(context.results, context.session.value, point.slot, context.view.value.placing)
        if found is None:
            return
        top, left, bottom, right = found.placement.rect(point.pixel)
        seen = self._view.frame.world_rect
        camera = context.view.value.camera
        y = camera.y + min(top - seen[0], 0.0) + max(bottom - seen[2], 0.0)
        x = camera.x + min(left - seen[1], 0.0) + max(right - seen[3], 0.0)
        if (y, x) != (camera.y, camera.x):
            context.view.set(camera=Camera(y, x, camera.zoom))
