"""A difference as a formula somebody types, ``abs(a - r) * 8``: parsed and computed here, never evaluated as code.

Convention
    ``a`` is the picture, ``r`` its reference, ``x`` the source pixel under it; ``pi`` and ``e`` are what they are.
    Comparisons give 1 or 0.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.kernels.errors import ParameterError

NAMES = {"a": "the picture", "r": "its reference", "x": "the source"}
_CONSTANTS = {"pi": math.pi, "e": math.e}
LONGEST = 400
_DEEPEST = 40

Values = npt.NDArray[Any] | float

_BINARY: dict[type[ast.operator], tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", np.divide),
    ast.Mod: ("%", np.mod),
    ast.Pow: ("**", np.power),
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


@dataclass(frozen=True, slots=True)
class _Function:
    """A function of the language: how many arguments it takes, and what it does."""

    least: int
    most: int
    call: Callable[..., Any]


def _folded(two: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    def call(first: Values, *others: Values) -> Any:
        for other in others:
            first = two(first, other)
        return first

    return call


FUNCTIONS: dict[str, _Function] = {
    "abs": _Function(1, 1, np.abs),
    "min": _Function(2, 8, _folded(np.minimum)),
    "max": _Function(2, 8, _folded(np.maximum)),
    "sqrt": _Function(1, 1, np.sqrt),
    "log": _Function(1, 1, np.log),
    "log2": _Function(1, 1, np.log2),
    "exp": _Function(1, 1, np.exp),
    "where": _Function(3, 3, lambda test, yes, no: np.where(np.asarray(test) != 0, yes, no)),
    "clip": _Function(3, 3, lambda value, low, high: np.minimum(np.maximum(value, low), high)),
}


@dataclass(frozen=True, slots=True)
class Expression:
    """A formula that has been understood.

    Parameters
    ----------
    text : str
        As it was typed.
    names : frozenset of str
        Which of a, r and x it asks for.
    signed : bool
        Whether it can be negative, so that its range lies on both sides of 0.
    """

    text: str
    names: frozenset[str]
    signed: bool
    _tree: ast.expr

    def evaluate(self, values: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[Any]:
        """The formula at every pixel.

        Parameters
        ----------
        values : mapping
            An array for each of `names`, and for ``a``, whose shape and dtype the answer has.
        """
        like = values["a"]
        with np.errstate(all="ignore"):
            found = _computed(self._tree, values)
        return np.array(np.broadcast_to(found, like.shape), like.dtype)


@lru_cache(maxsize=64)
def parse(text: str) -> Expression:
    """Understand a formula.

    Raises
    ------
    ParameterError
        If it is none; the sentence says what to change.
    """
    words = text.strip().replace("−", "-").replace("·", "*").replace("×", "*").replace("^", "**")
    if not words:
        raise _wrong("is empty: write for example abs(a - r) * 8")
    if len(words) > LONGEST:
        raise _wrong(f"must have at most {LONGEST} characters, not {len(words)}")
    try:
        tree = ast.parse(words, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        at = getattr(error, "offset", None)
        where = f" at character {at}" if at else ""
        raise _wrong(f"cannot be read{where}: check brackets and operators") from None
    names: set[str] = set()
    _check(tree, names, 0)
    return Expression(text, frozenset(names), not _never_negative(tree), tree)


def _wrong(problem: str) -> ParameterError:
    return ParameterError("expression", problem)


def _check(node: ast.expr, names: set[str], depth: int) -> None:
    """Refuse everything that is not on the lists, with a sentence that says what is."""
    if depth > _DEEPEST:
        raise _wrong("is nested too deeply: make it simpler")
    match node:
        case ast.Constant(value=bool() | complex() | str() | bytes() | None):
            raise _wrong(f"must hold plain numbers, not {ast.unparse(node)}")
        case ast.Constant(value=int() | float() as number):
            if not math.isfinite(number) or abs(number) > 1e300:
                raise _wrong("must hold finite numbers")
        case ast.Name(id=name):
            if name in FUNCTIONS:
                raise _wrong(f"needs brackets after {name}")
            if name not in NAMES and name not in _CONSTANTS:
                raise _wrong(f"knows no {name}: use a (the picture), r (its reference) or x (the source)")
            if name in NAMES:
                names.add(name)
        case ast.BinOp(left=left, op=op, right=right):
            if type(op) not in _BINARY:
                raise _wrong("must use + - * / % ** only")
            _check(left, names, depth + 1)
            _check(right, names, depth + 1)
        case ast.UnaryOp(op=ast.UAdd() | ast.USub(), operand=operand):
            _check(operand, names, depth + 1)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            if type(op) not in _COMPARISONS:
                raise _wrong("must compare by < <= > >= == != only")
            _check(left, names, depth + 1)
            _check(right, names, depth + 1)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            _check_call(name, args)
            for one in args:
                _check(one, names, depth + 1)
        case _:
            raise _wrong(f"must be made of numbers, a, r, x, operators and {', '.join(FUNCTIONS)}")


def _check_call(name: str, args: list[ast.expr]) -> None:
    function = FUNCTIONS.get(name)
    if function is None:
        raise _wrong(f"knows no function {name}: use {', '.join(FUNCTIONS)}")
    if not function.least <= len(args) <= function.most:
        count = str(function.least) if function.least == function.most else f"{function.least} … {function.most}"
        raise _wrong(f"{name} takes {count} argument{'' if count == '1' else 's'}, not {len(args)}")


def _computed(node: ast.expr, values: Mapping[str, npt.NDArray[Any]]) -> Any:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return _CONSTANTS[name] if name in _CONSTANTS else values[name]
        case ast.BinOp(left=left, op=op, right=right):
            return _BINARY[type(op)][1](_computed(left, values), _computed(right, values))
        case ast.UnaryOp(op=op, operand=operand):
            found = _computed(operand, values)
            return -found if isinstance(op, ast.USub) else found
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _COMPARISONS[type(op)](_computed(left, values), _computed(right, values)) * 1.0
        case ast.Call(func=ast.Name(id=name), args=args):
            return FUNCTIONS[name].call(*(_computed(one, values) for one in args))
    raise AssertionError(ast.dump(node))  # `_check` lets nothing else through


def _never_negative(node: ast.expr) -> bool:
    """Whether a formula is at least 0 whatever the pictures hold, as far as its form says so."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return number >= 0
        case ast.Name(id=name):
            return name in _CONSTANTS
        case ast.Compare():
            return True
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _never_negative(operand)
        case ast.BinOp(left=left, op=ast.Mult(), right=right) if ast.dump(left) == ast.dump(right):
            return True
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=int() as power)):
            return power % 2 == 0 or _never_negative(left)
        case ast.BinOp(left=left, op=ast.Pow()):
            return _never_negative(left)
        case ast.BinOp(left=left, op=ast.Add() | ast.Mult() | ast.Div(), right=right):
            return _never_negative(left) and _never_negative(right)
        case ast.Call(func=ast.Name(id="abs" | "sqrt" | "exp")):
            return True
        case ast.Call(func=ast.Name(id="max"), args=args):
            return any(map(_never_negative, args))
        case ast.Call(func=ast.Name(id="min"), args=args):
            return all(map(_never_negative, args))
        case ast.Call(func=ast.Name(id="where"), args=[_, yes, no]):
            return _never_negative(yes) and _never_negative(no)
        case ast.Call(func=ast.Name(id="clip"), args=[_, low, high]):
            return _never_negative(low) and _never_negative(high)
    return False
