"""Qt's own inputs, made to behave: lists that elide, numbers with units, and wheels that turn nothing by accident."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLocale, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QSizePolicy,
    QSpinBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from workbench.ui.theme import current


class Combo(QComboBox):
    """A choice whose text is elided, not cut, and which a wheel over it never turns by accident."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(4)
        # Fusion's own delegate for lists of a combo box does not listen to the sheet.
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setFont(current().font(12, 500))

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), 28)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        style = self.style()
        room = style.subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        option.currentText = self.fontMetrics().elidedText(
            option.currentText, Qt.TextElideMode.ElideRight, room.width() - 4
        )
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


class _Spin:
    """What both spin boxes share; mixed in before Qt's class.

    Its arrows stop at `set_limits`; a number typed beyond them stays as typed, so that the rule it breaks can be told.
    """

    _limits = (-float("inf"), float("inf"))

    def set_limits(self, low: float, high: float) -> None:
        """How far the arrows and the wheel go."""
        self._limits = (low, high)

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        ways: QAbstractSpinBox.StepEnabledFlag = super().stepEnabled()
        if self.value() <= self._limits[0]:
            ways &= ~QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        if self.value() >= self._limits[1]:
            ways &= ~QAbstractSpinBox.StepEnabledFlag.StepUpEnabled
        return ways

    def _kept(self, value: float) -> float:
        return min(max(value, self._limits[0]), self._limits[1])

    def event(self, event: QEvent) -> bool:
        """Undo and redo belong to the comparison: a field has no way back of its own beside it."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            ways_back = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
            if any(event.matches(key) for key in ways_back):
                event.ignore()
                return False
        return bool(super().event(event))

    def _prepare(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setLocale(QLocale.c())
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccelerated(True)
        self.setFont(current().font(12, 500))
        # Padding of a spin box in the sheet does not move its text.
        self.lineEdit().setTextMargins(5, 0, 0, 0)

    def sizeHint(self) -> QSize:
        return QSize(60, 28)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, 28)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class IntSpin(_Spin, QSpinBox):
    """A whole number with its unit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prepare()

    def stepBy(self, steps: int) -> None:
        self.setValue(int(self._kept(self.value() + steps * self.singleStep())))


class FloatSpin(_Spin, QDoubleSpinBox):
    """A number shown with as many decimals as its step has, and more where it needs them.

    A step of 1 halves and doubles below 1, so that a scale of ×4 goes down to ×½ and not to ×0.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prepare()
        self.setDecimals(12)

    def textFromValue(self, value: float) -> str:
        places = 0 if self.singleStep() >= 1 else 2
        plain = f"{value:.{places}f}"
        return plain if float(plain) == value else f"{value:.10g}"

    def stepBy(self, steps: int) -> None:
        value = self.value()
        if self.singleStep() >= 1 and steps and (value < 1 or (value == 1 and steps < 0)):
            value = min(value * 2.0**steps, 1.0)
        else:
            value += steps * self.singleStep()
        self.setValue(self._kept(value))
