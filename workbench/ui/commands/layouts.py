"""Where the panels stand, one of them alone, everything else out of the way; panes by keys, and the panels' menu."""

from __future__ import annotations

from typing import get_args

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from workbench.model.document import Layout
from workbench.model.panels import panel_badge, panel_name, slot_of
from workbench.ui.commands.group import CommandGroup
from workbench.ui.image_view import ImageView
from workbench.ui.main_window import MainWindow
from workbench.ui.panels.docks import BOTTOM
from workbench.ui.tab_order import stops

LAYOUTS: tuple[Layout, ...] = get_args(Layout)
"""In the order in which Ctrl+L goes through them."""
PANEL_MENU = (
    "make_reference", "hide_slot", "panel_alone", None,
    "see_reference", "see_source", "layout_wipe", "loupe", None,
    "copy_view", "save_output", None,
    "rename", "duplicate", "remove",
)  # fmt: skip
"""What a right click on a panel offers; None for a line."""


class LayoutCommands(CommandGroup):
    """Ctrl+L, Return, H and F6; the wipe itself is in `wiping`."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        view = self.context.view
        for layout in LAYOUTS:
            if layout != "wipe":
                self.bind(
                    f"layout_{layout}",
                    lambda layout=layout: view.set(layout=layout),
                    self.no_image,
                    checked=lambda layout=layout: self.no_image() is None and view.value.layout == layout,
                )
        self.bind("next_layout", self._next, self.no_image)
        self.bind("panel_alone", window.panel_area.toggle_alone, self.no_image)
        self.bind("bare", self._toggle_bare, self.no_image, checked=lambda: view.value.bare)
        self.bind("next_pane", lambda: self._go_to_pane(1))
        self.bind("previous_pane", lambda: self._go_to_pane(-1))
        window.panel_area.menus.requested.connect(self._open_menu)

    def escape(self) -> bool:
        """A header that is dragged goes back; then everything around the images comes back."""
        if self.window.panel_area.reorder.cancel():
            return True
        if not self.context.view.value.bare:
            return False
        self._toggle_bare()
        return True

    def _next(self) -> None:
        """The next layout that can be had: a wipe needs two pictures."""
        if self.no_image():
            return
        actions, at = self.window.action_set, LAYOUTS.index(self.context.view.value.layout)
        following = (*LAYOUTS[at + 1 :], *LAYOUTS[:at])
        actions[next(f"layout_{one}" for one in following if actions.reason(f"layout_{one}") is None)].trigger()

    def _toggle_bare(self) -> None:
        if self.no_image() is None:
            self.context.view.set(bare=not self.context.view.value.bare)
            self.window.focus_images()

    # ---- panes ---------------------------------------------------------------------------------------------------

    def panes(self) -> list[QWidget]:
        """What F6 goes through, as far as it is there: left column, images, bottom dock, right dock, top bar."""
        window, docks = self.window, self.context.view.value.docks
        images = window.panel_area if self.no_image() is None else window.empty
        bottom = [window.dock(id) for id in BOTTOM if id in docks]
        panes = [window.left, images, *bottom, window.matrix, window.top_bar]
        return [pane for pane in panes if pane.isVisible() and (pane is images or _first(pane) is not None)]

    def _go_to_pane(self, way: int) -> None:
        panes, focus = self.panes(), QApplication.focusWidget()
        here = next((k for k, pane in enumerate(panes) if pane is focus or pane.isAncestorOf(focus)), -1)
        pane = panes[(here + way) % len(panes)] if here >= 0 or way > 0 else panes[-1]
        first = _first(pane)
        if pane in (self.window.panel_area, self.window.empty):
            self.window.focus_images()
            view = QApplication.focusWidget()
            if isinstance(view, ImageView):
                view.show_ring()
        elif first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    # ---- menu ----------------------------------------------------------------------------------------------------

    def _open_menu(self, panel: str, at: QPoint) -> None:
        self.menu_of(panel).popup(at)

    def menu_of(self, panel: str) -> QMenu:
        """The panel becomes the selected one, and this is what can be done with it."""
        self.context.view.set(selected=slot_of(panel))
        actions = self.window.action_set
        actions.refresh()
        comparison = self.context.session.value
        menu = QMenu(self.window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        known = comparison.slot(slot_of(panel)) is not None
        name = panel_name(comparison, slot_of(panel))
        menu.addSection(name if known else f"{panel_badge(comparison, panel)} {name}")
        for id in PANEL_MENU:
            if id is None:
                menu.addSeparator()
            elif id == "make_reference" and not known:
                menu.addAction(actions["reference_original"])
            else:
                menu.addAction(actions[id])
        return menu


def _first(pane: QWidget) -> QWidget | None:
    """The first widget of a pane that Tab reaches."""
    return next((one for one in stops(pane) if one.isVisible() and one.isEnabled()), None)
