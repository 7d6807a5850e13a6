"""The loupe: all pictures side by side in one lens, nearest, frozen by the lock, and an inset on request."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.gestures import click, hover, wheel
from workbench.model.colormaps import load
from workbench.model.display import to_display
from workbench.model.document import Region
from workbench.model.probe import ProbePoint
from workbench.model.view_state import Camera
from workbench.ui.app import Workbench
from workbench.ui.commands.flicker import FlickerCommands
from workbench.ui.commands.loupe import LoupeCommands
from workbench.ui.dialogs.export_choices import ExportChoices
from workbench.ui.loupe import Lens

Z = Qt.Key.Key_Z


def group(workbench: Workbench, kind: type):
    return next(one for one in workbench.commands.groups if isinstance(one, kind))


@pytest.fixture
def workbench(kept_workbench: Workbench) -> Workbench:
    """One window for all tests here."""
    return kept_workbench


@pytest.fixture
def lens(workbench: Workbench) -> Lens:
    """The pointer over pixel (5, 9) of slot 1, the loupe latched at 8×."""
    workbench.window.activateWindow()
    workbench.context.view.set(selected="s1", camera=Camera(3.0, 5.0, 4.0), docks=frozenset())
    group(workbench, FlickerCommands).momentary.clock = lambda: 0.0
    workbench.window.focus_images()
    hover(workbench.window.panel_area.view("s1"), (5, 9))
    QTest.keyClick(QApplication.focusWidget(), Z)
    QApplication.processEvents()
    return group(workbench, LoupeCommands).lens


def pixels(lens: Lens, panel: str) -> np.ndarray:
    """What is painted in a picture's cell, red green blue."""
    cell = next(cell for cell in lens.cells() if cell.panel == panel)
    image = lens.grab(cell.rect).toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def test_all_pictures_stand_side_by_side_in_one_lens(lens, workbench):
    tops = {cell.rect.top() for cell in lens.cells()}

    assert lens.isVisible()
    assert [cell.panel for cell in lens.cells()] == ["source", "original", "s1", "s2", "s3"]
    assert len(tops) == 1
    assert workbench.context.view.value.loupe == 8


@pytest.mark.parametrize("panel", ["source", "s1", "s3"])
def test_every_pixel_is_enlarged_by_a_whole_number_to_its_exact_colour(lens, workbench, panel):
    cell = next(cell for cell in lens.cells() if cell.panel == panel)
    frame, seen = lens.frame_in(cell), pixels(lens, panel)
    context = workbench.context
    values = context.results.prepared.values if panel == "source" else context.results.ready(panel).whole
    expected = to_display(values, context.view.value.image_range, load("gray"))[:, :, :3]

    assert frame.cell == ((8.0, 8.0) if panel == "source" else (4.0, 4.0))
    checked = 0
    for row, col in ((1, 1), (3, 2), (4, 8) if panel == "source" else (9, 17)):
        y, x = frame.edge(row, col)
        block = seen[y : y + int(frame.cell[0]), x : x + int(frame.cell[1])]
        assert (block == expected[row, col]).all()
        checked += 1
    assert checked == 3


def test_the_probed_pixel_is_in_the_middle_of_every_cell_and_framed(lens, workbench):
    for cell in lens.cells():
        frame = lens.frame_in(cell)
        y, x = frame.device(*lens.centre())

        assert abs(y - cell.rect.height() / 2) <= 1
        assert abs(x - cell.rect.width() / 2) <= 1
    middle = pixels(lens, "s2")[76 - 8 : 76 + 8, 76 - 8 : 76 + 8]
    assert (middle == 255).all(axis=2).any()


def test_the_wheel_goes_through_8_16_and_32(lens, workbench):
    view, seen = workbench.window.panel_area.view("s1"), []
    camera = workbench.context.view.value.camera
    for delta in (60, 60, 120, 120, -120):
        wheel(view, QPointF(60, 60), delta)
        seen.append(workbench.context.view.value.loupe)

    assert seen == [8, 16, 32, 32, 16]
    assert workbench.context.view.value.camera == camera


def test_it_follows_the_pointer_and_the_arrow_keys(lens, workbench):
    first = lens.centre()
    hover(workbench.window.panel_area.view("s1"), (2, 3))
    second = lens.centre()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)

    assert (first, second, lens.centre()) == ((2.75, 4.75), (1.25, 1.75), (1.25, 2.25))


def test_the_lock_freezes_it(lens, workbench):
    view = workbench.window.panel_area.view("s1")
    click(view, (5, 9))
    place, centre = lens.pos(), lens.centre()
    hover(view, (1, 2))
    hover(workbench.window.panel_area.view("s3"), (8, 15))

    assert (lens.pos(), lens.centre()) == (place, centre)
    assert not lens.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def test_it_never_covers_the_pixel_it_shows(lens, workbench):
    area = workbench.window.panel_area
    for pixel in ((0, 0), (11, 19), (5, 9)):
        hover(area.view("s1"), pixel)
        at = area.view("s1").viewport().mapTo(area, area.view("s1").position_of(pixel).toPoint())

        assert not lens.geometry().contains(at)
        assert area.rect().contains(lens.geometry())


def test_held_it_goes_with_the_key(workbench, lens):
    keys = group(workbench, FlickerCommands).momentary
    QTest.keyClick(QApplication.focusWidget(), Z)
    hidden = not lens.isVisible()
    QTest.keyPress(QApplication.focusWidget(), Z)
    shown = lens.isVisible()
    keys.clock = lambda: 1.0
    QTest.keyRelease(QApplication.focusWidget(), Z)

    assert (hidden, shown, lens.isVisible()) == (True, True, False)


def test_esc_puts_it_away(workbench, lens):
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)

    assert not lens.isVisible()
    assert workbench.context.view.value.selected == "s1"


def test_the_outline_of_the_weights_can_be_had(lens, workbench):
    workbench.context.probe.show(ProbePoint("s2", 5, 9))
    before = pixels(lens, "source")
    menu = lens.menu()
    next(action for action in menu.actions() if action.text() == "Outline of the weights").trigger()
    menu.deleteLater()

    assert not np.array_equal(pixels(lens, "source"), before)


def test_sent_to_a_figure_it_becomes_the_inset(lens, workbench, monkeypatch, qtbot):
    opened: list[str] = []

    class Dialog:
        def __init__(self, *_: object) -> None: ...

        def exec(self) -> None:
            opened.append("export")

        def deleteLater(self) -> None: ...

    monkeypatch.setattr("workbench.ui.dialogs.export.ExportDialog", Dialog)
    workbench.window.action_set["loupe_to_figure"].trigger()
    region: Region = workbench.context.session.value.regions[-1]
    choices = ExportChoices(workbench.context)
    qtbot.addWidget(choices)

    assert opened == ["export"]
    assert region.rect == (0.0, 0.0, 6.0, 10.0)  # 19 source pixels would be seen: all there are
    assert choices.region_field.text() == "0, 0, 6, 10"
    assert workbench.context.session.undo_label == "Region from the loupe"


def test_differences_are_seen_in_it_where_the_panels_show_them(lens, workbench):
    workbench.context.view.set(show="differences")

    assert [cell.panel for cell in lens.cells()] == ["d:s1", "d:s2", "d:s3"]
