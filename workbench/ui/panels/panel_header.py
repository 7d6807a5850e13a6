"""The line over a panel that says everything it shows: number, name, parameters, error, time, and the view filter.

Where there is little room, parts leave in a fixed order; the badge, the name and the view filter never do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.model.looks import BROKEN_CHAIN
from workbench.ui.camera import LOST, UNEQUAL
from workbench.ui.fonts import elided, text_width
from workbench.ui.theme import Theme
from workbench.ui.tools import GO

HEIGHT = 26
SHORT_NAMES_BELOW = 220
SHORT_FILTERS_BELOW = 300
NUMBERS_FROM = 150
SHORT_CHIPS = {LOST: "1–2 px lost", UNEQUAL: "unequal"}
BUTTON = "✕"
"""The end of a chip that a click takes back."""
_INSET = 8
_BADGE = 16
_GAP = 8
_FAR = 12
_ICON = 12
_NAME, _SMALL, _CHIP = (12, 600), (11, 400), (10, 600)
"""Size and weight of what stands in a header; numbers look like names."""


@dataclass(frozen=True, slots=True)
class HeaderText:
    """What a header says.

    Parameters
    ----------
    badge : str
        S, R, Δ or the slot's number.
    name, short : str
        In full, and for narrow panels.
    parameters : str
    chips : tuple of str
        Framed words after the name: ``"same as 1"``. One that ends in ✕ is a button.
    number : str
        The number of the panel: PSNR, a percentage.
    strong : bool
        Whether the number is in bold.
    time : str
    filter, short_filter : str
        What stands between array and screen.
    hint : str
        What the tooltip says besides.
    """

    badge: str = ""
    name: str = ""
    short: str = ""
    parameters: str = ""
    chips: tuple[str, ...] = ()
    number: str = ""
    strong: bool = True
    time: str = ""
    filter: str = ""
    short_filter: str = ""
    hint: str = ""

    @property
    def sentence(self) -> str:
        """All of it, for the accessible name and the tooltip."""
        parts = (self.badge, self.name, self.parameters, *self.chips, self.number, self.time, self.filter)
        return " · ".join(part for part in parts if part)


def _thinned(text: HeaderText) -> list[HeaderText]:
    """The same with ever less, in the order in which parts leave."""
    steps = [text]
    for change in ({"parameters": text.parameters.split(" · ")[0]}, {"parameters": ""}, {"time": ""}):
        steps.append(replace(steps[-1], **change))
    steps.append(replace(steps[-1], chips=tuple(map(_short_chip, text.chips))))
    # Shorter words before a warning goes: a picture whose structure is lost must say so.
    steps.append(replace(steps[-1], filter=text.short_filter))
    steps.append(replace(steps[-1], name=text.short))
    # A broken chain stays, without its words: numbers beside other colours would mislead.
    chain = (BROKEN_CHAIN,) if any(chip.startswith(BROKEN_CHAIN) for chip in text.chips) else ()
    while len(steps[-1].chips) > len(chain):
        steps.append(replace(steps[-1], chips=steps[-1].chips[:-1]))
    steps.append(replace(steps[-1], chips=chain))
    steps.append(replace(steps[-1], number=""))
    return steps


class PanelHeader(QWidget):
    """A header of 26 px; a click selects its panel, a double click shows it alone."""

    clicked = Signal()
    double_clicked = Signal()
    chip_clicked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = HeaderText()
        self._selected = False
        self._ring = False
        self._chips: list[tuple[QRect, str]] = []
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._fitted: tuple[HeaderText, int, HeaderText] | None = None
        theme.changed.connect(self._dress)

    def _dress(self) -> None:
        """Other colours, or text of another size."""
        self._fitted = None
        self.update()

    @property
    def text(self) -> HeaderText:
        """Everything there is to say."""
        return self._text

    @property
    def shown_text(self) -> HeaderText:
        """What there is room for."""
        return self._fitting()

    @property
    def selected(self) -> bool:
        return self._selected

    def show_text(self, text: HeaderText) -> None:
        if text != self._text:
            self._text = text
            self.setAccessibleName(text.sentence)
            self.setToolTip("\n".join(filter(None, (text.sentence, text.hint))))
            self.update()

    def show_selected(self, selected: bool) -> None:
        if selected != self._selected:
            self._selected = selected
            self.update()

    def show_ring(self, ring: bool) -> None:
        """Whether the keyboard is in the pixels below; they get no frame of their own."""
        if ring != self._ring:
            self._ring = ring
            self.update()

    def _fitting(self) -> HeaderText:
        """What there is room for, looked for once: zooming changes a word, and paints every header."""
        if self._fitted is None or self._fitted[:2] != (self._text, self.width()):
            self._fitted = (self._text, self.width(), self._found_fitting())
        return self._fitted[2]

    def _found_fitting(self) -> HeaderText:
        text = self._text
        if self.width() < SHORT_NAMES_BELOW:
            text = replace(text, name=text.short)
        if self.width() < SHORT_FILTERS_BELOW:
            text = replace(text, filter=text.short_filter)
        steps = _thinned(text)
        for step in steps[:-1]:
            if self._needed(step) <= self.width():
                return step
        # Too narrow: the name is cut before the number goes, as long as that is whole without it.
        whole = self._needed(replace(steps[-2], name="")) <= self.width()
        return steps[-2] if whole and self.width() >= NUMBERS_FROM else steps[-1]

    @property
    def _far(self) -> int:
        return _FAR if self.width() >= SHORT_NAMES_BELOW else _FAR - 2

    def _needed(self, text: HeaderText) -> int:
        width = _INSET + _BADGE + _GAP + text_width(text.name, *_NAME)
        if text.parameters:
            width += _GAP + text_width(text.parameters, *_SMALL)
        for chip in text.chips:
            width += _GAP + _chip_width(chip)
        for font, part in ((_NAME if text.strong else _SMALL, text.number), (_SMALL, text.time), (_SMALL, text.filter)):
            if part:
                width += self._far + text_width(part, *font)
        return width + _INSET

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, text = self._theme, self._fitting()
        painter.fillRect(self.rect(), theme.color("chrome"))
        if self._selected:
            painter.fillRect(0, 0, self.width(), 2, theme.color("accent"))
        if self._ring:
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        paint_badge(painter, theme, QRect(_INSET, 5, _BADGE, _BADGE), text.badge)
        right = self.width() - _INSET
        right = self._write_left_of(painter, right, text.filter, _SMALL, theme.color("text3"))
        right = self._write_left_of(painter, right, text.time, _SMALL, theme.color("text3"))
        if text.strong:
            right = self._write_left_of(painter, right, text.number, _NAME, theme.color("text"))
        else:
            right = self._write_left_of(painter, right, text.number, _SMALL, theme.color("text2"))
        left = _INSET + _BADGE + _GAP
        name = elided(text.name, max(right - left, 0), *_NAME)
        left = self._write(painter, left, name, _NAME, theme.color("text"))
        if text.parameters:
            left = self._write(painter, left, text.parameters, _SMALL, theme.color("text3"))
        self._chips = []
        for chip in text.chips:
            begin = left
            left = self._chip(painter, left, chip)
            self._chips.append((QRect(begin, 5, left - _GAP - begin, 16), chip))

    def _write(self, painter: QPainter, left: int, text: str, font: tuple[int, int], colour: QColor) -> int:
        painter.setFont(self._theme.font(*font))
        painter.setPen(colour)
        width = text_width(text, *font)
        painter.drawText(QRect(left, 0, width + 2, HEIGHT), int(Qt.AlignmentFlag.AlignVCenter), text)
        return left + width + _GAP

    def _write_left_of(self, painter: QPainter, right: int, text: str, font: tuple[int, int], colour: QColor) -> int:
        if not text:
            return right
        width = text_width(text, *font)
        self._write(painter, right - width, text, font, colour)
        return right - width - self._far

    def _chip(self, painter: QPainter, left: int, text: str) -> int:
        width = _chip_width(text)
        painter.setPen(self._theme.color("outline"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(left + 0.5, 5.5, width - 1, 15), 3, 3)
        painter.setFont(self._theme.font(*_CHIP))
        painter.setPen(self._theme.color("text2"))
        if text.startswith(BROKEN_CHAIN):
            ratio = self.devicePixelRatioF()
            painter.drawPixmap(left + 6, 7, self._theme.pixmap("unlink", "text2", _ICON, ratio))
        words = text.removeprefix(BROKEN_CHAIN).lstrip()
        room = QRect(left + 6, 5, width - 12, 16)
        aligned = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, int(aligned), words)
        return left + width + _GAP

    def chip_rect(self, chip: str) -> QRect | None:
        """Where a chip was drawn; None if there was no room for it."""
        return next((rect for rect, text in self._chips if text == chip), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        button = next((text for rect, text in self._chips if _is_button(text) and rect.contains(place)), None)
        if event.button() == Qt.MouseButton.LeftButton and button is not None:
            self.chip_clicked.emit(button)
        elif event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()
        else:
            event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit()


def _is_button(chip: str) -> bool:
    return chip.endswith((BUTTON, GO)) or chip == BROKEN_CHAIN


def _short_chip(chip: str) -> str:
    """A warning in fewer words; of a name with several parts, the name and the last one."""
    if chip in SHORT_CHIPS:
        return SHORT_CHIPS[chip]
    name, colon, parts = chip.partition(": ")
    return f"{name}: {parts.split(' · ')[-1]}" if colon else chip


def _chip_width(text: str) -> int:
    """Of a chip with its frame; a broken chain is drawn, not written."""
    words = text.removeprefix(BROKEN_CHAIN).lstrip()
    icon = 0 if words == text else _ICON + (4 if words else 0)
    return text_width(words, *_CHIP) + 12 + icon


def paint_badge(painter: QPainter, theme: Theme, rect: QRect, text: str) -> None:
    """The number of a slot, or S, R, Δ, on a small plate."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("sel"))
    painter.drawRoundedRect(rect, 3, 3)
    painter.setPen(theme.color("text"))
    painter.setFont(theme.font(10, 600))
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), text)
