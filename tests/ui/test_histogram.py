"""The histogram dock: what it counts follows what is looked at, and its handles are the range."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from workbench.kernels.arrays import Window
from workbench.model import edits
from workbench.model.display import Range, Tone
from workbench.model.panels import raster
from workbench.model.probe import ProbePoint
from workbench.ui.context import Context
from workbench.ui.panels.histogram import HistogramPanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dock(qtbot, context: Context) -> Iterator[HistogramPanel]:
    context.view.set(selected="s3")
    made = HistogramPanel(context)
    qtbot.addWidget(made)
    made.resize(1000, 180)
    made.show()
    return made


def handle(dock: HistogramPanel, end: str) -> QPoint:
    return dock.plot.handle(end).center().toPoint()


def drag(dock: HistogramPanel, end: str, share: float) -> None:
    start, plot = handle(dock, end), dock.plot
    way = QPoint(round(share * plot.area.width()), 0)
    QTest.mousePress(plot, LEFT, pos=start)
    QTest.mouseMove(plot, start + way / 2)
    QTest.mouseMove(plot, start + way)
    QTest.mouseRelease(plot, LEFT, pos=start + way)


def test_the_selected_pictures_phases_are_counted(dock: HistogramPanel, context: Context) -> None:
    values = context.results.ready("s3").whole
    curve = dock.histogram.curves[1]
    edges = dock.histogram.edges

    assert [one.phase for one in dock.histogram.curves] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    np.testing.assert_array_equal(
        curve.counts, np.histogram(values[0::2, 1::2], bins=256, range=(edges[0], edges[-1]))[0]
    )
    assert "3 Transposed conv · 4 phases · whole image" in dock.head.note.text()


def test_switches_add_pictures_with_a_curve_each(dock: HistogramPanel) -> None:
    QTest.mouseClick(dock._pictures["source"], LEFT)

    assert [one.panel for one in dock.histogram.curves] == ["source", "s3"]


def test_one_curve_where_phases_are_not_wanted(dock: HistogramPanel) -> None:
    QTest.mouseClick(dock.phase_button, LEFT)

    assert [one.phase for one in dock.histogram.curves] == [None]


def test_differences_are_counted_where_they_are_shown(dock: HistogramPanel, context: Context) -> None:
    context.view.set(show="differences", selected="s2")
    pixels = raster(context.results, context.session.value, "d:s2")

    assert sum(one.total for one in dock.histogram.curves) == pixels.read(Window.of(pixels.shape)).size
    assert dock.histogram.curves[0].name == "Δ 2 Bilinear"


def test_a_handle_is_an_end_of_the_range(dock: HistogramPanel, context: Context) -> None:
    before = dock.histogram
    drag(dock, "hi", -0.25)

    assert context.view.value.image_range.lo == 0
    assert context.view.value.image_range.hi == pytest.approx(0.75, abs=0.02)
    assert dock.histogram is before  # nothing was counted again


def test_handles_of_a_signed_difference_move_together(dock: HistogramPanel, context: Context) -> None:
    context.view.set(show="differences", difference_range=Range(-0.1, 0.1))
    drag(dock, "hi", 0.05)
    ends = context.view.value.difference_range

    assert ends.lo == -ends.hi
    assert ends.hi > 0.1


def test_arrow_keys_move_the_chosen_end(dock: HistogramPanel, context: Context) -> None:
    QTest.keyClick(dock.plot, Qt.Key.Key_PageDown)
    QTest.keyClick(dock.plot, Qt.Key.Key_Right)

    assert 0 < context.view.value.image_range.lo < 0.05


def test_the_probed_value_is_marked_for_every_picture(dock: HistogramPanel, context: Context) -> None:
    context.probe.show(ProbePoint("s3", 3, 7))
    QTest.mouseClick(dock._pictures["s1"], LEFT)
    channel = context.view.value.channel
    wanted = [float(context.results.ready(slot).whole[3, 7, channel]) for slot in ("s1", "s3")]

    assert list(dock.plot._values) == pytest.approx(wanted)


def test_a_changed_parameter_is_counted_anew_and_the_range_stays(dock: HistogramPanel, context: Context) -> None:
    before, ends = dock.histogram, context.view.value.image_range
    context.session.do("Kernel", edits.remove_slot("s3"))

    assert dock.histogram is not before
    assert context.view.value.image_range == ends


def test_the_counts_are_copied_as_csv(dock: HistogramPanel) -> None:
    QTest.mouseClick(dock.copy_button, LEFT)
    lines = QGuiApplication.clipboard().text().splitlines()

    assert lines[0].count(",") == 4
    assert len(lines) == 257


def test_a_logarithmic_scale_lifts_single_values(dock: HistogramPanel) -> None:
    curve = dock.histogram.curves[0]
    straight = dock.plot.height_of(curve)
    QTest.mouseClick(dock.log_button, LEFT)
    once = curve.counts == curve.counts[curve.counts > 0].min()

    assert (dock.plot.height_of(curve)[once] > straight[once]).all()


def test_f9_opens_the_dock(workbench) -> None:
    QTest.keyClick(workbench.window, Qt.Key.Key_F9)

    assert workbench.context.view.value.docks == {"histogram"}
    assert workbench.window.dock("histogram").isVisible()


def test_values_that_gain_makes_one_with_the_end_lie_in_shadow(dock: HistogramPanel, context: Context) -> None:
    plot = dock.plot
    x, y = round(plot.x_of(0.75)), round(plot.area.top()) + 2
    before = plot.grab().toImage().pixelColor(x, y)

    context.view.set(image_tone=Tone(gain=2.0))

    assert plot.grab().toImage().pixelColor(x, y) != before
    assert plot.handle("hi").center().x() == pytest.approx(plot.x_of(1.0))


def test_escape_takes_the_drag_of_an_end_back(dock: HistogramPanel, context: Context) -> None:
    at = handle(dock, "hi")
    QTest.mousePress(dock.plot, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(dock.plot, at - QPoint(60, 0))
    moved = context.view.value.image_range
    taken = context.tools.cancel()
    QTest.mouseMove(dock.plot, at - QPoint(90, 0))

    assert moved.hi < 1.0
    assert taken
    assert context.view.value.image_range == Range(0.0, 1.0)
