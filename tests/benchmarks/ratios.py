"""The table of ratios: our time ÷ that of the best other library, engine by engine."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np

from tests.benchmarks import peers
from tests.benchmarks.timing import Call, interleaved
from workbench.kernels.engines import BlasEngine, Engine
from workbench.kernels.method import Method, SourceSpec
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.pooling import Windows, max_pool
from workbench.kernels.registry import from_dict

SHAPE = (1024, 1536)


@dataclass(frozen=True)
class Target:
    """A line of the table: the bounds for `blas` and `numba`, and the one to dream of."""

    title: str
    blas: float
    numba: float
    moonshot: float


@dataclass(frozen=True)
class Case:
    """One measurement for a target: what we call, by engine, and what others call."""

    target: Target
    title: str
    ours: dict[str, Call]
    others: dict[str, Call]
    elements: int


@cache
def engines() -> dict[str, Engine]:
    """What there is to measure."""
    found: dict[str, Engine] = {"blas": BlasEngine()}
    if importlib.util.find_spec("numba") is not None:
        from workbench.kernels.engines.numba import NumbaEngine

        found["numba"] = NumbaEngine()
    return found


def picture(shape: tuple[int, int], channels: int) -> np.ndarray:
    size = shape if channels == 1 else (*shape, channels)
    return np.random.default_rng(0).random(size, np.float32)


def ours(method: Method, x: np.ndarray) -> tuple[dict[str, Call], tuple[int, int]]:
    """The method by each engine, into memory that is already there."""
    operator = method.operator(SourceSpec(x.shape[:2]))
    out = np.zeros((*operator.out_shape, *x.shape[2:]), np.float32)
    return applied(operator, x, out), operator.out_shape


def applied(operator: LinearOperator, x: np.ndarray, out: np.ndarray) -> dict[str, Call]:
    """One operator by each engine."""
    return {name: partial(operator.apply, x, out=out, engine=engine) for name, engine in engines().items()}


RESIZES = {
    "nearest grey": Target("nearest, grey", 1.0, 0.6, 0.4),
    "nearest RGB": Target("nearest, RGB", 1.8, 1.0, 0.75),
    "bilinear": Target("bilinear", 2.3, 1.2, 0.85),
    "bicubic": Target("bicubic", 2.1, 1.2, 0.85),
    "lanczos": Target("Lanczos 4", 0.85, 0.55, 0.33),
    "odd": Target("any of these, ×1.37", 3.5, 2.2, 1.0),
    "average_unpool grey": Target("average-unpool, grey", 1.0, 0.6, 0.4),
    "average_unpool RGB": Target("average-unpool, RGB", 1.8, 1.0, 0.75),
}
TRANSPOSED = Target("transposed convolution, per channel", 1.1, 0.45, 0.2)
UNPOOL = Target("max-unpool", 1.2, 0.7, 0.2)
POOL = Target("max-pool with indices", 3.0, 1.0, 0.4)
TORCH = Target("every one against torch as users call it", 1.0, 0.3, 0.1)
FIELDS: dict[str, dict[str, Any]] = {"lanczos": {"r": 4}}


def cases() -> Iterator[Case]:
    """Every measurement, made only when it is its turn: the memory of one is enough."""
    yield from _resize_cases()
    yield from _unpool_cases()
    yield from _transposed_cases()
    yield from _max_cases()


def _resize_cases() -> Iterator[Case]:
    for name in ("nearest", "bilinear", "bicubic", "lanczos"):
        for colour, channels in (("grey", 1), ("RGB", 3)):
            for scale in (2, 4, 1.37):
                target = RESIZES.get("odd" if scale == 1.37 else name) or RESIZES[f"{name} {colour}"]
                x = picture(SHAPE, channels)
                method = from_dict({"method": name, "scale": scale, **FIELDS.get(name, {})})
                calls, size = ours(method, x)
                others = peers.resizes(name, x, size)
                yield Case(target, f"{name} ×{scale} {colour}", calls, others, size[0] * size[1] * channels)


def _unpool_cases() -> Iterator[Case]:
    for colour, channels in (("grey", 1), ("RGB", 3)):
        for scale in (2, 4):
            x = picture(SHAPE, channels)
            calls, size = ours(from_dict({"method": "average_unpool", "kernel": scale}), x)
            others = peers.resizes("nearest", x, size)
            title = f"average-unpool {scale}×{scale} {colour}"
            yield Case(RESIZES[f"average_unpool {colour}"], title, calls, others, size[0] * size[1] * channels)


def _transposed_cases() -> Iterator[Case]:
    for side, stride, padding in ((2, 2, 0), (3, 2, 1), (4, 2, 1), (5, 3, 1)):
        for colour, channels in (("grey", 1), ("RGB", 3)):
            x = picture(SHAPE, channels)
            kernel = np.random.default_rng(side).standard_normal((side, side))
            fields = {"kernel": kernel.tolist(), "stride": stride, "padding": padding}
            calls, size = ours(from_dict({"method": "transposed_conv", **fields}), x)
            others = peers.transposed(x, kernel, stride, padding)
            yield Case(TRANSPOSED, f"k{side} s{stride} {colour}", calls, others, size[0] * size[1] * channels)


def _max_cases() -> Iterator[Case]:
    for colour, channels in (("grey", 1), ("RGB", 3)):
        x = picture((2 * SHAPE[0], 2 * SHAPE[1]), channels)
        windows = Windows((2, 2), (2, 2))
        values, record = max_pool(x, windows)
        operator = from_dict({"method": "max_unpool"}).operator(SourceSpec(record.shape, record))
        out = np.zeros_like(x)
        unpool = applied(operator, values, out)
        yield Case(UNPOOL, f"max-unpool 2×2 {colour}", unpool, peers.max_unpools(x, 2), x.size)
        pool: dict[str, Call] = {
            name: partial(max_pool, x, windows, engine=engine) for name, engine in engines().items()
        }
        yield Case(POOL, f"max-pool 2×2 {colour}", pool, peers.max_pools(x, 2), x.size)


@dataclass(frozen=True)
class Result:
    """What came out: seconds by name."""

    case: Case
    seconds: dict[str, float]

    def ratio(self, engine: str, others: list[str]) -> float | None:
        known = [self.seconds[name] for name in others if name in self.seconds]
        return self.seconds[engine] / min(known) if known and engine in self.seconds else None

    @property
    def best(self) -> list[str]:
        return list(self.case.others)


def measured(case: Case) -> Result:
    """All calls of a case, taken in turns."""
    return Result(case, interleaved({**case.ours, **case.others}))
