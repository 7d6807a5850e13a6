"""Set-up that must come before Qt, and what every test may use."""

from __future__ import annotations

import importlib
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("WORKBENCH_ENGINE", "blas")  # a window opened here compiles nothing behind the tests' back

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("suite", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Where Qt cannot load, pytest-qt would end the whole run; without it, only the tests of the window are skipped."""
    try:
        for name in ("QtGui", "QtWidgets", "QtTest"):
            importlib.import_module(f"PySide6.{name}")
    except ImportError:
        config.pluginmanager.unregister(name="pytest-qt")
