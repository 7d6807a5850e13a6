"""The values at the ends of a scale, and what bends it: what a group of panels shares besides its colours."""

from __future__ import annotations

import math
from dataclasses import dataclass

from workbench.kernels.errors import ParameterError

# Narrower ranges overflow when a position is computed.
_NARROWEST = 1e-300


@dataclass(frozen=True, slots=True)
class Range:
    """The values at the two ends of a colour map or of the grey scale.

    Raises
    ------
    ParameterError
        If the ends are not finite or the upper one does not lie above the lower one.
    """

    lo: float
    hi: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.lo) and math.isfinite(self.hi) and math.isfinite(self.hi - self.lo)):
            raise ParameterError("range", f"must be finite, not {self.lo:g} … {self.hi:g}")
        if not self.hi - self.lo >= _NARROWEST:
            raise ParameterError("range", f"must end above where it starts, not {self.lo:g} … {self.hi:g}")

    @property
    def width(self) -> float:
        return self.hi - self.lo

    @property
    def middle(self) -> float:
        """Exactly 0 for a symmetric range."""
        return self.lo / 2 + self.hi / 2

    def rounded(self, value: float) -> float:
        """A value as a hand means it that sets it on this scale: to a thousandth of the width or so, wherever 0 is."""
        return round(float(value), 3 - math.floor(math.log10(self.width)))


@dataclass(frozen=True, slots=True)
class Tone:
    """What stands between a range and its colours: a narrower or shifted range, and a bent scale.

    Parameters
    ----------
    gain : float
        The range is narrowed by it, about its lower end; on diverging maps about its middle.
    offset : float
        Added to every value, in widths of the range.
    gamma : float
        Exponent of the position in the range is ``1 / gamma``; on diverging maps on both sides of the middle.

    Raises
    ------
    ParameterError
        If a number lies outside its limits.
    """

    gain: float = 1.0
    offset: float = 0.0
    gamma: float = 1.0

    def __post_init__(self) -> None:
        for name, value, low, high in (
            ("gain", self.gain, 2.0**-20, 2.0**20), ("offset", self.offset, -1e3, 1e3), ("gamma", self.gamma, 0.05, 20),
        ):  # fmt: skip
            if not low <= value <= high:
                raise ParameterError(name, f"must lie between {low:g} and {high:g}, not {value:g}")

    @property
    def neutral(self) -> bool:
        """Whether it changes nothing."""
        return self == NEUTRAL

    def ends(self, range: Range, diverging: bool) -> Range:
        """The values at the two ends of the colours: the range after gain and offset."""
        if self.gain == 1 and self.offset == 0:
            return range
        shift = self.offset * range.width
        if diverging:
            half = range.width / 2 / self.gain
            lo, hi = range.middle - half - shift, range.middle + half - shift
        else:
            lo, hi = range.lo - shift, range.lo + range.width / self.gain - shift
        try:
            return Range(lo, hi)
        except ParameterError:  # numbers so large or so small that there is nothing left to show
            return range


NEUTRAL = Tone()
