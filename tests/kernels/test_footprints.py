"""The extremes of the sources are those of every row, asked one by one."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.kernels import footprints
from workbench.kernels.arrays import Window, channels_of
from workbench.kernels.cancel import CancelToken
from workbench.kernels.errors import Cancelled
from workbench.kernels.footprints import source_extremes
from workbench.kernels.method import SourceSpec
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.selection import Selection
from workbench.kernels.placement import IDENTITY
from workbench.kernels.registry import from_text

TEXTS = [
    "nearest:scale=3",
    "bilinear:scale=2",
    "bicubic:scale=2,edge=zero",
    "lanczos:scale=1.5",
    "transposed_conv:kernel=gaussian,stride=2,padding=1",
    "transposed_conv:kernel=[[1,2,0],[0,3,1],[2,0,1]],stride=2,padding=1",
    "transposed_conv:kernel=[[1,2,0],[0,3,1],[2,0,1]],stride=2,dilation=2",
    "convolution:kernel=[[1,2,0],[0,3,1],[2,0,1]],padding=1",
    "bspline:scale=2",
    "fourier:scale=2",
    "resize_conv",
    "zero_insertion:stride=2",
]


def brute(operator: LinearOperator, x: np.ndarray, window: Window) -> tuple[np.ndarray, np.ndarray]:
    low = np.full(window.shape + operator.depth(x), np.nan)
    high = low.copy()
    for i in range(window.height):
        for j in range(window.width):
            for channel in range(channels_of(low)):
                stencil = operator.row(window.top + i, window.left + j, channel)
                values = stencil.values(x, channel)
                place = (i, j) if low.ndim == 2 else (i, j, channel)
                if len(values):
                    low[place], high[place] = values.min(), values.max()
    return low, high


def same(operator: LinearOperator, x: np.ndarray) -> bool:
    """Whether both ways agree on the whole and on a part of it."""
    windows = (Window.of(operator.out_shape), Window(2, 3, operator.out_shape[0] - 1, 9))
    return all(
        np.array_equal(found, expected, equal_nan=True)
        for window in windows
        for found, expected in zip(source_extremes(operator, x, window), brute(operator, x, window), strict=True)
    )


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("depth", [(), (3,)], ids=["grey", "colour"])
def test_extremes_are_those_of_every_row(text: str, depth: tuple[int, ...]) -> None:
    operator = from_text(text).operator(SourceSpec((9, 12), channels=(*depth, 1)[0]))

    assert same(operator, np.random.default_rng(3).random((9, 12, *depth)))


def test_a_picture_of_few_pixels_is_nothing_but_border() -> None:
    operator = from_text("transposed_conv:kernel=[[1,2,0],[0,3,1],[2,0,1]],stride=2,padding=1").operator(
        SourceSpec((2, 9))
    )

    assert same(operator, np.random.default_rng(4).random((2, 9)))


def test_where_channels_meet_sources_of_all_of_them_count() -> None:
    operator = from_text("pixel_shuffle").operator(SourceSpec((5, 7), channels=4))

    assert same(operator, np.random.default_rng(5).random((5, 7, 4)))


@pytest.mark.parametrize("channels", [1, 2])
def test_a_copy_has_one_source_or_none(channels: int) -> None:
    targets, sources = np.array([[3, 9, 40], [3, 30, 9]]).T[:, :channels], np.array([[1, 5, 2], [0, 0, 14]]).T
    if channels == 1:
        targets, sources = targets[:, 0], sources[:, 0]
    operator = Selection((3, 5), (6, 10), targets, sources[:, :channels] if channels > 1 else sources, IDENTITY)

    assert same(operator, np.random.default_rng(6).random((3, 5) if channels == 1 else (3, 5, channels)))


def test_only_what_meets_the_border_is_asked_pixel_by_pixel(monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(footprints, "_one_by_one", lambda *given: asked.append(given[3].mean()))
    operator = from_text("transposed_conv:kernel=[[1,2,0],[0,3,1],[2,0,1]],stride=2,padding=1").operator(
        SourceSpec((40, 60))
    )
    source_extremes(operator, np.zeros((40, 60)), Window.of(operator.out_shape))

    assert asked[0] < 0.1


def test_extremes_can_be_cancelled() -> None:
    token = CancelToken()
    token.cancel()
    operator = from_text("bilinear:scale=2").operator(SourceSpec((9, 12)))

    with pytest.raises(Cancelled):
        source_extremes(operator, np.zeros((9, 12)), Window.of(operator.out_shape), token)
