"""The composition root: the one place that knows everybody.

``run`` starts the application; ``build`` makes a window for a comparison, for it, for screenshots and for tests.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication

from workbench.kernels.differences import fit_range
from workbench.kernels.engines.choice import speed_up
from workbench.model import start
from workbench.model.display import Range
from workbench.model.document import ORIGINAL, SOURCE, Comparison
from workbench.model.group_range import fitted_range
from workbench.model.jobs import Runner, ThreadRunner
from workbench.model.pipeline import Pipeline
from workbench.model.prepared import PreparedSource
from workbench.model.probe import Probe
from workbench.model.results import Pending, Results
from workbench.model.session import Session
from workbench.model.view_data import MOMENTARY
from workbench.model.view_state import Camera, ViewState, ViewValue, nearest_rung
from workbench.ui import faults
from workbench.ui.binding import bind
from workbench.ui.bridge import Bridge
from workbench.ui.context import Context
from workbench.ui.furnishing import Furnishing
from workbench.ui.main_window import MainWindow
from workbench.ui.settings import Settings
from workbench.ui.theme import Theme

if TYPE_CHECKING:
    from workbench.ui.commands import Commands
    from workbench.ui.documents import Documents


class Workbench(QObject):
    """A window with everything behind it; lives as long as the window.

    Parameters
    ----------
    comparison : Comparison
        What is open at first.
    theme : Theme
    settings : Settings
    runner : callable
        Makes the runner of background work from ``post``, which carries a call to the GUI thread.
    at_once : bool
        Off leaves all but the images to `step` and `finish`: an application that starts shows these first.
    """

    documents: Documents
    commands: Commands

    def __init__(
        self,
        comparison: Comparison,
        theme: Theme,
        settings: Settings,
        runner: Callable[[Callable[[Callable[[], None]], None]], Runner] = ThreadRunner,
        *,
        at_once: bool = True,
    ) -> None:
        super().__init__()
        self.bridge = Bridge(self)
        self.runner = runner(self.bridge.post)
        session, view, results, probe = Session(comparison), ViewState(), Results(), Probe()
        pipeline = Pipeline(session, view, results, self.runner)
        self.context = Context(session, view, results, probe, pipeline, theme, self.runner)
        self.settings = settings
        self._fresh = True
        self._prepared: PreparedSource | None = None
        # Before the widgets are there: each of them would follow every step of it, and threads compute meanwhile.
        bind(self, session.changed, self._session_changed)
        bind(self, results.changed, self._result_changed)
        self._open_view(comparison)
        pipeline.start()
        self.window = MainWindow(self.context)
        self.window.closing.connect(self._closing)
        self.window.dropped.connect(self._dropped)
        self._rest = self._furnish()
        if at_once:
            self.finish()

    def finish(self) -> None:
        """Make what is not made yet."""
        for _ in self._rest:
            pass

    def step(self) -> bool:
        """Make the next part of what is not made yet; False if there is none."""
        return any(True for _ in self._rest)

    def _furnish(self) -> Iterator[None]:
        yield from self.window.furnish()
        from workbench.ui.commands import Commands
        from workbench.ui.documents import Documents

        yield
        self.documents = Documents(self.context, self.runner, self.settings, self.window)
        self.commands = Commands(self.window, self.documents, self.settings)
        self._connect()
        self.commands.follow()

    def _connect(self) -> None:
        context, window, documents = self.context, self.window, self.documents
        documents.failed.connect(window.show_error)
        documents.opened.connect(self._opened)
        documents.place_changed.connect(lambda: window.show_place(documents.gallery.place))
        documents.look_found.connect(self._look_found)
        documents.look_history = self.commands.going.history.to_data
        window.escaped.connect(self.commands.escape)
        context.tools.noted.connect(window.banner.show_note)
        window.status.cancel_requested.connect(context.pipeline.cancel)
        window.top_bar.zoom_entered.connect(self._zoom_to)
        window.top_bar.zoom_left.connect(window.focus_images)
        window.left.add_method_requested.connect(window.left.open_add_menu)
        window.left.open_requested.connect(documents.ask_open)
        window.empty.open_requested.connect(documents.ask_open)
        window.empty.paste_requested.connect(documents.paste)
        window.empty.sample_requested.connect(documents.open_sample)
        window.empty.chart_requested.connect(documents.open_chart)
        window.empty.lesson_requested.connect(documents.open_lesson)
        QApplication.clipboard().dataChanged.connect(self.commands.follow)
        bind(self, context.session.changed, self.commands.follow)
        bind(self, context.session.saved_changed, self.commands.follow)
        bind(self, context.view.changed, self.commands.follow_view)
        bind(self, context.results.changed, self.commands.follow)

    # -- opening

    def _dropped(self, data: QMimeData) -> None:
        self.finish()
        self.documents.open_mime(data)

    def _opened(self) -> None:
        self._open_view(self.context.session.value)
        self.window.focus_images()

    def _look_found(self, look: ViewValue, history: object) -> None:
        """A saved comparison is looked at as it was: ranges, maps and all, so that nothing is fitted any more."""
        self._fresh = False
        kept = {name: getattr(look, name) for name in _LOOK}
        self.context.view.set(**kept)
        self.commands.going.history.load(history)

    def _open_view(self, comparison: Comparison) -> None:
        """Look at a document as it wants to be looked at; ranges follow once its numbers are there."""
        self._fresh = True
        view = comparison.view
        ids = [slot.id for slot in comparison.slots]
        selected = view.selected if view.selected in ids else SOURCE
        self.context.view.set(
            layout=view.layout,
            show=view.show,
            docks=frozenset(view.docks),
            selected=selected,
            image_range=_AT_FIRST,
            own_ranges=(),
        )
        self._settle()

    def _session_changed(self, new: Comparison, old: Comparison) -> None:
        selected = self.context.view.value.selected
        if selected not in (SOURCE, ORIGINAL) and new.slot(selected) is None:
            kept = min(max(old.number(selected) - 1, 0), len(new.slots) - 1)
            self.context.view.set(selected=new.slots[kept].id if new.slots else SOURCE)

    def _result_changed(self, id: str) -> None:
        if id == SOURCE:
            self._keep_place()
        self._settle()

    def _keep_place(self) -> None:
        """Another preparation changes the size of the world's unit: the camera goes on showing the same place."""
        old, new = self._prepared, self.context.results.prepared
        if new is None or new is old:
            return
        self._prepared = new
        if old is None or old.source is not new.source:
            return
        (y, x), (old_y, old_x) = _step(new), _step(old)
        if (y, x) == (old_y, old_x):
            return
        camera, area = self.context.view.value.camera, self.window.panel_area
        zoom = nearest_rung(area.rungs(), camera.zoom * x / old_x)
        with self.commands.going.history.carried(old_y / y, old_x / x):
            self.context.view.set(camera=Camera(camera.y * old_y / y, camera.x * old_x / x, zoom))

    def _settle(self) -> None:
        """The first time everything of a new document is there: its ranges, and the channel that is shown."""
        context = self.context
        prepared, slots = context.results.prepared, context.session.value.slots
        waits = any(isinstance(context.results.get(slot.id), Pending | None) for slot in slots)
        if not self._fresh or prepared is None or waits or prepared.source is not context.session.value.source:
            return
        self._fresh = False
        if prepared.source.pixels.dtype.kind not in "iub":
            self._fit_to_numbers()
        context.view.set(channel=min(1, prepared.channels - 1))

    def _fit_to_numbers(self) -> None:
        """Arrays know no nominal range: where their numbers leave 0 … 1, the range holds all of them at first.

        One that a person has moved while methods were computed stays.
        """
        context = self.context
        if context.view.value.image_range != _AT_FIRST or context.view.value.own_ranges:
            return
        images = replace(context.view.value, show="images", layout="grid")
        ends = fitted_range(context.session.value, images, context.results)
        if ends is None or (ends.lo >= 0 and ends.hi <= 1):
            return
        low, high = fit_range(context.results.prepared.values)
        lost = 0 < high < ends.hi / 2
        own = ((SOURCE, Range(min(0.0, low), high)),) if lost else ()
        context.view.set(image_range=Range(min(0.0, ends.lo), ends.hi), own_ranges=own)

    def _zoom_to(self, zoom: float) -> None:
        """The nearest zoom at which pixels stay whole."""
        area = self.window.panel_area
        area.zoom_to(nearest_rung(area.rungs(), zoom))

    # -- leaving

    def _closing(self, event: QCloseEvent) -> None:
        self.finish()
        if self.documents.may_lose():
            self.settings.geometry = self.window.saveGeometry()
            self.close()
            event.accept()
        else:
            event.ignore()

    def close(self) -> None:
        """End all background work; nothing lands any more."""
        self.context.pipeline.close()
        self.runner.close()


_AT_FIRST = Range(0.0, 1.0)
_LOOK = tuple(one.name for one in fields(ViewValue) if one.name not in MOMENTARY | {"camera"})
"""What a saved look brings; the camera comes with the document, which fits it to the window."""


def _step(prepared: PreparedSource) -> tuple[float, float]:
    """Pixels of the picture for each pixel of the source."""
    return prepared.operator.placement.step if prepared.operator is not None else (1.0, 1.0)


def application() -> QApplication:
    """The one application object, made if there is none."""
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("workbench")
    app.setApplicationDisplayName("Upsampling Comparison Workbench")
    app.setOrganizationName("upsampling-workbench")
    return app


def run(paths: Sequence[str] = ()) -> int:
    """Open the window and stay until it is closed.

    Parameters
    ----------
    paths : sequence of str
        Images, folders, patterns, or a saved comparison to open; without one, a sample photograph.
    """
    app = application()
    workbench = opened(app, start.first_start() if not paths else start.empty(), Settings())
    # Once the first picture is there. What was computed until then is computed again: engines differ in the last bits.
    recompute = partial(workbench.bridge.post, workbench.context.pipeline.recompute)
    QTimer.singleShot(1000, partial(speed_up, recompute))
    if paths:
        QTimer.singleShot(0, lambda: _open_places(workbench, paths))
    return app.exec()


def _open_places(workbench: Workbench, paths: Sequence[str]) -> None:
    workbench.finish()
    workbench.documents.open_places(paths)


def opened(app: QApplication, comparison: Comparison, settings: Settings) -> Workbench:
    """The window of an application that starts, shown; nothing is drawn before the event loop runs."""
    theme = Theme()
    theme.set_mode(settings.theme)
    theme.apply(app)
    workbench = Workbench(comparison, theme, settings, at_once=False)
    faults.install(workbench.bridge, workbench.window.show_error)
    window = workbench.window
    if not (settings.geometry and window.restoreGeometry(settings.geometry)):
        room = app.primaryScreen().availableSize()
        # A little less than the screen where that is small: frames and title bars take their part.
        window.resize(min(1600, room.width()), min(1000, room.height() - 40))
    window.show()
    window.focus_images()
    Furnishing(workbench)
    return workbench
