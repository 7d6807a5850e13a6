"""What is particular about a pixel, in the words of the card and the status bar."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.model.desk import Desk, comparison, desk, picture
from workbench.kernels.arrays import Pixel
from workbench.kernels.registry import from_text
from workbench.model.document import Preparation
from workbench.model.notes import badge_at, is_moved, moved_values, notes_at, outside_text

GREY = picture(6, 8, channels=1)


def at(text: str, pixel: tuple[int, int], values: np.ndarray = GREY) -> tuple[str, ...]:
    made = desk(comparison(text, blocks=None, values=values))
    return notes_at(made.ready("s1"), Pixel(*pixel), 0)


def pooled(kernel: int, stride: int, method: str, values: np.ndarray, **how: object) -> Desk:
    more = "".join(f",{name}={value}" for name, value in how.items())
    made = comparison(method, blocks=None, values=values)
    preparation = Preparation(from_text(f"max_pool:kernel={kernel},stride={stride}{more}"))
    return desk(replace(made, preparation=preparation))


@pytest.mark.parametrize(
    ("rule", "real", "text"),
    [
        ("replicate", Pixel(0, 3), "x[−1,3] is x[0,3] (edge)"),
        ("wrap", Pixel(5, 3), "x[−1,3] is x[5,3] (wrap)"),
        ("mirror", Pixel(1, 3), "mirror of x[1,3]"),
        ("symmetric", Pixel(0, 3), "mirror of x[0,3]"),
        ("zero", None, "= 0 (zero)"),
        ("exclude", None, "dropped, others renormalised"),
    ],
)
def test_what_stands_for_a_sample_outside(rule: str, real: Pixel | None, text: str) -> None:
    assert outside_text(Pixel(-1, 3), real, rule) == text


def test_a_folded_border_says_both_parts() -> None:
    # Output 0 samples at −0.25: the pixel itself has 3/4, the one above it, which is the same, 1/4.
    assert at("bilinear:scale=2,edge=replicate", (0, 5)) == (
        "x[0,2]: 0.5625 + 0.1875 folded",
        "x[0,3]: 0.1875 + 0.0625 folded",
    )


def test_what_is_zero_outside_is_said() -> None:
    assert at("bilinear:scale=2,edge=zero", (0, 5)) == ("2 taps outside: = 0 (zero)",)


def test_what_is_dropped_is_said() -> None:
    assert at("bicubic:scale=2,edge=exclude", (0, 5))[0] == "8 outside dropped, others renormalised"


def test_an_inner_pixel_has_nothing_particular() -> None:
    assert at("bilinear:scale=2", (5, 6)) == ()


def test_zero_taps_of_a_phase_are_counted() -> None:
    # Align-corners at a sample: of three taps within the support of each axis one is 1, the others exactly 0.
    notes = at("bicubic:size=11x15,grid=align_corners", (4, 6))

    assert notes == ("8 taps are 0 at this phase",)


def test_a_layer_meets_nothing_beyond_its_source() -> None:
    assert at("transposed_conv:kernel=ones,stride=2,padding=0", (0, 4)) == ("2 taps meet nothing beyond the source",)


def test_b_stands_apart() -> None:
    assert at("bilinear:scale=2,edge=zero,outside_value=0.5", (0, 5))[-1] == "+ b: the map is affine, A and b apart"


def test_a_long_spline_says_what_it_leaves_out() -> None:
    notes = at("bspline:scale=2", (80, 91), picture(80, 90, channels=1))

    assert notes == ("14 taps a side shown, Σ|rest| ≤ 6e−8",)


def test_a_tie_names_what_each_library_takes() -> None:
    # 4 → 6: output 4 samples at (4 + ½)·4/6 − ½ = 2.5 exactly.
    assert at("nearest:size=6x8", (4, 0), picture(4, 8, channels=1)) == (
        "row c = 2.5 exactly: Pillow takes 2, PyTorch and SciPy 3",
    )


def test_whole_factors_never_tie() -> None:
    assert at("nearest:scale=2", (5, 7)) == ()


def test_a_collision_names_the_window_that_lost() -> None:
    values = np.zeros((5, 7))
    values[2, 3] = 0.9  # seen by windows (0, 1) and (1, 1) of kernel 3, stride 2
    made = pooled(3, 2, "max_unpool", values)
    ready = made.ready("s1")

    assert ready.operator.taps(2, 3).rows.tolist() == [0, 1]
    assert notes_at(ready, Pixel(2, 3), 0)[0] == "window (0,1) also wrote here: 0.9, lost"
    assert badge_at(ready, Pixel(2, 3), 0) == "window (0,1) also wrote here: 0.9, lost"


def test_indices_read_in_another_plane_are_counted_and_marked() -> None:
    made = pooled(2, 2, "max_unpool:reading=torch", np.arange(25.0).reshape(5, 5), ceil_mode=True)
    ready = made.ready("s1")

    assert ready.shape == (6, 6)
    assert len(moved_values(ready)) == 9
    # Index 6 of the 5 × 5 plane is (1, 1); read with rows of 6 it lands at (1, 0).
    assert is_moved(ready, Pixel(1, 0), 0)
    assert not is_moved(ready, Pixel(1, 1), 0)
    assert notes_at(ready, Pixel(1, 0), 0)[-1] == "pooled on 5×5, unpooled on 6×6: 9 values moved"


def test_a_window_with_two_maxima_says_that_the_first_was_recorded() -> None:
    values = np.zeros((4, 6))
    values[0, 2] = values[1, 3] = 0.7
    made = pooled(2, 2, "max_unpool", values)

    assert notes_at(made.ready("s1"), Pixel(0, 2), 0) == (
        "2 pixels of window (0,1) hold its maximum: the first was recorded",
    )
