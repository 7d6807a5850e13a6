"""Regions: whose pixels lie in them, how they snap to whole phase cells, and what their numbers are."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from tests.model.desk import desk
from workbench.kernels.arrays import Window
from workbench.kernels.placement import Placement
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.document import SOURCE, Comparison, Region, Slot
from workbench.model.panels import Geometry, geometry
from workbench.model.rasters import ArrayRaster, OutputRaster
from workbench.model.regions import COLOUR_NAMES, COLOURS, Cell, period_of, phase_cell, pixels_in
from workbench.model.samples import array_source
from workbench.model.statistics import NO_PIXELS, PERCENTILES, statistics_of

QUARTER = Geometry((40, 60), Placement((0.25, 0.25), (0.0, 0.0)), 1)


@pytest.fixture
def made():
    picture = np.random.default_rng(6).random((14, 22))
    texts = ("bilinear:scale=3", "transposed_conv:kernel=ones,kernel_size=3,stride=2,padding=1,output_padding=1")
    slots = tuple(Slot(f"s{k}", from_text(text)) for k, text in enumerate(texts, 1))
    made = desk(Comparison(array_source(picture, "noise"), slots=slots))
    yield made
    made.pipeline.close()


def test_there_is_a_name_for_each_colour_and_edits_know_their_number() -> None:
    assert len(set(COLOURS)) == len(COLOUR_NAMES) == edits.REGION_COLOURS == 8


def test_a_region_holds_the_pixels_whose_centres_lie_in_it() -> None:
    region = Region("g1", "a", 0, 1.13, 2.12, 2.0, 3.13)

    assert pixels_in(region, QUARTER) == Window(5, 8, 8, 13)


def test_a_centre_on_the_upper_edge_is_in_and_one_on_the_lower_edge_is_out() -> None:
    assert pixels_in((1.125, 0.0, 1.375, 1.0), QUARTER) == Window(4, 0, 5, 4)


def test_regions_side_by_side_share_no_pixel_and_leave_none_out() -> None:
    cuts = [0.0, 0.7, 1.875, 3.3, 10.0]
    windows = [pixels_in((a, 0.0, b, 15.0), QUARTER) for a, b in itertools.pairwise(cuts)]

    assert [one.top for one in windows] + [40] == [0] + [one.bottom for one in windows]


def test_a_region_beside_the_picture_holds_no_pixel() -> None:
    assert pixels_in((-5.0, 3.0, -1.0, 4.0), QUARTER).is_empty


def test_the_same_region_means_the_same_part_on_every_grid(made) -> None:
    rect = (2.0, 3.0, 6.0, 9.0)
    windows = [pixels_in(rect, geometry(made.results, made.session.value, name)) for name in (SOURCE, "s1", "s2")]

    assert windows == [Window(2, 3, 6, 9), Window(6, 9, 18, 27), Window(4, 6, 12, 18)]


def test_the_cell_of_all_panels_is_the_common_multiple_of_their_periods() -> None:
    slots = tuple(Slot(f"s{k}", from_text(f"bilinear:{text}")) for k, text in enumerate(("scale=1.5", "size=32x48"), 1))
    made = desk(Comparison(array_source(np.zeros((24, 36)), "flat"), slots=slots))
    found = geometry(made.results, made.session.value, "s1")

    assert phase_cell(made.results, made.session.value, "s1", found.placement).step == (6.0, 6.0)
    made.pipeline.close()


def test_a_rectangle_snaps_outwards_to_whole_cells() -> None:
    assert Cell((6.0, 3.0), (1.0, 0.0)).around((2.0, 2.5, 13.0, 9.0)) == (1.0, 0.0, 13.0, 9.0)


def test_a_place_snaps_to_the_nearest_corner() -> None:
    assert Cell((6.0, 3.0)).nearest(8.9, 4.6) == (6.0, 6.0)


def test_statistics_are_those_of_numpy(made) -> None:
    ready = made.results.ready("s1")
    window = Window(5, 7, 20, 41)
    part = ready.whole[5:20, 7:41]
    found = statistics_of(OutputRaster(ready), window, (0.1, 0.6), period_of(made.results, "s1"))
    one = found.channels[0]

    assert (one.count, one.unfinite, one.low, one.high) == (part.size, 0, part.min(), part.max())
    assert (one.mean, one.std) == pytest.approx((part.mean(), part.std()), rel=1e-13)
    assert one.percentiles == tuple(np.percentile(part, PERCENTILES))
    assert one.outside == ((part < 0.1) | (part > 0.6)).mean()


def test_phases_count_from_the_pictures_corner_not_from_the_regions(made) -> None:
    ready = made.results.ready("s2")
    period = period_of(made.results, "s2")
    found = statistics_of(OutputRaster(ready), Window(3, 5, 9, 15), period=period)

    assert period == (2, 2)
    assert found.channels[0].phases.mean[0, 1] == pytest.approx(ready.whole[4:9:2, 5:15:2].mean(), rel=1e-14)


def test_a_partial_cell_is_said_and_biases_the_mean() -> None:
    grid = np.tile([[1.0, 2.0], [2.0, 4.0]], (6, 9))
    raster = ArrayRaster(grid, Placement())
    whole = statistics_of(raster, Window(1, 1, 5, 7), period=(2, 2))
    partial = statistics_of(raster, Window(0, 0, 3, 3), period=(2, 2))

    assert (whole.whole_cells, whole.channels[0].mean) == (True, 2.25)
    assert (partial.whole_cells, partial.channels[0].mean) == (False, pytest.approx(16 / 9))
    assert partial.channels[0].phases.mean.tolist() == whole.channels[0].phases.mean.tolist()


def test_each_channel_has_numbers_of_its_own_and_unfinite_values_are_counted_apart() -> None:
    picture = np.stack((np.arange(12.0).reshape(3, 4), np.full((3, 4), -0.5)), axis=2)
    picture[1, 2, 0] = np.nan
    first, second = statistics_of(ArrayRaster(picture, Placement()), Window(0, 0, 3, 4), (0.0, 10.5)).channels

    assert (first.count, first.unfinite, first.high, first.outside) == (11, 1, 11.0, 1 / 11)
    assert (second.mean, second.std, second.outside) == (-0.5, 0.0, 1.0)


def test_a_region_without_pixels_says_so() -> None:
    assert statistics_of(ArrayRaster(np.zeros((3, 4)), Placement()), Window(5, 0, 7, 2)) == NO_PIXELS


def test_an_output_that_is_not_in_memory_is_not_computed_for_a_huge_region(made, monkeypatch) -> None:
    monkeypatch.setattr("workbench.model.statistics.LARGEST_READ", 100)
    lazy = OutputRaster(replace(made.results.ready("s1"), whole=None))

    assert "choose a smaller region" in statistics_of(lazy, Window(0, 0, 20, 30))
