"""Getting documents in and out: open, drop, paste, save, and the question before unsaved work is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QIODevice, QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

from workbench.kernels.errors import ImageOpenError, WorkbenchError
from workbench.kernels.patterns import chart
from workbench.model import edits, files, lessons, samples, start
from workbench.model.document import Comparison, Source, View
from workbench.model.gallery import SUFFIXES, Gallery, gather
from workbench.model.images import open_image, open_image_bytes
from workbench.model.jobs import Error, Outcome, Runner
from workbench.ui.context import Context
from workbench.ui.dialogs.unsaved import Answer, ask_unsaved
from workbench.ui.settings import Settings
from workbench.ui.source_watch import SourceWatch

IMAGE_FILTER = (
    f"Images and comparisons ({' '.join(f'*{suffix}' for suffix in (*SUFFIXES, files.SUFFIX))});;All files (*)"
)


class Documents(QObject):
    """Reads on a worker, changes the session on the GUI thread; a failed read changes nothing."""

    failed = Signal(str, str, str)
    """Title, sentence, details: for the banner."""
    look_found = Signal(object, object)
    """How a saved comparison was looked at: the view, and what its history wrote."""
    place_changed = Signal()
    """Another picture of several is open, or there are no longer several."""
    opened = Signal()
    """Another source or document is there; the view may be fitted to it."""

    def __init__(self, context: Context, runner: Runner, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._runner = runner
        self._settings = settings
        self._window = window
        self.look_history: Callable[[], Any] = lambda: None
        """What the history of views writes into a file."""
        self._gallery = Gallery()
        self._watch = SourceWatch(context, self)
        self._watch.changed.connect(self._changed_on_disk)

    @property
    def gallery(self) -> Gallery:
        """The pictures that were opened together."""
        return self._gallery

    @property
    def watches(self) -> bool:
        """Whether a source is read again when its file changes."""
        return self._settings.watch

    def set_watches(self, on: bool) -> None:
        self._settings.watch = on

    # -- in

    def ask_open(self) -> None:
        """The open dialog; several pictures can be walked through."""
        paths, _ = QFileDialog.getOpenFileNames(self._window, "Open", self._settings.folder, IMAGE_FILTER)
        self.open_places(paths)

    def ask_folder(self) -> None:
        """All pictures of a folder."""
        path = QFileDialog.getExistingDirectory(self._window, "Open folder", self._settings.folder)
        if path:
            self.open_places([path])

    def ask_pattern(self) -> None:
        """All pictures that a pattern names."""
        proposal = str(Path(self._settings.folder or ".") / "*.png")
        words = "Pattern, with ** for all folders below:"
        pattern, given = QInputDialog.getText(self._window, "Open pattern", words, text=proposal)
        if given and pattern.strip():
            self.open_places([pattern.strip()])

    def open_places(self, places: Sequence[str | Path]) -> None:
        """Files, folders and patterns: the first picture at once, the others to be walked through."""
        sessions = [Path(place) for place in places if str(place).endswith(".json")]
        if sessions:
            self._open_session(sessions[0])
            return
        paths = gather(places)
        if paths:
            self._open_of(Gallery(paths))
        elif places:
            sentence = "There is no picture of a kind that can be read. The picture on screen is unchanged."
            self.failed.emit(f"Nothing to open in {Path(places[0]).name or places[0]}.", sentence, "")

    def open_path(self, path: Path) -> None:
        """An image, or a saved comparison."""
        self.open_places([path])

    def step(self, by: int) -> None:
        """The next or previous picture of several; methods, camera and ranges stay."""
        if self._gallery.paths:
            self._open_of(self._gallery.stepped(by), walking=True)

    def open_of(self, path: Path) -> None:
        """One of the pictures that were opened together."""
        self._open_of(self._gallery.at(path), walking=True)

    def _open_of(self, gallery: Gallery, walking: bool = False) -> None:
        path = gallery.current
        if path is None:
            return

        def land(source: Source) -> None:
            self._gallery = gallery
            self._settings.remember(path)
            if walking:
                self._walk_to(source)
            else:
                self._take(source)
            self.place_changed.emit()

        self._read(f"Could not open {path.name}.", lambda: open_image(path), land)

    def _walk_to(self, source: Source) -> None:
        """Another picture under the same eyes: one step of undo for a whole walk."""
        value = self._context.session.value
        same = value.source is not None and value.source.shape == source.shape
        edit = edits.set_source(source) if same else lambda value: start.for_image(source, value)
        self._context.session.do(f"Open {source.name}", edit, merge="walk")
        if not same:
            self.opened.emit()

    def open_mime(self, mime: QMimeData) -> bool:
        """What was dropped or pasted; False if it holds nothing of use."""
        local = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        if local:
            self.open_places(local)
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

    def _changed_on_disk(self, path: Path) -> None:
        """The source's file has other bytes: read it again, if that is wanted."""
        if not self._settings.watch:
            return

        def land(source: Source) -> None:
            current = self._context.session.value.source
            if current is not None and current.path == path and source.digest != current.digest:
                self._replace(source)

        self._read(f"{path.name} changed and could not be read.", lambda: open_image(path), land)

    def reload_path(self) -> Path | None:
        source = self._context.session.value.source
        return source.path if source else None

    def new(self) -> None:
        """An empty comparison."""
        if self.may_lose():
            self._load(start.empty())

    def _open_session(self, path: Path) -> None:
        def land(saved: files.SavedSession) -> None:
            self._settings.remember(path)
            self._context.session.load(saved.comparison, path, saved.history)
            self.opened.emit()
            if saved.look is not None:
                self.look_found.emit(saved.look, saved.look_history)

        if self.may_lose():
            self._read(f"Could not open {path.name}.", lambda: files.load_saved(path), land)

    def _load(self, comparison: Comparison) -> None:
        self._context.session.load(comparison)
        self.opened.emit()

    def _take(self, source: Source) -> None:
        if source.path is None and self._gallery.paths:
            self._gallery = Gallery()
            self.place_changed.emit()
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
        proposal = str(session.path or Path(self._settings.folder) / f"{stem}{files.SUFFIX}")
        kinds = f"Comparison (*{files.SUFFIX})"
        path, _ = QFileDialog.getSaveFileName(self._window, "Save comparison", proposal, kinds)
        if not path:
            return False
        chosen = Path(path)
        return self._write(chosen if chosen.name.endswith(".json") else chosen.with_name(chosen.name + files.SUFFIX))

    def _write(self, path: Path) -> bool:
        try:
            files.save_session(path, self.saved())
        except (WorkbenchError, OSError) as error:
            sentence = f"{error}. What stood in the file before is untouched."
            self.failed.emit(f"Could not save {path.name}.", sentence, "")
            return False
        self._context.session.mark_saved(path)
        self._settings.remember(path)
        return True

    def saved(self) -> files.SavedSession:
        """All that a file keeps: the comparison, its history, and how it is looked at now."""
        session, look, point = self._context.session, self._context.view.value, self._context.probe.active
        camera = look.camera
        view = View(
            look.layout,
            look.show,
            tuple(sorted(look.docks)),
            camera.zoom,
            (camera.y, camera.x),
            look.selected,
            (point.row, point.col) if point is not None and point.slot == look.selected else None,
        )
        return files.SavedSession(replace(session.value, view=view), session.history, look, self.look_history())

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
    """The clipboard's picture as a PNG file, to be read like any other; a pixmap where the program copied it itself."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if isinstance(image, QImage | QPixmap):
        image.save(buffer, "PNG")  # type: ignore[call-overload]  # bytes, as declared, fail
    return bytes(buffer.data().data())
