"""Where everything of a figure stands, in whole device pixels.

A picture that is to keep its pixels must begin on a whole device pixel and give each of its pixels the same whole
number of them; no layout engine does that, so every rectangle is computed here, before anything is drawn.

Convention
    Device pixels of the page, (left, top) from its upper left corner, y down. World unit = pixel of the prepared
    source. Lengths that belong to print are in points (1/72 inch) or millimetres.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from workbench.kernels.arrays import Pixel, Shape, Window
from workbench.kernels.differences import Difference
from workbench.kernels.errors import ParameterError
from workbench.kernels.placement import Placement, Rect
from workbench.model.display import Channel, Range

RowKind = Literal["image", "inset", "difference"]
ROWS: tuple[RowKind, ...] = ("image", "inset", "difference")

Placed = tuple[Shape, Placement]
"""An image as far as layout is concerned: how many pixels, and where they sit in the world."""

MAX_PAGE = 36_000_000
"""Device pixels of a page; beyond, pictures are shown as exact means of blocks, and the caption says so."""
MAX_HEIGHT_MM = 120.0
MM_PER_INCH = 25.4
_MARGIN_PT = 5.0
_NEARLY = 1e-7
_UNIT = Range(0.0, 1.0)
_USUAL = Range(-0.2, 0.2)


@dataclass(frozen=True, slots=True)
class FigureSpec:
    """What a figure shows and how large it is printed; with a comparison it is a complete recipe.

    Parameters
    ----------
    columns : tuple of str
        Panels from left to right: ``"original"``, ``"source"`` or a slot's id.
    rows : tuple of {"image", "inset", "difference"}
        From top to bottom, each at most once.
    region : Window, optional
        In pixels of the prepared source: what insets enlarge and boxes frame; differences show it too.
    difference : Difference
    difference_range, difference_map
        Ends of the colour bar; id of its map, None for the usual one of this kind of difference.
    image_range, image_map, channel
        How pictures become colours, as in `to_display`.
    letters, metrics_line, colour_bar : bool
        "(a)" before the names; PSNR and SSIM under the pictures; the bar beside the differences.
    width_mm, text_pt : float
        Page width and size of the text in print.
    dpi : int
        The fewest device pixels per inch.
    title : str
        Drawn above everything; empty for none.

    Raises
    ------
    ParameterError
        If a value lies outside its limits, or an inset is asked for without a region.
    """

    columns: tuple[str, ...]
    rows: tuple[RowKind, ...] = ("image",)
    region: Window | None = None
    difference: Difference = Difference.SIGNED
    difference_range: Range = _USUAL
    difference_map: str | None = None
    image_range: Range = _UNIT
    image_map: str = "gray"
    channel: Channel = "rgb"
    letters: bool = True
    metrics_line: bool = True
    colour_bar: bool = True
    width_mm: float = 170.0
    text_pt: float = 7.5
    dpi: int = 300
    title: str = ""

    def __post_init__(self) -> None:
        if not self.columns or len(set(self.columns)) != len(self.columns):
            raise ParameterError("columns", f"must be panels, each once, not {', '.join(self.columns) or 'none'}")
        if not self.rows or len(set(self.rows)) != len(self.rows) or not set(self.rows) <= set(ROWS):
            raise ParameterError("rows", f"must be some of {', '.join(ROWS)}, each once, not {', '.join(self.rows)}")
        if "inset" in self.rows and self.region is None:
            raise ParameterError("region", "must be given for an inset, and there is none")
        if self.region is not None and self.region.is_empty:
            raise ParameterError("region", f"must hold at least one pixel, not {self.region}")
        for name, value, low, high in (
            ("width", self.width_mm, 20, 1000),
            ("text size", self.text_pt, 4, 24),
            ("dpi", self.dpi, 72, 1200),
        ):
            if not low <= value <= high:
                raise ParameterError(name, f"must be between {low} and {high}, not {value:g}")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of whole device pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Cell:
    """One picture of the figure.

    Parameters
    ----------
    panel : str
    row : {"image", "inset", "difference"}
    box : Box
        Exactly ``repeat`` device pixels for each pixel of the window.
    window : Window
        Part of the panel's image; in blocks where ``reduction`` is above 1.
    reduction : int
        Side of the blocks whose means are shown; 1 for the pixels themselves.
    repeat : (int, int)
        Device pixels of one pixel, down and across.
    """

    panel: str
    row: RowKind
    box: Box
    window: Window
    reduction: int
    repeat: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """A page: its size, its pictures, and where its words go.

    Parameters
    ----------
    size : (int, int)
        Width and height in device pixels.
    dpi : float
        Device pixels per inch, so that the page has its width in print.
    cells : tuple of Cell
    frames : mapping
        Row → height of its pictures' common frame and its top: (top, height).
    lefts : tuple of int
        Left edge of each column.
    column_width : int
    title_top, label_top, metrics_top, note_top : int or None
        Upper edge of each line of words; None where there is no such line.
    boxes : mapping
        Panel → region on its whole image, for the frame round it.
    bar : Box or None
        The colour bar.
    zooms : mapping
        Row → device pixels for each source pixel.
    """

    size: tuple[int, int]
    dpi: float
    cells: tuple[Cell, ...]
    frames: Mapping[RowKind, tuple[int, int]]
    lefts: tuple[int, ...]
    column_width: int
    title_top: int | None
    label_top: int
    metrics_top: int | None
    note_top: int | None
    boxes: Mapping[str, Box]
    bar: Box | None
    zooms: Mapping[RowKind, float]

    def points(self, length: float) -> int:
        """A length in points as whole device pixels, at least one."""
        return max(1, round(length * self.dpi / 72))

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height in print."""
        return (self.size[0] / self.dpi * MM_PER_INCH, self.size[1] / self.dpi * MM_PER_INCH)


@dataclass(frozen=True, slots=True)
class _Item:
    """A part of an image that wants to be shown."""

    panel: str
    window: Window
    placement: Placement

    @property
    def world(self) -> Rect:
        top, left, *_ = self.placement.rect(Pixel(self.window.top, self.window.left))
        *_, bottom, right = self.placement.rect(Pixel(self.window.bottom - 1, self.window.right - 1))
        return (top, left, bottom, right)


def arrange(
    spec: FigureSpec, images: Mapping[str, Placed], differences: Mapping[str, Window], *, metric_lines: int = 1
) -> Layout:
    """Lay a figure out.

    Parameters
    ----------
    spec : FigureSpec
    images : mapping
        Panel → its image, for each column.
    differences : mapping
        Panel → the part of its image that can be compared with the reference; panels without a difference are
        missing.
    metric_lines : int
        Lines that the measures under a picture take: two where a column is too narrow for one.

    Raises
    ------
    ParameterError
        If a column names no image, or the region lies outside all of them.
    """
    for panel in spec.columns:
        if panel not in images:
            raise ParameterError("columns", f"must name panels that have an image, not {panel}")
    whole = [_Item(panel, Window.of(images[panel][0]), images[panel][1]) for panel in spec.columns]
    near = whole if spec.region is None else _cut(whole, spec.region)
    items: dict[RowKind, list[_Item]] = {"image": whole, "inset": near, "difference": _compared(near, differences)}
    rows = [row for row in spec.rows if items[row] or row != "difference"]
    bar = spec.colour_bar and bool(items["difference"]) and "difference" in rows
    gap = spec.text_pt * 0.6
    bar_pt = spec.text_pt * 4.2 if bar else 0.0
    page_in = spec.width_mm / MM_PER_INCH
    count = len(spec.columns)
    slot_in = page_in - (2 * _MARGIN_PT + (count - 1) * gap + bar_pt) / 72
    if slot_in * MM_PER_INCH < 4 * count:
        raise ParameterError("width", f"must be larger for {count} columns, not {spec.width_mm:g} mm")
    slot_in /= count
    # The first row sets the resolution; the others take the largest whole enlargement that fits beside it.
    first = items[rows[0]]
    extent = _union(item.world for item in first)
    tall, wide = extent[2] - extent[0], extent[3] - extent[1]
    used_in = min(slot_in, MAX_HEIGHT_MM / MM_PER_INCH * wide / tall)
    others = [items[row] for row in rows[1:] if items[row] is not first]
    area_in = len(rows) * used_in * tall / wide * page_in
    zoom = _page_zoom(first, others, spec.dpi * used_in / wide, area_in, used_in / wide)
    dpi = zoom * wide / used_in

    def points(length: float) -> int:
        return max(1, round(length * dpi / 72))

    slot = math.floor(slot_in * dpi + _NEARLY)
    lefts = tuple(points(_MARGIN_PT) + k * (slot + points(gap)) for k in range(count))
    line = points(spec.text_pt * 1.5)
    top = points(_MARGIN_PT)
    title_top = top if spec.title else None
    top += points(spec.text_pt * 2.2) if spec.title else 0
    label_top = top
    top += points(spec.text_pt * 1.8)
    metrics_top = note_top = None
    cells: list[Cell] = []
    frames: dict[RowKind, tuple[int, int]] = {}
    zooms: dict[RowKind, float] = {}
    for row in rows:
        if row == "difference" and len(items[row]) == count:
            note_top = top
            top += line
        frame = _union(item.world for item in items[row])
        if row == rows[0] or items[row] is whole:
            zooms[row] = zoom
        else:
            zooms[row] = _row_zoom(items[row], frame, min(slot, used_in * dpi) + _NEARLY)
        made = []
        for item in items[row]:
            left = lefts[spec.columns.index(item.panel)]
            made.append(_cell(row, item, frame, zooms[row], left, top))
        cells += made
        frames[row] = (top, max(cell.box.bottom for cell in made) - top)
        top += frames[row][1] + points(gap)
        if row == rows[0] and spec.metrics_line:
            metrics_top = top - points(gap) + points(spec.text_pt * 0.25)
            top += metric_lines * line - points(gap * 0.4)
    height = top - points(gap) + points(_MARGIN_PT)
    size = (max(round(page_in * dpi), lefts[-1] + slot + points(_MARGIN_PT)), height)
    bar_box = None
    if bar:
        bar_top, bar_height = frames["difference"]
        right = max(cell.box.right for cell in cells if cell.row == "difference")
        bar_box = Box(right + points(spec.text_pt * 0.8), bar_top, points(spec.text_pt * 0.9), bar_height)
    boxes = _boxes(spec.region, whole, cells, zooms.get("image"), lefts, spec.columns)
    return Layout(
        size,
        dpi,
        tuple(cells),
        frames,
        lefts,
        slot,
        title_top,
        label_top,
        metrics_top,
        note_top,
        boxes,
        bar_box,
        zooms,
    )


def _cut(items: Sequence[_Item], region: Window) -> list[_Item]:
    """The pixels of each image that a region of the source touches."""
    world = (float(region.top), float(region.left), float(region.bottom), float(region.right))
    cut = []
    for item in items:
        window = item.placement.window(world, item.window.shape)
        if window.is_empty:
            raise ParameterError(
                "region",
                f"must lie inside the source, not rows {region.top} … {region.bottom}, "
                f"columns {region.left} … {region.right}",
            )
        cut.append(_Item(item.panel, window, item.placement))
    return cut


def _compared(items: Sequence[_Item], differences: Mapping[str, Window]) -> list[_Item]:
    """Those parts that can be compared with the reference."""
    found = []
    for item in items:
        window = item.window.intersect(differences.get(item.panel, Window(0, 0, 0, 0)))
        if not window.is_empty:
            found.append(_Item(item.panel, window, item.placement))
    return found


def _union(rects: Iterable[Rect]) -> Rect:
    tops, lefts, bottoms, rights = zip(*rects, strict=True)
    return (min(tops), min(lefts), max(bottoms), max(rights))


def _grain(zoom: float, placement: Placement) -> tuple[int, tuple[int, int], float]:
    """How an image is shown at a zoom: block side, device pixels of a block, and the share of its place left empty."""
    sizes = [zoom * step for step in placement.step]
    block = max(1, *(math.ceil(1 / size - _NEARLY) for size in sizes))
    repeat = tuple(max(1, math.floor(size * block + _NEARLY)) for size in sizes)
    short = max(1 - k / (size * block) for k, size in zip(repeat, sizes, strict=True))
    return block, (repeat[0], repeat[1]), short


def _candidates(items: Sequence[_Item], low: float, high: float) -> list[float]:
    """Zooms between two bounds at which the pixels of at least one image are whole, or whole parts of one."""
    found = {low, high}
    for step in {step for item in items for step in item.placement.step}:
        found |= {k / step for k in range(max(1, math.ceil(low * step)), math.floor(high * step + _NEARLY) + 1)}
        fewest = max(2, math.ceil(1 / (high * step) - _NEARLY))
        found |= {1 / (b * step) for b in range(fewest, min(fewest + 64, math.floor(1 / (low * step) + _NEARLY) + 1))}
    return sorted(zoom for zoom in found if low - _NEARLY <= zoom <= high + _NEARLY)


def _page_zoom(
    items: Sequence[_Item], others: Sequence[Sequence[_Item]], by_print: float, area_in: float, inch_per_unit: float
) -> float:
    """Device pixels for each source pixel: fine enough for print and for every pixel, coarse enough for memory."""
    extent = _union(item.world for item in items)
    finest = 1 / min(step for item in items for step in item.placement.step)
    low = max(by_print, finest)
    limit = max(by_print, math.sqrt(MAX_PAGE / area_in) * inch_per_unit)
    if low > limit * (1 + _NEARLY):
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


def _row_width(items: Sequence[_Item], width: float) -> float:
    frame = _union(item.world for item in items)
    return _row_zoom(items, frame, width) * (frame[3] - frame[1])


def _row_zoom(items: Sequence[_Item], frame: Rect, width: float) -> float:
    """The zoom of a further row: as wide as the pictures above it, as far as whole pixels allow."""
    tall, wide = frame[2] - frame[0], frame[3] - frame[1]
    limit = min(width / wide, 1.5 * width / tall)
    choices = _candidates(items, limit / 2, limit)
    return min(choices, key=lambda zoom: (_waste(items, zoom) + 0.5 * (1 - zoom / limit), -zoom))


def _waste(items: Sequence[_Item], zoom: float) -> float:
    return max(_grain(zoom, item.placement)[2] for item in items)


def _cell(row: RowKind, item: _Item, frame: Rect, zoom: float, left: int, top: int) -> Cell:
    block, repeat, _ = _grain(zoom, item.placement)
    window = item.window
    if block > 1:
        ends = (-(-window.bottom // block), -(-window.right // block))
        window = Window(window.top // block, window.left // block, *ends)
    world = item.world
    x, y = (round((world[1] - frame[1]) * zoom), round((world[0] - frame[0]) * zoom))
    box = Box(left + x, top + y, window.width * repeat[1], window.height * repeat[0])
    return Cell(item.panel, row, box, window, block, repeat)


def _boxes(
    region: Window | None,
    whole: Sequence[_Item],
    cells: Sequence[Cell],
    zoom: float | None,
    lefts: tuple[int, ...],
    columns: tuple[str, ...],
) -> dict[str, Box]:
    """Where the region lies on each whole image."""
    if region is None or zoom is None:
        return {}
    found = {}
    for cell, item in zip((cell for cell in cells if cell.row == "image"), whole, strict=True):
        part = _cut([item], region)[0].window
        b, (down, across) = cell.reduction, cell.repeat
        top, bottom = math.floor(part.top / b) * down, math.ceil(part.bottom / b) * down
        left, right = math.floor(part.left / b) * across, math.ceil(part.right / b) * across
        found[cell.panel] = Box(cell.box.left + left, cell.box.top + top, right - left, bottom - top)
    return found
