"""Max-pooling: the largest value of each window, and where it stood.

Source: ``torch.nn.functional.max_pool2d``. Choosing the maximum is not linear; with the choice held fixed it is a
selection, and that is the operator shown.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np

from workbench.kernels.arrays import Image, as_image, shape_of
from workbench.kernels.cancel import CancelToken
from workbench.kernels.errors import MissingRecord
from workbench.kernels.method import Method, Prepared, SourceSpec, method
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.selection import Selection
from workbench.kernels.params import Pair, Param, Size
from workbench.kernels.placement import Placement
from workbench.kernels.pooling import max_pool
from workbench.kernels.weights import pair_text


@method(
    "max_pool",
    name="Max-pool",
    family="Forward operations",
    formula="y[i] = max of x over window i",
    role="forward",
)
class MaxPool(Method):
    """Keeps the largest value of each window and records where it stood."""

    kernel: Annotated[Pair, Param("Window", unit="px", ge=1, le=64, help="Rows x columns of a window.")] = (
        2,
        2,
    )
    stride: Annotated[Size, Param("Stride", unit="px", ge=1, le=64, help="Default: the window.")] = None
    padding: Annotated[Pair, Param("Padding", unit="px", ge=0, le=32, help="Never wins.")] = (0, 0)
    dilation: Annotated[Pair, Param("Dilation", unit="px", ge=1, le=64, help="Pixels apart.", advanced=True)] = (1, 1)
    ceil_mode: Annotated[bool, Param("Ceil mode", help="Keep a last window that only partly fits.", advanced=True)] = (
        False
    )

    def operator(self, source: SourceSpec) -> LinearOperator:
        if source.pooling is None or source.pooling.plane != source.shape:
            raise MissingRecord("method", "max_pool is linear only with its record fixed; use it to prepare a source")
        record = source.pooling
        sources = record.indices.reshape(record.shape[0] * record.shape[1], *record.indices.shape[2:])
        targets = np.broadcast_to(np.arange(len(sources)).reshape((-1,) + (1,) * (sources.ndim - 1)), sources.shape)
        stride = self.stride or self.kernel
        placement = Placement((float(stride[0]), float(stride[1])))
        return Selection(source.shape, record.shape, targets, sources, placement)

    def prepare(self, x: Image, cancel: CancelToken | None = None) -> Prepared:
        image = as_image(x)
        values, record = max_pool(
            image,
            self.kernel,
            self.stride or self.kernel,
            self.padding,
            self.dilation,
            self.ceil_mode,
            cancel,
        )
        return Prepared(values, self.operator(SourceSpec(shape_of(image), record)), record)

    def summary(self) -> str:
        return f"{pair_text(self.kernel)} px windows, {pair_text(self.stride or self.kernel)} apart"
