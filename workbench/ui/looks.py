"""What all marks on pixels share: colours, and where a pixel lies on the device."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor

from workbench.ui.camera import Frame
from workbench.ui.theme import Theme

WHITE, BLACK = QColor(255, 255, 255), QColor(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Look:
    """Colours of the theme that marks need outside the image.

    Parameters
    ----------
    canvas, hatch : QColor
    wrong : QColor
        Of a frame around what stands in the wrong place.
    """

    canvas: QColor
    hatch: QColor
    wrong: QColor

    @classmethod
    def of(cls, theme: Theme) -> Look:
        return cls(theme.color("canvas"), theme.color("text2"), theme.color("err"))


def cell_rect(frame: Frame, row: int, col: int) -> QRect:
    """The device pixels of one image pixel; at least one, also where pixels are averaged."""
    y, x = frame.edge(row, col)
    bottom, right = frame.edge(row + 1, col + 1)
    return QRect(x, y, max(right - x, 1), max(bottom - y, 1))
