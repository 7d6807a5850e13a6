"""What is done to a value after the linear part: never inside A, always named.

``= 1.070 → shown 1 (clip) → 255 in an 8-bit file``
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from workbench.model.display import Range, format_card
from workbench.model.prepared import PreparedSource


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done to a value: what it becomes, and how that is said."""

    value: float
    text: str


def tail_of(value: float, ends: Range, prepared: PreparedSource) -> tuple[Step, ...]:
    """What the screen clips, and what a file of whole numbers clips.

    Parameters
    ----------
    value : float
    ends : Range
        What the panel shows.
    prepared : PreparedSource
        Whose whole numbers a file of the same kind would hold.
    """
    steps = []
    if math.isfinite(value) and not ends.lo <= value <= ends.hi:
        seen = min(max(value, ends.lo), ends.hi)
        steps.append(Step(seen, f"shown {format_card(seen)} (clip)"))
    kind = prepared.source.pixels.dtype
    if kind.kind == "u" and kind.itemsize <= 2 and math.isfinite(value) and not 0.0 <= value <= 1.0:
        code = 0.0 if value < 0 else prepared.source.nominal[1]
        steps.append(Step(code, f"{code:.0f} in {'an 8' if kind.itemsize == 1 else 'a 16'}-bit file"))
    return tuple(steps)
