"""What the window opens with, and its numbers."""

from __future__ import annotations

import numpy as np
import pytest

from tests.model.desk import Desk, desk
from workbench.kernels.registry import from_text
from workbench.model.document import Comparison, Lesson, Preparation, Slot
from workbench.model.results import Pending
from workbench.model.samples import array_source
from workbench.model.start import empty, first_start, for_image


@pytest.fixture(scope="module")
def first() -> Desk:
    return desk(first_start())


# PSNR, κ and the errors as in the design's pictures; SSIM with the Gaussian window of its paper.
EXPECTED = {
    "s1": {"psnr": 28.51, "ssim": 0.7267, "mse": 0.001409, "mae": 0.02456, "max_error": 0.4718},
    "s2": {"psnr": 29.50, "ssim": 0.7699, "mse": 0.001122, "mae": 0.02150, "max_error": 0.5385},
    "s3": {"psnr": 20.42, "ssim": 0.2465, "mse": 0.009072, "mae": 0.07562, "max_error": 0.6621, "kappa": 0.0256},
    "s4": {"psnr": 6.68, "ssim": 0.0253, "mse": 0.214680, "mae": 0.42362, "max_error": 0.8353},
    "s5": {"psnr": 28.51, "ssim": 0.7267, "mse": 0.001409, "mae": 0.02456, "max_error": 0.4718},
}
DIGITS = {"psnr": 2, "ssim": 4, "mse": 6, "mae": 5, "max_error": 4, "kappa": 4}


@pytest.mark.parametrize(("slot", "metric"), [(slot, metric) for slot in EXPECTED for metric in EXPECTED[slot]])
def test_the_first_start_shows_the_known_numbers(first: Desk, slot: str, metric: str) -> None:
    numbers = first.ready(slot).metrics
    assert numbers is not None
    assert numbers[metric] == pytest.approx(EXPECTED[slot][metric], abs=0.5001 * 10 ** -DIGITS[metric])


def test_average_unpooling_equals_nearest_and_says_so(first: Desk) -> None:
    twins = [first.ready(slot.id).same_as for slot in first.session.value.slots]
    assert twins == [None, None, None, None, "s1"]


def test_max_unpooling_has_no_checkerboard_number_but_a_reason(first: Desk) -> None:
    numbers = first.ready("s4").metrics
    assert numbers is not None
    assert numbers["kappa"] == "no period"


def test_every_output_of_the_first_start_was_timed(first: Desk) -> None:
    assert all((first.ready(slot.id).seconds or 0) > 0 for slot in first.session.value.slots)


def test_the_source_of_the_first_start_is_a_quarter_of_the_picture(first: Desk) -> None:
    assert first.results.prepared is not None
    assert first.results.prepared.shape == (75, 112)


def test_without_a_picture_slots_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    made = desk(empty())
    assert all(isinstance(made.results.get(id), Pending) for id in ("s1", "s2", "s3"))


def test_a_large_picture_is_averaged_so_that_it_can_be_measured() -> None:
    made = for_image(array_source(np.zeros((256, 300))))
    assert made.preparation.method == from_text("down:factor=4")


def test_a_small_picture_is_used_as_it_is() -> None:
    assert for_image(array_source(np.zeros((255, 300)))).preparation == Preparation()


def test_another_picture_keeps_methods_and_preparation() -> None:
    current = Comparison(
        array_source(np.zeros((9, 7))), Preparation(from_text("down:factor=2")), (Slot("s4", from_text("bilinear")),)
    )
    made = for_image(array_source(np.zeros((300, 400))), current)
    assert (made.slots, made.preparation) == (current.slots, current.preparation)


def test_a_preparation_that_does_not_fit_the_new_picture_is_left_out() -> None:
    current = Comparison(
        array_source(np.zeros((90, 70))), Preparation(from_text("down:factor=8")), (Slot("s1", from_text("bilinear")),)
    )
    assert for_image(array_source(np.zeros((5, 6))), current).preparation.method is None


def test_max_pooling_stays_as_the_preparation_of_another_picture() -> None:
    current = Comparison(
        array_source(np.zeros((90, 70))), Preparation(from_text("max_pool")), (Slot("s1", from_text("max_unpool")),)
    )
    assert for_image(array_source(np.zeros((8, 6))), current).preparation == current.preparation


def test_methods_of_a_lesson_do_not_stay() -> None:
    current = Comparison(
        array_source(np.zeros((2, 2))), slots=(Slot("s1", from_text("nearest:size=4x4")),), lesson=Lesson("a", "b")
    )
    made = for_image(array_source(np.zeros((300, 400))), current)
    assert len(made.slots) == 5
    assert made.lesson is None
