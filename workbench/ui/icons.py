"""Icons: one line drawing each, coloured by a token and drawn anew for each device ratio."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

from workbench.model.resources import resource
from workbench.ui.tokens import Tokens

RATIOS = (1.0, 1.25, 1.5, 2.0, 3.0)


@cache
def _drawing(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


def all_icons() -> tuple[str, ...]:
    """The names of all icons."""
    return tuple(sorted(path.stem for path in resource("icons").glob("*.svg")))


def coloured(name: str, colour: str, size: int = 16) -> str:
    """The drawing of an icon as SVG text, in one colour; a smaller size cuts the empty rim off, it does not scale."""
    rim = (16 - size) // 2
    text = _drawing(name).replace("currentColor", colour)
    text = text.replace('width="16" height="16"', f'width="{size}" height="{size}"')
    return text.replace("0 0 16 16", f"{rim} {rim} {size} {size}")


@cache
def draw(name: str, colour: str, size: int = 16, ratio: float = 1.0) -> QPixmap:
    """An icon as a picture.

    Parameters
    ----------
    name : str
    colour : str
        ``"#RRGGBB"``.
    size : int
        Logical pixels; the drawing's box is 16.
    ratio : float
        Device pixels for each logical one.
    """
    from PySide6.QtSvg import QSvgRenderer  # only now: a window that draws no icon needs no SVG

    device = round(size * ratio)
    picture = QPixmap(device, device)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(coloured(name, colour).encode())).render(painter, QRectF(0, 0, device, device))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def make_icon(name: str, tokens: Tokens, token: str = "text2", size: int = 16) -> QIcon:
    """An icon for buttons and menus: brighter when on, dim when disabled, crisp at each ratio."""
    icon = QIcon()
    on = "text" if token == "text2" else token
    states = (
        (token, QIcon.Mode.Normal, QIcon.State.Off),
        (on, QIcon.Mode.Normal, QIcon.State.On),
        (on, QIcon.Mode.Active, QIcon.State.Off),
        ("disabled", QIcon.Mode.Disabled, QIcon.State.Off),
    )
    for ratio in RATIOS:
        for name_of_colour, mode, state in states:
            icon.addPixmap(draw(name, getattr(tokens, name_of_colour), size, ratio), mode, state)
    return icon
