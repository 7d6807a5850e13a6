"""Flicker in place: what is seen where the selected panel stands, blinking, and the canvas's momentary keys."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QInputDialog, QMenu

from workbench.model.document import SOURCE
from workbench.model.panels import DIFFERENCE, reference_name, reference_reason, slot_of
from workbench.model.view_state import ViewValue
from workbench.ui.binding import bind
from workbench.ui.commands.group import CommandGroup
from workbench.ui.main_window import MainWindow
from workbench.ui.momentary import Momentary
from workbench.ui.settings import FASTEST, SLOWEST, Settings

RATES = (0.5, 1.0, 2.0, 3.0, 5.0, 10.0)
SAFE = 3.0
"""More flashes in a second can harm people with photosensitive epilepsy (WCAG 2.3.1)."""


class FlickerCommands(CommandGroup):
    """R, S, X, Space and the digits."""

    def __init__(self, window: MainWindow, settings: Settings) -> None:
        super().__init__(window)
        self._settings = settings
        self.momentary = Momentary(window.panel_area, window.action_set)
        self.momentary.digit.connect(self._select)
        self.timer = QTimer(self)
        self.timer.timeout.connect(self._beat)
        self._seen: tuple[str, str] | None = None
        self._before: tuple[str, str] | None = None
        bind(self, self.context.view.changed, self._view_changed)
        self.bind(
            "see_reference", lambda: self._see(self._reference()), self._no_reference,
            checked=lambda: self._sees(self._reference()),
        )  # fmt: skip
        self.bind("see_source", lambda: self._see(SOURCE), self._no_source, checked=lambda: self._sees(SOURCE))
        self.bind("exchange", self._exchange, self._no_exchange)
        self.bind("blink", self._blink, self._no_reference, checked=lambda: self.context.view.value.blink is not None)

    def escape(self) -> bool:
        """Blinking stops; then the place shows its own picture again."""
        view = self.context.view
        if view.value.blink is None and not view.value.instead:
            return False
        view.set(blink=None, instead=())
        return True

    # ---- which slot ----------------------------------------------------------------------------------------------

    def _select(self, number: int) -> None:
        slots = self.context.session.value.slots
        if number <= len(slots):
            self.context.view.set(selected=slots[number - 1].id)

    # ---- in place ------------------------------------------------------------------------------------------------

    @property
    def _place(self) -> str | None:
        return self.window.panel_area.place

    def _reference(self) -> str | None:
        return reference_name(self.context.session.value, self.context.results)

    def _no_place(self) -> str | None:
        return self.no_image() or (None if self._place else "the selected picture has no panel")

    def _no_reference(self) -> str | None:
        if self._no_place():
            return self._no_place()
        if self._place == self._reference():
            return "the selected panel is the reference itself"
        return reference_reason(self.context.session.value, self.context.results) or None

    def _no_source(self) -> str | None:
        return self._no_place() or ("the selected panel is the source itself" if self._place == SOURCE else None)

    def _sees(self, picture: str | None) -> bool:
        return (self._place, picture) in self.context.view.value.instead

    def _see(self, picture: str | None) -> None:
        """Another picture in the selected panel's place; the same again: its own."""
        if self._place is None or picture is None:
            return
        instead = () if self._sees(picture) else ((self._place, picture),)
        self.context.view.set(blink=None, instead=instead)

    def _no_exchange(self) -> str | None:
        if self._no_place() or self.context.view.value.layout == "wipe":
            return self._no_place()
        return None if self._before is not None else "only one picture has been seen"

    def _exchange(self) -> None:
        """The two sides of a wipe; else the picture that was seen before this one, where this one stands."""
        view, place, before = self.context.view, self._place, self._before
        if view.value.layout == "wipe":
            wipe = view.value.wipe
            view.set(wipe=replace(wipe, a=wipe.b, b=wipe.a))
        elif place is None or before is None:
            return
        elif view.value.layout == "single" and not view.value.instead and before[0] == before[1]:
            show = "differences" if before[1].startswith(DIFFERENCE) else "images"
            view.set(selected=slot_of(before[1]), show=show)
        else:
            view.set(blink=None, instead=() if before[1] == place else ((place, before[1]),))

    def _view_changed(self, new: ViewValue, old: ViewValue) -> None:
        if new.instead and new.instead == old.instead and _places_of(new) != _places_of(old):
            # Selected, layout or show have changed: what was seen for the moment is not meant any more.
            self.context.view.set(instead=())
            return
        if new.blink != old.blink:
            self._follow_blink(new.blink)
        place = self._place
        seen = None if place is None else (place, dict(self.context.view.value.instead).get(place, place))
        if seen != self._seen and new.blink is None:
            self._before, self._seen = self._seen, seen

    # ---- blinking ------------------------------------------------------------------------------------------------

    def _blink(self) -> None:
        view = self.context.view
        if view.value.blink is None:
            view.set(blink=self._settings.blink_rate)
        else:
            view.set(blink=None, instead=())

    def _follow_blink(self, rate: float | None) -> None:
        if rate is None:
            self.timer.stop()
            return
        self.timer.start(round(500 / rate))
        if rate > SAFE:
            self.window.banner.show_note(
                f"Blinking {rate:g} times a second.",
                "More than 3 flashes a second can harm people with photosensitive epilepsy. Esc stops it.",
            )

    def _beat(self) -> None:
        """The other of the two pictures."""
        reference, place = self._reference(), self._place
        if self._no_reference() or reference is None or place is None:
            self.context.view.set(blink=None, instead=())
        else:
            self.context.view.set(instead=() if self._sees(reference) else ((place, reference),))

    def set_rate(self, rate: float) -> None:
        """How often both pictures are seen in a second; kept for the next run."""
        self._settings.blink_rate = rate
        if self.context.view.value.blink is not None:
            self.context.view.set(blink=self._settings.blink_rate)

    def fill_rates(self, menu: QMenu) -> None:
        """View ▸ Blink rate."""
        current = self._settings.blink_rate
        for rate in RATES:
            words = " — flashes" if rate > SAFE else ""
            action = menu.addAction(f"{rate:g} Hz{words}", lambda rate=rate: self.set_rate(rate))
            action.setCheckable(True)
            action.setChecked(rate == current)
        other = "" if current in RATES else f" ({current:g} Hz)"
        menu.addAction(f"Other…{other}", self._ask_rate)

    def _ask_rate(self) -> None:
        current, question = self._settings.blink_rate, "Times a second that both pictures are seen:"
        rate, given = QInputDialog.getDouble(self.window, "Blink rate", question, current, SLOWEST, FASTEST, 1)
        if given:
            self.set_rate(rate)


def _places_of(view: ViewValue) -> tuple[object, ...]:
    return (view.selected, view.layout, view.show)
