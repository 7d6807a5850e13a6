"""The window: where its parts stand. What actions do is in `commands`; who is made with what, in `app`.

It is made in two turns: the images and room for everything around them, so that they can be painted; then, by
`MainWindow.furnish`, all the rest, imported and made part by part while the images are there to be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, cast

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
    QResizeEvent,
)
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from workbench.model.view_state import ViewValue
from workbench.ui import measures
from workbench.ui.binding import bind
from workbench.ui.context import Context
from workbench.ui.controls import Line
from workbench.ui.panels.docks import BOTTOM, make_dock
from workbench.ui.panels.panel_area import PanelArea
from workbench.ui.tab_order import put_behind, stops

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu, QMenuBar

    from workbench.ui.action_set import ActionSet
    from workbench.ui.banner import Banner
    from workbench.ui.panels.colour_bar import ColourBars
    from workbench.ui.panels.difference_strip import DifferenceStrip
    from workbench.ui.panels.empty_state import EmptyState
    from workbench.ui.panels.left_column import LeftColumn
    from workbench.ui.panels.lesson import LessonNote
    from workbench.ui.panels.matrix import MatrixPanel
    from workbench.ui.panels.provenance_card import ProvenanceCard
    from workbench.ui.status_bar import StatusBar
    from workbench.ui.top_bar import TopBar

TITLE = "Upsampling Comparison Workbench"
_NO_LIMIT = (1 << 24) - 1
"""Qt's own, which PySide6 does not name."""


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


class Room(QWidget):
    """Where a part of the window stands, or will stand: it gives way where the part hides by itself."""

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)

    def reserve(self, width: int | None = None, height: int | None = None) -> None:
        """Take as much room as the part will."""
        if width is not None:
            self.setFixedWidth(width)
        if height is not None:
            self.setFixedHeight(height)

    def fill(self, part: QWidget) -> None:
        """Give the room to a part; its sizes hold from now on."""
        self.setMinimumSize(0, 0)
        self.setMaximumSize(_NO_LIMIT, _NO_LIMIT)
        self.layout().addWidget(part)


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

    empty: EmptyState
    menus: QMenuBar
    action_set: ActionSet
    top_bar: TopBar
    left: LeftColumn
    banner: Banner
    lesson: LessonNote
    difference_strip: DifferenceStrip
    colour_bars: ColourBars
    matrix: MatrixPanel
    status: StatusBar

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.setMinimumSize(1024, 680)
        self.setAcceptDrops(True)
        self._docks: dict[str, QWidget] = {}
        self._place = ""
        self._furnished = False
        self._unsaid: list[tuple[str, str, str]] = []

        self.panel_area = PanelArea(context)
        self._frame = DropFrame(context, self)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.panel_area)
        if context.session.value.source is None:
            self._make_empty()
        self._top, self._side, self._foot = Room(), Room(), Room()
        self._lesson, self._note, self._strip, self._right = Room(), Room(), Room(), Room()
        self._bars, self._dock = Room(), Room()
        self._right_line, self._bottom_line = Line(vertical=True), Line()
        lines = (Line(vertical=True), Line(), Line())
        self._around: tuple[QWidget, ...] = (
            self._top, self._side, self._foot, self._lesson, self._strip, self._bars, *lines
        )  # fmt: skip

        images = _row(self._stack, self._bars)
        images.setStretch(0, 1)
        middle = _column(self._lesson, self._note, self._strip, images, self._bottom_line, self._dock)
        middle.setStretch(3, 1)
        body = _row(self._side, lines[0], middle, self._right_line, self._right)
        body.setStretch(2, 1)
        whole = _column(self._top, lines[1], body, lines[2], self._foot)
        whole.setStretch(2, 1)
        holder = QWidget()
        holder.setLayout(whole)
        self.setCentralWidget(holder)

        bind(self, context.session.changed, self._show)
        bind(self, context.session.saved_changed, self._show)
        bind(self, context.view.changed, self._view_changed)
        self._show()

    def furnish(self) -> Iterator[None]:
        """Make all that stands around the images, a part at a turn; at the last one everything takes its place."""
        from PySide6.QtWidgets import QMenuBar

        from workbench.ui.action_set import ActionSet
        from workbench.ui.panels.left_column import LeftColumn
        from workbench.ui.status_bar import StatusBar
        from workbench.ui.top_bar import TopBar

        yield
        self.action_set = ActionSet(self, self.panel_area)
        self.menus = QMenuBar()
        self.top_bar = TopBar(self.context, self.action_set, self.menus)
        self.status = StatusBar(self.context, self.action_set)
        yield
        self.left = LeftColumn(self.context)
        yield
        if self.context.session.value.source is not None:
            self._make_empty()
        from workbench.ui.banner import Banner
        from workbench.ui.panels.colour_bar import ColourBars
        from workbench.ui.panels.difference_strip import DifferenceStrip
        from workbench.ui.panels.lesson import LessonNote
        from workbench.ui.panels.matrix import MatrixPanel

        self.banner = Banner(self.context)
        self.lesson, self.matrix = LessonNote(self.context), MatrixPanel(self.context)
        self.colour_bars = ColourBars(self.context)
        self.difference_strip = DifferenceStrip(self.context)
        yield
        docks = {id: make_dock(id, self.context) for id in BOTTOM if id in self.context.view.value.docks}
        yield
        self._furnished = True
        for room, part in (
            (self._top, self.top_bar), (self._side, self.left), (self._lesson, self.lesson),
            (self._note, self.banner), (self._strip, self.difference_strip), (self._bars, self.colour_bars),
        ):  # fmt: skip
            room.fill(part)
        for id, dock in docks.items():
            self._keep(id, dock)
        for room, part in ((self._right, self.matrix), (self._foot, self.status)):
            room.fill(part)
        # Tab goes round in the order in which parts came; the images were first, but lie in their midst. Qt leaves out
        # a step that changes nothing yet, so this comes when all are there.
        put_behind(stops(self._strip), self._stack)
        for words in self._unsaid:
            self.banner.show_error(*words)
        self._show()

    def _make_empty(self) -> None:
        from workbench.ui.panels.empty_state import EmptyState

        self.empty = EmptyState(self.context)
        self._stack.addWidget(self.empty)

    def fill_menus(self, fill: Callable[[str, QMenu], None]) -> None:
        """Build the menus; ``fill(title, menu)`` fills the changing ones."""
        from workbench.ui.actions import MENUS

        self.menus.clear()
        for title, _items in MENUS:
            self.menus.addMenu(self.action_set.menu(title, self.menus, fill))

    def show_error(self, title: str, sentence: str, details: str = "") -> None:
        """The non-modal banner above the panels, once there is one."""
        if self._furnished:
            self.banner.show_error(title, sentence, details)
        else:
            self._unsaid.append((title, sentence, details))

    def show_place(self, place: str) -> None:
        """Which of several pictures is open, in the title: ``3 of 12``."""
        self._place = place
        self._show()

    def dock(self, id: str) -> QWidget:
        """A bottom dock; made at the first call."""
        if id not in self._docks:
            before = stops(self._stack, self._bars, self._dock)
            self._keep(id, make_dock(id, self.context))
            put_behind(before, self._docks[id])
        return self._docks[id]

    def _keep(self, id: str, dock: QWidget) -> None:
        self._docks[id] = dock
        dock.hide()
        self._dock.fill(dock)

    @property
    def card(self) -> ProvenanceCard:
        """The provenance card; copying its numbers works while it is hidden too."""
        return cast("ProvenanceCard", self.dock("provenance"))

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

    def _view_changed(self, new: ViewValue, old: ViewValue) -> None:
        if not new.only_moved(old):
            self._show()

    def _show(self, *_: object) -> None:
        session, view = self.context.session, self.context.view.value
        empty = session.value.source is None
        self._stack.setCurrentWidget(self.empty if empty else self.panel_area)
        bare = view.bare and not empty
        for part in self._around:
            part.setVisible(not bare)
        docks = frozenset() if empty or bare else view.docks
        for part in (self._bottom_line, self._dock):
            part.setVisible(bool(docks & set(BOTTOM)))
        for part in (self._right_line, self._right):
            part.setVisible("matrix" in docks)
        if self._furnished:
            for id in BOTTOM:
                if id in docks or id in self._docks:
                    self.dock(id).setVisible(id in docks)
            self.matrix.setVisible("matrix" in docks)
            self.colour_bars.follow()
        else:
            self._reserve("provenance" in docks)
        name = session.path.name if session.path else session.value.source.name if session.value.source else ""
        name = f"{name} ({self._place})" if name and self._place else name
        self.setWindowTitle(f"{name}[*] — {TITLE}" if name else f"{TITLE}[*]")
        self.setWindowModified(session.dirty and not empty)

    def _reserve(self, card: bool) -> None:
        """Room for what is not made yet, so that nothing jumps when it comes."""
        self._top.reserve(height=measures.TOP)
        self._foot.reserve(height=measures.FOOT)
        self._side.reserve(width=measures.left_width(self.width()))
        self._dock.reserve(height=measures.card_height(self.height()) if card else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._furnished:
            self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        data = event.mimeData()
        if data.hasImage() or any(url.isLocalFile() for url in data.urls()):  # nothing is fetched from elsewhere
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
