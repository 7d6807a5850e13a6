"""The weights of a kernel: chosen by name, typed into coloured cells, or read from a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QRect, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMenu, QSizePolicy, QWidget

from workbench.kernels.errors import ParameterError
from workbench.kernels.params import FieldSpec
from workbench.kernels.weights import ARTICLE_KERNEL, MAX_KERNEL, KernelMethod, KernelPreset, Table, load_table
from workbench.model.display import ink_on, weight_rgb
from workbench.ui.controls import TextButton
from workbench.ui.editors import Editor
from workbench.ui.inputs import Combo
from workbench.ui.theme import current

PRESETS = (
    (KernelPreset.ONES, "Ones"),
    (KernelPreset.BILINEAR, "Bilinear"),
    (KernelPreset.GAUSSIAN, "Gauss"),
    (KernelPreset.ARTICLE, "Article’s K"),
    (KernelPreset.RANDOM, "Random"),
)
OWN, LOAD = "Own table", "Load .npy…"
LARGEST_DRAWN = 9
"""Cells of larger kernels are too small to hold a number; they are drawn without."""


def weight_text(weight: float) -> str:
    """A weight in a cell: ``"4"``, ``".25"``, ``"−.046"``."""
    text = f"{weight:.3g}".replace("-", "−")
    return text.replace("0.", ".", 1) if abs(weight) < 1 and weight else text


class KernelGrid(QWidget):
    """The table as a drawing: a cell for each weight, in the colours that weights have everywhere.

    Arrows move, a digit or Return opens the cell, Return or Tab writes it, Esc leaves it as it was.

    Signals
    -------
    edited() : a weight was written.
    tap_hovered(int, int) : the pointer, or an arrow key, is on another tap.
    tap_left() : neither is on a tap any more.
    """

    edited = Signal()
    tap_hovered = Signal(int, int)
    tap_left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table: npt.NDArray[np.float64] = np.ones((3, 3))
        self._lit: frozenset[tuple[int, int]] = frozenset()
        self._at = (0, 0)
        self._field = QLineEdit(self)
        self._field.setAccessibleName("Weight")
        self._field.hide()
        self._field.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._field.setStyleSheet("min-height: 0; padding: 0; border-radius: 0;")
        self._field.installEventFilter(self)
        self._over: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Kernel weights")
        self.setToolTip("Point at a tap: every source and output that use it light up in its colour")
        current().changed.connect(self.update)

    def table(self) -> Table:
        return tuple(tuple(float(one) for one in row) for row in self._table)

    def set_table(self, table: npt.ArrayLike) -> None:
        """Show other weights; an open cell is closed."""
        self._table = np.array(table, np.float64)
        rows, cols = self._table.shape
        self._at = (min(self._at[0], rows - 1), min(self._at[1], cols - 1))
        self._field.hide()
        self.setFixedHeight(self._cell_height() * rows + 1)
        self.updateGeometry()
        self.update()

    def set_lit(self, cells: frozenset[tuple[int, int]]) -> None:
        """Outline the taps that make the inspected pixel."""
        if cells != self._lit:
            self._lit = cells
            self.update()

    def cell_rect(self, row: int, col: int) -> QRect:
        """Where a cell lies, borders shared with its neighbours."""
        cols = self._table.shape[1]
        xs = [round(k * (self.width() - 1) / cols) for k in (col, col + 1)]
        ys = [row * self._cell_height(), (row + 1) * self._cell_height()]
        return QRect(xs[0], ys[0], xs[1] - xs[0], ys[1] - ys[0])

    def sizeHint(self) -> QSize:
        return QSize(100, self._cell_height() * self._table.shape[0] + 1)

    def _cell_height(self) -> int:
        rows = self._table.shape[0]
        return 32 if rows <= 4 else 24 if rows <= LARGEST_DRAWN else max(3, 216 // rows)

    def _cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        rows, cols = self._table.shape
        for row in range(rows):
            for col in range(cols):
                if self.cell_rect(row, col).contains(int(x), int(y)):
                    return row, col
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._write()
        cell = self._cell_at(event.position().x(), event.position().y())
        if cell is not None:
            self._at = cell
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._tell(self._cell_at(event.position().x(), event.position().y()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._tell(None)

    def hideEvent(self, event: QEvent) -> None:
        super().hideEvent(event)
        self._tell(None)

    def _tell(self, cell: tuple[int, int] | None) -> None:
        """Say which tap is looked at, once for each."""
        if cell == self._over:
            return
        self._over = cell
        if cell is None:
            self.tap_left.emit()
        else:
            self.tap_hovered.emit(*cell)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)
        self._open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
        }.get(Qt.Key(event.key()))
        if step is not None:
            self._move(*step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self._open()
        elif event.text() and event.text() in "0123456789.-−":
            self._open(event.text().replace("−", "-"))
        else:
            event.ignore()

    def eventFilter(self, watched: Any, event: Any) -> bool:
        """Keys of the open cell."""
        if event.type() == event.Type.KeyPress:
            key = event.key()
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                self._write()
                self.setFocus()
                if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                    self._next(1 if key == Qt.Key.Key_Tab else -1)
                return True
            if key == Qt.Key.Key_Escape:
                self._field.hide()
                self.setFocus()
                return True
        elif event.type() == event.Type.FocusOut:
            self._write()
        return False

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._tell(None)
        self.update()

    def _move(self, rows: int, cols: int) -> None:
        height, width = self._table.shape
        self._at = (min(max(self._at[0] + rows, 0), height - 1), min(max(self._at[1] + cols, 0), width - 1))
        self._tell(self._at)
        self.update()

    def _next(self, step: int) -> None:
        width = self._table.shape[1]
        flat = (self._at[0] * width + self._at[1] + step) % self._table.size
        self._at = (flat // width, flat % width)
        self._open()

    def _open(self, text: str | None = None) -> None:
        self._field.setFont(current().font(12, 500))
        self._field.setGeometry(self.cell_rect(*self._at).adjusted(0, 0, 1, 1))
        self._field.setText(f"{self._table[self._at]:.17g}" if text is None else text)
        self._field.show()
        self._field.setFocus()
        if text is None:
            self._field.selectAll()

    def _write(self) -> None:
        if self._field.isHidden():
            return
        self._field.hide()
        try:
            value = float(self._field.text().replace("−", "-").replace(",", "."))
        except ValueError:
            return
        if np.isfinite(value) and value != self._table[self._at]:
            self._table[self._at] = value
            self.update()
            self.edited.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        enabled = self.isEnabled()
        painter.setOpacity(1.0 if enabled else 0.5)
        colours = weight_rgb(self._table, float(np.abs(self._table).max()))
        rows, cols = self._table.shape
        numbers = rows <= LARGEST_DRAWN and self.width() / cols >= 18
        painter.setFont(current().font(12 if self.width() / cols >= 30 else 10, 600))
        for row in range(rows):
            for col in range(cols):
                rect = self.cell_rect(row, col)
                rgb = [int(one) for one in colours[row, col]]
                painter.fillRect(rect, QColor(*rgb))
                painter.setPen(QPen(QColor(*(one * 2 // 3 for one in rgb)), 1))
                painter.drawRect(rect)
                if numbers:
                    painter.setPen(QColor(*ink_on(rgb)))
                    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, weight_text(self._table[row, col]))
        self._paint_lit(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(current().color("accent"), 2))
            painter.drawRect(QRectF(self.cell_rect(*self._at)).adjusted(1, 1, 0, 0))

    def _paint_lit(self, painter: QPainter) -> None:
        """One outline round the taps in use: edges between lit and other cells."""
        painter.setPen(QPen(current().color("text"), 2, c=Qt.PenCapStyle.SquareCap))
        for row, col in self._lit:
            rect = QRectF(self.cell_rect(row, col))
            inner = rect.adjusted(0.5, 0.5, 0.5, 0.5)
            for neighbour, line in (
                ((row - 1, col), (inner.topLeft(), inner.topRight())),
                ((row + 1, col), (inner.bottomLeft(), inner.bottomRight())),
                ((row, col - 1), (inner.topLeft(), inner.bottomLeft())),
                ((row, col + 1), (inner.topRight(), inner.bottomRight())),
            ):
                if neighbour not in self._lit:
                    painter.drawLine(*line)


class KernelEditor(Editor):
    """Weights by name in a list, or a table of one's own as a drawing with a menu.

    ``failed(error)`` says that a file holds no kernel.
    """

    failed = Signal(object)

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self._preset: KernelPreset | None = KernelPreset.ONES
        self._weights: npt.NDArray[np.float64] = np.ones((3, 3))
        self._combo = Combo()
        for _, name in PRESETS:
            self._combo.addItem(name)
        self._combo.insertSeparator(len(PRESETS))
        self._combo.addItem(OWN)
        self._combo.addItem(LOAD)
        self._combo.activated.connect(lambda index: self.choose(self._combo.itemText(index)))
        self.grid = KernelGrid()
        self.grid.edited.connect(self._on_cell)
        self.choices = TextButton("Change…", "quiet")
        self.choices.setAccessibleName("Change the kernel")
        self.choices.setMenu(self._menu())
        self._box.addWidget(self._combo)
        self._box.addWidget(self.grid)
        self._arrange()

    def value(self) -> KernelPreset | Table:
        return self.grid.table() if self._preset is None else self._preset

    @property
    def drawn(self) -> bool:
        """Whether the weights stand there as a drawing: one's own, and the nine numbers of the article."""
        return self._preset in (None, KernelPreset.ARTICLE)

    def set_value(self, value: Any) -> None:
        if isinstance(value, KernelPreset):
            self._preset = value
        else:
            self._preset = None
            if self.grid.table() != value:
                self.grid.set_table(value)
        self._arrange()

    def show_method(self, method: KernelMethod) -> None:
        """Remember the weights a preset stands for, so that a table of one's own can start from them."""
        self._weights = method.weights()
        if isinstance(method.kernel, KernelPreset):
            rows, cols = self._weights.shape
            sized = f"{rows}×{cols}"
            index = [preset for preset, _ in PRESETS].index(method.kernel)
            for k, (_, name) in enumerate(PRESETS):
                self._combo.setItemText(k, f"{name} {sized}" if k == index else name)

    def fields(self) -> Sequence[QWidget]:
        return (self.grid,) if self.drawn else (self._combo,)

    def has_focus(self) -> bool:
        return self._combo.hasFocus() or self.grid.hasFocus() or self.grid.isAncestorOf(self.focusWidget() or self)

    def choose(self, name: str) -> None:
        """What a line of the list does."""
        if name == LOAD:
            self._arrange()
            path, _ = QFileDialog.getOpenFileName(self, "Kernel weights", "", "NumPy arrays (*.npy)")
            if path:
                self.load(Path(path))
            return
        if name == OWN:
            self._preset = None
            self.grid.set_table(self._weights)
        else:
            self._preset = next(preset for preset, known in PRESETS if name.startswith(known))
        self._arrange()
        self.edited.emit()

    def load(self, path: Path) -> None:
        """Weights from a file; one that holds none becomes the field's error."""
        try:
            table = load_table(path)
        except ParameterError as error:
            self.failed.emit(error)
            return
        self._preset = None
        self.grid.set_table(table)
        self._arrange()
        self.edited.emit()

    def resize_table(self, rows: int, cols: int) -> None:
        """More or fewer rows and columns, at the far side; new weights are 0."""
        old = np.array(self.grid.table())
        height, width = old.shape[0] + rows, old.shape[1] + cols
        if not (1 <= height <= MAX_KERNEL and 1 <= width <= MAX_KERNEL):
            return
        new = np.zeros((height, width))
        kept = (min(height, old.shape[0]), min(width, old.shape[1]))
        new[: kept[0], : kept[1]] = old[: kept[0], : kept[1]]
        self.grid.set_table(new)
        self._on_cell()

    def _on_cell(self) -> None:
        self._preset = None
        self.edited.emit()

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for text, step in (
            ("Add a row", (1, 0)),
            ("Add a column", (0, 1)),
            ("Remove the last row", (-1, 0)),
            ("Remove the last column", (0, -1)),
        ):
            menu.addAction(text).triggered.connect(lambda _=False, step=step: self.resize_table(*step))
        menu.addSeparator()
        for _, name in PRESETS:
            menu.addAction(name).triggered.connect(lambda _=False, name=name: self.choose(name))
        menu.addAction(LOAD).triggered.connect(lambda: self.choose(LOAD))
        return menu

    def _arrange(self) -> None:
        self._combo.setVisible(not self.drawn)
        self.grid.setVisible(self.drawn)
        self.choices.setVisible(self.drawn)
        if self._preset is KernelPreset.ARTICLE and self.grid.table() != ARTICLE_KERNEL:
            self.grid.set_table(ARTICLE_KERNEL)
        known = [preset for preset, _ in PRESETS]
        index = len(PRESETS) + 1 if self._preset is None else known.index(self._preset)
        with QSignalBlocker(self._combo):
            self._combo.setCurrentIndex(index)
