"""One line that always adds up: ``y = 0.7656·x[29,49] + 0.1094·x[29,48] + …``, term by term, with the running sum.

The same strip shows a sum as a product of two lines, two rows beside each other, and what a source pixel does.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.kernels.provenance import Term
from workbench.model.display import ink_on, weight_rgb
from workbench.model.formula import MOST_TERMS, Cell, Chip, Formula, Tile, pair_cell, pair_words, spoken, strip_number
from workbench.model.row_pair import RowPair
from workbench.model.terms import Factors, Form
from workbench.ui.fonts import typeface
from workbench.ui.panels.strip_result import TICK, badge_width, fitted, pair_width
from workbench.ui.theme import Theme

WIDTHS = (122, 134, 146, 168, 196, 224, 252)
"""Widths of a term; the smallest that holds every line is taken, so that they seldom change."""
_RESULT = 116
_REST = 112
_CHIP_HEIGHT = 19
_CHIP_ROOM = 12
_GAP = 20
"""Between a term's words and the next term, where the plus stands."""


class FormulaStrip(QWidget):
    """Paints a `Formula`, a `RowPair`, tiles in their place, or a sentence.

    Signals
    -------
    clicked() : the strip was clicked; its form is cycled.
    """

    clicked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._formula: Formula | None = None
        self._pair: RowPair | None = None
        self._peak = 1.0
        self._tiles: tuple[Tile, ...] = ()
        self._sentence = ""
        self._compact = False
        self._cells: dict[int, Cell] = {}
        self._fitted: tuple[tuple[int, bool], tuple[int, int, int]] | None = None
        self._widest: tuple[bool, int] | None = None
        self._signs: dict[tuple[int, int], dict[str, int]] = {}
        self._pressed = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self._dress)

    def _dress(self) -> None:
        """Other colours, or text of another size."""
        self._signs.clear()
        self._cells.clear()
        self._widest = None
        self._fitted = None
        self.update()

    @property
    def formula(self) -> Formula | None:
        return self._formula

    @property
    def pair(self) -> RowPair | None:
        return self._pair

    @property
    def tiles(self) -> tuple[Tile, ...]:
        return self._tiles

    @property
    def sentence(self) -> str:
        return self._sentence

    def sizeHint(self) -> QSize:
        return QSize(3 * WIDTHS[2] + _RESULT, 48 if self._compact else 92)

    def minimumSizeHint(self) -> QSize:
        return QSize(WIDTHS[1] + _RESULT, 48)

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self.update()

    def show_formula(self, formula: Formula | None, tiles: tuple[Tile, ...] = (), sentence: str = "") -> None:
        """A sum, or tiles, or a sentence."""
        self._show(formula=formula, tiles=tiles, sentence=sentence)

    def show_pair(self, pair: RowPair, peak: float) -> None:
        """Two rows, source pixel by source pixel."""
        self._peak = peak
        self._show(pair=pair)

    def _show(
        self, formula: Formula | None = None, pair: RowPair | None = None, tiles: tuple[Tile, ...] = (),
        sentence: str = "",
    ) -> None:  # fmt: skip
        self._formula, self._pair, self._tiles, self._sentence = formula, pair, tiles, sentence
        self._cells.clear()
        self._fitted = self._widest = None
        self.setAccessibleName(self._spoken())
        self.update()

    def count(self) -> int:
        """How many terms, or source pixels, there are."""
        if self._formula is not None:
            return len(self._formula.trace.terms)
        return 0 if self._pair is None else len(self._pair)

    def cell(self, k: int) -> Cell:
        """What is written about one of them."""
        if k not in self._cells:
            if self._formula is not None:
                self._cells[k] = self._formula.cell(k)
            else:
                assert self._pair is not None
                self._cells[k] = pair_cell(self._pair, k)
        return self._cells[k]

    def shown_terms(self) -> tuple[tuple[Term, ...], int, int]:
        """The terms there is room for, how many are left out, and the width of each."""
        number, left_out, width = self._fitting()
        terms = self._formula.trace.terms if self._formula is not None else ()
        return terms[:number], left_out, width

    def _fitting(self) -> tuple[int, int, int]:
        """How many cells there is room for, how many are left out, and the width of each; measured once."""
        key = (self.width(), self._compact)
        if self._fitted is None or self._fitted[0] != key:
            self._fitted = (key, self._measured(self.width()))
        return self._fitted[1]

    def is_whole(self, width: int) -> bool:
        """Whether every term would have room in a strip of this width."""
        return self._measured(width)[0] == self.count()

    def _measured(self, available: int) -> tuple[int, int, int]:
        total = self.count()
        if total == 0:
            return 0, 0, WIDTHS[3]
        room = available - self._result_width(available)
        if self._widest is None or self._widest[0] != self._compact:
            needed = max(self._needs(self.cell(k)) for k in range(min(total, MOST_TERMS)))
            self._widest = (self._compact, needed)
        needed = self._widest[1]
        width = next((one for one in WIDTHS if one >= needed), WIDTHS[-1])
        if total <= MOST_TERMS and total * width <= room:
            wider = [one for one in WIDTHS[:4] if total * one <= room]
            return total, 0, max([width, *wider])
        count = max(min((room - _REST) // width, MOST_TERMS), 0)
        return count, total - count if room >= _REST else 0, width

    def _needs(self, cell: Cell) -> int:
        """The width of a cell's longest line, and the gap to the next one."""
        chips = sum(self._chip_width(chip.text) + 4 for chip in cell.chips)
        top = chips + 2 + self._width(cell.label, 12, 400)
        middle = self._width(cell.second, 12, 500)
        last = 0 if self._compact else self._width(cell.third, 11, 400)
        return max(top, middle, last) + _GAP

    def _spoken(self) -> str:
        if self._formula is not None:
            return spoken(self._formula)
        if self._pair is not None:
            first, second = self._pair.values
            return (
                f"Two rows: {strip_number(first)} minus {strip_number(second)} is "
                f"{strip_number(self._pair.difference)}; {len(self._pair)} source pixels"
            )
        return self._sentence or "; ".join(f"{t.badge} {t.title}: {t.first}, {t.second}" for t in self._tiles)

    # ---- painting ----------------------------------------------------------------------------------------------

    def _lines(self) -> tuple[int, int, int]:
        """Middle of each of the three lines; where there are two, the last stands beside the second."""
        return (15, 35, 35) if self._compact else (22, 44, 70)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        formula = self._formula
        if formula is not None and formula.form is Form.FACTORED and formula.factors is not None:
            self._paint_factors(painter, formula, formula.factors)
        elif formula is not None:
            x = self._paint_cells(painter, formula.peak)
            self._paint_result(painter, x, formula)
        elif self._pair is not None:
            x = self._paint_cells(painter, self._peak)
            self._paint_pair_result(painter, x, self._pair)
        elif self._tiles:
            self._paint_tiles(painter)
        elif self._sentence:
            self._write(painter, 0, self._lines()[1], self._sentence, 12, 400, "text2")

    def _paint_cells(self, painter: QPainter, peak: float) -> int:
        """The terms there is room for, and the sum of the others; gives where the result stands."""
        number, left_out, width = self._fitting()
        x, plus = 0, "+" if self._formula is not None else ""
        for k in range(number):
            if k:
                self._write(painter, x - 14, self._lines()[0], plus, 12, 400, "text2")
            self._paint_cell(painter, x, self.cell(k), peak, width)
            x += width
        if left_out:
            if number:
                self._write(painter, x - 14, self._lines()[0], plus, 12, 400, "text2")
            x = self._paint_rest(painter, x, number, left_out) + 16
        return x

    def _paint_cell(self, painter: QPainter, x: int, cell: Cell, peak: float, width: int) -> None:
        one, two, three = self._lines()
        right = x
        for chip in cell.chips:
            right = self._paint_chip(painter, right, one, chip, peak) + 4
        self._write(painter, right + 2, one, cell.label, 12, 400, "text2")
        if not self._compact:
            self._write(painter, x, two, cell.second, 12, 500, "text")
            self._write(painter, x, three, cell.third, 11, 400, "text3")
            return
        end = self._say(painter, x, two, cell.second, 12, 500, "text")
        if end + 8 + self._width(cell.third, 11, 400) <= x + width - _GAP:
            self._write(painter, end + 8, three, cell.third, 11, 400, "text3")

    def _chip_width(self, text: str) -> int:
        least = 40 if self._compact else 44
        return max(self._width(text, 12, 600) + _CHIP_ROOM, least)

    def _paint_chip(self, painter: QPainter, x: int, middle: int, chip: Chip, peak: float) -> int:
        """A weight on its plate; gives the plate's right edge."""
        rgb = _colour(chip.weight, peak)
        font, metrics = typeface(12, 600)
        rect = QRect(x, middle - 9, self._chip_width(chip.text), _CHIP_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(*rgb))
        painter.drawRoundedRect(QRectF(rect), 3, 3)
        painter.setPen(QColor(*ink_on(rgb)))
        painter.setFont(font)
        left = x + (rect.width() - metrics.horizontalAdvance(chip.text)) // 2
        painter.drawText(left, middle + (metrics.ascent() - metrics.descent()) // 2, chip.text)
        return x + rect.width()

    def _paint_rest(self, painter: QPainter, x: int, shown: int, count: int) -> int:
        one, two, three = self._lines()
        if self._formula is not None:
            total, rest = self._formula.trace.value, self._formula.sum_from(shown)
        else:
            assert self._pair is not None
            total, rest = self._pair.difference, float(self._pair.split[shown:].sum())
        words = f"… and {count} more" if shown else f"{count} terms"
        end = self._say(painter, x, one, words, 12, 400, "text2")
        other = self._say(painter, x, two, f"Σ = {strip_number(rest)}", 12, 500, "text")
        if not self._compact and self._formula is not None:
            self._write(painter, x, three, f"Σ {strip_number(total)}", 11, 400, "text3")
        return max(end, other, x + 100)

    def _result_width(self, available: int) -> int:
        if self._formula is not None:
            widest = fitted(self._formula, available - WIDTHS[1] - _REST)[1]
        elif self._pair is not None:
            widest = pair_width(self._pair)
        else:
            return _RESULT
        return next(width for width in range(_RESULT, 10_000, 32) if width >= widest + 8)

    def _paint_result(self, painter: QPainter, x: int, formula: Formula) -> None:
        one, two, three = self._lines()
        words = fitted(formula, self.width() - WIDTHS[1] - _REST)[0]
        good = "text" if formula.adds_up else "err"
        if words.above and not self._compact:
            self._write(painter, x, one, words.above, 12, 400, "text2")
        end = self._say(painter, x, two, "=", 12, 400, "text2")
        end = self._say(painter, end + 8, two, strip_number(formula.answer), 12, 600, good)
        for word in filter(None, (words.above if self._compact else "", words.stored)):
            end = self._say(painter, end + 8, two, word, 11, 400, "text2")
        verdict = one if self._compact else three
        if not formula.adds_up:
            painter.fillRect(QRect(x, verdict - 9, 160, 18), self._theme.color("errbg"))
            self._write(painter, x + 4, verdict, "does not add up: report", 11, 600, "err")
            return
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(x + 16, verdict - 8, self._theme.pixmap("check", "text2", 16, ratio))
        end = self._say(painter, x + TICK, verdict, words.verdict, 11, 400, "text2")
        if words.badge:
            self._paint_badge(painter, end + 8, verdict, words.badge)

    def _paint_badge(self, painter: QPainter, x: int, middle: int, text: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("sel"))
        painter.drawRoundedRect(QRectF(x, middle - 8, badge_width(text) - 8, 16), 3, 3)
        self._write(painter, x + 6, middle, text, 10, 500, "text2")

    def _paint_pair_result(self, painter: QPainter, x: int, pair: RowPair) -> None:
        """Both values and their difference; both sums of weights below."""
        one, two, three = self._lines()
        values, sums = pair_words(pair)
        self._write(painter, x, one, values, 12, 400, "text2")
        end = self._say(painter, x, two, "y₁ − y₂ =", 12, 400, "text2")
        end = self._say(painter, end + 6, two, strip_number(pair.difference), 12, 600, "text")
        if not self._compact:
            self._write(painter, x, three, sums, 11, 400, "text3")

    def _paint_factors(self, painter: QPainter, formula: Formula, factors: Factors) -> None:
        """Row weights, column weights, and what their products add up to."""
        one, two, three = self._lines()
        letter, room = formula.read, self.width() - self._result_width(self.width()) - 8
        right = 0
        for line, name, indices, weights in (
            (one, "rows", factors.rows.tolist(), factors.down.tolist()),
            (two, "columns", factors.cols.tolist(), factors.across.tolist()),
        ):
            x = self._say(painter, 0, line, name, 11, 400, "text3")
            x, peak = max(x, 46) + 8, max(map(abs, weights))
            for k, (index, weight) in enumerate(zip(indices, weights, strict=True)):
                chip = Chip(strip_number(weight), weight)
                after = self._chip_width(chip.text) + 60
                if x + after > room and len(weights) - k > 1:
                    x = self._say(painter, x, line, f"… and {len(weights) - k} more", 12, 400, "text2")
                    break
                x = self._paint_chip(painter, x, line, chip, peak) + 5
                x = self._say(painter, x, line, str(index), 12, 400, "text2") + 12
            right = max(right, x)
        if not self._compact:
            count = f"{len(factors.rows)} × {len(factors.cols)} = {len(formula.trace.terms)} products"
            self._write(
                painter, 0, three, f"Σ row weight · column weight · {letter}[row, column], {count}", 11, 400, "text3"
            )
        self._paint_result(painter, right + 16, formula)

    def _paint_tiles(self, painter: QPainter) -> None:
        one, two, three = self._lines()
        narrow, wide = WIDTHS[2], WIDTHS[3]
        x = 0
        for k, tile in enumerate(self._tiles):
            if x + narrow > self.width():
                self._write(painter, x, one, f"… and {len(self._tiles) - k} more", 12, 400, "text2")
                break
            end = self._say(painter, x, one, f"{tile.badge}  ", 12, 600, "text2")
            room = x + wide - 12 - end
            title = typeface(12, 500)[1].elidedText(tile.title, Qt.TextElideMode.ElideRight, room)
            self._write(painter, end, one, title, 12, 500, "text")
            end = self._say(painter, x, two, tile.first, 12, 500, "text")
            self._write(painter, end + 8 if self._compact else x, three, tile.second, 11, 400, "text3")
            x += wide

    def _width(self, text: str, size: int, weight: int) -> int:
        """About how wide a text is: the sum of its signs, each measured once. Figures are all of one width."""
        metrics, signs = typeface(size, weight)[1], self._signs.setdefault((size, weight), {})
        total = 0
        for sign in text:
            if sign not in signs:
                signs[sign] = metrics.horizontalAdvance(sign)
            total += signs[sign]
        return total

    def _say(self, painter: QPainter, x: int, middle: int, text: str, size: int, weight: int, token: str) -> int:
        """A word on a line; gives where it ends."""
        self._write(painter, x, middle, text, size, weight, token)
        return x + typeface(size, weight)[1].horizontalAdvance(text)

    def _write(self, painter: QPainter, x: int, middle: int, text: str, size: int, weight: int, token: str) -> None:
        """A word on a line; to ask where it ends would cost as much again."""
        font, metrics = typeface(size, weight)
        painter.setFont(font)
        painter.setPen(self._theme.color(token))
        # By its base line: text that is fitted into a rectangle is laid out anew each time.
        painter.drawText(x, middle + (metrics.ascent() - metrics.descent()) // 2, text)

    # ---- events ------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.button() == Qt.MouseButton.LeftButton
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()
        self._pressed = False


@lru_cache(maxsize=4096)
def _colour(weight: float, peak: float) -> tuple[int, ...]:
    return tuple(weight_rgb(weight, peak).tolist())
