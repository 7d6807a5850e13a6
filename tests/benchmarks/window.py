"""Prints what the window costs: pointer, a dragged parameter, the first paint. ``make bench`` runs it at the end.

Needs Qt, unlike the other tables, and no other libraries. Times are wall clock on the platform that Qt runs on;
offscreen draws the same pixels by the same code as a screen.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from PySide6.QtCore import QPointF, QSettings
from PySide6.QtWidgets import QApplication

from tests.ui import gestures
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.document import Comparison, Preparation, Slot
from workbench.model.samples import array_source
from workbench.ui.app import Workbench, application
from workbench.ui.settings import Settings
from workbench.ui.theme import Theme

SIDE = 8192
METHODS = ("nearest:scale=2", "bicubic:scale=2", "transposed_conv:kernel=bilinear,kernel_size=4,stride=2,padding=1")
MOVES, STEPS, STARTS = 120, 60, 7

BARE = """
import sys, time
import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget
app = QApplication([])
window = QWidget(); grid = QGridLayout(window)
picture = np.random.default_rng(0).integers(0, 256, (300, 451, 3), dtype=np.uint8)
views = []
for k in range(4):
    view = pg.GraphicsView(); box = pg.ViewBox(); view.setCentralItem(box)
    box.addItem(pg.ImageItem(picture, axisOrder="row-major", levels=None))
    grid.addWidget(view, k // 2, k % 2); views.append(view)
window.resize(1600, 1000); window.show(); app.processEvents()
for view in views: view.grab()
print(time.time())
"""
OURS = """
import os, sys, time
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
from workbench.ui.app import application, Workbench
from workbench.ui.settings import Settings
from workbench.ui.theme import Theme
from workbench.model import start
from PySide6.QtCore import QSettings
app = application(); theme = Theme("dark"); theme.apply(app)
{document}
made = Workbench(document, theme, Settings(QSettings(sys.argv[1], QSettings.Format.IniFormat)))
made.window.resize(1600, 1000); made.window.show(); app.processEvents()
{until}
made.window.grab()
print(time.time(), flush=True)
made.close()
os._exit(0)
"""
SHELL = OURS.format(document="document = start.empty()", until="")
COMPARED = OURS.format(
    document="from dataclasses import replace\ndocument = start.first_start(); "
    "document = replace(document, slots=document.slots[:3])",
    until="area = made.window.panel_area\nwhile not all(made.context.results.part(name) for name in area.names): "
    "app.processEvents()",
)


def lines() -> Iterator[tuple[str, str, float, float]]:
    """Title, unit, bound (an upper one, or a lower one for frames) and what was measured."""
    yield from _first_paint()
    app, made = _open()
    try:
        yield from _pointer(app, made)
        yield from _parameter(app, made)
    finally:
        made.close()


def _first_paint() -> Iterator[tuple[str, str, float, float]]:
    taken: dict[str, list[float]] = {"bare": [], "shell": [], "four panels": []}
    scripts = {"bare": BARE, "shell": SHELL, "four panels": COMPARED}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(STARTS):
            for name, script in scripts.items():
                begin = time.time()
                words = [sys.executable, "-c", script, str(Path(folder) / "settings.ini")]
                done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
                taken[name].append(float(done.stdout.split()[-1]) - begin)
    bare = median(taken["bare"])
    yield "first paint of a bare window with four images", "ms", float("inf"), bare * 1e3
    for name in ("shell", "four panels"):
        yield f"first paint, {name} ÷ bare", "×", 1.3, median(taken[name]) / bare


def _open() -> tuple[QApplication, Workbench]:
    app = application()
    theme = Theme("dark")
    theme.apply(app)
    store = QSettings(str(Path(tempfile.mkdtemp()) / "settings.ini"), QSettings.Format.IniFormat)
    pixels = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE), dtype=np.uint8)
    slots = tuple(Slot(f"s{k}", from_text(text)) for k, text in enumerate(METHODS, 1))
    made = Workbench(Comparison(array_source(pixels, "noise"), Preparation(), slots), theme, Settings(store))
    made.window.resize(1600, 1000)
    made.window.show()
    _settle(app, made)
    made.window.panel_area.zoom_to(8.0)
    _settle(app, made)
    return app, made


def _settle(app: QApplication, made: Workbench, seconds: float = 60) -> None:
    end = time.perf_counter() + seconds
    names = made.window.panel_area.names
    while time.perf_counter() < end:
        app.processEvents()
        if not made.runner.busy and all(made.context.results.part(name) is not None for name in names):
            return
        time.sleep(0.002)


def _pointer(app: QApplication, made: Workbench) -> Iterator[tuple[str, str, float, float]]:
    area = made.window.panel_area
    for name in ("source", "s2"):
        view, taken = area.view(name), []
        for k in range(MOVES):
            at = QPointF(40 + k * 2.7, 30 + k * 1.9)
            begin = time.perf_counter()
            gestures.hover_at(view, at)
            app.processEvents()
            taken.append((time.perf_counter() - begin) * 1e3)
        taken.sort()
        where = "source" if name == "source" else "output"
        yield f"pointer moves over {where} → 4 panels of {SIDE}² repainted, median", "ms", 10, median(taken)
        yield f"pointer moves over {where} → 4 panels of {SIDE}² repainted, p95", "ms", 16, taken[int(0.95 * MOVES)]


def _parameter(app: QApplication, made: Workbench) -> Iterator[tuple[str, str, float, float]]:
    """Each turn of a spin box waits for its pixels: so many turns a second can be seen."""
    session, results = made.context.session, made.context.results
    begin = time.perf_counter()
    for k in range(STEPS):
        old = results.part("s2")
        method = from_text(f"bicubic:scale=2,a={-0.3 - k / 200:.4f}")
        session.do("Change a", edits.set_method("s2", method), merge="a")
        while results.part("s2") is old:
            app.processEvents()
        app.processEvents()
    yield (
        f"a parameter is dragged on {SIDE}²: frames of the visible window",
        "/s",
        -30,
        STEPS / (time.perf_counter() - begin),
    )


if __name__ == "__main__":
    print("| the window | target | measured |\n|---|---|---|")
    for title, unit, bound, value in lines():
        wanted = "" if bound == float("inf") else f"≥ {-bound:g} {unit}" if bound < 0 else f"≤ {bound:g} {unit}"
        missed = value < -bound if bound < 0 else value > bound
        print(f"| {title} | {wanted} | {value:.2f} {unit}{' ✗' if missed else ''} |", flush=True)
