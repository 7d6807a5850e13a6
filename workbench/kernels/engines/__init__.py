"""Engines evaluate tables: replaceable, equal on every method, different in speed only."""

from __future__ import annotations

from workbench.kernels.engines.base import Engine
from workbench.kernels.engines.blas import BlasEngine
from workbench.kernels.engines.choice import default_engine, speed_up
from workbench.kernels.engines.gather import GatherEngine

__all__ = ["BlasEngine", "Engine", "GatherEngine", "default_engine", "speed_up"]
