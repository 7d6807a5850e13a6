"""The histogram dock: how often each value occurs, one curve for each phase, the range as handles under it."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.kernels.arrays import Window
from workbench.model.channels import LABELS
from workbench.model.differencing import Comparing, data_range, nominal_difference, nominal_range
from workbench.model.display import Range, format_card
from workbench.model.document import DIFFERENCE, ORIGINAL, SOURCE
from workbench.model.group_range import groups_on_screen
from workbench.model.histogram import Histogram, Survey, survey_of
from workbench.model.jobs import Done, Outcome
from workbench.model.looks import Group, group_look, look_of
from workbench.model.panels import difference_panel, raster, reference_name
from workbench.model.probe import pixel_in, world_of
from workbench.ui.binding import bind
from workbench.ui.context import Context
from workbench.ui.controls import Toggle
from workbench.ui.panels.bottom_panel import BottomPanel
from workbench.ui.panels.histogram_plot import HistogramPlot
from workbench.ui.range_fitting import End, move_end, way_back
from workbench.ui.tab_order import put_behind, stops

HEIGHT = 180


class HistogramPanel(BottomPanel):
    """Bottom dock: of the selected picture, or of those that are switched on at the right."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        self.log_button = Toggle("", "Log", "Logarithmic counts: single values are seen beside thousands")
        self.phase_button = Toggle(
            "", "By phase", "One curve for each phase; they coincide unless there is a checkerboard"
        )
        self.phase_button.setChecked(True)
        pictures = QWidget()
        self._row = QHBoxLayout(pictures)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        tools = (pictures, self.phase_button, self.log_button)
        super().__init__(context, "Histogram", "Copy every bin as CSV", *tools, parent=parent)
        self._survey: Survey | None = None
        self._histogram: Histogram | None = None
        self._chosen: set[str] = set()
        self._pointed: float | None = None
        self._pictures: dict[str, Toggle] = {}
        self.setFixedHeight(HEIGHT)
        for button in (self.log_button, self.phase_button):
            button.setFixedHeight(22)
            button.toggled.connect(self._show)
        self.plot = HistogramPlot(context.theme)
        self.plot.end_moved.connect(self._move_end)
        self.plot.held.connect(self._held)
        self.plot.pointed.connect(self._point)
        self.body.addWidget(self.plot)
        bind(self, context.probe.changed, self._show_values)
        self.follow()

    # ---- what is counted ---------------------------------------------------------------------------------------

    @property
    def histogram(self) -> Histogram | None:
        """What is drawn."""
        return self._histogram

    @property
    def group(self) -> Group:
        """Whose range the handles are: of differences where they are all that is on screen."""
        context = self._context
        found = groups_on_screen(context.session.value, context.view.value, context.results)
        return "differences" if found == ("differences",) else "images"

    @property
    def panels(self) -> tuple[str, ...]:
        """The pictures that are counted: those switched on, else the selected one."""
        names = [name for name in self._names() if name in self._chosen]
        selected = self._context.view.value.selected
        names = names or [selected if selected in self._names() else next(iter(self._names()), SOURCE)]
        return tuple(map(difference_panel, names)) if self.group == "differences" else tuple(names)

    def _names(self) -> tuple[str, ...]:
        """What could be counted, in the order of the list."""
        context = self._context
        comparison = context.session.value
        slots = tuple(slot.id for slot in comparison.slots if not slot.hidden)
        if self.group == "differences":
            reference = reference_name(comparison, context.results)
            return tuple(slot for slot in slots if slot != reference)
        prepared = context.results.prepared
        original = (ORIGINAL,) if prepared is not None and prepared.original is not None else ()
        return (SOURCE, *original, *slots)

    def show_all(self) -> None:
        self._show_pictures()
        context, view = self._context, self._context.view.value
        fresh = survey_of(
            context.session.value,
            view,
            context.results,
            self.panels,
            phases=self.phase_button.isChecked() and len(self.panels) == 1,
            least=self._least(),
        )
        if not fresh.same(self._survey):
            self._survey = fresh
            context.pipeline.work.submit(("histogram",), "Histogram", fresh.run, self._landed, 1)
        self._show_histogram()

    def _least(self) -> Range:
        """The bins reach over the nominal range at least: dragging an end must not count everything again."""
        prepared = self._context.results.prepared
        if prepared is None:
            return Range(0.0, 1.0)
        if self.group == "differences":
            return Range(*nominal_difference(Comparing.of(self._context.view.value), data_range(prepared)))
        return Range(*nominal_range(prepared))

    def _landed(self, outcome: Outcome) -> None:
        if not isinstance(outcome, Done):
            raise outcome.exception
        self._histogram = outcome.value
        self._show_histogram()

    def _show_histogram(self) -> None:
        look = group_look(self.group, self._context.view.value)
        self.plot.show_histogram(self._histogram, look.range, self.log_button.isChecked(), look.ends)
        self._say()
        self._show_values()

    def _show_pictures(self) -> None:
        """One switch for each picture, named as in the list."""
        names = self._names()
        if tuple(self._pictures) != names:
            for toggle in self._pictures.values():
                self._row.removeWidget(toggle)
                toggle.deleteLater()
            before = [one for one in stops(self) if one not in self._pictures.values()]
            self._pictures = {}
            comparison = self._context.session.value
            for name in names:
                word = {SOURCE: "S", ORIGINAL: "R"}.get(name) or str(comparison.number(name))
                slot = comparison.slot(name)
                title = slot.title if slot is not None else {SOURCE: "Source", ORIGINAL: "Original"}[name]
                toggle = Toggle("", word, f"Count {title}")
                toggle.setAccessibleName(f"Count {title}")
                toggle.setFixedHeight(22)
                toggle.clicked.connect(lambda on, name=name: self._choose(name, on))
                self._row.addWidget(toggle)
                self._pictures[name] = toggle
            put_behind(before, *self._pictures.values())
            self._chosen &= set(names)
        shown = {panel.removeprefix(DIFFERENCE) for panel in self.panels}
        for name, toggle in self._pictures.items():
            toggle.setChecked(name in shown)

    def _choose(self, name: str, on: bool) -> None:
        """A picture more or less; the first one that is switched on joins the selected one."""
        shown = {panel.removeprefix(DIFFERENCE) for panel in self.panels}
        self._chosen = shown | {name} if on else shown - {name}
        self._show()

    # ---- what it says ------------------------------------------------------------------------------------------

    def _say(self) -> None:
        found, view = self._histogram, self._context.view.value
        if found is None or not found.curves:
            self.head.say("")
            return
        phases = len(found.curves) if found.curves[0].phase is not None else 0
        names = dict.fromkeys(one.name for one in found.curves)
        region = next((one for one in self._context.session.value.regions if one.id == view.region), None)
        parts = [", ".join(names)]
        if phases:
            parts.append(f"{phases} phases")
        parts.append(f"region {region.name}" if region is not None else "whole image")
        channel = LABELS[view.channel_view]
        several = "mean of the channels" if self.group == "differences" else "every channel"
        parts.append(several if view.channel_view == "rgb" else channel)
        parts.append(f"{sum(one.total for one in found.curves)} values")
        if found.odd:
            parts.append(f"{found.odd} not finite")
        if self._pointed is not None:
            k = int(np.clip(np.searchsorted(found.edges, self._pointed) - 1, 0, len(found.centres) - 1))
            counts = " ".join(str(one.counts[k]) for one in found.curves[:8])
            parts.append(f"at {format_card(found.ends.rounded(found.centres[k]))}: {counts}")
        text = " · ".join(parts)
        self.head.say(text)
        self.plot.setAccessibleDescription(text)

    def _point(self, value: float | None) -> None:
        self._pointed = value
        self._say()

    def _show_values(self, *_: object) -> None:
        """The value under the probe of each picture that is counted."""
        if not self.isVisible():
            return
        context, point = self._context, self._context.probe.active
        if point is None:
            self.plot.show_values(())
            return
        comparison, results, view = context.session.value, context.results, context.view.value
        world = world_of(results, comparison, point, view.placing)
        found = []
        for panel in self.panels:
            pixel = None if world is None else pixel_in(results, comparison, panel, world, view.placing)
            pixels = raster(results, comparison, panel, Comparing.of(view))
            if pixel is None or pixels is None:
                continue
            one = pixels.read(Window(pixel.row, pixel.col, pixel.row + 1, pixel.col + 1))
            values = np.atleast_1d(look_of(panel, view).seen(one)[0, 0])
            value = float(values[min(view.channel, len(values) - 1)])
            if math.isfinite(value):
                found.append(value)
        self.plot.show_values(tuple(found))

    # ---- acts --------------------------------------------------------------------------------------------------

    def _held(self, held: bool) -> None:
        self._context.tools.take_back = partial(self._give_up, way_back(self._context)) if held else None

    def _give_up(self, back: Callable[[], None]) -> None:
        self.plot.let_go()
        back()

    def _move_end(self, end: End, value: float) -> None:
        move_end(self._context, self.group, end, value)

    def text(self) -> str:
        """The counts as CSV."""
        return "" if self._histogram is None else self._histogram.csv()
