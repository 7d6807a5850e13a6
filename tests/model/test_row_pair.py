"""Two rows beside each other: the difference of two pixels, split by source pixel."""

from __future__ import annotations

import numpy as np
import pytest

from tests.model.desk import Desk, comparison, desk, picture
from workbench.model import edits
from workbench.model.facts import facts_of
from workbench.model.formula import pair_words, strip_number
from workbench.model.probe import Probe, ProbePoint, counterpart, difference_at, pair_of, row_of
from workbench.model.status import status_text


@pytest.fixture(scope="module")
def made() -> Desk:
    desk_ = desk(comparison("bilinear:scale=2", "bicubic:scale=2,a=-0.5", blocks=None, values=picture(7, 11)))
    desk_.session.do("reference", edits.set_reference("s1"))
    return desk_


def test_the_split_adds_up_to_the_difference(made: Desk) -> None:
    pair = pair_of(made.results, ProbePoint("s2", 6, 13), ProbePoint("s1", 6, 13), 1)
    apart = difference_at(made.results, made.session.value, "s2", (6, 13), 1)

    assert pair.split.sum() == pytest.approx(apart, rel=1e-12)
    assert pair.difference == pytest.approx(apart, rel=1e-12)


@pytest.mark.parametrize("dense", ["fourier:scale=2", "bspline:scale=2,order=5"])
def test_what_a_dense_row_leaves_out_is_part_of_the_difference_and_said(dense: str) -> None:
    made = desk(comparison(dense, "bilinear:scale=2", blocks=None, values=picture(90, 120, 1), reference="s2"))
    point = ProbePoint("s1", 91, 102)
    pair = pair_of(made.results, point, ProbePoint("s2", 91, 102), 0)
    apart = difference_at(made.results, made.session.value, "s1", point.pixel, 0)

    assert pair.rest != 0
    assert pair.difference == pytest.approx(apart, rel=1e-12)
    assert pair.split.sum() + pair.rest == pytest.approx(apart, abs=1e-13)
    assert pair_words(pair)[0].endswith(f" · rest {strip_number(pair.rest)}")


def test_every_source_of_either_row_has_both_weights(made: Desk) -> None:
    first, second = ProbePoint("s2", 6, 13), ProbePoint("s2", 7, 14)
    pair = pair_of(made.results, first, second, 0)
    operator = made.ready("s2").operator
    for weights, point in ((pair.w1, first), (pair.w2, second)):
        dense = np.zeros(operator.in_shape)
        dense[pair.rows, pair.cols] = weights

        assert np.array_equal(dense, operator.row(point.row, point.col).dense())
    assert pair.w1.sum() == pytest.approx(1)
    assert pair.w2.sum() == pytest.approx(1)


def test_what_matters_most_comes_first(made: Desk) -> None:
    pair = pair_of(made.results, ProbePoint("s2", 6, 13), ProbePoint("s1", 6, 13), 2)
    sizes = np.abs(pair.split)

    assert (np.diff(sizes) <= 0).all()


def test_the_row_of_a_difference_is_the_difference_of_the_rows(made: Desk) -> None:
    pair = pair_of(made.results, ProbePoint("s2", 6, 13), ProbePoint("s1", 6, 13), 0)
    a, b = (made.ready(id).operator.row(6, 13).dense() for id in ("s2", "s1"))

    np.testing.assert_allclose(pair.stencil().dense(), a - b, atol=1e-16)


def test_the_counterpart_is_the_references_pixel(made: Desk) -> None:
    against = counterpart(made.results, made.session.value, ProbePoint("s2", 6, 13))

    assert against == ProbePoint("s1", 6, 13)


def test_the_status_names_the_row_of_a_minus_b(made: Desk) -> None:
    probe = Probe()
    probe.show(ProbePoint("s2", 6, 13, against=True))
    text = status_text(made.results, made.session.value, probe, 0)

    assert text == "Row of A − B: 16 sources with different weights, of difference (6, 13)"


def test_facts_of_a_row_with_negative_lobes(made: Desk) -> None:
    ready = made.ready("s2")
    facts = facts_of(ready, row_of(made.results, ProbePoint("s2", 7, 13), 0))
    weights = ready.operator.row(7, 13).weights
    negative = weights[weights < 0].sum()

    assert facts.negative == negative
    # (111 + 29 − 9 − 3 over 128 on both axes): what inputs in 0 … 1 can reach at most is Σ of the positive weights.
    assert facts.reach == (pytest.approx(negative), pytest.approx(1 - negative))
    assert facts.shift_in == (0.0, 0.0)


def test_the_shift_of_an_asymmetric_grid_is_told_in_both_pixels() -> None:
    desk_ = desk(comparison("bilinear:scale=2,grid=asymmetric", blocks=None, values=picture(7, 11)))
    facts = facts_of(desk_.ready("s1"), row_of(desk_.results, ProbePoint("s1", 6, 13), 0))

    # c(i) = i/2, while output i lies at (i + ½)/2 − ½: a quarter of an input pixel, half an output pixel.
    assert facts.shift_in == (pytest.approx(0.25), pytest.approx(0.25))
    assert facts.shift_out == (pytest.approx(0.5), pytest.approx(0.5))
    assert facts.shift_text() == "shift 0.25, 0.25 in · 0.5, 0.5 out px"
