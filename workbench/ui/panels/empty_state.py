"""What stands where the images will: how to bring one in, and five to begin with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from workbench.kernels.arrays import Image
from workbench.kernels.patterns import all_charts
from workbench.model.display import Range
from workbench.model.samples import load_sample
from workbench.ui.controls import Text, TextButton
from workbench.ui.panels.source_header import thumbnail

if TYPE_CHECKING:
    from workbench.ui.context import Context

FORMATS = "PNG, TIFF, JPEG, WebP, EXR, PFM, NumPy arrays. Nothing leaves this computer."
PICTURE = QRect(8, 8, 132, 88)
NO_IMAGE = "clipboard holds no image"


_UNIT = Range(0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Offer:
    """One tile: what it is called, and the picture on it, made for a height and width when it is first seen."""

    kind: str
    id: str
    name: str
    note: str
    picture: Callable[[int, int], Image]
    ends: Range = _UNIT


def _sample(id: str) -> Callable[[int, int], Image]:
    return lambda _height, _width: load_sample(id).values()


def _chart(id: str) -> Callable[[int, int], Image]:
    # At the very size it is shown in: a zone plate made smaller would show what it is there to find.
    return lambda height, width: next(chart for chart in all_charts() if chart.id == id).make((height, width))


OFFERS = (
    Offer("sample", "chelsea", "Chelsea the cat", "451 × 300, photograph", _sample("chelsea")),
    Offer("sample", "astronaut", "Astronaut", "512 × 512, photograph", _sample("astronaut")),
    Offer("chart", "zone_plate", "Zone plate", "aliasing and imaging", _chart("zone_plate")),
    Offer("chart", "slanted_edge", "Slanted edge", "blur, ringing, shift", _chart("slanted_edge")),
    Offer(
        "lesson",
        "article-deconv",
        "2 × 2 lesson",
        "the matrix of the article",
        lambda _height, _width: np.array([[2.0, 1.0], [4.0, 4.0]]),
        Range(0.0, 4.4),
    ),
)


class Tile(QAbstractButton):
    """A picture, its name, and what it is good for; 148 × 142."""

    def __init__(self, context: Context, offer: Offer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.offer = offer
        self._picture: tuple[float, QImage] | None = None
        self.setFixedSize(148, 142)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{offer.name}: {offer.note}")
        self.setToolTip(f"Begin with {offer.name}: {offer.note}")
        context.theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(148, 142)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._context.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tone = "press" if self.isDown() else "hover" if self.underMouse() else "raised"
        painter.setBrush(theme.color(tone))
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        else:
            painter.setPen(QPen(theme.color("line"), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        picture = self._drawn()
        if picture is not None:
            painter.drawImage(PICTURE, picture)
        else:
            painter.fillRect(PICTURE, theme.color("field"))
        for top, text, font, token in (
            (99, self.offer.name, theme.font(12, 600), "text"),
            (116, self.offer.note, theme.font(11, 400), "text3"),
        ):
            painter.setFont(font)
            painter.setPen(theme.color(token))
            room = QRect(10, top, self.width() - 18, 18)
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)

    def _drawn(self) -> QImage | None:
        """The picture at this ratio; None until it has been read, which the first paint does not wait for."""
        ratio = self.devicePixelRatioF()
        if self._picture is not None and self._picture[0] == ratio:
            return self._picture[1]
        QTimer.singleShot(0, self, self._draw)
        return None

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        if self._picture is None or self._picture[0] != ratio:
            width, height = round(PICTURE.width() * ratio), round(PICTURE.height() * ratio)
            values = self.offer.picture(height, width)
            self._picture = (ratio, thumbnail(values, self.offer.ends, width, height, anchor=0.1))
            self.update()


class EmptyState(QWidget):
    """Open, paste, or one of five tiles. Dropping works on the whole window.

    Signals
    -------
    open_requested, paste_requested
    sample_requested, chart_requested, lesson_requested : str
        The id of what a tile stands for.
    """

    open_requested = Signal()
    paste_requested = Signal()
    sample_requested = Signal(str)
    chart_requested = Signal(str)
    lesson_requested = Signal(str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.open = TextButton("Open…", "primary")
        self.paste = TextButton("Paste")
        self.reason = Text("", 11, token="text3")
        self.tiles = tuple(Tile(context, offer) for offer in OFFERS)
        self.open.clicked.connect(self.open_requested)
        self.paste.clicked.connect(self.paste_requested)
        for tile in self.tiles:
            tile.clicked.connect(lambda _=False, tile=tile: self._begin(tile.offer))
        self.setFocusProxy(self.open)

        title = Text("Drop an image", 20, 600)
        formats = Text(FORMATS, 13, token="text2")
        begin = Text("Or begin with", 12, 600, "text2")
        key = QKeySequence(QKeySequence.StandardKey.Open).toString(QKeySequence.SequenceFormat.NativeText) or "Ctrl+O"
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 11, 16, 16)
        box.setSpacing(0)
        box.addStretch(2)
        box.addWidget(title, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addSpacing(8)
        box.addWidget(formats, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addSpacing(16)
        box.addLayout(_centred(8, self.open, Text(key, 11, token="text3"), 17, self.paste, self.reason))
        box.addSpacing(36)
        box.addWidget(begin, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addSpacing(10)
        box.addLayout(_centred(12, *self.tiles))
        box.addStretch(3)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

        QGuiApplication.clipboard().dataChanged.connect(self.look_at_clipboard)
        self.look_at_clipboard()

    def look_at_clipboard(self) -> None:
        """Paste is there only for an image, and says so."""
        data = QGuiApplication.clipboard().mimeData()
        reason = "" if data is not None and data.hasImage() else NO_IMAGE
        self.paste.set_disabled_reason(reason)
        self.reason.setText(reason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look_at_clipboard()

    def _begin(self, offer: Offer) -> None:
        signals = {"sample": self.sample_requested, "chart": self.chart_requested, "lesson": self.lesson_requested}
        signals[offer.kind].emit(offer.id)


def _centred(spacing: int, *parts: QWidget | int) -> QHBoxLayout:
    """Widgets in a row in the middle; a number is more room."""
    row = QHBoxLayout()
    row.setSpacing(spacing)
    row.addStretch(1)
    for part in parts:
        if isinstance(part, int):
            row.addSpacing(part)
        else:
            row.addWidget(part)
    row.addStretch(1)
    return row
