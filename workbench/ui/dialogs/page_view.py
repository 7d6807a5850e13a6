"""Shows the page of a figure as it will be written, reduced to fit, with its size in print."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.ui.theme import Theme

MARGIN = 32
_MM_PER_INCH = 25.4


class PageView(QWidget):
    """A page on the surround of images, and a line under it that says how large it is."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._page: QImage | None = None
        self._pixels = (0, 0)
        self._size_mm = (0.0, 0.0)
        self._scaled: QPixmap | None = None
        self._stale = False
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Preview of the figure")
        theme.changed.connect(self.update)

    def show_page(self, page: QImage, pixels: tuple[int, int], size_mm: tuple[float, float]) -> None:
        """Show another page.

        Parameters
        ----------
        page : QImage
            The raster of the file, or a reduced copy of it.
        pixels : (int, int)
            Width and height of the file's raster.
        size_mm : (float, float)
            Width and height in print.
        """
        self._page, self._pixels, self._size_mm = page, pixels, size_mm
        self._scaled, self._stale, self._words = None, False, ""
        self.update()

    def show_waiting(self, words: str) -> None:
        """The page on show is not the one that is chosen: say what is going on."""
        self._stale, self._words = True, words
        self.update()

    @property
    def caption(self) -> str:
        """The line under the page."""
        if self._words or self._page is None:
            return self._words
        width, height = self._size_mm
        page = self.page_rect()
        dots = self.screen().physicalDotsPerInch() if self.screen() else 96.0
        dots = dots if 50 <= dots <= 500 else 96.0
        share = page.width() / (width / _MM_PER_INCH * dots)
        parts = [f"{width:.0f} × {height:.0f} mm", f"{share * 100:.0f} % of print size"]
        if page.width() * self.devicePixelRatioF() < self._pixels[0]:
            parts.append("shown reduced, the file holds every pixel")
        return "  ·  ".join(parts)

    def page_rect(self) -> QRect:
        """Where the page lies: as large as fits, in the middle."""
        if self._page is None:
            return QRect()
        room = self.size() - QSize(2 * MARGIN, 2 * MARGIN + 40)
        size = QSize(*self._pixels).scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) // 2, (self.height() - 40 - size.height()) // 2
        return QRect(left, max(MARGIN, top), max(1, size.width()), max(1, size.height()))

    def resizeEvent(self, event: object) -> None:
        self._scaled = None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("canvas"))
        bottom = self.height() // 2
        if self._page is not None:
            place = self.page_rect()
            bottom = place.bottom()
            if self._scaled is None:
                ratio = self.devicePixelRatioF()
                smooth = Qt.TransformationMode.SmoothTransformation
                fitted = self._page.scaled(place.size() * ratio, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
                self._scaled = QPixmap.fromImage(fitted)
                self._scaled.setDevicePixelRatio(ratio)
            painter.drawPixmap(place.topLeft(), self._scaled)
        painter.setFont(self._theme.font(11))
        painter.setPen(self._theme.color("text" if self._theme.name == "light" else "text2"))
        painter.drawText(QRect(0, bottom + 8, self.width(), 24), Qt.AlignmentFlag.AlignCenter, self.caption)
