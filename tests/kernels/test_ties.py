"""Nearest neighbour at ties: where two samples are equally near, and which of them each library takes."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from workbench.kernels.resampling import AxisMap, Grid, Tie, nearest_table

SIDES = range(1, 65)


def index(n, m, grid, tie):
    """Which sample each output of nearest takes."""
    return nearest_table(AxisMap(n, m, Fraction(m, n), grid), tie).start


def twos(n):
    """The exponent of 2 in n."""
    return (n & -n).bit_length() - 1


def test_half_pixel_ties_exist_just_where_the_input_holds_more_twos():
    with_ties = [
        (n, m)
        for n in SIDES
        for m in SIDES
        if not np.array_equal(index(n, m, Grid.HALF_PIXEL, Tie.UP), index(n, m, Grid.HALF_PIXEL, Tie.DOWN))
    ]

    assert with_ties == [(n, m) for n in SIDES for m in SIDES if twos(n) > twos(m)]
    assert len(with_ties) == 1365


def test_whole_factors_never_tie():
    assert all(
        np.array_equal(index(n, n * f, Grid.HALF_PIXEL, Tie.UP), index(n, n * f, Grid.HALF_PIXEL, Tie.DOWN))
        for n in SIDES
        for f in range(1, 9)
    )


@pytest.mark.parametrize(
    ("tie", "count"),
    [(Tie.TORCH_EXACT, 56), (Tie.SCIPY, 40), (Tie.PILLOW, 624), (Tie.TORCH_FLOOR, 15), (Tie.CV2_FLOOR, 94)],
)
def test_each_library_departs_from_the_exact_rule_in_so_many_pairs(tie, count):
    grid, exact = (Grid.ASYMMETRIC, Tie.FLOOR) if tie in (Tie.TORCH_FLOOR, Tie.CV2_FLOOR) else (Grid.HALF_PIXEL, Tie.UP)

    different = sum(not np.array_equal(index(n, m, grid, tie), index(n, m, grid, exact)) for n in SIDES for m in SIDES)

    assert different == count


@pytest.mark.parametrize("tie", [Tie.TORCH_EXACT, Tie.SCIPY, Tie.PILLOW])
def test_libraries_depart_only_at_exact_ties(tie):
    for n in SIDES:
        for m in SIDES:
            axis = AxisMap(n, m, Fraction(m, n), Grid.HALF_PIXEL)
            theirs, ours = index(n, m, Grid.HALF_PIXEL, tie), index(n, m, Grid.HALF_PIXEL, Tie.UP)
            departs = np.flatnonzero(theirs != ours)
            assert all(axis.coordinate(int(i)).denominator == 2 for i in departs), (n, m)


@pytest.mark.parametrize(
    ("grid", "tie", "expected"),
    [
        (Grid.ASYMMETRIC, Tie.TORCH_FLOOR, ["0012", "001223", "00112334", "0000111"]),
        (Grid.HALF_PIXEL, Tie.UP, ["0112", "011233", "00122344", "0001111"]),
        (Grid.HALF_PIXEL, Tie.TORCH_EXACT, ["0112", "011233", "00122344", "0001111"]),
        (Grid.HALF_PIXEL, Tie.PILLOW, ["0112", "011223", "00122344", "0000111"]),
        (Grid.HALF_PIXEL, Tie.DOWN, ["0112", "001223", "00122344", "0000111"]),
        (Grid.ALIGN_CORNERS, Tie.UP, ["0112", "011223", "01122334", "0001111"]),
        (Grid.ASYMMETRIC, Tie.UP, ["0122", "011233", "01123344", "0011111"]),
    ],
    ids=["torch nearest", "torch nearest-exact", "torch's own", "Pillow", "ONNX", "scipy zoom", "the article"],
)
def test_nearest_takes_these_samples(grid, tie, expected):
    pairs = [(3, 4), (4, 6), (5, 8), (2, 7)]

    assert ["".join(map(str, index(n, m, grid, tie))) for n, m in pairs] == expected


@pytest.mark.parametrize(
    ("n", "m", "symmetric"), [(4, 6, False), (2, 7, False), (2, 5, False), (3, 6, True), (5, 8, True)]
)
def test_nearest_is_symmetric_but_at_ties(n, m, symmetric):
    flipped = n - 1 - index(n, m, Grid.HALF_PIXEL, Tie.UP)[::-1]

    assert np.array_equal(flipped, index(n, m, Grid.HALF_PIXEL, Tie.UP)) is symmetric
