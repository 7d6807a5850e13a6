"""The innermost loops of the `numba` engine: weighted sums of rows, and phases woven into one row.

Written as instructions for the compiler, because it would not see by itself what may be done at once. Each lane
does what a single number would do, in the same order.

Imports numba; imported only by `loops`.
"""

from __future__ import annotations

import math
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from workbench.kernels.engines.lanes import (
    FLOAT,
    FLOATS,
    INT,
    INTS,
    LANES,
    LANES_TYPE,
    base_of,
    fused,
    permuted,
    place_of,
)
from workbench.kernels.engines.phases import WOVEN

UNROLLED = (1, 2, 4, 6, 8)
"""Numbers of taps that `across` knows beforehand."""


def _summed(rows: int, wide: int) -> Any:
    """The intrinsic for some neighbouring rows of weights and some vectors side by side."""

    @intrinsic
    def summed(typing, line, places, first, weights, base, terms, index):
        def build(context, builder, signature, arguments):
            kinds = signature.args
            line, places = (base_of(context, builder, kinds[n], arguments[n]) for n in (0, 1))
            weights = base_of(context, builder, kinds[3], arguments[3])
            first, base, terms, index = arguments[2], arguments[4], arguments[5], arguments[6]
            zero, one = terms.type(0), terms.type(1)

            def factors(term):
                starts = [builder.add(base, builder.mul(terms, terms.type(row))) for row in range(rows)]
                return [
                    _spread(builder, builder.load(builder.gep(weights, [builder.add(start, term)]))) for start in starts
                ]

            def values(term):
                found = builder.load(builder.gep(places, [builder.add(first, term)]))
                start = builder.add(found, index)
                return [place_of(builder, line, builder.add(start, terms.type(8 * n))) for n in range(wide)]

            def loaded(term):
                return [builder.load(place, align=4) for place in values(term)]

            begin = builder.block
            near, weight = loaded(zero), factors(zero)
            totals = [builder.fmul(weight[row], near[n]) for row in range(rows) for n in range(wide)]
            body, done = builder.append_basic_block("term"), builder.append_basic_block("summed")
            builder.cbranch(builder.icmp_signed(">", terms, one), body, done)
            with builder.goto_block(body):
                term = builder.phi(terms.type)
                running = [builder.phi(FLOATS) for _ in totals]
                near, weight = loaded(term), factors(term)
                sums = [
                    fused(builder, weight[row], near[n], running[row * wide + n])
                    for row in range(rows)
                    for n in range(wide)
                ]
                following = builder.add(term, one)
                builder.cbranch(builder.icmp_signed("<", following, terms), body, done)
                term.add_incoming(one, begin)
                term.add_incoming(following, body)
                for phi, total, made in zip(running, totals, sums, strict=True):
                    phi.add_incoming(total, begin)
                    phi.add_incoming(made, body)
            builder.position_at_end(done)
            results = [builder.phi(FLOATS) for _ in totals]
            for phi, total, made in zip(results, totals, sums, strict=True):
                phi.add_incoming(total, begin)
                phi.add_incoming(made, body)
            return cgutils.pack_array(builder, results)

        kind = types.UniTuple(LANES_TYPE, rows * wide)
        whole = types.intp
        return kind(line, places, whole, weights, whole, whole, whole), build

    return summed


summed, summed_wide, summed_pair, summed_four = _summed(1, 1), _summed(1, 4), _summed(2, 4), _summed(4, 2)
"""Σ_t weights[base + t] · line[places[first + t] + index …] for vectors side by side.

The second and the following rows of weights lie ``terms`` behind each other: vectors of the first row come first.
"""


def _spread(builder: Any, value: Any) -> Any:
    single = builder.insert_element(ir.Constant(FLOATS, ir.Undefined), value, ir.Constant(INT, 0))
    return builder.shuffle_vector(single, ir.Constant(FLOATS, ir.Undefined), ir.Constant(INTS, [0] * LANES))


def _lay(context: Any, builder: Any, data: Any, at: Any, values: list[Any], past: bool) -> None:
    """Store vectors one behind the other."""
    for n, value in enumerate(values):
        written = builder.store(
            value, place_of(builder, data, builder.add(at, at.type(8 * n))), align=16 if past else 4
        )
        if past:
            written.set_metadata("nontemporal", builder.module.add_metadata([ir.Constant(INT, 1)]))


def _laid(rows: int) -> Any:
    """The intrinsic for some neighbouring rows of the result."""

    @intrinsic
    def lay(typing, array, index, pitch, values, past):
        def build(context, builder, signature, arguments):
            data = base_of(context, builder, signature.args[0], arguments[0])
            index, pitch = arguments[1], arguments[2]
            vectors = cgutils.unpack_tuple(builder, arguments[3], values.count)
            wide = values.count // rows
            with builder.if_else(builder.trunc(arguments[4], ir.IntType(1))) as branches:
                for branch, beyond in zip(branches, (True, False), strict=True):
                    with branch:
                        for row in range(rows):
                            at = builder.add(index, builder.mul(pitch, pitch.type(row)))
                            _lay(context, builder, data, at, vectors[row * wide : (row + 1) * wide], beyond)
            return context.get_dummy_value()

        return types.void(array, types.intp, types.intp, values, types.boolean), build

    return lay


lay, lay_pair, lay_four = _laid(1), _laid(2), _laid(4)
"""Store what `summed` made to rows ``pitch`` apart; past the caches if so wished, then to multiples of 16 bytes."""


@intrinsic
def woven(typing, out, at, past, phases, apart, count, channels, steps):
    """Weave ``count`` phases: ``out[at + (count · j + f) · channels + c] = phases[f · apart + j · channels + c]``.

    Returns how many of the ``steps`` it did: the rest is too short for a vector, or all of it is not for vectors.
    """

    def build(context, builder, signature, arguments):
        out, phases = (base_of(context, builder, signature.args[n], arguments[n]) for n in (0, 3))
        at, past, apart, count, channels, steps = (arguments[n] for n in (1, 2, 4, 5, 6, 7))
        past = builder.trunc(past, ir.IntType(1))
        kind = steps.type
        done = cgutils.alloca_once_value(builder, kind(0))
        after = builder.append_basic_block("woven")
        choice = builder.switch(builder.add(builder.mul(channels, kind(16)), count), after)
        for number, size in WOVEN:
            block = builder.append_basic_block(f"weave {number} {size}")
            choice.add_case(kind(size * 16 + number), block)
            with builder.goto_block(block):
                unit = LANES // math.gcd(LANES, size)
                whole = builder.and_(steps, kind(-unit))
                with builder.if_else(past) as (stream, keep):
                    for branch, beyond in ((stream, True), (keep, False)):
                        with branch, cgutils.for_range_slice(builder, kind(0), whole, kind(unit)) as (j, _):
                            source = builder.mul(j, kind(size))
                            vectors = _shuffled(builder, phases, source, apart, number, size, unit)
                            target = builder.add(at, builder.mul(source, kind(number)))
                            _lay(context, builder, out, target, vectors, beyond)
                builder.store(whole, done)
                builder.branch(after)
        builder.position_at_end(after)
        return builder.load(done)

    whole = types.intp
    return whole(out, whole, types.boolean, phases, whole, whole, whole, whole), build


def _shuffled(builder: Any, phases: Any, source: Any, apart: Any, count: int, channels: int, unit: int) -> list[Any]:
    """The vectors of ``unit`` steps in the order of the row."""
    wide = unit * channels // LANES
    kind = source.type
    loaded = []
    for phase in range(count):
        start = builder.add(builder.mul(apart, kind(phase)), source)
        places = [place_of(builder, phases, builder.add(start, kind(LANES * n))) for n in range(wide)]
        loaded += [builder.load(place, align=4) for place in places]
    made = []
    for vector in range(wide * count):
        wanted = []
        for value in range(vector * LANES, (vector + 1) * LANES):
            step, channel = divmod(value, channels)
            j, phase = divmod(step, count)
            which, lane = divmod(j * channels + channel, LANES)
            wanted.append((phase * wide + which, lane))
        made.append(_gathered(builder, loaded, wanted))
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


@intrinsic
def across(typing, line, shift, begins, which, lanes, weights, taps, step, first, last, ring, at):
    """Spread a line: block b is Σ_k weights[k] · line[begin + lanes + k · step], where no lane is above 7."""

    def build(context, builder, signature, arguments):
        bases = {
            n: base_of(context, builder, signature.args[n], arguments[n])
            for n, kind in enumerate(signature.args)
            if isinstance(kind, types.Array)
        }
        line, begins, which, lanes, weights, ring = (bases[n] for n in (0, 2, 3, 4, 5, 10))
        shift, taps, step, first, last, at = (arguments[n] for n in (1, 6, 7, 8, 9, 11))
        kind = taps.type

        def blocks(known):
            """All blocks, with the taps written out where their number is known."""
            with cgutils.for_range_slice(builder, first, last, kind(1)) as (b, _):
                start = builder.sub(builder.load(builder.gep(begins, [b])), shift)
                pattern = builder.mul(builder.load(builder.gep(which, [b])), kind(LANES))
                chosen = builder.load(place_of(builder, lanes, pattern, INTS), align=4)
                base = builder.mul(pattern, taps)

                def term(k):
                    place = builder.add(base, builder.mul(k, kind(LANES)))
                    near = builder.add(start, builder.mul(k, step))
                    return builder.load(place_of(builder, weights, place), align=4), permuted(
                        builder, line, near, chosen
                    )

                total = builder.fmul(*term(kind(0)))
                for k in range(1, known):
                    total = fused(builder, *term(kind(k)), total)
                if not known:
                    sums = cgutils.alloca_once_value(builder, total)
                    with cgutils.for_range_slice(builder, kind(1), taps, kind(1)) as (k, _):
                        builder.store(fused(builder, *term(k), builder.load(sums)), sums)
                    total = builder.load(sums)
                place = builder.add(at, builder.mul(builder.sub(b, first), kind(LANES)))
                builder.store(total, place_of(builder, ring, place), align=4)

        after, other = builder.append_basic_block("spread"), builder.append_basic_block("any taps")
        choice = builder.switch(taps, other)
        for known in (*UNROLLED, 0):
            block = builder.append_basic_block(f"taps {known}") if known else other
            if known:
                choice.add_case(kind(known), block)
            with builder.goto_block(block):
                blocks(known)
                builder.branch(after)
        builder.position_at_end(after)
        return context.get_dummy_value()

    whole = types.intp
    kinds = (line, whole, begins, which, lanes, weights, whole, whole, whole, whole, ring, whole)
    return types.void(*kinds), build


@intrinsic
def moved(typing, target, at, source, begin, count):
    """Copy numbers, and say whether all of them are finite."""

    def build(context, builder, signature, arguments):
        target, source = (base_of(context, builder, signature.args[n], arguments[n]) for n in (0, 2))
        at, begin, count = (arguments[n] for n in (1, 3, 4))
        kind = count.type
        zeros = ir.Constant(FLOATS, [0.0] * LANES)
        totals = [cgutils.alloca_once_value(builder, zeros) for _ in range(4)]
        single = cgutils.alloca_once_value(builder, FLOAT(0.0))
        whole = builder.and_(count, kind(-32))
        with cgutils.for_range_slice(builder, kind(0), whole, kind(32)) as (i, _):
            for n, total in enumerate(totals):
                offset = builder.add(i, kind(LANES * n))
                values = builder.load(place_of(builder, source, builder.add(begin, offset)), align=4)
                builder.store(values, place_of(builder, target, builder.add(at, offset)), align=4)
                # 0 · x is 0 for every number, NaN for the others.
                builder.store(fused(builder, zeros, values, builder.load(total)), total)
        with cgutils.for_range_slice(builder, whole, count, kind(1)) as (i, _):
            value = builder.load(builder.gep(source, [builder.add(begin, i)]))
            builder.store(value, builder.gep(target, [builder.add(at, i)]))
            builder.store(fused(builder, FLOAT(0.0), value, builder.load(single)), single)
        sums = [builder.load(total) for total in totals]
        total = builder.fadd(builder.fadd(sums[0], sums[1]), builder.fadd(sums[2], sums[3]))
        equal = builder.bitcast(builder.fcmp_ordered("==", total, zeros), ir.IntType(LANES))
        finite = builder.and_(
            builder.icmp_unsigned("==", equal, ir.IntType(LANES)((1 << LANES) - 1)),
            builder.fcmp_ordered("==", builder.load(single), FLOAT(0.0)),
        )
        return builder.zext(finite, context.get_value_type(types.boolean))

    whole = types.intp
    return types.boolean(target, whole, source, whole, whole), build
