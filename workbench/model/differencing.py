"""How two pictures are compared, whether they can be, and where: never by resampling, never by filling.

Two pictures are comparable where their pixels have the same size and stand on the same grid; then the part that both
cover is compared. Everything else is a sentence that says why not.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from workbench.kernels import expression, flip
from workbench.kernels.arrays import Shape, Window
from workbench.kernels.differences import Difference
from workbench.kernels.errors import ParameterError
from workbench.kernels.placement import Placement
from workbench.model.prepared import PreparedSource
from workbench.model.view_state import ChannelView, ViewValue

_SAME = 1e-6
"""Pixels: what rounding may do to a step over a whole picture, and far below any shift that matters."""

RELATIVE_EPS = 0.01
"""ε of the relative differences, as a share of the data range."""


@dataclass(frozen=True, slots=True)
class Comparing:
    """How a picture is compared with its reference.

    Parameters
    ----------
    kind : Difference
    epsilon : float, optional
        ε of the relative kinds; None for `RELATIVE_EPS` of the data range.
    expression : str
        The formula of `Difference.EXPRESSION`.
    channel : {"rgb", "r", "g", "b", "luminance", "alpha"}
        What is compared: with "rgb" every channel, and then their mean.
    """

    kind: Difference = Difference.SIGNED
    epsilon: float | None = None
    expression: str = "a - r"
    channel: ChannelView = "rgb"

    @property
    def signed(self) -> bool:
        """Whether results lie on both sides of 0; of an expression, whether its form lets them."""
        if self.kind is not Difference.EXPRESSION:
            return self.kind.signed
        try:
            return expression.parse(self.expression).signed
        except ParameterError:
            return True

    @property
    def formula(self) -> str:
        """The definition as text."""
        return self.expression if self.kind is Difference.EXPRESSION else self.kind.formula

    @property
    def problem(self) -> str:
        """Why this kind cannot be computed anywhere; an empty text if it can."""
        if self.kind is Difference.FLIP:
            return flip.missing() or ""
        if self.kind is Difference.EXPRESSION:
            try:
                expression.parse(self.expression)
            except ParameterError as error:
                return f"The expression {error.problem}."
        return ""

    def eps(self, width: float) -> float:
        """ε for pictures of this data range."""
        return RELATIVE_EPS * width if self.epsilon is None else self.epsilon

    @classmethod
    def of(cls, view: ViewValue) -> Comparing:
        """As the view is set. What a kind does not use does not count, so that nothing is computed again for it."""
        return cls(
            view.difference,
            view.epsilon if view.difference.uses_eps else None,
            view.expression if view.difference is Difference.EXPRESSION else "a - r",
            view.channel_view,
        )


SIGNED = Comparing()
"""a − r, the mean of the channels."""


@dataclass(frozen=True, slots=True)
class Support:
    """The part that two pictures on one grid have in common.

    Parameters
    ----------
    a, r : Window
        The same part, in pixels of the picture and in pixels of its reference.
    """

    a: Window
    r: Window

    @property
    def shape(self) -> Shape:
        return self.a.shape

    def placement(self, a: Placement) -> Placement:
        """Where the common part lies, given where the picture does."""
        return a.then(Placement(offset=(float(self.a.top), float(self.a.left))))


@dataclass(frozen=True, slots=True)
class Grid:
    """What decides about comparing: name, shape, place and channels of a picture."""

    name: str
    shape: Shape
    placement: Placement
    channels: int


def common_support(a: Grid, r: Grid) -> Support | str:
    """Where a picture and its reference can be compared.

    Returns
    -------
    Support or str
        The common part, or a sentence that says why there is none.
    """
    if a.channels != r.channels:
        return f"{a.name} has {_channels(a)}, {r.name} has {_channels(r)}."
    shift = []
    for axis in (0, 1):
        step, other = a.placement.step[axis], r.placement.step[axis]
        extent = max(a.shape[axis], r.shape[axis])
        if abs(step - other) * extent > _SAME * min(step, other):
            return f"{a.name} has pixels of {_size(a)}, {r.name} of {_size(r)} source pixels: not the same grid."
        offset = (a.placement.offset[axis] - r.placement.offset[axis]) / step
        if abs(offset - round(offset)) > _SAME:
            word = ("rows", "columns")[axis]
            return f"{a.name} lies {offset:+.4g} {word} off the grid of {r.name}: not a whole number of pixels."
        shift.append(round(offset))
    inside = Window.of(a.shape).intersect(Window.of(r.shape).shifted(-shift[0], -shift[1]))
    if inside.is_empty:
        return f"{a.name} and {r.name} cover no pixel in common."
    return Support(inside, inside.shifted(shift[0], shift[1]))


def data_range(prepared: PreparedSource) -> float:
    """R of the PSNR and of the SSIM: the width of the picture's nominal range, in the numbers methods compute with.

    1 for pictures of whole numbers, which are scaled so that white is 1, and for floats meant as 0 … 1; an array of
    other numbers says itself where its black and white lie.
    """
    low, high = nominal_range(prepared)
    return high - low


def nominal_range(prepared: PreparedSource) -> tuple[float, float]:
    """Black and white in the numbers methods compute with."""
    source = prepared.source
    low, high = source.nominal
    if source.pixels.dtype.kind in "iub":
        return (low / high, 1.0)
    return (low, high)


def nominal_difference(how: Comparing, width: float) -> tuple[float, float]:
    """The usual ends of a difference's range, for pictures of this data range."""
    high = {
        Difference.SQUARED: 0.04 * width**2,
        Difference.RELATIVE: 0.5,
        Difference.SMAPE: 0.5,
        Difference.LOG_RATIO: 1.0,
        Difference.SSIM: 1.0,
        Difference.FLIP: 1.0,
    }.get(how.kind, 0.2 * width)
    return (-high if how.signed else 0.0, high)


def _channels(grid: Grid) -> str:
    return "1 channel" if grid.channels == 1 else f"{grid.channels} channels"


def _size(grid: Grid) -> str:
    rows, cols = (_fraction(step) for step in grid.placement.step)
    return rows if rows == cols else f"{rows} × {cols}"


def _fraction(step: float) -> str:
    near = Fraction(step).limit_denominator(4096)
    return str(near) if abs(float(near) - step) < 1e-12 else f"{step:.6g}"
