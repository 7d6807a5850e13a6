"""The line above the panels that says how differences are taken where that can be set: ε, or a formula of one's own."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from workbench.kernels import expression
from workbench.kernels.differences import Difference
from workbench.kernels.errors import ParameterError
from workbench.model.differencing import Comparing, data_range
from workbench.model.display import format_card
from workbench.model.group_range import groups_on_screen
from workbench.ui.binding import bind
from workbench.ui.context import Context
from workbench.ui.controls import Text
from workbench.ui.panels.enter_field import EnterField

HEIGHT = 36
FUNCTIONS = ", ".join(expression.FUNCTIONS)


class DifferenceStrip(QWidget):
    """Stands above the panels while the kind of difference has an ε or is an expression.

    Signals
    -------
    expression_entered : (str,)
    epsilon_entered : (float or None,)
        None for the usual one.
    left : the field has no more use for the keys.
    """

    expression_entered = Signal(str)
    epsilon_entered = Signal(object)
    left = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName("How differences are taken")
        self._name = Text("", 12, 600)
        self._formula = Text("", 12, token="text2")
        self._field_name = Text("ε", 12, token="text2")
        self.field = EnterField()
        self.field.setAccessibleName("Formula of a, r and x")
        self.field.setFixedHeight(26)
        self._problem = Text("", 11, token="err", elide=True)
        self._problem.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        for widget in (self._name, self._formula, self._field_name, self.field):
            row.addWidget(widget)
        row.addWidget(self._problem, 1)
        self.field.entered.connect(self._entered)
        self.field.escaped.connect(self._escaped)
        for signal in (context.view.changed, context.session.changed, context.results.changed):
            bind(self, signal, self._show)
        self._show()

    @property
    def problem(self) -> str:
        """Why what was typed cannot be used; an empty text where it can."""
        return self._problem.text()

    @property
    def wanted(self) -> bool:
        """Whether differences are on screen, of a kind with something to set."""
        context = self._context
        comparison, view = context.session.value, context.view.value
        if comparison.source is None or not (view.difference.uses_eps or self._is_expression):
            return False
        return "differences" in groups_on_screen(comparison, view, context.results)

    @property
    def _is_expression(self) -> bool:
        return self._context.view.value.difference is Difference.EXPRESSION

    def edit(self) -> None:
        """Give the keys to the field, with its text selected."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    def _show(self, *_: object) -> None:
        wanted = self.wanted
        self.setVisible(wanted)
        if not wanted:
            return
        view = self._context.view.value
        how = Comparing.of(view)
        self._name.setText(view.difference.label)
        self._formula.setVisible(not self._is_expression)
        self._formula.setText(how.formula)
        self._field_name.setText("f(a, r, x) =" if self._is_expression else "ε =")
        if self._is_expression:
            self.field.setFixedWidth(360)
            self.field.setAccessibleName("Formula of a, r and x")
            self.field.setToolTip(f"a: the picture, r: its reference, x: the source under it<br>{FUNCTIONS}")
        else:
            self.field.setFixedWidth(96)
            self.field.setAccessibleName("Epsilon")
            self.field.setToolTip("Keeps ratios finite beside black; empty: 0.01 of the data range")
        if self.field.hasFocus():
            return  # never write into a field that is being typed in
        self.field.setText(self._kept())
        self._say(how.problem)

    def _kept(self) -> str:
        """What the field says while nothing is typed."""
        view, prepared = self._context.view.value, self._context.results.prepared
        width = 1.0 if prepared is None else data_range(prepared)
        return view.expression if self._is_expression else format_card(Comparing.of(view).eps(width))

    def _say(self, problem: str) -> None:
        self._problem.setText(problem)
        self.field.setProperty("invalid", bool(problem))
        self.field.style().unpolish(self.field)
        self.field.style().polish(self.field)

    def _entered(self) -> None:
        text = self.field.text().strip()
        if self._is_expression:
            try:
                expression.parse(text)
            except ParameterError as error:
                self._say(f"The expression {error.problem}.")
                return
            self._say("")
            if text != self._context.view.value.expression:
                self.expression_entered.emit(text)
        elif self._context.view.value.difference.uses_eps:
            self._enter_epsilon(text)

    def _enter_epsilon(self, text: str) -> None:
        try:
            value = float(text.replace("−", "-").replace(",", ".")) if text else None
        except ValueError:
            self._say("ε must be a number.")
            return
        if value is not None and not (math.isfinite(value) and value >= 0):
            self._say(f"ε must be at least 0, not {text}.")
            return
        self._say("")
        prepared = self._context.results.prepared
        width = 1.0 if prepared is None else data_range(prepared)
        if value is None or value != float(format_card(Comparing.of(self._context.view.value).eps(width))):
            self.epsilon_entered.emit(value)

    def _escaped(self) -> None:
        """What was typed is dropped, before the field is left: that would enter it."""
        self.field.setText(self._kept())
        self.left.emit()
        self._show()
