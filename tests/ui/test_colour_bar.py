"""The colour bar: its colours are those of the panels, and only a person moves its range."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.ui.gestures import click
from workbench.kernels.arrays import Window
from workbench.kernels.differences import Difference
from workbench.model import colormaps, edits
from workbench.model.display import Range, to_display
from workbench.model.panels import raster
from workbench.model.view_state import Wipe
from workbench.ui.panels.colour_bar import ColourBar, tick_text

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def bar(qtbot, context):
    context.view.set(show="differences")
    made = ColourBar(context, "differences")
    qtbot.addWidget(made)
    made.resize(68, 420)
    made.show()
    return made


def top(bar):
    return QPoint(bar.bar_rect().center().x(), bar.bar_rect().top() - 4)


def drag(bar, start, pixels):
    QTest.mousePress(bar, LEFT, pos=start)
    QTest.mouseMove(bar, start + QPoint(0, pixels // 2))
    QTest.mouseMove(bar, start + QPoint(0, pixels))
    QTest.mouseRelease(bar, LEFT, pos=start + QPoint(0, pixels))


@pytest.fixture
def held(workbench, qapp):
    """A window with the handle of the images' range dragged, the button still down, and a locked pixel."""
    context, window = workbench.context, workbench.window
    click(window.panel_area.view("s2"), (3, 4))
    shown = window.colour_bars.findChild(ColourBar)
    QTest.mousePress(shown, LEFT, pos=top(shown))
    QTest.mouseMove(shown, top(shown) + QPoint(0, 80))
    assert context.view.value.image_range != Range(0.0, 1.0)
    return shown


def test_escape_takes_the_drag_of_an_end_back_and_keeps_the_lock(held, workbench):
    context = workbench.context
    QTest.keyClick(held, Qt.Key.Key_Escape)
    QTest.mouseMove(held, top(held) + QPoint(0, 120))
    QTest.mouseRelease(held, LEFT, pos=top(held) + QPoint(0, 120))

    assert context.view.value.image_range == Range(0.0, 1.0)
    assert context.probe.locked is not None


def type_text(field, text):
    """Key events with any letter: QTest's own know ASCII only."""
    for letter in text:
        QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter))


def color_at(bar, y):
    return bar.grab().toImage().pixelColor(bar.bar_rect().center().x(), y).getRgb()[:3]


def test_the_bar_shows_the_colours_of_its_ends_and_its_middle(bar, context):
    table = colormaps.load("cet-d1a").table.astype(int)
    rect = bar.bar_rect()

    for y, entry in ((rect.top() + 1, 256), (rect.center().y(), 128), (rect.bottom() - 1, 0)):
        assert np.abs(np.subtract(color_at(bar, y), table[entry])).max() <= 4


def test_dragging_an_end_of_a_signed_range_moves_both(bar, context):
    drag(bar, top(bar), bar.bar_rect().height() // 4)
    ends = context.view.value.difference_range

    assert ends.lo == -ends.hi
    assert ends.hi == pytest.approx(0.1, abs=0.01)


def test_a_narrow_range_far_from_zero_can_be_dragged(qtbot, context):
    context.view.set(image_range=Range(1000.0, 1001.0), image_map="viridis", channel_view="g")
    made = ColourBar(context, "images")
    qtbot.addWidget(made)
    made.resize(68, 420)
    made.show()
    drag(made, top(made), made.bar_rect().height() // 4)
    ends = context.view.value.image_range

    assert ends.lo == 1000.0
    assert ends.hi == pytest.approx(1000.75, abs=0.02)


def test_a_field_that_is_left_as_it_was_does_not_move_the_range(bar, context):
    before = Range(-0.123456789, 0.123456789)
    context.view.set(difference_range=before)
    QTest.mouseDClick(bar, LEFT, pos=top(bar))
    QTest.keyClick(bar.findChild(QLineEdit), Qt.Key.Key_Return)

    assert context.view.value.difference_range is before


def test_an_end_can_be_dragged_beyond_the_bar(bar, context):
    drag(bar, top(bar), -bar.bar_rect().height() // 10)

    assert context.view.value.difference_range.hi > 0.2


def test_an_end_never_crosses_zero(bar, context):
    drag(bar, top(bar), bar.bar_rect().height())

    assert 0 < context.view.value.difference_range.hi < 0.01


def test_of_absolute_differences_the_lower_end_stays_at_zero(bar, context):
    context.view.set(difference=Difference.ABSOLUTE, difference_range=Range(0.0, 0.4), difference_map="viridis")
    drag(bar, top(bar), bar.bar_rect().height() // 2)
    ends = context.view.value.difference_range

    assert ends.lo == 0
    assert ends.hi == pytest.approx(0.2, abs=0.01)


@pytest.mark.parametrize(("typed", "hi"), [("0.35", 0.35), ("±.5", 0.5), ("−0,25", 0.25)])
def test_a_double_click_opens_a_field_for_the_end(bar, context, typed, hi):
    QTest.mouseDClick(bar, LEFT, pos=top(bar))
    field = bar.findChild(QLineEdit)
    field.selectAll()
    type_text(field, typed)
    QTest.keyClick(field, Qt.Key.Key_Return)

    assert context.view.value.difference_range == Range(-hi, hi)
    assert not field.isVisible()


def test_what_is_no_number_changes_nothing(bar, context):
    QTest.mouseDClick(bar, LEFT, pos=top(bar))
    field = bar.findChild(QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, "wide")
    QTest.keyClick(field, Qt.Key.Key_Return)

    assert context.view.value.difference_range == Range(-0.2, 0.2)


def test_escape_leaves_the_field_without_a_change(bar, context):
    QTest.keyClick(bar, Qt.Key.Key_Return)
    field = bar.findChild(QLineEdit)
    QTest.keyClicks(field, "0.9")
    QTest.keyClick(field, Qt.Key.Key_Escape)

    assert not field.isVisible()
    assert context.view.value.difference_range == Range(-0.2, 0.2)


def test_arrow_keys_widen_and_narrow_the_range(bar, context):
    for _ in range(4):
        QTest.keyClick(bar, Qt.Key.Key_Up)
    wide = context.view.value.difference_range.hi
    QTest.keyClick(bar, Qt.Key.Key_Down)

    assert wide == pytest.approx(0.4, rel=1e-3)
    assert context.view.value.difference_range.hi < wide


def test_refit_takes_the_largest_difference_of_all_panels(bar, context):
    largest = 0.0
    for slot in ("s1", "s2", "s3"):
        pixels = raster(context.results, context.session.value, f"d:{slot}")
        largest = max(largest, float(np.abs(pixels.read(Window.of(pixels.shape))).max()))
    QTest.mouseClick(bar.refit_button, LEFT)

    assert context.view.value.difference_range == Range(-largest, largest)


def test_refit_lights_when_data_leave_the_range_and_only_then(bar, context):
    context.pipeline.request("d:s1", Window(0, 0, 12, 20))
    lit = bar.refit_button.lit
    QTest.mouseClick(bar.refit_button, LEFT)

    assert lit
    assert not bar.refit_button.lit


def test_a_changed_parameter_never_moves_the_range(bar, context):
    context.session.do("Remove", edits.remove_slot("s1"))

    assert context.view.value.difference_range == Range(-0.2, 0.2)


def test_pages_choose_the_end_of_an_image_range(qtbot, context):
    context.view.set(show="images", image_map="viridis", image_range=Range(0.0, 1.0))
    bar = ColourBar(context, "images")
    qtbot.addWidget(bar)
    bar.show()
    QTest.keyClick(bar, Qt.Key.Key_PageDown)
    QTest.keyClick(bar, Qt.Key.Key_Up)

    assert context.view.value.image_range == Range(0.02, 1.0)


def test_the_title_names_the_reference(bar, context):
    original = bar.title()
    context.session.do("Reference", edits.set_reference("s2"))

    assert original == "Δ Original"
    assert bar.title() == "Δ 2 Bilinear"


def test_the_tooltip_is_the_formula(bar, context):
    context.view.set(difference=Difference.SMAPE, difference_range=Range(0.0, 1.0), difference_map="viridis")

    assert "2 |a − r| / (|a| + |r| + ε)" in bar.toolTip()


@pytest.mark.parametrize(
    ("value", "ends", "signed", "text"),
    [
        (0.2, Range(-0.2, 0.2), True, "+.20"),
        (-0.1, Range(-0.2, 0.2), True, "−.10"),
        (0.0, Range(-0.2, 0.2), True, "0"),
        (0.5, Range(0.0, 1.0), False, ".50"),
        (0.025, Range(-0.05, 0.05), True, "+.025"),
        (33.0, Range(0.0, 33.0), False, "33.0"),
    ],
)
def test_ticks_are_short_and_signed(value, ends, signed, text):
    assert tick_text(value, ends, signed) == text


def test_colours_of_the_bar_are_those_of_the_display(bar):
    rect = bar.bar_rect()
    y = rect.top() + rect.height() // 4
    value = np.linspace(0.2, -0.2, rect.height())[y - rect.top()]
    wanted = to_display(np.array([[value]]), Range(-0.2, 0.2), colormaps.load("cet-d1a"))[0, 0, :3]

    assert np.abs(np.subtract(color_at(bar, y), wanted.astype(int))).max() <= 3


def test_both_bars_tell_their_counts_in_the_smallest_window(workbench, qapp):
    context, window = workbench.context, workbench.window
    window.resize(1024, 680)
    context.session.do("Reference", edits.set_reference("s1"))
    context.view.set(layout="wipe", wipe=Wipe("s2", "d:s2"), image_map="viridis", channel_view="g")
    qapp.processEvents()
    bars = window.colour_bars.bars

    assert [one.isVisible() for one in bars] == [True, True]
    assert [one.legend.isVisible() for one in bars] == [True, True]
