"""Regions, pins and lines: the tools that draw them, and the commands by which keys reach all of them."""

from __future__ import annotations

import math

from workbench.model.document import Comparison
from workbench.model.panels import geometry
from workbench.model.probe import world_of
from workbench.model.regions import phase_cell
from workbench.model.view_state import ViewValue
from workbench.ui.binding import bind
from workbench.ui.commands.group import CommandGroup
from workbench.ui.main_window import MainWindow
from workbench.ui.panels.docks import BOTTOM
from workbench.ui.pin_tool import PinTool
from workbench.ui.profile_tool import ProfileTool
from workbench.ui.region_tool import RegionTool

NO_REGION = "there is no region yet"
NO_LINE = "there is no line yet"
NO_PIN = "there is no pin yet"
NO_PROBE = "no pixel is probed"

_SHARE = 4
"""A region made without a pointer is this part of what is seen."""


class MarkingCommands(CommandGroup):
    """Makes the three handlers, and binds what they do."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        context = self.context
        self.regions, self.lines, self.pins = RegionTool(context), ProfileTool(context), PinTool(context)
        for handler in (self.regions, self.lines, self.pins):
            context.tools.add(handler)
        view = context.view
        for id, tool in (("region_tool", "region"), ("profile_tool", "profile")):
            self.bind(
                id,
                lambda tool=tool: self._take(tool),
                self.no_image,
                checked=lambda tool=tool: view.value.tool == tool,
            )
        self.bind("new_region", self._new_region, self.no_image)
        self.bind("next_region", self._next_region, lambda: None if context.session.value.regions else NO_REGION)
        self.bind("new_line", self._new_line, self.no_image)
        self.bind("next_line", self._next_line, lambda: None if context.session.value.lines else NO_LINE)
        probe = context.probe
        self.bind("lock_probe", self._lock, self._no_probe, checked=lambda: probe.locked is not None)
        self.bind("pin", self.pins.toggle, self._no_probe)
        self.bind("next_pin", self.pins.next, lambda: None if context.session.value.pins else NO_PIN)
        bind(self, context.session.changed, self._session_changed)
        bind(self, context.view.changed, self._view_changed)

    def _lock(self) -> None:
        """The probed pixel, as a click on it does; the locked one is released."""
        point = self.context.probe.locked or self.context.probe.active
        if point is not None:
            self.context.probe.click(point)

    def _take(self, tool: str) -> None:
        """A tool, or none if it was this one; the dock that shows what it gives opens with the profile's."""
        context = self.context
        if context.view.value.tool == tool:
            context.view.set(tool="none")
            return
        context.view.set(tool=tool)
        if tool == "profile":
            self._open_profile()

    def _new_region(self) -> None:
        """Around the probe, whole phase cells, a quarter of what is seen at most."""
        context = self.context
        place, panel = self._probed()
        found = geometry(context.results, context.session.value, panel)
        if found is None:
            return
        height, width = (side / _SHARE for side in self._seen())
        cell = phase_cell(context.results, context.session.value, panel, found.placement)
        y, x = place
        self.regions.add(cell.around((y - height / 2, x - width / 2, y + height / 2, x + width / 2)))

    def _next_region(self) -> None:
        regions, chosen = self.context.session.value.regions, self.regions.selected
        at = next((k for k, region in enumerate(regions) if region is chosen), -1)
        if regions:
            self.regions.take_focus(regions[(at + 1) % len(regions)].id)
            self.window.focus_images()

    def _new_line(self) -> None:
        """Across through the probe, half as wide as what is seen."""
        (y, x), _ = self._probed()
        half = max(math.floor(self._seen()[1] / 4), 1)
        self.lines.add(y, x - half, y, x + half)
        self._open_profile()

    def _open_profile(self) -> None:
        """The dock that shows it; while the images are alone, it waits until they no longer are."""
        view = self.context.view
        view.set(docks=view.value.docks - set(BOTTOM) | {"profile"})

    def _next_line(self) -> None:
        lines, chosen = self.context.session.value.lines, self.lines.selected
        at = next((k for k, line in enumerate(lines) if line is chosen), -1)
        if lines:
            step = 1 if self.lines.focused or len(lines) == 1 else 0
            self.lines.take_focus(lines[(at + step) % len(lines)].id)
            self.window.focus_images()

    def _no_probe(self) -> str | None:
        return self.no_image() or (NO_PROBE if self.context.probe.active is None else None)

    def _probed(self) -> tuple[tuple[float, float], str]:
        """The probe's place in the world and its picture; without a probe the middle of the view, on the source."""
        context = self.context
        point = context.probe.active
        world = None if point is None else world_of(context.results, context.session.value, point)
        if point is None or world is None:
            camera = context.view.value.camera
            return (camera.y, camera.x), "source"
        return world, point.slot

    def _seen(self) -> tuple[float, float]:
        """Height and width of what the first panel shows, source pixels."""
        area = self.window.panel_area
        if not area.names:
            return (16.0, 16.0)
        top, left, bottom, right = area.view(area.names[0]).frame.world_rect
        return (bottom - top, right - left)

    def _session_changed(self, new: Comparison, old: Comparison) -> None:
        if (new.regions, new.lines, new.pins) != (old.regions, old.lines, old.pins):
            self.context.tools.repaint()

    def _view_changed(self, new: ViewValue, old: ViewValue) -> None:
        if (new.tool, new.region, new.line, new.pin) != (old.tool, old.region, old.line, old.pin):
            self.context.tools.repaint()
