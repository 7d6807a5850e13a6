"""The table of measures as data: order, the best, words for what is missing, and the table as text."""

from __future__ import annotations

import math

import pytest

from workbench.model.metrics_table import (
    BY_ID,
    COLUMNS,
    Row,
    best_rows,
    cell_tip,
    in_order,
    rows_of,
    table_text,
    time_text,
)
from workbench.model.results import Failed, Results


def row(id, number, **values):
    return Row(id, number, f"Method {number}", values)


ROWS = (
    row("s1", 1, psnr=28.514, mse=0.00141, max_error=0.4718, kappa="no period", time=0.0011),
    row("s2", 2, psnr=29.503, mse=0.00112, max_error=0.5385, kappa=0.0256, time=2.347),
    row("s3", 3, psnr=28.514, mse=0.00141, max_error=0.471799, kappa=0.0, time=0.002),
    row("s4", 4, psnr="side < 11 px"),
)


def test_the_best_of_a_column_is_the_largest_or_the_smallest_as_the_measure_says():
    assert best_rows(ROWS, BY_ID["psnr"]) == {"s2"}
    assert best_rows(ROWS, BY_ID["mse"]) == {"s2"}


def test_numbers_that_read_the_same_are_both_the_best():
    assert best_rows(ROWS, BY_ID["max_error"]) == {"s1", "s3"}


@pytest.mark.parametrize("column", ["bias", "kappa", "time", "method"])
def test_what_is_no_measure_of_quality_has_no_best(column):
    assert not best_rows(ROWS, BY_ID[column])


def test_a_single_number_is_not_the_best_of_anything():
    assert not best_rows(ROWS[:1], BY_ID["psnr"])


def test_infinity_is_the_best_psnr():
    assert best_rows((*ROWS, row("s5", 5, psnr=math.inf)), BY_ID["psnr"]) == {"s5"}


def test_rows_sort_by_number_and_words_come_last_both_ways():
    assert [one.id for one in in_order(ROWS, "psnr", True)] == ["s2", "s1", "s3", "s4"]
    assert [one.id for one in in_order(ROWS, "psnr", False)] == ["s1", "s3", "s2", "s4"]


def test_numbers_are_written_as_in_the_heads():
    one = row("s1", 1, psnr=29.503, ssim=0.78471, mse=0.0011223, mae=0.021498, bias=-0.003876, max_error=0.53851)

    texts = [one.text(column.id) for column in COLUMNS[1:7]]

    assert texts == ["29.50 dB", "0.7847", "0.001122", "0.02150", "−0.00388", "0.5385"]


@pytest.mark.parametrize(("seconds", "text"), [(0.00114, "1.1 ms"), (0.9999, "1.00 s"), (2.347, "2.35 s")])
def test_times_are_in_milliseconds_below_a_second(seconds, text):
    assert time_text(seconds) == text


def test_a_failed_slot_and_one_that_waits_say_so(comparison):
    results = Results()
    results.put("s1", Failed(comparison.slots[0], ValueError("no")))

    assert [one.text("psnr") for one in rows_of(comparison, results)] == ["failed", "waits", "waits"]


def test_text_for_programs_holds_every_digit_and_markdown_what_is_shown():
    tsv, markdown = table_text(ROWS[:2], "tsv"), table_text(ROWS[:2], "markdown")

    assert tsv.splitlines()[1].split("\t")[:2] == ["1 Method 1", "28.514"]
    assert markdown.splitlines()[2].split(" | ")[:2] == ["| 1 Method 1", "28.51 dB"]
    assert r"max \|d\|" in markdown.splitlines()[0]


def test_csv_quotes_what_holds_a_comma():
    line = table_text((Row("s1", 1, "Bicubic, sharp", {"psnr": 30.0}),), "csv").splitlines()[1]

    assert line.startswith('"1 Bicubic, sharp",30.0,')


@pytest.fixture
def comparison():
    from workbench.kernels.registry import from_text
    from workbench.model.document import Comparison, Slot

    texts = ("nearest:scale=2", "bilinear:scale=2", "average_unpool:kernel=2")
    return Comparison(slots=tuple(Slot(f"s{k}", from_text(text)) for k, text in enumerate(texts, 1)))


@pytest.mark.parametrize(("period", "said"), [(2.0, "period 2"), (8.0, "period 8, also JPEG")])
def test_a_grid_names_its_period(period, said) -> None:
    assert cell_tip(row("s1", 1, grid=0.4843, grid_period=period), BY_ID["grid"]) == f"grid = 0.4843, {said}"
    assert cell_tip(row("s1", 1, grid="possible", grid_period=period), BY_ID["grid"]).endswith(f"possible, {said}")
    assert cell_tip(row("s1", 1, grid_period=period), BY_ID["grid"]) is None
