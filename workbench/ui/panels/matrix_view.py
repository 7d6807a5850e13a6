"""A scrollable, painted matrix that tells which cell the pointer is over, and shows what it is told."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from workbench.ui.panels.matrix_layout import LARGEST, Arrangement, Drawing, arrange
from workbench.ui.panels.matrix_painter import paint_matrix
from workbench.ui.theme import Theme

_CLICK = 4
"""Pixels a press may travel and still be a click."""


class MatrixView(QAbstractScrollArea):
    """The drawing in a viewport; the coordinates stay in view while the cells scroll.

    Signals
    -------
    cell_hovered(int, int), cell_clicked(int, int)
        Flattened pixel of the side, and of the top.
    left()
        The pointer is over no cell any more.
    stepped(int, int)
        An arrow key: cells down, cells to the right.
    """

    cell_hovered = Signal(int, int)
    cell_clicked = Signal(int, int)
    left = Signal()
    stepped = Signal(int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._drawing: Drawing | None = None
        self._arrangement: Arrangement | None = None
        self._pressed: QPointF | None = None
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Matrix")
        self.viewport().setMouseTracking(True)

    @property
    def drawing(self) -> Drawing | None:
        """What is shown."""
        return self._drawing

    def show_drawing(self, drawing: Drawing | None, *, follow: bool = True) -> None:
        """Paint this from now on.

        Parameters
        ----------
        drawing : Drawing, optional
        follow : bool
            Scroll to the lit cell; not while the pointer is what lights it.
        """
        self._drawing = drawing
        self._limit_height()
        self._arrange()
        if follow:
            self._reveal()
        self.viewport().update()

    def cell_rect(self, down: int, across: int) -> QRect:
        """Where the cell at these positions is painted, in the viewport."""
        return self._placed().cell_rect(down, across) if self._arrangement else QRect()

    def sizeHint(self) -> QSize:
        return QSize(320, 400)

    def _placed(self) -> Arrangement:
        """The arrangement as it is scrolled now."""
        assert self._arrangement is not None
        scroll = (self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        return replace(self._arrangement, scroll=scroll)

    def _limit_height(self) -> None:
        """No higher than the drawing with its largest cells, so that the words below follow it."""
        tallest = None
        if self._drawing is not None:
            room = 400 + LARGEST[1] * len(self._drawing.down.indices)
            tallest = arrange(self._drawing, max(1, self.width()), min(room, 1 << 20), self._theme)
        self.setMaximumHeight(tallest.top + tallest.extent[1] + 8 if tallest else 24)

    def _arrange(self) -> None:
        port = self.viewport().size()
        drawing = self._drawing
        self._arrangement = made = (
            None if drawing is None else arrange(drawing, port.width(), port.height(), self._theme)
        )
        field, whole, cell = (made.field, made.extent, made.cell) if made else (QRect(), (0, 0), (1, 1))
        for bar, shown, length, step in (
            (self.horizontalScrollBar(), field.width(), whole[0], cell[0]),
            (self.verticalScrollBar(), field.height(), whole[1], cell[1]),
        ):
            bar.setRange(0, max(0, length - shown))
            bar.setPageStep(max(1, shown))
            bar.setSingleStep(max(8, step))

    def _reveal(self) -> None:
        """Scroll so that the lit row and column are in view, at the middle if they were not."""
        at, drawing = self._arrangement, self._drawing
        if at is None or drawing is None:
            return
        for bar, lit, edges, size, shown in (
            (self.horizontalScrollBar(), drawing.across.lit, at.xs, at.cell[0], at.field.width()),
            (self.verticalScrollBar(), drawing.down.lit, at.ys, at.cell[1], at.field.height()),
        ):
            if lit is not None and not bar.value() <= int(edges[lit]) <= bar.value() + shown - size:
                bar.setValue(int(edges[lit]) - shown // 2)

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), self._theme.color("chrome"))
        if self._arrangement is not None and self._drawing is not None:
            paint_matrix(painter, self._theme, self._drawing, self._placed())
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("accent"), 2))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._tell(self.cell_hovered, event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is not None and (event.position() - pressed).manhattanLength() <= _CLICK:
            self._tell(self.cell_clicked, event.position())

    def _tell(self, signal: Signal, point: QPointF) -> None:
        cell = self._placed().cell_at(point) if self._arrangement is not None else None
        if cell is None or self._drawing is None:
            self.left.emit()
        else:
            signal.emit(int(self._drawing.down.indices[cell[0]]), int(self._drawing.across.indices[cell[1]]))

    def leaveEvent(self, event: object) -> None:
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}
        step = steps.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(*step)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def focusInEvent(self, event: object) -> None:
        self.viewport().update()

    def focusOutEvent(self, event: object) -> None:
        self.viewport().update()
