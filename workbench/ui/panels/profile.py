"""The profile dock: all slots as curves along a line, and the edge on it in numbers beside what theory says."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from workbench.kernels.edges import Edge, edge_of, edge_of_method
from workbench.model import edits
from workbench.model.display import format_card, format_value
from workbench.model.document import SOURCE, Line
from workbench.model.jobs import Error, Outcome
from workbench.model.panels import geometry, panel_name
from workbench.model.probe import ProbePoint, world_of
from workbench.model.profile import (
    RULE,
    WIDE_RULE,
    Curve,
    Profile,
    Subject,
    Values,
    axis_of,
    length_of,
    profile_csv,
    profile_of,
    subjects_of,
)
from workbench.model.regions import COLOURS
from workbench.model.view_state import Placing
from workbench.ui.binding import bind
from workbench.ui.context import Context
from workbench.ui.controls import Line as Separator
from workbench.ui.controls import Text, TextButton
from workbench.ui.inputs import FloatSpin
from workbench.ui.panels.bottom_panel import BottomPanel
from workbench.ui.panels.number_table import Cell, Head, NumberTable
from workbench.ui.panels.profile_plot import ProfilePlot

HEIGHT = 180
_WORK = ("profile",)
_HEADS = (
    Head("Picture", "", 132, words=True),
    Head("value", "Of the pixel at the marker", 72),
    Head("10–90", "From 10 to 90 % of the edge, pixels of that picture; levels: first and last source sample", 70),
    Head("theory", "10–90 of the method for a step half-way between two input pixels", 70),
    Head("over %", "Largest excess over the level behind the edge", 70),
    Head("theory", "Overshoot of the method for a step half-way between two input pixels", 70),
)


_BESIDE_THE_STEP = 0.25
"""So far source samples may lie beyond the two ends of the line, in steps between them: more, and there is no edge."""


class ProfilePanel(BottomPanel):
    """Bottom dock: plot at the left, one row for each picture at the right."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        self.refit_button = TextButton("Refit", "quiet")
        self.width_spin = FloatSpin()
        # The sheet takes a field's own width away, so the room around it holds it.
        self._width_room = QWidget()
        tools = (Text("Width", 11, 400, "text2"), self._width_room, self.refit_button)
        super().__init__(context, "Profile", "Copy every point as CSV, full precision", *tools, parent=parent)
        self._profile: Profile | None = None
        self._asked: tuple[Line | None, tuple[Subject, ...]] = (None, ())
        self._ranged: tuple[Line | None, int] | None = None
        self._leading = False
        self.setFixedHeight(HEIGHT)
        self.refit_button.setToolTip("Let the plot hold all values again")
        self.refit_button.clicked.connect(self._refit)
        self.refit_button.hide()
        self.width_spin.setRange(0.0, 9999.0)
        self.width_spin.setSingleStep(1.0)
        self.width_spin.set_limits(0.0, 9999.0)
        self.width_spin.setSuffix(" px")
        self.width_spin.setFixedHeight(26)
        self._width_room.setFixedWidth(84)
        room = QHBoxLayout(self._width_room)
        room.setContentsMargins(0, 0, 0, 0)
        room.addWidget(self.width_spin)
        self.width_spin.setKeyboardTracking(False)
        self.width_spin.setAccessibleName("Width of the line")
        self.width_spin.setToolTip("Values are averaged over so many source pixels across the line; 0: along it alone")
        self.width_spin.valueChanged.connect(self._widen)
        self.plot = ProfilePlot(context.theme)
        self.table = NumberTable(context.theme, "Pictures along the line")
        self.table.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.table.setFixedWidth(sum(head.width for head in _HEADS) + 20)
        self.body.addWidget(self.plot, 1)
        self.body.addWidget(Separator(vertical=True))
        self.body.addWidget(self.table)
        self.plot.led.connect(self._lead)
        self.plot.left.connect(self._leave)
        self.table.chosen.connect(self._choose)
        bind(self, context.probe.changed, self._follow_probe)
        self.follow()

    # ---- what is shown -----------------------------------------------------------------------------------------

    @property
    def line(self) -> Line | None:
        """The line whose profile is shown: the selected one, else the last."""
        value = self._context.session.value
        chosen = value.line(self._context.view.value.line)
        return chosen or (value.lines[-1] if value.lines else None)

    @property
    def profile(self) -> Profile | None:
        """What is drawn."""
        return self._profile

    def show_all(self) -> None:
        line = self.line
        if not self.width_spin.hasFocus():
            self.width_spin.blockSignals(True)
            self.width_spin.setValue(0.0 if line is None else line.width)
            self.width_spin.blockSignals(False)
        self.width_spin.setEnabled(line is not None)
        self._ask(line)
        self._show_profile()

    def _ask(self, line: Line | None) -> None:
        context = self._context
        subjects: tuple[Subject, ...] = ()
        if line is not None:
            subjects = subjects_of(context.results, context.session.value, context.view.value.placing.mode)
        before_line, before = self._asked
        same = len(subjects) == len(before) and all(
            a.name == b.name and a.placement == b.placement and a.picture.same_pixels(b.picture)
            for a, b in zip(subjects, before, strict=True)
        )
        self._asked = (line, subjects)
        if same and line == before_line:
            return
        context.pipeline.work.stop(_WORK)
        if line is None or not subjects:
            self._profile = None
            return
        work = partial(profile_of, subjects, context.results.prepared, line)
        context.pipeline.work.submit(_WORK, "Profile", work, self._landed)

    def _landed(self, outcome: Outcome) -> None:
        if isinstance(outcome, Error):
            raise outcome.exception
        self._profile = outcome.value
        self._show_profile()

    def _show_profile(self) -> None:
        profile, channel = self._profile, self._channel()
        word = "" if profile is not None else "L, then drag a line over a picture"
        self.plot.show_profile(profile, self._colours(), self._chosen(), channel, word)
        if profile is not None and self._ranged != (profile.line, channel):
            self._refit()  # another line is a person's act; other parameters are none
        self._show_refit()
        self._show_rows()
        self.head.say(self._caption())
        self._follow_probe()

    def _show_rows(self) -> None:
        profile = self._profile
        if profile is None:
            self.table.show_rows(_HEADS, ())
            return
        rows = [self._row(profile, curve) for curve in profile.curves]
        names = [curve.name for curve in profile.curves]
        chosen = self._chosen()
        self.table.show_rows(_HEADS, rows, names.index(chosen) if chosen in names else -1)

    def _row(self, profile: Profile, curve: Curve) -> tuple[Cell, ...]:
        comparison = self._context.session.value
        colour = self._colours().get(curve.name)
        title = Cell(panel_name(comparison, curve.name), colour="" if colour is None else colour.name())
        point = None if self.plot.marker is None else curve.nearest(self.plot.marker)
        value = Cell()
        if point is not None:
            number = float(self._values(curve)[point])
            value = Cell(format_card(number), repr(number))
        measured, theory = self._edges(profile, curve)
        if curve.name == SOURCE:
            return (title, value, Cell(), Cell(), Cell(), Cell())
        rises = [Cell("no edge", faint=True) if one is None else _number(one.rise, 2) for one in (measured, theory)]
        overs = [
            Cell("no edge", faint=True) if one is None else _number(100 * one.over, 1) for one in (measured, theory)
        ]
        if theory is None:
            rises[1] = overs[1] = Cell("none" if measured is not None else "", faint=True)
        return (title, value, rises[0], rises[1], overs[0], overs[1])

    def _edges(self, profile: Profile, curve: Curve) -> tuple[Edge | None, Edge | None]:
        """The edge on the line in pixels of a picture, and what its method does to one."""
        context = self._context
        source, slot = profile.curve(SOURCE), context.session.value.slot(curve.name)
        if slot is None or source is None or len(source.distance) < 2:
            return None, None
        levels = self._values(source)
        placing = Placing(context.view.value.placing.mode)  # as the curves were read
        place = geometry(context.results, context.session.value, curve.name, placing)
        measured = None
        if place is not None and len(curve.distance) and _is_step(levels):
            share = abs(profile.line.x1 - profile.line.x0) / profile.length
            step = math.hypot(place.placement.step[1] * share, place.placement.step[0] * math.sqrt(1 - share**2))
            found = edge_of(curve.distance, self._values(curve), float(levels[0]), float(levels[-1]))
            measured = None if found is None else Edge(found.rise / step, found.over, found.under)
        axis = axis_of(profile.line)
        theory = edge_of_method(slot.method, axis) if measured is not None and axis is not None else None
        return measured, theory

    def _caption(self) -> str:
        line, context = self.line, self._context
        if line is None or context.results.prepared is None:
            return "values along a line"
        lines = context.session.value.lines
        number = next((k for k, one in enumerate(lines, 1) if one is line), 1)
        names = context.results.prepared.channel_names
        parts = [
            f"line {number} of {len(lines)}",
            f"{length_of(line):.6g} source pixels",
            f"channel {names[min(self._channel(), len(names) - 1)]}",
            WIDE_RULE if line.width > 0 else RULE,
            f"{context.view.value.placing.mode} places",
        ]
        profile = self._profile
        parts.append("squares: source samples" + (", dashes: ideal" if profile and profile.ideal else ""))
        return " · ".join([*parts, "dots: phases"])

    # ---- range -------------------------------------------------------------------------------------------------

    def _refit(self) -> None:
        """All values in the plot, and the nominal range."""
        ends = self._extent()
        if ends is None or self._profile is None:
            return
        low, high = ends
        room = 0.06 * (high - low) or 0.5
        self._ranged = (self._profile.line, self._channel())
        self.plot.show_range(low - room, high + room)
        self._show_refit()

    def _show_refit(self) -> None:
        ends, scales = self._extent(), self.plot.scales
        self.refit_button.setVisible(ends is not None and (ends[0] < scales.low or ends[1] > scales.high))

    def _extent(self) -> tuple[float, float] | None:
        profile = self._profile
        if profile is None:
            return None
        values = np.concatenate([self._values(curve) for curve in profile.curves]) if profile.curves else np.zeros(0)
        values = values[np.isfinite(values)]
        return (float(values.min()), float(values.max())) if values.size else None

    # ---- marker ------------------------------------------------------------------------------------------------

    def _lead(self, distance: float) -> None:
        """The marker goes to a place, and the probe to the chosen picture's pixel there."""
        profile = self._profile
        curve = None if profile is None else profile.curve(self._chosen())
        point = None if curve is None else curve.nearest(distance)
        if curve is None or point is None:
            return
        pixel = curve.pixel(point)
        self._leading = True
        self.plot.show_marker(float(curve.distance[point]))
        self._context.probe.hover(ProbePoint(curve.name, pixel.row, pixel.col))
        self._leading = False
        self._show_rows()

    def _leave(self) -> None:
        self._context.probe.hover(None)

    def _follow_probe(self, *_: object) -> None:
        """The marker stands where the probe's pixel is on the line, if it is."""
        if self._leading or not self.isVisible():
            return
        point = self._context.probe.ghost or self._context.probe.active
        marker = None if point is None else self._on_line(point)
        if marker != self.plot.marker:
            self.plot.show_marker(marker)
            self._show_rows()

    def _on_line(self, point: ProbePoint) -> float | None:
        """How far along the line a pixel is; None beside it."""
        profile = self._profile
        curve = None if profile is None else profile.curve(point.slot)
        if profile is None or curve is None:
            return None
        held = np.flatnonzero((curve.rows == point.row) & (curve.cols == point.col))
        if held.size:
            return float(curve.distance[held[0]])
        context = self._context
        world = world_of(context.results, context.session.value, point, context.view.value.placing)
        line, length = profile.line, profile.length
        if world is None:
            return None
        uy, ux = (line.y1 - line.y0) / length, (line.x1 - line.x0) / length
        y, x = world[0] - line.y0, world[1] - line.x0
        along, away = y * uy + x * ux, abs(y * ux - x * uy)
        return along if 0 <= along <= length and away <= max(line.width / 2, 0.5) else None

    # ---- parts -------------------------------------------------------------------------------------------------

    def _chosen(self) -> str:
        """The picture whose points are drawn: the selected slot, else the first."""
        profile, selected = self._profile, self._context.view.value.selected
        if profile is None or profile.curve(selected) is not None:
            return selected
        return next((curve.name for curve in profile.curves if curve.name != SOURCE), SOURCE)

    def _colours(self) -> dict[str, QColor]:
        slots = self._context.session.value.slots
        return {slot.id: QColor(COLOURS[k % len(COLOURS)]) for k, slot in enumerate(slots)}

    def _values(self, curve: Curve) -> np.ndarray:
        return curve.values[:, min(self._channel(), curve.values.shape[1] - 1)]

    def _choose(self, row: int, column: int) -> None:
        if self._profile is not None and 0 <= row < len(self._profile.curves):
            self._context.view.set(selected=self._profile.curves[row].name)

    def _widen(self, width: float) -> None:
        line = self.line
        if line is not None:
            self._context.session.do("Width of line", edits.set_line_width(line.id, width), merge=f"width-{line.id}")

    def text(self) -> str:
        """Every point of every picture as CSV."""
        profile, prepared = self._profile, self._context.results.prepared
        if profile is None or prepared is None:
            return ""
        comparison = self._context.session.value
        titles = {curve.name: panel_name(comparison, curve.name) for curve in profile.curves}
        return profile_csv(profile, titles, prepared.channel_names)


def _number(value: float, digits: int) -> Cell:
    return Cell(format_value(value, digits), repr(value))


def _is_step(values: Values) -> bool:
    """Whether a row of source samples goes from one level to another, and not far beyond them on its way."""
    first, last = float(values[0]), float(values[-1])
    slack = _BESIDE_THE_STEP * abs(last - first)
    return first != last and bool(values.min() >= min(first, last) - slack and values.max() <= max(first, last) + slack)
