"""From a file's kind to the reader that does least to its numbers."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from workbench.kernels.errors import ImageOpenError
from workbench.model.readers.decoded import Decoded, Expect
from workbench.model.readers.netpbm import read_netpbm
from workbench.model.readers.npy import read_npy, read_npz
from workbench.model.readers.oiio import read_oiio
from workbench.model.readers.pillow import read_pillow
from workbench.model.readers.sniff import REFUSED, kind_of

NEAR = frozenset({"png", "jpeg", "webp", "bmp", "npy", "npz", "netpbm"})
"""Kinds read in this process; their decoders are hardened by every browser, or our own."""

_PILLOW = frozenset({"avif", "gif", "ico"})


def sniff(path: Path) -> str:
    """What the file's first bytes say it is; "" if nothing.

    Raises
    ------
    ImageOpenError
        For an empty file, or a kind that is known and not supported.
    """
    with path.open("rb") as file:
        head = file.read(64)
    if not head:
        raise ImageOpenError(path, "", "the file is empty (0 bytes)")
    kind = kind_of(head)
    if kind in REFUSED:
        raise ImageOpenError(path, "", f"is {kind}, which is not supported; convert it to PNG or TIFF")
    return kind


def decode(path: Path, kind: str, expect: Expect) -> Decoded:
    """Read the first picture of a file of this kind.

    Raises
    ------
    ImageOpenError
        And whatever else a library raises: the caller is the boundary.
    """
    if kind == "netpbm":
        return read_netpbm(path, expect)
    if kind == "npy":
        return read_npy(path, expect)
    if kind == "npz":
        return read_npz(path, expect)
    if kind in _PILLOW or importlib.util.find_spec("OpenImageIO") is None:
        return read_pillow(path, kind, expect)
    try:
        return read_oiio(path, kind, expect)
    except ImageOpenError as refusal:
        # TIFF has compressions OpenImageIO is built without; it says so only when it reads.
        if kind == "tiff" and "not configured" in refusal.reason:
            return read_pillow(path, kind, expect)
        raise
