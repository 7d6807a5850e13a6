"""What happens to a bug: it is written to a log, counted, and shown once in the banner, never in a modal window.

Expected failures are values and never come here; whatever reaches these hooks is a fault of the program.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QStandardPaths, QtMsgType, qInstallMessageHandler

from workbench.ui.bridge import Bridge

log = logging.getLogger("workbench")
Show = Callable[[str, str, str], None]
"""Title, sentence, details."""

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def log_folder() -> Path:
    """Where the log stands."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation))


def install(bridge: Bridge, show: Show) -> None:
    """Send uncaught exceptions and Qt's messages to the log, and each new one to the banner.

    Off with ``WORKBENCH_CATCH_ERRORS=0``.
    """
    if os.environ.get("WORKBENCH_CATCH_ERRORS") == "0":
        return
    try:
        log_folder().mkdir(parents=True, exist_ok=True)
        file = log_folder() / "workbench.log"
        handler = RotatingFileHandler(file, maxBytes=1 << 20, backupCount=2, encoding="utf-8", delay=True)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        log.addHandler(handler)
        # The file stays open for as long as the process lives: native crashes are written to it.
        faulthandler.enable((log_folder() / "crash.log").open("a", encoding="utf-8"))
    except OSError as error:
        print(f"no log: {error}", file=sys.stderr)
    recorder = _Recorder(bridge, show)
    sys.excepthook = recorder.exception
    threading.excepthook = lambda args: recorder.exception(args.exc_type, args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: recorder.exception(args.exc_type, args.exc_value, args.exc_traceback)
    qInstallMessageHandler(_message)


class _Recorder:
    """Logs each fault; a fault seen before is only counted, for a paint error comes back with every frame."""

    def __init__(self, bridge: Bridge, show: Show) -> None:
        self._bridge = bridge
        self._show = show
        self._seen: dict[str, int] = {}

    def exception(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error or kind(), trace)
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        count = self._seen[text] = self._seen.get(text, 0) + 1
        if count > 1:
            return
        log.error("uncaught\n%s", text)
        print(text, file=sys.stderr)
        root = error or kind()
        while root.__cause__ is not None:  # a signal wraps what its receivers raise in a report of many lines
            root = root.__cause__
        words = " ".join(str(root).split())
        name = type(root).__name__
        sentence = f"{name}: {words}. The comparison is unchanged; the log has the details."
        self._bridge.post(lambda: self._show("Something went wrong in the program.", sentence, text))


def _message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    level = _LEVELS.get(kind, logging.WARNING)
    log.log(level, "Qt: %s", message)
    if level >= logging.WARNING:
        print(f"Qt: {message}", file=sys.stderr)
