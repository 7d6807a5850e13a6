"""Tables: the short rows every engine evaluates, and all that is asked of them without evaluating anything."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.kernels import resampling, tables
from workbench.kernels.operators.separable import Separable
from workbench.kernels.reconstruction import TRIANGLE, Reconstruction, bspline, cubic, lanczos
from workbench.kernels.resampling import AxisMap, Edge, Grid, fold, identity_table, resampling_table
from workbench.kernels.tables import AxisTable, StencilTable, table_from_rows


@st.composite
def rows_in_any_order(draw):
    """Input samples and weights of a few outputs, as a method may know them: unsorted, repeated, with zeros."""
    n_in, n_out, k = draw(st.integers(1, 9)), draw(st.integers(1, 9)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 999)))
    weights = rng.standard_normal((n_out, k)) * (rng.random((n_out, k)) < 0.7)
    return n_in, rng.integers(0, n_in, (n_out, k)), weights


def placed(n_in, index, weights):
    """The same as a dense matrix."""
    made = np.zeros((len(index), n_in))
    for p, k in np.ndindex(*index.shape):
        made[p, index[p, k]] += weights[p, k]
    return made


def resample(n, m, edge=Edge.REPLICATE, grid=Grid.HALF_PIXEL):
    return resampling_table(AxisMap(n, m, Fraction(m, n), grid), TRIANGLE, edge=edge)


@given(rows=rows_in_any_order())
def test_a_table_holds_rows_given_in_any_order(rows):
    table = table_from_rows(*rows)

    assert np.allclose(table.matrix.toarray(), placed(*rows), atol=1e-14)
    assert (np.diff(table.start) >= 0).all()
    assert (table.start >= 0).all()
    assert (table.start + table.taps <= table.n_in).all()


@given(rows=rows_in_any_order())
def test_rows_and_columns_are_those_of_the_matrix(rows):
    table, matrix = table_from_rows(*rows), placed(*rows)

    for p in range(table.n_out):
        index, weights = table.row(p)
        assert np.array_equal(index, np.flatnonzero(matrix[p]))
        assert np.allclose(weights, matrix[p][index], atol=1e-14)
    for i in range(table.n_in):
        outputs, weights = table.column(i)
        assert np.array_equal(outputs, np.flatnonzero(matrix[:, i]))
        assert np.allclose(weights, matrix[outputs, i], atol=1e-14)


@given(n=st.integers(1, 9), m=st.integers(1, 14), edge=st.sampled_from(Edge))
def test_wrapped_and_folded_tables_have_the_columns_of_their_matrix(n, m, edge):
    table = resample(n, m, edge)
    matrix = table.matrix.toarray()

    for i in range(n):
        outputs, weights = table.column(i)
        assert np.array_equal(outputs, np.flatnonzero(matrix[:, i]))
        assert np.allclose(weights, matrix[outputs, i], atol=1e-14)
    assert np.allclose(table.row_sums, matrix.sum(axis=1), atol=1e-14)


@given(n=st.integers(1, 9), m=st.integers(2, 14), data=st.data())
def test_a_part_reads_the_same_samples_from_its_patch(n, m, data):
    table = resample(n, m)
    first = data.draw(st.integers(0, m - 1))
    last = data.draw(st.integers(first + 1, m))
    x = np.random.default_rng(n).random(n)

    low, high = table.reads(first, last)
    part = table.part(first, last, low, high - low)

    assert 0 <= low < high <= n
    assert np.allclose(part.matrix @ x[low:high], (table.matrix @ x)[first:last], atol=1e-15)


@given(n=st.integers(1, 9), m=st.integers(1, 20), b=st.integers(1, 6), edge=st.sampled_from(Edge))
def test_means_of_neighbouring_outputs_are_a_table_too(n, m, b, edge):
    table = resample(n, m, edge)
    x = np.random.default_rng(n).random(n)
    whole = table.matrix @ x

    means = table.means(b)

    assert np.allclose(means.matrix @ x, [whole[k : k + b].mean() for k in range(0, m, b)], atol=1e-14)


def test_float32_weights_are_made_once_and_float64_ones_are_kept():
    table = resample(5, 9)

    assert table.weights_as(np.dtype(np.float64)) is table.weights
    assert table.weights_as(np.dtype(np.float32)) is table.weights32
    assert table.weights32.dtype == np.float32


def test_taps_are_told_at_their_virtual_places():
    taps = resample(4, 8).line_taps(0)

    assert taps.virtual.tolist() == [-1, 0]
    assert taps.real.tolist() == [0, 0]
    assert taps.weights.tolist() == [0.25, 0.75]


def test_without_a_border_rule_a_tap_stands_for_itself():
    table = AxisTable(3, np.array([0, 1]), np.array([[1.0, 2], [0, 4]]))

    taps = table.line_taps(1)

    assert taps.virtual.tolist() == taps.real.tolist() == [2]
    assert taps.weights.tolist() == [4]


@pytest.mark.parametrize(
    ("edge", "wanted"),
    [
        (Edge.REPLICATE, "000012333"),
        (Edge.SYMMETRIC, "210012332"),
        (Edge.MIRROR, "321012321"),
        (Edge.WRAP, "123012301"),
    ],
)
def test_indices_beyond_the_edge_fold_back(edge, wanted):
    assert "".join(map(str, fold(np.arange(-3, 6), 4, edge))) == wanted


@pytest.mark.parametrize("edge", [Edge.EXCLUDE, Edge.ZERO])
def test_indices_beyond_the_edge_are_nowhere(edge):
    assert fold(np.arange(-2, 5), 3, edge).tolist() == [-1, -1, 0, 1, 2, -1, -1]


@pytest.mark.parametrize("edge", [Edge.REPLICATE, Edge.SYMMETRIC, Edge.MIRROR, Edge.WRAP])
def test_a_single_sample_stands_for_everything(edge):
    assert fold(np.arange(-3, 4), 1, edge).tolist() == [0] * 7


def test_the_identity_leaves_an_axis_as_it_is():
    x = np.random.default_rng(0).random((4, 7))

    assert np.array_equal(Separable(identity_table(4), identity_table(7)).apply(x), x)


def test_a_stencil_table_tells_how_far_it_reaches():
    offsets, weights = np.array([-2, 1]), np.ones(2)
    table = StencilTable(
        (1, 2), (1, 1), {(0, 0): (offsets, offsets + 1, weights), (0, 1): (offsets[:0], offsets[:0], weights[:0])}
    )

    assert table.reach == ((-2, 1), (-1, 2))


def test_an_empty_stencil_reaches_nowhere():
    none = np.zeros(0, int)

    assert StencilTable((1, 1), (1, 1), {(0, 0): (none, none, np.zeros(0))}).reach == ((0, 0), (0, 0))


@pytest.mark.parametrize("edge", [edge for edge in Edge if edge is not Edge.WRAP], ids=lambda edge: edge.value)
@pytest.mark.parametrize("factor", ["2", "5/2", "137/100", "2/5"])
@pytest.mark.parametrize("kernel", [cubic(0, 0.5), lanczos(3), bspline(3)], ids=lambda kernel: kernel.name)
def test_rows_that_repeat_are_those_that_are_worked_out_one_by_one(
    kernel: Reconstruction, factor: str, edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    axis = AxisMap(1201, int(1201 * Fraction(factor)), Fraction(factor), Grid.HALF_PIXEL)
    quick = resampling_table(axis, kernel, edge=edge, antialias=True)
    monkeypatch.setattr(resampling, "repeating_table", lambda *_: None)
    plain = resampling_table(axis, kernel, edge=edge, antialias=True)
    np.testing.assert_array_equal(quick.start, plain.start)
    np.testing.assert_array_equal(quick.weights, plain.weights)


def test_of_rows_that_repeat_only_a_few_are_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    real = tables.table_from_rows
    monkeypatch.setattr(
        tables, "table_from_rows", lambda n, index, *more: asked.append(len(index)) or real(n, index, *more)
    )
    axis = AxisMap(8192, 20480, Fraction(5, 2), Grid.HALF_PIXEL)
    resampling_table(axis, lanczos(3), edge=Edge.SYMMETRIC)
    assert sum(asked) < 60
