"""Where everything of a figure stands, in whole device pixels.

A picture that is to keep its pixels must begin on a whole device pixel and give each of its pixels the same whole
number of them; no layout engine does that, so every rectangle is computed here, before anything is drawn.

Convention
    Device pixels of the page, (left, top) from its upper left corner, y down. World unit = pixel of the prepared
    source. Lengths that belong to print are in points (1/72 inch) or millimetres.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from workbench.figures.enlargement import NEARLY, Item, cut, grain, page_zoom, row_zoom, union
from workbench.kernels.arrays import Shape, Window
from workbench.kernels.differences import Difference
from workbench.kernels.errors import ParameterError
from workbench.kernels.placement import Placement, Rect
from workbench.model.channels import LABELS
from workbench.model.differencing import Comparing
from workbench.model.display import NEUTRAL, Range, Tone
from workbench.model.view_state import ChannelView

RowKind = Literal["image", "inset", "difference"]
ROWS: tuple[RowKind, ...] = ("image", "inset", "difference")

Placed = tuple[Shape, Placement]
"""An image as far as layout is concerned: how many pixels, and where they sit in the world."""

MAX_HEIGHT_MM = 120.0
MM_PER_INCH = 25.4
_MARGIN_PT = 5.0
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
    epsilon, expression
        Its ε, None for the usual one; its formula, where it is one of one's own.
    difference_range, difference_map
        Ends of the colour bar; id of its map, None for the usual one of this kind of difference.
    image_range, image_map
        How pictures become colours, as in `to_display`.
    channel : {"rgb", "r", "g", "b", "luminance", "alpha"} or int
        What is shown and compared of every picture; a number is a single channel of the pictures alone.
    image_tone, difference_tone : Tone
        Gain, offset and gamma of both.
    letters, metrics_line, colour_bar, pins : bool
        "(a)" before the names; PSNR and SSIM under the pictures; the bar beside the differences; numbered crosshairs.
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
    channel: ChannelView | int = "rgb"
    letters: bool = True
    metrics_line: bool = True
    colour_bar: bool = True
    pins: bool = True
    width_mm: float = 170.0
    text_pt: float = 7.5
    dpi: int = 300
    title: str = ""
    epsilon: float | None = None
    expression: str = "a - r"
    image_tone: Tone = NEUTRAL
    difference_tone: Tone = NEUTRAL

    @property
    def comparing(self) -> Comparing:
        """How differences are taken."""
        channel = "rgb" if isinstance(self.channel, int) else self.channel
        return Comparing(self.difference, self.epsilon, self.expression, channel)

    def __post_init__(self) -> None:
        if not self.columns or len(set(self.columns)) != len(self.columns):
            raise ParameterError("columns", f"must be panels, each once, not {', '.join(self.columns) or 'none'}")
        if not self.rows or len(set(self.rows)) != len(self.rows) or not set(self.rows) <= set(ROWS):
            raise ParameterError("rows", f"must be some of {', '.join(ROWS)}, each once, not {', '.join(self.rows)}")
        if "inset" in self.rows and self.region is None:
            raise ParameterError("region", "must be given for an inset, and there is none")
        if self.region is not None and self.region.is_empty:
            raise ParameterError("region", f"must hold at least one pixel, not {self.region}")
        if not isinstance(self.channel, int) and self.channel not in LABELS:
            raise ParameterError("channel", f"must be one of {', '.join(LABELS)}, not {self.channel}")
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


def arrange(
    spec: FigureSpec, images: Mapping[str, Placed], differences: Mapping[str, Placed], *, metric_lines: int = 1
) -> Layout:
    """Lay a figure out.

    Parameters
    ----------
    spec : FigureSpec
    images : mapping
        Panel → its image, for each column.
    differences : mapping
        Panel → its difference to the reference, which covers what both have; panels without one are missing.
    metric_lines : int
        Lines that the measures under a picture take: two where a column is too narrow for one,
        none where nothing is measured.

    Raises
    ------
    ParameterError
        If a column names no image, or the region lies outside all of them.
    """
    for panel in spec.columns:
        if panel not in images:
            raise ParameterError("columns", f"must name panels that have an image, not {panel}")
    whole = [Item(panel, Window.of(images[panel][0]), images[panel][1]) for panel in spec.columns]
    compared = [Item(panel, Window.of(at[0]), at[1]) for panel in spec.columns if (at := differences.get(panel))]
    items: dict[RowKind, list[Item]] = {"image": whole, "inset": whole, "difference": compared}
    if spec.region is not None:
        items["inset"] = cut(whole, spec.region)
        items["difference"] = cut(compared, spec.region, partial=True)
    rows = [row for row in spec.rows if items[row]]
    if not rows:
        raise ParameterError("rows", "must show something, and no column can be compared with the reference")
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
    extent = union(item.world for item in first)
    tall, wide = extent[2] - extent[0], extent[3] - extent[1]
    used_in = min(slot_in, MAX_HEIGHT_MM / MM_PER_INCH * wide / tall)
    others = [items[row] for row in rows[1:]] if spec.region is not None else []
    area_in = len(rows) * used_in * tall / wide * page_in
    zoom = page_zoom(first, others, spec.dpi * used_in / wide, area_in, used_in / wide)
    dpi = zoom * wide / used_in

    def points(length: float) -> int:
        return max(1, round(length * dpi / 72))

    slot = math.floor(slot_in * dpi + NEARLY)
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
        beside = row == "difference" and spec.region is None and "image" in zooms
        frame = union(item.world for item in (whole if beside else items[row]))
        if row == rows[0] or beside:
            zooms[row] = zoom
        else:
            zooms[row] = row_zoom(items[row], frame, min(slot, used_in * dpi) + NEARLY)
        made = []
        for item in items[row]:
            left = lefts[spec.columns.index(item.panel)]
            made.append(_cell(row, item, frame, zooms[row], left, top))
        cells += made
        frames[row] = (top, max(cell.box.bottom for cell in made) - top)
        top += frames[row][1] + points(gap)
        if row == rows[0] and spec.metrics_line and metric_lines:
            metrics_top = top - points(gap) + points(spec.text_pt * 0.25)
            top += metric_lines * line - points(gap * 0.4)
    height = top - points(gap) + points(_MARGIN_PT)
    size = (max(round(page_in * dpi), lefts[-1] + slot + points(_MARGIN_PT)), height)
    bar_box = None
    if bar:
        bar_top, bar_height = frames["difference"]
        right = max(cell.box.right for cell in cells if cell.row == "difference")
        bar_box = Box(right + points(spec.text_pt * 0.8), bar_top, points(spec.text_pt * 0.9), bar_height)
    boxes = _boxes(spec.region, whole, cells)
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


def _cell(row: RowKind, item: Item, frame: Rect, zoom: float, left: int, top: int) -> Cell:
    block, repeat, _ = grain(zoom, item.placement)
    window = item.window
    if block > 1:
        ends = (-(-window.bottom // block), -(-window.right // block))
        window = Window(window.top // block, window.left // block, *ends)
    world = item.world
    x, y = (round((world[1] - frame[1]) * zoom), round((world[0] - frame[0]) * zoom))
    box = Box(left + x, top + y, window.width * repeat[1], window.height * repeat[0])
    return Cell(item.panel, row, box, window, block, repeat)


def _boxes(region: Window | None, whole: Sequence[Item], cells: Sequence[Cell]) -> dict[str, Box]:
    """Where the region lies on each whole image."""
    shown = [cell for cell in cells if cell.row == "image"]
    if region is None or not shown:
        return {}
    found = {}
    for cell, item in zip(shown, cut(whole, region), strict=True):
        part, b, (down, across) = item.window, cell.reduction, cell.repeat
        top, bottom = part.top // b * down, -(-part.bottom // b) * down
        left, right = part.left // b * across, -(-part.right // b) * across
        found[cell.panel] = Box(cell.box.left + left, cell.box.top + top, right - left, bottom - top)
    return found
