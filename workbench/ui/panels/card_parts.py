"""The small parts of the provenance card: channel chips, form and chain switches, and the column of notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from workbench.ui.theme import Theme

if TYPE_CHECKING:
    from workbench.ui.panels.provenance_card import ProvenanceCard

NOTES_WIDTH = 240
_LINE = 18


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
        self.setToolTip(f"Channel {name} in the card and in the readouts")
        self.clicked.connect(lambda: card.context.view.set(channel=channel))

    def nextCheckState(self) -> None:
        """Checked is what the view state says, not what was clicked."""
        self.setChecked(self._card.context.view.value.channel == self.channel)


class NotesColumn(QWidget):
    """What is particular about a pixel, a line each; there only where anything is."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._notes: tuple[str, ...] = ()
        self._font: tuple[QFont, QFontMetrics] | None = None
        self.setFixedWidth(NOTES_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    @property
    def notes(self) -> tuple[str, ...]:
        return self._notes

    def show_notes(self, notes: tuple[str, ...]) -> None:
        """What has no room is in the tooltip."""
        if notes != self._notes:
            self._notes = notes
            self.setToolTip("<br>".join(notes))
            self.setAccessibleName("; ".join(notes))
            self.update()

    def shown(self) -> tuple[str, ...]:
        """The lines there is room for; the last one counts those that have none."""
        room = max(1, (self.height() - 6) // _LINE)
        if len(self._notes) <= room:
            return self._notes
        return (*self._notes[: room - 1], f"{len(self._notes) - room + 1} more …")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, shown = QPainter(self), self.shown()
        if self._font is None:
            font = self._theme.font(11)
            self._font = (font, QFontMetrics(font))
        painter.setFont(self._font[0])
        painter.setPen(self._theme.color("text2"))
        top = (self.height() - _LINE * len(shown)) // 2
        for k, line in enumerate(shown):
            text = self._font[1].elidedText(line, Qt.TextElideMode.ElideRight, self.width())
            rect = QRect(0, top + _LINE * k, self.width(), _LINE)
            painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
