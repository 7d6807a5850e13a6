"""What stands where the images will be."""

from __future__ import annotations

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest

from workbench.kernels.patterns import all_charts
from workbench.model.samples import all_samples
from workbench.ui.context import Context
from workbench.ui.panels.empty_state import NO_IMAGE, EmptyState


@pytest.fixture
def empty(qtbot, context: Context) -> EmptyState:
    made = EmptyState(context)
    qtbot.addWidget(made)
    made.resize(1056, 734)
    return made


def heard_from(empty: EmptyState) -> list[tuple[str, str]]:
    heard: list[tuple[str, str]] = []
    for kind in ("sample", "chart", "lesson"):
        signal = getattr(empty, f"{kind}_requested")
        signal.connect(lambda id, kind=kind: heard.append((kind, id)))
    return heard


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        (0, ("sample", "chelsea")),
        (1, ("sample", "astronaut")),
        (2, ("chart", "zone_plate")),
        (3, ("chart", "slanted_edge")),
        (4, ("lesson", "article-deconv")),
    ],
)
def test_a_tile_asks_for_what_it_shows(empty: EmptyState, place: int, wanted: tuple[str, str]) -> None:
    heard = heard_from(empty)
    QTest.mouseClick(empty.tiles[place], Qt.MouseButton.LeftButton)

    assert heard == [wanted]


def test_return_on_a_tile_does_the_same(empty: EmptyState) -> None:
    heard = heard_from(empty)
    QTest.keyClick(empty.tiles[3], Qt.Key.Key_Return)

    assert heard == [("chart", "slanted_edge")]


def test_every_tile_stands_for_something_that_exists(empty: EmptyState) -> None:
    known = {("sample", one.id) for one in all_samples()} | {("chart", one.id) for one in all_charts()}
    offered = {(tile.offer.kind, tile.offer.id) for tile in empty.tiles if tile.offer.kind != "lesson"}

    assert offered <= known


def test_tiles_keep_their_size(empty: EmptyState) -> None:
    empty.grab()

    assert {(tile.width(), tile.height()) for tile in empty.tiles} == {(148, 142)}


def test_paste_says_why_it_cannot(empty: EmptyState) -> None:
    QGuiApplication.clipboard().setText("no picture")

    assert (empty.paste.isEnabled(), empty.reason.text()) == (False, NO_IMAGE)


def test_paste_is_there_for_an_image(empty: EmptyState) -> None:
    data = QMimeData()
    data.setImageData(QImage(5, 3, QImage.Format.Format_RGB32))
    QGuiApplication.clipboard().setMimeData(data)
    ready = (empty.paste.isEnabled(), empty.reason.text())
    QGuiApplication.clipboard().clear()

    assert ready == (True, "")


def test_open_asks_for_a_file(empty: EmptyState, qtbot) -> None:
    with qtbot.waitSignal(empty.open_requested):
        QTest.mouseClick(empty.open, Qt.MouseButton.LeftButton)


def test_open_is_the_only_primary_button(empty: EmptyState) -> None:
    assert [button.kind for button in (empty.open, empty.paste)] == ["primary", "normal"]


def test_the_whole_is_painted_in_both_themes(empty: EmptyState, context: Context) -> None:
    dark = empty.grab().toImage()
    context.theme.set_mode("light")
    light = empty.grab().toImage()
    context.theme.set_mode("dark")

    assert dark != light
