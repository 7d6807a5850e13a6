"""The regions dock: places to type over, exact numbers, means by phase, and metrics of a region."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from workbench.kernels.metrics import measure
from workbench.kernels.phases import PhaseTable
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.document import Comparison, Slot
from workbench.model.samples import array_source


@pytest.fixture
def dock(marked):
    marked.context.session.do("Add", edits.add_region((1.0, 2.0, 4.0, 7.0)))
    marked.context.view.set(docks=frozenset({"regions"}))
    return marked.window.dock("regions")


def type_into(table, row, column, text):
    """Double-click a cell, type, Return."""
    rect = table.visualRect(table.numbers.index(row, column))
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    editor = table.findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()  # Return is taken once the key has been


def test_a_place_is_typed_over(marked, dock):
    type_into(dock.places, 0, 4, "6.5")

    assert marked.context.session.value.regions[0].rect == (1.0, 2.0, 4.0, 8.5)


def test_a_name_is_typed_over(marked, dock):
    type_into(dock.places, 0, 0, "Eye")

    assert marked.context.session.value.regions[0].name == "Eye"


@pytest.mark.parametrize(("text", "said"), [("x", "must be a number"), ("-2", "must be above 0")])
def test_what_is_no_height_is_refused_with_a_sentence(marked, dock, text, said):
    before = marked.context.session.value.regions
    type_into(dock.places, 0, 3, text)

    assert marked.context.session.value.regions is before
    assert said in dock.head.note.text()


@pytest.mark.parametrize("text", ["nan", "-inf", "1e12"])
def test_a_place_beyond_every_picture_is_refused_with_its_own_sentence(marked, dock, text):
    before = marked.context.session.value.regions
    type_into(dock.places, 0, 1, text)

    assert marked.context.session.value.regions is before
    assert dock.head.note.text() == f"top: must be a number below 1e9, not {text}"


def test_numbers_are_those_of_numpy_on_the_slots_own_pixels(marked, dock):
    part = marked.context.results.ready("s2").whole[2:8, 4:14, 1]
    row = next(row for row in dock.numbers.numbers.rows if row[0].text.startswith("2 "))

    assert row[1].text == "60"
    assert float(row[4].full) == pytest.approx(part.mean(), rel=1e-14)
    assert float(row[5].full) == pytest.approx(part.std(), rel=1e-13)
    assert float(row[7].full) == np.median(part)


def test_another_channel_shows_its_numbers(marked, dock):
    before = dock.numbers.numbers.rows
    marked.context.view.set(channel=2)

    assert dock.numbers.numbers.rows != before
    assert "channel B" in dock.head.note.text()


def test_the_means_of_the_four_phases_are_shown_for_the_marked_slot(marked, dock):
    rect = dock.numbers.visualRect(dock.numbers.numbers.index(2, 0))
    QTest.mouseClick(dock.numbers.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    whole = marked.context.results.ready("s2").whole[2:8, 4:14, 1]
    line = " · ".join(f"{whole[0::2, q::2].mean():.6g}" for q in (0, 1))

    assert line in dock.phases.text


def test_a_partial_phase_cell_is_said(marked, dock):
    assert "partial" not in dock.head.note.text()
    marked.context.session.do("Move", edits.move_region("g1", (1.0, 2.0, 4.5, 7.0)))

    assert "partial phase cells" in dock.head.note.text()


def test_a_phase_that_a_region_misses_has_no_mean(marked, dock):
    marked.context.session.do("Move", edits.move_region("g1", (1.0, 2.0, 1.5, 7.0)))
    dock.phases.grab()
    values = marked.context.results.ready("s3").whole[2:3, 4:14, 1]
    line = " · ".join(f"{values[:, q::2].mean():.6g}" for q in (0, 1))

    assert dock.phases.text.splitlines()[1:] == [line, "– · –"]


def test_means_that_differ_by_rounding_only_have_one_shade(marked, dock):
    alike, apart = (np.array([[0.3, 0.3 + d], [0.3, 0.3]]) for d in (1e-8, 1e-4))
    shades = []
    for means in (alike, apart):
        dock.phases.show_phases(PhaseTable(np.ones((2, 2), np.int64), means, np.zeros((2, 2))), "")
        shades.append({dock.phases.grey(mean) for mean in means.ravel().tolist()})

    assert [len(one) for one in shades] == [1, 2]


def test_small_numbers_are_told_in_the_table_and_no_number_by_a_word(marked, dock):
    values = np.full((12, 20), 1e-5)
    values[:, 10:] = np.nan
    marked.context.session.load(Comparison(array_source(values), slots=(Slot("s1", from_text("nearest:scale=2")),)))
    marked.context.session.do("Add", edits.add_region((1.0, 2.0, 4.0, 7.0)))
    row = dock.numbers.numbers.rows[1]
    assert [cell.text for cell in row[2:5]] == ["1e−05"] * 3

    marked.context.session.do("Move", edits.move_region("g1", (1.0, 12.0, 4.0, 17.0)))
    row = dock.numbers.numbers.rows[1]
    assert (row[1].text, row[4].text, row[-1].text) == ("0", "NaN", "–")
    assert dock.phases.text == "no finite value in the region"


def test_a_region_beside_the_picture_says_no_pixels(marked, dock):
    marked.context.session.do("Move", edits.move_region("g1", (-4.0, -4.0, -1.0, -1.0)))

    assert {row[1].text for row in dock.numbers.numbers.rows} == {"no pixels"}


def test_delete_in_the_list_removes_the_region(marked, dock):
    dock.places.setCurrentIndex(dock.places.numbers.index(0, 0))
    QTest.keyClick(dock.places, Qt.Key.Key_Delete)

    assert marked.context.session.value.regions == ()


def test_what_is_copied_holds_every_channel(marked, dock):
    QTest.mouseClick(dock.copy_button, Qt.MouseButton.LeftButton)
    lines = QGuiApplication.clipboard().text().splitlines()

    assert lines[0].split("\t")[:3] == ["picture", "channel", "n"]
    assert [line.split("\t")[1] for line in lines[1:4]] == ["R", "G", "B"]


def test_ctrl_c_in_the_table_copies_the_table_and_not_the_card(marked, dock):
    dock.numbers.setFocus()
    QTest.keyClick(dock.numbers, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert QGuiApplication.clipboard().text().splitlines()[0].startswith("Picture\tn\tmin")


def test_metrics_can_be_those_of_the_selected_region(marked):
    context = marked.context
    context.session.do("Add", edits.add_region((1.0, 2.0, 4.0, 7.0), "Eye"))
    context.view.set(docks=frozenset({"metrics"}))
    panel = marked.window.dock("metrics")
    assert not panel.region_toggle.isEnabled()

    context.view.set(region="g1")
    QTest.mouseClick(panel.region_toggle, Qt.MouseButton.LeftButton)
    whole, original = context.results.ready("s2").whole, context.results.prepared.original
    wanted = measure(whole[2:8, 4:14], original[2:8, 4:14])
    row = next(row for row in panel.model.rows if row.id == "s2")

    assert row.values["psnr"] == pytest.approx(wanted["psnr"])
    assert row.text("ssim") == "side < 11 px"
    assert "· Eye ·" in panel.settings.text()


def test_without_a_region_the_metrics_are_of_the_whole_again(marked):
    context = marked.context
    context.session.do("Add", edits.add_region((1.0, 2.0, 4.0, 7.0)))
    context.view.set(docks=frozenset({"metrics"}), region="g1")
    panel = marked.window.dock("metrics")
    QTest.mouseClick(panel.region_toggle, Qt.MouseButton.LeftButton)
    context.view.set(region=None)

    assert "whole image" in panel.settings.text() or "where both have pixels" in panel.settings.text()
    assert panel.region is None
