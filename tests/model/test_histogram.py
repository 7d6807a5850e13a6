"""Histograms count what numpy counts, by phase and by region, and coincide where there is no checkerboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from workbench.kernels.arrays import Window
from workbench.kernels.cancel import CancelToken
from workbench.kernels.errors import Cancelled
from workbench.kernels.registry import from_text
from workbench.model.display import Range
from workbench.model.document import Comparison, Preparation, Region, Slot
from workbench.model.histogram import Histogram, bin_edges, survey_of
from workbench.model.jobs import InlineRunner
from workbench.model.panels import raster
from workbench.model.pipeline import Pipeline
from workbench.model.results import Results
from workbench.model.samples import array_source
from workbench.model.session import Session
from workbench.model.view_state import ViewState, ViewValue

UNIT = Range(0.0, 1.0)
TEXTS = ("bilinear:scale=2", "transposed_conv:kernel=gaussian,stride=2,padding=1", "nearest:scale=2")


@pytest.fixture
def model() -> Iterator[tuple[Comparison, Results]]:
    values = np.random.default_rng(8).integers(0, 256, (18, 26, 3), dtype=np.uint8)
    slots = tuple(Slot(f"s{k}", from_text(text)) for k, text in enumerate(TEXTS, 1))
    region = Region("g1", "corner", 0, 1.0, 2.0, 5.0, 8.0)
    comparison = Comparison(array_source(values, "noise"), Preparation(from_text("down:2")), slots, regions=(region,))
    results, runner = Results(), InlineRunner()
    pipeline = Pipeline(Session(comparison), ViewState(), results, runner)
    pipeline.start()
    yield comparison, results
    pipeline.close()


def counted(model, *panels: str, phases: bool = False, least: Range = UNIT, **view: object) -> Histogram:
    comparison, results = model
    survey = survey_of(comparison, ViewValue(**view), results, panels, phases=phases, least=least)
    return survey.run(CancelToken())


def values(model, panel: str) -> np.ndarray:
    pixels = raster(model[1], model[0], panel)
    return pixels.read(Window.of(pixels.shape))


@pytest.mark.parametrize("panel", ["source", "original", "s2", "d:s2"])
def test_counts_are_those_of_numpy(model, panel) -> None:
    found, all_values = counted(model, panel), values(model, panel)
    edges = bin_edges(Range(min(0.0, float(all_values.min())), max(1.0, float(all_values.max()))))
    expected = np.histogram(all_values, bins=256, range=(edges[0], edges[-1]))[0]

    np.testing.assert_array_equal(found.curves[0].counts, expected)
    assert found.curves[0].counts.sum() == found.curves[0].total == all_values.size


def test_every_phase_has_a_curve_of_its_own_values(model) -> None:
    found, all_values = counted(model, "s2", phases=True), values(model, "s2")

    assert [one.phase for one in found.curves] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    for one in found.curves:
        p, q = one.phase
        expected = np.histogram(all_values[p::2, q::2], bins=256, range=(found.edges[0], found.edges[-1]))[0]
        np.testing.assert_array_equal(one.counts, expected)


def test_phases_of_a_copy_coincide_and_those_of_a_checkerboard_do_not(model) -> None:
    copies = [one.counts for one in counted(model, "s3", phases=True).curves]
    board = [one.counts for one in counted(model, "s2", phases=True).curves]

    assert all(np.array_equal(copies[0], other) for other in copies[1:])
    assert not np.array_equal(board[0], board[3])


def test_eight_bit_levels_have_a_bin_each(model) -> None:
    found = counted(model, "original")
    levels = np.bincount(np.round(values(model, "original") * 255).astype(int).ravel(), minlength=256)

    np.testing.assert_array_equal(found.curves[0].counts, levels)


def test_a_region_counts_its_pixels_only_and_keeps_the_phases(model) -> None:
    found = counted(model, "s2", phases=True, region="g1")
    part = values(model, "s2")[2:10, 4:16]

    assert sum(one.total for one in found.curves) == part.size
    expected = np.histogram(part[1::2, 0::2], bins=256, range=(found.edges[0], found.edges[-1]))[0]
    np.testing.assert_array_equal(found.curves[2].counts, expected)


def test_the_channel_that_is_looked_at_is_counted(model) -> None:
    found = counted(model, "s1", channel_view="g")
    expected = np.histogram(values(model, "s1")[:, :, 1], bins=256, range=(found.edges[0], found.edges[-1]))[0]

    np.testing.assert_array_equal(found.curves[0].counts, expected)


def test_values_beyond_the_range_widen_the_bins(model) -> None:
    found = counted(model, "source", least=Range(0.4, 0.5))
    source = values(model, "source")

    assert (found.ends.lo, found.ends.hi) == (pytest.approx(source.min()), pytest.approx(source.max()))


def test_the_csv_holds_every_bin_and_curve(model) -> None:
    found = counted(model, "s1", "s2")
    lines = found.csv().splitlines()

    assert lines[0] == 'value,"1 Bilinear","2 Transposed conv"'
    assert len(lines) == 257
    assert lines[100].split(",")[1:] == [str(one.counts[99]) for one in found.curves]
    assert float(lines[100].split(",")[0]) == found.centres[99]


def test_equal_inputs_are_not_counted_again(model) -> None:
    comparison, results = model
    view = ViewValue()
    one, other, third = (
        survey_of(comparison, looked, results, ("s1",), phases=True, least=UNIT)
        for looked in (view, replace(view, image_map="viridis"), replace(view, channel_view="r"))
    )

    assert one.same(other)
    assert not one.same(third)


def test_counting_can_be_cancelled(model) -> None:
    token = CancelToken()
    token.cancel()
    survey = survey_of(*model[:1], ViewValue(), model[1], ("s1",), phases=True, least=UNIT)

    with pytest.raises(Cancelled):
        survey.run(token)
