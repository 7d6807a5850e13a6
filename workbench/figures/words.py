"""The words of a figure: names over the columns, measures under them, numbers at the colour bar."""

from __future__ import annotations

import math
from collections.abc import Mapping

from workbench.figures.layout import MM_PER_INCH, FigureSpec
from workbench.model.display import Range, format_value

# Mean advance of a letter in em, on the safe side for Inter and DejaVu Sans.
_ADVANCE = 0.56


def text_mm(text: str, size_pt: float) -> float:
    """About how wide a line of text is in print."""
    return len(text) * _ADVANCE * size_pt / 72 * MM_PER_INCH


def metric_lines(spec: FigureSpec, columns: int) -> int:
    """Lines that "28.51 dB · SSIM 0.755" takes under a column."""
    column = spec.width_mm / columns - 2
    return 1 if text_mm("−28.51 dB · SSIM −0.755", spec.text_pt) <= column else 2


def metrics_text(metrics: Mapping[str, float | str], lines: int = 1) -> str:
    """PSNR and SSIM as they stand under a picture; where one is missing, why."""
    psnr, similarity = metrics.get("psnr", "not measured"), metrics.get("ssim", "not measured")
    if isinstance(psnr, str) and psnr == similarity:
        return psnr
    first = psnr if isinstance(psnr, str) else f"{format_value(psnr, 2)} dB"
    second = f"SSIM: {similarity}" if isinstance(similarity, str) else f"SSIM {format_value(similarity, 3)}"
    return (" · " if lines == 1 else "\n").join((first, second))


def fitting(texts: tuple[str, ...], width_mm: float, size_pt: float) -> str:
    """The first of several wordings that fits; the last is cut if none does."""
    for text in texts:
        if text_mm(text, size_pt) <= width_mm:
            return text
    most = max(1, int(width_mm / text_mm("x", size_pt)) - 1)
    return texts[-1][:most].rstrip() + "…"


def tick_texts(ends: Range) -> tuple[tuple[float, str], ...]:
    """Values and words at the colour bar: both ends, and zero where it lies between."""
    values = [ends.lo, 0.0, ends.hi] if ends.lo < 0 < ends.hi else [ends.lo, ends.hi]
    digits = max(0, 1 - math.floor(math.log10(max(abs(ends.lo), abs(ends.hi)))))
    found = []
    for value in values:
        text = format_value(value, digits)
        text = (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
        found.append((value, f"+{text}" if value > 0 and ends.lo < 0 else text))
    return tuple(found)
