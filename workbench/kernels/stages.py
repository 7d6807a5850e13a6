"""What happens before and after the linear map, each step under its own name: rounding, limits, light, alpha.

Source: Pillow's Resample.c, Convert.c and Geometry.c; OpenCV's resize.cpp; torch's uint8 kernels; SciPy's
ni_interpolation.c; scikit-image's ``clip=True``. Rounding rules themselves stand in `quantisers`.

Convention
    A is linear; stages are not, so none of them is ever folded into A. Images are (h, w) or (h, w, c); where there is
    alpha, it is the last channel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Pixel, Window, as_image
from workbench.kernels.engines import GatherEngine
from workbench.kernels.errors import ParameterError
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.quantisers import ROUNDINGS, TOP, Quantised, Quantiser, in_passes
from workbench.kernels.transfer import linear_to_srgb, srgb_to_linear

Step = tuple[str, float]
"""A stage's title, and the value after it."""


class Side(Enum):
    """Which side of the linear map a stage stands on."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Stage:
    """One step that is not linear, or not part of the resampling.

    Parameters
    ----------
    id : str
    title : str
        Short, for the chain of a value: ``"round half up"``.
    words : str
        What it does, in a sentence.
    exactness : str
        What is promised: ``"exact"``, ``"bit for bit"``, or where it may differ.
    function : callable, optional
        Image in, image out: pixel by pixel.
    rule : Quantiser
        For a stage that needs the operator and its pixels, not the sum alone.
    side : Side
    """

    id: str
    title: str
    words: str
    exactness: str = "exact"
    function: Callable[[Image], Image] | None = None
    rule: Quantiser = Quantiser.NONE
    side: Side = Side.AFTER

    @property
    def whole(self) -> bool:
        """Whether it needs the operator and its pixels."""
        return self.function is None


Pair = tuple[Stage, Stage]
"""What is done before A, and undone after."""


def clipped(low: float, high: float) -> Stage:
    """Limits: what lies beyond takes their value."""
    words = f"Values beyond {low:g} … {high:g} become the nearest of both."
    return Stage("clip", "clip", words, function=lambda values: np.clip(values, low, high))


def scaled(factor: float) -> Stage:
    """Another unit."""
    title = f"× {factor:g}" if factor >= 1 else f"÷ {1 / factor:g}"
    return Stage("scale", title, f"Every value {title}.", function=lambda values: values * factor)


ROUND_HALF_UP = Stage("round_half_up", "round half up", "To the nearest whole number; halves go up.",
                      function=ROUNDINGS[Quantiser.ROUND_ONCE])  # fmt: skip
ROUND_HALF_EVEN = Stage("round_half_even", "round half to even", "To the nearest whole number; halves to the even one.",
                        function=ROUNDINGS[Quantiser.ROUND_EVEN])  # fmt: skip
TRUNCATE = Stage("truncate", "cut digits", "What follows the decimal point is cut off.",
                 function=ROUNDINGS[Quantiser.TRUNCATE])  # fmt: skip


def stored_as(bits: int, peak: float = 1.0) -> tuple[Stage, ...]:
    """A file of whole numbers of so many bits, in which ``peak`` is the largest: scale, round half up, clip."""
    top = (1 << bits) - 1
    scale = () if peak == top else (scaled(top / peak),)
    return (*scale, ROUND_HALF_UP, clipped(0, top))


def light(peak: float = 1.0) -> Pair:
    """Resampled as light: out of the sRGB curve before A, into it after; ``peak`` is white."""
    before = Stage("to_light", "to linear light", "The sRGB curve is undone, so that light is averaged.",
                   function=lambda values: srgb_to_linear(values / peak), side=Side.BEFORE)  # fmt: skip
    after = Stage("to_srgb", "to sRGB", "Light takes the sRGB curve again.",
                  function=lambda values: linear_to_srgb(values) * peak)  # fmt: skip
    return before, after


def _premultiplied(peak: float) -> Callable[[Image], Image]:
    def apply(values: Image) -> Image:
        alpha = values[..., -1:]
        return np.concatenate((values[..., :-1] * (alpha / peak), alpha), axis=-1)

    return apply


def _unpremultiplied(peak: float) -> Callable[[Image], Image]:
    def apply(values: Image) -> Image:
        alpha = values[..., -1:]
        colours = values[..., :-1] * (peak / np.where(alpha == 0, peak, alpha))
        return np.concatenate((np.where(alpha == 0, 0.0, colours), alpha), axis=-1)

    return apply


def premultiplied(peak: float = 1.0) -> Pair:
    """Colours weighed by their alpha: multiplied before A, divided after; without colour where alpha is 0."""
    before = Stage("premultiply", "× alpha", "Colours are multiplied by alpha, so that what is transparent adds none.",
                   function=_premultiplied(peak), side=Side.BEFORE)  # fmt: skip
    after = Stage("unpremultiply", "÷ alpha", "Colours are divided by alpha; where that is 0 there is no colour.",
                  function=_unpremultiplied(peak))  # fmt: skip
    return before, after


def _bytes_times_alpha(values: Image) -> Image:
    product = values[..., :-1].astype(np.int64) * values[..., -1:].astype(np.int64) + 128
    return np.concatenate((((product >> 8) + product) >> 8, values[..., -1:]), axis=-1).astype(np.float64)


def _bytes_by_alpha(values: Image) -> Image:
    colours, alpha = values[..., :-1].astype(np.int64), values[..., -1:].astype(np.int64)
    divided = np.clip(colours * TOP // np.where(alpha == 0, 1, alpha), 0, TOP)
    kept = np.where((alpha == 0) | (alpha == TOP), colours, divided)
    return np.concatenate((kept, alpha), axis=-1).astype(np.float64)


LINEAR_LIGHT = light()
PREMULTIPLIED = premultiplied()
PILLOW_ALPHA: Pair = (
    Stage("premultiply_8", "× alpha, 8 bit", "Pillow multiplies by alpha and rounds to 8 bits.", "bit for bit",
          _bytes_times_alpha, side=Side.BEFORE),
    Stage("unpremultiply_8", "÷ alpha, 8 bit", "Pillow divides by alpha and cuts off to 8 bits.", "bit for bit",
          _bytes_by_alpha),
)  # fmt: skip


def _rounding(rule: Quantiser, title: str, exactness: str = "bit for bit") -> Stage:
    return Stage(rule.value, title, f"{rule.label.removeprefix('quantised: ').capitalize()}.", exactness, None, rule)


CLIP_TO_INPUT = _rounding(Quantiser.CLIP_TO_INPUT, "clip to input", "exact")
_TWO_22 = _rounding(Quantiser.TWO_PASS_22, "two passes, 22 bits")
_TWO_16 = _rounding(Quantiser.TWO_PASS_16, "two passes, 16 bits")
_CUT_11 = _rounding(Quantiser.LINEAR_11, "two passes, 11 bits")
_FIXED_11 = _rounding(Quantiser.FIXED_11, "11-bit weights", "±1 in a few pixels: its coordinates are float32")
_IN_256 = _rounding(Quantiser.WEIGHTS_256, "weights of 1/256")
_EIGHT_BIT = clipped(0, TOP)
_NOT_AT_HALVES = "bit for bit, but at exact halves"


def stages_of(
    library: str,
    method: Any = None,
    *,
    peak: float = TOP,
    alpha: bool = False,
    limits: tuple[float, float] | None = None,
) -> tuple[Stage, ...]:
    """What a library does to pictures of 8 bits besides A.

    Parameters
    ----------
    library : str
        Its name, ``"Pillow"``, or the id of a preset, ``"pillow.bicubic"``.
    method : Method, optional
        With a library's name: which of its resizes. With a preset's id: the preset with other fields.
    peak : float
        White in the values at hand; the rules themselves count to 255.
    alpha : bool
        Whether the last channel is alpha.
    limits : (float, float), optional
        Smallest and largest value of the input, if known: clipping to them then needs no look at it.

    Returns
    -------
    tuple of Stage
        In the order of the work; empty if nothing is done.

    Raises
    ------
    ParameterError
        If the library takes no bytes there, or what it does to them is not known.
    """
    found: tuple[Stage, ...] | None = None
    if method is None or "." in library:
        from workbench.kernels.presets import PRESETS

        if library not in PRESETS:
            raise ParameterError("library", f"must be the id of a preset, or come with a method, not {library!r}")
        preset = PRESETS[library]
        # The operator is that of INTER_LINEAR: only what is stored differs.
        found = (_IN_256,) if library == "opencv.inter_linear_exact" else None
        library, method = preset.library, method or preset.method()
    found = _rules(library, method, limits) if found is None else found
    if library == "Pillow" and alpha and method.info.id != "nearest":
        found = (PILLOW_ALPHA[0], *found, PILLOW_ALPHA[1])
    if found and peak != TOP and library != "scikit-image":
        found = (replace(scaled(TOP / peak), side=Side.BEFORE), *found, scaled(peak / TOP))
    return found


def _rules(library: str, method: Any, limits: tuple[float, float] | None) -> tuple[Stage, ...]:
    id = method.info.id
    copies = id == "nearest"
    match library:
        case "TensorFlow" | "JAX":
            return ()
        case "scikit-image":
            return (CLIP_TO_INPUT if limits is None else replace(clipped(*limits), title="clip to input"),)
        case "SciPy":
            return () if copies else (replace(ROUND_HALF_UP, exactness=_NOT_AT_HALVES), _EIGHT_BIT)
        case "PyTorch" | "Pillow" | "OpenCV" if copies:
            return ()
        case "PyTorch" if id in ("bilinear", "bicubic", "lanczos"):
            return (_TWO_16,)
        case "PyTorch":
            raise ParameterError("library", f"PyTorch refuses pixels of 8 bits in what {id} is there")
        case "Pillow" if id == "bicubic" and method.a == -1:
            return (replace(TRUNCATE, exactness="bit for bit, but where the sum is whole"), _EIGHT_BIT)
        case "Pillow" if id in ("box", "bilinear", "hamming", "bicubic", "lanczos"):
            return (_TWO_22,)
        case "OpenCV" if id == "bicubic":
            where = f"{_NOT_AT_HALVES} and on sides of 3 pixels and fewer"
            return (replace(ROUND_HALF_UP, exactness=where), _EIGHT_BIT)
        case "OpenCV" if id == "bilinear":
            return (replace(_CUT_11, exactness="±1 in a few pixels, and other builds round otherwise"),)
        case "OpenCV" if id == "lanczos":
            return (_FIXED_11,)
        case "OpenCV" if id == "area" and method.rule.value == "cv2":
            return (_CUT_11,)
        case "OpenCV" if id == "area":
            return (replace(ROUND_HALF_EVEN, exactness=_NOT_AT_HALVES), _EIGHT_BIT)
    raise ParameterError("library", f"what {library} does to pixels of 8 bits in {id} is not known here")


def tail(value: float, stages: Sequence[Stage]) -> tuple[Step, ...]:
    """What becomes of one sum, stage by stage: ``(("clip", 1.0), ("× 255", 255.0))``.

    Raises
    ------
    ParameterError
        If a stage needs more than the sum: `tail_at` has it.
    """
    steps = []
    values: Image = np.array([value], np.float64)
    for stage in stages:
        if stage.side is Side.BEFORE:
            continue
        if stage.function is None:
            raise ParameterError("stages", f"{stage.title} needs the operator and its pixels, not the sum alone")
        values = stage.function(values)
        steps.append((stage.title, float(values[0])))
    return tuple(steps)


def tail_at(
    operator: LinearOperator, x: npt.NDArray[Any], pixel: Pixel, stages: Sequence[Stage], channel: int = 0
) -> tuple[Step, ...]:
    """The sum at an output pixel and what becomes of it, stage by stage; only what the pixel needs is looked at.

    The first step is called ``"sum"``: A x + b of what the stages before it made of the source.
    """
    window = Window(pixel[0], pixel[1], pixel[0] + 1, pixel[1] + 1)
    steps: list[Step] = []

    def note(title: str, values: Image) -> None:
        cell = np.reshape(values, -1)
        steps.append((title, float(cell[channel if len(cell) > 1 else 0])))

    _run(operator, x, stages, window, note)
    return tuple(steps)


def stored(
    operator: LinearOperator, x: npt.NDArray[Any], stages: Sequence[Stage], window: Window | None = None
) -> Quantised:
    """What is stored in the end, beside ``A x + b``: the whole output, or a window of it."""
    sums: list[Image] = []

    def note(title: str, values: Image) -> None:
        if title == _SUM:
            sums.append(values)

    values, limited = _run(operator, x, stages, window or Window.of(operator.out_shape), note)
    return Quantised(values, sums[0], limited)


_SUM = "sum"
_FEW = 256


def _run(
    operator: LinearOperator,
    x: npt.NDArray[Any],
    stages: Sequence[Stage],
    window: Window,
    note: Callable[[str, Image], None],
) -> tuple[Image, int]:
    """All stages over a window; and how many values a limit changed."""
    image, needed = as_image(x), operator.needs(window)
    patch = image[needed.slices].astype(np.float64)
    for stage in stages:
        if stage.side is Side.BEFORE and stage.function is not None:
            patch = np.asarray(stage.function(patch), np.float64)
    engine = GatherEngine() if window.width * window.height <= _FEW else None  # the others work in whole tiles
    values = operator.affine(patch, window, origin=(needed.top, needed.left), engine=engine)
    note(_SUM, values)
    limited = 0
    for stage in stages:
        if stage.side is Side.BEFORE:
            continue
        before = values
        if stage.function is not None:
            values = np.asarray(stage.function(values), np.float64)
            limited += int(np.count_nonzero(values != before)) if stage.id == "clip" else 0
        elif stage.rule is Quantiser.CLIP_TO_INPUT:
            values = np.clip(values, image.min(), image.max())
            limited += int(np.count_nonzero(values != before))
        else:
            values, count = in_passes(operator, _whole(patch), stage.rule, window)
            limited += count
        note(stage.title, values)
    return values, limited


def _whole(patch: Image) -> Image:
    """Pixels that were scaled to 255 as the whole numbers they were."""
    near = np.rint(patch)
    return near if np.abs(near - patch).max() <= _UNSCALED else patch


_UNSCALED = 1e-3
"""How far from whole numbers pixels of float32 are when they come back from another unit, and far more than that."""
