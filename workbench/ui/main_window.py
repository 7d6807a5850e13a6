"""The window: where its parts stand. What actions do is in `commands`; who is made with what, in `app`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QMenuBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workbench.ui.action_set import ActionSet
from workbench.ui.actions import MENUS
from workbench.ui.banner import Banner
from workbench.ui.binding import bind
from workbench.ui.context import Context
from workbench.ui.controls import Line
from workbench.ui.panels.colour_bar import ColourBars
from workbench.ui.panels.difference_strip import DifferenceStrip
from workbench.ui.panels.docks import BOTTOM, make_dock
from workbench.ui.panels.empty_state import EmptyState
from workbench.ui.panels.left_column import LeftColumn
from workbench.ui.panels.lesson import LessonNote
from workbench.ui.panels.matrix import MatrixPanel
from workbench.ui.panels.panel_area import PanelArea
from workbench.ui.panels.provenance_card import ProvenanceCard
from workbench.ui.status_bar import StatusBar
from workbench.ui.top_bar import TopBar

TITLE = "Upsampling Comparison Workbench"


class DropFrame(QWidget):
    """The accent frame that shows, while something is dragged over the window, that it may be dropped."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self, rect: QRect) -> None:
        self.setGeometry(rect)
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(self._context.theme.color("accent"), 2))
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))


class MainWindow(QMainWindow):
    """Top bar, left column, panels, docks and status bar.

    Signals
    -------
    dropped : QMimeData
        Something was dropped anywhere on the window.
    closing : QCloseEvent
        The window is asked to close; ignore the event to keep it.
    escaped
        ``Esc`` that nobody nearer had a use for.
    """

    dropped = Signal(object)
    closing = Signal(object)
    escaped = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.setMinimumSize(1024, 680)
        self.setAcceptDrops(True)

        self.panel_area = PanelArea(context)
        self.empty = EmptyState(context)
        self.action_set = ActionSet(self, self.panel_area)
        self.menus = QMenuBar()
        self.top_bar = TopBar(context, self.action_set, self.menus)
        self.left = LeftColumn(context)
        self.lesson = LessonNote(context)
        self.banner = Banner(context)
        self.colour_bars = ColourBars(context)
        self.difference_strip = DifferenceStrip(context)
        self._docks: dict[str, QWidget] = {}
        self._place = ""
        self.matrix = MatrixPanel(context)
        self.status = StatusBar(context, self.action_set)
        self._right_line = Line(vertical=True)
        self._bottom_line = Line()
        self._frame = DropFrame(context, self)
        self._around: list[QWidget] = [self.top_bar, self.left, self.status]

        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.panel_area)
        images = _row(self._stack, self._held(self.colour_bars))
        images.setStretch(0, 1)
        self._middle = _column(
            self._held(self.lesson), self.banner, self._held(self.difference_strip), images, self._bottom_line
        )
        self._middle.setStretch(3, 1)
        lines = (Line(vertical=True), Line(), Line())
        self._around += lines
        body = _row(self.left, lines[0], self._middle, self._right_line, self.matrix)
        body.setStretch(2, 1)
        whole = _column(self.top_bar, lines[1], body, lines[2], self.status)
        whole.setStretch(2, 1)
        holder = QWidget()
        holder.setLayout(whole)
        self.setCentralWidget(holder)

        bind(self, context.session.changed, self._show)
        bind(self, context.session.saved_changed, self._show)
        bind(self, context.view.changed, self._show)
        self._show()

    def _held(self, part: QWidget) -> QWidget:
        """A part that shows and hides by itself, in a holder that goes with all that is not the images."""
        holder = QWidget()
        holder.setLayout(_column(part))
        self._around.append(holder)
        return holder

    def fill_menus(self, fill: Callable[[str, QMenu], None]) -> None:
        """Build the menus; ``fill(title, menu)`` fills the changing ones."""
        self.menus.clear()
        for title, _items in MENUS:
            self.menus.addMenu(self.action_set.menu(title, self.menus, fill))

    def show_error(self, title: str, sentence: str, details: str = "") -> None:
        """The non-modal banner above the panels."""
        self.banner.show_error(title, sentence, details)

    def show_place(self, place: str) -> None:
        """Which of several pictures is open, in the title: ``3 of 12``."""
        self._place = place
        self._show()

    def dock(self, id: str) -> QWidget:
        """A bottom dock; made at the first call."""
        if id not in self._docks:
            self._docks[id] = make_dock(id, self.context)
            self._docks[id].hide()
            self._middle.addWidget(self._docks[id])
        return self._docks[id]

    @property
    def card(self) -> ProvenanceCard:
        """The provenance card; copying its numbers works while it is hidden too."""
        card = self.dock("provenance")
        assert isinstance(card, ProvenanceCard)
        return card

    def focus_images(self) -> None:
        """Give the keyboard to the images, or to the empty state's button."""
        if self._stack.currentWidget() is self.panel_area:
            self.panel_area.focus_view()
        else:
            self.empty.setFocus()

    @property
    def drop_rect(self) -> QRect:
        """Where the images stand, in the window's coordinates."""
        return QRect(self._stack.mapTo(self, self._stack.rect().topLeft()), self._stack.size())

    def _show(self, *_: object) -> None:
        session, view = self.context.session, self.context.view.value
        empty = session.value.source is None
        self._stack.setCurrentWidget(self.empty if empty else self.panel_area)
        bare = view.bare and not empty
        for part in self._around:
            part.setVisible(not bare)
        docks = frozenset() if empty or bare else view.docks
        for id in BOTTOM:
            if id in docks or id in self._docks:
                self.dock(id).setVisible(id in docks)
        self._bottom_line.setVisible(bool(docks & set(BOTTOM)))
        self.matrix.setVisible("matrix" in docks)
        self._right_line.setVisible("matrix" in docks)
        self.colour_bars.follow()
        name = session.path.name if session.path else session.value.source.name if session.value.source else ""
        name = f"{name} ({self._place})" if name and self._place else name
        self.setWindowTitle(f"{name}[*] — {TITLE}" if name else f"{TITLE}[*]")
        self.setWindowModified(session.dirty and not empty)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()
            self._frame.cover(self.drop_rect)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._frame.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._frame.hide()
        event.acceptProposedAction()
        self.dropped.emit(event.mimeData())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self._frame.hide()


def _row(*parts: QWidget | QVBoxLayout) -> QHBoxLayout:
    layout = QHBoxLayout()
    _fill(layout, parts)
    return layout


def _column(*parts: QWidget | QHBoxLayout) -> QVBoxLayout:
    layout = QVBoxLayout()
    _fill(layout, parts)
    return layout


def _fill(layout: QBoxLayout, parts: Sequence[QWidget | QHBoxLayout | QVBoxLayout]) -> None:
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for part in parts:
        if isinstance(part, QWidget):
            layout.addWidget(part)
        else:
            layout.addLayout(part)
