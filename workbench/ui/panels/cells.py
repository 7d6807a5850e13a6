"""Where panels stand: rectangles in reading order, with lines of 1 px between them and nothing around."""

from __future__ import annotations

from PySide6.QtCore import QRect

from workbench.kernels.placement import Rect
from workbench.model.document import Layout
from workbench.ui.panels.panel_header import HEIGHT

LINE = 1

Size = tuple[int, int]
"""Width and height, logical pixels."""


def cells(size: Size, layout: Layout, count: int, extent: Rect) -> tuple[list[QRect], int]:
    """The rectangles of ``count`` panels, and how many stand side by side.

    Parameters
    ----------
    size : (int, int)
    layout : str
        Of a wipe both sides have the same place.
    extent : Rect
        What the panels cover in the world: a grid has the columns at which they become largest.
    """
    if not count:
        return [], 0
    if layout == "wipe":
        return [QRect(0, 0, *size)] * count, 1
    cols = 1 if layout == "column" else count
    if layout == "pairs" and count > 1:
        cols = count // 2
    elif layout == "grid":
        cols = columns(size, count, extent)
    rows = -(-count // cols)
    across, down = _edges(size[0], cols), _edges(size[1], rows)
    rects = [
        QRect(across[k % cols], down[k // cols], across[k % cols + 1] - across[k % cols] - LINE,
              down[k // cols + 1] - down[k // cols] - LINE)
        for k in range(count)
    ]  # fmt: skip
    return rects, cols


def columns(size: Size, count: int, extent: Rect) -> int:
    """The number of columns at which images of this extent become largest; the fewest empty places of equals."""
    top, left, bottom, right = extent
    tall, wide = max(bottom - top, 1e-9), max(right - left, 1e-9)

    def quality(cols: int) -> tuple[float, int]:
        rows = -(-count // cols)
        room = (size[0] / cols / wide, max(size[1] / rows - HEIGHT, 1) / tall)
        return (min(room), -(cols * rows - count))

    return max(range(1, count + 1), key=quality)


def _edges(size: int, count: int) -> list[int]:
    """Where the cells of a row begin, and one more behind the last; differences of at most 1 px."""
    return [round(k * (size + LINE) / count) for k in range(count + 1)]
