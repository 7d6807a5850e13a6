"""What tests of the window share: a gate where Qt cannot load, a theme, a small comparison, and a look at leaks."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from workbench.model.document import Comparison
    from workbench.ui.app import Workbench
    from workbench.ui.context import Context
    from workbench.ui.theme import Theme


def _missing_library() -> str | None:
    """Why Qt cannot be loaded here, naming the library, or None."""
    for module in ("PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets", "PySide6.QtSvg", "PySide6.QtOpenGLWidgets"):
        try:
            importlib.import_module(module)
        except ImportError as error:
            return str(error)
    return None


MISSING = _missing_library()
if MISSING and os.environ.get("WORKBENCH_REQUIRE_QT") == "1":
    raise RuntimeError(f"Qt is required here and cannot be loaded: {MISSING}")

collect_ignore_glob: list[str] = []


def pytest_ignore_collect(collection_path: object) -> bool | None:
    """Files here import Qt at their top: without it only the one that says so is read."""
    name = str(collection_path)
    return True if MISSING and name.endswith(".py") and "test_qt_gate" not in name else None


if not MISSING:
    from PySide6.QtCore import QStandardPaths

    # Settings and caches of the person at this machine are none of a test's business.
    QStandardPaths.setTestModeEnabled(True)


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    """The dark theme, applied; tests that change it set it back."""
    from workbench.ui.theme import Theme

    made = Theme("dark")
    made.apply(qapp)
    return made


@pytest.fixture
def comparison() -> Comparison:
    """The small one that most tests look at."""
    return small_comparison()


def small_comparison() -> Comparison:
    """A picture of 12 × 20 pixels in three colours, its block mean 2 × 2 (6 × 10), and three methods."""
    from workbench.kernels.registry import from_text
    from workbench.model.document import Comparison, Preparation, Slot
    from workbench.model.samples import array_source

    rng = np.random.default_rng(7)
    source = array_source(rng.integers(0, 256, (12, 20, 3), dtype=np.uint8), "ramp")
    texts = ("nearest:scale=2", "bilinear:scale=2", "transposed_conv:kernel=gaussian,stride=2,padding=1")
    slots = tuple(Slot(f"s{k}", from_text(text)) for k, text in enumerate(texts, 1))
    return Comparison(source, Preparation(from_text("down:2")), slots)


@pytest.fixture
def context(qapp: QApplication, theme: Theme, comparison: Comparison) -> Iterator[Context]:
    """The model of a window with everything computed, without a window."""
    from workbench.model.jobs import InlineRunner
    from workbench.model.pipeline import Pipeline
    from workbench.model.probe import Probe
    from workbench.model.results import Results
    from workbench.model.session import Session
    from workbench.model.view_state import ViewState
    from workbench.ui.context import Context

    session, view, results, runner = Session(comparison), ViewState(), Results(), InlineRunner()
    pipeline = Pipeline(session, view, results, runner)
    pipeline.start()
    made = Context(session, view, results, Probe(), pipeline, theme, runner)
    yield made
    pipeline.close()
    runner.close()


@pytest.fixture(autouse=True)
def no_widget_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test must not leave a window of its own: the next one would see it."""
    if MISSING:
        yield
        return
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    before = set(map(id, QApplication.topLevelWidgets())) if QApplication.instance() else set()
    yield
    app = QApplication.instance()
    if app is None:
        return
    from pytestqt.qtbot import _close_widgets

    _close_widgets(request.node)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [widget for widget in QApplication.topLevelWidgets() if id(widget) not in before and widget.isVisible()]
    names = [f"{type(widget).__name__} {widget.objectName()}" for widget in left]
    for widget in left:
        widget.deleteLater()

    assert not names, f"left behind: {', '.join(names)}"


def _window(qapp: QApplication, theme: Theme, comparison: Comparison, folder: Path) -> Workbench:
    from PySide6.QtCore import QSettings

    from workbench.model.jobs import InlineRunner
    from workbench.ui.app import Workbench
    from workbench.ui.settings import Settings

    settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
    made = Workbench(comparison, theme, settings, lambda post: InlineRunner())
    made.window.resize(1280, 800)
    made.window.show()
    qapp.processEvents()
    return made


@pytest.fixture
def workbench(qapp: QApplication, theme: Theme, comparison: Comparison, tmp_path: Path) -> Iterator[Workbench]:
    """The whole window on the small comparison, everything computed before it returns."""
    made = _window(qapp, theme, comparison, tmp_path)
    yield made
    made.close()
    made.window.hide()
    made.window.deleteLater()
    theme.set_mode("dark")


@pytest.fixture(scope="module")
def _kept(
    qapp: QApplication, theme: Theme, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Workbench, Comparison]]:
    opened = small_comparison()
    made = _window(qapp, theme, opened, tmp_path_factory.mktemp("kept"))
    yield made, opened
    made.close()
    made.window.hide()
    made.window.deleteLater()
    theme.set_mode("dark")


@pytest.fixture
def kept_workbench(_kept: tuple[Workbench, Comparison], qapp: QApplication) -> Workbench:
    """As ``workbench``, for files with many tests that only look: one window for all of them, looked at afresh."""
    from dataclasses import fields, replace

    from PySide6.QtTest import QTest

    from tests.ui.gestures import leave
    from workbench.model.document import View
    from workbench.model.view_state import ViewValue

    made, opened = _kept
    area, new = made.window.panel_area, ViewValue()
    made.context.session.load(replace(opened, view=View()))
    made.context.view.set(**{one.name: getattr(new, one.name) for one in fields(ViewValue) if one.name != "camera"})
    for name in area.names:
        leave(area.view(name))
    made.context.probe.show(None)
    made.window.resize(1280, 800)
    area.fit()
    qapp.processEvents()
    made.window.activateWindow()  # a menu that was open may have taken that
    QTest.qWaitForWindowActive(made.window, 2000)
    return made


@pytest.fixture
def empty_workbench(qapp: QApplication, theme: Theme, tmp_path: Path) -> Iterator[Workbench]:
    """The whole window without an image."""
    from workbench.model import start

    made = _window(qapp, theme, start.empty(), tmp_path)
    yield made
    made.close()
    made.window.hide()
    made.window.deleteLater()
    theme.set_mode("dark")


@pytest.fixture(scope="module")
def lasting_workbench(
    qapp: QApplication, theme: Theme, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workbench]:
    """A window for all tests of a file that only mark its pixels; `marked` makes it new for each."""
    from workbench.model import start

    made = _window(qapp, theme, start.empty(), tmp_path_factory.mktemp("window"))
    yield made
    made.close()
    made.window.hide()
    made.window.deleteLater()


@pytest.fixture
def marked(qapp: QApplication, lasting_workbench: Workbench, comparison: Comparison) -> Workbench:
    """The whole window on the small comparison as it is when it opens, without a dock and without marks."""
    from workbench.model.view_state import ViewValue

    context, fresh = lasting_workbench.context, ViewValue()
    context.session.load(comparison)
    context.view.set(
        tool="none", region=None, line=None, pin=None, docks=frozenset(), selected="s2", layout="grid", show="images",
        channel=1, placing=fresh.placing, camera=fresh.camera,
    )  # fmt: skip
    context.probe.show(None)
    qapp.processEvents()
    lasting_workbench.window.panel_area.fit()
    lasting_workbench.window.activateWindow()
    lasting_workbench.window.focus_images()
    qapp.processEvents()
    return lasting_workbench
