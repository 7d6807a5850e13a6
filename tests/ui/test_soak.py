"""Some seconds of work leave the process as large as it was, and it ends as it should."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS = 25
MOST_GROWTH = 5.0
MOST_OBJECTS = 1000
"""One window that is not forgotten is some four thousand."""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the size of a process is read from /proc")
def test_a_person_at_work_for_25_seconds_leaves_nothing_behind():
    words = [sys.executable, "-m", "tests.ui.soak", str(SECONDS)]
    done = subprocess.run(words, capture_output=True, text=True, cwd=Path(__file__).parents[2], timeout=180)

    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["events"] > 1000
    assert found["grown"] < MOST_GROWTH, found
    assert found["objects"] < MOST_OBJECTS, found
