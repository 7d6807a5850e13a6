"""The panels together: layouts, headers, selection, fit, and what stands where there are no pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.model.desk import HeldRunner
from tests.ui.gestures import click, double_click, place
from workbench.kernels.errors import ParameterError
from workbench.kernels.registry import from_text
from workbench.model import edits, start
from workbench.model.document import ORIGINAL, Lesson, Preparation, View
from workbench.model.pipeline import Pipeline
from workbench.model.probe import ProbePoint
from workbench.model.results import Failed, Pending
from workbench.model.samples import array_source
from workbench.model.view_state import Camera, Range
from workbench.ui.context import Context
from workbench.ui.fonts import text_width
from workbench.ui.panels.panel_area import LINE, PanelArea
from workbench.ui.panels.panel_header import HEIGHT, HeaderText, PanelHeader


@pytest.fixture
def area(qtbot: QtBot, context: Context) -> PanelArea:
    made = PanelArea(context)
    qtbot.addWidget(made)
    made.resize(902, 503)
    made.show()
    return made


def press_header(header: QWidget, kind: QEvent.Type = QEvent.Type.MouseButtonPress) -> None:
    at = QPointF(40, 12)
    left = Qt.MouseButton.LeftButton
    event = QMouseEvent(kind, at, header.mapToGlobal(at), left, left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(header, event)


def test_panels_fill_the_area_with_lines_of_one_pixel_between(area: PanelArea) -> None:
    rects = [area.panel(name).geometry() for name in area.names]

    assert list(area.names) == ["source", "s1", "s2", "s3"]
    assert rects[0].topLeft().toTuple() == (0, 0)
    assert rects[1].left() - rects[0].right() - 1 == LINE
    assert rects[2].top() - rects[0].bottom() - 1 == LINE
    assert (rects[3].right() + 1, rects[3].bottom() + 1) == (area.width(), area.height())


@pytest.mark.parametrize(
    ("layout", "show", "names"),
    [
        ("row", "images", ("source", "s1", "s2", "s3")),
        ("grid", "differences", ("d:s1", "d:s2", "d:s3")),
        ("pairs", "images", ("s1", "s2", "s3", "d:s1", "d:s2", "d:s3")),
        ("single", "images", ("s2",)),
        ("single", "differences", ("d:s2",)),
    ],
)
def test_each_layout_has_its_panels(
    area: PanelArea, context: Context, layout: str, show: str, names: tuple[str, ...]
) -> None:
    context.view.set(layout=layout, show=show, selected="s2")
    shown = tuple(name for name in names if area.panel(name).isVisible())

    assert area.names == names
    assert shown == names


def test_pairs_stand_under_each_other(area: PanelArea, context: Context) -> None:
    context.view.set(layout="pairs")
    above, below = area.panel("s2").geometry(), area.panel("d:s2").geometry()

    assert (above.left(), above.right()) == (below.left(), below.right())
    assert below.top() > above.bottom()


def test_a_panel_is_reused_when_its_layout_comes_back(area: PanelArea, context: Context) -> None:
    before = area.panel("s1")
    context.view.set(layout="single", selected="s2")
    context.view.set(layout="grid")

    assert area.panel("s1") is before


def test_panels_that_are_not_seen_ask_for_nothing(area: PanelArea, context: Context) -> None:
    context.view.set(layout="single", selected="s2")

    assert context.results.part("s1") is None
    assert context.results.part("s2") is not None


def test_the_panel_of_a_removed_slot_goes(area: PanelArea, context: Context) -> None:
    context.session.do("remove", edits.remove_slot("s2"))

    assert area.names == ("source", "s1", "s3")
    with pytest.raises(KeyError):
        area.panel("s2")


def test_a_click_on_header_or_pixels_selects(area: PanelArea, context: Context) -> None:
    press_header(area.panel("s3").header)
    first = context.view.value.selected
    click(area.view("s1"), (3, 4))

    assert first == "s3"
    assert context.view.value.selected == "s1"
    assert [name for name in area.names if area.panel(name).header.selected] == ["s1"]


def test_a_double_click_on_a_header_shows_its_panel_alone_and_back(area: PanelArea, context: Context) -> None:
    context.view.set(layout="row")
    press_header(area.panel("s3").header, QEvent.Type.MouseButtonDblClick)
    alone = area.names
    press_header(area.panel("s3").header, QEvent.Type.MouseButtonDblClick)

    assert alone == ("s3",)
    assert context.view.value.layout == "row"


def test_fit_takes_the_largest_rung_that_shows_everything(area: PanelArea, context: Context) -> None:
    area.fit()
    zoom = context.view.value.camera.zoom
    larger = min(rung for rung in area.rungs() if rung > zoom)
    view = area.view("source")
    # s3 is 11 × 19 output pixels: the source's 6 × 10 holds all of it.
    room = min(view.width() / 10, view.height() / 6)

    assert zoom in area.rungs()
    assert zoom <= room < larger
    assert (context.view.value.camera.y, context.view.value.camera.x) == (3.0, 5.0)


def test_rungs_make_the_pixels_of_every_panel_whole(area: PanelArea) -> None:
    assert all(rung % 2 == 0 for rung in area.rungs() if rung >= 2)


def test_zoom_steps_walk_the_rungs_and_keep_the_middle(area: PanelArea, context: Context) -> None:
    context.view.set(camera=Camera(2.0, 7.0, 16.0))
    area.zoom_step(1)
    closer = context.view.value.camera
    area.zoom_step(-1)

    assert closer == Camera(2.0, 7.0, 18.0)
    assert context.view.value.camera == Camera(2.0, 7.0, 16.0)


def test_one_to_one_is_one_output_pixel_for_each_device_pixel(area: PanelArea, context: Context) -> None:
    context.view.set(selected="s2")
    area.one_to_one()

    assert area.view("s2").frame.cell == (1.0, 1.0)


def test_a_document_that_names_a_place_opens_there_at_a_close_look(
    qtbot: QtBot, context: Context, area: PanelArea
) -> None:
    comparison = replace(context.session.value, view=View(centre=(2.6, 7.4)))
    context.view.set(selected="s2")
    context.session.load(comparison)
    camera = context.view.value.camera

    # 450 px across, some 38 source pixels.
    assert camera == Camera(2.6, 7.4, 12.0)
    assert context.probe.active == ProbePoint("s2", 5, 14)


def test_a_changed_parameter_moves_neither_camera_nor_probe(area: PanelArea, context: Context) -> None:
    context.view.set(camera=Camera(2.0, 7.0, 16.0))
    context.probe.show(ProbePoint("s1", 3, 5))
    context.session.do("change", edits.set_method("s2", from_text("bilinear:scale=3")))

    assert context.view.value.camera == Camera(2.0, 7.0, 16.0)
    assert context.probe.active == ProbePoint("s1", 3, 5)


def test_pixels_without_a_common_rung_are_called_unequal(area: PanelArea, context: Context) -> None:
    context.view.set(camera=Camera(2.0, 7.0, 16.0), selected="s1")
    context.session.do("change", edits.set_method("s2", from_text("bilinear:scale=3")))

    assert "unequal pixels" in area.panel("s2").header.text.chips
    assert "unequal pixels" not in area.panel("s1").header.text.chips


def test_the_header_says_number_name_parameters_error_time_and_filter(area: PanelArea, context: Context) -> None:
    context.view.set(camera=Camera(2.0, 7.0, 16.0))
    text = area.panel("s2").header.text
    metrics = context.results.ready("s2").metrics

    assert (text.badge, text.name, text.parameters) == ("2", "Bilinear", "×2 · half-pixel")
    assert text.number == f"{metrics['psnr']:.2f} dB"
    assert text.time.endswith(" ms")
    assert text.filter == "8× nearest"


def test_a_slot_with_the_same_output_says_so(area: PanelArea, context: Context) -> None:
    context.session.do("same", edits.set_method("s3", from_text("average_unpool:kernel=2")))

    assert area.panel("s3").header.text.chips == ("same as 1",)


def test_a_difference_header_counts_what_the_range_cannot_show(area: PanelArea, context: Context) -> None:
    context.view.set(show="differences", difference_range=Range(-1.0, 1.0))
    none = area.panel("d:s2").header.text
    context.view.set(difference_range=Range(-1e-9, 1e-9))
    nearly_all = area.panel("d:s2").header.text.number

    assert (none.badge, none.name, none.number) == ("Δ", "2 − R", "0 % beyond")
    assert float(nearly_all.split()[0]) > 90


def test_headers_lose_their_parts_in_order_and_never_the_filter(qtbot: QtBot, context: Context) -> None:
    header = PanelHeader(context.theme)
    qtbot.addWidget(header)
    text = HeaderText(
        "3", "Transposed conv", "T-conv", "k3 s2 twice · Gauss σ 1", ("same as 1",), "20.42 dB", True, "1.1 ms",
        "3× nearest", "3×",
    )  # fmt: skip
    header.show_text(text)
    lost = []
    for width in range(700, 90, -4):
        header.resize(width, HEIGHT)
        shown = header.shown_text
        lost.append((bool(shown.parameters), bool(shown.time), bool(shown.chips)))

        assert shown.filter in ("3× nearest", "3×")

    assert lost[0] == (True, True, True)
    assert list(dict.fromkeys(lost)) == [
        (True, True, True), (False, True, True), (False, False, True), (False, False, False),
    ]  # fmt: skip
    assert header.shown_text.name == "T-conv"


def test_a_number_that_does_not_fit_beside_the_filter_is_left_out(qtbot: QtBot, context: Context) -> None:
    header = PanelHeader(context.theme)
    qtbot.addWidget(header)
    header.show_text(HeaderText("Δ", "1 − R", "1 − R", number="91.7 % beyond", filter="mean of 2×2",
                                short_filter="mean of 2×2"))  # fmt: skip
    needed = 8 + 16 + text_width("91.7 % beyond", 11, 400) + text_width("mean of 2×2", 11, 400)
    shown = []
    for width in range(120, 400, 7):
        header.resize(width, HEIGHT)
        shown.append(bool(header.shown_text.number))

        assert not header.shown_text.number or width > needed

    assert (shown[0], shown[-1]) == (False, True)


def test_without_recorded_indices_the_panel_offers_to_record_them(area: PanelArea, context: Context) -> None:
    context.session.do("no record", edits.set_preparation(Preparation(from_text("down:factor=2,record=off"))))
    context.session.do("unpool", edits.set_method("s2", from_text("max_unpool")))
    panel = area.panel("s2")
    title, offered = panel.reason.title, panel.reason.record.isVisibleTo(panel)
    panel.reason.record.click()

    assert (title, offered) == ("No recorded indices", True)
    assert context.session.value.preparation.method == from_text("down:factor=2,record=on")
    assert not panel.reason.isVisibleTo(panel)
    context.session.undo()

    assert panel.reason.isVisibleTo(panel)


def test_another_failure_says_its_sentence_and_offers_to_remove(area: PanelArea, context: Context) -> None:
    slot = context.session.value.slot("s2")
    context.results.put("s2", Failed(slot, ParameterError("output_padding", "must be below 2, not 2")))
    panel = area.panel("s2")

    assert panel.reason.words == "Output padding must be below 2, not 2."
    assert panel.header.text.number == "–"
    panel.reason.remove.click()

    assert context.session.value.slot("s2") is None


def test_without_a_reference_a_difference_says_why(area: PanelArea, context: Context) -> None:
    context.view.set(show="differences")
    context.session.do("as it is", edits.set_preparation(Preparation()))
    panel = area.panel("d:s2")

    assert panel.reason.title == "Cannot be compared"
    assert "no original" in panel.reason.words


def test_a_running_slot_says_how_far_it_is(area: PanelArea, context: Context) -> None:
    ready = context.results.ready("s2")
    context.results.put("s2", Pending(ready.slot, ready, 0.62))

    assert area.panel("s2").header.text.number == "62 %"


def test_the_reference_is_named_in_its_header(area: PanelArea, context: Context) -> None:
    context.session.do("reference", edits.set_reference("s1"))

    assert area.panel("s1").header.text.chips == ("reference",)
    assert area.panel("s1").header.text.number == ""
    context.session.do("reference", edits.set_reference(ORIGINAL))


def test_lessons_call_their_planes_input_and_output(area: PanelArea, context: Context) -> None:
    context.session.load(replace(context.session.value, lesson=Lesson("2 × 2", "…")))

    assert area.panel("source").header.text.name == "INPUT 10 × 6"
    assert area.panel("s1").header.text.name == "OUTPUT 20 × 12"


def test_another_document_is_not_fitted_to_what_was_open_before(area: PanelArea, context: Context) -> None:
    context.pipeline.close()
    runner = HeldRunner()
    pipeline = Pipeline(context.session, context.view, context.results, runner)
    pipeline.start()
    runner.run_all()
    small = array_source(np.arange(12.0).reshape(3, 4), "small")
    context.session.load(replace(context.session.value, source=small, preparation=Preparation(), view=View()))
    runner.run_all()
    pipeline.close()

    camera = context.view.value.camera
    assert (camera.y, camera.x) == (1.5, 2.0)
    assert camera.zoom >= 40


def test_another_picture_of_the_same_size_is_seen_at_the_same_place(area: PanelArea, context: Context) -> None:
    context.view.set(camera=Camera(2.25, 7.5, 24.0))
    other = array_source(np.random.default_rng(8).random((12, 20, 3)), "other")
    context.session.do("Open", lambda value: start.for_image(other, value))

    assert context.results.prepared.source is other
    assert context.view.value.camera == Camera(2.25, 7.5, 24.0)


@pytest.mark.parametrize(("size", "stays"), [((14, 26, 3), True), ((12, 8, 3), False)])
def test_a_file_read_again_in_another_size_keeps_the_camera_where_that_sees_it(
    area: PanelArea, context: Context, size: tuple[int, ...], stays: bool
) -> None:
    context.view.set(camera=Camera(2.25, 7.5, 24.0))
    again = array_source(np.random.default_rng(9).random(size), "again")
    context.session.do("Reload", edits.set_source(again))

    camera = context.view.value.camera
    assert (camera == Camera(2.25, 7.5, 24.0)) is stays
    assert camera.x <= size[1] / 2


def test_a_place_the_document_named_is_not_gone_to_where_a_smaller_picture_does_not_reach(
    area: PanelArea, context: Context
) -> None:
    context.session.do("Open", lambda value: replace(value, view=View(centre=(5.5, 9.5), zoom=24.0)))
    small = array_source(np.random.default_rng(9).random((5, 7, 3)), "small")
    context.session.do("Reload", edits.set_source(small))

    camera, (height, width) = context.view.value.camera, context.results.prepared.shape
    assert 0 <= camera.y <= height
    assert 0 <= camera.x <= width


def test_focus_goes_to_the_selected_panel(area: PanelArea, context: Context, qtbot: QtBot) -> None:
    context.view.set(selected="s3")
    area.activateWindow()
    area.focus_view()

    assert area.focusWidget() is area.view("s3")


def test_double_click_on_pixels_does_not_change_the_layout(area: PanelArea, context: Context) -> None:
    area.fit()
    assert place(area.view("s1"), (3, 4)).x() > 0
    double_click(area.view("s1"), (3, 4))

    assert context.view.value.layout == "grid"


def test_a_header_shortens_its_words_before_a_warning_goes(theme, qtbot):
    from workbench.ui.camera import LOST
    from workbench.ui.panels.panel_header import HeaderText, PanelHeader

    header = PanelHeader(theme)
    qtbot.addWidget(header)
    header.show_text(
        HeaderText("3", "Transposed conv", "T-conv", number="18.49 dB", chips=(LOST,), filter="mean of 2×2",
                   short_filter="mean 2×2", strong=True)
    )  # fmt: skip
    for width in range(360, 290, -2):
        header.resize(width, header.height())
        assert header.shown_text.chips == ("1–2 px lost",), width
