"""``explain``: which source pixels, with which weights, made one output pixel, and whether they add up."""

from __future__ import annotations

import argparse
import json
import math

from workbench.cli.inputs import Commands, add_image, channel_of, pixel_of, preparation_of, source_of
from workbench.kernels.arrays import Image, Pixel, Window, plane
from workbench.kernels.errors import ParameterError, WorkbenchError
from workbench.kernels.method import Method
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.channels import ChannelStencil
from workbench.kernels.provenance import Term, Trace, trace
from workbench.kernels.registry import from_text
from workbench.model.display import format_card
from workbench.model.prepared import PreparedSource, prepare


def add_parser(subparsers: Commands) -> None:
    parser = subparsers.add_parser("explain", help="the weighted sources of one output pixel, and their sum")
    parser.add_argument("method", metavar="METHOD", help="id and fields; forward methods work too")
    add_image(parser)
    parser.add_argument("--pixel", required=True, metavar="R,C", help="row and column of the output, from 0")
    parser.add_argument("--channel", metavar="C", help="name or number of a channel; the first if not given")
    parser.add_argument("--json", action="store_true", help="full precision, for programs")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the sum that made a pixel.

    Raises
    ------
    WorkbenchError
        If something does not fit, or the sum is not what the whole output holds.
    """
    method = from_text(args.method)
    prepared = prepare(source_of(args.image), preparation_of(args))
    channel = channel_of(args.channel, prepared.channel_names)
    operator = operator_of(method, prepared)
    pixel = _inside(pixel_of(args.pixel), operator)
    found = trace(operator, prepared.values, pixel, channel)
    rest = check(operator, prepared.values, found)
    print(_as_json(method, prepared, found, rest) if args.json else _as_text(method, prepared, operator, found, rest))
    return 0


def operator_of(method: Method, prepared: PreparedSource) -> LinearOperator:
    """The operator of any method on this source; a pooling makes its own record."""
    if method.info.role == "forward":
        return method.prepare(prepared.values).operator
    return method.operator(prepared.spec)


def check(operator: LinearOperator, x: Image, found: Trace) -> float:
    """Hold the sum of a trace against the pixel of the output; what a dense row leaves out of the sum.

    Raises
    ------
    WorkbenchError
        If they differ by more than rounding.
    """
    i, j = found.pixel
    value = float(plane(operator.apply(x, Window(i, j, i + 1, j + 1)), found.channel)[0, 0])
    if operator.truncated:
        return value - found.value
    size = max((abs(term.product) for term in found.terms), default=0.0)
    tolerance = 1e-12 if x.dtype.itemsize == 8 else 1e-5
    same = value == found.value or math.isclose(value, found.value, rel_tol=tolerance, abs_tol=tolerance * size)
    if not same and not (math.isnan(value) and math.isnan(found.value)):
        raise WorkbenchError(f"pixel {i},{j} does not add up: its sources give {found.value!r}, the output {value!r}")
    return 0.0


def _inside(pixel: Pixel, operator: LinearOperator) -> Pixel:
    height, width = operator.out_shape
    if not (0 <= pixel.row < height and 0 <= pixel.col < width):
        rule = f"must lie in the output, rows 0 … {height - 1} and columns 0 … {width - 1}"
        raise ParameterError("pixel", f"{rule}, not {pixel.row},{pixel.col}")
    return pixel


def _as_json(method: Method, prepared: PreparedSource, found: Trace, rest: float) -> str:
    data = {
        "method": method.to_text(),
        "pixel": list(found.pixel),
        **({"channel": prepared.channel_names[found.channel]} if prepared.channels > 1 else {}),
        "value": found.answer + rest,
        **({"rest": rest} if rest else {}),
        **({"offset": found.offset} if found.offset else {}),
        "row_sum": found.row_sum,
        "terms": [
            {
                "row": one.row,
                "col": one.col,
                "channel": one.channel,
                "weight": one.weight,
                "value": one.value,
                "product": one.product,
            }
            for one in found.terms
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def _source(term: Term, prepared: PreparedSource, found: Trace) -> str:
    """Where a term comes from, with its channel where channels meet."""
    if isinstance(found.stencil, ChannelStencil):
        return f"({term.row}, {term.col}, {prepared.channel_names[term.channel]})"
    return f"({term.row}, {term.col})"


def _as_text(method: Method, prepared: PreparedSource, operator: LinearOperator, found: Trace, rest: float) -> str:
    height, width = operator.out_shape
    channel = f", channel {prepared.channel_names[found.channel]}" if prepared.channels > 1 else ""
    lines = [
        f"{method.info.name} ({method.to_text()}) of {prepared.source.name}, {prepared.shape[0]}×{prepared.shape[1]}",
        f"output ({found.pixel.row}, {found.pixel.col}) of {height}×{width}{channel}",
        "",
    ]
    rows: list[tuple[str, ...]] = [("source", "weight", "× value", "= product", "sum so far")]
    rows += [
        (_source(one, prepared, found), *map(format_card, (one.weight, one.value, one.product, one.running)))
        for one in found.terms
    ]
    if found.terms:
        widths = [max(len(row[k]) for row in rows) for k in range(5)]
        lines += ["  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True)) for row in rows]
    else:
        lines.append("no source reaches this pixel")
    phase = "" if found.phase is None else f" · phase {found.phase[0]}, {found.phase[1]}"
    affine = f" (with + b = {format_card(found.offset)})" if found.offset else ""
    left = f" (with {format_card(rest)} of taps left out)" if rest else ""
    value = f"value {format_card(found.answer + rest)}{affine}{left}"
    lines += ["", f"{value} · row sum {format_card(found.row_sum)}{phase} · adds up"]
    return "\n".join(lines)
