"""Where panels lie, and how their pixels are shown: by samples, moved alone, smooth, with or without numbers."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QApplication, QWidget

from workbench.model.panels import slot_of
from workbench.ui.commands.group import CommandGroup
from workbench.ui.image_view import ImageView
from workbench.ui.main_window import MainWindow
from workbench.ui.moving import MovePanel

NOT_MOVED = "this panel was not moved"
_OF_THE_PANEL = ("clear_offset", "own_range", "go_to_excess")
_ANNOTATIONS = ("automatic", "grid", "none")


class PlaceCommands(CommandGroup):
    """Places in the world, and the way from pixels to the screen."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.moving = MovePanel(self.context, window.action_set.refresh)
        self.context.tools.add(self.moving)
        view = self.context.view
        self.bind(
            "sample_places",
            self._toggle_places,
            self.no_image,
            checked=lambda: view.value.placing.mode == "sample",
        )
        self.bind("move_alone", self.moving.toggle, self.no_image, checked=lambda: self.moving.on)
        self.bind("clear_offset", self._clear_offset, self._not_moved)
        self.bind(
            "smooth",
            lambda: view.set(smooth=not view.value.smooth),
            self.no_image,
            checked=lambda: view.value.smooth,
        )
        self.bind("annotations", self._next_annotations, self.no_image)
        QApplication.instance().focusChanged.connect(self._focus_changed)

    def escape(self) -> bool:
        """Panels are no longer moved alone: that is left as a tool is, before the lock is released."""
        return self.moving.escape()

    def _focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        """Another panel has the keys: of two panels of a slot, too."""
        if isinstance(now, ImageView):
            self.window.action_set.refresh(_OF_THE_PANEL)

    def panel(self) -> str:
        """The panel that keys act on: the one with the focus, else that of the selected slot."""
        area, selected = self.window.panel_area, self.context.view.value.selected
        focused = area.focusWidget()
        if isinstance(focused, ImageView):
            return focused.panel
        return next((name for name in area.names if slot_of(name) == selected), selected)

    def _toggle_places(self) -> None:
        placing = self.context.view.value.placing
        self.context.view.set(placing=replace(placing, mode="nominal" if placing.mode == "sample" else "sample"))

    def _not_moved(self) -> str | None:
        moved = any(self.context.view.value.placing.offset(self.panel()))
        return self.no_image() or (None if moved else NOT_MOVED)

    def _clear_offset(self) -> None:
        self.context.view.set(placing=self.context.view.value.placing.with_offset(self.panel(), 0.0, 0.0))

    def _next_annotations(self) -> None:
        at = _ANNOTATIONS.index(self.context.view.value.annotations)
        self.context.view.set(annotations=_ANNOTATIONS[(at + 1) % len(_ANNOTATIONS)])
