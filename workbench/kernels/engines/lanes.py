"""Eight numbers at a time: the vector arithmetic that the loops of the `numba` engine are written in.

Compilers vectorise by guess, and a guess changes the rounding from one place of a picture to the next. Here every
lane does what a single number would do, in the same order, so that a pixel has the same bits in every window.

Imports numba; imported only by `sums` and `loops`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numba
from llvmlite import binding, ir
from numba.core import cgutils, types
from numba.core.codegen import get_host_cpu_features
from numba.extending import intrinsic, models, register_model

from workbench.kernels.engines.numba_cache import folder, usable

_CONFIG: Any = numba.config
KEEPS = bool(_CONFIG.CACHE_DIR) or usable()
"""Whether the disk keeps what is compiled."""

if KEEPS and not _CONFIG.CACHE_DIR:  # read when the first loop is declared, after this
    _CONFIG.CACHE_DIR = str(folder())
# What is to be done at once is written out; looking for more takes the compiler half as long again.
_CONFIG.LOOP_VECTORIZE = 0

LANES = 8

FLOAT, INT = ir.FloatType(), ir.IntType(32)
FLOATS, INTS = ir.VectorType(FLOAT, LANES), ir.VectorType(INT, LANES)
# What the compiler is told of this machine, or of another by NUMBA_CPU_NAME; empty without any extension.
_HAS = (get_host_cpu_features() if _CONFIG.CPU_FEATURES is None else _CONFIG.CPU_FEATURES).split(",")
_PERMUTES, _FUSES = "+avx2" in _HAS, "+fma" in _HAS or not binding.get_default_triple().startswith("x86")


class _Lanes(types.Type):
    """The numba type of eight float32."""

    def __init__(self) -> None:
        super().__init__(name="Lanes")


LANES_TYPE = _Lanes()


@register_model(_Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, FLOATS)


def base_of(context: Any, builder: Any, kind: Any, array: Any) -> Any:
    """Pointer to the first number of a line."""
    return context.make_array(kind)(context, builder, array).data


def place_of(builder: Any, data: Any, index: Any, lanes: ir.Type = FLOATS) -> Any:
    """Pointer to eight neighbours in a line."""
    return builder.bitcast(builder.gep(data, [index]), lanes.as_pointer())


def _place(context: Any, builder: Any, kind: Any, array: Any, index: Any, lanes: ir.Type) -> Any:
    return place_of(builder, base_of(context, builder, kind, array), index, lanes)


def fused(builder: Any, weight: Any, value: Any, total: Any) -> Any:
    """weight · value + total, rounded once where the machine can."""
    if not _FUSES:
        return builder.fadd(builder.fmul(weight, value), total)
    kind = weight.type
    name = "llvm.fma.v8f32" if isinstance(kind, ir.VectorType) else "llvm.fma.f32"
    function = builder.module.declare_intrinsic(name, fnty=ir.FunctionType(kind, [kind] * 3))
    return builder.call(function, [weight, value, total])


def permuted(builder: Any, line: Any, index: Any, chosen: Any) -> Any:
    """The chosen ones of eight neighbours."""
    if _PERMUTES:
        near = builder.load(place_of(builder, line, index), align=4)
        permute = builder.module.declare_intrinsic("llvm.x86.avx2.permps", fnty=ir.FunctionType(FLOATS, [FLOATS, INTS]))
        return builder.call(permute, [near, chosen])
    start, found = builder.gep(line, [index]), ir.Constant(FLOATS, ir.Undefined)
    for n in range(LANES):
        lane = ir.Constant(INT, n)
        offset = builder.zext(builder.extract_element(chosen, lane), index.type)
        found = builder.insert_element(found, builder.load(builder.gep(start, [offset])), lane)
    return found


def spread(builder: Any, value: Any) -> Any:
    """One number in all lanes."""
    nothing = ir.Constant(ir.VectorType(value.type, LANES), ir.Undefined)
    return builder.shuffle_vector(
        builder.insert_element(nothing, value, INT(0)), nothing, ir.Constant(INTS, [0] * LANES)
    )


def passing(builder: Any, values: Any, place: Any, align: int = 32) -> None:
    """Store a vector past the caches."""
    stored = builder.store(values, place, align=align)
    stored.set_metadata("nontemporal", builder.module.add_metadata([INT(1)]))


def written(builder: Any, data: Any, at: Any, values: list[Any], past: Any) -> None:
    """Store vectors one behind the other; past the caches where so wished, then to a multiple of 32 bytes."""
    with builder.if_else(past) as branches:
        for branch, beyond in zip(branches, (True, False), strict=True):
            with branch:
                for n, value in enumerate(values):
                    place = place_of(builder, data, builder.add(at, at.type(LANES * n)))
                    if beyond:
                        passing(builder, value, place)
                    else:
                        builder.store(value, place, align=4)


@dataclass
class Looped:
    """What a loop carries: its index, totals as they stand, and what they become."""

    index: Any
    totals: list[Any]
    made: list[Any] = field(default_factory=list)


@contextmanager
def looped(builder: Any, begin: Any, end: Any, step: int, totals: Sequence[Any] = ()) -> Iterator[Looped]:
    """A loop below ``end`` that the compiler leaves as it is; its index and totals hold their last values behind it."""
    before = builder.block
    head, body, done = (builder.append_basic_block(name) for name in ("head", "body", "done"))
    builder.branch(head)
    builder.position_at_end(head)
    loop = Looped(builder.phi(begin.type), [builder.phi(total.type) for total in totals])
    carried = [loop.index, *loop.totals]
    for phi, value in zip(carried, [begin, *totals], strict=True):
        phi.add_incoming(value, before)
    builder.cbranch(builder.icmp_signed("<", loop.index, end), body, done)
    builder.position_at_end(body)
    yield loop
    following = [builder.add(loop.index, begin.type(step)), *loop.made]
    for phi, value in zip(carried, following, strict=True):
        phi.add_incoming(value, builder.block)
    once = builder.module.add_metadata(["llvm.loop.unroll.disable"])
    itself = ir.MDValue(builder.module, [once], str(len(builder.module.metadata)))
    itself.operands = (itself, once)
    builder.branch(head).set_metadata("llvm.loop", itself)
    builder.position_at_end(done)


@intrinsic
def load(typing, array, index):
    """Eight neighbours of a line, from ``index`` on."""

    def build(context, builder, signature, arguments):
        place = _place(context, builder, signature.args[0], *arguments, FLOATS)
        return builder.load(place, align=4)

    return LANES_TYPE(array, types.intp), build


@intrinsic
def store(typing, array, index, values):
    """Write eight neighbours of a line."""

    def build(context, builder, signature, arguments):
        place = _place(context, builder, signature.args[0], *arguments[:2], FLOATS)
        builder.store(arguments[2], place, align=4)
        return context.get_dummy_value()

    return types.void(array, types.intp, LANES_TYPE), build


@intrinsic
def get(typing, array, index):
    """One number of a line; an index below 0 is not counted from the end, which would forbid fast loops."""

    def build(context, builder, signature, arguments):
        made = context.make_array(signature.args[0])(context, builder, arguments[0])
        return builder.load(builder.gep(made.data, [arguments[1]]))

    return array.dtype(array, types.intp), build


@intrinsic
def put(typing, array, index, value):
    """Write one number of a line."""

    def build(context, builder, signature, arguments):
        made = context.make_array(signature.args[0])(context, builder, arguments[0])
        builder.store(arguments[2], builder.gep(made.data, [arguments[1]]))
        return context.get_dummy_value()

    return types.void(array, types.intp, array.dtype), build


@intrinsic
def store_past(typing, array, index, values):
    """Write eight neighbours past the caches, to a multiple of 16 bytes."""

    def build(context, builder, signature, arguments):
        place = _place(context, builder, signature.args[0], *arguments[:2], FLOATS)
        passing(builder, arguments[2], place, 16)
        return context.get_dummy_value()

    return types.void(array, types.intp, LANES_TYPE), build


@intrinsic
def wanted(typing, array, index):
    """Ask for the line of the cache that is soon written to."""

    def build(context, builder, signature, arguments):
        place = builder.gep(base_of(context, builder, signature.args[0], arguments[0]), [arguments[1]])
        kind = ir.IntType(8).as_pointer()
        name, form = "llvm.prefetch.p0i8", ir.FunctionType(ir.VoidType(), [kind, INT, INT, INT])
        fetch = cgutils.get_or_insert_function(builder.module, form, name)
        builder.call(fetch, [builder.bitcast(place, kind), INT(1), INT(3), INT(1)])
        return context.get_dummy_value()

    return types.void(array, types.intp), build


@intrinsic
def lane_of(typing, values, lane):
    """One of eight numbers."""

    def build(context, builder, signature, arguments):
        return builder.extract_element(arguments[0], builder.trunc(arguments[1], INT))

    return types.float32(values, types.intp), build


@intrinsic
def picked(typing, line, index, lanes, at):
    """``line[index + lanes[at + n]]`` for n = 0 … 7, all of ``lanes`` in 0 … 7."""

    def build(context, builder, signature, arguments):
        line, lanes = (base_of(context, builder, signature.args[n], arguments[n]) for n in (0, 2))
        chosen = builder.load(place_of(builder, lanes, arguments[3], INTS), align=4)
        return permuted(builder, line, arguments[1], chosen)

    return LANES_TYPE(line, types.intp, lanes, types.intp), build


@intrinsic
def times(typing, weight, value):
    """Lane by lane weight · value."""

    def build(context, builder, signature, arguments):
        return builder.fmul(*arguments)

    return LANES_TYPE(LANES_TYPE, LANES_TYPE), build


@intrinsic
def plus(typing, total, weight, value):
    """total + weight · value, for lanes or for single numbers: the same bits."""

    def build(context, builder, signature, arguments):
        return fused(builder, arguments[1], arguments[2], arguments[0])

    kind = LANES_TYPE if total is LANES_TYPE else types.float32
    return kind(kind, kind, kind), build


@intrinsic
def address(typing, array):
    """Where a line begins in memory."""

    def build(context, builder, signature, arguments):
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        return builder.ptrtoint(data, ir.IntType(64))

    return types.uint64(array), build
