"""Several pictures under the same eyes, files that change on disk, and comparisons that come back as they were."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from tests.ui import gestures
from workbench.model import edits
from workbench.model.display import Range
from workbench.model.document import Region
from workbench.model.image_saving import save_image
from workbench.model.view_state import Camera
from workbench.ui.dialogs.unsaved import Answer


def picture(path: Path, level: float, shape: tuple[int, int] = (12, 20)) -> Path:
    values = np.full((*shape, 3), level, np.float32)
    values[1, 2] = 1 - level
    save_image(path, values)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "frames"
    made.mkdir()
    for number, level in ((2, 0.2), (10, 0.4), (1, 0.6)):
        picture(made / f"frame{number}.png", level)
    return made


def source_name(workbench) -> str:
    return workbench.context.session.value.source.name


def test_a_dropped_folder_is_walked_through_in_the_order_people_count(workbench, folder):
    gestures.drop(workbench.window, [folder])
    window = workbench.window
    seen = [source_name(workbench)]
    for _ in range(3):
        QTest.keyClick(window, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
        seen.append(source_name(workbench))
    QTest.keyClick(window, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)

    assert seen == ["frame1.png", "frame2.png", "frame10.png", "frame1.png"]
    assert source_name(workbench) == "frame10.png"
    assert "3 of 3" in window.windowTitle()


def test_a_walk_keeps_camera_methods_regions_and_ranges_and_is_one_step_of_undo(workbench, folder):
    context = workbench.context
    gestures.drop(workbench.window, [folder])
    context.session.do("Region", lambda value: replace(value, regions=(Region("g1", "a", 0, 1, 1, 3, 4),)))
    context.view.set(camera=Camera(2.5, 3.5, 24.0), image_range=Range(0.1, 0.7))
    before = context.session.value
    for _ in range(2):
        workbench.window.action_set["next_image"].trigger()

    assert context.view.value.camera == Camera(2.5, 3.5, 24.0)
    assert context.view.value.image_range == Range(0.1, 0.7)
    assert context.session.value.slots is before.slots
    assert context.session.value.regions == before.regions

    context.session.undo()
    assert context.session.value is before


def test_with_one_picture_there_is_no_next_and_the_reason_is_given(workbench):
    actions = workbench.window.action_set
    actions.refresh()

    assert actions.reason("next_image") == "only one picture was opened"
    assert not actions["next_image"].isEnabled()


def test_a_folder_without_pictures_says_so_and_changes_nothing(workbench, tmp_path):
    (tmp_path / "empty").mkdir()
    before = workbench.context.session.value
    gestures.drop(workbench.window, [tmp_path / "empty"])

    assert workbench.context.session.value is before
    assert workbench.window.banner.message.title == "Nothing to open in empty."


def test_a_pattern_opens_what_fits(workbench, folder):
    workbench.documents.open_places([f"{folder}/frame?.png"])

    assert [path.name for path in workbench.documents.gallery.paths] == ["frame1.png", "frame2.png"]


def test_a_file_that_changes_is_read_again_and_everything_else_stays(workbench, folder, qtbot):
    context, path = workbench.context, folder / "frame2.png"
    workbench.documents.open_path(path)
    context.view.set(camera=Camera(2.5, 3.5, 24.0), image_range=Range(0.1, 0.7))
    slots = context.session.value.slots
    picture(path, 0.8)
    os.utime(path, ns=(1, 1))
    workbench.documents._watch._tell()

    assert context.session.value.source.pixels[5, 5, 0] == 204
    assert context.view.value.camera == Camera(2.5, 3.5, 24.0)
    assert context.view.value.image_range == Range(0.1, 0.7)
    assert context.session.value.slots is slots


def test_a_file_that_changes_is_left_alone_where_that_is_wanted(workbench, folder):
    path = folder / "frame2.png"
    workbench.documents.open_path(path)
    before = workbench.context.session.value
    workbench.window.action_set["watch"].trigger()
    picture(path, 0.8)
    os.utime(path, ns=(1, 1))
    workbench.documents._watch._tell()

    assert workbench.context.session.value is before
    assert not workbench.window.action_set["watch"].isChecked()


def test_the_system_tells_when_a_file_is_replaced(workbench, folder, qtbot):
    path = folder / "frame2.png"
    workbench.documents.open_path(path)
    with qtbot.waitSignal(workbench.documents._watch.changed, timeout=5000):
        picture(path, 0.8)

    assert workbench.context.session.value.source.pixels[5, 5, 0] == 204


def test_a_saved_comparison_comes_back_as_it_was_looked_at_with_its_undo(
    qapp, workbench, folder, tmp_path, monkeypatch
):
    context, target = workbench.context, tmp_path / "a.upsampling.json"
    gestures.drop(workbench.window, [folder])
    qapp.processEvents()  # the first look has settled: what follows is remembered
    context.session.do("Hide Nearest", edits.set_hidden("s1", True))
    context.view.set(camera=Camera(3.5, 4.5, 24.0), image_range=Range(0.1, 0.7), layout="row", selected="s2", channel=2)
    looked = context.view.value
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    workbench.window.action_set["save"].trigger()
    monkeypatch.setattr("workbench.ui.documents.ask_unsaved", lambda *_: Answer.DISCARD)
    workbench.window.action_set["new"].trigger()
    workbench.documents.open_path(target)

    assert context.view.value == looked
    assert workbench.commands.going.history.can_back
    assert context.session.undo_label == "Hide Nearest"
    assert not context.session.dirty
    context.session.undo()
    assert not context.session.value.slot("s1").hidden
