"""Numbers that are written on pixels are those of the kernels in float64, also where pictures are held in float32."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.kernels.arrays import Image, Window
from workbench.kernels.differences import Difference
from workbench.kernels.method import SourceSpec
from workbench.kernels.registry import from_text
from workbench.model.difference_raster import DifferenceRaster
from workbench.model.differencing import Comparing, Support
from workbench.model.document import Preparation, Slot
from workbench.model.prepared import PreparedSource, prepare
from workbench.model.rasters import OutputRaster
from workbench.model.results import Ready
from workbench.model.samples import array_source
from workbench.model.source import SMALL

WINDOW = Window(310, 402, 322, 417)
SHAPE = (SMALL // 1000 + 9, 1000)


@pytest.fixture(scope="module")
def prepared() -> PreparedSource:
    """Too large to be held in float64, with values beyond 0 … 1."""
    pixels = (np.random.default_rng(5).random(SHAPE) * 3 - 1).astype(np.float32)
    return prepare(array_source(pixels, "large"), Preparation())


def output(prepared: PreparedSource, text: str) -> OutputRaster:
    method = from_text(text)
    return OutputRaster(Ready(Slot("s1", method), prepared, method.operator(SourceSpec(SHAPE))))


def by_hand(prepared: PreparedSource, text: str) -> Image:
    return from_text(text).operator(SourceSpec(SHAPE)).affine(prepared.values.astype(np.float64), WINDOW)


@pytest.mark.parametrize("text", ["bicubic:scale=2", "lanczos:scale=3", "transposed_conv:kernel=gaussian,stride=2"])
def test_of_an_output(prepared: PreparedSource, text: str) -> None:
    part = output(prepared, text).part(Window(300, 400, 340, 430))
    written = part.written(WINDOW)

    assert part.values.dtype == np.float32
    assert np.abs(written - by_hand(prepared, text)).max() < 1e-13


@pytest.mark.parametrize("kind", [Difference.SIGNED, Difference.RELATIVE])
def test_of_a_difference(prepared: PreparedSource, kind: Difference) -> None:
    a, r = "bicubic:scale=2", "bilinear:scale=2"
    whole = Window(0, 0, 2 * SHAPE[0], 2 * SHAPE[1])
    raster = DifferenceRaster(
        output(prepared, a), output(prepared, r), Support(whole, whole), Comparing(kind, 0.01), prepared
    )
    d, size = by_hand(prepared, a) - by_hand(prepared, r), np.abs(by_hand(prepared, r)) + 0.01
    wanted = d if kind is Difference.SIGNED else np.abs(d) / size

    assert np.allclose(raster.part(WINDOW).written(WINDOW), wanted, rtol=1e-10, atol=1e-13)


def test_what_is_held_in_float64_is_written_as_it_is() -> None:
    values = np.random.default_rng(6).random((9, 14))
    method = from_text("nearest:scale=2")
    ready = Ready(
        Slot("s1", method), prepare(array_source(values), Preparation()), method.operator(SourceSpec((9, 14)))
    )
    part = OutputRaster(ready).part(Window(2, 3, 18, 25))

    assert part.exact is None
    assert np.array_equal(part.written(Window(4, 6, 8, 12)), np.repeat(np.repeat(values, 2, 0), 2, 1)[4:8, 6:12])
