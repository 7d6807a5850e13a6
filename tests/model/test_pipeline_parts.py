"""What panels ask the pipeline for, and that size is no problem: windows, block means, differences, gigapixels."""

from __future__ import annotations

import itertools
import queue
import tracemalloc
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest

from tests.model.desk import Desk, HeldRunner, comparison, desk, picture
from workbench.kernels.arrays import Window
from workbench.kernels.differences import Difference
from workbench.kernels.metrics import measure
from workbench.kernels.operators.base import mean_blocks
from workbench.kernels.registry import from_text
from workbench.model import measuring, viewing
from workbench.model import pipeline as pipeline_module
from workbench.model.document import Comparison, Slot
from workbench.model.edits import (
    set_method,
    set_reference,
    set_source,
)
from workbench.model.jobs import ThreadRunner
from workbench.model.samples import array_source
from workbench.model.source import Source

WINDOW = Window(3, 5, 13, 22)


# What panels ask for


def test_a_requested_window_arrives_at_once() -> None:
    made = desk(comparison("bilinear:scale=4"))
    made.pipeline.request("s1", WINDOW)
    part = made.results.part("s1")
    assert part is not None
    np.testing.assert_array_equal(part.values, made.ready("s1").whole[WINDOW.slices])  # type: ignore[index]


def test_a_window_beyond_the_image_is_cut() -> None:
    made = desk(comparison("bilinear:scale=4"))
    made.pipeline.request("s1", Window(-5, 30, 10, 90))
    part = made.results.part("s1")
    assert part is not None
    assert part.window == Window(0, 30, 10, 36)


def test_a_reduced_part_holds_exact_block_means() -> None:
    made = desk(comparison("bilinear:scale=4"))
    made.pipeline.request("s1", Window(1, 2, 5, 8), 5)
    part = made.results.part("s1")
    assert part is not None
    whole = made.ready("s1").whole
    assert whole is not None
    np.testing.assert_allclose(part.values, mean_blocks(whole, 5)[1:5, 2:8], atol=1e-15)


def test_what_is_quickly_made_comes_with_its_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    made, runner = _dragged(monkeypatch, seconds=0.01)
    runner.run(("slot", "s1"))
    part, operator = made.results.part("s1"), made.ready("s1").operator
    assert part is not None
    prepared = made.results.prepared
    assert prepared is not None
    np.testing.assert_array_equal(part.values, operator.apply(prepared.values, WINDOW))


def test_who_hears_of_an_operator_finds_nothing_left_to_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made, runner = _dragged(monkeypatch, seconds=0.01)
    made.results.changed.connect(lambda _: made.pipeline.request("s1", WINDOW))
    runner.run(("slot", "s1"))
    assert ("part", "s1") not in runner.held


def test_an_operator_does_not_wait_for_a_part_that_takes_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    made, runner = _dragged(monkeypatch, seconds=10)
    old = made.results.part("s1")
    runner.run(("slot", "s1"))
    assert made.results.part("s1") is old
    assert ("part", "s1") in runner.held


def test_a_window_that_moved_while_it_was_made_is_made_where_it_is_now(monkeypatch: pytest.MonkeyPatch) -> None:
    made, runner = _dragged(monkeypatch, seconds=0.01)
    made.pipeline.request("s1", Window(8, 5, 20, 22))
    runner.run_all()
    part = made.results.part("s1")
    assert part is not None
    assert part.window == Window(8, 5, 20, 22)


def _dragged(monkeypatch: pytest.MonkeyPatch, seconds: float) -> tuple[Desk, HeldRunner]:
    """A slot too large to be computed as a whole, whose window took so long, and whose parameter was just changed."""
    monkeypatch.setattr(pipeline_module, "EAGER_LIMIT", 10)
    monkeypatch.setattr(pipeline_module, "WHOLE_LIMIT", 10)
    clock = itertools.count(0.0, seconds)
    monkeypatch.setattr(viewing, "time", SimpleNamespace(perf_counter=lambda: next(clock)))
    runner = HeldRunner()
    made = desk(comparison("bicubic:scale=4"), runner)
    runner.run_all()
    made.pipeline.request("s1", WINDOW)
    runner.run_all()
    made.session.do("Change a", set_method("s1", from_text("bicubic:scale=4,a=-0.25")))
    return made, runner


@pytest.mark.parametrize("panel", ["source", "original"])
def test_the_source_and_the_original_are_shown_the_same_way(panel: str) -> None:
    made = desk(comparison("nearest:scale=4"))
    made.pipeline.request(panel, Window(1, 2, 4, 7))
    prepared, part = made.results.prepared, made.results.part(panel)
    assert prepared is not None
    assert part is not None
    values = prepared.values if panel == "source" else prepared.original
    assert values is not None
    np.testing.assert_array_equal(part.values, values[1:4, 2:7])


def test_a_difference_is_the_mean_over_the_channels() -> None:
    made = desk(comparison("nearest:scale=4"))
    made.pipeline.request("d:s1", WINDOW)
    prepared, part, whole = made.results.prepared, made.results.part("d:s1"), made.ready("s1").whole
    assert prepared is not None
    assert prepared.original is not None
    assert part is not None
    assert whole is not None
    expected = (whole - prepared.original).mean(axis=2)[WINDOW.slices]
    np.testing.assert_allclose(part.values, expected, atol=1e-15)


def test_a_difference_covers_only_what_both_pictures_cover() -> None:
    made = desk(comparison("max_unpool", values=picture(26, 39)))
    made.pipeline.request("d:s1", Window(0, 0, 100, 100))
    part = made.results.part("d:s1")
    assert part is not None
    assert part.window == Window(0, 0, 24, 36)


def test_a_reduced_difference_is_the_mean_of_the_difference() -> None:
    made = desk(comparison("nearest:scale=4"))
    made.view.set(difference=Difference.ABSOLUTE)
    made.pipeline.request("d:s1", Window(0, 0, 3, 4), 7)
    prepared, part, whole = made.results.prepared, made.results.part("d:s1"), made.ready("s1").whole
    assert prepared is not None
    assert prepared.original is not None
    assert part is not None
    assert whole is not None
    full = np.abs(whole - prepared.original).mean(axis=2)
    np.testing.assert_allclose(part.values, mean_blocks(full, 7)[:3, :4], atol=1e-15)


def test_another_kind_of_difference_is_shown_at_once() -> None:
    made = desk(comparison("nearest:scale=4"))
    made.pipeline.request("d:s1", WINDOW)
    signed = made.results.part("d:s1")
    made.view.set(difference=Difference.SQUARED)
    squared = made.results.part("d:s1")
    assert signed is not None
    assert squared is not None
    assert signed.values.min() < 0 <= squared.values.min()


def test_a_part_follows_the_method() -> None:
    made = desk(comparison("nearest:scale=4"))
    made.pipeline.request("s1", WINDOW)
    made.session.do("Change", set_method("s1", from_text("bilinear:scale=4")))
    part = made.results.part("s1")
    assert part is not None
    np.testing.assert_array_equal(part.values, made.ready("s1").whole[WINDOW.slices])  # type: ignore[index]


def test_a_difference_follows_the_reference() -> None:
    made = desk(comparison("nearest:scale=4", "average_unpool:kernel=4"))
    made.pipeline.request("d:s1", WINDOW)
    made.session.do("Reference", set_reference("s2"))
    part = made.results.part("d:s1")
    assert part is not None
    assert not part.values.any()


def test_a_part_of_a_failed_slot_is_taken_away() -> None:
    made = desk(comparison("nearest:scale=4"))
    made.pipeline.request("s1", WINDOW)
    made.session.do("Change", set_method("s1", from_text("max_unpool:indices=[[1]],plane=3x3")))
    assert made.results.part("s1") is None


def test_a_forgotten_panel_gets_nothing_any_more() -> None:
    made = desk(comparison("nearest:scale=4"))
    made.pipeline.request("s1", WINDOW)
    made.pipeline.request("s1", None)
    made.session.do("Change", set_method("s1", from_text("bilinear:scale=4")))
    assert made.results.part("s1") is None


def test_a_request_before_the_picture_is_answered_when_it_comes() -> None:
    made = desk(Comparison(slots=(Slot("s1", from_text("nearest")),)))
    made.pipeline.request("s1", Window(0, 0, 3, 5))
    made.session.do("Open", set_source(array_source(picture())))
    part = made.results.part("s1")
    assert part is not None
    assert part.values.shape == (3, 5, 3)


def test_an_unchanged_request_computes_nothing() -> None:
    runner = HeldRunner()
    made = desk(comparison("nearest:scale=4"), runner)
    runner.run_all()
    made.pipeline.request("s1", WINDOW)
    told: list[str] = []
    made.results.part_changed.connect(told.append)
    made.pipeline.request("s1", WINDOW)
    assert told == []


# Size


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything above 500 values counts as large."""
    monkeypatch.setattr(pipeline_module, "WHOLE_LIMIT", 500)
    monkeypatch.setattr(pipeline_module, "EAGER_LIMIT", 100)


@pytest.mark.usefixtures("small_limits")
def test_a_large_output_is_not_made_unasked() -> None:
    made = desk(comparison("bilinear:scale=4"))
    assert made.ready("s1").whole is None
    assert (made.ready("s1").metrics or {})["psnr"] == "on request"


@pytest.mark.usefixtures("small_limits")
def test_a_window_of_a_large_output_is_what_the_whole_would_hold() -> None:
    made = desk(comparison("bilinear:scale=4"))
    made.pipeline.request("s1", WINDOW)
    part, ready = made.results.part("s1"), made.ready("s1")
    assert part is not None
    whole = ready.operator.apply(ready.prepared.values)
    np.testing.assert_allclose(part.values, whole[WINDOW.slices], atol=1e-15)


@pytest.mark.usefixtures("small_limits")
def test_a_large_output_is_made_and_measured_when_asked_for() -> None:
    made = desk(comparison("bilinear:scale=4"))
    made.pipeline.request_whole("s1")
    assert made.ready("s1").whole is not None
    assert isinstance((made.ready("s1").metrics or {})["ssim"], float)


@pytest.mark.usefixtures("small_limits")
def test_an_output_that_memory_does_not_hold_is_measured_tile_by_tile(monkeypatch: pytest.MonkeyPatch) -> None:
    made = desk(comparison("bilinear:scale=4"))
    monkeypatch.setattr(measuring, "free_bytes", lambda: 4000)
    monkeypatch.setattr(measuring, "TILE", 7)
    made.pipeline.request_whole("s1")
    ready, prepared = made.ready("s1"), made.results.prepared
    assert prepared is not None
    assert prepared.original is not None
    expected = measure(ready.operator.apply(prepared.values), prepared.original)
    numbers = dict(ready.metrics or {})
    assert ready.whole is None
    assert numbers.pop("ssim") == "needs 0.0 GB, 0.0 GB free"
    assert numbers["psnr"] == pytest.approx(expected["psnr"], abs=1e-9)
    assert numbers["max_error"] == expected["max_error"]


@pytest.mark.usefixtures("small_limits")
def test_cancelling_a_whole_keeps_the_slot_and_offers_it_again() -> None:
    runner = HeldRunner()
    made = desk(comparison("bilinear:scale=4"), runner)
    runner.run_all()
    made.pipeline.request_whole("s1")
    made.pipeline.cancel()
    assert (made.ready("s1").metrics or {})["psnr"] == "on request"


def test_an_output_of_a_gigapixel_is_looked_at_without_making_it() -> None:
    x = np.tile(np.linspace(0, 1, 8192, dtype=np.float32), (8192, 1))
    made = desk(Comparison(Source("large", x), slots=(Slot("s1", from_text("bilinear:scale=4")),)))
    tracemalloc.start()
    made.pipeline.request("s1", Window(20_000, 30_000, 20_800, 31_000))
    made.pipeline.request("s1", Window(100, 200, 140, 260), 32)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    part = made.results.part("s1")
    assert made.ready("s1").shape == (32_768, 32_768)
    assert made.ready("s1").whole is None
    assert part is not None
    assert part.values.shape == (40, 60)
    assert peak < 200e6


# With threads


def test_threads_come_to_the_same_results() -> None:
    calls: queue.Queue[Callable[[], None]] = queue.Queue()
    runner = ThreadRunner(calls.put, threads=2)
    methods = ("nearest:scale=4", "transposed_conv:stride=4,kernel_size=4", "average_unpool:kernel=4")
    made = desk(comparison(*methods), runner)
    made.pipeline.request("s1", WINDOW)
    while runner.busy:
        calls.get(timeout=20)()
    calm = desk(made.session.value)
    for id in ("s1", "s2", "s3"):
        threaded, inline = made.ready(id), calm.ready(id)
        assert threaded.metrics == inline.metrics
        assert threaded.same_as == inline.same_as
        np.testing.assert_array_equal(threaded.whole, inline.whole)
    made.pipeline.close()
