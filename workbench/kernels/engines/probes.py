"""Small pictures that show whether an engine computes what the reference does, on this machine."""

from __future__ import annotations

import os

import numpy as np

from workbench.kernels.arrays import Image
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines.base import Engine
from workbench.kernels.engines.gather import GatherEngine
from workbench.kernels.placement import IDENTITY
from workbench.kernels.tables import AxisTable, StencilJob, StencilTable

_PICTURE = (9, 23, 3)


def agrees(engine: Engine) -> bool:
    """Whether an engine computes small pictures as the reference does."""
    mine, wanted = (_answers(one) for one in (engine, GatherEngine()))
    return all(np.allclose(a, b, rtol=0, atol=1e-5) for a, b in zip(mine, wanted, strict=True))


def rehearse() -> None:
    """Compile all loops, let all others work meanwhile, and fail if they compute nonsense."""
    if hasattr(os, "nice"):
        os.nice(15)
    from workbench.kernels.engines.compiled import LOOPS
    from workbench.kernels.engines.numba import NumbaEngine

    for loop in LOOPS.values():
        loop.make()
    if not agrees(NumbaEngine()):
        raise SystemExit("other numbers than the reference")


def _answers(engine: Engine) -> list[Image]:
    """What an engine makes of a picture by tables of every kind."""
    from workbench.kernels.operators.selection import Selection
    from workbench.kernels.pooling import Windows  # which, like it, asks for the engine in use

    rng = np.random.default_rng(5)
    x = rng.random(_PICTURE).astype(np.float32)
    answers = []
    for rows, cols in (
        (_uneven(rng, 9, 14), _uneven(rng, 23, 61)),
        (_whole(rng, 9, 2), _whole(rng, 23, 3)),
        (_whole(rng, 9, 4), _whole(rng, 23, 2)),
    ):
        for picture in (x, np.ascontiguousarray(x[..., 0])):
            out = np.zeros((rows.n_out, cols.n_out, *picture.shape[2:]), np.float32)
            engine.separable(picture, rows, cols, out, CancelToken(), (0, 0))
            answers.append(out)
    for step_out, step_in in (((2, 2), (1, 1)), ((1, 3), (1, 1)), ((1, 1), (2, 2))):
        table = _stencil(rng, step_out, step_in)
        out = np.zeros((7 * step_out[0] // step_in[0], 20 * step_out[1] // step_in[1], 3), np.float32)
        engine.stencil(StencilJob(table, x, (0, 0), (0, 0)), out, CancelToken())
        answers.append(out)
    flat, places = np.zeros(40, np.float32), rng.permutation(40)[:20]
    engine.scatter(np.ascontiguousarray(x[0, :20, 0]), np.arange(20)[::-1].copy(), flat, places)
    axes = Windows((2, 2), (2, 2), (1, 0)).axes((9, 23))
    best = np.zeros((axes[0].count, axes[1].count, 3), np.float32)
    where = np.zeros(best.shape, np.intp)
    engine.pool(x, axes, best, where, CancelToken())
    targets, sources = where.reshape(-1, 3), np.repeat(np.arange(where[..., 0].size)[:, None], 3, axis=1)
    unpooled = Selection(best.shape[:2], (9, 23), targets, sources, IDENTITY).apply(best, engine=engine)
    return [*answers, flat, best, where.astype(np.float32), unpooled]


def _uneven(rng: np.random.Generator, n_in: int, n_out: int) -> AxisTable:
    """A table without a period."""
    start = np.sort(rng.integers(0, n_in - 2, n_out))
    return AxisTable(n_in, start, rng.standard_normal((n_out, 3)))


def _whole(rng: np.random.Generator, n_in: int, scale: int) -> AxisTable:
    """A table that repeats with every sample."""
    start = np.arange((n_in - 3) * scale) // scale
    return AxisTable(n_in, start, np.tile(rng.standard_normal((scale, 4)), (n_in - 3, 1)), (scale, 1))


def _stencil(rng: np.random.Generator, step_out: tuple[int, int], step_in: tuple[int, int]) -> StencilTable:
    """A stencil of 2 × 2 taps."""
    dy, dx = np.array([0, 0, 1, 1]), np.array([-1, 0, -1, 0])
    phases = {(a, b): (dy, dx + b % 2, rng.standard_normal(4)) for a in range(step_out[0]) for b in range(step_out[1])}
    return StencilTable(step_out, step_in, phases)
