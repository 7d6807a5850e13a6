"""A table of numbers as the docks show it: painted rows of 24 px, numbers to the right, some cells to be edited.

It shows what it is given and says what a person did; what the numbers are is the dock's business.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from workbench.ui.theme import Theme

ROW = 24
INSET = 12
_SQUARE = 10

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its word, what it means, how wide it is at least, and whether its cells are words."""

    label: str
    tip: str = ""
    width: int = 76
    words: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place of the table.

    Parameters
    ----------
    text : str
    full : str
        What is copied, and what the tooltip says; the text where empty.
    editable : bool
    colour : str
        Of a square before the text; none where empty.
    faint : bool
        A word in place of a number.
    """

    text: str = ""
    full: str = ""
    editable: bool = False
    colour: str = ""
    faint: bool = False


Row = tuple[Cell, ...]


class _Model(QAbstractTableModel):
    edited = Signal(int, int, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.heads: tuple[Head, ...] = ()
        self.rows: tuple[Row, ...] = ()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.heads)

    def cell(self, index: Index) -> Cell:
        return self.rows[index.row()][index.column()]

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.isValid() and self.cell(index).editable:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        cell = self.cell(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.EditRole:
            return cell.full or cell.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{self.heads[index.column()].label}: {cell.full}" if cell.full else None
        if role == Qt.ItemDataRole.TextAlignmentRole and not self.heads[index.column()].words:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or str(value) == (self.cell(index).full or self.cell(index).text):
            return False
        self.edited.emit(index.row(), index.column(), str(value))
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        head = self.heads[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return head.label
        return head.tip or None if role == Qt.ItemDataRole.ToolTipRole else None


class _Heads(QHeaderView):
    def __init__(self, theme: Theme, model: _Model) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._theme, self._model = theme, model
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(20)
        self.setFixedHeight(ROW)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        theme, head = self._theme, self._model.heads[section]
        painter.save()
        painter.fillRect(rect, theme.color("chrome"))
        painter.setPen(theme.color("text2"))
        painter.setFont(theme.font(12, 400))
        side = Qt.AlignmentFlag.AlignLeft if head.words else Qt.AlignmentFlag.AlignRight
        painter.drawText(rect.adjusted(INSET, 0, -INSET, 0), side | Qt.AlignmentFlag.AlignVCenter, head.label)
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.color("line"))
        painter.restore()


class _Cells(QStyledItemDelegate):
    def __init__(self, theme: Theme, table: NumberTable) -> None:
        super().__init__(table)
        self._theme, self._table = theme, table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, rect = self._theme, option.rect
        model = self._table.numbers
        cell, head = model.cell(index), model.heads[index.column()]
        painter.save()
        marked = index.row() == self._table.marked
        hovered = index.row() == self._table.hovered
        painter.fillRect(rect, theme.color("sel" if marked else "hover" if hovered else "chrome"))
        inner = rect.adjusted(INSET if head.words else 2, 0, -INSET if not head.words else -4, 0)
        if marked and index.column() == 0:
            painter.fillRect(rect.left(), rect.top(), 2, rect.height(), theme.color("accent"))
        if cell.colour:
            square = QRect(inner.left(), rect.center().y() - _SQUARE // 2 + 1, _SQUARE, _SQUARE)
            painter.fillRect(square, QColor(cell.colour))
            inner.setLeft(square.right() + 8)
        painter.setFont(theme.font(12, 500 if head.words and not cell.faint else 400))
        painter.setPen(theme.color("text3" if cell.faint else "text"))
        side = Qt.AlignmentFlag.AlignLeft if head.words else Qt.AlignmentFlag.AlignRight
        text = painter.fontMetrics().elidedText(cell.text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, text)
        if self._table.hasFocus() and index == self._table.currentIndex():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        # Fields are 26 px high elsewhere; a row is lower.
        editor.setStyleSheet("min-height: 0; padding: 0 4px; border-radius: 0")
        editor.setAccessibleName(self._table.numbers.heads[index.column()].label)
        return editor

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(40, ROW)


class NumberTable(QTableView):
    """The table.

    Signals
    -------
    chosen : (row, column)
        A cell was clicked, or reached with the keyboard.
    edited : (row, column, text)
        A person wrote something into a cell that can be edited.
    deleted : (row,)
        Delete was pressed in a row.
    """

    chosen = Signal(int, int)
    edited = Signal(int, int, str)
    deleted = Signal(int)

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.numbers = _Model(self)
        self.marked = -1
        self.hovered = -1
        self._waiting: tuple[tuple[Head, ...], tuple[Row, ...]] | None = None
        self.setModel(self.numbers)
        self.setItemDelegate(_Cells(theme, self))
        self.setHorizontalHeader(_Heads(theme, self.numbers))
        vertical = self.verticalHeader()
        vertical.hide()
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        vertical.setMinimumSectionSize(ROW)
        vertical.setDefaultSectionSize(ROW)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setAccessibleName(name)
        self.numbers.edited.connect(self.edited)
        self.clicked.connect(lambda index: self.chosen.emit(index.row(), index.column()))
        self.entered.connect(lambda index: self._hover(index.row()))
        theme.changed.connect(self.viewport().update)

    def show_rows(self, heads: Sequence[Head], rows: Sequence[Row], marked: int = -1) -> None:
        """Other heads and rows; a cell that is being edited is left alone until that is done."""
        self.marked = marked
        model, fresh = self.numbers, tuple(rows)
        if self.state() == self.State.EditingState:
            self._waiting = (tuple(heads), fresh)
            return
        if (tuple(heads), fresh) == (model.heads, model.rows):
            self.viewport().update()
            return
        at = self.currentIndex()
        place = (at.row(), at.column())
        model.beginResetModel()
        model.heads, model.rows = tuple(heads), fresh
        model.endResetModel()
        if place[0] >= 0 and fresh:
            self.setCurrentIndex(model.index(min(place[0], len(fresh) - 1), min(place[1], len(heads) - 1)))
        self._share_width()

    def closeEditor(self, editor: QWidget, hint: QStyledItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        if self._waiting is not None:
            (heads, rows), self._waiting = self._waiting, None
            self.show_rows(heads, rows, self.marked)

    def text(self) -> str:
        """The table to paste elsewhere, tab-separated, numbers in full."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter="\t", lineterminator="\n")
        writer.writerow([head.label for head in self.numbers.heads])
        writer.writerows([cell.full or cell.text for cell in row] for row in self.numbers.rows)
        return out.getvalue()

    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and (event.matches(QKeySequence.StandardKey.Copy) or event.key() == Qt.Key.Key_F2)
        ):
            event.accept()  # the table's own, not the window's
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.text())
            return
        if self.state() == self.State.EditingState:
            super().keyPressEvent(event)
            return
        at = self.currentIndex()
        if event.key() == Qt.Key.Key_Delete and at.isValid():
            self.deleted.emit(at.row())
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and at.isValid():
            if self.numbers.cell(at).editable:
                self.edit(at)
            else:
                self.chosen.emit(at.row(), at.column())
            return
        super().keyPressEvent(event)
        now = self.currentIndex()
        if now.isValid() and now.row() != at.row():
            self.chosen.emit(now.row(), now.column())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.numbers.rows:
            self.setCurrentIndex(self.numbers.index(max(self.marked, 0), 0))
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._share_width()
        super().resizeEvent(event)

    def _share_width(self) -> None:
        """Columns at their least widths; what is left goes to the numbers, and the rest to the first column."""
        heads = self.numbers.heads
        if not heads:
            return
        spare = max(self.viewport().width() - sum(head.width for head in heads), 0)
        numbers = sum(not head.words for head in heads)
        each = min(spare // max(numbers, 1), 40)
        for section, head in enumerate(heads):
            self.setColumnWidth(section, head.width + (0 if head.words else each))
        used = sum(self.columnWidth(section) for section in range(len(heads)))
        self.setColumnWidth(0, self.columnWidth(0) + max(min(self.viewport().width() - used, 160), 0))

    def _hover(self, row: int) -> None:
        if row != self.hovered:
            self.hovered = row
            self.viewport().update()
