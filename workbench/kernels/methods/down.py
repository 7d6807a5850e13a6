"""Block mean: an image made smaller by a whole factor, so that enlarging it can be measured against the original.

Source: average-pooling with window = stride = factor, the remainder cropped. The positions of the block maxima can be
recorded on the way, so that max-unpooling has its indices.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from workbench.kernels.arrays import Image
from workbench.kernels.cancel import CancelToken
from workbench.kernels.method import Method, Prepared, SourceSpec, method
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.separable import Separable
from workbench.kernels.params import Pair, Param
from workbench.kernels.placement import Placement
from workbench.kernels.pooling import Windows, average_table, max_pool
from workbench.kernels.weights import pair_text


@method(
    "down",
    name="Block mean",
    family="Forward operations",
    formula="y[i] = mean of factor × factor pixels",
    role="forward",
)
class Down(Method):
    """Averages blocks of pixels, and may record where the largest of each block stood."""

    factor: Annotated[Pair, Param("Factor", unit="px", ge=1, le=64, help="Side of a block.")] = (4, 4)
    record: Annotated[
        bool, Param("Record maxima", help="Keep the position of each block's maximum, for max-unpooling.")
    ] = True

    @property
    def _blocks(self) -> Windows:
        return Windows(self.factor, self.factor)

    def operator(self, source: SourceSpec) -> LinearOperator:
        rows, cols = (average_table(axis) for axis in self._blocks.axes(source.shape))
        return Separable(rows, cols, Placement((float(self.factor[0]), float(self.factor[1]))))

    def prepare(self, x: Image, cancel: CancelToken | None = None) -> Prepared:
        prepared = super().prepare(x, cancel)
        if not self.record:
            return prepared
        _, record = max_pool(x, self._blocks, cancel)
        return replace(prepared, record=record)

    def summary(self) -> str:
        return f"mean of {pair_text(self.factor)}×{pair_text(self.factor)} px"
