"""How large the parts around the images are, without their lines of one pixel; known before the parts are made."""

from __future__ import annotations

TOP, FOOT = 39, 25
"""Heights of the top bar and of the status bar."""
WIDE, NARROW, FOLDED = 255, 223, 39
"""Widths of the left column."""
NARROW_BELOW, FOLDED_BELOW = 1500, 1100
"""Widths of the window below which the left column takes less."""
CARD, LOW_CARD = 92, 48
"""Heights of the provenance card."""
LOW_BELOW = 900
"""Height of the window below which the card is low."""


def left_width(window_width: int) -> int:
    """The left column's width in a window, unless it was folded by hand."""
    if window_width < FOLDED_BELOW:
        return FOLDED
    return NARROW if window_width < NARROW_BELOW else WIDE


def card_height(window_height: int) -> int:
    return LOW_CARD if window_height < LOW_BELOW else CARD
