"""Kernels, grids, regions and policies: what holds for every resize, and where each rule shows."""

from __future__ import annotations

import json
import math
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import shapes
from workbench.kernels.coordinates import AxisMap, Grid, WidthRule
from workbench.kernels.errors import ParameterError
from workbench.kernels.interpolation import KernelResize
from workbench.kernels.method import SourceSpec
from workbench.kernels.methods.bicubic import Bicubic
from workbench.kernels.methods.bilinear import Bilinear
from workbench.kernels.methods.box import Box
from workbench.kernels.methods.cubic_bc import CubicBC
from workbench.kernels.methods.lanczos import Lanczos
from workbench.kernels.methods.nearest import Nearest
from workbench.kernels.params import Param
from workbench.kernels.reconstruction import BOX, GAUSSIAN, HAMMING, TRIANGLE, bspline, cubic, keys, lanczos
from workbench.kernels.regions import RegionKind
from workbench.kernels.registry import all_methods, from_dict, from_text
from workbench.kernels.resampling import Edge, resampling_table
from workbench.kernels.resize import KeepAspect

ROOT = Path(__file__).parents[2]
INTERPOLATING = [
    TRIANGLE,
    HAMMING,
    keys(-0.5),
    keys(-0.75),
    keys(-1),
    cubic(0, 0.5),
    lanczos(2),
    lanczos(3),
    lanczos(5),
]
KERNELS = [*INTERPOLATING, BOX, GAUSSIAN, cubic(1 / 3, 1 / 3), *(bspline(order) for order in (2, 3, 4, 5))]
SYMMETRIC = [kernel for kernel in KERNELS if kernel is not BOX]
sizes = st.integers(1, 14)
every_kernel = pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.name)


def axis(n, m, grid=Grid.HALF_PIXEL, factor=None, **rest):
    return AxisMap(n, m, Fraction(factor) if factor else Fraction(m, n), grid, **rest)


def matrix(table):
    return table.matrix.toarray()


def line(text, values):
    method = from_text(text)
    return method.operator(SourceSpec((1, len(values)))).apply(np.array([values], float))[0]


# Kernels


@every_kernel
def test_a_kernel_is_even_and_ends_at_its_radius(kernel):
    t = np.linspace(0.013, kernel.radius * 0.999, 97)

    assert np.abs(kernel.weight(t) - kernel.weight(-t)).max() == 0
    assert kernel.weight(np.array([kernel.radius + 1e-9, 40.0])).tolist() == [0, 0]


@pytest.mark.parametrize("kernel", INTERPOLATING, ids=lambda kernel: kernel.name)
def test_an_interpolating_kernel_is_one_here_and_exactly_zero_at_every_other_sample(kernel):
    assert kernel.weight(np.arange(-6.0, 7)).tolist() == [0] * 6 + [1] + [0] * 6


@pytest.mark.parametrize("kernel", [TRIANGLE, BOX, *(bspline(p) for p in (2, 3, 4, 5)), keys(-0.5), keys(-1)])
def test_some_kernels_share_out_one_wherever_they_stand(kernel):
    places = np.arange(-9.0, 10) - np.linspace(0, 0.97, 23)[:, None]

    assert np.abs(kernel.weight(places).sum(axis=1) - 1).max() <= 1e-14


def test_splines_are_the_box_convolved_with_itself():
    assert bspline(2).weight(np.array([0, 0.5, 1])).tolist() == [0.75, 0.5, 0.125]
    assert bspline(3).weight(np.array([0.0, 1])) == pytest.approx([4 / 6, 1 / 6], abs=1e-15)
    assert bspline(5).weight(np.array([0.0, 1, 2])) == pytest.approx([66 / 120, 26 / 120, 1 / 120], abs=1e-15)


def test_one_family_of_cubics_is_part_of_the_other():
    t = np.linspace(-2.5, 2.5, 101)
    near = (-0.75 + 2) * np.abs(t) ** 3 - (-0.75 + 3) * t**2 + 1
    far = -0.75 * (np.abs(t) ** 3 - 5 * t**2 + 8 * np.abs(t) - 4)
    wanted = np.where(np.abs(t) <= 1, near, np.where(np.abs(t) < 2, far, 0))

    assert np.abs(keys(-0.75).weight(t) - wanted).max() <= 1e-14
    assert np.array_equal(keys(-0.75).weight(t), cubic(0, 0.75).weight(t))


# Every kernel on every grid


@every_kernel
@given(n=sizes, m=sizes, grid=st.sampled_from(Grid), edge=st.sampled_from(Edge), stretched=st.booleans())
def test_rows_sum_to_one_but_where_zeros_cut_them_or_nothing_is_there(kernel, n, m, grid, edge, stretched):
    sums = resampling_table(axis(n, m, grid), kernel, edge=edge, antialias=stretched).row_sums

    if edge is Edge.ZERO:
        assert np.isfinite(sums).all()
    else:
        assert np.allclose(sums[sums != 0], 1, atol=1e-12)
        assert edge is Edge.EXCLUDE or (sums != 0).all()


@pytest.mark.parametrize("kernel", SYMMETRIC, ids=lambda kernel: kernel.name)
@given(n=sizes, m=st.integers(2, 14), grid=st.sampled_from([Grid.HALF_PIXEL, Grid.ALIGN_CORNERS]))
def test_turning_the_line_around_turns_the_weights(kernel, n, m, grid):
    if kernel is GAUSSIAN and (3 * m) % n == 0:
        return  # a tap may sit exactly on the rim, where the kernel jumps
    a = matrix(resampling_table(axis(n, m, grid), kernel, edge=Edge.REPLICATE))

    assert np.abs(a[::-1, ::-1] - a).max() <= 1e-12


def test_a_box_breaks_that_symmetry_at_ties_alone():
    tie, none = (matrix(resampling_table(axis(*pair), BOX, edge=Edge.EXCLUDE)) for pair in ((4, 6), (3, 5)))

    assert np.abs(tie[::-1, ::-1] - tie).max() == 1
    assert np.array_equal(none[::-1, ::-1], none)


@given(n=st.integers(5, 20), m=st.integers(1, 40), kernel=st.sampled_from([TRIANGLE, keys(-0.5), cubic(1 / 3, 1 / 3)]))
def test_ramps_stay_ramps_inside_where_b_plus_two_c_is_one(n, m, kernel):
    along = axis(n, m)
    made = resampling_table(along, kernel, edge=Edge.REPLICATE).matrix @ np.arange(n)
    ideal = np.array([float(along.coordinate(i)) for i in range(m)])
    inside = (ideal >= 2) & (ideal <= n - 3)

    assert np.allclose(made[inside], ideal[inside], atol=1e-12)


@pytest.mark.parametrize("kernel", [keys(-0.75), keys(-1), lanczos(3), HAMMING], ids=lambda kernel: kernel.name)
def test_other_kernels_bend_a_ramp(kernel):
    along = axis(12, 24)
    made = resampling_table(along, kernel, edge=Edge.REPLICATE).matrix @ np.arange(12)

    assert np.abs(made[10:14] - [float(along.coordinate(i)) for i in range(10, 14)]).min() > 1e-4


@pytest.mark.parametrize("kernel", INTERPOLATING, ids=lambda kernel: kernel.name)
@given(n=st.integers(1, 9), factor=st.integers(1, 5))
def test_interpolation_keeps_the_samples_where_the_grids_meet(kernel, n, factor):
    a = matrix(resampling_table(axis(n, n * factor, Grid.ASYMMETRIC), kernel, edge=Edge.REPLICATE))

    assert np.array_equal(a[::factor], np.eye(n))


@given(n=st.integers(4, 24), m=st.integers(4, 48), kernel=st.sampled_from(KERNELS))
def test_rows_inside_repeat_with_the_period_of_the_ratio(n, m, kernel):
    p, q = m // math.gcd(n, m), n // math.gcd(n, m)
    a = matrix(resampling_table(axis(n, m), kernel, edge=Edge.REPLICATE))
    inside = [i for i in range(m - p) if not (a[i, 0] or a[i, -1] or a[i + p, 0] or a[i + p, -1])]

    assert all(np.allclose(np.roll(a[i], q), a[i + p], atol=1e-13) for i in inside)


def test_antialiasing_widens_the_kernel_by_the_reduction_and_leaves_enlarging_alone():
    reduced = resampling_table(axis(12, 4), TRIANGLE, edge=Edge.REPLICATE, antialias=True)
    plain, stretched = (resampling_table(axis(4, 12), keys(-0.5), edge=Edge.EXCLUDE, antialias=on) for on in (0, 1))

    assert matrix(reduced)[1] * 9 == pytest.approx([0, 0, 1, 2, 3, 2, 1, 0, 0, 0, 0, 0], abs=1e-14)
    assert np.array_equal(plain.weights, stretched.weights)


def test_a_tap_exactly_on_the_rim_of_a_stretched_box_counts_on_one_side_only():
    a = matrix(resampling_table(axis(9, 6), BOX, edge=Edge.EXCLUDE, antialias=True))

    assert (a > 0).sum(axis=1).tolist() == [2, 1, 2, 1, 2, 1]


# Crops and boxes


def test_a_crop_samples_from_corner_to_corner_of_its_region():
    assert line("bilinear:size=[1,3],grid=crop,region=[0,0.25,1,0.75]", range(9)) == pytest.approx([2, 4, 6])
    assert line("nearest:size=[1,2],grid=crop,region=[0,0.25,1,0.75]", range(9)).tolist() == [2, 6]


def test_a_single_sample_of_a_crop_is_its_middle():
    assert line("bilinear:size=[1,1],grid=crop,region=[0,0.25,1,0.5]", range(9)) == pytest.approx([3])


@pytest.mark.parametrize("id", ["bilinear", "nearest", "bicubic", "bspline"])
def test_a_crop_shows_a_value_of_its_own_beyond_the_image(id):
    method = from_text(f"{id}:size=[2,4],grid=crop,region=[0,-0.5,1,1],outside_value=7")
    operator = method.operator(SourceSpec((3, 5)))

    assert operator.apply(np.ones((3, 5)))[:, 0].tolist() == [0, 0]
    assert operator.offset[:, 0].tolist() == [7, 7]
    assert np.abs(operator.offset[:, 1:]).max() <= 1e-12


def test_what_lies_outside_may_have_a_value_that_is_not_zero():
    x = np.random.default_rng(0).random((4, 6))
    fields = "scale=2,edge=zero,a=-0.5"
    plain, around = (from_text(f"bicubic:{fields}{more}") for more in ("", ",outside_value=3"))

    operator = around.operator(SourceSpec(x.shape))

    wide = np.pad(x, 3, constant_values=3)
    wanted = plain.operator(SourceSpec(wide.shape)).apply(wide)[6:-6, 6:-6]
    assert np.allclose(operator.apply(x) + operator.offset, wanted, atol=1e-12)


def test_without_an_outside_there_is_no_offset():
    assert Bilinear(outside_value=5).operator(SourceSpec((3, 4))).offset is None


def test_a_box_is_where_its_pixels_come_from():
    operator = from_text("bilinear:size=[4,6],grid=box_offset,region=[1,2,3,5]").operator(SourceSpec((5, 7)))

    assert operator.placement.extent(operator.out_shape) == pytest.approx((1, 2, 3, 5))


@given(shape=shapes(), to=st.tuples(sizes, sizes))
def test_a_box_around_everything_changes_nothing(shape, to):
    whole = Bicubic(size=to, grid=Grid.BOX_OFFSET, region=(0, 0, *shape), antialias=True).operator(SourceSpec(shape))
    plain = Bicubic(size=to, antialias=True).operator(SourceSpec(shape))

    assert np.array_equal(whole.rows.weights, plain.rows.weights)
    assert np.array_equal(whole.cols.start, plain.cols.start)


@pytest.mark.parametrize("region", [(0, 0, 4, 3.5), (-0.5, 0, 2, 2)])
def test_a_box_must_lie_inside_the_image(region):
    with pytest.raises(ParameterError, match="region: must lie inside the image, 0 …"):
        Bilinear(grid=Grid.BOX_OFFSET, region=region).operator(SourceSpec((4, 3)))


@pytest.mark.parametrize(
    "value", [[2, 0, 2, 3], [0, 5, 4, 1], [1, 2, 3], "0 0 1", [0, 0, math.inf, 1], [[1, 2], [3, 4]]]
)
def test_a_region_is_four_numbers_that_end_after_they_begin(value):
    with pytest.raises(ParameterError, match="region: must"):
        Bilinear(region=value)


@pytest.mark.parametrize("value", ["1 2 3.5 4", "[1,2,3.5,4]", [[1, 2, 3.5, 4]], (1, 2, 3.5, 4)])
def test_a_region_may_be_written_in_many_ways(value):
    assert Bilinear(region=value).region == (1, 2, 3.5, 4)
    assert RegionKind().coerce("none", "region", Param("Region")) is None


# Sizes, factors and widths


def test_keeping_the_aspect_takes_one_factor_for_both_axes():
    source = SourceSpec((4, 6))
    smaller = Bilinear(size=(7, 8), keep_aspect=KeepAspect.NOT_LARGER)
    larger = Bilinear(size=(7, 8), keep_aspect=KeepAspect.NOT_SMALLER)

    assert smaller.operator(source).out_shape == (5, 8)
    assert larger.operator(source).out_shape == (7, 11)
    assert smaller.axis_maps(source, Grid.HALF_PIXEL)[0].factor == Fraction(4, 3)


def test_a_size_that_leaves_no_pixel_is_refused():
    with pytest.raises(ParameterError, match="size: must leave at least one pixel of 1"):
        Bilinear(size=(1, 2), keep_aspect=KeepAspect.NOT_LARGER).operator(SourceSpec((1, 100)))


def test_pytorch_copies_an_axis_that_keeps_its_size():
    values, fields = [0, 10, 20], "scale=[1,1.3],factor=typed"

    assert line(f"bilinear:{fields},copy_equal=on", values).tolist() == values
    assert line(f"bilinear:{fields}", values)[1] != 10


def test_which_width_a_grid_speaks_of():
    fields = {"n_in": 4, "n_out": 2, "factor": Fraction(6, 10), "grid": Grid.ALIGN_CORNERS}

    assert AxisMap(**fields).slope == 3
    assert AxisMap(**fields, width_rule=WidthRule.AS_IS).slope == Fraction(3) / (Fraction(24, 10) - 1)
    symmetric = {**fields, "grid": Grid.HALF_PIXEL_SYMMETRIC}
    assert (
        AxisMap(**symmetric, width_rule=WidthRule.ROUNDED).offset
        == AxisMap(**fields | {"grid": Grid.HALF_PIXEL}).offset
    )


@pytest.mark.parametrize("grid", [Grid.ASYMMETRIC, Grid.CROP])
def test_pytorch_s_arithmetic_belongs_to_its_grids(grid):
    with pytest.raises(ParameterError, match="arithmetic: torch32 is defined on half_pixel and align_corners"):
        Bilinear(grid=grid, arithmetic="torch32")


TORCH32 = json.loads((ROOT / "tests" / "golden" / "torch32.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", TORCH32, ids=lambda case: f"{case['n']}, {case['call'][15:]}")
def test_coordinates_in_float32_are_pytorch_s(case):
    x = ((np.arange(case["n"]) * 7919) % 1000 / 999).astype(np.float32)[None].astype(np.float64)

    made = from_dict(case["method"]).operator(SourceSpec(x.shape)).apply(x)[0, case["at"]]

    assert np.abs(made - case["output"]).max() <= 1e-6


def test_exact_coordinates_are_not_pytorch_s_on_long_lines():
    case = next(case for case in TORCH32 if case["n"] == 8192)
    x = ((np.arange(case["n"]) * 7919) % 1000 / 999)[None]

    exact = from_dict({**case["method"], "arithmetic": "exact"}).operator(SourceSpec(x.shape)).apply(x)[0, case["at"]]

    assert 1e-5 < np.abs(exact - case["output"]).max() < 2e-3


# Words


@pytest.mark.parametrize(
    ("method", "wanted"),
    [
        (Bicubic(scale=4, a=-0.5), "×4 · Keys a = −0.5"),
        (Lanczos(scale=4), "×4 · Lanczos 3"),
        (CubicBC(scale=4), "×4 · Mitchell"),
        (CubicBC(scale=4, b=0.2, c=-0.5), "×4 · B 0.2 C −0.5"),
        (Lanczos(scale=4, grid=Grid.ALIGN_CORNERS, edge=Edge.ZERO), "×4 · Lanczos 3 · align corners · zero"),
        (Bilinear(scale=4), "×4 · half-pixel"),
        (Box(scale=4), "×4 · half-pixel"),
        (Nearest(scale=4, grid=Grid.CROP), "×4 · crop"),
        (from_text("bspline:scale=4"), "×4 · order 3 · mirror"),
        (from_text("area:scale=4"), "×4 · overlap"),
        (from_text("zero_insertion:stride=2x3"), "s2×3"),
    ],
    ids=str,
)
def test_a_summary_says_what_matters_in_a_few_words(method, wanted):
    assert method.summary() == wanted


def test_a_third_survives_a_form_of_twelve_digits():
    assert CubicBC(b=0.333333333333).b == 1 / 3
    assert CubicBC(b=0.3333).b == 0.3333


def test_hints_say_what_does_not_act():
    source = SourceSpec((4, 6))
    enlarging, cropping = Bilinear().hints(source), Bilinear(grid=Grid.CROP).hints(source)

    assert not enlarging["region"].enabled
    assert not enlarging["keep_aspect"].enabled
    assert "region" not in cropping
    assert "outside_value" not in Bilinear(edge=Edge.ZERO).hints(source)


def test_every_kernel_is_offered_by_a_method():
    kernels = {cls.info.id for cls in all_methods() if issubclass(cls, KernelResize)}

    assert kernels >= {"bilinear", "bicubic", "cubic_bc", "lanczos", "hamming", "gaussian", "box"}


def test_the_example_of_contributing_is_the_file():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(.*?)```", text, re.DOTALL)

    assert example is not None
    file = ROOT / "workbench" / "kernels" / "methods" / "zero_insertion.py"
    assert example.group(1) == file.read_text(encoding="utf-8")


def test_zeros_are_inserted_between_the_samples():
    made = from_text("zero_insertion:stride=2x3").operator(SourceSpec((2, 2))).apply(np.array([[1.0, 2], [3, 4]]))

    assert made.tolist() == [[1, 0, 0, 2, 0, 0], [0] * 6, [3, 0, 0, 4, 0, 0], [0] * 6]


def test_fractions_too_long_for_machine_words_are_computed_all_the_same():
    region = (Fraction(0.2), Fraction(1.05))
    long = axis(9, 7, Grid.CROP, factor=1.37, region=region, width_rule=WidthRule.AS_IS)
    short = axis(9, 7, Grid.CROP, factor=Fraction(137, 100), region=(Fraction(1, 5), Fraction(21, 20)),
                 width_rule=WidthRule.AS_IS)  # fmt: skip
    tables = [resampling_table(one, keys(-0.5), edge=Edge.REPLICATE) for one in (long, short)]

    assert math.lcm(long.slope.denominator, long.offset.denominator) > 1 << 62
    assert np.abs(matrix(tables[0]) - matrix(tables[1])).max() <= 1e-14
