"""What provenance draws on the pixels: every mark of what is not there, taps, differences, scatter and gather."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.gestures import hover, key, leave
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.display import weight_rgb
from workbench.model.document import Preparation
from workbench.model.lessons import load_lesson
from workbench.model.peak import peak_weight
from workbench.model.probe import ProbePoint, TapPoint
from workbench.model.samples import array_source
from workbench.model.status import status_text
from workbench.model.view_state import Camera
from workbench.ui.app import Workbench
from workbench.ui.context import Context
from workbench.ui.image_view import ImageView
from workbench.ui.kernel_editor import KernelGrid
from workbench.ui.looks import cell_rect
from workbench.ui.overlay import marks_rect
from workbench.ui.panels.panel_area import PanelArea
from workbench.ui.panels.provenance_card import ProvenanceCard

LAYER = "transposed_conv:kernel=[[1,2,3],[4,5,6],[7,8,9]],stride=2,padding=1,output_padding=1"


@pytest.fixture
def area(qtbot: QtBot, context: Context) -> PanelArea:
    made = PanelArea(context)
    qtbot.addWidget(made)
    made.resize(1302, 703)
    made.show()
    made.fit()
    context.probe.show(None)
    return made


def say(context: Context) -> str:
    view = context.view.value
    return status_text(context.results, context.session.value, context.probe, view.channel, view.selected)


def colour_at(view: ImageView, y: float, x: float) -> tuple[int, int, int]:
    """The colour on screen at a place of the image, in its own pixels."""
    picture = view.viewport().grab().toImage()
    placement, frame = view.frame.placement, view.frame
    rect = cell_rect(frame, 0, 0)
    at = QPoint(int(rect.left() + x * frame.cell[1]), int(rect.top() + y * frame.cell[0]))
    assert placement is not None
    return picture.pixelColor(at).getRgb()[:3]


def zoom(context: Context, area: PanelArea, y: float, x: float, zoom: float) -> None:
    context.view.set(layout="row", camera=Camera(y, x, zoom))
    QApplication.processEvents()


# ---- outside the source ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edge", "text"),
    [
        ("replicate", "x[−1,3] is x[0,3] (edge)"),
        ("mirror", "mirror of x[1,3]"),
        ("wrap", "x[−1,3] is x[5,3] (wrap)"),
        ("zero", "= 0 (zero)"),
        ("exclude", "dropped, others renormalised"),
    ],
)
def test_a_sample_outside_says_what_stands_for_it(area: PanelArea, context: Context, edge: str, text: str) -> None:
    context.session.do("edge", edits.set_method("s2", from_text(f"bicubic:scale=2,edge={edge}")))
    hover(area.view("s2"), (0, 7))
    texts = {(tap.row, tap.col): tap.text for tap in area.view("source").marks.outside}

    assert texts[-1, 3] == text


def test_a_folded_border_points_to_the_pixel_that_stands_for_it(area: PanelArea, context: Context) -> None:
    context.session.do("edge", edits.set_method("s2", from_text("bilinear:scale=2,edge=replicate")))
    hover(area.view("s2"), (0, 7))
    zoom(context, area, 1.0, 3.5, 64.0)
    # The arrow runs at the right of the numbers, from the cell above the source into its first row.
    across = [colour_at(area.view("source"), -0.1, 3.84 + 0.015 * k) for k in range(9)]
    light = [sum(colour) for colour in across]

    # A white line within a black one.
    assert max(light) > 600
    assert min(light[: light.index(max(light))]) < 60 > min(light[light.index(max(light)) :])
    assert "x[0,3]: 0.5625 + 0.1875 folded" in say(context)


def test_dropped_samples_are_hatched_on_the_canvas(area: PanelArea, context: Context) -> None:
    context.session.do("edge", edits.set_method("s2", from_text("bicubic:scale=2,edge=exclude")))
    hover(area.view("s2"), (0, 7))
    zoom(context, area, 1.0, 3.5, 64.0)
    seen = {colour_at(area.view("source"), -0.9, 3.1 + 0.02 * k) for k in range(40)}
    theme = context.theme

    assert theme.color("canvas").getRgb()[:3] in seen
    assert theme.color("text2").getRgb()[:3] in seen


# ---- stamps ------------------------------------------------------------------------------------------------------


def test_the_cut_part_of_a_stamp_is_drawn_grey_beyond_the_output(area: PanelArea, context: Context) -> None:
    context.session.do("layer", edits.set_method("s3", from_text(LAYER)))
    context.view.set(selected="s3")
    hover(area.view("source"), (0, 3))
    marks = area.view("s3").marks

    assert {(one.row, one.col): one.weight for one in marks.cropped} == {(-1, 5): 1, (-1, 6): 2, (-1, 7): 3}
    assert "cropped: 3 of 9 taps" in say(context)
    zoom(context, area, 0.5, 3.5, 64.0)
    red, green, blue = colour_at(area.view("s3"), -0.85, 6.15)
    assert red == green == blue != context.theme.color("canvas").red()


def test_scatter_draws_the_stamp_of_the_strongest_source(area: PanelArea, context: Context) -> None:
    context.session.do("layer", edits.set_method("s3", from_text(LAYER)))
    hover(area.view("s3"), (5, 7))
    before = area.view("s3").marks
    context.view.set(scatter=True)
    output, source = area.view("s3").marks, area.view("source").marks
    strongest = source.frame
    column = context.results.ready("s3").operator.column(*strongest)
    painted = np.zeros(column.shape)
    painted[output.plates.rows, output.plates.cols] = output.plates.weights

    assert before.plates is None
    assert np.array_equal(painted, column.dense())
    assert output.frame == (5, 7)


def test_the_status_bar_says_what_scatter_draws(workbench: Workbench) -> None:
    window = workbench.window
    window.context.session.do("layer", edits.set_method("s3", from_text(LAYER)))
    window.context.view.set(scatter=True)
    hover(window.panel_area.view("s3"), (5, 8))

    assert window.status.text.startswith("Row of A: 2 sources of output (5, 8), stamp of the strongest one")


def test_many_plates_are_one_picture_that_keeps_the_signs(area: PanelArea, context: Context) -> None:
    pooled(context, np.random.default_rng(2).random((160, 170)), "down:2", "bspline:scale=2")
    hover(area.view("s1"), (80, 70))
    zoom(context, area, 40.0, 35.0, 12.0)
    view = area.view("source")
    plates = view.marks.plates
    peak = peak_weight(context.results.ready("s1").operator)
    at = {(r, c): w for r, c, w in zip(plates.rows.tolist(), plates.cols.tolist(), plates.weights, strict=True)}
    negative = next(place for place, weight in at.items() if weight < 0 and abs(place[0] - 40) < 4)
    strongest = max(at, key=lambda place: abs(at[place]))

    assert len(plates.weights) > 256
    assert colour_at(view, negative[0] + 0.45, negative[1] + 0.5) == (0, 0, 0)
    assert colour_at(view, strongest[0] + 0.5, strongest[1] + 0.5) == tuple(weight_rgb(at[strongest], peak).tolist())


def test_both_drawings_show_the_same_numbers(area: PanelArea, context: Context, qtbot: QtBot) -> None:
    card = ProvenanceCard(context)
    qtbot.addWidget(card)
    context.session.do("layer", edits.set_method("s3", from_text(LAYER)))
    hover(area.view("s3"), (5, 7))
    gather = (card.value, [term.product for term in card.formula.trace.terms])
    plates = area.view("source").marks.plates
    context.view.set(scatter=True)

    assert (card.value, [term.product for term in card.formula.trace.terms]) == gather
    assert np.array_equal(area.view("source").marks.plates.weights, plates.weights)


def test_gather_draws_hollow_taps_on_stuffed_zeros(area: PanelArea, context: Context) -> None:
    context.session.do("layer", edits.set_method("s3", from_text(LAYER)))
    hover(area.view("s3"), (5, 7))
    hollow = area.view("source").marks.hollow

    # Output 5 with padding 1 is 6 in the stuffed source: taps 0, 1, 2 at 6, 5, 4 → samples 3 and 2, a zero between.
    assert len(hollow.weights) == 9 - len(area.view("source").marks.plates.weights)
    assert set(zip(hollow.ys.tolist(), hollow.xs.tolist(), strict=True)) == {
        (3.0, 3.5), (2.5, 4.0), (2.5, 3.5), (2.5, 3.0), (2.0, 3.5),
    }  # fmt: skip


def test_an_article_layer_of_stride_one_has_no_hollow_taps(area: PanelArea, context: Context) -> None:
    context.session.load(load_lesson("article-deconv"))
    context.probe.show(ProbePoint("s1", 1, 2))

    assert len(area.view("source").marks.hollow.weights) == 0


# ---- collisions, empty rows, ties, other planes ------------------------------------------------------------------


def pooled(context: Context, values: np.ndarray, pool: str, method: str) -> None:
    comparison = context.session.value
    source, preparation = array_source(values), Preparation(from_text(pool))
    slots = (replace(comparison.slots[0], method=from_text(method)),)
    context.session.load(replace(comparison, source=source, preparation=preparation, slots=slots))


def test_the_loser_of_a_collision_is_struck_through(area: PanelArea, context: Context) -> None:
    values = np.zeros((5, 7))
    values[2, 3] = 0.9
    pooled(context, values, "max_pool:kernel=3,stride=2", "max_unpool")
    area.fit()
    hover(area.view("s1"), (2, 3))
    marks = area.view("source").marks

    assert marks.lost == ((0, 1),)
    assert set(zip(marks.plates.rows.tolist(), marks.plates.cols.tolist(), strict=True)) == {(1, 1)}
    assert area.view("s1").marks.badge == "window (0,1) also wrote here: 0.9, lost"


def test_a_value_in_another_plane_has_a_red_frame(area: PanelArea, context: Context) -> None:
    pooled(
        context, np.arange(25.0).reshape(5, 5) / 25, "max_pool:kernel=2,stride=2,ceil_mode=true",
        "max_unpool:reading=torch",
    )  # fmt: skip
    hover(area.view("s1"), (1, 0))
    marked = area.view("s1").marks.elsewhere
    zoom(context, area, 1.5, 1.5, 48.0)
    red = context.theme.color("err").getRgb()[:3]
    view = area.view("s1")
    beside = colour_at(view, 1.5, 1.0 + 1.5 / view.frame.cell[1])
    hover(view, (1, 1))

    assert marked
    assert beside == red
    assert not area.view("s1").marks.elsewhere


def test_a_tie_has_a_badge(area: PanelArea, context: Context) -> None:
    pooled(context, np.random.default_rng(2).random((8, 16)), "down:2", "nearest:size=6x8")
    area.fit()
    hover(area.view("s1"), (4, 3))
    view = area.view("s1")

    # 4 rows become 6: row 4 samples at 2.5.
    assert view.marks.badge == "row c = 2.5 exactly: Pillow takes 2, PyTorch and SciPy 3"
    assert marks_rect(view.frame, view.marks).width() > 200 * view.frame.ratio


def test_a_long_spline_has_a_faded_rim(area: PanelArea, context: Context) -> None:
    pooled(context, np.random.default_rng(2).random((160, 170)), "down:2", "bspline:scale=2")
    area.fit()
    hover(area.view("s1"), (80, 70))

    assert area.view("source").marks.rim
    assert "14 taps a side shown" in say(context)


# ---- taps --------------------------------------------------------------------------------------------------------


def test_a_tap_colours_every_pair_that_uses_it(area: PanelArea, context: Context) -> None:
    context.session.do("layer", edits.set_method("s3", from_text(LAYER)))
    context.probe.hover_tap(TapPoint("s3", 0, 2))
    source, output = area.view("source").marks.lattice, area.view("s3").marks.lattice

    # Output 2i − 1, 2j + 1: row −1 does not exist.
    assert (source.rows, source.cols) == (range(1, 6), range(0, 10))
    assert (output.rows, output.cols) == (range(1, 10, 2), range(1, 20, 2))
    assert area.view("s2").marks.lattice is None
    assert say(context) == "Tap 0, 2 of 3 Transposed conv = 3: used 50 times, 10 cropped"


def test_a_tap_is_painted_in_the_colour_of_its_weight(area: PanelArea, context: Context) -> None:
    context.session.do("layer", edits.set_method("s3", from_text(LAYER)))
    context.probe.hover_tap(TapPoint("s3", 0, 2))
    rgb = tuple(weight_rgb(3.0, peak_weight(context.results.ready("s3").operator)).tolist())
    zoom(context, area, 2.5, 3.5, 20.0)

    assert colour_at(area.view("source"), 2.5, 3.5) == rgb
    assert colour_at(area.view("s3"), 3.5, 5.5) == rgb
    assert colour_at(area.view("s3"), 2.5, 5.5) != rgb


def test_many_small_pixels_of_a_tap_are_painted_too(area: PanelArea, context: Context) -> None:
    pooled(context, np.random.default_rng(2).random((300, 320)), "down:2", LAYER)
    context.probe.hover_tap(TapPoint("s1", 1, 1))
    zoom(context, area, 75.0, 80.0, 4.0)
    rgb = tuple(weight_rgb(5.0, peak_weight(context.results.ready("s1").operator)).tolist())

    assert colour_at(area.view("source"), 75.5, 80.5) == rgb
    assert colour_at(area.view("s1"), 150.5, 160.5) == rgb
    assert colour_at(area.view("s1"), 151.5, 161.5) != rgb


def grid_of(workbench: Workbench) -> KernelGrid:
    context = workbench.window.context
    context.session.do("layer", edits.set_method("s3", from_text(LAYER)))
    context.view.set(selected="s3")
    QApplication.processEvents()
    return next(one for one in workbench.window.findChildren(KernelGrid) if one.isVisible())


def point_at(grid: KernelGrid, row: int, col: int) -> None:
    place = QPointF(grid.cell_rect(row, col).center())
    none, off = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, place, grid.mapToGlobal(place), none, none, off)
    QApplication.sendEvent(grid, event)


def test_the_pointer_on_the_kernels_drawing_lights_its_pairs(workbench: Workbench) -> None:
    grid, window = grid_of(workbench), workbench.window
    point_at(grid, 0, 2)
    said, value = window.status.text, window.card.value
    QApplication.sendEvent(grid, QEvent(QEvent.Type.Leave))

    assert said == "Tap 0, 2 of 3 Transposed conv = 3: used 50 times, 10 cropped"
    assert value == 3
    assert window.context.probe.tap is None


def test_the_arrow_keys_walk_over_the_taps(workbench: Workbench) -> None:
    grid = grid_of(workbench)
    grid.setFocus()
    key(grid, Qt.Key.Key_Right)
    tap = workbench.window.context.probe.tap

    assert tap == TapPoint("s3", 0, 1)


def test_shift_k_changes_the_drawing(workbench: Workbench) -> None:
    window = workbench.window
    window.panel_area.view("s3").setFocus()
    window.action_set["scatter"].trigger()

    assert [one.toString() for one in window.action_set["scatter"].shortcuts()] == ["Shift+K"]
    assert window.context.view.value.scatter
    assert window.action_set["scatter"].isChecked()


def test_the_matrix_lights_the_row_in_gather_and_the_column_in_scatter(workbench: Workbench) -> None:
    context = workbench.window.context
    context.session.load(load_lesson("article-deconv"))
    context.view.set(docks=frozenset({"matrix"}), selected="s1")
    context.probe.show(ProbePoint("s1", 1, 2))
    QApplication.processEvents()
    matrix = workbench.window.matrix
    gather = matrix.lit()
    context.view.set(scatter=True)

    assert gather[0] == 6
    assert matrix.lit() == (None, gather[1])


# ---- differences -------------------------------------------------------------------------------------------------


def test_a_difference_pixel_shows_the_row_of_a_minus_b_on_the_source(area: PanelArea, context: Context) -> None:
    context.session.do("reference", edits.set_reference("s1"))
    context.view.set(layout="pairs")
    hover(area.view("d:s2"), (5, 8))
    marks = area.view("source").marks if "source" in area.names else None
    point = context.probe.hovered
    context.view.set(layout="row", show="images")
    context.probe.show(point)
    marks = marks or area.view("source").marks
    a, b = (context.results.ready(id).operator.row(5, 8).dense() for id in ("s2", "s1"))
    shown = np.zeros_like(a)
    shown[marks.plates.rows, marks.plates.cols] = marks.plates.weights

    assert point == ProbePoint("s2", 5, 8, against=True)
    np.testing.assert_allclose(shown, a - b, atol=1e-16)


def test_the_card_splits_a_difference_by_source_pixel(area: PanelArea, context: Context, qtbot: QtBot) -> None:
    card = ProvenanceCard(context)
    qtbot.addWidget(card)
    context.session.do("reference", edits.set_reference("s1"))
    context.view.set(show="differences")
    hover(area.view("d:s2"), (5, 8))
    values = context.results.prepared.values.astype(np.float64)
    outputs = [context.results.ready(id).operator.apply(values)[5, 8, 1] for id in ("s2", "s1")]

    assert card.strip.pair.split.sum() == pytest.approx(outputs[0] - outputs[1], rel=1e-12)
    assert say(context).startswith("Row of A − B: ")


def test_a_difference_to_the_original_takes_it_off_at_the_end(area: PanelArea, context: Context, qtbot: QtBot) -> None:
    card = ProvenanceCard(context)
    qtbot.addWidget(card)
    context.view.set(show="differences")
    hover(area.view("d:s2"), (5, 8))
    original = float(context.results.prepared.original[5, 8, 1])

    assert card.formula.minus == ("original", original)
    assert card.formula.answer == pytest.approx(card.value, rel=1e-12)
    leave(area.view("d:s2"))


def test_a_source_pixel_says_what_it_counts_and_covers(area: PanelArea, context: Context) -> None:
    context.view.set(selected="s2")
    hover(area.view("source"), (2, 7))

    assert say(context) == (
        "Column of A: 16 outputs of source (2, 7) in Bilinear · this pixel counts 4.00 · area 4 × 4"
    )


def test_two_pins_are_compared_and_esc_ends_it(workbench: Workbench) -> None:
    window, context = workbench.window, workbench.window.context
    for point in (ProbePoint("s2", 3, 4), ProbePoint("s2", 6, 11), ProbePoint("s1", 8, 2)):
        context.probe.show(point)
        window.action_set.refresh()
        window.action_set["pin"].trigger()
    context.view.set(pin=0)
    context.view.set(pin=1)
    window.action_set["compare_pins"].trigger()
    pair = window.card.strip.pair
    key(window, Qt.Key.Key_Escape)

    assert (pair.first.pixel, pair.second.pixel) == ((3, 4), (6, 11))
    assert window.card.strip.pair is None


def test_a_pin_that_goes_is_compared_no_more(workbench: Workbench) -> None:
    window, context = workbench.window, workbench.window.context
    assert window.action_set.reason("compare_pins") == "there are no two pins: P pins the probe"
    for point in (ProbePoint("s2", 3, 4), ProbePoint("s1", 8, 2)):
        context.probe.show(point)
        window.action_set.refresh()
        window.action_set["pin"].trigger()
    window.action_set["compare_pins"].trigger()
    compared = context.probe.pair
    context.session.undo()

    assert compared == (ProbePoint("s2", 3, 4), ProbePoint("s1", 8, 2))
    assert context.probe.pair is None
