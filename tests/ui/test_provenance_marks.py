"""What provenance draws on the pixels: every mark of what is not there, scatter and gather."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests.ui.gestures import hover, leave
from tests.ui.provenance_scene import LAYER, area, colour_at, pooled, say, zoom
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.display import weight_rgb
from workbench.model.lessons import load_lesson
from workbench.model.peak import peak_weight
from workbench.model.probe import ProbePoint
from workbench.ui.app import Workbench
from workbench.ui.context import Context
from workbench.ui.overlay import marks_rect
from workbench.ui.panels.panel_area import PanelArea
from workbench.ui.panels.provenance_card import ProvenanceCard

__all__ = ["area"]


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
    leave(area.view("s2"))
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
