"""Figures show differences and tones as the window does, and say so; their recipes bring them back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from workbench.figures.caption import caption
from workbench.figures.export import command_line, spec_data, spec_from_data
from workbench.figures.gather import difference_map, figure_columns, gather
from workbench.figures.layout import FigureSpec
from workbench.figures.render import cell_pixels
from workbench.kernels.differences import Difference
from workbench.kernels.errors import ParameterError
from workbench.model.channels import picked
from workbench.model.colormaps import load
from workbench.model.display import Range, Tone, to_display
from workbench.model.document import Comparison

TONE = Tone(1.5, 0.05, 1.4)


@pytest.fixture
def spec(colours: Comparison) -> FigureSpec:
    return FigureSpec(
        figure_columns(colours),
        ("image", "difference"),
        dpi=150,
        difference=Difference.EXPRESSION,
        expression="abs(a - r) * 8",
        difference_range=Range(0.0, 0.5),
        image_tone=TONE,
        difference_tone=Tone(gamma=0.7),
    )


def test_pictures_of_a_figure_have_the_tone_of_the_window(colours: Comparison, spec: FigureSpec) -> None:
    gathered = gather(colours, spec)
    cell = next(one for one in gathered.layout.cells if one.row == "image" and one.reduction == 1)
    values = gathered.pictures[cell.panel, "image"]
    shown = cell_pixels(gathered, cell)[:: cell.repeat[0], :: cell.repeat[1]]

    np.testing.assert_array_equal(shown, to_display(values, spec.image_range, load("gray"), tone=TONE))


def test_a_formula_is_drawn_in_a_sequential_map_and_stands_in_the_caption(
    colours: Comparison, spec: FigureSpec
) -> None:
    gathered = gather(colours, spec)
    text = caption(gathered)

    assert difference_map(spec) == "viridis"
    assert "Differences abs(a - r) * 8" in text
    assert "γ 0.7" in text
    assert "gain 1.5 · offset +5 % · γ 1.4" in text


def test_the_recipe_and_the_command_keep_formula_and_tones(colours: Comparison, spec: FigureSpec) -> None:
    assert spec_from_data(spec_data(spec)) == spec
    assert "--expression 'abs(a - r) * 8'" in command_line(colours, spec, "f.png")


def test_a_difference_that_cannot_be_taken_is_refused_with_its_reason(colours: Comparison, spec: FigureSpec) -> None:
    with pytest.raises(ParameterError, match="cannot be shown: the expression knows no q"):
        gather(colours, replace(spec, expression="q"))


def test_a_figure_shows_and_compares_the_channel_of_the_window_and_says_so(colours: Comparison) -> None:
    spec = FigureSpec(figure_columns(colours), ("image", "difference"), dpi=150, channel="luminance")
    gathered = gather(colours, spec)
    cell = next(one for one in gathered.layout.cells if one.row == "image" and one.reduction == 1)
    picture = gathered.pictures[cell.panel, "image"]
    expected = to_display(picked(picture, "luminance"), spec.image_range, load("gray"))

    assert np.array_equal(cell_pixels(gathered, cell)[:: cell.repeat[0], :: cell.repeat[1]], expected)
    assert spec.comparing.channel == "luminance"
    assert caption(gathered).count("luminance") == 2
    assert spec_from_data(spec_data(spec)) == spec
