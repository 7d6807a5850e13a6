"""The typefaces of the window: Inter and JetBrains Mono, shipped, with the system's fonts behind them."""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics

from workbench.model.resources import resource

INTER = "Inter"
MONO = "JetBrains Mono"
_WEIGHTS = {400: QFont.Weight.Normal, 500: QFont.Weight.Medium, 600: QFont.Weight.DemiBold, 700: QFont.Weight.Bold}


@cache
def _installed(family: str) -> bool:
    """Make a shipped typeface known to Qt; whether it is one that Qt can use."""
    paths = sorted(resource("fonts").glob(f"{family.replace(' ', '')}-*.[ot]tf"))
    numbers = [QFontDatabase.addApplicationFont(str(path)) for path in paths]
    return any(family in QFontDatabase.applicationFontFamilies(number) for number in numbers)


def make_font(size: float = 12, weight: int = 400, mono: bool = False) -> QFont:
    """A font of the interface, with figures of one width.

    Parameters
    ----------
    size : float
        Logical pixels: 22 readout, 20 empty state, 15 dialog title, 12 body, 11 secondary, 10 badges.
    weight : int
        400, 500 or 600; where the family has no 500, names would weigh as much as text, so they become 600.
    mono : bool
        For calls and file contents.
    """
    return QFont(_made(size, weight, mono))  # a copy: callers may change theirs


def set_font_scale(scale: float) -> bool:
    """Make all later fonts larger or smaller; False if they are so already."""
    global _scale
    if scale == _scale:
        return False
    _scale = scale
    for kept in (_made, typeface, text_width, elided):
        kept.cache_clear()
    return True


_scale = 1.0


@lru_cache(maxsize=2048)
def text_width(text: str, size: float = 12, weight: int = 400) -> int:
    """How wide a text of the interface is, remembered: the same names and units are asked for at every paint."""
    return typeface(size, weight)[1].horizontalAdvance(text)


@lru_cache(maxsize=2048)
def elided(text: str, room: int, size: float = 12, weight: int = 400) -> str:
    """A text with dots at its end where there is no room for all of it, remembered."""
    return typeface(size, weight)[1].elidedText(text, Qt.TextElideMode.ElideRight, room)


@cache
def typeface(size: float, weight: int) -> tuple[QFont, QFontMetrics]:
    """A font of the interface and its measures, kept; not to be changed."""
    font = _made(size, weight, False)
    return font, QFontMetrics(font)


@cache
def _made(size: float, weight: int, mono: bool) -> QFont:
    family = MONO if mono else INTER
    if _installed(family):
        font = QFont(family)
    else:
        system = QFontDatabase.SystemFont.FixedFont if mono else QFontDatabase.SystemFont.GeneralFont
        font = QFontDatabase.systemFont(system)
        weight = 600 if weight == 500 and not mono else weight
    font.setPixelSize(max(10, round(size * _scale)))
    font.setWeight(_WEIGHTS[weight])
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
