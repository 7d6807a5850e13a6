"""The left column as a whole: widths, the menu of methods, the source, and the equivalent call."""

from __future__ import annotations

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from tests.ui.gestures import click
from workbench.kernels.registry import all_methods, from_text
from workbench.model import edits
from workbench.model.display import Range
from workbench.model.document import Preparation
from workbench.model.samples import array_source
from workbench.ui.app import Workbench
from workbench.ui.context import Context
from workbench.ui.measures import FOLDED, NARROW, WIDE
from workbench.ui.panels.left_column import LeftColumn
from workbench.ui.panels.method_menu import suited
from workbench.ui.panels.source_header import thumbnail


@pytest.fixture
def window(qtbot, context: Context) -> QWidget:
    """A window of 1600 with the column in it."""
    context.view.set(selected="s2")
    made = QWidget()
    qtbot.addWidget(made)
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(LeftColumn(context))
    row.addStretch(1)
    made.resize(1600, 800)
    made.show()
    return made


@pytest.fixture
def column(window: QWidget) -> LeftColumn:
    return window.findChild(LeftColumn)


@pytest.mark.parametrize(
    ("window_width", "wanted"), [(1600, WIDE), (1500, WIDE), (1499, NARROW), (1100, NARROW), (1099, FOLDED)]
)
def test_the_width_follows_the_window(window: QWidget, column: LeftColumn, window_width: int, wanted: int) -> None:
    window.resize(window_width, 800)

    assert column.width() == wanted


def test_the_rail_keeps_the_list_and_leaves_the_form(window: QWidget, column: LeftColumn) -> None:
    window.resize(1030, 800)

    assert (column.slots.isVisible(), column.form.isVisible(), column.same_as.isVisible()) == (True, False, False)


def test_the_rail_can_be_unfolded_by_hand(window: QWidget, column: LeftColumn) -> None:
    window.resize(1030, 800)
    column.set_folded(False)

    assert (column.width(), column.form.isVisible()) == (NARROW, True)


def test_a_click_on_the_source_shows_its_preparation(column: LeftColumn, context: Context) -> None:
    QTest.mouseClick(column.header, Qt.MouseButton.LeftButton)

    assert (context.view.value.selected, column.form.preparation.isVisible()) == ("source", True)


def test_return_on_the_source_does_the_same(column: LeftColumn, context: Context) -> None:
    QTest.keyClick(column.header, Qt.Key.Key_Return)

    assert context.view.value.selected == "source"


def test_the_source_says_its_size_and_depth(column: LeftColumn) -> None:
    name, detail, _notes = column.header.texts()

    assert (name, detail) == ("ramp", "10 × 6 · 8-bit")


def test_a_source_of_plain_numbers_says_its_range(column: LeftColumn, context: Context) -> None:
    context.session.do("x", edits.set_preparation(Preparation()))
    context.session.do("x", edits.set_source(array_source([[2.0, 1.0, 0.0], [4.0, 4.0, 3.0]], "numbers")))

    assert column.header.texts()[1] == "3 × 2 · range 0 … 4"


def test_no_source_is_said(column: LeftColumn, context: Context) -> None:
    context.session.do("x", edits.set_source(None))

    assert column.header.texts()[0] == "No image yet"


def test_add_method_asks_for_the_menu(column: LeftColumn, qtbot) -> None:
    with qtbot.waitSignal(column.add_method_requested):
        QTest.mouseClick(column.add, Qt.MouseButton.LeftButton)


def test_the_menu_offers_every_method_that_enlarges(column: LeftColumn) -> None:
    menu = column.open_add_menu()
    names = [action.text() for action in menu.actions() if action.menu() is None and action.text()]
    menu.close()

    assert names == [cls.info.name for cls in all_methods("upsample")]


def test_the_menu_tells_what_a_method_does_and_its_formula(column: LeftColumn) -> None:
    menu = column.open_add_menu()
    tips = {action.text(): action.toolTip() for action in menu.actions()}
    menu.close()

    assert tips["Max-unpool"].endswith("y[index[i]] = x[i], 0 elsewhere")


def test_a_chosen_method_becomes_a_slot_behind_the_selected_one(column: LeftColumn, context: Context) -> None:
    menu = column.open_add_menu()
    next(action for action in menu.actions() if action.text() == "Linear").trigger()
    menu.close()
    slots = context.session.value.slots

    assert ([slot.id for slot in slots], slots[2].method.info.id) == (["s1", "s2", "s4", "s3"], "linear")
    assert context.view.value.selected == "s4"


@pytest.mark.parametrize("id", ["nearest", "bilinear", "transposed_conv", "average_unpool", "max_unpool"])
def test_a_new_method_has_the_size_of_the_original(context: Context, id: str) -> None:
    context.session.do("x", edits.set_preparation(Preparation(from_text("down:factor=3x2"))))
    cls = next(cls for cls in all_methods("upsample") if cls.info.id == id)
    prepared = context.results.prepared
    assert prepared is not None

    assert suited(context, cls).operator(prepared.spec).out_shape == (12, 20)


def test_the_equivalent_call_stands_below_the_form(column: LeftColumn) -> None:
    assert column.same_as.call == 'F.interpolate(x,\n  scale_factor=2,\n  mode="bilinear")'


def test_the_call_is_copied_as_it_stands(column: LeftColumn) -> None:
    QTest.mouseClick(column.same_as.copy, Qt.MouseButton.LeftButton)

    assert QGuiApplication.clipboard().text() == column.same_as.call


def test_where_a_library_has_no_such_call_it_says_so(column: LeftColumn, context: Context) -> None:
    context.session.do("x", edits.set_method("s2", from_text("bilinear:scale=2,edge=wrap")))

    assert column.same_as.call == ""
    assert column.same_as.none.text() == "No call of PyTorch gives these numbers."
    assert not column.same_as.copy.isEnabled()


def test_the_call_is_said_in_the_words_of_another_library(column: LeftColumn) -> None:
    menu = column.same_as.library.menu()
    next(action for action in menu.actions() if action.text() == "OpenCV").trigger()

    assert column.same_as.call.startswith("cv2.resize(x")
    assert "INTER_LINEAR" in column.same_as.call


def test_the_list_is_as_high_as_its_rows_up_to_nine(column: LeftColumn, context: Context) -> None:
    before = column.slots.height()
    for _ in range(9):
        context.session.do("x", edits.duplicate_slot("s1"))

    assert (before, column.slots.height()) == (4 * 40, 9 * 40)


@pytest.mark.parametrize("shape", [(2, 2), (3, 5), (300, 451), (20, 900, 3), (900, 20, 3)])
def test_a_thumbnail_has_the_size_it_was_asked_for(qapp, shape: tuple[int, ...]) -> None:
    values = np.random.default_rng(1).random(shape)
    image = thumbnail(values, Range(0.0, 1.0), 54, 36)

    assert (image.width(), image.height()) == (54, 36)


def test_a_thumbnail_of_a_few_pixels_has_only_their_colours(qapp) -> None:
    image = thumbnail(np.array([[0.0, 0.2], [1.0, 0.6]]), Range(0.0, 1.0), 54, 36)
    found = {image.pixelColor(x, y).red() for x in range(54) for y in range(36)}

    assert found == {0, 51, 153, 255}


def test_the_column_can_be_walked_through_with_tab(column: LeftColumn, qtbot) -> None:
    window = column.window()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    column.header.setFocus()
    met = []
    for _ in range(12):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        met.append(type(window.focusWidget()).__name__)

    assert {"SlotList", "AddRow", "IconButton", "FloatSpin", "Combo"} <= set(met)


def test_the_column_is_painted_at_each_width_and_in_both_themes(window: QWidget, context: Context) -> None:
    pictures = []
    for width in (1600, 1280, 1030):
        for mode in ("light", "dark"):
            window.resize(width, 800)
            context.theme.set_mode(mode)
            pictures.append(window.findChild(LeftColumn).grab().toImage())

    assert all(one != other for k, one in enumerate(pictures) for other in pictures[:k])


def test_a_librarys_choice_becomes_a_slot_under_its_full_name(column: LeftColumn, context: Context) -> None:
    menu = column.open_add_menu()
    library = next(action.menu() for action in menu.actions() if action.text() == "As in Pillow")
    next(action for action in library.actions() if action.text() == "pillow.bicubic").trigger()
    menu.close()
    slot = context.session.value.slot(context.view.value.selected)

    assert slot.title == "pillow.bicubic"
    assert slot.method.info.id == "bicubic"
    assert slot.method.a == -0.5
    assert slot.method.scale == (2.0, 2.0)


@pytest.mark.parametrize(
    "text", ["transposed_conv:kernel=[[1,2,3],[4,5,6],[7,8,9]],stride=2,padding=1", "resize_conv:scale=2", "bicubic"]
)
def test_a_form_is_laid_out_before_it_is_first_painted(workbench: Workbench, text: str) -> None:
    context, left = workbench.context, workbench.window.left
    context.session.do("other", edits.set_method("s2", from_text(text)))
    context.view.set(selected="s1")
    settled_form(left)
    seen = PlacesAtPaint(left)
    context.view.set(selected="s2")
    settled_form(left)

    assert len(seen.places) == 1
    assert len(seen.places[0]) > 4


class PlacesAtPaint(QObject):
    """Where everything in the left column stands each time its form is painted, as often as that changes."""

    def __init__(self, left: LeftColumn) -> None:
        super().__init__(left)
        self._left = left
        self.places: list[list[tuple[int, int, int]]] = []
        left.form.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            shown = [one for one in self._left.findChildren(QWidget) if one.isVisible()]
            now = [(one.mapTo(self._left, one.rect().topLeft()).y(), one.width(), one.height()) for one in shown]
            if now not in self.places[-1:]:
                self.places.append(now)
        return False


def settled_form(left: LeftColumn) -> None:
    """All that a change of the form sets off has been done."""
    for _ in range(8):
        QApplication.processEvents()


@pytest.mark.parametrize(("shown", "clicked"), [("s1", "s2"), ("s1", "s3"), ("s3", "s1")])
def test_a_click_on_a_panel_selects_that_one_while_the_sources_form_has_the_keys(workbench, shown, clicked):
    view, window = workbench.context.view, workbench.window
    window.activateWindow()
    for selected in (shown, "source"):
        view.set(selected=selected)
        QApplication.processEvents()
    combo = next(one for one in window.left.findChildren(QWidget) if one.accessibleName() == "Prepare")
    combo.setFocus(Qt.FocusReason.TabFocusReason)
    click(window.panel_area.view(clicked), (3, 4))

    assert view.value.selected == clicked
