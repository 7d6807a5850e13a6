"""What a drawing of a matrix shows, and where each of its cells lies.

Convention
    Positions are logical pixels of the viewport; cells are counted from the upper left one. The head and the side stay
    where they are while the field of cells scrolls.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QFontMetrics

from workbench.kernels.arrays import Shape
from workbench.model.display import format_value
from workbench.model.matrix import Floats, Ints, Mode, unflat
from workbench.ui.theme import Theme

LARGEST = (52, 40)
SMALLEST = 14
EDGE = 12
VECTOR = 20
_GAP = 7
_CAPTION = 24
_HEADS = 18
_NARROWEST_WITH_VECTORS = 34


@dataclass(frozen=True, slots=True, eq=False)
class Axis:
    """What runs along one side of the drawing.

    Parameters
    ----------
    caption : str
        ``"source"`` or ``"output"``.
    plane : (int, int)
        The plane whose pixels these are.
    indices : (n,) int
        Flattened pixels, rising; a jump is drawn as a break.
    lit : int, optional
        Position in ``indices`` of the lit one.
    values : (n,) float64, optional
        The vector that belongs to this side.
    letter : str
        The vector's name.
    """

    caption: str
    plane: Shape
    indices: Ints
    lit: int | None = None
    values: Floats | None = None
    letter: str = ""

    def label(self, position: int) -> str:
        """The coordinates at a position, ``"1, 2"``."""
        pixel = unflat(int(self.indices[position]), self.plane)
        return f"{pixel.row}, {pixel.col}"

    def widest(self, metrics: QFontMetrics) -> int:
        """Width of the longest coordinates."""
        last = unflat(int(self.indices[-1]), self.plane)
        return metrics.horizontalAdvance(f"{'8' * len(str(last.row))}, {'8' * len(str(self.plane[1] - 1))}")


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """Everything that is painted.

    Parameters
    ----------
    mode : {"cells", "dots", "window"}
    down, across : Axis
    block : callable
        Weights of some positions down and across, as a dense table.
    peak : float
        The end of the colour scale.
    """

    mode: Mode
    down: Axis
    across: Axis
    block: Callable[[slice, slice], Floats]
    peak: float


@dataclass(frozen=True, slots=True, eq=False)
class Arrangement:
    """Where everything lies in a viewport of some size.

    Parameters
    ----------
    width, height : int
        The viewport.
    left, top, right : int
        Room of the side, of the head, and of the vector at the right.
    cell : (int, int)
        Width and height of a cell.
    xs, ys : (n,) int
        Left and upper edges of the cells, before scrolling.
    upright : bool
        Whether the coordinates at the top stand on their side.
    vectors : bool
        Whether there is room for the input and the output.
    scroll : (int, int)
        How far the field is scrolled, right and down.
    """

    width: int
    height: int
    left: int
    top: int
    right: int
    cell: tuple[int, int]
    xs: Ints
    ys: Ints
    upright: bool = False
    vectors: bool = False
    scroll: tuple[int, int] = (0, 0)

    @property
    def extent(self) -> tuple[int, int]:
        """Width and height of all cells."""
        return (int(self.xs[-1]) + self.cell[0], int(self.ys[-1]) + self.cell[1])

    @property
    def field(self) -> QRect:
        """The part of the viewport in which cells are painted."""
        width = min(self.width - self.left - self.right, self.extent[0] + 1)
        return QRect(self.left, self.top, max(1, width), max(1, min(self.height - self.top, self.extent[1] + 1)))

    def cell_rect(self, down: int, across: int) -> QRect:
        """Where the cell at these positions is painted."""
        x = self.left + int(self.xs[across]) - self.scroll[0]
        return QRect(x, self.top + int(self.ys[down]) - self.scroll[1], *self.cell)

    def cell_at(self, point: QPointF) -> tuple[int, int] | None:
        """Positions (down, across) of the cell under a point."""
        if not self.field.contains(point.toPoint()):
            return None
        x, y = point.x() - self.left + self.scroll[0], point.y() - self.top + self.scroll[1]
        across = int(np.searchsorted(self.xs, x, side="right")) - 1
        down = int(np.searchsorted(self.ys, y, side="right")) - 1
        inside = across >= 0 and down >= 0 and x < self.xs[across] + self.cell[0] and y < self.ys[down] + self.cell[1]
        return (down, across) if inside else None

    @property
    def visible(self) -> tuple[slice, slice]:
        """The positions down and across that are in view."""
        field = self.field
        first_down = np.searchsorted(self.ys, self.scroll[1] - self.cell[1], side="right")
        first_across = np.searchsorted(self.xs, self.scroll[0] - self.cell[0], side="right")
        last_down = np.searchsorted(self.ys, self.scroll[1] + field.height())
        last_across = np.searchsorted(self.xs, self.scroll[0] + field.width())
        return (slice(int(first_down), int(last_down)), slice(int(first_across), int(last_across)))


def arrange(drawing: Drawing, width: int, height: int, theme: Theme) -> Arrangement | None:
    """Fit a drawing into a viewport: cells from 52 × 40 down to 14 × 14, then it scrolls; None without a cell."""
    n, m = len(drawing.down.indices), len(drawing.across.indices)
    if not n or not m:
        return None
    small = QFontMetrics(theme.font(11))
    left = EDGE + max(44, drawing.down.widest(small)) + 10
    if drawing.mode == "dots":
        size = int(np.clip((width - left - EDGE) // m, 3, 12))
        top = _CAPTION + _HEADS
        return Arrangement(width, height, left, top, EDGE, (size, size), np.arange(m) * size, np.arange(n) * size)
    gaps = [_GAP * _breaks(axis.indices) for axis in (drawing.across, drawing.down)]
    right, vectors = EDGE, False
    if drawing.across.values is not None and drawing.down.values is not None:
        room = 14 + max(small.horizontalAdvance(value_text(value)) for value in drawing.down.values) + EDGE
        vectors = (width - left - room) // m >= _NARROWEST_WITH_VECTORS
        right = room if vectors else EDGE
    cell_w = int(np.clip((width - left - right - int(gaps[0][-1])) // m, SMALLEST, LARGEST[0]))
    heads = drawing.across.widest(small)
    upright = heads + 6 > cell_w
    top = _CAPTION + (heads + 12 if upright else _HEADS) + (VECTOR if vectors else 0)
    cell_h = int(np.clip((height - top - 8 - int(gaps[1][-1])) // n, SMALLEST, LARGEST[1]))
    xs, ys = np.arange(m) * cell_w + gaps[0], np.arange(n) * cell_h + gaps[1]
    return Arrangement(width, height, left, top, right, (cell_w, cell_h), xs, ys, upright, vectors)


def _breaks(indices: Ints) -> Ints:
    """At each position how many jumps lie before it."""
    return np.concatenate(([0], np.cumsum(np.diff(indices) != 1)))


def weight_text(weight: float, room: int, metrics: QFontMetrics) -> str:
    """A weight as it fits into a cell: whole numbers as such, else as many decimals as there is room for."""
    if abs(weight) < 1e6 and weight == round(weight):
        choices = [format_value(weight, 0)]
    else:
        choices = [format_value(weight, digits) for digits in (4, 3, 2)]
        choices[1:] = [text.replace("0.", ".", 1) if abs(weight) < 1 else text for text in choices[1:]]
    return next((text for text in choices if metrics.horizontalAdvance(text) <= room), "")


def value_text(value: float) -> str:
    """A value of a picture at the side of the matrix: whole numbers as such, else three decimals."""
    return format_value(value, 0 if abs(value) < 1e6 and value == round(value) else 3)
