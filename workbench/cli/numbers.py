"""``methods``, ``apply`` and ``metrics``: what there is, one whole output, how far outputs are from a reference."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from workbench.cli.explain import operator_of
from workbench.cli.inputs import METHOD_HELP, Commands, add_image, comparison_of, preparation_of, source_of
from workbench.figures.gather import computed, measures
from workbench.figures.tables import TableRow, csv_text, json_text, markdown_text
from workbench.kernels.arrays import Image
from workbench.kernels.errors import ParameterError
from workbench.kernels.method import Method
from workbench.kernels.registry import all_methods, from_text
from workbench.kernels.transfer import linear_to_srgb
from workbench.model.differencing import nominal_range
from workbench.model.display import format_card
from workbench.model.image_saving import save_image
from workbench.model.panels import panel_name, reference_name, reference_reason
from workbench.model.prepared import PreparedSource, prepare


def add_parsers(subparsers: Commands) -> None:
    known = subparsers.add_parser("methods", help="every method with its fields")
    known.add_argument("--json", action="store_true", help="for programs")
    known.set_defaults(run=list_methods)

    once = subparsers.add_parser("apply", help="one method on one picture, written to a file")
    add_image(once)
    once.add_argument("--method", required=True, metavar="METHOD", help=METHOD_HELP)
    once.add_argument(
        "--depth", type=int, metavar="BITS", help="of a sample: PNG 8 or 16, TIFF 8, 16 or 32, EXR 16 or 32"
    )
    once.add_argument(
        "-o", "--output", required=True, metavar="FILE", help=".npy for the very numbers, or .png, .tif, .exr"
    )
    once.set_defaults(run=apply)

    several = subparsers.add_parser("metrics", help="how far outputs are from the original or from another output")
    add_image(several)
    several.add_argument("--method", action="append", metavar="METHOD", help=f"{METHOD_HELP}; may be repeated")
    several.add_argument("--reference", metavar="NAME", help="original, or the number of a method from 1")
    shape = several.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="full precision, for programs")
    shape.add_argument("--csv", action="store_true", help="full precision, for tables")
    several.set_defaults(run=metrics)


def list_methods(args: argparse.Namespace) -> int:
    """Print what methods there are."""
    if args.json:
        print(json.dumps([_described(cls) for cls in all_methods()], ensure_ascii=False, indent=2))
        return 0
    for cls in all_methods():
        print(f"{cls.info.id}  {cls.info.name} ({cls.info.family})")
        print(f"    {cls.info.doc}  {cls.info.formula}")
        for field in cls.fields():
            default = field.kind.text(field.default)
            print(f"    {field.name}={default}  {field.param.help or field.param.label}")
    return 0


def _described(cls: type[Method]) -> dict[str, object]:
    info = cls.info
    return {
        "id": info.id,
        "name": info.name,
        "family": info.family,
        "role": info.role,
        "doc": info.doc,
        "formula": info.formula,
        "fields": [
            {
                "name": field.name,
                "label": field.param.label,
                "default": field.kind.to_data(field.default),
                "unit": field.param.unit,
                "min": field.param.ge,
                "max": field.param.le,
                "help": field.param.help,
            }
            for field in cls.fields()
        ],
    }


def apply(args: argparse.Namespace) -> int:
    """Compute one output and write it."""
    method = from_text(args.method)
    prepared = prepare(source_of(args.image), preparation_of(args))
    values = operator_of(method, prepared).affine(prepared.values)
    path = Path(args.output)
    pixels, said = _for_file(path, args.depth, values, prepared)
    report = save_image(path, pixels, depth=args.depth, description=f"{method.to_text()} of {prepared.source.name}")
    height, width = values.shape[:2]
    clipped = f", {report.clipped} samples clipped" if path.suffix.lower() != ".npy" else ""
    print(f"{path}: {height}×{width}, {report.depth}{clipped}{said}")
    return 0


def _for_file(path: Path, depth: int | None, values: Image, prepared: PreparedSource) -> tuple[Image, str]:
    """Values as a file wants them, and what was done for that: whole numbers go from black to white."""
    whole = path.suffix.lower() == ".png" or (path.suffix.lower() in (".tif", ".tiff") and depth in (8, 16))
    if not whole:
        return values, ""
    low, high = nominal_range(prepared)
    said = ""
    if (low, high) != (0.0, 1.0):
        values = (values - low) / (high - low)
        said = f"; {format_card(low)} is black, {format_card(high)} white"
    if prepared.preparation.light == "linear":
        values = np.asarray(linear_to_srgb(values), values.dtype)
        said += "; encoded as sRGB"
    return values, said


def metrics(args: argparse.Namespace) -> int:
    """Print the measures of every method."""
    comparison = comparison_of(args)
    results = computed(comparison, [slot.id for slot in comparison.slots])
    reference = reference_name(comparison, results)
    if reference is None:
        raise ParameterError("reference", _no_reference(reference_reason(comparison, results)))
    rows = [
        TableRow(slot.title, slot.method.to_text(), ready.shape, found)
        for slot in comparison.slots
        if (ready := results.ready(slot.id)) and (found := measures(results, comparison, slot.id)) is not None
    ]
    if args.json:
        print(json_text(rows))
    elif args.csv:
        print(csv_text(rows), end="")
    else:
        print(markdown_text(rows), end="")
        print(f"\nagainst {panel_name(comparison, reference)}, nothing cropped or clipped")
    return 0


def _no_reference(reason: str) -> str:
    return f"must be given: {reason[:1].lower()}{reason[1:].rstrip('.')} (--prepare down:4 or --reference 1)"
