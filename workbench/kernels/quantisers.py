"""What libraries do to the numbers of a resize of 8-bit pixels: rounding rules, kept apart from the map itself.

Source: Pillow's Resample.c and torch's uint8 kernels (whole-number weights, one axis after the other, each rounded);
OpenCV's resize (one rounding, or weights of 1/256); scikit-image's ``clip=True``. Each rule gives its library's bits,
but for two corners of OpenCV's INTER_CUBIC: at exact halves (whole factors of 3 and more) its float32 sums fall to
either side, and sides of 3 pixels and fewer go another, coarser way there. With weights of 11 bits OpenCV's INTER_AREA
enlarges bit for bit; INTER_LINEAR and INTER_LANCZOS4 differ by 1 in few pixels, since their coordinates are float32.

Convention
    Pixels are whole numbers 0 … 255 except for `Quantiser.NONE` and `Quantiser.CLIP_TO_INPUT`. The answers of rules
    that round are whole numbers too, in float64.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Window, as_image
from workbench.kernels.errors import ParameterError
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.tables import AxisTable

Whole = npt.NDArray[np.int64]

TOP = 255
PILLOW_BITS = 22
TORCH_LIMIT = 1 << 15
LINEAR_ONE = 256


class Quantiser(Enum):
    """A rounding rule by its name."""

    NONE = "none"
    ROUND_ONCE = "round_once"
    TWO_PASS_22 = "two_pass_22"
    TWO_PASS_16 = "two_pass_16"
    LINEAR_11 = "linear_11"
    FIXED_11 = "fixed_11"
    ROUND_EVEN = "round_even"
    TRUNCATE = "truncate"
    WEIGHTS_256 = "weights_256"
    CLIP_TO_INPUT = "clip_to_input"

    @property
    def label(self) -> str:
        """What stands on a badge: ``"quantised: 8 bit, rounded once"``; empty if nothing is done."""
        return _LABELS[self]


_LABELS = {
    Quantiser.NONE: "",
    Quantiser.ROUND_ONCE: "quantised: 8 bit, rounded once",
    Quantiser.TWO_PASS_22: "quantised: two passes, 22-bit weights",
    Quantiser.TWO_PASS_16: "quantised: two passes, 16-bit weights",
    Quantiser.LINEAR_11: "quantised: 11-bit weights, cut between the passes",
    Quantiser.FIXED_11: "quantised: 11-bit weights, rounded once",
    Quantiser.ROUND_EVEN: "quantised: 8 bit, rounded once, halves to even",
    Quantiser.TRUNCATE: "quantised: 8 bit, digits cut off",
    Quantiser.WEIGHTS_256: "quantised: weights of 1/256",
    Quantiser.CLIP_TO_INPUT: "clipped to the range of the input",
}


@dataclass(frozen=True, slots=True, eq=False)
class Quantised:
    """A stored answer beside the linear one.

    Parameters
    ----------
    values : Image
        What the library stores, in float64.
    linear : Image
        ``A x + b`` of the same pixels, in float64.
    clipped : int
        How many values a limit changed; of two passes, in either.
    """

    values: Image
    linear: Image
    clipped: int

    @property
    def difference(self) -> Image:
        """Stored less linear."""
        return self.values - self.linear


def quantised(
    operator: LinearOperator,
    x: npt.NDArray[Any],
    rule: Quantiser,
    window: Window | None = None,
    limits: tuple[float, float] | None = None,
) -> Quantised:
    """What a library with this rule stores for an operator, or for a window of its output.

    Parameters
    ----------
    operator : LinearOperator
        For the rules in two passes and `Quantiser.WEIGHTS_256`, a product of two axes.
    x : (h, w) or (h, w, c)
        The whole input; only what the window needs is looked at.
    limits : (float, float), optional
        Smallest and largest value of the input, for `Quantiser.CLIP_TO_INPUT`; otherwise looked for.

    Raises
    ------
    ParameterError
        If the rule does not suit the operator, or the pixels are no whole numbers 0 … 255.
    """
    image, window = as_image(x), window or Window.of(operator.out_shape)
    needed = operator.needs(window)
    patch = image[needed.slices].astype(np.float64)
    linear = operator.affine(patch, window, origin=(needed.top, needed.left))
    if rule is Quantiser.NONE:
        return Quantised(linear, linear, 0)
    if rule is Quantiser.CLIP_TO_INPUT:
        low, high = limits or (float(image.min()), float(image.max()))
        values = np.clip(linear, low, high)
        return Quantised(values, linear, int(np.count_nonzero(values != linear)))
    _bytes_only(patch)
    if rule in ROUNDINGS:
        rounded = ROUNDINGS[rule](linear)
        values = np.clip(rounded, 0, TOP)
        return Quantised(values, linear, int(np.count_nonzero(values != rounded)))
    stored, clipped = in_passes(operator, patch, rule, window)
    return Quantised(stored, linear, clipped)


def in_passes(operator: LinearOperator, patch: Image, rule: Quantiser, window: Window) -> tuple[Image, int]:
    """What the rules that go axis by axis store, and how many values they clip.

    Parameters
    ----------
    patch : Image
        What ``operator.needs(window)`` names of the input.

    Raises
    ------
    ParameterError
        As `quantised`.
    """
    _bytes_only(patch)
    axes, needed = operator.axes(), operator.needs(window)
    if axes is None or operator.offset is not None:
        raise ParameterError("quantiser", f"{rule.value} needs a vertical and a horizontal pass, and this has none")
    rows = _part(axes[0], window.top, window.bottom, needed.top, needed.height)
    cols = _part(axes[1], window.left, window.right, needed.left, needed.width)
    stored, clipped = _passes(patch.astype(np.int64), rows, cols, axes, rule)
    return stored.astype(np.float64), clipped


ROUNDINGS: Mapping[Quantiser, Callable[[Image], Image]] = {
    Quantiser.ROUND_ONCE: lambda values: np.floor(values + 0.5),
    Quantiser.ROUND_EVEN: np.rint,
    Quantiser.TRUNCATE: np.trunc,
}
"""Rules that look at nothing but the sum; a clip to 0 … 255 follows."""


def _passes(
    pixels: Whole, rows: AxisTable, cols: AxisTable, axes: tuple[AxisTable, AxisTable], rule: Quantiser
) -> tuple[Whole, int]:
    """The rules that need both axes: what is stored, and how many values were clipped."""
    match rule:
        case Quantiser.WEIGHTS_256:
            return _at_once(pixels, rows, cols), 0
        case Quantiser.LINEAR_11 | Quantiser.FIXED_11:
            rounded = _cut_between(pixels, rows, cols) if rule is Quantiser.LINEAR_11 else _fixed(pixels, rows, cols)
            values = np.clip(rounded, 0, TOP)
            return values, int(np.count_nonzero(values != rounded))
    pillow = rule is Quantiser.TWO_PASS_22
    bits = (PILLOW_BITS, PILLOW_BITS) if pillow else (_bits(axes[0]), _bits(axes[1]))
    if pillow and _goes_down_first(axes[0], axes[1]):
        between, first = _pass(pixels, rows, bits[0])
        turned, second = _pass(between.swapaxes(0, 1), cols, bits[1])
        return turned.swapaxes(0, 1), first + second
    between, first = _pass(pixels.swapaxes(0, 1), cols, bits[1])
    stored, second = _pass(between.swapaxes(0, 1), rows, bits[0])
    return stored, first + second


def _bytes_only(image: Image) -> None:
    if not ((image >= 0) & (image <= TOP) & (image == np.floor(image))).all():
        wrong = image[~((image >= 0) & (image <= TOP) & (image == np.floor(image)))].flat[0]
        raise ParameterError("quantiser", f"needs pixels that are whole numbers 0 … {TOP}, not {wrong:g}")


def _part(table: AxisTable, first: int, last: int, origin: int, n_in: int) -> AxisTable:
    """Some rows of a table, on a patch of the input; one that wraps reads all of it."""
    return AxisTable(n_in, table.start[first:last] - origin, table.weights[first:last], wraps=table.wraps)


def _goes_down_first(rows: AxisTable, cols: AxisTable) -> bool:
    """Pillow's order of passes since 13.0: down first where more than twice as much goes of the height.

    Before that version it always went across first; the rule is read off 2,400 random sizes.
    """
    lost = rows.n_in - rows.n_out
    return lost > 0 and lost > 2 * (cols.n_in - cols.n_out)


def _bits(table: AxisTable) -> int:
    """torch's precision of an axis: the most bits with which its largest weight stays below 2¹⁵."""
    largest = float(table.weights.max())
    return max((p for p in range(PILLOW_BITS + 1) if int(largest * (1 << p) + 0.5) < TORCH_LIMIT), default=0)


def _half_up(weights: npt.NDArray[np.float64], bits: int) -> Whole:
    """``trunc(w·2ᵇ ± ½)``: to the nearest, ties away from 0."""
    scaled = weights * float(1 << bits)
    return np.trunc(scaled + np.copysign(0.5, scaled)).astype(np.int64)


def _sums(x: Whole, table: AxisTable, weights: Whole) -> Whole:
    """Whole weights along the first axis, exactly."""
    total = np.zeros((table.n_out, *x.shape[1:]), np.int64)
    shape = (-1,) + (1,) * (x.ndim - 1)
    for k in range(table.taps):
        total += weights[:, k].reshape(shape) * x[(table.start + k) % table.n_in]
    return total


def _pass(x: Whole, table: AxisTable, bits: int) -> tuple[Whole, int]:
    """One axis, rounded and clipped; and how many values were clipped."""
    total = _sums(x, table, _half_up(table.weights, bits))
    rounded = (total + (1 << bits >> 1)) >> bits
    values = np.clip(rounded, 0, TOP)
    return values, int(np.count_nonzero(values != rounded))


def _eleven(table: AxisTable) -> Whole:
    """Weights as OpenCV has them for bytes: in 1/2048, halves to even."""
    return np.rint(table.weights * (1 << 11)).astype(np.int64)


def _cut_between(x: Whole, rows: AxisTable, cols: AxisTable) -> Whole:
    """OpenCV's linear rule: 4 bits are cut off between the passes, 16 off each product, and 2 rounded at the end."""
    across = _sums(x.swapaxes(0, 1), cols, _eleven(cols)).swapaxes(0, 1) >> 4
    weights, shape = _eleven(rows), (-1,) + (1,) * (x.ndim - 1)
    total = np.zeros((rows.n_out, *across.shape[1:]), np.int64)
    for k in range(rows.taps):
        total += weights[:, k].reshape(shape) * across[(rows.start + k) % rows.n_in] >> 16
    return (total + 2) >> 2


def _fixed(x: Whole, rows: AxisTable, cols: AxisTable) -> Whole:
    """OpenCV's rule for longer kernels: both passes whole, one rounding of 22 bits."""
    across = _sums(x.swapaxes(0, 1), cols, _eleven(cols)).swapaxes(0, 1)
    return (_sums(across, rows, _eleven(rows)) + (1 << 21)) >> 22


def _at_once(x: Whole, rows: AxisTable, cols: AxisTable) -> Whole:
    """OpenCV's exact linear: weights of 1/256 that sum to 1, both axes, one rounding."""
    across = _sums(x.swapaxes(0, 1), cols, _shares(cols))
    return (_sums(across.swapaxes(0, 1), rows, _shares(rows)) + (1 << 15)) >> 16


def _shares(table: AxisTable) -> Whole:
    """Weights of pairs in 1/256: the second rounded half to even, the first what is left."""
    weights = table.weights
    used = weights != 0
    pairs = (used.sum(axis=1) <= 2) & (weights >= 0).all(axis=1) & (np.abs(weights.sum(axis=1) - 1) < 1e-12)
    if not pairs.all():
        rule = f"{Quantiser.WEIGHTS_256.value} needs rows of two weights that sum to 1, as linear interpolation has"
        raise ParameterError("quantiser", rule)
    shares = np.zeros(weights.shape, np.int64)
    place = np.arange(table.n_out)
    first, last = used.argmax(axis=1), weights.shape[1] - 1 - used[:, ::-1].argmax(axis=1)
    second = np.rint(weights[place, last] * LINEAR_ONE).astype(np.int64)
    shares[place, first] = LINEAR_ONE - second
    shares[place, last] = np.where(first == last, LINEAR_ONE, second)
    return shares
