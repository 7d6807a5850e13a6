"""The measures that a table asks for: of the whole and of a part, with a word where one is missing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.model.desk import comparison, desk, picture
from workbench.kernels.metrics import METRICS, measure
from workbench.kernels.perceptual import gmsd, ms_ssim
from workbench.model import edits
from workbench.model.measuring import IS_REFERENCE, KAPPA, NO_REFERENCE, ON_REQUEST, VCI
from workbench.model.metrics_table import MORE, rows_of, settings_text, table_text
from workbench.model.picture_measures import GMSD, GRID, MS_SSIM, NO_PIXELS, PERIOD, PHASE_BIAS, measured, task_of
from workbench.model.rasters import OutputRaster


@pytest.fixture(scope="module")
def made():
    made = desk(comparison("bilinear:scale=2", "nearest:scale=2", blocks=2, values=picture(184, 200)))
    yield made
    made.pipeline.close()


def numbers(made, name, rect=None):
    return measured(task_of(made.results, made.session.value, name, rect))


def test_the_whole_picture_gets_only_what_the_pipeline_leaves_out(made) -> None:
    a, r = made.ready("s1").whole, made.results.prepared.original
    found = numbers(made, "s1")

    assert set(found) <= {MS_SSIM, GMSD, PHASE_BIAS, GRID, VCI, "flip"}
    assert found[MS_SSIM] == pytest.approx(ms_ssim(a, r))
    assert found[GMSD] == pytest.approx(gmsd(a, r))


def test_the_bias_by_phase_is_the_spread_of_the_means_of_all_phases(made) -> None:
    error = made.ready("s1").whole - made.results.prepared.original
    means = [error[p::2, q::2].mean() for p in range(2) for q in range(2)]

    assert numbers(made, "s1")[PHASE_BIAS] == pytest.approx(max(means) - min(means), rel=1e-9)


@pytest.mark.parametrize(("strength", "said"), [(0.0, "none"), (0.03, "possible"), (0.4, 0.8)])
def test_a_grid_is_told_by_its_strength_and_one_that_may_be_chance_is_called_possible(strength, said) -> None:
    rows, cols = np.indices((64, 98))
    values = picture(64, 98, 1) + strength * (-1.0) ** (rows + cols)
    made = desk(comparison("nearest:scale=1", blocks=None, values=values))
    found = numbers(made, "s1")

    assert found[GRID] == (pytest.approx(said, rel=0.05) if isinstance(said, float) else said)
    assert found.get(PERIOD) == (None if said == "none" else 2.0)
    made.pipeline.close()


def test_a_region_is_measured_in_every_number_and_on_its_own_pixels_only(made) -> None:
    rect = (3.0, 5.0, 40.0, 61.0)
    a = made.ready("s2").whole[6:80, 10:122]
    r = made.results.prepared.original[6:80, 10:122]
    found = numbers(made, "s2", rect)

    assert {metric.id: found[metric.id] for metric in METRICS} == measure(a, r)
    assert found[MS_SSIM] == "side < 176 px"
    assert isinstance(found[KAPPA], float)


def test_a_region_beside_the_picture_has_no_pixels(made) -> None:
    assert set(numbers(made, "s1", (-9.0, -9.0, -2.0, -2.0)).values()) == {NO_PIXELS}


def test_equal_keys_stand_for_equal_numbers(made) -> None:
    one, again, other = (task_of(made.results, made.session.value, name, None) for name in ("s1", "s1", "s2"))

    assert one.key == again.key != other.key
    assert hash(one.key) == hash(again.key)


def test_the_reference_and_its_twin_do_not_share_their_numbers_where_outputs_are_not_in_memory(monkeypatch) -> None:
    monkeypatch.setattr(OutputRaster, "is_view", False)
    made = desk(comparison("nearest:scale=2", "nearest:scale=2", blocks=None, values=picture(20, 30)))
    made.session.do("Reference", edits.set_reference("s1"))
    reference, twin = (task_of(made.results, made.session.value, name, (2.0, 3.0, 9.0, 17.0)) for name in ("s1", "s2"))

    assert reference.key != twin.key
    made.pipeline.close()


def test_the_reference_and_a_comparison_without_one_say_so() -> None:
    made = desk(comparison("bilinear:scale=2", "nearest:scale=2", blocks=None, values=picture(20, 30)))
    assert numbers(made, "s1")[GMSD] == NO_REFERENCE

    made.session.do("Reference", edits.set_reference("s2"))
    assert numbers(made, "s2")[GMSD] == IS_REFERENCE
    assert isinstance(numbers(made, "s1")[GMSD], float)
    made.pipeline.close()


def test_a_huge_part_of_an_output_that_is_not_in_memory_waits_to_be_asked_for(made, monkeypatch) -> None:
    monkeypatch.setattr("workbench.model.picture_measures.LARGEST_READ", 1000)
    task = task_of(made.results, made.session.value, "s1", (0.0, 0.0, 50.0, 50.0))
    task.a.whole = None

    assert measured(task)[MS_SSIM] == ON_REQUEST


def test_a_table_of_a_region_shows_no_number_of_the_whole(made) -> None:
    value, results = made.session.value, made.results
    part = {slot.id: {"psnr": 12.0, MS_SSIM: "side < 176 px"} for slot in value.slots}
    rows = rows_of(value, results, part, True)

    assert [row.text("psnr") for row in rows] == ["12.00 dB", "12.00 dB"]
    assert rows[0].text("ssim") == ""
    assert rows[0].text(MS_SSIM) == "side < 176 px"
    assert "Eye" in settings_text(value, results, "Eye")


def test_measures_that_are_under_way_say_so(made) -> None:
    row = rows_of(made.session.value, made.results, {})[0]

    assert {row.text(id) for id in MORE} == {"measuring"}
    assert row.text("psnr").endswith("dB")


def test_the_table_can_stand_in_a_paper(made) -> None:
    value = made.session.value
    row = replace(rows_of(value, made.results)[0], title="50 % A_1", values={"psnr": 28.514, "bias": -0.00388})
    text = table_text([row], "latex")

    assert text.startswith("\\begin{tabular}{l")
    assert r"1 50 \% A\_1 & 28.51 dB &" in text
    assert "$-0.00388$" in text
    assert text.count(r"\\") == 2
    assert np.all([line.count("&") == text.splitlines()[2].count("&") for line in (text.splitlines()[4],)])
