"""Rows, taps and columns of every method on a picture of 8192 × 8192: what a pointer asks for with every pixel."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from workbench.kernels.arrays import Pixel
from workbench.kernels.method import SourceSpec
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.registry import from_dict

SIDE = 8192
ROW, OTHER = 5, 20
"""µs: a row of a short kernel; taps, columns, and rows of some hundred pixels."""


def _weights(*shape: int) -> Any:
    return np.random.default_rng(0).standard_normal(shape).tolist()


CASES: dict[str, tuple[dict[str, Any], int | None]] = {
    "nearest ×2": ({"method": "nearest"}, None),
    "nearest ×1.37": ({"method": "nearest", "scale": 1.37}, None),
    "linear ×2": ({"method": "linear"}, None),
    "bilinear ×2": ({"method": "bilinear"}, None),
    "bilinear ×2, zeros outside": ({"method": "bilinear", "edge": "zero"}, None),
    "bicubic ×2": ({"method": "bicubic"}, None),
    "bicubic ×1.37": ({"method": "bicubic", "scale": 1.37}, None),
    "bicubic ×2, wrapped": ({"method": "bicubic", "edge": "wrap"}, None),
    "bicubic ×2, mirrored": ({"method": "bicubic", "edge": "mirror"}, None),
    "bicubic ×0.4, antialiased": ({"method": "bicubic", "scale": 0.4, "antialias": True}, None),
    "cubic (B, C) ×2": ({"method": "cubic_bc"}, None),
    "Lanczos 3 ×2": ({"method": "lanczos"}, None),
    "Lanczos 5 ×2": ({"method": "lanczos", "r": 5}, None),
    "Hamming ×2": ({"method": "hamming"}, None),
    "Gaussian ×2": ({"method": "gaussian"}, None),
    "box ×2": ({"method": "box"}, None),
    "area ×0.4": ({"method": "area", "scale": 0.4}, None),
    "area ×2.5": ({"method": "area", "scale": 2.5}, None),
    "block mean": ({"method": "down"}, None),
    "spline 3 ×2": ({"method": "bspline"}, None),
    "spline 5 ×2, replicated": ({"method": "bspline", "order": 5, "edge": "replicate"}, None),
    "spline 3 ×2, wrapped": ({"method": "bspline", "edge": "wrap"}, None),
    "Fourier ×2": ({"method": "fourier"}, None),
    "Fourier ×1.37": ({"method": "fourier", "scale": 1.37}, None),
    "zero insertion": ({"method": "zero_insertion"}, None),
    "transposed k4 s2": ({"method": "transposed_conv", "kernel_size": 4, "stride": 2, "padding": 1}, None),
    "transposed k4 s2, twice": (
        {"method": "transposed_conv", "kernel_size": 4, "stride": 2, "padding": 1, "repeat": 2},
        None,
    ),
    "convolution k3": ({"method": "convolution"}, None),
    "resize-convolution, nearest": ({"method": "resize_conv"}, None),
    "resize-convolution, Lanczos, own 5×5": (
        {"method": "resize_conv", "interpolation": "lanczos", "kernel": _weights(5, 5)},
        None,
    ),
    "sub-pixel convolution": ({"method": "pixel_shuffle"}, None),
    "pixel shuffle": ({"method": "pixel_shuffle", "kernels": "none"}, 12),
    "sub-pixel convolution, 3 → 3 channels": ({"method": "pixel_shuffle", "kernels": _weights(12, 3, 3, 3)}, 3),
    "pixel unshuffle": ({"method": "pixel_unshuffle"}, 3),
    "grouped convolution 4 → 4": ({"method": "grouped_conv", "weights": _weights(4, 2, 3, 3), "groups": 2}, 4),
    "transposed k4 s2, 3 → 3 channels": (
        {"method": "grouped_transposed_conv", "weights": _weights(3, 3, 4, 4), "stride": 2, "padding": 1},
        3,
    ),
    "bilinear additive 8 → 2": ({"method": "bilinear_additive"}, 8),
    "average pool": ({"method": "average_pool"}, None),
    "average pool k3 s2 p1": ({"method": "average_pool", "kernel": 3, "stride": 2, "padding": 1}, None),
    "average-unpool": ({"method": "average_unpool"}, None),
    "average-unpool, adjoint": ({"method": "average_unpool", "fill": "adjoint", "kernel": 3, "stride": 2}, None),
}
"""Method, and how many channels its source has."""

RECORDED = ("max_pool", "max_unpool")
"""Methods that need a record of a pooling, as large as the picture."""

_LONG = ("spline", "Fourier", "resize-conv", "additive")


def made(title: str, side: int = SIDE) -> LinearOperator:
    """The operator of a case on a picture of this side."""
    fields, channels = CASES[title]
    return from_dict(fields).operator(SourceSpec((side, side), channels=channels))


def recorded(method: str, side: int) -> LinearOperator:
    """Max-pooling, or its unpooling, of noise of this side."""
    noise = np.random.default_rng(0).standard_normal((side, side)).astype(np.float32)
    prepared = from_dict({"method": "max_pool"}).prepare(noise)
    if method == "max_pool":
        return prepared.operator
    assert prepared.record is not None
    return from_dict({"method": method}).operator(SourceSpec(prepared.record.shape, prepared.record))


def questions(operator: LinearOperator) -> dict[str, Callable[[Pixel], object]]:
    """Row, taps and column of a pixel, of the last channel."""
    channel, source = (operator.out_channels or 1) - 1, (operator.in_channels or 1) - 1
    return {
        "row": lambda pixel: operator.row(*pixel, channel),
        "taps": lambda pixel: operator.taps(*pixel, channel),
        "column": lambda pixel: operator.column(*pixel, source),
    }


def around(shape: tuple[int, int], count: int = 40) -> list[Pixel]:
    """Pixels near one place inside, where a pointer is: no two alike."""
    rng = np.random.default_rng(1)
    return [Pixel(shape[0] // 3 + int(r), shape[1] // 5 + int(c)) for r, c in rng.integers(0, 60, (count, 2))]


def seconds(ask: Callable[[Pixel], object], pixels: list[Pixel], repeat: int = 9) -> float:
    """CPU time of one question: the best of several rounds, so that a busy machine does not count."""
    for pixel in pixels:
        ask(pixel)
    best = float("inf")
    for _ in range(repeat):
        start = time.process_time()
        for pixel in pixels:
            ask(pixel)
        best = min(best, time.process_time() - start)
    return best / len(pixels)


def measured() -> Iterator[tuple[str, float, float]]:
    """Title, bound and measured µs of every question to every method."""
    for title in (*CASES, *RECORDED):
        operator = recorded(title, SIDE // 4) if title in RECORDED else made(title)
        for name, ask in questions(operator).items():
            pixels = around(operator.in_shape if name == "column" else operator.out_shape, 400)
            long_row = title in RECORDED or any(word in title for word in _LONG)
            bound = ROW if name == "row" and not long_row else OTHER
            yield f"{name} of A, {title}", bound, seconds(ask, pixels) * 1e6
