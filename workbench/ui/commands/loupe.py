"""The loupe: held or tapped, and what it shows as the inset of a figure."""

from __future__ import annotations

import math

from workbench.kernels.placement import Rect
from workbench.model import edits
from workbench.ui.commands.group import CommandGroup
from workbench.ui.loupe import TIMES, Lens, first_times
from workbench.ui.main_window import MainWindow


class LoupeCommands(CommandGroup):
    """Z, and its way into a figure."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.lens = Lens(window.panel_area)
        self.lens.to_figure.connect(self._to_figure)
        self.bind("loupe", self._toggle, self.no_image, checked=lambda: self.context.view.value.loupe is not None)
        self.bind("next_loupe", self._next_times, self._no_lens)
        self.bind("loupe_to_figure", self.lens.send_to_figure, self._no_lens)
        self.bind("loupe_weights", self.lens.toggle_weights, self._no_lens, checked=lambda: self.lens.shows_weights)

    def escape(self) -> bool:
        """The lens goes."""
        if self.context.view.value.loupe is None:
            return False
        self.context.view.set(loupe=None)
        return True

    def _no_lens(self) -> str | None:
        return self.no_image() or (None if self.lens.isVisible() else "the loupe is not shown")

    def _toggle(self) -> None:
        view = self.context.view
        if self.no_image() is None:
            view.set(loupe=None if view.value.loupe is not None else first_times(view.value.camera.zoom))

    def _next_times(self) -> None:
        """Round the magnifications, beginning again after the last."""
        view = self.context.view
        at = TIMES.index(view.value.loupe) if view.value.loupe in TIMES else -1
        view.set(loupe=TIMES[(at + 1) % len(TIMES)])

    def _to_figure(self, rect: Rect) -> None:
        """A region of whole source pixels, selected, which the figure takes for its insets."""
        prepared = self.context.results.prepared
        if prepared is None:
            return
        top, left, bottom, right = rect
        height, width = prepared.shape
        whole = (
            float(min(max(math.floor(top), 0), height - 1)),
            float(min(max(math.floor(left), 0), width - 1)),
            float(max(min(math.ceil(bottom), height), 1)),
            float(max(min(math.ceil(right), width), 1)),
        )
        self.context.session.do("Region from the loupe", edits.add_region(whole))
        self.context.view.set(region=self.context.session.value.regions[-1].id, loupe=None)
        self.window.action_set["export_figure"].trigger()
