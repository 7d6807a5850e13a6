"""The article's worked examples, number by number, as the kernels compute them."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from workbench.kernels.method import SourceSpec
from workbench.kernels.registry import from_dict

ARTICLE = json.loads((Path(__file__).parents[1] / "golden" / "article.json").read_text(encoding="utf-8"))
CASES = {case["name"]: case for case in ARTICLE["cases"]}


def numbers(table):
    """A table of numbers, where fractions are written as words."""
    return np.array([[float(Fraction(value)) for value in row] for row in table])


def cases_with(key):
    found = [case for case in CASES.values() if key in case]
    return pytest.mark.parametrize("case", found, ids=[case["name"] for case in found])


def operator_of(case):
    return from_dict(case["method"]).operator(SourceSpec(numbers(case["input"]).shape))


def equal(got, wanted):
    return got.shape == wanted.shape and np.abs(got - wanted).max() <= ARTICLE["tolerance"] * np.abs(wanted).max()


@cases_with("method")
def test_the_output_is_the_article_s(case):
    assert equal(operator_of(case).apply(numbers(case["input"])), numbers(case["output"]))


@cases_with("method")
def test_each_output_pixel_is_the_sum_its_row_explains(case):
    operator, x, wanted = operator_of(case), numbers(case["input"]), numbers(case["output"])

    explained = np.array([[operator.row(i, j).dot(x) for j in range(wanted.shape[1])] for i in range(wanted.shape[0])])

    assert equal(explained, wanted)


@cases_with("matrix")
def test_the_matrix_is_the_article_s(case):
    matrix = operator_of(case).sparse().toarray()

    assert equal(matrix, numbers(case["matrix"]))


@cases_with("rank")
def test_the_matrix_has_the_rank_the_article_implies(case):
    assert np.linalg.matrix_rank(operator_of(case).sparse().toarray()) == case["rank"]


@cases_with("index")
def test_both_axes_read_the_samples_the_article_computes(case):
    operator = operator_of(case)

    down = [operator.row(i, 0).rows.tolist() for i in range(len(case["index"]))]
    across = [operator.row(0, j).cols.tolist() for j in range(len(case["index"]))]

    assert down == across == [[k] for k in case["index"]]


def test_deconvolution_is_the_transpose_of_convolution():
    forward, back = operator_of(CASES["article-conv"]), operator_of(CASES["article-deconv"])

    assert np.array_equal(back.sparse().toarray(), forward.sparse().toarray().T)


def test_deconvolution_is_not_the_inverse_of_convolution():
    case = CASES["article-not-inverse"]
    convolution = operator_of(CASES["article-conv"])
    original = numbers(case["differs_from"])

    back = operator_of(case).apply(convolution.apply(original))

    assert equal(back, numbers(case["output"]))
    assert not np.isclose(back, original).any()


@cases_with("prepare")
def test_pooling_keeps_maxima_and_remembers_where_they_stood(case):
    prepared = from_dict(case["prepare"]).prepare(numbers(case["input"]))

    assert equal(prepared.values, numbers(case["output"]))
    assert prepared.record.indices.tolist() == case["indices"]
    assert prepared.record.plane == (4, 4)


def test_unpooling_with_the_recorded_indices_gives_the_article_s_output():
    pooled, case = CASES["article-max-pool"], CASES["article-max-unpool"]
    record = from_dict(pooled["prepare"]).prepare(numbers(pooled["input"])).record

    operator = from_dict({"method": "max_unpool"}).operator(SourceSpec((2, 2), record))

    assert equal(operator.apply(numbers(case["input"])), numbers(case["output"]))


def test_bilinear_is_linear_along_rows_and_then_along_columns():
    bilinear = CASES["article-bilinear"]
    x = numbers(bilinear["input"])
    first = from_dict(CASES["article-linear-rows-first"]["method"])
    second = from_dict(CASES["article-linear-columns"]["method"])

    wide = first.operator(SourceSpec((2, 2))).apply(x)
    both = second.operator(SourceSpec((2, 4))).apply(wide)

    assert equal(both, numbers(bilinear["output"]))


def test_the_article_uses_two_grids_that_no_library_pairs():
    grids = {CASES[name]["method"]["grid"] for name in ("article-nearest", "article-bilinear")}

    assert grids == {"asymmetric", "align_corners"}


def test_every_case_says_how_far_its_numbers_are_known():
    standings = {standing for case in CASES.values() for standing in case["standing"].values()}

    assert standings == set(ARTICLE["standing"])
