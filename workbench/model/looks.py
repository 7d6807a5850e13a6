"""How a panel's numbers become its colours: what the view state says for its group, resolved to one value.

Two panels with equal looks show equal numbers in equal colours; a look that has not changed needs no repainting.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from workbench.kernels.arrays import Image
from workbench.model import colormaps
from workbench.model.channels import LABELS, picked, takes_part
from workbench.model.display import Bytes, Marks, Range, Tone, format_card, format_value, to_display
from workbench.model.document import DIFFERENCE
from workbench.model.view_state import ChannelView, ViewValue

Group = Literal["images", "differences"]
BROKEN_CHAIN = "⛓"
"""Begins the chip of a panel whose range is its own; a header draws a broken chain for it."""


@dataclass(frozen=True, slots=True)
class Look:
    """Range, tone, map and channel of a panel.

    Parameters
    ----------
    range : Range
    tone : Tone
    map : str
        Id of the colour map, for single channels.
    channel : {"rgb", "r", "g", "b", "luminance", "alpha"}
    marks : Marks
    """

    range: Range
    tone: Tone
    map: str
    channel: ChannelView
    marks: Marks

    @property
    def ends(self) -> Range:
        """The values at the ends of the colours, gain and offset included."""
        return self.tone.ends(self.range, colormaps.load(self.map).diverging)

    def seen(self, values: Image) -> Image:
        """The part of the numbers that is shown: of differences all of them."""
        return picked(values, self.channel)

    def colours(self, values: Image) -> Bytes:
        """The numbers in this look."""
        return to_display(self.seen(values), self.range, colormaps.load(self.map), marks=self.marks, tone=self.tone)


def group_of(panel: str) -> Group:
    """The group whose range, tone and map a panel shares."""
    return "differences" if panel.startswith(DIFFERENCE) else "images"


def group_look(group: Group, view: ViewValue) -> Look:
    """The look that the panels of a group share."""
    marks = Marks(view.fixed_marks, view.fixed_marks)
    if group == "differences":  # they have been taken of the channel already
        return Look(view.difference_range, view.difference_tone, view.difference_map, "rgb", marks)
    return Look(view.image_range, view.image_tone, view.image_map, view.channel_view, marks)


def look_of(panel: str, view: ViewValue) -> Look:
    """The look of one panel: its group's, with a range of its own where it was unlocked."""
    common = group_look(group_of(panel), view)
    own = view.range_of(panel)
    if own == common.range:
        return common
    return Look(own, common.tone, common.map, common.channel, common.marks)


def is_unlocked(panel: str, view: ViewValue) -> bool:
    """Whether a panel has a range of its own."""
    return any(name == panel for name, _ in view.own_ranges)


def look_chips(panel: str, view: ViewValue, channels: int) -> tuple[str, ...]:
    """What a header says of a panel's look where it is not the usual one.

    Parameters
    ----------
    channels : int
        Of the panel's picture.
    """
    chips = []
    if is_unlocked(panel, view):
        own = view.range_of(panel)
        chips.append(f"{BROKEN_CHAIN} own range {format_card(own.lo)} … {format_card(own.hi)} ✕")
    if group_of(panel) == "images" and takes_part(view.channel_view, channels):
        chips.append(LABELS[view.channel_view])
    return tuple(chips)


def tone_text(tone: Tone) -> str:
    """Gain, offset and gamma in words, those that are not neutral: "gain 1.19 · γ 1.2"."""
    words = []
    if tone.gain != 1:
        words.append(f"gain {tone.gain:.3g}")
    if tone.offset != 0:
        words.append(f"offset {tone.offset:+.0%}".replace("-", "−").replace("%", " %"))
    if tone.gamma != 1:
        words.append(f"γ {tone.gamma:.3g}")
    return " · ".join(words)


def range_text(view: ViewValue, group: Group) -> str:
    """The range of a group with its tone, for a line of text: "±0.20", "0 … 1 · γ 1.2"."""
    look = group_look(group, view)
    lo, hi = look.range.lo, look.range.hi
    text = f"{_short(lo)} … {_short(hi)}"
    if group == "differences" and math.isclose(lo, -hi):
        text = f"±{hi:.2f}" if 0.01 <= hi < 1e4 else f"±{_short(hi)}"
    tone = tone_text(look.tone)
    return f"{text} · {tone}" if tone else text


def _short(value: float) -> str:
    """Two decimals where they say something, else three digits."""
    if value and not 0.01 <= abs(value) < 1e5:
        return format_card(float(f"{value:.3g}"))
    return format_value(value, 2).rstrip("0").rstrip(".") if value != int(value) else format_value(value, 0)
