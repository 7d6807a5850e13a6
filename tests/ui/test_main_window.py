"""The window as a whole: what opens, what a drop does, what is asked before work is lost, what keys reach."""

from __future__ import annotations

import numpy as np
import PySide6
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from tests.ui import gestures
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.display import Range
from workbench.model.probe import ProbePoint
from workbench.model.results import Ready
from workbench.model.view_state import Camera
from workbench.ui import documents
from workbench.ui.dialogs.unsaved import Answer
from workbench.ui.top_bar import parse_zoom


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "photo.npy"
    np.save(path, np.random.default_rng(3).integers(0, 256, (24, 36, 3), dtype=np.uint8))
    return path


def test_a_dropped_file_becomes_the_source(workbench, photo):
    area = workbench.window.panel_area
    accepted = gestures.drop(area.view(area.names[0]).viewport(), [photo])

    assert accepted

    assert workbench.context.session.value.source.name == "photo.npy"
    assert workbench.context.session.undo_label == "Open photo.npy"


def test_what_is_no_image_leaves_the_comparison_as_it_was(workbench, tmp_path):
    before = workbench.context.session.value
    path = tmp_path / "notes.txt"
    path.write_text("not an image")
    workbench.documents.open_path(path)

    assert workbench.context.session.value is before
    assert workbench.window.banner.isVisibleTo(workbench.window)


def test_a_comparison_is_saved_and_opened_again(workbench, photo, tmp_path, monkeypatch):
    workbench.documents.open_path(photo)
    target = tmp_path / "one.upsampling.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_words: (str(target), ""))
    QTest.keyClick(workbench.window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    saved = workbench.context.session.value
    workbench.documents.new()
    workbench.documents.open_path(target)

    assert not workbench.context.session.dirty
    assert [slot.method for slot in workbench.context.session.value.slots] == [slot.method for slot in saved.slots]
    assert np.array_equal(workbench.context.session.value.source.pixels, saved.source.pixels)


@pytest.mark.parametrize(("answer", "stays"), [(Answer.CANCEL, True), (Answer.DISCARD, False)])
def test_unsaved_work_is_asked_for_before_it_goes(workbench, monkeypatch, answer, stays):
    asked = []
    monkeypatch.setattr(documents, "ask_unsaved", lambda *_args: asked.append(1) or answer)
    workbench.context.session.do("Add", edits.add_slot(from_text("nearest")))
    slots = len(workbench.context.session.value.slots)
    QTest.keyClick(workbench.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)

    assert asked
    assert (len(workbench.context.session.value.slots) == slots) is stays


def test_undo_and_redo_walk_every_edit(workbench):
    session = workbench.context.session
    first = session.value
    for id in ("duplicate", "move_down", "hide_slot", "make_reference", "remove"):
        workbench.window.action_set[id].trigger()
    last = session.value
    while session.undo_label:
        QTest.keyClick(workbench.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    assert session.value is first
    while session.redo_label:
        workbench.window.action_set["redo"].trigger()
    assert session.value == last


def test_one_bottom_dock_at_a_time(workbench):
    QTest.keyClick(workbench.window, Qt.Key.Key_F12)

    assert workbench.window.dock("metrics").isVisible()
    assert not workbench.window.card.isVisible()
    QTest.keyClick(workbench.window, Qt.Key.Key_F3)
    assert not workbench.window.dock("metrics").isVisible()
    assert workbench.window.card.isVisible()


def test_a_bare_key_acts_on_the_images_and_not_in_a_field(workbench):
    workbench.window.focus_images()
    area = workbench.window.panel_area
    view = area.view(area.names[0])
    QTest.keyClick(view, Qt.Key.Key_D)
    assert workbench.context.view.value.show == "differences"

    field = workbench.window.top_bar._zoom.lineEdit()
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_D)
    assert workbench.context.view.value.show == "differences"


def test_a_typed_zoom_is_taken_at_the_nearest_whole_pixel(workbench):
    field = workbench.window.top_bar._zoom.lineEdit()
    field.setFocus()
    field.setText("9")
    QTest.keyClick(field, Qt.Key.Key_Return)

    assert workbench.context.view.value.camera.zoom in (8.0, 9.0, 10.0)


@pytest.mark.parametrize("last", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_after_the_zoom_the_images_have_the_keys_again(workbench, last):
    window = workbench.window
    window.activateWindow()
    field = window.top_bar._zoom
    field.setFocus()
    QTest.keyClicks(field.lineEdit(), "7")
    QTest.keyClick(QApplication.focusWidget(), last)

    assert window.panel_area.isAncestorOf(QApplication.focusWidget())
    assert field.currentText() == "48×"


@pytest.mark.parametrize(
    ("text", "zoom"), [("12×", 12), ("1/3", 1 / 3), ("50 %", 0.5), ("x", None), ("-2", None), ("1/0", None)]
)
def test_zoom_is_read_in_the_ways_people_write_it(text, zoom):
    assert parse_zoom(text) == zoom


def test_escape_releases_the_lock(workbench):
    probe = workbench.context.probe
    probe.click(ProbePoint("s1", 3, 5))
    workbench.window.focus_images()
    area = workbench.window.panel_area
    view = area.view(area.names[0])
    QTest.keyClick(view, Qt.Key.Key_Escape)

    assert probe.locked is None
    assert probe.active == ProbePoint("s1", 3, 5)


def test_escape_takes_a_pan_back_and_keeps_the_lock(workbench):
    view, probe = workbench.window.panel_area.view("s2"), workbench.context.probe
    gestures.click(view, (3, 4))
    locked, camera = probe.locked, workbench.context.view.value.camera
    start, move = QPointF(40, 40), QEvent.Type.MouseMove
    gestures.send_mouse(view, QEvent.Type.MouseButtonPress, start, gestures.LEFT, gestures.LEFT)
    gestures.send_mouse(view, move, start + QPointF(30, 10), held=gestures.LEFT)
    panned = workbench.context.view.value.camera
    QTest.keyClick(view, Qt.Key.Key_Escape)
    gestures.send_mouse(view, move, start + QPointF(60, 10), held=gestures.LEFT)
    gestures.send_mouse(view, QEvent.Type.MouseButtonRelease, start + QPointF(60, 10), gestures.LEFT)

    assert panned != camera
    assert (workbench.context.view.value.camera, probe.locked) == (camera, locked)


def test_f_fits_and_shift_f_is_one_to_one(workbench):
    context, area = workbench.context, workbench.window.panel_area
    context.view.set(camera=Camera(0.0, 0.0, 64.0), selected="s1")
    workbench.window.focus_images()
    QTest.keyClick(area.view("s1"), Qt.Key.Key_F)
    fitted = context.view.value.camera.zoom
    QTest.keyClick(area.view("s1"), Qt.Key.Key_F, Qt.KeyboardModifier.ShiftModifier)

    assert fitted < 64
    assert context.view.value.camera.zoom == 2.0


def test_the_difference_range_is_fitted_only_by_a_person(workbench):
    view = workbench.context.view
    workbench.window.action_set["show_differences"].trigger()
    before = view.value.difference_range
    workbench.context.session.do("Change", edits.set_method("s1", from_text("bilinear:scale=2,grid=asymmetric")))
    assert view.value.difference_range == before

    workbench.window.action_set["range_fit"].trigger()
    ends = view.value.difference_range
    assert ends.lo == -ends.hi
    assert ends != before


def test_a_lesson_opens_with_its_pin_and_a_range_that_holds_its_numbers(workbench):
    workbench.documents.open_lesson("article-deconv")
    context = workbench.context

    assert context.session.value.lesson is not None
    pin = context.session.value.pins[0]
    assert context.probe.active == ProbePoint(pin.slot, pin.row, pin.col)
    assert context.view.value.image_range == Range(0.0, 33.0)
    assert context.view.value.own_ranges == (("source", Range(0.0, 4.0)),)


def test_the_clipboards_picture_is_pasted(workbench):
    from PySide6.QtGui import QColor, QImage

    picture = QImage(9, 7, QImage.Format.Format_RGB888)
    picture.fill(QColor(200, 100, 50))
    QApplication.clipboard().setImage(picture)
    QTest.keyClick(workbench.window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    source = workbench.context.session.value.source
    assert source.pixels.shape == (7, 9, 3)
    assert source.pixels[4, 2].tolist() == [200, 100, 50]


def test_what_was_copied_as_a_picture_can_be_pasted(workbench):
    seen = workbench.window.panel_area.size()
    workbench.window.action_set["copy_view"].trigger()
    QTest.keyClick(workbench.window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert workbench.context.session.value.source.shape == (seen.height(), seen.width())


def test_an_address_that_is_no_file_is_not_taken(workbench):
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/photo.png")])
    at = QPointF(300, 300) if PySide6.__version_info__ >= (6, 12) else QPoint(300, 300)
    enter = QDragEnterEvent(at, Qt.DropAction.CopyAction, data, gestures.LEFT, gestures.NONE)
    QApplication.sendEvent(workbench.window, enter)

    assert not enter.isAccepted()


def test_dropping_on_the_empty_state_works_too(empty_workbench, photo):
    assert gestures.drop(empty_workbench.window.empty, [photo])
    assert empty_workbench.context.session.value.source.name == "photo.npy"


def test_another_preparation_keeps_the_place_that_is_looked_at(workbench):
    from workbench.model.document import Preparation
    from workbench.model.view_state import Camera

    view = workbench.context.view
    view.set(camera=Camera(2.0, 7.0, 16.0))
    workbench.context.session.do("Use as it is", edits.set_preparation(Preparation()))

    assert view.value.camera == Camera(4.0, 14.0, 8.0)


def test_every_sample_chart_and_lesson_of_the_menus_opens(workbench, qapp, monkeypatch):
    monkeypatch.setattr(documents, "ask_unsaved", lambda *_args: Answer.DISCARD)
    opened = []
    for heading in ("File", "Help"):
        menu = next(action.menu() for action in workbench.window.menus.actions() if action.text() == f"&{heading}")
        for entry in menu.actions():
            if entry.menu() is None or entry.text() not in ("Samples", "Charts", "The article"):
                continue
            entry.menu().aboutToShow.emit()
            for number in range(len(entry.menu().actions())):
                entry.menu().aboutToShow.emit()
                entry.menu().actions()[number].trigger()
                opened.append(workbench.context.session.value.source.name)
                ready = [workbench.context.results.get(slot.id) for slot in workbench.context.session.value.slots]

                assert workbench.context.results.prepared is not None, opened[-1]
                assert any(isinstance(result, Ready) for result in ready), opened[-1]

    assert len(opened) == 4 + 9 + 7
    assert not workbench.window.banner.isVisible()


def test_another_document_opens_while_a_panel_of_the_old_one_has_the_keys(workbench, qapp, monkeypatch):
    monkeypatch.setattr(documents, "ask_unsaved", lambda *_args: Answer.DISCARD)
    window = workbench.window
    window.activateWindow()
    workbench.context.view.set(layout="pairs")
    window.panel_area.view("s2").setFocus(Qt.FocusReason.TabFocusReason)
    workbench.documents.open_lesson("article-max-unpool")
    qapp.processEvents()

    area = window.panel_area
    assert area.focusWidget() in [area.view(name) for name in area.names]
    assert workbench.context.view.value.selected == workbench.context.session.value.view.selected


def test_removing_the_slot_with_the_keys_selects_its_neighbour(workbench, qapp):
    window = workbench.window
    window.activateWindow()
    window.panel_area.view("s2").setFocus(Qt.FocusReason.TabFocusReason)
    window.action_set["remove"].trigger()
    qapp.processEvents()

    assert workbench.context.view.value.selected == "s3"


def test_undo_in_a_field_is_the_undo_of_the_comparison(workbench, qapp):
    window, session = workbench.window, workbench.context.session
    window.activateWindow()
    workbench.context.view.set(selected="s3")
    form = window.left.form.fields
    stride = form.rows["stride"].editor.fields()[0]
    stride.setFocus()
    QTest.keyClick(stride, Qt.Key.Key_Up)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    assert session.value.slot("s3").method.stride == (2, 2)
    assert session.redo_label


def test_each_menu_has_a_letter_of_its_own(workbench):
    titles = [action.text() for action in workbench.window.menus.actions()]
    letters = [title[title.index("&") + 1] for title in titles]

    assert len(set(letters)) == len(titles)


def test_in_the_smallest_window_the_form_is_a_key_away(workbench, qapp):
    window = workbench.window
    window.resize(window.minimumSize())
    qapp.processEvents()
    assert not window.left.form.isVisible()
    assert not window.action_set["methods_column"].isChecked()

    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(window, Qt.Key.Key_M, keys)
    assert window.left.form.isVisible()
    assert window.action_set["methods_column"].isChecked()


def test_in_the_smallest_window_no_menu_is_pushed_out(workbench, qapp):
    window = workbench.window
    window.resize(window.minimumSize())
    workbench.context.view.set(layout="pairs", difference_range=Range(-0.1234, 0.25))
    qapp.processEvents()
    menus = window.menus
    ends = [menus.actionGeometry(action) for action in menus.actions()]

    assert all(menus.rect().contains(end) and not end.isEmpty() for end in ends)
    assert max(end.right() for end in ends) + 8 < window.top_bar._toggles[0].mapTo(window, QPoint()).x()


def test_in_the_smallest_window_the_largest_text_pushes_no_menu_out(workbench, qapp):
    window, larger = workbench.window, workbench.window.action_set["text_larger"]
    window.resize(window.minimumSize())
    steps = 0
    while larger.isEnabled():
        larger.trigger()
        steps += 1
    qapp.processEvents()
    menus = window.menus
    inside = [menus.rect().contains(menus.actionGeometry(action)) for action in menus.actions()]
    for _ in range(steps):
        window.action_set["text_smaller"].trigger()

    assert inside == [True] * len(inside)
    assert steps > 0


def test_the_status_bar_counts_the_column_in_the_selected_method(workbench):
    workbench.context.view.set(selected="s2")
    workbench.context.probe.show(ProbePoint("source", 3, 5))

    said = workbench.window.status.text
    assert said.startswith("Column of A: 16 outputs of source (3, 5) in Bilinear")
    assert "this pixel counts 4.00" in said
