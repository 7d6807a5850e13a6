"""Area: the mean of the input that an output pixel covers.

Source: y[i] = mean of x over [i/f, (i+1)/f]. ``overlap`` counts shares of pixels (TensorFlow, JAX, OpenCV when
reducing), ``adaptive`` every pixel touched (PyTorch's ``area``), ``cv2`` is what OpenCV does as soon as an axis grows.
"""

from __future__ import annotations

from typing import Annotated

from workbench.kernels.area import AreaRule, area_table
from workbench.kernels.coordinates import AxisMap, Grid
from workbench.kernels.method import SourceSpec, method
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.separable import Separable
from workbench.kernels.params import Param
from workbench.kernels.resize import Resize
from workbench.kernels.tables import AxisTable


@method("area", name="Area", family="Interpolation", formula="y[i] = mean of x over [i ÷ f, (i + 1) ÷ f]")
class Area(Resize):
    """Averages what each output pixel covers: no ripple when reducing, blocks when enlarging."""

    rule: Annotated[
        AreaRule,
        Param(
            "Rule",
            help="overlap: shares of pixels; adaptive: whole pixels, as PyTorch; cv2: OpenCV, growing or reducing.",
        ),
    ] = AreaRule.OVERLAP

    def axis_table(self, axis: AxisMap) -> AxisTable:
        return area_table(axis, self.rule)

    def operator(self, source: SourceSpec) -> LinearOperator:
        rows, cols = self.axis_maps(source, Grid.HALF_PIXEL)
        if self.rule is AreaRule.CV2 and max(rows.factor, cols.factor) <= 1:
            return Separable(area_table(rows, AreaRule.CV2_REDUCING), area_table(cols, AreaRule.CV2_REDUCING))
        return Separable(*self._tables(rows, cols))

    def summary(self) -> str:
        return f"{self.size_text()} · {self.rule.value}"
