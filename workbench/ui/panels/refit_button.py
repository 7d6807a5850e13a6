"""The button under a colour bar that fits the range to the data; it lights when data leave the range."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from workbench.ui.context import Context


class RefitButton(QAbstractButton):
    """Fits the range to the data; lit while data leave it."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = context.theme
        self._lit = False
        self.setText("Refit")
        self.setAccessibleName("Refit the range to the data")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedSize(52, 18)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @property
    def lit(self) -> bool:
        return self._lit

    def set_lit(self, lit: bool) -> None:
        """Whether some value lies beyond the range."""
        if lit != self._lit:
            self._lit = lit
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self._theme.color
        ground = "press" if self.isDown() else "hover" if self.underMouse() else "raised" if self._lit else "chrome"
        pen = QPen(color("accent"), 2) if self.hasFocus() else QPen(color("outline" if self._lit else "line"), 1)
        painter.setPen(pen)
        painter.setBrush(color(ground))
        half = pen.widthF() / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 4, 4)
        usable = self.isEnabled()
        painter.setPen(color("text" if self._lit and usable else "text3" if usable else "disabled"))
        painter.setFont(self._theme.font(11, 600 if self._lit else 500))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
