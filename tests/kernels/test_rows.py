"""Rows, taps and columns are for a pointer: they neither touch the picture nor cost more on a larger one."""

from __future__ import annotations

import tracemalloc

import pytest

from tests.benchmarks.rows import CASES, RECORDED, around, made, questions, recorded, seconds
from workbench.kernels.registry import all_methods

LARGE, SMALL = 8192, 512
MEGABYTES = 12
"""Far below the 512 MB of one plane of 8192²; a block of neighbouring lines of the longest rows fits in."""


@pytest.mark.parametrize("title", CASES)
def test_no_row_tap_or_column_of_a_huge_picture_takes_more_memory_than_a_few_lines(title):
    operator = made(title, LARGE)
    tracemalloc.start()

    for name, ask in questions(operator).items():
        ask(around(operator.in_shape if name == "column" else operator.out_shape)[0])

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MEGABYTES * 2**20


@pytest.mark.parametrize("title", CASES)
def test_a_row_or_column_of_a_huge_picture_costs_what_it_costs_in_a_small_one(title):
    large, small = made(title, LARGE), made(title, SMALL)

    for name, ask in questions(large).items():
        pixels = [around(one.in_shape if name == "column" else one.out_shape, 12) for one in (large, small)]
        costs = seconds(ask, pixels[0], 5), seconds(questions(small)[name], pixels[1], 5)
        assert costs[0] < 4 * costs[1] + 20e-6


@pytest.mark.parametrize("title", RECORDED)
def test_what_a_pool_recorded_is_looked_up_not_searched(title):
    large, small = recorded(title, 1024), recorded(title, 64)

    for name, ask in questions(large).items():
        shapes = [one.in_shape if name == "column" else one.out_shape for one in (large, small)]
        pixels = [around((min(shape), min(shape)), 5)[:5] for shape in shapes]
        pixels[1] = [type(pixel)(pixel.row % 30, pixel.col % 30) for pixel in pixels[1]]
        assert seconds(ask, pixels[0], 5) < 4 * seconds(questions(small)[name], pixels[1], 5) + 20e-6


def test_the_benchmark_asks_every_method():
    asked = {fields["method"] for fields, _ in CASES.values()} | set(RECORDED)

    assert {cls.info.id for cls in all_methods()} <= asked
