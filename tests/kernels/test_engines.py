"""The engines: equal numbers, equal bits in every window, and manners while they work."""

from __future__ import annotations

import importlib.util
from fractions import Fraction

import numpy as np
import pytest

from workbench.kernels.arrays import Window
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines import BlasEngine, GatherEngine
from workbench.kernels.engines.bands import Axis
from workbench.kernels.errors import Cancelled
from workbench.kernels.method import SourceSpec
from workbench.kernels.operators.separable import Separable
from workbench.kernels.operators.stencil_conv import Convolution, TransposedConvolution
from workbench.kernels.pooling import Windows, max_pool
from workbench.kernels.reconstruction import TRIANGLE
from workbench.kernels.registry import from_dict
from workbench.kernels.resampling import AxisMap, Edge, Grid, Tie, nearest_table, resampling_table
from workbench.kernels.tables import AxisTable

BLAS, GATHER = BlasEngine(), GatherEngine()
FAST, ALL = {"blas": BLAS}, {"blas": BLAS, "gather": GATHER}
if importlib.util.find_spec("numba") is not None:
    from workbench.kernels.engines.numba import NumbaEngine

    FAST["numba"] = ALL["numba"] = NumbaEngine()

every_engine = pytest.mark.parametrize("engine", ALL.values(), ids=ALL.keys())
every_fast_engine = pytest.mark.parametrize("engine", FAST.values(), ids=FAST.keys())


def linear(shape, size, grid=Grid.HALF_PIXEL, edge=Edge.REPLICATE, antialias=False):
    tables = [
        resampling_table(AxisMap(n, m, Fraction(m, n), grid), TRIANGLE, edge=edge, antialias=antialias)
        for n, m in zip(shape, size)
    ]
    return Separable(*tables)


def nearest(shape, size):
    return Separable(
        *(nearest_table(AxisMap(n, m, Fraction(m, n), Grid.HALF_PIXEL), Tie.UP) for n, m in zip(shape, size))
    )


def noisy_table(n_in, n_out, taps):
    """Any weights, starts that rise unevenly: no period, no symmetry."""
    rng = np.random.default_rng(n_in)
    start = np.sort(rng.integers(0, n_in - taps + 1, n_out))
    return AxisTable(n_in, start, rng.standard_normal((n_out, taps)))


def kernel(*shape):
    return np.random.default_rng(7).standard_normal(shape)


OPERATORS = {
    "double": linear((7, 11), (14, 22)),
    "triple": linear((40, 60), (120, 180)),
    "one and a half": linear((40, 61), (60, 91)),
    "two and a half, in many strips": linear((4, 3000), (10, 7500)),
    "one and a quarter, antialias": linear((20, 80), (25, 100), antialias=True),
    "five": linear((9, 31), (45, 155)),
    "odd ratio": linear((33, 50), (45, 69)),
    "long period": linear((100, 90), (137, 131)),
    "corners": linear((37, 41), (148, 123), Grid.ALIGN_CORNERS),
    "wrapping": linear((13, 21), (40, 33), edge=Edge.WRAP),
    "zero edge": linear((13, 21), (40, 33), edge=Edge.ZERO),
    "reducing": linear((64, 90), (21, 17)),
    "reducing, antialias": linear((64, 90), (21, 17), antialias=True),
    "far too wide for a band": linear((300, 200), (2, 3), antialias=True),
    "gaps": linear((300, 200), (4, 5)),
    "one column": linear((9, 1), (40, 1)),
    "one row": linear((1, 9), (1, 40)),
    "very large": linear((4, 5), (256, 320)),
    "no pattern": Separable(noisy_table(30, 70, 3), noisy_table(47, 90, 5)),
    "nearest": nearest((30, 41), (63, 97)),
    "nearest, whole": nearest((30, 41), (60, 123)),
    "nearest, reducing": nearest((63, 97), (30, 41)),
    "copies with weights": Separable(
        AxisTable(5, np.repeat(np.arange(5), 3), np.full((15, 1), 1 / 3)), nearest((5, 6), (5, 12)).cols
    ),
    "blank rows": Separable(AxisTable(5, np.arange(5), np.array([[1.0], [0], [1], [0], [2]])), noisy_table(9, 20, 2)),
    "transposed 3×3": TransposedConvolution((13, 17), kernel(3, 3), (2, 2), (1, 1), (1, 1), (1, 1)),
    "transposed 4×4": TransposedConvolution((40, 71), kernel(4, 4), (2, 2), (1, 1)),
    "transposed, in many strips": TransposedConvolution((3, 5600), kernel(3, 2), (2, 2), (1, 1)),
    "transposed, each axis its own": TransposedConvolution((40, 71), kernel(5, 3), (3, 2), (0, 1), (1, 2), (1, 0)),
    "transposed, holes": TransposedConvolution((13, 17), kernel(2, 2), (3, 3), (0, 0), (1, 1), (1, 1)),
    "transposed, wide stride": TransposedConvolution((4, 7), kernel(8, 8), (16, 16)),
    "transposed, row": TransposedConvolution((1, 9), kernel(3, 3), (2, 2)),
    "convolution 7×7": Convolution((43, 57), kernel(7, 7), (1, 1), (3, 3)),
    "convolution, stride": Convolution((70, 110), kernel(5, 3), (3, 2), (0, 1), (1, 2)),
    "convolution 1×1": Convolution((13, 17), kernel(1, 1)),
    "dilated": Convolution((43, 57), kernel(3, 3), (1, 1), (0, 0), (9, 9)),
    "dilated beyond sense": TransposedConvolution((13, 17), kernel(3, 3), (2, 2), (2, 2), (40, 40)),
}
every_operator = pytest.mark.parametrize("operator", OPERATORS.values(), ids=OPERATORS.keys())


def picture(operator, channels, dtype):
    shape = operator.in_shape if channels is None else (*operator.in_shape, channels)
    return np.random.default_rng(3).random(shape).astype(dtype)


def some_windows(shape, count):
    """Windows of all kinds: single pixels, rows and columns among them."""
    rng = np.random.default_rng(11)
    for n in range(count):
        rows = sorted(rng.integers(0, shape[0] + 1, 2)) if n % 4 != 1 else [k := int(rng.integers(0, shape[0])), k + 1]
        cols = sorted(rng.integers(0, shape[1] + 1, 2)) if n % 4 != 2 else [k := int(rng.integers(0, shape[1])), k + 1]
        window = Window(
            int(rows[0]), int(cols[0]), max(int(rows[1]), int(rows[0]) + 1), max(int(cols[1]), int(cols[0]) + 1)
        )
        yield window.intersect(Window.of(shape))


@every_operator
@every_fast_engine
@pytest.mark.parametrize("channels", [None, 3, 5])
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 1e-6), (np.float64, 1e-13)])
def test_every_engine_computes_what_gather_computes(operator, engine, channels, dtype, tolerance):
    x = picture(operator, channels, dtype)

    fast, plain = operator.apply(x, engine=engine), operator.apply(x, engine=GATHER)

    assert fast.dtype == dtype
    assert np.abs(fast - plain).max() <= tolerance * np.abs(plain).max()


@every_operator
@pytest.mark.parametrize("channels", [None, 3, 4])
@pytest.mark.skipif("numba" not in FAST, reason="needs numba")
def test_what_is_written_past_the_caches_has_the_same_bits_wherever_it_lies(operator, channels, monkeypatch):
    x = picture(operator, channels, np.float32)
    usual = operator.apply(x, engine=FAST["numba"])
    monkeypatch.setattr("workbench.kernels.engines.numba._PAST", 0)
    memory = np.zeros(usual.size + 32, np.float32)

    wrong = []
    for first in (1, 6, 16):
        out = memory[first : first + usual.size].reshape(usual.shape)
        operator.apply(x, out=out, engine=FAST["numba"])
        if not np.array_equal(out, usual) or memory[:first].any() or memory[first + usual.size :].any():
            wrong.append(first)
        memory[:] = 0

    assert wrong == []


@every_fast_engine
@pytest.mark.parametrize("channels", [None, 2, 3])
@pytest.mark.parametrize(("kernel_size", "stride"), [(2, 2), (3, 2), (5, 4), (1, 7)])
def test_unpooled_maxima_stand_where_they_were_and_zeros_between_them(engine, channels, kernel_size, stride):
    shape = (29, 46) if channels is None else (29, 46, channels)
    x = np.random.default_rng(5).standard_normal(shape).astype(np.float32)
    x[3, 8], x[20, 30] = np.nan, np.inf
    values, record = max_pool(x, Windows((kernel_size,) * 2, (stride,) * 2))
    operator = from_dict({"method": "max_unpool"}).operator(SourceSpec(record.shape, record))
    wanted = np.zeros((29 * 46, channels or 1), np.float32)
    for channel, (places, maxima) in enumerate(
        zip(record.indices.reshape(-1, channels or 1).T, values.reshape(-1, channels or 1).T, strict=True)
    ):
        wanted[places, channel] = maxima
    wanted = wanted.reshape(shape)

    whole = operator.apply(values, engine=engine)
    windows = [window for window in some_windows((29, 46), 12) if not window.is_empty]
    parts = [operator.apply(values, window, engine=engine) for window in windows]

    np.testing.assert_array_equal(whole, wanted)
    for part, window in zip(parts, windows, strict=True):
        np.testing.assert_array_equal(part, wanted[window.slices])


@every_operator
@every_engine
@pytest.mark.parametrize("channels", [None, 3, 4])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_pixel_has_the_same_bits_in_every_window(operator, engine, channels, dtype):
    x = picture(operator, channels, dtype)
    whole = operator.apply(x, engine=engine)

    odd = [
        window
        for window in some_windows(operator.out_shape, 12)
        if not window.is_empty and not np.array_equal(operator.apply(x, window, engine=engine), whole[window.slices])
    ]

    assert odd == []


@every_operator
@every_fast_engine
@pytest.mark.parametrize("channels", [None, 3])
def test_a_pixel_that_is_no_number_leaves_all_others_their_bits(operator, engine, channels):
    x = picture(operator, channels, np.float32)
    place = (x.shape[0] * 2 // 3, x.shape[1] // 3)
    x[place] = 0
    clean = operator.apply(x, engine=engine)
    x[place] = np.nan

    got, wanted = operator.apply(x, engine=engine), operator.apply(x, engine=GATHER)

    assert np.array_equal(np.isnan(got), np.isnan(wanted))
    assert np.array_equal(got[~np.isnan(got)], clean[~np.isnan(got)])


@pytest.mark.parametrize(
    "operator", [linear((300, 410), (601, 820)), OPERATORS["transposed 4×4"]], ids=["resize", "stencil"]
)
@every_fast_engine
def test_windows_of_a_picture_large_enough_for_threads_keep_their_bits(operator, engine):
    x = picture(operator, 3, np.float32)
    whole = operator.apply(x, engine=engine)

    assert all(
        np.array_equal(operator.apply(x, window, engine=engine), whole[window.slices])
        for window in some_windows(operator.out_shape, 8)
        if not window.is_empty
    )


@every_fast_engine
def test_values_too_large_for_a_sum_are_no_alarm(engine):
    operator = OPERATORS["double"]
    x = np.full((7, 11), np.finfo(np.float32).max, np.float32)

    assert np.isfinite(operator.apply(x, engine=engine)).all()


WINDOWS = {
    "2×2": Windows((2, 2), (2, 2)),
    "3×2, overlapping": Windows((3, 2), (1, 1)),
    "padding": Windows((3, 4), (2, 3), (1, 2)),
    "dilation": Windows((2, 3), (2, 1), (1, 1), dilation=(5, 3)),
    "ceiling": Windows((3, 3), (2, 2), (1, 0), ceil_mode=True),
    "wider than a row of it": Windows((1, 9), (1, 2), (0, 4)),
}


def champions(x, windows):
    """Maxima and places, one window after the other."""
    rows, cols = windows.axes(x.shape[:2])
    best = np.empty((rows.count, cols.count, x.shape[2]), x.dtype)
    where = np.full(best.shape, -1)
    for i, j, c in np.ndindex(best.shape):
        places = [(y, z) for y in rows.taps()[i] if 0 <= y < x.shape[0] for z in cols.taps()[j] if 0 <= z < x.shape[1]]
        values = [x[y, z, c] for y, z in places]
        odd = [n for n, value in enumerate(values) if np.isnan(value)]
        winner = odd[-1] if odd else values.index(max(values))
        best[i, j, c], where[i, j, c] = values[winner], places[winner][0] * x.shape[1] + places[winner][1]
    return best, where


@every_engine
@pytest.mark.parametrize("windows", WINDOWS.values(), ids=WINDOWS.keys())
@pytest.mark.parametrize("channels", [1, 3])
def test_every_engine_finds_the_first_of_equal_maxima_and_the_last_that_is_no_number(engine, windows, channels):
    rng = np.random.default_rng(2)
    x = rng.integers(0, 4, (21, 34, channels)).astype(np.float32)
    x[rng.random(x.shape) < 0.05] = np.nan
    x[rng.random(x.shape) < 0.3] = -np.inf

    values, record = max_pool(x if channels > 1 else x[..., 0], windows, engine=engine)

    best, where = champions(x, windows)
    assert np.array_equal(values.reshape(best.shape), best, equal_nan=True)
    assert np.array_equal(record.indices.reshape(best.shape), where)


@every_fast_engine
def test_a_cancelled_pooling_stops(engine):
    token = CancelToken()
    token.cancel()

    with pytest.raises(Cancelled):
        max_pool(np.zeros((40, 50), np.float32), WINDOWS["2×2"], token, engine=engine)


@every_engine
@pytest.mark.parametrize("name", ["triple", "nearest", "transposed 4×4"])
def test_a_cancelled_token_stops_the_work(engine, name):
    operator = OPERATORS[name]
    token = CancelToken()
    token.cancel()

    with pytest.raises(Cancelled):
        operator.apply(picture(operator, 3, np.float32), cancel=token, engine=engine)


@every_fast_engine
@pytest.mark.parametrize("channels", [None, 3, 6])
@pytest.mark.parametrize("name", ["triple", "nearest", "transposed 4×4"])
def test_progress_rises_to_one(name, channels, engine):
    operator, heard = OPERATORS[name], []

    operator.apply(picture(operator, channels, np.float32), cancel=CancelToken(heard.append), engine=engine)

    assert heard == sorted(heard)
    assert heard[-1] == 1.0


@every_fast_engine
@pytest.mark.parametrize("name", ["triple", "odd ratio", "nearest", "transposed 4×4"])
def test_pictures_and_results_may_lie_in_memory_in_any_way(name, engine):
    operator = OPERATORS[name]
    x = picture(operator, 3, np.float32)
    height, width = operator.out_shape
    reversed_in = np.asfortranarray(x[::-1, :, ::-1])[::-1, :, ::-1]
    inside = np.zeros((height + 2, width + 3, 3), np.float32)
    planes = np.zeros((3, height, width), np.float32)

    operator.apply(reversed_in, out=inside[1:-1, 2:-1], engine=engine)
    operator.apply(x, out=planes.transpose(1, 2, 0), engine=engine)

    wanted = operator.apply(x, engine=engine)
    assert np.array_equal(inside[1:-1, 2:-1], wanted)
    assert np.array_equal(planes.transpose(1, 2, 0), wanted)
    assert np.count_nonzero(inside) == np.count_nonzero(wanted)


@every_fast_engine
@pytest.mark.parametrize("name", ["triple", "transposed 4×4"])
def test_a_picture_that_may_not_be_written_is_read(name, engine):
    x = picture(OPERATORS[name], 3, np.float32)
    wanted = OPERATORS[name].apply(x, engine=engine)
    x.flags.writeable = False

    assert np.array_equal(OPERATORS[name].apply(x, engine=engine), wanted)


needs_numba = pytest.mark.skipif("numba" not in FAST, reason="numba is not installed")


def test_equal_blocks_share_one_matrix():
    table = linear((400, 5), (800, 5)).rows

    strip = Axis.of(table, 1, 640, np.dtype(np.float32)).strips(0, 640)[0]

    assert len(strip.matrices) == 40
    assert len({id(matrix) for matrix in strip.matrices[1:-1]}) == 1
    assert len(strip.runs) <= 3


def test_strips_lie_in_the_same_places_for_every_window():
    axis = Axis.of(linear((400, 5), (800, 5)).rows, 1, 160, np.dtype(np.float32))

    some = [(strip.first, strip.last) for strip in axis.strips(333, 470)]

    assert some == [(320, 480)]
    assert axis.strips(333, 470)[0] is axis.strips(0, 800)[2]
