"""Promises of the viewer that no single part keeps: focus stays, and words are true at every moment."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui import gestures
from workbench.kernels.arrays import Window
from workbench.kernels.placement import IDENTITY
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.display import Range, Tone
from workbench.model.probe import ProbePoint
from workbench.model.view_state import Camera
from workbench.ui.app import Workbench
from workbench.ui.camera import frame_of
from workbench.ui.controls import Text
from workbench.ui.pixel_text import pixel_layer
from workbench.ui.theme import Theme


class Shown(QObject):
    """Notes which widgets were shown as windows of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.names.append(watched.accessibleName() or type(watched).__name__)
        return False


def test_new_panels_never_flash_as_windows_and_leave_the_keys_where_they_were(workbench: Workbench) -> None:
    shown = Shown()
    QApplication.instance().installEventFilter(shown)

    workbench.window.action_set["show_differences"].trigger()
    QApplication.processEvents()
    QApplication.instance().removeEventFilter(shown)

    assert shown.names == []


def test_beside_an_image_the_status_bar_says_that_it_ends(workbench: Workbench) -> None:
    view = workbench.window.panel_area.view("s2")
    gestures.hover(view, (3, 5))

    gestures.hover_at(view, QPointF(2, 2))

    assert workbench.window.status.text == "Beside 2 Bilinear: the image ends here, nothing to show"


def test_where_one_of_two_pictures_has_no_pixel_the_status_bar_names_it(workbench: Workbench) -> None:
    workbench.context.view.set(show="differences")
    QApplication.processEvents()
    view = workbench.window.panel_area.view("d:s3")

    gestures.hover_at(view, view.place_of(2.25, 9.75))

    assert workbench.window.status.text == "Masked: 3 Transposed conv has no pixel here, so nothing is compared"


def test_leaving_the_panels_brings_the_probe_back_into_the_status_bar(workbench: Workbench) -> None:
    view = workbench.window.panel_area.view("s2")
    gestures.hover(view, (3, 5))
    gestures.hover_at(view, QPointF(2, 2))

    gestures.leave(view)

    assert workbench.window.status.text.startswith("Row of A: 4 sources of output (3, 5)")


def test_a_picture_with_other_pixels_is_probed_where_the_pointer_rests(workbench: Workbench) -> None:
    view = workbench.window.panel_area.view("s2")
    gestures.hover(view, (3, 5))
    place = gestures.place(view, (3, 5))

    workbench.context.session.do("Change", edits.set_method("s2", from_text("bilinear:scale=4")))
    QApplication.processEvents()

    assert workbench.context.probe.hovered == view.point_at(place) != ProbePoint("s2", 3, 5)


def test_a_layer_drawn_as_stamps_says_so_in_its_header(workbench: Workbench) -> None:
    window = workbench.window
    window.focus_images()

    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_K, Qt.KeyboardModifier.ShiftModifier)

    said = [name for name in window.panel_area.names if "scatter" in window.panel_area.panel(name).header.text.chips]
    assert said == ["s3"]


def test_commands_of_the_sum_follow_the_pointer(workbench: Workbench) -> None:
    enabled = []
    for name, pixel in (("s2", (3, 5)), ("source", (2, 3)), ("s1", (3, 5))):
        gestures.hover(workbench.window.panel_area.view(name), pixel)
        enabled.append(workbench.window.action_set["next_form"].isEnabled())

    assert enabled == [True, False, True]


def test_a_resting_pointer_leads_in_the_picture_that_takes_the_place(workbench: Workbench) -> None:
    workbench.context.view.set(layout="single", selected="s2")
    QApplication.processEvents()
    gestures.hover(workbench.window.panel_area.view("s2"), (3, 5))
    told = []
    for selected in ("s3", "s2"):
        workbench.context.view.set(selected=selected)
        told.append(workbench.context.probe.hovered.slot)
    gestures.leave(workbench.window.panel_area.view("s2"))
    workbench.context.view.set(selected="s1")

    assert told == ["s3", "s2"]
    assert workbench.context.probe.hovered is None


def test_the_magnifier_has_the_colours_of_the_panels(workbench: Workbench) -> None:
    magnifier = workbench.window.card.magnifier
    gestures.hover(workbench.window.panel_area.view("source"), (2, 3))

    for look in ({"image_tone": Tone(gain=2.0)}, {"channel_view": "r"}, {"own_ranges": (("source", Range(0.0, 3.0)),)}):
        before = magnifier.grab().toImage()
        workbench.context.view.set(**look)
        assert magnifier.grab().toImage() != before, look


def test_the_share_beyond_a_difference_goes_by_the_colours_that_are_shown(workbench: Workbench) -> None:
    workbench.context.view.set(show="differences")
    QApplication.processEvents()
    panel = workbench.window.panel_area.panel("d:s1")
    before = panel.header.text.number

    workbench.context.view.set(difference_tone=Tone(gain=1e-3))

    assert before != "0 % beyond"
    assert panel.header.text.number == "0 % beyond"


def test_no_overshoot_is_claimed_on_a_line_without_an_edge(workbench: Workbench) -> None:
    context = workbench.context
    context.session.do("Line", edits.add_line(4.5, 0.0, 4.5, 10.0))
    context.view.set(docks=frozenset({"profile"}), line="l1")
    QApplication.processEvents()

    row = workbench.window.dock("profile").table.numbers.rows[2]

    assert [cell.text for cell in row[2:]] == ["no edge", "", "no edge", ""]


def test_a_number_that_has_no_room_in_its_pixel_is_written_shorter(theme: Theme) -> None:
    values = np.array([[999_999.0, 123_456.0, -0.25, 5.8e299]])
    frame = frame_of(Camera(0.5, 2.0, 34.0), (34.0, 4 * 34.0), IDENTITY)
    wide = pixel_layer(frame, Window(0, 0, 1, 4), values, np.full((1, 4, 4), 255, np.uint8)).toImage()
    edges = [round(frame.edge(0, col)[1]) for col in (1, 2, 3)]

    for x in edges:
        column = {wide.pixel(x + 1, y) for y in range(2, 32)}
        assert len(column) == 1, x


def test_a_small_range_is_not_written_as_zero(workbench: Workbench) -> None:
    workbench.context.view.set(show="differences", difference_range=Range(-0.0004, 0.0004))

    assert any(label.text() == "±0.0004" for label in workbench.window.top_bar.findChildren(Text))


def test_after_loading_the_output_pixel_at_the_middle_of_the_view_is_probed(workbench: Workbench) -> None:
    context = workbench.context

    assert context.probe.active == ProbePoint("s1", 6, 10)
    assert workbench.window.card.formula is not None
