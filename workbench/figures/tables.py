"""The numbers of a figure as text: CSV for programs, Markdown and LaTeX for papers, JSON for scripts.

CSV and JSON carry every digit; Markdown and LaTeX are rounded as on screen. A number that is missing is a word that
says why.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from workbench.figures.gather import Gathered
from workbench.kernels.arrays import Shape
from workbench.kernels.metrics import METRICS, Metric
from workbench.model.display import format_value
from workbench.model.metrics_table import BY_ID, Row, best_rows


@dataclass(frozen=True, slots=True, eq=False)
class TableRow:
    """The measures of one slot.

    Parameters
    ----------
    name, recipe : str
        What a person calls it; the method as on the command line.
    shape : (int, int)
        Of its output.
    metrics : mapping
        Number or reason by metric id.
    """

    name: str
    recipe: str
    shape: Shape
    metrics: Mapping[str, float | str]


_LATEX = str.maketrans({sign: f"\\{sign}" for sign in "&%$#_{}"} | {"~": r"\textasciitilde{}", "^": r"\^{}"})


def table_rows(gathered: Gathered) -> tuple[TableRow, ...]:
    """One row for each column of a figure that was measured."""
    return tuple(
        TableRow(column.title, column.recipe, column.shape, column.metrics)
        for column in gathered.columns
        if column.metrics is not None
    )


def csv_text(rows: Iterable[TableRow]) -> str:
    """Comma-separated, one head line, full precision."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["name", "method", "height", "width", *(metric.id for metric in METRICS)])
    for row in rows:
        values = [_exact(row.metrics.get(metric.id, "")) for metric in METRICS]
        writer.writerow([row.name, row.recipe, *row.shape, *values])
    return buffer.getvalue()


def json_text(rows: Iterable[TableRow]) -> str:
    """A list of objects; infinity, which JSON does not know, is the word ``"inf"``."""
    return json.dumps(
        [
            {
                "name": row.name,
                "method": row.recipe,
                "shape": list(row.shape),
                **{id: value if not isinstance(value, float) or math.isfinite(value) else str(value)
                   for id, value in row.metrics.items()},
            }
            for row in rows
        ],
        ensure_ascii=False,
        indent=2,
    )  # fmt: skip


def markdown_text(rows: Sequence[TableRow]) -> str:
    """A pipe table that is also read easily as plain text; the best of each column is bold."""
    lines = [["Method", "Size", *(_head(metric).replace("|", r"\|") for metric in METRICS)]]
    best = _best(rows)
    for k, row in enumerate(rows):
        cells = [_shown(metric, row.metrics.get(metric.id, "")) for metric in METRICS]
        marked = [f"**{text}**" if k in best[m.id] else text for m, text in zip(METRICS, cells, strict=True)]
        lines.append([row.name.replace("|", r"\|"), f"{row.shape[0]}×{row.shape[1]}", *marked])
    widths = [max(len(line[k]) for line in lines) for k in range(len(lines[0]))]
    padded = [[line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])] for line in lines]
    padded.insert(1, ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])])
    return "".join(f"| {' | '.join(line)} |\n" for line in padded)


def latex_text(rows: Sequence[TableRow]) -> str:
    """A ``tabular`` in the style of booktabs, the best of each column in bold."""
    best = _best(rows)
    lines = [r"\begin{tabular}{l" + "r" * len(METRICS) + "}", r"\toprule"]
    lines.append(" & ".join(["Method", *(_head(metric).translate(_LATEX) for metric in METRICS)]) + r" \\ \midrule")
    for k, row in enumerate(rows):
        cells = [row.name.translate(_LATEX)]
        for metric in METRICS:
            text = _shown(metric, row.metrics.get(metric.id, "")).replace("−", "$-$").replace("∞", r"$\infty$")
            cells.append(rf"\textbf{{{text}}}" if k in best[metric.id] else text)
        lines.append(" & ".join(cells) + r" \\")
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}", ""])


def _best(rows: Sequence[TableRow]) -> dict[str, frozenset[int]]:
    """Which rows hold the best value of each measure, by the rule of the window's table."""
    told = tuple(Row(str(k), k + 1, row.name, row.metrics) for k, row in enumerate(rows))
    return {m.id: frozenset(int(id) for id in best_rows(told, BY_ID[m.id])) for m in METRICS}


def _head(metric: Metric) -> str:
    return f"{metric.label} ({metric.unit})" if metric.unit else metric.label


def _shown(metric: Metric, value: float | str) -> str:
    return value if isinstance(value, str) else format_value(value, BY_ID[metric.id].digits)


def _exact(value: float | str) -> str:
    return value if isinstance(value, str) else repr(float(value))
