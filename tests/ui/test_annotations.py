"""Numbers, grid and coordinates on large pixels: from which size, how strongly, and what ``I`` leaves of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from workbench.model import edits
from workbench.model.document import Preparation
from workbench.model.samples import array_source
from workbench.model.view_state import Camera
from workbench.ui.app import Workbench
from workbench.ui.context import Context
from workbench.ui.image_view import ImageView
from workbench.ui.panels.panel_area import PanelArea
from workbench.ui.pixel_text import CHANNEL_COLOURS, COORDINATES_FROM, grid_strength, number_strength


@pytest.mark.parametrize(("cell", "strength"), [(31.9, 0.0), (32.0, 0.35), (40.0, 0.675), (48.0, 1.0), (90.0, 1.0)])
def test_numbers_begin_at_32_and_fade_in_over_16_pixels(cell: float, strength: float) -> None:
    assert number_strength(cell, 32.0) == pytest.approx(strength)


def test_the_grid_begins_at_10_pixels_and_coordinates_at_72() -> None:
    assert (grid_strength(10.0), grid_strength(11.0) > 0, grid_strength(32.0)) == (0.0, True, 1.0)
    assert COORDINATES_FROM == 72.0


def shown(view: ImageView) -> npt.NDArray[np.uint8]:
    image = view.grab().toImage()
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return lines[:, : image.width(), 2::-1].copy()


@pytest.fixture
def area(qtbot: QtBot, context: Context) -> PanelArea:
    """All panels, without the rest of the window."""
    made = PanelArea(context)
    qtbot.addWidget(made)
    made.resize(1000, 560)
    made.show()
    return made


def grey_view(qtbot: QtBot, context: Context, zoom: float) -> ImageView:
    """Six by nine pixels of one middle grey, .625."""
    values = np.full((6, 9), 0.625, np.float32)
    context.session.do("grey", edits.set_source(array_source(values, "grey")))
    context.session.do("as it is", edits.set_preparation(Preparation()))
    context.view.set(camera=Camera(3.0, 4.5, zoom))
    view = ImageView(context, "source")
    qtbot.addWidget(view)
    view.resize(331, 247)
    view.show()
    return view


def inside(view: ImageView, row: int, col: int) -> npt.NDArray[np.uint8]:
    """The device pixels within one cell, its edges left out."""
    top, left = view.frame.edge(row, col)
    bottom, right = view.frame.edge(row + 1, col + 1)
    return shown(view)[top + 2 : bottom - 2, left + 2 : right - 2]


@pytest.mark.parametrize(("zoom", "written"), [(31.0, False), (32.0, True), (48.0, True)])
def test_a_single_channel_carries_its_value_from_32_pixels(
    qtbot: QtBot, context: Context, zoom: float, written: bool
) -> None:
    view = grey_view(qtbot, context, zoom)
    context.probe.show(None)

    assert (len(np.unique(inside(view, 3, 5).reshape(-1, 3), axis=0)) > 1) == written


def test_a_number_fades_in_as_cells_grow(qtbot: QtBot, context: Context) -> None:
    view = grey_view(qtbot, context, 32.0)
    context.probe.show(None)
    faint = int(inside(view, 3, 5).min())
    context.view.set(camera=Camera(3.0, 4.5, 48.0))
    full = int(inside(view, 3, 5).min())

    assert full < 20 < faint < 159


def test_three_channels_carry_a_bar_in_each_channels_colour_from_48_pixels(area: PanelArea) -> None:
    area.context.view.set(layout="single", selected="source", camera=Camera(3.0, 5.0, 72.0))
    area.context.probe.show(None)
    view = area.view("source")
    cell = {tuple(colour) for colour in inside(view, 2, 6).reshape(-1, 3).tolist()}

    assert {colour.getRgb()[:3] for colour in CHANNEL_COLOURS} <= cell

    area.context.view.set(camera=Camera(3.0, 5.0, 47.0))
    assert len({tuple(colour) for colour in inside(view, 2, 6).reshape(-1, 3).tolist()}) == 1


def test_i_leaves_the_grid_then_nothing_then_all_again(workbench: Workbench) -> None:
    workbench.context.view.set(layout="single", selected="source", camera=Camera(3.0, 5.0, 80.0))
    workbench.context.probe.show(None)
    view = workbench.window.panel_area.view("source")
    view.setFocus()
    everything = shown(view)
    QTest.keyClick(view, Qt.Key.Key_I)
    plain = inside(view, 2, 6)
    edge = view.frame.edge(2, 6)

    assert (plain == plain[0, 0]).all()
    assert (shown(view)[edge[0] + 9, edge[1] - 1] != shown(view)[edge[0] + 9, edge[1] - 9]).any()

    QTest.keyClick(view, Qt.Key.Key_I)
    colours = {tuple(colour) for colour in shown(view).reshape(-1, 3).tolist()}
    assert colours <= {tuple(colour) for colour in view.rgba[:, :, :3].reshape(-1, 3).tolist()} | {(26, 26, 26)}

    QTest.keyClick(view, Qt.Key.Key_I)
    assert np.array_equal(shown(view), everything)


def test_numbers_are_made_once_while_the_camera_rests(
    qtbot: QtBot, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = grey_view(qtbot, context, 48.0)
    view.grab()
    monkeypatch.setattr("workbench.ui.image_view.pixel_layer", lambda *_: pytest.fail("made again"))
    view.grab()

    assert view.frame.cell == (48.0, 48.0)
