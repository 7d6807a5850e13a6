"""The stages of a chain of operators at one pixel: ``y = A₂ A₁ x``, each with a row of its own.

The last stage is asked at the pixel; each earlier one at the source that weighs most in the stage after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Pixel, Window, plane
from workbench.kernels.operators.base import LinearOperator, Stencil
from workbench.kernels.operators.channels import ChannelStencil
from workbench.kernels.operators.composed import Composed
from workbench.kernels.operators.prefiltered import Prefiltered
from workbench.kernels.operators.stencil_conv import Convolution, TransposedConvolution
from workbench.kernels.provenance import Term, Trace, evaluated, offset_at

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """One stage of a chain, at one of its pixels.

    Parameters
    ----------
    number, count : int
        1 is applied first.
    title : str
        "convolution", "resize", "prefilter" …
    operator : LinearOperator
    made, read : str
        Letters of what it makes and what it reads: y of u, u of x.
    trace : Trace
        Its own row, its terms in its own input.
    computed : float
        The same pixel as the stage's own arithmetic gives it.
    """

    number: int
    count: int
    title: str
    operator: LinearOperator
    made: str
    read: str
    trace: Trace
    computed: float


def stage_operators(operator: LinearOperator) -> tuple[LinearOperator, ...]:
    """The operators of a chain in the order in which they are applied; of anything else, itself."""
    if not isinstance(operator, Composed):
        return (operator,)
    return (*stage_operators(operator.inner), *stage_operators(operator.outer))


def stages_at(operator: LinearOperator, x: Image, pixel: Pixel, channel: int) -> tuple[Stage, ...]:
    """The stages of a chain at an output pixel, the last one first; none where there is no chain."""
    parts = stage_operators(operator)
    if len(parts) < 2:
        return ()
    found: list[Stage] = []
    at = Pixel(*pixel)
    for k in range(len(parts) - 1, -1, -1):
        part = parts[k]
        window = Window(at[0], at[1], at[0] + 1, at[1] + 1)
        needed = part.needs(window)
        values = _input_of(parts[:k], x, needed)
        row = part.row(at[0], at[1], channel)
        made = _trace_on(part, row, values, needed, at, channel)
        computed = float(exact_affine(chain(parts[: k + 1]), x, window).reshape(-1)[_channel(part, x, channel)])
        letters = _letters(k, len(parts))
        found.append(Stage(k + 1, len(parts), _title(operator, k, part), part, *letters, made, computed))
        if not made.terms:
            break
        strongest = made.terms[0]
        at, channel = Pixel(strongest.row, strongest.col), strongest.channel
    return tuple(found)


def chain(parts: tuple[LinearOperator, ...]) -> LinearOperator:
    """Some first stages as one operator."""
    made = parts[0]
    for part in parts[1:]:
        made = Composed(part, made)
    return made


def terms_of(stencil: Stencil, values: Floats, channel: int) -> tuple[Term, ...]:
    """Weights and what they are multiplied with, as terms by falling size of their product."""
    channels = stencil.channels if isinstance(stencil, ChannelStencil) else np.full(len(stencil), channel)
    with np.errstate(invalid="ignore", over="ignore"):
        products = stencil.weights * values
        order = np.argsort(-np.where(np.isnan(products), np.inf, np.abs(products)), kind="stable")
        running = np.cumsum(products[order])
    columns = (
        stencil.rows[order], stencil.cols[order], stencil.weights[order], values[order], products[order], running,
        channels[order],
    )  # fmt: skip
    return tuple(map(Term._make, zip(*(column.tolist() for column in columns), strict=True)))


def _input_of(before: tuple[LinearOperator, ...], x: Image, needed: Window) -> Image:
    """What a stage reads: a part of the picture itself, or of what the stages before it make."""
    return x[needed.slices].astype(np.float64) if not before else exact_affine(chain(before), x, needed)


def exact_affine(operator: LinearOperator, x: Image, window: Window) -> Image:
    """``A x + b`` over a window, in float64."""
    made = evaluated(operator, x, window)
    if operator.offset is not None:
        b = np.asarray(operator.offset, np.float64)
        deep = b.ndim == 3
        b = np.broadcast_to(b, operator.out_shape + (b.shape[2:] if deep else ()))[window.slices]
        made = made + (b if made.ndim == b.ndim else b[..., None] if made.ndim == 3 else b[..., 0])
    return made


def _trace_on(operator: LinearOperator, row: Stencil, values: Image, part: Window, pixel: Pixel, channel: int) -> Trace:
    """A trace whose input is known in part."""
    rows, cols = row.rows - part.top, row.cols - part.left
    if isinstance(row, ChannelStencil):
        read: npt.NDArray[Any] = (values[:, :, None] if values.ndim == 2 else values)[rows, cols, row.channels]
    else:
        read = plane(values, min(channel, 0 if values.ndim == 2 else values.shape[2] - 1))[rows, cols]
    terms = terms_of(row, read.astype(np.float64), channel)
    y, x = operator.placement.centre(pixel)
    return Trace(
        pixel, channel, row, terms, terms[-1].running if terms else 0.0, row.total,
        float(np.abs(row.weights).sum()), None, (y - 0.5, x - 0.5), None, offset_at(operator, pixel, channel),
    )  # fmt: skip


def _channel(operator: LinearOperator, x: npt.NDArray[Any], channel: int) -> int:
    depth = operator.out_channels or (1 if x.ndim == 2 else x.shape[2])
    return min(channel, depth - 1)


def _letters(k: int, count: int) -> tuple[str, str]:
    """y and x at the ends of the chain, u, v, w between."""
    between = "uvwzabcd"
    return ("y" if k == count - 1 else between[k % len(between)], "x" if k == 0 else between[(k - 1) % len(between)])


def _title(whole: LinearOperator, k: int, part: LinearOperator) -> str:
    if isinstance(whole, Prefiltered):
        return ("prefilter", "spline weights")[k]
    if isinstance(part, TransposedConvolution):
        return "transposed convolution"
    return "convolution" if isinstance(part, Convolution) else "resize"
