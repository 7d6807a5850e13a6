"""The list of slots: which methods there are, and their values where the probe is.

Keys: ↑ ↓ select, F2 renames in place, Del removes, Ctrl+D duplicates, Alt+↑ ↓ and dragging move.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QEvent, QKeyCombination, QModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLineEdit,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from workbench.model import edits
from workbench.model.document import ORIGINAL, Comparison
from workbench.model.results import Pending
from workbench.model.view_state import ViewValue
from workbench.ui.binding import bind
from workbench.ui.pacing import Pace
from workbench.ui.panels.row_painter import HEIGHT, NAME_AT, RAIL, numbers_begin, paint_row
from workbench.ui.panels.slot_menu import duplicate_slot, remove_slot, rename_slot, slot_menu
from workbench.ui.panels.slot_rows import Row, rows_of

if TYPE_CHECKING:
    from workbench.ui.context import Context

_DUPLICATE = QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_D)
ALONE = 9
"""With more rows than this the list scrolls by itself."""


class RowModel(QAbstractListModel):
    """The rows as Qt wants them."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self.rows: tuple[Row, ...] = ()
        self.before: tuple[Row, ...] = ()

    def show_rows(self, rows: tuple[Row, ...]) -> bool:
        """Take new rows; whether there are others than before, or in another order."""
        old, ids = self.rows, [row.id for row in rows]
        if ids != [row.id for row in old]:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
            return True
        self.rows, self.before = rows, old
        changed = [k for k, (new, was) in enumerate(zip(rows, old, strict=True)) if new != was]
        if changed:
            self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))
        return False

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return len(self.rows)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return row.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.tip
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = (
                f"{row.badge} {row.name}",
                row.detail,
                row.value,
                row.below,
                row.state if row.state == "hidden" else "",
            )
            return ", ".join(part for part in said if part)
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if self.rows[index.row()].id != ORIGINAL else flags

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        rename_slot(self._context, self.rows[index.row()].id, str(value))
        return True


class RowDelegate(QStyledItemDelegate):
    """Paints a row, and renames it in place."""

    def __init__(self, context: Context, parent: SlotList) -> None:
        super().__init__(parent)
        self._context = context
        self._list = parent

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(10, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        row = self._list.model().rows[index.row()]
        paint_row(
            painter,
            self._context.theme,
            option.rect,
            row,
            selected=row.id == self._context.view.value.selected,
            hovered=bool(option.state & QStyle.StateFlag.State_MouseOver),
            focused=self._list.shows_ring and index == self._list.currentIndex(),
            from_x=self._list.painted_from,
        )

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex) -> QWidget:
        editor = QLineEdit(parent)
        editor.setAccessibleName("Name of the method")
        editor.setFont(self._context.theme.font(12, 500))
        editor.setStyleSheet("min-height: 16px; padding: 0 3px;")
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        rect: QRect = option.rect
        editor.setGeometry(rect.left() + NAME_AT - 5, rect.top() + 2, rect.width() - NAME_AT - 4, 20)


class SlotList(QListView):
    """The rows; the selected one is the slot whose form is open."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._model = RowModel(context, self)
        self._following = False
        self._ring = False
        self._pressed: tuple[QPoint, str] | None = None
        self._drop: int | None = None
        self._drawn = ""
        self.painted_from = 0
        self.setModel(self._model)
        self.setItemDelegate(RowDelegate(context, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Methods")
        self.selectionModel().currentChanged.connect(self._on_current)
        self._pace = Pace(self, self.refresh)
        bind(self, context.session.changed, self._session_changed)
        bind(self, context.view.changed, self._view_changed)
        bind(self, context.results.changed, self._result_changed)
        bind(self, context.probe.changed, self._pace.soon)
        context.theme.changed.connect(self.viewport().update)
        self.refresh()

    @property
    def shows_ring(self) -> bool:
        """Whether the keyboard brought the focus here: only then there is a ring."""
        return self._ring and self.hasFocus()

    def rows(self) -> tuple[Row, ...]:
        self._pace.settle()
        return self._model.rows

    # -- following ---------------------------------------------------------------------------------------------------

    def _session_changed(self, new: Comparison, old: Comparison) -> None:
        if [slot.id for slot in new.slots] == [slot.id for slot in old.slots]:
            self._pace.ask()
        else:
            self._pace.now()

    def _view_changed(self, new: ViewValue, old: ViewValue) -> None:
        if not new.only_moved(old):
            self._pace.now()

    def _result_changed(self, id: str) -> None:
        """Numbers follow soon; that they are out of date is said at once."""
        waits = isinstance(self._context.results.get(id), Pending)
        if waits and any(row.id == id and row.state == "plain" for row in self._model.rows):
            self._pace.now()
        else:
            self._pace.ask()

    def refresh(self) -> None:
        """Show the document, its results and the probe as they are now."""
        if self._model.show_rows(rows_of(self._context)) or self.maximumHeight() > HEIGHT * ALONE:
            shown = len(self._model.rows)
            self.setFixedHeight(HEIGHT * min(shown, ALONE))
        ids = [row.id for row in self._model.rows]
        selected = self._context.view.value.selected
        index = self._model.index(ids.index(selected)) if selected in ids else QModelIndex()
        if index != self.currentIndex():
            self._following = True
            if index.isValid():
                self.setCurrentIndex(index)
            else:
                self.selectionModel().clear()
            self._following = False
        if selected != self._drawn:  # rows that read otherwise are painted by themselves
            self._drawn = selected
            self.viewport().update()

    def rename(self, id: str) -> None:
        """Open the name of a slot for typing."""
        ids = [row.id for row in self.rows()]
        if id in ids:
            self.edit(self._model.index(ids.index(id)))

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and not self._following:
            self._context.view.set(selected=self.rows()[current.row()].id)

    def _current_slot(self) -> str | None:
        index = self.currentIndex()
        id = self.rows()[index.row()].id if index.isValid() else ORIGINAL
        return None if id == ORIGINAL else id

    # -- keys --------------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Its own keys come before the window's shortcuts for the same."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._act(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._ring = True
        act = self._act(event)
        if act is not None:
            act()
        elif event.key() == Qt.Key.Key_Escape and self._drop is not None:
            self._pressed = self._drop = None
            self.viewport().update()
        elif event.text() and event.text().isprintable():
            event.ignore()  # bare letters are commands of the window, not a search in five rows
        else:
            super().keyPressEvent(event)

    def _act(self, event: QKeyEvent) -> Any:
        id = self._current_slot()
        if id is None:
            return None
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        key = event.key()
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and not event.modifiers():
            return lambda: remove_slot(self._context, id)
        if event.keyCombination() == _DUPLICATE:
            return lambda: duplicate_slot(self._context, id)
        if key == Qt.Key.Key_F2:
            return lambda: self.rename(id)
        if alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return lambda: self._move(id, -1 if key == Qt.Key.Key_Up else 1)
        return None

    def _move(self, id: str, by: int) -> None:
        comparison = self._context.session.value
        slot, at = comparison.slot(id), comparison.number(id) - 1
        if slot is not None:
            self._context.session.do(f"Move {slot.title}", edits.move_slot(id, max(0, at + by)))

    # -- pointer -----------------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._ring = False
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            id = self.rows()[index.row()].id
            self._pressed = None if id == ORIGINAL else (event.position().toPoint(), id)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
            return
        place = event.position().toPoint()
        if self._drop is not None or (place - self._pressed[0]).manhattanLength() >= QApplication.startDragDistance():
            first = sum(row.id == ORIGINAL for row in self.rows())
            scrolled = place.y() + self.verticalOffset()
            self._drop = max(first, min(len(self.rows()), round(scrolled / HEIGHT)))
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, drop = self._pressed, self._drop
        self._pressed = self._drop = None
        if pressed is None or drop is None:
            super().mouseReleaseEvent(event)
            return
        comparison = self._context.session.value
        slot, at = comparison.slot(pressed[1]), comparison.number(pressed[1]) - 1
        to = drop - sum(row.id == ORIGINAL for row in self.rows())
        if slot is not None and to not in (at, at + 1):
            self._context.session.do(f"Move {slot.title}", edits.move_slot(slot.id, to - (to > at)))
        self.viewport().update()

    def dataChanged(self, first: QModelIndex, last: QModelIndex, roles: Sequence[int] = ()) -> None:
        """Paint rows that read otherwise again; where only numbers do, from where those begin."""
        rect = self.visualRect(first).united(self.visualRect(last))
        rows = slice(first.row(), last.row() + 1)
        pairs = zip(self._model.rows[rows], self._model.before[rows], strict=True)
        begins = [numbers_begin(new, old, rect.width()) for new, old in pairs]
        if None in begins or QAccessible.isActive() or self.state() == QListView.State.EditingState:
            super().dataChanged(first, last, roles)
        else:
            self.viewport().update(rect.adjusted(min(begin for begin in begins if begin is not None), 0, 0, 0))

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted_from = event.rect().left()
        super().paintEvent(event)
        if self._drop is not None:
            painter = QPainter(self.viewport())
            painter.setPen(QPen(self._context.theme.color("accent"), 2))
            y = min(max(self._drop * HEIGHT - self.verticalOffset(), 1), self.viewport().height() - 1)
            painter.drawLine(0 if self.width() < RAIL else NAME_AT, y, self.viewport().width(), y)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos())
        if index.isValid():
            self.menu_of(self.rows()[index.row()].id).popup(event.globalPos())

    def menu_of(self, id: str) -> QMenu:
        """What can be done with a row."""
        if id != ORIGINAL:
            return slot_menu(self._context, id, self, lambda: self.rename(id))
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        act = menu.addAction("Make reference")
        act.setEnabled(self._context.session.value.reference != ORIGINAL)
        act.triggered.connect(
            lambda: self._context.session.do("Compare with the original", edits.set_reference(ORIGINAL))
        )
        return menu
