"""The means of all phases of one picture as a small grid: equal numbers are no checkerboard."""

from __future__ import annotations

import math

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from workbench.kernels.phases import PhaseTable
from workbench.model.display import format_cell, ink_on
from workbench.ui.theme import Theme

_CELL = QSize(54, 34)
_MOST = 4
_ROOM = 12
_ROUNDING = 1e-6
"""Relative: sums of float32 weights that differ by this much are no checkerboard."""
_NONE = "–"
"""Of a phase that has no pixel, or no finite value, in the region."""


class PhaseGrid(QWidget):
    """Mean, and the deviation under it, of each phase; a darker cell has the smaller mean.

    Of a period longer than four pixels only the spread of the means is written.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._table: PhaseTable | None = None
        self._word = ""
        self.setAccessibleName("Mean and deviation of each phase")
        theme.changed.connect(self.update)

    def show_phases(self, table: PhaseTable | None, word: str) -> None:
        """Another table, or a word that says why there is none."""
        self._table, self._word = table, word
        self.setToolTip(self._said())
        self.setAccessibleDescription(self._said())
        self.setFixedWidth(self._width())
        self.update()

    @property
    def text(self) -> str:
        """What is written, row by row."""
        return self._said()

    def grey(self, mean: float) -> int:
        """The shade of a phase with this mean: the middle one where the means differ by no more than float32 rounds."""
        known = [] if self._table is None else [one for _, one in _cells(self._table) if math.isfinite(one)]
        low, high = min(known, default=mean), max(known, default=mean)
        alike = high - low <= _ROUNDING * max(abs(low), abs(high))
        return round(70 + 140 * (0.5 if alike else (mean - low) / (high - low)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, table = self._theme, self._table
        painter.setFont(theme.font(11))
        painter.setPen(theme.color("text3"))
        head = QRect(0, 0, self.width() - _ROOM, 20)
        if table is None or max(table.mean.shape) > _MOST:
            text = self._word if table is None else self._said()
            flags = int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextWordWrap)
            painter.drawText(self.rect().adjusted(0, 4, -_ROOM, 0), flags, text)
            return
        painter.drawText(head, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self._word)
        for (p, q), mean in _cells(table):
            rect = QRect(q * _CELL.width(), 22 + p * _CELL.height(), _CELL.width() - 1, _CELL.height() - 1)
            if not math.isfinite(mean):  # a region may miss a phase altogether
                painter.setPen(theme.color("text3"))
                painter.setFont(theme.font(12, 500))
                painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), _NONE)
                continue
            grey = self.grey(mean)
            painter.fillRect(rect, QColor(grey, grey, grey))
            painter.setPen(QColor(*ink_on((grey, grey, grey))))
            painter.setFont(theme.font(12, 500))
            upper = rect.adjusted(0, 2, 0, -15)
            painter.drawText(upper, int(Qt.AlignmentFlag.AlignCenter), format_cell(mean))
            painter.setFont(theme.font(10))
            lower = rect.adjusted(0, 17, 0, -2)
            painter.drawText(lower, int(Qt.AlignmentFlag.AlignCenter), f"± {format_cell(float(table.std[p, q]))}")

    def _said(self) -> str:
        table = self._table
        if table is None:
            return self._word
        rows, cols = table.mean.shape
        if max(rows, cols) > _MOST:
            return f"{rows} × {cols} phases: their means differ by {table.spread:.6g}"
        lines = [" · ".join(_mean_text(mean) for mean in line) for line in table.mean.tolist()]
        return "\n".join([self._word, *lines])

    def _width(self) -> int:
        if self._table is None:
            return 132
        cols = self._table.mean.shape[1]
        return 160 if max(self._table.mean.shape) > _MOST else max(cols * _CELL.width(), 118) + _ROOM


def _mean_text(mean: float) -> str:
    return f"{mean:.6g}" if math.isfinite(mean) else _NONE


def _cells(table: PhaseTable) -> list[tuple[tuple[int, int], float]]:
    rows, cols = table.mean.shape
    return [((p, q), float(table.mean[p, q])) for p in range(rows) for q in range(cols)]
