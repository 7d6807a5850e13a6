"""Gaussian interpolation: a bell of standard deviation ½, which blurs even at scale 1.

Source: TensorFlow's ``tf.image.resize(method="gaussian")``: k(t) = exp(−2t²) for |t| < 1.5, divided by its sum. The
kernel jumps by 0.011 at its rim: a tap exactly there is out, or where TensorFlow's single precision puts it.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import numpy as np

from workbench.kernels.coordinates import AxisMap, Grid
from workbench.kernels.errors import ParameterError
from workbench.kernels.interpolation import KernelResize
from workbench.kernels.method import method
from workbench.kernels.params import Param
from workbench.kernels.reconstruction import GAUSSIAN, Reconstruction
from workbench.kernels.resampling import Edge, resampling_table
from workbench.kernels.tables import AxisTable, Ints, table_from_matrix


class Rim(Enum):
    """Whether a tap counts that lies just on the rim."""

    EXACT = "exact"
    TENSORFLOW = "tensorflow"


@method(
    "gaussian",
    name="Gaussian",
    family="Interpolation",
    formula="y = Σ k(r − c_y)·k(s − c_x)·x[r, s],  k(t) = exp(−2t²), |t| < 1.5",
)
class Gaussian(KernelResize):
    """Weighs the nine input pixels around where the output pixel samples by a bell: smooth, never ringing."""

    edge: Annotated[Edge, Param("Edge", help="What stands for samples outside the image.")] = Edge.EXCLUDE

    rim: Annotated[Rim, Param("Rim", help="A tap just on the rim is out; or where TensorFlow's float32 puts it.")] = (
        Rim.EXACT
    )

    def check(self) -> None:
        super().check()
        if self.rim is Rim.TENSORFLOW and (self.edge is not Edge.EXCLUDE or self.grid is not Grid.HALF_PIXEL):
            raise ParameterError("rim", "tensorflow is defined with the edge exclude, on half pixels")

    def axis_table(self, axis: AxisMap) -> AxisTable:
        outputs, taps = _taken(axis, self.antialias) if self.rim is Rim.TENSORFLOW else (_NONE, _NONE)
        if not outputs.size:
            return super().axis_table(axis)
        from scipy.sparse import csr_array, diags_array  # lazy: its import takes longer than a window

        inner = resampling_table(axis, GAUSSIAN, edge=self.edge, antialias=self.antialias, normalise=False).matrix
        rim = csr_array((np.full(len(taps), np.exp(-4.5)), (outputs, taps)), shape=inner.shape)
        total = csr_array(inner + rim)
        return table_from_matrix(csr_array(diags_array(1 / total.sum(axis=1)) @ total) if self.normalise else total)

    def reconstruction(self) -> Reconstruction:
        return GAUSSIAN


_NONE: Ints = np.zeros(0, np.intp)


def _taken(axis: AxisMap, antialias: bool) -> tuple[Ints, Ints]:
    """Outputs and taps that lie just on the rim, and that TensorFlow's rounding puts inside."""
    single, n, m = np.float32, axis.n_in, axis.n_out
    step = single(1) / (single(m) / single(n))
    stretch = max(step, single(1)) if antialias else single(1)
    i = np.arange(m, dtype=np.int64)
    sample = (i.astype(single) + single(0.5)) * step
    outputs, taps = [_NONE], [_NONE]
    for reach in (-3, 3):
        tap, rest = np.divmod((2 * i + 1) * n + reach * (max(n, m) if antialias else m) - m, 2 * m)
        at = (tap.astype(single) + single(0.5) - sample) * (single(1) / stretch)
        found = np.flatnonzero((rest == 0) & (tap >= 0) & (tap < n) & (np.abs(at) < single(1.5)))
        outputs.append(found)
        taps.append(tap[found])
    return np.concatenate(outputs), np.concatenate(taps)
