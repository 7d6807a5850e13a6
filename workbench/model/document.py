"""The document: frozen values that hold everything a saved file holds, and nothing else.

An edit makes a new `Comparison` from an old one; undo is a list of them, and a difference between two is ``is not``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from workbench.kernels.method import Method
from workbench.kernels.placement import Rect
from workbench.model.source import Source

__all__ = [
    "DIFFERENCE", "ORIGINAL", "SOURCE", "Bookmark", "Comparison", "Lesson", "Line", "Pin", "Preparation", "Region",
    "Slot", "Source", "View",
]  # fmt: skip

SOURCE = "source"
"""Stands for the prepared source where a slot's id is asked for."""
ORIGINAL = "original"
"""Stands for the picture before it was made smaller, where a slot's id is asked for."""
DIFFERENCE = "d:"
"""Before a slot's id: its difference to the reference."""

Light = Literal["encoded", "linear"]
AlphaRule = Literal["ignore", "premultiply", "channel"]
Layout = Literal["grid", "row", "column", "pairs", "wipe", "single"]
Show = Literal["images", "differences"]


@dataclass(frozen=True, slots=True)
class Preparation:
    """What is done to the picture before any method sees it.

    Parameters
    ----------
    method : Method, optional
        A forward method (block mean, pooling, convolution); None uses the picture as it is.
    light : {"encoded", "linear"}
        Whether everything is computed on the stored values, as PyTorch does, or in linear light.
    alpha : {"ignore", "premultiply", "channel"}
        What becomes of opacity: dropped, multiplied into the colours, or kept as one more channel.
    """

    method: Method | None = None
    light: Light = "encoded"
    alpha: AlphaRule = "ignore"


@dataclass(frozen=True, slots=True)
class Slot:
    """One method with its parameters, in one panel.

    Parameters
    ----------
    id : str
        Stable for the life of the document: ``"s1"``, ``"s2"`` …; never shown.
    method : Method
    name : str, optional
        What a person calls it; None for the method's own name.
    hidden : bool
        Whether its panel is left out.
    """

    id: str
    method: Method
    name: str | None = None
    hidden: bool = False

    @property
    def title(self) -> str:
        return self.name or self.method.info.name

    @property
    def short_title(self) -> str:
        """For narrow panels."""
        return self.name or self.method.info.short


@dataclass(frozen=True, slots=True)
class Pin:
    """A kept pixel, of a slot's output, of the source or of the original (``SOURCE`` and ``ORIGINAL`` as the slot)."""

    slot: str
    row: int
    col: int


@dataclass(frozen=True, slots=True)
class Region:
    """A named rectangle in the world, for statistics, metrics, crops and insets.

    Parameters
    ----------
    id : str
        ``"g1"``, ``"g2"`` …; never shown.
    name : str
    colour : int
        Index into the colours of regions.
    top, left, bottom, right : float
        Source pixels.
    """

    id: str
    name: str
    colour: int
    top: float
    left: float
    bottom: float
    right: float

    @property
    def rect(self) -> Rect:
        return (self.top, self.left, self.bottom, self.right)


@dataclass(frozen=True, slots=True)
class Line:
    """A line in the world along which values are read.

    Parameters
    ----------
    id : str
        ``"l1"``, ``"l2"`` …; never shown.
    y0, x0, y1, x1 : float
        Its ends, source pixels.
    width : float
        Values are averaged across so many source pixels; 0 reads along the line alone.
    """

    id: str
    y0: float
    x0: float
    y1: float
    x1: float
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A camera that has a name."""

    name: str
    y: float
    x: float
    zoom: float


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a teaching session says, and the one number a student verifies."""

    title: str
    text: str
    verify: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """How a document wants to be looked at when it is opened.

    ``zoom`` counts device pixels for each source pixel, ``centre`` is a place (y, x) in source pixels, ``probe`` the
    pixel (row, column) of the selected slot's output that is shown first.
    """

    layout: Layout = "grid"
    show: Show = "images"
    docks: tuple[str, ...] = ("provenance",)
    zoom: float | None = None
    centre: tuple[float, float] | None = None
    selected: str | None = None
    probe: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything a saved file holds.

    Parameters
    ----------
    source : Source, optional
        None in a comparison that waits for an image.
    preparation : Preparation
    slots : tuple of Slot
    reference : str
        What everything is compared with: ``ORIGINAL`` or a slot's id. Where the picture was not made smaller there is
        no original, and no difference until a slot is chosen.
    pins : tuple of Pin
    regions : tuple of Region
    lines : tuple of Line
    bookmarks : tuple of Bookmark
    lesson : Lesson, optional
    view : View
    unknown : str
        JSON of what a file held that this version does not know; written back as it was.
    """

    source: Source | None = None
    preparation: Preparation = Preparation()
    slots: tuple[Slot, ...] = ()
    reference: str = ORIGINAL
    pins: tuple[Pin, ...] = ()
    regions: tuple[Region, ...] = ()
    lines: tuple[Line, ...] = ()
    bookmarks: tuple[Bookmark, ...] = ()
    lesson: Lesson | None = None
    view: View = field(default_factory=View)
    unknown: str = ""

    def slot(self, id: str) -> Slot | None:
        """The slot with this id, or None."""
        return next((slot for slot in self.slots if slot.id == id), None)

    def number(self, id: str) -> int:
        """The number that a slot's badge shows, from 1; 0 if there is no such slot."""
        return next((k for k, slot in enumerate(self.slots, 1) if slot.id == id), 0)

    def free_id(self) -> str:
        """An id that no slot has or had in this value."""
        return next_id(slot.id for slot in self.slots)

    def region(self, id: str | None) -> Region | None:
        """The region with this id, or None."""
        return next((region for region in self.regions if region.id == id), None)

    def line(self, id: str | None) -> Line | None:
        """The line with this id, or None."""
        return next((line for line in self.lines if line.id == id), None)


def next_id(taken: Iterable[str], letter: str = "s") -> str:
    """``"s4"`` after s1 and s3."""
    numbers = [int(id[1:]) for id in taken if id[:1] == letter and id[1:].isdigit()]
    return f"{letter}{max(numbers, default=0) + 1}"
