"""Subscriptions that end with their widget: a signal of the model never reaches what is deleted."""

from __future__ import annotations

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
    signal.connect(call)

    def release() -> None:
        signal.disconnect(call, missing_ok=True)

    owner.destroyed.connect(release)
