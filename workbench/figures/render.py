"""Draws a figure: the same raster for the preview and the PNG, vector text around the same pixels for PDF and SVG.

matplotlib by its object API only, imported inside the functions: nobody who exports nothing waits for it.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from workbench import __version__
from workbench.figures.gather import Gathered, difference_map, difference_note, letter
from workbench.figures.layout import MM_PER_INCH, Box, Cell
from workbench.figures.pins import digits, pin_places
from workbench.figures.words import fitting, metric_lines, metrics_text, tick_texts
from workbench.kernels.errors import ParameterError
from workbench.model.channels import picked
from workbench.model.colormaps import load
from workbench.model.display import Range, to_display
from workbench.model.resources import resource

Format = Literal["png", "pdf", "svg"]
FORMATS: tuple[Format, ...] = ("png", "pdf", "svg")
Bytes = npt.NDArray[np.uint8]

INK = "#16181C"
SOFT_INK = "#3C4149"
FRAME = "#16181C"
NOTHING = (0xE2, 0xE2, 0xE2, 0xFF)
"""Shown where a difference has no value."""
_RC: dict[Any, Any] = {
    "pdf.fonttype": 42,  # text stays text
    "pdf.compression": 9,
    "svg.fonttype": "none",
    "svg.hashsalt": "upsampling-workbench",  # ids, and so the bytes, repeat
    "image.composite_image": False,
    "text.antialiased": True,
    "font.family": ["DejaVu Sans"],
}
# Far larger files gain nothing from their recipe in a text field nobody can read.
_MOST_METADATA = 1 << 16


def render(gathered: Gathered, format: Format, *, description: str = "") -> bytes:
    """A figure as the bytes of a file; the same figure gives the same bytes.

    Parameters
    ----------
    gathered : Gathered
    format : {"png", "pdf", "svg"}
    description : str
        Kept in the file's metadata: the recipe, or the caption.

    Raises
    ------
    ParameterError
        If there is no such format.
    """
    if format not in FORMATS:
        raise ParameterError("format", f"must be one of {', '.join(FORMATS)}, not {format}")
    description = description if len(description) <= _MOST_METADATA else ""
    program = f"Upsampling Comparison Workbench {__version__}"
    if format == "png":
        return _png(preview(gathered), gathered.layout.dpi, {"Software": program, "Description": description})
    from matplotlib import rc_context

    metadata: dict[str, str | None] = (
        {"Creator": program, "Producer": None, "CreationDate": None, "Subject": description}
        if format == "pdf"
        else {"Creator": program, "Date": None, "Description": description}
    )
    buffer = io.BytesIO()
    with rc_context(_RC):
        page = _composed(gathered)
        page.place_all()
        page.figure.savefig(buffer, format=format, dpi=gathered.layout.dpi, metadata=metadata)
    return buffer.getvalue()


def preview(gathered: Gathered) -> Bytes:
    """The raster of the PNG: (height, width, 4) RGBA bytes, pixel for pixel what the file holds."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    with rc_context(_RC):
        page = _composed(gathered)
        canvas: Any = FigureCanvasAgg(page.figure)
        canvas.draw()
        raster = np.array(canvas.buffer_rgba(), np.uint8)
    page.paste_all(raster)
    return raster


def _png(raster: Bytes, dpi: float, texts: dict[str, str]) -> bytes:
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    for key, text in texts.items():
        if text:
            info.add_itxt(key, text)
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(raster[:, :, :3])).save(buffer, "PNG", dpi=(dpi, dpi), pnginfo=info)
    return buffer.getvalue()


def cell_pixels(gathered: Gathered, cell: Cell) -> Bytes:
    """What one cell shows, each pixel repeated to its size on the page."""
    spec, values = gathered.spec, gathered.pictures[cell.panel, cell.row]
    if cell.row == "difference":
        shown = to_display(values, spec.difference_range, load(difference_map(spec)), tone=spec.difference_tone)
        shown[np.isnan(values)] = NOTHING
    else:
        if isinstance(spec.channel, int):
            values = np.atleast_3d(values)[:, :, spec.channel]
        else:
            values = picked(values, spec.channel)
        shown = to_display(values, spec.image_range, load(spec.image_map), tone=spec.image_tone)
    down, across = cell.repeat
    return np.repeat(np.repeat(shown, down, axis=0), across, axis=1)


@cache
def _fonts() -> dict[str, Any]:
    """Inter by weight where it is shipped, else what matplotlib brings along."""
    from matplotlib.font_manager import FontProperties

    found = {}
    for weight, name in (("normal", "Inter-Regular.ttf"), ("bold", "Inter-SemiBold.ttf")):
        file = resource("fonts", "figures", name)
        families = ["Inter", "DejaVu Sans", "sans-serif"]
        found[weight] = (
            FontProperties(family=families, weight=weight, fname=str(file))
            if file.is_file()
            else FontProperties(family=families[1:], weight=weight)
        )
    return found


@dataclass(frozen=True, slots=True)
class _Page:
    """A page that is addressed in whole device pixels, y down.

    Words are drawn by matplotlib. Pictures and lines are kept aside: a raster gets their very bytes, without a
    renderer in between; a vector page gets each as an image or a rectangle.
    """

    figure: Any
    size: tuple[int, int]
    marks: list[tuple[Box, Bytes | str]] = field(default_factory=list)

    def picture(self, pixels: Bytes, box: Box) -> None:
        """An image, pixel for pixel."""
        self.marks.append((box, pixels))

    def filled(self, box: Box, colour: str) -> None:
        """A rectangle of one colour; also every line, so that lines are as crisp as pixels."""
        self.marks.append((box, colour))

    def paste_all(self, raster: Bytes) -> None:
        """Put pictures and lines into the drawn page."""
        for box, mark in self.marks:
            shown = np.array([*bytes.fromhex(mark[1:]), 0xFF], np.uint8) if isinstance(mark, str) else mark
            raster[box.top : box.bottom, box.left : box.right] = shown

    def place_all(self) -> None:
        """Give pictures and lines to matplotlib."""
        for order, (box, mark) in enumerate(self.marks):
            if isinstance(mark, str):
                self._place_rectangle(box, mark, order)
            else:
                self._place_picture(box, mark, order)

    def _place_picture(self, box: Box, pixels: Bytes, order: int) -> None:
        width, height = self.size
        axes = self.figure.add_axes(
            (box.left / width, (height - box.bottom) / height, box.width / width, box.height / height), zorder=order
        )
        axes.set_axis_off()
        extent = (0, pixels.shape[1], pixels.shape[0], 0)
        axes.imshow(pixels, interpolation="none", resample=False, aspect="auto", extent=extent)

    def _place_rectangle(self, box: Box, colour: str, order: int) -> None:
        from matplotlib.patches import Rectangle

        width, height = self.size
        self.figure.add_artist(
            Rectangle(
                (box.left / width, (height - box.bottom) / height),
                box.width / width,
                box.height / height,
                transform=self.figure.transFigure,
                facecolor=colour,
                edgecolor="none",
                linewidth=0,
                zorder=order,
            )
        )

    def filled_inside(self, box: Box, colour: str, frame: Box) -> None:
        """The part of a rectangle that lies inside a frame."""
        left, top = max(box.left, frame.left), max(box.top, frame.top)
        right, bottom = min(box.right, frame.right), min(box.bottom, frame.bottom)
        if left < right and top < bottom:
            self.filled(Box(left, top, right - left, bottom - top), colour)

    def framed(self, box: Box, thick: int, colour: str) -> None:
        """A frame just outside a rectangle."""
        wide = box.width + 2 * thick
        self.filled(Box(box.left - thick, box.top - thick, wide, thick), colour)
        self.filled(Box(box.left - thick, box.bottom, wide, thick), colour)
        self.filled(Box(box.left - thick, box.top, thick, box.height), colour)
        self.filled(Box(box.right, box.top, thick, box.height), colour)

    def words(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        *,
        weight: str = "normal",
        colour: str = INK,
        across: str = "left",
        down: str = "baseline",
    ) -> None:
        """Text at a place of the page; ``y`` is its baseline, or the middle of a block of lines."""
        font = _fonts()[weight].copy()
        font.set_size(size)
        self.figure.text(
            x / self.size[0],
            1 - y / self.size[1],
            # A dollar sign in a name is no formula.
            text.replace("$", r"\$"),
            fontproperties=font,
            color=colour,
            ha=across,
            va=down,
            linespacing=1.25,
        )

    def lines(self, text: str, x: float, top: float, size: float, pitch: float, **how: str) -> None:
        """Lines of text below each other, ``pitch`` device pixels apart, under a common upper edge."""
        for k, line in enumerate(text.split("\n")):
            self.words(line, x, top + (k + 0.75) * pitch, size, **how)


def _composed(gathered: Gathered) -> _Page:
    from matplotlib.figure import Figure

    layout = gathered.layout
    figure = Figure(
        figsize=(layout.size[0] / layout.dpi, layout.size[1] / layout.dpi),
        dpi=layout.dpi,
        facecolor="white",
        edgecolor="none",
    )
    page = _Page(figure, layout.size)
    thin = layout.points(0.4)
    for cell in layout.cells:
        page.picture(cell_pixels(gathered, cell), cell.box)
        page.framed(cell.box, thin, FRAME)
    for box in layout.boxes.values():
        page.framed(box, layout.points(0.5), "#FFFFFF")
        page.framed(_grown(box, layout.points(0.5)), layout.points(0.5), "#000000")
    if gathered.spec.pins:
        _pins(gathered, page)
    _names(gathered, page)
    _measures(gathered, page)
    if "difference" in layout.frames:
        _note(gathered, page)
    if layout.bar is not None:
        _bar(gathered, page, layout.bar, thin)
    return page


def _grown(box: Box, by: int) -> Box:
    return Box(box.left - by, box.top - by, box.width + 2 * by, box.height + 2 * by)


def _pins(gathered: Gathered, page: _Page) -> None:
    """A crosshair around each pin's place with its number beside it, on every picture that shows the place."""
    layout = gathered.layout
    line, gap, arm, dot = (layout.points(length) for length in (0.5, 2, 6, 0.9))
    for found in pin_places(gathered):
        wide, high = (4 * len(str(found.number)) + 1) * dot, 7 * dot
        plate = Box(found.x + gap + line, found.y - gap - line - high, wide, high)
        light = [
            Box(found.x - arm, found.y - line // 2, arm - gap, line),
            Box(found.x + gap, found.y - line // 2, arm - gap, line),
            Box(found.x - line // 2, found.y - arm, line, arm - gap),
            Box(found.x - line // 2, found.y + gap, line, arm - gap),
            plate,
        ]
        for box in light:
            page.filled_inside(_grown(box, line), "#000000", found.cell)
        for box in light:
            page.filled_inside(box, "#FFFFFF", found.cell)
        for box in digits(found.number, plate.left + dot, plate.top + dot, dot):
            page.filled_inside(box, "#000000", found.cell)


def _names(gathered: Gathered, page: _Page) -> None:
    layout, spec = gathered.layout, gathered.spec
    if layout.title_top is not None:
        baseline = layout.title_top + layout.points(spec.text_pt * 1.3)
        page.words(spec.title, layout.lefts[0], baseline, spec.text_pt * 1.3, weight="bold")
    size = spec.text_pt * 1.15
    baseline = layout.label_top + layout.points(size)
    room = layout.column_width / layout.dpi * MM_PER_INCH
    for k, (left, column) in enumerate(zip(layout.lefts, gathered.columns, strict=True)):
        before = f"{letter(k)} " if spec.letters else ""
        text = fitting((before + column.title, before + column.short_title), room, size)
        page.words(text, left, baseline, size, weight="bold")


def _measures(gathered: Gathered, page: _Page) -> None:
    layout, spec = gathered.layout, gathered.spec
    if layout.metrics_top is None:
        return
    rights = {cell.panel: cell.box.right for cell in layout.cells if cell.row == next(iter(layout.frames))}
    lines = metric_lines(spec, len(gathered.columns))
    for column in gathered.columns:
        if column.metrics is not None:
            text = metrics_text(column.metrics, lines)
            right = rights.get(column.panel, layout.lefts[0])
            pitch = layout.points(spec.text_pt * 1.4)
            page.lines(text, right, layout.metrics_top, spec.text_pt, pitch, colour=SOFT_INK, across="right")


def _note(gathered: Gathered, page: _Page) -> None:
    """What the differences are taken to: in the column that has none, or above the row."""
    layout, spec = gathered.layout, gathered.spec
    text = difference_note(gathered)
    if layout.note_top is not None:
        baseline = layout.note_top + layout.points(spec.text_pt)
        page.words(text.replace("\n", " "), layout.lefts[0], baseline, spec.text_pt, colour=SOFT_INK)
        return
    top, height = layout.frames["difference"]
    with_difference = {cell.panel for cell in layout.cells if cell.row == "difference"}
    k = next(k for k, column in enumerate(gathered.columns) if column.panel not in with_difference)
    right = layout.lefts[k] + layout.column_width - layout.points(spec.text_pt * 0.6)
    page.words(text, right, top + height / 2, spec.text_pt, colour=SOFT_INK, across="right", down="center")


def _bar(gathered: Gathered, page: _Page, box: Box, thin: int) -> None:
    layout, spec = gathered.layout, gathered.spec
    ends = spec.difference_range
    table = load(difference_map(spec))
    middles = (np.arange(box.height, dtype=np.float64)[::-1, None] + 0.5) / box.height
    column = to_display(ends.lo + middles * ends.width, ends, table, tone=spec.difference_tone)
    page.picture(np.repeat(column, box.width, axis=1), box)
    page.framed(box, thin, FRAME)
    place = _place_on(box, ends)
    for value, text in tick_texts(ends):
        y = place(value)
        tick = layout.points(spec.text_pt * 0.3)
        page.filled(Box(box.right + thin, min(max(round(y - thin / 2), box.top), box.bottom - thin), tick, thin), FRAME)
        x = box.right + thin + tick + layout.points(spec.text_pt * 0.25)
        # Figures are 0.73 em tall; the end words stay beside the bar.
        below = {ends.lo: 0.0, ends.hi: 0.73}.get(value, 0.365)
        size = spec.text_pt * 0.9
        page.words(text, x, y + layout.points(size * below), size, colour=SOFT_INK)


def _place_on(box: Box, ends: Range) -> Callable[[float], float]:
    return lambda value: box.bottom - (value - ends.lo) / ends.width * box.height
