"""Buttons, toggles and fields that follow the theme; everything else about them is Qt's."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from workbench.ui.theme import current

Kind = Literal["normal", "primary", "quiet"]


class TextButton(QPushButton):
    """A button with a word on it.

    Parameters
    ----------
    text : str
    kind : {"normal", "primary", "quiet"}
        One primary button for each view at most; quiet ones have no border.
    icon : str
        Name of an icon before the word, or ``""``.
    """

    def __init__(self, text: str = "", kind: Kind = "normal", icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._icon_name = icon
        self._kind: Kind = kind
        self.setProperty("kind", kind)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        self._dress()
        current().changed.connect(self._dress)

    @property
    def kind(self) -> Kind:
        return self._kind

    def set_kind(self, kind: Kind) -> None:
        """Another kind; the sheet is asked again, since it does not follow properties by itself."""
        self._kind = kind
        self.setProperty("kind", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self._dress()

    def set_icon(self, icon: str) -> None:
        """Another drawing."""
        self._icon_name = icon
        self._dress()

    def set_disabled_reason(self, reason: str) -> None:
        """Disabled, with the reason as its tooltip; ``""`` enables it."""
        self.setEnabled(not reason)
        self.setToolTip(reason)

    def _dress(self) -> None:
        self.setFont(current().font(12, 600 if self._kind == "primary" else 500))
        if self._icon_name:
            self.setIcon(current().icon(self._icon_name, "onaccent" if self._kind == "primary" else "text2"))
            self.setIconSize(QSize(16, 16))


class _ToolButton(QToolButton):
    """What icon buttons and toggles share: an icon by name, a tooltip that is also the accessible name."""

    def __init__(self, icon: str, name: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click in a bar must not take the keys from the images
        self.setIconSize(QSize(16, 16))
        self.setAccessibleName(name)
        self._dress()
        current().changed.connect(self._dress)

    def set_icon(self, icon: str) -> None:
        """Another drawing."""
        self._icon_name = icon
        self._dress()

    def set_disabled_reason(self, reason: str) -> None:
        """Disabled, with the reason as the tooltip's first line; ``""`` enables it."""
        tip = self.accessibleName()
        self.setEnabled(not reason)
        self.setToolTip(f"{reason}\n{tip}" if reason else tip)

    def _dress(self) -> None:
        self.setFont(current().font(12, 400))
        if self._icon_name:
            self.setIcon(current().icon(self._icon_name))


class Toggle(_ToolButton):
    """A button that stays down: checked shows by border and tone, not by hue.

    Parameters
    ----------
    icon : str
        Name of an icon, or ``""``.
    text : str
        Its word; see `set_compact`.
    tip : str
        Tooltip; the word if left out.
    """

    def __init__(self, icon: str, text: str, tip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(icon, text, parent)
        self.setCheckable(True)
        self.setText(text)
        self.setToolTip(tip or text)
        self.setProperty("kind", "toggle")
        self.setFixedHeight(26)
        self._compact = False
        self._keeps_word = False
        self.toggled.connect(self._arrange)
        self._arrange()

    def set_compact(self, compact: bool, *, keeps_word: bool = False) -> None:
        """Drop the word where there is little room; with ``keeps_word`` not while it is down."""
        self._compact, self._keeps_word = compact, keeps_word
        self._arrange()

    def _arrange(self) -> None:
        bare = self._compact and bool(self._icon_name) and not (self._keeps_word and self.isChecked())
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        if bare:
            style = Qt.ToolButtonStyle.ToolButtonIconOnly
        elif not self._icon_name:
            style = Qt.ToolButtonStyle.ToolButtonTextOnly
        self.setToolButtonStyle(style)


class IconButton(_ToolButton):
    """A button that is only an icon; ``tip`` is its tooltip and its accessible name."""

    def __init__(self, icon: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(icon, tip, parent)
        self.setToolTip(tip)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.setFixedSize(26, 26)


class Text(QLabel):
    """A line or a paragraph in one of the interface's sizes and tones.

    Parameters
    ----------
    text : str
    size, weight : int
    token : str
        Its colour.
    wrap : bool
        Whether long text goes on in the next line.
    elide : bool
        Whether it may be narrower than its text, and then ends in "…".
    mono : bool
    """

    def __init__(
        self,
        text: str = "",
        size: int = 12,
        weight: int = 400,
        token: str = "text",
        *,
        wrap: bool = False,
        elide: bool = False,
        mono: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._size, self._weight, self._token, self._mono = size, weight, token, mono
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self._elide = elide
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._dress()
        current().changed.connect(self._dress)

    def set_token(self, token: str) -> None:
        """Another colour."""
        self._token = token
        self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._elide:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(current().color(self._token if self.isEnabled() else "disabled"))
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), self.alignment(), shown)

    def _dress(self) -> None:
        font: QFont = current().font(self._size, self._weight, self._mono)
        self.setFont(font)
        palette = self.palette()
        palette.setColor(self.foregroundRole(), current().color(self._token))
        self.setPalette(palette)


class Line(QFrame):
    """A separator of one pixel."""

    def __init__(self, parent: QWidget | None = None, *, vertical: bool = False) -> None:
        super().__init__(parent)
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)
        self.setAutoFillBackground(True)
        self._dress()
        current().changed.connect(self._dress)

    def _dress(self) -> None:
        palette = self.palette()
        palette.setColor(self.backgroundRole(), current().color("line"))
        self.setPalette(palette)
