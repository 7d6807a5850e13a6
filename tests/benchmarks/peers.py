"""The other libraries, asked for the same thing, in memory that is already there where they can.

Each maker returns what there is to call, by name; a library that is not installed, or has no such method, is left out.
"""

from __future__ import annotations

import importlib.util
from typing import Any

import numpy as np

from tests.benchmarks.timing import Call
from workbench.kernels.arrays import channels_of

Calls = dict[str, Call]

CV2 = {"nearest": "INTER_NEAREST", "bilinear": "INTER_LINEAR", "bicubic": "INTER_CUBIC", "lanczos": "INTER_LANCZOS4"}


def _installed(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def resizes(method: str, x: np.ndarray, size: tuple[int, int]) -> Calls:
    """cv2 into ``dst``, Pillow by planes, and torch as its users call it (NCHW)."""
    calls: Calls = {}
    if _installed("cv2"):
        calls["cv2"] = _cv2_resize(method, x, size)
    if _installed("torch") and method in ("nearest", "bilinear", "bicubic"):
        calls["torch"] = _torch_resize(method, x, size)
    if _installed("PIL"):
        calls["Pillow"] = _pillow_resize(method, x, size)
    return calls


def _cv2_resize(method: str, x: np.ndarray, size: tuple[int, int]) -> Call:
    import cv2

    cv2.setNumThreads(1)
    out, how = np.zeros((*size, *x.shape[2:]), np.float32), getattr(cv2, CV2[method])
    return lambda: cv2.resize(x, size[::-1], dst=out, interpolation=how)


def _torch_resize(method: str, x: np.ndarray, size: tuple[int, int]) -> Call:
    torch = _torch()
    planes = _planes(torch, x)
    corners = {} if method == "nearest" else {"align_corners": False}
    return lambda: torch.nn.functional.interpolate(planes, size=size, mode=method, **corners)


def _pillow_resize(method: str, x: np.ndarray, size: tuple[int, int]) -> Call:
    from PIL import Image

    how = getattr(Image.Resampling, method.upper())
    planes = [Image.fromarray(np.ascontiguousarray(plane)) for plane in np.atleast_3d(x).transpose(2, 0, 1)]
    return lambda: [plane.resize(size[::-1], how) for plane in planes]


def transposed(x: np.ndarray, kernel: np.ndarray, stride: int, padding: int) -> Calls:
    """cv2 from zeros inserted, torch with channels as the batch, and torch grouped, as its users call it."""
    calls: Calls = {}
    if _installed("cv2"):
        calls["cv2"] = _cv2_transposed(x, kernel, stride)
    if _installed("torch"):
        torch = _torch()
        planes = _planes(torch, x)
        batch, weight = planes[0][:, None], torch.from_numpy(kernel.astype(np.float32))[None, None]
        grouped, count = weight.repeat(channels_of(x), 1, 1, 1), channels_of(x)
        transpose = torch.nn.functional.conv_transpose2d
        calls["torch batch"] = lambda: transpose(batch, weight, stride=stride, padding=padding)
        calls["torch"] = lambda: transpose(planes, grouped, stride=stride, padding=padding, groups=count)
    return calls


def _cv2_transposed(x: np.ndarray, kernel: np.ndarray, stride: int) -> Call:
    import cv2

    cv2.setNumThreads(1)
    zeros = np.zeros((x.shape[0] * stride, x.shape[1] * stride, *x.shape[2:]), np.float32)
    out, flipped = np.empty_like(zeros), np.ascontiguousarray(kernel[::-1, ::-1].astype(np.float32))

    def call() -> None:
        zeros[::stride, ::stride] = x
        cv2.filter2D(zeros, -1, flipped, dst=out, borderType=cv2.BORDER_CONSTANT)

    return call


def max_pools(x: np.ndarray, size: int) -> Calls:
    """torch, which keeps 64-bit indices."""
    if not _installed("torch"):
        return {}
    torch = _torch()
    planes = _planes(torch, x)
    return {"torch": lambda: torch.nn.functional.max_pool2d(planes, size, return_indices=True)}


def max_unpools(x: np.ndarray, size: int) -> Calls:
    """torch, from what its own pooling of ``x`` recorded."""
    if not _installed("torch"):
        return {}
    torch = _torch()
    pooled, indices = torch.nn.functional.max_pool2d(_planes(torch, x), size, return_indices=True)
    return {"torch": lambda: torch.nn.functional.max_unpool2d(pooled, indices, size)}


def _torch() -> Any:
    import torch

    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    return torch


def _planes(torch: Any, x: np.ndarray) -> Any:
    return torch.from_numpy(np.ascontiguousarray(np.atleast_3d(x).transpose(2, 0, 1)))[None]


def versions() -> list[str]:
    """What is compared, with versions."""
    from importlib.metadata import PackageNotFoundError, version

    found = []
    for name in ("numpy", "numba", "opencv-python-headless", "torch", "Pillow"):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} missing")
    return found
