"""The left column: the source, the list of methods, and the form of what is selected, one below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMenu, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from workbench.ui.binding import bind
from workbench.ui.controls import Line, Text
from workbench.ui.form import MethodForm
from workbench.ui.measures import FOLDED, FOLDED_BELOW, NARROW, NARROW_BELOW, WIDE, left_width
from workbench.ui.panels.method_menu import method_menu
from workbench.ui.panels.row_painter import INSET, RAIL
from workbench.ui.panels.same_as import SameAs
from workbench.ui.panels.slot_list import SlotList
from workbench.ui.panels.slot_rows import heading
from workbench.ui.panels.source_header import SourceHeader

if TYPE_CHECKING:
    from workbench.ui.context import Context

_ROUNDS = 6
"""Of layout at once; five were the most that any form took."""


class AddRow(QAbstractButton):
    """The last row of the list: a sign, what it does, its key."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.setText("Add method")
        self.setAccessibleName("Add method")
        self.setToolTip("Another method in a panel of its own")
        self.setFixedHeight(34)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        context.theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(200, 34)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._context.theme
        if self.isDown() or self.underMouse():
            painter.fillRect(self.rect(), theme.color("press" if self.isDown() else "hover"))
        icon = theme.pixmap("plus", "text2", 16, self.devicePixelRatioF())
        rail = self.width() < RAIL
        painter.drawPixmap(QPoint(INSET if rail else 15, 9), icon)
        if not rail:
            room = QRect(33, 0, self.width() - 33 - INSET, self.height())
            painter.setFont(theme.font(12, 400))
            painter.setPen(theme.color("text2"))
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())
            painter.setFont(theme.font(11, 400))
            painter.setPen(theme.color("text3"))
            key = QKeySequence("Ctrl+T").toString(QKeySequence.SequenceFormat.NativeText)
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, key)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))


class LeftColumn(QWidget):
    """256 wide, 224 in windows below 1500, a rail of 40 below 1100; it scrolls as a whole.

    Signals
    -------
    add_method_requested
        Somebody clicked "Add method".
    open_requested
        Somebody clicked the empty source.
    fold_changed
        The form came or went, by hand or with the window's width.
    """

    add_method_requested = Signal()
    open_requested = Signal()
    fold_changed = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._folded: bool | None = None
        self._window: QWidget | None = None
        self.setAutoFillBackground(True)

        # From the outside in: a widget that gets another parent has all that it holds styled once more.
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget()
        self._scroll.setWidget(content)
        self._detail = QWidget(content)
        self.header = SourceHeader(context, content)
        self.slots = SlotList(context, content)
        self.add = AddRow(context, content)
        self.form = MethodForm(context, self._detail)
        self.same_as = SameAs(context, self._detail)
        self._methods = Text("Methods", 11, 500, "text3")
        self._values = Text("", 11, 400, "text3")
        self._head = QWidget(content)
        self._head.setFixedHeight(24)
        head = QHBoxLayout(self._head)
        head.setContentsMargins(INSET, 0, INSET - 2, 0)
        head.addWidget(self._methods)
        head.addStretch(1)
        head.addWidget(self._values)

        detail = QVBoxLayout(self._detail)
        detail.setContentsMargins(0, 0, 0, 0)
        detail.setSpacing(0)
        for part in (Line(), self.form, self.same_as):
            detail.addWidget(part)
        box = QVBoxLayout(content)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        for part in (self.header, Line(), self._head, self.slots, self.add, self._detail):
            box.addWidget(part)
        box.addStretch(1)
        self._settling = False
        content.installEventFilter(self)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._scroll)

        self.add.clicked.connect(self.add_method_requested)
        bind(self, context.session.changed, lambda *_: self.refresh())
        bind(self, context.view.changed, lambda *_: self.refresh())
        bind(self, context.results.changed, lambda *_: self.refresh())
        bind(self, context.probe.changed, self.refresh)
        self.adapt(WIDE + NARROW_BELOW)
        self.refresh()

    def refresh(self) -> None:
        """What the values of the list are, in its head."""
        text = heading(self._context)
        if text != self._values.text():
            self._values.setText(text)

    @property
    def folded(self) -> bool:
        """Whether only the rail shows."""
        return self.width() <= FOLDED

    def set_folded(self, folded: bool | None) -> None:
        """Fold or unfold by hand; None follows the window's width again."""
        self._folded = folded
        self.adapt(self.window().width())

    def adapt(self, window_width: int) -> None:
        """Take the width that fits a window's."""
        folded = window_width < FOLDED_BELOW if self._folded is None else self._folded
        width = FOLDED if folded else max(left_width(window_width), NARROW)
        if width == self.maximumWidth():
            return
        self.setFixedWidth(width)
        for part in (self._methods, self._values, self._detail):
            part.setVisible(not folded)
        self.fold_changed.emit()

    def open_add_menu(self) -> QMenu:
        """The methods by family, below "Add method"; a chosen one becomes a slot."""
        menu = method_menu(self._context, self)
        menu.popup(self.add.mapToGlobal(self.add.rect().bottomLeft()))
        return menu

    def showEvent(self, event: QEvent) -> None:
        super().showEvent(event)
        if self._window is not self.window():
            self._window = self.window()
            self._window.installEventFilter(self)
        self.adapt(self.window().width())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._window:
            self.adapt(self._window.width())
        elif event.type() == QEvent.Type.LayoutRequest and watched is self._scroll.widget():
            self._settle()
        return False

    def _settle(self) -> None:
        """Let layouts inside one another agree before the next paint: sizes go up, widths down, heights up again."""
        if self._settling or not self.isVisible():
            return
        self._settling = True
        for _ in range(_ROUNDS):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        self._settling = False
