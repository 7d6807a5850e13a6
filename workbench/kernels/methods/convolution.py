"""Convolution: the weighted sum under a kernel that slides over the zero-padded image.

Source: ``y[i] = Σ_a w[a]·x[i·s + a·d − p]``, cross-correlation without flip, as in every deep-learning library. Size
⌊(n + 2p − d(k−1) − 1)/s⌋ + 1.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
import numpy.typing as npt

from workbench.kernels.errors import ParameterError
from workbench.kernels.method import SourceSpec, method
from workbench.kernels.operators import stencil_conv
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.params import Param
from workbench.kernels.weights import KernelKind, KernelMethod, KernelPreset, Table


@method(
    "convolution",
    name="Convolution",
    short="Conv",
    family="Forward operations",
    formula="y[i] = Σ w[a]·x[i·s + a·d − p]",
    role="forward",
)
class Convolution(KernelMethod):
    """Sums the pixels under a sliding kernel: what a transposed convolution is the transpose of."""

    kernel: Annotated[
        KernelPreset | Table,
        Param("Kernel", help="Weights by name, as a table, or from a .npy file; bilinear and Gauss sum to 1 here."),
        KernelKind(),
    ] = KernelPreset.GAUSSIAN

    def weights(self) -> npt.NDArray[np.float64]:
        """The kernel as numbers, (kh, kw); what smooths by name keeps a flat picture as it is."""
        made = super().weights()
        smooths = self.kernel in (KernelPreset.BILINEAR, KernelPreset.GAUSSIAN)
        return made / made.sum() if smooths else made

    def operator(self, source: SourceSpec) -> LinearOperator:
        kernel = self.weights()
        end = self.padding_end or self.padding
        for n, k, p, q, d in zip(source.shape, kernel.shape, self.padding, end, self.dilation, strict=True):
            if n + p + q < d * (k - 1) + 1:
                rule = f"must fit into the padded image: {d * (k - 1) + 1} pixels wide, not into {n + p + q}"
                raise ParameterError("kernel", rule)
        return stencil_conv.Convolution(source.shape, kernel, self.stride, self.padding, self.dilation, end)

    def summary(self) -> str:
        return f"{self.size_text()} p{self.padding_text()} · {self.kernel_text()}"
