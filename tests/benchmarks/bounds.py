"""The table of bounds: windows, rows and columns, memory, cancelling, growth with size."""

from __future__ import annotations

import threading
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from tests.benchmarks import rows
from tests.benchmarks.ratios import engines, picture
from tests.benchmarks.timing import interleaved
from workbench.kernels.arrays import Window
from workbench.kernels.cancel import CancelToken
from workbench.kernels.errors import Cancelled
from workbench.kernels.method import SourceSpec
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.registry import from_dict

WINDOW = {"blas": 5.0, "numba": 1.5}
METHODS = {
    "nearest ×4": {"method": "nearest", "scale": 4},
    "bilinear ×4": {"method": "bilinear", "scale": 4},
    "bicubic ×2.5": {"method": "bicubic", "scale": 2.5},
    "Lanczos 4 ×4": {"method": "lanczos", "scale": 4, "r": 4},
    "transposed k4 s2": {
        "method": "transposed_conv",
        "kernel": "bilinear",
        "kernel_size": 4,
        "stride": 2,
        "padding": 1,
    },
}


@dataclass(frozen=True)
class Line:
    """A bound and what was measured."""

    title: str
    bound: float
    unit: str
    value: float


def lines() -> Iterator[Line]:
    """Every bound, measured when it is its turn."""
    yield from _windows()
    yield from _rows()
    yield from _memory()
    yield from _cancelling()
    yield from _growth()


def _operator(name: str, shape: tuple[int, int]) -> LinearOperator:
    return from_dict(METHODS[name]).operator(SourceSpec(shape))


def _windows() -> Iterator[Line]:
    """A window of the middle: of a picture of 12 Mpx, and how much dearer than in one of 0.5 Mpx."""
    for name in METHODS:
        large, small = (_operator(name, shape) for shape in ((3072, 4096), (900, 1100)))
        images = [picture(operator.in_shape, 3) for operator in (large, small)]
        out = np.zeros((800, 1000, 3), np.float32)
        for engine_name, engine in engines().items():
            calls = {}
            for size, operator, x in zip(("large", "small"), (large, small), images):
                top, left = operator.out_shape[0] // 3, operator.out_shape[1] // 7
                window = Window(top + 1, left + 1, top + 801, left + 1001)
                calls[size] = partial(operator.apply, x, window, out=out, engine=engine)
            seconds = interleaved(calls, 15)
            yield Line(f"window 800×1000×3, {name}, {engine_name}", WINDOW[engine_name], "ms", seconds["large"] * 1e3)
            yield Line(f"… large ÷ small picture, {name}, {engine_name}", 1.2, "×", seconds["large"] / seconds["small"])


def _rows() -> Iterator[Line]:
    for title, bound, microseconds in rows.measured():
        yield Line(title, bound, "µs", microseconds)


def _memory() -> Iterator[Line]:
    for name in METHODS:
        operator = _operator(name, (1200, 1600))
        x = picture(operator.in_shape, 3)
        for engine_name, engine in engines().items():
            operator.apply(x, Window(0, 0, 8, 8), engine=engine)
            tracemalloc.start()
            out = operator.apply(x, engine=engine)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            share = (x.nbytes + peak) / (x.nbytes + out.nbytes)
            yield Line(f"memory (in + peak) ÷ (in + out), {name}, {engine_name}", 1.05, "×", share)


def _cancelling() -> Iterator[Line]:
    for name in METHODS:
        operator = _operator(name, (3000, 4000))
        x, out = picture(operator.in_shape, 3), np.zeros((*operator.out_shape, 3), np.float32)
        for engine_name, engine in engines().items():
            waits = [_wait(operator, x, out, engine) for _ in range(3)]
            yield Line(f"cancelled work ends after, {name}, {engine_name}", 50, "ms", max(waits) * 1e3)


def _wait(operator: LinearOperator, x: np.ndarray, out: np.ndarray, engine: object) -> float:
    token, asked = CancelToken(), []

    def ask() -> None:
        asked.append(time.perf_counter())
        token.cancel()

    timer = threading.Timer(0.03, ask)
    timer.start()
    try:
        operator.apply(x, out=out, engine=engine, cancel=token)
    except Cancelled:
        return time.perf_counter() - asked[0]
    timer.cancel()
    return 0.0


def _growth() -> Iterator[Line]:
    """Dearest ÷ cheapest value, from 1 million on to 100 million."""
    for name in ("bilinear ×4", "transposed k4 s2"):
        for engine_name, engine in engines().items():
            calls, sizes = {}, {}
            for side in (250, 700, 1450) if name == "bilinear ×4" else (500, 1400, 2900):
                operator = _operator(name, (side, side + 50))
                x, out = picture(operator.in_shape, 3), np.zeros((*operator.out_shape, 3), np.float32)
                calls[str(side)] = partial(operator.apply, x, out=out, engine=engine)
                sizes[str(side)] = out.size
            each = [seconds / sizes[side] for side, seconds in interleaved(calls).items()]
            yield Line(
                f"cost of a value, dearest ÷ cheapest size, {name}, {engine_name}", 1.3, "×", max(each) / min(each)
            )
