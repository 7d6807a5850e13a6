"""Memory for large results, used again: a fresh page of memory costs as much as the fastest engines take to fill it.

A block goes back when the last array that stands on it is gone, views included, and never before: every array holds
on to a lease, and the end of the lease returns the block. What is kept is bounded, and may be given back at once.
"""

from __future__ import annotations

import math
import threading
import weakref
from collections import deque
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

LEAST = 1 << 22
"""Bytes from which a block is worth keeping; below, the system's own allocator does as much."""

MOST = 1 << 28
"""Bytes that wait unused at most."""

_WASTE = 1.25
"""How much larger than what is asked for a used block may be."""

_PAGE = 4096

Block = npt.NDArray[np.uint8]


class Recycler:
    """Blocks that wait to be used again.

    Parameters
    ----------
    most : int
        Bytes that wait at most; the block that has waited longest goes first.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._blocks: list[Block] = []
        self._lock = threading.Lock()
        # A lease may end wherever memory is collected, also while this very thread holds the lock.
        self._returned: deque[Block] = deque()

    @property
    def waiting(self) -> int:
        """Bytes that wait."""
        with self._lock:
            self._collect()
            return sum(block.nbytes for block in self._blocks)

    def empty(self, shape: int | Sequence[int], dtype: npt.DTypeLike = np.float32) -> npt.NDArray[Any]:
        """An array like ``numpy.empty``: in used memory where there is some of the right size.

        Parameters
        ----------
        shape : int or sequence of int
        dtype : dtype
        """
        kind = np.dtype(dtype)
        sizes = (shape,) if isinstance(shape, int) else tuple(shape)
        size = math.prod(sizes) * kind.itemsize
        if size < LEAST or kind.hasobject:
            return np.empty(sizes, kind)
        block = self._taken(size)
        if block is None:
            block = np.empty(-(-size // _PAGE) * _PAGE, np.uint8)
        lease = _Lease(block[:size].view(kind).reshape(sizes))
        weakref.finalize(lease, self._give, block).atexit = False
        # Not a view of the block, which would go on to exist when the lease is over: the lease is what it stands on.
        return np.asarray(lease)

    def clear(self) -> None:
        """Give all that waits back to the system."""
        with self._lock:
            self._collect()
            self._blocks.clear()

    def _taken(self, size: int) -> Block | None:
        """The smallest block that is large enough and not much larger."""
        with self._lock:
            self._collect()
            fitting = [n for n, block in enumerate(self._blocks) if size <= block.nbytes <= size * _WASTE + _PAGE]
            if not fitting:
                return None
            return self._blocks.pop(min(fitting, key=lambda n: self._blocks[n].nbytes))

    def _give(self, block: Block) -> None:
        self._returned.append(block)
        if self._lock.acquire(blocking=False):
            try:
                self._collect()
            finally:
                self._lock.release()

    def _collect(self) -> None:
        """Take what has come back, and let go what is too much; under the lock."""
        while self._returned:
            self._blocks.append(self._returned.popleft())
        while sum(one.nbytes for one in self._blocks) > self._most:
            self._blocks.pop(0)


class _Lease:
    """What arrays on a block stand on: numpy keeps it as long as one of them, or a view of one, is alive."""

    __slots__ = ("__array_interface__", "__weakref__")

    def __init__(self, array: npt.NDArray[Any]) -> None:
        self.__array_interface__ = array.__array_interface__


_RECYCLER = Recycler()


def empty(shape: int | Sequence[int], dtype: npt.DTypeLike = np.float32) -> npt.NDArray[Any]:
    """An array like ``numpy.empty``, for large results that come and go."""
    return _RECYCLER.empty(shape, dtype)


def clear() -> None:
    """Give unused memory back to the system."""
    _RECYCLER.clear()
