"""The regions dock: every region with its place as numbers to type over, and the statistics of the selected one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.kernels.arrays import Window
from workbench.kernels.cancel import CancelToken
from workbench.model import edits
from workbench.model.differencing import nominal_range
from workbench.model.display import format_card, format_cell
from workbench.model.document import SOURCE, Region
from workbench.model.jobs import Error, Outcome
from workbench.model.panels import geometry, panel_name, raster
from workbench.model.rasters import Raster
from workbench.model.regions import COLOURS, period_of, pixels_in
from workbench.model.statistics import NO_PIXELS, PERCENTILES, ChannelStatistics, Statistics, statistics_of
from workbench.ui.context import Context
from workbench.ui.controls import Line
from workbench.ui.panels.bottom_panel import BottomPanel
from workbench.ui.panels.number_table import Cell, Head, NumberTable
from workbench.ui.panels.phase_grid import PhaseGrid

_FEWEST, _MOST = 5, 9
_PLACES = (
    Head("Region", "Name of the region; type over it to rename", 112, words=True),
    Head("top", "First row, source pixels", 56),
    Head("left", "First column, source pixels", 56),
    Head("height", "Source pixels", 64),
    Head("width", "Source pixels", 56),
)
_SHOWN = (5.0, 50.0, 95.0)
_NUMBERS = (
    Head("Picture", "", 138, words=True),
    Head("n", "Finite values in the region: pixels whose centres lie in it", 62),
    Head("min", "Smallest value", 66),
    Head("max", "Largest value", 66),
    Head("mean", "Mean of the values", 66),
    Head("std", "Standard deviation of the population", 66),
    *(Head("median" if q == 50 else f"{q:g} %", f"Percentile {q:g}, linear between values", 66) for q in _SHOWN),
    Head("outside", "Share of the values beyond black and white", 70),
)

Found = dict[str, Statistics | str]
_WORK = ("regions",)


@dataclass(frozen=True, slots=True, eq=False)
class _Wanted:
    """One picture whose statistics are asked for."""

    name: str
    picture: Raster
    window: Window
    period: tuple[int, int] | None


class RegionsPanel(BottomPanel):
    """Bottom dock: places at the left, numbers at the right, the phases of the marked picture beside them."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "Regions", "Copy the statistics of all channels, full precision", parent=parent)
        self._found: Found = {}
        self._asked: tuple[Region | None, tuple[_Wanted, ...]] = (None, ())
        self._marked = ""
        self.places = NumberTable(context.theme, "Regions and their places")
        self.places.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.places.setFixedWidth(sum(head.width for head in _PLACES) + 10)
        self.numbers = NumberTable(context.theme, "Statistics of the region")
        self.phases = PhaseGrid(context.theme)
        self.body.addWidget(self.places)
        self.body.addWidget(Line(vertical=True))
        self.body.addWidget(self.numbers, 1)
        self.body.addSpacing(12)
        self.body.addWidget(self.phases)
        self.places.chosen.connect(self._choose)
        self.places.edited.connect(self._edit)
        self.places.deleted.connect(self._remove)
        self.numbers.chosen.connect(self._mark)
        self.follow()

    # ---- what is shown -----------------------------------------------------------------------------------------

    @property
    def region(self) -> Region | None:
        """The region whose numbers are shown: the selected one, else the last."""
        value = self._context.session.value
        chosen = value.region(self._context.view.value.region)
        return chosen or (value.regions[-1] if value.regions else None)

    def show_all(self) -> None:
        regions, chosen = self._context.session.value.regions, self.region
        rows = [_place_row(region) for region in regions]
        at = next((k for k, region in enumerate(regions) if region is chosen), -1)
        self.places.show_rows(_PLACES, rows, at)
        self._ask(chosen)
        self._show_numbers()

    def _ask(self, region: Region | None) -> None:
        """Have the numbers computed, unless they are those that were asked for last."""
        wanted = self._wanted(region) if region is not None else ()
        before_region, before = self._asked
        same = (
            (region is None) == (before_region is None)
            and len(wanted) == len(before)
            and all(
                a.name == b.name and a.window == b.window and a.period == b.period and a.picture.same_pixels(b.picture)
                and a.picture.is_view == b.picture.is_view
                for a, b in zip(wanted, before, strict=True)
            )
        )  # fmt: skip
        self._asked = (region, wanted)
        if same:
            return
        self._context.pipeline.work.stop(_WORK)
        prepared = self._context.results.prepared
        if not wanted or prepared is None:
            self._found = {}
            return
        work = partial(_compute, wanted, nominal_range(prepared))
        self._found = {}
        self._context.pipeline.work.submit(_WORK, "Statistics of the region", work, self._landed, priority=2)

    def _landed(self, outcome: Outcome) -> None:
        if isinstance(outcome, Error):
            raise outcome.exception
        self._found = outcome.value
        self._show_numbers()

    def _wanted(self, region: Region) -> tuple[_Wanted, ...]:
        comparison, results = self._context.session.value, self._context.results
        names = (SOURCE, *(slot.id for slot in comparison.slots if not slot.hidden))
        found = []
        for name in names:
            place, picture = geometry(results, comparison, name), raster(results, comparison, name)
            if place is not None and picture is not None:
                found.append(_Wanted(name, picture, pixels_in(region, place), period_of(results, name)))
        return tuple(found)

    def _show_numbers(self) -> None:
        comparison, region = self._context.session.value, self.region
        channel = self._channel()
        names = [one.name for one in self._asked[1]] if region is not None else []
        self._marked = self._marked if self._marked in names else names[-1] if names else ""
        missing = "measuring" if _WORK in self._context.pipeline.work else "cancelled"
        rows = [_number_row(panel_name(comparison, name), self._found.get(name), channel, missing) for name in names]
        self.numbers.show_rows(_NUMBERS, rows, names.index(self._marked) if self._marked else -1)
        self.head.say(self._caption(region, channel))
        self._show_phases(channel)
        self._hold_rows(self.numbers, min(max(len(rows), len(comparison.regions), _FEWEST), _MOST))

    def _show_phases(self, channel: int) -> None:
        one = self._found.get(self._marked)
        if not isinstance(one, Statistics):
            self.phases.show_phases(None, "")
            return
        table = one.channels[min(channel, len(one.channels) - 1)].phases
        if table is None or one.period is None:
            word = "no period: no means by phase" if one.period is None else "no finite value in the region"
            word = "the source has no phases" if self._marked == SOURCE else word
            self.phases.show_phases(None, word)
            return
        cells = "" if one.whole_cells else ", partial cells"
        self.phases.show_phases(table, f"mean by phase{cells}")

    def _caption(self, region: Region | None, channel: int) -> str:
        prepared = self._context.results.prepared
        if region is None or prepared is None:
            return "right-drag on a picture, or press M, to draw one"
        low, high = nominal_range(prepared)
        parts = [
            region.name,
            f"channel {prepared.channel_names[min(channel, prepared.channels - 1)]}",
            f"nominal {low:g} … {high:g}",
            "every value, none sampled",
        ]
        partial_cells = [
            panel_name(self._context.session.value, name)
            for name, one in self._found.items()
            if isinstance(one, Statistics) and not one.whole_cells
        ]
        if partial_cells:
            parts.append(f"partial phase cells in {', '.join(partial_cells)}: Shift snaps to whole ones")
        return " · ".join(parts)

    # ---- what a person does ------------------------------------------------------------------------------------

    def _choose(self, row: int, column: int) -> None:
        regions = self._context.session.value.regions
        if 0 <= row < len(regions):
            self._context.view.set(region=regions[row].id)

    def _mark(self, row: int, column: int) -> None:
        names = [one.name for one in self._asked[1]]
        if 0 <= row < len(names):
            self._marked = names[row]
            self._show_numbers()

    def _edit(self, row: int, column: int, text: str) -> None:
        regions = self._context.session.value.regions
        if not 0 <= row < len(regions):
            return
        region = regions[row]
        if column == 0:
            self._context.session.do("Rename region", edits.rename_region(region.id, text))
            return
        try:
            value = float(text.replace("−", "-").replace(",", "."))
        except ValueError:
            self.head.say(f"{_PLACES[column].label}: must be a number, not {text!r}")
            return
        top, left, height, width = _numbers_of(region)
        top, left, height, width = (
            value if k == column else old for k, old in enumerate((top, left, height, width), start=1)
        )
        rule = "a number below 1e9" if not abs(value) < 1e9 else "above 0" if not (height > 0 and width > 0) else ""
        if rule:
            self.head.say(f"{_PLACES[column].label}: must be {rule}, not {text.strip()}")
            return
        rect = (top, left, top + height, left + width)
        self._context.session.do("Move region", edits.move_region(region.id, rect))

    def _remove(self, row: int) -> None:
        regions = self._context.session.value.regions
        if 0 <= row < len(regions):
            self._context.session.do("Remove region", edits.remove_region(regions[row].id))

    def text(self) -> str:
        """All channels, percentiles and phases of every picture, as TSV in full precision."""
        comparison, prepared = self._context.session.value, self._context.results.prepared
        if prepared is None:
            return ""
        heads = ["picture", "channel", "n", "not finite", "min", "max", "mean", "std"]
        heads += [f"p{q:g}" for q in PERCENTILES] + ["outside", "means by phase", "std by phase"]
        lines = ["\t".join(heads)]
        for name, one in self._found.items():
            if isinstance(one, str):
                lines.append(f"{panel_name(comparison, name)}\t{one}")
                continue
            for k, channel in enumerate(one.channels):
                word = prepared.channel_names[k] if k < prepared.channels else str(k)
                lines.append("\t".join([panel_name(comparison, name), word, *_full(channel)]))
        return "\n".join(lines) + "\n"


def _compute(wanted: tuple[_Wanted, ...], nominal: tuple[float, float], cancel: CancelToken) -> Found:
    return {one.name: statistics_of(one.picture, one.window, nominal, one.period, cancel) for one in wanted}


def _numbers_of(region: Region) -> tuple[float, float, float, float]:
    return (region.top, region.left, region.bottom - region.top, region.right - region.left)


def _place_row(region: Region) -> tuple[Cell, ...]:
    numbers = tuple(Cell(format_card(v), repr(v), editable=True) for v in _numbers_of(region))
    colour = COLOURS[region.colour % len(COLOURS)]
    return (Cell(region.name, editable=True, colour=colour), *numbers)


def _number_row(title: str, one: Statistics | str | None, channel: int, missing: str) -> tuple[Cell, ...]:
    if not isinstance(one, Statistics):
        short = missing if one is None else "no pixels" if one == NO_PIXELS else "too large"
        return (Cell(title), Cell(short, one or short, faint=True), *(Cell() for _ in _NUMBERS[2:]))
    found = one.channels[min(channel, len(one.channels) - 1)]
    shares = [found.percentiles[PERCENTILES.index(q)] for q in _SHOWN]
    values = [found.low, found.high, found.mean, found.std, *shares]
    count = Cell(f"{found.count:,}".replace(",", " "), f"{found.count} finite, {found.unfinite} not finite")
    cells = (Cell(format_cell(v), repr(v)) for v in values)
    outside = f"{100 * found.outside:.3g} %" if found.count else "–"
    return (Cell(title), count, *cells, Cell(outside, repr(found.outside)))


def _full(channel: ChannelStatistics) -> list[str]:
    numbers = [channel.low, channel.high, channel.mean, channel.std, *channel.percentiles, channel.outside]
    phases = channel.phases
    tables = ["", ""] if phases is None else [str(phases.mean.tolist()), str(phases.std.tolist())]
    return [str(channel.count), str(channel.unfinite), *(repr(float(v)) for v in numbers), *tables]
