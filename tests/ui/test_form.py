"""The form: what a person types becomes the document's method, or a sentence under the field."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from workbench.kernels.method import Method
from workbench.kernels.registry import all_methods, from_text
from workbench.kernels.weights import KernelPreset
from workbench.model import edits
from workbench.model.document import Preparation
from workbench.model.samples import array_source
from workbench.ui.context import Context
from workbench.ui.editors import PairEditor, make_editor, readable, tip_of
from workbench.ui.field_form import FieldForm, FieldRow
from workbench.ui.form import MethodForm


@pytest.fixture
def form(qtbot, context: Context) -> MethodForm:
    """The form of slot s2, a bilinear ×2, in an active window."""
    context.view.set(selected="s2")
    made = MethodForm(context)
    qtbot.addWidget(made)
    made.resize(255, 600)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def method(context: Context, id: str = "s2") -> Method:
    slot = context.session.value.slot(id)
    assert slot is not None
    return slot.method


def row(form: MethodForm, name: str) -> FieldRow:
    return form.fields.rows[name]


def field(form: MethodForm, name: str, place: int = 0) -> QWidget:
    return row(form, name).editor.fields()[place]


def type_into(widget: QWidget, text: str) -> None:
    """Select everything and type, as a person does."""
    widget.setFocus()
    widget.selectAll()
    QTest.keyClicks(widget, text)


def choose(combo: QWidget, text: str) -> None:
    """Pick a line of a list by its first letters."""
    combo.setFocus()
    QTest.keyClicks(combo, text)


def test_a_typed_number_changes_the_method(form: MethodForm, context: Context) -> None:
    type_into(field(form, "scale"), "3")

    assert method(context).scale == (3.0, 3.0)


def test_an_arrow_turns_a_spin_box_by_its_step(form: MethodForm, context: Context) -> None:
    field(form, "scale").setFocus()
    QTest.keyClick(field(form, "scale"), Qt.Key.Key_Up)

    assert method(context).scale == (3.0, 3.0)


def test_a_scale_of_one_is_halved_and_not_made_zero(form: MethodForm, context: Context) -> None:
    for _ in range(2):
        QTest.keyClick(field(form, "scale"), Qt.Key.Key_Down)

    assert method(context).scale == (0.5, 0.5)


def test_turns_of_one_spin_box_are_one_step_of_undo(form: MethodForm, context: Context) -> None:
    for _ in range(3):
        QTest.keyClick(field(form, "scale"), Qt.Key.Key_Up)
    context.session.undo()

    assert method(context).scale == (2.0, 2.0)


def test_two_spin_boxes_are_two_steps_of_undo(form: MethodForm, context: Context) -> None:
    context.view.set(selected="s3")
    QTest.keyClick(field(form, "stride"), Qt.Key.Key_Up)
    QTest.keyClick(field(form, "padding"), Qt.Key.Key_Down)
    context.session.undo()

    assert (method(context, "s3").stride, method(context, "s3").padding) == ((3, 3), (1, 1))


def test_a_number_typed_below_the_limit_gets_a_sentence_and_changes_nothing(form: MethodForm, context: Context) -> None:
    context.view.set(selected="s3")
    type_into(field(form, "stride"), "0")

    assert row(form, "stride").note.text() == "stride: must be at least 1, not 0"
    assert method(context, "s3").stride == (2, 2)


def test_the_arrows_stop_at_the_limit(form: MethodForm, context: Context) -> None:
    context.view.set(selected="s3")
    for _ in range(3):
        QTest.keyClick(field(form, "stride"), Qt.Key.Key_Down)

    assert method(context, "s3").stride == (1, 1)
    assert not row(form, "stride").note.isVisible()


def test_a_choice_changes_the_method(form: MethodForm, context: Context) -> None:
    choose(field(form, "grid"), "Asym")

    assert method(context).grid.value == "asymmetric"


def test_undo_brings_the_old_number_back_into_the_field(form: MethodForm, context: Context) -> None:
    type_into(field(form, "scale"), "5")
    context.session.undo()

    assert field(form, "scale").value() == 2.0


def test_digits_being_typed_are_not_rewritten(form: MethodForm, context: Context) -> None:
    spin = field(form, "scale")
    type_into(spin, "1")
    QTest.keyClicks(spin, ".5")

    assert (spin.lineEdit().text(), method(context).scale) == ("1.5 ×", (1.5, 1.5))


def test_a_field_that_does_not_act_is_disabled_with_its_reason(form: MethodForm) -> None:
    antialias = row(form, "antialias")

    assert (antialias.editor.isEnabled(), antialias.note.text()) == (False, "only matters when reducing")


def test_a_field_acts_again_when_its_reason_is_gone(form: MethodForm) -> None:
    type_into(field(form, "scale"), "0.5")
    antialias = row(form, "antialias")

    assert (antialias.editor.isEnabled(), antialias.note.isHidden()) == (True, True)


def test_advanced_fields_are_folded_until_asked_for(form: MethodForm) -> None:
    before = row(form, "size").isHidden()
    QTest.mouseClick(form.fields.more, Qt.MouseButton.LeftButton)

    assert (before, row(form, "size").isHidden()) == (True, False)


def test_an_advanced_field_that_differs_is_never_folded(form: MethodForm, context: Context) -> None:
    context.session.do("x", edits.set_method("s2", from_text("bilinear:scale=2,normalise=off")))

    assert not row(form, "normalise").isHidden()


def test_a_size_typed_for_one_axis_is_taken_for_both(form: MethodForm, context: Context) -> None:
    QTest.mouseClick(form.fields.more, Qt.MouseButton.LeftButton)
    type_into(field(form, "size"), "24")

    assert method(context).size == (24, 24)


def test_a_size_of_auto_is_no_size(form: MethodForm, context: Context) -> None:
    context.session.do("x", edits.set_method("s2", from_text("bilinear:size=24x30")))
    type_into(field(form, "size"), "0")

    assert method(context).size is None


def test_two_numbers_show_as_two_spin_boxes(form: MethodForm, context: Context) -> None:
    context.session.do("x", edits.set_method("s2", from_text("bilinear:scale=2x3")))

    assert [one.isHidden() for one in row(form, "scale").editor.fields()] == [False, False]


def test_after_a_click_on_the_link_each_axis_has_its_number(form: MethodForm, context: Context) -> None:
    editor = row(form, "scale").editor
    assert isinstance(editor, PairEditor)
    QTest.mouseClick(editor._link, Qt.MouseButton.LeftButton)
    type_into(field(form, "scale", 1), "4")

    assert method(context).scale == (2.0, 4.0)


def test_linking_again_makes_both_axes_alike(form: MethodForm, context: Context) -> None:
    context.session.do("x", edits.set_method("s2", from_text("bilinear:scale=2x3")))
    editor = row(form, "scale").editor
    assert isinstance(editor, PairEditor)
    QTest.mouseClick(editor._link, Qt.MouseButton.LeftButton)

    assert method(context).scale == (2.0, 2.0)


@pytest.fixture
def stamp(form: MethodForm, context: Context) -> MethodForm:
    """The form of slot s3, a transposed convolution with stride 2."""
    context.view.set(selected="s3")
    return form


def test_a_relation_that_does_not_hold_is_said_under_its_field(stamp: MethodForm) -> None:
    type_into(field(stamp, "output_padding"), "2")
    wrong = row(stamp, "output_padding")

    assert (field(stamp, "output_padding").property("invalid"), wrong.note.text()) == (
        True,
        "output_padding: must be below 2, the larger of stride and dilation, not 2",
    )


def test_an_invalid_draft_leaves_the_document_alone(stamp: MethodForm, context: Context) -> None:
    before = context.session.value
    type_into(field(stamp, "output_padding"), "2")

    assert context.session.value is before


def test_two_fields_that_are_only_valid_together_can_be_typed_one_after_the_other(
    stamp: MethodForm, context: Context
) -> None:
    type_into(field(stamp, "output_padding"), "2")
    type_into(field(stamp, "stride"), "3")

    assert (method(context, "s3").stride, method(context, "s3").output_padding) == ((3, 3), (2, 2))


def test_a_valid_draft_takes_the_error_away(stamp: MethodForm) -> None:
    type_into(field(stamp, "output_padding"), "2")
    type_into(field(stamp, "output_padding"), "1")

    assert (field(stamp, "output_padding").property("invalid"), row(stamp, "output_padding").note.isHidden()) == (
        False,
        True,
    )


def test_what_cannot_be_built_is_said_under_the_field_too(stamp: MethodForm, context: Context) -> None:
    type_into(field(stamp, "padding"), "12")

    assert "padding: must leave an output pixel" in row(stamp, "padding").note.text()


def test_another_slot_of_the_same_method_takes_no_part_of_a_draft(stamp: MethodForm, context: Context) -> None:
    context.session.do("x", edits.duplicate_slot("s3"))
    type_into(field(stamp, "output_padding"), "2")
    context.view.set(selected="s4")

    assert (field(stamp, "output_padding").value(), row(stamp, "output_padding").note.isHidden()) == (0, True)


def test_fields_of_other_presets_are_left_out(stamp: MethodForm) -> None:
    assert (row(stamp, "sigma").isHidden(), row(stamp, "seed").isHidden()) == (False, True)


def test_a_preset_is_chosen_by_name(stamp: MethodForm, context: Context) -> None:
    choose(field(stamp, "kernel"), "Ones")

    assert method(context, "s3").kernel is KernelPreset.ONES


def test_indices_are_a_table_of_text(form: MethodForm, context: Context) -> None:
    table = [[2 * row * 20 + 2 * col for col in range(10)] for row in range(6)]
    given = from_text(f"max_unpool:plane=12x20,indices={table}".replace(" ", ""))
    context.session.do("x", edits.set_method("s2", given))
    text = field(form, "indices")
    text.setPlainText("\n".join(" ".join(str(one + 1) for one in line) for line in table))

    assert method(context).indices[1][:3] == (41, 43, 45)


def test_indices_that_are_no_table_are_said_under_the_field(form: MethodForm, context: Context) -> None:
    context.session.do("x", edits.set_method("s2", from_text("max_unpool")))
    field(form, "indices").setPlainText("1 2\n3")

    assert row(form, "indices").note.text().startswith("indices: must be a table of whole numbers")


def test_the_eye_hides_the_slot(form: MethodForm, context: Context) -> None:
    QTest.mouseClick(form.eye, Qt.MouseButton.LeftButton)

    assert context.session.value.slot("s2").hidden


def test_the_title_says_number_and_name(form: MethodForm) -> None:
    assert form.title.text() == "2  Bilinear"


# -- preparation -------------------------------------------------------------------------------------------------------


@pytest.fixture
def source(form: MethodForm, context: Context) -> MethodForm:
    """The form while the source is selected."""
    context.view.set(selected="source")
    return form


def test_the_source_has_the_form_of_its_preparation(source: MethodForm) -> None:
    assert (source.preparation.isHidden(), source.fields.isHidden()) == (False, True)


def test_another_preparation_is_chosen_by_name(source: MethodForm, context: Context) -> None:
    choose(source.preparation.method, "Average")

    assert context.session.value.preparation.method == from_text("average_pool")


def test_use_as_it_is_leaves_the_method_out(source: MethodForm, context: Context) -> None:
    choose(source.preparation.method, "Use")

    assert context.session.value.preparation == Preparation()


def test_a_field_of_the_preparation_changes_it(source: MethodForm, context: Context) -> None:
    type_into(source.preparation.fields.rows["factor"].editor.fields()[0], "3")

    assert context.session.value.preparation.method.factor == (3, 3)


def test_light_is_a_choice_of_the_preparation(source: MethodForm, context: Context) -> None:
    choose(source.preparation.light, "Linear")

    assert context.session.value.preparation.light == "linear"


def test_alpha_is_asked_only_where_there_is_some(source: MethodForm, context: Context) -> None:
    before = source.preparation._alpha_row.isHidden()
    pixels = np.random.default_rng(3).integers(0, 256, (12, 20, 4), dtype=np.uint8)
    context.session.do("x", edits.set_source(array_source(pixels, "with alpha")))

    assert (before, source.preparation._alpha_row.isHidden()) == (True, False)


def test_without_a_source_the_form_says_that_methods_wait(source: MethodForm, context: Context) -> None:
    context.session.do("x", edits.set_source(None))

    assert "as soon as there is a source" in source.waiting.text()
    assert not source.waiting.isHidden()


# -- every method ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", all_methods(), ids=lambda cls: cls.info.id)
def test_every_field_of_every_method_has_an_editor_that_gives_back_what_it_was_told(qtbot, theme, cls) -> None:
    for spec in cls.fields():
        editor = make_editor(spec)
        qtbot.addWidget(editor)
        editor.set_value(spec.default)

        assert spec.coerce(editor.value()) == spec.default


@pytest.mark.parametrize("cls", all_methods(), ids=lambda cls: cls.info.id)
def test_every_field_tells_what_it_means(cls) -> None:
    assert [spec.name for spec in cls.fields() if not tip_of(spec).startswith(spec.param.label)] == []


@pytest.mark.parametrize("cls", all_methods(), ids=lambda cls: cls.info.id)
def test_choices_are_short_enough_for_the_form(cls) -> None:
    from workbench.kernels.params import EnumKind

    names = [readable(one) for spec in cls.fields() if isinstance(spec.kind, EnumKind) for one in spec.kind.enum]

    assert [name for name in names if len(name) > 15] == []


def test_showing_a_method_is_no_edit(qtbot, theme) -> None:
    fields = FieldForm()
    qtbot.addWidget(fields)
    heard = []
    fields.edited.connect(heard.append)
    for cls in all_methods():
        fields.show_method(cls(), None)

    assert heard == []


def test_a_choice_in_a_list_that_is_still_open_when_another_method_comes_up_is_no_edit_of_that_one(
    form: MethodForm, context: Context
) -> None:
    left = field(form, "grid")
    context.view.set(selected="s3")
    before = context.session.value
    left.setCurrentIndex(left.currentIndex() + 1)

    assert context.session.value is before
