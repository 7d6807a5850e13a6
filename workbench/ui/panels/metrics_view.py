"""The table of measures as Qt wants it: a model that sorts numbers, heads, and rows that are painted."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from workbench.model.metrics_table import BY_ID, COLUMNS, COMPARED, COMPUTE, Row, best_rows, cell_tip, in_order
from workbench.ui.theme import Theme

ROW, INSET = 24, 12
_METHOD_WIDTH = 193
_NARROWEST, _SHORT = 76, 72
"""Of columns with many digits or a unit, and of the others: "no period" still fits."""

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class MetricsModel(QAbstractTableModel):
    """The rows as Qt wants them; sorting is done here, on numbers, never on text."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()
        self._best: dict[str, frozenset[str]] = {}
        self.column, self.falling = "psnr", True
        self.settings = ""
        """How the numbers were taken; every head says it."""

    def show(self, rows: tuple[Row, ...]) -> None:
        """Other rows, in the order chosen."""
        self.beginResetModel()
        self._best = {column.id: best_rows(rows, column) for column in COLUMNS}
        self._rows = in_order(rows, self.column, self.falling)
        self.endResetModel()

    def sort_by(self, column: str) -> None:
        """The best first; a second time the other way round."""
        self.falling = not self.falling if column == self.column else BY_ID[column].best == "high"
        self.column = column
        self.show(tuple(sorted(self._rows, key=lambda row: row.number)))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    @property
    def rows(self) -> tuple[Row, ...]:
        return self._rows

    def is_best(self, row: Row, column: str) -> bool:
        """Whether a number is the best of its column."""
        return row.id in self._best.get(column, frozenset())

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{row.number}  {row.title}" if column.id == "method" else row.text(column.id)
        if role == Qt.ItemDataRole.TextAlignmentRole and column.id != "method":
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell_tip(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole and self.is_best(row, column.id):
            return f"{row.text(column.id)}, best"
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = COLUMNS[section]
        if role == Qt.ItemDataRole.DisplayRole:
            mark = " ▾" if self.falling else " ▴"
            return column.label + (mark if column.id == self.column else "")
        if role != Qt.ItemDataRole.ToolTipRole:
            return None
        return "\n".join(filter(None, (column.tip, self.settings if column.id in COMPARED else "")))


class _Header(QHeaderView):
    """The heads: click to sort; with the keyboard, left and right choose and Space sorts."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, model: MetricsModel) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._theme = theme
        self._model = model
        self._current = 1
        self.setSectionsClickable(True)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(20)
        self.setFixedHeight(ROW)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Columns of the measures")
        self.sectionClicked.connect(lambda section: self.chosen.emit(COLUMNS[section].id))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        theme, column = self._theme, COLUMNS[section]
        painter.save()
        painter.fillRect(rect, theme.color("chrome"))
        sorted_by = column.id == self._model.column
        painter.setPen(theme.color("text" if sorted_by else "text2"))
        painter.setFont(theme.font(12, 400))
        left = column.id == "method"
        side = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
        text = self._model.headerData(section, Qt.Orientation.Horizontal)
        painter.drawText(rect.adjusted(INSET, 0, -INSET, 0), side | Qt.AlignmentFlag.AlignVCenter, text)
        painter.fillRect(QRect(rect.left() + (6 if left else 0), rect.bottom(), rect.width(), 1), theme.color("line"))
        if self.hasFocus() and section == self._current:
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRect(rect.adjusted(3, 1, -3, -2))
        painter.restore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                step = 1 if event.key() == Qt.Key.Key_Right else -1
                self._current = min(max(self._current + step, 0), len(COLUMNS) - 1)
                self.viewport().update()
            case Qt.Key.Key_Space | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.chosen.emit(COLUMNS[self._current].id)
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: object) -> None:
        self.viewport().update()

    def focusOutEvent(self, event: object) -> None:
        self.viewport().update()


class _Cells(QStyledItemDelegate):
    """Paints a row: number and name, values to the right, the best in bold, Compute… as a button."""

    def __init__(self, theme: Theme, model: MetricsModel, table: QTableView) -> None:
        super().__init__(table)
        self._theme = theme
        self._model = model
        self._table = table
        self.hovered = -1

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, rect = self._theme, option.rect
        row, column = self._model.rows[index.row()], COLUMNS[index.column()]
        painter.save()
        painter.fillRect(rect, theme.color("hover" if index.row() == self.hovered else "chrome"))
        middle = Qt.AlignmentFlag.AlignVCenter
        if column.id == "method":
            painter.setFont(theme.font(12, 500))
            painter.setPen(theme.color("text"))
            painter.drawText(rect.adjusted(INSET + 3, 0, 0, 0), Qt.AlignmentFlag.AlignLeft | middle, str(row.number))
            name = painter.fontMetrics().elidedText(row.title, Qt.TextElideMode.ElideRight, rect.width() - 40)
            painter.drawText(rect.adjusted(INSET + 20, 0, -8, 0), Qt.AlignmentFlag.AlignLeft | middle, name)
        elif row.text(column.id) == COMPUTE:
            self._paint_button(painter, rect)
        else:
            best = self._model.is_best(row, column.id)
            painter.setFont(theme.font(12, 600 if best else 400))
            painter.setPen(theme.color("text3" if row.stale else "text" if best else "text2"))
            text = painter.fontMetrics().elidedText(row.text(column.id), Qt.TextElideMode.ElideRight, rect.width() - 14)
            painter.drawText(rect.adjusted(2, 0, -INSET, 0), Qt.AlignmentFlag.AlignRight | middle, text)
        if self._table.hasFocus() and index.row() == self._table.currentIndex().row():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawLine(rect.left(), rect.top() + 1, rect.right() + 1, rect.top() + 1)
            painter.drawLine(rect.left(), rect.bottom(), rect.right() + 1, rect.bottom())
        painter.restore()

    def _paint_button(self, painter: QPainter, rect: QRect) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font(11, 500))
        width = painter.fontMetrics().horizontalAdvance(COMPUTE) + 14
        box = QRectF(rect.right() - INSET - width + 7.5, rect.top() + 2.5, width, rect.height() - 5)
        painter.setPen(self._theme.color("outline"))
        painter.setBrush(self._theme.color("raised"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(self._theme.color("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, COMPUTE)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(_NARROWEST, ROW)


class MetricsTable(QTableView):
    """The table view; tells which slot was chosen, which one is to be computed, and when it is to be copied."""

    slot_chosen = Signal(str)
    compute_wanted = Signal(str)
    copy_wanted = Signal()

    def __init__(self, theme: Theme, model: MetricsModel) -> None:
        super().__init__()
        self._model, self._theme = model, theme
        self.setModel(model)
        self._cells = _Cells(theme, model, self)
        self.setItemDelegate(self._cells)
        self.heads = _Header(theme, model)
        self.setHorizontalHeader(self.heads)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(ROW)
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setAccessibleName("Measures")
        self.entered.connect(lambda index: self._hover(index.row()))
        self.clicked.connect(self._clicked)

    def event(self, event: QEvent) -> bool:
        override = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
        if override and event.matches(QKeySequence.StandardKey.Copy):
            event.accept()  # the table's own, not the window's
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._act(self.currentIndex().row())
            return
        before = self.currentIndex().row()
        super().keyPressEvent(event)
        row = self.currentIndex().row()
        if row != before and 0 <= row < len(self._model.rows):
            self.slot_chosen.emit(self._model.rows[row].id)

    def _clicked(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        row = self._model.rows[index.row()]
        if COLUMNS[index.column()].id == "psnr" and row.text("psnr") == COMPUTE:
            self.compute_wanted.emit(row.id)
        else:
            self.slot_chosen.emit(row.id)

    def _act(self, at: int) -> None:
        """What Enter does in a row: compute what is missing, else select the slot."""
        if 0 <= at < len(self._model.rows):
            row = self._model.rows[at]
            (self.compute_wanted if row.text("psnr") == COMPUTE else self.slot_chosen).emit(row.id)

    def _hover(self, row: int) -> None:
        if row != self._cells.hovered:
            self._cells.hovered = row
            self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = self.viewport().width()
        each = (width - _METHOD_WIDTH) // (len(COLUMNS) - 1)
        least = [_NARROWEST if column.unit or column.digits > 4 else _SHORT for column in COLUMNS[1:]]
        metrics = QFontMetrics(self._theme.font(12, 400))
        heads = [metrics.horizontalAdvance(f"{column.label} ▾") + 2 * INSET for column in COLUMNS[1:]]
        widths = [max(each, *both) for both in zip(heads, least, strict=True)]
        for section, one in enumerate((max(140, width - sum(widths)), *widths)):
            self.setColumnWidth(section, one)
        super().resizeEvent(event)
