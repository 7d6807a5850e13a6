"""Eight numbers at a time: the vector arithmetic that the loops of the `numba` engine are written in.

Compilers vectorise by guess, and a guess changes the rounding from one place of a picture to the next. Here every
lane does what a single number would do, in the same order, so that a pixel has the same bits in every window.

Imports numba; imported only by `loops`.
"""

from __future__ import annotations

from typing import Any

from llvmlite import binding, ir
from numba.core import types
from numba.extending import intrinsic, models, register_model

LANES = 8

_FLOAT, _INT = ir.FloatType(), ir.IntType(32)
_FLOATS, _INTS = ir.VectorType(_FLOAT, LANES), ir.VectorType(_INT, LANES)
_HOST: dict[str, bool] = dict(binding.get_host_cpu_features())
_PERMUTES, _FUSES = (
    _HOST.get("avx2", False),
    _HOST.get("fma", False) or not binding.get_default_triple().startswith("x86"),
)


class _Lanes(types.Type):
    """The numba type of eight float32."""

    def __init__(self) -> None:
        super().__init__(name="Lanes")


LANES_TYPE = _Lanes()


@register_model(_Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _FLOATS)


def _place(context: Any, builder: Any, kind: Any, array: Any, index: Any, lanes: ir.Type) -> Any:
    """Pointer to eight neighbours in a line of numbers."""
    made = context.make_array(kind)(context, builder, array)
    return builder.bitcast(builder.gep(made.data, [index]), lanes.as_pointer())


def _fused(builder: Any, weight: Any, value: Any, total: Any) -> Any:
    """weight · value + total, rounded once where the machine can."""
    if not _FUSES:
        return builder.fadd(builder.fmul(weight, value), total)
    kind = weight.type
    name = "llvm.fma.v8f32" if isinstance(kind, ir.VectorType) else "llvm.fma.f32"
    function = builder.module.declare_intrinsic(name, fnty=ir.FunctionType(kind, [kind] * 3))
    return builder.call(function, [weight, value, total])


@intrinsic
def load(typing, array, index):
    """Eight neighbours of a line, from ``index`` on."""

    def build(context, builder, signature, arguments):
        place = _place(context, builder, signature.args[0], *arguments, _FLOATS)
        return builder.load(place, align=4)

    return LANES_TYPE(array, types.intp), build


@intrinsic
def store(typing, array, index, values):
    """Write eight neighbours of a line."""

    def build(context, builder, signature, arguments):
        place = _place(context, builder, signature.args[0], *arguments[:2], _FLOATS)
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
def stream(typing, array, index, values):
    """Write eight neighbours past the caches, as nobody will read them soon; to a multiple of 32 bytes."""

    def build(context, builder, signature, arguments):
        place = _place(context, builder, signature.args[0], *arguments[:2], _FLOATS)
        written = builder.store(arguments[2], place, align=32)
        written.set_metadata("nontemporal", builder.module.add_metadata([ir.Constant(_INT, 1)]))
        return context.get_dummy_value()

    return types.void(array, types.intp, LANES_TYPE), build


@intrinsic
def picked(typing, line, index, lanes, at):
    """``line[index + lanes[at + n]]`` for n = 0 … 7, all of ``lanes`` in 0 … 7."""

    def build(context, builder, signature, arguments):
        line, index, lanes, at = arguments
        chosen = builder.load(_place(context, builder, signature.args[2], lanes, at, _INTS), align=4)
        if _PERMUTES:
            near = builder.load(_place(context, builder, signature.args[0], line, index, _FLOATS), align=4)
            kind = ir.FunctionType(_FLOATS, [_FLOATS, _INTS])
            permute = builder.module.declare_intrinsic("llvm.x86.avx2.permps", fnty=kind)
            return builder.call(permute, [near, chosen])
        start = builder.gep(context.make_array(signature.args[0])(context, builder, line).data, [index])
        found = ir.Constant(_FLOATS, ir.Undefined)
        for n in range(LANES):
            lane = ir.Constant(_INT, n)
            offset = builder.zext(builder.extract_element(chosen, lane), index.type)
            found = builder.insert_element(found, builder.load(builder.gep(start, [offset])), lane)
        return found

    return LANES_TYPE(line, types.intp, lanes, types.intp), build


@intrinsic
def splat(typing, value):
    """Eight times the same number."""

    def build(context, builder, signature, arguments):
        single = builder.insert_element(ir.Constant(_FLOATS, ir.Undefined), arguments[0], ir.Constant(_INT, 0))
        zeros = ir.Constant(_INTS, [0] * LANES)
        return builder.shuffle_vector(single, ir.Constant(_FLOATS, ir.Undefined), zeros)

    return LANES_TYPE(types.float32), build


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
        return _fused(builder, arguments[1], arguments[2], arguments[0])

    kind = LANES_TYPE if total is LANES_TYPE else types.float32
    return kind(kind, kind, kind), build


@intrinsic
def address(typing, array):
    """Where a line begins in memory."""

    def build(context, builder, signature, arguments):
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        return builder.ptrtoint(data, ir.IntType(64))

    return types.uint64(array), build
