"""Eight numbers at a time: the vector arithmetic that the loops of the `numba` engine are written in.

Compilers vectorise by guess, and a guess changes the rounding from one place of a picture to the next. Here every
lane does what a single number would do, in the same order, so that a pixel has the same bits in every window.

Imports numba; imported only by `sums` and `loops`.
"""

from __future__ import annotations

from typing import Any

import numba
from llvmlite import binding, ir
from numba.core import types
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
