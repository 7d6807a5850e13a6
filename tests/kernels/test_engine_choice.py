"""Which engine works: the one that is always there, until the compiled one is ready and has shown its numbers."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from workbench.kernels.engines import BlasEngine, GatherEngine, choice, default_engine, probes


def test_the_default_engine_is_made_once():
    assert default_engine() is default_engine()
    assert default_engine().name == "blas"


def test_nothing_imports_the_compiler_at_the_start():
    code = "import workbench.kernels.registry as r, sys; r.all_methods(); sys.exit('numba' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


needs_numba = pytest.mark.skipif(importlib.util.find_spec("numba") is None, reason="numba is not installed")


@needs_numba
def test_the_fast_engine_takes_over_when_it_is_ready_and_says_so():
    chosen, said = choice.Choice(), threading.Event()
    before = chosen.engine.name

    chosen.speed_up(said.set).join()

    assert (before, chosen.engine.name) == ("blas", "numba")
    assert said.is_set()


@needs_numba
def test_one_who_wishes_for_blas_keeps_it():
    chosen = choice.Choice("blas")

    assert chosen.speed_up() is None
    assert chosen.engine.name == "blas"


@needs_numba
def test_one_who_wishes_for_numba_has_it_at_once():
    assert choice.Choice("numba").engine.name == "numba"


@needs_numba
def test_the_fast_engine_says_when_it_takes_over_only_if_it_does(monkeypatch):
    monkeypatch.setattr(probes, "agrees", lambda engine: False)
    chosen, said = choice.Choice(), threading.Event()

    chosen.speed_up(said.set).join()

    assert chosen.engine.name == "blas"
    assert not said.is_set()


def test_without_numba_nothing_is_made_ready(monkeypatch):
    monkeypatch.setattr(choice.importlib.util, "find_spec", lambda name: None)
    chosen = choice.Choice()

    assert chosen.speed_up() is None
    assert chosen.engine.name == "blas"


@pytest.mark.parametrize("wish", ["", "numba"])
def test_a_compiler_that_fails_leaves_the_engine_in_use(wish, monkeypatch):
    monkeypatch.setitem(sys.modules, "workbench.kernels.engines.numba", None)
    chosen = choice.Choice(wish)

    if (thread := chosen.speed_up()) is not None:
        thread.join()

    assert chosen.engine.name == "blas"


@needs_numba
def test_a_process_that_cannot_compile_leaves_the_engine_in_use(monkeypatch):
    from workbench.kernels.engines import compiled

    monkeypatch.setattr(compiled.Loop, "kept", lambda loop: False)
    monkeypatch.setattr(choice.sys, "executable", "/nowhere/python")
    chosen = choice.Choice()

    chosen.speed_up().join()

    assert chosen.engine.name == "blas"


@needs_numba
def test_what_is_compiled_is_kept_beside_no_source():
    from workbench.kernels.engines import lanes, numba_cache

    assert numba_cache.usable() == lanes.KEEPS
    assert not numba_cache.folder().is_relative_to(Path(choice.__file__).parents[3])


def test_a_cache_that_cannot_be_made_is_not_used(tmp_path, monkeypatch):
    from workbench.kernels.engines import numba_cache

    file = tmp_path / "file"
    file.touch()
    for name in ("LOCALAPPDATA", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(file))
    monkeypatch.setattr(numba_cache.Path, "home", lambda: file)

    assert not numba_cache.usable()


def test_an_engine_that_computes_other_numbers_is_not_taken():
    class Wrong(GatherEngine):
        def separable(self, patch, rows, cols, out, *rest):
            super().separable(patch, rows, cols, out, *rest)
            out += 0.01

    assert probes.agrees(GatherEngine())
    assert probes.agrees(BlasEngine())
    assert not probes.agrees(Wrong())
