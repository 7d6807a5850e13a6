"""Reads the words of the command line: pictures, methods, pixels, regions."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

from workbench.kernels.arrays import Pixel, Window
from workbench.kernels.errors import ImageOpenError, ParameterError
from workbench.kernels.method import Method
from workbench.kernels.patterns import all_charts
from workbench.kernels.registry import from_text
from workbench.model.display import Range
from workbench.model.document import ORIGINAL, Comparison, Preparation, Slot
from workbench.model.files import SUFFIX, load_session
from workbench.model.images import open_image
from workbench.model.samples import array_source, chart_source, load_sample
from workbench.model.source import Source

Commands: TypeAlias = "argparse._SubParsersAction[Any]"
"""Where a command adds its parser."""

IMAGE_HELP = (
    "a file, sample:chelsea, chart:zone_plate:48x64 (rows x columns), or an array such as [[1,2],[3,4]]; "
    f"where several methods are compared also a session file (*{SUFFIX})"
)
METHOD_HELP = "id and fields, as in transposed_conv:kernel=bilinear,stride=2,padding=1; see the command methods"


def add_image(parser: argparse.ArgumentParser) -> None:
    """The picture and what is done to it before any method sees it."""
    parser.add_argument("image", metavar="IMAGE", help=IMAGE_HELP)
    parser.add_argument(
        "--prepare", metavar="METHOD", help="make the picture smaller first, as in down:4 or max_pool:2"
    )
    parser.add_argument(
        "--light", choices=("encoded", "linear"), help="compute on values as stored, or in linear light"
    )
    parser.add_argument("--alpha", choices=("ignore", "premultiply", "channel"), help="what becomes of opacity")


def is_session(word: str) -> bool:
    """Whether a word names a session file."""
    return word.lower().endswith(SUFFIX)


def source_of(word: str) -> Source:
    """The picture a word stands for.

    Raises
    ------
    ImageOpenError
        If there is none.
    """
    if word.lstrip().startswith("["):
        try:
            return array_source(json.loads(word))
        except ValueError as error:
            raise ImageOpenError("array", "", f"must be written like [[1,2],[3,4]]: {error}") from error
    kind, colon, rest = word.partition(":")
    if colon and kind == "sample":
        return load_sample(rest)
    if colon and kind == "chart":
        name, _, size = rest.partition(":")
        usual = {chart.id: chart.default_shape for chart in all_charts()}
        return chart_source(
            name, _two(size, "x", "chart", "64x48, rows x columns") if size else usual.get(name, (64, 64))
        )
    if is_session(word):
        raise ImageOpenError(word, "", "is a session, and one picture is wanted here")
    return open_image(word)


def preparation_of(args: argparse.Namespace, before: Preparation | None = None) -> Preparation:
    """What is done to the picture, by the options; what they leave out stays as it was."""
    made = before or Preparation()
    if args.prepare is not None:
        made = replace(made, method=None if args.prepare == "none" else from_text(args.prepare))
    if args.light is not None:
        made = replace(made, light=args.light)
    if args.alpha is not None:
        made = replace(made, alpha=args.alpha)
    return made


def methods_of(texts: list[str] | None) -> tuple[Method, ...]:
    """Methods for slots: those that make a picture larger."""
    methods = tuple(from_text(text) for text in texts or ())
    for method in methods:
        if method.info.role != "upsample":
            raise ParameterError(
                "method", f"must be one that can be compared, not {method.info.id}; write --prepare {method.info.id}"
            )
    return methods


def comparison_of(args: argparse.Namespace) -> Comparison:
    """The comparison that a command line describes.

    Raises
    ------
    WorkbenchError
        If a picture, method or session cannot be used, or there is no method.
    """
    methods = methods_of(args.method)
    slots = tuple(Slot(f"s{k}", method) for k, method in enumerate(methods, 1))
    if is_session(args.image):
        comparison = load_session(args.image)
        if slots:
            comparison = replace(comparison, slots=slots, reference=ORIGINAL, pins=(), lesson=None)
        comparison = replace(comparison, preparation=preparation_of(args, comparison.preparation))
    else:
        comparison = Comparison(source_of(args.image), preparation_of(args), slots)
    if not comparison.slots:
        raise ParameterError("method", "must be given at least once, as in --method bilinear:scale=2")
    if getattr(args, "reference", None) is not None:
        comparison = replace(comparison, reference=_reference(args.reference, comparison))
    return comparison


def _reference(word: str, comparison: Comparison) -> str:
    count = len(comparison.slots)
    if word == ORIGINAL:
        return ORIGINAL
    if word.isdecimal() and 1 <= int(word) <= count:
        return comparison.slots[int(word) - 1].id
    raise ParameterError("reference", f"must be original or the number of a method, 1 … {count}, not {word}")


def pixel_of(word: str) -> Pixel:
    """``"3,5"``: row 3, column 5."""
    return Pixel(*_two(word, ",", "pixel", "3,5: row, column"))


def region_word(word: str) -> Window:
    """``"10,20,64,48"``: row, column, height, width."""
    numbers = _numbers(word, ",", 4)
    if numbers is None or min(numbers) < 0:
        raise ParameterError("region", f"must be written like 10,20,64,48: row, column, height, width; not {word}")
    top, left, height, width = numbers
    return Window(top, left, top + height, left + width)


def range_word(word: str, name: str) -> Range:
    """``"-0.2,0.2"``, or ``"0.2"`` for both sides of zero."""
    try:
        numbers = [float(part) for part in word.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 1:
        return Range(-abs(numbers[0]), abs(numbers[0]))
    if len(numbers) != 2:
        raise ParameterError(name, f"must be written like -0.2,0.2 or 0.2, not {word}")
    return Range(*numbers)


def channel_of(word: str | None, names: tuple[str, ...]) -> int:
    """A channel by its name or its number from 0; the first if none is asked for."""
    if word is None:
        return 0
    for number, name in enumerate(names):
        if word.lower() in (name.lower(), str(number)):
            return number
    raise ParameterError("channel", f"must be one of {', '.join(names)}, not {word}")


def free_path(folder: Path, stem: str, suffix: str) -> Path:
    """A name in a folder that no file has."""
    number, path = 1, folder / f"{stem}{suffix}"
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{suffix}"
    return path


def _two(word: str, between: str, name: str, example: str) -> tuple[int, int]:
    numbers = _numbers(word, between, 2)
    if numbers is None:
        raise ParameterError(name, f"must be written like {example}; not {word}")
    return (numbers[0], numbers[1])


def _numbers(word: str, between: str, count: int) -> list[int] | None:
    try:
        numbers = [int(part) for part in word.lower().split(between)]
    except ValueError:
        return None
    return numbers if len(numbers) == count else None
