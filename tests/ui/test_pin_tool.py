"""Pins by real keys and drags: kept pixels, numbered on every panel, in a table that follows every parameter."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest

from tests.ui.gestures import key
from tests.ui.hands import SHIFT, move_to, press_at, release_at
from workbench.kernels.arrays import Pixel
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.document import ORIGINAL, SOURCE, Pin
from workbench.model.probe import ProbePoint, difference_at, value_at
from workbench.model.samples import array_source
from workbench.model.view_state import Camera
from workbench.ui.pixel_text import NUMBERS_FROM


@pytest.fixture
def area(marked):
    return marked.window.panel_area


def pins(marked):
    return marked.context.session.value.pins


def pin(marked, *all_pins):
    for one in all_pins:
        marked.context.session.do("Pin", edits.toggle_pin(one))


def test_p_pins_the_probe_and_takes_the_pin_away_again(marked, area):
    marked.context.probe.show(ProbePoint("s2", 3, 8))
    QTest.keyClick(area.view("s2"), Qt.Key.Key_P)
    assert pins(marked) == (Pin("s2", 3, 8),)

    QTest.keyClick(area.view("s2"), Qt.Key.Key_P)
    assert pins(marked) == ()


def test_p_pins_a_pixel_of_the_original_too(marked, area):
    pin(marked, Pin("s1", 2, 5))
    marked.context.probe.show(ProbePoint(ORIGINAL, 7, 4))
    QTest.keyClick(area.view("s2"), Qt.Key.Key_P)

    assert pins(marked) == (Pin("s1", 2, 5), Pin(ORIGINAL, 7, 4))


def test_the_next_pin_takes_the_probe_along_and_begins_again_behind_the_last(marked, area):
    pin(marked, Pin("s1", 2, 5), Pin(SOURCE, 1, 7))
    seen = []
    for _ in range(3):
        QTest.keyClick(area.view("s1"), Qt.Key.Key_P, SHIFT)
        point = marked.context.probe.active
        seen.append((point.slot, point.row, point.col))

    assert seen == [("s1", 2, 5), (SOURCE, 1, 7), ("s1", 2, 5)]


def plate_of(view, slot_pixel):
    """The middle of the number of a pin at a pixel."""
    return beside(view, view.position_of(Pixel(*slot_pixel)))


def beside(view, middle):
    """A place on the number of a pin with this middle: on the corner of a pixel with numbers, else right above."""
    cell = view.frame.logical_cell
    if cell < NUMBERS_FROM:
        return middle + QPointF(10, -12)
    return view.position_of(view.pixel_at(middle)) + QPointF(cell / 2 - 3, -cell / 2 + 3)


def test_a_pin_is_dragged_by_its_number_and_is_one_step_of_the_history(marked, area):
    pin(marked, Pin("s2", 3, 8))
    view = area.view("s2")
    start = plate_of(view, (3, 8))
    press_at(view, start)
    for pixel in ((4, 8), (5, 9), (6, 11)):
        move_to(view, view.position_of(Pixel(*pixel)))
    release_at(view, view.position_of(Pixel(6, 11)))
    assert pins(marked) == (Pin("s2", 6, 11),)

    marked.context.session.undo()
    assert pins(marked) == (Pin("s2", 3, 8),)


def test_a_pin_dragged_on_another_panel_goes_to_its_own_pixel_there(marked, area):
    pin(marked, Pin("s2", 2, 4))
    view = area.view("source")
    middle = view.place_of(1.25, 2.25)
    press_at(view, beside(view, middle))
    move_to(view, view.place_of(4.3, 6.8))
    release_at(view, view.place_of(4.3, 6.8))

    assert pins(marked) == (Pin("s2", 8, 13),)


def test_escape_in_a_drag_takes_it_back(marked, area):
    pin(marked, Pin("s2", 3, 8))
    view = area.view("s2")
    press_at(view, plate_of(view, (3, 8)))
    move_to(view, view.position_of(Pixel(6, 11)))
    marked.commands.escape()

    assert pins(marked) == (Pin("s2", 3, 8),)


@pytest.mark.parametrize(("modifiers", "place"), [(Qt.KeyboardModifier.NoModifier, (3, 9)), (SHIFT, (3, 10))])
def test_arrows_move_the_focused_pin_by_a_pixel_or_by_a_phase_cell(marked, area, modifiers, place):
    pin(marked, Pin("s2", 3, 8))
    marked.window.action_set["next_pin"].trigger()
    key(area.view("s1"), Qt.Key.Key_Right, modifiers)

    assert pins(marked) == (Pin("s2", *place),)
    assert (marked.context.probe.active.row, marked.context.probe.active.col) == place


def test_with_shift_a_pin_in_the_source_steps_by_the_selected_methods_q(marked, area):
    marked.context.session.do("Change", edits.set_method("s2", from_text("bilinear:scale=1.5")))  # 3 outputs for 2
    pin(marked, Pin(SOURCE, 1, 3))
    QTest.keyClick(area.view("s2"), Qt.Key.Key_P, SHIFT)
    QTest.keyClick(area.view("s2"), Qt.Key.Key_Right, SHIFT)

    assert pins(marked) == (Pin(SOURCE, 1, 5),)


def test_with_shift_a_dragged_pin_keeps_its_phase(marked, area):
    marked.context.session.do("Change", edits.set_method("s2", from_text("bilinear:scale=3")))
    pin(marked, Pin("s2", 3, 8))
    view = area.view("s2")
    press_at(view, plate_of(view, (3, 8)))
    move_to(view, view.position_of(Pixel(5, 12)), modifiers=SHIFT)
    release_at(view, view.position_of(Pixel(5, 12)))

    assert pins(marked) == (Pin("s2", 6, 11),)


def test_delete_removes_the_focused_pin_and_the_numbers_move_up(marked, area):
    pin(marked, Pin("s1", 2, 5), Pin(SOURCE, 1, 7))
    marked.window.action_set["next_pin"].trigger()
    key(area.view("s1"), Qt.Key.Key_Delete)

    assert pins(marked) == (Pin(SOURCE, 1, 7),)


def test_the_plate_is_white_on_the_pins_own_panel_and_dark_on_the_others(marked, area):
    pin(marked, Pin("s1", 5, 9))
    colours = {}
    for name, pixel in (("s1", (5, 9)), ("s2", (5, 9))):
        view = area.view(name)
        corner = plate_of(view, pixel)
        colours[name] = view.grab().toImage().pixelColor(round(corner.x()) + 7, round(corner.y()) - 7)

    assert colours["s1"] == QColor(255, 255, 255)
    assert max(colours["s2"].getRgb()[:3]) < 40


@pytest.mark.parametrize("zoom", [32, 48, 72, 80, 96, 128])
@pytest.mark.parametrize(("slot", "row", "col"), [("s2", 5, 9), ("s2", 4, 8), ("source", 2, 4)])
def test_a_pin_leaves_the_numbers_of_all_pixels_free(marked, area, zoom, slot, row, col):
    marked.context.view.set(layout="row", docks=frozenset(), camera=Camera(2.5, 4.5, zoom))
    view, bare = area.view("source"), {}
    before = shown(view)
    pin(marked, Pin(slot, row, col))
    changed = (shown(view) != before).any(axis=2)
    wide, high = (12, 6) if zoom < 72 else (26, 12)
    for pixel in [(2, 4), (1, 4), (1, 5), (2, 5), (3, 4), (2, 3)]:
        middle = view.position_of(Pixel(*pixel)).toPoint()
        bare[pixel] = changed[middle.y() - high : middle.y() + high, middle.x() - wide : middle.x() + wide].any()

    assert changed.any()
    assert not any(bare.values())


def shown(view):
    """What is seen of a view, as numbers."""
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4)[:, :, :3].copy()


@pytest.mark.parametrize("zoom", [72, 80, 96, 100])
def test_weights_leave_the_coordinates_of_their_pixels_free(marked, area, zoom):
    context = marked.context
    context.view.set(layout="row", docks=frozenset(), camera=Camera(2.5, 4.5, zoom))
    context.probe.show(ProbePoint("s2", 5, 8))
    view = area.view("source")
    frame = view.frame
    top, left = (round(v) for v in frame.edge(2, 4))
    strip = shown(view)[top + 3 : top + 15, left + round(frame.logical_cell / 2) : left + round(frame.cell[1]) - 12]

    assert len(np.unique(strip.reshape(-1, 3), axis=0)) <= 12  # the pixel's own colour and the ends of the digits
    assert (strip == strip[-1, -1]).all(axis=2).mean() > 0.6


@pytest.fixture
def dock(marked):
    marked.context.view.set(docks=frozenset({"pins"}))
    return marked.window.dock("pins")


def test_the_table_has_a_row_for_each_pin_with_values_and_differences(marked, dock):
    pin(marked, Pin("s2", 3, 8))
    context = marked.context
    value = value_at(context.results, context.session.value, "s1", Pixel(3, 8), 1)
    apart = difference_at(context.results, context.session.value, "s1", Pixel(3, 8), 1)
    heads = [head.label for head in dock.table.numbers.heads]
    cell = dock.table.numbers.rows[0][heads.index("1 Nearest")]

    assert cell.full == f"{value!r}\t{apart!r}"
    assert cell.text.startswith(f"{value:.4f}  Δ ")


def test_small_numbers_keep_their_figures_in_the_table(marked, dock):
    tiny = array_source(np.arange(1, 241, dtype=np.float64).reshape(12, 20) * 1e-6, "tiny")
    marked.context.session.do("Open", edits.set_source(tiny))
    pin(marked, Pin("s2", 3, 8))
    context = marked.context
    value = value_at(context.results, context.session.value, "s1", Pixel(3, 8), 0)
    apart = difference_at(context.results, context.session.value, "s1", Pixel(3, 8), 0)
    heads = [head.label for head in dock.table.numbers.heads]
    text = f"{value:.3g}  Δ {apart:+.3g}".replace("-", "\N{MINUS SIGN}")

    assert dock.table.numbers.rows[0][heads.index("1 Nearest")].text == text


def test_the_table_follows_a_parameter_at_once(marked, dock):
    pin(marked, Pin("s2", 3, 8))
    before = dock.table.numbers.rows
    marked.context.session.do("Change", edits.set_method("s2", from_text("bicubic:scale=2")))

    assert dock.table.numbers.rows != before


def test_a_pin_beyond_a_smaller_output_is_outside_not_wrong(marked, dock):
    pin(marked, Pin("s1", 11, 19))
    heads = [head.label for head in dock.table.numbers.heads]
    small = next(k for k, label in enumerate(heads) if label.startswith("3 "))

    assert dock.table.numbers.rows[0][small].text == "outside"


def test_a_click_on_a_row_shows_the_pins_card(marked, dock):
    pin(marked, Pin("s1", 2, 5), Pin(SOURCE, 1, 7))
    rect = dock.table.visualRect(dock.table.numbers.index(1, 0))
    QTest.mouseClick(dock.table.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())

    assert marked.context.probe.active == ProbePoint(SOURCE, 1, 7)
    assert marked.context.view.value.pin == 1


def test_shift_click_compares_two_pins_and_a_plain_click_ends_it(marked, dock, monkeypatch):
    pin(marked, Pin("s1", 2, 5), Pin("s2", 1, 7))
    told = []
    monkeypatch.setattr(marked.context.probe, "compare", told.append)
    for row, modifiers in ((0, Qt.KeyboardModifier.NoModifier), (1, SHIFT), (1, Qt.KeyboardModifier.NoModifier)):
        rect = dock.table.visualRect(dock.table.numbers.index(row, 0))
        QTest.mouseClick(dock.table.viewport(), Qt.MouseButton.LeftButton, modifiers, rect.center())

    assert told == [None, (ProbePoint("s1", 2, 5), ProbePoint("s2", 1, 7)), None]


def test_delete_in_the_table_removes_the_row(marked, dock):
    pin(marked, Pin("s1", 2, 5), Pin(SOURCE, 1, 7))
    dock.table.setCurrentIndex(dock.table.numbers.index(0, 0))
    QTest.keyClick(dock.table, Qt.Key.Key_Delete)

    assert pins(marked) == (Pin(SOURCE, 1, 7),)


def test_what_is_copied_holds_every_channel_in_full(marked, dock):
    pin(marked, Pin(SOURCE, 1, 7))
    QTest.mouseClick(dock.copy_button, Qt.MouseButton.LeftButton)
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    picked = [line for line in lines if line[4] == "Source"]
    wanted = marked.context.results.prepared.values[1, 7]

    assert [line[5] for line in picked] == ["R", "G", "B"]
    assert np.array_equal([float(line[6]) for line in picked], wanted)
