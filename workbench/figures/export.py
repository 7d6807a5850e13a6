"""Writes a figure and what belongs beside it: the recipe that makes it again, its caption, its numbers."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from workbench.figures.caption import caption, latex_caption
from workbench.figures.gather import Gathered
from workbench.figures.layout import FigureSpec
from workbench.figures.render import FORMATS, render
from workbench.figures.tables import csv_text, table_rows
from workbench.kernels.arrays import Window
from workbench.kernels.differences import Difference
from workbench.kernels.errors import ImageSaveError, ParameterError
from workbench.model.atomic import atomic_write
from workbench.model.display import Range, Tone
from workbench.model.document import Comparison
from workbench.model.files import SUFFIX, to_data

FIGURE = "figure"
"""Key of a session file under which the figure's own choices stand."""


def export_figure(path: str | Path, gathered: Gathered) -> tuple[Path, ...]:
    """Write a figure, and beside it the recipe, the caption and the measures.

    Parameters
    ----------
    path : path-like
        Its suffix names the format.
    gathered : Gathered

    Returns
    -------
    tuple of Path
        The figure, the session file that repeats it, its caption as text and LaTeX, and its measures if there are any.

    Raises
    ------
    ParameterError
        If the suffix is none of PNG, PDF, SVG.
    ImageSaveError
        If a file cannot be written.
    """
    path = Path(path)
    format = next((known for known in FORMATS if path.suffix.lower() == f".{known}"), None)
    if format is None:
        raise ParameterError("figure", f"the name must end in .{', .'.join(FORMATS)}, not {path.name}")
    recipe = recipe_text(gathered.comparison, gathered.spec, path.parent)
    words = "\n".join(
        (caption(gathered), latex_caption(gathered), command_line(gathered.comparison, gathered.spec, path.name), "")
    )
    files = {
        path: render(gathered, format, description=caption(gathered)),
        path.with_name(path.stem + SUFFIX): recipe.encode(),
        path.with_suffix(".txt"): words.encode(),
    }
    rows = table_rows(gathered)
    if rows:
        files[path.with_suffix(".csv")] = csv_text(rows).encode()
    for target, content in files.items():
        try:
            with atomic_write(target) as temporary:
                temporary.write_bytes(content)
        except OSError as error:
            raise ImageSaveError(target, f"could not be written: {error.strerror or error}") from error
    return tuple(files)


def recipe_text(comparison: Comparison, spec: FigureSpec, folder: Path | None = None) -> str:
    """The session file of a figure: it opens in the window, and on the command line makes the figure again."""
    data = {**to_data(comparison, folder), FIGURE: spec_data(spec)}
    return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def spec_data(spec: FigureSpec) -> dict[str, Any]:
    """The choices of a figure as JSON."""
    region = spec.region
    return {
        "columns": list(spec.columns),
        "rows": list(spec.rows),
        "region": None if region is None else [region.top, region.left, region.height, region.width],
        "difference": spec.difference.value,
        "difference_range": [spec.difference_range.lo, spec.difference_range.hi],
        "difference_map": spec.difference_map,
        "image_range": [spec.image_range.lo, spec.image_range.hi],
        "image_map": spec.image_map,
        "channel": spec.channel,
        "letters": spec.letters,
        "metrics_line": spec.metrics_line,
        "colour_bar": spec.colour_bar,
        "pins": spec.pins,
        "width_mm": spec.width_mm,
        "text_pt": spec.text_pt,
        "dpi": spec.dpi,
        "title": spec.title,
        "epsilon": spec.epsilon,
        "expression": spec.expression,
        "image_tone": asdict(spec.image_tone),
        "difference_tone": asdict(spec.difference_tone),
    }


def spec_from_data(data: object) -> FigureSpec:
    """The figure that `spec_data` wrote; what is missing takes its default.

    Raises
    ------
    ParameterError
        If the data are damaged.
    """
    if not isinstance(data, dict):
        raise ParameterError(FIGURE, "must be an object")
    values = {key: data[key] for key in spec_data(FigureSpec(("source",))) if key in data}
    try:
        for key in ("columns", "rows"):
            if key in values:
                values[key] = tuple(str(one) for one in values[key])
        if values.get("region") is not None:
            values["region"] = region_of(*(int(one) for one in values["region"]))
        if "difference" in values:
            values["difference"] = difference_by_id(values["difference"])
        for key in ("difference_range", "image_range"):
            if key in values:
                low, high = values[key]
                values[key] = Range(float(low), float(high))
        for key in ("image_tone", "difference_tone"):
            if key in values:
                values[key] = Tone(**{name: float(number) for name, number in values[key].items()})
        return replace(FigureSpec(("source",)), **values)
    except (TypeError, ValueError, AttributeError) as error:
        raise ParameterError(FIGURE, f"is damaged: {error}") from error


def difference_by_id(id: object) -> Difference:
    """The kind of difference with this id."""
    for kind in Difference:
        if kind.value == id:
            return kind
    raise ParameterError("difference", f"must be one of {', '.join(kind.value for kind in Difference)}, not {id}")


def region_of(top: int, left: int, height: int, width: int) -> Window:
    """A region as people write it: row, column, height, width."""
    return Window(top, left, top + height, left + width)


def command_line(comparison: Comparison, spec: FigureSpec, output: str) -> str:
    """The command that draws the same figure without a window."""
    words = ["python", "main.py", "figure", image_word(comparison)]
    for slot in comparison.slots:
        if slot.id in spec.columns:
            words += ["--method", slot.method.to_text()]
    if comparison.preparation.method is not None:
        words += ["--prepare", comparison.preparation.method.to_text()]
    if comparison.preparation.light != "encoded":
        words += ["--light", comparison.preparation.light]
    if "difference" in spec.rows:
        words += ["--difference", spec.difference.value]
        words.append(f"--difference-range={spec.difference_range.lo:g},{spec.difference_range.hi:g}")
        if spec.difference is Difference.EXPRESSION:
            words += ["--expression", spec.expression]
    if spec.region is not None:
        region = spec.region
        words += ["--region", f"{region.top},{region.left},{region.height},{region.width}"]
    words += ["--width", f"{spec.width_mm:g}", "--text", f"{spec.text_pt:g}", "--dpi", str(spec.dpi), "-o", output]
    return " ".join(map(shlex.quote, words))


def image_word(comparison: Comparison) -> str:
    """The picture as the command line names it."""
    origin = comparison.source.origin if comparison.source else {}
    match origin:
        case {"sample": id}:
            return f"sample:{id}"
        case {"chart": id, "shape": [height, width]}:
            return f"chart:{id}:{height}x{width}"
        case {"array": rows}:
            return json.dumps(rows, separators=(",", ":"))
        case {"file": file}:
            return str(file)
    return "IMAGE"


def file_stem(name: str) -> str:
    """A name fit for a file: ``"Chelsea the cat.png"`` → ``"chelsea-the-cat"``."""
    return re.sub(r"[^\w]+", "-", Path(name).stem).strip("-").lower() or "comparison"
