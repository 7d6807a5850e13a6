"""Notices when the file of the open picture changes on disk."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from workbench.ui.binding import bind
from workbench.ui.context import Context

SETTLED_MS = 300
"""A file is written in pieces: what follows within this time belongs to one change."""


class SourceWatch(QObject):
    """Follows the source of the session; ``changed(path)`` when its file has been written and rests."""

    changed = Signal(object)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._watcher = QFileSystemWatcher(self)
        self._settled = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._settled.timeout.connect(self._tell)
        self._watcher.fileChanged.connect(lambda _path: self._settled.start())
        # Most programs write a new file and move it over the old one: then only the folder tells.
        self._watcher.directoryChanged.connect(lambda _path: self._settled.start())
        self._stamp: tuple[int, int] | None = None
        bind(self, context.session.changed, self._follow)
        self._follow()

    @property
    def path(self) -> Path | None:
        """The file that is watched."""
        source = self._context.session.value.source
        return source.path if source is not None else None

    def _follow(self, *_: object) -> None:
        path, watched = self.path, [*self._watcher.files(), *self._watcher.directories()]
        wanted = [str(path), str(path.parent)] if path is not None and path.exists() else []
        if sorted(watched) == sorted(wanted):
            return
        if watched:
            self._watcher.removePaths(watched)
        if wanted:
            self._watcher.addPaths(wanted)
        self._stamp = _stamp(path)

    def _tell(self) -> None:
        path, stamp = self.path, _stamp(self.path)
        if path is None or stamp is None or stamp == self._stamp:
            return
        self._stamp = stamp
        if str(path) not in self._watcher.files():
            self._watcher.addPath(str(path))
        self.changed.emit(path)


def _stamp(path: Path | None) -> tuple[int, int] | None:
    """Size and time of a file; None while it is not there."""
    try:
        found = path.stat() if path is not None else None
    except OSError:
        return None
    return None if found is None else (found.st_size, found.st_mtime_ns)
