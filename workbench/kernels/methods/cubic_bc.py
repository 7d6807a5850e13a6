"""Bicubic interpolation with Mitchell and Netravali's kernel: blur against ringing, two numbers.

Source: Mitchell & Netravali, Reconstruction filters in computer graphics (1988): k(t) = ⅙[(12−9B−6C)|t|³ +
(−18+12B+6C)t² + 6−2B] for |t| < 1, ⅙[(−B−6C)|t|³ + (6B+30C)t² + (−12B−48C)|t| + 8B+24C] for |t| < 2.
"""

from __future__ import annotations

from typing import Annotated, Any

from workbench.kernels.interpolation import KernelResize
from workbench.kernels.method import method
from workbench.kernels.params import FloatKind, Param
from workbench.kernels.reconstruction import Reconstruction, cubic
from workbench.kernels.resampling import Edge


class ThirdsKind(FloatKind):
    """A number; a third that went through a form of twelve digits is a third again."""

    def coerce(self, value: Any, name: str, param: Param) -> float:
        number = super().coerce(value, name, param)
        thirds = round(3 * number)
        return thirds / 3 if abs(3 * number - thirds) < 1e-9 else number


@method(
    "cubic_bc",
    name="Cubic (B, C)",
    short="Cubic B,C",
    family="Interpolation",
    formula="y = Σ k(r − c_y)·k(s − c_x)·x[r, s],  k: cubic of B (blur) and C (ringing)",
)
class CubicBC(KernelResize):
    """Bicubic with a choice between blur, ringing and ripple: (⅓, ⅓) is Mitchell's compromise."""

    edge: Annotated[Edge, Param("Edge", help="What stands for samples outside the image.")] = Edge.EXCLUDE
    b: Annotated[
        float,
        Param("Blur B", ge=-1.0, le=2.0, step=0.05, help="Above 0 the kernel no longer passes through the samples."),
        ThirdsKind(),
    ] = 1 / 3
    c: Annotated[
        float,
        Param("Ringing C", ge=-1.0, le=2.0, step=0.05, help="Overshoot at edges; ramps stay ramps where B + 2C = 1."),
        ThirdsKind(),
    ] = 1 / 3

    def reconstruction(self) -> Reconstruction:
        return cubic(self.b, self.c)

    def words(self) -> list[str]:
        name = _NAMES.get((self.b, self.c))
        return [name or f"B {_number(self.b)} C {_number(self.c)}"]


_NAMES = {(1 / 3, 1 / 3): "Mitchell", (1.0, 0.0): "B-spline, no prefilter", (0.0, 0.5): "Catmull–Rom"}


def _number(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")
