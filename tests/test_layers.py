"""The layers point down: the contracts of import-linter in ``pyproject.toml``, run as a test."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_imports_point_down():
    # A process of its own: import-linter keeps the modules it read.
    program = "import sys; from importlinter.cli import lint_imports_command as run; run()"
    done = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_nothing_below_imports_the_entry_point():
    # import-linter knows packages only, and main.py is a module.
    guilty = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "workbench").rglob("*.py"))
        if re.search(r"^\s*(import main\b|from main import)", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]

    assert guilty == []
