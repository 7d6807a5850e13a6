"""The numbers by which presets are told apart, on a line of four or six samples; and prototypes as exact fractions."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.kernels.method import SourceSpec
from workbench.kernels.registry import from_text

RAMP, STEP, LONG_STEP = [0, 1, 2, 3], [0, 0, 1, 1], [0, 0, 0, 1, 1, 1]
DIGITS = 5.1e-5
"""Half of the last of four digits."""


def along(text, values, size=None):
    """What a method makes of one row of pixels."""
    fields = f"size=[1,{size}]" if size else ""
    joined = ",".join(part for part in (fields, text.partition(":")[2]) if part)
    method = from_text(f"{text.partition(':')[0]}:{joined}")
    return method.operator(SourceSpec((1, len(values)))).apply(np.array([values], float))[0]


# Nearest: the source of every output


NEAREST = {
    "grid=asymmetric,tie=torch_floor": ["0012", "001223", "00112334", "0000111"],
    "grid=asymmetric,tie=cv2_floor": ["0012", "001223", "00112334", "0000111"],
    "tie=torch_exact": ["0112", "011233", "00122344", "0001111"],
    "tie=scipy": ["0112", "011233", "00122344", "0001111"],
    "tie=up": ["0112", "011233", "00122344", "0001111"],
    "tie=pillow": ["0112", "011223", "00122344", "0000111"],
    "tie=down": ["0112", "001223", "00122344", "0000111"],
    "grid=align_corners,tie=up": ["0112", "011223", "01122334", "0001111"],
    "grid=asymmetric,tie=up": ["0122", "011233", "01123344", "0011111"],
}


@pytest.mark.parametrize(("rule", "rows"), NEAREST.items())
def test_nearest_takes_the_sources_of_its_library(rule, rows):
    for (n, m), wanted in zip([(3, 4), (4, 6), (5, 8), (2, 7)], rows):
        assert "".join(f"{v:.0f}" for v in along(f"nearest:{rule}", range(n), m)) == wanted


def test_a_stretched_box_is_nearest_when_enlarging():
    for n, m in [(3, 4), (4, 6), (5, 8), (2, 7), (6, 11)]:
        assert np.array_equal(along("box:antialias=on", range(n), m), along("nearest", range(n), m))


# Linear, Hamming, area on a ramp


LINEAR = {
    "bilinear": ([0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3], [0, 0.7, 1.5, 2.3, 3]),
    "bilinear:grid=align_corners": ([0, 0.4286, 0.8571, 1.2857, 1.7143, 2.1429, 2.5714, 3], [0, 0.75, 1.5, 2.25, 3]),
    "bilinear:grid=asymmetric": ([0, 0.5, 1, 1.5, 2, 2.5, 3, 3], [0, 0.8, 1.6, 2.4, 3]),
    "bilinear:edge=mirror": ([0.25, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 2.75], [0.1, 0.7, 1.5, 2.3, 2.9]),
    "bilinear:edge=zero": ([0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 2.25], [0, 0.7, 1.5, 2.3, 2.7]),
    "hamming": ([0, 0.0764, 0.9236, 1.0764, 1.9236, 2.0764, 2.9236, 3], [0, 0.8752, 1.5, 2.1248, 3]),
    "area": ([0, 0, 1, 1, 2, 2, 3, 3], [0, 0.75, 1.5, 2.25, 3]),
    "area:rule=cv2": ([0, 0, 1, 1, 2, 2, 3, 3], [0, 0.75, 1.5, 2.25, 3]),
    "area:rule=adaptive": ([0, 0, 1, 1, 2, 2, 3, 3], [0, 0.5, 1.5, 2.5, 3]),
}


@pytest.mark.parametrize("text", LINEAR)
def test_a_ramp_tells_the_linear_presets_apart(text):
    to_8, to_5 = LINEAR[text]

    assert np.abs(along(text, RAMP, 8) - to_8).max() <= DIGITS
    assert np.abs(along(text, RAMP, 5) - to_5).max() <= DIGITS


# Cubics, splines and Lanczos on a step


CUBIC = {
    "bicubic": [0, -0.0352, -0.1055, 0.2266],
    "bicubic:a=-0.5,edge=exclude,antialias=on": [0, -0.0219, -0.0687, 0.2031],
    "bicubic:a=-0.5,edge=symmetric": [0, -0.0234, -0.0703, 0.2031],
    "bicubic:a=-0.5": [0, -0.0234, -0.0703, 0.2031],
    "bicubic:edge=exclude": [0, -0.0318, -0.1019, 0.2266],
    "bicubic:grid=align_corners": [0, -0.0787, -0.0787, 0.2638],
    "bicubic:a=-1": [0, -0.0469, -0.1406, 0.25],
    "bspline:grid=align_corners": [0, -0.0630, -0.0630, 0.2507],
    "bspline": [-0.0281, -0.0281, -0.0844, 0.2125],
    "bspline:edge=replicate": [0.0260, -0.0536, -0.0971, 0.2157],
    "bspline:edge=symmetric": [0.0402, -0.0603, -0.1004, 0.2165],
    "cubic_bc:b=1,c=0,edge=symmetric": [0, 0.0026, 0.0703, 0.3177],
    "bspline:prefilter=off,edge=symmetric": [0, 0.0026, 0.0703, 0.3177],
    "cubic_bc": [0, -0.0144, -0.0231, 0.2413],
}


@pytest.mark.parametrize("text", CUBIC)
def test_a_step_tells_the_cubic_presets_apart(text):
    first = np.array(CUBIC[text])

    made = along(text, STEP, 8)

    assert np.abs(made[:4] - first).max() <= DIGITS
    assert np.abs(made[4:] - (1 - first[::-1])).max() <= DIGITS


def test_tensorflow_s_first_bicubic_is_asymmetric():
    made = along("bicubic:grid=asymmetric", STEP, 8)

    assert np.abs(made - [0, -0.0938, 0, 0.5, 1, 1.0938, 1, 1]).max() <= DIGITS


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("lanczos:r=3", [0, 0.0067, 0.0284, -0.0625, -0.1039, 0.2104]),
        ("lanczos:r=4,edge=replicate", [-0.0151, 0.0275, 0.0404, -0.0642, -0.1119, 0.2185]),
    ],
)
def test_a_longer_step_tells_the_windows_of_lanczos_apart(text, first):
    made = along(text, LONG_STEP, 12)

    assert np.abs(made[:6] - first).max() <= DIGITS
    assert np.abs(made[6:] - (1 - np.array(first)[::-1])).max() <= DIGITS


# Sizes and the factor of the coordinates


@pytest.mark.parametrize(
    ("n", "f", "floor", "even", "ceil"),
    [(5, 1.5, 7, 8, 8), (3, 1.5, 4, 4, 5), (3, 1.3, 3, 4, 4), (32, 1.8, 57, 58, 58), (5, 2.5, 12, 12, 13),
     (100, 0.29, 28, 29, 29)],
)  # fmt: skip
def test_a_typed_factor_has_three_sizes(n, f, floor, even, ceil):
    for rule, wanted in (("floor", floor), ("round_even", even), ("ceil", ceil)):
        assert len(along(f"nearest:scale=[1,{f}],size_rule={rule}", range(n))) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("scale=[1,1.5],factor=typed", [0, 0.5, 1.1667, 1.8333, 2.5, 3.1667, 3.8333]),
        ("scale=[1,1.5]", [0, 0.5714, 1.2857, 2, 2.7143, 3.4286, 4]),
        ("scale=[1,1.5],factor=typed,grid=half_pixel_symmetric", [0, 0.6667, 1.3333, 2, 2.6667, 3.3333, 4]),
        (
            "scale=[1,1.5],factor=typed,grid=align_corners,width_rule=as_is",
            [0, 0.6154, 1.2308, 1.8462, 2.4615, 3.0769, 3.6923],
        ),
        ("scale=[1,1.5],factor=typed,grid=align_corners", [0, 2 / 3, 4 / 3, 2, 8 / 3, 10 / 3, 4]),
        (
            "scale=[1,1.5],factor=typed,size_rule=round_even",
            [0, 0.5, 1.1667, 1.8333, 2.5, 3.1667, 3.8333, 4],
        ),
        ("size=[1,8]", [0, 0.4375, 1.0625, 1.6875, 2.3125, 2.9375, 3.5625, 4]),
    ],
)
def test_five_samples_by_one_and_a_half_have_as_many_answers_as_libraries(text, wanted):
    assert np.abs(along(f"bilinear:{text}", range(5)) - wanted).max() <= DIGITS


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("bilinear", 1.5),
        ("bilinear:grid=align_corners", 0),
        ("bilinear:grid=pytorch_half_pixel", 0),
        ("bicubic:grid=pytorch_half_pixel", 0),
        ("bicubic:grid=pytorch_half_pixel,width_rule=as_is", -0.09375),
        ("bspline:grid=align_corners", 0),
    ],
)
def test_a_single_sample_is_the_middle_or_the_first(text, wanted):
    assert along(text, RAMP, 1) == pytest.approx([wanted], abs=1e-12)


def test_align_corners_by_a_fractional_factor_ends_before_the_corner_only_as_onnx_writes_it():
    as_is = along("bilinear:scale=[1,0.6],factor=typed,grid=align_corners,width_rule=as_is", [1, 2, 3, 4])
    rounded = along("bilinear:scale=[1,0.6],factor=typed,grid=align_corners", [1, 2, 3, 4])

    assert np.allclose(as_is, [1, 3.142857], atol=1e-6)
    assert rounded.tolist() == [1, 4]


# A box that moves the grid


def test_a_box_moves_the_grid_and_reads_beyond_itself_where_a_crop_does_not():
    values = [0, 10, 20, 30, 40, 50]

    box = along("bicubic:a=-0.5,edge=exclude,grid=box_offset,region=[0,2,1,4]", values, 4)
    crop = along("bicubic:a=-0.5,edge=exclude", values[2:4], 4)

    assert np.abs(box - [17.5, 22.5, 27.5, 32.5]).max() <= 1e-12
    assert np.abs(crop - [19.1176, 22.0714, 27.9286, 30.8824]).max() <= DIGITS


# Prototypes: the stamp that one sample draws, far from the border


def mirrored(*first):
    return [*first, *first[::-1]]


def odd(*first):
    return [*first, *first[-2::-1]]


PROTOTYPES = [
    ("bilinear", 2, -1, 4, [1, 3, 3, 1]),
    ("bicubic:a=-0.5", 2, -3, 128, mirrored(-3, -9, 29, 111)),
    ("bicubic:a=-0.75", 2, -3, 256, mirrored(-9, -27, 67, 225)),
    ("cubic_bc", 2, -3, 1152, mirrored(-17, -27, 295, 901)),
    ("cubic_bc:b=1,c=0", 2, -3, 384, mirrored(1, 27, 121, 235)),
    ("bspline:prefilter=off", 2, -3, 384, mirrored(1, 27, 121, 235)),
    ("bilinear", 3, -1, 3, odd(1, 2, 3)),
    ("bicubic:a=-0.5", 3, -4, 27, odd(-1, -2, 0, 9, 21, 27)),
    ("bicubic:a=-0.75", 3, -4, 54, odd(-3, -6, 0, 20, 43, 54)),
    ("cubic_bc", 3, -4, 486, odd(-11, -16, 27, 168, 345, 432)),
    ("bilinear", 4, -2, 8, mirrored(1, 3, 5, 7)),
    ("bicubic:a=-0.5", 4, -6, 1024, mirrored(-7, -45, -75, -49, 93, 399, 745, 987)),
    ("bicubic:a=-0.75", 4, -6, 2048, mirrored(-21, -135, -225, -147, 235, 873, 1535, 1981)),
]


@pytest.mark.parametrize(("text", "scale", "first", "parts", "wanted"), PROTOTYPES)
def test_the_stamp_of_one_sample_is_an_exact_fraction(text, scale, first, parts, wanted):
    name, _, fields = text.partition(":")
    method = from_text(f"{name}:scale=[1,{scale}]" + (f",{fields}" if fields else ""))

    column = method.operator(SourceSpec((1, 15))).column(0, 7)

    stamp = np.zeros(len(wanted))
    stamp[column.cols - 7 * scale - first] = column.weights
    assert np.abs(stamp * parts - wanted).max() <= 1e-12 * parts


def test_the_stamp_of_lanczos_3_has_eight_digits():
    column = from_text("lanczos:scale=[1,2]").operator(SourceSpec((1, 15))).column(0, 7)

    wanted = mirrored(0.00737827, 0.03011229, -0.06799726, -0.13327464, 0.27101057, 0.89277077)
    assert (column.cols - 14).tolist() == list(range(-5, 7))
    assert np.abs(column.weights - wanted).max() <= 6e-9


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("bicubic:a=-0.5", [-0.02344, -0.07031, 0.20312, 0.79688, 1.07031, 1.02344]),
        ("bicubic:a=-0.75", [-0.03516, -0.10547, 0.22656, 0.77344, 1.10547, 1.03516]),
        (
            "lanczos",
            [0.00738, 0.03011, -0.06062, -0.10316, 0.21039, 0.78961, 1.10316, 1.06062, 0.96989, 0.99262],
        ),
    ],
)
def test_a_step_overshoots_by_so_much(text, wanted):
    name, _, fields = text.partition(":")
    made = along(f"{name}:scale=[1,2]" + (f",{fields}" if fields else ""), [0] * 8 + [1] * 8)

    half = len(wanted) // 2
    assert np.abs(made[16 - half : 16 + half] - wanted).max() <= 6e-6


def test_of_keys_cubics_only_one_keeps_a_ramp():
    assert along("bicubic:a=-0.5,scale=[1,2]", range(8))[6:10] == pytest.approx([2.75, 3.25, 3.75, 4.25], abs=1e-13)
    assert along("bicubic:a=-0.75,scale=[1,2]", range(4))[3] == pytest.approx(1.2969, abs=5e-5)
