"""The five fixed colours under a colour bar, each with how many pixels have it; a click marks what lies beyond."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from workbench.model.census import Census, census_of
from workbench.model.display import ABOVE, BELOW, MARKS, Counts
from workbench.model.jobs import Done, Outcome
from workbench.model.looks import Group
from workbench.ui.binding import bind
from workbench.ui.context import Context

ROW = 13
HEIGHT = len(MARKS) * ROW + 6
_WORDS = {"nan": "NaN", "positive_infinite": "+∞", "negative_infinite": "−∞", "above": "> hi", "below": "< lo"}


class MarkLegend(QAbstractButton):
    """NaN, ±∞, above and below with their counts; checked while above and below have their colours."""

    def __init__(self, context: Context, group: Group, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._group = context, group
        self._census: Census | None = None
        self._counts = Counts()
        self.setCheckable(True)
        self.setAccessibleName("Mark what lies beyond the range")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(lambda on: context.view.set(fixed_marks=on))
        for signal in (context.view.changed, context.session.changed, context.results.changed):
            bind(self, signal, self._show)
        bind(self, context.results.part_changed, self._show)
        self._show()

    @property
    def counts(self) -> Counts:
        """What was counted last."""
        return self._counts

    def sizeHint(self) -> QSize:
        return QSize(64, HEIGHT)

    def showEvent(self, event: object) -> None:
        self._show()

    def _show(self, *_: object) -> None:
        if not self.isVisible():
            return  # counted when it is shown
        context = self._context
        view = context.view.value
        self.setChecked(view.fixed_marks)
        fresh = census_of(context.session.value, view, context.results, self._group)
        if not fresh.same(self._census):
            self._census = fresh
            key = ("census", self._group)
            context.pipeline.work.submit(key, "Counting what lies beyond", fresh.run, self._landed, 2)
        self._say()

    def _landed(self, outcome: Outcome) -> None:
        if not isinstance(outcome, Done):
            raise outcome.exception
        self._counts = outcome.value
        self._say()

    def _say(self) -> None:
        counts = ", ".join(f"{mark.label} {getattr(self._counts, mark.id)}" for mark in MARKS)
        where = " in view" if self._census is not None and self._census.in_view else ""
        act = "click: above and below look like the ends" if self.isChecked() else "click: mark above and below"
        self.setAccessibleName(f"Pixels beyond{where}: {counts}")
        self.setToolTip(f"Of {self._counts.total} pixels{where}: {counts}<br>{act}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._context.theme
        if self.underMouse():
            painter.fillRect(self.rect(), theme.color("hover"))
        painter.setFont(theme.font(10))
        for k, mark in enumerate(MARKS):
            count = getattr(self._counts, mark.id)
            top = 3 + k * ROW
            swatch = QRect(2, top + 3, 7, 7)
            painted = mark not in (ABOVE, BELOW) or self.isChecked()
            painter.setPen(theme.color("outline"))
            painter.setBrush(QColor(*mark.rgb) if painted else Qt.BrushStyle.NoBrush)
            painter.drawRect(swatch)
            painter.setPen(theme.color("text2" if count else "text3"))
            box = QRect(13, top, self.width() - 15, ROW)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), _WORDS[mark.id])
            painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), short_count(count))
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))


def short_count(count: int) -> str:
    """A count in at most four characters: "0", "999", "1.2k", "34k", "5.6M"."""
    for size, letter in ((1_000_000, "M"), (1000, "k")):
        if count >= size:
            share = count / size
            return f"{share:.1f}{letter}" if share < 9.95 else f"{share:.0f}{letter}"
    return str(count)
