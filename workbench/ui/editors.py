"""One editor for each kind of field: spin boxes, choices, pairs, tables. They hold raw values; methods check them.

An editor says ``edited`` only when a person changed it, never when it is told a value.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import Enum
from typing import Any

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.kernels.params import BoolKind, EnumKind, FieldSpec, FloatKind, IntKind, PairKind, SizeKind
from workbench.ui.inputs import Combo, FloatSpin, IntSpin
from workbench.ui.theme import current

LARGEST = 2**31 - 1

_SHORT = {
    "half_pixel_symmetric": "Half-px sym.",
    "pytorch_half_pixel": "PyTorch half-px",
    "half_pixel": "Half-pixel",
    "cv2_floor": "OpenCV floor",
    "torch_floor": "PyTorch floor",
    "torch_exact": "PyTorch exact",
    "scipy": "SciPy",
    "round_half_up": "Round ½ up",
    "up": "½ up",
    "down": "½ down",
    "even": "½ to even",
}


def readable(member: Enum) -> str:
    """A choice in at most 15 characters: ``"Half-pixel"``."""
    value = str(member.value)
    return _SHORT.get(value, value.replace("_", " ").capitalize())


class Editor(QWidget):
    """The base: a raw value, and whether it is wrong."""

    edited = Signal()

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec = spec
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(4)

    def value(self) -> Any:
        """What stands in it, to be checked by the method."""
        raise RuntimeError(f"{type(self).__name__} has no value")

    def set_value(self, value: Any) -> None:
        """Show a value without saying ``edited``."""
        raise RuntimeError(f"{type(self).__name__} takes no {value!r}")

    def fields(self) -> Sequence[QWidget]:
        """The native controls in it, the one that takes focus first in front."""
        return ()

    def has_focus(self) -> bool:
        """Whether a person is typing in it."""
        return any(field.hasFocus() for field in self.fields())

    def set_invalid(self, invalid: bool) -> None:
        """Draw the border of an error, or of none."""
        for field in self.fields():
            if bool(field.property("invalid")) != invalid:
                field.setProperty("invalid", invalid)
                field.style().unpolish(field)
                field.style().polish(field)
                field.update()

    def set_tip(self, tip: str) -> None:
        for field in self.fields():
            field.setToolTip(tip)
            field.setAccessibleName(self.spec.param.label)
            field.setAccessibleDescription(tip)


class NumberEditor(Editor):
    """One number."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self._spin = make_spin(spec, isinstance(spec.kind, FloatKind))
        self._spin.valueChanged.connect(self.edited)
        self._box.addWidget(self._spin)

    def value(self) -> float:
        return self._spin.value()

    def set_value(self, value: Any) -> None:
        with QSignalBlocker(self._spin):
            self._spin.setValue(value)

    def fields(self) -> Sequence[QWidget]:
        return (self._spin,)


class ChoiceEditor(Editor):
    """One of a few named values; yes and no are such a choice too."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self._combo = Combo()
        if isinstance(spec.kind, EnumKind):
            for member in spec.kind.enum:
                self._combo.addItem(readable(member), member)
                long = str(member.value).replace("_", " ")
                self._combo.setItemData(self._combo.count() - 1, long, Qt.ItemDataRole.ToolTipRole)
        else:
            self._combo.addItem("Off", False)
            self._combo.addItem("On", True)
        self._combo.currentIndexChanged.connect(lambda _: self.edited.emit())
        self._box.addWidget(self._combo)

    def value(self) -> Any:
        return self._values()[self._combo.currentIndex()]

    def set_value(self, value: Any) -> None:
        with QSignalBlocker(self._combo):
            self._combo.setCurrentIndex(self._values().index(value))

    def fields(self) -> Sequence[QWidget]:
        return (self._combo,)

    def _values(self) -> list[Any]:
        # Not itemData: Qt hands back a plain value where a member went in.
        return list(self.spec.kind.enum) if isinstance(self.spec.kind, EnumKind) else [False, True]


class PairEditor(Editor):
    """A number for each axis: one spin box while both agree, two (rows, columns) after a click on the link.

    Where the field may be empty, 0 stands for "auto".
    """

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self._auto = isinstance(spec.kind, SizeKind)
        whole = self._auto or isinstance(getattr(spec.kind, "element", None), IntKind)
        self._spins = [make_spin(spec, not whole, auto=self._auto) for _ in range(2)]
        for spin in self._spins:
            spin.valueChanged.connect(self._on_value)
            self._box.addWidget(spin)
        self._link = _LinkButton(self._spins[0])
        self._link.toggled.connect(self._on_link)
        self._arrange()

    def value(self) -> Any:
        first, second = (spin.value() for spin in self._spins)
        if self._auto and (first == 0 or (second == 0 and not self.linked)):
            return None
        return (first, first) if self.linked else (first, second)

    def set_value(self, value: Any) -> None:
        pair = (0, 0) if value is None else value
        for spin, one in zip(self._spins, pair, strict=True):
            with QSignalBlocker(spin):
                spin.setValue(one)
        if pair[0] != pair[1] and self.linked:
            with QSignalBlocker(self._link):
                self._link.setChecked(False)
            self._arrange()

    @property
    def linked(self) -> bool:
        return self._link.isChecked()

    def fields(self) -> Sequence[QWidget]:
        return tuple(self._spins)

    def _on_value(self) -> None:
        first, second = self._spins
        other = second if self.sender() is first else first
        source = first if other is second else second
        if self.linked or (self._auto and (source.value() == 0 or other.value() == 0)):
            # Half a shape is no shape: one axis without a size takes that of the other.
            with QSignalBlocker(other):
                other.setValue(source.value())
        self.edited.emit()

    def _on_link(self, linked: bool) -> None:
        first, second = self._spins
        differ = first.value() != second.value()
        if linked:
            with QSignalBlocker(second):
                second.setValue(first.value())
        self._arrange()
        if linked and differ:
            self.edited.emit()

    def _arrange(self) -> None:
        self._spins[1].setVisible(not self.linked)
        for spin, axis in zip(self._spins, ("↕ ", "↔ "), strict=True):
            spin.setPrefix("" if self.linked else axis)


class _LinkButton(QToolButton):
    """A small toggle inside a spin box, left of its arrows: both axes alike, or each its own."""

    def __init__(self, spin: QWidget) -> None:
        super().__init__(spin)
        self._spin = spin
        self.setCheckable(True)
        self.setChecked(True)
        self.setFixedSize(20, 20)
        self.setIconSize(QSize(14, 14))
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Same for rows and columns")
        self.toggled.connect(self._dress)
        current().changed.connect(self._dress)
        spin.installEventFilter(self)
        self._dress()

    def eventFilter(self, watched: Any, event: Any) -> bool:
        if event.type() == event.Type.Resize:
            self.move(self._spin.width() - 42, (self._spin.height() - self.height()) // 2)
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Arrows and digits belong to the spin box around it.
        super().keyPressEvent(event) if event.key() == Qt.Key.Key_Space else event.ignore()

    def _dress(self) -> None:
        linked = self.isChecked()
        self.setStyleSheet(
            "QToolButton { border: 2px solid transparent; background: transparent; padding: 0; }"
            f"QToolButton:focus {{ border-color: {current().color('accent').name()}; }}"
        )
        self.setIcon(current().icon("link" if linked else "unlink", "text3" if linked else "text2"))
        self.setToolTip("Rows and columns alike; click for one number each" if linked else "Make both axes alike")


class TableEditor(Editor):
    """A table, one row a line, or whatever its kind writes as one word; empty: nothing."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self._text = QPlainTextEdit()
        self._text.setFont(current().font(11, mono=True))
        self._text.setPlaceholderText("recorded")
        self._text.setTabChangesFocus(True)
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setFixedHeight(76)
        self._text.textChanged.connect(self.edited)
        self._box.addWidget(self._text)

    def value(self) -> Any:
        text = self._text.toPlainText().strip()
        if not text:
            return None
        try:
            if text.startswith("["):
                return json.loads(text)
            return [[int(word) for word in line.replace(",", " ").split()] for line in text.splitlines()]
        except ValueError:
            return text  # a name, or something for which the field's kind has the sentence

    def set_value(self, value: Any) -> None:
        if isinstance(value, str):
            text = value
        elif _is_table(value):
            text = "\n".join(" ".join(str(one) for one in row) for row in value)
        elif isinstance(value, list):
            text = json.dumps(value)
        else:
            text = "" if not value else self.spec.kind.text(value)
        if text != self._text.toPlainText():
            with QSignalBlocker(self._text):
                self._text.setPlainText(text)

    def fields(self) -> Sequence[QWidget]:
        return (self._text,)


def _is_table(value: Any) -> bool:
    """Whether a value has rows of single entries."""
    rows = value if isinstance(value, (list, tuple)) else ()
    return bool(rows) and all(
        isinstance(row, (list, tuple)) and not any(isinstance(one, (list, tuple)) for one in row) for row in rows
    )


def make_spin(spec: FieldSpec, floating: bool, *, auto: bool = False) -> IntSpin | FloatSpin:
    """A spin box with limits, step and unit of a field; with ``auto`` 0 stands for nothing given.

    Only its arrows keep to the limits: what is typed beyond them is the method's to refuse, in a sentence.
    """
    param = spec.param
    low = 0 if auto else param.ge
    furthest = 1e12 if floating else LARGEST
    spin: IntSpin | FloatSpin
    if floating:
        spin = FloatSpin()
        spin.setSingleStep(param.step or 0.1)
    else:
        spin = IntSpin()
        spin.setSingleStep(int(param.step or 1))
    spin.setRange(0 if auto else -furthest, furthest)
    spin.set_limits(-furthest if low is None else low, furthest if param.le is None else param.le)
    if param.unit:
        spin.setSuffix(f" {param.unit}")
    if auto:
        spin.setSpecialValueText("auto")
    return spin


def make_editor(spec: FieldSpec) -> Editor:
    """The editor that fits a field's kind."""
    if isinstance(spec.kind, (IntKind, FloatKind)):
        return NumberEditor(spec)
    if isinstance(spec.kind, (EnumKind, BoolKind)):
        return ChoiceEditor(spec)
    if isinstance(spec.kind, (PairKind, SizeKind)):
        return PairEditor(spec)
    from workbench.kernels.weights import KernelKind
    from workbench.ui.kernel_editor import KernelEditor

    if isinstance(spec.kind, KernelKind):
        return KernelEditor(spec)
    return TableEditor(spec)


def tip_of(spec: FieldSpec) -> str:
    """What a field means and may hold: label, explanation, allowed range."""
    param = spec.param
    lines = [param.label]
    if param.help:
        lines.append(param.help)
    unit = f" {param.unit}" if param.unit else ""
    if param.ge is not None and param.le is not None:
        lines.append(f"{param.ge:g} … {param.le:g}{unit}")
    return "\n".join(lines)
