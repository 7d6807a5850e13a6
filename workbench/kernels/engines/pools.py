"""The compiled loops of the `numba` engine that copy and compare; as in `loops`."""

from __future__ import annotations

from numba import njit, types

from workbench.kernels.engines.lanes import get, put
from workbench.kernels.engines.loops import LINE, READ, WHOLE
from workbench.kernels.engines.rows import JIT

INDICES = types.Array(types.int64, 1, "C", readonly=True)
SCATTER = types.void(READ, WHOLE, INDICES, LINE, WHOLE, INDICES)


@njit(**JIT)
def scatter(x, step, sources, out, apart, targets):
    """``out[targets · apart] = x[sources · step]``."""
    for i in range(len(targets)):
        put(out, get(targets, i) * apart, get(x, get(sources, i) * step))
