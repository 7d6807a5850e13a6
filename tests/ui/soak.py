"""A person at work for some seconds: panels, pointer, zoom, new pictures, windows that come and go. Run by `test_soak`.

Prints as JSON how many events there were, and by how many megabytes and Python objects the process grew after it had
warmed up.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QSettings, QStandardPaths

from tests.ui import gestures
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.document import Comparison, Preparation, Slot
from workbench.model.samples import array_source
from workbench.ui.app import Workbench, application
from workbench.ui.settings import Settings
from workbench.ui.theme import Theme

METHODS = ("bilinear:scale=3", "transposed_conv:kernel=gaussian,stride=2,padding=1")
ROUND_MOVES = 40
BLOCK = 64
"""Bytes of a small object of Python, about; they lie in arenas of its own."""


class _HeapInfo(ctypes.Structure):
    """What glibc's ``mallinfo2`` returns."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in [
            "arena",
            "ordblks",
            "smblks",
            "hblks",
            "hblkhd",
            "usmblks",
            "fsmblks",
            "uordblks",
            "fordblks",
            "keepcost",
        ]
    ]


def held() -> float:
    """Megabytes that are in use: what is free may stay with the process or go, in lumps of several megabytes."""
    library = ctypes.CDLL(None)
    if not hasattr(library, "mallinfo2"):
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    library.mallinfo2.restype = _HeapInfo
    heap = library.mallinfo2()
    return (heap.uordblks + heap.hblkhd + sys.getallocatedblocks() * BLOCK) / 2**20


def opened(theme: Theme, folder: Path, seed: int) -> Workbench:
    pixels = np.random.default_rng(seed).integers(0, 256, (60, 90, 3), dtype=np.uint8)
    slots = tuple(Slot(f"s{k}", from_text(text)) for k, text in enumerate(METHODS, 1))
    store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
    made = Workbench(Comparison(array_source(pixels, "noise"), Preparation(), slots), theme, Settings(store))
    made.window.resize(1280, 800)
    made.window.show()
    return made


def main(seconds: float) -> None:
    app = application()
    QStandardPaths.setTestModeEnabled(True)
    theme = Theme("dark")
    theme.apply(app)
    events, rounds, windows = 0, 0, 0
    warm: tuple[float, int] | None = None
    with tempfile.TemporaryDirectory() as name:
        end = time.monotonic() + seconds
        warm_from = time.monotonic() + seconds * 0.5
        while time.monotonic() < end:
            made = opened(theme, Path(name), windows)
            windows += 1
            for _ in range(6):
                events += _round(app, made, rounds)
                rounds += 1
            made.close()
            made.window.hide()
            made.window.deleteLater()
            made.deleteLater()
            del made
            app.processEvents()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            gc.collect()
            if warm is None and time.monotonic() >= warm_from:
                warm = (held(), len(gc.get_objects()))
    assert warm is not None
    grown, objects = held() - warm[0], len(gc.get_objects()) - warm[1]
    print(json.dumps({"events": events, "rounds": rounds, "windows": windows, "grown": grown, "objects": objects}))


def _round(app: object, made: Workbench, number: int) -> int:
    """Hover, drag, wheel, another parameter, another picture."""
    area, session = made.window.panel_area, made.context.session
    names, events = area.names, 0
    for name in names:
        view = area.view(name)
        size = view.viewport().size()
        for k in range(ROUND_MOVES):
            gestures.hover_at(view, QPointF((k * 37 + number) % size.width(), (k * 23) % size.height()))
            events += 1
        gestures.wheel(view, QPointF(50, 40), 120 if number % 2 else -120)
        gestures.drag(view, QPointF(90, 70), QPointF(-11, 7))
        events += 4
        app.processEvents()
    session.do("a", edits.set_method("s1", from_text(f"bilinear:scale={2 + number % 3}")), merge="a")
    pixels = np.random.default_rng(number).integers(0, 256, (60, 90, 3), dtype=np.uint8)
    session.do("Open", edits.set_source(array_source(pixels, "noise")), merge="open")
    for _ in range(5):
        app.processEvents()
        time.sleep(0.004)
    return events


if __name__ == "__main__":
    main(float(sys.argv[1]))
