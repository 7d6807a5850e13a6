"""The export dialog: the preview is the file, choices follow each other, and failures are a line in the dialog."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from workbench.figures.gather import gather
from workbench.figures.render import preview, render
from workbench.kernels.arrays import Window
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.jobs import InlineRunner
from workbench.ui.dialogs import export
from workbench.ui.dialogs.export import ExportDialog

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dialog(qtbot, context):
    made = ExportDialog(context, None, InlineRunner())
    qtbot.addWidget(made)
    made.show()
    return made


def toggle(box):
    QTest.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))


def choose_path(monkeypatch, path):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))


def test_the_reference_and_the_first_methods_are_chosen(dialog):
    assert dialog.spec.columns == ("original", "s1", "s2", "s3")
    assert dialog.spec.rows == ("image", "difference")


def test_a_column_is_left_out_by_its_box(dialog):
    toggle(dialog.choices.columns["s2"])

    assert dialog.spec.columns == ("original", "s1", "s3")


def test_where_grids_differ_the_figure_opens_without_differences(qtbot, context):
    context.session.do("Other scale", edits.set_method("s2", from_text("bilinear:scale=3")))
    dialog = ExportDialog(context, None, InlineRunner())
    qtbot.addWidget(dialog)
    dialog.show()

    assert dialog.spec is not None
    assert "difference" not in dialog.spec.rows
    assert dialog.choices.rows["difference"].isEnabled()


def test_slots_equal_to_an_earlier_one_begin_unchecked(qtbot, context):
    context.session.do("Duplicate", edits.duplicate_slot("s1"))
    made = ExportDialog(context, None, InlineRunner())
    qtbot.addWidget(made)

    assert not made.choices.columns["s4"].isChecked()
    assert made.choices.columns["s4"].detail.text() == "same as 1"


def test_nothing_chosen_is_said_and_cannot_be_exported(dialog):
    for box in dialog.choices.columns.values():
        toggle(box)

    assert dialog.note.text() == "Columns: choose at least one."
    assert not dialog.export_button.isEnabled()


def test_the_preview_is_the_raster_of_the_file(dialog, context):
    toggle(dialog.choices.letters)
    page = dialog._page
    wanted = preview(gather(context.session.value, dialog.spec))
    image = page.image
    shown = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())

    assert page.pixels == (wanted.shape[1], wanted.shape[0])
    assert np.array_equal(shown[:, : 4 * image.width()].reshape(image.height(), image.width(), 4), wanted)


def test_an_inset_shows_the_region_that_was_typed(dialog):
    toggle(dialog.choices.rows["inset"])
    field = dialog.choices.region_field
    field.selectAll()
    QTest.keyClicks(field, "1, 2, 3, 5")
    QTest.keyClick(field, Qt.Key.Key_Return)

    assert dialog.spec.rows == ("image", "inset", "difference")
    assert dialog.spec.region == Window(1, 2, 4, 7)


@pytest.mark.parametrize("text", ["1, 2, 3", "a, b, c, d", "5, 9, 4, 4"])
def test_a_region_that_cannot_be_is_named(dialog, text):
    toggle(dialog.choices.rows["inset"])
    field = dialog.choices.region_field
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)

    assert dialog.note.text().startswith("Region: must")
    assert not dialog.export_button.isEnabled()


def test_enter_in_the_region_s_field_does_not_export(dialog, monkeypatch):
    asked = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (asked.append(1) or "", ""))
    toggle(dialog.choices.rows["inset"])
    QTest.keyClick(dialog.choices.region_field, Qt.Key.Key_Return)

    assert not asked


def test_the_page_says_its_size_in_print(dialog):
    width = dialog.choices.width_field
    width.setFocus()
    QTest.keyClick(width, Qt.Key.Key_Down)

    assert dialog.spec.width_mm == 120
    assert dialog.view.caption.startswith("120 × ")


def test_the_file_name_follows_the_format(dialog):
    before = dialog.name.text()
    QTest.keyClick(dialog.choices.format_field, Qt.Key.Key_Down)

    assert before == "ramp-comparison.pdf"
    assert dialog.name.text() == "ramp-comparison.png"


def test_export_writes_the_figure_and_what_belongs_beside_it(dialog, context, monkeypatch, tmp_path):
    choose_path(monkeypatch, tmp_path / "fig.png")
    QTest.keyClick(dialog.choices.format_field, Qt.Key.Key_Down)
    spec = dialog.spec
    QTest.mouseClick(dialog.export_button, LEFT)
    written = np.asarray(Image.open(tmp_path / "fig.png"))
    wanted = np.asarray(Image.open(io.BytesIO(render(gather(context.session.value, spec), "png"))))

    assert np.array_equal(written, wanted)
    assert {path.name for path in tmp_path.iterdir()} == {"fig.png", "fig.upsampling.json", "fig.txt", "fig.csv"}
    assert dialog.result() == 1


def test_a_name_without_a_suffix_gets_that_of_the_format(dialog, monkeypatch, tmp_path):
    choose_path(monkeypatch, tmp_path / "figure 2.1")
    QTest.keyClick(dialog.choices.format_field, Qt.Key.Key_Down)
    QTest.mouseClick(dialog.export_button, LEFT)

    assert (tmp_path / "figure 2.1.png").exists()


def test_a_folder_that_is_not_there_is_a_line_in_the_dialog(dialog, monkeypatch, tmp_path):
    choose_path(monkeypatch, tmp_path / "gone" / "fig.pdf")
    QTest.mouseClick(dialog.export_button, LEFT)

    assert "fig.pdf" in dialog.note.text()
    assert dialog.isVisible()
    assert dialog.export_button.isEnabled()


def test_the_caption_goes_to_the_clipboard(dialog):
    QTest.mouseClick(dialog.copy_button, LEFT)

    assert QGuiApplication.clipboard().text().startswith("(a) Original, 20 × 12 px; (b) Nearest")


def test_escape_closes_without_writing(dialog, monkeypatch):
    QTest.keyClick(dialog, Qt.Key.Key_Escape)

    assert not dialog.isVisible()
    assert dialog.result() == 0


def test_drawing_happens_on_a_thread_of_its_own_and_lands(qtbot, context):
    made = ExportDialog(context, None)
    qtbot.addWidget(made)

    assert made.spec is None
    qtbot.waitUntil(lambda: made.spec is not None)
    assert made.export_button.isEnabled()
    made.reject()
    qtbot.waitUntil(lambda: made._runner._closed)


def test_without_a_reference_there_is_no_row_of_differences(qtbot, context):
    from workbench.model.document import Preparation

    context.session.do("Prepare", edits.set_preparation(Preparation()))
    made = ExportDialog(context, None, InlineRunner())
    qtbot.addWidget(made)
    box = made.choices.rows["difference"]

    assert not box.isEnabled()
    assert "choose a slot as the reference" in box.toolTip()
    assert "difference" not in made.spec.rows


def test_a_window_behind_the_dialog_is_dimmed_while_it_is_open(qtbot, context):
    from PySide6.QtWidgets import QWidget

    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 700)
    window.show()
    made = ExportDialog(context, window, InlineRunner())
    made.show()

    assert window.findChild(export.Shade).isVisible()
    made.reject()
