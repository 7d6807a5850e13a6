"""The pipeline computes exactly what differs, shows what is asked for, and turns failures into values."""

from __future__ import annotations

import numpy as np
import pytest

from tests.model.desk import HeldRunner, comparison, desk, picture
from workbench.kernels.arrays import Window
from workbench.kernels.cancel import CancelToken
from workbench.kernels.errors import MissingRecord, ParameterError
from workbench.kernels.metrics import measure
from workbench.kernels.registry import from_text
from workbench.model import measuring
from workbench.model.document import Comparison, Preparation
from workbench.model.edits import (
    add_slot,
    move_slot,
    remove_slot,
    rename_slot,
    set_hidden,
    set_method,
    set_preparation,
    set_reference,
    set_source,
)
from workbench.model.jobs import Done, Error, InlineRunner
from workbench.model.pipeline import Pipeline
from workbench.model.results import Failed, Pending, Ready, Results
from workbench.model.samples import array_source
from workbench.model.session import Session
from workbench.model.view_state import ViewState

WINDOW = Window(3, 5, 13, 22)


# What is computed


def test_outputs_are_what_the_operators_give() -> None:
    made = desk(comparison("bilinear:scale=4"))
    prepared = made.results.prepared
    assert prepared is not None
    expected = from_text("bilinear:scale=4").operator(prepared.spec).apply(prepared.values)
    np.testing.assert_array_equal(made.ready("s1").whole, expected)


def test_results_cannot_be_written_into() -> None:
    whole = desk(comparison("nearest:scale=4")).ready("s1").whole
    assert whole is not None
    assert not whole.flags.writeable


def test_measures_compare_with_the_original() -> None:
    made = desk(comparison("nearest:scale=4"))
    whole, prepared = made.ready("s1").whole, made.results.prepared
    assert whole is not None
    assert prepared is not None
    assert prepared.original is not None
    numbers = dict(made.ready("s1").metrics or {})
    assert numbers.pop("kappa") == 0
    assert numbers == measure(whole, prepared.original)


def test_measures_compare_with_the_chosen_slot() -> None:
    made = desk(comparison("nearest:scale=4", "bilinear:scale=4", reference="s2"))
    a, r = made.ready("s1").whole, made.ready("s2").whole
    assert a is not None
    assert r is not None
    assert (made.ready("s1").metrics or {})["mse"] == measure(a, r)["mse"]


def test_the_reference_itself_is_not_measured() -> None:
    made = desk(comparison("nearest:scale=4", "bilinear:scale=4", reference="s2"))
    assert (made.ready("s2").metrics or {})["psnr"] == "reference"


def test_without_an_original_measures_say_so() -> None:
    made = desk(comparison("nearest:scale=2", blocks=None))
    assert (made.ready("s1").metrics or {})["psnr"] == "no reference"


def test_an_output_on_another_grid_is_not_measured() -> None:
    made = desk(comparison("nearest:scale=3"))
    assert (made.ready("s1").metrics or {})["psnr"] == "other grid"


def test_the_data_range_is_the_width_of_the_nominal_range() -> None:
    values = picture() * 200
    made = desk(comparison("nearest:scale=4", values=values))
    whole, prepared = made.ready("s1").whole, made.results.prepared
    assert whole is not None
    assert prepared is not None
    assert prepared.original is not None
    expected = measure(whole, prepared.original, data_range=values.max())
    assert (made.ready("s1").metrics or {})["psnr"] == expected["psnr"]


def test_a_method_that_cannot_be_is_a_failed_slot() -> None:
    made = desk(comparison("nearest:scale=4", "max_unpool", blocks=None))
    result = made.results.get("s2")
    assert isinstance(result, Failed)
    assert isinstance(result.error, MissingRecord)


def test_a_failed_slot_leaves_the_others_alone() -> None:
    made = desk(comparison("max_unpool", "nearest:scale=4", blocks=None))
    assert isinstance(made.results.get("s2"), Ready)


def test_a_preparation_that_cannot_be_is_an_error_of_the_source() -> None:
    made = desk(comparison("nearest:scale=4", blocks=60))
    assert isinstance(made.results.source_error, ParameterError)
    assert isinstance(made.results.get("s1"), Pending)


def test_two_equal_outputs_are_found() -> None:
    made = desk(comparison("bilinear:scale=4", "nearest:scale=4", "average_unpool:kernel=4"))
    assert [made.ready(id).same_as for id in ("s1", "s2", "s3")] == [None, None, "s2"]


def test_outputs_with_holes_in_the_same_places_are_equal() -> None:
    pixels = picture(6, 9)
    pixels[2, 5] = np.nan
    value = comparison("nearest:scale=4", "average_unpool:kernel=4", blocks=None)
    made = desk(set_source(array_source(pixels))(value))
    assert made.ready("s2").same_as == "s1"


def test_moving_a_slot_moves_who_is_the_same_as_whom() -> None:
    made = desk(comparison("nearest:scale=4", "average_unpool:kernel=4"))
    made.session.do("Move", move_slot("s2", 0))
    assert (made.ready("s1").same_as, made.ready("s2").same_as) == ("s2", None)


# What differs


def test_changing_one_method_leaves_the_other_result_untouched() -> None:
    made = desk(comparison("nearest:scale=4", "bilinear:scale=4"))
    before = made.ready("s2")
    made.session.do("Change", set_method("s1", from_text("nearest:scale=8")))
    assert made.ready("s1").shape == (48, 72)
    assert made.ready("s2").operator is before.operator


def test_changing_the_reference_computes_no_output_again() -> None:
    made = desk(comparison("nearest:scale=4", "bilinear:scale=4"))
    before = [made.ready(id).whole for id in ("s1", "s2")]
    made.session.do("Reference", set_reference("s2"))
    assert all(made.ready(id).whole is whole for id, whole in zip(("s1", "s2"), before, strict=True))
    assert (made.ready("s2").metrics or {})["psnr"] == "reference"


def test_a_changed_reference_slot_changes_the_measures_of_all() -> None:
    made = desk(comparison("nearest:scale=4", "bilinear:scale=4", reference="s2"))
    made.session.do("Change", set_method("s2", from_text("nearest:scale=4")))
    assert (made.ready("s1").metrics or {})["mse"] == 0


def test_renaming_a_slot_computes_nothing() -> None:
    made = desk(comparison("nearest:scale=4"))
    before = made.ready("s1")
    made.session.do("Rename", rename_slot("s1", "Blocks"))
    assert made.ready("s1").slot.title == "Blocks"
    assert made.ready("s1").operator is before.operator


def test_hiding_a_slot_computes_nothing() -> None:
    runner = HeldRunner()
    made = desk(comparison("nearest:scale=4"), runner)
    runner.run_all()
    made.session.do("Hide", set_hidden("s1", True))
    assert runner.busy == 0


def test_a_removed_slot_is_forgotten() -> None:
    made = desk(comparison("nearest:scale=4", "bilinear:scale=4"))
    made.session.do("Remove", remove_slot("s1"))
    assert made.results.get("s1") is None


def test_undoing_a_removal_computes_the_slot_again() -> None:
    made = desk(comparison("nearest:scale=4"))
    made.session.do("Remove", remove_slot("s1"))
    made.session.undo()
    assert made.ready("s1").whole is not None


def test_an_added_slot_is_computed() -> None:
    made = desk(comparison("nearest:scale=4"))
    made.session.do("Add", add_slot(from_text("bilinear:scale=4")))
    assert made.ready("s2").whole is not None


def test_another_preparation_computes_everything_again() -> None:
    made = desk(comparison("nearest:scale=4"))
    made.session.do("Prepare", set_preparation(Preparation(from_text("down:factor=2"))))
    assert made.ready("s1").shape == (48, 72)


def test_taking_the_picture_away_leaves_slots_waiting() -> None:
    made = desk(comparison("nearest:scale=4"))
    made.session.do("Close", set_source(None))
    result = made.results.get("s1")
    assert made.results.prepared is None
    assert isinstance(result, Pending)
    assert result.previous is None


def test_an_edit_made_while_another_is_announced_wins() -> None:
    session = Session(comparison("nearest:scale=4"))

    def correct(new: Comparison, old: Comparison) -> None:
        if new.slots[0].method == from_text("nearest:scale=2"):
            session.do("Correct", set_method("s1", from_text("nearest:scale=8")))

    session.changed.connect(correct)
    results = Results()
    Pipeline(session, ViewState(), results, InlineRunner()).start()
    session.do("Change", set_method("s1", from_text("nearest:scale=2")))
    ready = results.ready("s1")
    assert ready is not None
    assert ready.shape == (48, 72)


# Waiting


def test_a_slot_being_computed_keeps_what_it_showed() -> None:
    runner = HeldRunner()
    made = desk(comparison("nearest:scale=4"), runner)
    runner.run_all()
    before = made.ready("s1")
    made.session.do("Change", set_method("s1", from_text("bilinear:scale=4")))
    result = made.results.get("s1")
    assert isinstance(result, Pending)
    assert result.previous is not None
    assert result.previous.operator is before.operator


def test_a_step_of_a_drag_that_arrives_late_is_shown_beside_the_newest_value() -> None:
    runner = HeldRunner()
    made = desk(comparison("nearest:scale=4"), runner)
    runner.run_all()
    made.pipeline.request("s1", WINDOW)
    made.session.do("Drag", set_method("s1", from_text("bilinear:scale=3")))
    work, land, _ = runner.held[("slot", "s1")]
    made.session.do("Drag", set_method("s1", from_text("bilinear:scale=5")))
    land(Done(work(CancelToken())))
    result, part = made.results.get("s1"), made.results.part("s1")
    assert isinstance(result, Pending)
    assert result.previous is not None
    assert result.slot.method == from_text("bilinear:scale=5")
    assert result.previous.slot.method == from_text("bilinear:scale=3")
    assert part is not None
    assert part.placement == result.previous.operator.placement


def test_a_step_of_a_dragged_preparation_is_shown_until_the_newest_lands() -> None:
    runner = HeldRunner()
    made = desk(comparison("nearest:scale=4"), runner)
    runner.run_all()
    made.session.do("Drag", set_preparation(Preparation(from_text("down:factor=2"))))
    work, land, _ = runner.held[("prepare",)]
    made.session.do("Drag", set_preparation(Preparation(from_text("down:factor=3"))))
    land(Done(work(CancelToken())))
    runner.run(("slot", "s1"))
    result = made.results.get("s1")
    assert isinstance(result, Pending)
    assert result.previous is not None
    assert result.previous.shape == (48, 72)
    runner.run_all()
    assert made.ready("s1").shape == (32, 48)


def test_work_on_another_picture_never_lands() -> None:
    runner = HeldRunner()
    made = desk(comparison("nearest:scale=4"), runner)
    runner.run(("prepare",))
    made.session.do("Open", set_source(array_source(picture(8, 12))))
    assert set(runner.held) == {("prepare",)}
    runner.run_all()
    assert made.ready("s1").shape == (8, 12)


def test_a_failed_step_of_a_drag_is_not_shown() -> None:
    runner = HeldRunner()
    made = desk(comparison("nearest:scale=4"), runner)
    runner.run_all()
    made.session.do("Drag", set_method("s1", from_text("max_unpool:indices=[[1]],plane=3x3")))
    _, land, _ = runner.held[("slot", "s1")]
    made.session.do("Drag", set_method("s1", from_text("bilinear:scale=5")))
    land(Error(ParameterError("indices", "must be one for each pixel")))
    assert isinstance(made.results.get("s1"), Pending)


def test_a_bug_in_a_method_is_a_failed_slot_and_is_heard_of(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> None:
        raise ZeroDivisionError("a bug")

    session, results = Session(comparison("nearest:scale=4")), Results()
    monkeypatch.setattr(measuring, "make_whole", broken)
    with pytest.raises(ZeroDivisionError):
        Pipeline(session, ViewState(), results, InlineRunner()).start()
    assert isinstance(results.get("s1"), Failed)


def test_an_image_is_there_before_it_is_timed() -> None:
    runner = HeldRunner()
    made = desk(comparison("nearest:scale=4"), runner)
    runner.run(("prepare",))
    runner.run(("slot", "s1"))
    before = made.ready("s1")
    runner.run_all()

    assert before.whole is not None
    assert before.seconds is None
    assert made.ready("s1").whole is before.whole
    assert (made.ready("s1").seconds or 0) > 0


def test_too_little_memory_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise MemoryError

    monkeypatch.setattr(measuring, "make_whole", full)
    result = desk(comparison("nearest:scale=4")).results.get("s1")
    assert isinstance(result, Failed)
    assert str(result.error) == "There is not enough memory for this."


def test_what_came_from_another_picture_is_not_kept() -> None:
    runner = HeldRunner()
    made = desk(comparison("nearest:scale=4"), runner)
    runner.run_all()
    made.session.do("Open", set_source(array_source(picture(seed=8))))
    result = made.results.get("s1")
    assert isinstance(result, Pending)
    assert result.previous is None


def test_numbers_of_the_old_reference_are_taken_away_at_once() -> None:
    runner = HeldRunner()
    made = desk(comparison("nearest:scale=4", "bilinear:scale=4"), runner)
    runner.run_all()
    made.session.do("Reference", set_reference("s2"))
    assert made.ready("s1").metrics is None


def test_cancelling_leaves_a_sentence_in_slots_without_a_result() -> None:
    runner = HeldRunner()
    made = desk(comparison("nearest:scale=4"), runner)
    runner.run(("prepare",))
    made.pipeline.cancel()
    result = made.results.get("s1")
    assert isinstance(result, Failed)
    assert str(result.error) == "The computation was cancelled."


def test_after_cancelling_everything_can_be_computed_again() -> None:
    runner = HeldRunner()
    made = desk(comparison("nearest:scale=4"), runner)
    made.pipeline.cancel()
    made.pipeline.recompute()
    runner.run_all()
    assert made.ready("s1").whole is not None


def test_progress_names_the_work_and_ends_idle() -> None:
    runner = HeldRunner()
    made = desk(comparison("nearest:scale=4"), runner)
    heard: list[tuple[str, float]] = []
    made.pipeline.progress.connect(lambda text, share: heard.append((text, share)))
    runner.run_all()
    assert any(text.startswith("Nearest") for text, _ in heard)
    assert heard[-1] == ("", -1.0)


def test_nothing_is_written_after_close() -> None:
    made = desk(comparison("nearest:scale=4"))
    made.pipeline.close()
    made.session.do("Change", set_method("s1", from_text("nearest:scale=8")))
    assert made.ready("s1").shape == (24, 36)
