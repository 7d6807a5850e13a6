"""``figure``: the panels of a comparison on one page, without a window."""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench.cli.inputs import (
    METHOD_HELP,
    Commands,
    add_image,
    comparison_of,
    free_path,
    is_session,
    range_word,
    region_word,
)
from workbench.figures.export import FIGURE, difference_by_id, export_figure, file_stem, spec_from_data
from workbench.figures.gather import computed, figure_columns, gather, usual_spec
from workbench.figures.layout import ROWS, FigureSpec
from workbench.figures.render import render
from workbench.kernels.differences import Difference
from workbench.kernels.errors import ImageSaveError, WorkbenchError
from workbench.model.atomic import atomic_write
from workbench.model.document import ORIGINAL, Comparison


def add_parser(subparsers: Commands) -> None:
    parser = subparsers.add_parser("figure", help="panels, insets and differences on one page: PNG, PDF or SVG")
    add_image(parser)
    parser.add_argument("--method", action="append", metavar="METHOD", help=f"{METHOD_HELP}; may be repeated")
    parser.add_argument("--reference", metavar="NAME", help="original, or the number of a method from 1")
    kinds = [kind.value for kind in Difference]
    parser.add_argument("--difference", choices=kinds, help="a row of differences to the reference")
    parser.add_argument("--expression", metavar="TEXT", help="a formula of a, r and x for --difference expression")
    parser.add_argument(
        "--difference-range", metavar="LO,HI", help="ends of the colour bar; one number: both sides of 0"
    )
    parser.add_argument("--region", metavar="R,C,H,W", help="insets: row, column, height, width in source pixels")
    parser.add_argument("--range", metavar="LO,HI", help="values shown as black and white")
    parser.add_argument("--no-pins", action="store_true", help="leave out the numbered crosshairs")
    parser.add_argument("--no-letters", action="store_true", help='leave out "(a)", "(b)"')
    parser.add_argument("--no-metrics", action="store_true", help="leave out PSNR and SSIM")
    parser.add_argument("--no-bar", action="store_true", help="leave out the colour bar")
    parser.add_argument("--width", type=float, metavar="MM", help="width of the page in mm; 170 if not given")
    parser.add_argument("--text", type=float, metavar="PT", help="size of the text in points; 7.5 if not given")
    parser.add_argument("--dpi", type=int, metavar="N", help="the fewest device pixels per inch; 300 if not given")
    parser.add_argument("--title", metavar="TEXT", help="a line above everything")
    parser.add_argument("-o", "--output", metavar="FILE", help=".png, .pdf or .svg; a free name if not given")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Draw a figure and write it with its recipe, caption and numbers."""
    comparison = comparison_of(args)
    spec = _spec(args, comparison)
    name = comparison.source.name if comparison.source else ""
    path = Path(args.output) if args.output else free_path(Path(), f"{file_stem(name)}-comparison", ".png")
    gathered = gather(comparison, spec)
    for written in export_figure(path, gathered):
        print(written)
    return 0


def _spec(args: argparse.Namespace, comparison: Comparison) -> FigureSpec:
    """The figure's own choices: those of a session, then those of the options."""
    stored = _stored(args) if is_session(args.image) and not args.method else None
    spec = stored or replace(usual_spec(comparison), rows=("image",), region=None)
    changes: dict[str, Any] = {"columns": spec.columns if stored else figure_columns(comparison)}
    rows = set(spec.rows)
    if args.region is not None:
        changes["region"] = region_word(args.region)
        rows.add("inset")
    if args.difference is not None:
        kind = difference_by_id(args.difference)
        changes["difference"] = kind
        rows.add("difference")
        if kind is not spec.difference or not stored:
            changes["difference_range"] = usual_spec(comparison, kind).difference_range
    if args.expression is not None:
        changes["expression"] = args.expression
    if args.difference_range is not None:
        changes["difference_range"] = range_word(args.difference_range, "difference range")
    if args.range is not None:
        changes["image_range"] = range_word(args.range, "range")
    changes["rows"] = tuple(row for row in ROWS if row in rows)
    left_out = {
        "letters": args.no_letters,
        "pins": args.no_pins,
        "metrics_line": args.no_metrics,
        "colour_bar": args.no_bar,
    }
    for field, off in left_out.items():
        if off:
            changes[field] = False
    for field, value in (("width_mm", args.width), ("text_pt", args.text), ("dpi", args.dpi), ("title", args.title)):
        if value is not None:
            changes[field] = value
    return replace(spec, **changes)


def _stored(args: argparse.Namespace) -> FigureSpec | None:
    """What a session says of its figure; the session itself has been read without complaint."""
    data = json.loads(Path(args.image).read_text(encoding="utf-8"))
    return spec_from_data(data[FIGURE]) if FIGURE in data else None


def _that_fits(comparison: Comparison) -> Comparison:
    """Without the slots that cannot work on this source, which a window would show as failed."""
    prepared, slots = computed(comparison).prepared, []
    for slot in comparison.slots:
        try:
            if prepared is not None:
                slot.method.operator(prepared.spec)
                slots.append(slot)
        except WorkbenchError:
            continue
    kept = {slot.id for slot in slots}
    reference = comparison.reference if comparison.reference in kept else ORIGINAL
    return replace(comparison, slots=tuple(slots), reference=reference)


def draw_instead(comparison: Comparison) -> Path:
    """The figure of a comparison that no window could show, under a free name.

    Returns
    -------
    Path
        In the current folder, or in the temporary folder where that cannot be written.

    Raises
    ------
    WorkbenchError
        If the comparison cannot be drawn, or nowhere can be written.
    """
    comparison = _that_fits(comparison)
    content = render(gather(comparison, usual_spec(comparison)), "png")
    stem = f"{file_stem(comparison.source.name if comparison.source else '')}-comparison"
    problem = ""
    for folder in (Path(), Path(tempfile.gettempdir())):
        path = free_path(folder, stem, ".png")
        try:
            with atomic_write(path) as temporary:
                temporary.write_bytes(content)
        except OSError as error:
            problem = error.strerror or str(error)
        else:
            return path
    raise ImageSaveError(path, f"could not be written: {problem}")
