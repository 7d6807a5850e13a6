"""Every kind of difference, read window by window, is the one of the whole; identical pictures never differ."""

from __future__ import annotations

import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from workbench.kernels.arrays import Window
from workbench.kernels.differences import Difference
from workbench.kernels.metrics import ssim
from workbench.kernels.placement import IDENTITY, Placement
from workbench.model.difference_raster import DifferenceRaster
from workbench.model.differencing import Comparing, Support
from workbench.model.document import Preparation
from workbench.model.prepared import PreparedSource, prepare
from workbench.model.rasters import ArrayRaster
from workbench.model.samples import array_source
from workbench.model.view_state import ViewValue

SHAPE = (34, 46)
KINDS = [Comparing(kind, expression="abs(a - r) * 8 + 0 * x") for kind in Difference if kind is not Difference.FLIP]


def prepared_of(shape: tuple[int, ...] = (17, 23, 3)) -> PreparedSource:
    return prepare(array_source(np.random.default_rng(2).random(shape), "noise"), Preparation())


def compared(how: Comparing, a: np.ndarray, r: np.ndarray, support: Support | None = None) -> DifferenceRaster:
    half = Placement((0.5, 0.5))
    whole = Window.of(a.shape[:2])
    return DifferenceRaster(
        ArrayRaster(a, half), ArrayRaster(r, half), support or Support(whole, whole), how, prepared_of()
    )


def pictures(dtype: type = np.float32) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    a = rng.random((*SHAPE, 3)).astype(dtype)
    return a, (a + rng.normal(0, 0.1, a.shape)).astype(dtype)


@pytest.mark.parametrize("how", KINDS, ids=lambda how: how.kind.value)
def test_windows_hold_what_the_whole_holds(how: Comparing) -> None:
    raster = compared(how, *pictures(np.float64))
    whole = raster.read(Window.of(SHAPE))

    for window in (Window(0, 0, 9, 7), Window(3, 20, 21, 46), Window(30, 2, 34, 5)):
        np.testing.assert_allclose(raster.read(window), whole[window.slices], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("how", KINDS, ids=lambda how: how.kind.value)
def test_identical_pictures_never_differ(how: Comparing) -> None:
    a = pictures()[0]

    assert not compared(how, a, a.copy()).read(Window.of(SHAPE)).any()


def test_the_inside_of_the_ssim_map_has_the_mean_that_is_the_ssim() -> None:
    a, r = pictures(np.float64)
    shown = compared(Comparing(Difference.SSIM), a, r).read(Window.of(SHAPE))

    assert 1 - shown[5:-5, 5:-5].mean() == pytest.approx(ssim(a, r), abs=1e-12)


def test_x_is_the_source_pixel_in_which_a_pixel_lies() -> None:
    a, r = pictures(np.float64)
    raster = compared(Comparing(Difference.EXPRESSION, expression="x", channel="g"), a, r)
    source = prepared_of().values[:, :, 1]

    np.testing.assert_array_equal(raster.read(Window(3, 5, 14, 26)), source.repeat(2, 0).repeat(2, 1)[3:14, 5:26])


@pytest.mark.parametrize(("channel", "weights"), [("r", (1, 0, 0)), ("b", (0, 0, 1)), ("rgb", (1 / 3, 1 / 3, 1 / 3)),
                                                  ("luminance", (0.2126, 0.7152, 0.0722))])  # fmt: skip
def test_a_difference_is_taken_of_the_channel_that_is_looked_at(channel, weights) -> None:
    a, r = pictures(np.float64)
    found = compared(Comparing(channel=channel), a, r).read(Window(2, 4, 11, 13))

    np.testing.assert_allclose(found, ((a - r) @ weights)[2:11, 4:13], atol=1e-14)


def test_epsilon_is_a_hundredth_of_the_data_range_unless_it_is_set() -> None:
    a, r = np.full((4, 6), 0.5), np.zeros((4, 6))
    usual, own = (
        compared(Comparing(Difference.RELATIVE, epsilon=eps), a, r).read(Window(1, 2, 2, 3))[0, 0]
        for eps in (None, 0.25)
    )

    assert (usual, own) == (pytest.approx(50), 2.0)


def test_what_a_kind_does_not_use_does_not_make_it_another() -> None:
    view = ViewValue(difference=Difference.ABSOLUTE)

    assert Comparing.of(view) == Comparing.of(replace(view, epsilon=0.5, expression="a"))
    assert Comparing.of(view) != Comparing.of(replace(view, channel_view="g"))


def test_a_wrong_expression_is_a_reason_and_not_a_crash() -> None:
    assert "knows no q" in Comparing(Difference.EXPRESSION, expression="q - r").problem


def test_flip_is_refused_with_the_package_it_needs_or_computed_by_it(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "flip_evaluator", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    assert "flip-evaluator" in Comparing(Difference.FLIP).problem


def test_flip_is_asked_for_grey_as_three_colours_and_reference_first(monkeypatch) -> None:
    asked = []

    def evaluate(r, a, mode, **options):
        asked.append((r.shape, float(r.max()), mode, options["inputsRGB"]))
        return np.abs(a - r).mean(axis=2, keepdims=True), 0.0, {}

    monkeypatch.setattr("importlib.util.find_spec", lambda name: SimpleNamespace())
    monkeypatch.setitem(sys.modules, "flip_evaluator", SimpleNamespace(evaluate=evaluate))
    a, r = np.full((40, 60), 0.25), np.full((40, 60), 1.5)
    found = compared(Comparing(Difference.FLIP), a, r).read(Window(30, 50, 34, 60))

    assert asked == [((34, 34, 3), 1.0, "LDR", True)]
    assert found.shape == (4, 10)
    assert np.allclose(found, 0.75)


def test_a_source_that_does_not_reach_is_no_number() -> None:
    a = np.ones((4, 6))
    place = Placement((1.0, 1.0), (-1.0, 0.0))
    window = Window.of((4, 6))
    prepared = prepared_of((8, 9))
    how = Comparing(Difference.EXPRESSION, expression="x")
    raster = DifferenceRaster(ArrayRaster(a, place), ArrayRaster(a, IDENTITY), Support(window, window), how, prepared)

    assert np.isnan(raster.read(window)).any(axis=1).tolist() == [True, False, False, False]
