"""The list of methods: add, remove, order, name, reference."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QInputDialog

from workbench.model import edits
from workbench.model.document import ORIGINAL, SOURCE
from workbench.ui.commands.group import CommandGroup
from workbench.ui.main_window import MainWindow

IS_REFERENCE = "it is the reference already"


class MethodCommands(CommandGroup):
    """Edits of the slots, and which one is selected."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        bind = self.bind
        bind("add_method", self.window.left.open_add_menu)
        bind("duplicate", self._on_slot("Duplicate", edits.duplicate_slot), self.no_slot)
        bind("rename", self._rename, self.no_slot)
        bind("remove", self._on_slot("Remove", edits.remove_slot), self.no_slot)
        bind("move_up", lambda: self._move(-1), lambda: self._no_way(-1))
        bind("move_down", lambda: self._move(1), lambda: self._no_way(1))
        bind("hide_slot", self._hide, self.no_slot, checked=self._hidden)
        bind("make_reference", self._on_slot("Make reference", edits.set_reference), self._no_other)
        bind("reference_original", self._original_is_reference, self._no_original)
        bind("previous_slot", lambda: self._select(-1), self.no_image)
        bind("next_slot", lambda: self._select(1), self.no_image)

    def _on_slot(self, verb: str, edit: Callable[[str], edits.Edit]) -> Callable[[], None]:
        def act() -> None:
            slot = self.context.session.value.slot(self.selected() or "")
            if slot is not None:
                self.context.session.do(f"{verb} {slot.title}", edit(slot.id))

        return act

    def _rename(self) -> None:
        slot = self.context.session.value.slot(self.selected() or "")
        if slot is None:
            return
        name, given = QInputDialog.getText(self.window, "Rename", "Name, empty for the method's own:", text=slot.title)
        if given:
            own = name.strip() in ("", slot.method.info.name)
            self.context.session.do(f"Rename {slot.title}", edits.rename_slot(slot.id, None if own else name.strip()))

    def _move(self, by: int) -> None:
        id, session = self.selected(), self.context.session
        if id is not None:
            session.do("Move slot", edits.move_slot(id, session.value.number(id) - 1 + by))

    def _no_way(self, by: int) -> str | None:
        """Why the selected slot cannot go up (-1) or down (1)."""
        comparison, id = self.context.session.value, self.selected()
        if id is None:
            return self.no_slot()
        at = comparison.number(id) - 1 + by
        return None if 0 <= at < len(comparison.slots) else f"it is the {'first' if by < 0 else 'last'} method"

    def _no_other(self) -> str | None:
        """Why the selected slot cannot become the reference."""
        id = self.selected()
        return self.no_slot() or (IS_REFERENCE if id == self.context.session.value.reference else None)

    def _hidden(self) -> bool:
        slot = self.context.session.value.slot(self.selected() or "")
        return slot is not None and slot.hidden

    def _hide(self) -> None:
        slot = self.context.session.value.slot(self.selected() or "")
        if slot is not None:
            verb = "Show" if slot.hidden else "Hide"
            self.context.session.do(f"{verb} {slot.title}", edits.set_hidden(slot.id, not slot.hidden))

    def _no_original(self) -> str | None:
        prepared = self.context.results.prepared
        if prepared is None or prepared.original is None:
            return "the source was not made smaller"
        return IS_REFERENCE if self.context.session.value.reference == ORIGINAL else None

    def _original_is_reference(self) -> None:
        self.context.session.do("Original is the reference", edits.set_reference(ORIGINAL))

    def _select(self, by: int) -> None:
        ids = [SOURCE, *(slot.id for slot in self.context.session.value.slots)]
        current = self.context.view.value.selected
        at = ids.index(current) if current in ids else 0
        self.context.view.set(selected=ids[(at + by) % len(ids)])
