"""Several pictures to walk through with the same methods: from files, folders and patterns."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

SUFFIXES = (
    ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp", ".npy", ".npz", ".pgm", ".ppm", ".pbm", ".pnm", ".pfm",
    ".exr", ".hdr", ".gif", ".avif", ".jp2", ".jxl", ".tga", ".dpx", ".ico",
)  # fmt: skip
"""What is taken from a folder or a pattern; a file that is named itself is always tried."""
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Gallery:
    """Paths in their order, and which one is open."""

    paths: tuple[Path, ...] = ()
    index: int = 0

    @property
    def current(self) -> Path | None:
        return self.paths[self.index] if self.paths else None

    @property
    def place(self) -> str:
        """``"3 of 12"``; nothing for a single picture."""
        return f"{self.index + 1} of {len(self.paths)}" if len(self.paths) > 1 else ""

    def stepped(self, by: int) -> Gallery:
        """The next or previous one; behind the last comes the first."""
        return replace(self, index=(self.index + by) % len(self.paths)) if self.paths else self

    def at(self, path: Path) -> Gallery:
        """The same pictures at this one, if it is among them; else none."""
        return replace(self, index=self.paths.index(path)) if path in self.paths else Gallery()


def gather(places: Iterable[str | Path]) -> tuple[Path, ...]:
    """The pictures that files, folders and patterns name, each once, folders and patterns in the order people count.

    Parameters
    ----------
    places : iterable of str or Path
        A file stands for itself, a folder for the pictures right inside, ``frames/*.png`` or ``**/*.tif`` for what
        fits; a name with ``*`` or ``[`` that exists is a file.
    """
    found: dict[Path, None] = {}
    for place in places:
        path = Path(place)
        if path.is_dir():
            inside = [one for one in path.iterdir() if _is_picture(one)]
        elif not path.exists() and glob.has_magic(str(place)):
            inside = [one for one in map(Path, glob.iglob(str(place), recursive=True)) if _is_picture(one)]
        else:
            inside = [path]
        for one in sorted(inside, key=_counted):
            found.setdefault(one)
            if len(found) == MOST:
                return tuple(found)
    return tuple(found)


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file()


def _counted(path: Path) -> tuple[object, ...]:
    """frame2 before frame10; the folder first."""
    parts = re.split(r"(\d+)", path.name.lower())
    return (str(path.parent), *((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts), path.name)
