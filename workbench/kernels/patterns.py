"""Charts: generated pictures that each show one thing about a method without any photograph.

Convention
    float64 grey (h, w), 0 … 1, any size from 1 × 1. Pixel centres are whole numbers; the middle of a chart is
    at ((h − 1)/2, (w − 1)/2), except for the impulse, which is a pixel. Every chart is the same each time.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Shape
from workbench.kernels.errors import ParameterError, ShapeError

Plane = npt.NDArray[np.float64]

EDGE_ANGLE = 5.0
STAR_CYCLES = 36
NOISE_SEED = 20160328
TEXT = "SPHINX OF BLACK QUARTZ, JUDGE MY VOW. 0123456789"


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture that can be made in any size.

    Parameters
    ----------
    id, name : str
        For files and for people.
    note : str
        What to look for in it.
    default_shape : (int, int)
        Height and width that suit it.
    make : callable
        (h, w) → float64 (h, w), 0 … 1; `ShapeError` if a side is below 1.
    """

    id: str
    name: str
    note: str
    default_shape: Shape
    make: Callable[[Shape], Plane]


def all_charts() -> tuple[Chart, ...]:
    """Every chart, in the order menus show them."""
    return tuple(_CHARTS.values())


def chart(ident: str) -> Chart:
    """The chart of this id.

    Raises
    ------
    ParameterError
        If there is none; the sentence lists those that exist.
    """
    try:
        return _CHARTS[ident]
    except KeyError:
        raise ParameterError("chart", f"must be one of {', '.join(_CHARTS)}, not {ident}") from None


_CHARTS: dict[str, Chart] = {}

_Draw = Callable[[int, int], Plane]


def _chart(ident: str, name: str, note: str, default_shape: Shape) -> Callable[[_Draw], _Draw]:
    """Enter a drawing function into the list, with its size checked."""

    def enter(draw: _Draw) -> _Draw:
        def make(shape: Shape) -> Plane:
            height, width = shape
            if height < 1 or width < 1:
                raise ShapeError(f"{name}: both sides must be at least 1, not {height} × {width}")
            return draw(height, width)

        _CHARTS[ident] = Chart(ident, name, note, default_shape, make)
        return draw

    return enter


def _from_middle(height: int, width: int) -> tuple[Plane, Plane]:
    """Distance of pixel centres from the middle: rows as a column, columns as a row."""
    rows = np.arange(height, dtype=np.float64)[:, None] - (height - 1) / 2
    cols = np.arange(width, dtype=np.float64)[None, :] - (width - 1) / 2
    return rows, cols


def star_cycles(height: int, width: int) -> int:
    """How many spokes a star of this size has."""
    return max(2, min(STAR_CYCLES, min(height, width) // 4))


def checker_side(height: int, width: int) -> int:
    """Pixels across a square of a checkerboard of this size."""
    return max(1, min(8, min(height, width) // 4))


@_chart("impulse", "Impulse", "One bright pixel: what comes out is the impulse response.", (9, 9))
def _impulse(height: int, width: int) -> Plane:
    plane = np.zeros((height, width))
    plane[height // 2, width // 2] = 1.0
    return plane


@_chart("step", "Step", "A sharp vertical edge: blur, ringing and half-pixel shifts.", (24, 32))
def _step(height: int, width: int) -> Plane:
    plane = np.zeros((height, width))
    plane[:, width // 2 :] = 1.0
    return plane


@_chart("ramp", "Ramp", "Even slope from 0 to 1: steps and ripples where there should be none.", (24, 32))
def _ramp(height: int, width: int) -> Plane:
    return np.tile(np.linspace(0.0, 1.0, width), (height, 1))


@_chart(
    "zone_plate",
    "Zone plate",
    "Rings whose frequency grows outwards, up to half a cycle per pixel along each axis and never beyond: "
    "any second set of rings is aliasing or imaging.",
    (192, 256),
)
def _zone_plate(height: int, width: int) -> Plane:
    # Phase π(r² + c²)/L has r/L cycles per pixel down and c/L across; with L the longer side both stay below
    # ½ up to the corners, so the samples are those of the chirp and nothing is folded.
    rows, cols = _from_middle(height, width)
    return np.asarray(0.5 + 0.5 * np.cos(np.pi * (rows**2 + cols**2) / max(height, width)))


@_chart(
    "slanted_edge",
    "Slanted edge",
    "An edge 5° off the vertical, each pixel its exact share of white: jaggies, and sharpness by sub-pixel.",
    (96, 128),
)
def _slanted_edge(height: int, width: int) -> Plane:
    rows, cols = _from_middle(height, width)
    slope = math.tan(math.radians(EDGE_ANGLE))
    # White starts at column −slope·row. The share of a pixel that is white at height t is clamp(u(t), 0, 1)
    # with u = col + ½ + slope·t, and its mean over the pixel's height is a difference of antiderivatives.
    right = cols + 0.5
    top, bottom = right + slope * (rows - 0.5), right + slope * (rows + 0.5)
    return np.asarray(np.clip((_clamped_area(bottom) - _clamped_area(top)) / slope, 0.0, 1.0))


def _clamped_area(u: Plane) -> Plane:
    """∫ clamp(t, 0, 1) dt from −∞ to u."""
    inside = np.clip(u, 0.0, 1.0)
    return np.asarray(0.5 * inside**2 + np.maximum(u - 1.0, 0.0))


@_chart(
    "star",
    "Siemens star",
    "Spokes in every direction, finer towards the middle; grey where they would pass half a cycle per pixel: "
    "which directions a method favours.",
    (192, 256),
)
def _star(height: int, width: int) -> Plane:
    rows, cols = _from_middle(height, width)
    # Around the circle of radius ρ there are n cycles in 2πρ pixels: half a cycle per pixel at ρ = n/π.
    cycles = star_cycles(height, width)
    spokes = 0.5 + 0.5 * np.cos(cycles * np.arctan2(rows, cols))
    return np.asarray(np.where(np.hypot(rows, cols) * np.pi > cycles, spokes, 0.5))


@_chart(
    "checkerboard",
    "Checkerboard",
    "Squares of 8 pixels (fewer in small pictures): edges and corners; flat inside, so any texture is new.",
    (96, 128),
)
def _checkerboard(height: int, width: int) -> Plane:
    side = checker_side(height, width)
    rows, cols = np.arange(height)[:, None] // side, np.arange(width)[None, :] // side
    return np.asarray((rows + cols) % 2, dtype=np.float64)


@_chart("noise", "Noise", "Independent values, evenly from 0 to 1: all frequencies at once.", (96, 128))
def _noise(height: int, width: int) -> Plane:
    return np.random.Generator(np.random.PCG64(NOISE_SEED)).random((height, width))


@_chart(
    "text",
    "Text",
    "Letters of 5 × 7 pixels and multiples, black on white: is it still read?",
    (96, 160),
)
def _text(height: int, width: int) -> Plane:
    plane = np.ones((height, width))
    words = itertools.cycle(TEXT.split())
    scales = itertools.cycle((1, 2, 1, 3))
    word, scale, top = next(words), next(scales), 2
    # The first line is drawn even if it is cut; later ones only whole.
    while top == 2 or top + 7 * scale <= height:
        line, word = word, next(words)
        while (len(line) + 1 + len(word)) * 6 * scale + 2 <= width:
            line, word = f"{line} {word}", next(words)
        ink = np.hstack([_glyph(letter) for letter in line]).repeat(scale, axis=0).repeat(scale, axis=1)
        part = plane[top : top + ink.shape[0], 2 : 2 + ink.shape[1]]
        part -= ink[: part.shape[0], : part.shape[1]]
        top += 7 * scale + 3
        scale = next(scales)
    return plane


def _glyph(letter: str) -> Plane:
    """A letter as 7 × 6 cells of ink, the last column empty."""
    rows = np.frombuffer(bytes.fromhex(_FONT[letter]), np.uint8)
    return np.asarray((rows[:, None] >> np.arange(5, -1, -1)) & 1, dtype=np.float64)


# Seven rows from the top, one byte each; bit 5 is the leftmost of five dots, bit 0 the gap.
_FONT = {
    letter: "".join(f"{int(row, 16) << 1:02x}" for row in rows.split())
    for letter, rows in {
        " ": "00 00 00 00 00 00 00",
        ".": "00 00 00 00 00 0c 0c",
        ",": "00 00 00 00 0c 04 08",
        "0": "0e 11 13 15 19 11 0e",
        "1": "04 0c 04 04 04 04 0e",
        "2": "0e 11 01 02 04 08 1f",
        "3": "1f 02 04 02 01 11 0e",
        "4": "02 06 0a 12 1f 02 02",
        "5": "1f 10 1e 01 01 11 0e",
        "6": "06 08 10 1e 11 11 0e",
        "7": "1f 01 02 04 08 08 08",
        "8": "0e 11 11 0e 11 11 0e",
        "9": "0e 11 11 0f 01 02 0c",
        "A": "0e 11 11 11 1f 11 11",
        "B": "1e 11 11 1e 11 11 1e",
        "C": "0e 11 10 10 10 11 0e",
        "D": "1c 12 11 11 11 12 1c",
        "E": "1f 10 10 1e 10 10 1f",
        "F": "1f 10 10 1e 10 10 10",
        "G": "0e 11 10 17 11 11 0f",
        "H": "11 11 11 1f 11 11 11",
        "I": "0e 04 04 04 04 04 0e",
        "J": "07 02 02 02 02 12 0c",
        "K": "11 12 14 18 14 12 11",
        "L": "10 10 10 10 10 10 1f",
        "M": "11 1b 15 15 11 11 11",
        "N": "11 11 19 15 13 11 11",
        "O": "0e 11 11 11 11 11 0e",
        "P": "1e 11 11 1e 10 10 10",
        "Q": "0e 11 11 11 15 12 0d",
        "R": "1e 11 11 1e 14 12 11",
        "S": "0f 10 10 0e 01 01 1e",
        "T": "1f 04 04 04 04 04 04",
        "U": "11 11 11 11 11 11 0e",
        "V": "11 11 11 11 11 0a 04",
        "W": "11 11 11 15 15 15 0a",
        "X": "11 11 0a 04 0a 11 11",
        "Y": "11 11 11 0a 04 04 04",
        "Z": "1f 01 02 04 08 10 1f",
    }.items()
}
