"""Scatter and gather of a transposed convolution, and who uses a tap: all against the matrix itself."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.kernels.arrays import Pixel
from workbench.kernels.method import SourceSpec
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.registry import from_text
from workbench.model.matrix import tap_between
from workbench.model.stamps import hollow_taps, stamp_of, tap_use

SHAPE = (4, 6)
LAYERS = [(3, 2, 1, 1, 1), (4, 2, 1, 1, 0), (3, 3, 2, 2, 1), (2, 3, 0, 1, 2), (3, 1, 0, 1, 0)]
"""(k, s, p, d, op) of interaction.md §2.5, and the article's."""


def layer(k: int, s: int, p: int, d: int, op: int) -> LinearOperator:
    table = np.arange(1.0, k * k + 1).reshape(k, k).tolist()
    text = f"transposed_conv:kernel={table},stride={s},padding={p},dilation={d},output_padding={op}".replace(" ", "")
    return from_text(text).operator(SourceSpec(SHAPE))


@pytest.mark.parametrize("numbers", LAYERS)
def test_a_stamp_is_the_column_and_what_is_cropped(numbers: tuple[int, int, int, int, int]) -> None:
    operator = layer(*numbers)
    for row in range(SHAPE[0]):
        for col in range(SHAPE[1]):
            stamp = stamp_of(operator, Pixel(row, col))
            painted = np.zeros(operator.out_shape)
            painted[stamp.rows[stamp.inside], stamp.cols[stamp.inside]] += stamp.weights[stamp.inside]

            assert np.array_equal(painted, operator.column(row, col).dense())
            assert len(stamp.weights) == numbers[0] ** 2


@pytest.mark.parametrize("numbers", LAYERS)
def test_gather_taps_are_the_rows_and_the_hollow_ones(numbers: tuple[int, int, int, int, int]) -> None:
    k, s, p, d, _ = numbers
    operator = layer(*numbers)
    for row in range(operator.out_shape[0]):
        for col in range(operator.out_shape[1]):
            hollow = hollow_taps(operator, Pixel(row, col))
            full = operator.row(row, col)
            # The stuffed source, read by the flipped kernel around this output.
            stuffed = np.zeros(((SHAPE[0] - 1) * s + 1, (SHAPE[1] - 1) * s + 1), bool)
            stuffed[::s, ::s] = True
            met = [
                stuffed[y, x]
                for a in range(k)
                for b in range(k)
                if 0 <= (y := row + p - a * d) < stuffed.shape[0] and 0 <= (x := col + p - b * d) < stuffed.shape[1]
            ]

            assert len(full) == sum(met)
            assert len(hollow.weights) == len(met) - sum(met)


def test_cropped_taps_are_said() -> None:
    operator = layer(3, 2, 1, 1, 1)

    assert stamp_of(operator, Pixel(0, 0)).text() == "cropped: 5 of 9 taps"
    assert stamp_of(operator, Pixel(0, 3)).text() == "cropped: 3 of 9 taps"
    assert stamp_of(operator, Pixel(2, 3)).text() == ""


@pytest.mark.parametrize("numbers", LAYERS)
def test_the_uses_of_a_tap_are_the_entries_that_have_it(numbers: tuple[int, int, int, int, int]) -> None:
    operator = layer(*numbers)
    pairs: dict[tuple[int, int], list[tuple[Pixel, Pixel]]] = {}
    for row in range(operator.out_shape[0]):
        for col in range(operator.out_shape[1]):
            found = operator.row(row, col)
            for r, c in zip(found.rows.tolist(), found.cols.tolist(), strict=True):
                tap = tap_between(operator, Pixel(row, col), Pixel(r, c))
                pairs.setdefault(tap, []).append((Pixel(r, c), Pixel(row, col)))
    for a in range(numbers[0]):
        for b in range(numbers[0]):
            use = tap_use(operator, (a, b))
            mine = pairs.get(Pixel(a, b), [])

            assert use.count == len(mine)
            assert use.cropped == SHAPE[0] * SHAPE[1] - len(mine)
            assert {(y, x) for y in use.sources[0] for x in use.sources[1]} == {one[0] for one in mine}
            assert {(y, x) for y in use.outputs[0] for x in use.outputs[1]} == {one[1] for one in mine}


def test_the_taps_of_a_convolution_are_told_by_their_outputs() -> None:
    operator = from_text("convolution:kernel=gaussian,kernel_size=3,stride=2,padding=1").operator(SourceSpec((5, 8)))
    use = tap_use(operator, (0, 2))

    # Tap (0, 2) reads row 2i − 1 and column 2j + 1: row −1 does not exist for i = 0.
    assert (use.outputs, use.sources) == ((range(1, 3), range(0, 4)), (range(1, 4, 2), range(1, 8, 2)))
    assert use.text() == "used 8 times, 4 cropped"


def test_a_kernel_behind_an_enlargement_has_uses_too() -> None:
    operator = from_text("resize_conv:scale=2").operator(SourceSpec(SHAPE))
    use = tap_use(operator, (0, 0))

    assert use.count == 7 * 11
    assert use.cropped == 8 * 12 - 7 * 11


def test_a_layer_that_is_repeated_has_no_single_pairs() -> None:
    operator = from_text("transposed_conv:kernel=gaussian,stride=2,padding=1,repeat=2").operator(SourceSpec(SHAPE))

    assert tap_use(operator, (1, 1)) is None
