"""Where compiled loops are kept between two starts: in the user's own cache folder, never beside the sources.

Nothing here imports numba.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

_SOURCES = ("lanes", "sums", "woven", "rows", "loops", "stamps", "pools")


def folder() -> Path:
    """The folder for these sources: numba itself looks at one file only, and would keep what others have changed."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    here = Path(__file__).parent
    text = b"".join((here / f"{name}.py").read_bytes() for name in _SOURCES)
    return base / "upsampling-workbench" / f"loops-{hashlib.sha256(text).hexdigest()[:12]}"


def usable() -> bool:
    """Whether that folder is there, or can be made, and may be written to."""
    place = folder()
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(place, os.W_OK)
