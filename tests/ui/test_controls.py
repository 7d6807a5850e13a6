"""Buttons and toggles: rings that move nothing, reasons beside what is disabled, names for those who cannot see."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QSpinBox, QWidget

from workbench.ui.controls import IconButton, Text, TextButton, Toggle
from workbench.ui.inputs import Combo, IntSpin
from workbench.ui.theme import Theme

pytestmark = pytest.mark.usefixtures("theme")


@pytest.fixture
def shown(qtbot) -> Iterator[Callable[..., None]]:
    """Puts widgets into a window that is active, so that focus can be seen; it lives as long as the test."""
    windows = []

    def show(*widgets: QWidget) -> None:
        window = QWidget()
        windows.append(window)
        qtbot.addWidget(window)
        row = QHBoxLayout(window)
        for widget in widgets:
            row.addWidget(widget)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)

    yield show
    windows.clear()


@pytest.mark.parametrize(
    "make", [lambda: TextButton("Export…"), lambda: QSpinBox(), lambda: QLineEdit("a"), Combo, IntSpin]
)
def test_a_focus_ring_moves_nothing(shown, make) -> None:
    first, second = make(), QPushButton("other")
    shown(second, first)
    second.setFocus()
    before = (first.geometry(), first.sizeHint())
    first.setFocus(Qt.FocusReason.TabFocusReason)

    assert (first.geometry(), first.sizeHint()) == before


@pytest.mark.parametrize("make", [lambda: TextButton("Export…"), lambda: QLineEdit("a"), lambda: QComboBox()])
def test_focus_is_seen(shown, make) -> None:
    first, second = make(), QPushButton("other")
    shown(second, first)
    second.setFocus()
    before = first.grab().toImage()
    first.setFocus(Qt.FocusReason.TabFocusReason)

    assert first.grab().toImage() != before


def test_a_disabled_button_tells_its_reason(qtbot) -> None:
    button = IconButton("copy", "Copy the call")
    qtbot.addWidget(button)
    button.set_disabled_reason("there is no call")

    assert (button.isEnabled(), button.toolTip()) == (False, "there is no call\nCopy the call")


def test_a_reason_that_is_gone_enables_again(qtbot) -> None:
    button = TextButton("Paste")
    qtbot.addWidget(button)
    button.set_disabled_reason("clipboard holds no image")
    button.set_disabled_reason("")

    assert (button.isEnabled(), button.toolTip()) == (True, "")


def test_icons_alone_have_a_name(qtbot) -> None:
    button = IconButton("eye", "Hide")
    qtbot.addWidget(button)

    assert (button.accessibleName(), button.toolTip()) == ("Hide", "Hide")


def test_a_click_on_a_toggle_does_not_take_the_focus(shown) -> None:
    field, toggle = QLineEdit(), Toggle("grid", "Grid")
    shown(field, toggle)
    field.setFocus()
    QTest.mouseClick(toggle, Qt.MouseButton.LeftButton)

    assert (toggle.isChecked(), field.hasFocus()) == (True, True)


def test_a_compact_toggle_drops_its_word_unless_it_is_down(qtbot) -> None:
    toggle = Toggle("prov", "Provenance")
    qtbot.addWidget(toggle)
    toggle.set_compact(True, keeps_word=True)
    up = toggle.toolButtonStyle()
    toggle.setChecked(True)

    assert (up, toggle.toolButtonStyle()) == (
        Qt.ToolButtonStyle.ToolButtonIconOnly,
        Qt.ToolButtonStyle.ToolButtonTextBesideIcon,
    )


def test_another_kind_of_button_looks_another_way(shown) -> None:
    button = TextButton("Export")
    shown(QPushButton("other"), button)
    before = button.grab().toImage()
    button.set_kind("primary")

    assert button.grab().toImage() != before


def test_text_that_does_not_fit_ends_in_an_ellipsis_and_asks_for_no_room(shown) -> None:
    text = Text("a name that is much too long for its place", elide=True)
    shown(text)
    text.window().resize(120, 40)

    assert text.width() < 120


def test_a_wheel_over_a_field_without_focus_changes_nothing(shown) -> None:
    from PySide6.QtCore import QPoint, QPointF
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    spin, other = IntSpin(), QPushButton("other")
    shown(other, spin)
    other.setFocus()
    middle = QPointF(spin.rect().center())
    event = QWheelEvent(
        middle,
        spin.mapToGlobal(middle),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(spin, event)

    assert spin.value() == 0


def test_every_kind_of_button_can_be_drawn_in_both_themes(shown, theme: Theme) -> None:
    buttons = [TextButton("Export", kind) for kind in ("normal", "primary", "quiet")]
    shown(*buttons)
    dark = [button.grab().toImage() for button in buttons]
    theme.set_mode("light")
    light = [button.grab().toImage() for button in buttons]
    theme.set_mode("dark")

    assert all(one != other for one, other in zip(dark, light, strict=True))
