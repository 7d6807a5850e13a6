"""Rows and columns of one axis, ready to be read: made a block at a time, when a pointer first gets there.

A pointer asks for a row with every pixel it crosses. Entries of neighbouring lines stand one after the other in a few
arrays, so that a line is a slice; no line costs more on a longer axis.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.intp]
Block = tuple[list[int], tuple[npt.NDArray[Any], ...]]
"""Where each line of a block begins, and the last one ends; entries of all of them, in any number of arrays."""

Line = tuple[Ints, npt.NDArray[np.float64]]
"""Places in order, and their weights."""

SHORT = 10
"""Short lines come 1,024 at a time."""

LONG = 7
"""Lines of some fifty entries come 128 at a time."""


class Lines:
    """The lines of an axis, each a slice of several arrays.

    Parameters
    ----------
    count : int
        How many lines there are.
    make : callable
        First line and end of a block in, the block out.
    bits : int
        A block has 2 to this power lines.
    """

    __slots__ = ("_bits", "_blocks", "_count", "_make", "_mask")

    def __init__(self, count: int, make: Callable[[int, int], Block], bits: int = SHORT) -> None:
        self._count = count
        self._make = make
        self._bits = bits
        self._mask = (1 << bits) - 1
        self._blocks: dict[int, Block] = {}

    def __getitem__(self, k: int) -> tuple[Ints, npt.NDArray[np.float64]]:
        """The first two of the arrays: mostly places in order, and their weights."""
        found = self._blocks.get(k >> self._bits)
        pointers, arrays = found or self._made(k)
        k &= self._mask
        begin, end = pointers[k], pointers[k + 1]
        return arrays[0][begin:end], arrays[1][begin:end]

    def all(self, k: int) -> list[npt.NDArray[Any]]:
        """The line in all of the arrays."""
        found = self._blocks.get(k >> self._bits)
        pointers, arrays = found or self._made(k)
        k &= self._mask
        line = slice(pointers[k], pointers[k + 1])
        return [array[line] for array in arrays]

    def _made(self, k: int) -> Block:
        number = k >> self._bits
        first = number << self._bits
        made = self._blocks[number] = self._make(first, min(first + self._mask + 1, self._count))
        return made


def block(counts: Ints, *arrays: npt.NDArray[Any]) -> Block:
    """A block from the lengths of its lines and their entries, line after line."""
    for array in arrays:
        array.flags.writeable = False  # whoever reads a line gets a piece of this
    return [0, *np.cumsum(counts).tolist()], arrays


def sorted_block(lines: Ints, count: int, *arrays: npt.NDArray[Any]) -> Block:
    """A block from the line of each entry; within a line entries keep their order."""
    order = np.argsort(lines, kind="stable")
    return block(np.bincount(lines, minlength=count), *(array[order] for array in arrays))
