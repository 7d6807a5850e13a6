"""Tiles: every one is done once, on one thread or on many, and none after the end."""

from __future__ import annotations

import threading

import pytest

from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines.tiles import INLINE, PartToken, run_tiles
from workbench.kernels.errors import Cancelled


def test_every_tile_is_done_once_whoever_does_it():
    done = []

    run_tiles(list(range(500)), lambda: done.append, INLINE, CancelToken())

    assert sorted(done) == list(range(500))


def test_a_small_job_stays_on_its_thread():
    threads = set()

    run_tiles(list(range(50)), lambda: lambda _: threads.add(threading.get_ident()), INLINE - 1, CancelToken())

    assert threads == {threading.get_ident()}


def test_a_tile_that_fails_ends_the_job_with_its_own_error():
    def work(tile):
        if tile == 3:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_tiles(list(range(10_000)), lambda: work, INLINE, CancelToken())


def test_no_tile_runs_after_the_job_has_ended():
    token, running = CancelToken(), []

    def work(tile):
        running.append(tile)
        if tile == 5:
            token.cancel()

    with pytest.raises(Cancelled):
        run_tiles(list(range(10_000)), lambda: work, INLINE, token)
    count = len(running)
    assert count < 10_000
    assert [len(running) for _ in range(1000)] == [count] * 1000


def test_the_token_of_a_part_passes_on_both_ways():
    heard = []
    whole = CancelToken(heard.append)
    part = PartToken(whole, 1, 4)

    part.progress(0.5)
    whole.cancel()

    assert heard == [0.375]
    assert part.cancelled
    with pytest.raises(Cancelled):
        part.check()
