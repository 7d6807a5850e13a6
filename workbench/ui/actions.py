"""Every action of the window as data: menus, palette, key sheet, remapping, docs and tests read this one table.

Convention
    Scope ``window``: the key acts anywhere (Ctrl and function keys). Scope ``canvas``: a bare key that acts only while
    the images have the focus, so that it never steals a letter from a text field.
    Momentary: the key toggles when tapped; held for 250 ms or longer it acts while it is down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scope = Literal["window", "canvas"]


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action: what it is called, its keys, where they act, and what it does in a sentence.

    ``canvas_keys`` are bare keys that a ``window`` action has besides, while the images have the focus.
    """

    id: str
    title: str
    keys: tuple[str, ...] = ()
    tip: str = ""
    scope: Scope = "window"
    checkable: bool = False
    canvas_keys: tuple[str, ...] = ()
    momentary: bool = False


def _canvas(
    id: str, title: str, keys: tuple[str, ...], tip: str = "", checkable: bool = False, momentary: bool = False
) -> ActionSpec:
    return ActionSpec(id, title, keys, tip, "canvas", checkable, momentary=momentary)


_ROUNDED = "What its 8 bits keep of the probed sum, by which rule, and how far from the sum that is."

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("open", "Open…", ("Ctrl+O",), "An image, several to walk through, or a saved comparison."),
    ActionSpec("open_folder", "Open folder…", ("Ctrl+Shift+O",), "All pictures of a folder, to walk through."),
    ActionSpec("open_pattern", "Open pattern…", (), "All pictures that a pattern names: frames/*.png, **/*.tif."),
    ActionSpec("next_image", "Next picture", ("Ctrl+PgDown",), "Of those opened together; methods and ranges stay."),
    ActionSpec("previous_image", "Previous picture", ("Ctrl+PgUp",), "Of those opened together."),
    ActionSpec("watch", "Reload when the file changes", (), "Everything but the pixels stays.", checkable=True),
    ActionSpec("paste", "Paste image", ("Ctrl+V",), "The image or the file in the clipboard becomes the source."),
    ActionSpec("reload", "Reload source", ("F5",), "Read the file again; methods, camera and ranges stay."),
    ActionSpec("new", "New comparison", ("Ctrl+N",), "An empty comparison."),
    ActionSpec("save", "Save", ("Ctrl+S",), "The comparison: methods, preparation and pins; images by their path."),
    ActionSpec("save_as", "Save as…", ("Ctrl+Shift+S",), "The comparison under another name."),
    ActionSpec("export_figure", "Export figure…", ("Ctrl+E",), "Images, differences and numbers as PNG, PDF or SVG."),
    ActionSpec("save_output", "Save output image…", (), "The selected method's output: 8 or 16 bit, or exact numbers."),
    ActionSpec("quit", "Quit", ("Ctrl+Q",), "Close the window; what is not saved is asked about."),
    ActionSpec("undo", "Undo", ("Ctrl+Z",), "Take the last edit back."),
    ActionSpec("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "Do it again."),
    ActionSpec("copy_readout", "Copy readout", ("Ctrl+C",), "The card's numbers as a table, full precision."),
    ActionSpec("copy_view", "Copy view as picture", ("Ctrl+Shift+C",), "What the panels show, as it is on screen."),
    ActionSpec("layout_grid", "Grid", (), "All panels in a grid.", checkable=True),
    ActionSpec("layout_row", "Row", (), "All panels side by side.", checkable=True),
    ActionSpec("layout_column", "Column", (), "All panels one below the other.", checkable=True),
    ActionSpec("layout_pairs", "Pairs", (), "Images above, their differences below.", checkable=True),
    _canvas("layout_wipe", "Wipe", ("W",), "Two pictures in one place, cut at a divider; held, it follows the pointer.",
            checkable=True, momentary=True),
    ActionSpec("layout_single", "Single", (), "The selected panel alone.", checkable=True),
    ActionSpec("next_layout", "Next layout", ("Ctrl+L",), "Grid, row, column, pairs, wipe, single."),
    _canvas("next_wipe", "Next way to cut", ("Shift+W",), "Of the wipe: vertical, horizontal, quadrants."),
    ActionSpec("show_images", "Images", (), "What each method made.", checkable=True),
    ActionSpec("show_differences", "Differences", (), "Each output against the reference.", checkable=True),
    _canvas("toggle_differences", "Difference ↔ image", ("D",), "Differences to the reference.", True, momentary=True),
    ActionSpec("difference_formula", "Formula of the difference…", (), "A formula of a, r and x, or the ε of a ratio."),
    _canvas("next_difference", "Next kind of difference", ("Shift+D",), "Signed, absolute, squared, relative …"),
    ActionSpec("zoom_in", "Zoom in", ("Ctrl++", "Ctrl+="), "One rung: pixels stay whole."),
    ActionSpec("zoom_out", "Zoom out", ("Ctrl+-",), "One rung; below 1:1 exact block means are shown."),
    ActionSpec("zoom_in_free", "Zoom in freely", (), "An eighth of a doubling; pixels may be of unequal size."),
    ActionSpec("zoom_out_free", "Zoom out freely", (), "An eighth of a halving; pixels may be of unequal size."),
    ActionSpec("fit", "Fit", ("Ctrl+0",), "The largest zoom at which everything is seen.", canvas_keys=("F",)),
    ActionSpec(
        "one_to_one", "1:1", ("Ctrl+1",), "One output pixel for each pixel of the screen.", canvas_keys=("Shift+F",)
    ),
    ActionSpec("go_to", "Go to pixel…", ("Ctrl+G",), "Row and column of the source or of an output."),
    ActionSpec("view_back", "View back", ("Alt+Left",), "To the camera, ranges and maps before; edits stay."),
    ActionSpec("view_forward", "View forward", ("Alt+Right",), "The way back, undone."),
    ActionSpec("bookmark", "Bookmark view…", ("Ctrl+B",), "Keep this place and zoom under a name; View ▸ Bookmarks."),
    _canvas(
        "sample_places",
        "By sample positions",
        ("J",),
        "Each panel where its grid samples: contents agree, frames move or stretch. Off: by nominal pixels.",
        checkable=True,
    ),
    _canvas(
        "move_alone",
        "Move panel alone",
        ("U",),
        "While held, or until Esc: drag, wheel (⅛ px) and arrows move one panel; its header says how far.",
        checkable=True,
        momentary=True,
    ),
    _canvas("clear_offset", "Put panel back", ("Shift+U",), "Forget how far the panel was moved alone."),
    _canvas(
        "smooth",
        "Smooth view",
        ("T",),
        "Blend magnified pixels, for the eye only: the one exception to nearest, and the header says so.",
        checkable=True,
        momentary=True,
    ),
    _canvas("annotations", "Pixel annotations", ("I",), "Numbers, grid and the tint of averaged contrast; grid; none."),
    _canvas("range_fit", "Fit range", ("A",), "The range of the shown group to all its data; differences to ±max|d|."),
    _canvas("range_fit_visible", "Fit range to what is visible", ("Shift+A",), "As Fit range, of the pixels in view."),
    _canvas("range_nominal", "Nominal range", ("N",), "Images 0 … 1, differences ±0.2 of it."),
    _canvas("gain_up", "More gain", ("E",), "× 2^¼: the colours span less, from the range's lower end or about 0."),
    _canvas("gain_down", "Less gain", ("Shift+E",), "÷ 2^¼."),
    _canvas("offset_up", "Raise offset", ("O",), "+ 2 % of the range."),
    _canvas("offset_down", "Lower offset", ("Shift+O",), "− 2 % of the range."),
    _canvas("gamma_up", "Raise gamma", ("G",), "+ 0.1: position^(1/γ), on both sides of 0."),
    _canvas("gamma_down", "Lower gamma", ("Shift+G",), "− 0.1."),
    _canvas("tone_reset", "Reset gain, offset and gamma", ("Shift+N",), "The range alone decides again."),
    _canvas("own_range", "Own range for the panel", (), "Unlock it from its group, and back.", checkable=True),
    _canvas("fixed_marks", "Mark what lies beyond the range", (), "Above and below have own colours.", checkable=True),
    _canvas("next_stripes", "Stripes", ("B",), "Beyond nominal, beyond the source, beyond their own sources, off."),
    ActionSpec("go_to_excess", "Go to the largest excess", (), "Of the selected panel, where stripes are shown."),
    _canvas("next_map", "Next colour map", ("C",), "Of the shown group."),
    _canvas("previous_map", "Previous colour map", ("Shift+C",), "Of the shown group."),
    _canvas("next_channel", "Next channel view", ("V",), "RGB, R, G, B, luminance, alpha; differences follow."),
    _canvas("previous_channel", "Previous channel view", ("Shift+V",), "Alpha, luminance, B, G, R, RGB."),
    _canvas("see_reference", "See reference in place", ("R",), "The reference where the selected panel stands.",
            checkable=True, momentary=True),
    _canvas("see_source", "See source in place", ("S",), "The source where the selected panel stands, of its own size.",
            checkable=True, momentary=True),
    _canvas("exchange", "Exchange", ("X",), "The last two pictures seen in place, or the two sides of a wipe."),
    _canvas("blink", "Blink", ("Space",), "The selected panel and the reference by turns.", checkable=True),
    _canvas("loupe", "Loupe", ("Z",), "All pictures around the probed pixel side by side; the wheel: 8, 16, 32 times.",
            checkable=True, momentary=True),
    _canvas("next_loupe", "Next magnification of the loupe", ("Shift+Z",), "8, 16, 32 times; the wheel does it too."),
    ActionSpec("loupe_weights", "Outline of the weights in the loupe", (), "Where the probed pixel came from.",
               checkable=True),
    ActionSpec("loupe_to_figure", "Send loupe to figure…", (), "What the loupe shows becomes the inset of a figure."),
    _canvas("bare", "Only the images", ("H",), "Hide everything else; H or Esc brings it back.", checkable=True),
    ActionSpec("next_pane", "Next pane", ("F6",), "Left column, images, docks, top bar."),
    ActionSpec("previous_pane", "Previous pane", ("Shift+F6",), "The other way round."),
    _canvas("panel_alone", "Panel alone", ("Return", "Enter"), "The selected panel alone, and back."),
    _canvas("previous_slot", "Previous slot", ("PgUp",), "Select the one before; alone or in place it is seen."),
    _canvas("next_slot", "Next slot", ("PgDown",), "Select the one after; alone or in place it is seen."),
    ActionSpec("methods_column", "Methods column", ("Ctrl+Shift+M",), "List and form, or a rail.", checkable=True),
    ActionSpec("full_screen", "Full screen", ("F11",), "Over the whole screen, without a frame.", checkable=True),
    ActionSpec("theme_system", "As the system", (), "Light or dark as the desktop is, live.", checkable=True),
    ActionSpec("theme_dark", "Dark", (), "Dark for good, whatever the desktop is.", checkable=True),
    ActionSpec("theme_light", "Light", (), "Light for good, whatever the desktop is.", checkable=True),
    ActionSpec("surround_theme", "Surround as the theme", (), "The grey around the images.", checkable=True),
    ActionSpec("surround_black", "Black surround", (), "As a projector in a dark room.", checkable=True),
    ActionSpec("surround_grey", "Middle grey surround", (), "#777777, for judging tones.", checkable=True),
    ActionSpec("surround_white", "White surround", (), "As on paper.", checkable=True),
    ActionSpec("text_larger", "Larger text", (), "All words of the window; pixels stay as they are."),
    ActionSpec("text_smaller", "Smaller text", (), "All words of the window; pixels stay as they are."),
    ActionSpec("add_method", "Add method…", ("Ctrl+T",), "Another method in a panel of its own."),
    ActionSpec("duplicate", "Duplicate", ("Ctrl+D",), "The selected method once more."),
    ActionSpec("rename", "Rename…", ("F2",), "Another name for the selected slot."),
    ActionSpec("remove", "Remove", (), "The selected slot; undo brings it back."),
    ActionSpec("move_up", "Move up", ("Alt+Up",), "The selected slot one place towards the first."),
    ActionSpec("move_down", "Move down", ("Alt+Down",), "The selected slot one place towards the last."),
    ActionSpec("hide_slot", "Hide panel", (), "Keep the slot in the list without a panel.", checkable=True),
    _canvas("make_reference", "Make reference", ("Shift+R",), "Compare everything with the selected slot."),
    ActionSpec("reference_original", "Original is the reference", (), "Compare everything with the original."),
    _canvas("region_tool", "Region tool", ("M",), "The left button draws regions; a right drag always does.", True),
    ActionSpec("new_region", "New region here", (), "Whole phase cells around the probe; arrows move it."),
    ActionSpec("next_region", "Next region", (), "Arrows move it, with Shift by a phase cell; Ctrl resizes."),
    _canvas("profile_tool", "Line-profile tool", ("L",), "The left button draws a line; Shift: along an axis.", True),
    ActionSpec("new_line", "New line here", (), "Across through the probe; arrows move it."),
    ActionSpec("next_line", "Next line", (), "Arrows move it; Home and End take one end, or all of it again."),
    ActionSpec("lock_probe", "Lock the probe", (), "The next pixels are compared with it; again, or Esc: no more.",
               checkable=True),
    _canvas("pin", "Pin or unpin the probe", ("P",), "A numbered pin: saved, and a row of the pins table."),
    _canvas("next_pin", "Next pin", ("Shift+P",), "The probe goes there; arrows move the pin."),
    ActionSpec("next_form", "Next form of the sum", (), "Decimal, exact fractions, symbols, row × column weights."),
    ActionSpec("next_stage", "Next stage of the chain", (), "The row of the product, then each stage's own row."),
    ActionSpec("magnifier", "Enlarge the card's magnifier", (), "The source around the probe, with its numbers.",
               checkable=True),
    ActionSpec("copy_latex", "Copy sum as LaTeX", (), "All terms of the probed pixel, fractions where they are exact."),
    ActionSpec("copy_fractions", "Copy sum as fractions", (), "All terms of the probed pixel as a line of text."),
    ActionSpec("stored_own", "Stored as by the method's library", (), "Where it was added as a library's choice.",
               checkable=True),
    ActionSpec("stored_none", "Stored as by no library", (), "The card says sums alone.", checkable=True),
    ActionSpec("stored_pillow", "Stored as by Pillow", (), _ROUNDED, checkable=True),
    ActionSpec("stored_opencv", "Stored as by OpenCV", (), _ROUNDED, checkable=True),
    ActionSpec("stored_pytorch", "Stored as by PyTorch", (), _ROUNDED, checkable=True),
    ActionSpec("stored_scipy", "Stored as by SciPy", (), _ROUNDED, checkable=True),
    ActionSpec("stored_scikit_image", "Stored as by scikit-image", (), "Clipped to the input's range.", checkable=True),
    ActionSpec("compare_pins", "Compare two pins", (), "The rows of the selected pin and of the one before it.",
               checkable=True),
    _canvas("scatter", "Draw stamps (scatter)", ("Shift+K",), "Transposed convolutions as stamps, or as a gather.",
            checkable=True),
    ActionSpec("dock_provenance", "Provenance card", ("F3",), "Where a pixel came from.", checkable=True),
    ActionSpec("dock_matrix", "Matrix", ("F7",), "The operator as the article draws it: A·x = y.", checkable=True),
    ActionSpec("dock_metrics", "Metrics", ("F12",), "Error and time of every method.", checkable=True),
    ActionSpec("dock_regions", "Regions", (), "Places of the regions, and their statistics by phase.", checkable=True),
    ActionSpec("dock_pins", "Pins", (), "The pinned pixels in every picture.", checkable=True),
    ActionSpec("dock_histogram", "Histogram", ("F9",), "How often each value occurs, by phase.", checkable=True),
    ActionSpec("dock_profile", "Profile", (), "All methods as curves along a line.", checkable=True),
    ActionSpec("palette", "Commands", ("Ctrl+Shift+P",), "Find any command by its name."),
    ActionSpec("key_sheet", "Keys", ("F1",), "All keys and what the pointer does, by topic.", canvas_keys=("?",)),
    ActionSpec("remap", "Change keys…", (), "Give any command other keys."),
    ActionSpec("about", "About", (), "Versions to copy into a report, and whose work is in it."),
)  # fmt: skip

SPECS = {spec.id: spec for spec in ACTIONS}

Item = str | None | tuple[str, tuple[str, ...]]
"""An action's id, None for a line, or a submenu; a submenu without ids is filled when it opens."""

MENUS: tuple[tuple[str, tuple[Item, ...]], ...] = (
    (
        "File",
        ("new", "open", "open_folder", "open_pattern", ("Open recent", ()), ("Samples", ()), ("Charts", ()), "paste",
         None, "reload", "watch", "next_image", "previous_image", ("Pictures", ()), None,
         "save", "save_as", None, "export_figure", "save_output", None, "quit"),
    ),
    ("Edit", ("undo", "redo", ("History", ()), None, "copy_readout", "copy_view",
              "copy_latex", "copy_fractions", ("Copy call as", ()))),
    (
        "View",
        ("layout_grid", "layout_row", "layout_column", "layout_pairs", "layout_wipe", "layout_single", "next_layout",
         "panel_alone", "next_wipe", None,
         "show_images", "show_differences", ("Kind of difference", ()), "difference_formula", None,
         "see_reference", "see_source", "exchange", "blink", ("Blink rate", ()),
         "loupe", "next_loupe", "loupe_weights", "loupe_to_figure", None,
         "zoom_in", "zoom_out", "zoom_in_free", "zoom_out_free", "fit", "one_to_one", None,
         "go_to", "view_back", "view_forward", ("Bookmarks", ()), None,
         "sample_places", "move_alone", "clear_offset", "smooth", "annotations", None,
         "range_fit", "range_fit_visible", "range_nominal", "own_range",
         ("Gain, offset, gamma", ("gain_up", "gain_down", "offset_up", "offset_down", "gamma_up", "gamma_down",
                                  "tone_reset")),
         "next_map", "previous_map", "next_channel", "previous_channel", "fixed_marks", "next_stripes",
         "go_to_excess", None,
         ("Theme", ("theme_system", "theme_dark", "theme_light")),
         ("Surround", ("surround_theme", "surround_black", "surround_grey", "surround_white")),
         ("Text", ("text_larger", "text_smaller")), "methods_column", "bare", "full_screen", "next_pane",
         "previous_pane"),
    ),
    (
        "Methods",
        ("add_method", "duplicate", "rename", "remove", None, "move_up", "move_down", "hide_slot", None,
         "make_reference", "reference_original", "previous_slot", "next_slot"),
    ),
    (
        "Analyse",
        ("dock_provenance", "dock_matrix", "dock_metrics", "dock_profile", "dock_histogram", "dock_regions",
         "dock_pins", None,
         "region_tool", "new_region", "next_region", "profile_tool", "new_line", "next_line",
         "lock_probe", "pin", "next_pin", None,
         "next_form", "next_stage", "magnifier",
         ("Stored in 8 bits", ("stored_own", "stored_none", "stored_pillow", "stored_opencv", "stored_pytorch",
                               "stored_scipy", "stored_scikit_image")),
         "compare_pins", "scatter", None, ("Compute whole output", ())),
    ),
    ("Help", (("The article", ()), None, "palette", "key_sheet", "remap", "about")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gesture:
    """What keys and pointer do on the pixels that is no action: steps, drags, the wheel."""

    topic: str
    keys: str
    does: str


GESTURES: tuple[Gesture, ...] = (
    Gesture("Keys on the images", "← → ↑ ↓", "Step the probe, or what has the focus: region, pin, line end, divider"),
    Gesture("Keys on the images", "Shift+arrows", "Step by one phase cell, so that the phase stays"),
    Gesture("Keys on the images", "Ctrl+arrows", "Pan by one source pixel"),
    Gesture("Keys on the images", "Ctrl+Shift+arrows", "Pan by half a view"),
    Gesture("Keys on the images", "Home, End", "First or last pixel of the row"),
    Gesture("Keys on the images", "Ctrl+Home, Ctrl+End", "First or last pixel of the image"),
    Gesture("Keys on the images", "1 … 9, 0", "Select method 1 … 10, or show it in the single layout"),
    Gesture("Keys on the images", "Tab, Shift+Tab", "Next or previous panel"),
    Gesture("Keys on the images", "Delete", "Remove what has the focus: region, pin, line; in the list the method"),
    Gesture("Keys on the images", "Esc", "One step back: drag, running work, blinking, tool, lock, selection"),
    Gesture("Keys on the images", "held ¼ s", "R S D W Z T act while they are down; tapped they stay"),
    Gesture("Pointer", "move", "Where this pixel came from, or what it reaches"),
    Gesture("Pointer", "click", "Lock the pixel; click it again: release"),
    Gesture("Pointer", "double click", "32× at the pixel, and back; on a header: that panel alone"),
    Gesture("Pointer", "drag", "Pan; with U held this panel alone"),
    Gesture("Pointer", "right drag", "New region; with Shift whole phase cells"),
    Gesture("Pointer", "right click", "Menu"),
    Gesture("Pointer", "wheel", "Zoom at the pointer; 8 notches are ×2; with Shift an eighth of a notch"),
    Gesture("Pointer", "Ctrl+wheel, pinch", "Zoom freely; pixels may become unequal, the header says so"),
    Gesture("Pointer", "two fingers", "Pan"),
    Gesture("Pointer", "drag a handle", "Move it; with Shift by phase cells, lines stay parallel to an axis"),
)  # fmt: skip
"""For the key sheet and the documentation, beside the actions."""
