"""The small parts of the provenance card: channel chips, form and chain switches, and the column of facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from workbench.ui.theme import Theme

if TYPE_CHECKING:
    from workbench.ui.panels.provenance_card import ProvenanceCard

FACTS_WIDTH = 216


class Chip(QAbstractButton):
    """A word on a small frame: checked shows by ground and border, focus by the accent."""

    def __init__(self, theme: Theme, text: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(22, 18)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        border = "accent" if self.hasFocus() else "outline" if self.isChecked() else "line"
        painter.setPen(theme.color(border))
        ground = "sel" if self.isChecked() else "hover" if self.underMouse() else "chrome"
        painter.setBrush(theme.color(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setPen(theme.color("text" if self.isChecked() else "text2"))
        painter.setFont(theme.font(10, 600))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())


class ChannelChip(Chip):
    """R, G or B: which channel the card and the readouts show."""

    def __init__(self, card: ProvenanceCard, channel: int, name: str) -> None:
        super().__init__(card.context.theme, name, f"Channel {name}", card)
        self._card = card
        self.channel = channel
        self.setCheckable(True)
        self.setToolTip(f"Channel {name} in the card and in the readouts (V)")
        self.clicked.connect(lambda: card.context.view.set(channel=channel))

    def nextCheckState(self) -> None:
        """Checked is what the view state says, not what was clicked."""
        self.setChecked(self._card.context.view.value.channel == self.channel)


class FactsColumn(QWidget):
    """A few short lines beside the sum: reach, negative mass, shift of the centre, and what is particular here."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: tuple[str, ...] = ()
        self._notes: tuple[str, ...] = ()
        self._fonts: dict[int, tuple[QFont, QFontMetrics]] = {}
        self.setFixedWidth(FACTS_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    @property
    def lines(self) -> tuple[str, ...]:
        return self._lines

    @property
    def notes(self) -> tuple[str, ...]:
        return self._notes

    def show_facts(self, lines: tuple[str, ...], notes: tuple[str, ...]) -> None:
        """Facts in every row's order; notes stand below and are never lost: what has no room is in the tooltip."""
        if (lines, notes) != (self._lines, self._notes):
            self._lines, self._notes = lines, notes
            self.setToolTip("<br>".join((*lines, *notes)))
            self.setAccessibleName("; ".join((*lines, *notes)))
            self.update()

    def shown(self) -> tuple[tuple[str, str], ...]:
        """The lines there is room for, with their tokens; notes come before facts where both do not fit."""
        room = max(1, (self.height() - 4) // 19)
        notes = self._notes
        if len(notes) > 2:
            notes = (notes[0], f"{notes[1]} · {len(notes) - 2} more")
        kept = self._lines[: max(room - len(notes), 1 if room > 1 else 0)]
        return (*((line, "text3") for line in kept), *((note, "text2") for note in notes[: room - len(kept)]))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        shown = self.shown()
        top = (self.height() - 19 * len(shown)) // 2
        font, metrics = self._type()
        painter.setFont(font)
        for k, (line, token) in enumerate(shown):
            painter.setPen(self._theme.color(token))
            text = metrics.elidedText(line, Qt.TextElideMode.ElideRight, self.width())
            rect = QRect(0, top + 19 * k, self.width(), 19)
            painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)

    def _type(self) -> tuple[QFont, QFontMetrics]:
        if 11 not in self._fonts:
            font = self._theme.font(11)
            self._fonts[11] = (font, QFontMetrics(font))
        return self._fonts[11]
