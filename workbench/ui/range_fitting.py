"""Fits a range to data in the background: the one way for the key, the button and the menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from workbench.kernels.errors import ParameterError
from workbench.model.differencing import Comparing
from workbench.model.display import Range, format_card
from workbench.model.group_range import all_panels, range_of_ends, scan_of
from workbench.model.jobs import Done, Outcome
from workbench.model.looks import Group
from workbench.ui.context import Context

End = Literal["lo", "hi"]


def set_range(context: Context, ends: Range, group: Group, own: str | None = None) -> None:
    """Another range for a group, or for one panel that has its own."""
    view = context.view
    if own is not None:
        view.set(own_ranges=view.value.owned(own, ends))
    else:
        view.set(**{"difference_range" if group == "differences" else "image_range": ends})


def move_end(context: Context, group: Group, end: End, value: float) -> None:
    """Move one end of a group's range; one that cannot be is refused without a word.

    Of a signed difference the other end follows, of an unsigned one the lower stays at 0.
    """
    view = context.view.value
    ends = view.difference_range if group == "differences" else view.image_range
    if group == "differences" and Comparing.of(view).signed:
        lo, hi = -abs(value), abs(value)
    elif end == "hi":
        lo, hi = ends.lo, value
    elif group == "images":
        lo, hi = value, ends.hi
    else:
        return
    try:
        made = Range(lo, hi)
    except ParameterError:
        return
    set_range(context, made, group)


def way_back(context: Context) -> Callable[[], None]:
    """Puts all ranges back to what they are now: for a drag that is given up."""
    view = context.view.value
    ranges = {name: getattr(view, name) for name in ("image_range", "difference_range", "own_ranges")}
    return lambda: context.view.set(**ranges)


def fit_range(context: Context, group: Group, own: str | None = None) -> None:
    """Fit the range to every finite value of all panels of a group, or of the one panel that has a range of its own.

    Outputs that are too large to lie in memory are gone through tile by tile; `Esc` stops it.
    """
    comparison, view, results = context.session.value, context.view.value, context.results
    panels = all_panels(comparison, view, results, group) if own is None else (own,)
    scan = scan_of(comparison, view, results, panels, group)

    def landed(outcome: Outcome) -> None:
        if not isinstance(outcome, Done):
            raise outcome.exception
        low, high = outcome.value
        found = range_of_ends(low, high, group, scan.signed)
        if found is None or Comparing.of(context.view.value) != Comparing.of(view):
            return
        set_range(context, found, group, own)
        if low == high and group == "images":
            ends = f"{format_card(found.lo)} … {format_card(found.hi)}"
            context.tools.noted.emit(f"All values are {format_card(low)}.", f"The range is {ends}.")

    context.pipeline.work.submit(("fit", group), "Fitting the range", scan.ends, landed)
