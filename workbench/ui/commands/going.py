"""Where to look: back and forward, to a pixel, to a bookmark."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMenu

from workbench.model import edits
from workbench.model.document import ORIGINAL, SOURCE, Bookmark, Comparison, Slot
from workbench.model.panels import slot_of
from workbench.model.results import Pending
from workbench.model.view_history import ViewHistory
from workbench.model.view_state import Camera
from workbench.ui.binding import bind
from workbench.ui.commands.group import CommandGroup
from workbench.ui.dialogs.ask import AskLine
from workbench.ui.dialogs.goto import GoTo
from workbench.ui.main_window import MainWindow

NO_WAY_BACK = "nothing was looked at before"
NO_WAY_FORWARD = "there is nothing to go forward to"


class GoingCommands(CommandGroup):
    """The history of the view, and the places that have names."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.history = ViewHistory(self.context.view)
        self._settling = True
        self._gone: dict[str, Slot] = {}
        history = self.history
        history.begin()
        self.bind("view_back", history.back, lambda: None if history.can_back else NO_WAY_BACK)
        self.bind("view_forward", history.forward, lambda: None if history.can_forward else NO_WAY_FORWARD)
        self.bind("go_to", lambda: GoTo(self.context, self.window).ask(), self._no_source)
        self.bind("bookmark", self._ask_name, self._no_source)
        bind(self, history.changed, window.action_set.refresh)
        bind(self, self.context.session.changed, self._session_changed)
        bind(self, self.context.results.changed, lambda *_: self._settle_soon())
        self._settle_soon()

    def _no_source(self) -> str | None:
        return self.no_image() or (None if self.context.results.prepared is not None else "the source is not ready")

    # ---- when a document has been opened

    def _session_changed(self, new: Comparison, old: Comparison) -> None:
        if new.view is not old.view:
            self._settling = True
            self.history.begin()
            self._disown({SOURCE, ORIGINAL, *(slot.id for slot in (*old.slots, *new.slots))})
            self._gone.clear()
            self._settle_soon()
            return
        before, now = ({slot.id: slot for slot in one.slots} for one in (old, new))
        self._gone.update({id: slot for id, slot in before.items() if id not in now})
        strangers = {id for id, slot in now.items() if id not in before and self._gone.get(id, slot) is not slot}
        if strangers:
            self._disown(strangers)

    def _disown(self, ids: set[str]) -> None:
        """Ranges and offsets wait for a slot that undo brings back; another one that gets its id has none of them."""
        self.history.forget(lambda panel: slot_of(panel) in ids)

    def _settle_soon(self) -> None:
        """Once all of a new document is there and what follows from it is done: the first fit, its ranges."""
        if self._settling and self._all_there():
            QTimer.singleShot(0, self, self._settle)

    def _settle(self) -> None:
        if self._settling and self._all_there():
            self._settling = False
            self.history.settle()

    def _all_there(self) -> bool:
        comparison, results = self.context.session.value, self.context.results
        prepared = results.prepared
        if prepared is None or prepared.source is not comparison.source:
            return comparison.source is None
        return not any(isinstance(results.get(slot.id), Pending | None) for slot in comparison.slots)

    # ---- bookmarks

    def _ask_name(self) -> None:
        taken = {one.name for one in self.context.session.value.bookmarks}
        free = next(name for k in range(1, len(taken) + 2) if (name := f"View {k}") not in taken)
        dialog = AskLine("Bookmark view", "Name", "Keep", self._keep, self.window)
        dialog.field.setText(free)
        dialog.ask()

    def _keep(self, text: str) -> str | None:
        name, camera = text.strip(), self.context.view.value.camera
        if not name:
            return "name: must not be empty"
        self.context.session.do(f"Bookmark {name}", edits.add_bookmark(name, camera.y, camera.x, camera.zoom))
        return None

    def go(self, bookmark: Bookmark) -> None:
        """Look where the bookmark says."""
        self.context.view.set(camera=Camera(bookmark.y, bookmark.x, bookmark.zoom))

    def fill_bookmarks(self, menu: QMenu) -> None:
        """All bookmarks, and what can be done about them."""
        kept = self.context.session.value.bookmarks
        for one in kept:
            action = menu.addAction(one.name.replace("&", "&&"), lambda one=one: self.go(one))
            action.setToolTip(f"{one.zoom:.4g}× at {one.y:.4g}, {one.x:.4g}")
        if kept:
            menu.addSeparator()
        menu.addAction(self.window.action_set["bookmark"])
        if kept:
            forget = menu.addMenu("Forget")
            for one in kept:
                forget.addAction(one.name.replace("&", "&&"), lambda one=one: self._forget(one.name))

    def _forget(self, name: str) -> None:
        self.context.session.do(f"Forget bookmark {name}", edits.remove_bookmark(name))
