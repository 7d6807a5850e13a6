"""The table of measures at the bottom: every method against the reference, the best of each column in bold."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from workbench.kernels.placement import Rect
from workbench.model.document import Region
from workbench.model.failures import as_reason, raise_bug
from workbench.model.jobs import Error, Outcome
from workbench.model.measuring import Numbers
from workbench.model.metrics_table import MORE, TextFormat, rows_of, settings_text, table_text
from workbench.model.picture_measures import Task, measured, task_of
from workbench.model.results import Pending
from workbench.model.view_state import ViewValue
from workbench.ui.binding import bind
from workbench.ui.context import Context
from workbench.ui.controls import Text, TextButton, Toggle
from workbench.ui.panels.metrics_view import INSET, ROW, MetricsModel, MetricsTable

HEAD, MOST_ROWS = 28, 9
CANCELLED = "cancelled"
_MOST_KEPT = 512
_FORMATS = (
    ("tsv", "As TSV, for spreadsheets"),
    ("csv", "As CSV"),
    ("markdown", "As Markdown"),
    ("latex", "As LaTeX"),
)


class MetricsPanel(QWidget):
    """Bottom dock: the settings in its head, one row for each slot, and a button that copies the table."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.setAccessibleName("Metrics")
        self.model = MetricsModel(self)
        self.table = MetricsTable(context.theme, self.model)
        self.settings = Text("", 11, 400, "text3")
        self.settings.setMinimumWidth(0)
        self.copy_button = TextButton("Copy", "quiet", "copy")
        self.copy_button.setToolTip("Copy the table")
        self.region_toggle = Toggle("region", "Region")
        self.region_toggle.setFixedHeight(22)
        self.region_toggle.toggled.connect(self._show)
        self._numbers: dict[tuple[object, ...], Numbers] = {}
        self._begun: dict[str, tuple[object, ...]] = {}
        self._measured_source: object = None
        self._formats = menu = QMenu(self.copy_button)
        for id, title in _FORMATS:
            action = QAction(title, menu)
            action.triggered.connect(lambda _=False, id=id: self.copy(id))
            menu.addAction(action)
        self.copy_button.clicked.connect(self._offer_formats)
        head = QHBoxLayout()
        head.setContentsMargins(INSET, 0, 8, 0)
        head.setSpacing(8)
        head.addWidget(Text("Metrics", 12, 600))
        head.addWidget(self.settings, 1)
        head.addWidget(self.region_toggle)
        head.addWidget(self.copy_button)
        top = QWidget()
        top.setFixedHeight(HEAD)
        top.setLayout(head)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(top)
        layout.addWidget(self.table)
        self.table.slot_chosen.connect(lambda id: context.view.set(selected=id))
        self.table.compute_wanted.connect(context.pipeline.request_whole)
        self.table.copy_wanted.connect(lambda: self.copy("tsv"))
        self.table.heads.chosen.connect(self.model.sort_by)
        self.table.horizontalScrollBar().rangeChanged.connect(lambda *_: self._fit_height())
        bind(self, context.results.changed, self._show)
        bind(self, context.session.changed, self._show)
        bind(self, context.view.changed, self._view_changed)
        context.theme.changed.connect(self.table.viewport().update)
        self._show()

    @property
    def region(self) -> Region | None:
        """The region that is measured; None for the whole picture."""
        value = self._context.session.value
        return value.region(self._context.view.value.region) if self.region_toggle.isChecked() else None

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        stopped = [key for key, numbers in self._numbers.items() if CANCELLED in numbers.values()]
        for key in stopped:  # to open the table again asks again
            del self._numbers[key]
        self._begun.clear()
        self._show()

    def _show(self, *_: object) -> None:
        comparison, results = self._context.session.value, self._context.results
        self._offer_region()
        region = self.region
        tasks = self._tasks(None if region is None else region.rect) if self.isVisible() else {}
        found = {id: self._numbers[task.key] for id, task in tasks.items() if task.key in self._numbers}
        rows = rows_of(comparison, results, found, region is not None)
        self.model.settings = settings_text(comparison, results, "" if region is None else region.name)
        self.settings.setText(self.model.settings)
        if rows != tuple(sorted(self.model.rows, key=lambda row: row.number)):
            self.model.show(rows)
        self._fit_height()

    def _view_changed(self, new: ViewValue, old: ViewValue) -> None:
        if new.region != old.region:
            self._show()

    def _offer_region(self) -> None:
        """The switch between the whole picture and the selected region; it says why it cannot be used."""
        chosen = self._context.session.value.region(self._context.view.value.region)
        if chosen is None and self.region_toggle.isChecked():
            self.region_toggle.blockSignals(True)
            self.region_toggle.setChecked(False)
            self.region_toggle.blockSignals(False)
        self.region_toggle.setText("Region" if chosen is None else chosen.name)
        self.region_toggle.setAccessibleName("Measure the selected region only")
        self.region_toggle.set_disabled_reason("no region is selected" if chosen is None else "")

    def _tasks(self, rect: Rect | None) -> dict[str, Task]:
        """What is wanted now, by slot; what is not known yet is begun."""
        context = self._context
        source = context.session.value.source
        if source is not self._measured_source:
            self._measured_source = source
            self._numbers.clear()
            self._begun.clear()
        tasks: dict[str, Task] = {}
        for slot in context.session.value.slots:
            task = task_of(context.results, context.session.value, slot.id, rect)
            if task is None or isinstance(context.results.get(slot.id), Pending):
                continue
            tasks[slot.id] = task
            if task.key in self._numbers:
                continue
            work, key = context.pipeline.work, ("measures", slot.id)
            if self._begun.get(slot.id) != task.key:
                self._begun[slot.id] = task.key
                land = partial(self._landed, task.key, source)
                work.submit(key, f"{slot.title}: more measures", partial(measured, task), land, priority=3)
            elif key not in work:  # neither under way nor landed: somebody stopped it
                self._numbers[task.key] = dict.fromkeys(MORE, CANCELLED)
        return tasks

    def _landed(self, key: tuple[object, ...], source: object, outcome: Outcome) -> None:
        if source is not self._measured_source:
            return
        if isinstance(outcome, Error):
            self._numbers[key] = dict.fromkeys(MORE, as_reason(outcome.exception))
            raise_bug(outcome.exception)
        else:
            self._numbers[key] = outcome.value
        while len(self._numbers) > _MOST_KEPT:
            del self._numbers[next(iter(self._numbers))]
        self._show()

    def _fit_height(self) -> None:
        """As high as its rows, and where the columns have to scroll, as the bar under them."""
        bar = self.table.horizontalScrollBar()
        under = bar.sizeHint().height() if bar.maximum() > 0 else 0
        self.setFixedHeight(HEAD + ROW + ROW * min(max(len(self.model.rows), 1), MOST_ROWS) + under)

    def _offer_formats(self) -> None:
        """Beside the button, upwards: below is the end of the window."""
        height = self._formats.sizeHint().height()
        self._formats.popup(self.copy_button.mapToGlobal(QPoint(0, -height)))

    def copy(self, format: TextFormat) -> None:
        """Put the table on the clipboard, in the order it is shown."""
        QGuiApplication.clipboard().setText(table_text(self.model.rows, format))
