"""Flicker in place: pictures that lie on top of each other and stay resident, so that switching raises one and paints
once, with no blank between.

A *place* is a panel of the layout; its *guests* are other pictures that are seen there for the moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt

from workbench.ui.panels.image_panel import ImagePanel

MOST_RECENT = 6
"""Panels that stay resident under the one that is shown alone."""


class Guests:
    """The panels seen in the place of others, of one panel area.

    Parameters
    ----------
    make : callable
        A new panel from (place, picture).
    release : callable
        Called with a guest that goes.
    """

    def __init__(self, make: Callable[[str, str], ImagePanel], release: Callable[[ImagePanel], None]) -> None:
        self._make = make
        self._release = release
        self._panels: dict[tuple[str, str], ImagePanel] = {}

    def all(self) -> list[ImagePanel]:
        """Every guest, seen or not."""
        return list(self._panels.values())

    def at(self, place: str, picture: str) -> ImagePanel | None:
        return self._panels.get((place, picture))

    def shows(self, picture: str) -> bool:
        """Whether some guest needs this picture's pixels."""
        return any(name == picture for _, name in self._panels)

    def seat(self, place: ImagePanel, picture: str) -> None:
        """Let a picture lie under the panel whose place it takes, so that its pixels come without being seen yet."""
        key = (place.panel, picture)
        guest = self._panels.get(key)
        if guest is None:
            guest = self._panels[key] = self._make(place.panel, picture)
        if guest.geometry() != place.geometry():
            guest.setGeometry(place.geometry())
        if not guest.isVisible():
            guest.stackUnder(place)
            guest.show()

    def keep(self, wanted: Callable[[str, str], bool]) -> None:
        """Let those go that are not wanted any more, by place and picture."""
        for place, picture in [key for key in self._panels if not wanted(*key)]:
            self._release(self._panels.pop((place, picture)))

    def follow(self, place: ImagePanel) -> None:
        """The place was moved or resized."""
        for (name, _), guest in self._panels.items():
            if name == place.panel:
                guest.setGeometry(place.geometry())


def raise_complete(wanted: Iterable[ImagePanel]) -> bool:
    """Raise the panels that are to be seen; one whose pixels are not all there lets the old one be seen longer.

    Returns
    -------
    bool
        Whether all of them are seen.
    """
    waiting = False
    for panel in wanted:
        if panel.view.complete:
            panel.raise_()
        else:
            waiting = True
    return not waiting


def hand_over_focus(old: ImagePanel, new: ImagePanel) -> None:
    """The keys go where the eye goes, before the old panel hides and Qt hands them on as Tab does."""
    if old.view.hasFocus():
        new.view.setFocus(Qt.FocusReason.OtherFocusReason)
