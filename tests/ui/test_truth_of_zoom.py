"""A checkerboard at every rung from 1/16 to 32 is itself, or its exact mean with a badge and an envelope."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui import zoom_truth
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.probe import ProbePoint
from workbench.model.view_state import Camera
from workbench.ui.app import Workbench
from workbench.ui.camera import LOST, SMOOTH, UNEQUAL
from workbench.ui.context import Context

RATIOS = ("1.25", "1.5", "2")


@pytest.fixture(scope="module")
def reports() -> Iterator[dict[str, subprocess.Popen[str]]]:
    root = Path(__file__).resolve().parents[2]
    started = {
        ratio: subprocess.Popen(
            [sys.executable, "-c", "from tests.ui.zoom_truth import main; main()"],
            env={**os.environ, "QT_SCALE_FACTOR": ratio, "QT_QPA_PLATFORM": "offscreen"},
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for ratio in RATIOS
    }
    yield started
    for process in started.values():
        process.kill()
        process.communicate()


@pytest.mark.parametrize("period", [1, 2])
def test_a_checkerboard_is_never_flat_or_moire_without_a_word(
    qapp: QApplication, qtbot: QtBot, context: Context, period: int
) -> None:
    zoom_truth.show_board(context, period)
    window, view = zoom_truth.framed(context)
    qtbot.addWidget(window)

    assert zoom_truth.lies(qapp, context, window, view, period) == []


@pytest.mark.parametrize("ratio", RATIOS)
def test_nor_is_it_at_another_device_ratio(reports: dict[str, subprocess.Popen[str]], ratio: str) -> None:
    out, errors = reports[ratio].communicate(timeout=120)

    assert reports[ratio].returncode == 0, errors
    assert json.loads(out.strip().splitlines()[-1]) == {"ratio": float(ratio), "lies": []}


def test_the_badge_of_lost_structure_stands_in_the_header_and_says_what_to_do(workbench: Workbench) -> None:
    workbench.context.view.set(camera=Camera(3.0, 5.0, 0.25), layout="single", selected="s1")
    header = workbench.window.panel_area.panel("s1").header

    assert LOST in header.shown_text.chips
    assert header.shown_text.filter == "mean of 8×8"
    assert "judge artefacts at 1:1" in header.toolTip()


def test_a_narrow_header_shortens_the_badge_before_it_goes(workbench: Workbench) -> None:
    workbench.context.view.set(camera=Camera(3.0, 5.0, 0.25), layout="single", selected="s2")
    header = workbench.window.panel_area.panel("s2").header
    header.resize(330, header.height())

    assert "1–2 px lost" in header.shown_text.chips
    assert header.shown_text.filter == "mean of 8×8"


def test_two_and_three_times_fall_back_to_the_selected_panel_and_the_others_say_so(workbench: Workbench) -> None:
    context, area = workbench.context, workbench.window.panel_area
    context.session.do("three", edits.set_method("s2", from_text("bilinear:scale=3")))
    context.view.set(selected="s1", camera=Camera(3.0, 5.0, 2.0))
    area.zoom_step(1)

    assert context.view.value.camera.zoom == 4.0
    assert UNEQUAL in area.panel("s2").header.text.chips
    assert UNEQUAL not in area.panel("s1").header.text.chips


def test_t_blends_magnified_pixels_and_every_header_says_so(workbench: Workbench) -> None:
    context, area = workbench.context, workbench.window.panel_area
    context.view.set(camera=Camera(3.0, 5.0, 16.0))
    context.probe.show(ProbePoint("s1", 0, 0))
    view = area.view("s1")
    view.setFocus()
    before = view.grab().toImage()
    QTest.keyClick(view, Qt.Key.Key_T)
    after = view.grab().toImage()
    at = view.place_of(3.0, 5.0).toPoint()  # a corner between four pixels of the output

    assert {area.panel(name).header.text.filter for name in area.names} == {SMOOTH}
    assert before.pixelColor(at) != after.pixelColor(at)
    four = [before.pixelColor(at.x() + dx, at.y() + dy).red() for dx in (-2, 2) for dy in (-2, 2)]
    assert abs(after.pixelColor(at).red() - sum(four) / 4) <= 12

    QTest.keyClick(view, Qt.Key.Key_T)
    assert view.grab().toImage() == before


def test_smoothing_leaves_the_middle_of_a_pixel_and_reduced_views_alone(workbench: Workbench) -> None:
    context, view = workbench.context, workbench.window.panel_area.view("s1")
    context.view.set(camera=Camera(3.0, 5.0, 18.0), smooth=True)
    context.probe.show(ProbePoint("s1", 0, 0))
    middle = view.place_of(3.25, 5.25).toPoint()

    assert view.grab().toImage().pixelColor(middle).getRgb()[:3] == tuple(view.rgba[6, 10, :3].tolist())

    context.view.set(camera=Camera(3.0, 5.0, 0.5))
    assert view.view_filter.long == "mean of 4×4"
