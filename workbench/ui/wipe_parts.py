"""What stands at the divider of a wipe: its handle, and a plate with the name of each side and its menu."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget

from workbench.model import wiping
from workbench.model.document import ORIGINAL, SOURCE
from workbench.model.panels import (
    DIFFERENCE,
    difference_panel,
    difference_reason,
    panel_badge,
    panel_name,
    reference_name,
    slot_of,
)
from workbench.ui.context import Context
from workbench.ui.panels.panel_header import paint_badge
from workbench.ui.theme import Theme
from workbench.ui.tools import ARROWS

Side = Literal["a", "b"]

LONG, SHORT = 36, 21
ROUND = 28
PLATE = 26
_INSET, _BADGE, _GAP = 8, 16, 8


class Handle(QWidget):
    """The grip of a divider: drag it, or give it the focus and use the arrows.

    Signals
    -------
    stepped : (rows, columns, far)
        An arrow key, by one pixel or with Shift by one phase cell.
    dragged : (place, far)
        Where the middle of the handle is wanted, in the parent's coordinates.
    focus_changed : it took or lost the focus.
    """

    stepped = Signal(int, int, bool)
    dragged = Signal(QPoint, bool)
    focus_changed = Signal()
    key_passed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._axes = (False, True)
        self._grip: QPoint | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Divider")
        theme.changed.connect(self.update)
        self.show_axes(False, True)

    def show_axes(self, down: bool, across: bool) -> None:
        """Along which axes it moves."""
        self._axes = (down, across)
        self.setFixedSize(ROUND if down and across else LONG if down else SHORT, ROUND if down and across else
                          SHORT if down else LONG)  # fmt: skip
        shape = Qt.CursorShape.SizeAllCursor if down and across else (
            Qt.CursorShape.SplitVCursor if down else Qt.CursorShape.SplitHCursor
        )  # fmt: skip
        self.setCursor(shape)
        arrows = "← → ↑ ↓" if down and across else "↑ ↓" if down else "← →"
        self.setToolTip(f"<b>Divider</b><br>Drag it, or move it by {arrows}: one pixel; with Shift one phase cell.")
        self.setAccessibleDescription(f"{arrows} move it by one pixel, with Shift by one phase cell")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = 2 if self.hasFocus() else 1
        painter.setPen(QPen(theme.color("accent" if self.hasFocus() else "outline"), width))
        painter.setBrush(theme.color("chrome"))
        inset = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 4, 4)
        painter.setPen(QPen(theme.color("text"), 1.3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        middle = QRectF(self.rect()).center()
        for axis, moves in enumerate(self._axes):
            for side in (-1, 1):
                if moves:
                    self._arrow(painter, middle.x(), middle.y(), axis, side)

    def _arrow(self, painter: QPainter, x: float, y: float, axis: int, side: int) -> None:
        """One of the small angles that point where it can go."""
        tip, back, half = (8.5, 5.5, 3.0) if all(self._axes) else (6.0, 2.5, 3.5)
        for way in (-1, 1):
            if axis:
                painter.drawLine(QRectF(x + side * back, y + way * half, side * (tip - back), -way * half).topLeft(),
                                 QRectF(x + side * tip, y, 0, 0).topLeft())  # fmt: skip
            else:
                painter.drawLine(QRectF(x + way * half, y + side * back, 0, 0).topLeft(),
                                 QRectF(x, y + side * tip, 0, 0).topLeft())  # fmt: skip

    def keyPressEvent(self, event: QKeyEvent) -> None:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        shift = modifiers == Qt.KeyboardModifier.ShiftModifier
        if event.key() in ARROWS and (shift or modifiers == Qt.KeyboardModifier.NoModifier):
            down, across = ARROWS[Qt.Key(event.key())]
            if self._axes[0 if down else 1]:
                self.stepped.emit(down, across, shift)
            return
        self.key_passed.emit(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._grip = event.position().toPoint() - self.rect().center()
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None and event.buttons() & Qt.MouseButton.LeftButton:
            wanted = self.mapToParent(event.position().toPoint() - self._grip)
            self.dragged.emit(wanted, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit()
        self.update()


class Plate(QAbstractButton):
    """The name of one side; a click chooses another picture for it."""

    def __init__(self, theme: Theme, side: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._side = side
        self._badge = ""
        self._selected = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        theme.changed.connect(self._fit)

    def show_name(self, badge: str, name: str, selected: bool) -> None:
        """What stands there, and whether its form is open."""
        if (badge, name, selected) != (self._badge, self.text(), self._selected):
            self._badge, self._selected = badge, selected
            self.setText(name)
            self.setAccessibleName(f"{self._side} of the wipe: {badge} {name}")
            self.setToolTip(f"<b>{name}</b><br>{self._side} of the wipe; click to choose another picture.")
            self._fit()

    def show_side(self, side: str) -> None:
        """Where it stands, in words."""
        if side != self._side:
            self._side = side
            name, self._badge = self._badge, ""
            self.show_name(name, self.text(), self._selected)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._theme.font(12, 600))
        badge = max(_BADGE, QFontMetrics(self._theme.font(10, 600)).horizontalAdvance(self._badge) + 6)
        return QSize(_INSET + badge + _GAP + metrics.horizontalAdvance(self.text()) + _INSET + 2, PLATE)

    def _fit(self) -> None:
        self.resize(self.sizeHint())
        self.update()

    def enterEvent(self, event: QEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = 2 if self.hasFocus() else 1
        painter.setPen(QPen(theme.color("accent" if self.hasFocus() else "outline"), width))
        painter.setBrush(theme.color("press" if self.isDown() else "hover" if self.underMouse() else "chrome"))
        inset = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 4, 4)
        if self._selected and not self.hasFocus():
            painter.fillRect(QRectF(4, 0, self.width() - 8, 2), theme.color("accent"))
        metrics = QFontMetrics(theme.font(10, 600))
        badge = max(_BADGE, metrics.horizontalAdvance(self._badge) + 6)
        paint_badge(painter, theme, QRect(_INSET, (PLATE - _BADGE) // 2, badge, _BADGE), self._badge)
        painter.setFont(theme.font(12, 600))
        painter.setPen(theme.color("text"))
        left = _INSET + badge + _GAP
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(QRect(left, 0, self.width() - left, self.height()), flags, self.text())


def side_menu(context: Context, side: Side, parent: QWidget) -> QMenu:
    """Everything that can stand at a side of the wipe: pictures, then their differences to the reference."""
    comparison, results = context.session.value, context.results
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setToolTipsVisible(True)
    names = wiping.candidates(comparison, results)
    slots = [name for name in names if comparison.slot(name) is not None and name != comparison.reference]
    for name in (*names, None, *map(difference_panel, slots)):
        if name is None:
            menu.addSeparator()
            continue
        reason = difference_reason(results, comparison, name) if name.startswith(DIFFERENCE) else ""
        action = menu.addAction(_title(context, name), lambda name=name: put_side(context, side, name))
        action.setCheckable(True)
        action.setChecked(getattr(context.view.value.wipe, side) == name)
        action.setEnabled(not reason)
        action.setToolTip(reason)
    return menu


def put_side(context: Context, side: Side, name: str) -> None:
    """Another picture at a side, and selected; one that stands at the other side changes places with it."""
    wipe = context.view.value.wipe
    old, other = (wipe.a, wipe.b) if side == "a" else (wipe.b, wipe.a)
    other = old if other == name else other
    a, b = (name, other) if side == "a" else (other, name)
    context.view.set(wipe=replace(wipe, a=a, b=b), selected=slot_of(name))


def _title(context: Context, name: str) -> str:
    """What a menu calls a picture: "3 Bilinear", or "Δ 3 − R" and the method."""
    comparison = context.session.value
    if not name.startswith(DIFFERENCE):
        sign = f"{panel_badge(comparison, name)} " if name in (SOURCE, ORIGINAL) else ""
        return f"{sign}{panel_name(comparison, name)}"
    slot = comparison.slot(slot_of(name))
    reference = panel_badge(comparison, reference_name(comparison, context.results) or comparison.reference)
    return f"Δ {comparison.number(slot_of(name))} − {reference}  {slot.title if slot else ''}"
