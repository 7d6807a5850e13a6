"""Profiles: every point is a pixel's own value at that pixel's place, and nothing stands between."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import replace

import numpy as np
import pytest

from tests.model.desk import desk
from workbench.kernels.edges import edge_of, edge_of_method
from workbench.kernels.placement import Placement
from workbench.kernels.registry import from_text
from workbench.model.document import SOURCE, Comparison, Line, Preparation, Slot
from workbench.model.profile import (
    axis_of,
    curve_along,
    ideal_along,
    pixels_along,
    profile_csv,
    profile_of,
    subjects_of,
)
from workbench.model.rasters import ArrayRaster, OutputRaster
from workbench.model.samples import array_source, chart_source

PICTURE = np.random.default_rng(2).random((14, 22, 3))
HALF = Placement((0.5, 0.5))


def raster_at(placement: Placement) -> ArrayRaster:
    return ArrayRaster(PICTURE, placement)


def test_a_line_across_reads_one_row_at_the_centres_of_its_pixels() -> None:
    curve = curve_along(raster_at(HALF), Line("l1", 3.1, 2.0, 3.1, 6.0))

    assert np.array_equal(curve.values, PICTURE[6, 4:12])
    assert curve.distance.tolist() == [0.25 + 0.5 * k for k in range(8)]


def test_a_line_down_reads_one_column() -> None:
    curve = curve_along(raster_at(Placement()), Line("l1", 2.0, 5.5, 9.0, 5.5))

    assert np.array_equal(curve.values, PICTURE[2:9, 5])
    assert curve.distance.tolist() == [0.5 + k for k in range(7)]


def test_a_line_drawn_backwards_gives_the_same_points_the_other_way_round() -> None:
    there = curve_along(raster_at(HALF), Line("l1", 1.2, 2.3, 5.1, 9.7))
    back = curve_along(raster_at(HALF), Line("l1", 5.1, 9.7, 1.2, 2.3))

    assert sorted(zip(there.rows, there.cols, strict=True)) == sorted(zip(back.rows, back.cols, strict=True))
    assert np.array_equal(np.sort(there.values[:, 0]), np.sort(back.values[:, 0]))


def test_an_oblique_line_reads_each_pixel_it_crosses_once_with_its_own_value() -> None:
    line = Line("l1", 1.2, 2.3, 6.9, 10.4)
    rows, cols, distance = pixels_along(line, Placement(), PICTURE.shape[:2])
    fine = np.linspace(0, 1, 20001)
    wanted = set(
        zip(*(np.floor(a + fine * (b - a)).astype(int).tolist() for a, b in ((1.2, 6.9), (2.3, 10.4))), strict=True)
    )

    assert set(zip(rows.tolist(), cols.tolist(), strict=True)) == wanted
    assert len(rows) == len(wanted)
    assert (np.diff(distance) >= 0).all()


def test_what_lies_beside_the_picture_is_left_out() -> None:
    curve = curve_along(raster_at(Placement()), Line("l1", 3.5, -4.0, 3.5, 3.0))

    assert curve.cols.tolist() == [0, 1, 2]
    assert curve.distance.tolist() == [4.5, 5.5, 6.5]


def test_a_line_that_misses_the_picture_has_no_point() -> None:
    assert curve_along(raster_at(Placement()), Line("l1", -3.0, 1.0, -2.0, 5.0)).values.shape == (0, 3)


def test_a_width_averages_across_an_upright_line_exactly() -> None:
    curve = curve_along(raster_at(HALF), Line("l1", 3.25, 2.0, 3.25, 6.0, 1.5))

    assert curve.values == pytest.approx(PICTURE[5:8, 4:12].mean(axis=0), rel=1e-14)
    assert curve.distance.tolist() == pytest.approx([0.25 + 0.5 * k for k in range(8)])
    assert set(curve.rows.tolist()) == {6}


def test_a_whole_width_holds_both_phases_equally_often_where_pixels_stand_on_its_edges() -> None:
    phases = np.broadcast_to(np.arange(14)[:, None] % 2, (14, 22)).astype(np.float64)
    curve = curve_along(ArrayRaster(phases, HALF), Line("l1", 3.25, 2.0, 3.25, 6.0, 1.0))

    assert curve.values[:, 0] == pytest.approx([0.5] * 8, abs=1e-15)


def test_a_width_along_an_oblique_line_counts_every_pixel_of_the_band_once() -> None:
    line = Line("l1", 2.0, 3.0, 9.0, 15.0, 4.0)
    rows, _, _ = pixels_along(line, Placement(), PICTURE.shape[:2])
    counted = curve_along(ArrayRaster(np.ones((14, 22)), Placement()), line)

    assert counted.values == pytest.approx(1.0)
    assert len(counted.values) < len(rows)


def test_points_know_their_phase() -> None:
    curve = curve_along(raster_at(HALF), Line("l1", 1.6, 2.0, 1.6, 4.0), period=(2, 3))

    assert curve.phases().tolist() == [3 + c % 3 for c in (4, 5, 6, 7)]


def test_an_output_that_is_not_in_memory_gives_the_same_values() -> None:
    made = desk(Comparison(array_source(PICTURE), slots=(Slot("s1", from_text("bicubic:scale=3")),)))
    ready = made.ready("s1")
    line = Line("l1", 1.2, 0.3, 12.9, 21.4)
    held, lazy = (curve_along(OutputRaster(one), line) for one in (ready, replace(ready, whole=None)))

    assert np.array_equal(held.rows, lazy.rows)
    assert held.values == pytest.approx(lazy.values, rel=1e-13)
    made.pipeline.close()


def test_source_and_slots_stand_in_one_profile_each_on_its_own_grid() -> None:
    slots = (Slot("s1", from_text("nearest:scale=2")), Slot("s2", from_text("bilinear:scale=3"), hidden=True))
    made = desk(Comparison(array_source(PICTURE), slots=slots))
    subjects = subjects_of(made.results, made.session.value, "nominal")
    profile = profile_of(subjects, made.results.prepared, Line("l1", 4.5, 1.0, 4.5, 5.0))

    assert [curve.name for curve in profile.curves] == [SOURCE, "s1"]
    assert np.array_equal(profile.curve("s1").values, PICTURE[4, 1:5].repeat(2, axis=0))
    assert profile.curve("s1").distance.tolist() == [0.25 + 0.5 * k for k in range(8)]
    made.pipeline.close()


@pytest.mark.parametrize("text", ["bicubic:scale=2,a=-0.5", "lanczos:scale=2", "bilinear:scale=4"])
def test_the_step_chart_measured_on_a_line_agrees_with_theory(text: str) -> None:
    made = desk(Comparison(chart_source("step", (24, 40)), slots=(Slot("s1", from_text(text)),)))
    ready = made.ready("s1")
    curve = curve_along(OutputRaster(ready), Line("l1", 11.5, 8.0, 11.5, 32.0))
    edge, theory = edge_of(curve.distance, curve.values[:, 0], 0.0, 1.0), edge_of_method(ready.slot.method, 1)

    assert edge.rise / ready.operator.placement.step[1] == pytest.approx(theory.rise, rel=1e-12)
    assert edge.over == pytest.approx(theory.over, abs=1e-14)
    made.pipeline.close()


def test_the_ideal_of_a_chart_is_followed_through_its_preparation() -> None:
    made = desk(Comparison(chart_source("step", (24, 40)), Preparation(from_text("down:2"))))
    distance, value = ideal_along(made.results.prepared, Line("l1", 5.0, 6.0, 5.0, 16.0))

    # The edge stands at column 20 of the chart: column 10 of what was made of it, 4 from the line's beginning.
    assert distance[np.flatnonzero(value == 1)[0]] == pytest.approx(4.0, abs=0.01)
    made.pipeline.close()


def test_a_photograph_has_no_ideal() -> None:
    made = desk(Comparison(array_source(PICTURE)))

    assert ideal_along(made.results.prepared, Line("l1", 1.0, 1.0, 1.0, 5.0)) is None
    made.pipeline.close()


def test_the_copied_table_holds_every_digit() -> None:
    made = desk(Comparison(array_source(PICTURE), slots=(Slot("s1", from_text("nearest:scale=2")),)))
    profile = profile_of(
        subjects_of(made.results, made.session.value, "nominal"), made.results.prepared, Line("l1", 4.5, 1.0, 4.5, 3.0)
    )
    rows = list(csv.reader(io.StringIO(profile_csv(profile, {"s1": "1 Nearest"}, ("R", "G", "B")))))

    assert rows[0] == ["picture", "distance", "row", "column", "phase", "R", "G", "B"]
    assert rows[4] == ["1 Nearest", "0.75", "9", "3", "3", *(repr(float(value)) for value in PICTURE[4, 1])]
    made.pipeline.close()


def test_only_upright_lines_have_an_axis() -> None:
    assert [axis_of(Line("l", *ends)) for ends in ((1, 2, 5, 2), (1, 2, 1, 9), (1, 2, 3, 4))] == [0, 1, None]
    assert math.isclose(curve_along(raster_at(Placement()), Line("l1", 0.5, 0.5, 3.5, 4.5)).distance[-1], 5.0)
