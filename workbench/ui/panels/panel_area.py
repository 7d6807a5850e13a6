"""All panels side by side: which there are, where they stand, and the zoom that suits all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QMoveEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from workbench.kernels.placement import Rect
from workbench.model.document import ORIGINAL, SOURCE, Comparison
from workbench.model.panels import DIFFERENCE, difference_panel, geometry, slot_of, visible_panels, world_extent
from workbench.model.view_state import MAX_ZOOM, MIN_ZOOM, Camera, ViewValue, fitting_rung, nearest_rung
from workbench.ui.binding import bind
from workbench.ui.camera import zoomed
from workbench.ui.context import Context
from workbench.ui.flicker import MOST_RECENT, Guests, hand_over_focus, raise_complete
from workbench.ui.gestures import rungs_of
from workbench.ui.image_view import ImageView
from workbench.ui.panels.cells import LINE, cells, columns
from workbench.ui.panels.first_look import probe_something, sizes_known
from workbench.ui.panels.header_drag import HeaderDrag
from workbench.ui.panels.image_panel import ImagePanel
from workbench.ui.panels.panel_header import HEIGHT
from workbench.ui.panels.panel_menu import PanelMenus

if TYPE_CHECKING:
    from workbench.ui.wipe import WipePlace

CLOSE_LOOK = 38
"""Source pixels across a panel when a document opens at a place it names."""


class PanelArea(QWidget):
    """Lays out the visible panels with lines of 1 px between them and nothing around them.

    It owns the zoom of the whole: fit, rungs, 1:1. The camera itself lives in the view state.
    """

    zoom_changed = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._panels: dict[str, ImagePanel] = {}
        self._order: tuple[str, ...] = ()
        self._unfitted = True
        self._resized = False
        self._back: str | None = None
        self._columns_used = 0
        self._guests = Guests(self._made_guest, self._released)
        self._recent: list[str] = []
        self.overlays: list[QWidget] = []
        self.reorder = HeaderDrag(self)
        self.menus = PanelMenus(self)
        self._wipe: WipePlace | None = None
        self._layout_used = ""
        self._seated: tuple[object, ...] = ()
        self._all_seen = True
        self._raising = QTimer(self, singleShot=True, interval=0)
        self._raising.timeout.connect(self._raise)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 120)
        self.setAccessibleName("Panels")
        bind(self, context.session.changed, self._session_changed)
        bind(self, context.results.changed, self._result_changed)
        bind(self, context.results.part_changed, self._part_changed)
        bind(self, context.view.changed, self._view_changed)
        context.theme.changed.connect(self.update)
        self._arrange()

    # ---- what others may ask -----------------------------------------------------------------------------------

    @property
    def names(self) -> tuple[str, ...]:
        """The visible panels, in order."""
        return self._order

    def panel(self, name: str) -> ImagePanel:
        """A visible panel by its name."""
        return self._panels[name]

    def view(self, name: str) -> ImageView:
        """The pixels of a visible panel."""
        return self._panels[name].view

    @property
    def place(self) -> str | None:
        """The panel that carries the accent, in whose place others can be seen; None if none does."""
        return self._marked()

    def seen_in(self, place: str) -> ImagePanel:
        """What is to be seen in the place of a visible panel: itself, or for the moment another picture."""
        picture = dict(self.context.view.value.instead).get(place, place)
        return self._guests.at(place, picture) or self._panels[place]

    def rungs(self) -> tuple[float, ...]:
        """The zooms at which pixels of all panels, or at least of the selected one, are whole device pixels."""
        return rungs_of(self.context)[0]

    def fit(self) -> None:
        """The largest rung at which everything is seen, in the middle."""
        self._fit_to(self._extent())

    def zoom_to(self, zoom: float) -> None:
        """A zoom someone typed or chose, kept as it is; the middle stays."""
        camera = self.context.view.value.camera
        self.context.view.set(camera=zoomed(camera, min(max(zoom, MIN_ZOOM), MAX_ZOOM), (0.0, 0.0)))

    def zoom_step(self, direction: int) -> None:
        """One rung closer (1) or further away (−1)."""
        zoom = self.context.view.value.camera.zoom
        if direction > 0:
            near = [rung for rung in self.rungs() if rung > zoom * (1 + 1e-9)]
            self.zoom_to(min(near, default=zoom))
        else:
            far = [rung for rung in self.rungs() if rung < zoom * (1 - 1e-9)]
            self.zoom_to(max(far, default=zoom))

    def one_to_one(self) -> None:
        """One pixel of the selected panel for each device pixel."""
        self.zoom_to(1 / self._selected_step())

    def chosen_view(self) -> ImageView | None:
        """The pixels of the selected panel, or of the first one."""
        panel = self._panels.get(self._marked() or "") or next(iter(self._visible()), None)
        return None if panel is None else panel.view

    def focus_view(self) -> None:
        """Give the keys to the selected panel, or the first one."""
        view = self.chosen_view()
        if view is not None:
            view.setFocus(Qt.FocusReason.OtherFocusReason)

    def toggle_alone(self) -> None:
        """The selected panel alone; again: all of them as before."""
        self._alone(self._marked() or self.context.view.value.selected)

    # ---- which panels, and where -------------------------------------------------------------------------------

    def _arrange(self) -> None:
        comparison, view, results = self.context.session.value, self.context.view.value, self.context.results
        wanted = visible_panels(comparison, view, results)
        alone = view.layout == self._layout_used == "single"
        self._layout_used = view.layout
        if wanted != self._order:
            for name in wanted:
                if name not in self._panels:
                    self._panels[name] = self._made(name)
            before = [name for name in (*self._recent, *self._order) if name not in wanted] if alone else []
            self._recent = before[-MOST_RECENT:]
            gone = [self._panels[name].view for name in self._order if name not in wanted]
            pointer = next((view.resting_pointer for view in gone if view.resting_pointer is not None), None)
            self._order = wanted
            self._place()
            previous = None
            for panel in self._visible():
                if previous is not None:
                    QWidget.setTabOrder(previous.view, panel.view)
                previous = panel
            self._put_away_others()
            for panel in self._visible() if pointer is not None else ():
                panel.view.take_pointer(pointer)
        seated = (wanted, view.instead, view.selected, [slot.id for slot in comparison.slots])
        if seated != self._seated or not self._all_seen or self._wiped:
            self._seated = seated
            self._seat_guests()
            self._mark()

    def _made(self, name: str) -> ImagePanel:
        panel = ImagePanel(self.context, name, self)
        panel.selected.connect(self._select)
        panel.alone_requested.connect(self._alone)
        self.reorder.watch(panel.header, name)
        self.menus.watch(panel)
        return panel

    def _made_guest(self, place: str, name: str) -> ImagePanel:
        panel = ImagePanel(self.context, name, self, place)
        panel.selected.connect(lambda _name: self._select(place))
        panel.alone_requested.connect(lambda _name: self._alone(place))
        self.menus.watch(panel)
        return panel

    def _put_away_others(self) -> None:
        """A panel that is not shown now keeps its widget, since making one costs; one whose slot is gone does not."""
        kept = (*self._order, *self._recent)
        others = [
            (name, panel) for name, panel in self._panels.items()
            if self._gone(name) or (name not in kept and not panel.isHidden())
        ]  # fmt: skip
        if any(panel.view.hasFocus() for _, panel in others):
            # Before they hide: Qt would hand the focus on as Tab does, and that selects a slot.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.focus_view()
        for name, panel in others:
            panel.hide()
            self._forget_part(name)
            if self._gone(name):
                self._panels.pop(name).deleteLater()
        self._recent = [name for name in self._recent if name in self._panels]

    def _gone(self, name: str) -> bool:
        """Whether a panel's slot is not in the document any more."""
        return slot_of(name) not in (SOURCE, ORIGINAL) and self.context.session.value.slot(slot_of(name)) is None

    def _forget_part(self, name: str) -> None:
        if name not in (*self._order, *self._recent) and not self._guests.shows(name):
            self.context.pipeline.request(name, None)

    # ---- in the place of others --------------------------------------------------------------------------------

    def _seat_guests(self) -> None:
        """Guests lie over their places, and stay resident as long as the place is the selected one."""
        instead, marked = dict(self.context.view.value.instead), self._marked()

        def wanted(place: str, name: str) -> bool:
            if place not in self._order or self._gone(name):
                return False
            return place == marked or instead.get(place) == name

        self._guests.keep(wanted)
        for place, name in instead.items():
            if place in self._order and name != place and not self._gone(name):
                self._guests.seat(self._panels[place], name)
        self._raise()

    def _raise(self) -> None:
        """What is to be seen comes uppermost as soon as its pixels are there."""
        self._all_seen = raise_complete(self.seen_in(name) for name in self._order)
        if self._wiped:
            self.wipe.raise_()
            self.wipe.refresh()
        for overlay in self.overlays:
            overlay.raise_()

    def _part_changed(self, _name: str) -> None:
        if not self._all_seen:
            self._raising.start()  # afterwards, when the views have heard of it

    def _released(self, guest: ImagePanel) -> None:
        hand_over_focus(guest, self._panels.get(guest.place or "", guest))
        guest.hide()
        self._forget_part(guest.panel)
        guest.deleteLater()

    def _visible(self) -> list[ImagePanel]:
        return [self._panels[name] for name in self._order]

    def _place(self) -> None:
        size, layout = (self.width(), self.height()), self.context.view.value.layout
        rects, self._columns_used = cells(size, layout, len(self._order), self._extent())
        for panel, rect in zip(self._visible(), rects, strict=True):
            panel.setGeometry(rect)
            if panel.isHidden() and self._recent:  # what was alone before is seen until this one's pixels are there
                panel.lower()
            panel.show()
            self._guests.follow(panel)
        for name in self._recent:
            self._panels[name].setGeometry(rects[0])
        self._place_wipe(layout == "wipe" and len(rects) == 2)
        self.update()

    @property
    def wipe(self) -> WipePlace:
        """Two pictures in one place; made when it is first asked for."""
        if self._wipe is None:
            from workbench.ui.wipe import WipePlace

            self._wipe = WipePlace(self)
            self._wipe.alone_requested.connect(lambda: self._alone(self._marked() or self._order[-1]))
        return self._wipe

    @property
    def _wiped(self) -> bool:
        return self._wipe is not None and not self._wipe.isHidden()

    def _place_wipe(self, wanted: bool) -> None:
        """It covers both sides, which go on living under it."""
        if wanted:
            self.wipe.setGeometry(self.rect())
            self.wipe.show()
            self._settle_wipe()
        elif self._wiped:
            if self.wipe.isAncestorOf(QApplication.focusWidget()):
                self.focus_view()
            self.wipe.hide()

    def _settle_wipe(self) -> None:
        if self._wiped and self.wipe.isVisible() and not self._unfitted:
            self.wipe.canvas.settle()

    def _grid_columns(self) -> int:
        return columns((self.width(), self.height()), len(self._order), self._extent())

    def _extent(self) -> Rect:
        """What all visible panels cover together."""
        context = self.context
        return world_extent(context.results, context.session.value, self._order, context.view.value.placing)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self.context.theme
        painter.fillRect(self.rect(), theme.color("canvas"))
        for panel in self._visible():
            painter.fillRect(panel.geometry().adjusted(0, 0, LINE, LINE), theme.color("line"))

    # ---- selection ---------------------------------------------------------------------------------------------

    def _select(self, panel: str) -> None:
        self.context.view.set(selected=slot_of(panel))

    def _alone(self, panel: str) -> None:
        """This panel alone; again: all of them as before."""
        view = self.context.view.value
        if view.layout == "single":
            self.context.view.set(layout=self._back or "grid")
        else:
            self._back = view.layout
            show = "differences" if panel.startswith(DIFFERENCE) else "images"
            self.context.view.set(layout="single", selected=slot_of(panel), show=show)

    def _marked(self) -> str | None:
        """The panel that carries the accent: the selected slot's image, or its difference where that is all."""
        selected = self.context.view.value.selected
        return next((name for name in (selected, difference_panel(selected)) if name in self._order), None)

    def _mark(self) -> None:
        marked = self._marked()
        for name in self._order:
            self._panels[name].show_selected(name == marked)
        for guest in self._guests.all():
            guest.show_selected(guest.place == marked)

    # ---- camera ------------------------------------------------------------------------------------------------

    def _selected_step(self) -> float:
        comparison, results = self.context.session.value, self.context.results
        for name in (self.context.view.value.selected, *self._order):
            found = geometry(results, comparison, name, self.context.view.value.placing)
            if found is not None:
                return found.placement.step[1]
        return 1.0

    def _room(self) -> tuple[float, float]:
        """Height and width of the smallest view, device pixels."""
        ratio = self.devicePixelRatioF()
        views = [(panel.height() - HEIGHT, panel.width()) for panel in self._visible()]
        heights, widths = zip(*views, strict=True) if views else ((1,), (1,))
        return max(min(heights), 1) * ratio, max(min(widths), 1) * ratio

    def _fit_to(self, rect: Rect) -> None:
        top, left, bottom, right = rect
        height, width = self._room()
        zoom = min(height / max(bottom - top, 1e-9), width / max(right - left, 1e-9))
        self.context.view.set(camera=Camera((top + bottom) / 2, (left + right) / 2, fitting_rung(self.rungs(), zoom)))

    def _fit_first(self) -> None:
        """When a document has just been opened and its sizes are known: as it asks to be seen, else all of it.

        A source of another size keeps the camera where that still looks at it.
        """
        opened, resized = self._unfitted, self._resized
        if not (opened or resized) or not sizes_known(self.context, self._order) or not self.isVisible():
            return
        self._unfitted = self._resized = False
        wanted, camera = self.context.session.value.view, self.context.view.value.camera
        top, left, bottom, right = self._extent()
        if opened and wanted.centre is not None:
            zoom = wanted.zoom or max(self._room()) / CLOSE_LOOK
            self.context.view.set(camera=Camera(*wanted.centre, nearest_rung(self.rungs(), zoom)))
        elif opened or not (top <= camera.y <= bottom and left <= camera.x <= right):
            self.fit()
            if opened and wanted.zoom is not None:
                self.zoom_to(wanted.zoom)
        else:
            return
        probe_something(self.context, self._order)

    # ---- changes -----------------------------------------------------------------------------------------------

    def _session_changed(self, new: Comparison, old: Comparison) -> None:
        self._unfitted |= new.view is not old.view or old.source is None
        self._resized |= _shape(new) != _shape(old)
        if new.view is not old.view:
            self.context.probe.show(None)
        self._arrange()
        self._fit_first()

    def _result_changed(self, name: str) -> None:
        self._arrange()
        grid = self.context.view.value.layout == "grid" and bool(self._order)
        if name == SOURCE and grid and self._grid_columns() != self._columns_used:
            self._place()
        self._fit_first()
        if not self._unfitted and sizes_known(self.context, self._order):
            probe_something(self.context, self._order)

    def _view_changed(self, new: ViewValue, old: ViewValue) -> None:
        if _arranged_by(new) != _arranged_by(old):
            self._arrange()
            if new.layout != old.layout:
                self._place()
        self._settle_wipe()
        if new.camera.zoom != old.camera.zoom:
            self.zoom_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
        self._fit_first()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit_first()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        for panel in (*self._visible(), *self._guests.all()):
            panel.view.place_changed()


def _shape(comparison: Comparison) -> tuple[int, ...]:
    return comparison.source.pixels.shape[:2] if comparison.source is not None else ()


def _arranged_by(view: ViewValue) -> tuple[object, ...]:
    """What decides which panels there are, and where."""
    return (view.layout, view.show, view.selected, view.instead, view.wipe.a, view.wipe.b)
