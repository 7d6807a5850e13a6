"""Exports a figure: choices at the left, the very page that will be written at the right."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from workbench.figures.caption import caption
from workbench.figures.export import export_figure, file_stem
from workbench.figures.gather import Gathered, gather
from workbench.figures.layout import FigureSpec
from workbench.figures.render import preview
from workbench.kernels.cancel import CancelToken
from workbench.kernels.errors import ParameterError, WorkbenchError
from workbench.model.jobs import Error, Outcome, Runner, ThreadRunner
from workbench.ui.bridge import Bridge
from workbench.ui.context import Context
from workbench.ui.controls import IconButton, Line, Text, TextButton
from workbench.ui.dialogs.export_choices import ExportChoices
from workbench.ui.dialogs.page_view import PageView

SIZE = (1240, 800)
_SHOWN = 2400
"""Device pixels across that a preview keeps at most; larger pages are reduced on the worker."""
_BESIDE = "with recipe, caption and numbers beside it"


@dataclass(frozen=True, slots=True, eq=False)
class _Page:
    """A figure and its raster, ready to be shown."""

    gathered: Gathered
    image: QImage
    pixels: tuple[int, int]


class ExportDialog(QDialog):
    """Choose columns, rows, text and page; the preview follows; Export asks where to.

    Parameters
    ----------
    context : Context
    parent : QWidget or None
    runner : Runner, optional
        Where figures are drawn; default: a thread of its own.
    """

    exported = Signal(object)
    """The paths that were written."""

    def __init__(self, context: Context, parent: QWidget | None, runner: Runner | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._page: _Page | None = None
        self._runner = runner or _own_runner()
        self._owned = runner is None
        self._shade = Shade(parent.window()) if parent is not None else None
        self.setWindowTitle("Export figure")
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        # A window is never larger than its screen, unless there is no screen at all.
        room = parent.window().size() if parent is not None else self.screen().availableSize()
        self.resize(min(SIZE[0], room.width() * 9 // 10), min(SIZE[1], room.height() * 9 // 10))

        self.choices = ExportChoices(context)
        self.view = PageView(context.theme)
        self.name = Text("", 12, 600)
        self.note = Text(_BESIDE, 11, 400, "text3")
        self.copy_button = TextButton("Copy caption")
        self.cancel_button = TextButton("Cancel")
        self.export_button = TextButton("Export", "primary")
        self.export_button.setDefault(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self._head())
        layout.addWidget(Line())
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.choices)
        middle.addWidget(self.view, 1)
        layout.addLayout(middle, 1)
        layout.addWidget(Line())
        layout.addWidget(self._foot())

        self.copy_button.clicked.connect(self._copy_caption)
        self.cancel_button.clicked.connect(self.reject)
        self.export_button.clicked.connect(self._export)
        self.choices.changed.connect(self._draw)
        context.theme.changed.connect(self.update)
        next(iter(self.choices.columns.values())).setFocus()
        self._draw()

    # The page

    def _draw(self) -> None:
        """Draw the chosen figure on the worker; what is on screen stays until it is there."""
        self.name.setText(self.file_name)
        try:
            spec = self.choices.spec()
        except WorkbenchError as error:
            self._show_error(error)
            self._ready(False)
            return
        self._say(_BESIDE)
        self._ready(False)
        comparison, results = self._context.session.value, self._context.results

        def work(token: CancelToken) -> _Page:
            return _drawn(gather(comparison, spec, known=results, cancel=token))

        self.view.show_waiting("Drawing…" if self._page is None else "Drawing the chosen figure…")
        self._runner.submit("export preview", work, self._drawn)

    def _drawn(self, outcome: Outcome) -> None:
        if isinstance(outcome, Error):
            self._show_error(outcome.exception)
            return
        self._page = page = outcome.value
        self.view.show_page(page.image, page.pixels, page.gathered.layout.size_mm)
        self._ready(True)

    @property
    def spec(self) -> FigureSpec | None:
        """The figure on show."""
        return self._page.gathered.spec if self._page else None

    @property
    def file_name(self) -> str:
        """What is proposed: the source's name and the format."""
        source = self._context.session.value.source
        stem = file_stem(source.name) if source else "comparison"
        return f"{stem}-comparison.{self.choices.format}"

    # Acts

    def _copy_caption(self) -> None:
        if self._page is not None:
            QGuiApplication.clipboard().setText(caption(self._page.gathered))
            self._say("The caption is on the clipboard.")

    def _export(self) -> None:
        if self._page is None:
            return
        path, _ = QFileDialog.getSaveFileName(self, "Export figure", self.file_name, f"*.{self.choices.format}")
        if not path:
            return
        target = Path(path)
        if target.suffix.lower() != f".{self.choices.format}":
            target = target.with_name(f"{target.name}.{self.choices.format}")
        gathered = self._page.gathered
        self._say(f"Writing {target.name} …")
        self._ready(False)
        self._runner.submit("export", lambda token: export_figure(target, gathered), self._written)

    def _written(self, outcome: Outcome) -> None:
        self._ready(True)
        if isinstance(outcome, Error):
            self._show_error(outcome.exception)
            return
        self.exported.emit(outcome.value)
        self.accept()

    def _ready(self, ready: bool) -> None:
        """Whether there is a page that can be written."""
        self.export_button.setEnabled(ready)
        self.copy_button.setEnabled(ready)

    def _say(self, text: str) -> None:
        self.note.set_token("text3")
        self.note.setText(text)
        self.note.setToolTip("")

    def _show_error(self, error: BaseException) -> None:
        """An expected failure is a line in the dialog; anything else is a bug."""
        if not isinstance(error, WorkbenchError | OSError | MemoryError):
            raise error
        text = str(error) or "There is not enough memory for this figure."
        self.note.set_token("err")
        if isinstance(error, ParameterError):
            text = text[:1].upper() + text[1:]
        self.note.setText(text + ("" if text.endswith(".") else "."))
        self.note.setToolTip(text)
        if self._page is None:
            self.view.show_waiting("")

    # The frame

    def _head(self) -> QWidget:
        head = _Head(self)
        head.setFixedHeight(43)
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 0, 10, 0)
        row.addWidget(Text("Export figure", 15, 600))
        row.addStretch(1)
        close = IconButton("close", "Close")
        close.clicked.connect(self.reject)
        row.addWidget(close)
        return head

    def _foot(self) -> QWidget:
        foot = QWidget()
        foot.setFixedHeight(51)
        row = QHBoxLayout(foot)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        row.addWidget(self.name)
        row.addWidget(self.note, 1)
        for button in (self.copy_button, self.cancel_button, self.export_button):
            row.addWidget(button)
        return foot

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._context.theme.color("outline"), 1))
        painter.setBrush(self._context.theme.color("chrome"))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def showEvent(self, event: object) -> None:
        if self._shade is not None:
            self._shade.cover()

    def done(self, result: int) -> None:
        if self._shade is not None:
            self._shade.deleteLater()
            self._shade = None
        if self._owned:
            _Retirement(self._runner)
            self._owned = False
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.reject()


class _Head(QWidget):
    """The title's strip, by which the dialog is moved."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        handle = self.window().windowHandle()
        if event.button() == Qt.MouseButton.LeftButton and handle is not None:
            handle.startSystemMove()


class Shade(QWidget):
    """Dims the window behind a dialog."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self) -> None:
        """Over the whole window, from now on."""
        self.setGeometry(self.parentWidget().rect())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setOpacity(0.35)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)


class _Retirement(QObject):
    """Closes a runner once it is idle: a page that is being drawn cannot be interrupted, and nobody should wait."""

    def __init__(self, runner: Runner) -> None:
        super().__init__(QApplication.instance())
        self._runner = runner
        runner.cancel()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(50)

    def _look(self) -> None:
        if not self._runner.busy:
            self._timer.stop()
            self._runner.close()
            self.deleteLater()


def _own_runner() -> Runner:
    """A thread for one dialog; its bridge lives as long as the application."""
    return ThreadRunner(Bridge(QApplication.instance()).post, threads=1)


def _drawn(gathered: Gathered) -> _Page:
    """The raster of the file, reduced where it is far larger than any screen."""
    raster = np.ascontiguousarray(preview(gathered))
    height, width = raster.shape[:2]
    image = QImage(raster.data, width, height, width * 4, QImage.Format.Format_RGBA8888)
    if width > _SHOWN:
        image = image.scaledToWidth(_SHOWN, Qt.TransformationMode.SmoothTransformation)
    else:
        image = image.copy()
    return _Page(gathered, image, (width, height))
