"""What follows a drag follows at a pace, and never shows old numbers as if they were new."""

from __future__ import annotations

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PySide6.QtCore import QObject, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui import gestures
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.results import Pending
from workbench.ui.action_set import ActionSet
from workbench.ui.app import Workbench
from workbench.ui.context import Context
from workbench.ui.pacing import Pace
from workbench.ui.panels.slot_list import SlotList

LONG = 60_000


class Counter(QObject):
    """Counts how often it was called."""

    def __init__(self, gap: int) -> None:
        super().__init__()
        self.calls = 0
        self.pace = Pace(self, self.call, gap)

    def call(self) -> None:
        self.calls += 1


def test_at_rest_it_follows_in_the_next_turn(qapp: QApplication) -> None:
    counter = Counter(LONG)
    counter.pace.ask()
    assert counter.calls == 0
    qapp.processEvents()
    assert counter.calls == 1


def test_what_is_asked_many_times_in_a_turn_is_done_once(qapp: QApplication) -> None:
    counter = Counter(LONG)
    for _ in range(5):
        counter.pace.ask()
    qapp.processEvents()
    assert counter.calls == 1


def test_soon_after_a_call_the_next_one_waits(qapp: QApplication) -> None:
    counter = Counter(LONG)
    counter.pace.now()
    counter.pace.ask()
    qapp.processEvents()
    assert counter.calls == 1


def test_the_last_one_is_never_lost(qtbot) -> None:
    counter = Counter(20)
    counter.pace.now()
    counter.pace.ask()
    qtbot.waitUntil(lambda: counter.calls == 2, timeout=2000)


def test_what_a_pointer_changes_is_followed_at_once_at_rest_and_not_with_every_step(qtbot) -> None:
    counter = Counter(LONG)
    for _ in range(5):
        counter.pace.soon()
    assert counter.calls == 1
    qtbot.waitUntil(lambda: counter.calls == 2, timeout=2000)


def test_the_card_of_a_fast_pointer_is_read_as_it_is(qtbot, workbench: Workbench) -> None:
    view, card = workbench.window.panel_area.view("s3"), workbench.window.card
    titles = []
    for step in range(4):
        gestures.hover_at(view, QPointF(61 + 23 * step, 47 + 19 * step))
        titles.append(card.title)
    point = workbench.context.probe.active

    assert len(set(titles)) == 4
    assert titles[-1].endswith(f"at {point.row}, {point.col}")


def test_whoever_reads_need_not_wait(qapp: QApplication) -> None:
    counter = Counter(LONG)
    counter.pace.now()
    counter.pace.ask()
    counter.pace.settle()
    counter.pace.settle()
    assert counter.calls == 2


def test_a_key_finds_its_action_as_it_is(qtbot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    actions = ActionSet(window, window)
    allowed, done = [False], []
    actions.bind("undo", lambda: done.append(True), lambda: None if allowed[0] else "there is nothing to undo")
    actions.refresh()
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    allowed[0] = True
    actions.follow()
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert done == [True]


def test_a_row_says_at_once_that_its_value_is_out_of_date(qtbot, context: Context) -> None:
    slots = SlotList(context)
    qtbot.addWidget(slots)
    ready = context.results.ready("s2")
    assert ready is not None
    context.results.put("s2", ready)  # the pace has begun
    context.results.put("s2", Pending(ready.slot, ready))
    shown = {row.id: row.state for row in slots._model.rows}
    assert shown["s2"] == "stale"


def test_what_stands_on_the_screen_is_what_would_be_painted_anew(qtbot, workbench: Workbench) -> None:
    area, session = workbench.window.panel_area, workbench.context.session
    view, slots = area.view("s3"), workbench.window.findChild(SlotList)
    for step in range(4):
        gestures.hover_at(view, QPointF(61 + 23 * step, 47 + 19 * step))
        QApplication.processEvents()
        method = from_text(f"transposed_conv:kernel=gaussian,stride=2,padding={step % 2}")
        session.do("Change padding", edits.set_method("s3", method), merge="padding")
        QApplication.processEvents()
    qtbot.waitUntil(lambda: not workbench.runner.busy)
    slots.rows()
    assert workbench.window.card.title
    qtbot.wait(50)  # a window that was painted just now is painted again some milliseconds later
    seen = QApplication.primaryScreen().grabWindow(workbench.window.winId()).toImage()
    anew = workbench.window.grab().toImage()
    assert seen.convertToFormat(QImage.Format.Format_RGB32) == anew.convertToFormat(QImage.Format.Format_RGB32)
