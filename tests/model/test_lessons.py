"""Every lesson opens, computes, and says the number that comes out."""

from __future__ import annotations

import json
import re
from fractions import Fraction

import numpy as np
import pytest

from tests.model.desk import desk
from workbench.kernels.arrays import Pixel
from workbench.kernels.errors import SessionFileError
from workbench.model.document import Lesson
from workbench.model.lessons import ORDER, all_lessons, load_lesson, verified
from workbench.model.probe import value_at

IDS = [entry.id for entry in all_lessons()]


def test_the_articles_seven_examples_come_first_in_its_order() -> None:
    assert tuple(IDS[:7]) == ORDER


@pytest.mark.parametrize("id", IDS)
def test_a_lesson_computes_the_number_it_says(id: str) -> None:
    comparison = load_lesson(id)
    made = desk(comparison)
    assert comparison.lesson is not None
    said = verified(comparison.lesson)
    assert said is not None
    pin = comparison.pins[0]
    value = value_at(made.results, comparison, pin.slot, Pixel(pin.row, pin.col), 0)
    assert value == pytest.approx(float(said.value), abs=1e-12)


@pytest.mark.parametrize("id", IDS)
def test_a_lesson_pins_the_pixel_it_speaks_of(id: str) -> None:
    comparison = load_lesson(id)
    assert comparison.lesson is not None
    said = verified(comparison.lesson)
    assert said is not None
    assert (comparison.pins[0].row, comparison.pins[0].col) == (said.row, said.col)


@pytest.mark.parametrize("id", IDS)
def test_a_lesson_is_two_sentences(id: str) -> None:
    lesson = load_lesson(id).lesson
    assert lesson is not None
    assert len(re.findall(r"\.(?: |$)", lesson.text)) == 2


@pytest.mark.parametrize("id", IDS)
def test_every_slot_of_a_lesson_computes(id: str) -> None:
    made = desk(load_lesson(id))
    assert all(made.ready(slot.id).whole is not None for slot in made.session.value.slots)


ARTICLE = {
    ("article-conv", "s1"): [[122, 148], [126, 134]],
    ("article-deconv", "s1"): [[2, 9, 6, 1], [6, 29, 30, 7], [10, 29, 33, 13], [12, 24, 16, 4]],
    ("article-not-inverse", "s1"): [
        [122, 636, 714, 148],
        [248, 1274, 1620, 578],
        [492, 1448, 1480, 550],
        [378, 780, 528, 134],
    ],
    ("article-max-unpool", "s1"): [[0, 1.3, 0, 0], [0, 0, 0, 0.4], [0.2, 0, 0, 0], [0, 0, 0, 0.9]],
    ("article-avg-unpool", "s1"): [[1, 1, 2, 2], [1, 1, 2, 2], [3, 3, 4, 4], [3, 3, 4, 4]],
    ("article-avg-unpool", "s2"): [[0.25, 0.25, 0.5, 0.5]] * 2 + [[0.75, 0.75, 1, 1]] * 2,
    ("article-nearest", "s1"): [[234, 38, 22, 22], [67, 44, 12, 12], [89, 65, 63, 63], [89, 65, 63, 63]],
    ("article-nearest", "s2"): [[234, 38, 38, 22], [67, 44, 44, 12], [67, 44, 44, 12], [89, 65, 65, 63]],
    ("article-nearest", "s3"): [[234, 234, 38, 22], [234, 234, 38, 22], [67, 67, 44, 12], [89, 89, 65, 63]],
    ("article-linear", "s1"): [[4, 14 / 3, 16 / 3, 6], [10, 28 / 3, 26 / 3, 8]],
    ("article-linear", "s2"): [
        [4, 14 / 3, 16 / 3, 6],
        [6, 56 / 9, 58 / 9, 20 / 3],
        [8, 70 / 9, 68 / 9, 22 / 3],
        [10, 28 / 3, 26 / 3, 8],
    ],
    ("article-linear", "s3"): [[4, 4.5, 5.5, 6], [5.5, 5.75, 6.25, 6.5], [8.5, 8.25, 7.75, 7.5], [10, 9.5, 8.5, 8]],
}


@pytest.mark.parametrize(("id", "slot"), ARTICLE)
def test_the_articles_examples_come_out_whole(id: str, slot: str) -> None:
    whole = desk(load_lesson(id)).ready(slot).whole
    assert whole is not None
    np.testing.assert_allclose(whole, ARTICLE[id, slot], atol=1e-12, rtol=0)


def test_the_convolution_is_measured_against_the_picture_it_came_from() -> None:
    made = desk(load_lesson("article-not-inverse"))
    assert made.results.prepared is not None
    np.testing.assert_array_equal(made.results.prepared.original, made.session.value.source.values())  # type: ignore[union-attr]


@pytest.mark.parametrize("id", IDS)
def test_lesson_files_hold_only_what_is_known(id: str) -> None:
    path = next(entry.path for entry in all_lessons() if entry.id == id)
    assert json.loads(path.read_text(encoding="utf-8"))["schema"] == 1
    assert load_lesson(id).unknown == ""


def test_an_unknown_lesson_is_refused_by_name() -> None:
    with pytest.raises(SessionFileError, match="there is no such lesson; there are article-conv"):
        load_lesson("article-pooling")


def test_fractions_are_read_exactly() -> None:
    said = verified(Lesson("", "", "y[1, 2] = 58/9"))
    assert said is not None
    assert said.value == Fraction(58, 9)


def test_a_lesson_without_a_number_has_nothing_to_verify() -> None:
    assert verified(Lesson("", "", "look at the corners")) is None
