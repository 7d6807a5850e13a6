"""The card's magnifier by hand: a click enlarges it until its numbers can be read, and it follows the probe."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.gestures import hover
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.ui.app import Workbench
from workbench.ui.looks import cell_rect
from workbench.ui.magnifier import LargeMagnifier, Magnifier

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def small(kept_workbench: Workbench) -> Magnifier:
    """The small one, at output (5, 3) of slot 2; a large one of an earlier test is away."""
    made = kept_workbench.window.card.magnifier
    if made.large is not None:
        made.enlarge()
    return hovered(kept_workbench, (5, 3))


def hovered(workbench: Workbench, pixel: tuple[int, int]) -> Magnifier:
    """The small one at a pixel of slot 2, as whoever asks for it finds it: else it follows a little later."""
    hover(workbench.window.panel_area.view("s2"), pixel)
    return workbench.window.card.magnifier


def enlarged(small: Magnifier) -> LargeMagnifier:
    QTest.mouseClick(small, LEFT, pos=QPoint(20, 30))
    assert small.large is not None
    return small.large


def cell_of(large: LargeMagnifier, row: int, col: int) -> np.ndarray:
    """The colours of one source pixel on screen, without its edges."""
    rect = cell_rect(large.frame(), row, col).adjusted(3, 3, -3, -3)
    image = large.grab(rect).toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 4 * image.width()].reshape(-1, 4)[:, :3].copy()


def test_a_click_enlarges_it_over_what_lies_above_the_card(kept_workbench: Workbench, small: Magnifier) -> None:
    large, card = enlarged(small), kept_workbench.window.card
    bottom = large.mapTo(kept_workbench.window, large.rect().bottomRight())

    assert large.window_shown == small.window_shown
    assert large.frame().logical_cell == 48
    assert bottom.y() < card.mapTo(kept_workbench.window, QPoint(0, 0)).y()


def test_its_pixels_carry_their_numbers(small: Magnifier) -> None:
    large = enlarged(small)
    seen = large.window_shown
    written = cell_of(large, 4, 5)  # inside the source, outside the support

    assert (4, 5) not in set(zip(*(axis.tolist() for axis in large.marks.cells), strict=True))
    assert seen.top <= 4 < seen.bottom
    assert len(np.unique(written, axis=0)) > 2


def test_it_follows_the_pointer(kept_workbench: Workbench, small: Magnifier) -> None:
    large = enlarged(small)
    before = large.window_shown
    hovered(kept_workbench, (9, 15))

    assert large.window_shown != before
    assert large.window_shown == small.window_shown


def test_a_wider_support_keeps_its_numbers_in_smaller_pixels(kept_workbench: Workbench, small: Magnifier) -> None:
    large = enlarged(small)
    session = kept_workbench.context.session
    session.do("wide", edits.set_method("s2", from_text("lanczos:scale=2,r=5")))
    hovered(kept_workbench, (6, 4))

    assert large.window_shown.height > 9
    assert 32 <= large.frame().logical_cell < 48


@pytest.mark.parametrize("how", ["click", "escape", "command", "dock"])
def test_it_goes_as_it_came(kept_workbench: Workbench, small: Magnifier, how: str) -> None:
    large, window = enlarged(small), kept_workbench.window
    if how == "click":
        QTest.mouseClick(large, LEFT, pos=QPoint(90, 70))
    elif how == "escape":
        window.focus_images()
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    elif how == "command":
        window.action_set["magnifier"].trigger()
    else:
        kept_workbench.context.view.set(docks=frozenset({"histogram"}))

    assert small.large is None
    assert not large.isVisible()


def test_the_command_opens_the_card_where_it_is_closed(kept_workbench: Workbench, small: Magnifier) -> None:
    kept_workbench.context.view.set(docks=frozenset())
    kept_workbench.window.action_set["magnifier"].trigger()

    assert kept_workbench.window.card.isVisible()
    assert small.large is not None
    assert kept_workbench.window.action_set["magnifier"].isChecked()


def test_tab_reaches_it_and_space_enlarges_it(small: Magnifier) -> None:
    small.setFocus(Qt.FocusReason.TabFocusReason)
    ring = small.grab().toImage().pixelColor(1, 30)
    QTest.keyClick(small, Qt.Key.Key_Space)

    assert ring == small.window().context.theme.color("accent")
    assert small.large is not None


def test_it_stays_in_a_window_that_becomes_smaller(kept_workbench: Workbench, small: Magnifier) -> None:
    large = enlarged(small)
    kept_workbench.window.resize(1024, 680)
    QApplication.processEvents()

    assert kept_workbench.window.rect().contains(large.geometry())
