"""Max-pooling: the largest value of each window, and where it stood.

Source: ``torch.nn.functional.max_pool2d``. Choosing the maximum is not linear; with the choice held fixed it is a
selection, and that is the operator shown.
"""

from __future__ import annotations

import numpy as np

from workbench.kernels.arrays import Image, as_image, shape_of
from workbench.kernels.cancel import CancelToken
from workbench.kernels.errors import MissingRecord
from workbench.kernels.method import Prepared, SourceSpec, method
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.selection import Selection
from workbench.kernels.placement import Placement
from workbench.kernels.pooling import max_pool
from workbench.kernels.weights import pair_text
from workbench.kernels.window_method import WindowMethod


@method(
    "max_pool",
    name="Max-pool",
    family="Forward operations",
    formula="y[i] = max of x over window i",
    role="forward",
)
class MaxPool(WindowMethod):
    """Keeps the largest value of each window and records where it stood."""

    def operator(self, source: SourceSpec) -> LinearOperator:
        if source.pooling is None or source.pooling.plane != source.shape:
            raise MissingRecord("method", "max_pool is linear only with its record fixed; use it to prepare a source")
        record = source.pooling
        sources = record.indices.reshape(record.shape[0] * record.shape[1], *record.indices.shape[2:])
        targets = np.broadcast_to(np.arange(len(sources)).reshape((-1,) + (1,) * (sources.ndim - 1)), sources.shape)
        stride = self.windows.stride
        placement = Placement((float(stride[0]), float(stride[1])))
        made = Selection(source.shape, record.shape, targets, sources, placement)
        made.sampling = self.windows.sampling
        return made

    def prepare(self, x: Image, cancel: CancelToken | None = None) -> Prepared:
        image = as_image(x)
        values, record = max_pool(image, self.windows, cancel)
        return Prepared(values, self.operator(SourceSpec(shape_of(image), record)), record)

    def summary(self) -> str:
        return f"{pair_text(self.kernel)} px windows, {pair_text(self.stride or self.kernel)} apart"
