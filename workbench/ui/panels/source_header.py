"""The head of the left column: the source as a small picture, its name, its size, and what was assumed about it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from workbench.kernels.arrays import Image
from workbench.model.colormaps import load
from workbench.model.display import Range, to_display
from workbench.model.document import SOURCE
from workbench.ui.binding import bind
from workbench.ui.panels.row_painter import INSET, RAIL

if TYPE_CHECKING:
    from workbench.ui.context import Context

PICTURE = (54, 36)
_TRANSFERS = {"srgb": "sRGB ", "linear": "linear ", "unknown": ""}


def thumbnail(values: Image, ends: Range, width: int, height: int, anchor: float = 0.5) -> QImage:
    """A picture cropped to a shape and made small; one of a few pixels fills it, each pixel a flat rectangle.

    Parameters
    ----------
    values : (h, w) or (h, w, c) float
    ends : Range
    width, height : int
        Device pixels.
    anchor : float
        Which part of what is too high is kept: 0 the top, 1 the bottom.
    """
    rows, cols = values.shape[:2]
    tiny = min(rows, cols) < 8
    if not tiny:
        # The largest part of the right shape, from the middle; thinned, so that a huge picture costs nothing.
        kept_w, kept_h = min(cols, rows * width / height), min(rows, cols * height / width)
        top, left = int((rows - kept_h) * anchor), int((cols - kept_w) / 2)
        step = max(1, int(kept_w // (4 * width)))
        values = values[top : top + max(1, round(kept_h)) : step, left : left + max(1, round(kept_w)) : step]
    pixels = to_display(np.ascontiguousarray(values), ends, load("gray"))
    image = QImage(pixels.data, pixels.shape[1], pixels.shape[0], 4 * pixels.shape[1], QImage.Format.Format_RGBA8888)
    mode = Qt.TransformationMode.FastTransformation if tiny else Qt.TransformationMode.SmoothTransformation
    return image.scaled(width, height, Qt.AspectRatioMode.IgnoreAspectRatio, mode).copy()


class SourceHeader(QAbstractButton):
    """A click selects the source: its preparation shows in the form."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._picture: tuple[object, QImage] | None = None
        self._ring = False
        self.setFixedHeight(52)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(lambda: context.view.set(selected=SOURCE))
        bind(self, context.session.changed, lambda *_: self.refresh())
        bind(self, context.view.changed, lambda new, old: self.update() if new.selected != old.selected else None)
        bind(self, context.results.changed, lambda id: self.refresh() if id == SOURCE else None)
        context.theme.changed.connect(self.update)
        self.refresh()

    def sizeHint(self) -> QSize:
        return QSize(200, 52)

    def refresh(self) -> None:
        """Show the source of the open document."""
        name, detail, notes = self.texts()
        self.setAccessibleName(f"Source: {name}, {detail}" if detail else name)
        self.setToolTip("\n".join(filter(None, (name, detail, *notes))))
        self.setEnabled(self._context.session.value.source is not None)
        self.update()

    def texts(self) -> tuple[str, str, tuple[str, ...]]:
        """Name, size and depth, and the notes of what was assumed or done."""
        source, prepared = self._context.session.value.source, self._context.results.prepared
        if source is None:
            return "No image yet", "", ()
        shape, notes = source.shape, source.badges
        if prepared is not None and prepared.source is source:
            shape, notes = prepared.shape, (*source.badges, *prepared.notes)
        if source.pixels.dtype.kind == "f" and source.nominal != (0.0, 1.0):
            stored = f"range {source.nominal[0]:g} … {source.nominal[1]:g}"
        else:
            stored = f"{_TRANSFERS[source.transfer]}{source.depth}"
        return source.name, f"{shape[1]} × {shape[0]} · {stored}".rstrip(" ·"), notes

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._ring = False
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        theme, comparison = self._context.theme, self._context.session.value
        if comparison.source is None:
            self._paint_empty(painter)
            return
        selected = self._context.view.value.selected == SOURCE
        if selected or self.underMouse():
            painter.fillRect(self.rect(), theme.color("sel" if selected else "hover"))
        if selected:
            painter.fillRect(QRect(0, 0, 2, self.height()), theme.color("accent"))
        if self.width() < RAIL:
            self._paint_badge(painter)
        else:
            painter.drawImage(QRect(INSET, 8, *PICTURE), self._thumbnail())
            self._paint_texts(painter)
        if self._ring and self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _paint_empty(self, painter: QPainter) -> None:
        theme = self._context.theme
        if self.width() < RAIL:
            return
        for top, text, font, tone in (
            (3, "Source", theme.font(11, 500), "text2"),
            (23, "No image yet", theme.font(12, 400), "text2"),
        ):
            painter.setFont(font)
            painter.setPen(theme.color(tone))
            painter.drawText(QRect(INSET, top, self.width() - INSET, 18), Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_badge(self, painter: QPainter) -> None:
        theme = self._context.theme
        box = QRectF(INSET, 18, 16, 16)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("sel" if theme.name == "dark" else "press"))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(theme.color("text"))
        painter.setFont(theme.font(10, 600))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "S")

    def _paint_texts(self, painter: QPainter) -> None:
        theme = self._context.theme
        name, detail, _ = self.texts()
        left = INSET + PICTURE[0] + 10
        right = self.width() - INSET
        end = self._paint_chip(painter, right)
        for top, text, font, tone, limit in (
            (8, name, theme.font(12, 600), "text", end),
            (25, detail, theme.font(11, 400), "text3", right),
        ):
            painter.setFont(font)
            painter.setPen(theme.color(tone))
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, limit - left)
            painter.drawText(QRect(left, top, limit - left, 18), Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_chip(self, painter: QPainter, right: int) -> int:
        """A small frame that says how many things were assumed; they stand in the tooltip. Where it begins."""
        source, theme = self._context.session.value.source, self._context.theme
        if source is None or not source.badges:
            return right
        count = len(source.badges)
        text = source.badges[0] if count == 1 and len(source.badges[0]) <= 8 else f"{count} note{'s' * (count > 1)}"
        font = theme.font(10, 500)
        width = QFontMetrics(font).horizontalAdvance(text) + 10
        box = QRectF(right - width + 0.5, 9.5, width - 1, 15)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("outline"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(theme.color("text2"))
        painter.setFont(font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        return right - width - 6

    def _thumbnail(self) -> QImage:
        """Drawn once for each source, range and device ratio."""
        source, prepared = self._context.session.value.source, self._context.results.prepared
        assert source is not None  # nothing is drawn without one
        fitting = prepared is not None and prepared.source is source
        if fitting:
            values, known = prepared.values, prepared
        else:  # not prepared yet, or it failed: a few of its pixels do, whatever its size
            step = max(1, max(source.shape) // 512)
            values, known = replace(source, pixels=source.pixels[::step, ::step]).values(), source
        ends = self._context.view.value.image_range
        if source.pixels.dtype.kind == "f" and source.nominal != (0.0, 1.0):
            ends = Range(*source.nominal)
        ratio = self.devicePixelRatioF()
        key = (id(known), ends, ratio)
        if self._picture is None or self._picture[0] != key:
            image = thumbnail(values, ends, round(PICTURE[0] * ratio), round(PICTURE[1] * ratio))
            self._picture = (key, image)
        return self._picture[1]
