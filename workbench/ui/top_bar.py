"""The one row above everything: menus, layout, what is shown, zoom, range, commands, export."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenuBar, QSizePolicy, QSpacerItem, QWidget

from workbench.model.looks import range_text
from workbench.model.view_state import Camera
from workbench.ui.action_set import ActionSet
from workbench.ui.binding import bind
from workbench.ui.context import Context
from workbench.ui.controls import Text, TextButton, Toggle
from workbench.ui.measures import TOP

WIDE = 1500
"""Below this width the toggles drop their words."""
CRAMPED = 1100
"""Below this width the last word and the wide gaps go too, so that no menu has to."""

_LAYOUTS = (("grid", "Grid"), ("row", "Row"), ("pairs", "Pairs"), ("wipe", "Wipe"), ("single", "Single"))


class ActionToggle(Toggle):
    """A toggle that mirrors a checkable action."""

    def __init__(self, action: QAction, icon: str, text: str) -> None:
        super().__init__(icon, text)
        self._action = action
        action.changed.connect(self._follow)
        self.clicked.connect(lambda: action.trigger())
        self._follow()

    def _follow(self) -> None:
        self.setChecked(self._action.isChecked())
        self.setEnabled(self._action.isEnabled())
        self.setToolTip(self._action.toolTip())


class ZoomBox(QComboBox):
    """A zoom to type or to choose; ``Esc`` gives it up."""

    given_up = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)


class TopBar(QWidget):
    """Menus and tools in one row.

    Signals
    -------
    zoom_entered : (zoom,)
    zoom_left : the field of the zoom has no more use for the keys.
    """

    zoom_entered = Signal(float)
    zoom_left = Signal()

    def __init__(self, context: Context, actions: ActionSet, menus: QMenuBar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._actions = actions
        self.setFixedHeight(TOP)
        self.setObjectName("topBar")
        menus.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(3, 0, 8, 0)
        row.setSpacing(4)
        row.addWidget(menus, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(3)
        self._toggles = [ActionToggle(actions[f"layout_{id}"], id, name) for id, name in _LAYOUTS]
        for toggle in self._toggles:
            row.addWidget(toggle)
        self._gaps = [QSpacerItem(16, 0), QSpacerItem(16, 0)]
        row.addSpacerItem(self._gaps[0])
        for id, name in (("show_images", "Images"), ("show_differences", "Differences")):
            row.addWidget(ActionToggle(actions[id], "", name))
        row.addSpacerItem(self._gaps[1])
        self._zoom = ZoomBox(editable=True, insertPolicy=QComboBox.InsertPolicy.NoInsert)
        self._zoom.setAccessibleName("Zoom")
        self._zoom.setToolTip("<b>Zoom</b><br>Screen pixels for each source pixel; type a number, or 1/3.")
        self._zoom.setFixedWidth(72)
        self._zoom.addItems([f"{k}×" for k in (1, 2, 4, 8, 12, 16, 24, 32, 64, 128)])
        self._zoom.lineEdit().returnPressed.connect(self._enter)
        self._zoom.activated.connect(lambda _index: self._enter())
        self._zoom.given_up.connect(self._leave_zoom)
        row.addWidget(self._zoom)
        row.addSpacing(8)
        self._range_icon = QLabel()
        self._range = Text()
        self._range.setAccessibleName("Range of the shown group")
        row.addWidget(self._range_icon)
        row.addWidget(self._range)
        row.addStretch(3)
        self._commands = TextButton("Commands", kind="quiet", icon="search")
        self._commands.clicked.connect(actions["palette"].trigger)
        self._commands.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.addWidget(self._commands)
        self._key = Text("Ctrl+Shift+P", 11, token="text3")
        row.addWidget(self._key)
        row.addSpacing(12)
        self._export = TextButton("Export figure…", icon="export")
        self._export.clicked.connect(actions["export_figure"].trigger)
        self._export.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        actions["export_figure"].changed.connect(self._follow_export)
        row.addWidget(self._export)
        bind(self, context.view.changed, self._show)
        bind(self, context.session.changed, self._show)
        context.theme.changed.connect(self._restyle)
        self._restyle()
        self._show()
        self._follow_export()

    def minimumSizeHint(self) -> QSize:
        """Narrow windows drop words, so the bar never forces the window wide."""
        return QSize(0, TOP)

    def resizeEvent(self, event: QEvent) -> None:
        super().resizeEvent(event)
        narrow, cramped = self.width() < WIDE, self.width() < CRAMPED
        for toggle in self._toggles:
            toggle.set_compact(narrow)
        self._commands.setText("" if narrow else "Commands")
        self._key.setVisible(not narrow)
        self._export.setText("" if cramped else "Export…" if narrow else "Export figure…")
        self._range_icon.setVisible(not cramped)
        self._zoom.setFixedWidth(64 if cramped else 72)
        for gap in self._gaps:
            gap.changeSize(4 if cramped else 16, 0)
        self._make_room()

    def _make_room(self) -> None:
        """Where large words leave too little room for the menus, the range is not said here."""
        self._range.setVisible(True)
        self.layout().invalidate()
        self._range.setVisible(self.layout().minimumSize().width() <= self.width())

    def _restyle(self) -> None:
        theme = self._context.theme
        ratio = self.devicePixelRatioF()
        self._range_icon.setPixmap(theme.pixmap("range", "text2", 16, ratio))
        self._make_room()

    def _follow_export(self) -> None:
        action: QObject = self._actions["export_figure"]
        self._export.setEnabled(action.isEnabled())
        self._export.setToolTip(action.toolTip())

    def _show(self, *_: object) -> None:
        view, empty = self._context.view.value, self._context.session.value.source is None
        self._zoom.setEnabled(not empty)
        if not self._zoom.lineEdit().hasFocus():
            self._zoom.lineEdit().setText("–" if empty else zoom_text(view.camera))
        if empty:
            said = "–"
        else:
            compared = view.show == "differences" or view.layout == "pairs"
            said = range_text(view, "differences" if compared else "images")
        if said != self._range.text():
            self._range.setText(said)
            self._make_room()

    def _enter(self) -> None:
        zoom = parse_zoom(self._zoom.currentText())
        if zoom is not None:
            self.zoom_entered.emit(zoom)
        self._leave_zoom()

    def _leave_zoom(self) -> None:
        self.zoom_left.emit()
        self._show()


def zoom_text(camera: Camera) -> str:
    """``"12×"``, ``"1/3×"``."""
    if camera.zoom >= 1:
        return f"{camera.zoom:.4g}×"
    inverse = 1 / camera.zoom
    return f"1/{round(inverse)}×" if abs(inverse - round(inverse)) < 1e-6 else f"{camera.zoom:.3g}×"


def parse_zoom(text: str) -> float | None:
    """A zoom a person typed: ``12``, ``12×``, ``1/3``, ``50 %``; None if it is none."""
    word = text.strip().rstrip("×x").strip()
    try:
        if word.endswith("%"):
            zoom = float(word[:-1]) / 100
        elif "/" in word:
            above, _, below = word.partition("/")
            zoom = float(above) / float(below)
        else:
            zoom = float(word)
    except (ValueError, ZeroDivisionError):
        return None
    return zoom if zoom > 0 and math.isfinite(zoom) else None
