"""What lies beyond a limit is found by comparing every value with its own limit, one by one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from workbench.kernels.arrays import Window
from workbench.kernels.cancel import CancelToken
from workbench.kernels.registry import from_text
from workbench.model.document import Comparison, Preparation, Slot
from workbench.model.jobs import InlineRunner
from workbench.model.panels import raster
from workbench.model.pipeline import Pipeline
from workbench.model.results import Results
from workbench.model.samples import array_source
from workbench.model.session import Session
from workbench.model.stripes import Beyond, search_of
from workbench.model.view_state import Stripes, ViewState, ViewValue

TEXTS = ("lanczos:scale=3", "transposed_conv:kernel=[[1,2,0],[0,3,1],[2,0,1]],stride=2,padding=1", "nearest:scale=2")


@pytest.fixture
def model() -> Iterator[tuple[Comparison, Results, Pipeline]]:
    values = np.random.default_rng(8).integers(0, 256, (9, 14, 3), dtype=np.uint8)
    slots = tuple(Slot(f"s{k}", from_text(text)) for k, text in enumerate(TEXTS, 1))
    comparison = Comparison(array_source(values, "noise"), Preparation(), slots)
    results, runner = Results(), InlineRunner()
    pipeline = Pipeline(Session(comparison), ViewState(), results, runner)
    pipeline.start()
    yield comparison, results, pipeline
    pipeline.close()


def found(model, panel: str, mode: Stripes, reduction: int = 1, **view: object) -> Beyond | None:
    comparison, results, pipeline = model
    pipeline.request(panel, Window(0, 0, 200, 200), reduction)
    search = search_of(comparison, ViewValue(stripes=mode, **view), results, panel)
    return None if search is None else search.run(CancelToken())


def limits(results: Results, panel: str, mode: Stripes) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The output, and for each of its values the limits, by rows of A asked one at a time."""
    ready = results.ready(panel)
    y, x, operator = ready.whole.astype(float), ready.prepared.values.astype(float), ready.operator
    if mode == "nominal":
        return y, np.zeros_like(y), np.ones_like(y)
    if mode == "source":
        return y, np.full_like(y, x.min()), np.full_like(y, x.max())
    low, high = np.empty_like(y), np.empty_like(y)
    for i, j in np.ndindex(*operator.out_shape):
        row = operator.row(i, j)
        low[i, j] = x[row.rows, row.cols].min(axis=0) if len(row) else -np.inf
        high[i, j] = x[row.rows, row.cols].max(axis=0) if len(row) else np.inf
    return y, low, high


@pytest.mark.parametrize("panel", ["s1", "s2"])
@pytest.mark.parametrize("mode", ["nominal", "source", "footprint"])
def test_masks_count_and_largest_excess_are_those_of_a_search_by_hand(model, panel, mode) -> None:
    beyond = found(model, panel, mode)
    y, low, high = limits(model[1], panel, mode)
    over, under = (y - high).max(axis=2), (low - y).max(axis=2)
    slack = 2e-6 * max(1.0, float(np.abs(high[np.isfinite(high)]).max()))

    np.testing.assert_array_equal(beyond.above, over > slack)
    np.testing.assert_array_equal(beyond.below, under > slack)
    assert beyond.count == int(((over > slack) | (under > slack)).sum())
    assert abs(beyond.excess) == pytest.approx(max(over.max(), under.max()), rel=1e-5)
    assert max(over[beyond.where], under[beyond.where]) == max(over.max(), under.max())


@pytest.mark.parametrize("mode", ["nominal", "source", "footprint"])
def test_a_copy_lies_never_beyond(model, mode) -> None:
    beyond = found(model, "s3", mode)

    assert (beyond.count, beyond.where, beyond.words) == (
        0,
        None,
        {"nominal": "no clipping", "source": "no overshoot", "footprint": "no ringing"}[mode],
    )


def test_a_block_is_striped_if_one_of_its_pixels_lies_beyond(model) -> None:
    fine, coarse = found(model, "s1", "footprint"), found(model, "s1", "footprint", 4)
    padded = np.zeros((28, 44), bool)
    padded[:27, :42] = fine.above
    blocks = padded.reshape(7, 4, 11, 4).any(axis=(1, 3))

    np.testing.assert_array_equal(coarse.above, blocks)
    assert (coarse.count, coarse.excess, coarse.where) == (fine.count, fine.excess, fine.where)


def test_one_channel_is_measured_by_its_own_sources(model) -> None:
    beyond = found(model, "s1", "footprint", channel_view="b")
    y, low, high = limits(model[1], "s1", "footprint")

    np.testing.assert_array_equal(beyond.above, (y - high)[:, :, 2] > 2e-6)
    np.testing.assert_array_equal(beyond.below, (low - y)[:, :, 2] > 2e-6)


def test_the_words_tell_count_share_excess_and_place(model) -> None:
    beyond = found(model, "s1", "nominal")

    share = 100 * beyond.count / (27 * 42)
    assert beyond.words.startswith(f"clipping: {beyond.count} px · {share:.1f} % · ")
    assert beyond.words.endswith(f" at {beyond.where.row}, {beyond.where.col}")


def test_the_source_has_no_sources_and_differences_no_limits(model) -> None:
    assert found(model, "source", "footprint") is None
    assert found(model, "source", "source") is None
    assert found(model, "source", "nominal").count == 0
    assert found(model, "d:s1", "nominal") is None


def test_of_large_pictures_what_is_in_view_is_looked_at(model, monkeypatch) -> None:
    monkeypatch.setattr("workbench.model.stripes.COUNTED_WHOLE", 10)
    comparison, results, pipeline = model
    pipeline.request("s1", Window(3, 5, 9, 17))
    beyond = search_of(comparison, ViewValue(stripes="footprint"), results, "s1").run(CancelToken())
    whole = raster(results, comparison, "s1")

    assert (beyond.whole, beyond.total) == (False, 72)
    assert whole.shape == (27, 42)
    assert "in view" in beyond.words
