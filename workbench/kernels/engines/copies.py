"""Values copied to their places, packed for engines that write eight neighbours at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Shape

Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Copies:
    """Which values of a picture are copied where; all others are zero.

    Parameters
    ----------
    shape : (int, int)
        Of the result.
    planes : sequence of (targets, sources)
        Flat indices for each channel, or one pair for all; no target twice.
    """

    shape: Shape
    planes: Sequence[tuple[Ints, Ints]]
    packed: dict[int, Packed | None] = field(default_factory=dict, init=False)
    """What engines made of it, by the number of channels; None where it cannot be packed."""


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """Copies by blocks of eight neighbouring values of the result, with the channels interleaved.

    Attributes
    ----------
    begins : (blocks,) int32
        First value that a block reads.
    codes : (blocks,) int32
        How far behind it value n reads, in the three bits from 3·n on; bit 24 + n says whether it reads at all.
    """

    begins: npt.NDArray[np.int32]
    codes: npt.NDArray[np.int32]
