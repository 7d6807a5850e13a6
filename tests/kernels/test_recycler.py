"""Memory used again: never while anything stands on it, and never more than is worth it."""

from __future__ import annotations

import gc
import threading

import numpy as np
import pytest

from workbench.kernels.engines.recycler import LEAST, Recycler, clear
from workbench.kernels.method import SourceSpec
from workbench.kernels.registry import from_text

SHAPE = (700, 601, 3)


def address(array):
    return array.__array_interface__["data"][0]


def test_memory_that_nobody_needs_is_used_again():
    recycler = Recycler()
    array = recycler.empty(SHAPE)
    place = address(array)

    del array

    assert address(recycler.empty(SHAPE)) == place


@pytest.mark.parametrize(
    "view",
    [
        lambda array: array[3:, ::2],
        lambda array: array.T,
        lambda array: array.reshape(-1)[17:19],
        lambda array: array.view(np.int32)[..., 1],
        lambda array: memoryview(array),
        lambda array: np.lib.stride_tricks.as_strided(array, (4,), (8,)),
        lambda array: np.ndarray((5,), np.float32, array.data),
    ],
    ids=["slice", "transpose", "flat", "bits", "memoryview", "strides", "buffer"],
)
def test_memory_under_a_view_is_left_alone(view):
    recycler = Recycler()
    array = recycler.empty(SHAPE)
    array[...] = 7
    kept = view(array)
    before = np.array(kept, copy=True)

    del array
    gc.collect()
    recycler.empty(SHAPE)[...] = 9

    assert np.array_equal(np.asarray(kept), before)


def test_memory_comes_back_when_the_last_view_is_gone():
    recycler = Recycler()
    array = recycler.empty(SHAPE)
    view = array[5:7].T

    del array
    assert recycler.waiting == 0
    del view

    assert recycler.waiting > 0


def test_an_array_is_as_if_it_were_new():
    array = Recycler().empty(SHAPE, np.float64)

    assert array.shape == SHAPE
    assert array.dtype == np.float64
    assert array.flags.c_contiguous
    assert array.flags.writeable
    assert array.flags.aligned


def test_small_arrays_are_no_business_of_it():
    recycler = Recycler()

    array = recycler.empty(LEAST // 4 - 1)
    assert array.flags.owndata
    del array

    assert recycler.waiting == 0


def test_a_block_that_is_much_too_large_waits_for_another():
    recycler = Recycler()
    array = recycler.empty((4000, 1500))
    place = address(array)
    del array

    assert address(recycler.empty((2000, 1500))) != place


def test_no_more_waits_than_is_allowed():
    recycler = Recycler(most=3 * LEAST)
    arrays = [recycler.empty(LEAST // 4) for _ in range(5)]

    arrays.clear()

    assert recycler.waiting <= 3 * LEAST


def test_what_waits_can_be_given_back():
    recycler = Recycler()
    recycler.empty(SHAPE)

    recycler.clear()

    assert recycler.waiting == 0


def test_threads_never_share_memory():
    recycler, wrong = Recycler(), []

    def work(number):
        for _ in range(30):
            array = recycler.empty((LEAST // 4,))
            array[::5000] = number
            if (array[::5000] != number).any():
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []


def test_an_output_that_anybody_still_looks_at_is_not_written_over_by_the_next():
    operator = from_text("bilinear:scale=2").operator(SourceSpec((720, 815)))
    x = np.random.default_rng(4).random((720, 815), dtype=np.float32)
    seen = operator.apply(x)[5:900:7, 3:]
    before = seen.copy()

    for factor in (2, 3, 4):
        operator.apply(factor * x)

    assert np.array_equal(seen, before)


def test_an_output_that_nobody_needs_gives_its_memory_to_the_next():
    operator = from_text("bilinear:scale=2").operator(SourceSpec((720, 815)))
    x = np.ones((720, 815), np.float32)
    clear()
    place = address(operator.apply(x))

    assert address(operator.apply(x)) == place
