"""The strip above the panels: ε and formulas are seen where they count, and typed there."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from workbench.kernels.differences import Difference
from workbench.model.display import Range
from workbench.ui.panels.difference_strip import DifferenceStrip


@pytest.fixture
def strip(qtbot, context) -> DifferenceStrip:
    made = DifferenceStrip(context)
    qtbot.addWidget(made)
    made.epsilon_entered.connect(lambda epsilon: context.view.set(epsilon=epsilon))
    made.expression_entered.connect(lambda text: context.view.set(expression=text))
    made.resize(900, 36)
    return made


def enter(strip: DifferenceStrip, text: str) -> None:
    strip.field.clear()
    QTest.keyClicks(strip.field, text)
    QTest.keyClick(strip.field, Qt.Key.Key_Return)


def test_it_stands_only_where_there_is_something_to_set(strip, context):
    wanted = []
    for change in ({"show": "differences"}, {"difference": Difference.RELATIVE}, {"show": "images"},
                   {"difference": Difference.EXPRESSION}, {"layout": "pairs"}):  # fmt: skip
        context.view.set(**change)
        wanted.append(not strip.isHidden())

    assert wanted == [False, True, False, False, True]


def test_epsilon_is_shown_typed_and_put_back(strip, context):
    context.view.set(show="differences", difference=Difference.SMAPE)
    usual = strip.field.text()
    enter(strip, "0,25")
    typed = context.view.value.epsilon
    enter(strip, "")

    assert (usual, typed, context.view.value.epsilon) == ("0.01", 0.25, None)


@pytest.mark.parametrize(("text", "why"), [("wide", "must be a number"), ("-1", "must be at least 0")])
def test_an_epsilon_that_is_none_is_refused_with_a_reason(strip, context, text, why):
    context.view.set(show="differences", difference=Difference.RELATIVE)
    enter(strip, text)

    assert context.view.value.epsilon is None
    assert why in strip.problem


def test_a_formula_is_computed_once_it_makes_sense(strip, context):
    context.view.set(show="differences", difference=Difference.EXPRESSION, selected="s1")
    enter(strip, "abs(a - q)")
    refused = (context.view.value.expression, strip.problem)
    enter(strip, "abs(a - r) * 8")

    assert refused[0] == "a - r"
    assert "knows no q" in refused[1]
    assert (context.view.value.expression, strip.problem) == ("abs(a - r) * 8", "")


def test_escape_drops_what_was_typed(strip, context):
    context.view.set(show="differences", difference=Difference.EXPRESSION)
    QTest.keyClicks(strip.field, "+ 9")
    QTest.keyClick(strip.field, Qt.Key.Key_Escape)

    assert strip.field.text() == "a - r"
    assert context.view.value.expression == "a - r"


def test_escape_enters_nothing_and_gives_the_keys_to_the_images(workbench):
    workbench.window.activateWindow()
    workbench.window.action_set["difference_formula"].trigger()
    field, view = workbench.window.difference_strip.field, workbench.context.view
    typed = field.hasFocus()
    field.end(False)
    QTest.keyClicks(field, "+ 9")
    QTest.keyClick(field, Qt.Key.Key_Escape)

    assert typed
    assert view.value.expression == "a - r"
    assert workbench.window.panel_area.isAncestorOf(QApplication.focusWidget())


def test_the_command_opens_the_formula_and_its_range_follows_the_sign(workbench):
    workbench.window.action_set["difference_formula"].trigger()
    strip, view = workbench.window.difference_strip, workbench.context.view
    assert view.value.difference is Difference.EXPRESSION
    enter(strip, "max(a, r) ** 2")
    part = workbench.context.results.part("d:s2")
    a, r = workbench.context.results.ready("s2").whole, workbench.context.results.prepared.original

    assert view.value.difference_range == Range(0.0, 0.2)
    np.testing.assert_allclose(part.values, (np.maximum(a, r) ** 2).mean(axis=2)[part.window.slices], rtol=1e-6)
