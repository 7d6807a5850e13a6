"""The caption of a figure: everything a reader needs to make it again, in words."""

from __future__ import annotations

import hashlib
import json
import math

import numpy as np
import scipy

from workbench import __version__
from workbench.figures.gather import Gathered, difference_map, letter
from workbench.model.channels import LABELS, takes_part
from workbench.model.colormaps import load
from workbench.model.differencing import data_range
from workbench.model.display import Range, Tone, format_card
from workbench.model.looks import tone_text

_LATEX = {
    "\\": r"\textbackslash{}",
    "−": "$-$",
    "×": r"$\times$",
    "·": r"$\cdot$",
    "…": r"\ldots{}",
    "±": r"$\pm$",
    "σ": r"$\sigma$",
    "→": r"$\to$",
    "|": r"$|$",
    "²": r"$^2$",
    "ε": r"$\varepsilon$",
    "~": r"\textasciitilde{}",
    "^": r"\^{}",
    "–": "--",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}


def caption(gathered: Gathered) -> str:
    """One paragraph: columns with their methods, source, region, differences, measures, versions."""
    sentences = [_columns(gathered), _source(gathered), *_rows(gathered), _measures(gathered), _made(gathered)]
    return " ".join(sentence for sentence in sentences if sentence) + "\n"


def latex_caption(gathered: Gathered) -> str:
    r"""The same as ``\caption{…}``, every sign as LaTeX wants it."""
    text = "".join(_LATEX.get(sign, sign) for sign in caption(gathered).rstrip())
    return rf"\caption{{{text}}}" + "\n"


def recipe_digest(gathered: Gathered) -> str:
    """Eight letters that change with anything the numbers depend on: source, preparation, every method."""
    comparison = gathered.comparison
    source, preparation = gathered.prepared.source, comparison.preparation
    parts = {
        "source": source.digest or hashlib.sha256(np.ascontiguousarray(source.pixels).tobytes()).hexdigest(),
        "preparation": preparation.method.to_dict() if preparation.method else None,
        "light": preparation.light,
        "alpha": preparation.alpha,
        "slots": [slot.method.to_dict() for slot in comparison.slots if slot.id in gathered.spec.columns],
        "reference": comparison.reference,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:8]


def _columns(gathered: Gathered) -> str:
    told = []
    for k, column in enumerate(gathered.columns):
        before = f"{letter(k)} " if gathered.spec.letters else ""
        slot = gathered.comparison.slot(column.panel)
        details = f" ({slot.method.summary()}; {column.recipe})" if slot else ""
        told.append(f"{before}{column.title}{details}, {column.shape[1]} × {column.shape[0]} px")
    return "; ".join(told) + "."


def _source(gathered: Gathered) -> str:
    prepared = gathered.prepared
    source = prepared.source
    depth = f", {source.depth}" if source.depth else ""
    text = f"Source: {source.name}, {source.shape[1]} × {source.shape[0]} px{depth}"
    if prepared.notes:
        text += f"; prepared: {', '.join(prepared.notes)}"
    if prepared.preparation.light == "encoded":
        text += "; computed on values as stored"
    return text + "."


def _rows(gathered: Gathered) -> list[str]:
    spec, layout, told = gathered.spec, gathered.layout, []
    if spec.region is not None and layout.boxes:
        told.append(f"Box: {_region(gathered)}.")
    if "inset" in layout.frames:
        times = format_card(layout.zooms["inset"] / layout.zooms.get("image", 1.0))
        where = "" if layout.boxes else f" of {_region(gathered)}"
        larger = f", {times} times larger than above" if "image" in layout.frames else ""
        told.append(f"Insets{where}: each pixel repeated{larger}.")
    if "difference" in layout.frames and gathered.reference is not None:
        how, ends = spec.comparing, spec.difference_range
        names = gathered.prepared.channel_names
        mean = f", mean of {', '.join(names)}" if len(names) > 1 else ""
        mean = f", {LABELS[how.channel]}" if takes_part(how.channel, len(names)) else mean
        where = f" over {_region(gathered)}" if spec.region is not None else ""
        told.append(
            f"Differences {how.formula} with r = {gathered.reference_title}{mean}{where}, "
            f"{_ends(ends)}{_toned(spec.difference_tone)}, colours {load(difference_map(spec)).name}."
        )
    blocks = sorted({cell.reduction for cell in layout.cells} - {1})
    if blocks:
        sizes = " and ".join(f"{b} × {b}" for b in blocks)
        told.append(f"Shown reduced: means of {sizes} pixels; structure below that size is averaged away.")
    else:
        told.append("Every pixel is shown as it is, without a filter.")
    colours = ""
    if isinstance(spec.channel, int):
        colours = f", channel {spec.channel}"
    elif takes_part(spec.channel, len(gathered.prepared.channel_names)):
        colours = f", {LABELS[spec.channel]}"
    tone = _toned(spec.image_tone)
    if spec.image_range != Range(0.0, 1.0) or colours or tone:
        told.append(f"Images: {_ends(spec.image_range)}{tone}{colours}.")
    return told


def _toned(tone: Tone) -> str:
    return "" if tone.neutral else f", {tone_text(tone)}"


def _measures(gathered: Gathered) -> str:
    if not any(column.metrics for column in gathered.columns):
        return ""
    width = format_card(data_range(gathered.prepared))
    return (
        f"PSNR and SSIM (Gaussian window, σ = 1.5) against {gathered.reference_title} over all common pixels, "
        f"data range {width}, nothing clipped."
    )


def _made(gathered: Gathered) -> str:
    return (
        f"Upsampling Comparison Workbench {__version__}, NumPy {np.__version__}, SciPy {scipy.__version__}; "
        f"recipe {recipe_digest(gathered)}."
    )


def _region(gathered: Gathered) -> str:
    region = gathered.spec.region
    assert region is not None
    return f"rows {region.top}–{region.bottom - 1}, columns {region.left}–{region.right - 1} of the source"


def _ends(ends: Range) -> str:
    if math.isclose(ends.lo, -ends.hi):
        return f"range ±{format_card(ends.hi)}"
    return f"range {format_card(ends.lo)} … {format_card(ends.hi)}"
