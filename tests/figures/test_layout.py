"""Where things stand on a page: whole device pixels, whole enlargements, sizes in print."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.figures.enlargement import grain
from workbench.figures.layout import FigureSpec, Layout, Placed, arrange
from workbench.kernels.arrays import Window
from workbench.kernels.errors import ParameterError
from workbench.kernels.placement import Placement

SOURCE: Placed = ((7, 11), Placement())


def enlarged(scale: float, shape: tuple[int, int] | None = None) -> Placed:
    """What a method of this scale makes of the source."""
    made = shape or (round(7 * scale), round(11 * scale))
    return (made, Placement((1 / scale, 1 / scale)))


def laid(spec: FigureSpec, images: dict[str, Placed], differences: dict[str, Placed] | None = None) -> Layout:
    return arrange(spec, images, differences or {})


@given(scales=st.lists(st.sampled_from([1.0, 1.37, 2.0, 2.5, 3.0, 4.0]), min_size=1, max_size=4, unique=True))
def test_every_cell_is_its_window_times_whole_device_pixels(scales: list[float]) -> None:
    images = {f"s{k}": enlarged(scale) for k, scale in enumerate(scales)}
    layout = laid(FigureSpec(tuple(images)), images)
    for cell in layout.cells:
        assert cell.box.width == cell.window.width * cell.repeat[1]
        assert cell.box.height == cell.window.height * cell.repeat[0]


@given(scales=st.lists(st.sampled_from([1.0, 1.37, 2.0, 3.0, 4.0]), min_size=2, max_size=4, unique=True))
def test_pictures_of_a_row_do_not_overlap_and_stay_on_the_page(scales: list[float]) -> None:
    images = {f"s{k}": enlarged(scale) for k, scale in enumerate(scales)}
    layout = laid(FigureSpec(tuple(images)), images)
    boxes = [cell.box for cell in layout.cells]
    assert all(a.right < b.left for a, b in itertools.pairwise(boxes))
    assert boxes[-1].right < layout.size[0]


def test_different_scales_that_share_a_zoom_are_equally_wide() -> None:
    images = {"source": SOURCE, "s1": enlarged(3), "s2": enlarged(4)}
    layout = laid(FigureSpec(tuple(images)), images)
    assert len({cell.box.width for cell in layout.cells}) == 1


def test_the_page_has_the_width_asked_for_in_print() -> None:
    layout = laid(FigureSpec(("source",), width_mm=85.0), {"source": SOURCE})
    assert layout.size_mm[0] == pytest.approx(85.0, abs=0.05)


@pytest.mark.parametrize("dpi", [150, 300, 600])
def test_the_resolution_is_at_least_what_was_asked_for(dpi: int) -> None:
    images = {"source": SOURCE, "s1": enlarged(4)}
    assert laid(FigureSpec(tuple(images), dpi=dpi), images).dpi >= dpi


def test_an_inset_is_a_whole_enlargement_of_each_pixel_the_region_touches() -> None:
    images = {"source": SOURCE, "s1": enlarged(3)}
    spec = FigureSpec(tuple(images), ("image", "inset"), region=Window(1, 2, 4, 9))
    inset = next(cell for cell in laid(spec, images).cells if cell.row == "inset" and cell.panel == "s1")
    assert inset.window == Window(3, 6, 12, 27)


def test_the_box_frames_the_region_on_the_whole_image() -> None:
    images = {"s1": enlarged(3)}
    spec = FigureSpec(("s1",), ("image", "inset"), region=Window(1, 2, 4, 9))
    layout = laid(spec, images)
    cell, box = layout.cells[0], layout.boxes["s1"]
    assert (box.left - cell.box.left, box.width) == (6 * cell.repeat[1], 21 * cell.repeat[1])


def test_a_picture_too_large_for_a_page_is_shown_by_whole_blocks() -> None:
    images = {"s1": enlarged(4096, (7 * 4096, 11 * 4096))}
    cell = laid(FigureSpec(("s1",)), images).cells[0]
    assert cell.reduction > 1
    assert cell.box.width * cell.box.height < 36_000_000


def test_pixels_that_are_not_square_in_the_world_are_not_square_on_the_page() -> None:
    images = {"s1": ((7, 44), Placement((1.0, 0.25)))}
    down, across = laid(FigureSpec(("s1",)), images).cells[0].repeat
    assert down == 4 * across


@given(zoom=st.floats(0.2, 40), steps=st.tuples(st.sampled_from([1.0, 0.25, 0.5, 1 / 3]), st.sampled_from([1.0, 0.25])))
def test_no_picture_is_squeezed_by_more_than_a_device_pixel_of_a_cell(zoom: float, steps: tuple[float, float]) -> None:
    _, (down, across), _ = grain(zoom, Placement(steps))
    assert abs(down * steps[1] - across * steps[0]) <= max(steps) * 0.5 + 1e-9


def test_a_tall_picture_does_not_make_an_endless_page() -> None:
    layout = laid(FigureSpec(("source",)), {"source": ((640, 8), Placement())})
    assert layout.size_mm[1] < 150


def test_the_colour_bar_stands_beside_the_differences() -> None:
    images = {"original": enlarged(2), "s1": enlarged(2)}
    layout = laid(FigureSpec(tuple(images), ("image", "difference")), images, {"s1": enlarged(2)})
    cell = next(cell for cell in layout.cells if cell.row == "difference")
    assert layout.bar is not None
    assert (layout.bar.top, layout.bar.height) == (cell.box.top, cell.box.height)
    assert layout.bar.left > cell.box.right


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"columns": ()}, "columns: must be panels, each once, not none"),
        ({"rows": ("inset",)}, "region: must be given for an inset, and there is none"),
        ({"width_mm": 5.0}, "width: must be between 20 and 1000, not 5"),
        ({"dpi": 9}, "dpi: must be between 72 and 1200, not 9"),
    ],
)
def test_a_figure_that_cannot_be_says_why(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(ParameterError) as caught:
        dataclasses.replace(FigureSpec(("source",)), **changes)  # type: ignore[arg-type]
    assert str(caught.value) == sentence
