"""Two panels in one place: which, and where the divider between them may lie.

Convention
    Source pixels. An axis of a panel is a comb: ``(offset, step)``, its pixels' edges lie at offset + k·step.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from workbench.model.document import ORIGINAL, SOURCE, Comparison
from workbench.model.panels import panel_exists, reference_name
from workbench.model.results import Results
from workbench.model.view_state import Wipe

Comb = tuple[float, float]
_LOOK_FAR = 64


def usable(comparison: Comparison, results: Results, wipe: Wipe) -> bool:
    """Whether both sides exist and differ."""
    return wipe.a != wipe.b and all(panel_exists(comparison, results, side) for side in (wipe.a, wipe.b))


def default_sides(comparison: Comparison, results: Results, selected: str) -> tuple[str, str] | None:
    """The reference left and the selected picture right, or what comes nearest; None if there is one picture only."""
    pictures = [slot.id for slot in comparison.slots]
    pictures += [name for name in (ORIGINAL, SOURCE) if panel_exists(comparison, results, name)]
    b = selected if selected in pictures else next(iter(pictures), SOURCE)
    reference = reference_name(comparison, results)
    a = next((name for name in (reference, *pictures) if name is not None and name != b), None)
    return None if a is None else (a, b)


def candidates(comparison: Comparison, results: Results) -> tuple[str, ...]:
    """Every picture that may stand at a side, without the differences."""
    plain = [name for name in (SOURCE, ORIGINAL) if panel_exists(comparison, results, name)]
    return (*plain, *(slot.id for slot in comparison.slots))


def snapped(place: float, combs: Sequence[Comb]) -> float:
    """The nearest place between pixels of all combs; of the coarsest where they have none in common nearby."""
    if not combs:
        return place
    offset, step = _coarsest(combs)
    nearest = round((place - offset) / step)
    ways = sorted(range(-_LOOK_FAR, _LOOK_FAR + 1), key=lambda k: abs(offset + (nearest + k) * step - place))
    edges = (offset + (nearest + k) * step for k in ways)
    return next((edge for edge in edges if _between(edge, combs)), offset + nearest * step)


def stepped(place: float, direction: int, combs: Sequence[Comb]) -> float:
    """The next place between pixels of all combs, to the right or below (1), to the left or above (−1)."""
    if not combs:
        return place + direction
    offset, step = _coarsest(combs)
    at = (place - offset) / step
    first = round(at) if abs(at - round(at)) < 1e-6 else (int(at // 1) if direction > 0 else -int(-at // 1))
    edges = [offset + (first + direction * k) * step for k in itertools.takewhile(_LOOK_FAR.__ge__, itertools.count(1))]
    return next((edge for edge in edges if _between(edge, combs)), edges[0])


def in_cells(place: float, cell: float, comb: Comb) -> float:
    """The nearest edge of a phase cell, counted from the first pixel."""
    return comb[0] + round((place - comb[0]) / cell) * cell if cell > 0 else place


def _coarsest(combs: Sequence[Comb]) -> Comb:
    return max(combs, key=lambda comb: comb[1])


def _between(edge: float, combs: Sequence[Comb]) -> bool:
    indices = [(edge - offset) / step for offset, step in combs]
    return all(abs(index - round(index)) < 1e-6 for index in indices)
