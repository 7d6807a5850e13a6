"""What a figure file holds: the very pixels, text as text, the same bytes each time."""

from __future__ import annotations

import io
import re
import struct
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
import zlib
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from tests.figures.conftest import checkerboard, comparison_of
from workbench.figures.gather import Gathered, figure_columns, gather
from workbench.figures.layout import Cell, FigureSpec
from workbench.figures.render import FORMATS, cell_pixels, preview, render
from workbench.kernels.arrays import Window
from workbench.kernels.errors import ParameterError
from workbench.model.document import Comparison

FULL = ("image", "inset", "difference")


@pytest.fixture
def full(colours: Comparison, region: Window) -> Gathered:
    return gather(colours, FigureSpec(figure_columns(colours), FULL, region=region, dpi=150))


def png_cell(gathered: Gathered, cell: Cell) -> np.ndarray:
    """The part of the PNG where a picture stands."""
    with Image.open(io.BytesIO(render(gathered, "png"))) as image:
        page = np.asarray(image)
    box = cell.box
    return page[box.top : box.bottom, box.left : box.right]


@pytest.mark.parametrize("width_mm", [61.0, 85.0, 170.0])
def test_a_checkerboard_of_two_greys_is_exported_with_two_greys(width_mm: float) -> None:
    comparison = comparison_of(checkerboard(9, 13), "nearest:scale=2")
    gathered = gather(comparison, FigureSpec(("s1",), width_mm=width_mm, dpi=150))
    assert np.unique(png_cell(gathered, gathered.layout.cells[0])).tolist() == [0, 255]


def test_all_cells_of_an_exported_checkerboard_are_equally_large() -> None:
    gathered = gather(comparison_of(checkerboard(9, 13), "nearest:scale=1"), FigureSpec(("s1",), dpi=150))
    cell = gathered.layout.cells[0]
    row = png_cell(gathered, cell)[1, :, 0].astype(int)
    assert set(np.diff(np.flatnonzero(np.diff(row)))) == {cell.repeat[1]}


def test_every_picture_of_the_png_is_what_the_screen_shows(full: Gathered) -> None:
    framed = set(full.layout.boxes)
    for cell in full.layout.cells:
        if cell.row != "image" or cell.panel not in framed:
            assert np.array_equal(png_cell(full, cell), cell_pixels(full, cell)[:, :, :3])


def test_the_preview_is_the_file(full: Gathered) -> None:
    with Image.open(io.BytesIO(render(full, "png"))) as image:
        assert np.array_equal(np.asarray(image), preview(full)[:, :, :3])


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_figure_gives_the_same_bytes(full: Gathered, format: str) -> None:
    assert render(full, format) == render(full, format)  # type: ignore[arg-type]


def test_pictures_in_a_pdf_are_deflated_and_never_jpeg(full: Gathered) -> None:
    content = render(full, "pdf")
    assert b"/DCTDecode" not in content
    assert content.count(b"/Subtype /Image") == len(full.layout.cells) + 1


def test_a_picture_in_a_pdf_holds_exactly_what_the_screen_shows(colours: Comparison) -> None:
    gathered = gather(colours, FigureSpec(("s2",), dpi=72, width_mm=60))
    content, cell = render(gathered, "pdf"), gathered.layout.cells[0]
    found = re.search(rb"<<[^>]*/Subtype /Image.*?stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    assert found is not None
    # A deflated picture with PNG's predictors is the middle of a PNG.
    head = struct.pack(">IIBBBBB", cell.box.width, cell.box.height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", found.group(1)), (b"IEND", b""))
    png = b"".join(struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks)
    with Image.open(io.BytesIO(b"\x89PNG\r\n\x1a\n" + png)) as image:
        # Stored from the bottom up, and turned by the matrix it is placed with.
        assert np.array_equal(np.asarray(image)[::-1], cell_pixels(gathered, cell)[:, :, :3])


def test_fonts_of_a_pdf_are_embedded_as_truetype(full: Gathered) -> None:
    content = render(full, "pdf")
    assert b"/FontFile2" in content
    assert b"/Subtype /Type3" not in content


def test_words_of_an_svg_stay_text(full: Gathered) -> None:
    root = ElementTree.fromstring(render(full, "svg"))
    words = ["".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "(b) Nearest" in words


def test_a_dollar_sign_in_a_name_is_drawn_and_not_parsed(colours: Comparison) -> None:
    named = replace(colours, slots=(replace(colours.slots[0], name="5 $ and 6 $"),))
    content = render(gather(named, FigureSpec(("s1",), dpi=72)), "svg").decode()
    assert "5 $ and 6 $" in content


def test_an_unknown_format_is_refused_by_name(full: Gathered) -> None:
    with pytest.raises(ParameterError, match="format: must be one of png, pdf, svg, not gif"):
        render(full, "gif")  # type: ignore[arg-type]


def test_pyplot_and_qt_are_never_loaded_and_matplotlib_only_to_draw() -> None:
    program = """
import sys
import workbench.figures.export
from workbench.figures.gather import gather
from workbench.figures.layout import FigureSpec
from workbench.figures.render import render
from tests.figures.conftest import comparison_of, checkerboard
assert "matplotlib" not in sys.modules, "before"
render(gather(comparison_of(checkerboard(3, 5), "nearest:scale=2"), FigureSpec(("s1",), dpi=72)), "svg")
assert "matplotlib" in sys.modules, "after"
print([name for name in ("matplotlib.pyplot", "PySide6", "pyqtgraph") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
