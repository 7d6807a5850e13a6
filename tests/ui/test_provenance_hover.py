"""What pointing at taps, differences and pins lights, on the pixels and in words."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.gestures import hover, key, leave
from tests.ui.provenance_scene import LAYER, area, colour_at, pooled, say, zoom
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.display import weight_rgb
from workbench.model.document import Pin
from workbench.model.lessons import load_lesson
from workbench.model.peak import peak_weight
from workbench.model.probe import ProbePoint, TapPoint
from workbench.ui.app import Workbench
from workbench.ui.context import Context
from workbench.ui.kernel_editor import KernelGrid
from workbench.ui.panels.panel_area import PanelArea
from workbench.ui.panels.provenance_card import ProvenanceCard

__all__ = ["area"]


# ---- taps --------------------------------------------------------------------------------------------------------


def test_a_tap_colours_every_pair_that_uses_it(area: PanelArea, context: Context) -> None:
    context.session.do("layer", edits.set_method("s3", from_text(LAYER)))
    context.probe.hover_tap(TapPoint("s3", 0, 2))
    source, output = area.view("source").marks.lattice, area.view("s3").marks.lattice

    # Output 2i − 1, 2j + 1: row −1 does not exist.
    assert (source.rows, source.cols) == (range(1, 6), range(0, 10))
    assert (output.rows, output.cols) == (range(1, 10, 2), range(1, 20, 2))
    assert area.view("s2").marks.lattice is None
    assert say(context) == "Tap 0, 2 of 3 Transposed conv = 3: used 50 times, 10 cropped"


def test_a_tap_is_painted_in_the_colour_of_its_weight(area: PanelArea, context: Context) -> None:
    context.session.do("layer", edits.set_method("s3", from_text(LAYER)))
    context.probe.hover_tap(TapPoint("s3", 0, 2))
    rgb = tuple(weight_rgb(3.0, peak_weight(context.results.ready("s3").operator)).tolist())
    zoom(context, area, 2.5, 3.5, 20.0)

    assert colour_at(area.view("source"), 2.5, 3.5) == rgb
    assert colour_at(area.view("s3"), 3.5, 5.5) == rgb
    assert colour_at(area.view("s3"), 2.5, 5.5) != rgb


def test_many_small_pixels_of_a_tap_are_painted_too(area: PanelArea, context: Context) -> None:
    pooled(context, np.random.default_rng(2).random((300, 320)), "down:2", LAYER)
    context.probe.hover_tap(TapPoint("s1", 1, 1))
    zoom(context, area, 75.0, 80.0, 4.0)
    rgb = tuple(weight_rgb(5.0, peak_weight(context.results.ready("s1").operator)).tolist())

    assert colour_at(area.view("source"), 75.5, 80.5) == rgb
    assert colour_at(area.view("s1"), 150.5, 160.5) == rgb
    assert colour_at(area.view("s1"), 151.5, 161.5) != rgb


def grid_of(workbench: Workbench) -> KernelGrid:
    context = workbench.window.context
    context.session.do("layer", edits.set_method("s3", from_text(LAYER)))
    context.view.set(selected="s3")
    QApplication.processEvents()
    return next(one for one in workbench.window.findChildren(KernelGrid) if one.isVisible())


def point_at(grid: KernelGrid, row: int, col: int) -> None:
    place = QPointF(grid.cell_rect(row, col).center())
    none, off = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, place, grid.mapToGlobal(place), none, none, off)
    QApplication.sendEvent(grid, event)


def test_the_pointer_on_the_kernels_drawing_lights_its_pairs(workbench: Workbench) -> None:
    grid, window = grid_of(workbench), workbench.window
    point_at(grid, 0, 2)
    said, value = window.status.text, window.card.value
    QApplication.sendEvent(grid, QEvent(QEvent.Type.Leave))

    assert said == "Tap 0, 2 of 3 Transposed conv = 3: used 50 times, 10 cropped"
    assert value == 3
    assert window.context.probe.tap is None


def test_the_arrow_keys_walk_over_the_taps(workbench: Workbench) -> None:
    grid = grid_of(workbench)
    grid.setFocus()
    key(grid, Qt.Key.Key_Right)
    tap = workbench.window.context.probe.tap

    assert tap == TapPoint("s3", 0, 1)


def test_shift_k_changes_the_drawing(workbench: Workbench) -> None:
    window = workbench.window
    window.panel_area.view("s3").setFocus()
    window.action_set["scatter"].trigger()

    assert [one.toString() for one in window.action_set["scatter"].shortcuts()] == ["Shift+K"]
    assert window.context.view.value.scatter
    assert window.action_set["scatter"].isChecked()


def test_the_matrix_lights_the_row_in_gather_and_the_column_in_scatter(workbench: Workbench) -> None:
    context = workbench.window.context
    context.session.load(load_lesson("article-deconv"))
    context.view.set(docks=frozenset({"matrix"}), selected="s1")
    context.probe.show(ProbePoint("s1", 1, 2))
    QApplication.processEvents()
    matrix = workbench.window.matrix
    gather = matrix.lit()
    context.view.set(scatter=True)

    assert gather[0] == 6
    assert matrix.lit() == (None, gather[1])


# ---- differences -------------------------------------------------------------------------------------------------


def test_a_difference_pixel_shows_the_row_of_a_minus_b_on_the_source(area: PanelArea, context: Context) -> None:
    context.session.do("reference", edits.set_reference("s1"))
    context.view.set(layout="pairs")
    hover(area.view("d:s2"), (5, 8))
    marks = area.view("source").marks if "source" in area.names else None
    point = context.probe.hovered
    context.view.set(layout="row", show="images")
    context.probe.show(point)
    marks = marks or area.view("source").marks
    a, b = (context.results.ready(id).operator.row(5, 8).dense() for id in ("s2", "s1"))
    shown = np.zeros_like(a)
    shown[marks.plates.rows, marks.plates.cols] = marks.plates.weights

    assert point == ProbePoint("s2", 5, 8, against=True)
    np.testing.assert_allclose(shown, a - b, atol=1e-16)


def test_the_card_splits_a_difference_by_source_pixel(area: PanelArea, context: Context, qtbot: QtBot) -> None:
    card = ProvenanceCard(context)
    qtbot.addWidget(card)
    context.session.do("reference", edits.set_reference("s1"))
    context.view.set(show="differences")
    hover(area.view("d:s2"), (5, 8))
    values = context.results.prepared.values.astype(np.float64)
    outputs = [context.results.ready(id).operator.apply(values)[5, 8, 1] for id in ("s2", "s1")]

    assert card.strip.pair.split.sum() == pytest.approx(outputs[0] - outputs[1], rel=1e-12)
    assert say(context).startswith("Row of A − B: ")


def test_a_difference_to_the_original_takes_it_off_at_the_end(area: PanelArea, context: Context, qtbot: QtBot) -> None:
    card = ProvenanceCard(context)
    qtbot.addWidget(card)
    context.view.set(show="differences")
    hover(area.view("d:s2"), (5, 8))
    original = float(context.results.prepared.original[5, 8, 1])

    assert card.formula.minus == ("original", original)
    assert card.formula.answer == pytest.approx(card.value, rel=1e-12)
    leave(area.view("d:s2"))


def test_a_source_pixel_says_what_it_counts_and_covers(area: PanelArea, context: Context) -> None:
    context.view.set(selected="s2")
    hover(area.view("source"), (2, 7))

    assert say(context) == (
        "Column of A: 16 outputs of source (2, 7) in Bilinear · this pixel counts 4.00 · area 4 × 4"
    )


def test_two_pins_are_compared_and_esc_ends_it(workbench: Workbench) -> None:
    window, context = workbench.window, workbench.window.context
    for point in (ProbePoint("s2", 3, 4), ProbePoint("s2", 6, 11), ProbePoint("s1", 8, 2)):
        context.probe.show(point)
        window.action_set.refresh()
        window.action_set["pin"].trigger()
    context.view.set(pin=0)
    context.view.set(pin=1)
    window.action_set["compare_pins"].trigger()
    pair = window.card.strip.pair
    key(window, Qt.Key.Key_Escape)

    assert (pair.first.pixel, pair.second.pixel) == ((3, 4), (6, 11))
    assert window.card.strip.pair is None


def test_a_pin_that_goes_is_compared_no_more(workbench: Workbench) -> None:
    window, context = workbench.window, workbench.window.context
    assert window.action_set.reason("compare_pins") == "there are no two pins: P pins the probe"
    for point in (ProbePoint("s2", 3, 4), ProbePoint("s1", 8, 2)):
        context.probe.show(point)
        window.action_set.refresh()
        window.action_set["pin"].trigger()
    window.action_set["compare_pins"].trigger()
    compared = context.probe.pair
    context.session.undo()

    assert compared == (ProbePoint("s2", 3, 4), ProbePoint("s1", 8, 2))
    assert context.probe.pair is None


@pytest.fixture
def chosen(kept_workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """Three pins, the first two of them chosen in the table: a click, and a click with Shift."""
    context = kept_workbench.context
    for pin in (Pin("s2", 3, 4), Pin("s2", 6, 11), Pin("s1", 8, 2)):
        context.session.do("Pin", edits.toggle_pin(pin))
    context.view.set(docks=frozenset({"pins", "provenance"}))
    table = kept_workbench.window.dock("pins").table
    for row, modifiers in ((0, Qt.KeyboardModifier.NoModifier), (1, Qt.KeyboardModifier.ShiftModifier)):
        at = table.visualRect(table.numbers.index(row, 0)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, modifiers, at)
    return kept_workbench


def test_two_pins_chosen_in_the_table_stay_compared_while_methods_change(chosen: Workbench) -> None:
    chosen.context.session.do("Change", edits.set_method("s1", from_text("bicubic:scale=2")))

    assert chosen.context.probe.pair == (ProbePoint("s2", 3, 4), ProbePoint("s2", 6, 11))


def test_two_pins_chosen_in_the_table_are_what_the_command_shows_and_esc_ends(chosen: Workbench) -> None:
    checked = chosen.window.action_set["compare_pins"].isChecked()
    key(chosen.window, Qt.Key.Key_Escape)

    assert checked
    assert chosen.context.probe.pair is None


def test_pins_that_are_compared_are_followed_where_they_go(chosen: Workbench) -> None:
    chosen.context.session.do("Move pin", edits.move_pin(1, Pin("s2", 7, 12)))

    assert chosen.context.probe.pair == (ProbePoint("s2", 3, 4), ProbePoint("s2", 7, 12))


def test_without_one_of_two_compared_pins_no_other_takes_its_place(chosen: Workbench) -> None:
    chosen.context.session.do("Remove pin", edits.remove_pin(0))

    assert chosen.context.probe.pair is None
