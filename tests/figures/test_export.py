"""What is written beside a figure: a recipe that makes it again, a caption that tells all, numbers in full."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from workbench.figures.caption import caption, latex_caption, recipe_digest
from workbench.figures.export import command_line, export_figure, file_stem, spec_data, spec_from_data
from workbench.figures.gather import Gathered, figure_columns, gather
from workbench.figures.layout import FigureSpec
from workbench.figures.tables import TableRow, csv_text, json_text, latex_text, markdown_text, table_rows
from workbench.figures.words import metrics_text, tick_texts
from workbench.kernels.arrays import Window
from workbench.kernels.errors import ImageSaveError, ParameterError
from workbench.model.display import Range
from workbench.model.document import Comparison
from workbench.model.files import load_session

ROWS = (
    TableRow("A | B", "nearest", (4, 6), {"psnr": 28.123456789012345, "ssim": "side < 11 px", "mse": 0.5}),
    TableRow("C_1", "bilinear", (4, 6), {"psnr": math.inf, "ssim": "side < 11 px", "mse": 0.0}),
)


@pytest.fixture
def full(colours: Comparison, region: Window) -> Gathered:
    spec = FigureSpec(figure_columns(colours), ("image", "inset", "difference"), region=region, dpi=72, width_mm=90)
    return gather(colours, spec)


def test_a_figure_comes_with_recipe_caption_and_numbers(full: Gathered, tmp_path: Path) -> None:
    written = export_figure(tmp_path / "out.svg", full)
    assert [path.name for path in written] == ["out.svg", "out.upsampling.json", "out.txt", "out.csv"]
    assert all(path.stat().st_size for path in written)


def test_the_recipe_opens_as_a_session_with_the_same_methods(full: Gathered, tmp_path: Path) -> None:
    export_figure(tmp_path / "out.svg", full)
    assert load_session(tmp_path / "out.upsampling.json").slots == full.comparison.slots


def test_the_figure_s_own_choices_survive_json(full: Gathered) -> None:
    spec = replace(full.spec, title="α", difference_range=Range(-0.1, 0.1), channel=1)
    assert spec_from_data(json.loads(json.dumps(spec_data(spec)))) == spec


def test_damaged_choices_are_one_sentence() -> None:
    with pytest.raises(ParameterError, match="figure: is damaged"):
        spec_from_data({"columns": ["s1"], "region": [1, 2]})


def test_a_suffix_that_is_no_figure_is_refused(full: Gathered, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"must end in \.png, \.pdf, \.svg, not out\.gif"):
        export_figure(tmp_path / "out.gif", full)


def test_a_folder_that_is_not_there_is_one_sentence(full: Gathered, tmp_path: Path) -> None:
    with pytest.raises(ImageSaveError, match=r"out\.svg: could not be written"):
        export_figure(tmp_path / "none" / "out.svg", full)


def test_the_caption_names_methods_region_range_and_versions(full: Gathered) -> None:
    text = caption(full)
    for words in ("nearest", "rows 2–5, columns 5–10", "range ±0.2", "NumPy", recipe_digest(full)):
        assert words in text


def test_the_digest_of_a_recipe_changes_with_a_parameter(full: Gathered) -> None:
    method = replace(full.comparison.slots[0].method, scale=(3, 3))  # type: ignore[call-arg]
    slots = (replace(full.comparison.slots[0], method=method), *full.comparison.slots[1:])
    changed = replace(full, comparison=replace(full.comparison, slots=slots))
    assert recipe_digest(changed) != recipe_digest(full)


def test_a_latex_caption_holds_no_sign_that_latex_takes_for_its_own(full: Gathered) -> None:
    text = latex_caption(full)
    assert "transposed\\_conv" in text
    assert "−" not in text


def test_the_command_names_picture_methods_and_region(full: Gathered) -> None:
    text = command_line(full.comparison, full.spec, "out.pdf")
    assert "--method nearest" in text
    assert "--region 2,5,4,6" in text
    assert text.endswith("-o out.pdf")


def test_csv_carries_every_digit_and_the_reason_of_a_missing_number() -> None:
    first = next(csv.DictReader(io.StringIO(csv_text(ROWS))))
    assert float(first["psnr"]) == 28.123456789012345
    assert first["ssim"] == "side < 11 px"


def test_json_holds_infinity_as_a_word() -> None:
    assert json.loads(json_text(ROWS))[1]["psnr"] == "inf"


def test_markdown_keeps_a_bar_in_a_name_out_of_the_columns() -> None:
    lines = markdown_text(ROWS).splitlines()
    assert len({line.replace(r"\|", "").count("|") for line in lines}) == 1


def test_markdown_sets_the_best_in_bold() -> None:
    assert "**∞**" in markdown_text(ROWS).splitlines()[-1]


def test_latex_escapes_names() -> None:
    assert r"C\_1 & " in latex_text(ROWS)


def test_the_table_of_a_figure_has_one_row_for_each_measured_column(full: Gathered) -> None:
    assert [row.name for row in table_rows(full)] == ["Nearest", "Bilinear", "Transposed conv"]


def test_a_missing_measure_says_why_on_the_figure() -> None:
    assert metrics_text({"psnr": 28.514, "ssim": "side < 11 px"}) == "28.51 dB · SSIM: side < 11 px"


@pytest.mark.parametrize(
    ("ends", "texts"),
    [((-0.2, 0.2), ["−0.2", "0", "+0.2"]), ((0, 40), ["0", "40"]), ((-0.05, 0.05), ["−0.05", "0", "+0.05"])],
)
def test_the_colour_bar_has_numbers_at_its_ends_and_at_zero(ends: tuple[float, float], texts: list[str]) -> None:
    assert [text for _, text in tick_texts(Range(*ends))] == texts


def test_a_file_name_is_made_of_the_picture_s_name() -> None:
    assert file_stem("Chelsea, the cat.png") == "chelsea-the-cat"
