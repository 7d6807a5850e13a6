"""The command palette: find any action, method, sample or lesson by a few letters of its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from workbench.ui.action_set import ActionSet, native
from workbench.ui.actions import ACTIONS
from workbench.ui.theme import current

ROW, INSET = 28, 8
_RUN, _ASIDE, _REASON = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2
_NOT_HERE = ("palette",)
NOTHING = "No command has these letters"


def matches(query: str, title: str) -> bool:
    """Whether the letters of the query stand in the title in this order."""
    rest = iter(title.lower())
    return all(letter in rest for letter in query.lower().replace(" ", ""))


def rank(query: str, title: str) -> int:
    """0 where the title begins with the query, 1 where it holds it, 2 where its letters are scattered."""
    query, title = query.strip().lower(), title.lower()
    return 0 if title.startswith(query) else 1 if query in title else 2


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: what it is called, what stands at the right (a key, or what kind of thing it is), and what it does."""

    title: str
    aside: str
    run: Callable[[], object]
    tip: str = ""
    reason: str | None = None


def of_actions(actions: ActionSet) -> tuple[Entry, ...]:
    """Every action as it is now called, with its keys, and why it cannot be done."""
    actions.refresh()
    found = []
    for spec in ACTIONS:
        if spec.id not in _NOT_HERE:
            action, keys = actions[spec.id], actions.keys(spec.id) or spec.canvas_keys
            key = native(keys[0]) if keys else ""
            found.append(Entry(action.text(), key, action.trigger, action.toolTip(), actions.reason(spec.id)))
    return tuple(found)


class Palette(QDialog):
    """Everything that can be done, opened or added, narrowed while typing; what cannot be done says why.

    Parameters
    ----------
    entries : sequence of Entry
        Those with equal rank stay in this order.
    """

    def __init__(self, entries: Sequence[Entry], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Commands")
        self.setMinimumSize(460, 380)
        self._entries = entries
        self._field = QLineEdit(placeholderText="Type a few letters of a command, a method or a sample")
        self._field.setAccessibleName("Command")
        self._list = QListWidget()
        self._list.setAccessibleName("Commands")
        self._list.setItemDelegate(_Rows(self._list))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.addWidget(self._field)
        layout.addWidget(self._list)
        self._field.textChanged.connect(self._fill)
        self._field.returnPressed.connect(self._run)
        self._list.itemActivated.connect(lambda _item: self._run())
        self._field.installEventFilter(self)
        self._fill("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and Down walk the list while the field keeps the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step and self._list.count():
                self._list.setCurrentRow((self._list.currentRow() + step) % self._list.count())
                return True
        return super().eventFilter(watched, event)

    def _fill(self, query: str) -> None:
        self._list.clear()
        for entry in sorted(self._entries, key=lambda entry: rank(query, entry.title)):
            if not matches(query, entry.title):
                continue
            item = QListWidgetItem(entry.title)
            item.setData(_RUN, entry.run)
            item.setData(_ASIDE, entry.aside)
            item.setData(_REASON, entry.reason or "")
            item.setToolTip(entry.tip)
            if entry.reason:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            self._list.addItem(item)
        if not self._list.count():
            nothing = QListWidgetItem(NOTHING)
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self._list.addItem(nothing)
        self._list.setCurrentRow(0)

    def _run(self) -> None:
        item = self._list.currentItem()
        if item is None or not item.flags() & Qt.ItemFlag.ItemIsEnabled:
            return
        run: Callable[[], object] = item.data(_RUN)
        self.accept()
        run()


class _Rows(QStyledItemDelegate):
    """The name at the left, why not beside it, the key at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme = current()
        enabled = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, theme.color("sel"))
        elif enabled and option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, theme.color("hover"))
        room = option.rect.adjusted(INSET, 0, -INSET, 0)
        title, key, reason = index.data(), index.data(_ASIDE) or "", index.data(_REASON) or ""
        painter.setFont(theme.font(11))
        painter.setPen(theme.color("text3"))
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, key)
        room.setRight(room.right() - painter.fontMetrics().horizontalAdvance(key) - 2 * INSET)
        painter.setFont(theme.font(12, 500))
        painter.setPen(theme.color("text" if enabled else "disabled"))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, left, title)
        room.setLeft(room.left() + painter.fontMetrics().horizontalAdvance(title) + INSET)
        painter.setFont(theme.font(11))
        painter.setPen(theme.color("text3"))
        words = painter.fontMetrics().elidedText(reason, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, left, words)
