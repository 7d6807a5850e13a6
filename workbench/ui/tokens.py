"""The colours of the interface, by name: the one place where they are written down.

All greys have R = G = B, so that no cast adds to a picture. Colours of data (weights, differences, marks) are not here:
they are the same in both themes, and belong to `model.display`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ThemeName = Literal["dark", "light"]


@dataclass(frozen=True, slots=True)
class Tokens:
    """One colour for each purpose, as ``"#RRGGBB"``.

    Parameters
    ----------
    canvas : str
        What images leave free.
    chrome, raised, field : str
        Bars and columns; buttons, tooltips and cards; the inside of inputs.
    hover, sel, press : str
        Under the pointer; selected or checked; held down.
    line, outline : str
        Separators and disabled borders; borders of controls.
    text, text2, text3, disabled : str
        Names and values; labels and sentences; parameters, units and hints; what cannot be used now.
    accent, accentfill, onaccent : str
        Focus, selection, progress; the one primary button of a view, and its text.
    warn, err, errbg : str
        Failed slots and warnings; an invalid field; the ground of a banner.
    """

    canvas: str
    chrome: str
    raised: str
    field: str
    hover: str
    sel: str
    press: str
    line: str
    outline: str
    text: str
    text2: str
    text3: str
    disabled: str
    accent: str
    accentfill: str
    onaccent: str
    warn: str
    err: str
    errbg: str


DARK = Tokens(
    canvas="#1A1A1A",
    chrome="#262626",
    raised="#2E2E2E",
    field="#1E1E1E",
    hover="#313131",
    sel="#3B3B3B",
    press="#424242",
    line="#3A3A3A",
    outline="#808080",
    text="#E8E8E8",
    text2="#C4C4C4",
    text3="#A6A6A6",
    disabled="#7C7C7C",
    accent="#6AA9FF",
    accentfill="#2F6BC2",
    onaccent="#FFFFFF",
    warn="#E8C15A",
    err="#FF8A7A",
    errbg="#3A2B29",
)

LIGHT = Tokens(
    canvas="#C6C6C6",
    chrome="#F2F2F2",
    raised="#FAFAFA",
    field="#FFFFFF",
    hover="#E6E6E6",
    sel="#E0E0E0",
    press="#D8D8D8",
    line="#CDCDCD",
    outline="#7E7E7E",
    text="#1C1C1C",
    text2="#4C4C4C",
    text3="#5F5F5F",
    disabled="#8C8C8C",
    accent="#1F5FBF",
    accentfill="#1F5FBF",
    onaccent="#FFFFFF",
    warn="#7A5A00",
    err="#B3261E",
    errbg="#F9E7E4",
)

TOKENS: dict[ThemeName, Tokens] = {"dark": DARK, "light": LIGHT}

SURROUNDS = {"black": "#000000", "grey": "#777777", "white": "#FFFFFF"}
"""What may surround the images in place of the theme's canvas."""
