"""What a figure computes: the window's numbers, nothing resampled, nothing computed twice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.figures.conftest import checkerboard, comparison_of
from workbench.figures.gather import computed, figure_columns, gather, usual_spec
from workbench.figures.layout import FigureSpec
from workbench.figures.render import NOTHING, cell_pixels
from workbench.kernels.arrays import Window
from workbench.kernels.differences import Difference
from workbench.kernels.errors import ParameterError
from workbench.kernels.metrics import measure
from workbench.model.document import Comparison


def test_a_picture_is_the_operator_s_own_window(colours: Comparison, region: Window) -> None:
    gathered = gather(colours, FigureSpec(("s2",), ("inset",), region=region))
    values = gathered.prepared.values
    expected = colours.slots[1].method.operator(gathered.prepared.spec).apply(values)[4:12, 10:22]
    assert np.array_equal(gathered.pictures["s2", "inset"], expected)


def test_a_difference_is_slot_minus_original_averaged_over_channels(colours: Comparison) -> None:
    gathered = gather(colours, FigureSpec(("original", "s2"), ("image", "difference")))
    expected = (gathered.pictures["s2", "image"] - gathered.pictures["original", "image"]).mean(axis=2)
    assert gathered.pictures["s2", "difference"] == pytest.approx(expected, abs=1e-15)


def test_measures_are_those_of_the_kernels(colours: Comparison) -> None:
    gathered = gather(colours, FigureSpec(("original", "s1")))
    expected = measure(gathered.pictures["s1", "image"], gathered.pictures["original", "image"])
    assert gathered.columns[1].metrics is not None
    assert gathered.columns[1].metrics["psnr"] == expected["psnr"]


def test_a_slot_on_another_grid_has_no_difference_and_says_so(colours: Comparison) -> None:
    gathered = gather(colours, FigureSpec(("original", "s1", "s3"), ("image", "difference")))
    assert ("s3", "difference") not in gathered.pictures
    assert gathered.columns[2].metrics is not None
    assert gathered.columns[2].metrics["psnr"] == "other grid"


def test_without_a_reference_nothing_is_measured() -> None:
    gathered = gather(comparison_of(checkerboard(5, 8), "nearest", "bilinear"), FigureSpec(("source", "s1", "s2")))
    assert [column.metrics for column in gathered.columns] == [None, None, None]


def test_another_slot_can_be_the_reference() -> None:
    comparison = replace(comparison_of(checkerboard(5, 8), "nearest", "bilinear"), reference="s1")
    gathered = gather(comparison, FigureSpec(("s1", "s2"), ("image", "difference")))
    assert [key for key in gathered.pictures if key[1] == "difference"] == [("s2", "difference")]


def test_results_of_a_window_are_used_and_not_computed_again(colours: Comparison) -> None:
    known = computed(colours, ("s1",))
    again = computed(colours, ("s1", "s2"), known=known)
    assert again.prepared is known.prepared
    assert again.ready("s1") is known.ready("s1")


def test_results_of_another_picture_are_not_used(colours: Comparison) -> None:
    other = comparison_of(checkerboard(24, 36), "nearest:scale=2", prepare="down:2")
    assert computed(colours, ("s1",), known=computed(other, ("s1",))).prepared is not computed(other).prepared


def test_values_that_cannot_be_compared_are_grey() -> None:
    values = checkerboard(6, 8)
    values[1, 2] = np.nan
    comparison = replace(comparison_of(values, "nearest:scale=1", "nearest:scale=1"), reference="s1")
    gathered = gather(comparison, FigureSpec(("s1", "s2"), ("image", "difference"), metrics_line=False))
    cell = next(cell for cell in gathered.layout.cells if cell.row == "difference")
    down, across = cell.repeat
    assert tuple(cell_pixels(gathered, cell)[down, 2 * across]) == NOTHING


def test_a_region_beyond_the_source_is_refused_with_the_size(colours: Comparison) -> None:
    with pytest.raises(ParameterError, match=r"region: must lie inside the source of 12×18 pixels, not rows 10 … 12"):
        gather(colours, FigureSpec(("s1",), ("inset",), region=Window(10, 0, 13, 4)))


def test_an_original_where_nothing_was_made_smaller_is_refused() -> None:
    with pytest.raises(ParameterError, match="not original: nothing was made smaller"):
        gather(comparison_of(checkerboard(5, 8), "nearest"), FigureSpec(("original", "s1")))


def test_a_difference_without_a_reference_is_refused_with_the_reason() -> None:
    comparison = comparison_of(checkerboard(5, 8), "nearest")
    with pytest.raises(ParameterError, match="difference: cannot be shown: the picture was not made smaller"):
        gather(comparison, FigureSpec(("s1",), ("image", "difference")))


def test_the_usual_figure_starts_from_the_original_and_shows_differences(colours: Comparison) -> None:
    spec = usual_spec(colours)
    assert spec.columns == figure_columns(colours) == ("original", "s1", "s2", "s3")
    assert spec.rows == ("image", "difference")


def test_the_usual_range_of_a_difference_that_has_no_sign_starts_at_zero(colours: Comparison) -> None:
    assert usual_spec(colours, Difference.ABSOLUTE).difference_range.lo == 0
