"""Lines and the profile dock by real drags and keys: drawn, turned, read, led along, copied."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from tests.ui.gestures import key
from tests.ui.hands import SHIFT, drag_world, move_to, press_at
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.document import Comparison, Slot
from workbench.model.probe import ProbePoint
from workbench.model.samples import chart_source
from workbench.model.view_state import Placing
from workbench.ui.panels.profile_plot import phase_colours, ticks


@pytest.fixture
def area(marked):
    return marked.window.panel_area


@pytest.fixture
def dock(marked):
    marked.context.view.set(docks=frozenset({"profile"}))
    return marked.window.dock("profile")


def ends(marked):
    return [(line.y0, line.x0, line.y1, line.x1) for line in marked.context.session.value.lines]


def with_line(marked, *place):
    marked.context.session.do("Add", edits.add_line(*(place or (2.25, 1.25, 2.25, 8.25))))


def test_l_takes_the_tool_and_opens_the_dock_and_a_drag_draws_a_line(marked, area):
    QTest.keyClick(area.view("s1"), Qt.Key.Key_L)
    drag_world(area.view("s1"), (1.1, 2.1), (4.3, 7.4))

    assert "profile" in marked.context.view.value.docks
    assert ends(marked) == [(1.25, 2.25, 4.25, 7.25)]


def test_shift_draws_along_the_nearer_axis(marked, area):
    QTest.keyClick(area.view("s1"), Qt.Key.Key_L)
    drag_world(area.view("source"), (1.1, 2.1), (2.3, 7.4), modifiers=SHIFT)

    assert ends(marked) == [(1.5, 2.5, 1.5, 7.5)]


@pytest.mark.parametrize(("taken", "moved"), [("end", (2.25, 1.25, 2.25, 9.5)), ("start", (2.25, 3.5, 2.25, 8.25))])
def test_shift_keeps_a_line_along_its_axis_also_in_a_panel_of_other_pixels(marked, area, taken, moved):
    with_line(marked)
    begin = (2.25, 8.25) if taken == "end" else (2.25, 1.25)
    area.view("source").setFocus()
    drag_world(area.view("source"), begin, (2.4, moved[3] if taken == "end" else moved[1]), modifiers=SHIFT)

    assert ends(marked) == [moved]


def test_a_drag_is_one_step_and_escape_in_it_takes_it_back(marked, area):
    QTest.keyClick(area.view("s1"), Qt.Key.Key_L)
    drag_world(area.view("s1"), (1.1, 2.1), (4.3, 7.4))
    view = area.view("s1")
    press_at(view, view.place_of(4.25, 7.25))
    move_to(view, view.place_of(2.3, 8.2))
    assert ends(marked) == [(1.25, 2.25, 2.25, 8.25)]

    marked.commands.escape()
    assert ends(marked) == [(1.25, 2.25, 4.25, 7.25)]
    marked.context.session.undo()
    assert ends(marked) == []


def test_an_end_is_dragged_without_the_tool_and_the_line_as_a_whole(marked, area):
    with_line(marked)
    drag_world(area.view("s2"), (2.25, 8.25), (4.3, 6.2))
    assert ends(marked) == [(2.25, 1.25, 4.25, 6.25)]

    marked.context.session.undo()
    drag_world(area.view("s2"), (2.25, 4.0), (3.25, 5.0))
    assert ends(marked) == [(3.25, 2.25, 3.25, 9.25)]


def test_home_and_end_choose_what_arrows_move(marked, area):
    with_line(marked)
    marked.window.action_set["next_line"].trigger()
    view = area.view("s1")
    key(view, Qt.Key.Key_Down)
    assert ends(marked) == [(2.75, 1.25, 2.75, 8.25)]

    key(view, Qt.Key.Key_Home)
    key(view, Qt.Key.Key_Left, SHIFT)
    assert ends(marked) == [(2.75, 0.25, 2.75, 8.25)]

    key(view, Qt.Key.Key_End)
    key(view, Qt.Key.Key_Up)
    assert ends(marked) == [(2.75, 0.25, 2.25, 8.25)]


def test_delete_removes_the_focused_line(marked, area):
    with_line(marked)
    marked.window.action_set["next_line"].trigger()
    key(area.view("s1"), Qt.Key.Key_Delete)

    assert ends(marked) == []


def test_a_line_can_be_made_without_a_pointer(marked, area):
    marked.context.probe.show(ProbePoint("s1", 4, 10))
    marked.window.action_set["new_line"].trigger()
    y0, x0, y1, x1 = ends(marked)[0]

    assert y0 == y1 == 2.25
    assert x0 < 5.25 < x1


def test_the_curves_are_the_very_values_of_the_pixels(marked, dock):
    with_line(marked)
    ready = marked.context.results.ready("s2")
    curve = dock.profile.curve("s2")

    assert np.array_equal(curve.values, ready.whole[4, 2:17])


def test_another_parameter_changes_the_curve_and_never_the_range(marked, dock):
    with_line(marked)
    before, scales = dock.profile.curve("s2").values, dock.plot.scales
    marked.context.session.do("Change", edits.set_method("s2", from_text("bicubic:scale=2,a=-1")))
    after = dock.plot.scales

    assert not np.array_equal(dock.profile.curve("s2").values, before)
    assert (after.low, after.high) == (scales.low, scales.high)


def test_values_beyond_the_range_light_the_refit_button_and_it_shows_them(marked, dock):
    with_line(marked)
    text = "transposed_conv:kernel=ones,kernel_size=4,stride=2,padding=1"
    marked.context.session.do("Change", edits.set_method("s2", from_text(text)))
    assert dock.refit_button.isVisible()

    QTest.mouseClick(dock.refit_button, Qt.MouseButton.LeftButton)
    assert dock.plot.scales.high > dock.profile.curve("s2").values[:, 1].max()
    assert not dock.refit_button.isVisible()


def test_pointing_at_the_plot_moves_the_probe_to_that_pixel(marked, dock):
    with_line(marked)
    curve = dock.profile.curve("s2")
    x = dock.plot.scales.x(float(curve.distance[6]))
    QTest.mouseMove(dock.plot, QPoint(round(x), 40))

    assert marked.context.probe.hovered == ProbePoint("s2", 4, 8)
    assert dock.plot.marker == curve.distance[6]


def test_arrows_lead_the_marker_from_point_to_point(marked, dock):
    with_line(marked)
    QTest.keyClick(dock.plot, Qt.Key.Key_Home)
    QTest.keyClick(dock.plot, Qt.Key.Key_Right)

    assert dock.plot.marker == dock.profile.curve("s2").distance[1]


def test_the_marker_follows_a_probe_on_the_line_and_leaves_with_it(marked, dock):
    with_line(marked)
    marked.context.probe.show(ProbePoint("s1", 4, 7))
    on = dock.plot.marker
    marked.context.probe.show(ProbePoint("s1", 10, 7))

    assert on == pytest.approx(2.5)
    assert dock.plot.marker is None


def test_a_width_that_is_typed_averages_across_the_line(marked, dock):
    with_line(marked)
    dock.width_spin.setFocus()
    dock.width_spin.selectAll()
    QTest.keyClicks(dock.width_spin, "1.5")
    QTest.keyClick(dock.width_spin, Qt.Key.Key_Return)
    whole = marked.context.results.ready("s2").whole

    assert marked.context.session.value.lines[0].width == 1.5
    assert dock.profile.curve("s2").values[0] == pytest.approx(whole[3:6, 2].mean(axis=0), rel=1e-13)


def test_the_width_of_an_edge_in_pixels_is_the_same_at_sample_positions(marked, dock, area):
    slots = (Slot("s1", from_text("bilinear:scale=2,grid=align_corners")),)
    marked.context.session.load(Comparison(chart_source("step", (16, 24)), slots=slots))
    marked.context.view.set(docks=frozenset({"profile"}), placing=Placing("nominal"))
    with_line(marked, 7.5, 6.5, 7.5, 18.5)
    nominal = [cell.text for cell in dock.table.numbers.rows[1]]
    QTest.keyClick(area.view("s1"), Qt.Key.Key_J)

    assert marked.context.view.value.placing.mode == "sample"
    assert [cell.text for cell in dock.table.numbers.rows[1]] == nominal


def test_the_edge_of_a_step_stands_beside_its_theory(marked, dock):
    slots = (Slot("s1", from_text("bilinear:scale=4")), Slot("s2", from_text("bicubic:scale=4,a=-0.5")))
    marked.context.session.load(Comparison(chart_source("step", (24, 40)), slots=slots))
    marked.context.view.set(docks=frozenset({"profile"}))
    with_line(marked, 11.5, 8.5, 11.5, 31.5)
    rows = [[cell.text for cell in row] for row in dock.table.numbers.rows]

    assert rows[1][2:] == ["3.40", "3.40", "0.0", "0.0"]
    assert rows[2][2:] == ["2.88", "2.88", "7.3", "7.3"]
    assert "ideal" in dock.head.note.text()


def test_the_caption_says_how_values_are_read(marked, dock):
    with_line(marked)

    assert "one point for each pixel the line crosses, none between" in dock.head.note.text()


def test_what_is_copied_is_csv_in_full(marked, dock):
    with_line(marked)
    QTest.mouseClick(dock.copy_button, Qt.MouseButton.LeftButton)
    rows = list(csv.reader(io.StringIO(QGuiApplication.clipboard().text())))

    assert rows[0][:5] == ["picture", "distance", "row", "column", "phase"]
    assert len(rows) == 1 + sum(len(curve.distance) for curve in dock.profile.curves)


def test_each_phase_has_a_colour_of_its_own(marked, dock):
    with_line(marked)
    colours = phase_colours(dock.profile.curve("s2"))

    assert len({colour.name() for colour in colours.values()}) == len(colours) == 2


@pytest.mark.parametrize(
    ("low", "high", "most", "wanted"),
    [(0.0, 1.0, 4, [0.0, 0.5, 1.0]), (-0.06, 1.06, 3, [0.0, 0.5, 1.0]), (3.0, 18.0, 5, [5.0, 10.0, 15.0])],
)
def test_axes_are_marked_at_round_numbers(low, high, most, wanted):
    assert ticks(low, high, most) == pytest.approx(wanted)
