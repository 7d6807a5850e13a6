"""Colour maps as tables: the same bytes for the screen and for exported figures.

The tables lie in ``resources/colormaps``, one line of three bytes for each entry; where they come from, and
what was done to them, stands in ``ATTRIBUTION.md`` beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from workbench.kernels.errors import ParameterError
from workbench.model.resources import resource


@dataclass(frozen=True, slots=True, eq=False)
class ColourMap:
    """A table from a position in the range to a colour.

    Parameters
    ----------
    id, name : str
        For files and for people.
    table : ndarray
        (n, 3) uint8, read-only, low end first.
    diverging : bool
        Two hues that meet in a neutral middle; n is then odd, so that the middle of the range has an entry of
        its own: with an even n, zero falls between two colours.
    cyclic : bool
        Both ends meet: for angles and phases, whose largest value is the smallest again.
    """

    id: str
    name: str
    table: npt.NDArray[np.uint8]
    diverging: bool
    cyclic: bool = False


# id → name, diverging; in the order menus show them, the default of each kind first.
_MAPS: dict[str, tuple[str, bool]] = {
    "gray": ("Grey", False),
    "viridis": ("Viridis", False),
    "cividis": ("Cividis", False),
    "cet-d1a": ("Blue–white–red (CET-D1A)", True),
    "cet-cbd1": ("Blue–white–yellow (CET-CBD1)", True),
    "cet-d4": ("Blue–black–red (CET-D4)", True),
    "cet-cbc1": ("Cyclic blue–white–yellow–black (CET-CBC1)", False),
}
_CYCLIC = frozenset({"cet-cbc1"})


def all_maps() -> tuple[ColourMap, ...]:
    """Every colour map: the sequential ones, the diverging ones, then the cyclic one."""
    return tuple(load(ident) for ident in _MAPS)


@cache
def load(ident: str) -> ColourMap:
    """The colour map of this id, read once.

    Raises
    ------
    ParameterError
        If there is none; the sentence lists those that exist.
    """
    if ident not in _MAPS:
        raise ParameterError("colour map", f"must be one of {', '.join(_MAPS)}, not {ident}")
    name, diverging = _MAPS[ident]
    if ident == "gray":
        table = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    else:
        table = np.loadtxt(resource("colormaps", f"{ident}.csv"), dtype=np.uint8, delimiter=",")
    table.flags.writeable = False
    return ColourMap(ident, name, table, diverging, ident in _CYCLIC)
