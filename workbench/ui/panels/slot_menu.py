"""What can be done with one slot: the menu of its row and of its form."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from workbench.model import edits
from workbench.model.document import Comparison

if TYPE_CHECKING:
    from workbench.ui.context import Context


def slot_menu(context: Context, id: str, parent: QWidget, rename: Callable[[], None] | None = None) -> QMenu:
    """Rename, Duplicate, Make reference, Hide, Remove.

    Parameters
    ----------
    context : Context
    id : str
    parent : QWidget
        Whose menu it is; it is deleted when it closes.
    rename : callable, optional
        Renames in place; where there is no place, a small dialog asks.
    """
    comparison = context.session.value
    slot = comparison.slot(id)
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if slot is None:
        return menu
    title = slot.title

    def ask() -> None:
        name, given = QInputDialog.getText(parent, "Rename", f"Name of {title}:", text=title)
        if given:
            rename_slot(context, id, name)

    menu.addAction("Rename\tF2").triggered.connect(lambda: (rename or ask)())
    menu.addAction("Duplicate\tCtrl+D").triggered.connect(lambda: duplicate_slot(context, id))
    reference = menu.addAction("Make reference")
    reference.setEnabled(comparison.reference != id)
    reference.triggered.connect(lambda: context.session.do(f"Compare with {title}", edits.set_reference(id)))
    hide = menu.addAction("Show" if slot.hidden else "Hide")
    hide.triggered.connect(lambda: context.session.do(f"{hide.text()} {title}", edits.set_hidden(id, not slot.hidden)))
    menu.addSeparator()
    menu.addAction("Remove\tDel").triggered.connect(lambda: remove_slot(context, id))
    return menu


def rename_slot(context: Context, id: str, name: str) -> None:
    """Another name; an empty one, or the method's own, gives the method's name back."""
    slot = context.session.value.slot(id)
    if slot is None or name.strip() == slot.title:
        return
    given = name.strip()
    own = None if given in ("", slot.method.info.name) else given
    context.session.do(f"Rename {slot.title}", edits.rename_slot(id, own))


def duplicate_slot(context: Context, id: str) -> None:
    """A copy behind the slot, and the copy selected."""
    slot = context.session.value.slot(id)
    if slot is None:
        return
    context.session.do(f"Duplicate {slot.title}", edits.duplicate_slot(id))
    comparison = context.session.value
    context.view.set(selected=comparison.slots[comparison.number(id)].id)


def remove_slot(context: Context, id: str) -> None:
    """Without the slot; the next one in the list becomes the selected one."""
    comparison = context.session.value
    slot = comparison.slot(id)
    if slot is None:
        return
    if context.view.value.selected == id:
        context.view.set(selected=_neighbour(comparison, id))
    context.session.do(f"Remove {slot.title}", edits.remove_slot(id))


def _neighbour(comparison: Comparison, id: str) -> str:
    ids = [slot.id for slot in comparison.slots]
    at = ids.index(id)
    rest = ids[at + 1 :] + ids[:at][::-1]
    return rest[0] if rest else "source"
