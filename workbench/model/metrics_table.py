"""The table of measures as data: every slot against the reference, what is best, and the table as text.

A missing number is a word that says why; it is never sorted among numbers and never the best.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from workbench.kernels import flip
from workbench.kernels.metrics import METRICS
from workbench.kernels.perceptual import MS_SIDE
from workbench.model.differencing import Support, data_range
from workbench.model.display import format_value
from workbench.model.document import ORIGINAL, Comparison
from workbench.model.measuring import IS_REFERENCE, KAPPA, NO_REFERENCE, ON_REQUEST, VCI
from workbench.model.panels import geometry, panel_name, reference_name, support_of
from workbench.model.picture_measures import FLIP, GMSD, GRID, MS_SSIM, PERIOD, PHASE_BIAS
from workbench.model.results import Failed, Pending, Results

COMPUTE = "Compute…"
"""Stands where the numbers of a large output wait for somebody to ask for them."""
MEASURING = "measuring"

Best = Literal["high", "low", ""]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: what it is, how its numbers are written, and which of them is the best."""

    id: str
    label: str
    digits: int
    best: Best
    tip: str
    unit: str = ""


_DIGITS = {"psnr": 2, "ssim": 4, "mse": 6, "mae": 5, "bias": 5, "max_error": 4}
_LABELS = {"bias": "bias", "max_error": "max |d|"}

COLUMNS: tuple[Column, ...] = (
    Column("method", "Method", 0, "", "Method: slot and name"),
    *(
        # Bias 0 is no merit of its own: a picture of noise has it as well.
        Column(m.id, _LABELS.get(m.id, m.label), _DIGITS[m.id], "" if m.better == "zero" else m.better,
               re.sub(r"\be\b", "d", f"{m.label}: {m.formula}") + "; d = slot − reference", m.unit)
        for m in METRICS
    ),
    Column(MS_SSIM, "MS-SSIM", 4, "high",
           "MS-SSIM: product over five scales, weights .0448 .2856 .3001 .2363 .1333, valid 11-tap Gaussian σ 1.5, "
           f"2 × 2 means between; needs a side of {MS_SIDE} px; channels averaged; a checkerboard of two pixels hardly "
           "tells: ±.1 scores .99"),
    Column(GMSD, "GMSD", 4, "low",
           "GMSD: deviation of the gradients' similarity after a 2 × 2 mean, Prewitt ÷ 3, c = 170/255²; "
           "channels averaged; it cannot see a checkerboard of two pixels: ±.1 scores 0"),
    *((Column(FLIP, "FLIP", 4, "low", "FLIP: mean of the map; clipped to 0 … 1, so not for overshoot"),)
      if flip.missing() is None else ()),
    Column(PHASE_BIAS, "phase bias", 5, "",
           "Phase bias: largest minus smallest mean of d over the phases; 0 where every phase errs alike"),
    Column(GRID, "grid", 4, "",
           "Grid: checkerboard meter of the picture itself, periods 2 … 8, relative to its mean, from .002 and "
           "z 5 on; possible from z 3; period 8 may be JPEG"),
    Column(
        KAPPA,
        "κ",
        4,
        "",
        "κ: share of the answer to a flat picture that is grid, from the row sums over the phases; 0 is none",
    ),
    Column(VCI, "VCI", 4, "",
           "VCI: deviation of the noise gain Σw² over the phases ÷ its mean; grain gets a grid where it is not 0, "
           "also where κ is"),
    Column("time", "time", 1, "", "Time: measured for the whole output, median of three runs of quick ones"),
)  # fmt: skip
BY_ID = {column.id: column for column in COLUMNS}
MORE = tuple(id for id in (MS_SSIM, GMSD, FLIP, PHASE_BIAS, GRID, VCI) if id in BY_ID)
"""What only the table asks for."""
COMPARED = frozenset((*(metric.id for metric in METRICS), MS_SSIM, GMSD, FLIP, PHASE_BIAS))
"""What depends on the reference and on how the numbers were taken."""


@dataclass(frozen=True, slots=True)
class Row:
    """One slot: its number and title, and for each column a number, or the word that stands for a missing one."""

    id: str
    number: int
    title: str
    values: Mapping[str, float | str]
    stale: bool = False

    def text(self, column: str) -> str:
        """What the table shows."""
        value = self.values.get(column, "")
        if isinstance(value, str):
            return value
        if column == "time":
            return time_text(value)
        text = format_value(value, BY_ID[column].digits)
        return f"{text} {BY_ID[column].unit}" if BY_ID[column].unit else text


def time_text(seconds: float) -> str:
    """``"1.1 ms"``, ``"2.35 s"``."""
    if seconds < 0.9995:
        return f"{seconds * 1e3:.1f} ms"
    return f"{seconds:.2f} s"


def rows_of(
    comparison: Comparison,
    results: Results,
    more: Mapping[str, Mapping[str, float | str]] | None = None,
    part: bool = False,
) -> tuple[Row, ...]:
    """The rows of the table in the order of the slots.

    Parameters
    ----------
    more : mapping, optional
        By slot, the numbers that only the table asks for.
    part : bool
        Whether those are of a part of the picture: then the pipeline's, which are of all of it, are left out.
    """
    rows = []
    for number, slot in enumerate(comparison.slots, 1):
        result, ready = results.get(slot.id), results.ready(slot.id)
        values: dict[str, float | str] = {}
        if ready is not None:
            extra = (more or {}).get(slot.id)
            values.update((ready.metrics if not part else extra) or {"psnr": MEASURING})
            if more is not None:
                values.update(dict.fromkeys(MORE, MEASURING) if extra is None else extra)
            words = {value for value in values.values() if isinstance(value, str)}
            if values.get("psnr") == ON_REQUEST:
                values["psnr"] = COMPUTE
            elif {IS_REFERENCE} <= words or {NO_REFERENCE} <= words:
                # Said once, not six times.
                word = IS_REFERENCE if IS_REFERENCE in words else NO_REFERENCE
                values = {id: "" if value == word and id != "psnr" else value for id, value in values.items()}
                values["psnr"] = word
            values["time"] = ready.seconds if ready.seconds is not None else ON_REQUEST if ready.metrics else MEASURING
        elif isinstance(result, Failed):
            values["psnr"] = "failed"
        elif isinstance(result, Pending) and result.progress:
            values["psnr"] = f"{result.progress * 100:.0f} %"
        else:
            values["psnr"] = "waits"
        rows.append(Row(slot.id, number, slot.title, values, isinstance(result, Pending)))
    return tuple(rows)


def cell_tip(row: Row, column: Column) -> str | None:
    """A number in full, or the word that stands for it; of a grid its period too."""
    value, period = row.values.get(column.id, ""), row.values.get(PERIOD)
    if value == "":
        return None
    tip = f"{column.label} = {value!r}" if isinstance(value, float) else f"{row.title}: {value}"
    if column.id == GRID and isinstance(period, float):
        tip += f", period {period:g}" + (", also JPEG" if period == 8 else "")
    return tip


def best_rows(rows: tuple[Row, ...], column: Column) -> frozenset[str]:
    """Ids of the rows with the best number; all of them if they read the same."""
    numbers = {row.id: value for row in rows if isinstance(value := row.values.get(column.id), float | int)}
    numbers = {id: value for id, value in numbers.items() if not math.isnan(value)}
    if not column.best or len(numbers) < 2:
        return frozenset()
    best = (max if column.best == "high" else min)(numbers.values())
    shown = format_value(best, column.digits)
    return frozenset(id for id, value in numbers.items() if format_value(value, column.digits) == shown)


def in_order(rows: tuple[Row, ...], column: str, falling: bool) -> tuple[Row, ...]:
    """Rows sorted by a column; words come after numbers, equals keep their order."""
    if column == "method":
        return tuple(sorted(rows, key=lambda row: row.number, reverse=falling))
    numbers = [row for row in rows if not isinstance(row.values.get(column, ""), str)]
    words = [row for row in rows if isinstance(row.values.get(column, ""), str)]
    numbers.sort(key=lambda row: row.values[column], reverse=falling)
    return (*numbers, *words)


def settings_text(comparison: Comparison, results: Results, part: str = "") -> str:
    """What the numbers are against and how they were taken; ``part`` is the name of the region they are of."""
    reference = reference_name(comparison, results)
    if reference is None:
        return "no reference: choose a slot with Shift+R"
    name = "Original" if reference == ORIGINAL else panel_name(comparison, reference)
    parts = [f"against {name}"]
    down = comparison.preparation.method
    if reference == ORIGINAL and down is not None:
        # How a picture was made smaller decides much of what a round trip scores.
        parts.append(f"from its {down.info.name}, {down.summary()}")
    area = geometry(results, comparison, reference)
    supports = [support_of(results, comparison, slot.id) for slot in comparison.slots if slot.id != reference]
    whole = area is not None and all(one.shape == area.shape for one in supports if isinstance(one, Support))
    parts.append(part or ("whole image" if whole else "where both have pixels"))
    if results.prepared is not None:
        parts.append(f"data range {data_range(results.prepared):g}")
    parts.append("linear light" if comparison.preparation.light == "linear" else "encoded values")
    parts += ["no crop", "not clipped", "best in bold"]
    return " · ".join(parts)


TextFormat = Literal["tsv", "csv", "markdown", "latex"]


_LATEX = {
    **{letter: f"\\{letter}" for letter in "#$%&_{}"},
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "|": r"$|$", "κ": r"$\kappa$", "×": r"$\times$", "∞": r"$\infty$", "<": "$<$", "·": r"$\cdot$",
}  # fmt: skip


def table_text(rows: Iterable[Row], format: TextFormat) -> str:
    """The table for other programs: numbers in full where a program reads them, as shown in Markdown."""
    lines = [[column.label for column in COLUMNS]]
    lines += [[f"{row.number} {row.title}", *(_said(row, column, format) for column in COLUMNS[1:])] for row in rows]
    if format == "markdown":
        lines.insert(1, ["---", *["---:"] * (len(COLUMNS) - 1)])
        return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)
    if format == "latex":
        return _latex(lines)
    out = io.StringIO()
    csv.writer(out, delimiter="\t" if format == "tsv" else ",", lineterminator="\n").writerows(lines)
    return out.getvalue()


def _said(row: Row, column: Column, format: TextFormat) -> str:
    value = row.values.get(column.id, "")
    if format in ("markdown", "latex") or isinstance(value, str):
        return "" if value == COMPUTE else row.text(column.id)
    return repr(float(value))


def _latex(lines: list[list[str]]) -> str:
    """A table for booktabs; numbers as shown, with a true minus."""
    rows = [" & ".join(_typeset(cell) for cell in line) + r" \\" for line in lines]
    body = "\n".join([rows[0], r"\midrule", *rows[1:]])
    columns = "l" + "r" * (len(COLUMNS) - 1)
    return f"\\begin{{tabular}}{{{columns}}}\n\\toprule\n{body}\n\\bottomrule\n\\end{{tabular}}\n"


def _typeset(cell: str) -> str:
    escaped = "".join(_LATEX.get(letter, letter) for letter in cell)
    return f"${escaped.replace('−', '-')}$" if escaped.startswith("−") else escaped
