"""How the document is looked at: camera, layout, ranges and colours. Never part of undo.

Convention
    World unit = source pixel, y down; the camera's zoom is device pixels for each source pixel.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from psygnal import Signal

from workbench.kernels.differences import Difference
from workbench.model.display import NEUTRAL, Range, Tone
from workbench.model.document import DIFFERENCE, SOURCE, Layout, Show

MIN_ZOOM = 1 / 512
MAX_ZOOM = 512.0

PlacingMode = Literal["nominal", "sample"]
WipeKind = Literal["vertical", "horizontal", "quadrants"]
ChannelView = Literal["rgb", "r", "g", "b", "luminance", "alpha"]
Annotations = Literal["automatic", "grid", "none"]
Stripes = Literal["off", "nominal", "source", "footprint"]
Tool = Literal["none", "region", "profile"]
Stored = Literal["own", "none", "Pillow", "OpenCV", "PyTorch", "SciPy", "scikit-image"]

_UNIT = Range(0.0, 1.0)
_FIFTH = Range(-0.2, 0.2)


@dataclass(frozen=True, slots=True)
class Camera:
    """What all panels look at: a world point in their middle, and device pixels for each source pixel."""

    y: float = 0.0
    x: float = 0.0
    zoom: float = 1.0


@dataclass(frozen=True, slots=True)
class Placing:
    """How panels lie in the world.

    Parameters
    ----------
    mode : {"nominal", "sample"}
        By nominal pixels, which whoever uses the array assumes, or each where its grid samples.
    offsets : tuple of (panel, float, float)
        Panels that were moved alone, with how far (y, x) in source pixels.
    """

    mode: PlacingMode = "nominal"
    offsets: tuple[tuple[str, float, float], ...] = ()

    def offset(self, panel: str) -> tuple[float, float]:
        """How far a panel was moved alone."""
        return next(((y, x) for name, y, x in self.offsets if name == panel), (0.0, 0.0))

    def with_offset(self, panel: str, down: float, across: float) -> Placing:
        """The same with one panel moved so far from where it belongs; (0, 0) puts it back."""
        others = tuple(one for one in self.offsets if one[0] != panel)
        return replace(self, offsets=(*others, (panel, down, across)) if down or across else others)


NOMINAL = Placing()
"""Every panel in its own place: what measures and figures go by."""


@dataclass(frozen=True, slots=True)
class Wipe:
    """Two panels in one place, cut at a world point.

    Parameters
    ----------
    a, b : str
        Panel names: left and right of a vertical divider, above and below a horizontal one; of quadrants ``a`` upper
        left and lower right.
    kind : {"vertical", "horizontal", "quadrants"}
    y, x : float, optional
        The divider's place in the world; None until it is first shown: the middle of the view.
    """

    a: str = SOURCE
    b: str = SOURCE
    kind: WipeKind = "vertical"
    y: float | None = None
    x: float | None = None


@dataclass(frozen=True, slots=True)
class ViewValue:
    """Independent knobs, as one frozen value.

    Parameters
    ----------
    camera : Camera
    layout : {"grid", "row", "column", "pairs", "wipe", "single"}
    show : {"images", "differences"}
    selected : str
        Id of the slot whose form is open; ``"source"`` for the source.
    difference : Difference
    image_range, difference_range : Range
        One for all panels of their group; they move only by a person's act.
    own_ranges : tuple of (panel, Range)
        Panels whose range is not their group's: unlocked by a person, or of a source whose numbers would be lost in
        those of the images. Their headers say so.
    image_tone, difference_tone : Tone
        Gain, offset and gamma of each group.
    image_map, difference_map : str
        Ids of colour maps; the first acts on one-channel images only.
    channel : int
        Which channel the card and the readouts show.
    channel_view : {"rgb", "r", "g", "b", "luminance", "alpha"}
        What the panels paint.
    docks : frozenset of str
        Open panels: one of the bottom ones at a time, and "matrix".
    placing : Placing
    smooth : bool
        Whether magnified pixels are shown smoothed; every header says so.
    annotations : {"automatic", "grid", "none"}
        Numbers and grid on large pixels, the grid alone, or neither.
    stripes : {"off", "nominal", "source", "footprint"}
        What is striped: values beyond 0 … 1, beyond the source's range, beyond those of their own sources.
    fixed_marks : bool
        Whether values above and below the range have colours of their own.
    wipe : Wipe
    instead : tuple of (panel, panel)
        Panels in whose place another picture is seen for the moment: flicker.
    blink : float, optional
        Alternations of the selected panel and the reference in a second, while they blink.
    tool : {"none", "region", "profile"}
        What the left button does on pixels.
    loupe : int, optional
        Magnification of the lens that stands at the pointer, while there is one.
    expression : str
        Difference as a formula of a, r and x, for the kind that has one.
    epsilon : float, optional
        What keeps relative differences finite; None for 0.01 of the data range.
    region, line, pin : str or int, optional
        Which region (id), line (id) or pin (number from 0) is selected.
    bare : bool
        Whether all but the images is hidden.
    scatter : bool
        Whether transposed convolutions are drawn as stamps of their sources, not as a kernel over a stuffed source.
    stored : {"own", "none"} or a library's name
        By whose rule the card says what bytes become: of the library that a slot was added as a choice of, or of one.
    """

    camera: Camera = Camera()
    layout: Layout = "grid"
    show: Show = "images"
    selected: str = "source"
    difference: Difference = Difference.SIGNED
    image_range: Range = _UNIT
    difference_range: Range = _FIFTH
    image_map: str = "gray"
    difference_map: str = "cet-d1a"
    own_ranges: tuple[tuple[str, Range], ...] = ()
    image_tone: Tone = NEUTRAL
    difference_tone: Tone = NEUTRAL
    channel: int = 1
    channel_view: ChannelView = "rgb"
    docks: frozenset[str] = frozenset({"provenance"})
    placing: Placing = Placing()
    smooth: bool = False
    annotations: Annotations = "automatic"
    stripes: Stripes = "off"
    fixed_marks: bool = False
    wipe: Wipe = Wipe()
    instead: tuple[tuple[str, str], ...] = ()
    blink: float | None = None
    tool: Tool = "none"
    loupe: int | None = None
    expression: str = "a - r"
    epsilon: float | None = None
    region: str | None = None
    line: str | None = None
    pin: int | None = None
    bare: bool = False
    scatter: bool = False
    stored: Stored = "own"

    def only_moved(self, old: ViewValue) -> bool:
        """Whether nothing but the camera differs, which moves with every notch and every step of a drag."""
        return replace(old, camera=self.camera) == self

    def range_of(self, panel: str) -> Range:
        """The range of a panel: its own where it was unlocked, else that of its group."""
        common = self.difference_range if panel.startswith(DIFFERENCE) else self.image_range
        return next((own for name, own in self.own_ranges if name == panel), common)

    def owned(self, panel: str, own: Range | None) -> tuple[tuple[str, Range], ...]:
        """`own_ranges` with another range for a panel; None gives it back to its group."""
        others = tuple(one for one in self.own_ranges if one[0] != panel)
        return others if own is None else (*others, (panel, own))


class ViewState:
    """The current `ViewValue`; ``changed(new, old)`` after each change."""

    changed = Signal(ViewValue, ViewValue)

    def __init__(self, value: ViewValue | None = None) -> None:
        self._value = value or ViewValue()

    @property
    def value(self) -> ViewValue:
        return self._value

    def set(self, **changes: Any) -> None:
        """Turn some knobs at once; nothing happens where nothing changes."""
        old, new = self._value, replace(self._value, **changes)
        if new != old:
            self._value = new
            self.changed.emit(new, old)


def zoom_rungs(steps: Iterable[float], *, selected: float | None = None) -> tuple[tuple[float, ...], bool]:
    """Zooms at which pixels of every panel are k or 1/b device pixels, k and b whole.

    Parameters
    ----------
    steps : iterable of float
        Size of each panel's pixel in source pixels: 1 for the source, ¼ after ×4.
    selected : float, optional
        The step that counts alone where the panels have no common rung in some octave.

    Returns
    -------
    rungs : tuple of float
        Rising, between the smallest and the largest zoom.
    common : bool
        False if only the selected panel's pixels are whole: the others are unequal.
    """
    wanted = sorted({float(step) for step in steps}) or [1.0]
    every = _candidates(wanted[0])
    rungs = every[np.logical_and.reduce([_whole(every * step) for step in wanted])]
    if len(rungs) > 1 and rungs[0] <= 1 and rungs[-1] >= 16 and np.log2(rungs[1:] / rungs[:-1]).max() <= 1 + 1e-9:
        return tuple(rungs.tolist()), True
    if len(wanted) == 1 or selected is None:
        return tuple(every.tolist()), len(wanted) == 1
    return tuple(_candidates(selected).tolist()), False


def _candidates(step: float) -> npt.NDArray[np.float64]:
    """Zooms at which a pixel of this step is k or 1/b device pixels."""
    zooms = np.concatenate([1 / np.arange(2048, 1, -1) / step, np.arange(1, 1025) / step])
    return zooms[(zooms >= MIN_ZOOM) & (zooms <= MAX_ZOOM)]


def _whole(sizes: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Whether pixels of these sizes are k or 1/b device pixels."""
    ratio = np.maximum(sizes, 1 / sizes)
    return np.asarray(np.abs(ratio - np.round(ratio)) < 1e-9 * ratio)


def nearest_rung(rungs: Iterable[float], zoom: float) -> float:
    """The rung nearest to a zoom, in octaves."""
    return min(rungs, key=lambda rung: abs(math.log2(rung / zoom)))


def fitting_rung(rungs: Iterable[float], zoom: float) -> float:
    """The largest rung that is not above a zoom."""
    ordered = sorted(rungs)
    return max((rung for rung in ordered if rung <= zoom * (1 + 1e-9)), default=ordered[0])
