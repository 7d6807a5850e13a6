"""Memory that one thread uses again and again: what is warm is fast."""

from __future__ import annotations

import math
import threading
from typing import Any

import numpy as np
import numpy.typing as npt

_LOCAL = threading.local()


class Scratch:
    """Named blocks of one dtype, that grow when they must. What they hold is of no meaning."""

    @staticmethod
    def here(dtype: np.dtype[Any]) -> Scratch:
        """That of this thread, which keeps it: fresh memory costs as much as most of what is done in it."""
        name = dtype.str
        if not hasattr(_LOCAL, name):
            setattr(_LOCAL, name, Scratch(dtype))
        found: Scratch = getattr(_LOCAL, name)
        return found

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self._dtype = dtype
        self._memory: dict[str, npt.NDArray[Any]] = {}

    def __call__(self, name: str, *shape: int) -> npt.NDArray[Any]:
        """A contiguous block of this shape."""
        size = math.prod(shape)
        known = self._memory.get(name)
        if known is None or known.size < size:
            known = self._memory[name] = np.zeros(size, self._dtype)
        return known[:size].reshape(shape)

    def like(self, name: str, other: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """A contiguous block of the shape of another."""
        return self(name, *other.shape)
