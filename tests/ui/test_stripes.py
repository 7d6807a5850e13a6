"""Stripes by their key: they cover what lies beyond and nothing else, and the header leads to the worst."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.gestures import place
from tests.ui.test_ranges import press, values
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.display import Range, Tone
from workbench.model.view_state import Camera


@pytest.fixture
def ringing(workbench):
    context = workbench.context
    context.session.do("Method", edits.set_method("s1", from_text("lanczos:scale=2")))
    context.view.set(layout="single", selected="s1", annotations="none", camera=Camera(3.0, 5.0, 64.0))
    seen = []
    for _ in range(7):
        press(workbench, "B", "s1")
        seen.append(context.view.value.stripes)

    assert seen == ["nominal", "source", "footprint", "off", "nominal", "source", "footprint"]
    return workbench


def test_stripes_cover_the_pixels_beyond_and_no_others(ringing):
    found = ringing.commands.ranges.stripes.found("s1")
    view = ringing.window.panel_area.view("s1")
    striped = view.grab().toImage()
    ringing.context.view.set(stripes="off")
    plain = view.grab().toImage()
    seen = view.frame.visible((12, 20))
    size = int(view.frame.cell[1])

    checked = 0
    for row in range(seen.top + 1, seen.bottom - 1):
        for col in range(seen.left + 1, seen.right - 1):
            middle = place(view, (row, col)).toPoint()
            differ = any(
                striped.pixelColor(middle.x() + d, middle.y()) != plain.pixelColor(middle.x() + d, middle.y())
                for d in range(-size // 3, size // 3)
            )
            assert differ == bool(found.above[row, col] or found.below[row, col]), (row, col)
            checked += 1
    assert checked > 20


def test_the_header_tells_how_much_rings_and_a_click_goes_to_the_worst(ringing):
    found = ringing.commands.ranges.stripes.found("s1")
    panel = ringing.window.panel_area.panel("s1")
    chip = next(chip for chip in panel.header.shown_text.chips if chip.startswith("ringing"))
    panel.header.grab()
    QTest.mouseClick(panel.header, Qt.MouseButton.LeftButton, pos=panel.header.chip_rect(chip).center())
    camera, probe = ringing.context.view.value.camera, ringing.context.probe.active

    assert f"{found.count} px" in next(one for one in panel.header.text.chips if one.startswith("ringing"))
    assert (probe.slot, probe.row, probe.col) == ("s1", *found.where)
    assert (camera.y, camera.x) == ((found.where.row + 0.5) / 2, (found.where.col + 0.5) / 2)


def test_stripes_follow_a_changed_parameter(ringing):
    ringing.context.session.do("Method", edits.set_method("s1", from_text("nearest:scale=2")))

    assert ringing.commands.ranges.stripes.found("s1").count == 0
    assert "no ringing" in ringing.window.panel_area.panel("s1").header.text.chips


def test_readouts_are_never_clamped_by_what_is_shown(ringing):
    ringing.context.view.set(image_range=Range(0.4, 0.5), image_tone=Tone(4.0, 0.1, 2.0), fixed_marks=True)
    part = ringing.context.results.part("s1")

    assert part.values.max() == values(ringing, "s1")[part.window.slices].max() > 0.5
