"""The card: what it says about a pixel, and that its terms always add up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.gestures import key
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.document import Preparation
from workbench.model.formula import MOST_TERMS, formula_of, strip_number
from workbench.model.peak import peak_weight
from workbench.model.probe import ProbePoint, row_of
from workbench.model.samples import array_source
from workbench.model.view_state import Range
from workbench.ui.context import Context
from workbench.ui.measures import CARD, LOW_CARD
from workbench.ui.panels.card_parts import ChannelChip
from workbench.ui.panels.provenance_card import ProvenanceCard


@pytest.fixture
def card(qtbot: QtBot, context: Context) -> ProvenanceCard:
    made = ProvenanceCard(context)
    qtbot.addWidget(made)
    made.resize(1344, CARD)
    made.show()
    return made


def test_terms_add_up_on_every_pixel_of_every_method(card: ProvenanceCard, context: Context) -> None:
    for slot in context.session.value.slots:
        operator = context.results.ready(slot.id).operator
        for row in range(operator.out_shape[0]):
            for col in range(operator.out_shape[1]):
                context.probe.show(ProbePoint(slot.id, row, col))
                terms = card.formula.trace.terms

                assert card.formula.adds_up
                assert sum(term.product for term in terms) == pytest.approx(card.value, rel=1e-12)
                assert terms[-1].running == pytest.approx(card.value, rel=1e-12)


def test_the_shown_terms_the_rest_and_the_total_add_up(card: ProvenanceCard, context: Context) -> None:
    text = "transposed_conv:kernel=gaussian,kernel_size=9,sigma=2,stride=2,padding=3"
    context.session.do("wide", edits.set_method("s3", from_text(text)))
    context.probe.show(ProbePoint("s3", 6, 9))
    shown, left_out, _ = card.strip.shown_terms()
    terms = card.formula.trace.terms

    assert 0 < len(shown) <= MOST_TERMS
    assert left_out == len(terms) - len(shown) > 0
    assert sum(t.product for t in shown) + sum(t.product for t in terms[len(shown) :]) == pytest.approx(card.value)


def test_terms_fall_by_the_size_of_their_product(card: ProvenanceCard, context: Context) -> None:
    context.probe.show(ProbePoint("s2", 5, 8))
    sizes = [abs(term.product) for term in card.formula.trace.terms]

    assert sizes == sorted(sizes, reverse=True)


def test_place_sums_and_phase_are_said(card: ProvenanceCard, context: Context) -> None:
    context.probe.show(ProbePoint("s2", 5, 8))

    assert card.title.replace("\u2002", " ") == "2 Bilinear at 5, 8"
    assert card.sums == "row sum 1  ·  Σ|w| 1  ·  phase 1, 0"


def test_a_sum_that_the_operator_does_not_give_is_a_bug_mark(card: ProvenanceCard, context: Context) -> None:
    class Wrong(LinearOperator):
        """One that says other rows than it applies."""

        def __init__(self, inner: LinearOperator) -> None:
            super().__init__(inner.in_shape, inner.out_shape, inner.placement)
            self._inner = inner

        def _fill(self, x, origin, window, out, *others):  # type: ignore[no-untyped-def]
            self._inner._fill(x, origin, window, out, *others)
            out += 1e-3

        def needs(self, window):  # type: ignore[no-untyped-def]
            return self._inner.needs(window)

        def adjoint(self, y):  # type: ignore[no-untyped-def]
            return self._inner.adjoint(y)

    ready = context.results.ready("s2")
    trace = row_of(context.results, ProbePoint("s2", 5, 8), 1)
    wrong = replace(ready, operator=Wrong(ready.operator))

    assert formula_of(ready, trace, 1.0).adds_up
    assert not formula_of(wrong, trace, 1.0).adds_up


def test_a_value_beyond_the_range_says_what_is_shown(card: ProvenanceCard, context: Context) -> None:
    context.probe.show(ProbePoint("s1", 5, 8))
    assert card.formula.shown is None
    context.view.set(image_range=Range(0.0, card.value / 2))

    assert card.formula.shown == card.value / 2


def test_the_chips_choose_the_channel(card: ProvenanceCard, context: Context, qtbot: QtBot) -> None:
    context.probe.show(ProbePoint("s2", 5, 8))
    chips = card.findChildren(ChannelChip)
    qtbot.mouseClick(chips[2], Qt.MouseButton.LeftButton)
    output = context.results.ready("s2").operator.apply(context.results.prepared.values.astype(np.float64))

    assert [chip.text() for chip in chips] == ["R", "G", "B"]
    assert context.view.value.channel == 2
    assert [chip.isChecked() for chip in chips] == [False, False, True]
    assert card.value == pytest.approx(output[5, 8, 2], rel=1e-12)


def test_a_grey_picture_has_one_chip(card: ProvenanceCard, context: Context) -> None:
    grey = array_source(np.arange(12 * 20).reshape(12, 20).astype(np.uint8), "grey")
    context.session.do("grey", edits.set_source(grey))
    context.probe.show(ProbePoint("s2", 5, 8))

    assert card.title.endswith("at 5, 8")
    chips = [chip for chip in card.findChildren(ChannelChip) if chip.isVisibleTo(card)]
    assert [chip.text() for chip in chips] == ["L"]


def test_a_source_pixel_says_what_it_counts_for_in_every_method(card: ProvenanceCard, context: Context) -> None:
    context.probe.show(ProbePoint("source", 2, 7))
    tiles = card.strip.tiles
    column = context.results.ready("s2").operator.column(2, 7)

    assert [tile.badge for tile in tiles] == ["1", "2", "3"]
    assert tiles[0].first == "counts 4"
    assert tiles[0].second == "covers 4 pixels"
    assert tiles[1].first == f"counts {column.total:.6g}"
    assert tiles[1].second == f"covers {len(column)} pixels"


def test_a_pixel_without_sources_is_always_zero(card: ProvenanceCard, context: Context) -> None:
    context.session.do("unpool", edits.set_method("s2", from_text("max_unpool")))
    operator = context.results.ready("s2").operator
    empty = next((r, c) for r in range(12) for c in range(20) if len(operator.row(r, c, 1)) == 0)
    context.probe.show(ProbePoint("s2", *empty))

    assert card.value == 0.0
    assert "always 0" in card.strip.sentence


def test_copying_gives_every_number_in_full(card: ProvenanceCard, context: Context) -> None:
    context.probe.show(ProbePoint("s2", 5, 8))
    card.setFocus()
    key(card, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    cells = [line.split("\t") for line in lines]
    mine = next(row for row in cells if row[0] == "2 Bilinear" and row[3] == "G")
    first = cells.index([""])
    terms = cells[first + 2 : cells.index([""], first + 1)]

    assert float(mine[4]) == card.value
    assert repr(float(mine[4])) == mine[4]
    assert sum(float(row[4]) for row in terms) == pytest.approx(card.value, rel=1e-15)


def test_the_magnifier_holds_the_support_and_one_pixel_more(card: ProvenanceCard, context: Context) -> None:
    text = "transposed_conv:kernel=gaussian,kernel_size=23,sigma=3,stride=2,padding=10"
    context.session.do("wide", edits.set_method("s3", from_text(text)))
    sides = []
    for point in (ProbePoint("s2", 5, 8), ProbePoint("s3", 6, 9)):
        context.probe.show(point)
        window, (rows, cols) = card.magnifier.window_shown, card.magnifier.marks.cells
        sides.append(window.width)

        assert window.top < rows.min()
        assert window.left < cols.min()
        assert rows.max() + 1 < window.bottom
        assert cols.max() + 1 < window.right

    assert sides[0] == 9
    assert sides[1] > 9


def test_in_a_low_window_the_card_has_two_lines(qtbot: QtBot, context: Context) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    card = ProvenanceCard(context)
    layout.addWidget(card)
    window.resize(1200, 950)
    window.show()
    high = card.height()
    window.resize(1200, 800)

    assert (high, card.maximumHeight()) == (CARD, LOW_CARD)


def test_the_weight_scale_ends_at_the_largest_weight_of_all_phases(context: Context) -> None:
    operator = context.results.ready("s3").operator
    inner = [np.abs(operator.row(r, c).weights).max(initial=0) for r in range(4, 8) for c in range(6, 12)]

    assert peak_weight(operator) == max(inner)


def test_without_a_probe_the_card_says_what_to_do(card: ProvenanceCard, context: Context) -> None:
    context.probe.show(None)

    assert card.value is None
    assert card.strip.sentence.startswith("Point at a pixel")


def test_the_strip_is_told_to_screen_readers(card: ProvenanceCard, context: Context) -> None:
    context.probe.show(ProbePoint("s1", 5, 8))

    assert card.strip.accessibleName().endswith("adds up")
    assert "times x[2,4]" in card.strip.accessibleName()


def test_the_picture_as_it_is_has_rows_too(card: ProvenanceCard, context: Context) -> None:
    context.session.do("as it is", edits.set_preparation(Preparation()))
    context.probe.show(ProbePoint("s2", 13, 31))

    assert card.formula.adds_up


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.765625, "0.7656"), (4.0, "4"), (-0.0461, "−0.0461"), (3e-5, "3e−5"), (12345.678, "12345.7"), (0.0, "0")],
)
def test_numbers_in_the_strip(value: float, text: str) -> None:
    assert strip_number(value) == text
