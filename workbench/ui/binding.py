"""Subscriptions that end with their widget: a signal of the model never reaches what is deleted."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from psygnal import SignalInstance
from PySide6.QtCore import QObject


def bind(owner: QObject, signal: SignalInstance, call: Callable[..., Any]) -> None:
    """Call ``call`` at each emission of a model's signal, for as long as ``owner`` lives.

    Parameters
    ----------
    owner : QObject
        Usually the widget that subscribes; its constructor must have run.
    signal : psygnal.SignalInstance
    call : callable
        Takes the signal's arguments, or fewer.
    """
    _connect(signal, call)

    def release() -> None:
        signal.disconnect(call, missing_ok=True)

    owner.destroyed.connect(release)


def _connect(signal: SignalInstance, call: Callable[..., Any]) -> None:
    """Connect, with the number of arguments read from the code: psygnal inspects signatures, 0.3 ms each."""
    code = getattr(getattr(call, "__func__", call), "__code__", None)
    if code is None or code.co_kwonlyargcount:
        signal.connect(call)
    elif code.co_flags & inspect.CO_VARARGS:
        signal.connect(call, check_nargs=False)
    else:
        signal.connect(call, check_nargs=False, max_args=code.co_argcount - inspect.ismethod(call))
