"""What each action does, and when it cannot: the window's actions bound to the session and the view.

One group of commands is one file here; `Commands` makes them all, fills the menus that change, and walks the chain of
``Esc``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from workbench.kernels.differences import Difference
from workbench.kernels.patterns import all_charts
from workbench.model import lessons, samples
from workbench.model.differencing import Comparing
from workbench.model.document import SOURCE
from workbench.model.view_state import ViewValue
from workbench.ui.commands.documents import DocumentCommands
from workbench.ui.commands.finding import FindingCommands
from workbench.ui.commands.flicker import FlickerCommands
from workbench.ui.commands.going import GoingCommands
from workbench.ui.commands.group import CommandGroup
from workbench.ui.commands.layouts import LayoutCommands
from workbench.ui.commands.looks import LookCommands
from workbench.ui.commands.loupe import LoupeCommands
from workbench.ui.commands.marking import MarkingCommands
from workbench.ui.commands.methods import MethodCommands
from workbench.ui.commands.places import PlaceCommands
from workbench.ui.commands.provenance import ProvenanceCommands
from workbench.ui.commands.ranges import RangeCommands
from workbench.ui.commands.viewing import ViewCommands
from workbench.ui.commands.wiping import WipeCommands
from workbench.ui.documents import Documents
from workbench.ui.main_window import MainWindow
from workbench.ui.settings import Settings

MOST_STEPS = 20
"""So many steps back and forth the history lists."""


class Commands(QObject):
    """Binds every action of the table."""

    def __init__(self, window: MainWindow, documents: Documents, settings: Settings) -> None:
        super().__init__(window)
        self.window = window
        self.context = window.context
        self._documents = documents
        self._settings = settings
        self.viewing = ViewCommands(window)
        self.ranges = RangeCommands(window)
        self.flicker = FlickerCommands(window, settings)
        self.finding = FindingCommands(window, documents, settings)
        self.provenance = ProvenanceCommands(window)
        self.going = GoingCommands(window)
        self.groups: tuple[CommandGroup, ...] = (
            DocumentCommands(window, documents, settings),
            self.viewing,
            self.ranges,
            PlaceCommands(window),
            self.going,
            MethodCommands(window),
            self.provenance,
            MarkingCommands(window),
            WipeCommands(window, self.flicker.momentary),
            self.flicker,
            LoupeCommands(window),
            LayoutCommands(window),
            LookCommands(window, settings),
            self.finding,
        )
        window.fill_menus(self._fill)

    def follow(self, *_: object) -> None:
        """Let checkable actions, names and reasons follow the state."""
        if self.window.isVisible():
            self.window.action_set.follow()
        else:
            self.window.action_set.refresh()

    def follow_view(self, new: ViewValue, old: ViewValue) -> None:
        """The same, unless only the camera moved: no action depends on it, and it moves with every notch."""
        if not new.only_moved(old):
            self.follow()

    def escape(self) -> bool:
        """One step back: lens, drag, running work, what plays, tool, lock, selection. It never deletes."""
        context = self.context
        if context.view.value.loupe is not None:
            context.view.set(loupe=None)
            return True
        if context.tools.cancel():
            return True
        if context.runner.busy:
            context.pipeline.cancel()
            return True
        if any(group.escape() for group in self.groups):
            return True
        if context.view.value.tool != "none":
            context.view.set(tool="none")
            return True
        if context.probe.locked is not None:
            context.probe.release()
            return True
        if context.tools.escape():
            return True
        if context.view.value.selected != SOURCE:
            context.view.set(selected=SOURCE)
            return True
        return False

    # -- what menus hold at the moment

    def _fill(self, title: str, menu: QMenu) -> None:
        menu.clear()
        match title:
            case "Open recent":
                for path in self._settings.recent():
                    menu.addAction(path.name, lambda path=path: self._documents.open_path(path)).setToolTip(str(path))
            case "History":
                self._fill_history(menu)
            case "Pictures":
                gallery = self._documents.gallery
                for path in gallery.paths:
                    action = menu.addAction(path.name, lambda path=path: self._documents.open_of(path))
                    action.setCheckable(True)
                    action.setChecked(path == gallery.current)
            case "Samples":
                for entry in samples.all_samples():
                    action = menu.addAction(entry.name, lambda id=entry.id: self._documents.open_sample(id))
                    action.setToolTip(entry.note)
            case "Charts":
                for chart in all_charts():
                    action = menu.addAction(chart.name, lambda id=chart.id: self._documents.open_chart(id))
                    action.setToolTip(chart.note)
            case "The article":
                for lesson in lessons.all_lessons():
                    menu.addAction(lesson.title, lambda id=lesson.id: self._documents.open_lesson(id))
            case "Kind of difference":
                for kind in Difference:
                    action = menu.addAction(kind.label, lambda kind=kind: self.ranges.set_difference(kind))
                    action.setToolTip(Comparing(kind).problem or kind.formula)
                    action.setEnabled(not Comparing(kind).problem)
                    action.setCheckable(True)
                    action.setChecked(kind is self.context.view.value.difference)
            case "Blink rate":
                self.flicker.fill_rates(menu)
            case "Copy call as":
                self.provenance.fill_calls(menu)
            case "Bookmarks":
                self.going.fill_bookmarks(menu)
            case "Compute whole output":
                for slot in self.context.session.value.slots:
                    menu.addAction(slot.title, lambda id=slot.id: self.context.pipeline.request_whole(id))
        if menu.isEmpty():
            menu.addAction("Nothing yet").setEnabled(False)

    def _fill_history(self, menu: QMenu) -> None:
        """Steps to go back to, the last one first, then steps to go forth to."""
        session = self.context.session
        history = session.history
        for times, step in enumerate(reversed(history.done[-MOST_STEPS:]), 1):
            menu.addAction(step.label, partial(_repeated, session.undo, times)).setToolTip("Back to before this")
        if history.done and history.undone:
            menu.addSeparator()
        for times, step in enumerate(reversed(history.undone[-MOST_STEPS:]), 1):
            menu.addAction(f"Redo {step.label}", partial(_repeated, session.redo, times)).setToolTip("Until after this")


def _repeated(call: Callable[[], object], times: int) -> None:
    for _ in range(times):
        call()
