"""Provenance: which input pixels, with which weights, made an output pixel; and what an input pixel reaches.

The readout of a pixel is its row of A, summed in float64.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Pixel, Window
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines import GatherEngine
from workbench.kernels.operators.base import LinearOperator, Stencil
from workbench.kernels.operators.channels import ChannelStencil

_CANCELLED = 1e-12
"""A sum this small beside its terms is what rounding left of 0."""


class Term(NamedTuple):
    """One weighted source of an output pixel: ``weight × value = product``, and the sum up to here.

    ``channel`` is the source's: where channels meet, not always that of the output.
    """

    row: int
    col: int
    weight: float
    value: float
    product: float
    running: float
    channel: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """Where one output pixel came from.

    Parameters
    ----------
    pixel : Pixel
        The output pixel.
    channel : int
    stencil : Stencil
        Its row of A.
    terms : tuple of Term
        By falling size of the product.
    value : float
        Sum of the terms, float64.
    row_sum, abs_sum : float
        Σw and Σ|w|.
    centroid : (float, float) or None
        Weighted mean place (y, x) of the sources, pixel centres on integers; None where Σw is 0 but for rounding.
    ideal : (float, float)
        Where the output pixel's centre sits in the input by its placement.
    phase : (int, int) or None
        The pixel modulo the period; None where there is no period.
    offset : float
        The b of an affine map, apart from the sum.
    """

    pixel: Pixel
    channel: int
    stencil: Stencil
    terms: tuple[Term, ...]
    value: float
    row_sum: float
    abs_sum: float
    centroid: tuple[float, float] | None
    ideal: tuple[float, float]
    phase: tuple[int, int] | None
    offset: float = 0.0

    @property
    def answer(self) -> float:
        """What the pixel holds: the sum, and b where the map is affine."""
        return self.value + self.offset


def offset_at(operator: LinearOperator, pixel: Pixel, channel: int = 0) -> float:
    """The b of ``y = A x + b`` at one output pixel; 0 where the map is linear."""
    if operator.offset is None:
        return 0.0
    b = np.asarray(operator.offset, np.float64)
    if b.ndim < 3:
        return float(np.broadcast_to(b, operator.out_shape)[pixel])
    b = np.broadcast_to(b, (*operator.out_shape, b.shape[2]))
    return float(b[pixel[0], pixel[1], min(channel, b.shape[2] - 1)])


def trace(operator: LinearOperator, x: npt.NDArray[Any], pixel: Pixel, channel: int = 0) -> Trace:
    """Trace an output pixel back to its sources.

    Parameters
    ----------
    operator : LinearOperator
    x : (h, w) or (h, w, c)
        The operator's input.
    pixel : Pixel
        Row and column of the output.
    channel : int
        Of the input; 0 for a plain one.
    """
    stencil = operator.row(pixel[0], pixel[1], channel)
    values = stencil.values(x, channel)
    channels = stencil.channels if isinstance(stencil, ChannelStencil) else np.full(len(stencil), channel)
    with np.errstate(invalid="ignore", over="ignore"):  # +inf that meets −inf is NaN, as it should be
        products = stencil.weights * values
    # Stable, so that equal products keep the row-major order of their sources; what is not a number comes first.
    order = np.argsort(-np.where(np.isnan(products), np.inf, np.abs(products)), kind="stable")
    with np.errstate(invalid="ignore", over="ignore"):
        running = np.cumsum(products[order])
    columns = (stencil.rows, stencil.cols, stencil.weights, values, products)
    lists = [column[order].tolist() for column in columns]  # at once: a dense row has a thousand terms
    terms = tuple(map(Term._make, zip(*lists, running.tolist(), channels[order].tolist(), strict=True)))
    total, abs_sum = stencil.total, float(np.abs(stencil.weights).sum())
    centroid = None
    if abs(total) > _CANCELLED * abs_sum:
        centroid = (
            float((stencil.weights * stencil.rows).sum() / total),
            float((stencil.weights * stencil.cols).sum() / total),
        )
    y, x_ = operator.placement.centre(Pixel(*pixel))
    return Trace(
        Pixel(*pixel),
        channel,
        stencil,
        terms,
        terms[-1].running if terms else 0.0,
        total,
        abs_sum,
        centroid,
        (y - 0.5, x_ - 0.5),
        _phase(operator, pixel),
        offset_at(operator, pixel, channel),
    )


def _phase(operator: LinearOperator, pixel: Pixel) -> tuple[int, int] | None:
    rows, cols = operator.period
    return None if rows is None or cols is None else (pixel[0] % rows[0], pixel[1] % cols[0])


def footprint(operator: LinearOperator, pixel: Pixel, channel: int = 0) -> Stencil:
    """What an input pixel reaches: its column of A, on the output plane."""
    return operator.column(pixel[0], pixel[1], channel)


def evaluated(operator: LinearOperator, x: npt.NDArray[Any], window: Window, channel: int | None = None) -> Image:
    """A few pixels of ``A x`` in float64, whatever the dtype of ``x``: what the terms of a row are held against.

    Only the inputs that the window needs are converted; the reference engine adds tap by tap, which for a few pixels is
    also the quickest.

    Parameters
    ----------
    channel : int, optional
        Only this one, (h, w), where channels do not meet and share one A; else all are computed.
    """
    needed = operator.needs(window)
    patch = x[needed.slices]
    if channel is not None and patch.ndim == 3 and not operator.mixes and operator.channels is None:
        patch = patch[:, :, channel]
    out = np.empty(window.shape + operator.depth(patch))
    operator._fill(patch.astype(np.float64), (needed.top, needed.left), window, out, CancelToken(), GatherEngine())
    return out
