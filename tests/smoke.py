"""A real pointer and a real keyboard on a real window: ``make smoke``.

Needs Xvfb, openbox and xdotool. The window runs in this process on the X server's own platform, a thread moves the
pointer and presses keys as a hand would, and looks into the model whether it has been understood. A file is dropped
from another program's window. Pictures of each state go to the folder named on the command line.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

DISPLAY = ":93"
SIZE = "1600x1000x24"
GIVER = """
import sys
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QApplication, QLabel
class Giver(QLabel):
    def mouseMoveEvent(self, event):
        drag, mime = QDrag(self), QMimeData()
        mime.setUrls([QUrl.fromLocalFile(sys.argv[1])])
        drag.setMimeData(mime)
        drag.exec(Qt.DropAction.CopyAction)
app = QApplication([])
label = Giver("drag me", None, Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)
label.setGeometry(1500, 60, 90, 40)
label.show()
app.exec()
"""


def start_display() -> list[subprocess.Popen[bytes]]:
    """An X server with a window manager, for as long as this process lives."""
    missing = [name for name in ("Xvfb", "openbox", "xdotool") if shutil.which(name) is None]
    if missing:
        raise SystemExit(f"smoke: {', '.join(missing)} missing: apt-get install xvfb openbox xdotool")
    os.environ["DISPLAY"] = DISPLAY
    os.environ["QT_QPA_PLATFORM"] = "xcb"
    os.environ.pop("WAYLAND_DISPLAY", None)
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started = [subprocess.Popen(["Xvfb", DISPLAY, "-screen", "0", SIZE], **quiet)]
    socket = Path(f"/tmp/.X11-unix/X{DISPLAY[1:]}")
    _until(socket.exists, "the X server answers")
    started.append(subprocess.Popen(["openbox"], **quiet))
    return started


def _until(true: Callable[[], bool], words: str, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain: {words}")
        time.sleep(0.05)


class Hand:
    """Pointer and keyboard, and questions to the window that are asked on its own thread."""

    def __init__(self, made: Any, folder: Path) -> None:
        self.made = made
        self.folder = folder
        self.count = 0

    def ask(self, question: Callable[[], Any]) -> Any:
        found: list[Any] = []
        done = threading.Event()

        def answer() -> None:
            try:
                found.append(question())
            finally:
                done.set()

        self.made.bridge.post(answer)
        assert done.wait(20), "the window does not answer"
        return found[0]

    def until(self, question: Callable[[], bool], words: str) -> None:
        _until(lambda: bool(self.ask(question)), words)
        print(f"ok    {words}", flush=True)

    def x(self, *words: object) -> None:
        subprocess.run(["xdotool", *map(str, words)], check=True)
        time.sleep(0.12)

    def at(self, panel: str, pixel: tuple[int, int]) -> tuple[int, int]:
        """Where a pixel of a panel is on the screen."""
        from workbench.kernels.arrays import Pixel

        def place() -> tuple[int, int]:
            view = self.made.window.panel_area.view(panel)
            point = view.viewport().mapToGlobal(view.position_of(Pixel(*pixel)).toPoint())
            return point.x(), point.y()

        found: tuple[int, int] = self.ask(place)
        return found

    def move(self, panel: str, pixel: tuple[int, int]) -> None:
        self.x("mousemove", *self.at(panel, pixel))

    def drag(self, panel: str, start: tuple[int, int], end: tuple[int, int], button: int = 1) -> None:
        (x0, y0), (x1, y1) = self.at(panel, start), self.at(panel, end)
        self.x("mousemove", x0, y0, "mousedown", button)
        for k in range(1, 6):
            self.x("mousemove", x0 + (x1 - x0) * k // 5, y0 + (y1 - y0) * k // 5)
        self.x("mouseup", button)

    def key(self, *keys: str) -> None:
        self.x("key", *keys)

    def look(self, name: str) -> None:
        """Keep a picture of the window as it is now."""
        self.count += 1
        path = self.folder / f"{self.count:02d}-{name}.png"
        self.ask(lambda: self.made.window.grab().save(str(path)))


def walk(hand: Hand) -> None:
    """Everything a person does in the first minutes."""
    made = hand.made
    context, window = made.context, made.window
    hand.until(lambda: window.isActiveWindow(), "the window is in front")

    picture = str(Path(__file__).parents[1] / "resources" / "samples" / "chelsea.png")
    giver = subprocess.Popen([sys.executable, "-c", GIVER, picture])
    try:
        time.sleep(2)
        middle = hand.ask(lambda: window.mapToGlobal(window.rect().center()).toTuple())
        hand.x("mousemove", 1540, 80, "mousedown", 1)
        for k in range(1, 11):
            hand.x("mousemove", 1540 + (middle[0] - 1540) * k // 10, 80 + (middle[1] - 80) * k // 10)
        time.sleep(0.5)
        hand.x("mouseup", 1)
        name = lambda: context.session.value.source is not None and context.session.value.source.name == "chelsea.png"  # noqa: E731
        hand.until(name, "a file dropped from another window is open")
    finally:
        giver.terminate()
    hand.until(lambda: not made.runner.busy and "s2" in window.panel_area.names, "all methods are computed")
    hand.x("mousemove", *middle, "click", 1)
    hand.key("Escape")
    hand.look("dropped")

    zoom = hand.ask(lambda: context.view.value.camera.zoom)
    hand.move("s2", (150, 220))
    hand.until(lambda: context.probe.active is not None and context.probe.active.slot == "s2", "hover leads the probe")
    for _ in range(8):
        hand.x("click", 4)
    hand.until(lambda: context.view.value.camera.zoom > zoom, "the wheel zooms in")
    hand.look("hover")

    camera = hand.ask(lambda: context.view.value.camera)
    pixel = hand.ask(lambda: tuple(context.probe.active.pixel))
    hand.drag("s2", pixel, (pixel[0] + 6, pixel[1] + 9))
    hand.until(lambda: context.view.value.camera.x < camera.x, "a drag pans")

    hand.key("w")
    hand.until(lambda: context.view.value.layout == "wipe", "W shows the wipe")
    hand.look("wipe")
    hand.key("w")
    hand.until(lambda: context.view.value.layout != "wipe", "W again: as before")

    hand.key("space")
    hand.until(lambda: context.view.value.blink is not None, "Space blinks")
    hand.look("blink")
    hand.key("space")
    hand.until(lambda: context.view.value.blink is None, "Space again: rest")

    pixel = hand.ask(lambda: tuple(context.probe.active.pixel))
    hand.drag("s2", pixel, (pixel[0] + 6, pixel[1] + 8), button=3)
    hand.until(lambda: len(context.session.value.regions) == 1, "a right drag makes a region")
    hand.look("region")

    hand.move("s2", (pixel[0] + 2, pixel[1] + 3))
    hand.key("p")
    hand.until(lambda: len(context.session.value.pins) == 1, "P pins the probe")
    hand.look("pin")
    hand.key("ctrl+z", "ctrl+z")
    hand.until(
        lambda: not context.session.value.pins and not context.session.value.regions, "Ctrl+Z twice takes both back"
    )

    from PySide6.QtWidgets import QApplication

    hand.key("ctrl+e")
    hand.until(lambda: QApplication.activeModalWidget() is not None, "Ctrl+E opens the export")
    hand.ask(lambda: QApplication.activeModalWidget().grab().save(str(hand.folder / "export.png")))
    hand.key("Escape")
    hand.until(lambda: QApplication.activeModalWidget() is None, "Escape closes it")
    hand.key("F1")
    hand.until(lambda: any(one.windowTitle() == "Keys" for one in QApplication.topLevelWidgets()), "F1 opens the keys")


def main(folder: Path) -> int:
    started = start_display()
    try:
        from PySide6.QtCore import QSettings

        from workbench.model import start
        from workbench.ui.app import Workbench, application
        from workbench.ui.settings import Settings
        from workbench.ui.theme import Theme

        app = application()
        theme = Theme("dark")
        theme.apply(app)
        store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
        made = Workbench(start.empty(), theme, Settings(store))
        made.window.resize(1480, 960)
        made.window.show()
        failed: list[str] = []

        def work() -> None:
            try:
                walk(Hand(made, folder))
            except BaseException:
                failed.append(traceback.format_exc())
            made.bridge.post(app.exit)  # not quit, which asks whether to save

        threading.Thread(target=work, daemon=True).start()
        app.exec()
        made.window.grab().save(str(folder / "last.png"))
        made.close()
        for text in failed:
            print(text, file=sys.stderr)
        return 1 if failed else 0
    finally:
        for process in reversed(started):
            process.terminate()


if __name__ == "__main__":
    chosen = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp(prefix="smoke-"))
    chosen.mkdir(parents=True, exist_ok=True)
    print(f"pictures: {chosen}")
    sys.exit(main(chosen))
