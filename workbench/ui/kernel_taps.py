"""The drawing of a kernel and the images: which taps made an output pixel, and who uses the tap under the pointer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from workbench.kernels.arrays import Shape
from workbench.kernels.methods.transposed_conv import TransposedConv
from workbench.model.probe import TapPoint
from workbench.ui.context import Context

if TYPE_CHECKING:
    from workbench.ui.field_form import FieldForm


def lit_taps(method: TransposedConv, shape: Shape, pixel: tuple[int, int]) -> frozenset[tuple[int, int]]:
    """The taps whose stamp reaches an output pixel, from ``i·s + a·d − p = o``; none where the layer is repeated.

    Parameters
    ----------
    method : TransposedConv
    shape : (int, int)
        Height and width of the input.
    pixel : (int, int)
        Row and column of the output.
    """
    if method.repeat != 1:
        return frozenset()
    axes = []
    for n, k, s, p, d, o in zip(
        shape, method.kernel_shape, method.stride, method.padding, method.dilation, pixel, strict=True
    ):
        places = [(o + p - a * d, a) for a in range(k)]
        axes.append([a for place, a in places if place % s == 0 and 0 <= place // s < n])
    return frozenset((row, col) for row in axes[0] for col in axes[1])


def follow_taps(fields: FieldForm, context: Context, owner: Callable[[], str | None]) -> None:
    """Let the images show who uses the tap under the pointer.

    Parameters
    ----------
    fields : FieldForm
        Where the kernel is drawn.
    context : Context
    owner : callable
        Id of the slot whose kernel it is; ``"source"`` for the preparation's.
    """

    def hovered(row: int, col: int) -> None:
        slot = owner()
        context.probe.hover_tap(None if slot is None else TapPoint(slot, row, col))

    fields.tap_hovered.connect(hovered)
    fields.tap_left.connect(lambda: context.probe.hover_tap(None))
