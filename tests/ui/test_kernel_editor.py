"""The kernel in the form: named, typed cell by cell, or read from a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from workbench.kernels.method import Method
from workbench.kernels.registry import from_text
from workbench.kernels.weights import ARTICLE_KERNEL
from workbench.model import edits
from workbench.ui.context import Context
from workbench.ui.field_form import FieldRow
from workbench.ui.form import MethodForm
from workbench.ui.kernel_editor import LOAD, KernelEditor
from workbench.ui.kernel_taps import lit_taps


@pytest.fixture
def form(qtbot, context: Context) -> MethodForm:
    """The form of slot s2, a bilinear ×2, in an active window."""
    context.view.set(selected="s2")
    made = MethodForm(context)
    qtbot.addWidget(made)
    made.resize(255, 600)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def method(context: Context, id: str = "s2") -> Method:
    slot = context.session.value.slot(id)
    assert slot is not None
    return slot.method


def row(form: MethodForm, name: str) -> FieldRow:
    return form.fields.rows[name]


def choose(combo: QWidget, text: str) -> None:
    """Pick a line of a list by its first letters."""
    combo.setFocus()
    QTest.keyClicks(combo, text)


@pytest.fixture
def stamp(form: MethodForm, context: Context) -> MethodForm:
    """The form of slot s3, a transposed convolution with stride 2."""
    context.view.set(selected="s3")
    return form


def kernel_of(form: MethodForm) -> KernelEditor:
    editor = row(form, "kernel").editor
    assert isinstance(editor, KernelEditor)
    return editor


@pytest.fixture
def own(stamp: MethodForm, context: Context, qtbot) -> MethodForm:
    """The form of slot s3 with the article's K as a table of its own."""
    table = [list(line) for line in ARTICLE_KERNEL]
    context.session.do("x", edits.set_method("s3", replace(method(context, "s3"), kernel=table)))
    qtbot.waitUntil(lambda: kernel_of(stamp).grid.width() > 60)
    return stamp


def test_a_table_of_ones_own_begins_with_the_weights_of_the_preset(stamp: MethodForm, context: Context) -> None:
    weights = method(context, "s3").weights()
    kernel_of(stamp).choose("Own table")

    assert np.array_equal(method(context, "s3").kernel, weights)


def test_a_weight_is_typed_into_its_cell(own: MethodForm, context: Context) -> None:
    grid = kernel_of(own).grid
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.cell_rect(2, 1).center())
    QTest.keyClick(grid, Qt.Key.Key_7)
    QTest.keyClick(own.focusWidget(), Qt.Key.Key_Return)

    assert method(context, "s3").kernel == ((1, 4, 1), (1, 4, 3), (3, 7, 1))


def test_arrows_walk_through_the_cells_and_tab_writes_and_goes_on(own: MethodForm, context: Context) -> None:
    grid = kernel_of(own).grid
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    QTest.keyClick(grid, Qt.Key.Key_Down)
    QTest.keyClicks(grid, "5")
    QTest.keyClick(own.focusWidget(), Qt.Key.Key_Tab)
    QTest.keyClicks(own.focusWidget(), "-2")
    QTest.keyClick(own.focusWidget(), Qt.Key.Key_Return)

    assert method(context, "s3").kernel == ((1, 4, 1), (5, -2, 3), (3, 3, 1))


def test_escape_leaves_the_cell_as_it_was(own: MethodForm, context: Context) -> None:
    grid = kernel_of(own).grid
    QTest.mouseDClick(grid, Qt.MouseButton.LeftButton, pos=grid.cell_rect(0, 2).center())
    QTest.keyClicks(own.focusWidget(), "9")
    QTest.keyClick(own.focusWidget(), Qt.Key.Key_Escape)

    assert method(context, "s3").kernel == ARTICLE_KERNEL


def test_what_is_no_number_leaves_the_cell_as_it_was(own: MethodForm, context: Context) -> None:
    grid = kernel_of(own).grid
    QTest.mouseDClick(grid, Qt.MouseButton.LeftButton, pos=grid.cell_rect(0, 2).center())
    QTest.keyClicks(own.focusWidget(), "1-")
    QTest.keyClick(own.focusWidget(), Qt.Key.Key_Return)

    assert method(context, "s3").kernel == ARTICLE_KERNEL


def test_a_row_is_added_at_the_far_side(own: MethodForm, context: Context) -> None:
    kernel_of(own).resize_table(1, 0)

    assert method(context, "s3").kernel == (*ARTICLE_KERNEL, (0, 0, 0))


def test_cells_have_the_colours_of_weights(own: MethodForm) -> None:
    from workbench.model.display import weight_rgb

    grid = kernel_of(own).grid
    image = grid.grab().toImage()
    corner = grid.cell_rect(1, 2).topLeft() + QPoint(4, 4)
    colour = image.pixelColor(corner * image.devicePixelRatio())

    assert [colour.red(), colour.green(), colour.blue()] == weight_rgb([3.0], 4.0)[0].tolist()


def test_a_kernel_is_read_from_a_file(own: MethodForm, context: Context, tmp_path: Path) -> None:
    np.save(tmp_path / "k.npy", np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.5]]))
    kernel_of(own).load(tmp_path / "k.npy")

    assert method(context, "s3").kernel == ((1, 2, 3), (4, 5, 6.5))


def test_a_file_without_a_kernel_is_said_under_the_field(own: MethodForm, tmp_path: Path) -> None:
    np.save(tmp_path / "k.npy", np.zeros(5))
    kernel_of(own).load(tmp_path / "k.npy")

    assert "k.npy must hold a table" in row(own, "kernel").note.text()


def test_the_menu_of_a_table_offers_presets_and_a_file(own: MethodForm) -> None:
    names = [action.text() for action in kernel_of(own).choices.menu().actions()]

    assert {"Add a row", "Gauss", LOAD} <= set(names)


def test_taps_in_use_are_those_of_the_row_of_a() -> None:
    stamp = from_text("transposed_conv:kernel=article,stride=1")

    assert lit_taps(stamp, (2, 2), (1, 2)) == {(0, 1), (0, 2), (1, 1), (1, 2)}


@pytest.mark.parametrize("pixel", [(0, 0), (3, 1), (2, 4), (1, 7)])
def test_as_many_taps_are_lit_as_the_row_has_weights(pixel: tuple[int, int]) -> None:
    from workbench.kernels.method import SourceSpec

    stamp = from_text("transposed_conv:kernel=random,kernel_size=4x3,stride=2x3,padding=1,dilation=1x2")
    operator = stamp.operator(SourceSpec((3, 5)))

    assert len(lit_taps(stamp, (3, 5), pixel)) == len(operator.row(*pixel).weights)


def test_a_cell_typed_into_the_kernel_of_the_article_makes_it_ones_own(stamp: MethodForm, context: Context) -> None:
    context.session.do("x", edits.set_method("s3", replace(method(context, "s3"), kernel="article")))
    grid = kernel_of(stamp).grid
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    QTest.keyClick(grid, Qt.Key.Key_6)
    QTest.keyClick(stamp.focusWidget(), Qt.Key.Key_Return)

    assert method(context, "s3").kernel == ((6, 4, 1), (1, 4, 3), (3, 3, 1))
