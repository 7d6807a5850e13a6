"""What a library stores of a sum, said by the card: its steps, its rule, who takes no bytes and why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.ui.gestures import hover, key
from workbench.kernels.presets import PRESETS
from workbench.kernels.quantisers import Quantiser, quantised
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.document import Comparison, Preparation, Slot
from workbench.model.probe import ProbePoint
from workbench.model.samples import array_source
from workbench.model.view_data import view_from_data, view_to_data
from workbench.ui.app import Workbench
from workbench.ui.measures import CARD, LOW_CARD
from workbench.ui.panels.provenance_card import ProvenanceCard

TEXTS = {
    "pillow.bicubic": None,
    "opencv.inter_cubic": None,
    "bspline:scale=2": None,
    "transposed_conv:kernel=gaussian,stride=2,padding=1": None,
}


@pytest.fixture
def opened(kept_workbench: Workbench) -> Workbench:
    """A picture of bytes as it is, 9 × 13, in grey; two presets, a chain and a layer."""
    values = np.random.default_rng(5).integers(0, 256, (9, 13), dtype=np.uint8)
    values[4:, 6:] = 255
    slots = tuple(
        Slot(f"s{k}", PRESETS[text].method(scale=2), text) if text in PRESETS else Slot(f"s{k}", from_text(text))
        for k, text in enumerate(TEXTS, 1)
    )
    kept_workbench.context.session.load(Comparison(array_source(values, "bytes"), Preparation(), slots))
    kept_workbench.window.panel_area.fit()
    return kept_workbench


def at(workbench: Workbench, slot: str, pixel: tuple[int, int]) -> None:
    hover(workbench.window.panel_area.view(slot), pixel)


def brightest(workbench: Workbench, slot: str) -> tuple[int, int]:
    """Where a lobe reaches highest above white."""
    values = workbench.context.results.ready(slot).whole
    return divmod(int(values.argmax()), values.shape[1])


def stored_text(workbench: Workbench) -> str:
    stored = workbench.window.card.formula.stored
    return "" if stored is None else " → ".join(step.text for step in stored.steps)


def trigger(workbench: Workbench, id: str) -> None:
    workbench.window.action_set[id].trigger()


def test_a_slot_that_was_added_as_a_preset_says_what_its_library_stores(opened: Workbench) -> None:
    at(opened, "s1", (5, 3))
    ready = opened.context.results.ready("s1")
    bytes_ = opened.context.session.value.source.pixels.astype(np.float64)
    exact = quantised(ready.operator, bytes_, Quantiser.TWO_PASS_22)
    total, kept = exact.linear[5, 3], exact.values[5, 3]
    stored = opened.window.card.formula.stored

    assert stored.value == kept
    assert stored.rounding.badge == "Pillow · quantised: two passes, 22 bits"
    assert stored_text(opened) == f"× 255 {total:.3f} → {kept:.0f} ({kept - total:+.3f})".replace("-", "−")


def test_what_is_stored_takes_the_place_of_the_plain_file(opened: Workbench) -> None:
    at(opened, "s1", brightest(opened, "s1"))

    assert opened.window.card.value > 1
    assert stored_text(opened).split(" → ")[1].startswith("255 (−")
    assert [step.text for step in opened.window.card.formula.tail] == ["shown 1 (clip)"]


def test_a_limit_is_a_step_of_its_own_with_the_difference_to_the_sum(opened: Workbench) -> None:
    at(opened, "s2", brightest(opened, "s2"))
    total, rounded, limited = stored_text(opened).split(" → ")
    over = float(total.removeprefix("× 255 "))

    assert rounded == f"{np.floor(over + 0.5):.0f}"
    assert limited == f"clip 255 (−{over - 255:.3f})"


def test_any_other_librarys_rule_can_be_asked_for(opened: Workbench) -> None:
    at(opened, "s1", (5, 3))
    trigger(opened, "stored_scipy")

    assert opened.window.card.formula.stored.rounding.badge == "SciPy · quantised: round half up"
    assert opened.window.action_set["stored_scipy"].isChecked()


def test_without_a_library_the_sum_stands_alone(opened: Workbench) -> None:
    at(opened, "s1", (5, 3))
    trigger(opened, "stored_none")

    assert opened.window.card.formula.stored is None


def test_a_library_that_takes_no_such_bytes_is_grey_and_says_why(opened: Workbench) -> None:
    at(opened, "s4", (5, 3))
    action = opened.window.action_set["stored_pytorch"]

    assert not action.isEnabled()
    assert "PyTorch refuses pixels of 8 bits in what transposed_conv is there" in action.toolTip()


def test_actions_follow_the_pointer_from_panel_to_panel(opened: Workbench) -> None:
    at(opened, "s4", (5, 3))
    layer = opened.window.action_set["stored_pytorch"].isEnabled()
    at(opened, "s1", (5, 3))

    assert (layer, opened.window.action_set["stored_pytorch"].isEnabled()) == (False, True)


def test_the_card_says_why_the_chosen_library_stores_nothing(opened: Workbench) -> None:
    opened.context.view.set(stored="PyTorch")
    at(opened, "s4", (5, 3))

    assert opened.window.card.formula.stored is None
    assert opened.window.card.notes[-1] == "PyTorch refuses pixels of 8 bits in what transposed_conv is there"


@pytest.mark.parametrize(
    ("pixels", "preparation", "reason"),
    [
        (np.uint16, Preparation(), "Pillow: the picture is of uint16, not of 8 bits"),
        (np.uint8, Preparation(light="linear"), "Pillow: light is averaged here, and libraries average the bytes"),
    ],
)
def test_where_there_are_no_bytes_nothing_is_stored(
    opened: Workbench, pixels: type, preparation: Preparation, reason: str
) -> None:
    comparison = opened.context.session.value
    source = array_source(np.arange(9 * 13, dtype=pixels).reshape(9, 13))
    opened.context.session.load(replace(comparison, source=source, preparation=preparation))
    at(opened, "s1", (5, 3))

    assert [note for note in opened.window.card.notes if note.startswith(reason)]


def test_a_source_of_fractions_is_made_bytes_first_and_that_is_said(opened: Workbench) -> None:
    opened.context.session.do("mean", edits.set_preparation(Preparation(from_text("down:2"))))
    at(opened, "s1", (3, 5))

    assert stored_text(opened).startswith("× 255, source to bytes ")
    assert opened.window.card.formula.stored.value == round(opened.window.card.formula.stored.value)


def test_pillow_multiplies_by_alpha_before_and_divides_after(opened: Workbench) -> None:
    values = np.random.default_rng(6).integers(1, 255, (9, 13, 4), dtype=np.uint8)
    comparison = opened.context.session.value
    opened.context.session.load(
        replace(comparison, source=array_source(values), preparation=Preparation(alpha="channel"))
    )
    at(opened, "s1", (5, 3))
    first, rounded, last = stored_text(opened).split(" → ")

    assert first.startswith("× 255, × alpha, 8 bit ")
    assert "(" in rounded
    assert last.startswith("÷ alpha, 8 bit ")


def test_the_last_stage_of_an_opened_chain_ends_with_it(opened: Workbench) -> None:
    trigger(opened, "stored_scipy")
    at(opened, "s3", (5, 3))
    whole = stored_text(opened)
    opened.window.card.setFocus()
    key(opened.window.card, Qt.Key.Key_Return)
    last = stored_text(opened)
    key(opened.window.card, Qt.Key.Key_Return)
    first = stored_text(opened)
    key(opened.window.card, Qt.Key.Key_Return)

    assert last == whole != ""
    assert first == ""


def test_the_cards_menu_chooses_by_the_mouse(opened: Workbench, qtbot: QtBot) -> None:
    at(opened, "s1", (5, 3))
    card = opened.window.card
    qtbot.mouseClick(card.more, Qt.MouseButton.LeftButton)
    menu: QMenu = card.menu.storing
    menu.popup(QPoint(10, 10))
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(menu.entry("OpenCV")).center())
    menu.close()
    card.menu.close()

    assert opened.context.view.value.stored == "OpenCV"
    assert card.formula.stored.rounding.library == "OpenCV"


def test_the_tooltip_counts_what_a_library_changes_when_it_is_asked_for(opened: Workbench) -> None:
    at(opened, "s1", (5, 3))
    card = opened.window.card
    before = card.toolTip()
    place = QPoint(40, 20)
    QApplication.sendEvent(card, QHelpEvent(QEvent.Type.ToolTip, place, card.mapToGlobal(place)))
    ready = opened.context.results.ready("s1")
    exact = quantised(ready.operator, opened.context.session.value.source.pixels, Quantiser.TWO_PASS_22)
    apart = np.abs(exact.values - np.clip(np.floor(exact.linear + 0.5), 0, 255))
    for label in QApplication.topLevelWidgets():
        if label.objectName() == "qtooltip_label":
            label.hide()  # by itself it would go a moment later

    assert "values" not in before
    assert card.toolTip().endswith(
        f"Of 468 values {exact.clipped} are clipped; "
        f"{np.count_nonzero(apart)} are not the rounded sum, by at most {apart.max():g}."
    )


def test_the_choice_is_saved_with_the_view(opened: Workbench) -> None:
    trigger(opened, "stored_opencv")

    assert view_from_data(view_to_data(opened.context.view.value)).stored == "OpenCV"


def test_the_readout_has_it_in_full(opened: Workbench) -> None:
    at(opened, "s1", (5, 3))
    opened.window.card.copy()
    line = next(one for one in QGuiApplication.clipboard().text().splitlines() if one.startswith("stored"))
    kept = opened.window.card.formula.stored.value

    assert line.split("\t")[1:3] == [repr(kept), "Pillow · quantised: two passes, 22 bits"]


def test_a_renamed_slot_is_no_librarys_choice_any_more(opened: Workbench) -> None:
    opened.context.session.do("rename", edits.rename_slot("s1", "mine"))
    at(opened, "s1", (5, 3))

    assert opened.window.card.formula.stored is None


@pytest.mark.parametrize("width", [560, 664, 720, 880, 1000, 1300])
@pytest.mark.parametrize("height", [LOW_CARD, CARD])
def test_nothing_is_cut_however_narrow_the_card(opened: Workbench, qtbot: QtBot, width: int, height: int) -> None:
    card = ProvenanceCard(opened.context)
    qtbot.addWidget(card)
    card.set_low(height == LOW_CARD)
    card.resize(width, height)
    opened.context.probe.show(ProbePoint("s1", 5, 3))
    card.show()
    card.set_low(height == LOW_CARD)
    picture = card.strip.grab().toImage()
    ground = picture.pixelColor(0, 0)
    edge = {picture.pixelColor(picture.width() - 1 - k, y).name() for k in (0, 1) for y in range(picture.height())}

    assert edge == {ground.name()}


def test_the_place_stays_whole_where_the_name_is_cut(opened: Workbench, qtbot: QtBot) -> None:
    opened.context.session.do("long", edits.rename_slot("s1", "A name of many words that has no room at all"))
    at(opened, "s1", (5, 3))
    card = opened.window.card
    room = 150

    assert card.title.endswith("at 5, 3")
    assert card._short_title(room).startswith("1\u2002A name")
    assert card._short_title(room).endswith("… at 5, 3")


def test_the_strip_speaks_it_and_keeps_room_for_it(opened: Workbench) -> None:
    at(opened, "s1", (5, 3))
    strip = opened.window.card.strip
    terms, _, width = strip.shown_terms()

    assert "Pillow · quantised: two passes, 22 bits: × 255" in strip.accessibleName()
    assert len(terms) * width < strip.width() - 250
