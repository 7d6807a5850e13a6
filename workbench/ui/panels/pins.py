"""The pins dock: the same few pixels in every picture, refreshed with every parameter; a click shows a pin's card."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from workbench.model import edits
from workbench.model.display import format_cell
from workbench.model.document import ORIGINAL, SOURCE, Pin
from workbench.model.panels import geometry, panel_name, reference_name
from workbench.model.probe import ProbePoint, difference_at, pixel_in, value_at, world_of
from workbench.ui.context import Context
from workbench.ui.panels.bottom_panel import BottomPanel
from workbench.ui.panels.number_table import Cell, Head, NumberTable

_FEWEST, _MOST = 3, 9
_PLACE = (
    Head("Pin", "Number of the pin, and the picture it is a pixel of", 150, words=True),
    Head("at", "Row and column in that picture", 76),
)


class PinsPanel(BottomPanel):
    """Bottom dock: one row for each pin, for each picture its value and how far that is from the reference's."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "Pins", "Copy all pins, pictures and channels, full precision", parent=parent)
        self._names: tuple[str, ...] = ()
        self.table = NumberTable(context.theme, "Values at the pins")
        self.body.addWidget(self.table)
        self.table.chosen.connect(lambda row, column: self._go(row))
        self.table.deleted.connect(self._remove)
        self.follow()

    def show_all(self) -> None:
        comparison, results = self._context.session.value, self._context.results
        names = (SOURCE, ORIGINAL, *(slot.id for slot in comparison.slots if not slot.hidden))
        self._names = tuple(name for name in names if geometry(results, comparison, name) is not None)
        heads = [*_PLACE, *(self._head(name) for name in self._names)]
        rows = [self._row(number, pin) for number, pin in enumerate(comparison.pins, 1)]
        chosen = self._context.view.value.pin
        self.table.show_rows(heads, rows, -1 if chosen is None else chosen)
        self.head.say(self._caption())
        self._hold_rows(self.table, min(max(len(rows), _FEWEST), _MOST))

    def _head(self, name: str) -> Head:
        comparison = self._context.session.value
        slot = comparison.slot(name)
        title = panel_name(comparison, name)
        short = title if slot is None else f"{comparison.number(name)} {slot.short_title}"
        compared = slot is not None and name != reference_name(comparison, self._context.results)
        return Head(short, f"{title}: value" + (", difference to the reference" if compared else ""), 128)

    def _row(self, number: int, pin: Pin) -> tuple[Cell, ...]:
        comparison = self._context.session.value
        title = panel_name(comparison, pin.slot)
        place = Cell(f"{pin.row}, {pin.col}", f"{pin.row}\t{pin.col}")
        channel = self._channel()
        return (Cell(f"{number}   {title}"), place, *(self._cell(pin, name, channel) for name in self._names))

    def _cell(self, pin: Pin, name: str, channel: int) -> Cell:
        value, apart = self._numbers(pin, name, channel)
        if value is None:
            return Cell("outside", faint=True)
        text = format_cell(value)
        if apart is None:
            return Cell(text, repr(value))
        sign = "+" if apart > 0 else ""
        return Cell(f"{text}  Δ {sign}{format_cell(apart)}", f"{value!r}\t{apart!r}")

    def _numbers(self, pin: Pin, name: str, channel: int) -> tuple[float | None, float | None]:
        """The value of a picture at a pin, and its difference to the reference."""
        results, comparison = self._context.results, self._context.session.value
        placing = self._context.view.value.placing
        world = world_of(results, comparison, _point(pin), placing)
        if world is None:
            return None, None
        pixel = _point(pin).pixel
        found = pixel if name == pin.slot else pixel_in(results, comparison, name, world, placing)
        if found is None:
            return None, None
        value = value_at(results, comparison, name, found, channel)
        compared = comparison.slot(name) is not None and name != reference_name(comparison, results)
        return value, difference_at(results, comparison, name, found, channel) if compared else None

    def _caption(self) -> str:
        prepared = self._context.results.prepared
        if not self._context.session.value.pins:
            return "P pins the probed pixel"
        channel = prepared.channel_names[self._channel()] if prepared is not None else ""
        return f"channel {channel} · Δ: slot − reference · Shift+P: next · Shift+click: compare two · Delete removes"

    def _go(self, row: int) -> None:
        """The probe at a pin: the card shows it. With Shift, the card compares it with the selected one."""
        pins, chosen = self._context.session.value.pins, self._context.view.value.pin
        if not 0 <= row < len(pins):
            return
        if QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier and chosen is not None:
            beside = chosen != row and 0 <= chosen < len(pins)
            self._context.probe.compare((_point(pins[chosen]), _point(pins[row])) if beside else None)
            return
        self._context.probe.compare(None)
        self._context.view.set(pin=row)
        pin = pins[row]
        found = geometry(self._context.results, self._context.session.value, pin.slot)
        if found is not None and pin.row < found.shape[0] and pin.col < found.shape[1]:
            self._context.probe.moved_to(_point(pin))

    def _remove(self, row: int) -> None:
        self._context.probe.compare(None)
        self._context.session.do("Remove pin", edits.remove_pin(row))
        self._context.view.set(pin=None)

    def text(self) -> str:
        """Every pin, picture and channel as TSV in full precision."""
        comparison, prepared = self._context.session.value, self._context.results.prepared
        if prepared is None:
            return ""
        lines = ["pin\trow\tcolumn\tof\tpicture\tchannel\tvalue\tdifference"]
        for number, pin in enumerate(comparison.pins, 1):
            start = f"{number}\t{pin.row}\t{pin.col}\t{panel_name(comparison, pin.slot)}"
            for name in self._names:
                for k, channel in enumerate(prepared.channel_names):
                    value, apart = self._numbers(pin, name, k)
                    numbers = "\t".join("" if one is None else repr(one) for one in (value, apart))
                    lines.append(f"{start}\t{panel_name(comparison, name)}\t{channel}\t{numbers}")
        return "\n".join(lines) + "\n"


def _point(pin: Pin) -> ProbePoint:
    return ProbePoint(pin.slot, pin.row, pin.col)
