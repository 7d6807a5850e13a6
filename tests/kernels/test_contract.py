"""What every registered method promises, whatever it computes: structure, checked on drawn parameters and sources.

A method that is added is tested here without a line. Numbers are anchored elsewhere: against the article and torch.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import JUNK, Case, cases, methods, pixels, values_of, windows
from workbench.kernels.arrays import Window
from workbench.kernels.engines import BlasEngine, GatherEngine
from workbench.kernels.errors import ParameterError, ShapeError
from workbench.kernels.method import SourceSpec
from workbench.kernels.methods import every
from workbench.kernels.operators.base import LinearOperator, Stencil
from workbench.kernels.operators.channels import ChannelStencil
from workbench.kernels.operators.composed import Composed
from workbench.kernels.registry import all_methods, from_dict, from_text

pytestmark = pytest.mark.filterwarnings("error")

every_method = pytest.mark.parametrize("cls", all_methods(), ids=lambda cls: cls.info.id)
every_engine = pytest.mark.parametrize("engine", [GatherEngine(), BlasEngine()], ids=lambda engine: engine.name)
few = settings(max_examples=8)

EXACT = 1e-12


def close(got, wanted, tolerance=EXACT):
    """Equal, measured by the largest value of the wanted array."""
    scale = max(1.0, float(np.abs(wanted).max(initial=0)))
    return got.shape == wanted.shape and bool((np.abs(got - wanted) <= tolerance * scale).all())


def dense(operator: LinearOperator, channel: int = 0) -> np.ndarray:
    """The whole matrix, from what `apply` makes of every impulse: (H, W, h, w)."""
    h, w = operator.in_shape
    impulses = np.eye(h * w).reshape(h, w, h * w)
    if operator.in_channels is None:
        return operator.apply(impulses, engine=GatherEngine()).reshape(*operator.out_shape, h, w)
    answers = []
    for place in np.ndindex(h, w, operator.in_channels) if operator.mixes else np.ndindex(h, w):
        image = np.zeros((h, w, operator.in_channels))
        image[place if operator.mixes else (*place, channel)] = 1
        answers.append(operator.apply(image, engine=GatherEngine())[:, :, channel])
    depth = (operator.in_channels,) if operator.mixes else ()
    return np.stack(answers, axis=-1).reshape(*operator.out_shape, h, w, *depth)


def well_formed(stencil: Stencil) -> bool:
    """In row-major order, each pixel once, inside its plane, no weight of zero."""
    flat = stencil.flat
    inside = bool((stencil.rows >= 0).all() and (stencil.rows < stencil.shape[0]).all())
    inside &= bool((stencil.cols >= 0).all() and (stencil.cols < stencil.shape[1]).all())
    return inside and bool((np.diff(flat) > 0).all()) and bool((stencil.weights != 0).all())


@every_method
@few
@given(data=st.data())
def test_the_adjoint_is_the_transpose(cls, data):
    case = data.draw(cases(cls))
    x, y = case.image(3), case.output(3)

    forward, back = case.operator.apply(x), case.operator.adjoint(y)

    scale = np.linalg.norm(forward) * np.linalg.norm(y) + np.linalg.norm(x) * np.linalg.norm(back)
    assert back.shape == x.shape
    assert abs(np.vdot(forward, y) - np.vdot(x, back)) <= EXACT * max(scale, 1e-300)


@every_method
@few
@given(data=st.data())
def test_a_row_is_what_the_adjoint_makes_of_an_impulse(cls, data):
    operator = data.draw(cases(cls)).operator
    i, j = data.draw(pixels(operator.out_shape))
    channel = (operator.out_channels or 1) - 1

    row = operator.row(i, j, channel)

    assert well_formed(row)
    assert row.shape == operator.in_shape
    assert isinstance(row, ChannelStencil) == operator.mixes
    assert close(row.dense(), LinearOperator.row(operator, i, j, channel).dense())


@every_method
@few
@given(data=st.data())
def test_a_column_is_what_the_operator_makes_of_an_impulse(cls, data):
    operator = data.draw(cases(cls)).operator
    i, j = data.draw(pixels(operator.in_shape))
    channel = (operator.in_channels or 1) - 1

    column = operator.column(i, j, channel)

    assert well_formed(column)
    assert column.shape == operator.out_shape
    assert close(column.dense(), LinearOperator.column(operator, i, j, channel).dense())


@every_method
@few
@given(data=st.data())
def test_rows_columns_and_the_sparse_matrix_are_one_matrix(cls, data):
    operator = data.draw(cases(cls)).operator
    channel = (operator.out_channels or 1) - 1
    source = (operator.in_channels or 1) - 1
    matrix = dense(operator, channel)

    sparse = operator.sparse(channel)

    i, j = data.draw(pixels(operator.out_shape))
    r, c = data.draw(pixels(operator.in_shape))
    column = operator.column(r, c, source).dense()
    assert sparse.shape == (operator.out_shape[0] * operator.out_shape[1], np.prod(matrix.shape[2:]))
    assert close(sparse.toarray(), matrix.reshape(sparse.shape))
    assert close(operator.row(i, j, channel).dense(), matrix[i, j])
    if operator.mixes:
        assert close(column[:, :, channel], matrix[:, :, r, c, source])
    else:
        assert close(column, matrix[:, :, r, c])


@every_method
@few
@given(data=st.data())
def test_taps_fold_into_the_row(cls, data):
    operator = data.draw(cases(cls)).operator
    i, j = data.draw(pixels(operator.out_shape))
    channel = (operator.out_channels or 1) - 1

    taps = operator.taps(i, j, channel)

    lengths = {len(part) for part in (taps.rows, taps.cols, taps.weights, taps.real_rows, taps.real_cols, taps.flags)}
    assert len(lengths) == 1
    assert close(taps.fold(operator.in_shape).dense(), operator.row(i, j, channel).dense())


@every_method
@few
@given(data=st.data())
def test_row_sums_are_the_image_of_ones(cls, data):
    operator = data.draw(cases(cls)).operator
    shape = operator.in_shape if operator.in_channels is None else (*operator.in_shape, operator.in_channels)

    assert close(operator.row_sums(), operator.apply(np.ones(shape)))


@every_method
@few
@given(data=st.data(), level=st.sampled_from([0.0, 1.0, -2.5, 255.0]))
def test_a_flat_image_becomes_the_row_sums_times_its_level(cls, data, level):
    operator = data.draw(cases(cls)).operator
    shape = operator.in_shape if operator.in_channels is None else (*operator.in_shape, operator.in_channels)

    assert close(operator.apply(np.full(shape, level)), level * operator.row_sums())


@every_method
@every_engine
@few
@given(data=st.data(), dtype=st.sampled_from([np.float32, np.float64]), channels=st.sampled_from([None, 3]))
def test_a_window_equals_the_same_window_of_the_whole_bit_for_bit(cls, engine, data, dtype, channels):
    case = data.draw(cases(cls))
    x = case.image(channels, dtype)
    window = data.draw(windows(case.operator.out_shape))

    whole = case.operator.apply(x, engine=engine)
    part = case.operator.apply(x, window, engine=engine)

    assert part.dtype == dtype
    assert np.array_equal(part, whole[window.slices])


@every_method
@few
@given(data=st.data(), channels=st.sampled_from([None, 1, 3, 6]))
def test_the_engines_agree(cls, data, channels):
    case = data.draw(cases(cls))
    reference = case.operator.apply(case.image(channels), engine=GatherEngine())

    in64 = case.operator.apply(case.image(channels), engine=BlasEngine())
    in32 = case.operator.apply(case.image(channels, np.float32), engine=BlasEngine())
    gathered32 = case.operator.apply(case.image(channels, np.float32), engine=GatherEngine())

    assert close(in64, reference, 1e-13)
    assert close(in32, gathered32, 1e-6)


@every_method
@few
@given(data=st.data())
def test_a_window_needs_no_pixel_beyond_what_it_says(cls, data):
    case = data.draw(cases(cls))
    window = data.draw(windows(case.operator.out_shape))
    x = case.image()
    needed = case.operator.needs(window)
    masked = np.full_like(x, np.nan)
    masked[needed.slices] = x[needed.slices]

    assert not needed.is_empty
    assert Window.of(case.operator.in_shape).contains(needed)
    assert np.array_equal(case.operator.apply(masked, window), case.operator.apply(x, window))


def reach(operator: LinearOperator, channel: int) -> np.ndarray:
    """Which output meets which input with a weight other than zero; in a chain, at any of its stages."""
    if isinstance(operator, Composed):
        outer, inner = reach(operator.outer, channel), reach(operator.inner, channel)
        return outer.astype(int) @ inner.astype(int) > 0
    return operator.sparse(channel).toarray() != 0


@every_method
@every_engine
@few
@given(data=st.data(), odd=st.sampled_from([np.nan, np.inf, -np.inf]))
def test_what_is_not_a_number_stays_exactly_where_a_weight_meets_it(cls, engine, data, odd):
    case = data.draw(cases(cls))
    i, j = data.draw(pixels(case.operator.in_shape))
    operator = case.operator
    channel, source = (operator.out_channels or 1) - 1, (operator.in_channels or 1) - 1
    x = case.image()
    place = (i, j) if x.ndim == 2 else (i, j, source)
    x[place] = odd

    y = operator.apply(x, engine=engine)

    answer = y if y.ndim == 2 else y[:, :, channel]
    flat = i * operator.in_shape[1] + j
    met = reach(operator, channel)[:, flat * (source + 1) + source if operator.mixes else flat]
    assert np.array_equal(~np.isfinite(answer), met.reshape(operator.out_shape))


@every_method
@few
@given(data=st.data(), side=st.integers(1, 4), channels=st.sampled_from([None, 3]))
def test_block_means_are_means_of_the_whole_output(cls, data, side, channels):
    case = data.draw(cases(cls))
    x = case.image(channels)
    whole = case.operator.apply(x)
    height, width = (-(-n // side) for n in case.operator.out_shape)
    wanted = np.array(
        [
            [whole[r * side : (r + 1) * side, c * side : (c + 1) * side].mean(axis=(0, 1)) for c in range(width)]
            for r in range(height)
        ]
    )
    window = data.draw(windows((height, width)))

    assert close(case.operator.block_means(x, side), wanted)
    assert close(case.operator.block_means(x, side, window), wanted[window.slices])


@every_method
@few
@given(data=st.data())
def test_channels_meet_only_where_the_operator_says_so(cls, data):
    case = data.draw(cases(cls))
    x = case.image(3)
    changed = x.copy()
    changed[:, :, 0] += 7

    before, after = case.operator.apply(x), case.operator.apply(changed)

    met = [not case.operator.mixes and channel == 0 for channel in range(before.shape[2])]
    if case.operator.mixes:
        met = [(operator_row_channels(case.operator, channel) == 0).any() for channel in range(before.shape[2])]
    untouched = np.flatnonzero(~np.array(met))
    assert np.array_equal(before[:, :, untouched], after[:, :, untouched])


def operator_row_channels(operator: LinearOperator, channel: int) -> np.ndarray:
    """The input channels that an output channel reads, anywhere."""
    return operator.sparse(channel).indices % operator.in_channels


@every_method
@few
@given(data=st.data(), channels=st.sampled_from([None, 3]))
def test_pixels_may_lie_anywhere_in_memory(cls, data, channels):
    case = data.draw(cases(cls))
    x = case.image(channels)
    wanted = case.operator.apply(x)
    spread = np.full(tuple(2 * n for n in x.shape), np.nan)[tuple(slice(None, None, 2) for _ in x.shape)]
    spread[...] = x
    out = np.full(wanted.shape[::-1], np.nan).T

    made = case.operator.apply(spread, out=out)

    assert made is out
    assert np.array_equal(out, wanted)


@every_method
@few
@given(data=st.data())
def test_a_method_comes_back_from_its_data_and_from_its_text(cls, data):
    method = data.draw(methods(cls))

    assert from_dict(method.to_dict()) == method
    assert from_text(method.to_text()) == method
    assert method.to_dict()["method"] == cls.info.id


@every_method
@settings(max_examples=30)
@given(data=st.data())
def test_only_our_errors_answer_whatever_stands_in_a_field(cls, data):
    field = data.draw(st.sampled_from(cls.fields()))
    value = data.draw(JUNK | values_of(field))

    try:
        answer = cls.from_fields({field.name: value}).operator(SourceSpec((3, 5)))
    except (ParameterError, ShapeError) as error:
        answer = error

    assert str(answer)
    assert not isinstance(answer, LinearOperator) or min(answer.out_shape) >= 1


@every_method
@settings(max_examples=10)
@given(data=st.data(), shape=st.sampled_from([(1, 1), (1, 6), (5, 3), (7, 8)]), channels=st.sampled_from([None, 1, 4]))
def test_any_parameters_together_make_an_operator_that_answers_or_are_refused_in_a_sentence(cls, data, shape, channels):
    fields = {field.name: data.draw(values_of(field)) for field in cls.fields()}

    try:
        operator = cls.from_fields(fields).operator(SourceSpec(shape, channels=channels))
        problem = ""
    except (ParameterError, ShapeError) as refusal:
        operator, problem = None, str(refusal)

    if operator is None:
        assert re.match(r"\w+: .+", problem)
        return
    i, j = data.draw(pixels(operator.out_shape))
    row, window = operator.row(i, j), Window(i, j, i + 1, j + 1)
    ones = np.ones(shape if operator.in_channels is None else (*shape, operator.in_channels))
    total = np.ravel(operator.apply(ones, window, engine=GatherEngine()))[0]
    assert operator.in_shape == shape
    assert np.isfinite(row.weights).all()
    assert well_formed(row)
    assert abs(row.total - total) <= 1e-7 * max(1.0, float(np.abs(row.weights).sum()))


def test_every_method_file_has_its_import_line():
    path = Path(every.__file__)
    listed = path.read_text(encoding="utf-8")
    files = sorted(one.stem for one in path.parent.glob("*.py") if one.stem not in ("__init__", path.stem))

    missing = [
        f"from workbench.kernels.methods import {name}"
        for name in files
        if not re.search(rf"^from workbench\.kernels\.methods import {name}$", listed, re.MULTILINE)
    ]

    assert not missing, f"workbench/kernels/methods/every.py lacks: {'; '.join(missing)}"
    assert {cls.__module__.rsplit(".", 1)[1] for cls in all_methods()} == set(files)


def test_a_case_is_drawn_for_a_chain_of_layers():
    from workbench.kernels.methods.transposed_conv import TransposedConv

    method = TransposedConv(kernel="bilinear", repeat=2)
    case = Case(method, SourceSpec((3, 5)), method.operator(SourceSpec((3, 5))), 0)

    assert isinstance(case.operator, Composed)
    assert close(case.operator.sparse().toarray(), dense(case.operator).reshape(case.operator.sparse().shape))
