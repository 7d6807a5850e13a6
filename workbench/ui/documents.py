"""Getting documents in and out: open, drop, paste, save, and the question before unsaved work is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QIODevice, QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from workbench.kernels.errors import ImageOpenError, WorkbenchError
from workbench.kernels.patterns import chart
from workbench.model import files, lessons, samples, start
from workbench.model.document import Comparison, Source
from workbench.model.images import open_image, open_image_bytes
from workbench.model.jobs import Error, Outcome, Runner
from workbench.ui.context import Context
from workbench.ui.dialogs.unsaved import Answer, ask_unsaved
from workbench.ui.settings import Settings

IMAGE_FILTER = (
    "Images and comparisons (*.png *.jpg *.jpeg *.tif *.tiff *.webp *.bmp *.npy *.npz *.pgm *.ppm *.pbm *.pfm "
    "*.exr *.hdr *.gif *.avif *.jp2 *.jxl *.tga *.dpx *.ico *.upsampling.json);;All files (*)"
)
SESSION_SUFFIX = ".upsampling.json"


class Documents(QObject):
    """Reads on a worker, changes the session on the GUI thread; a failed read changes nothing."""

    failed = Signal(str, str, str)
    """Title, sentence, details: for the banner."""
    opened = Signal()
    """Another source or document is there; the view may be fitted to it."""

    def __init__(self, context: Context, runner: Runner, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._runner = runner
        self._settings = settings
        self._window = window

    # -- in

    def ask_open(self) -> None:
        """The open dialog."""
        path, _ = QFileDialog.getOpenFileName(self._window, "Open", self._settings.folder, IMAGE_FILTER)
        if path:
            self.open_path(Path(path))

    def open_path(self, path: Path) -> None:
        """An image, or a saved comparison."""
        if path.name.endswith(".json"):
            self._open_session(path)
        else:
            title = f"Could not open {path.name}."
            self._read(title, lambda: open_image(path), lambda source: self._take(source, path))

    def open_mime(self, mime: QMimeData) -> bool:
        """What was dropped or pasted; False if it holds nothing of use."""
        local = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        if local:
            self.open_path(local[0])
            return True
        if mime.hasImage():
            data = _png_bytes(mime.imageData())
            self._read("Could not paste.", lambda: open_image_bytes(data, "Pasted image"), self._take)
            return True
        return False

    def paste(self) -> None:
        self.open_mime(QGuiApplication.clipboard().mimeData())

    @staticmethod
    def paste_reason() -> str | None:
        """Why there is nothing to paste, or None."""
        mime = QGuiApplication.clipboard().mimeData()
        holds = mime is not None and (mime.hasImage() or any(url.isLocalFile() for url in mime.urls()))
        return None if holds else "clipboard holds no image"

    def open_sample(self, id: str) -> None:
        self._read("Could not open the sample.", lambda: samples.load_sample(id), self._take)

    def open_chart(self, id: str) -> None:
        self._read("Could not draw the chart.", lambda: samples.chart_source(id, chart(id).default_shape), self._take)

    def open_lesson(self, id: str) -> None:
        """One of the article's worked examples, as a document of its own."""
        if self.may_lose():
            entry = next(entry for entry in lessons.all_lessons() if entry.id == id)
            self._read("Could not open the lesson.", lambda: files.load_session(entry.path), self._load)

    def reload(self) -> None:
        """Read the source's file again; everything else stays."""
        path = self.reload_path()
        if path is not None:
            title = f"Could not reload {path.name}."
            self._read(title, lambda: open_image(path), self._replace)

    def reload_path(self) -> Path | None:
        source = self._context.session.value.source
        return source.path if source else None

    def new(self) -> None:
        """An empty comparison."""
        if self.may_lose():
            self._load(start.empty())

    def _open_session(self, path: Path) -> None:
        def land(comparison: Comparison) -> None:
            self._settings.remember(path)
            self._load(comparison, path)

        if self.may_lose():
            self._read(f"Could not open {path.name}.", lambda: files.load_session(path), land)

    def _load(self, comparison: Comparison, path: Path | None = None) -> None:
        self._context.session.load(comparison, path)
        self.opened.emit()

    def _take(self, source: Source, path: Path | None = None) -> None:
        if path is not None:
            self._settings.remember(path)
        self._context.session.do(f"Open {source.name}", lambda value: start.for_image(source, value))
        self.opened.emit()

    def _replace(self, source: Source) -> None:
        """The same picture with other pixels: everything else stays, pins too."""
        self._context.session.do("Reload source", lambda value: replace(value, source=source))

    def _read(self, title: str, work: Callable[[], Any], land: Callable[[Any], None]) -> None:
        """Do slow work away from the window; errors end in the banner and change nothing."""

        def landed(outcome: Outcome) -> None:
            if isinstance(outcome, Error):
                error = outcome.exception
                if not isinstance(error, WorkbenchError):
                    raise error
                details = error.reader if isinstance(error, ImageOpenError) else ""
                self.failed.emit(title, f"{_clause(error, title)} The picture on screen is unchanged.", details)
            else:
                land(outcome.value)

        self._runner.submit("open", lambda token: work(), landed)

    # -- out

    def save(self) -> bool:
        """Write to the document's own file, or ask for one; False if nothing was written."""
        path = self._context.session.path
        return self._write(path) if path is not None else self.save_as()

    def save_as(self) -> bool:
        session = self._context.session
        stem = Path(session.value.source.name).stem if session.value.source else "comparison"
        proposal = str(session.path or Path(self._settings.folder) / f"{stem}{SESSION_SUFFIX}")
        kinds = f"Comparison (*{SESSION_SUFFIX})"
        path, _ = QFileDialog.getSaveFileName(self._window, "Save comparison", proposal, kinds)
        if not path:
            return False
        chosen = Path(path)
        return self._write(chosen if chosen.name.endswith(".json") else chosen.with_name(chosen.name + SESSION_SUFFIX))

    def _write(self, path: Path) -> bool:
        try:
            files.save_session(path, self._context.session.value)
        except (WorkbenchError, OSError) as error:
            sentence = f"{error}. What stood in the file before is untouched."
            self.failed.emit(f"Could not save {path.name}.", sentence, "")
            return False
        self._context.session.mark_saved(path)
        self._settings.remember(path)
        return True

    def may_lose(self) -> bool:
        """Ask before unsaved work is lost; True if it may go, or has been saved."""
        session = self._context.session
        if not session.dirty:
            return True
        name = session.path.name if session.path else "this comparison"
        match ask_unsaved(self._window, name):
            case Answer.SAVE:
                return self.save()
            case Answer.DISCARD:
                return True
            case _:
                return False


def _clause(error: Exception, title: str) -> str:
    """The error's sentence without the file's name where the title says it already."""
    text = str(error)
    if isinstance(error, ImageOpenError):
        head = f"{error.path.name}: "
        if error.path.name in title and text.startswith(head):
            text = text[len(head) :]
    text = text[:1].upper() + text[1:]
    return text if text.endswith(".") else text + "."


def _png_bytes(image: Any) -> bytes:
    """The clipboard's picture as a PNG file, to be read like any other."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    (image if isinstance(image, QImage) else QImage(image)).save(buffer, "PNG")  # type: ignore[call-overload]  # bytes, as declared, fail
    return bytes(buffer.data().data())
