"""Tab goes through a window as the eye does, also where its parts were not made in that order."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def stops(*places: QWidget) -> list[QWidget]:
    """Where Tab may stop in some parts of a window, in the order in which they were made.

    Not by `nextInFocusChain`: PySide6 takes what it returns for a child of the widget that was asked, and makes Python
    objects invalid that are alive when that one goes.
    """
    found = ((place, one) for place in places for one in (place, *place.findChildren(QWidget)))
    # Lists of combo boxes are windows of their own.
    return [
        one for place, one in found if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.window() is place.window()
    ]


def put_behind(before: list[QWidget], *places: QWidget) -> None:
    """Tab comes to some parts right after the last of these stops."""
    if not before:
        return
    last = before[-1]
    for stop in stops(*places):
        QWidget.setTabOrder(last, stop)
        last = stop
