"""What reaches the screen is what `to_display` made: no foreign colour, equal cells, at every device ratio."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from workbench.model import edits
from workbench.model.colormaps import load
from workbench.model.display import Range, to_display
from workbench.model.document import Preparation
from workbench.model.samples import array_source
from workbench.model.view_state import Camera
from workbench.ui.context import Context
from workbench.ui.image_view import ImageView
from workbench.ui.panels.image_panel import ImagePanel
from workbench.ui.panels.panel_area import PanelArea

RATIOS = ("1", "1.25", "1.5", "2")

# Runs in a process of its own, since Qt reads its scale factor once: a window whose view begins at an odd place, so
# that at fractional ratios its device pixels do not begin where it does. Every pixel has a colour of its own.
SCRIPT = """
import json, sys
import numpy as np
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
from workbench.model.document import Comparison, Preparation, Slot
from workbench.kernels.registry import from_text
from workbench.model.jobs import InlineRunner
from workbench.model.pipeline import Pipeline
from workbench.model.probe import Probe
from workbench.model.results import Results
from workbench.model.samples import array_source
from workbench.model.session import Session
from workbench.model.view_state import Camera, ViewState
from workbench.ui.context import Context
from workbench.ui.image_view import ImageView
from workbench.ui.theme import Theme

def main():
    theme = Theme("dark")
    theme.apply(app)
    number = np.arange(17 * 23).reshape(17, 23)
    pixels = np.stack([number // 16 * 8, number % 16 * 15, 40 + number % 7 * 30], axis=2).astype(np.uint8)
    colours = pixels.astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
    number = np.argsort(colours.ravel())
    known = colours.ravel()[number]
    assert (np.diff(known) > 0).all()
    session, view, results = Session(Comparison(array_source(pixels, "unique"), Preparation())), ViewState(), Results()
    runner = InlineRunner()
    pipeline = Pipeline(session, view, results, runner)
    pipeline.start()
    context = Context(session, view, results, Probe(), pipeline, theme, runner)
    window = QWidget()
    window.resize(331, 257)
    made = ImageView(context, "source", window)
    made.setGeometry(7, 5, 311, 243)
    window.show()
    bad = []
    for zoom in (1, 3, 7, 12, 112):
        for y, x in ((8.3, 11.9), (0.0, 0.0), (15.25, 21.7)):
            view.set(camera=Camera(y, x, float(zoom)))
            app.processEvents()
            image = window.grab().toImage()
            lines = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.bytesPerLine() // 4)
            packed = lines[:, : image.width()] & 0xFFFFFF
            # Which source pixel each device pixel shows; -1 for none of them.
            at = np.searchsorted(known, packed).clip(0, len(known) - 1)
            index = np.where(known[at] == packed, number[at], -1)
            frame, large = made.frame, zoom > 10 * made.frame.ratio
            rows, cols = np.nonzero(index >= 0)
            which = index[rows, cols]
            count = np.bincount(which, minlength=17 * 23)
            first, last = np.full((2, 17 * 23), 9999), np.full((2, 17 * 23), -1)
            for axis, places in enumerate((rows, cols)):
                np.minimum.at(first[axis], which, places)
                np.maximum.at(last[axis], which, places)
            sides = last - first + 1
            for row in range(17):
                for col in range(23):
                    top, left = frame.edge(row, col)
                    k = row * 23 + col
                    if min(top, left) < 1 or top + zoom > frame.size[0] - 2 or left + zoom > frame.size[1] - 2:
                        continue
                    # Large pixels carry lines at their edges and numbers inside.
                    good = (abs(sides[:, k] - zoom) <= 3).all() if large else (
                        (sides[:, k] == zoom).all() and count[k] == zoom * zoom)
                    if not good:
                        bad.append([zoom, y, x, row, col, sides[:, k].tolist(), int(count[k])])
            ratio = frame.ratio
            area = (slice(round(8 * ratio), round(240 * ratio)), slice(round(10 * ratio), round(310 * ratio)))
            foreign = (index[area] < 0) & (packed[area] != 0x1A1A1A)
            if not large and foreign.any():
                bad.append([zoom, y, x, "foreign", int(foreign.sum())])
    print(json.dumps({"ratio": made.devicePixelRatioF(), "bad": bad[:8], "count": len(bad)}))
    window.close()
    pipeline.close()

main()
"""


@pytest.fixture(scope="module")
def reports() -> Iterator[dict[str, subprocess.Popen[str]]]:
    """One process for each ratio, all started before the first is asked."""
    root = Path(__file__).resolve().parents[2]
    started = {
        ratio: subprocess.Popen(
            [sys.executable, "-c", SCRIPT],
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


@pytest.mark.parametrize("ratio", RATIOS)
def test_every_pixel_is_the_same_whole_number_of_device_pixels(
    reports: dict[str, subprocess.Popen[str]], ratio: str
) -> None:
    out, errors = reports[ratio].communicate(timeout=120)

    assert reports[ratio].returncode == 0, errors
    report = json.loads(out.strip().splitlines()[-1])

    assert report == {"ratio": float(ratio), "bad": [], "count": 0}


def grabbed(image: QImage) -> npt.NDArray[np.uint8]:
    """A grab as (h, w, 3)."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return lines[:, : image.width(), 2::-1].copy()


def test_a_grab_holds_exactly_the_colours_of_to_display(qtbot: QtBot, context: Context) -> None:
    context.view.set(camera=Camera(3.0, 5.0, 20.0), image_range=Range(0.1, 0.7))
    view = ImageView(context, "s2")
    qtbot.addWidget(view)
    view.resize(200, 120)
    view.show()
    whole = context.results.ready("s2").operator.apply(context.results.prepared.values)
    colours = to_display(whole, Range(0.1, 0.7), load("gray"))[:, :, :3]

    assert np.array_equal(grabbed(view.grab().toImage()), np.kron(colours, np.ones((10, 10, 1), np.uint8)))


def test_a_difference_of_identical_pictures_is_the_neutral_colour_alone(qtbot: QtBot, context: Context) -> None:
    method = context.session.value.slot("s1").method
    context.session.do("same", edits.set_method("s2", method))
    context.session.do("reference", edits.set_reference("s1"))
    context.view.set(camera=Camera(3.0, 5.0, 20.0))
    view = ImageView(context, "d:s2")
    qtbot.addWidget(view)
    view.resize(200, 120)
    view.show()
    colours = np.unique(grabbed(view.grab().toImage()).reshape(-1, 3), axis=0)

    assert colours.tolist() == [load("cet-d1a").table[128].tolist()]


def test_a_checkerboard_at_one_half_is_its_mean_and_the_header_says_so(qtbot: QtBot, context: Context) -> None:
    board = np.indices((40, 60)).sum(axis=0) % 2 * 255
    context.session.do("board", edits.set_source(array_source(board.astype(np.uint8), "checkerboard")))
    context.session.do("as it is", edits.set_preparation(Preparation()))
    context.view.set(camera=Camera(20.0, 30.0, 0.5), annotations="none")
    panel = ImagePanel(context, "source")
    qtbot.addWidget(panel)
    panel.resize(360, 126)
    panel.show()
    shown = grabbed(panel.view.grab().toImage())
    frame = panel.view.frame
    top, left = frame.edge(0, 0)

    assert (shown[top : top + 20, left : left + 30] == 128).all()
    assert panel.header.text.filter == "mean of 2×2"
    assert panel.header.shown_text.filter == "mean of 2×2"


def test_after_57_resizes_and_zooms_all_panels_agree_with_the_camera(qtbot: QtBot, context: Context) -> None:
    area = PanelArea(context)
    qtbot.addWidget(area)
    area.resize(902, 503)
    area.show()
    rng = np.random.default_rng(57)
    worst = 0.0
    for _ in range(57):
        area.resize(int(rng.integers(400, 1400)), int(rng.integers(300, 900)))
        area.zoom_step(int(rng.choice([-1, 1])))
        y, x = rng.uniform(0, 6), rng.uniform(0, 10)
        context.view.set(camera=Camera(y, x, context.view.value.camera.zoom))
        zoom = context.view.value.camera.zoom
        for name in area.names:
            view = area.view(name)
            top, left, bottom, right = view.frame.world_rect
            size = (view.height(), view.width())
            # The size of a pixel is the camera's, exactly; the centre is at most half a device pixel off.
            worst = max(worst, abs((right - left) * zoom - size[1]), abs((bottom - top) * zoom - size[0]))
            off = (abs((top + bottom) / 2 - y) * zoom, abs((left + right) / 2 - x) * zoom)

            assert max(off) <= 0.5 + 1e-6

    assert worst <= 1e-9
