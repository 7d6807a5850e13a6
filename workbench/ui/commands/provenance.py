"""Where a pixel came from: the forms of its sum, the stages of a chain, and how a layer is drawn."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu

from workbench.kernels.dialects.phrasebook import LIBRARIES
from workbench.kernels.operators.stencil_conv import TransposedConvolution
from workbench.model.document import Comparison, Pin
from workbench.model.probe import ProbePoint
from workbench.model.storing import CHOICES, storing_reason
from workbench.model.view_state import Stored, ViewValue
from workbench.ui.binding import bind as follow
from workbench.ui.commands.group import CommandGroup
from workbench.ui.main_window import MainWindow

_OF_THE_PROBE = ("next_form", "next_stage", "copy_latex", "copy_fractions", "pin", "lock_probe", "compare_pins")
_OF_THE_SLOT = tuple(f"stored_{choice.lower().replace('-', '_')}" for choice in CHOICES)


class ProvenanceCommands(CommandGroup):
    """What can be asked of the card, whether it is open or not."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._before: int | None = None
        self._slot: str | None = None
        follow(self, self.context.view.changed, self._pin_chosen)
        follow(self, self.context.session.changed, self._session_changed)
        follow(self, self.context.probe.changed, self._probe_changed)
        bind = self.bind
        bind("next_form", lambda: window.card.next_form(), self._no_sum)
        bind("next_stage", lambda: window.card.next_stage(), self._no_stages)
        magnifier = window.card.magnifier
        bind("magnifier", self._enlarge, self.no_image, checked=lambda: magnifier.large is not None)
        bind("copy_latex", lambda: window.card.copy_latex(), self._no_sum)
        bind("copy_fractions", lambda: window.card.copy_fractions(), self._no_sum)
        bind("scatter", self._scatter, self._no_stamps, checked=lambda: self.context.view.value.scatter)
        view = self.context.view
        for id, choice in zip(_OF_THE_SLOT, CHOICES, strict=True):
            bind(
                id,
                lambda choice=choice: view.set(stored=choice),
                lambda choice=choice: self._not_stored(choice),
                checked=lambda choice=choice: view.value.stored == choice,
            )
        probe = self.context.probe
        bind("compare_pins", self._compare, self._no_pins, checked=lambda: probe.beside is not None)

    def escape(self) -> bool:
        """The magnifier is small again; then no pins stand beside each other any more."""
        if self.window.card.magnifier.large is not None:
            self.window.card.magnifier.enlarge()
            return True
        if self.context.probe.beside is None:
            return False
        self.context.probe.compare(None)
        return True

    def fill_calls(self, menu: QMenu) -> None:
        """Each library, for the method at the probe."""
        for library in LIBRARIES:
            action = menu.addAction(library, lambda library=library: self.window.card.menu.calls.copy(library))
            action.setEnabled(self._no_sum() is None)
            action.setToolTip(f"The call of {library} that gives these numbers, where there is one")

    def _probe_changed(self) -> None:
        """Only these ask for the probe: all of them at each pixel of a hover would be felt."""
        self.window.action_set.follow(_OF_THE_PROBE)
        probe = self.context.probe.active
        slot = None if probe is None else probe.slot
        if slot != self._slot:
            self._slot = slot
            self.window.action_set.follow(_OF_THE_SLOT)

    def _enlarge(self) -> None:
        self._open_card()
        self.window.card.magnifier.enlarge()

    def _open_card(self) -> None:
        if "provenance" not in self.context.view.value.docks:
            self.window.action_set["dock_provenance"].trigger()
        self.uncover()

    def _no_sum(self) -> str | None:
        return self.no_image() or self.window.card.sum_reason()

    def _no_stages(self) -> str | None:
        return self.no_image() or self.window.card.stage_reason()

    def _not_stored(self, choice: Stored) -> str | None:
        probe, comparison = self.context.probe.active, self.context.session.value
        slot = None if probe is None else comparison.slot(probe.slot)
        return self.no_image() or storing_reason(slot, self.context.results.prepared, choice)

    def _no_stamps(self) -> str | None:
        results, comparison = self.context.results, self.context.session.value
        ready = [results.ready(slot.id) for slot in comparison.slots]
        stamps = any(one is not None and isinstance(one.operator, TransposedConvolution) for one in ready)
        return self.no_image() or (None if stamps else "no method here is one transposed convolution")

    def _scatter(self) -> None:
        self.context.view.set(scatter=not self.context.view.value.scatter)

    def _pin_chosen(self, new: ViewValue, old: ViewValue) -> None:
        if new.pin != old.pin and old.pin is not None:
            self._before = old.pin

    def _no_pins(self) -> str | None:
        few = len(self.context.session.value.pins) < 2
        return self.no_image() or ("there are no two pins: P pins the probe" if few else None)

    def _compare(self) -> None:
        """The selected pin against the one that was selected before it, else its neighbour; again: no more."""
        if self.context.probe.beside is not None:
            self.context.probe.compare(None)
            return
        pins, chosen = self.context.session.value.pins, self.context.view.value.pin
        second = len(pins) - 1 if chosen is None or chosen >= len(pins) else chosen
        first = self._before
        if first is None or first == second or first >= len(pins):
            first = second - 1 if second else 1
        self._open_card()
        self.context.probe.compare((_point(pins[first]), _point(pins[second])))

    def _session_changed(self, new: Comparison, old: Comparison) -> None:
        """Pins move and go: what is compared follows, whoever chose it."""
        pair = self.context.probe.beside
        if pair is None or new.pins == old.pins:
            return
        first, second = (_followed(point, new, old) for point in pair)
        self.context.probe.compare(None if first is None or second is None else (first, second))


def _followed(point: ProbePoint, new: Comparison, old: Comparison) -> ProbePoint | None:
    """A pin where it is now; None if it has gone, or another document was opened."""
    pin = Pin(point.slot, point.row, point.col)
    if new.view is not old.view:
        return None
    if pin in new.pins:
        return point
    moved = pin in old.pins and len(new.pins) == len(old.pins)
    return _point(new.pins[old.pins.index(pin)]) if moved else None


def _point(pin: Pin) -> ProbePoint:
    return ProbePoint(pin.slot, pin.row, pin.col)
