"""The list of methods: add, remove, order, name, reference."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QInputDialog

from workbench.model import edits
from workbench.model.document import ORIGINAL, SOURCE
from workbench.ui.commands.group import CommandGroup
from workbench.ui.main_window import MainWindow


class MethodCommands(CommandGroup):
    """Edits of the slots, and which one is selected."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        bind = self.bind
        bind("add_method", self.window.left.open_add_menu)
        bind("duplicate", self._on_slot("Duplicate", edits.duplicate_slot), self.no_slot)
        bind("rename", self._rename, self.no_slot)
        bind("remove", self._on_slot("Remove", edits.remove_slot), self.no_slot)
        bind("move_up", lambda: self._move(-1), self.no_slot)
        bind("move_down", lambda: self._move(1), self.no_slot)
        bind("hide_slot", self._hide, self.no_slot, checked=self._hidden)
        bind("make_reference", self._on_slot("Make reference", edits.set_reference), self.no_slot)
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
        return None if prepared is not None and prepared.original is not None else "the source was not made smaller"

    def _original_is_reference(self) -> None:
        self.context.session.do("Original is the reference", edits.set_reference(ORIGINAL))

    def _select(self, by: int) -> None:
        ids = [SOURCE, *(slot.id for slot in self.context.session.value.slots)]
        current = self.context.view.value.selected
        at = ids.index(current) if current in ids else 0
        self.context.view.set(selected=ids[(at + by) % len(ids)])
