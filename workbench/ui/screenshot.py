"""Draws the real window into a PNG without a screen: for the README, and for looking at one's own work."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from workbench.kernels.errors import WorkbenchError
from workbench.kernels.registry import from_text
from workbench.model import files, lessons, samples, start
from workbench.model.document import Comparison
from workbench.model.images import open_image
from workbench.model.jobs import InlineRunner
from workbench.model.probe import ProbePoint
from workbench.ui.app import Workbench, application
from workbench.ui.pacing import GAP_MS
from workbench.ui.settings import Settings
from workbench.ui.theme import Theme


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("image", nargs="?", help="image, comparison, sample:ID, lesson:ID, or the word empty")
    parser.add_argument("-o", "--output", required=True, help="the PNG file to write")
    parser.add_argument("--size", default="1600x1000", help="width x height of the window in logical pixels")
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    parser.add_argument("--layout", choices=("grid", "row", "column", "pairs", "wipe", "single"))
    parser.add_argument("--show", choices=("images", "differences"))
    parser.add_argument("--docks", help="comma-separated: provenance or metrics, matrix")
    parser.add_argument("--probe", help="slot:row,col with the slot's number, or source:row,col")
    parser.add_argument("--export", action="store_true", help="with the export dialog open")
    parser.add_argument("--prepare", help="preparation, as on the command line")
    parser.add_argument("--select", type=int, help="number of the slot whose form is shown, 0 for the source")


def main(args: argparse.Namespace) -> int:
    """Draw the window; status 2 if something given cannot be used."""
    try:
        width, height = (int(word) for word in args.size.lower().split("x"))
    except ValueError:
        print(f"error: --size: must be written 1600x1000, not {args.size!r}", file=sys.stderr)
        return 2
    try:
        comparison = _comparison(args)
    except WorkbenchError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    app = application()
    theme = Theme()
    theme.set_mode(args.theme)
    theme.apply(app)
    workbench = Workbench(comparison, theme, _throwaway_settings(), lambda post: InlineRunner())
    window = workbench.window
    _arrange(workbench, args)
    window.resize(width, height)
    window.show()
    QTest.qWaitForWindowExposed(window)
    window.activateWindow()
    app.processEvents()
    window.focus_images()
    _probe(workbench, args.probe)
    app.processEvents()
    target: Callable[[], object] = window.grab
    if args.export:
        target = _with_export(workbench)
    QTest.qWait(2 * GAP_MS)  # what follows at its own pace is there too
    saved = target().save(args.output, "PNG")
    window.hide()
    workbench.close()
    if not saved:
        print(f"error: {Path(args.output).name}: could not be written", file=sys.stderr)
        return 2
    return 0


def _comparison(args: argparse.Namespace) -> Comparison:
    word = args.image
    if word is None:
        made = start.first_start()
    elif word == "empty":
        made = start.empty()
    elif word.startswith("lesson:"):
        entry = next((one for one in lessons.all_lessons() if one.id == word[7:]), None)
        if entry is None:
            raise WorkbenchError(f"lesson: must be one of {', '.join(one.id for one in lessons.all_lessons())}")
        made = files.load_session(entry.path)
    elif word.endswith(".json"):
        made = files.load_session(Path(word))
    elif word.startswith("sample:"):
        made = start.for_image(samples.load_sample(word[7:]))
    else:
        made = start.for_image(open_image(Path(word)))
    if args.prepare:
        method = None if args.prepare == "none" else from_text(args.prepare)
        made = replace(made, preparation=replace(made.preparation, method=method))
    return made


def _arrange(workbench: Workbench, args: argparse.Namespace) -> None:
    context = workbench.context
    changes: dict[str, object] = {}
    if args.layout:
        changes["layout"] = args.layout
    if args.show:
        changes["show"] = args.show
    if args.docks is not None:
        changes["docks"] = frozenset(word for word in args.docks.split(",") if word)
    slots = context.session.value.slots
    if args.select is not None:
        changes["selected"] = slots[args.select - 1].id if args.select else "source"
    context.view.set(**changes)


def _probe(workbench: Workbench, word: str | None) -> None:
    if word:
        name, _, place = word.partition(":")
        row, col = (int(one) for one in place.split(","))
        slots = workbench.context.session.value.slots
        workbench.context.probe.show(ProbePoint(slots[int(name) - 1].id if name.isdigit() else name, row, col))


def _with_export(workbench: Workbench) -> Callable[[], object]:
    """The window with the export dialog drawn over it, as a window system would show them."""
    from workbench.ui.dialogs.export import ExportDialog

    dialog = ExportDialog(workbench.context, workbench.window, InlineRunner())
    dialog.setWindowModality(Qt.WindowModality.NonModal)
    dialog.show()
    QTest.qWaitForWindowExposed(dialog)

    def grab() -> object:
        from PySide6.QtGui import QPainter

        below, above = workbench.window.grab(), dialog.grab()
        painter = QPainter(below)
        size = workbench.window.size()
        place = QPoint((size.width() - dialog.width()) // 2, (size.height() - dialog.height()) // 2)
        painter.drawPixmap(place, above)
        painter.end()
        dialog.close()
        return below

    return grab


def _throwaway_settings() -> Settings:
    """Settings that are neither read from the user's file nor written to it."""
    import tempfile

    from PySide6.QtCore import QSettings

    folder = tempfile.mkdtemp(prefix="workbench-")
    return Settings(QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat))
