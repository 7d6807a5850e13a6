"""Each library's words for our methods. Nothing here imports a library."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.kernels.arrays import Shape
    from workbench.kernels.method import Method, SourceSpec


def codes(method: Method, source: SourceSpec | None = None) -> dict[str, str]:
    """The call that does what the method does on this input, for each library that has one, by the library's name.

    Parameters
    ----------
    method : Method
    source : SourceSpec, optional
        Many calls agree only at some sizes; without it, only those that agree at every size are given.
    """
    from workbench.kernels.dialects.phrasebook import LIBRARIES

    found = {name: code(method, source) for name, code in LIBRARIES.items()}
    return {name: call for name, call in found.items() if call is not None}


def calls_of(method: Method, shape: Shape, channels: int | None = None) -> dict[str, str]:
    """The call of each library that makes what the method makes of pictures of this size; found once, then remembered.

    Parameters
    ----------
    method : Method
    shape : (int, int)
        Rows and columns of the input.
    channels : int, optional
        For layers: how many channels the input has.

    Returns
    -------
    dict
        The library's name → lines that run as they stand; their docstrings say how ``x`` lies in memory. Libraries
        without such a call are left out. It takes some 0.1 to 1 s the first time: ask away from a window.
    """
    return dict(_found(method, shape, channels))


@lru_cache(maxsize=128)
def _found(method: Method, shape: Shape, channels: int | None) -> tuple[tuple[str, str], ...]:
    from workbench.kernels.method import SourceSpec

    return tuple(codes(method, SourceSpec(shape, channels=channels)).items())
