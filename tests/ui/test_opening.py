"""The first moments of a window: images first, then all that stands around them, and nothing moves by it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui import gestures
from workbench.kernels.registry import from_text
from workbench.model import edits, start
from workbench.model.samples import array_source
from workbench.ui.app import Workbench, opened
from workbench.ui.settings import Settings
from workbench.ui.theme import Theme


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture(params=[(1600, 1000), (1280, 800), (1024, 680)], ids=lambda size: f"{size[0]}×{size[1]}")
def begun(
    request: pytest.FixtureRequest,
    qapp: QApplication,
    theme: Theme,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Workbench]:
    """A window that has just been shown, with nothing but its images."""
    monkeypatch.setenv("WORKBENCH_CATCH_ERRORS", "0")
    document = start.first_start()
    made = opened(qapp, replace(document, slots=document.slots[:2]), settings)
    made.window.resize(*request.param)
    yield made
    made.finish()
    made.close()
    made.window.hide()
    made.window.deleteLater()
    made.deleteLater()
    theme.apply(qapp)  # a window that opens brings a theme of its own


def _painted(made: Workbench) -> bool:
    area = made.window.panel_area
    return all(area.view(name).rgba is not None for name in area.names)


def _places(made: Workbench) -> dict[str, QRect]:
    """Where the pixels of each panel lie in the window."""
    area = made.window.panel_area
    views = {name: area.view(name).viewport() for name in area.names}
    return {name: QRect(view.mapTo(made.window, QPoint(0, 0)), view.size()) for name, view in views.items()}


def test_images_stand_where_they_stay_before_anything_else_is_made(begun: Workbench, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: _painted(begun))
    before = _places(begun)
    qtbot.waitUntil(lambda: hasattr(begun, "commands"))
    QApplication.processEvents()

    assert _places(begun) == before
    assert begun.window.left.isVisible()
    assert begun.window.status.isVisible()


def test_the_rest_waits_until_the_images_are_painted(begun: Workbench, qtbot: QtBot) -> None:
    seen: list[bool] = []
    furnish = begun.step
    begun.step = lambda: seen.append(_painted(begun)) or furnish()  # type: ignore[method-assign, func-returns-value]
    qtbot.waitUntil(lambda: hasattr(begun, "commands"))

    assert all(seen)
    assert len(seen) > 3


def test_a_file_dropped_at_once_is_opened(begun: Workbench, qtbot: QtBot, tmp_path: Path) -> None:
    np.save(tmp_path / "photo.npy", np.zeros((24, 36), np.uint8))
    area = begun.window.panel_area
    gestures.drop(area.view(area.names[0]).viewport(), [tmp_path / "photo.npy"])
    qtbot.waitUntil(lambda: begun.context.session.value.source.name == "photo.npy")

    assert begun.window.top_bar.isVisible()


def test_a_window_closed_at_once_leaves_quietly(begun: Workbench) -> None:
    assert begun.window.close()
    assert not begun.window.isVisible()


def test_garbage_is_collected_again_once_all_is_there(begun: Workbench, qtbot: QtBot) -> None:
    gc.disable()  # as main.py does
    try:
        qtbot.waitUntil(gc.isenabled)
    finally:
        gc.enable()

    assert hasattr(begun, "commands")


def test_an_error_before_there_is_a_banner_is_said_in_it(begun: Workbench) -> None:
    begun.window.show_error("Could not open sky.png.", "There is no such file.")
    begun.finish()

    assert begun.window.banner.isVisible()
    assert begun.window.banner.message.text == "Could not open sky.png. There is no such file."


def _round(workbench: Workbench, dock: str) -> tuple[list[QWidget], list[QWidget]]:
    """The parts of a window that Tab comes through until it is at the first of them again, and those it ought to."""
    window = workbench.window
    window.activateWindow()
    QTest.qWaitForWindowActive(window, 2000)
    window.focus_images()
    parts = [window.panel_area, window.dock(dock), window.status, window.top_bar, window.left]
    met: list[QWidget] = []
    while not met or met[0] is not met[-1] or len(met) == 1:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        stop = QApplication.focusWidget()
        met += [part for part in parts if part.isAncestorOf(stop) and part not in met[-1:]]
    begin = parts.index(met[0])
    return met[:-1], [*parts[begin:], *parts[:begin]]


def test_tab_goes_through_the_window_as_the_eye_does(workbench: Workbench) -> None:
    met, order = _round(workbench, "provenance")

    assert met == order


def test_tab_comes_to_a_form_and_a_dock_made_later_where_they_stand(workbench: Workbench) -> None:
    workbench.context.session.do("Bicubic", edits.set_method("s2", from_text("bicubic:scale=2")))
    workbench.context.view.set(selected="s2", docks=frozenset({"profile"}))
    QApplication.processEvents()
    met, order = _round(workbench, "profile")

    assert met == order


def test_tab_comes_to_chips_of_other_channels_where_those_before_stood(workbench: Workbench) -> None:
    grey = np.arange(6 * 10, dtype=np.uint8).reshape(6, 10)
    workbench.context.session.do("Grey", edits.set_source(array_source(grey, "grey")))
    workbench.window.activateWindow()
    QTest.qWaitForWindowActive(workbench.window, 2000)
    workbench.window.card.magnifier.setFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)

    assert QApplication.focusWidget().text() == "L"
