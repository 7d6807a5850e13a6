"""The card by hand: forms cycled on the strip, stages opened, sums copied, two rows beside each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.ui.gestures import click, hover, key
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.document import Preparation
from workbench.model.lessons import load_lesson
from workbench.model.probe import ProbePoint, row_of
from workbench.model.samples import array_source
from workbench.model.terms import Form
from workbench.model.view_state import Range
from workbench.ui.context import Context
from workbench.ui.measures import CARD
from workbench.ui.panels.panel_area import PanelArea
from workbench.ui.panels.provenance_card import ProvenanceCard

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def card(qtbot: QtBot, context: Context) -> ProvenanceCard:
    made = ProvenanceCard(context)
    qtbot.addWidget(made)
    made.resize(1344, CARD)
    made.show()
    context.session.do("bicubic", edits.set_method("s2", from_text("bicubic:scale=2,a=-0.5,edge=replicate")))
    context.probe.show(ProbePoint("s2", 5, 8))
    return made


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def test_a_click_on_the_strip_cycles_the_forms(card: ProvenanceCard, qtbot: QtBot) -> None:
    seen = []
    for _ in range(4):
        qtbot.mouseClick(card.strip, LEFT, pos=QPoint(200, 40))
        seen.append(card.formula.form)

    assert seen == [Form.FRACTION, Form.SYMBOLS, Form.FACTORED, Form.DECIMAL]


def test_the_chip_and_the_space_bar_cycle_them_too(card: ProvenanceCard, qtbot: QtBot) -> None:
    qtbot.mouseClick(card.form_chip, LEFT)
    by_chip = card.form
    key(card, Qt.Key.Key_Space)
    by_key = card.form
    key(card, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)

    assert (by_chip, by_key, card.form) == (Form.FRACTION, Form.SYMBOLS, Form.FRACTION)


@pytest.mark.parametrize(
    ("form", "chip", "label", "second"),
    [
        (Form.DECIMAL, "0.7520", "x[2,4]", None),
        (Form.FRACTION, "12321/16384", "x[2,4]", None),
        (Form.SYMBOLS, "w₁₂", "·x₂₄", None),
    ],
)
def test_the_strongest_term_in_each_form(
    card: ProvenanceCard, form: Form, chip: str, label: str, second: str | None
) -> None:
    card.set_form(form)
    cells = [card.formula.cell(k) for k in range(len(card.formula.trace.terms))]
    strongest = max(cells, key=lambda cell: abs(cell.chips[0].weight))

    assert strongest.chips[0].text == chip
    assert strongest.chips[0].weight == (111 / 128) ** 2
    assert strongest.label == label


def test_a_factored_row_has_four_weights_on_each_axis(card: ProvenanceCard) -> None:
    card.set_form(Form.FACTORED)
    factors = card.formula.factors

    assert (len(factors.down), len(factors.across)) == (4, 4)
    assert np.multiply.outer(factors.down, factors.across).sum() == pytest.approx(1, abs=1e-15)


def test_a_form_that_a_row_does_not_have_falls_back_to_decimals(card: ProvenanceCard, context: Context) -> None:
    card.set_form(Form.FACTORED)
    context.session.do("max", edits.set_method("s2", from_text("nearest:scale=2")))

    assert card.formula.form is Form.DECIMAL
    assert card.form is Form.FACTORED


def test_at_most_sixteen_terms_then_how_many_more_and_their_sum(card: ProvenanceCard, context: Context) -> None:
    context.session.do("wide", edits.set_method("s2", from_text("lanczos:scale=2")))
    card.resize(6000, CARD)
    shown, left_out, _ = card.strip.shown_terms()

    assert len(shown) == 16
    assert left_out == len(card.formula.trace.terms) - 16


def test_the_readout_is_the_value_of_the_pixel_in_double_precision(card: ProvenanceCard, context: Context) -> None:
    values = context.results.prepared.values
    operator = context.results.ready("s2").operator
    exact = operator.apply(values.astype(np.float64))[5, 8, 1]

    assert card.formula.computed == pytest.approx(exact, rel=1e-13)
    assert card.formula.trace.value == pytest.approx(exact, rel=1e-12)
    assert card.formula.adds_up


def test_facts_stand_beside_the_sum(card: ProvenanceCard) -> None:
    # Negative mass of the product: 2·(12/128)·(140/128) of 1, so inputs in 0 … 1 can reach that much beyond.
    negative = -2 * 12 * 140 / 128**2

    assert card.facts[0] == f"0 … 1 → −{-negative:.4g} … {1 - negative:.4g}  ·  neg −{-negative:.4g}"
    assert card.facts[1] == "shift 0, 0 in · 0, 0 out px"


def test_notes_are_beside_the_sum_of_a_border_pixel(card: ProvenanceCard, context: Context) -> None:
    context.probe.show(ProbePoint("s2", 0, 8))

    assert card.aside.isVisible()
    assert card.notes[0] == card.aside.shown()[0] == "x[0,4]: 0.752 + 0.1761 folded"
    context.probe.show(ProbePoint("s2", 5, 8))
    assert not card.aside.isVisible()


def test_latex_and_fractions_are_copied_from_the_menu(card: ProvenanceCard, context: Context) -> None:
    card.menu.aboutToShow.emit()
    actions = {action.text(): action for action in card.menu.actions()}
    actions["Copy as LaTeX"].trigger()
    latex = clipboard()
    actions["Copy as fractions"].trigger()

    assert latex.startswith("y_{5,8} = ")
    assert r"\frac{12321}{16384}\,x_{2,4}" in latex
    assert "(12321/16384)·x[2,4]" in clipboard()
    assert clipboard().endswith(f"= {row_of(context.results, ProbePoint('s2', 5, 8), 1).answer!r}")


def test_the_call_is_copied_in_a_librarys_words(card: ProvenanceCard) -> None:
    card.menu.calls.aboutToShow.emit()
    enabled = {library: card.menu.calls.entry(library).isEnabled() for library in ("PyTorch", "OpenCV", "MATLAB")}
    card.menu.calls.entry("PyTorch").trigger()

    assert enabled["OpenCV"] is False
    assert "No call of OpenCV" in card.menu.calls.entry("OpenCV").toolTip()
    assert clipboard() != ""


def test_pytorchs_bilinear_is_copied(card: ProvenanceCard, context: Context) -> None:
    context.session.do("bilinear", edits.set_method("s2", from_text("bilinear:scale=2")))
    card.menu.calls.aboutToShow.emit()
    card.menu.calls.entry("PyTorch").trigger()

    assert 'mode="bilinear"' in clipboard()


def test_return_opens_the_stages_of_a_chain_one_by_one(card: ProvenanceCard, context: Context) -> None:
    context.session.do("chain", edits.set_method("s2", from_text("resize_conv:scale=2,kernel=gaussian")))
    seen = []
    for _ in range(3):
        key(card, Qt.Key.Key_Return)
        stage = card.stage
        seen.append(None if stage is None else (stage.number, stage.title, len(card.formula.trace.terms)))

        assert card.formula.adds_up
    # Nine taps of the kernel read the enlarged picture; each of its pixels is one source.
    assert seen == [(2, "convolution", 9), (1, "resize", 1), None]


def test_the_arrow_on_the_card_opens_the_stages(card: ProvenanceCard, context: Context, qtbot: QtBot) -> None:
    assert not card.stage_chip.isVisible()
    context.session.do("chain", edits.set_method("s2", from_text("bspline:scale=2")))
    qtbot.mouseClick(card.stage_chip, LEFT)

    assert card.stage_chip.isVisible()
    assert card.sums == "stage 2 of 2: spline weights  ·  y[5,8]"
    assert card.formula.read == "u"


def test_a_value_beyond_the_range_is_clipped_as_a_step_of_its_own(card: ProvenanceCard, context: Context) -> None:
    context.view.set(image_range=Range(0.0, card.value / 2))
    half = card.value / 2

    assert [step.text for step in card.formula.tail] == [f"shown {half:.6g} (clip)"]
    assert card.formula.adds_up


def test_what_an_8_bit_file_loses_is_said(card: ProvenanceCard, context: Context) -> None:
    values = np.zeros((8, 9), np.uint8)
    values[:, 4:] = 255
    context.session.load(replace(context.session.value, source=array_source(values), preparation=Preparation()))
    context.probe.show(ProbePoint("s2", 7, 9))

    # The lobe of an edge: 1 + 9/128 + 3/128 less what the far side takes.
    assert card.value > 1
    assert [step.text for step in card.formula.tail] == ["shown 1 (clip)", "255 in an 8-bit file"]


def test_linear_light_is_a_stage_before_and_after(card: ProvenanceCard, context: Context) -> None:
    context.session.do("light", edits.set_preparation(Preparation(light="linear")))
    step = card.formula.tail[-1]

    assert card.notes[-1] == "before A: to linear light"
    assert step.text.startswith("to sRGB ")
    linear = card.value
    srgb = 1.055 * linear ** (1 / 2.4) - 0.055
    assert step.value == np.floor(srgb * 255 + 0.5)


def test_a_lock_and_a_ghost_are_compared_row_by_row(card: ProvenanceCard, context: Context, qtbot: QtBot) -> None:
    area = PanelArea(context)
    qtbot.addWidget(area)
    area.resize(902, 503)
    area.show()
    area.fit()
    click(area.view("s2"), (5, 8))
    hover(area.view("s1"), (6, 11))
    pair = card.strip.pair
    operators = [context.results.ready(id).operator for id in ("s2", "s1")]

    assert card.title.replace("\u2002", " ") == "2 − 1 at 5, 8 − 6, 11"
    assert card.value == pair.difference
    assert pair.w1.sum() == operators[0].row(5, 8).total
    assert pair.w2.sum() == operators[1].row(6, 11).total
    assert card.sums == "Σw₁ 1 − Σw₂ 1 = 0"
    assert {(r, c) for r, c, w in zip(pair.rows, pair.cols, pair.w2, strict=True) if w} == {(3, 5)}


def test_without_the_ghost_the_sum_is_back(card: ProvenanceCard, context: Context) -> None:
    context.probe.click(ProbePoint("s2", 5, 8))
    context.probe.hover(ProbePoint("s2", 6, 8))
    beside = card.strip.pair
    context.probe.hover(None)

    assert beside is not None
    assert card.strip.pair is None
    assert card.formula is not None


def test_two_chosen_pixels_are_compared_until_they_are_let_go(card: ProvenanceCard, context: Context) -> None:
    context.probe.compare((ProbePoint("s1", 2, 3), ProbePoint("s3", 4, 7)))
    pair = card.strip.pair
    context.probe.compare(None)

    assert (pair.first.pixel, pair.second.pixel) == ((2, 3), (4, 7))
    assert card.strip.pair is None


def test_the_readout_holds_both_rows_in_full(card: ProvenanceCard, context: Context) -> None:
    context.probe.click(ProbePoint("s2", 5, 8))
    context.probe.hover(ProbePoint("s1", 6, 11))
    lines = [line.split("\t") for line in card.readout().splitlines()]
    head = next(k for k, line in enumerate(lines) if line[:1] == ["source row"])
    split = sum(float(line[7]) for line in lines[head + 1 :])

    assert split == pytest.approx(card.strip.pair.difference, rel=1e-14)


def test_channels_that_meet_are_told_apart(card: ProvenanceCard, context: Context) -> None:
    weights = np.zeros((3, 3, 1, 1))
    weights[1, :, 0, 0] = (0.25, 0.5, 0.25)
    text = f"grouped_conv:stride=1,weights={weights.tolist()}".replace(" ", "")
    context.session.do("mix", edits.set_method("s2", from_text(text)))
    context.probe.show(ProbePoint("s2", 2, 4))

    assert {card.formula.cell(k).label for k in range(3)} == {"x[2,4,0]", "x[2,4,1]", "x[2,4,2]"}
    assert card.formula.adds_up


def test_the_article_lesson_adds_up_on_the_card(card: ProvenanceCard, context: Context) -> None:
    context.session.load(load_lesson("article-deconv"))
    context.probe.show(ProbePoint("s1", 1, 2))
    cells = [card.formula.cell(k) for k in range(4)]

    assert card.value == 30
    assert [cell.chips[0].text for cell in cells] == ["4", "3", "4", "1"]
    assert [cell.second for cell in cells] == ["× 4 = 16", "× 2 = 6", "× 1 = 4", "× 4 = 4"]
    assert [cell.third for cell in cells] == ["Σ 16", "Σ 22", "Σ 26", "Σ 30"]
