"""Pillow's short cut to small pictures: whole blocks are averaged first, then the blocks are resized.

Source: ``Image.resize(reducing_gap=g)`` of Pillow 13. On each axis of a box of length b that becomes m samples, blocks
of k = ⌊b ÷ m ÷ g⌋ samples, at least 1, are averaged in the part of the picture that the kernel reaches from the box;
the last block averages what there is. If k is 1 on both axes nothing is averaged.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np

from workbench.kernels.coordinates import AxisMap, Grid
from workbench.kernels.tables import AxisTable, table_from_matrix, table_from_rows

Make = Callable[[AxisMap], AxisTable]


def block_lengths(rows: AxisMap, cols: AxisMap, gap: float) -> tuple[int, int] | None:
    """Samples in a block on either axis; None where nothing is averaged."""
    lengths = _length(rows, gap), _length(cols, gap)
    return None if lengths == (1, 1) else lengths


def reduced_table(axis: AxisMap, length: int, radius: float, make: Make) -> AxisTable:
    """What a resize makes of the means of blocks, as one table of the samples.

    Parameters
    ----------
    axis : AxisMap
        From samples to outputs.
    length : int
        Samples in a block.
    radius : float
        Of the kernel.
    make : callable
        The table of an axis: asked for the one from blocks to outputs.
    """
    begin, end = _box(axis)
    # Pillow reckons with the box's own ratio, also where it enlarges: taps may then be cut.
    reach = (radius - 0.5) * ((end - begin) / axis.n_out)
    first, last = max(0, int(begin - reach)), min(axis.n_in, math.ceil(end + reach))
    blocks = -(-(last - first) // length)
    region = Fraction((begin - first) / length), Fraction((end - first) / length)
    resized = make(replace(axis, n_in=blocks, grid=Grid.BOX_OFFSET, region=region))
    index = first + np.arange(blocks * length).reshape(blocks, length)
    used = index < last
    means = table_from_rows(axis.n_in, np.where(used, index, 0), used / used.sum(axis=1, keepdims=True))
    return table_from_matrix(resized.matrix @ means.matrix)


def _length(axis: AxisMap, gap: float) -> int:
    begin, end = _box(axis)
    return int((end - begin) / axis.n_out / gap) or 1


def _box(axis: AxisMap) -> tuple[float, float]:
    """Begin and end of what is resized, in samples."""
    if axis.grid is not Grid.BOX_OFFSET:
        return 0.0, float(axis.n_in)
    return float(axis.span[0]), float(axis.span[1])
