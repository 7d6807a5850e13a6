"""Where the files that ship with the workbench lie, in a clone and in a frozen application alike."""

from __future__ import annotations

import sys
from pathlib import Path

import workbench


def resource(*parts: str) -> Path:
    """The path of a shipped file or folder: ``resource("samples", "brick.png")``.

    Convention
        ``resources/`` stands beside the package; a frozen application unpacks both into one folder, which it
        names in ``sys._MEIPASS``.
    """
    frozen = getattr(sys, "_MEIPASS", None)
    root = Path(frozen) if frozen else Path(workbench.__file__).parents[1]
    return root.joinpath("resources", *parts)
