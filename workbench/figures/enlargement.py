"""How much each picture is enlarged, so that every one of its pixels is a whole number of device pixels.

Pictures of one row lie in one world and share its zoom; their pixels may be of different sizes there. A zoom is good if
it is whole for all of them at once; where no such zoom is near, pictures stay a little smaller than their place.

Convention
    Zoom: device pixels for each pixel of the prepared source.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbench.kernels.arrays import Pixel, Window
from workbench.kernels.errors import ParameterError
from workbench.kernels.placement import Placement, Rect

MAX_PAGE = 36_000_000
"""Device pixels of a page; beyond, pictures are shown as exact means of blocks, and the caption says so."""
NEARLY = 1e-7


@dataclass(frozen=True, slots=True)
class Item:
    """A part of an image that wants to be shown."""

    panel: str
    window: Window
    placement: Placement

    @property
    def world(self) -> Rect:
        top, left, *_ = self.placement.rect(Pixel(self.window.top, self.window.left))
        *_, bottom, right = self.placement.rect(Pixel(self.window.bottom - 1, self.window.right - 1))
        return (top, left, bottom, right)


def cut(items: Sequence[Item], region: Window, *, partial: bool = False) -> list[Item]:
    """The pixels of each image that a region of the source touches.

    Raises
    ------
    ParameterError
        If it touches none of an image's; with ``partial`` such an image is left out.
    """
    world = (float(region.top), float(region.left), float(region.bottom), float(region.right))
    found = []
    for item in items:
        window = item.placement.window(world, item.window.shape)
        if window.is_empty and partial:
            continue
        if window.is_empty:
            raise ParameterError(
                "region",
                f"must lie inside the source, not rows {region.top} … {region.bottom}, "
                f"columns {region.left} … {region.right}",
            )
        found.append(Item(item.panel, window, item.placement))
    return found


def union(rects: Iterable[Rect]) -> Rect:
    tops, lefts, bottoms, rights = zip(*rects, strict=True)
    return (min(tops), min(lefts), max(bottoms), max(rights))


def grain(zoom: float, placement: Placement) -> tuple[int, tuple[int, int], float]:
    """How an image is shown at a zoom: block side, device pixels of a block, and the share of its place left empty."""
    sizes = [zoom * step for step in placement.step]
    block = max(1, *(math.ceil(1 / size - NEARLY) for size in sizes))
    wanted = [size * block for size in sizes]
    # Both axes shrink alike, so that a picture is never squeezed.
    share = min(math.floor(size + NEARLY) / size for size in wanted)
    down, across = (max(1, round(size * share)) for size in wanted)
    return block, (down, across), 1 - min(down / wanted[0], across / wanted[1])


def _candidates(items: Sequence[Item], low: float, high: float) -> list[float]:
    """Zooms between two bounds at which the pixels of at least one image are whole, or whole parts of one."""
    found = {low, high}
    for step in {step for item in items for step in item.placement.step}:
        found |= {k / step for k in range(max(1, math.ceil(low * step)), math.floor(high * step + NEARLY) + 1)}
        fewest = max(2, math.ceil(1 / (high * step) - NEARLY))
        found |= {1 / (b * step) for b in range(fewest, min(fewest + 64, math.floor(1 / (low * step) + NEARLY) + 1))}
    return sorted(zoom for zoom in found if low - NEARLY <= zoom <= high + NEARLY)


def page_zoom(
    items: Sequence[Item], others: Sequence[Sequence[Item]], by_print: float, area_in: float, inch_per_unit: float
) -> float:
    """Device pixels for each source pixel: fine enough for print and for every pixel, coarse enough for memory."""
    extent = union(item.world for item in items)
    finest = 1 / min(step for item in items for step in item.placement.step)
    low = max(by_print, finest)
    limit = max(by_print, math.sqrt(MAX_PAGE / area_in) * inch_per_unit)
    if low > limit * (1 + NEARLY):
        # Not every pixel fits: whole blocks, as small as can be.
        choices = _candidates(items, limit / 2, limit)
        return min(choices, key=lambda zoom: (_waste(items, zoom) + 0.1 * math.log2(limit / zoom), zoom))

    def cost(zoom: float) -> float:
        # Four times the pixels are worth it where they make the rows equally wide.
        width = zoom * (extent[3] - extent[1])
        short = max((1 - _row_width(row, width) / width for row in others), default=0.0)
        return _waste(items, zoom) + 0.02 * math.log2(zoom / low) + 0.6 * short

    choices = _candidates(items, low, max(low, min(2 * low, limit)))
    if min(_waste(items, zoom) for zoom in choices) > 1e-3:
        choices = _candidates(items, low, max(low, min(4 * low, limit)))
    return min(choices, key=lambda zoom: (cost(zoom), zoom))


def _row_width(items: Sequence[Item], width: float) -> float:
    frame = union(item.world for item in items)
    return row_zoom(items, frame, width) * (frame[3] - frame[1])


def row_zoom(items: Sequence[Item], frame: Rect, width: float) -> float:
    """The zoom of a further row: as wide as the pictures above it, as far as whole pixels allow."""
    tall, wide = frame[2] - frame[0], frame[3] - frame[1]
    limit = min(width / wide, 1.5 * width / tall)
    choices = _candidates(items, limit / 2, limit)
    return min(choices, key=lambda zoom: (_waste(items, zoom) + 0.5 * (1 - zoom / limit), -zoom))


def _waste(items: Sequence[Item], zoom: float) -> float:
    return max(grain(zoom, item.placement)[2] for item in items)
