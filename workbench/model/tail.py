"""What is done to a value after the linear part: never inside A, always named.

``= 1.070 → shown 1 (clip) → 255 in an 8-bit file``; each step is a declared stage of `kernels.stages`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from workbench.kernels.stages import Stage, clipped, light, premultiplied, stored_as, tail
from workbench.model.display import Range, format_card
from workbench.model.prepared import PreparedSource


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done to a value: what it becomes, and how that is said."""

    value: float
    text: str


def tail_of(
    value: float, ends: Range, prepared: PreparedSource, channel: int = 0, *, filed: bool = True
) -> tuple[Step, ...]:
    """What the screen clips, and what a file of whole numbers like the source's would keep.

    Parameters
    ----------
    value : float
    ends : Range
        What the panel shows.
    prepared : PreparedSource
    channel : int
        Opacity takes no curve.
    filed : bool
        Whether to say the latter: not where a library's own rule is said.
    """
    if not math.isfinite(value):
        return ()
    steps = []
    if not ends.lo <= value <= ends.hi:
        seen = tail(value, (clipped(ends.lo, ends.hi),))[-1][1]
        steps.append(Step(seen, f"shown {format_card(seen)} (clip)"))
    kind, curve = prepared.source.pixels.dtype, _curve(prepared, channel)
    if filed and kind.kind == "u" and kind.itemsize <= 2 and (curve or not 0.0 <= value <= 1.0):
        done = tail(value, (*curve, *stored_as(8 * kind.itemsize)))
        where = f"{done[-1][1]:.0f} in {'an 8' if kind.itemsize == 1 else 'a 16'}-bit file"
        steps.append(Step(done[-1][1], f"{done[0][0]} {format_card(done[0][1])}, {where}" if curve else where))
    return tuple(steps)


def before_text(prepared: PreparedSource) -> str:
    """``before A: to linear light, × alpha``: what was done to the picture that the sum reads; empty for nothing."""
    titles = [light()[0].title] if _in_light(prepared) else []
    names = prepared.source.channel_names
    if names[-1:] == ("A",) and prepared.preparation.alpha == "premultiply" and prepared.source.alpha != "associated":
        titles.append(premultiplied()[0].title)
    return f"before A: {', '.join(titles)}" if titles else ""


def _in_light(prepared: PreparedSource) -> bool:
    return prepared.preparation.light == "linear" and prepared.source.transfer != "linear"


def _curve(prepared: PreparedSource, channel: int) -> tuple[Stage, ...]:
    """The sRGB curve, where light was averaged."""
    opaque = prepared.channel_names[min(channel, prepared.channels - 1)] != "A"
    return (light()[1],) if _in_light(prepared) and opaque else ()
