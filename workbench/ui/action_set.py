"""The table of actions as `QAction` objects: what they do, why not, whether on, and under which keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from workbench.ui.actions import ACTIONS, MENUS, SPECS, ActionSpec
from workbench.ui.pacing import Pace

Keys = tuple[str, ...]
Reason = Callable[[], str | None]


class ActionSet(QObject):
    """All actions of one window.

    Parameters
    ----------
    window : QWidget
        Gets every action of scope ``window``, so that keys work with menus and panels hidden.
    canvas : QWidget
        Gets the bare keys, for itself and its children.

    Signals
    -------
    keys_changed : some action has other keys now.
    """

    keys_changed = Signal()

    def __init__(self, window: QWidget, canvas: QWidget) -> None:
        super().__init__(window)
        self._actions: dict[str, QAction] = {}
        self._keys: dict[str, Keys] = {spec.id: spec.keys for spec in ACTIONS}
        self._reasons: dict[str, Reason] = {}
        self._checks: dict[str, Callable[[], bool]] = {}
        self._titles: dict[str, Callable[[], str]] = {}
        self._told: dict[str, tuple[str | None, Keys]] = {}
        self._asked: set[str] = set()
        self._pace = Pace(self, self._refresh_asked)
        window.installEventFilter(self)
        for spec in ACTIONS:
            action = QAction(spec.title, self)
            action.setObjectName(spec.id)
            action.setCheckable(spec.checkable)
            action.setShortcuts([QKeySequence(key) for key in spec.keys])
            if spec.scope == "canvas":
                action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                canvas.addAction(action)
            else:
                window.addAction(action)
            self._actions[spec.id] = action
            if spec.canvas_keys:
                # A second action: one QAction cannot act anywhere by one key and on the images alone by another.
                twin = QAction(self)
                twin.setShortcuts([QKeySequence(key) for key in spec.canvas_keys])
                twin.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                twin.triggered.connect(action.trigger)
                canvas.addAction(twin)

    def __getitem__(self, id: str) -> QAction:
        self._pace.settle()
        return self._actions[id]

    def keys(self, id: str) -> Keys:
        """The keys an action has now."""
        return self._keys[id]

    @property
    def own_keys(self) -> dict[str, Keys]:
        """The actions whose keys a person has changed."""
        return {id: keys for id, keys in self._keys.items() if keys != SPECS[id].keys}

    def set_keys(self, changed: Mapping[str, Keys]) -> None:
        """Give actions other keys; those that are not named get the table's own."""
        for id, spec in SPECS.items():
            keys = tuple(changed.get(id, spec.keys))
            self._keys[id] = keys
            self._actions[id].setShortcuts([QKeySequence(key) for key in keys])
        self.refresh()
        self.keys_changed.emit()

    def bind(
        self,
        id: str,
        call: Callable[[], object],
        reason: Reason | None = None,
        *,
        checked: Callable[[], bool] | None = None,
        title: Callable[[], str] | None = None,
    ) -> None:
        """Say what an action does.

        Parameters
        ----------
        call : callable
            Does it.
        reason : callable, optional
            A sentence that says why it cannot be done now, or None if it can.
        checked : callable, optional
            Whether a checkable action is on.
        title : callable, optional
            What the menu calls it now, where that changes.
        """

        def act(_checked: bool = False) -> None:
            call()
            self.refresh()

        self._actions[id].triggered.connect(act)
        for kept, given in ((self._reasons, reason), (self._checks, checked), (self._titles, title)):
            if given is not None:
                kept[id] = given

    def unbound(self) -> list[str]:
        """Actions that do nothing; a test demands that there are none."""
        return [id for id, action in self._actions.items() if not action.receivers("2triggered(bool)")]

    def reason(self, id: str) -> str | None:
        """Why an action cannot be done now, or None if it can."""
        return self._reasons[id]() if id in self._reasons else None

    def refresh(self, ids: Iterable[str] | None = None) -> None:
        """Ask again why not, whether on, and what it is called; tooltips tell why something is disabled.

        Parameters
        ----------
        ids : iterable of str, optional
            The actions to ask for, where only some can have changed; default: all.
        """
        for id in self._actions if ids is None else ids:
            action, told = self._actions[id], (self.reason(id), self._keys[id])
            # Asking is cheap, telling is not: every menu and button hears of it, and this follows every edit.
            if self._told.get(id) != told or action.isEnabled() == bool(told[0]):
                self._told[id] = told
                action.setEnabled(told[0] is None)
                action.setToolTip(tooltip(SPECS[id], *told))
            if id in self._checks:
                action.setChecked(self._checks[id]())
            if id in self._titles:
                action.setText(self._titles[id]())

    def follow(self, ids: Iterable[str] | None = None) -> None:
        """Refresh these, or all, soon: a drag changes what actions depend on many times a second."""
        self._asked.update(self._actions if ids is None else ids)
        self._pace.ask()

    def _refresh_asked(self) -> None:
        asked, self._asked = self._asked, set()
        self.refresh(asked)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A key finds actions as they are: Qt asks widgets up to the window before it looks for a shortcut."""
        if event.type() == QEvent.Type.ShortcutOverride:
            self._pace.settle()
        return False

    def menu(self, title: str, parent: QWidget, fill: Callable[[str, QMenu], None]) -> QMenu:
        """One of `MENUS`; ``fill(title, menu)`` fills a submenu each time it is about to open."""
        items = dict(MENUS)[title]
        menu = QMenu(f"&{title}", parent)  # Alt and the first letter open it; a test holds them apart
        menu.setToolTipsVisible(True)
        for item in items:
            if item is None:
                menu.addSeparator()
            elif isinstance(item, str):
                menu.addAction(self._actions[item])
            else:
                name, ids = item
                sub = menu.addMenu(name)
                sub.setToolTipsVisible(True)
                for id in ids:
                    sub.addAction(self._actions[id])
                if not ids:
                    sub.aboutToShow.connect(lambda name=name, sub=sub: fill(name, sub))
        menu.aboutToShow.connect(self.refresh)
        return menu


def native(key: str) -> str:
    """A key as the desktop writes it: ``Ctrl+Shift+P``, or signs on a Mac."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def tooltip(spec: ActionSpec, reason: str | None = None, keys: Keys | None = None) -> str:
    """Title, what it does, its key; a reason why not comes first."""
    keys = spec.keys if keys is None else keys
    lines = [f"<b>{spec.title}</b>" + (f" &nbsp; {native(keys[0])}" if keys else "")]
    if reason:
        lines.insert(0, reason[0].upper() + reason[1:])
    if spec.tip:
        lines.append(spec.tip)
    return "<br>".join(lines)
