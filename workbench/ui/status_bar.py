"""The row below everything: what the pointer shows, progress with cancel, and the switches of the docks."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from workbench.model.status import status_text
from workbench.ui.action_set import ActionSet
from workbench.ui.binding import bind
from workbench.ui.context import Context
from workbench.ui.controls import Text, TextButton
from workbench.ui.measures import FOOT
from workbench.ui.top_bar import WIDE, ActionToggle

PROGRESS_AFTER_MS = 300
_SWITCHES = (
    ("dock_provenance", "prov", "Provenance"),
    ("dock_metrics", "table", "Metrics"),
    ("dock_matrix", "matrix", "Matrix"),
    ("dock_profile", "profile", "Profile"),
    ("dock_histogram", "hist", "Histogram"),
)


class ProgressBar(QWidget):
    """4 px high, 120 wide; an unknown share fills nothing."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._share = 0.0
        self.setFixedSize(120, FOOT)

    def set_share(self, share: float) -> None:
        self._share = min(max(share, 0.0), 1.0)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        top = (self.height() - 4) / 2
        painter.setBrush(self._context.theme.color("field"))
        painter.drawRect(QRectF(0, top, self.width(), 4))
        painter.setBrush(self._context.theme.color("accent"))
        painter.drawRect(QRectF(0, top, self.width() * self._share, 4))


class StatusBar(QWidget):
    """One fixed row."""

    cancel_requested = Signal()

    def __init__(self, context: Context, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.setFixedHeight(FOOT)
        self.setObjectName("statusBar")
        self._text = Text(size=11, token="text2")
        self._text.setAccessibleName("What the pointer shows")
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._doing = Text(size=11, token="text2")
        self._bar = ProgressBar(context)
        self._cancel = TextButton("Cancel", kind="quiet", icon="close")
        self._cancel.setToolTip("<b>Cancel</b> &nbsp; Esc")
        self._cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._cancel.clicked.connect(self.cancel_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(self._text, 1)
        for widget in (self._doing, self._bar, self._cancel):
            row.addWidget(widget)
            widget.hide()
        row.addSpacing(8)
        self._switches = [ActionToggle(actions[id], icon, name) for id, icon, name in _SWITCHES]
        for switch in self._switches:
            switch.setFixedHeight(22)
            row.addWidget(switch)
        # Work that is done before anybody notices shows no progress at all.
        self._late = QTimer(self, singleShot=True, interval=PROGRESS_AFTER_MS)
        self._late.timeout.connect(self._show_progress)
        self._now = ("", -1.0)
        bind(self, context.probe.changed, self.show_text)
        bind(self, context.results.changed, self.show_text)
        bind(self, context.view.changed, self.show_text)
        context.tools.said.connect(self.show_text)
        bind(self, context.pipeline.progress, self.show_progress)
        context.theme.changed.connect(self.update)
        self.show_text()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, FOOT)

    def resizeEvent(self, event: QEvent) -> None:
        super().resizeEvent(event)
        for switch in self._switches:
            switch.set_compact(self.width() < WIDE, keeps_word=True)

    @property
    def text(self) -> str:
        """What stands there now."""
        return self._text.text()

    def show_text(self, *_: object) -> None:
        """Say what the pointer shows."""
        context = self._context
        if context.session.value.source is None:
            self._text.setText("No image: zoom, range and export wait for a source")
            return
        view = context.view.value
        comparison, results, probe = context.session.value, context.results, context.probe
        text = status_text(results, comparison, probe, view.channel, view.selected, view.scatter)
        self._text.setText(context.tools.words or text)

    def show_progress(self, text: str, share: float) -> None:
        """Say what is being computed; an empty text is the end of it."""
        self._now = (text, share)
        if not text:
            self._late.stop()
            for widget in (self._doing, self._bar, self._cancel):
                widget.hide()
        elif self._bar.isVisible():
            self._write_progress()
        elif not self._late.isActive():
            self._late.start()

    def _show_progress(self) -> None:
        if self._now[0]:
            self._write_progress()
            for widget in (self._doing, self._bar, self._cancel):
                widget.show()

    def _write_progress(self) -> None:
        text, share = self._now
        self._doing.setText(f"{text}, {share:.0%}".replace("%", " %") if share >= 0 else text)
        self._bar.set_share(share)
