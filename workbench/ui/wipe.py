"""The wipe: two panels in one place, under one header, cut at a divider that keeps its place in the world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.ui.binding import bind
from workbench.ui.panels.panel_header import HeaderText, PanelHeader
from workbench.ui.wipe_canvas import WipeCanvas

if TYPE_CHECKING:
    from workbench.ui.panels.panel_area import PanelArea


class WipePlace(QWidget):
    """Header and pixels of a wipe; lies over the two panels it shows.

    Signals
    -------
    alone_requested : the header was double-clicked.
    """

    alone_requested = Signal()

    def __init__(self, area: PanelArea) -> None:
        super().__init__(area)
        self._area = area
        self.context = area.context
        self.header = PanelHeader(self.context.theme, self)
        self.header.show_selected(True)
        self.header.double_clicked.connect(self.alone_requested)
        self.canvas = WipeCanvas(area, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.canvas, 1)
        self.setAccessibleName("Wipe")
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self.refresh)
        context = self.context
        for signal in (context.session.changed, context.results.changed, context.results.part_changed):
            bind(self, signal, self._changed)
        bind(self, context.view.changed, self._changed)
        self.hide()

    def _changed(self, *_: object) -> None:
        """Once at once, for what moves; once more when the panels underneath have heard of it, for what they say."""
        if self.isVisible():
            self.refresh()
            self._later.start()

    def refresh(self) -> None:
        """Show the sides as they are now."""
        if self.isHidden() or not self._area.names:
            return
        self.header.show_text(self._told())
        self.canvas.refresh()

    def _told(self) -> HeaderText:
        a, b = (panel.header.text for panel in self.canvas.panels())
        return HeaderText(
            badge=f"{a.badge}|{b.badge}",
            name=f"{a.name} | {b.name}",
            short=f"{a.short} | {b.short}",
            parameters="wipe · X exchanges the sides",
            chips=tuple(dict.fromkeys((*a.chips, *b.chips))),
            number=_both(a.number.removesuffix(" dB") if b.number.endswith(" dB") else a.number, b.number),
            filter=_both(a.filter, b.filter),
            short_filter=_both(a.short_filter, b.short_filter),
        )


def _both(a: str, b: str) -> str:
    return a if a == b else " | ".join(part for part in (a, b) if part)
