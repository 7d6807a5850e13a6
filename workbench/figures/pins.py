"""Where the pins of a comparison lie on the pictures of a figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workbench.figures.gather import Gathered
from workbench.figures.layout import Box
from workbench.kernels.arrays import Pixel
from workbench.kernels.placement import IDENTITY
from workbench.model.document import SOURCE


@dataclass(frozen=True, slots=True)
class PinPlace:
    """One pin on one picture: its number from 1, its place on the page in device pixels, and the picture's box."""

    number: int
    x: int
    y: int
    cell: Box


def pin_places(gathered: Gathered) -> Iterator[PinPlace]:
    """Every pin on every picture that shows its place; pins of methods that are no columns have none."""
    placements = {SOURCE: IDENTITY, **{column.panel: column.placement for column in gathered.columns}}
    for cell in gathered.layout.cells:
        placement = placements[cell.panel]
        (step_y, step_x), (top, left) = placement.step, placement.offset
        for number, pin in enumerate(gathered.comparison.pins, 1):
            if pin.slot not in placements:
                continue
            y, x = placements[pin.slot].centre(Pixel(pin.row, pin.col))
            row = ((y - top) / step_y / cell.reduction - cell.window.top) * cell.repeat[0]
            col = ((x - left) / step_x / cell.reduction - cell.window.left) * cell.repeat[1]
            if 0 <= row < cell.box.height and 0 <= col < cell.box.width:
                yield PinPlace(number, cell.box.left + int(col), cell.box.top + int(row), cell.box)


_DIGITS = (
    "111101101101111", "010110010010111", "111001111100111", "111001011001111", "101101111001001",
    "111100111001111", "111100111101111", "111001001001001", "111101111101111", "111101111001111",
)  # fmt: skip
"""0 to 9, three dots wide and five high, row by row: rectangles are as sharp in a raster as on a vector page."""


def digits(number: int, left: int, top: int, dot: int) -> Iterator[Box]:
    """The dots of a number, one empty column between digits."""
    for k, digit in enumerate(str(number)):
        for place, on in enumerate(_DIGITS[int(digit)]):
            if on == "1":
                yield Box(left + (4 * k + place % 3) * dot, top + place // 3 * dot, dot, dot)
