"""Bilinear additive upsampling: bilinear, and every few channels become one, so that the numbers stay as many.

Source: Wojna et al., The Devil is in the Decoder (2019): enlarge bilinearly, then average neighbouring channels in
groups of s² (four at ×2). A residual connection beside a learned layer.
"""

from __future__ import annotations

from typing import Annotated

from workbench.kernels.errors import ParameterError
from workbench.kernels.interpolation import LinearResize
from workbench.kernels.method import SourceSpec, method
from workbench.kernels.operators.additive import GroupMean
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.params import Param


@method(
    "bilinear_additive",
    name="Bilinear additive",
    short="Additive",
    family="Learned layers",
    formula="y[c] = bilinear(mean of x[c·g] … x[c·g + g − 1])",
)
class BilinearAdditive(LinearResize):
    """Enlarges bilinearly and averages neighbouring channels in groups."""

    group: Annotated[
        int, Param("Group g", ge=1, le=64, help="Channels that become one: 4 at ×2 keeps the number of values.")
    ] = 4

    def operator(self, source: SourceSpec) -> LinearOperator:
        channels = source.channels or self.group
        if channels % self.group:
            raise ParameterError("group", f"must divide the {channels} channels of the source, not {self.group}")
        planar = super().operator(source)
        made = GroupMean(planar, channels // self.group, self.group)
        made.offset = planar.offset
        return made

    def summary(self) -> str:
        return f"{super().summary()} · {self.group} → 1 channels"
