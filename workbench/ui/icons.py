"""Icons: one line drawing each, coloured by a token and drawn anew for each device ratio."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap

from workbench.model.resources import resource
from workbench.ui.tokens import Tokens


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


class _Engine(QIconEngine):
    """Draws a state of an icon when it is first seen, at the ratio of the screen it is seen on."""

    def __init__(self, name: str, tokens: Tokens, token: str, size: int) -> None:
        super().__init__()
        self._made_of = (name, tokens, token, size)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        name, tokens, token, box = self._made_of
        on = "text" if token == "text2" else token
        if mode is QIcon.Mode.Disabled:
            token = "disabled"
        elif state is QIcon.State.On or mode is QIcon.Mode.Active:
            token = on
        # Qt asks for device pixels; the drawing is never scaled beyond its own size.
        return draw(name, getattr(tokens, token), box, scale)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, max(1.0, size.width() / self._made_of[3]))

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatio()
        box = self._made_of[3]
        place = QRect(0, 0, box, box)
        place.moveCenter(rect.center())
        painter.drawPixmap(place.topLeft(), self.scaledPixmap(rect.size() * ratio, mode, state, ratio))

    def actualSize(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QSize:
        box = self._made_of[3]
        return QSize(box, box).boundedTo(size)

    def clone(self) -> QIconEngine:
        return _Engine(*self._made_of)


def make_icon(name: str, tokens: Tokens, token: str = "text2", size: int = 16) -> QIcon:
    """An icon for buttons and menus: brighter when on, dim when disabled, crisp at each ratio."""
    return QIcon(_Engine(name, tokens, token, size))
