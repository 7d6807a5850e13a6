"""From the one camera to what each panel shows: whole device pixels for each image pixel, edges on device pixels.

Convention
    World: source pixels, y down. Device: physical pixels of a viewport, (0, 0) at the first one that lies wholly inside
    it; at fractional ratios a viewport may begin between two device pixels, its ``phase`` is what is cut off.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from workbench.kernels.arrays import Pixel, Shape, Window
from workbench.kernels.placement import Placement, Rect
from workbench.model.view_state import Camera, zoom_rungs

NOTCH = 120
"""What one step of a plain mouse wheel reports."""
NOTCHES_PER_OCTAVE = 8


@dataclass(frozen=True, slots=True)
class Frame:
    """Where one image lies in one viewport.

    Parameters
    ----------
    size : (float, float)
        Height and width of the viewport in device pixels.
    origin : (float, float)
        Device place (y, x) of the upper left corner of the image's pixel (0, 0): whole numbers.
    cell : (float, float)
        Height and width of one image pixel in device pixels.
    placement : Placement
        Of the image in the world.
    phase : (float, float)
        Device pixels, below 1, between the viewport's edge and device pixel 0.
    ratio : float
        Device pixels for each logical one.
    """

    size: tuple[float, float]
    origin: tuple[float, float]
    cell: tuple[float, float]
    placement: Placement
    phase: tuple[float, float] = (0.0, 0.0)
    ratio: float = 1.0

    @property
    def zoom(self) -> float:
        """Device pixels for each source pixel, across."""
        return self.cell[1] / self.placement.step[1]

    @property
    def reduction(self) -> int:
        """How many image pixels, down and across, are averaged into one block on screen; 1 where none are."""
        return max(1, *(math.ceil(1 / cell - 1e-9) for cell in self.cell))

    @property
    def whole(self) -> bool:
        """Whether pixels, or the blocks shown for them, are whole device pixels: else they are unequal."""
        b = self.reduction
        return all(abs(cell * b - round(cell * b)) < 1e-6 for cell in self.cell)

    @property
    def magnified(self) -> bool:
        """Whether pixels are larger than those of the screen: only then is there something to smooth."""
        return max(self.cell) > 1 + 1e-9

    @property
    def logical_cell(self) -> float:
        """The smaller side of a pixel in logical pixels, by which text and plates are sized."""
        return min(self.cell) / self.ratio

    def world(self, y: float, x: float) -> tuple[float, float]:
        """World place of a place in the viewport, both in device pixels from the viewport's edge."""
        (oy, ox), (cy, cx) = self.origin, self.cell
        (sy, sx), (py, px) = self.placement.step, self.placement.offset
        return (
            py + (y - self.phase[0] - oy) / cy * sy,
            px + (x - self.phase[1] - ox) / cx * sx,
        )

    def device(self, y: float, x: float) -> tuple[float, float]:
        """Place in the viewport of a world point, device pixels from the viewport's edge: `world` the other way."""
        (oy, ox), (cy, cx) = self.origin, self.cell
        (sy, sx), (py, px) = self.placement.step, self.placement.offset
        return (self.phase[0] + oy + (y - py) / sy * cy, self.phase[1] + ox + (x - px) / sx * cx)

    def pixel(self, y: float, x: float) -> Pixel:
        """Index of the image pixel at a place in the viewport, by floor; it may lie outside the image."""
        (oy, ox), (cy, cx) = self.origin, self.cell
        return Pixel(math.floor((y - self.phase[0] - oy) / cy), math.floor((x - self.phase[1] - ox) / cx))

    def edge(self, row: float, col: float) -> tuple[int, int]:
        """Device place (y, x) of the upper left corner of a pixel."""
        return (
            math.floor(self.origin[0] + row * self.cell[0] + 0.5),
            math.floor(self.origin[1] + col * self.cell[1] + 0.5),
        )

    def centre_of(self, pixel: Pixel) -> tuple[float, float]:
        """Middle of a pixel in device pixels from the viewport's edge, (y, x)."""
        return (
            self.origin[0] + self.phase[0] + (pixel[0] + 0.5) * self.cell[0],
            self.origin[1] + self.phase[1] + (pixel[1] + 0.5) * self.cell[1],
        )

    def visible(self, shape: Shape) -> Window:
        """The pixels of an image of this shape that are seen, whole or in part; may be empty."""
        top, left = self.pixel(0.0, 0.0)
        bottom, right = (math.ceil((self.size[k] - self.phase[k] - self.origin[k]) / self.cell[k]) for k in (0, 1))
        return Window(top, left, bottom, right).intersect(Window.of(shape))

    def visible_blocks(self, shape: Shape) -> Window:
        """The same counted in the blocks that are averaged."""
        seen, b = self.visible(shape), self.reduction
        return Window(seen.top // b, seen.left // b, -(-seen.bottom // b), -(-seen.right // b))

    @property
    def world_rect(self) -> Rect:
        """The part of the world that is seen."""
        return (*self.world(0.0, 0.0), *self.world(*self.size))


def frame_of(
    camera: Camera,
    size: tuple[float, float],
    placement: Placement,
    phase: tuple[float, float] = (0.0, 0.0),
    ratio: float = 1.0,
) -> Frame:
    """What a viewport of this size (device pixels) shows of an image: the camera's centre in its middle, snapped."""
    cell = (placement.step[0] * camera.zoom, placement.step[1] * camera.zoom)
    wanted = (
        size[0] / 2 - phase[0] + (placement.offset[0] - camera.y) * camera.zoom,
        size[1] / 2 - phase[1] + (placement.offset[1] - camera.x) * camera.zoom,
    )
    return Frame(size, (_snapped(wanted[0]), _snapped(wanted[1])), cell, placement, phase, ratio)


def _snapped(value: float) -> float:
    """The nearest whole number; a half that rounding errors have moved still goes up, in every panel alike."""
    return float(math.floor(round(value, 6) + 0.5))


def panned(camera: Camera, down: float, across: float) -> Camera:
    """The camera after what is seen was pulled by so many device pixels."""
    return Camera(camera.y - down / camera.zoom, camera.x - across / camera.zoom, camera.zoom)


def zoomed(camera: Camera, zoom: float, away: tuple[float, float]) -> Camera:
    """The camera at another zoom, with the world point that is ``away`` device pixels (y, x) off the middle kept."""
    y, x = camera.y + away[0] / camera.zoom, camera.x + away[1] / camera.zoom
    return Camera(y - away[0] / zoom, x - away[1] / zoom, zoom)


def steps_of(placements: Iterable[Placement]) -> tuple[float, ...]:
    """Every pixel side that a rung has to make whole."""
    return tuple(sorted({step for placement in placements for step in placement.step}))


@lru_cache(maxsize=64)
def rungs_for(steps: tuple[float, ...], selected: float | None) -> tuple[tuple[float, ...], bool]:
    """`zoom_rungs`, remembered: the wheel asks at every notch."""
    return zoom_rungs(steps, selected=selected)


def wheel_target(target: float, delta: float) -> float:
    """The unsnapped zoom after the wheel has turned: 8 notches are ×2, whatever pieces they come in."""
    return target * math.exp2(delta / NOTCH / NOTCHES_PER_OCTAVE)


LOST = "1–2 px structure not shown"
UNEQUAL = "unequal pixels"
SMOOTH = "view: smooth"


@dataclass(frozen=True, slots=True)
class ViewFilter:
    """What stands between the array and the screen, in words for a header: long, short, and two warnings."""

    long: str
    short: str
    unequal: bool = False
    lossy: bool = False

    @property
    def hint(self) -> str:
        """What to do about a badge, for a tooltip."""
        lines = []
        if self.lossy:
            lines.append("Structure of 1–2 pixels is averaged away: judge artefacts at 1:1 (Ctrl+1).")
            lines.append("Green: blocks that hide more than 2 % of the range (I hides the tint).")
        if self.unequal:
            lines.append("At this zoom pixels are not whole device pixels here: another rung, or select this panel.")
        return "\n".join(lines)

    @property
    def badges(self) -> tuple[str, ...]:
        """What a person has to know before judging what is seen."""
        return ((LOST,) if self.lossy else ()) + ((UNEQUAL,) if self.unequal else ())

    @classmethod
    def of(cls, frame: Frame, smooth: bool = False) -> ViewFilter:
        """``3× nearest``, ``mean of 2×2``, ``view: smooth``; the last two are always spelled out."""
        b = frame.reduction
        if b > 1:
            text = f"mean of {b}×{b}"
            return cls(text, text, not frame.whole, lossy=True)
        if smooth and frame.magnified:
            return cls(SMOOTH, SMOOTH)
        down, across = (_times(cell) for cell in frame.cell)
        times = f"{across}×" if down == across else f"{down}×{across}"
        return cls(f"{times} nearest", times, not frame.whole)


def _times(cell: float) -> str:
    return str(round(cell)) if abs(cell - round(cell)) < 1e-6 else f"{cell:.2f}"
