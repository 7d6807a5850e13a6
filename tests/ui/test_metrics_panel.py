"""The metrics panel: heads that sort, rows that select, a button where numbers wait, and text to take away."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtTest import QTest

from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.measuring import ON_REQUEST, without
from workbench.model.metrics_table import COLUMNS, table_text
from workbench.ui.panels.metrics import HEAD, ROW, MetricsPanel


@pytest.fixture
def panel(qtbot, context):
    made = MetricsPanel(context)
    qtbot.addWidget(made)
    made.resize(1200, made.height())
    made.show()
    return made


def column(id):
    return next(k for k, one in enumerate(COLUMNS) if one.id == id)


def shown(panel, id):
    model = panel.model
    return [model.index(row, column(id)).data() for row in range(model.rowCount())]


def click_head(panel, id):
    heads = panel.table.heads
    at = QPoint(heads.sectionViewportPosition(column(id)) + 20, heads.height() // 2)
    QTest.mouseClick(heads.viewport(), Qt.MouseButton.LeftButton, pos=at)


def click_cell(panel, row, id):
    rect = panel.table.visualRect(panel.model.index(row, column(id)))
    QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())


def test_rows_begin_sorted_by_psnr_the_best_first(panel):
    numbers = [float(text.removesuffix(" dB").replace("−", "-")) for text in shown(panel, "psnr")]

    assert len(numbers) == 3
    assert numbers == sorted(numbers, reverse=True)


def test_with_the_keys_in_the_table_control_c_copies_it(workbench):
    workbench.context.view.set(docks=frozenset({"metrics"}))
    panel = workbench.window.dock("metrics")
    panel.table.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert QGuiApplication.clipboard().text() == table_text(panel.model.rows, "tsv")


def test_a_click_on_a_head_sorts_and_a_second_one_turns_it_round(panel):
    click_head(panel, "mae")
    rising = shown(panel, "mae")
    click_head(panel, "mae")

    assert rising == sorted(rising)
    assert shown(panel, "mae") == rising[::-1]


def test_the_head_that_sorts_carries_the_mark(panel):
    click_head(panel, "mse")
    heads = [panel.model.headerData(k, Qt.Orientation.Horizontal) for k in range(len(COLUMNS))]

    assert [head for head in heads if "▴" in head or "▾" in head] == ["MSE ▴"]


def test_heads_are_reached_and_sorted_with_the_keyboard(panel):
    heads = panel.table.heads
    QTest.keyClick(heads, Qt.Key.Key_Right)
    QTest.keyClick(heads, Qt.Key.Key_Right)
    QTest.keyClick(heads, Qt.Key.Key_Space)

    assert panel.model.column == "mse"
    assert shown(panel, "mse") == sorted(shown(panel, "mse"))


def test_the_best_numbers_are_painted_bold(panel):
    best = [row.id for row in panel.model.rows if panel.model.is_best(row, "psnr")]

    assert best == [panel.model.rows[0].id]


def test_a_click_on_a_row_selects_its_slot(panel, context):
    last = panel.model.rows[2].id
    click_cell(panel, 2, "mae")

    assert context.view.value.selected == last


def test_down_in_the_table_selects_the_next_row(panel, context):
    click_cell(panel, 0, "mae")
    QTest.keyClick(panel.table, Qt.Key.Key_Down)

    assert context.view.value.selected == panel.model.rows[1].id


def test_large_outputs_have_a_cell_that_asks_for_the_numbers(panel, context, monkeypatch):
    asked = []
    monkeypatch.setattr(context.pipeline, "request_whole", asked.append)
    fresh = MetricsPanel(context)
    ready = context.results.ready("s2")
    context.results.put("s2", replace(ready, whole=None, metrics=without(ON_REQUEST, ready.slot.method)))
    fresh.show()
    row = next(k for k, one in enumerate(fresh.model.rows) if one.id == "s2")

    assert shown(fresh, "psnr")[row] == "Compute…"
    click_cell(fresh, row, "psnr")
    assert asked == ["s2"]
    fresh.close()


def test_the_reference_says_so_once(panel, context):
    context.session.do("Reference", edits.set_reference("s1"))
    row = next(one for one in panel.model.rows if one.id == "s1")

    assert row.text("psnr") == "reference"
    assert row.text("mae") == ""
    assert panel.settings.text().startswith("against 1 Nearest")


def test_the_head_says_how_the_numbers_were_taken(panel, context):
    context.session.do("Remove", edits.remove_slot("s3"))
    wanted = (
        "against Original · from its Block mean, mean of 2×2 px · whole image · data range 1 · encoded values · "
        "no crop · not clipped · best in bold"
    )

    assert panel.settings.text() == wanted


def test_a_head_says_how_its_numbers_were_taken(panel):
    tips = [
        panel.model.headerData(k, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole) for k in range(len(COLUMNS))
    ]

    assert all(panel.settings.text() in tips[column(id)] for id in ("psnr", "bias", "ms_ssim", "gmsd"))
    assert "no crop" not in tips[column("kappa")]


def test_a_difference_has_one_letter_in_all_heads(panel):
    tips = [
        panel.model.headerData(k, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole) for k in range(len(COLUMNS))
    ]

    assert tips[column("bias")].startswith("Bias: mean of d; d = slot − reference")
    assert tips[column("max_error")].startswith("Max |d|: largest |d|;")


def test_the_head_says_when_an_output_covers_less_than_the_reference(panel, context):
    assert context.results.ready("s3").shape == (11, 19)
    assert "where both have pixels" in panel.settings.text()


def test_the_panel_is_as_high_as_its_rows_and_at_most_nine(panel, context):
    assert panel.height() == HEAD + ROW + 3 * ROW
    for _ in range(8):
        context.session.do("Add", edits.add_slot(from_text("nearest:scale=2")))

    assert panel.model.rowCount() == 11
    assert panel.height() == HEAD + ROW + 9 * ROW


def test_numbers_are_right_aligned_under_their_heads(panel):
    index = panel.model.index(0, column("ssim"))

    assert index.data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight


def test_every_head_explains_its_measure(panel):
    tips = [
        panel.model.headerData(k, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole) for k in range(len(COLUMNS))
    ]

    assert "10 log₁₀(R² / MSE)" in tips[column("psnr")]
    assert all(tips)


def test_copied_rows_stand_in_the_order_shown(panel):
    panel.copy("tsv")
    lines = QGuiApplication.clipboard().text().splitlines()

    assert [line.split("\t")[0] for line in lines[1:]] == [f"{row.number} {row.title}" for row in panel.model.rows]


def test_no_head_of_the_table_is_cut_where_it_is_narrow(panel, theme):
    panel.resize(700, panel.height())
    metrics = QFontMetrics(theme.font(12, 400))
    room = [panel.table.columnWidth(section) - 24 for section in range(len(COLUMNS))]

    assert [
        one.label for one, width in zip(COLUMNS, room, strict=True) if metrics.horizontalAdvance(one.label) > width
    ] == []
