"""Sums by phase, woven into one row as they are made: the innermost loop of the `numba` engine for whole scales.

Every phase of a row is a plain sum of shifted lines. A block of periods is summed phase by phase, woven by shuffles
and stored once; nothing is kept in between.

Imports numba; imported only by the modules of loops.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from workbench.kernels.engines.lanes import FLOATS, INTS, LANES, base_of, fused, looped, place_of, spread, written
from workbench.kernels.engines.phases import WOVEN, periods_of


@intrinsic
def woven(typing, out, at, past, line, places, weights, spans, origin, count, channels, begin, end):
    """Write sums of ``count`` phases from period ``begin`` on, in whole blocks below ``end``; returns where it stopped.

    ``out[at + (count · j + f) · channels + c] = Σ_t weights[t] · line[places[t] + origin + j · channels + c]`` for
    t = spans[2 · f] … spans[2 · f + 1] − 1; past the caches if so wished, then to multiples of 32 bytes.
    """

    def build(context, builder, signature, arguments):
        bases = {
            n: base_of(context, builder, kind, arguments[n])
            for n, kind in enumerate(signature.args)
            if isinstance(kind, types.Array)
        }
        at, origin, count, channels, begin, end = (arguments[n] for n in (1, 7, 8, 9, 10, 11))
        past = builder.trunc(arguments[2], ir.IntType(1))
        kind = end.type
        done = cgutils.alloca_once_value(builder, begin)
        after = builder.append_basic_block("woven")
        choice = builder.switch(builder.add(builder.mul(channels, kind(16)), count), after)
        for number, size in WOVEN:
            block = builder.append_basic_block(f"weave {number} {size}")
            choice.add_case(kind(size * 16 + number), block)
            with builder.goto_block(block):
                unit = periods_of(size)
                wide = unit * size // LANES
                edges = [builder.load(builder.gep(bases[6], [kind(n)])) for n in range(2 * number)]
                limit = builder.sub(end, kind(unit - 1))
                with looped(builder, begin, limit, unit) as loop:
                    j = loop.index
                    source = builder.add(origin, builder.mul(j, kind(size)))
                    sums = []
                    for f in range(number):
                        sums += _phase(builder, bases, source, edges[2 * f], edges[2 * f + 1], wide)
                    target = builder.add(at, builder.mul(j, kind(size * number)))
                    vectors = _shuffled(builder, sums, number, size, unit)
                    written(builder, bases[0], target, vectors, past)
                builder.store(j, done)
                builder.branch(after)
        builder.position_at_end(after)
        return builder.load(done)

    whole = types.intp
    kinds = (out, whole, types.boolean, line, places, weights, spans, *[whole] * 5)
    return whole(*kinds), build


def _phase(builder: Any, bases: dict[int, Any], source: Any, first: Any, last: Any, wide: int) -> list[Any]:
    """Sums of one phase, as vectors that follow each other; zeros if there is nothing to add."""
    kind = source.type

    def term(t: Any) -> tuple[Any, list[Any]]:
        start = builder.add(builder.load(builder.gep(bases[4], [t])), source)
        near = [place_of(builder, bases[3], builder.add(start, kind(LANES * n))) for n in range(wide)]
        weight = spread(builder, builder.load(builder.gep(bases[5], [t])))
        return weight, [builder.load(place, align=4) for place in near]

    before = builder.block
    begun, done = builder.append_basic_block("begun"), builder.append_basic_block("summed")
    builder.cbranch(builder.icmp_signed("<", first, last), begun, done)
    builder.position_at_end(begun)
    weight, near = term(first)
    totals = [builder.fmul(weight, values) for values in near]
    with looped(builder, builder.add(first, kind(1)), last, 1, totals) as loop:
        weight, near = term(loop.index)
        loop.made = [fused(builder, weight, values, total) for values, total in zip(near, loop.totals, strict=True)]
    builder.branch(done)
    ended = builder.block
    builder.position_at_end(done)
    sums = [builder.phi(FLOATS) for _ in loop.totals]
    for sum_, total in zip(sums, loop.totals, strict=True):
        sum_.add_incoming(ir.Constant(FLOATS, [0.0] * LANES), before)
        sum_.add_incoming(total, ended)
    return sums


def _shuffled(builder: Any, sums: list[Any], count: int, channels: int, unit: int) -> list[Any]:
    """The vectors of ``unit`` steps of all phases in the order of the row."""
    wide = unit * channels // LANES
    made = []
    for vector in range(wide * count):
        wanted = []
        for value in range(vector * LANES, (vector + 1) * LANES):
            step, channel = divmod(value, channels)
            j, phase = divmod(step, count)
            which, lane = divmod(j * channels + channel, LANES)
            wanted.append((phase * wide + which, lane))
        made.append(_gathered(builder, sums, wanted))
    return made


def _gathered(builder: Any, vectors: list[Any], wanted: list[tuple[int, int]]) -> Any:
    """One vector whose lanes are (vector, lane) of others: the first two at once, then one more at a time."""
    sources = sorted({which for which, _ in wanted})
    first, others = sources[0], sources[1:] or sources[:1]
    total = None
    for other in others:
        mask = list(range(LANES))
        for n, (which, lane) in enumerate(wanted):
            if which == other:
                mask[n] = LANES + lane
            elif which == first and total is None:
                mask[n] = lane
        left = vectors[first] if total is None else total
        total = builder.shuffle_vector(left, vectors[other], ir.Constant(INTS, mask))
    return total
