"""The matrix panel: what it lights and says, and that its cells are a way to the probe."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.display import weight_rgb
from workbench.model.document import Comparison, Preparation, Slot
from workbench.model.probe import ProbePoint
from workbench.model.samples import array_source
from workbench.ui.panels.matrix import MatrixPanel
from workbench.ui.panels.matrix_layout import value_text


@pytest.fixture
def article(context):
    """The 2 × 2 lesson: a kernel of 3 × 3, stamped with stride 1."""
    source = array_source(np.array([[2.0, 1.0], [4.0, 4.0]]), "2 × 2 lesson")
    slot = Slot("s1", from_text("transposed_conv:kernel=article,stride=1"))
    context.session.load(Comparison(source, Preparation(), (slot,)))
    context.view.set(selected="s1", channel=0)
    return context


@pytest.fixture
def panel(qtbot, article):
    made = MatrixPanel(article)
    qtbot.addWidget(made)
    made.resize(320, 930)
    made.show()
    return made


def words(panel):
    return " | ".join(label.text() for label in panel.findChildren(QLabel))


def move(panel, down, across):
    """A real move of the mouse to the middle of a cell."""
    port = panel.view.viewport()
    at = QPointF(panel.view.cell_rect(down, across).center())
    kind, none = QEvent.Type.MouseMove, Qt.MouseButton.NoButton
    QApplication.sendEvent(
        port, QMouseEvent(kind, at, port.mapToGlobal(at), none, none, Qt.KeyboardModifier.NoModifier)
    )


def click(panel, down, across):
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=panel.view.cell_rect(down, across).center())


def color_at(panel, point):
    return panel.view.viewport().grab().toImage().pixelColor(point).getRgb()[:3]


def test_the_probe_lights_its_row_and_the_column_of_its_largest_term(panel, article):
    article.probe.show(ProbePoint("s1", 1, 2))

    assert "16 × 4 · row 6, column 3" in words(panel)
    assert "A[6, 3] = 4" in words(panel)
    assert "source 1, 1 reaches output 1, 2 through tap 0, 1" in words(panel)


def test_hovering_the_source_lights_its_column(panel, article):
    article.probe.hover(ProbePoint("source", 0, 1))

    assert "16 × 4 · column 1" in words(panel)
    assert "source 0, 1 reaches 9 outputs" in words(panel)


def test_hovering_a_cell_hovers_its_output_pixel(panel, article):
    move(panel, 9, 2)

    assert article.probe.hovered == ProbePoint("s1", 2, 1)
    assert "A[9, 2] = 4" in words(panel)


def test_a_cell_of_the_same_row_moves_the_column_only(panel, article):
    move(panel, 9, 2)
    move(panel, 9, 1)

    assert article.probe.hovered == ProbePoint("s1", 2, 1)
    assert "A[9, 1] = 3" in words(panel)


def test_a_zero_entry_says_that_nothing_gets_there(panel):
    move(panel, 3, 2)

    assert "A[3, 2] = 0" in words(panel)
    assert "source 1, 0 does not reach output 0, 3" in words(panel)


def test_an_output_without_a_source_holds_the_b_of_an_affine_map(panel, article):
    cropped = "bilinear:scale=2,grid=crop,region=[-0.5,-0.5,1.5,1.5],outside_value=0.7"
    article.session.do("Change", edits.set_method("s1", from_text(cropped)))
    article.probe.show(ProbePoint("s1", 0, 3))

    assert "output 0, 3 is always b = 0.7" in words(panel)


def test_leaving_the_cells_ends_the_hover_and_keeps_the_probe(panel, article):
    move(panel, 9, 2)
    QApplication.sendEvent(panel.view, QEvent(QEvent.Type.Leave))

    assert article.probe.hovered is None
    assert article.probe.active == ProbePoint("s1", 2, 1)


def test_a_click_on_a_cell_locks_its_output_pixel(panel, article):
    click(panel, 5, 0)

    assert article.probe.locked == ProbePoint("s1", 1, 1)


def test_arrow_keys_walk_from_cell_to_cell(panel, article):
    article.probe.show(ProbePoint("s1", 1, 2))
    QTest.keyClick(panel.view, Qt.Key.Key_Down)
    QTest.keyClick(panel.view, Qt.Key.Key_Left)

    assert article.probe.active == ProbePoint("s1", 1, 3)
    assert "row 7, column 2" in words(panel)


def test_arrow_keys_stop_at_the_edges(panel, article):
    article.probe.show(ProbePoint("s1", 3, 3))
    QTest.keyClick(panel.view, Qt.Key.Key_Down)

    assert article.probe.active == ProbePoint("s1", 3, 3)


def test_a_lit_weight_has_its_full_colour(panel, article):
    article.probe.show(ProbePoint("s1", 1, 2))

    assert color_at(panel, panel.view.cell_rect(6, 0).topLeft() + QPoint(6, 6)) == tuple(weight_rgb(3.0, 4.0).tolist())


def test_what_is_not_lit_is_mixed_with_the_ground(panel, article):
    article.probe.show(ProbePoint("s1", 1, 2))
    ground = np.array(article.theme.color("field").getRgb()[:3])
    mixed = np.round(0.42 * weight_rgb(3.0, 4.0) + 0.58 * ground)

    assert color_at(panel, panel.view.cell_rect(8, 0).topLeft() + QPoint(6, 6)) == tuple(mixed.astype(int).tolist())


def test_the_transposed_matrix_exchanges_rows_and_columns(panel, article):
    article.probe.show(ProbePoint("s1", 1, 2))
    panel.set_transposed(True)

    assert "4 × 16 · row 3, column 6" in words(panel)
    assert "Aᵀ[3, 6] = 4" in words(panel)


def test_hovering_a_cell_of_the_transposed_matrix_hovers_the_same_output(panel, article):
    panel.set_transposed(True)
    move(panel, 2, 9)

    assert article.probe.hovered == ProbePoint("s1", 2, 1)


def test_the_vectors_beside_the_matrix_are_the_input_and_the_output(panel, article):
    article.probe.show(ProbePoint("s1", 1, 2))
    drawing = panel.view.drawing

    assert drawing.across.values.tolist() == [2, 1, 4, 4]
    assert drawing.down.values.tolist() == article.results.ready("s1").whole.ravel().tolist()


def test_the_matrix_of_a_preparation_is_a_choice(panel, article):
    article.session.do("Prepare", edits.set_preparation(Preparation(from_text("convolution:kernel_size=1x2,stride=1"))))
    panel.choose("preparation")
    article.probe.show(ProbePoint("source", 1, 0))

    assert "Matrix C" in words(panel)
    assert "2 × 4 · row 1, column 2" in words(panel)


def test_another_panel_s_pixel_lights_the_row_at_the_same_place(qtbot, context):
    context.view.set(selected="s1")
    made = MatrixPanel(context)
    qtbot.addWidget(made)
    made.show()
    context.probe.show(ProbePoint("s2", 3, 7))

    assert made.lit()[0] == 3 * 20 + 7


def test_a_pixel_outside_the_selected_output_lights_nothing(panel, article):
    article.probe.show(ProbePoint("gone", 0, 0))

    assert panel.lit() == (None, None)


def test_a_large_matrix_scrolls_to_the_lit_row(qtbot, context):
    context.view.set(selected="s2")
    made = MatrixPanel(context)
    qtbot.addWidget(made)
    made.resize(320, 500)
    made.show()
    context.probe.show(ProbePoint("s2", 11, 3))
    row = made.view.cell_rect(11 * 20 + 3, 0)

    assert made.view.viewport().rect().contains(row.center())


def test_without_a_result_the_panel_says_what_it_waits_for(qtbot, context):
    context.session.load(Comparison())
    made = MatrixPanel(context)
    qtbot.addWidget(made)
    made.show()

    assert "No matrix yet" in words(made)


@pytest.mark.parametrize(("value", "text"), [(np.nan, "NaN"), (-np.inf, "−∞"), (3.0, "3"), (0.25, "0.250")])
def test_values_at_the_sides_may_be_missing_or_infinite(value, text):
    assert value_text(value) == text


def test_a_picture_with_missing_values_has_a_matrix(panel, article):
    pixels = np.array([[np.nan, 1.0], [np.inf, 4.0]])
    article.session.do("Holes", edits.set_source(array_source(pixels, "holes")))
    article.probe.show(ProbePoint("s1", 1, 2))

    made = article.results.ready("s1").whole
    assert not panel.grab().isNull()
    np.testing.assert_array_equal(panel.view.drawing.down.values, made.ravel())
    assert np.isfinite(made).any()
