"""Each library's words for our methods. Nothing here imports a library."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
