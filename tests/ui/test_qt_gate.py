"""Where Qt cannot be loaded the tests of the window are skipped, and say which library is missing."""

from __future__ import annotations

import pytest

from tests.ui.conftest import MISSING


def test_qt_can_be_loaded() -> None:
    if MISSING:
        pytest.skip(f"no window tests: {MISSING}")

    assert MISSING is None
