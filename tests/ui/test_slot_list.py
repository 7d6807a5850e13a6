"""The list of slots: selecting, renaming, moving, and the values it shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.document import ORIGINAL, Preparation
from workbench.model.probe import ProbePoint, difference_at, value_at
from workbench.model.results import Failed, Pending
from workbench.ui.context import Context
from workbench.ui.panels.row_painter import HEIGHT, numbers_begin, paint_row
from workbench.ui.panels.slot_list import SlotList
from workbench.ui.panels.slot_rows import Row, heading, rows_of


@pytest.fixture
def slots(qtbot, context: Context) -> SlotList:
    context.view.set(selected="s2")
    made = SlotList(context)
    qtbot.addWidget(made)
    made.resize(255, made.height())
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def middle(slots: SlotList, id: str) -> QPoint:
    """A point in the row of a slot."""
    at = [row.id for row in slots.rows()].index(id)
    return QPoint(120, at * HEIGHT + HEIGHT // 2)


def order(context: Context) -> list[str]:
    return [slot.id for slot in context.session.value.slots]


def row_of(context: Context, id: str) -> Row:
    return next(row for row in rows_of(context) if row.id == id)


def test_the_original_stands_before_the_slots(slots: SlotList) -> None:
    assert [row.badge for row in slots.rows()] == ["R", "1", "2", "3"]


def test_a_click_selects(slots: SlotList, context: Context) -> None:
    QTest.mouseClick(slots.viewport(), Qt.MouseButton.LeftButton, pos=middle(slots, "s3"))

    assert context.view.value.selected == "s3"


def test_arrows_select(slots: SlotList, context: Context) -> None:
    QTest.keyClick(slots, Qt.Key.Key_Up)
    QTest.keyClick(slots, Qt.Key.Key_Up)

    assert context.view.value.selected == ORIGINAL


def test_the_list_follows_a_selection_made_elsewhere(slots: SlotList, context: Context) -> None:
    context.view.set(selected="s1")

    assert slots.currentIndex().row() == 1


def test_a_name_is_typed_in_place(slots: SlotList, context: Context, qtbot) -> None:
    QTest.keyClick(slots, Qt.Key.Key_F2)
    editor = slots.viewport().findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, "Mine")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: slots.viewport().findChild(QLineEdit) is None)  # Qt writes it in a queued call

    assert context.session.value.slot("s2").name == "Mine"


def test_an_empty_name_gives_the_method_its_own_back(slots: SlotList, context: Context, qtbot) -> None:
    context.session.do("x", edits.rename_slot("s2", "Mine"))
    QTest.keyClick(slots, Qt.Key.Key_F2)
    editor = slots.viewport().findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClick(editor, Qt.Key.Key_Backspace)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: slots.viewport().findChild(QLineEdit) is None)

    assert context.session.value.slot("s2").name is None


def test_escape_leaves_the_name(slots: SlotList, context: Context) -> None:
    QTest.keyClick(slots, Qt.Key.Key_F2)
    editor = slots.viewport().findChild(QLineEdit)
    QTest.keyClicks(editor, "Other")
    QTest.keyClick(editor, Qt.Key.Key_Escape)

    assert context.session.value.slot("s2").name is None


def test_the_original_has_no_name_to_change(slots: SlotList, context: Context) -> None:
    context.view.set(selected=ORIGINAL)
    QTest.keyClick(slots, Qt.Key.Key_F2)

    assert slots.viewport().findChild(QLineEdit) is None


def test_delete_removes_and_selects_the_next(slots: SlotList, context: Context) -> None:
    QTest.keyClick(slots, Qt.Key.Key_Delete)

    assert (order(context), context.view.value.selected) == (["s1", "s3"], "s3")


def test_the_last_slot_removed_leaves_the_source_selected(slots: SlotList, context: Context) -> None:
    for _ in range(3):
        QTest.keyClick(slots, Qt.Key.Key_Delete)

    assert (order(context), context.view.value.selected) == ([], "source")


def test_control_d_duplicates_and_selects_the_copy(slots: SlotList, context: Context) -> None:
    QTest.keyClick(slots, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)

    assert (order(context), context.view.value.selected) == (["s1", "s2", "s4", "s3"], "s4")


def test_alt_and_an_arrow_move_the_slot(slots: SlotList, context: Context) -> None:
    QTest.keyClick(slots, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)

    assert order(context) == ["s1", "s3", "s2"]


def drag(slots: SlotList, id: str, y: int) -> None:
    """Press on a row, move, release, with buttons held as a hand does."""
    view = slots.viewport()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=middle(slots, id))
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    place = QPointF(120, y)
    move = QMouseEvent(
        QEvent.Type.MouseMove,
        place,
        view.mapToGlobal(place),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(view, move)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=place.toPoint())


@pytest.mark.parametrize(
    ("id", "y", "wanted"),
    [
        ("s1", 4 * HEIGHT - 4, ["s2", "s3", "s1"]),
        ("s1", 3 * HEIGHT + 6, ["s2", "s1", "s3"]),
        ("s3", 1 * HEIGHT + 8, ["s3", "s1", "s2"]),
        ("s3", 2, ["s3", "s1", "s2"]),
        ("s2", 2 * HEIGHT + 30, ["s1", "s2", "s3"]),
    ],
)
def test_a_row_is_dragged_to_another_place(
    slots: SlotList, context: Context, id: str, y: int, wanted: list[str]
) -> None:
    drag(slots, id, y)

    assert order(context) == wanted


def test_the_original_cannot_be_dragged(slots: SlotList, context: Context) -> None:
    drag(slots, ORIGINAL, 3 * HEIGHT)

    assert order(context) == ["s1", "s2", "s3"]


def test_the_menu_of_a_row_makes_it_the_reference(slots: SlotList, context: Context) -> None:
    menu = slots.menu_of("s3")
    next(action for action in menu.actions() if action.text() == "Make reference").trigger()

    assert (context.session.value.reference, row_of(context, "s3").badge) == ("s3", "R")


def test_the_menu_of_a_row_has_all_that_can_be_done(slots: SlotList) -> None:
    names = [action.text().split("\t")[0] for action in slots.menu_of("s1").actions() if action.text()]

    assert names == ["Rename", "Duplicate", "Make reference", "Hide", "Remove"]


def test_the_original_is_made_the_reference_again(slots: SlotList, context: Context) -> None:
    context.session.do("x", edits.set_reference("s1"))
    slots.menu_of(ORIGINAL).actions()[0].trigger()

    assert context.session.value.reference == ORIGINAL


def test_bare_letters_go_on_to_the_window(slots: SlotList, context: Context) -> None:
    QTest.keyClicks(slots, "t")

    assert context.view.value.selected == "s2"


# -- what rows say -----------------------------------------------------------------------------------------------------


def test_values_are_those_at_the_world_point_of_the_probe(context: Context) -> None:
    point = ProbePoint("s2", 3, 14)
    context.probe.show(point)
    value = value_at(context.results, context.session.value, "s2", point.pixel, 1)
    difference = difference_at(context.results, context.session.value, "s2", point.pixel, 1)
    row = row_of(context, "s2")

    assert (row.value, row.below) == (f"{value:.4f}", f"{difference:.4f}".replace("-", "−"))


def test_the_head_names_channel_and_pixel(context: Context) -> None:
    context.probe.show(ProbePoint("s2", 3, 14))

    assert heading(context) == "G at 3, 14 · Δ"


def test_the_reference_has_no_difference(context: Context) -> None:
    context.probe.show(ProbePoint("s2", 3, 14))

    assert row_of(context, ORIGINAL).below == "reference"


def test_a_pixel_outside_an_output_is_said_to_be_outside(context: Context) -> None:
    context.session.do("x", edits.set_method("s1", from_text("nearest:size=2")))
    context.session.do("x", edits.set_method("s3", from_text("transposed_conv:kernel=ones,stride=1,padding=2")))
    context.probe.show(ProbePoint("source", 5, 9))

    assert row_of(context, "s3").value == "outside"


def test_without_the_card_rows_show_measures(context: Context) -> None:
    context.view.set(docks=frozenset())
    ready = context.results.ready("s2")
    assert ready is not None
    assert ready.metrics is not None
    row = row_of(context, "s2")

    assert (heading(context), row.value, row.below) == (
        "PSNR dB · SSIM",
        f"{ready.metrics['psnr']:.2f}",
        f"{ready.metrics['ssim']:.4f}" if isinstance(ready.metrics["ssim"], float) else "",
    )


def test_without_a_reference_there_is_no_difference(context: Context) -> None:
    context.session.do("x", edits.set_preparation(Preparation()))
    context.probe.show(ProbePoint("s2", 3, 14))

    assert (heading(context), row_of(context, "s2").below) == ("G at 3, 14", "")


def test_a_hidden_slot_shows_no_value(context: Context) -> None:
    context.probe.show(ProbePoint("s2", 3, 14))
    context.session.do("x", edits.set_hidden("s1", True))

    assert (row_of(context, "s1").state, row_of(context, "s1").value) == ("hidden", "")


def test_a_failed_slot_says_so_and_why(context: Context) -> None:
    context.session.do("x", edits.set_method("s1", from_text("max_unpool")))
    context.session.do("x", edits.set_preparation(Preparation(from_text("down:factor=2,record=off"))))
    row = row_of(context, "s1")

    assert (row.state, row.value, row.detail) == ("failed", "failed", "needs recorded indices")


def test_a_running_slot_shows_its_share(context: Context) -> None:
    slot = context.session.value.slots[0]
    context.results.put("s1", Pending(slot, None, 0.617))

    assert (row_of(context, "s1").state, row_of(context, "s1").value) == ("running", "62 %")


def test_a_slot_without_a_source_waits(context: Context) -> None:
    context.session.do("x", edits.set_source(None))

    assert [row.value for row in rows_of(context)] == ["waits", "waits", "waits"]


def test_a_stale_value_stays_until_the_new_one_is_there(context: Context) -> None:
    context.probe.show(ProbePoint("s2", 3, 14))
    before = row_of(context, "s2")
    context.results.put("s2", Pending(context.session.value.slots[1], context.results.ready("s2")))

    assert row_of(context, "s2") == replace(before, state="stale")


def test_a_failure_that_is_no_parameter_is_said_as_well(context: Context) -> None:
    context.results.put("s1", Failed(context.session.value.slots[0], MemoryError("no room")))

    assert row_of(context, "s1").detail == "no room"


# -- how rows look -----------------------------------------------------------------------------------------------------


def painted(theme, row: Row, width: int = 255, **state: bool) -> QImage:
    from PySide6.QtCore import QRect

    image = QImage(width, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(theme.color("chrome"))
    painter = QPainter(image)
    flags = {"selected": False, "hovered": False, "focused": False, **state}
    paint_row(painter, theme, QRect(0, 0, width, HEIGHT), row, **flags)
    painter.end()
    return image


ROW = Row("s1", "1", "Nearest", "×4 · half-pixel", "0.3324", "−0.0363")


def test_a_selected_row_has_an_edge_of_two_pixels(theme) -> None:
    image = painted(theme, ROW, selected=True)
    edge, ground = theme.color("accent").name(), theme.color("sel").name()

    assert [image.pixelColor(x, 30).name() for x in (0, 1, 2)] == [edge, edge, ground]


def test_a_focused_row_has_a_ring_and_keeps_its_text_in_place(theme) -> None:
    plain, ring = painted(theme, ROW), painted(theme, ROW, focused=True)
    inside = [(x, y) for x in range(4, 250) for y in range(4, 36)]

    assert ring.pixelColor(0, 20).name() == theme.color("accent").name()
    assert all(plain.pixel(x, y) == ring.pixel(x, y) for x, y in inside)


@pytest.mark.parametrize("state", ["stale", "hidden", "failed", "running", "waits"])
def test_each_state_looks_another_way(theme, state: str) -> None:
    assert painted(theme, replace(ROW, state=state)) != painted(theme, ROW)


def test_a_long_name_ends_before_the_value(theme) -> None:
    long, short = painted(theme, replace(ROW, name="W" * 60)), painted(theme, ROW)

    assert all(long.pixel(x, y) == short.pixel(x, y) for x in range(196, 250) for y in range(3, 20))


def test_colour_is_never_the_only_sign_of_a_state(theme) -> None:
    failed = painted(theme, replace(ROW, state="failed", value="failed", below=""))
    running = painted(theme, replace(ROW, state="running", value="failed", below=""))

    assert failed != running


@pytest.mark.parametrize("selected", [True, False])
@pytest.mark.parametrize(
    ("value", "below"), [("0.7312", "−0.0204"), ("1", ""), ("−12.5", "reference"), ("", ""), ("0.5", "0.0000123")]
)
@pytest.mark.parametrize(("name", "detail"), [("Bicubic", "×2"), ("Transposed convolution of some kind", "4 × 4 " * 9)])
def test_new_numbers_leave_the_row_as_if_it_was_painted_anew(
    theme, name: str, detail: str, value: str, below: str, selected: bool
) -> None:
    old = Row("s1", "1", name, detail, "0.25", "−0.1")
    new = replace(old, value=value, below=below, state="stale")
    begin = numbers_begin(new, old, 255) or 0
    row = painted(theme, old, selected=selected)
    painter = QPainter(row)
    painter.setClipRect(begin, 0, 255 - begin, HEIGHT)
    painter.fillRect(row.rect(), theme.color("chrome"))
    paint_row(painter, theme, row.rect(), new, selected=selected, hovered=False, focused=False, from_x=begin)
    painter.end()
    assert row == painted(theme, new, selected=selected)


def test_only_rows_whose_names_stay_are_painted_in_part() -> None:
    begin = numbers_begin(replace(ROW, value="0.26"), ROW, 255)
    assert begin is not None
    assert 150 < begin < 250
    assert numbers_begin(replace(ROW, detail="×3"), ROW, 255) is None
    assert numbers_begin(replace(ROW, state="failed"), ROW, 255) is None
