"""The bar that says what failed."""

from __future__ import annotations

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit

from workbench.ui.banner import Banner
from workbench.ui.context import Context


@pytest.fixture
def banner(qtbot, context: Context) -> Banner:
    made = Banner(context)
    qtbot.addWidget(made)
    made.resize(900, made.sizeHint().height())
    return made


def click(widget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_a_banner_with_nothing_to_say_is_not_there(banner: Banner) -> None:
    assert banner.isHidden()


def test_it_is_forty_high(banner: Banner) -> None:
    banner.show_error("Could not open a.tif.", "The file ends early.")

    assert banner.sizeHint().height() == 40


def test_closing_takes_it_away(banner: Banner) -> None:
    banner.show_error("Could not open a.tif.", "The file ends early.")
    click(banner.close_button)

    assert banner.isHidden()


def test_a_second_failure_stands_before_the_first(banner: Banner) -> None:
    banner.show_error("First.", "one")
    banner.show_error("Second.", "two")

    assert (banner.title.text(), banner.count.text()) == ("Second.", "1 of 2")


def test_closing_the_second_shows_the_first_again(banner: Banner) -> None:
    banner.show_error("First.", "one")
    banner.show_error("Second.", "two")
    click(banner.close_button)

    assert (banner.title.text(), banner.count.text()) == ("First.", "")


def test_the_same_failure_again_is_one_message(banner: Banner) -> None:
    banner.show_error("First.", "one")
    banner.show_error("First.", "one")

    assert banner.count.text() == ""


def test_copy_takes_everything(banner: Banner) -> None:
    banner.show_error("First.", "one", "Traceback")
    click(banner.copy)

    assert QGuiApplication.clipboard().text() == "First. one\nTraceback"


def test_details_open_below(banner: Banner) -> None:
    banner.show_error("First.", "one", "Traceback")
    click(banner.details_button)
    text = banner.findChild(QPlainTextEdit)

    assert (text.isHidden(), text.toPlainText()) == (False, "Traceback")


def test_without_details_there_is_no_button_for_them(banner: Banner) -> None:
    banner.show_error("First.", "one")

    assert banner.details_button.isHidden()


def test_a_note_is_no_error(banner: Banner) -> None:
    banner.show_note("Saved a.png.", "3 values were clipped.")

    assert banner.message is not None
    assert not banner.message.error


def test_escape_closes_it(banner: Banner) -> None:
    banner.show_error("First.", "one")
    QTest.keyClick(banner, Qt.Key.Key_Escape)

    assert banner.message is None
