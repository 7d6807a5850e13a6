"""How the window looks: tokens → palette → style sheet → icons → background of the images, dark and light.

Qt's Fusion style, a full palette, and a small sheet for native controls only; rows, headers, cards and plates are
painted from the same tokens. The sheet holds no fonts: a font set there would lose its figures of one width.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from PySide6.QtCore import QObject, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QStyleFactory

from workbench.ui.fonts import make_font, set_font_scale
from workbench.ui.icons import coloured, draw, make_icon
from workbench.ui.sheet import style_sheet
from workbench.ui.tokens import SURROUNDS, TOKENS, ThemeName, Tokens

__all__ = ["Theme", "Tokens", "current"]

Mode = Literal["system", "dark", "light"]
Surround = Literal["theme", "black", "grey", "white"]


class Theme(QObject):
    """The look in use; ``changed`` tells painters to paint again.

    Parameters
    ----------
    mode : {"system", "dark", "light"}
        ``"system"`` follows the desktop, live; where it says nothing, dark.
    """

    changed = Signal()

    def __init__(self, mode: Mode = "system", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mode: Mode = mode
        self._name: ThemeName = "dark"
        self._app: QApplication | None = None
        self._folder = QTemporaryDir()
        self._icons: dict[tuple[str, str, ThemeName], QIcon] = {}
        self._surround: Surround = "theme"
        self._colours: dict[str, QColor] = {}  # a paint asks for dozens
        self._name = self._wanted()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow)

    @property
    def name(self) -> ThemeName:
        return self._name

    @property
    def mode(self) -> Mode:
        """What was asked for: ``"system"``, or a theme for good."""
        return self._mode

    @property
    def tokens(self) -> Tokens:
        own = TOKENS[self._name]
        return own if self._surround == "theme" else replace(own, canvas=SURROUNDS[self._surround])

    @property
    def surround(self) -> Surround:
        """What images leave free: the theme's own grey, or one that is the same in both themes."""
        return self._surround

    def set_surround(self, surround: Surround) -> None:
        """Another grey around the images, black or white; nothing else changes."""
        if surround != self._surround:
            self._surround = surround
            self._colours.clear()
            self._dress()
            self.changed.emit()

    def set_text_scale(self, scale: float) -> None:
        """All text larger or smaller; layouts keep their grid."""
        if set_font_scale(scale):
            if self._app is not None:
                self._app.setFont(self.font())
                self._dress()
            self.changed.emit()

    def color(self, name: str) -> QColor:
        """The colour of a token: always the same object, not to be changed."""
        found = self._colours.get(name)
        if found is None:
            found = self._colours[name] = QColor(getattr(self.tokens, name))
        return found

    def font(self, size: float = 12, weight: int = 400, mono: bool = False) -> QFont:
        """A font of the interface; sizes as in `fonts.make_font`."""
        return make_font(size, weight, mono)

    def icon(self, name: str, token: str = "text2") -> QIcon:
        """An icon for buttons and menus, with its states."""
        key = (name, token, self._name)
        if key not in self._icons:
            self._icons[key] = make_icon(name, self.tokens, token)
        return self._icons[key]

    def pixmap(self, name: str, token: str = "text2", size: int = 16, ratio: float = 1.0) -> QPixmap:
        """An icon for painters."""
        return draw(name, getattr(self.tokens, token), size, ratio)

    def set_mode(self, mode: Mode) -> None:
        """Follow the system, or keep one theme; title bars and file dialogs of the system come along."""
        self._mode = mode
        hints = QGuiApplication.styleHints()
        if mode == "system":
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(Qt.ColorScheme.Dark if mode == "dark" else Qt.ColorScheme.Light)
        self._follow()

    def apply(self, app: QApplication) -> None:
        """Give the application style, palette, font and sheet, now and after each change."""
        global _current
        _current = self
        self._app = app
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setFont(self.font())
        self._dress()

    def _wanted(self) -> ThemeName:
        if self._mode != "system":
            return self._mode
        return "light" if system_scheme() == Qt.ColorScheme.Light else "dark"

    def _follow(self) -> None:
        wanted = self._wanted()
        if wanted == self._name:
            return
        self._name = wanted
        self._colours.clear()
        if self._app is not None:
            self._dress()
        self.changed.emit()

    def _dress(self) -> None:
        if self._app is None:
            return
        self._app.setPalette(make_palette(self.tokens))
        self._app.setStyleSheet(style_sheet(self.tokens, self._arrows()))

    def _arrows(self) -> dict[str, str]:
        """Files that the sheet can name, one set for each theme: ``arrows["down"]``, ``arrows["down-disabled"]``."""
        made = {}
        # At the very size the sheet gives them: Qt shrinks them without smoothing.
        signs = {"up": ("text3", 8), "down": ("text3", 8), "check": ("text", 14), "right": ("text2", 12)}
        for name, (token, size) in signs.items():
            for suffix, colour in (("", token), ("-disabled", "disabled")):
                path = self._folder.filePath(f"{name}{suffix}-{self._name}.svg")
                with open(path, "w", encoding="utf-8") as file:
                    file.write(coloured(name, getattr(self.tokens, colour), size))
                made[name + suffix] = path.replace("\\", "/")
        return made


def system_scheme() -> Qt.ColorScheme:
    """What the desktop asks for; unknown where it does not say."""
    return QGuiApplication.styleHints().colorScheme()


_current: Theme | None = None


def current() -> Theme:
    """The theme of the running application, for controls that nobody hands one."""
    if _current is None:
        raise RuntimeError("no theme has been applied yet")
    return _current


def make_palette(tokens: Tokens) -> QPalette:
    """Qt's roles from our tokens, so that what the sheet leaves alone fits as well."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette()
    for to, name in {
        role.Window: "chrome",
        role.WindowText: "text",
        role.Base: "field",
        role.AlternateBase: "chrome",
        role.ToolTipBase: "raised",
        role.ToolTipText: "text",
        role.PlaceholderText: "text3",
        role.Text: "text",
        role.Button: "raised",
        role.ButtonText: "text",
        role.BrightText: "onaccent",
        role.Light: "press",
        role.Midlight: "sel",
        role.Mid: "line",
        role.Dark: "outline",
        role.Shadow: "canvas",
        role.Highlight: "accentfill",
        role.HighlightedText: "onaccent",
        role.Accent: "accent",
        role.Link: "accent",
        role.LinkVisited: "accent",
    }.items():
        palette.setColor(to, QColor(getattr(tokens, name)))
    for to in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText):
        palette.setColor(group.Disabled, to, QColor(tokens.disabled))
    palette.setColor(group.Disabled, role.Highlight, QColor(tokens.sel))
    palette.setColor(group.Disabled, role.Base, QColor(tokens.chrome))
    return palette
