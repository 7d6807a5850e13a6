"""Engines evaluate tables: replaceable, equal on every method, different in speed only."""

from __future__ import annotations

from functools import cache

from workbench.kernels.engines.base import Engine
from workbench.kernels.engines.blas import BlasEngine
from workbench.kernels.engines.gather import GatherEngine

__all__ = ["BlasEngine", "Engine", "GatherEngine", "default_engine"]


@cache
def default_engine() -> Engine:
    """The engine that is used where nobody asks for another."""
    return BlasEngine()
