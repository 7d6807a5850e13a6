"""The innermost loops of the `numba` engine: weighted sums of rows, and lines spread across.

Written as instructions for the compiler, because it would not see by itself what may be done at once. Each lane
does what a single number would do, in the same order.

Imports numba; imported only by `loops`.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from workbench.kernels.engines.lanes import (
    FLOAT,
    FLOATS,
    INTS,
    LANES,
    LANES_TYPE,
    base_of,
    fused,
    looped,
    permuted,
    place_of,
    spread,
    written,
)

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

            def terms_of(term):
                starts = [builder.add(base, builder.mul(terms, terms.type(row))) for row in range(rows)]
                near = builder.add(builder.load(builder.gep(places, [builder.add(first, term)])), index)
                loads = [place_of(builder, line, builder.add(near, terms.type(LANES * n))) for n in range(wide)]
                values = [builder.load(place, align=4) for place in loads]
                factors = [builder.load(builder.gep(weights, [builder.add(start, term)])) for start in starts]
                return [(spread(builder, factor), value) for factor in factors for value in values]

            totals = [builder.fmul(*pair) for pair in terms_of(zero)]
            with looped(builder, one, terms, 1, totals) as loop:
                pairs = zip(terms_of(loop.index), loop.totals, strict=True)
                loop.made = [fused(builder, *pair, total) for pair, total in pairs]
            return cgutils.pack_array(builder, loop.totals)

        kind = types.UniTuple(LANES_TYPE, rows * wide)
        whole = types.intp
        return kind(line, places, whole, weights, whole, whole, whole), build

    return summed


summed_double, summed_wide, summed_pair, summed_four = _summed(1, 2), _summed(1, 4), _summed(2, 4), _summed(4, 2)
"""Σ_t weights[base + t] · line[places[first + t] + index …] for vectors side by side.

The second and the following rows of weights lie ``terms`` behind each other: vectors of the first row come first.
"""


def _laid(rows: int) -> Any:
    """The intrinsic for some neighbouring rows of the result."""

    @intrinsic
    def lay(typing, array, index, pitch, values, past):
        def build(context, builder, signature, arguments):
            data = base_of(context, builder, signature.args[0], arguments[0])
            index, pitch = arguments[1], arguments[2]
            vectors = cgutils.unpack_tuple(builder, arguments[3], values.count)
            wide = values.count // rows
            past = builder.trunc(arguments[4], ir.IntType(1))
            for row in range(rows):
                at = builder.add(index, builder.mul(pitch, pitch.type(row)))
                written(builder, data, at, vectors[row * wide : (row + 1) * wide], past)
            return context.get_dummy_value()

        return types.void(array, types.intp, types.intp, values, types.boolean), build

    return lay


lay, lay_pair, lay_four = _laid(1), _laid(2), _laid(4)
"""Store what `summed` made to rows ``pitch`` apart; past the caches if so wished, then to multiples of 32 bytes."""


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
            with looped(builder, first, last, 1) as loop:
                b = loop.index
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
                    with looped(builder, kind(1), taps, 1, [total]) as sums:
                        sums.made = [fused(builder, *term(sums.index), sums.totals[0])]
                    total = sums.totals[0]
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
        with looped(builder, kind(0), builder.and_(count, kind(-4 * LANES)), 4 * LANES, [zeros] * 4) as loop:
            for n, total in enumerate(loop.totals):
                offset = builder.add(loop.index, kind(LANES * n))
                values = builder.load(place_of(builder, source, builder.add(begin, offset)), align=4)
                builder.store(values, place_of(builder, target, builder.add(at, offset)), align=4)
                # 0 · x is 0 for every number, NaN for the others.
                loop.made.append(fused(builder, zeros, values, total))
        with looped(builder, loop.index, count, 1, [FLOAT(0.0)]) as rest:
            value = builder.load(builder.gep(source, [builder.add(begin, rest.index)]))
            builder.store(value, builder.gep(target, [builder.add(at, rest.index)]))
            rest.made = [fused(builder, FLOAT(0.0), value, rest.totals[0])]
        sums, single = loop.totals, rest.totals[0]
        total = builder.fadd(builder.fadd(sums[0], sums[1]), builder.fadd(sums[2], sums[3]))
        equal = builder.bitcast(builder.fcmp_ordered("==", total, zeros), ir.IntType(LANES))
        finite = builder.and_(
            builder.icmp_unsigned("==", equal, ir.IntType(LANES)((1 << LANES) - 1)),
            builder.fcmp_ordered("==", single, FLOAT(0.0)),
        )
        return builder.zext(finite, context.get_value_type(types.boolean))

    whole = types.intp
    return types.boolean(target, whole, source, whole, whole), build
