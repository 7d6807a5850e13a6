"""What a row of A says besides its sum: how far it can reach, how much of it is negative, where its centre lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.kernels.provenance import Trace
from workbench.model.differencing import nominal_range
from workbench.model.display import format_card
from workbench.model.results import Ready


@dataclass(frozen=True, slots=True)
class Facts:
    """Measures of one row.

    Parameters
    ----------
    row_sum, abs_sum, negative : float
        Σw, Σ|w| and Σ of the negative weights.
    reach : (float, float)
        The smallest and the largest value that inputs in the nominal range can give, b included.
    nominal : (float, float)
        That range.
    shift_in, shift_out : (float, float), optional
        Centroid minus ideal place (y, x), in input and in output pixels; None where Σw is 0.
    phase : str
    """

    row_sum: float
    abs_sum: float
    negative: float
    reach: tuple[float, float]
    nominal: tuple[float, float]
    shift_in: tuple[float, float] | None
    shift_out: tuple[float, float] | None
    phase: str

    def reach_text(self) -> str:
        """``0 … 1 → −0.1155 … 1.1155``."""
        low, high = map(short, self.nominal)
        return f"{low} … {high} → {short(self.reach[0])} … {short(self.reach[1])}"

    def negative_text(self) -> str:
        return f"neg {short(self.negative)}" if self.negative else "no negative"

    def shift_text(self) -> str:
        """``shift 0.25, −0.25 in · 0.5, −0.5 out``: rows and columns, input and output pixels."""
        if self.shift_in is None or self.shift_out is None:
            return "no centroid: Σw is 0"
        inner, outer = (f"{short(y)}, {short(x)}" for y, x in (self.shift_in, self.shift_out))
        return f"shift {inner} in · {outer} out px"


def facts_of(ready: Ready, trace: Trace) -> Facts:
    """The measures of a traced row."""
    weights = trace.stencil.weights
    positive, negative = float(weights[weights > 0].sum()), float(weights[weights < 0].sum())
    low, high = nominal_range(ready.prepared)
    reach = (positive * low + negative * high + trace.offset, positive * high + negative * low + trace.offset)
    shift_in = shift_out = None
    if trace.centroid is not None:
        step = ready.operator.placement.step
        shift_in = (_still(trace.centroid[0] - trace.ideal[0]), _still(trace.centroid[1] - trace.ideal[1]))
        shift_out = (shift_in[0] / step[0], shift_in[1] / step[1])
    return Facts(
        trace.row_sum, trace.abs_sum, negative, reach, (low, high), shift_in, shift_out, phase_text(ready, trace)
    )  # fmt: skip


def phase_text(ready: Ready, trace: Trace) -> str:
    """Which of the repeating rows this is."""
    if trace.phase is None:
        return "no period"
    periods = [period[0] for period in ready.operator.period if period is not None]
    return "one phase" if periods == [1, 1] else f"phase {trace.phase[0]}, {trace.phase[1]}"


def covered(rows: np.ndarray, cols: np.ndarray) -> str:
    """``covers 16 pixels (4 × 4)``: how much of an output a source pixel reaches."""
    count = len(rows)
    if count == 0:
        return "reaches nothing"
    return f"covers {count} pixel" + ("s" if count != 1 else "")


def area(rows: np.ndarray, cols: np.ndarray) -> str:
    """``area 4 × 4``: the rectangle that holds a footprint."""
    if len(rows) == 0:
        return ""
    return f"area {int(np.ptp(rows)) + 1} × {int(np.ptp(cols)) + 1}"


def always(offset: float) -> str:
    """What a pixel that no source reaches holds: ``always 0``, or where the map is affine ``always b = 0.5``."""
    return f"always b = {format_card(offset)}" if offset else "always 0"


def short(value: float) -> str:
    """Four significant digits; what rounding left of 0 is 0."""
    return format_card(float(f"{value:.4g}")) if abs(value) > 1e-9 else "0"


def _still(value: float) -> float:
    """What rounding, and what a dense row leaves out, may move a centre by, is nothing."""
    return value if abs(value) > 1e-6 else 0.0
