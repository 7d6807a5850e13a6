"""How wide the end of a formula strip is, and how much of it is said where there is little room."""

from __future__ import annotations

from workbench.model.formula import Formula, ResultWords, pair_words, strip_number
from workbench.model.row_pair import RowPair
from workbench.ui.fonts import typeface

TICK = 34
"""Room for the sign before the verdict."""
_BADGE_INSET = 6


def fitted(formula: Formula, room: int) -> tuple[ResultWords, int]:
    """What is said of a sum's result and how wide that is: as much as there is room for, and the least otherwise."""
    shorter = formula.result.shorter()
    for words in shorter:
        width = _width(formula, words)
        if width <= room:
            break
    return words, width


def pair_width(pair: RowPair) -> int:
    """How wide what is said of two rows is."""
    values, sums = pair_words(pair)
    return max(_wide(values, 12, 400), _wide(sums, 11, 400))


def badge_width(text: str) -> int:
    """A badge, and the gap before it; nothing without a text."""
    return 8 + 2 * _BADGE_INSET + _wide(text, 10, 500) if text else 0


def _width(formula: Formula, words: ResultWords) -> int:
    verdict = TICK + _wide(words.verdict, 11, 400) + badge_width(words.badge)
    stored = 0
    if words.stored:
        stored = _wide("=", 12, 400) + 16 + _wide(strip_number(formula.answer), 12, 600) + _wide(words.stored, 11, 400)
    return max(_wide(words.above, 12, 400), stored, verdict)


def _wide(text: str, size: int, weight: int) -> int:
    return typeface(size, weight)[1].horizontalAdvance(text)
