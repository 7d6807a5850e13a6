"""Where a pixel came from: the forms of its sum, the stages of a chain, and how a layer is drawn."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu

from workbench.kernels.dialects.phrasebook import LIBRARIES
from workbench.kernels.operators.stencil_conv import TransposedConvolution
from workbench.ui.commands.group import CommandGroup
from workbench.ui.main_window import MainWindow


class ProvenanceCommands(CommandGroup):
    """What can be asked of the card, whether it is open or not."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        bind = self.bind
        bind("next_form", lambda: window.card.next_form(), self._no_sum)
        bind("next_stage", lambda: window.card.next_stage(), self._no_stages)
        bind("copy_latex", lambda: window.card.copy_latex(), self._no_sum)
        bind("copy_fractions", lambda: window.card.copy_fractions(), self._no_sum)
        bind("scatter", self._scatter, self._no_stamps, checked=lambda: self.context.view.value.scatter)

    def fill_calls(self, menu: QMenu) -> None:
        """Each library, for the method at the probe."""
        for library in LIBRARIES:
            action = menu.addAction(library, lambda library=library: self.window.card.calls.copy(library))
            action.setEnabled(self._no_sum() is None)
            action.setToolTip(f"The call of {library} that gives these numbers, where there is one")

    def _no_sum(self) -> str | None:
        return self.no_image() or self.window.card.sum_reason()

    def _no_stages(self) -> str | None:
        return self.no_image() or self.window.card.stage_reason()

    def _no_stamps(self) -> str | None:
        results, comparison = self.context.results, self.context.session.value
        ready = [results.ready(slot.id) for slot in comparison.slots]
        stamps = any(one is not None and isinstance(one.operator, TransposedConvolution) for one in ready)
        return self.no_image() or (None if stamps else "no method here is one transposed convolution")

    def _scatter(self) -> None:
        self.context.view.set(scatter=not self.context.view.value.scatter)
